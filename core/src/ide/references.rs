//! Everywhere a thing is named.

use super::Project;
use super::names::{Identity, Lookup, Meaning};
use super::occurrences::{self, Occurrence};
use super::place::place;
use crate::source::{FileId, Span};

/// A place that names a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The name.
    pub span: Span,
    /// Whether the thing is defined here.
    pub definition: bool,
}

/// Everywhere the thing at `offset` is named, its definition among them, in the order of the files: in
/// keys and values, and inside SQL. Empty where nothing is named at `offset`.
pub fn references(project: &Project<'_>, file: FileId, offset: u32) -> Vec<Reference> {
    let Some(source) = project.sources.get(file) else { return Vec::new() };
    let Some(place) = place(file, &source.text, offset as usize) else { return Vec::new() };
    let lookup = Lookup::new(project);
    let Some((_, symbol)) = occurrences::at(&lookup, &place, offset) else { return Vec::new() };
    let Some(wanted) = lookup.identity(symbol) else { return Vec::new() };
    let mut found: Vec<Reference> = occurrences::all(&lookup)
        .into_iter()
        .filter(|occurrence| is(&lookup, occurrence, wanted))
        .map(|occurrence| {
            let definition = match wanted {
                Identity::Place(span) => covers(span, occurrence.span),
                Identity::Object(_) => false,
            };
            Reference { span: occurrence.span, definition }
        })
        .collect();
    found.dedup();
    found
}

/// Whether an occurrence stands for this thing.
pub(super) fn is(lookup: &Lookup<'_>, occurrence: &Occurrence, wanted: Identity) -> bool {
    match occurrence.meaning {
        Meaning::Known(symbol) | Meaning::Likely(symbol) => lookup.identity(symbol) == Some(wanted),
        Meaning::Unclear | Meaning::Unknown => false,
    }
}

const fn covers(outer: Span, inner: Span) -> bool {
    outer.file.index() == inner.file.index() && outer.start <= inner.start && inner.end <= outer.end
}
