//! Findings as text: one file a format.
//!
//! In: findings and the sources that they speak of. Out: text, whose size does not grow with the
//! length of the user's lines. No control character of the user's text comes out raw.

mod concise;
mod excerpt;
mod github;
mod json;
mod place;
mod rich;

pub use concise::concise;
pub use github::github;
pub use json::{json, json_value};
pub use rich::{RichOptions, rich};

use std::borrow::Cow;

use super::{Diagnostics, Severity};

/// Characters of one message that are shown; more is cut off.
const MESSAGE_CHARS: usize = 2_000;

/// How many findings there are of each severity: `2 errors, 1 warning`.
pub fn summary(diagnostics: &Diagnostics) -> String {
    let mut parts = Vec::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let count = diagnostics.iter().filter(|finding| finding.severity == severity).count();
        match count {
            0 => {}
            1 => parts.push(format!("1 {}", severity.as_str())),
            _ => parts.push(format!("{count} {}s", severity.as_str())),
        }
    }
    if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
}

/// `text` for a terminal: control and direction characters become visible, line breaks stay where
/// `lines` is set. Each character is replaced on its own, so that parts add up to the whole.
fn visible(text: &str, lines: bool) -> Cow<'_, str> {
    let hidden = |c: char| match c {
        '\n' => !lines,
        '\t' => false,
        _ => {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        }
    };
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let replace = |c: char| match c {
        _ if !hidden(c) => c,
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        _ => '\u{fffd}',
    };
    Cow::Owned(text.chars().map(replace).collect())
}

/// A message ready to be shown: visible, and cut where it holds a very long word of the user's.
fn message(text: &str, lines: bool) -> Cow<'_, str> {
    match text.char_indices().nth(MESSAGE_CHARS) {
        Some((end, _)) => {
            let head = text.get(..end).unwrap_or_default();
            Cow::Owned(format!("{}…", visible(head, lines)))
        }
        None => visible(text, lines),
    }
}

#[cfg(test)]
mod tests;
