//! Provenance through a template: invisible marks where something is said whose lines are known, which
//! takes their places after rendering.
//!
//! A mark is `U+FDD0`, the number of a list, what stands before each of its items, and `U+FDD1`. Other code
//! cannot hold these ([`Code::new`] drops them), so no text can forge one.

use std::ops::Range;
use std::sync::Arc;

use minijinja::Value;

use crate::emit::lang::code::{MARKS, is_unmarked};
use crate::emit::output::Provenance;
use crate::schema::ObjectId;
use crate::source::line_breaks;

const OPEN: char = MARKS[0];
const END: char = MARKS[1];

/// What marks stand for.
#[derive(Debug, Default)]
pub struct Marks {
    placed: Vec<Arc<Marked>>,
    /// Where the list of each number lies among them.
    lists: Vec<Range<usize>>,
}

impl Marks {
    /// What a template prints for a text whose lines are known.
    pub fn place(&mut self, marked: impl Into<Arc<Marked>>) -> Value {
        self.place_all([marked])
    }

    /// What a template prints for texts, one behind the other: at once, as a loop costs more than many an
    /// item. What stands between them, it says itself, by [`behind`]; where there are none, that is false
    /// to `if`.
    pub fn place_all(&mut self, items: impl IntoIterator<Item = impl Into<Arc<Marked>>>) -> Value {
        let start = self.placed.len();
        self.placed.extend(items.into_iter().map(Into::into));
        if start == self.placed.len() {
            return Value::from_safe_string(String::new());
        }
        let mark = format!("{OPEN}{}{END}", self.lists.len());
        self.lists.push(start..self.placed.len());
        Value::from_safe_string(mark)
    }

    /// The list that a mark stands for, and what stands before each of its items.
    fn list<'a>(&self, mark: &'a str) -> (&[Arc<Marked>], &'a str) {
        let gap = mark.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = mark.get(..mark.len() - gap.len()).and_then(|number| number.parse().ok());
        let range = number.and_then(|number: usize| self.lists.get(number));
        (range.and_then(|range| self.placed.get(range.clone())).unwrap_or_default(), gap)
    }

    /// The text with what its marks stand for, and whose lines there are. A mark of an unknown number is
    /// dropped.
    pub fn finish(&self, text: &str) -> (String, Vec<Provenance>) {
        // Before an item stand a line or two that are empty.
        let size = self.placed.iter().map(|marked| marked.text.len() + 3).sum::<usize>();
        let mut out = String::with_capacity(text.len() + size);
        let mut provenance: Vec<Provenance> =
            Vec::with_capacity(self.placed.iter().map(|marked| marked.lines.len()).sum());
        let mut line = 0;
        let mut has_marks = false;
        let mut push = |out: &mut String, piece: &str| {
            has_marks |= !is_unmarked(piece);
            out.push_str(piece);
        };
        let mut rest = text;
        while let Some((before, mark)) = rest.split_once(OPEN) {
            line += line_breaks(before);
            push(&mut out, before);
            let (mark, after) = mark.split_once(END).unwrap_or((mark, ""));
            rest = after;
            let (items, gap) = self.list(mark);
            let breaks = line_breaks(gap);
            for marked in items {
                push(&mut out, gap);
                line += breaks;
                push(&mut out, &marked.text);
                provenance.extend(marked.lines.iter().map(|it| Provenance {
                    lines: it.lines.start + line..it.lines.end + line,
                    object: it.object,
                }));
                line += marked.line;
            }
        }
        push(&mut out, rest);
        // Nobody but us says what a mark stands for.
        if has_marks {
            out = out.replace(MARKS, "");
        }
        (out, provenance)
    }
}

/// The same mark, each of whose items stands behind `gap`: a filter of templates.
pub(super) fn behind(mark: &str, gap: &str) -> Value {
    let open = mark.strip_suffix(END);
    Value::from_safe_string(open.map_or_else(String::new, |open| format!("{open}{gap}{END}")))
}

/// Code whose lines may be of objects. [`Marks::finish`] drops the marks in it.
#[derive(Debug, Clone, Default)]
pub struct Marked {
    text: String,
    /// How many lines the text has ended.
    line: u32,
    lines: Vec<Provenance>,
}

impl Marked {
    /// Appends code that `write` writes, and that is of no object of its own.
    pub fn write(&mut self, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        if start == 0 {
            // Else it would be copied ten times on its way there.
            self.text.reserve(4096);
        }
        write(&mut self.text);
        self.count_behind(start);
    }

    /// Counts the lines of what was written behind `start`.
    fn count_behind(&mut self, start: usize) {
        self.line += line_breaks(self.text.get(start..).unwrap_or_default());
    }

    /// Appends whole lines of `object`, which `write` writes.
    pub fn write_for(&mut self, object: ObjectId, write: impl FnOnce(&mut String)) {
        let start = self.line;
        self.write(write);
        if self.lines.is_empty() {
            self.lines.reserve(40);
        }
        self.lines.push(Provenance { lines: start..self.line, object });
    }

    /// The same text, all of it lines of `object`, beside those that are of others. Nothing is appended to it.
    #[must_use]
    pub fn of(mut self, object: ObjectId) -> Self {
        self.lines.insert(0, Provenance { lines: 0..self.line, object });
        self.finished()
    }

    /// The same text, without whose lines there are. Nothing is appended to it.
    #[must_use]
    pub fn untraced(self) -> Self {
        Self { lines: Vec::new(), ..self }.finished()
    }

    /// Without what it holds in reserve: of many, that is half of what they take.
    fn finished(mut self) -> Self {
        self.text.shrink_to_fit();
        self.lines.shrink_to_fit();
        self
    }

    /// The text alone.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it holds nothing.
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Marked, Marks, behind};
    use crate::schema::{Id, ObjectId};

    #[test]
    fn marks_become_lines() {
        let (table, column) = (ObjectId::Table(Id::new(0)), ObjectId::Column(Id::new(0), 1));
        let mut marks = Marks::default();
        let mut text = Marked::default();
        text.write(|text| text.push_str("head\n"));
        text.write_for(column, |text| text.push_str("  a\u{fdd0}\u{fdd1}\n  b\n"));
        text.write(|text| text.push_str("tail\n"));
        let mut other = Marked::default();
        other.write_for(column, |text| text.push_str("c\n"));
        let items = marks.place_all([text.of(table), other]).to_string();
        let none = marks.place_all(Vec::<Marked>::new());
        assert!(!none.is_true());
        assert_eq!(behind(&none.to_string(), "\n").to_string(), "");
        let text = format!("x\n{}{}y\n", marks.place(Marked::default()), behind(&items, "\n"));
        let (text, provenance) = marks.finish(&text);
        assert_eq!(text, "x\n\nhead\n  a\n  b\ntail\n\nc\ny\n");
        let found: Vec<_> =
            provenance.iter().map(|entry| (entry.lines.clone(), entry.object)).collect();
        assert_eq!(found, [(2..6, table), (3..5, column), (7..8, column)]);
    }
}
