//! Columns that queries name: which certainly do not exist, and which could be two.
//!
//! In: what a piece of SQL names, its queries, and what exists around it. Out: findings. A name is
//! looked up as PostgreSQL does it: in the innermost query first, then in those around it, last in what
//! is outside of all (a policy's table, a function's arguments). Where any source's columns are not
//! known, a bare name that nobody else has is passed over in silence.

use smol_str::SmolStr;

use super::refs::{ColumnRef, Refs};
use super::scope::{ColumnLookup, FunctionLookup, Scope};
use super::scopes::{Output, QueryScope, Source, SourceKind};
use crate::diagnostic::closest;
use crate::limits;
use crate::sql::ident::SYSTEM_COLUMNS;

/// The most columns of a result (PostgreSQL's `MaxTupleAttributeNumber`); more are not followed.
const MAX_COLUMNS: usize = 1_664;

/// Functions of any row, which may be written as if they were its columns: `t.row_to_json`.
const ROW_FUNCTIONS: &[&str] = &[
    "any_value",
    "array_agg",
    "concat",
    "count",
    "format",
    "hash_record",
    "hstore",
    "json_agg",
    "jsonb_agg",
    "max",
    "min",
    "num_nonnulls",
    "num_nulls",
    "pg_column_size",
    "pg_typeof",
    "quote_literal",
    "quote_nullable",
    "record_out",
    "record_send",
    "row_to_json",
    "to_json",
    "to_jsonb",
];

/// What is wrong with a column's name inside a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Misnamed<'a> {
    /// Nothing has such a column; what might have been meant.
    Nowhere {
        /// The columns that are seen.
        candidates: Vec<&'a str>,
    },
    /// The source of this name has no such column.
    NotIn {
        /// The table, or the alias where it is none.
        source: &'a str,
        /// Its columns.
        candidates: Vec<&'a str>,
    },
    /// Nothing is called by the qualifier.
    NoSource {
        /// The names that can be used.
        candidates: Vec<&'a str>,
        /// The name under which the table that was meant is known.
        instead: Option<&'a str>,
    },
    /// Two sources have it.
    Ambiguous {
        /// Their names.
        first: &'a str,
        /// Their names.
        second: &'a str,
    },
}

/// Whose column a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// That of a source: how many queries further out it stands, and its place among theirs.
    Source(usize, usize),
    /// That of what is outside of all queries.
    Outside,
}

/// The columns of all queries in a piece of SQL, as far as they are known.
pub(super) struct Visible<'a> {
    refs: &'a Refs,
    scope: &'a dyn Scope,
    queries: Vec<Columns<'a>>,
    /// Whether it would take too long to look names up.
    too_large: bool,
}

#[derive(Default, Clone)]
struct Columns<'a> {
    /// Of each source.
    sources: Vec<Option<Vec<&'a str>>>,
    /// Of the result.
    result: Option<Vec<&'a str>>,
}

impl<'a> Visible<'a> {
    pub(super) fn new(refs: &'a Refs, scope: &'a dyn Scope) -> Self {
        let queries = vec![Columns::default(); refs.scopes.len()];
        let mut visible = Self { refs, scope, queries, too_large: false };
        // Each name may be looked for in all that there is.
        let mut room = limits::NAME_LOOKUPS / (refs.columns.len() + refs.calls.len()).max(1);
        for index in &refs.closed {
            let Some(query) = refs.scopes.get(*index) else { continue };
            let mut sources = Vec::with_capacity(query.sources.len());
            room = room.saturating_sub(query.outputs.as_ref().map_or(0, Vec::len));
            for source in &query.sources {
                let columns = visible.columns(source);
                room = room.saturating_sub(columns.as_ref().map_or(1, Vec::len));
                if room == 0 {
                    return Self { queries: Vec::new(), too_large: true, ..visible };
                }
                sources.push(columns);
            }
            let result = result(query, &sources);
            if let Some(known) = visible.queries.get_mut(*index) {
                *known = Columns { sources, result };
            }
        }
        visible
    }

    fn columns(&self, source: &'a Source) -> Option<Vec<&'a str>> {
        let alias = source.alias.as_deref()?;
        let mut columns = match &source.kind {
            SourceKind::Relation { schema, name } => {
                self.scope.relation_columns(schema.as_deref(), name)?
            }
            SourceKind::Query(scope) => {
                // Columns that `USING` merges stand once, and not in the order of the tables.
                let merged = self.refs.scopes.get(*scope).is_some_and(|query| query.merged);
                if merged && !source.renamed.is_empty() {
                    return None;
                }
                self.queries.get(*scope)?.result.clone()?
            }
            SourceKind::Function { schema: None, name } if name == "generate_series" => vec![alias],
            SourceKind::Function { schema, name } => {
                self.scope.function_columns(schema.as_deref(), name, alias)?
            }
            SourceKind::Unclear => return None,
        };
        for (column, name) in columns.iter_mut().zip(&source.renamed) {
            *column = name;
        }
        Some(columns)
    }

    /// Whether any query might read a column of this name.
    pub(super) fn anywhere(&self, name: &str) -> bool {
        if self.too_large {
            return true;
        }
        let mut sources = self.queries.iter().flat_map(|query| &query.sources);
        sources.any(|columns| columns.as_ref().is_none_or(|columns| columns.contains(&name)))
    }

    /// What is certainly wrong with a column that stands in a query.
    pub(super) fn misnamed(&self, column: &ColumnRef) -> Option<Misnamed<'a>> {
        match column.qualifier.as_deref() {
            _ if self.too_large => None,
            None => self.bare(column),
            Some(qualifier) => self.qualified(column, qualifier),
        }
    }

    /// The queries around a column, the innermost first, with whether it sees only a part of each.
    fn around(
        &self,
        column: &ColumnRef,
    ) -> impl Iterator<Item = (&'a QueryScope, &Columns<'a>, bool)> {
        let mut at = column.scope;
        let mut partial = column.partial;
        std::iter::from_fn(move || {
            let index = at?;
            let (query, known) = (self.refs.scopes.get(index)?, self.queries.get(index)?);
            let seen = partial;
            at = query.parent;
            partial = query.partial;
            Some((query, known, seen))
        })
    }

    /// Whose column a name certainly is.
    pub(super) fn holder(&self, column: &ColumnRef) -> Option<Holder> {
        let name = column.name.as_str();
        if column.result.is_some() || self.too_large {
            return None;
        }
        let qualifier = column.qualifier.as_deref();
        for (depth, (query, known, _)) in self.around(column).enumerate() {
            for (at, (source, columns)) in query.sources.iter().zip(&known.sources).enumerate() {
                let has = columns.as_ref()?.contains(&name);
                let is_meant = qualifier.is_none_or(|own| source.alias.as_deref() == Some(own));
                if has && is_meant {
                    return (!query.merged).then_some(Holder::Source(depth, at));
                }
            }
        }
        let is_known = matches!(self.scope.column(qualifier, name), ColumnLookup::Known { .. });
        let is_own = qualifier.is_none_or(|own| self.scope.relation() == Some(own));
        (is_known && is_own).then_some(Holder::Outside)
    }

    fn bare(&self, column: &ColumnRef) -> Option<Misnamed<'a>> {
        let name = column.name.as_str();
        if name == "*" {
            return None;
        }
        if let Some(result) = column.result.and_then(|result| self.refs.scopes.get(result)) {
            let outputs = result.outputs.as_ref()?;
            if outputs.iter().any(|output| matches!(output, Output::Named(known) if known == name))
            {
                return None;
            }
        }
        let mut candidates = Vec::new();
        for (query, known, partial) in self.around(column) {
            let mut holders: Vec<&'a str> = Vec::new();
            let mut unclear = false;
            for (source, columns) in query.sources.iter().zip(&known.sources) {
                if source.alias.as_deref().is_none_or(|alias| alias == name) {
                    return None; // a whole row
                }
                match columns {
                    None => unclear = true,
                    Some(columns) if columns.contains(&name) => {
                        holders.push(source.alias.as_deref().unwrap_or_default());
                    }
                    Some(columns) => {
                        unclear |= is_table(source) && SYSTEM_COLUMNS.contains(&name)
                            || self.may_have(source, name, columns);
                        candidates.extend(columns);
                    }
                }
            }
            if let ([first, second, ..], false, false) = (holders.as_slice(), partial, query.merged)
            {
                return Some(Misnamed::Ambiguous { first, second });
            }
            if unclear || !holders.is_empty() {
                return None;
            }
        }
        if self.scope.relation() == Some(name) {
            return None;
        }
        match self.scope.column(None, name) {
            ColumnLookup::Known { .. } | ColumnLookup::Unclear => None,
            ColumnLookup::Unknown => {
                candidates.extend(self.scope.column_names());
                Some(Misnamed::Nowhere { candidates })
            }
        }
    }

    fn qualified(&self, column: &ColumnRef, qualifier: &str) -> Option<Misnamed<'a>> {
        let name = column.name.as_str();
        let (schema, own) = match qualifier.rsplit_once('.') {
            Some((schema, own)) => (Some(schema), own),
            None => (None, qualifier),
        };
        let mut aliases = Vec::new();
        let mut instead = None;
        for (query, known, _) in self.around(column) {
            for (source, columns) in query.sources.iter().zip(&known.sources) {
                let alias = source.alias.as_deref()?;
                if alias == own && (schema.is_none() || stands_in(source, schema)) {
                    let columns = columns.as_ref()?;
                    let found = name == "*"
                        || columns.contains(&name)
                        || is_table(source) && SYSTEM_COLUMNS.contains(&name)
                        || self.is_row_function(name)
                        || self.may_have(source, name, columns);
                    return (!found).then(|| Misnamed::NotIn {
                        source: source_name(source, alias),
                        candidates: columns.clone(),
                    });
                }
                aliases.push(alias);
                if matches!(&source.kind, SourceKind::Relation { name, .. } if name == own) {
                    instead = Some(alias);
                }
            }
        }
        // PostgreSQL 18's `RETURNING old.*`; and a table of another schema than the one that is read.
        if schema.is_some() || matches!(own, "old" | "new") {
            return None;
        }
        if self.scope.relation() == Some(own) {
            let found = name == "*" || SYSTEM_COLUMNS.contains(&name) || self.is_row_function(name);
            return match self.scope.column(Some(own), name) {
                ColumnLookup::Unknown if !found => Some(Misnamed::NotIn {
                    source: self.scope.relation().unwrap_or_default(),
                    candidates: self.scope.column_names(),
                }),
                _ => None,
            };
        }
        match self.scope.column(Some(own), name) {
            ColumnLookup::Known { .. } => None,
            ColumnLookup::Unclear if self.scope.relation().is_none() => None,
            ColumnLookup::Unclear | ColumnLookup::Unknown => {
                aliases.extend(self.scope.relation());
                Some(Misnamed::NoSource { candidates: aliases, instead })
            }
        }
    }

    /// Whether a source of another owner may have a column that is not among those known. What is
    /// spelt almost like a known one is a slip.
    fn may_have(&self, source: &Source, name: &str, columns: &[&str]) -> bool {
        match &source.kind {
            SourceKind::Relation { schema, name: table } => {
                self.scope.may_have_more_columns(schema.as_deref(), table)
                    && closest(name, columns.iter().copied()).is_none()
            }
            SourceKind::Query(_) | SourceKind::Function { .. } | SourceKind::Unclear => false,
        }
    }

    fn is_row_function(&self, name: &str) -> bool {
        ROW_FUNCTIONS.contains(&name)
            || matches!(self.scope.function(None, name), FunctionLookup::Known { .. })
    }
}

fn is_table(source: &Source) -> bool {
    matches!(source.kind, SourceKind::Relation { .. })
}

fn stands_in(source: &Source, wanted: Option<&str>) -> bool {
    match &source.kind {
        SourceKind::Relation { schema, name } => {
            schema.as_deref().is_none_or(|schema| Some(schema) == wanted)
                && source.alias.as_deref() == Some(name)
        }
        SourceKind::Query(_) | SourceKind::Function { .. } | SourceKind::Unclear => false,
    }
}

fn source_name<'a>(source: &'a Source, alias: &'a str) -> &'a str {
    match &source.kind {
        SourceKind::Relation { name, .. } => name,
        SourceKind::Query(_) | SourceKind::Function { .. } | SourceKind::Unclear => alias,
    }
}

/// The columns that a query gives.
fn result<'a>(query: &'a QueryScope, sources: &[Option<Vec<&'a str>>]) -> Option<Vec<&'a str>> {
    let mut columns: Vec<&str> = Vec::new();
    for output in query.outputs.as_ref()? {
        match output {
            Output::Named(name) => columns.push(name),
            Output::Nameless => columns.push("?column?"),
            Output::Wildcard(qualifier) => {
                let wanted: Option<SmolStr> = qualifier
                    .as_deref()
                    .map(|text| text.rsplit('.').next().unwrap_or_default().into());
                for (source, known) in query.sources.iter().zip(sources) {
                    if wanted.is_none() || source.alias == wanted {
                        columns.extend(known.as_ref()?);
                    }
                }
            }
        }
        if columns.len() > MAX_COLUMNS {
            return None;
        }
    }
    Some(columns)
}
