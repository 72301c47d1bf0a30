//! Reading a tree by the grammar.

use super::{Key, Kind, Record, Word, WordInfo, errors};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Sources, Span, Spanned};
use crate::syntax::{Entry, Node, NodeKind, Scalar, ScalarKind, ScalarStyle};

/// A thing that can stand behind a key or in a list.
pub trait Decode: Sized {
    /// What may stand there.
    fn kind() -> Kind;

    /// Reads it; reports and gives `None` where it cannot be read.
    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self>;

    /// Whether null is a value of it, not an absence.
    const NULLABLE: bool = false;
}

/// A field of a record: how a value gets into it.
pub trait Field: Default {
    /// What may stand behind the key.
    fn kind() -> Kind;

    /// Reads the value into the field.
    fn set(&mut self, node: &Node, cx: &mut Decoder<'_>);
}

impl<T: Decode> Field for Option<T> {
    fn kind() -> Kind {
        T::kind()
    }

    fn set(&mut self, node: &Node, cx: &mut Decoder<'_>) {
        if T::NULLABLE || !is_null(node) {
            *self = T::decode(node, cx);
        }
    }
}

/// What most records do not have, and is large.
impl<T: Decode> Decode for Box<T> {
    const NULLABLE: bool = T::NULLABLE;

    fn kind() -> Kind {
        T::kind()
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        T::decode(node, cx).map(Self::new)
    }
}

/// A list; one element may stand without the brackets, and things with names may be a map from them.
impl<T: Decode> Field for Vec<T> {
    fn kind() -> Kind {
        Kind::List(T::kind)
    }

    fn set(&mut self, node: &Node, cx: &mut Decoder<'_>) {
        match &node.kind {
            NodeKind::Seq(items) => {
                self.reserve_exact(items.len());
                self.extend(items.iter().filter_map(|item| T::decode(item, cx)));
            }
            NodeKind::Scalar(_) if is_null(node) => {}
            NodeKind::Map(entries) if is_by_name(T::kind(), entries) => {
                let items = entries.iter().map(|entry| item_of(T::kind(), entry));
                self.extend(items.filter_map(|item| T::decode(&item, cx)));
            }
            NodeKind::Scalar(_) | NodeKind::Map(_) => self.extend(T::decode(node, cx)),
        }
    }
}

/// Whether `entries` lead from names to things of this kind, `readers: {command: select}`, and are not
/// one such thing itself.
pub(crate) fn is_by_name(kind: Kind, entries: &[Entry]) -> bool {
    let Some(record) = kind.by_name() else { return false };
    let is_named = |entry: &Entry| match &entry.value.kind {
        NodeKind::Map(_) => true,
        NodeKind::Scalar(_) => {
            is_null(&entry.value) || (record.short.is_some() && record.needed().is_some())
        }
        NodeKind::Seq(_) => false,
    };
    !entries.is_empty()
        && entries.iter().all(|entry| record.key(&entry.key).is_none() && is_named(entry))
}

/// The list's item that an entry from a name stands for: with the name inside. What is no map is what
/// the item cannot do without.
fn item_of(kind: Kind, entry: &Entry) -> Node {
    let said = |key: &str, key_span, value| Entry {
        key: key.into(),
        key_kind: ScalarKind::Str,
        key_span,
        value,
    };
    let text = entry.key.clone();
    let scalar = Scalar { text, style: ScalarStyle::Plain, kind: ScalarKind::Str };
    let name = Node { span: entry.key_span, kind: NodeKind::Scalar(scalar) };
    let mut entries = vec![said("name", entry.key_span, name)];
    match (&entry.value.kind, kind.by_name().and_then(Record::needed)) {
        (NodeKind::Map(rest), _) => entries.extend(rest.iter().cloned()),
        (_, Some(key)) if !is_null(&entry.value) => {
            entries.push(said(key.name, entry.value.span, entry.value.clone()));
        }
        _ => {}
    }
    Node { span: entry.key_span.to(entry.value.span), kind: NodeKind::Map(entries) }
}

/// Whether the entry's key is `key` or another spelling of it.
fn names(record: &'static Record, entry: &Entry, key: &str) -> bool {
    record.key(&entry.key).is_some_and(|known| known.name == key)
}

/// `word` as words are spelt here. `NO ACTION`, `on-update`: what people type who come from SQL or
/// TypeScript.
fn folded(word: &str) -> String {
    word.trim().to_lowercase().replace([' ', '-'], "_")
}

/// Whether the node says nothing: missing, `null` or `~`.
pub(super) fn is_null(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Scalar(Scalar { kind: ScalarKind::Null, .. }))
}

/// Whether the node says nothing, or is a list of nothing.
pub(super) fn is_empty(node: &Node) -> bool {
    is_null(node) || matches!(&node.kind, NodeKind::Seq(items) if items.is_empty())
}

/// Where the findings of decoding go.
pub struct Decoder<'a> {
    sources: &'a Sources,
    sink: &'a mut Diagnostics,
    /// The keys that were given in the records that are being read, the innermost last.
    given: Vec<(&'static str, Span)>,
    /// Where those of the innermost record begin.
    innermost: usize,
}

impl<'a> Decoder<'a> {
    /// Reads texts of `sources`, reports to `sink`.
    pub fn new(sources: &'a Sources, sink: &'a mut Diagnostics) -> Self {
        Self { sources, sink, given: Vec::new(), innermost: 0 }
    }

    /// Adds a finding.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }

    /// Reports that something else than `kind` stands here. An alias that names nothing was reported.
    pub fn wrong_kind<T>(&mut self, node: &Node, kind: Kind) -> Option<T> {
        if !node.is_broken_alias() {
            self.report(errors::wrong_kind(node, kind));
        }
        None
    }

    /// The scalar at `node`; reports anything else.
    pub fn scalar<'n>(&mut self, node: &'n Node, kind: Kind) -> Option<&'n Scalar> {
        match &node.kind {
            NodeKind::Scalar(scalar) => Some(scalar),
            NodeKind::Seq(_) | NodeKind::Map(_) => self.wrong_kind(node, kind),
        }
    }

    /// One word of a closed set.
    pub fn word<W: Word>(&mut self, node: &Node) -> Option<Spanned<W>> {
        let word = W::ALL.get(self.position(node, W::WORDS)?)?;
        Some(Spanned::new(*word, node.span))
    }

    /// Which of `words` stands at `node`; reports anything else.
    fn position(&mut self, node: &Node, words: &'static [WordInfo]) -> Option<usize> {
        let text = &self.scalar(node, Kind::Word(words))?.text;
        let find = |text: &str| words.iter().position(|word| word.text == text);
        let found = find(text).or_else(|| find(&folded(text)));
        if found.is_none() {
            self.report(errors::unknown_word(text, node.span, words));
        }
        found
    }

    /// Gives each entry of a record to `read`, which says whether it knows the key. Recognises the
    /// commas of `numeric(10,2)` and `select a, b from t` that split a flow map.
    pub fn entries(
        &mut self,
        record: &'static Record,
        entries: &[Entry],
        read: &mut dyn FnMut(&Entry, &Node, &mut Self) -> bool,
    ) {
        let outer = std::mem::replace(&mut self.innermost, self.given.len());
        let mut rest = entries;
        while let [entry, after @ ..] = rest {
            rest = after;
            let joined = self.rejoin(record, entry, after);
            let value = match &joined {
                Some((value, others)) => {
                    rest = others;
                    self.report(errors::flow_comma_split(value));
                    value
                }
                None => &entry.value,
            };
            if !read(entry, value, self) {
                self.report(errors::unknown_key(record, entry));
                // Read as what it was meant to be, for whatever else is to be said.
                if let Some(meant) = errors::meant_key(record, &entry.key)
                    && !entries.iter().any(|entry| names(record, entry, meant))
                {
                    read(&Entry { key: meant.into(), ..entry.clone() }, value, self);
                }
            }
        }
        self.given.truncate(self.innermost);
        self.innermost = outer;
    }

    /// `type: numeric(10` followed by `2):` is `type: numeric(10,2)` split at its comma; of SQL, whatever
    /// follows that is no key. Gives the whole value, and the entries behind it.
    fn rejoin<'e>(
        &self,
        record: &'static Record,
        entry: &Entry,
        after: &'e [Entry],
    ) -> Option<(Node, &'e [Entry])> {
        let NodeKind::Scalar(value) = &entry.value.kind else { return None };
        if value.style != ScalarStyle::Plain {
            return None;
        }
        let is_sql = || {
            record.key(&entry.key).is_some_and(|key| matches!((key.kind)(), Kind::Sql | Kind::Body))
        };
        let opened = value.text.matches('(').count() > value.text.matches(')').count();
        let is_part = |next: &&Entry| is_null(&next.value) && record.key(&next.key).is_none();
        let ends = |next: &Entry| {
            let closed = next.key.matches(')').count() > next.key.matches('(').count();
            let is_meant = || errors::meant_key(record, &next.key).is_some();
            opened && closed || next.key.contains(' ') && is_sql() && !is_meant()
        };
        let parts = after.iter().take_while(is_part).count();
        let last = after.get(..parts)?.iter().rposition(ends)?;
        let (parts, rest) = after.split_at_checked(last + 1)?;
        let span = entry.value.span.to(parts.last()?.key_span);
        let text = self.sources.slice(span).into();
        let scalar = Scalar { text, style: ScalarStyle::Plain, kind: ScalarKind::Str };
        Some((Node { span, kind: NodeKind::Scalar(scalar) }, rest))
    }

    /// Notes that a key of the record that is being read was given; reports a second spelling of it.
    pub fn once(&mut self, key: &'static str, entry: &Entry) -> bool {
        let mut given = self.given.iter().skip(self.innermost);
        if let Some((_, first)) = given.find(|(known, _)| *known == key) {
            self.report(errors::same_key_twice(key, entry, *first));
            return false;
        }
        self.given.push((key, entry.key_span));
        true
    }

    /// Reports the required keys that were not given, or say nothing.
    pub fn required(&mut self, record: &'static Record, span: Span, entries: &[Entry]) {
        let gives = |key: &Key, entry: &Entry| {
            let is_meant = || errors::meant_key(record, &entry.key) == Some(key.name);
            !is_empty(&entry.value) && (names(record, entry, key.name) || is_meant())
        };
        let missing = |key: &&Key| key.required && !entries.iter().any(|entry| gives(key, entry));
        for key in record.keys.iter().filter(missing) {
            self.report(errors::missing_key(record, key, span));
        }
    }
}
