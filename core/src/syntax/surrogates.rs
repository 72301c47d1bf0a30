//! Characters that JSON writes as two escapes (`\ud83d\ude00`), for a library that takes each by itself.
//!
//! In: a text. Out: one of the same length that the library reads, and what a scalar of it really says.
//! Whether a pair means a character is known only when its scalar was read: in quotes it is one, elsewhere
//! it stays as it is written.

use std::borrow::Cow;

use super::ScalarStyle;
use super::scalar::decode_escape;

/// How many bytes the escapes of a pair have.
const LENGTH: usize = 12;
/// What stands for a pair, of the same length, and what it decodes to: noncharacters, which no text needs.
const MASK: &str = r"\ufdd2\ufdd3";
const DECODED: &str = "\u{fdd2}\u{fdd3}";

/// `text` with each pair masked.
pub(super) fn masked(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut end = 0;
    for at in pairs(text) {
        out.push_str(text.get(end..at).unwrap_or_default());
        out.push_str(MASK);
        end = at + LENGTH;
    }
    if end == 0 {
        return text.into();
    }
    out.push_str(text.get(end..).unwrap_or_default());
    out.into()
}

/// What a scalar says that reads `value` where the pairs are masked. `raw` is how it is really written.
pub(super) fn restored<'v>(value: &'v str, raw: &str, style: ScalarStyle) -> Cow<'v, str> {
    let mask = if style == ScalarStyle::DoubleQuoted { DECODED } else { MASK };
    if !value.contains(mask) {
        return value.into();
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    for at in pairs(raw) {
        let Some((before, behind)) = rest.split_once(mask) else { break };
        let written = raw.get(at..at + LENGTH).unwrap_or_default();
        out.push_str(before);
        match decode_escape(written) {
            Some((character, _)) if style == ScalarStyle::DoubleQuoted => out.push(character),
            _ => out.push_str(written),
        }
        rest = behind;
    }
    out.push_str(rest);
    out.into()
}

/// Where pairs begin. A backslash behind another is no escape.
fn pairs(text: &str) -> impl Iterator<Item = usize> {
    let mut free = 0;
    text.match_indices('\\').filter_map(move |(at, _)| {
        if at < free {
            return None;
        }
        let escape = text.get(at..)?;
        let is_pair =
            escape.starts_with("\\u") && matches!(decode_escape(escape), Some((_, LENGTH)));
        free = at + if is_pair { LENGTH } else { 2 };
        is_pair.then_some(at)
    })
}
