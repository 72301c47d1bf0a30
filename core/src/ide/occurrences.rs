//! Every place in the sources where something is named or defined.
//!
//! In: a project. Out: spans with what they mean, scalar by scalar; [`at`] looks at one place only.
//! The same reading of keys, scalars and SQL for hover, definition, references and rename.

use smol_str::SmolStr;

use super::Project;
use super::cursor::{Role, unquoted};
use super::names::{Lookup, Meaning, Symbol};
use super::place::{
    Expect, Home, Place, Scope, behind, flat, item, note_column, root, scalars, within,
};
use super::sql::Sql;
use crate::grammar::{DefaultDef, Kind, TABLE_PLACEHOLDER};
use crate::sort;
use crate::source::{FileId, Span, TextMap};
use crate::syntax::{self, Node, NodeKind};

/// A name in the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Occurrence {
    /// The bytes of the name itself; of a quoted one, with its quotes in SQL, without them in YAML.
    pub(crate) span: Span,
    /// What it stands for.
    pub(crate) meaning: Meaning,
    /// The name, unquoted.
    pub(crate) text: SmolStr,
    /// Whether it stands in SQL.
    pub(crate) in_sql: bool,
}

/// The names in a scalar of which `expects` speak.
pub(crate) fn in_scalar(
    lookup: &Lookup<'_>,
    expects: &[Expect],
    scope: &Scope,
    text: &str,
    map: &TextMap,
) -> Vec<Occurrence> {
    let occurrence = |range: std::ops::Range<usize>, meaning, in_sql| {
        let name = text.get(range.clone()).unwrap_or_default();
        let name = if in_sql { crate::sql::ident::unquote_ident(name).into() } else { name.into() };
        Occurrence {
            span: map.up(range.start as u32..range.end as u32),
            meaning,
            text: name,
            in_sql,
        }
    };
    for expect in scalars(expects) {
        let found: Vec<Occurrence> = match (expect.names, expect.kind) {
            (Some(names), _) => lookup
                .meanings(names, scope, text)
                .into_iter()
                .map(|(range, symbol)| occurrence(range, Meaning::Known(symbol), false))
                .collect(),
            (None, Kind::Type) => lookup
                .type_meaning(text)
                .into_iter()
                .map(|(range, symbol)| occurrence(range, Meaning::Known(symbol), false))
                .collect(),
            (None, Kind::Sql | Kind::Body) => {
                let sql = Sql::new(&sql_text(text));
                let home = sql_home(&expect, scope);
                sql.names
                    .iter()
                    .flat_map(|name| lookup.sql_meaning(&sql, name, &home))
                    .map(|(range, meaning)| occurrence(range, meaning, true))
                    .collect()
            }
            _ => Vec::new(),
        };
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// SQL with the placeholder of mixins as a name of the same length.
pub(crate) fn sql_text(text: &str) -> SmolStr {
    if text.contains(TABLE_PLACEHOLDER) {
        text.replace(TABLE_PLACEHOLDER, "_table_").into()
    } else {
        text.into()
    }
}

/// Whose columns an expression may name: a default's are nobody's.
pub(crate) fn sql_home(expect: &Expect, scope: &Scope) -> Home {
    let is_default = expect
        .under
        .is_some_and(|(record, key)| key.name == "default" || record.is(DefaultDef::RECORD));
    match (&scope.beside, is_default) {
        (_, true) => Home::None,
        (Some(table), false) => Home::Relation(crate::resolve::reference(table)),
        (None, false) => scope.home.clone(),
    }
}

/// The names at a place: of several, the one that `offset` touches.
pub(crate) fn at(lookup: &Lookup<'_>, place: &Place, offset: u32) -> Option<(Span, Symbol)> {
    let source = lookup.project.sources.get(place.file)?;
    let touches = |span: Span| span.start <= offset && offset <= span.end;
    let key = |text: &str, span: Span| {
        let map = TextMap::verbatim(span);
        let found = in_key(lookup, &place.expects, &place.scope, text, &map, place.span());
        found.into_iter().find(|found| touches(found.span))
    };
    let found = match place.cursor.role {
        Role::NewKey => None,
        Role::Key => {
            let raw = source.text.get(place.cursor.word.clone())?;
            let inner = unquoted(raw);
            let start = place.span().start + u32::from(inner.len() < raw.len());
            key(inner, Span::new(place.file, start..start + inner.len() as u32))
        }
        Role::Value | Role::Start => {
            let (text, map) = place.scalar(&source.text, lookup.project.tree(place.file));
            let found = in_scalar(lookup, &place.expects, &place.scope, &text, &map);
            found.into_iter().find(|found| touches(found.span)).or_else(|| {
                let object = lookup.written_at(place.span())?;
                let meaning = Meaning::Known(Symbol::Object(object));
                Some(Occurrence { span: place.span(), meaning, text, in_sql: false })
            })
        }
    }?;
    match found.meaning {
        Meaning::Known(symbol) | Meaning::Likely(symbol) => Some((found.span, symbol)),
        Meaning::Unclear | Meaning::Unknown => None,
    }
}

/// The names in a key of a map of which `expects` speak. `span` is the key's with its quotes.
fn in_key(
    lookup: &Lookup<'_>,
    expects: &[Expect],
    scope: &Scope,
    text: &str,
    map: &TextMap,
    span: Span,
) -> Vec<Occurrence> {
    let mut found = Vec::new();
    for expect in flat(expects) {
        if let (Kind::Map(_), Some(names)) = (expect.kind, expect.names) {
            for (range, symbol) in lookup.meanings(names, scope, text) {
                let span = map.up(range.start as u32..range.end as u32);
                let text = text.get(range).unwrap_or_default().into();
                found.push(Occurrence {
                    span,
                    meaning: Meaning::Known(symbol),
                    text,
                    in_sql: false,
                });
            }
        } else if expect.defines() {
            let defined = lookup.written_at(span).map_or(Symbol::Key(span), Symbol::Object);
            let parts = super::names::parts(text);
            let is_section =
                expect.under.is_some_and(|(record, _)| record.is(crate::grammar::FileDef::RECORD));
            match parts.as_slice() {
                [.., _, (range, _)] if is_section => {
                    let span = map.up(range.start as u32..range.end as u32);
                    let text = text.get(range.clone()).unwrap_or_default().into();
                    found.push(Occurrence {
                        span,
                        meaning: Meaning::Known(defined),
                        text,
                        in_sql: false,
                    });
                }
                _ => {
                    let span = map.up(0..text.len() as u32);
                    let meaning = Meaning::Known(defined);
                    found.push(Occurrence { span, meaning, text: text.into(), in_sql: false });
                }
            }
        }
    }
    found
}

/// Every name of the project, file by file, in the order of the text. Copies that aliases make count once.
pub(crate) fn all(lookup: &Lookup<'_>) -> Vec<Occurrence> {
    let files = lookup.project.sources.iter().map(|(file, _)| file);
    let mut found: Vec<Occurrence> = files.flat_map(|file| in_file(lookup, file)).collect();
    sort::by_key(&mut found, |occurrence| (occurrence.span, occurrence.in_sql));
    found.dedup();
    found
}

/// The names in a file, as the walk meets them.
pub(crate) fn in_file(lookup: &Lookup<'_>, file: FileId) -> Vec<Occurrence> {
    let mut found = Vec::new();
    if let (Some(tree), Some(source)) =
        (lookup.project.tree(file), lookup.project.sources.get(file))
    {
        let mut walk = Walk { lookup, file, text: &source.text, found: &mut found };
        walk.node(tree, &root(), &Scope::default(), None);
    }
    found
}

struct Walk<'w, 'a> {
    lookup: &'w Lookup<'a>,
    file: FileId,
    text: &'w str,
    found: &'w mut Vec<Occurrence>,
}

impl Walk<'_, '_> {
    fn node(&mut self, node: &Node, expects: &[Expect], scope: &Scope, name: Option<&str>) {
        match &node.kind {
            NodeKind::Map(entries) => {
                let get = |wanted: &str| {
                    let entry = entries.iter().find(|entry| entry.key == wanted)?;
                    match &entry.value.kind {
                        NodeKind::Scalar(scalar) if !scalar.text.is_empty() => {
                            Some(scalar.text.clone())
                        }
                        _ => None,
                    }
                };
                let scope = within(expects, scope, name, &get);
                for entry in entries {
                    if let Some(map) = self.key_map(entry.key_span, &entry.key) {
                        let names =
                            in_key(self.lookup, expects, &scope, &entry.key, &map, entry.key_span);
                        self.found.extend(names);
                    }
                    let mut inner = scope.clone();
                    note_column(&mut inner, expects, &entry.key);
                    self.node(&entry.value, &behind(expects, &entry.key), &inner, Some(&entry.key));
                }
            }
            NodeKind::Seq(items) => {
                let below = item(expects);
                for each in items {
                    self.node(each, &below, scope, name);
                }
            }
            NodeKind::Scalar(scalar) => {
                let map = syntax::text_map(self.text, node.span, scalar);
                if let Some(map) = map.filter(|_| node.span.file == self.file) {
                    let names = in_scalar(self.lookup, expects, scope, &scalar.text, &map);
                    if names.is_empty()
                        && let Some(object) = self.lookup.written_at(node.span)
                    {
                        let meaning = Meaning::Known(Symbol::Object(object));
                        let text = scalar.text.clone();
                        self.found.push(Occurrence {
                            span: node.span,
                            meaning,
                            text,
                            in_sql: false,
                        });
                    }
                    self.found.extend(names);
                }
            }
        }
    }

    /// The bytes of a key without its quotes; none where it holds escapes.
    fn key_map(&self, span: Span, key: &str) -> Option<TextMap> {
        let raw = self.text.get(span.range()).filter(|_| span.file == self.file)?;
        let at = raw.find(key)? as u32;
        Some(TextMap::verbatim(Span::new(
            span.file,
            span.start + at..span.start + at + key.len() as u32,
        )))
    }
}

impl Project<'_> {
    /// The tree of a file.
    pub(crate) fn tree(&self, file: FileId) -> Option<&Node> {
        self.trees.get(file.index()).copied()
    }
}
