//! SQL as a language: identifiers, literals, types, functions, expressions.
//!
//! In: texts that the user wrote, or values to write. Out: parsed and checked expressions, resolved
//! types, quoted text. Knows nothing of YAML or of the schema; sees only names.

pub mod builtins;
pub mod ident;
pub mod keywords;
pub(crate) mod lex;
pub mod literal;
pub mod types;
pub(crate) mod words;

pub mod expr;

pub use expr::{
    Expr, ExprCache, ExprId, ParsedBody, ParsedExpr, Query, Reading, SqlBody, SqlExpr, Statements,
};
pub use types::{BaseType, Modifier, PgType};
