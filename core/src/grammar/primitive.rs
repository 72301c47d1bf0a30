//! The values that records are made of.

use smol_str::SmolStr;

use super::decode::is_null;
use super::{Decode, Decoder, Field, Instance, Kind, Named, WordInfo, errors};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node, NodeKind, Scalar, ScalarKind};

/// A word of a closed set; made by `words!`.
pub trait Word: Copy + 'static {
    /// What each is, and how it is spelt.
    const WORDS: &'static [WordInfo];

    /// The set, in the same order.
    const ALL: &'static [Self];
}

/// A text or a name.
pub type Text = Spanned<SmolStr>;
/// `true` or `false`.
pub type Flag = Spanned<bool>;
/// A whole number.
pub type Integer = Spanned<i64>;

impl Decode for Text {
    fn kind() -> Kind {
        Kind::Text
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let scalar = cx.scalar(node, Kind::Text)?;
        Some(Spanned::new(scalar.text.clone(), node.span))
    }
}

impl Decode for Flag {
    fn kind() -> Kind {
        Kind::Bool
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        match cx.scalar(node, Kind::Bool)?.kind {
            ScalarKind::Bool(value) => Some(Spanned::new(value, node.span)),
            ScalarKind::Null | ScalarKind::Int | ScalarKind::Float | ScalarKind::Str => {
                cx.wrong_kind(node, Kind::Bool)
            }
        }
    }
}

impl Decode for Integer {
    fn kind() -> Kind {
        Kind::Int
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let scalar = cx.scalar(node, Kind::Int)?;
        if scalar.kind != ScalarKind::Int {
            return cx.wrong_kind(node, Kind::Int);
        }
        match scalar.text.parse() {
            Ok(value) => Some(Spanned::new(value, node.span)),
            Err(_) => {
                let what = "use a whole number of at most 64 bits, in decimal";
                cx.report(errors::number_out_of_range(&scalar.text, node.span, what));
                None
            }
        }
    }
}

/// A SQL expression, body or query: any scalar, with what is needed to find its characters again.
#[derive(Debug, Clone)]
pub struct SqlText {
    /// The decoded scalar.
    pub scalar: Scalar,
    /// Where it stands, quotes included.
    pub span: Span,
    /// The table that it was taken over for, where it stands in a mixin.
    pub instance: Option<Box<Instance>>,
}

impl SqlText {
    /// The SQL.
    pub fn text(&self) -> &SmolStr {
        &self.scalar.text
    }
}

impl Decode for SqlText {
    fn kind() -> Kind {
        Kind::Sql
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let scalar = cx.scalar(node, Kind::Sql)?;
        Some(Self { scalar: scalar.clone(), span: node.span, instance: None })
    }
}

/// A map from names, in order.
#[derive(Debug, Clone)]
pub struct NamedMap<T> {
    /// Its entries.
    pub entries: Vec<Named<T>>,
    /// The names behind which stands something else, which was reported.
    pub unread: Vec<Text>,
    /// Where the map stands, if it does.
    pub span: Option<Span>,
    /// Whether something else stands in its place, which was reported.
    pub is_unread: bool,
}

impl<T> Default for NamedMap<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), unread: Vec::new(), span: None, is_unread: false }
    }
}

impl<T> NamedMap<T> {
    /// Its entries.
    pub fn iter(&self) -> std::slice::Iter<'_, Named<T>> {
        self.entries.iter()
    }
}

impl<T: Decode> NamedMap<T> {
    /// Reads one entry more.
    pub(super) fn add(&mut self, entry: &Entry, cx: &mut Decoder<'_>) {
        let name = Spanned::new(entry.key.clone(), entry.key_span);
        let span = entry.key_span.to(entry.value.span);
        match T::decode(&entry.value, cx) {
            Some(value) => self.entries.push(Named { name, value, span }),
            None => self.unread.push(name),
        }
    }
}

impl<'a, T> IntoIterator for &'a NamedMap<T> {
    type Item = &'a Named<T>;
    type IntoIter = std::slice::Iter<'a, Named<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl<T: Decode> Field for NamedMap<T> {
    fn kind() -> Kind {
        Kind::Map(T::kind)
    }

    fn set(&mut self, node: &Node, cx: &mut Decoder<'_>) {
        self.span = Some(node.span);
        let NodeKind::Map(entries) = &node.kind else {
            if !is_null(node) {
                cx.wrong_kind::<()>(node, Self::kind());
                self.is_unread = true;
            }
            return;
        };
        self.entries.reserve(entries.len());
        for entry in entries {
            self.add(entry, cx);
        }
    }
}

/// Keys that are the user's own, with single values: storage parameters, settings, renames.
#[derive(Debug, Clone, Default)]
pub struct Pairs {
    /// In order.
    pub entries: Vec<(Text, Text)>,
}

impl Field for Pairs {
    fn kind() -> Kind {
        Kind::Map(|| Kind::Text)
    }

    fn set(&mut self, node: &Node, cx: &mut Decoder<'_>) {
        let mut map = NamedMap::<Text>::default();
        map.set(node, cx);
        if let NodeKind::Map(entries) = &node.kind {
            for entry in entries.iter().filter(|entry| is_null(&entry.value)) {
                cx.report(errors::no_value(entry));
            }
        }
        self.entries = map.entries.into_iter().map(|entry| (entry.name, entry.value)).collect();
    }
}
