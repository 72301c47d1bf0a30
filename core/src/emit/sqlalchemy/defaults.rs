//! What a column holds where an insert says nothing.
//!
//! In: a column. Out: its `server_default`, in the words in which alembic finds it equal to the
//! database's: it compares texts, and asks the server where they differ.

use super::columns::{DEPTH_LIMIT, text};
use crate::emit::lang::Py;
use crate::schema::{Column, ColumnType, DefaultValue, Literal, Schema, Table, TypeKind};
use crate::sql::BaseType;
use crate::sql::builtins::{self, Volatility};
use crate::sql::expr::{CallRef, SqlExpr};
use crate::sql::literal::quote_literal;

/// `server_default=…`; none without a default. One that alembic cannot compare is only known to be there.
pub(super) fn server_default(schema: &Schema, table: &Table, column: &Column) -> Option<Py> {
    let default = column.default.as_ref().or_else(|| of_domain(schema, &column.ty));
    let value = match default {
        _ if column.serial => fetched(),
        None | Some(DefaultValue::Literal(Literal::Null)) => return None,
        Some(DefaultValue::Expr(expr))
            if !is_comparable(expr, &column.ty) || is_numbered(schema, table, column, expr) =>
        {
            fetched()
        }
        Some(default) => text(&sql(&column.ty, default)),
    };
    Some(Py::named("server_default", value))
}

fn fetched() -> Py {
    Py::atom("sa.FetchedValue()")
}

/// Whether alembic can tell if an expression is the database's: by its text, or by asking the server for
/// the values of both. Of what is another value each time, only a call of a function of PostgreSQL's own
/// without arguments reads as the database writes it.
fn is_comparable(expr: &SqlExpr, ty: &ColumnType) -> bool {
    if is_one_string(&expr.text) || is_plain_call(&expr.text) {
        return true;
    }
    let is_steady = |call: &CallRef| {
        let known = builtins::function(&call.name).filter(|_| call.schema.is_none());
        known.is_some_and(|it| it.volatility < Volatility::Volatile)
    };
    without_equality(ty).is_none()
        && expr.tree.as_ref().is_some_and(|tree| tree.refs().calls.iter().all(is_steady))
}

/// Whether SQL is `name()`, of a function of PostgreSQL's own.
fn is_plain_call(sql: &str) -> bool {
    let name = sql.strip_suffix("()").and_then(builtins::function);
    name.is_some_and(|it| it.extension.is_none())
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

/// Whether a column takes its numbers from a sequence that belongs to it: alembic shows that as no
/// default.
fn is_numbered(schema: &Schema, table: &Table, column: &Column, default: &SqlExpr) -> bool {
    let mut owners = schema.sequences.iter().filter_map(|(_, it)| it.owned_by.as_ref());
    default.text.starts_with("nextval(")
        && owners
            .any(|(owner, name)| *name == column.name && schema.tables[*owner].name == table.name)
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
        Some(name) if is_one_string(&sql) => format!("{sql}::{name}"),
        _ => sql,
    }
}

/// The name of a type that PostgreSQL has no `=` for, so that the server cannot compare its values.
fn without_equality(ty: &ColumnType) -> Option<&'static str> {
    match &ty.kind {
        TypeKind::Base(base) if !ty.is_array() => match base.base {
            BaseType::Json
            | BaseType::Xml
            | BaseType::Jsonpath
            | BaseType::Point
            | BaseType::Polygon => Some(base.base.as_str()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether SQL is one string literal and nothing else.
fn is_one_string(sql: &str) -> bool {
    let inner = sql.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    inner.is_some_and(|inner| !inner.replace("''", "").contains('\''))
}
