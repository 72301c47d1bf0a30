//! JSON: values as trees, laid out as prettier leaves them.
//!
//! In: a tree. Out: its text, an object or array on one line where it fits.

use std::cell::OnceCell;
use std::fmt::Display;
use std::rc::Rc;

use smol_str::{SmolStr, ToSmolStr};

use super::layout::{WIDTH, push_spaces, width};
use super::literal::{push_quoted, push_unicode, quoted};

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// A number, truth value or null, as it is written.
    Atom(SmolStr),
    /// A text, without its quotes.
    Text(SmolStr),
    /// `[…]`.
    Array(Vec<Json>),
    /// `{ … }`, with its keys as they are said.
    Object(Vec<(SmolStr, Json)>),
    /// A value that stands at several places.
    Laid(Rc<Laid>),
}

impl Json {
    /// A number, or null, as it is displayed.
    pub fn atom(value: impl Display) -> Self {
        Self::Atom(value.to_smolstr())
    }

    /// A text.
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// A truth value.
    pub const fn flag(value: bool) -> Self {
        Self::Atom(SmolStr::new_static(if value { "true" } else { "false" }))
    }

    /// An object.
    pub fn object<K: Into<SmolStr>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Object(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// Writes the value where a line has `column` characters, its entry is indented by `indent`, and
    /// `after` characters follow.
    pub fn write(&self, out: &mut String, indent: usize, column: usize, after: usize) {
        match self {
            // They have no place to break.
            Self::Atom(_) | Self::Text(_) => return self.write_flat(out),
            Self::Laid(laid) => return laid.write(out, indent, column, after),
            Self::Array(_) | Self::Object(_) => {}
        }
        let room = WIDTH.checked_sub(column + after);
        if room.and_then(|room| self.leaves(room)).is_some() && !self.must_break() {
            let start = out.len();
            self.write_flat(out);
            if column + out.get(start..).map_or(0, width) + after <= WIDTH {
                return;
            }
            out.truncate(start);
        }
        self.write_broken(out, indent);
    }

    /// Writes the value on several lines, where it has parts.
    fn write_broken(&self, out: &mut String, indent: usize) {
        let (open, close, inner) = match self {
            Self::Atom(_) | Self::Text(_) => return self.write_flat(out),
            Self::Laid(laid) => return laid.value.write_broken(out, indent),
            Self::Array(items) => ('[', ']', items.len()),
            Self::Object(entries) => ('{', '}', entries.len()),
        };
        if inner == 0 {
            return self.write_flat(out);
        }
        out.push(open);
        out.push('\n');
        match self {
            Self::Atom(_) | Self::Text(_) | Self::Laid(_) => {}
            Self::Array(items) if items.len() > 1 && items.iter().all(Self::is_number) => {
                write_filled(out, items, indent + 2);
            }
            Self::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let comma = usize::from(index + 1 < inner);
                    push_spaces(out, indent + 2);
                    item.write(out, indent + 2, indent + 2, comma);
                    out.push_str(if comma == 1 { ",\n" } else { "\n" });
                }
            }
            Self::Object(entries) => {
                for (index, (key, value)) in entries.iter().enumerate() {
                    write_entry(out, indent + 2, key, value, index + 1 < inner);
                }
            }
        }
        push_spaces(out, indent);
        out.push(close);
    }

    fn write_flat(&self, out: &mut String) {
        match self {
            Self::Atom(text) => out.push_str(text),
            Self::Text(text) => push_quoted(out, text, '"', push_unicode),
            Self::Laid(laid) => match &laid.flat {
                Some((flat, _)) => out.push_str(flat),
                None => laid.value.write_flat(out),
            },
            Self::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    item.write_flat(out);
                }
                out.push(']');
            }
            Self::Object(entries) if entries.is_empty() => out.push_str("{}"),
            Self::Object(entries) => {
                out.push_str("{ ");
                for (index, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    push_quoted(out, key, '"', push_unicode);
                    out.push_str(": ");
                    value.write_flat(out);
                }
                out.push_str(" }");
            }
        }
    }

    /// How much of `room` its form on one line leaves at most; none where it surely needs more. That is
    /// just how much where all of it is ASCII that needs no escapes.
    fn leaves(&self, room: usize) -> Option<usize> {
        let quoted = |text: &str| if text.is_ascii() { text.len() + 2 } else { 2 };
        let between = |count: usize| count.saturating_sub(1) * ", ".len();
        match self {
            Self::Atom(text) => room.checked_sub(text.len()),
            Self::Text(text) => room.checked_sub(quoted(text)),
            Self::Laid(laid) => match &laid.flat {
                Some((_, width)) => room.checked_sub(*width),
                None => laid.value.leaves(room),
            },
            Self::Array(items) => {
                let room = room.checked_sub("[]".len() + between(items.len()))?;
                items.iter().try_fold(room, |room, item| item.leaves(room))
            }
            Self::Object(entries) if entries.is_empty() => room.checked_sub("{}".len()),
            Self::Object(entries) => {
                let room = room.checked_sub("{  }".len() + between(entries.len()))?;
                entries.iter().try_fold(room, |room, (key, value)| {
                    value.leaves(room.checked_sub(quoted(key) + ": ".len())?)
                })
            }
        }
    }

    /// prettier breaks lists of objects with several entries each, and of such lists.
    fn must_break(&self) -> bool {
        match self {
            Self::Atom(_) | Self::Text(_) => false,
            Self::Laid(laid) => laid.value.must_break(),
            Self::Array(items) => {
                let objects = items.iter().all(|it| matches!(it, Self::Object(of) if of.len() > 1));
                let arrays = items.iter().all(|it| matches!(it, Self::Array(of) if of.len() > 1));
                (items.len() > 1 && (objects || arrays)) || items.iter().any(Self::must_break)
            }
            Self::Object(entries) => entries.iter().any(|(_, value)| value.must_break()),
        }
    }

    fn is_number(&self) -> bool {
        matches!(self, Self::Atom(text) if text.starts_with(|c: char| c == '-' || c.is_ascii_digit()))
    }
}

/// A value that stands at several places, laid out once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    value: Json,
    /// Its form on one line, and how wide that is; none where no line may hold it.
    flat: Option<(String, usize)>,
    /// Its form on several lines, where it was first needed, and how deep that was.
    broken: OnceCell<(usize, String)>,
}

impl Laid {
    /// Lays `value` out.
    pub fn new(value: Json) -> Self {
        let flat = (value.leaves(WIDTH).is_some() && !value.must_break()).then(|| {
            let mut flat = String::new();
            value.write_flat(&mut flat);
            let width = width(&flat);
            (flat, width)
        });
        Self { value, flat, broken: OnceCell::new() }
    }

    /// The value.
    pub const fn value(&self) -> &Json {
        &self.value
    }

    /// Writes what [`write_entry`] writes.
    pub fn write_entry(&self, out: &mut String, indent: usize, key: &str, more: bool) {
        let column = write_key(out, indent, key);
        self.write(out, indent, column, usize::from(more));
        out.push_str(if more { ",\n" } else { "\n" });
    }

    /// Writes what [`Json::write`] writes.
    fn write(&self, out: &mut String, indent: usize, column: usize, after: usize) {
        match &self.flat {
            Some((flat, width)) if column + width + after <= WIDTH => out.push_str(flat),
            _ => {
                let (depth, broken) = self.broken.get_or_init(|| {
                    let mut broken = String::new();
                    self.value.write_broken(&mut broken, indent);
                    (indent, broken)
                });
                if *depth == indent {
                    out.push_str(broken);
                } else {
                    self.value.write_broken(out, indent);
                }
            }
        }
    }
}

/// Writes a line, or lines, `"key": value` at `indent`, with a comma where another entry follows.
pub fn write_entry(out: &mut String, indent: usize, key: &str, value: &Json, more: bool) {
    let column = write_key(out, indent, key);
    value.write(out, indent, column, usize::from(more));
    out.push_str(if more { ",\n" } else { "\n" });
}

/// Writes `"key": ` at `indent`, and gives the column that it ends at.
pub fn write_key(out: &mut String, indent: usize, key: &str) -> usize {
    let start = out.len();
    push_spaces(out, indent);
    push_quoted(out, key, '"', push_unicode);
    out.push_str(": ");
    out.get(start..).map_or(0, width)
}

/// As many numbers as fit on each line.
fn write_filled(out: &mut String, items: &[Json], indent: usize) {
    let mut column = 0;
    for (index, item) in items.iter().enumerate() {
        let mut text = String::new();
        item.write_flat(&mut text);
        text.push_str(if index + 1 < items.len() { "," } else { "" });
        if index > 0 && column + 1 + text.len() <= WIDTH {
            out.push(' ');
            column += 1;
        } else {
            out.push_str(if index > 0 { "\n" } else { "" });
            push_spaces(out, indent);
            column = indent;
        }
        out.push_str(&text);
        column += text.len();
    }
    out.push('\n');
}

/// A text in quotes.
pub fn string(text: &str) -> SmolStr {
    quoted(text, '"', push_unicode)
}

#[cfg(test)]
mod tests {
    use super::{Json, string};

    #[test]
    fn strings() {
        assert_eq!(string("a\"b\\\n\u{1}\u{fdd0}é"), r#""a\"b\\\n\u0001\ufdd0é""#);
    }

    #[test]
    fn layouts() {
        let small = || Json::object([("type", Json::text("null")), ("b", Json::atom(1))]);
        let mut out = String::new();
        let list = Json::object([("anyOf", Json::Array(vec![small(), small()]))]);
        list.write(&mut out, 0, 0, 0);
        assert_eq!(
            out,
            "{\n  \"anyOf\": [\n    { \"type\": \"null\", \"b\": 1 },\n    \
             { \"type\": \"null\", \"b\": 1 }\n  ]\n}"
        );
        out.clear();
        Json::Array(vec![small()]).write(&mut out, 0, 0, 0);
        assert_eq!(out, "[{ \"type\": \"null\", \"b\": 1 }]");
    }
}
