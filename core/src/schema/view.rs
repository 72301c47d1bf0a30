//! Views and materialized views.

use std::sync::Arc;

use serde::Serialize;
use smol_str::SmolStr;

use super::{ColumnType, Index, Name, Ownership, QualifiedName};
use crate::sql::SqlBody;

/// `CREATE VIEW` or `CREATE MATERIALIZED VIEW`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct View {
    /// Its name.
    pub name: QualifiedName,
    /// Whether it is created.
    pub ownership: Ownership,
    /// Whether its rows are stored.
    pub materialized: bool,
    /// Its query.
    pub query: SqlBody,
    /// Its columns, as far as they are declared or could be derived from the query.
    pub columns: Vec<ViewColumn>,
    /// Whether the column list stands in the schema and so in `CREATE VIEW name (columns)`.
    pub declared_columns: bool,
    /// `security_invoker`: the caller's rights and policies apply; PostgreSQL 15.
    pub security_invoker: bool,
    /// `security_barrier`.
    pub security_barrier: bool,
    /// `WITH CHECK OPTION`.
    pub check_option: Option<CheckOption>,
    /// Indexes of a materialized view.
    pub indexes: Vec<Index>,
    /// The class name that targets use instead of the one derived from the name.
    pub model: Option<SmolStr>,
    /// `COMMENT ON VIEW`.
    pub comment: Option<Arc<str>>,
}

/// A column of a view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ViewColumn {
    /// Its name.
    pub name: Name,
    /// Its type, if known.
    pub ty: Option<ColumnType>,
    /// Whether it may be null; true unless the schema says otherwise, since PostgreSQL cannot know.
    pub nullable: bool,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<Arc<str>>,
}

/// Which rows may be written through a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOption {
    /// Those that this view shows.
    Local,
    /// Those that this view and the ones beneath it show.
    Cascaded,
}
