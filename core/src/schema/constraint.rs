//! Constraints and indexes.

use std::sync::Arc;

use serde::Serialize;
use smol_str::SmolStr;

use super::{Name, QualifiedName, TableId};
use crate::sql::SqlExpr;

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Constraint {
    /// Its name: the user's, or the one that PostgreSQL would choose.
    pub name: Name,
    /// What it demands.
    pub kind: ConstraintKind,
    /// When it is checked.
    pub deferrable: Deferrability,
    /// `NOT VALID`: rows that exist are not checked.
    pub not_valid: bool,
    /// `COMMENT ON CONSTRAINT`.
    pub comment: Option<Arc<str>>,
}

/// What a constraint demands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum ConstraintKind {
    /// `PRIMARY KEY (…)`.
    PrimaryKey {
        /// At least one.
        columns: Vec<Name>,
    },
    /// `UNIQUE (…)`.
    Unique {
        /// At least one.
        columns: Vec<Name>,
        /// `NULLS NOT DISTINCT`; PostgreSQL 15.
        nulls_not_distinct: bool,
    },
    /// `CHECK (…)`.
    Check {
        /// A boolean expression over the table's columns.
        expr: SqlExpr,
    },
    /// `FOREIGN KEY (…) REFERENCES …`.
    ForeignKey(ForeignKey),
    /// `EXCLUDE USING … (…)`.
    Exclude(Box<Exclusion>),
}

/// Rows that exclude each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exclusion {
    /// The index method; `gist` unless said.
    pub method: Name,
    /// At least one.
    pub elements: Vec<ExclusionElement>,
    /// Which rows it covers.
    pub predicate: Option<SqlExpr>,
}

/// A reference to another table's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForeignKey {
    /// The referring columns.
    pub columns: Vec<Name>,
    /// The table referred to.
    pub target: TableId,
    /// Its columns, as many as `columns`.
    pub target_columns: Vec<Name>,
    /// What happens when the target row is deleted.
    pub on_delete: RefAction,
    /// What happens when the target key changes.
    pub on_update: RefAction,
    /// Only with `SET NULL`/`SET DEFAULT` on delete: the columns to set (PostgreSQL 15); empty for all.
    pub set_columns: Vec<Name>,
    /// `MATCH FULL`.
    pub match_full: bool,
}

/// A referential action.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefAction {
    /// Refuse, at the end of the statement or transaction.
    #[default]
    NoAction,
    /// Refuse at once.
    Restrict,
    /// Follow.
    Cascade,
    /// Set the referring columns to null.
    SetNull,
    /// Set the referring columns to their defaults.
    SetDefault,
}

/// When a constraint or constraint trigger is checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deferrability {
    /// After each statement.
    #[default]
    NotDeferrable,
    /// After each statement, unless a transaction asks otherwise.
    Deferrable,
    /// At the end of the transaction, unless it asks otherwise.
    InitiallyDeferred,
}

/// `element WITH operator`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExclusionElement {
    /// A column or an expression.
    pub target: IndexTarget,
    /// Its operator class.
    pub opclass: Option<SmolStr>,
    /// The operator, such as `=` or `&&`.
    pub operator: SmolStr,
}

/// `CREATE INDEX`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Index {
    /// Its name: the user's, or the one that PostgreSQL would choose. In its relation's schema.
    pub name: Name,
    /// Its keys; at least one.
    pub elements: Vec<IndexElement>,
    /// `UNIQUE`.
    pub unique: bool,
    /// `NULLS NOT DISTINCT`; PostgreSQL 15.
    pub nulls_not_distinct: bool,
    /// The access method; `btree` unless said.
    pub method: Name,
    /// Which rows it covers.
    pub predicate: Option<SqlExpr>,
    /// Columns carried along.
    pub include: Vec<Name>,
    /// Storage parameters: name and value.
    pub with: Vec<(Name, SmolStr)>,
    /// Whether a migration builds it `CONCURRENTLY`.
    pub concurrently: bool,
    /// `COMMENT ON INDEX`.
    pub comment: Option<Arc<str>>,
}

/// One key of an index.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndexElement {
    /// A column or an expression.
    pub target: IndexTarget,
    /// Its operator class, as written; may be qualified (`extensions.gin_trgm_ops`).
    pub opclass: Option<Box<SmolStr>>,
    /// Its collation.
    pub collation: Option<Box<QualifiedName>>,
    /// Its direction, where said.
    pub order: Option<SortOrder>,
    /// Where nulls sort, where said.
    pub nulls: Option<NullsOrder>,
}

/// What an index key, partition key or exclusion element is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum IndexTarget {
    /// A column of the relation.
    Column(Name),
    /// An expression over its columns.
    Expr(SqlExpr),
}

/// `ASC` or `DESC`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SortOrder {
    /// Ascending, PostgreSQL's default.
    Asc,
    /// Descending.
    Desc,
}

/// `NULLS FIRST` or `NULLS LAST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NullsOrder {
    /// Before all values; the default of `DESC`.
    First,
    /// After all values; the default of `ASC`.
    Last,
}
