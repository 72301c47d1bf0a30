//! Changes that an editor offers at a place, beside the repairs that diagnostics bring.
//!
//! In: a project and a range. Out: [`Action`]s with their edits, which keep comments and layout.

use super::Project;
use super::names::{Lookup, child, entries};
use super::symbols::objects_at;
use crate::diagnostic::Edit;
use crate::schema::{
    ConstraintKind, IndexTarget, ObjectId, Ownership, RowSecurity, Table, TableId,
};
use crate::source::{FileId, Span};
use crate::syntax::{Entry, Node, NodeKind};

/// A change that can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it does, as a command.
    pub title: String,
    /// Edits that do not overlap.
    pub edits: Vec<Edit>,
}

/// What can be done at `offset`: give a foreign key its index, a table its row-level security, a short
/// column its long form.
pub fn actions(project: &Project<'_>, file: FileId, offset: u32) -> Vec<Action> {
    let lookup = Lookup::new(project);
    let mut found = Vec::new();
    for object in objects_at(project, file, offset) {
        match object {
            ObjectId::Column(table, at) => {
                found.extend(index_action(&lookup, table, at));
                found.extend(long_form(&lookup, object));
            }
            ObjectId::Table(table) => found.extend(security_action(&lookup, table)),
            _ => {}
        }
    }
    found
}

/// An index on a foreign key's column that has none: without it, deleting a row of the other table
/// reads all of this one.
fn index_action(lookup: &Lookup<'_>, id: TableId, at: u32) -> Option<Action> {
    let table = lookup.schema().tables.find(id)?;
    let column = &table.columns.get(at as usize)?.name;
    let is_key = table.constraints.iter().any(|constraint| match &constraint.kind {
        ConstraintKind::ForeignKey(key) => key.columns.as_slice() == [column.clone()],
        _ => false,
    });
    if !is_key || has_index(table, column) {
        return None;
    }
    let item = format!("{{ columns: [{}] }}", super::complete::plain(column, true));
    let edit = add_item(lookup, id, "indexes", &item)?;
    Some(Action { title: format!("add an index on `{column}`"), edits: vec![edit] })
}

/// Whether an index begins with the column, that of a key included.
fn has_index(table: &Table, column: &str) -> bool {
    let by_key = table.constraints.iter().any(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { columns } | ConstraintKind::Unique { columns, .. } => {
            columns.first().is_some_and(|first| *first == *column)
        }
        ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclude(_) => false,
    });
    let first = |index: &crate::schema::Index| match index.elements.first().map(|it| &it.target) {
        Some(IndexTarget::Column(name)) => *name == *column,
        Some(IndexTarget::Expr(_)) | None => false,
    };
    by_key || table.indexes.iter().any(first)
}

fn security_action(lookup: &Lookup<'_>, id: TableId) -> Option<Action> {
    let table = lookup.schema().tables.find(id)?;
    if table.ownership == Ownership::External || table.row_security != RowSecurity::Disabled {
        return None;
    }
    let entry = entry_of(lookup, ObjectId::Table(id))?;
    let title = "enable row-level security".to_owned();
    let edit = match child(&entry.value, "rls") {
        Some(rls) => Edit { span: rls.span, text: "enabled".to_owned() },
        None => add_key(lookup, entry, "rls", "enabled")?,
    };
    Some(Action { title, edits: vec![edit] })
}

/// `id: uuid` as `id: { type: uuid }`, to say more.
fn long_form(lookup: &Lookup<'_>, object: ObjectId) -> Option<Action> {
    let entry = entry_of(lookup, object)?;
    let NodeKind::Scalar(scalar) = &entry.value.kind else { return None };
    let written = lookup.project.sources.slice(entry.value.span);
    if written.is_empty() {
        return None;
    }
    let is_quoted = written.starts_with(['"', '\'']);
    let ty = if is_quoted { written.into() } else { super::complete::plain(&scalar.text, true) };
    let edit = Edit { span: entry.value.span, text: format!("{{ type: {ty} }}") };
    Some(Action { title: format!("write `{}` as a map", entry.key), edits: vec![edit] })
}

/// The entry that defines a table or column.
fn entry_of<'a>(lookup: &Lookup<'a>, object: ObjectId) -> Option<&'a Entry> {
    let span = lookup.definition(super::names::Symbol::Object(object))?;
    let tree = lookup.project.trees.get(span.file.index())?;
    find(tree, span)
}

fn find(node: &Node, key: Span) -> Option<&Entry> {
    match &node.kind {
        NodeKind::Map(all) => all.iter().find_map(|entry| {
            if entry.key_span == key {
                return Some(entry);
            }
            let holds = entry.value.span.start <= key.start && key.end <= entry.value.span.end;
            if holds { find(&entry.value, key) } else { None }
        }),
        NodeKind::Seq(items) => items.iter().find_map(|item| find(item, key)),
        NodeKind::Scalar(_) => None,
    }
}

/// Adds an item to a list of a table, which is made where it is missing.
fn add_item(lookup: &Lookup<'_>, table: TableId, key: &str, item: &str) -> Option<Edit> {
    let entry = entry_of(lookup, ObjectId::Table(table))?;
    let Some(node) = child(&entry.value, key) else {
        let first = entries(&entry.value).first()?;
        let value = if is_flow(lookup, &entry.value) {
            format!("[{item}]")
        } else {
            format!("\n{}  - {item}", " ".repeat(column_of(lookup, first.key_span)))
        };
        return add_key(lookup, entry, key, &value);
    };
    let NodeKind::Seq(items) = &node.kind else { return None };
    let Some(last) = items.last() else {
        return Some(Edit { span: node.span, text: format!("[{item}]") });
    };
    let text = if is_flow(lookup, node) {
        format!(", {item}")
    } else {
        format!("\n{}- {item}", " ".repeat(column_of(lookup, node.span)))
    };
    Some(Edit { span: Span::new(last.span.file, last.span.end..last.span.end), text })
}

/// Adds a key to a map, behind its last entry.
fn add_key(lookup: &Lookup<'_>, entry: &Entry, key: &str, value: &str) -> Option<Edit> {
    let last = entries(&entry.value).last()?;
    let end = last.value.span.end.max(last.key_span.end);
    let at = Span::new(last.key_span.file, end..end);
    let space = if value.starts_with('\n') { "" } else { " " };
    let text = if is_flow(lookup, &entry.value) {
        format!(", {key}:{space}{value}")
    } else {
        let indent = " ".repeat(column_of(lookup, last.key_span));
        format!("\n{indent}{key}:{space}{value}")
    };
    Some(Edit { span: at, text })
}

fn is_flow(lookup: &Lookup<'_>, node: &Node) -> bool {
    lookup.project.sources.slice(node.span).starts_with(['{', '['])
}

fn column_of(lookup: &Lookup<'_>, span: Span) -> usize {
    let Some(source) = lookup.project.sources.get(span.file) else { return 0 };
    let before = source.text.get(..span.start as usize).unwrap_or_default();
    before.len() - before.rfind('\n').map_or(0, |end| end + 1)
}
