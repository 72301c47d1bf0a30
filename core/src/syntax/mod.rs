//! YAML and JSON text to a tree with places.
//!
//! In: one source. Out: a [`Node`] tree in which every key and value knows its span, and findings.
//! Never fails: broken text gives the tree of what could be read. Knows nothing of the DSL.

mod alias;
mod core_schema;
mod errors;
mod place;
mod quick;
mod scalar;
mod surrogates;
mod yaml;

pub(crate) use core_schema::plain_kind;
pub(crate) use place::quoted_length;
pub use quick::{Each, parse_part, parse_quickly};
pub(crate) use scalar::decode_escape;
pub use scalar::text_map;
pub use yaml::parse_by_events;

use smol_str::SmolStr;

use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Source, Span};

/// Reads `text`, the text of `file`. An empty source is a missing value.
pub fn parse(file: FileId, text: &str) -> (Node, Diagnostics) {
    match parse_quickly(file, text) {
        Some(tree) => (tree, Diagnostics::new()),
        None => parse_by_events(file, text),
    }
}

/// What a source looks like.
#[derive(Debug)]
pub struct Reading {
    /// Its tree.
    pub tree: Node,
    /// What there is to say.
    pub findings: Diagnostics,
    /// Whether it is written in the usual way throughout, so that its entries stand for themselves.
    pub is_usual: bool,
}

/// Reads one source, and reports it if its bytes are not UTF-8. An empty source is a missing value.
pub fn read(file: FileId, source: &Source) -> Reading {
    read_each(file, source, &mut |_, _| {})
}

/// The same. Each entry of the root's maps is given to `each` with the map's key as soon as it is read, which
/// may take its value away: trees are large. Unless the source is usual in the end, that was in vain: the tree
/// is read anew, and whole.
pub fn read_each(file: FileId, source: &Source, each: Each<'_>) -> Reading {
    let usual = quick::parse_each(file, &source.text, each);
    let is_usual = usual.is_some();
    let (tree, mut findings) = match usual {
        Some(tree) => (tree, Diagnostics::new()),
        None => parse_by_events(file, &source.text),
    };
    if let Some(at) = source.not_utf8 {
        let end = at + char::REPLACEMENT_CHARACTER.len_utf8() as u32;
        findings.push(errors::not_utf8(Span::new(file, at..end)));
    }
    Reading { tree, findings, is_usual }
}

/// A value in the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The text of the value; of a scalar with its quotes, of a block scalar from its first content
    /// line. Empty right after the colon where the value is missing. Of an alias, the place of the
    /// alias; what is below it stands where the anchor is.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

impl Node {
    /// The value of `key`, where this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let NodeKind::Map(entries) = &self.kind else { return None };
        entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// Whether an alias stands here that names nothing: a value without a text, where there is text.
    pub fn is_broken_alias(&self) -> bool {
        let NodeKind::Scalar(scalar) = &self.kind else { return false };
        scalar.kind == ScalarKind::Null && scalar.text.is_empty() && !self.span.range().is_empty()
    }
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// A single value.
    Scalar(Scalar),
    /// A list.
    Seq(Vec<Node>),
    /// A map, in order. Merge keys are expanded; keys are unique.
    Map(Vec<Entry>),
}

impl NodeKind {
    /// A value that is missing.
    pub const NULL: Self = Self::Scalar(Scalar {
        text: SmolStr::new_static(""),
        style: ScalarStyle::Plain,
        kind: ScalarKind::Null,
    });
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key's text.
    pub key: SmolStr,
    /// The key's style: a key that is not a string (`1:`, `true:`) keeps its text.
    pub key_kind: ScalarKind,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

/// A single value, decoded but not interpreted.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar {
    /// The decoded text: quotes and escapes resolved, blocks folded.
    pub text: SmolStr,
    /// How it was written.
    pub style: ScalarStyle,
    /// What YAML's 1.2 core schema takes it for.
    pub kind: ScalarKind,
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    /// `text`
    Plain,
    /// `'text'`
    SingleQuoted,
    /// `"text"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// The YAML 1.2 core schema's type of a scalar. Quoted and block scalars are always strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarKind {
    /// Nothing, `null` or `~`.
    Null,
    /// `true` or `false`, in the spellings of the core schema.
    Bool(bool),
    /// A whole number in any base; the text keeps its spelling.
    Int,
    /// A number with a point, an exponent, infinity or NaN.
    Float,
    /// Anything else.
    Str,
}
