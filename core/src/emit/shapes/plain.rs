//! What decides the code of a column, so that a target lays it out once for all that are alike.

use smol_str::SmolStr;

use crate::schema::{Column, ColumnType, DefaultValue, Literal};

/// All that is said of a column that takes its values from nowhere else, but for its names and comment: its
/// type, whether it may be null, and its default, a constant or SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlainColumn<'a> {
    ty: &'a ColumnType,
    nullable: bool,
    default: Option<Result<&'a Literal, &'a SmolStr>>,
}

impl<'a> PlainColumn<'a> {
    /// What is said of `column`; none where it is serial, an identity or generated.
    pub fn of(column: &'a Column) -> Option<Self> {
        if column.serial || column.identity.is_some() || column.generated.is_some() {
            return None;
        }
        let default = column.default.as_ref().map(|default| match default {
            DefaultValue::Literal(literal) => Ok(literal),
            DefaultValue::Expr(expr) => Err(&expr.text),
        });
        Some(Self { ty: &column.ty, nullable: column.nullable, default })
    }
}
