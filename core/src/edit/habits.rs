//! How a file is written: its line ends, indentation, quotes.
//!
//! In: a text and its tree. Out: [`Habits`], and the small questions about lines that edits ask.
//! Where a file shows no habit, it gets that of the documentation.

use std::collections::BTreeMap;

use crate::syntax::{Entry, Node, NodeKind, Scalar, ScalarKind, ScalarStyle};

/// What new lines should look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Habits {
    /// `\n` or `\r\n`.
    pub line_break: &'static str,
    /// Columns from a key to the keys below it.
    pub indent: usize,
    /// Columns from a key to the dashes below it.
    pub dash_indent: usize,
    /// The quote of a text that needs quotes.
    pub quote: char,
    /// Whether every text is quoted, needed or not.
    pub quotes_texts: bool,
    /// Whether every key is quoted.
    pub quotes_keys: bool,
    /// What stands inside of braces: a space, or nothing.
    pub brace_space: &'static str,
    /// How long a line may become.
    pub width: usize,
}

impl Habits {
    /// The habits of `text`, whose tree is `root`.
    pub(super) fn of(text: &str, root: &Node) -> Self {
        let mut tally = Tally { text, ..Tally::default() };
        tally.node(root, None);
        let first_break = text.find('\n').and_then(|at| at.checked_sub(1));
        let is_crlf = first_break.is_some_and(|at| text.as_bytes().get(at) == Some(&b'\r'));
        let longest = text.lines().map(|line| line.chars().count()).max().unwrap_or_default();
        let indent = most(&tally.indents).unwrap_or(2);
        Self {
            line_break: if is_crlf { "\r\n" } else { "\n" },
            indent,
            dash_indent: most(&tally.dash_indents).unwrap_or(indent),
            quote: if tally.single > tally.double { '\'' } else { '"' },
            quotes_texts: tally.single + tally.double > 0 && tally.plain == 0,
            quotes_keys: tally.quoted_keys > 0 && tally.plain_keys == 0,
            brace_space: if tally.tight > tally.spaced { "" } else { " " },
            width: longest.clamp(100, 160),
        }
    }
}

#[derive(Default)]
struct Tally<'t> {
    text: &'t str,
    indents: BTreeMap<usize, usize>,
    dash_indents: BTreeMap<usize, usize>,
    plain: usize,
    single: usize,
    double: usize,
    plain_keys: usize,
    quoted_keys: usize,
    tight: usize,
    spaced: usize,
}

impl Tally<'_> {
    /// `key` is the column of the key that `node` stands behind.
    fn node(&mut self, node: &Node, key: Option<usize>) {
        match &node.kind {
            NodeKind::Scalar(scalar) => self.scalar(scalar),
            NodeKind::Seq(items) => {
                if !is_flow(self.text, node) {
                    note(&mut self.dash_indents, key, column(self.text, node.span.range().start));
                }
                for item in items {
                    self.node(item, None);
                }
            }
            NodeKind::Map(entries) => {
                if is_flow(self.text, node) {
                    let inside = self.text.get(node.span.range().start + 1..).unwrap_or_default();
                    match inside.bytes().next() {
                        Some(b' ') => self.spaced += 1,
                        Some(b'\n' | b'\r' | b'}') | None => {}
                        Some(_) => self.tight += 1,
                    }
                } else if let Some(first) = entries.first() {
                    note(&mut self.indents, key, column(self.text, first.key_span.range().start));
                }
                for entry in entries {
                    self.entry(entry);
                }
            }
        }
    }

    fn entry(&mut self, entry: &Entry) {
        let start = entry.key_span.range().start;
        match self.text.as_bytes().get(start) {
            Some(b'"' | b'\'') => self.quoted_keys += 1,
            _ => self.plain_keys += 1,
        }
        self.node(&entry.value, Some(column(self.text, start)));
    }

    fn scalar(&mut self, scalar: &Scalar) {
        match scalar.style {
            ScalarStyle::Plain if scalar.kind == ScalarKind::Str => self.plain += 1,
            ScalarStyle::SingleQuoted => self.single += 1,
            ScalarStyle::DoubleQuoted => self.double += 1,
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => {}
        }
    }
}

fn note(counts: &mut BTreeMap<usize, usize>, key: Option<usize>, column: usize) {
    if let Some(indent) = key.and_then(|key| column.checked_sub(key)) {
        *counts.entry(indent).or_default() += 1;
    }
}

/// The most frequent number; of equals the smallest.
fn most(counts: &BTreeMap<usize, usize>) -> Option<usize> {
    counts.iter().rev().max_by_key(|(_, count)| **count).map(|(indent, _)| *indent)
}

/// Whether the list or map is written in brackets.
pub(super) fn is_flow(text: &str, node: &Node) -> bool {
    matches!(text.as_bytes().get(node.span.range().start), Some(b'{' | b'['))
}

/// Where the line that holds `at` begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |found| found + 1);
    if start == 0 && text.starts_with('\u{feff}') { '\u{feff}'.len_utf8().min(at) } else { start }
}

/// Where the line that holds `at` ends, before its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let end = at + rest.find('\n').unwrap_or(rest.len());
    if text.get(at..end).is_some_and(|line| line.ends_with('\r')) { end - 1 } else { end }
}

/// Characters from the start of the line to `at`.
pub(super) fn column(text: &str, at: usize) -> usize {
    text.get(line_start(text, at)..at).map_or(0, |before| before.chars().count())
}

/// The line after the one that ends at `end`: where it begins and ends.
pub(super) fn next_line(text: &str, end: usize) -> Option<(usize, usize)> {
    let rest = text.get(end..)?;
    let start = end + rest.find('\n')? + 1;
    Some((start, line_end(text, start)))
}
