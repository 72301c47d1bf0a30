//! Row-level security policies.

use std::sync::Arc;

use serde::Serialize;

use super::{Name, TableId};
use crate::sql::SqlExpr;

/// `CREATE POLICY`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Policy {
    /// Its name, unique on its table; often with spaces.
    pub name: Name,
    /// Its table.
    pub table: TableId,
    /// What it speaks about.
    pub command: PolicyCommand,
    /// Whom it speaks about; empty for `PUBLIC`.
    pub roles: Vec<Name>,
    /// Rows that are visible to the command.
    pub using: Option<SqlExpr>,
    /// Rows that may be written.
    pub with_check: Option<SqlExpr>,
    /// Permissive policies are joined by OR, restrictive ones by AND.
    pub permissive: bool,
    /// `COMMENT ON POLICY`.
    pub comment: Option<Arc<str>>,
}

/// The command of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyCommand {
    /// All of them.
    All,
    /// `SELECT`.
    Select,
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
}
