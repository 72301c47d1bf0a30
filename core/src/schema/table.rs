//! Tables and columns.

use std::sync::Arc;

use serde::Serialize;
use smol_str::SmolStr;

use super::{
    ColumnType, Constraint, ConstraintKind, Index, Name, Ownership, QualifiedName, SequenceOptions,
};
use crate::sql::SqlExpr;

/// `CREATE TABLE` and what hangs on it, triggers and policies aside.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Its name.
    pub name: QualifiedName,
    /// Whether it is created.
    pub ownership: Ownership,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its constraints, the primary key among them, in order of declaration; each named.
    pub constraints: Vec<Constraint>,
    /// Its indexes that no constraint owns; each named.
    pub indexes: Vec<Index>,
    /// Row-level security.
    pub row_security: RowSecurity,
    /// How it is partitioned, if it is.
    pub partitioning: Option<Box<Partitioning>>,
    /// `CREATE UNLOGGED TABLE`.
    pub unlogged: bool,
    /// The class name that targets use instead of the one derived from the name.
    pub model: Option<Box<SmolStr>>,
    /// The name it had before, for migrations.
    pub renamed_from: Option<Box<QualifiedName>>,
    /// `COMMENT ON TABLE`.
    pub comment: Option<Arc<str>>,
    /// Validators by hand, for fields of this table.
    pub overrides: Overrides,
}

impl Table {
    /// The column of this name, and its position.
    pub fn column(&self, name: &str) -> Option<(usize, &Column)> {
        self.columns.iter().enumerate().find(|(_, column)| column.name == name)
    }

    /// The columns of the primary key; empty without one.
    pub fn primary_key(&self) -> &[Name] {
        self.constraints
            .iter()
            .find_map(|constraint| match &constraint.kind {
                ConstraintKind::PrimaryKey { columns } => Some(columns.as_slice()),
                _ => None,
            })
            .unwrap_or_default()
    }
}

/// Row-level security of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowSecurity {
    /// Off.
    Disabled,
    /// On for all but the owner.
    Enabled,
    /// On for the owner too.
    Forced,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: ColumnType,
    /// Whether null may be stored; false for columns of the primary key.
    pub nullable: bool,
    /// Its default.
    pub default: Option<DefaultValue>,
    /// The expression that it is computed by, if it is.
    pub generated: Option<Box<Generated>>,
    /// Identity, if it has one.
    pub identity: Option<Box<Identity>>,
    /// Declared as `serial`: its default is the next value of a sequence of its own, and it is not null.
    pub serial: bool,
    /// Its collation.
    pub collation: Option<Box<QualifiedName>>,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<Arc<str>>,
    /// The field name that targets use instead of the column's.
    pub alias: Option<Box<SmolStr>>,
    /// Marked as deprecated in targets; the text says what to use instead, and may be empty.
    pub deprecated: Option<Box<SmolStr>>,
    /// The name it had before, for migrations.
    pub renamed_from: Option<Box<Name>>,
    /// The expression of a type change, for migrations.
    pub using: Option<Box<SqlExpr>>,
}

/// What a column holds when nothing is said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum DefaultValue {
    /// A constant, known to targets.
    Literal(Literal),
    /// Computed by the database.
    Expr(SqlExpr),
}

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub enum Literal {
    /// `NULL`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written; a valid SQL numeric literal.
    Number(SmolStr),
    /// A text, unquoted.
    Text(SmolStr),
}

/// `GENERATED ALWAYS AS (…)`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Generated {
    /// Whether the value is stored.
    pub kind: GeneratedKind,
    /// The immutable expression.
    pub expr: SqlExpr,
}

/// Whether a generated column takes space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GeneratedKind {
    /// Computed on write.
    Stored,
    /// Computed on read; PostgreSQL 18.
    Virtual,
}

/// `GENERATED … AS IDENTITY`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Whether an insert may give a value.
    pub kind: IdentityKind,
    /// Options of the sequence behind it.
    pub sequence: SequenceOptions,
}

/// Whether an insert may give an identity column a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// It may not.
    Always,
    /// It may.
    ByDefault,
}

/// `PARTITION BY` and the partitions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Partitioning {
    /// Range, list or hash.
    pub strategy: PartitionStrategy,
    /// The partition key: columns or expressions, without order.
    pub columns: Vec<super::IndexElement>,
    /// The partitions, in order.
    pub partitions: Vec<Partition>,
}

/// How rows are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartitionStrategy {
    /// By ranges of the key.
    Range,
    /// By listed keys.
    List,
    /// By a hash of the key.
    Hash,
}

/// `CREATE TABLE … PARTITION OF`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Partition {
    /// Its name.
    pub name: QualifiedName,
    /// The rows that it holds.
    pub bounds: PartitionBounds,
}

/// `FOR VALUES …`. Values are SQL as written: literals, `MINVALUE`, `MAXVALUE`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum PartitionBounds {
    /// `FROM (…) TO (…)`.
    Range {
        /// Inclusive lower bounds, one a key column.
        from: Vec<SmolStr>,
        /// Exclusive upper bounds, one a key column.
        to: Vec<SmolStr>,
    },
    /// `IN (…)`.
    List(Vec<SmolStr>),
    /// `WITH (MODULUS m, REMAINDER r)`.
    Hash {
        /// At least 1.
        modulus: u32,
        /// Below the modulus.
        remainder: u32,
    },
    /// `DEFAULT`.
    Default,
}

/// Validators written by hand, in each target's own language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Overrides {
    /// Fields of the zod schemas.
    pub zod: Vec<FieldOverride>,
    /// Fields of the pydantic models.
    pub pydantic: Vec<FieldOverride>,
}

/// A validator written by hand for one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldOverride {
    /// The column's name, or that of an extra field.
    pub field: Name,
    /// The expression, in the target's language, as it stands.
    pub code: SmolStr,
    /// Whether the field may be absent; as the column says unless given.
    pub optional: Option<bool>,
    /// Whether the field may be null; as the column says unless given.
    pub nullable: Option<bool>,
    /// Whether carried rules are kept beside it.
    pub extend: bool,
}
