//! What the thing under the cursor is, and where it is defined.

use super::Project;
use super::cursor::{Role, unquoted};
use super::describe;
use super::names::Lookup;
use super::occurrences;
use super::place::{flat, place, scalars};
use crate::grammar::Kind;
use crate::source::{FileId, Span};

/// What is known of the thing under the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// The thing.
    pub span: Span,
    /// What it is, in Markdown.
    pub text: String,
}

/// What stands at `offset`: a key of the language, a word of it, a name of the schema or of PostgreSQL.
pub fn hover(project: &Project<'_>, file: FileId, offset: u32) -> Option<Hover> {
    let source = project.sources.get(file)?;
    let place = place(file, &source.text, offset as usize)?;
    let lookup = Lookup::new(project);
    if let Some((span, symbol)) = occurrences::at(&lookup, &place, offset) {
        return Some(Hover { span, text: describe::symbol(&lookup, symbol) });
    }
    let span = place.span();
    let word = unquoted(source.text.get(place.cursor.word.clone())?);
    let text = match place.cursor.role {
        Role::Key => flat(&place.expects).into_iter().find_map(|expect| match expect.kind {
            Kind::Record(record) => record.key(word).map(describe::key),
            _ => None,
        }),
        Role::Value => scalars(&place.expects).into_iter().find_map(|expect| match expect.kind {
            Kind::Word(words) => words.iter().find(|known| known.text == word).map(describe::word),
            _ => None,
        }),
        Role::NewKey | Role::Start => None,
    }?;
    Some(Hover { span, text })
}

/// Where the thing at `offset` is defined: its name there. None for what comes with PostgreSQL or the
/// platform.
pub fn definition(project: &Project<'_>, file: FileId, offset: u32) -> Option<Span> {
    let source = project.sources.get(file)?;
    let place = place(file, &source.text, offset as usize)?;
    let lookup = Lookup::new(project);
    let (_, symbol) = occurrences::at(&lookup, &place, offset)?;
    lookup.definition(symbol)
}
