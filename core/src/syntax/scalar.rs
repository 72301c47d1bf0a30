//! From a scalar's decoded text back to the characters of the file.
//!
//! In: the source, a scalar's place and its decoded text. Out: a [`TextMap`]. The decoded text is the
//! truth: raw and decoded text are walked side by side, and where they do not agree to the last byte
//! there is no map. Made only where a position inside the text is asked for.

use super::{Scalar, ScalarStyle};
use crate::source::{Span, TextMap};

/// The map from `scalar.text` to `source_text`, where the scalar stands at `span`. `None` where the
/// two cannot be aligned, as for the copy that an alias makes; label all of `span` then.
pub fn text_map(source_text: &str, span: Span, scalar: &Scalar) -> Option<TextMap> {
    let raw = source_text.get(span.range())?;
    let value = scalar.text.as_str();
    if raw == value && scalar.style == ScalarStyle::Plain {
        return Some(TextMap::verbatim(span));
    }
    let range = span.range();
    let mut walk =
        Walk { source: source_text, at: range.start, value, map: TextMap::new(span.file) };
    match scalar.style {
        ScalarStyle::Plain => walk.flow(range.end, Escapes::None)?,
        ScalarStyle::SingleQuoted => {
            walk.quotes(raw, '\'', range.end)?;
            walk.flow(range.end - 1, Escapes::Quote)?;
        }
        ScalarStyle::DoubleQuoted => {
            walk.quotes(raw, '"', range.end)?;
            walk.flow(range.end - 1, Escapes::Backslash)?;
        }
        ScalarStyle::Literal => walk.block(range.end, false)?,
        ScalarStyle::Folded => walk.block(range.end, true)?,
    }
    walk.value.is_empty().then_some(walk.map)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    None,
    /// `''`
    Quote,
    /// `\n`
    Backslash,
}

/// Two readers side by side: the source from `at`, and what is left of the decoded text.
struct Walk<'t> {
    source: &'t str,
    at: usize,
    value: &'t str,
    map: TextMap,
}

impl<'t> Walk<'t> {
    fn rest(&self) -> &'t str {
        self.source.get(self.at..).unwrap_or_default()
    }

    /// Steps over the opening quote, and makes sure that the closing one is there.
    fn quotes(&mut self, raw: &str, quote: char, end: usize) -> Option<()> {
        let quoted = raw.len() >= 2 && raw.starts_with(quote) && raw.ends_with(quote);
        self.at += 1;
        if quoted && self.value.is_empty() {
            self.map.push(self.at as u32..self.at as u32);
        }
        (quoted && self.at < end).then_some(())
    }

    /// The next `length` bytes stand in both texts.
    fn same(&mut self, length: usize) -> Option<()> {
        let raw = self.source.get(self.at..self.at + length)?;
        self.value = self.value.strip_prefix(raw)?;
        self.map.push(self.at as u32..(self.at + length) as u32);
        self.at += length;
        Some(())
    }

    /// The next `length` bytes of the source stand for `derived`.
    fn atom(&mut self, length: usize, derived: &str) -> Option<()> {
        self.value = self.value.strip_prefix(derived)?;
        self.map.push_atom(derived.len() as u32, self.at as u32..(self.at + length) as u32);
        self.at += length;
        Some(())
    }

    /// The next `length` bytes of the source stand for a space, or for `newlines` line breaks.
    fn fold(&mut self, length: usize, newlines: usize) -> Option<()> {
        match newlines {
            0 => self.atom(length, " "),
            _ => self.newlines(length, newlines),
        }
    }

    fn newlines(&mut self, length: usize, count: usize) -> Option<()> {
        let derived = self.value.get(..count)?;
        if derived.bytes().any(|byte| byte != b'\n') {
            return None;
        }
        self.atom(length, derived)
    }

    /// A plain or quoted scalar up to `end`.
    fn flow(&mut self, end: usize, escapes: Escapes) -> Option<()> {
        while self.at < end {
            let raw = self.source.get(self.at..end)?;
            let special = |c: char| match c {
                ' ' | '\t' | '\n' | '\r' => true,
                '\'' => escapes == Escapes::Quote,
                '\\' => escapes == Escapes::Backslash,
                _ => false,
            };
            let run = raw.find(special).unwrap_or(raw.len());
            if run > 0 {
                self.same(run)?;
                continue;
            }
            match raw.as_bytes().first()? {
                b'\'' => self.atom(2, "'")?,
                b'\\' => self.escape(raw)?,
                _ => {
                    let (length, breaks) = blanks(raw);
                    match breaks {
                        0 => self.same(length)?,
                        _ => self.fold(length, breaks - 1)?,
                    }
                }
            }
        }
        Some(())
    }

    fn escape(&mut self, raw: &str) -> Option<()> {
        let letter = raw.chars().nth(1)?;
        if matches!(letter, '\n' | '\r') {
            let (length, breaks) = blanks(raw.get(1..)?);
            return self.newlines(1 + length, breaks - 1);
        }
        let (decoded, length) = decode_escape(raw)?;
        self.atom(length, decoded.encode_utf8(&mut [0; 4]))
    }

    /// A block scalar whose first content line begins at the present place and whose content ends at
    /// `end`, blanks left aside.
    fn block(&mut self, end: usize, folded: bool) -> Option<()> {
        let start = self.at;
        let line = self.source.get(..start)?.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let indent = start - line;
        if self.value.trim().is_empty() {
            self.map.push_atom(self.value.len() as u32, start as u32..end as u32);
            self.value = "";
            return Some(());
        }
        if self.source.get(line..start)?.bytes().any(|byte| byte != b' ') {
            return None;
        }
        self.leading_breaks(line)?;
        self.at = start;
        loop {
            let content = self.rest().find(['\n', '\r']).unwrap_or(self.rest().len());
            let leading_blank = self.rest().starts_with([' ', '\t']);
            self.same(content)?;
            if self.value.bytes().all(|byte| byte == b'\n') {
                let aligned =
                    self.source.get(self.at.min(end)..self.at.max(end))?.trim().is_empty();
                return if aligned { self.trailing_breaks() } else { None };
            }
            let (length, breaks) = self.to_next_line(indent)?;
            let next = self.source.get(self.at + length..)?;
            if folded && !leading_blank && !next.starts_with([' ', '\t']) {
                self.fold(length, breaks - 1)?;
            } else {
                self.newlines(length, breaks)?;
            }
        }
    }

    /// The blank lines between the header and the first content line, which begins at `line`.
    fn leading_breaks(&mut self, line: usize) -> Option<()> {
        let count = self.value.bytes().take_while(|byte| *byte == b'\n').count();
        let mut starts = Vec::with_capacity(count + 1);
        starts.push(line);
        for _ in 0..count {
            let below = *starts.last()?;
            let before = self.source.get(..below)?;
            let before =
                before.strip_suffix("\r\n").or_else(|| before.strip_suffix(['\n', '\r']))?;
            let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
            if before.get(start..)?.bytes().any(|byte| byte != b' ') {
                return None;
            }
            starts.push(start);
        }
        while let Some(start) = starts.pop() {
            let Some(below) = starts.last() else { break };
            self.at = start;
            self.newlines(below - start, 1)?;
        }
        Some(())
    }

    /// What lies between the end of a content line and the next one: its length with the
    /// indentation, and its line breaks.
    fn to_next_line(&self, indent: usize) -> Option<(usize, usize)> {
        let (mut at, mut breaks) = (0, 0);
        loop {
            let raw = self.rest().get(at..)?;
            let length = break_length(raw)?;
            breaks += 1;
            at += length;
            let line = raw.get(length..)?;
            let spaces = line.bytes().take(indent).take_while(|byte| *byte == b' ').count();
            at += spaces;
            if break_length(line.get(spaces..)?).is_none() {
                return (spaces == indent).then_some((at, breaks));
            }
        }
    }

    /// The line breaks that end the text. The library adds one where the file ends without.
    fn trailing_breaks(&mut self) -> Option<()> {
        while !self.value.is_empty() {
            let raw = self.rest();
            let blank = raw.len() - raw.trim_start_matches(' ').len();
            let length = raw.get(blank..).and_then(break_length).map_or(0, |length| blank + length);
            self.newlines(length, 1)?;
        }
        Some(())
    }
}

/// The length of the line break at the start of `text`.
fn break_length(text: &str) -> Option<usize> {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r' | b'\n', ..] => Some(1),
        _ => None,
    }
}

/// The length of the blanks and line breaks at the start of `text`, and how many breaks there are.
fn blanks(text: &str) -> (usize, usize) {
    let (mut at, mut breaks) = (0, 0);
    while let Some(rest) = text.get(at..) {
        if let Some(length) = break_length(rest) {
            at += length;
            breaks += 1;
        } else if rest.starts_with([' ', '\t']) {
            at += 1;
        } else {
            break;
        }
    }
    (at, breaks)
}

/// The character that the escape at the start of `raw` stands for, and the escape's length.
///
/// JSON writes a character beyond the first 65,536 as two: `\ud83d\ude00`.
pub(crate) fn decode_escape(raw: &str) -> Option<(char, usize)> {
    let letter = raw.chars().nth(1)?;
    let digits = match letter {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        '0' => return Some(('\0', 2)),
        'a' => return Some(('\x07', 2)),
        'b' => return Some(('\x08', 2)),
        't' | '\t' => return Some(('\t', 2)),
        'n' => return Some(('\n', 2)),
        'v' => return Some(('\x0b', 2)),
        'f' => return Some(('\x0c', 2)),
        'r' => return Some(('\r', 2)),
        'e' => return Some(('\x1b', 2)),
        ' ' | '"' | '/' | '\\' => return Some((letter, 2)),
        'N' => return Some(('\u{85}', 2)),
        '_' => return Some(('\u{a0}', 2)),
        'L' => return Some(('\u{2028}', 2)),
        'P' => return Some(('\u{2029}', 2)),
        _ => return None,
    };
    let code = |at: usize| u32::from_str_radix(raw.get(at..at + digits)?, 16).ok();
    let first = code(2)?;
    if letter == 'u' && (0xd800..0xdc00).contains(&first) && raw.get(6..8) == Some("\\u") {
        let second = code(8).filter(|code| (0xdc00..0xe000).contains(code))?;
        let both = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return Some((char::from_u32(both)?, 12));
    }
    Some((char::from_u32(first)?, 2 + digits))
}
