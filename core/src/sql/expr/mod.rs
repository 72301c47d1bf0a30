//! SQL that users write inside the schema: expressions, bodies, queries.
//!
//! In: text. Out: what it means as far as schemagen must know: a small tree, and what it names. Read in
//! one pass over its tokens, by PostgreSQL's own grammar.

mod call;
mod check;
mod check_names;
mod cursor;
mod document_table;
mod fault;
mod from;
mod normal;
mod operators;
mod parse;
mod primary;
mod query;
mod reader;
mod refs;
mod scope;
mod scopes;
mod select;
mod special;
mod stability;
mod statement;
mod tree;
mod type_name;

#[cfg(test)]
mod check_tests;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::Serialize;
use smol_str::SmolStr;

pub use check::{SqlFinding, check, check_query};
pub use parse::{ExprCache, ParsedExpr, Reading};
pub use query::{FromItem, ItemSource, Join, Query, QueryForm, SelectItem, Selection, Statements};
pub use refs::{CallRef, ColumnRef, Refs, RelationRef};
pub use scope::{ColumnLookup, ExprSite, FunctionLookup, Scope, ValueType};
pub use tree::{Arithmetic, Comparison, Literal, Node, Simple};

/// An occurrence of SQL in the sources; its place is kept in the schema's origins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExprId(u32);

impl ExprId {
    /// The `index`-th occurrence.
    pub const fn new(index: u32) -> Self {
        Self(index)
    }

    /// Position in the origins, from 0.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// An expression that was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Expr {
    simple: Node,
    refs: Refs,
    normalized: String,
    name: Option<SmolStr>,
}

impl Expr {
    /// The expression as a small tree.
    pub const fn simple(&self) -> &Node {
        &self.simple
    }

    /// What it names.
    pub const fn refs(&self) -> &Refs {
        &self.refs
    }

    /// What PostgreSQL calls a column that holds it; none for its `?column?`.
    pub const fn name(&self) -> Option<&SmolStr> {
        self.name.as_ref()
    }

    /// One spelling for expressions that differ in white space, case of keywords and needless
    /// brackets only.
    pub fn normalized(&self) -> &str {
        &self.normalized
    }
}

/// An expression. Equal when the text is equal, wherever it stands.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct SqlExpr {
    /// As the user wrote it, sugar expanded.
    pub text: SmolStr,
    /// Which occurrence it is.
    #[serde(skip)]
    pub id: ExprId,
    /// What the text means; none where it could not be read.
    #[serde(skip)]
    pub tree: Option<Arc<Expr>>,
}

impl SqlExpr {
    /// An expression that nobody has read.
    pub const fn new(text: SmolStr, id: ExprId) -> Self {
        Self { text, id, tree: None }
    }

    /// The same with its meaning.
    #[must_use]
    pub fn with_tree(mut self, tree: Option<Arc<Expr>>) -> Self {
        self.tree = tree;
        self
    }
}

impl PartialEq for SqlExpr {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for SqlExpr {}

/// A function's body or a view's query.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct SqlBody {
    /// As the user wrote it; line ends are `\n`.
    pub text: SmolStr,
    /// Which occurrence it is.
    #[serde(skip)]
    pub id: ExprId,
    /// What the text means; none where it could not be read, or is in another language than SQL.
    #[serde(skip)]
    pub parsed: Option<ParsedBody>,
}

/// A body's meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParsedBody {
    /// A view's query.
    Query(Arc<Query>),
    /// The statements of a function.
    Statements(Arc<Statements>),
}

impl ParsedBody {
    /// What it names.
    pub fn refs(&self) -> &Refs {
        match self {
            Self::Query(query) => query.refs(),
            Self::Statements(statements) => statements.refs(),
        }
    }
}

impl SqlBody {
    /// A body that nobody has read.
    pub const fn new(text: SmolStr, id: ExprId) -> Self {
        Self { text, id, parsed: None }
    }

    /// The same with its meaning.
    #[must_use]
    pub fn with_parsed(mut self, parsed: Option<ParsedBody>) -> Self {
        self.parsed = parsed;
        self
    }
}

impl PartialEq for SqlBody {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for SqlBody {}
