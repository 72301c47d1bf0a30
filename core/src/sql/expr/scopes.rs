//! The queries inside a piece of SQL, as far as names go: what each reads, and what it gives.
//!
//! Says only what the text says; which columns a table has is the schema's to know.

use smol_str::SmolStr;

/// A query (or a statement that writes), whose names are looked up here first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryScope {
    /// The query around it, whose columns it sees too.
    pub parent: Option<usize>,
    /// Whether it sees only some of its parent's sources: those to its left.
    pub partial: bool,
    /// Whether `USING` or `NATURAL` makes one column of two.
    pub merged: bool,
    /// What stands in its `FROM`.
    pub sources: Vec<Source>,
    /// The columns that it gives; none where they are not clear.
    pub outputs: Option<Vec<Output>>,
}

/// A column, or more, of a query's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// A column of this name.
    Named(SmolStr),
    /// A column that nobody can name: `?column?`.
    Nameless,
    /// `*` or `t.*`.
    Wildcard(Option<SmolStr>),
}

/// Something in `FROM`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name by which the query speaks of it; none where it has none or it is not known.
    pub alias: Option<SmolStr>,
    /// New names for its first columns: `t (a, b)`.
    pub renamed: Vec<SmolStr>,
    /// Where its columns come from.
    pub kind: SourceKind,
}

/// Where the columns of something in `FROM` come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceKind {
    /// A table or view.
    Relation {
        /// The part before the dot.
        schema: Option<SmolStr>,
        /// In lower case unless quoted.
        name: SmolStr,
    },
    /// A subquery or a `WITH` query: the scope whose outputs they are.
    Query(usize),
    /// A function.
    Function {
        /// The part before the dot.
        schema: Option<SmolStr>,
        /// In lower case unless quoted.
        name: SmolStr,
    },
    /// Something whose columns the text does not tell.
    Unclear,
}
