//! From an offset to what stands there in terms of the grammar.
//!
//! In: a text and an offset, or a node of the tree on a walk. Out: a [`Place`]: what the grammar
//! expects, in which records, and the [`Scope`] in which names are meant. The one place where keys on
//! the way from the root are given their meaning; every feature starts here.

use std::ops::Range;

use smol_str::SmolStr;

use super::cursor::{Cursor, Entry, Filling, Role, Step, said, unquoted};
use super::scan::cursor;
use crate::grammar::{
    DomainDef, EnumDef, FileDef, ForeignTargetDef, FunctionDef, GrantDef, Key, Kind, MixinDef,
    Names, OverridesDef, PolicyDef, PublicationTableDef, Record, ReferenceDef, TableDef,
    TriggerDef, ViewDef,
};
use crate::resolve::{declared, reference};
use crate::schema::QualifiedName;
use crate::source::{FileId, Span, TextMap};
use crate::syntax::{self, Node, NodeKind};

/// What may stand in a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expect {
    /// What.
    pub(crate) kind: Kind,
    /// What it names, if it is a name; of a map, what its keys name.
    pub(crate) names: Option<Names>,
    /// The key that it stands behind, and its record.
    pub(crate) under: Option<(&'static Record, &'static Key)>,
}

/// Whose names an unqualified name is looked for among.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Home {
    /// Nobody's.
    #[default]
    None,
    /// A table's or view's columns.
    Relation(QualifiedName),
    /// A mixin's columns, and those of the tables that use it.
    Mixin(SmolStr),
    /// A function, whose arguments may be named.
    Function(QualifiedName),
    /// An enum's labels.
    Enum(QualifiedName),
    /// A domain, whose checks speak of `VALUE`.
    Domain(QualifiedName),
}

/// The surroundings that give names their meaning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    /// The object around.
    pub(crate) home: Home,
    /// The table that is named beside, as written.
    pub(crate) beside: Option<SmolStr>,
    /// The name of the column around.
    pub(crate) column: Option<SmolStr>,
}

/// Where an offset is.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The file.
    pub(crate) file: FileId,
    /// The words and brackets around.
    pub(crate) cursor: Cursor,
    /// What may stand here; for a key, its map.
    pub(crate) expects: Vec<Expect>,
    /// What names mean here.
    pub(crate) scope: Scope,
}

/// What a schema file is.
pub(crate) fn root() -> Vec<Expect> {
    vec![Expect { kind: Kind::Record(FileDef::RECORD), names: None, under: None }]
}

/// What may stand behind `key` in a map of which `expects` speak.
pub(crate) fn behind(expects: &[Expect], key: &str) -> Vec<Expect> {
    let mut found = Vec::new();
    for expect in flat(expects) {
        match expect.kind {
            Kind::Record(record) => {
                if let Some(known) = record.key(key) {
                    let under = Some((record, known));
                    // A record and a list of it are two ways to the same key.
                    let is_same = |other: &Expect| {
                        other
                            .under
                            .is_some_and(|(found, key)| found.is(record) && key.name == known.name)
                    };
                    if !found.iter().any(is_same) {
                        found.push(Expect { kind: (known.kind)(), names: known.names, under });
                    }
                }
            }
            Kind::Map(value) => found.push(Expect { kind: value(), names: None, ..expect }),
            Kind::List(item) => {
                let item = Expect { kind: item(), ..expect };
                let named = item.kind.by_name().is_some_and(|record| record.key(key).is_none());
                found.extend(if named { vec![item] } else { behind(&[item], key) });
            }
            _ => {}
        }
    }
    found
}

/// What may be an item of a list of which `expects` speak.
pub(crate) fn item(expects: &[Expect]) -> Vec<Expect> {
    let items = flat(expects).into_iter().filter_map(|expect| match expect.kind {
        Kind::List(item) => Some(Expect { kind: item(), ..expect }),
        _ => None,
    });
    items.collect()
}

/// The alternatives one by one: those of `Either`, and the short forms of records.
pub(crate) fn flat(expects: &[Expect]) -> Vec<Expect> {
    let mut all = Vec::new();
    for expect in expects {
        match expect.kind {
            Kind::Either(kinds) => {
                let each: Vec<Expect> =
                    kinds.iter().map(|kind| Expect { kind: kind(), ..*expect }).collect();
                all.extend(flat(&each));
            }
            Kind::Record(record) => {
                all.push(*expect);
                if let Some(short) = record.short {
                    all.extend(flat(&[Expect { kind: short(), ..*expect }]));
                }
            }
            _ => all.push(*expect),
        }
    }
    all
}

/// What may stand as a scalar: one item of a list may do without its brackets.
pub(crate) fn scalars(expects: &[Expect]) -> Vec<Expect> {
    let mut all = Vec::new();
    for expect in flat(expects) {
        match expect.kind {
            Kind::List(item) => all.extend(scalars(&[Expect { kind: item(), ..expect }])),
            Kind::Record(_) | Kind::Map(_) | Kind::Either(_) => {}
            Kind::Name(names) => all.push(Expect { names: Some(names), ..expect }),
            _ => all.push(expect),
        }
    }
    all
}

impl Expect {
    /// Whether the keys of this map define things: `users` in `tables`.
    pub(crate) const fn defines(&self) -> bool {
        matches!(self.kind, Kind::Map(_)) && self.names.is_none()
    }
}

impl Scope {
    /// The surroundings inside a map that `record` describes, which stands behind the key `name`.
    /// `get` gives the scalar behind one of its keys.
    #[must_use]
    pub(crate) fn enter(
        &self,
        record: &'static Record,
        name: Option<&str>,
        get: &dyn Fn(&str) -> Option<SmolStr>,
    ) -> Self {
        let is = |other: &'static Record| record.is(other);
        let own = || declared(name.unwrap_or_default(), get("schema").as_deref());
        let mut scope = self.clone();
        if is(TableDef::RECORD) || is(ViewDef::RECORD) {
            scope.home = Home::Relation(own());
        } else if is(MixinDef::RECORD) {
            scope.home = Home::Mixin(name.unwrap_or_default().into());
        } else if is(FunctionDef::RECORD) {
            scope.home = Home::Function(own());
        } else if is(EnumDef::RECORD) {
            scope.home = Home::Enum(own());
        } else if is(DomainDef::RECORD) {
            scope.home = Home::Domain(own());
        } else if is(OverridesDef::RECORD) {
            scope.home = Home::Relation(reference(name.unwrap_or_default()));
        } else if is(PolicyDef::RECORD) || is(TriggerDef::RECORD) {
            if let Some(table) = get("table") {
                scope.home = Home::Relation(reference(&table));
            }
        } else if is(ReferenceDef::RECORD)
            || is(ForeignTargetDef::RECORD)
            || is(PublicationTableDef::RECORD)
        {
            scope.beside = get("table");
        } else if is(GrantDef::RECORD) {
            scope.beside = get("on");
        }
        scope
    }

    /// The table of a column that is named beside its table.
    pub(crate) fn other(&self) -> Option<QualifiedName> {
        match (&self.beside, &self.home) {
            (Some(text), _) => Some(reference(text)),
            (None, Home::Relation(name)) => Some(name.clone()),
            (None, _) => None,
        }
    }
}

/// The place of `offset` in a file.
pub(crate) fn place(file: FileId, text: &str, offset: usize) -> Option<Place> {
    let cursor = cursor(text, offset)?;
    let mut expects = root();
    let mut scope = Scope::default();
    let mut name: Option<SmolStr> = None;
    for step in &cursor.steps {
        match step {
            Step::Key { key, entries } => {
                let key: SmolStr = said(text.get(key.clone()).unwrap_or_default()).into();
                scope = within(&expects, &scope, name.as_deref(), &getter(text, entries));
                note_column(&mut scope, &expects, &key);
                expects = behind(&expects, &key);
                name = Some(key);
            }
            Step::Item(_) => expects = item(&expects),
        }
    }
    if matches!(cursor.role, Role::Key | Role::NewKey | Role::Start) {
        scope = within(&expects, &scope, name.as_deref(), &getter(text, &cursor.entries));
    }
    // A value in its short form is at home in the object that it is: the labels of an enum.
    if matches!(cursor.role, Role::Value) {
        scope = within_short(&expects, &scope, name.as_deref());
    }
    Some(Place { file, cursor, expects, scope })
}

/// The surroundings inside a map.
pub(crate) fn within(
    expects: &[Expect],
    scope: &Scope,
    name: Option<&str>,
    get: &dyn Fn(&str) -> Option<SmolStr>,
) -> Scope {
    let record = flat(expects).into_iter().find_map(|expect| match expect.kind {
        Kind::Record(record) => Some(record),
        Kind::List(item) => match item() {
            Kind::Record(record) => Some(record),
            _ => None,
        },
        _ => None,
    });
    record.map_or_else(|| scope.clone(), |record| scope.enter(record, name, get))
}

fn within_short(expects: &[Expect], scope: &Scope, name: Option<&str>) -> Scope {
    let is_short = expects
        .iter()
        .any(|expect| matches!(expect.kind, Kind::Record(record) if record.short.is_some()));
    if is_short { within(expects, scope, name, &|_| None) } else { scope.clone() }
}

/// Remembers the column whose description is entered.
pub(crate) fn note_column(scope: &mut Scope, expects: &[Expect], key: &str) {
    let is_column = |expect: &Expect| {
        expect.defines() && expect.under.is_some_and(|(_, under)| under.name == "columns")
    };
    if expects.iter().any(is_column) {
        scope.column = Some(key.into());
    }
}

fn getter<'t>(text: &'t str, entries: &'t [Entry]) -> impl Fn(&str) -> Option<SmolStr> + 't {
    move |wanted| {
        let slice = |range: &Range<usize>| said(text.get(range.clone()).unwrap_or_default());
        entries.iter().find_map(|entry| match &entry.value {
            Filling::Scalar(value) if slice(&entry.key) == wanted => Some(slice(value).into()),
            _ => None,
        })
    }
}

impl Place {
    /// The bytes of the word.
    pub(crate) fn span(&self) -> Span {
        Span::new(self.file, self.cursor.word.start as u32..self.cursor.word.end as u32)
    }

    /// The decoded scalar under the cursor, and the way back to the file: by the tree where it has
    /// one there, else as it stands without its quotes.
    pub(crate) fn scalar(&self, text: &str, tree: Option<&Node>) -> (SmolStr, TextMap) {
        let found = tree.and_then(|tree| scalar_at(tree, &self.cursor.steps, text));
        if let Some(node) = found
            && let NodeKind::Scalar(scalar) = &node.kind
            && self.span().start <= node.span.end
            && node.span.start <= self.span().end
            && let Some(map) = syntax::text_map(text, node.span, scalar)
        {
            return (scalar.text.clone(), map);
        }
        let word = &self.cursor.word;
        let raw = text.get(word.clone()).unwrap_or_default();
        let inner = unquoted(raw);
        let skipped = usize::from(raw.starts_with(['"', '\'']));
        let start = (word.start + skipped.min(raw.len())) as u32;
        let span = Span::new(self.file, start..start + inner.len() as u32);
        (inner.into(), TextMap::verbatim(span))
    }
}

/// The scalar that the steps lead to.
fn scalar_at<'n>(tree: &'n Node, steps: &[Step], text: &str) -> Option<&'n Node> {
    let mut node = tree;
    for step in steps {
        node = match (step, &node.kind) {
            (Step::Key { key, .. }, NodeKind::Map(entries)) => {
                let start = key.start as u32;
                let by_place = entries.iter().find(|entry| entry.key_span.start == start);
                let name = said(text.get(key.clone()).unwrap_or_default());
                &by_place.or_else(|| entries.iter().find(|entry| *entry.key == *name))?.value
            }
            (Step::Item(index), NodeKind::Seq(items)) => items.get(*index)?,
            _ => return None,
        };
    }
    matches!(node.kind, NodeKind::Scalar(_)).then_some(node)
}
