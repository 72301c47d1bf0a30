//! What the string literals of all languages have in common.
//!
//! In: any text. Out: the text in quotes, on one line, with nothing in it that ends the literal, hides
//! in an editor or marks provenance. How a character is escaped by its code is the language's.

use std::borrow::Cow;
use std::fmt::Write;

use smol_str::SmolStr;

use super::code::MARKS;

/// Characters that end lines, cannot be seen, or mark provenance.
pub(super) fn needs_escape(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || MARKS.contains(&c)
}

/// `text` without the characters that need an escape.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~')) {
        return text.into();
    }
    text.chars().filter(|c| !needs_escape(*c)).collect()
}

/// A double quote, unless a single one saves escapes: the choice of prettier and of ruff.
fn preferred_quote(text: &str) -> char {
    let count = |quote| text.bytes().filter(|byte| *byte == quote).count();
    let double = count(b'"');
    if double > 0 && double > count(b'\'') { '\'' } else { '"' }
}

/// `text` between two of `quote`. `push_escape` writes a character by its code.
pub(super) fn quoted(text: &str, quote: char, push_escape: fn(&mut String, char)) -> SmolStr {
    let mut mark = [0; 4];
    let mark = &*quote.encode_utf8(&mut mark);
    if text.len() + 2 * mark.len() <= SmolStr::INLINE_CAP && is_plain(text) {
        return [mark, text, mark].into_iter().collect();
    }
    let mut out = String::with_capacity(text.len() + 2);
    push_quoted(&mut out, text, quote, push_escape);
    out.into()
}

/// [`quoted`] by the [`preferred_quote`].
pub(super) fn best_quoted(text: &str, push_escape: fn(&mut String, char)) -> SmolStr {
    quoted(text, preferred_quote(text), push_escape)
}

/// Appends what [`best_quoted`] gives.
pub(super) fn push_best_quoted(out: &mut String, text: &str, push_escape: fn(&mut String, char)) {
    push_quoted(out, text, preferred_quote(text), push_escape);
}

/// Appends what [`quoted`] gives.
pub(super) fn push_quoted(
    out: &mut String,
    text: &str,
    quote: char,
    push_escape: fn(&mut String, char),
) {
    out.reserve(text.len() + 2);
    out.push(quote);
    if is_plain(text) {
        out.push_str(text);
        out.push(quote);
        return;
    }
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if c == quote => out.extend(['\\', c]),
            _ if needs_escape(c) => push_escape(out, c),
            _ => out.push(c),
        }
    }
    out.push(quote);
}

/// Whether a text is the same within quotes of any kind.
fn is_plain(text: &str) -> bool {
    // Without a way out in between, which would cost more than it saves: texts are short.
    text.bytes().fold(true, |plain, byte| plain & (PLAIN.get(usize::from(byte)) == Some(&true)))
}

/// Which bytes are characters of ASCII that can be seen, and neither end a literal nor escape another.
#[expect(clippy::indexing_slicing, reason = "a constant")]
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        plain[byte as usize] = !matches!(byte, b'"' | b'\'' | b'\\');
        byte += 1;
    }
    plain
};

/// A character by its code, as JavaScript and JSON have it.
pub(super) fn push_unicode(out: &mut String, c: char) {
    let mut units = [0; 2];
    for unit in c.encode_utf16(&mut units) {
        let _ = write!(out, "\\u{unit:04x}");
    }
}
