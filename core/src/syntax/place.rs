//! Where things stand: the YAML library's markers to exact byte ranges.
//!
//! In: the text and markers, which count characters and are loose at the edges. Out: byte offsets of
//! exactly the text that was written. Known looseness of saphyr-parser: spans begin at an anchor or a
//! tag; quoted spans run on over blanks and comments; block scalars run on over blank lines; missing
//! values stand at whatever comes next.

use super::ScalarStyle;

/// Converts character offsets to byte offsets; cheap where the offsets mostly grow.
pub(super) struct Offsets<'t> {
    text: &'t str,
    ascii: bool,
    chars: usize,
    bytes: usize,
}

impl<'t> Offsets<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, ascii: text.is_ascii(), chars: 0, bytes: 0 }
    }

    /// The byte offset of the character of index `chars`, clamped to the text.
    pub(super) fn byte(&mut self, chars: usize) -> usize {
        if self.ascii {
            return chars.min(self.text.len());
        }
        if let Some(forward) = chars.checked_sub(self.chars) {
            let rest = self.text.get(self.bytes..).unwrap_or_default();
            let mut iter = rest.chars();
            if forward > 0 {
                iter.nth(forward - 1);
            }
            self.bytes += rest.len() - iter.as_str().len();
        } else {
            let read = self.text.get(..self.bytes).unwrap_or_default();
            let back = read.char_indices().rev().nth(self.chars - chars - 1);
            self.bytes = back.map_or(0, |(at, _)| at);
        }
        self.chars = chars;
        self.bytes
    }
}

fn rest(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// The first offset from `at` that is neither blank, nor a line break, nor in a comment.
pub(super) fn after_space(text: &str, mut at: usize) -> usize {
    loop {
        let found = rest(text, at);
        let trimmed = found.trim_start_matches([' ', '\t', '\n', '\r', '\u{feff}']);
        at += found.len() - trimmed.len();
        if !trimmed.starts_with('#') {
            return at;
        }
        at += trimmed.find(['\n', '\r']).unwrap_or(trimmed.len());
    }
}

/// The start of the value itself, where anchors and tags may stand before it at `at`.
pub(super) fn after_properties(text: &str, mut at: usize) -> usize {
    loop {
        let found = rest(text, at);
        let length = match found.bytes().next() {
            Some(b'!') if found.starts_with("!<") => {
                found.find('>').map_or(found.len(), |end| end + 1)
            }
            Some(b'&' | b'!') => {
                found.find([' ', '\t', '\n', '\r', ',', '[', ']', '{', '}']).unwrap_or(found.len())
            }
            _ => return at,
        };
        at = after_space(text, at + length);
    }
}

/// The tag among the anchors and tags at `at`.
pub(super) fn tag(text: &str, at: usize) -> (usize, usize) {
    let found = rest(text, at);
    let start = at + found.find('!').unwrap_or(0);
    let tag = rest(text, start);
    let end = tag.find([' ', '\t', '\n', '\r', ',', ']', '}']).unwrap_or(tag.len());
    (start, start + end)
}

/// The end of the anchors and tags at `at`, where no value follows them.
pub(super) fn end_of_properties(text: &str, at: usize, end: usize) -> usize {
    at + text.get(at..end).unwrap_or_default().trim_end().len()
}

/// Right after the colon that follows a key ending at `key_end`; `key_end` where there is none.
pub(super) fn after_colon(text: &str, key_end: usize) -> usize {
    let at = after_space(text, key_end);
    if rest(text, at).starts_with(':') { at + 1 } else { key_end }
}

/// Right after the dash of the list item whose content would begin at `at`.
pub(super) fn after_dash(text: &str, at: usize) -> usize {
    let line = line_start(text, at);
    let before = text.get(line..at).unwrap_or_default();
    let before = before.find('#').and_then(|end| before.get(..end)).unwrap_or(before);
    line + before.trim_end().len()
}

/// The dash that opens the list whose first item's content begins at `at`, on the same line.
pub(super) fn dash_before(text: &str, at: usize) -> usize {
    let line = line_start(text, at);
    let before = text.get(line..at).unwrap_or_default();
    let indent = before.len() - before.trim_start_matches([' ', '\t']).len();
    if rest(before, indent).starts_with('-') { line + indent } else { at }
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().rfind(['\n', '\r']).map_or(0, |end| end + 1)
}

/// The range of a scalar that is not missing. `start` is its own (no properties) and `end` the
/// library's.
pub(super) fn scalar(text: &str, style: ScalarStyle, start: usize, end: usize) -> (usize, usize) {
    match style {
        ScalarStyle::Plain => (start, end),
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            (start, quoted_length(rest(text, start)).map_or(text.len(), |length| start + length))
        }
        ScalarStyle::Literal | ScalarStyle::Folded => block(text, start, end),
    }
}

/// How many bytes the quoted scalar at the beginning of `text` has; nothing where it is never closed.
pub(crate) fn quoted_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.first()?;
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match *byte {
            b'\\' if quote == b'"' => at += 1,
            found if found == quote => {
                if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') {
                    at += 1;
                } else {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// A block scalar's content. Where the library begins at the indicator (after an anchor, a tag, or
/// for lack of content), the content is looked for below it; without content, the place is the end
/// of the header.
fn block(text: &str, start: usize, end: usize) -> (usize, usize) {
    let mut start = start;
    let header = rest(text, start);
    let at_indicator =
        line_start(text, start) + indent_of(text, start) != start && header.starts_with(['|', '>']);
    if at_indicator {
        let line = header.find(['\n', '\r']).unwrap_or(header.len());
        let below = header.get(line..).unwrap_or_default();
        start += line + below.len() - below.trim_start().len();
    }
    let content = text.get(start..end).unwrap_or_default().trim_end();
    if content.is_empty() {
        let header = text.get(..start).unwrap_or_default().trim_end().len();
        return (header, header);
    }
    (start, start + content.len())
}

fn indent_of(text: &str, at: usize) -> usize {
    let line = text.get(line_start(text, at)..at).unwrap_or_default();
    line.len() - line.trim_start_matches(' ').len()
}
