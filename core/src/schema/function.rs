//! Functions, procedures and triggers.

use std::sync::Arc;

use serde::Serialize;
use smol_str::SmolStr;

use super::{
    ColumnType, DefaultValue, Deferrability, FunctionId, Name, Ownership, QualifiedName, RelationId,
};
use crate::sql::{SqlBody, SqlExpr};

/// `CREATE FUNCTION` or `CREATE PROCEDURE`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Function {
    /// Its name; its identity is the name with the types of its input arguments.
    pub name: QualifiedName,
    /// Whether it is created.
    pub ownership: Ownership,
    /// Function or procedure.
    pub kind: FunctionKind,
    /// Its arguments, in order.
    pub args: Vec<Argument>,
    /// What it gives.
    pub returns: Returns,
    /// The language: `sql`, `plpgsql`, …
    pub language: Name,
    /// How far its result depends on more than its arguments.
    pub volatility: Volatility,
    /// Whose rights it runs with.
    pub security: Security,
    /// Whether parallel plans may run it.
    pub parallel: Parallel,
    /// `STRICT`: null in, null out, without a call.
    pub strict: bool,
    /// `LEAKPROOF`.
    pub leakproof: bool,
    /// `SET name = value` for the time of a call; the value is a text, unquoted.
    pub set: Vec<(Name, SmolStr)>,
    /// Planner cost, where said.
    pub cost: Option<u32>,
    /// Planner row estimate of a set-returning function, where said.
    pub rows: Option<u32>,
    /// Its body.
    pub body: SqlBody,
    /// `COMMENT ON FUNCTION`.
    pub comment: Option<Arc<str>>,
}

impl Function {
    /// The arguments that a caller gives.
    pub fn inputs(&self) -> impl Iterator<Item = &Argument> {
        self.args.iter().filter(|arg| arg.mode != ArgMode::Out)
    }
}

/// What `CREATE` makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FunctionKind {
    /// Called in expressions.
    Function,
    /// Called by `CALL`.
    Procedure,
}

/// An argument.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Argument {
    /// Its name, if it has one.
    pub name: Option<Name>,
    /// Its type.
    pub ty: ColumnType,
    /// Its direction.
    pub mode: ArgMode,
    /// What it is when not given.
    pub default: Option<DefaultValue>,
}

/// The direction of an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ArgMode {
    /// Given by the caller.
    In,
    /// A result.
    Out,
    /// Both.
    InOut,
    /// All remaining arguments, as an array.
    Variadic,
}

/// What a function gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Returns {
    /// Nothing is declared: a procedure, or a function whose `OUT` arguments say it.
    Nothing,
    /// One value; `trigger` and `void` are base types.
    Value(ColumnType),
    /// `SETOF`.
    Set(ColumnType),
    /// `TABLE (…)`.
    Table(Vec<ResultColumn>),
}

/// A column of `RETURNS TABLE`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResultColumn {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: ColumnType,
}

/// How far a result depends on more than the arguments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Volatility {
    /// Not at all.
    Immutable,
    /// The same within one statement.
    Stable,
    /// In any way.
    #[default]
    Volatile,
}

/// Whose rights a function runs with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// The caller's.
    #[default]
    Invoker,
    /// The owner's.
    Definer,
}

/// Whether parallel plans may run a function.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Parallel {
    /// No.
    #[default]
    Unsafe,
    /// Only in the leader.
    Restricted,
    /// Yes.
    Safe,
}

/// `CREATE TRIGGER`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trigger {
    /// Its name, unique on its relation.
    pub name: Name,
    /// The table or view.
    pub on: RelationId,
    /// Before, after or instead.
    pub timing: TriggerTiming,
    /// What fires it; at least one.
    pub events: Vec<TriggerEvent>,
    /// Once a row, or once a statement.
    pub level: TriggerLevel,
    /// `WHEN (…)`.
    pub condition: Option<SqlExpr>,
    /// What runs.
    pub function: FunctionRef,
    /// Literal arguments, unquoted.
    pub args: Vec<SmolStr>,
    /// When it is enabled.
    pub state: TriggerState,
    /// `CREATE CONSTRAINT TRIGGER`.
    pub constraint: bool,
    /// When a constraint trigger fires.
    pub deferrable: Deferrability,
    /// `REFERENCING OLD TABLE AS`.
    pub old_table: Option<Name>,
    /// `REFERENCING NEW TABLE AS`.
    pub new_table: Option<Name>,
    /// `COMMENT ON TRIGGER`.
    pub comment: Option<Arc<str>>,
}

/// When a trigger fires, relative to the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerTiming {
    /// Before it.
    Before,
    /// After it.
    After,
    /// In its place; views only.
    InsteadOf,
}

/// What fires a trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum TriggerEvent {
    /// `INSERT`.
    Insert,
    /// `UPDATE`, of these columns or, if empty, of any.
    Update(Vec<Name>),
    /// `DELETE`.
    Delete,
    /// `TRUNCATE`.
    Truncate,
}

/// How often a trigger fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerLevel {
    /// For each row.
    Row,
    /// For each statement.
    Statement,
}

/// When a trigger is enabled (`session_replication_role`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerState {
    /// In ordinary sessions.
    #[default]
    Origin,
    /// Always.
    Always,
    /// On replicas.
    Replica,
    /// Never.
    Disabled,
}

/// A function that another object calls by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum FunctionRef {
    /// One of the schema's.
    Declared(FunctionId),
    /// One of PostgreSQL's or an extension's.
    Known(QualifiedName),
}
