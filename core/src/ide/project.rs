//! What the features read: texts, trees and meaning.
//!
//! In: a workspace. Out: a [`Project`], lent to a question. Where someone types at the moment, and that
//! keeps the file from being read, the project is what it would be without what is being typed.

use std::ops::Range;
use std::sync::Arc;

use super::scan::cursor;
use crate::diagnostic::{Code, Diagnostics};
use crate::resolve::{self, ResolveOptions, Resolved};
use crate::schema::ObjectId;
use crate::source::{FileId, Source, Sources, Span};
use crate::syntax::{self, Node};
use crate::{Workspace, grammar};

/// What the features read.
#[derive(Debug)]
pub struct Project<'a> {
    /// The texts.
    pub sources: &'a Sources,
    /// Their trees, in the same order.
    pub trees: Vec<&'a Node>,
    /// What they mean; has holes where there are errors.
    pub resolved: &'a Resolved,
}

impl Project<'_> {
    /// Every object of the schema. What is written in the same place as another object comes before
    /// the one that the place is known for.
    pub(crate) fn objects(&self) -> Vec<ObjectId> {
        let schema = &self.resolved.schema;
        let mut all: Vec<ObjectId> = Vec::new();
        all.extend(schema.namespaces.ids().map(ObjectId::Namespace));
        for (id, table) in schema.tables.iter() {
            all.extend((0..table.constraints.len() as u32).map(|at| ObjectId::Constraint(id, at)));
            all.extend((0..table.indexes.len() as u32).map(|at| ObjectId::Index(id, at)));
            all.extend((0..table.columns.len() as u32).map(|at| ObjectId::Column(id, at)));
        }
        for (id, view) in schema.views.iter() {
            all.extend((0..view.indexes.len() as u32).map(|at| ObjectId::ViewIndex(id, at)));
        }
        for (id, labels) in schema.enums.iter() {
            all.extend((0..labels.values.len() as u32).map(|at| ObjectId::EnumLabel(id, at)));
        }
        all.extend(schema.extensions.ids().map(ObjectId::Extension));
        all.extend(schema.roles.ids().map(ObjectId::Role));
        all.extend(schema.grants.ids().map(ObjectId::Grant));
        all.extend(schema.publications.ids().map(ObjectId::Publication));
        all.extend(schema.triggers.ids().map(ObjectId::Trigger));
        all.extend(schema.policies.ids().map(ObjectId::Policy));
        all.extend(schema.functions.ids().map(ObjectId::Function));
        all.extend(schema.sequences.ids().map(ObjectId::Sequence));
        all.extend(schema.enums.ids().map(ObjectId::Enum));
        all.extend(schema.domains.ids().map(ObjectId::Domain));
        all.extend(schema.composites.ids().map(ObjectId::Composite));
        all.extend(schema.views.ids().map(ObjectId::View));
        all.extend(schema.tables.ids().map(ObjectId::Table));
        all
    }
}

/// Asks about the sources as they stand.
pub fn ask<T>(
    workspace: &mut Workspace,
    options: &ResolveOptions,
    question: impl FnOnce(&Project<'_>) -> T,
) -> T {
    let analysis = workspace.analyze(options);
    let sources = workspace.sources().clone();
    let trees = workspace.trees();
    question(&Project { sources: &sources, trees, resolved: &analysis.resolved })
}

/// Asks about the sources as someone types at `offset` of `file`.
pub fn ask_typing<T>(
    workspace: &mut Workspace,
    options: &ResolveOptions,
    file: FileId,
    offset: u32,
    question: impl FnOnce(&Project<'_>) -> T,
) -> T {
    ask_mended(workspace, options, file, |text, _| mended(text, offset), question)
}

/// Asks about all of `file`, as far as it can be read: where someone types is guessed by what is wrong.
pub fn ask_whole<T>(
    workspace: &mut Workspace,
    options: &ResolveOptions,
    file: FileId,
    question: impl FnOnce(&Project<'_>) -> T,
) -> T {
    let mend = |text: &str, wrong: Span| {
        let before = text.get(..wrong.start as usize).unwrap_or_default();
        // Often it is only the next line that shows that something is missing in one before.
        let lines = before.trim_end().rmatch_indices('\n').map(|(at, _)| at);
        let ends = std::iter::once(before.trim_end().len()).chain(lines).take(LINES_BEFORE);
        let places = [wrong.end, wrong.start].into_iter().chain(ends.map(|at| at as u32));
        let tries = places.map(|offset| mended(text, offset));
        let line = std::iter::once_with(|| without_line(text, wrong.start as usize));
        tries.chain(line).flatten().find(|text| is_readable(file, text))
    };
    ask_mended(workspace, options, file, mend, question)
}

/// How many lines before a mistake are taken for its cause, one after the other.
const LINES_BEFORE: usize = 3;

fn is_readable(file: FileId, text: &str) -> bool {
    let findings = syntax::read(file, &Source::new("", text)).findings;
    findings.iter().all(|found| found.code != Code::YamlSyntax)
}

/// Asks about the sources, of which `file` is as `mend` makes it where it cannot be read: of its text, and
/// the first place that is wrong.
fn ask_mended<T>(
    workspace: &mut Workspace,
    options: &ResolveOptions,
    file: FileId,
    mend: impl FnOnce(&str, Span) -> Option<String>,
    question: impl FnOnce(&Project<'_>) -> T,
) -> T {
    let analysis = workspace.analyze(options);
    let sources = workspace.sources().clone();
    let places = analysis.findings.iter().filter(|it| it.code == Code::YamlSyntax);
    let wrong = places.map(|it| it.primary.span).find(|span| span.file == file);
    let source = sources.get(file);
    let mended = wrong.zip(source).and_then(|(wrong, source)| mend(&source.text, wrong));
    let Some(text) = mended else {
        let trees = workspace.trees();
        return question(&Project { sources: &sources, trees, resolved: &analysis.resolved });
    };
    let mut sink = Diagnostics::new();
    let tree = syntax::read(file, &Source::new("", text)).tree;
    let mut document = workspace.document();
    if let Some(definition) = document.files.get_mut(file.index()) {
        *definition = Arc::new(grammar::decode(&sources, &tree, &mut sink));
    }
    let resolved =
        resolve::resolve(&sources, document, options, &mut resolve::Memory::default(), &mut sink);
    let mut trees = workspace.trees();
    if let Some(slot) = trees.get_mut(file.index()) {
        *slot = &tree;
    }
    question(&Project { sources: &sources, trees, resolved: &resolved })
}

/// `text` with what is being typed at `offset` blanked out, byte for byte, so that the rest can be
/// read and no place moves. `None` where nothing there keeps it from being read.
fn mended(text: &str, offset: u32) -> Option<String> {
    let cursor = cursor(text, offset as usize)?;
    blanked(text, cursor.broken.filter(|broken| !broken.is_empty())?)
}

/// `text` without the line of `offset`.
fn without_line(text: &str, offset: usize) -> Option<String> {
    let start = text.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let end = text.get(offset..)?.find('\n').map_or(text.len(), |at| offset + at);
    blanked(text, start..end)
}

fn blanked(text: &str, range: Range<usize>) -> Option<String> {
    let blank = |byte: u8| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' };
    let blanks: String = text.get(range.clone())?.bytes().map(blank).collect();
    Some(format!("{}{blanks}{}", text.get(..range.start)?, text.get(range.end..)?))
}
