//! What is known of queries and of bodies in `language sql`.

use std::sync::Arc;

use smol_str::SmolStr;

use super::refs::Refs;
use super::tree::Node;

/// A query that was read: a view's.
#[derive(Debug, PartialEq, Eq)]
pub struct Query {
    pub(super) refs: Refs,
    pub(super) selection: Option<Arc<Selection>>,
    pub(super) form: QueryForm,
}

impl Query {
    /// What it names.
    pub const fn refs(&self) -> &Refs {
        &self.refs
    }

    /// What it selects, where it is certain what that is.
    pub fn selection(&self) -> Option<&Selection> {
        self.selection.as_deref()
    }

    /// What becomes of the rows of `FROM`.
    pub const fn form(&self) -> QueryForm {
        self.form
    }
}

/// What a query makes of the rows of its `FROM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryForm {
    /// Each is a row of the result, or is left out by `WHERE`. Over a single table, PostgreSQL writes
    /// through such a view.
    Rows,
    /// They are grouped, sorted out or counted: `DISTINCT`, `GROUP BY`, `LIMIT`, aggregates, `WITH`.
    Derived,
    /// They stand beside those of other queries: `UNION` and its like, `VALUES`.
    Combined,
}

/// The statements of a body in `language sql`.
#[derive(Debug, PartialEq, Eq)]
pub struct Statements {
    pub(super) refs: Refs,
    pub(super) count: usize,
}

impl Statements {
    /// What they name.
    pub const fn refs(&self) -> &Refs {
        &self.refs
    }

    /// How many they are.
    pub const fn count(&self) -> usize {
        self.count
    }
}

/// What a query selects, also one in brackets, in another's `FROM` or in `WITH`.
#[derive(Debug, PartialEq, Eq)]
pub struct Selection {
    /// Its columns in order, of the first branch of a `UNION`.
    pub items: Vec<SelectItem>,
    /// What stands in its own `FROM`, of the first branch.
    pub from: Vec<FromItem>,
    /// The other branches of a `UNION` and its like, and the other rows of `VALUES`; none for those of which
    /// nothing is certain.
    pub others: Vec<Option<Arc<Selection>>>,
}

/// A column of a query's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectItem {
    /// Its name where the query says or implies one; none for wildcards and nameless expressions.
    pub name: Option<SmolStr>,
    /// Where its values come from.
    pub source: ItemSource,
}

/// Where a result's column comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemSource {
    /// A column of something in `FROM`.
    Column {
        /// All before the last dot.
        qualifier: Option<SmolStr>,
        /// The column.
        name: SmolStr,
    },
    /// `*` or `t.*`.
    Wildcard {
        /// The `t`.
        qualifier: Option<SmolStr>,
    },
    /// A constant or an expression of any other kind.
    Value(Node),
}

/// Something in `FROM`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromItem {
    /// The name by which the query speaks of it; empty for a nameless subquery.
    pub alias: SmolStr,
    /// The table or view; none for subqueries, functions and `WITH` queries.
    pub relation: Option<(Option<SmolStr>, SmolStr)>,
    /// The subquery or the `WITH` query, where it is certain what that gives.
    pub query: Option<Arc<Selection>>,
    /// The call, of a function that gives its own columns alone.
    pub call: Option<Node>,
    /// Other names for its first columns: `AS t (a, b)`.
    pub renamed: Vec<SmolStr>,
    /// What joins it to what stands before it.
    pub join: Join,
    /// Whether an outer join can make its columns null.
    pub nullable_side: bool,
}

/// What joins something in `FROM` to what stands before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Join {
    /// A comma, or nothing.
    None,
    /// `JOIN … ON`, `CROSS JOIN`.
    On,
    /// `JOIN … USING` these columns, of which `*` gives one each.
    Using(Vec<SmolStr>),
    /// `NATURAL JOIN`.
    Natural,
}

impl FromItem {
    /// One of which nothing is known but what the query calls it.
    pub(super) const fn named(alias: SmolStr) -> Self {
        Self {
            alias,
            relation: None,
            query: None,
            call: None,
            renamed: Vec::new(),
            join: Join::None,
            nullable_side: false,
        }
    }
}
