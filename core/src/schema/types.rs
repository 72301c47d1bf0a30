//! Types of columns, and the types that a schema declares.

use std::sync::Arc;

use serde::Serialize;
use smol_str::SmolStr;

use super::{
    CompositeId, DefaultValue, DomainId, EnumId, Name, Ownership, QualifiedName, TableId, ViewId,
};
use crate::sql::{PgType, SqlExpr};

/// The type of a column, argument or result.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ColumnType {
    /// The type, or of an array its element's.
    pub kind: TypeKind,
    /// Declared array dimensions; 0 for no array. PostgreSQL does not enforce the number.
    pub dimensions: u8,
}

impl ColumnType {
    /// Not an array.
    pub const fn scalar(kind: TypeKind) -> Self {
        Self { kind, dimensions: 0 }
    }

    /// Whether it is an array.
    pub const fn is_array(&self) -> bool {
        self.dimensions > 0
    }
}

/// What a type name stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub enum TypeKind {
    /// A type of PostgreSQL or of an extension.
    Base(PgType),
    /// A declared enum.
    Enum(EnumId),
    /// A declared domain.
    Domain(DomainId),
    /// A declared composite type.
    Composite(CompositeId),
    /// The row type of a table.
    TableRow(TableId),
    /// The row type of a view.
    ViewRow(ViewId),
    /// Known to nobody here: written as it stands. Either reported as an error, or of a schema that
    /// others own.
    Unknown(Box<QualifiedName>),
}

/// `CREATE TYPE … AS ENUM`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnumType {
    /// Its name.
    pub name: QualifiedName,
    /// Whether it is created.
    pub ownership: Ownership,
    /// Its labels in sort order, each 1 to 63 bytes.
    pub values: Vec<SmolStr>,
    /// `old → new` labels, for migrations.
    pub renames: Vec<(SmolStr, SmolStr)>,
    /// Whether a migration may rebuild the type to reorder or remove labels.
    pub reorder: bool,
    /// `COMMENT ON TYPE`.
    pub comment: Option<Arc<str>>,
}

/// `CREATE DOMAIN`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Domain {
    /// Its name.
    pub name: QualifiedName,
    /// Whether it is created.
    pub ownership: Ownership,
    /// The underlying type.
    pub base: ColumnType,
    /// Whether null is a value of it.
    pub nullable: bool,
    /// Its default.
    pub default: Option<DefaultValue>,
    /// Its checks; they speak of `VALUE`.
    pub checks: Vec<DomainCheck>,
    /// Its collation.
    pub collation: Option<QualifiedName>,
    /// `COMMENT ON DOMAIN`.
    pub comment: Option<Arc<str>>,
}

/// A named check of a domain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DomainCheck {
    /// The constraint's name.
    pub name: Name,
    /// A boolean expression over `VALUE`.
    pub expr: SqlExpr,
}

/// `CREATE TYPE … AS (…)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Composite {
    /// Its name.
    pub name: QualifiedName,
    /// Whether it is created.
    pub ownership: Ownership,
    /// Its attributes, in order. Each may always be null.
    pub fields: Vec<CompositeField>,
    /// `COMMENT ON TYPE`.
    pub comment: Option<Arc<str>>,
}

/// An attribute of a composite type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CompositeField {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: ColumnType,
    /// Its collation.
    pub collation: Option<QualifiedName>,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<Arc<str>>,
}
