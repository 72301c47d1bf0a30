//! A file read again after a change within one table.
//!
//! In: what the file said, and its texts before and now. Out: what it says now, made of what it said
//! and of the lines of that table, or none where that is not sure to be what all of it says. Reports
//! nothing: where there is something to report, the file is read from its beginning.

use std::ops::Range;

use super::{Change, Decode, Decoder, FileDef, Named, Revise, TableDef};
use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Sources};
use crate::syntax::{self, NodeKind};

/// What `file` says, which said `known` when its text was `before`, in the usual way and without
/// findings.
pub fn decode_again(
    sources: &Sources,
    file: FileId,
    before: &str,
    mut known: FileDef,
) -> Option<FileDef> {
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
    known.revise(&Change::Moved(end as u32, end_now as u32));
    let slot = known.tables.entries.get_mut(next - 1)?;
    slot.span = entry.key_span.to(entry.value.span);
    slot.name.span = entry.key_span;
    slot.value = value;
    Some(known)
}

/// The bytes of `before` in whose place `text` has others.
fn changed(before: &str, text: &str) -> Range<usize> {
    let pairs = before.bytes().zip(text.bytes());
    let start = pairs.take_while(|(old, new)| old == new).count();
    let most = before.len().min(text.len()) - start;
    let pairs = before.bytes().rev().zip(text.bytes().rev());
    let same = pairs.take(most).take_while(|(old, new)| old == new).count();
    start..before.len() - same
}

/// Where the line of a table's key begins, if only spaces stand before it.
fn line_start(text: &str, table: &Named<TableDef>) -> Option<usize> {
    let before = text.get(..table.name.span.start as usize)?;
    let line = before.trim_end_matches(' ').len();
    (line == 0 || before.get(..line)?.ends_with('\n')).then_some(line)
}
