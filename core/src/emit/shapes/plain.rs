//! What decides the code of a column, so that a target lays it out once for all that are alike.

use smol_str::SmolStr;

use crate::schema::{Column, ColumnType, DefaultValue, Literal};

/// All that is said of a column that takes its values from nowhere else, but for its names and comment: its
/// type, whether it may be null, and its default, a constant or SQL.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PlainColumn {
    ty: ColumnType,
    nullable: bool,
    default: Option<Result<Literal, SmolStr>>,
}

impl PlainColumn {
    /// What is said of `column`; none where it is serial, an identity or generated.
    pub fn of(column: &Column) -> Option<Self> {
        if column.serial || column.identity.is_some() || column.generated.is_some() {
            return None;
        }
        let default = column.default.as_ref().map(|default| match default {
            DefaultValue::Literal(literal) => Ok(literal.clone()),
            DefaultValue::Expr(expr) => Err(expr.text.clone()),
        });
        Some(Self { ty: column.ty.clone(), nullable: column.nullable, default })
    }
}
