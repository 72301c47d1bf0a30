//! Where in a YAML text a cursor may stand: the keys and items that lead to it, the word under it, what
//! stands beside it. [`scan`](super::scan) finds it out.

use std::borrow::Cow;
use std::ops::Range;

use crate::syntax::decode_escape;

/// What the cursor is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// From the root to the map, for a key; to the value itself otherwise.
    pub(crate) steps: Vec<Step>,
    /// What the word is, or would be.
    pub(crate) role: Role,
    /// The key or scalar under the cursor, quotes included; empty where there is none.
    pub(crate) word: Range<usize>,
    /// The other entries of the map that the word is a key of.
    pub(crate) entries: Vec<Entry>,
    /// How the surroundings are written.
    pub(crate) layout: Layout,
    /// Bytes that keep the text from being read; blank, they harm nobody.
    pub(crate) broken: Option<Range<usize>>,
}

/// What the word under the cursor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A key with its colon.
    Key,
    /// Where a key of a map must come.
    NewKey,
    /// A scalar, or where one may stand.
    Value,
    /// The beginning of a value on a line of its own: a scalar, a map's first key or a list.
    Start,
}

/// How the surroundings of the cursor are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Inside brackets.
    pub(crate) flow: bool,
    /// The column of a key on this line.
    pub(crate) column: usize,
    /// The white space before the cursor, where it is not what the neighbours have.
    pub(crate) misindented: Option<Range<usize>>,
    /// Right behind a colon, which wants a space.
    pub(crate) after_colon: bool,
}

/// A key or item on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// A key, and all entries of its map.
    Key {
        /// Its bytes, quotes included.
        key: Range<usize>,
        /// The entries beside it, itself among them.
        entries: Vec<Entry>,
    },
    /// An item of a list, from 0.
    Item(usize),
}

/// A key of a map and its value, as far as it is a scalar on the same line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its bytes, quotes included.
    pub(crate) key: Range<usize>,
    /// What stands behind it.
    pub(crate) value: Filling,
}

/// What a key or an item holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filling {
    /// Nothing yet.
    Empty,
    /// A scalar; its bytes, quotes included.
    Scalar(Range<usize>),
    /// A list, a map or a block of text.
    Nested,
}

/// What a key or scalar of one line says: without its quotes, its escapes decoded.
pub(crate) fn said(text: &str) -> Cow<'_, str> {
    let inner = unquoted(text);
    if text.starts_with('\'') && inner.contains("''") {
        return inner.replace("''", "'").into();
    }
    if !text.starts_with('"') || !inner.contains('\\') {
        return inner.into();
    }
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let Some((c, length)) = decode_escape(escape) else { return inner.into() };
        out.push(c);
        rest = escape.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out.into()
}

/// A key or scalar without its quotes; escapes stay.
pub(crate) fn unquoted(text: &str) -> &str {
    let inner =
        |quote: char| text.strip_prefix(quote).map(|rest| rest.strip_suffix(quote).unwrap_or(rest));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}
