//! The smaller objects: namespaces, extensions, roles, sequences, publications, grants.

use std::sync::Arc;

use serde::Serialize;
use smol_str::SmolStr;

use super::{
    ColumnType, FunctionId, Name, Ownership, QualifiedName, RelationId, SequenceId, TableId,
    TypeKind,
};
use crate::sql::SqlExpr;

/// A PostgreSQL schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Namespace {
    /// Its name.
    pub name: Name,
    /// Whether it is created; `public` and the platform's are not.
    pub ownership: Ownership,
    /// Whether PostgREST shows it (`public` unless the host says otherwise).
    pub exposed: bool,
}

/// `CREATE EXTENSION IF NOT EXISTS`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Extension {
    /// Its name, such as `uuid-ossp`.
    pub name: Name,
    /// Where its objects go.
    pub schema: Option<Name>,
    /// Its version, where said.
    pub version: Option<SmolStr>,
    /// `COMMENT ON EXTENSION`.
    pub comment: Option<Arc<str>>,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Role {
    /// Its name.
    pub name: Name,
    /// External roles exist already; owned ones are created if missing.
    pub ownership: Ownership,
    /// `LOGIN`.
    pub login: bool,
    /// `INHERIT`, PostgreSQL's default.
    pub inherit: bool,
    /// `BYPASSRLS`.
    pub bypass_rls: bool,
    /// The roles that it is a member of.
    pub member_of: Vec<Name>,
    /// `COMMENT ON ROLE`.
    pub comment: Option<Arc<str>>,
}

/// Options of a sequence; `None` leaves PostgreSQL's default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SequenceOptions {
    /// First value.
    pub start: Option<i64>,
    /// Step; not 0.
    pub increment: Option<i64>,
    /// Least value.
    pub min: Option<i64>,
    /// Greatest value.
    pub max: Option<i64>,
    /// Values taken ahead; at least 1.
    pub cache: Option<i64>,
    /// Whether it starts again at the end.
    pub cycle: bool,
}

/// `CREATE SEQUENCE`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sequence {
    /// Its name.
    pub name: QualifiedName,
    /// Whether it is created.
    pub ownership: Ownership,
    /// `smallint`, `integer` or `bigint`.
    pub ty: ColumnType,
    /// Its options.
    pub options: SequenceOptions,
    /// `OWNED BY table.column`.
    pub owned_by: Option<(TableId, Name)>,
    /// `COMMENT ON SEQUENCE`.
    pub comment: Option<Arc<str>>,
}

/// `CREATE PUBLICATION`, or for an external one `ALTER PUBLICATION … ADD`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Publication {
    /// Its name.
    pub name: Name,
    /// External: only added to, as Supabase's `supabase_realtime`.
    pub ownership: Ownership,
    /// `FOR ALL TABLES`.
    pub all_tables: bool,
    /// Its tables.
    pub tables: Vec<PublicationTable>,
    /// `FOR TABLES IN SCHEMA`; PostgreSQL 15.
    pub schemas: Vec<Name>,
    /// What is published; empty for all.
    pub operations: Vec<Operation>,
    /// `COMMENT ON PUBLICATION`.
    pub comment: Option<Arc<str>>,
}

/// A table of a publication.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PublicationTable {
    /// The table.
    pub table: TableId,
    /// Its columns; empty for all. PostgreSQL 15.
    pub columns: Vec<Name>,
    /// Which rows; PostgreSQL 15.
    pub predicate: Option<SqlExpr>,
}

/// What a publication publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Inserts.
    Insert,
    /// Updates.
    Update,
    /// Deletes.
    Delete,
    /// Truncates.
    Truncate,
}

/// `GRANT` or `REVOKE`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Grant {
    /// Giving or taking.
    pub action: GrantAction,
    /// What; empty for `ALL`.
    pub privileges: Vec<Privilege>,
    /// On what.
    pub on: GrantObject,
    /// Only on these columns of a table or view; empty for the whole.
    pub columns: Vec<Name>,
    /// To or from whom; `public` is `PUBLIC`. At least one.
    pub roles: Vec<Name>,
    /// `WITH GRANT OPTION`.
    pub grant_option: bool,
}

/// Giving or taking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantAction {
    /// `GRANT … TO`.
    Grant,
    /// `REVOKE … FROM`.
    Revoke,
}

/// A privilege (PostgreSQL, chapter 5.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Privilege {
    /// Read rows.
    Select,
    /// Add rows.
    Insert,
    /// Change rows.
    Update,
    /// Remove rows.
    Delete,
    /// Empty a table.
    Truncate,
    /// Refer to a table by a foreign key.
    References,
    /// Create triggers.
    Trigger,
    /// Maintain a table; PostgreSQL 17.
    Maintain,
    /// Use a schema, sequence or type.
    Usage,
    /// Create objects in a schema.
    Create,
    /// Call a function.
    Execute,
}

/// What a grant is on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum GrantObject {
    /// A table or view.
    Relation(RelationId),
    /// A PostgreSQL schema.
    Schema(Name),
    /// A sequence.
    Sequence(SequenceId),
    /// A function or procedure.
    Function(FunctionId),
    /// A declared type.
    Type(TypeKind),
    /// `ALL TABLES IN SCHEMA`.
    TablesIn(Name),
    /// `ALL SEQUENCES IN SCHEMA`.
    SequencesIn(Name),
    /// `ALL FUNCTIONS IN SCHEMA`.
    FunctionsIn(Name),
    /// `ALTER DEFAULT PRIVILEGES … ON TABLES`, in a schema or everywhere.
    DefaultTables(Option<Name>),
    /// `ALTER DEFAULT PRIVILEGES … ON SEQUENCES`.
    DefaultSequences(Option<Name>),
    /// `ALTER DEFAULT PRIVILEGES … ON FUNCTIONS`.
    DefaultFunctions(Option<Name>),
    /// `ALTER DEFAULT PRIVILEGES … ON TYPES`.
    DefaultTypes(Option<Name>),
    /// What a table makes beside itself: the sequence of a column, a partition.
    Part {
        /// `SEQUENCE` or `TABLE`.
        keyword: &'static str,
        /// Its name.
        name: QualifiedName,
        /// The table.
        of: TableId,
    },
    /// A sequence or function by name that others own.
    Named {
        /// `SEQUENCE`, `FUNCTION` or `TYPE`.
        keyword: &'static str,
        /// Its name.
        name: QualifiedName,
    },
}
