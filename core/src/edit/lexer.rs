//! The signs of a file: scalars, brackets, dashes, comments; what a formatter moves about.
//!
//! In: a text and its tree, which knows where the scalars stand. Out: tokens in order. What lies between
//! them is blanks and line breaks. Never looks into a scalar.

use std::collections::BTreeMap;

use super::habits::line_end;
use crate::syntax::{Node, NodeKind, ScalarStyle};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// A key or a value.
    Scalar(ScalarStyle),
    /// `{` or `[`.
    Open,
    /// `}` or `]`.
    Close,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `-` before an item.
    Dash,
    /// `?` before a key.
    Question,
    /// An anchor, a tag, an alias, `<<`.
    Property,
    /// `|` or `>` with its modifiers.
    Header,
    /// `---`, `...` or a directive.
    Marker,
    /// From `#` to the end of the line.
    Comment,
}

/// A piece of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub sign: Sign,
    /// Its first byte.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// The tokens of `text`, whose tree is `root`.
pub(super) fn tokens(text: &str, root: &Node) -> Vec<Token> {
    let mut scalars = BTreeMap::new();
    collect(text, root, &mut scalars);
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some((end, style)) = scalars.get(&at) {
            tokens.push(Token { sign: Sign::Scalar(*style), start: at, end: *end });
            at = *end;
            continue;
        }
        let first = rest.chars().next().unwrap_or_default();
        if first.is_whitespace() || first == '\u{feff}' {
            at += first.len_utf8();
            continue;
        }
        let limit = scalars.range(at..).next().map_or(text.len(), |(start, _)| *start);
        let (sign, length) = sign(rest);
        let end = match sign {
            Sign::Comment | Sign::Marker if length == 0 => line_end(text, at),
            _ => (at + length).min(limit),
        };
        let end = end.max(at + first.len_utf8());
        tokens.push(Token { sign, start: at, end });
        at = end;
    }
    tokens
}

/// The sign at the start of `rest` and its length; 0 for one that takes the rest of the line.
fn sign(rest: &str) -> (Sign, usize) {
    // Looked for where it matters only: JSON on one line has no blank for megabytes.
    let word = || rest.find([' ', '\t', '\r', '\n']).unwrap_or(rest.len());
    match rest.as_bytes().first() {
        Some(b'#') => (Sign::Comment, 0),
        Some(b'%') => (Sign::Marker, 0),
        Some(b'{' | b'[') => (Sign::Open, 1),
        Some(b'}' | b']') => (Sign::Close, 1),
        Some(b',') => (Sign::Comma, 1),
        Some(b':') => (Sign::Colon, 1),
        Some(b'?') if word() == 1 => (Sign::Question, 1),
        Some(b'-') if word() == 1 => (Sign::Dash, 1),
        Some(b'-' | b'.') if matches!(rest.get(..word()), Some("---" | "...")) => (Sign::Marker, 3),
        Some(b'|' | b'>') => (Sign::Header, word()),
        Some(b'<') if rest.starts_with("<<") => (Sign::Property, 2),
        _ => (
            Sign::Property,
            rest.find([' ', '\t', '\r', '\n', ',', '[', ']', '{', '}']).unwrap_or(rest.len()),
        ),
    }
}

/// The scalars that stand in the text: start to end and style. What an alias brings stands elsewhere.
fn collect(text: &str, node: &Node, scalars: &mut BTreeMap<usize, (usize, ScalarStyle)>) {
    let range = node.span.range();
    if text.as_bytes().get(range.start) == Some(&b'*') && !matches!(node.kind, NodeKind::Map(_)) {
        return;
    }
    match &node.kind {
        NodeKind::Scalar(scalar) => {
            if !range.is_empty() {
                scalars.insert(range.start, (range.end, scalar.style));
            }
        }
        NodeKind::Seq(items) => items.iter().for_each(|item| collect(text, item, scalars)),
        NodeKind::Map(entries) => {
            for entry in entries {
                let key = entry.key_span.range();
                let style = match text.as_bytes().get(key.start) {
                    Some(b'"') => ScalarStyle::DoubleQuoted,
                    Some(b'\'') => ScalarStyle::SingleQuoted,
                    _ => ScalarStyle::Plain,
                };
                if !key.is_empty() && text.as_bytes().get(key.start) != Some(&b'*') {
                    scalars.insert(key.start, (key.end, style));
                }
                collect(text, &entry.value, scalars);
            }
        }
    }
}
