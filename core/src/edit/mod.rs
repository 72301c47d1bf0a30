//! Edits of schema files that keep everything else as it is: comments, layout, quotes, line ends. And
//! the formatter.
//!
//! In: sources, what they mean, and an [`Intent`]. Out: the new text of one file, or the reason why
//! there is none. A new text is never given away unless it reads back as the old one and the addition.
//! Decides nothing about whether the schema is right.

mod errors;
mod format;
#[cfg(test)]
mod format_tests;
mod habits;
mod insert;
mod intent;
mod lexer;
#[cfg(test)]
mod tests;
mod value;

pub use format::format;
pub use intent::{ColumnDraft, IndexDraft, Intent, PolicyDraft, RelationDraft};

use crate::CompileOptions;
use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Source, Sources, Span};
use crate::syntax;
use crate::workspace::Workspace;

/// What adding something to a schema gives.
#[derive(Debug, Clone, Default)]
pub struct Revision {
    /// The sources with the addition; as they were where it was refused before it was written.
    pub sources: Sources,
    /// The file that changed; none where the addition was refused.
    pub changed: Option<FileId>,
    /// Why it was refused, or what the compiler newly says of the sources with it.
    pub diagnostics: Diagnostics,
}

/// Adds what `intent` says to the sources, and keeps everything else as it is written. A new section or
/// object goes into `file`, else to its like, else into the first file.
///
/// Refused where what it builds on is missing (`unknown-table`, …), where it exists already
/// (`duplicate-object`), where its place cannot be written to (`not-editable`), and where it brings any
/// error that was not there before.
pub fn revise(
    sources: &Sources,
    options: &CompileOptions,
    intent: &Intent,
    file: Option<FileId>,
) -> Revision {
    let refused = |diagnostics: Diagnostics| Revision {
        sources: sources.clone(),
        changed: None,
        diagnostics: diagnostics.finish(),
    };
    let mut broken = Diagnostics::new();
    let mut trees = Vec::new();
    for (file, source) in sources.iter() {
        let syntax::Reading { tree, findings, .. } = syntax::read(file, source);
        broken.extend(findings);
        trees.push((file, tree));
    }
    if broken.has_errors() {
        return refused(broken);
    }
    let mut workspace = Workspace::new(sources.clone());
    let before = workspace.check(options);
    let analysis = workspace.analyze(&options.resolve);
    let reader = intent::Reader { sources, trees: &trees, resolved: &analysis.resolved, file };
    let planned = reader.plan(intent).and_then(|(file, changes)| {
        let text = sources.get(file).map(|source| source.text.to_string()).unwrap_or_default();
        let whole = Span::new(file, 0..0);
        let new = changes.iter().try_fold(text, |text, change| insert::apply(&text, change));
        new.map(|text| (file, text)).ok_or_else(|| errors::not_editable(whole))
    });
    let (file, text) = match planned {
        Ok(planned) => planned,
        Err(refusal) => {
            let mut diagnostics = Diagnostics::new();
            diagnostics.push(*refusal);
            return refused(diagnostics);
        }
    };
    let mut sources = sources.clone();
    if let Some(source) = sources.get(file).cloned() {
        sources.replace(file, Source { text: text.into(), ..source });
    }
    workspace.update(sources.clone());
    let mut known: Vec<_> = before.iter().map(|found| (found.code, &found.message)).collect();
    let mut diagnostics = Diagnostics::new();
    for found in workspace.check(options) {
        match known.iter().position(|known| *known == (found.code, &found.message)) {
            Some(at) => drop(known.swap_remove(at)),
            None => diagnostics.push(found),
        }
    }
    let changed = (!diagnostics.has_errors()).then_some(file);
    Revision { sources, changed, diagnostics }
}
