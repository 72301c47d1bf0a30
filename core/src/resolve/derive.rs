//! The columns of views, as far as their queries tell.
//!
//! In: views with their queries read. Out: names and types of their columns, in order. A query that
//! cannot be followed leaves its view with the columns that the user declared.

use std::sync::Arc;

use super::declare::Declared;
use super::{Resolver, errors, types};
use crate::diagnostic::closest;
use crate::graph::Graph;
use crate::schema::{
    ColumnType, IndexTarget, Name, ObjectId, PUBLIC, QualifiedName, RelationId, Returns,
    ViewColumn, ViewId,
};
use crate::sql::expr::{FromItem, ItemSource, SelectItem};
use crate::sql::types::parse_type;
use crate::sql::{ParsedBody, Query, builtins};

/// Derives what can be derived; a view over a view comes after it.
pub(super) fn columns(cx: &mut Resolver<'_>, declared: &Declared<'_>) {
    let mut edges = Vec::new();
    for (id, _) in &declared.views {
        let query = query(cx, *id);
        for item in query.iter().flat_map(|query| query.from()) {
            if let Some(RelationId::View(other)) = relation(cx, item) {
                edges.push((id.index(), other.index(), ()));
            }
        }
    }
    let views: Vec<usize> = declared.views.iter().map(|(id, _)| id.index()).collect();
    for number in Graph::new(cx.schema.views.len(), edges).order(&views) {
        let id = ViewId::new(number as u32);
        if let Some(query) = query(cx, id) {
            derive(cx, id, &query);
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
    let schema = schema.clone().unwrap_or_else(|| PUBLIC.into());
    cx.names.relation(&QualifiedName::new(Name::new(schema), Name::new(name.clone())))
}

/// Names and types of a relation's columns; `None` where they are not all known.
pub(super) fn columns_of(
    cx: &Resolver<'_>,
    relation: RelationId,
) -> Option<Vec<(Name, Option<ColumnType>)>> {
    let columns: Vec<_> = match relation {
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

fn derive(cx: &mut Resolver<'_>, id: ViewId, query: &Query) {
    let Some(items) = query.select_items() else { return };
    let mut derived: Vec<ViewColumn> = Vec::with_capacity(items.len());
    for item in items {
        let Some(columns) = of_item(cx, item, query.from()) else { return };
        let columns = columns.into_iter().map(|(name, ty)| ViewColumn {
            name,
            ty,
            nullable: true,
            comment: None,
        });
        derived.extend(columns);
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

/// The user describes a column that the query does not give.
fn unknown_column(cx: &mut Resolver<'_>, id: ViewId, name: &Name, derived: &[ViewColumn]) {
    let Some(place) = cx.origins.of(ObjectId::View(id)) else { return };
    let close = closest(name, derived.iter().map(|column| column.name.as_str()));
    let view = cx.schema.views[id].name.clone();
    let error = errors::unknown_view_column(&view, name, place, close);
    cx.report(error);
}

/// The columns that one item of a `SELECT` list gives.
fn of_item(
    cx: &Resolver<'_>,
    item: &SelectItem,
    from: &[FromItem],
) -> Option<Vec<(Name, Option<ColumnType>)>> {
    if let ItemSource::Wildcard { qualifier } = &item.source {
        let mut columns = Vec::new();
        for source in from.iter().filter(|source| names(source, qualifier.as_deref())) {
            columns.extend(columns_of(cx, relation(cx, source)?)?);
        }
        return (!columns.is_empty()).then_some(columns);
    }
    let name = Name::new(item.name.clone().unwrap_or_else(|| "?column?".into()));
    Some(vec![(name, type_of(cx, &item.source, from))])
}

fn names(item: &FromItem, qualifier: Option<&str>) -> bool {
    qualifier.is_none_or(|qualifier| {
        item.alias == qualifier || qualifier.rsplit('.').next() == Some(item.alias.as_str())
    })
}

fn type_of(cx: &Resolver<'_>, source: &ItemSource, from: &[FromItem]) -> Option<ColumnType> {
    match source {
        ItemSource::Column { qualifier, name } => {
            let mut found =
                from.iter().filter(|item| names(item, qualifier.as_deref())).filter_map(|item| {
                    let columns = columns_of(cx, relation(cx, item)?)?;
                    columns.into_iter().find(|(known, _)| *known == name.as_str())?.1
                });
            // Two of one name are equal columns joined by USING, or an error that PostgreSQL reports.
            found.next()
        }
        ItemSource::Cast { ty } => types::quietly(cx, &parse_type(ty).ok()?),
        ItemSource::Call { name } => result_of(cx, name),
        ItemSource::Wildcard { .. } | ItemSource::Other => None,
    }
}

fn result_of(cx: &Resolver<'_>, name: &str) -> Option<ColumnType> {
    let own = cx.names.functions(&super::names::reference(name));
    if let [only] = own {
        return match &cx.schema.functions[*only].returns {
            Returns::Value(ty) | Returns::Set(ty) => Some(ty.clone()),
            Returns::Table(_) | Returns::Nothing => None,
        };
    }
    let returns = builtins::function(name)?.returns?;
    types::quietly(cx, &parse_type(returns).ok()?)
}
