//! A file read again after a change within one table.
//!
//! In: what the file said, and its texts before and now. Out: what it says now, made of what it said
//! and of the lines of that table, or none where that is not sure to be what all of it says. Reports
//! nothing: where there is something to report, the file is read from its beginning.

use std::ops::Range;
use std::sync::Arc;

use super::{Change, Decode, Decoder, FileDef, Named, Revise, TableDef};
use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Sources, Span};
use crate::syntax::{self, NodeKind};

/// A change within the lines of one table.
#[derive(Debug)]
pub struct TableChange {
    /// The file.
    pub file: FileId,
    /// The place of the table among those of its file.
    pub position: usize,
    /// What the table said.
    pub before: TableDef,
    /// Where its lines stood, in bytes.
    pub lines: Range<u32>,
    /// Where its lines end now.
    pub end: u32,
}

impl TableChange {
    /// Where a place is now; none of one that was in those lines.
    pub fn place(&self, span: Span) -> Option<Span> {
        if span.file != self.file {
            return Some(span);
        }
        let moved = Change::Moved(self.lines.end, self.end);
        (!self.lines.contains(&span.start)).then(|| moved.place(span))
    }

    /// Whether a place is in those lines now.
    pub fn holds(&self, span: Span) -> bool {
        span.file == self.file && (self.lines.start..self.end).contains(&span.start)
    }
}

/// What `file` says, which said `known` when its text was `before`, in the usual way and without
/// findings; and what is another. Nothing where somebody else holds `known`, as nobody does between two answers:
/// what copies a whole file would only be code.
pub fn decode_again(
    sources: &Sources,
    file: FileId,
    before: &str,
    known: Arc<FileDef>,
) -> Option<(FileDef, TableChange)> {
    let mut known = Arc::into_inner(known)?;
    let text = &sources.get(file)?.text;
    let changed = changed(before, text);
    let tables = &mut known.tables.entries;
    // The table that begins last before the change, and the one behind it.
    let next = tables.partition_point(|it| (it.name.span.start as usize) < changed.end);
    let (old, behind) = (tables.get(next.checked_sub(1)?)?, tables.get(next)?);
    let start = line_start(before, old)?;
    let end = line_start(before, behind)?;
    let column = old.name.span.start as usize - start;
    if changed.start < start || behind.name.span.start as usize - end != column {
        return None;
    }
    let end_now = text.len().checked_sub(before.len() - end)?;
    // The lines stand for themselves: they are lines, of one key that is written where it was.
    if changed.end > end || !text.get(..end_now)?.ends_with('\n') {
        return None;
    }
    // Above it are the file's map and that of its tables.
    let tree = syntax::parse_part(file, text, start..end_now, 2)?;
    let NodeKind::Map(entries) = &tree.kind else { return None };
    let [entry] = entries.as_slice() else { return None };
    if entry.key != old.name.value || entry.key_span.start != old.name.span.start {
        return None;
    }
    let mut sink = Diagnostics::new();
    let value = TableDef::decode(&entry.value, &mut Decoder::new(sources, &mut sink))?;
    if !sink.is_empty() {
        return None;
    }
    // Before the table says what it says now, of which the places are those of the new text.
    known.revise(&Change::Moved(end as u32, end_now as u32));
    let position = next - 1;
    let slot = known.tables.entries.get_mut(position)?;
    slot.span = entry.key_span.to(entry.value.span);
    slot.name.span = entry.key_span;
    let before = std::mem::replace(&mut slot.value, value);
    let lines = start as u32..end as u32;
    Some((known, TableChange { file, position, before, lines, end: end_now as u32 }))
}

/// The bytes of `before` in whose place `text` has others.
fn changed(before: &str, text: &str) -> Range<usize> {
    let (old, new) = (before.as_bytes(), text.as_bytes());
    let start = common_start(old, new);
    // What is the same at the end is looked for in what is left.
    let (old, new) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    start..before.len() - common_end(old, new)
}

/// How many bytes both begin with. Words come first: texts are megabytes, what changes is little.
fn common_start(one: &[u8], other: &[u8]) -> usize {
    let (words, others) = (one.as_chunks::<8>().0.iter(), other.as_chunks::<8>().0.iter());
    let at = 8 * words.zip(others).take_while(|(one, other)| one == other).count();
    let bytes = one.iter().skip(at).zip(other.iter().skip(at));
    at + bytes.take_while(|(one, other)| one == other).count()
}

/// How many bytes both end with.
fn common_end(one: &[u8], other: &[u8]) -> usize {
    let (words, others) = (one.as_rchunks::<8>().1.iter(), other.as_rchunks::<8>().1.iter());
    let words = words.rev().zip(others.rev());
    let at = 8 * words.take_while(|(one, other)| one == other).count();
    let bytes = one.iter().rev().skip(at).zip(other.iter().rev().skip(at));
    at + bytes.take_while(|(one, other)| one == other).count()
}

/// Where the line of a table's key begins, if only spaces stand before it.
fn line_start(text: &str, table: &Named<TableDef>) -> Option<usize> {
    let before = text.get(..table.name.span.start as usize)?;
    let line = before.trim_end_matches(' ').len();
    (line == 0 || before.get(..line)?.ends_with('\n')).then_some(line)
}
