//! What alembic makes, and finds equal, of a table's SQLAlchemy model.
//!
//! In: a table, or a part of one. Out: whether its model says all of it in words that alembic reads
//! back. The target `sqlalchemy` leaves the rest unsaid or tells alembic to leave it alone; beside
//! alembic, the target `sql` writes it. Writes no code.

use crate::graph::{Graph, Knots};
use crate::schema::{
    Column, ColumnType, ConstraintKind, DefaultValue, Index, IndexElement, IndexTarget, Schema,
    Table, TableId, TypeKind,
};
use crate::sql::BaseType;
use crate::sql::builtins::{self, Volatility};
use crate::sql::expr::{CallRef, SqlExpr};
use crate::sql::literal::literal_content;

/// Tables that foreign keys lead around in circles; none where they lead into none.
///
/// Alembic creates tables with their keys, in the order that the keys demand. A key in a circle is
/// marked as one to be added later, which alembic leaves to others.
#[derive(Debug)]
pub struct Circles(Option<Knots>);

impl Circles {
    /// Those of `schema`.
    pub fn of(schema: &Schema) -> Self {
        let mut keys = Vec::new();
        for (id, table) in schema.tables.iter() {
            for constraint in &table.constraints {
                if let ConstraintKind::ForeignKey(key) = &constraint.kind {
                    keys.push((id.index(), key.target.index(), ()));
                }
            }
        }
        Self(Graph::new(schema.tables.len(), keys).knots())
    }

    /// Whether a key from one table to another is part of a circle. To itself, a table needs no other.
    pub fn has(&self, from: TableId, to: TableId) -> bool {
        from != to && self.0.as_ref().is_some_and(|all| all.tie(from.index(), to.index()))
    }
}

/// Whether a model can say what kind of table this is.
pub fn makes_table(table: &Table) -> bool {
    table.partitioning.is_none()
        && !table.unlogged
        && table.columns.iter().all(|column| column.collation.is_none())
}

/// Whether alembic can tell if `default`, which is a column's or its domain's, is the database's: it
/// compares texts, and asks the server for the values where they differ.
pub fn carries_default(
    schema: &Schema,
    table: &Table,
    column: &Column,
    default: &DefaultValue,
) -> bool {
    match default {
        _ if column.serial => false,
        DefaultValue::Literal(_) => true,
        DefaultValue::Expr(expr) => {
            is_comparable(expr, &column.ty) && !is_numbered(schema, table, column, expr)
        }
    }
}

/// Whether alembic reads an index back as it was written. It does not read collations, nor operator
/// classes behind an order, and of expressions it reads PostgreSQL's words for them.
pub fn reads_index(it: &Index) -> bool {
    it.elements.iter().all(|element| {
        matches!(element.target, IndexTarget::Column(_))
            && element.collation.is_none()
            && (element.opclass.is_none() || is_plain(element))
    })
}

/// Whether an element is a column with an operator class at most.
pub const fn is_plain(it: &IndexElement) -> bool {
    matches!(it.target, IndexTarget::Column(_))
        && it.collation.is_none()
        && it.order.is_none()
        && it.nulls.is_none()
}

/// The name of a type that PostgreSQL has no `=` for, so that the server cannot compare its values.
pub fn without_equality(ty: &ColumnType) -> Option<&'static str> {
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

/// Of what is another value each time, only a call of a function of PostgreSQL's own without arguments
/// reads as the database writes it.
fn is_comparable(expr: &SqlExpr, ty: &ColumnType) -> bool {
    if literal_content(&expr.text).is_some() || is_plain_call(&expr.text) {
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

/// Whether a column takes its numbers from a sequence that belongs to it: alembic shows that as no
/// default.
fn is_numbered(schema: &Schema, table: &Table, column: &Column, default: &SqlExpr) -> bool {
    let mut owners = schema.sequences.iter().filter_map(|(_, it)| it.owned_by.as_ref());
    default.text.starts_with("nextval(")
        && owners
            .any(|(owner, name)| *name == column.name && schema.tables[*owner].name == table.name)
}
