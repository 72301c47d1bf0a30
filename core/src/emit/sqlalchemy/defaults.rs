//! What a column holds where an insert says nothing.
//!
//! In: a column. Out: its `server_default`, in the words in which alembic finds it equal to the
//! database's: it compares texts, and asks the server where they differ.

use super::columns::{DEPTH_LIMIT, text};
use crate::emit::lang::Py;
use crate::emit::shapes::alembic::{carries_default, without_equality};
use crate::schema::{Column, ColumnType, DefaultValue, Literal, Schema, Table, TypeKind};
use crate::sql::literal::{literal_content, quote_literal};

/// `server_default=…`; none without a default. One that alembic cannot compare is only known to be there.
pub(super) fn server_default(schema: &Schema, table: &Table, column: &Column) -> Option<Py> {
    let default = column.default.as_ref().or_else(|| of_domain(schema, &column.ty));
    let value = match default {
        _ if column.serial => fetched(),
        None | Some(DefaultValue::Literal(Literal::Null)) => return None,
        Some(default) if !carries_default(schema, table, column, default) => fetched(),
        Some(default) => text(&sql(&column.ty, default)),
    };
    Some(Py::named("server_default", value))
}

/// What only the database knows.
pub(super) fn fetched() -> Py {
    Py::atom("sa.FetchedValue()")
}

/// The default of a domain, or of the one that it restricts.
fn of_domain<'a>(schema: &'a Schema, mut ty: &'a ColumnType) -> Option<&'a DefaultValue> {
    for _ in 0..DEPTH_LIMIT {
        let TypeKind::Domain(id) = ty.kind else { return None };
        if ty.is_array() {
            return None;
        }
        let domain = schema.domains.find(id)?;
        if domain.default.is_some() {
            return domain.default.as_ref();
        }
        ty = &domain.base;
    }
    None
}

fn sql(ty: &ColumnType, default: &DefaultValue) -> String {
    let sql = match default {
        DefaultValue::Literal(Literal::Null) => "NULL".to_owned(),
        DefaultValue::Literal(Literal::Bool(value)) => value.to_string(),
        DefaultValue::Literal(Literal::Number(number)) => number.to_string(),
        DefaultValue::Literal(Literal::Text(text)) => quote_literal(text),
        DefaultValue::Expr(expr) => expr.text.to_string(),
    };
    match without_equality(ty) {
        Some(name) if literal_content(&sql).is_some() => format!("{sql}::{name}"),
        _ => sql,
    }
}
