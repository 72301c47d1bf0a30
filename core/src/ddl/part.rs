//! Parts of statements as texts, for code that carries SQL within.
//!
//! In: a part of an object. Out: its SQL, as it stands in the object's own statement.

use std::borrow::Cow;

use smol_str::{SmolStr, ToSmolStr};

use super::index;
use super::writer::{self, SqlWriter};
use crate::schema::{ColumnType, DefaultValue, IndexElement, Schema, TypeKind};
use crate::sql::{Modifier, SqlExpr};

/// A default.
pub fn default(schema: &Schema, value: &DefaultValue) -> String {
    written(schema, |w| w.default(value))
}

/// An expression; its place is in parentheses.
pub fn expression(expr: &SqlExpr) -> Cow<'_, str> {
    writer::closed(expr.text.trim_end())
}

/// A key of an index, with its operator class and its order.
pub fn index_element(schema: &Schema, element: &IndexElement) -> String {
    written(schema, |w| index::element(w, element))
}

/// A type.
pub fn data_type(schema: &Schema, ty: &ColumnType) -> SmolStr {
    match (&ty.kind, ty.dimensions) {
        (TypeKind::Base(base), 0) if base.modifier == Modifier::None => {
            SmolStr::new_static(base.name())
        }
        (TypeKind::Base(base), 0) => base.to_smolstr(),
        _ => written(schema, |w| w.ty(ty)).into(),
    }
}

fn written<'a>(
    schema: &'a Schema,
    write: impl for<'w> FnOnce(&'w mut SqlWriter<'a>) -> &'w mut SqlWriter<'a>,
) -> String {
    let mut writer = SqlWriter::of_part(schema);
    write(&mut writer);
    writer.into_text()
}
