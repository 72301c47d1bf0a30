//! The columns of views, as far as their queries tell.
//!
//! In: views with their queries read. Out: names and types of their columns, in order. A query that
//! cannot be followed leaves its view with the columns that the user declared.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::declare::Declared;
use super::results::{Budget, Columns, Results};
use super::{Resolver, errors};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::graph::Graph;
use crate::schema::{
    IndexTarget, Name, ObjectId, PUBLIC, QualifiedName, RelationId, ViewColumn, ViewId,
};
use crate::sql::expr::FromItem;
use crate::sql::{ParsedBody, Query};

/// Derives what can be derived; a view over a view comes after it.
pub(super) fn columns(cx: &mut Resolver<'_>, declared: &Declared<'_>) {
    let mut edges = Vec::new();
    for (id, _) in &declared.views {
        let query = query(cx, *id);
        for read in query.iter().flat_map(|query| &query.refs().relations) {
            if let Some(RelationId::View(other)) = named(cx, read.schema.as_ref(), &read.name) {
                edges.push((id.index(), other.index(), ()));
            }
        }
    }
    let budget = Budget::new();
    let views: Vec<usize> = declared.views.iter().map(|(id, _)| id.index()).collect();
    for number in Graph::new(cx.schema.views.len(), edges).order(&views) {
        let id = ViewId::new(number as u32);
        if let Some(query) = query(cx, id) {
            derive(cx, id, &query, &budget);
        }
    }
}

fn query(cx: &Resolver<'_>, id: ViewId) -> Option<Arc<Query>> {
    match &cx.schema.views[id].query.parsed {
        Some(ParsedBody::Query(query)) => Some(Arc::clone(query)),
        Some(ParsedBody::Statements(_)) | None => None,
    }
}

/// The table or view that an item of `FROM` names.
pub(super) fn relation(cx: &Resolver<'_>, item: &FromItem) -> Option<RelationId> {
    let (schema, name) = item.relation.as_ref()?;
    named(cx, schema.as_ref(), name)
}

fn named(cx: &Resolver<'_>, schema: Option<&SmolStr>, name: &SmolStr) -> Option<RelationId> {
    let schema = schema.cloned().unwrap_or_else(|| PUBLIC.into());
    cx.names.relation(&QualifiedName::new(Name::new(schema), Name::new(name.clone())))
}

/// Names and types of a relation's columns; `None` where they are not all known.
pub(super) fn columns_of(cx: &Resolver<'_>, relation: RelationId) -> Option<Columns> {
    let columns: Columns = match relation {
        RelationId::Table(id) => {
            let columns = cx.schema.tables[id].columns.iter();
            columns.map(|column| (column.name.clone(), Some(column.ty.clone()))).collect()
        }
        RelationId::View(id) => {
            let columns = cx.schema.views[id].columns.iter();
            columns.map(|column| (column.name.clone(), column.ty.clone())).collect()
        }
    };
    (!columns.is_empty()).then_some(columns)
}

fn derive(cx: &mut Resolver<'_>, id: ViewId, query: &Query, budget: &Budget) {
    let Some(selection) = query.selection() else { return };
    let Some(columns) = Results::new(cx, budget).of(selection) else { return };
    let mut derived: Vec<ViewColumn> = columns
        .iter()
        .map(|(name, ty)| ViewColumn {
            name: name.clone(),
            ty: ty.clone(),
            nullable: true,
            comment: None,
        })
        .collect();
    if !cx.schema.views[id].declared_columns {
        named_twice(cx, id, &derived);
    }
    let declared = cx.schema.views[id].columns.clone();
    for column in declared {
        match derived.iter_mut().find(|known| known.name == column.name) {
            Some(known) => {
                let ty = column.ty.or_else(|| known.ty.clone());
                *known = ViewColumn { ty, ..column };
            }
            None => unknown_column(cx, id, &column.name, &derived),
        }
    }
    for (position, index) in cx.schema.views[id].indexes.clone().into_iter().enumerate() {
        for element in &index.elements {
            if let IndexTarget::Column(name) = &element.target
                && !derived.iter().any(|column| column.name == *name)
                && let Some(place) = cx.origins.of(ObjectId::ViewIndex(id, position as u32))
            {
                let view = cx.schema.views[id].name.clone();
                let close = closest(name, derived.iter().map(|column| column.name.as_str()));
                let error = errors::unknown_view_column(&view, name, place, close);
                cx.report(error);
            }
        }
    }
    if let Some(view) = cx.schema.views.get_mut(id) {
        view.columns = derived;
    }
}

/// Two columns of one name, which PostgreSQL refuses.
fn named_twice(cx: &mut Resolver<'_>, id: ViewId, columns: &[ViewColumn]) {
    let mut names = FxHashSet::default();
    let Some(twice) = columns.iter().find(|column| !names.insert(&column.name)) else { return };
    let Some(place) = cx.origins.of(ObjectId::View(id)) else { return };
    let (message, help) = match twice.name.as_str() {
        "?column?" => (
            "the query gives two columns without a name".to_owned(),
            "name them: `… as total`".to_owned(),
        ),
        name => (
            format!("the query gives two columns called `{name}`"),
            format!("rename one: `… as other_{name}`"),
        ),
    };
    cx.report(Diagnostic::new(Code::DuplicateObject, place, message).help(help));
}

/// The user describes a column that the query does not give.
fn unknown_column(cx: &mut Resolver<'_>, id: ViewId, name: &Name, derived: &[ViewColumn]) {
    let Some(place) = cx.origins.of(ObjectId::View(id)) else { return };
    let close = closest(name, derived.iter().map(|column| column.name.as_str()));
    let view = cx.schema.views[id].name.clone();
    let error = errors::unknown_view_column(&view, name, place, close);
    cx.report(error);
}
