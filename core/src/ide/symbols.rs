//! What a file defines, as an outline; and the objects around an offset.
//!
//! In: trees walked along the grammar. Out: [`DocumentSymbol`]s, nested as they are written, with the
//! names that the schema gives to what has none in the text.

use super::Project;
use super::names::{Lookup, child};
use super::place::{Expect, behind, flat, item, root};
use crate::grammar::Kind;
use crate::schema::ObjectId;
use crate::sort;
use crate::source::{FileId, Span};
use crate::syntax::{Entry, Node, NodeKind};

/// A thing that a file defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentSymbol {
    /// Its name; of an unnamed index, constraint, policy or trigger, the one that it gets.
    pub name: String,
    /// What the language calls it: `table`, `column`, `policy`.
    pub kind: &'static str,
    /// Everything that is said of it.
    pub span: Span,
    /// Its name, or where it begins.
    pub name_span: Span,
    /// What it holds.
    pub children: Vec<DocumentSymbol>,
}

/// The outline of a file.
pub fn symbols(project: &Project<'_>, file: FileId) -> Vec<DocumentSymbol> {
    let lookup = Lookup::new(project);
    let mut found = Vec::new();
    if let Some(tree) = project.tree(file) {
        outline(&lookup, tree, &root(), &mut found);
    }
    found
}

/// What all files define whose names hold the letters of `query` in their order, at most `limit`; the
/// container's name comes with each.
pub fn find_symbols(
    project: &Project<'_>,
    query: &str,
    limit: usize,
) -> Vec<(DocumentSymbol, Option<String>)> {
    let mut found = Vec::new();
    for (file, _) in project.sources.iter() {
        for mut symbol in symbols(project, file) {
            for child in std::mem::take(&mut symbol.children) {
                if fits(&child.name, query) {
                    found.push((child, Some(symbol.name.clone())));
                }
            }
            if fits(&symbol.name, query) {
                found.push((symbol, None));
            }
        }
    }
    sort::by_key(&mut found, |(symbol, container)| {
        (container.is_some(), symbol.name.len(), symbol.name.clone())
    });
    found.truncate(limit);
    found
}

fn fits(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    query.chars().flat_map(char::to_lowercase).all(|wanted| letters.any(|letter| letter == wanted))
}

/// The objects around `offset`, the innermost first.
pub fn objects_at(project: &Project<'_>, file: FileId, offset: u32) -> Vec<ObjectId> {
    let lookup = Lookup::new(project);
    let mut found = Vec::new();
    if let Some(tree) = project.tree(file) {
        around(&lookup, tree, offset, &mut found);
    }
    found.reverse();
    found
}

fn outline(lookup: &Lookup<'_>, node: &Node, expects: &[Expect], found: &mut Vec<DocumentSymbol>) {
    match &node.kind {
        NodeKind::Map(entries) => {
            let defines = flat(expects).iter().any(Expect::defines);
            for entry in entries {
                let below = behind(expects, &entry.key);
                match record_name(&below).filter(|_| defines) {
                    Some(kind) => found.push(DocumentSymbol {
                        name: entry.key.to_string(),
                        kind,
                        span: entry.key_span.to(entry.value.span),
                        name_span: entry.key_span,
                        children: inside(lookup, &entry.value, &below),
                    }),
                    None => outline(lookup, &entry.value, &below, found),
                }
            }
        }
        NodeKind::Seq(items) => {
            let below = item(expects);
            for each in items {
                let Some(kind) = record_name(&below) else { continue };
                let name = item_name(each);
                let Some(object) = item_object(lookup, each) else { continue };
                found.push(DocumentSymbol {
                    name: name.map_or_else(|| object_name(lookup, object), |(name, _)| name),
                    kind,
                    span: each.span,
                    name_span: item_name(each).map_or(each.span.at_start(), |(_, span)| span),
                    children: Vec::new(),
                });
            }
        }
        NodeKind::Scalar(_) => {}
    }
}

fn inside(lookup: &Lookup<'_>, node: &Node, expects: &[Expect]) -> Vec<DocumentSymbol> {
    let mut children = Vec::new();
    outline(lookup, node, expects, &mut children);
    children
}

fn record_name(expects: &[Expect]) -> Option<&'static str> {
    flat(expects).iter().find_map(|expect| match expect.kind {
        Kind::Record(record) => Some(record.name),
        _ => None,
    })
}

/// What a list's item calls itself.
fn item_name(node: &Node) -> Option<(String, Span)> {
    let name = child(node, "name")?;
    match &name.kind {
        NodeKind::Scalar(scalar) => Some((scalar.text.to_string(), name.span)),
        NodeKind::Seq(_) | NodeKind::Map(_) => None,
    }
}

/// The object that a list's item is: known by its name's place, else by its own.
fn item_object(lookup: &Lookup<'_>, node: &Node) -> Option<ObjectId> {
    let by_name = item_name(node).and_then(|(_, span)| lookup.written_at(span));
    by_name.or_else(|| lookup.written_at(node.span))
}

fn object_name(lookup: &Lookup<'_>, object: ObjectId) -> String {
    let schema = lookup.schema();
    let name = match object {
        ObjectId::Constraint(table, at) => {
            schema.tables.find(table).and_then(|it| Some(&it.constraints.get(at as usize)?.name))
        }
        ObjectId::Index(table, at) => {
            schema.tables.find(table).and_then(|it| Some(&it.indexes.get(at as usize)?.name))
        }
        ObjectId::Trigger(id) => schema.triggers.find(id).map(|it| &it.name),
        ObjectId::Policy(id) => schema.policies.find(id).map(|it| &it.name),
        ObjectId::Extension(id) => schema.extensions.find(id).map(|it| &it.name),
        _ => None,
    };
    name.map_or_else(|| schema.describe(object), ToString::to_string)
}

fn around(lookup: &Lookup<'_>, node: &Node, offset: u32, found: &mut Vec<ObjectId>) {
    let holds = |span: Span| span.start <= offset && offset <= span.end;
    match &node.kind {
        NodeKind::Map(entries) => {
            let holds_entry = |entry: &&Entry| holds(entry.key_span.to(entry.value.span));
            if let Some(entry) = entries.iter().find(holds_entry) {
                found.extend(lookup.written_at(entry.key_span));
                around(lookup, &entry.value, offset, found);
            }
        }
        NodeKind::Seq(items) => {
            if let Some(each) = items.iter().find(|each| holds(each.span)) {
                found.extend(item_object(lookup, each));
                around(lookup, each, offset, found);
            }
        }
        NodeKind::Scalar(_) => {}
    }
}
