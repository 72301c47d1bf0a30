//! From the parser's queries to [`QueryScope`]s: what each query's names may stand for.
//!
//! In: sqlparser's `FROM` elements and `SELECT` lists. Out: sources and outputs in [`Refs`].
//!
//! [`Refs`]: super::refs::Refs

use smol_str::{SmolStr, ToSmolStr};
use sqlparser::ast::{
    self, AssignmentTarget, Ident, JoinConstraint, ObjectName, TableAlias, TableFactor,
    TableWithJoins,
};

use super::query::ItemSource;
use super::read::{Reader, folded, object_parts};
use super::read_query::select_item;
use super::refs::ColumnRef;
use super::scopes::{Output, QueryScope, Source, SourceKind};
use super::tokens::bytes;

/// A `WITH` query that is visible.
pub(super) struct Cte {
    pub(super) name: SmolStr,
    /// Its result; none while it is read.
    pub(super) scope: Option<usize>,
    pub(super) renamed: Vec<SmolStr>,
}

impl Reader<'_> {
    /// Runs `read` in a scope of its own; gives the scope's index.
    pub(super) fn in_scope(&mut self, read: impl FnOnce(&mut Self, usize)) -> usize {
        let index = self.refs.scopes.len();
        let (parent, partial) = (self.scope, self.partial);
        self.refs.scopes.push(QueryScope { parent, partial, ..QueryScope::default() });
        (self.scope, self.partial) = (Some(index), false);
        read(self, index);
        (self.scope, self.partial) = (parent, partial);
        self.refs.closed.push(index);
        index
    }

    /// Runs `read` where only a part of the scope's sources is seen.
    pub(super) fn partially<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.partial, true);
        let result = read(self);
        self.partial = before;
        result
    }

    /// Runs `read` where nothing of the present query is seen, only what is around it.
    pub(super) fn outside<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = (self.scope, self.partial);
        if let Some(scope) = self.scope.and_then(|scope| self.refs.scopes.get(scope)) {
            (self.scope, self.partial) = (scope.parent, scope.partial);
        }
        let result = read(self);
        (self.scope, self.partial) = before;
        result
    }

    fn opened(&mut self) -> Option<&mut QueryScope> {
        self.scope.and_then(|scope| self.refs.scopes.get_mut(scope))
    }

    pub(super) fn source(&mut self, source: Source) {
        if let Some(scope) = self.opened() {
            scope.sources.push(source);
        }
    }

    pub(super) fn outputs(&mut self, outputs: Option<Vec<Output>>) {
        if let Some(scope) = self.opened() {
            scope.outputs = outputs;
        }
    }

    /// Notes what a join's condition says of columns.
    pub(super) fn joined(&mut self, right: &TableFactor, constraint: Option<&JoinConstraint>) {
        match constraint {
            Some(JoinConstraint::On(condition)) => {
                self.partially(|reader| reader.expr(condition));
            }
            Some(JoinConstraint::Using(columns)) => {
                if let Some(scope) = self.opened() {
                    scope.merged = true;
                }
                let alias = factor_alias(right);
                for column in columns {
                    self.target(alias.as_ref(), column);
                }
            }
            Some(JoinConstraint::Natural) => {
                if let Some(scope) = self.opened() {
                    scope.merged = true;
                }
            }
            Some(JoinConstraint::None) | None => {}
        }
    }

    /// A column that is named where only a certain source's can be: `insert into t (column)`.
    pub(super) fn target(&mut self, alias: Option<&SmolStr>, column: &ObjectName) {
        if let [ast::ObjectNamePart::Identifier(name)] = column.0.as_slice() {
            self.target_ident(alias, name);
        }
    }

    pub(super) fn target_ident(&mut self, alias: Option<&SmolStr>, name: &Ident) {
        let (Some(alias), Some(range)) = (alias, bytes(name.span)) else { return };
        self.refs.columns.push(ColumnRef {
            qualifier: Some(alias.clone()),
            name: folded(name),
            range,
            scope: self.scope,
            partial: true,
            result: None,
            quoted: name.quote_style.is_some(),
        });
    }

    pub(super) fn assigned(&mut self, alias: Option<&SmolStr>, target: &AssignmentTarget) {
        match target {
            AssignmentTarget::ColumnName(column) => self.target(alias, column),
            AssignmentTarget::Tuple(columns) => {
                for column in columns {
                    self.target(alias, column);
                }
            }
        }
    }

    /// What a name in `FROM` means: a `WITH` query or a relation.
    pub(super) fn named_source(&self, name: &ObjectName, alias: Option<&TableAlias>) -> Source {
        let mut parts = object_parts(name);
        let (own, schema) = (parts.pop().unwrap_or_default(), parts.pop());
        let cte = self.ctes.iter().rev().find(|cte| schema.is_none() && cte.name == own);
        let mut renamed = renamed(alias);
        let name = alias_name(alias).unwrap_or_else(|| own.clone());
        let kind = match cte {
            Some(cte) => {
                renamed.extend(cte.renamed.iter().skip(renamed.len()).cloned());
                cte.scope.map_or(SourceKind::Unclear, SourceKind::Query)
            }
            None => SourceKind::Relation { schema, name: own },
        };
        Source { alias: Some(name), renamed, kind }
    }

    pub(super) fn function_source(
        &mut self,
        name: &ObjectName,
        alias: Option<&TableAlias>,
        ordinality: bool,
    ) {
        let mut parts = object_parts(name);
        let (own, schema) = (parts.pop().unwrap_or_default(), parts.pop());
        let typed = alias
            .is_some_and(|alias| alias.columns.iter().any(|column| column.data_type.is_some()));
        let shown = alias_name(alias).unwrap_or_else(|| own.clone());
        let kind = if ordinality || typed {
            SourceKind::Unclear
        } else {
            SourceKind::Function { schema, name: own }
        };
        self.source(Source { alias: Some(shown), renamed: renamed(alias), kind });
    }

    pub(super) fn query_source(&mut self, scope: Option<usize>, alias: Option<&TableAlias>) {
        let kind = scope.map_or(SourceKind::Unclear, SourceKind::Query);
        // PostgreSQL calls a subquery without an alias by no name that anyone could write.
        let name = alias_name(alias).or(Some(SmolStr::default()));
        self.source(Source { alias: name, renamed: renamed(alias), kind });
    }

    pub(super) fn unclear_source(&mut self, alias: Option<&TableAlias>) {
        let kind = SourceKind::Unclear;
        self.source(Source { alias: alias_name(alias), renamed: Vec::new(), kind });
    }
}

fn alias_name(alias: Option<&TableAlias>) -> Option<SmolStr> {
    alias.map(|alias| folded(&alias.name))
}

pub(super) fn renamed(alias: Option<&TableAlias>) -> Vec<SmolStr> {
    let columns = alias.into_iter().flat_map(|alias| &alias.columns);
    columns.map(|column| folded(&column.name)).collect()
}

/// The name by which a query speaks of a table in its `FROM`.
pub(super) fn factor_alias(factor: &TableFactor) -> Option<SmolStr> {
    match factor {
        TableFactor::Table { name, alias, .. } => {
            alias_name(alias.as_ref()).or_else(|| object_parts(name).pop())
        }
        TableFactor::Derived { alias, .. } => alias_name(alias.as_ref()),
        _ => None,
    }
}

pub(super) fn table_alias(table: &TableWithJoins) -> Option<SmolStr> {
    factor_alias(&table.relation)
}

/// The columns that a `SELECT` list or `RETURNING` gives; none where a name is not certain.
pub(super) fn outputs(items: &[ast::SelectItem]) -> Option<Vec<Output>> {
    items.iter().map(output).collect()
}

fn output(item: &ast::SelectItem) -> Option<Output> {
    let known = select_item(item);
    if let ItemSource::Wildcard { qualifier } = known.source {
        return Some(Output::Wildcard(qualifier));
    }
    if let Some(name) = known.name {
        return Some(Output::Named(name));
    }
    let ast::SelectItem::UnnamedExpr(expr) = item else { return None };
    nameless(expr).then_some(Output::Nameless)
}

/// Whether PostgreSQL surely calls the expression `?column?`.
fn nameless(expr: &ast::Expr) -> bool {
    match expr {
        ast::Expr::Nested(inner) => nameless(inner),
        ast::Expr::BinaryOp { .. }
        | ast::Expr::UnaryOp { .. }
        | ast::Expr::Value(_)
        | ast::Expr::IsNull(_)
        | ast::Expr::IsNotNull(_)
        | ast::Expr::InList { .. }
        | ast::Expr::Between { .. } => true,
        _ => false,
    }
}

/// The names of a `VALUES` list's columns.
pub(super) fn values_outputs(columns: usize) -> Vec<Output> {
    let name = |at| Output::Named(format!("column{at}").to_smolstr());
    (1..=columns).map(name).collect()
}
