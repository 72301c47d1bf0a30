//! What is known of queries and of bodies in `language sql`.

use std::sync::Arc;

use smol_str::SmolStr;

use super::refs::Refs;
use super::tree::Node;

/// A query that was read: a view's.
#[derive(Debug, PartialEq, Eq)]
pub struct Query {
    pub(super) refs: Refs,
    pub(super) items: Option<Vec<SelectItem>>,
    pub(super) from: Vec<FromItem>,
    pub(super) form: QueryForm,
}

impl Query {
    /// What it names.
    pub const fn refs(&self) -> &Refs {
        &self.refs
    }

    /// Its columns in order, of the first branch of a `UNION`; none where these are not certain.
    pub fn select_items(&self) -> Option<&[SelectItem]> {
        self.items.as_deref()
    }

    /// What stands in its own `FROM`, of the first branch of a `UNION`.
    pub fn from(&self) -> &[FromItem] {
        &self.from
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

/// A query in another's `FROM` or `WITH`.
#[derive(Debug, PartialEq, Eq)]
pub struct Inner {
    /// Its columns in order, of the first branch of a `UNION`.
    pub items: Vec<SelectItem>,
    /// What stands in its own `FROM`.
    pub from: Vec<FromItem>,
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
    /// The result of a function that is called as no other: an aggregate's, a window function's.
    Call {
        /// In lower case unless quoted; `schema.name` where qualified.
        name: SmolStr,
        /// The arguments in order.
        args: Vec<Node>,
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
    pub query: Option<Arc<Inner>>,
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
            renamed: Vec::new(),
            join: Join::None,
            nullable_side: false,
        }
    }
}
