//! What a piece of SQL speaks of: columns, functions, relations.

use std::ops::Range;

use smol_str::SmolStr;

use super::scopes::QueryScope;

/// Everything that an expression, query or body names, in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refs {
    /// Columns, whole rows (`t`) included, since only the reader's scope tells them apart.
    pub columns: Vec<ColumnRef>,
    /// Function calls.
    pub calls: Vec<CallRef>,
    /// Tables and views; names of `WITH` queries are not among them.
    pub relations: Vec<RelationRef>,
    /// Types that casts name, as text for `types::parse_type`.
    pub types: Vec<(SmolStr, Range<u32>)>,
    /// Subqueries in an expression; a query itself is none.
    pub subqueries: Vec<Range<u32>>,
    /// Queries and statements that write, and what their names may stand for.
    pub scopes: Vec<QueryScope>,
    /// The scopes in the order in which they end: what one reads ended before it.
    pub closed: Vec<usize>,
    /// Comparisons of two columns of one name: the bytes of both.
    pub namesakes: Vec<(Range<u32>, Range<u32>)>,
    /// `$1` and its kin.
    pub parameters: Vec<(SmolStr, Range<u32>)>,
}

/// A column as named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRef {
    /// All before the last dot, its parts joined by dots.
    pub qualifier: Option<SmolStr>,
    /// The column; `*` for `t.*`.
    pub name: SmolStr,
    /// Bytes of the text.
    pub range: Range<u32>,
    /// The query in which it stands; none outside of all.
    pub scope: Option<usize>,
    /// Whether it sees only some of that query's sources.
    pub partial: bool,
    /// The query whose result's columns it may name as well: in `ORDER BY` and `GROUP BY`.
    pub result: Option<usize>,
    /// Whether the name was quoted.
    pub quoted: bool,
}

/// A function call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRef {
    /// The part before the dot.
    pub schema: Option<SmolStr>,
    /// In lower case unless quoted.
    pub name: SmolStr,
    /// How many arguments.
    pub args: usize,
    /// Bytes of the name.
    pub range: Range<u32>,
    /// With `OVER`.
    pub window: bool,
    /// Written as only an aggregate can be: with `*`, `DISTINCT`, `ORDER BY`, `FILTER` or `WITHIN GROUP`.
    pub aggregate: bool,
    /// Inside a subquery.
    pub nested: bool,
    /// In `FROM`, where it gives rows.
    pub from: bool,
    /// One of SQL's own forms, which need no function of that name: `COALESCE`, `EXTRACT`.
    pub special: bool,
}

/// A table or view as named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationRef {
    /// The part before the dot.
    pub schema: Option<SmolStr>,
    /// In lower case unless quoted.
    pub name: SmolStr,
    /// Bytes of the text.
    pub range: Range<u32>,
    /// Whether it is written to: the target of `INSERT`, `UPDATE`, `DELETE`, `MERGE`.
    pub written: bool,
}
