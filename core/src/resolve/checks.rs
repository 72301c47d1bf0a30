//! Last pass over SQL: every expression, body and query, checked where it stands.
//!
//! Runs when everything is known. Says only what is certain; what `sql` cannot read was remarked on
//! when it was read.

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::schema::{
    ConstraintKind, DefaultValue, Function, IndexTarget, Name, Ownership, PUBLIC, QualifiedName,
    RelationId, Returns, Schema, TableId, TypeKind, Volatility,
};
use crate::sql::builtins;
use crate::sql::expr::{
    ColumnLookup, ExprSite, FunctionLookup, ItemSource, Refs, Scope, SqlFinding, ValueType, check,
    check_calls,
};
use crate::sql::{BaseType, ExprId, ParsedBody, Query, SqlExpr};
use smol_str::SmolStr;

use super::names::Names;
use super::{Resolver, derive, expressions, types};
use crate::grammar::closest;

/// Checks all SQL of the schema.
pub(super) fn checks(cx: &mut Resolver<'_>) {
    let mut found = Vec::new();
    sites(&cx.schema, &mut |expr, site, table| {
        let Some(tree) = &expr.tree else { return };
        let scope = Around { cx, table, from: None };
        let findings = check(tree, site, &scope);
        found.extend(findings.into_iter().filter_map(|finding| place(cx, expr.id, finding)));
        relations(cx, expr.id, tree.refs(), &mut found);
    });
    bodies(cx, &mut found);
    for diagnostic in found {
        cx.report(diagnostic);
    }
}

fn place(cx: &Resolver<'_>, id: ExprId, finding: SqlFinding) -> Option<Diagnostic> {
    let diagnostic = expressions::finding(cx, finding.code, id, finding.range, finding.message)?;
    Some(match finding.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    })
}

/// Every expression of the schema, with its site and the table whose row it sees.
fn sites(schema: &Schema, visit: &mut dyn FnMut(&SqlExpr, ExprSite, Option<TableId>)) {
    for (id, table) in schema.owned_tables() {
        let table_id = Some(id);
        for column in &table.columns {
            if let Some(DefaultValue::Expr(expr)) = &column.default {
                visit(expr, ExprSite::Default, table_id);
            }
            if let Some(generated) = &column.generated {
                visit(&generated.expr, ExprSite::Generated, table_id);
            }
            if let Some(using) = &column.using {
                visit(using, ExprSite::TypeChange, table_id);
            }
        }
        for constraint in &table.constraints {
            match &constraint.kind {
                ConstraintKind::Check { expr } => visit(expr, ExprSite::Check, table_id),
                ConstraintKind::Exclude { elements, predicate, .. } => {
                    for element in elements {
                        key(&element.target, ExprSite::IndexKey, table_id, visit);
                    }
                    if let Some(predicate) = predicate {
                        visit(predicate, ExprSite::ExclusionWhere, table_id);
                    }
                }
                ConstraintKind::PrimaryKey { .. }
                | ConstraintKind::Unique { .. }
                | ConstraintKind::ForeignKey(_) => {}
            }
        }
        for index in &table.indexes {
            for element in &index.elements {
                key(&element.target, ExprSite::IndexKey, table_id, visit);
            }
            if let Some(predicate) = &index.predicate {
                visit(predicate, ExprSite::IndexWhere, table_id);
            }
        }
        for target in table.partitioning.iter().flat_map(|partitioning| &partitioning.columns) {
            key(target, ExprSite::PartitionKey, table_id, visit);
        }
    }
    for domain in schema.domains.values().filter(|domain| domain.ownership == Ownership::Owned) {
        for check in &domain.checks {
            visit(&check.expr, ExprSite::DomainCheck, None);
        }
        if let Some(DefaultValue::Expr(expr)) = &domain.default {
            visit(expr, ExprSite::Default, None);
        }
    }
    for function in
        schema.functions.values().filter(|function| function.ownership == Ownership::Owned)
    {
        for arg in &function.args {
            if let Some(DefaultValue::Expr(expr)) = &arg.default {
                visit(expr, ExprSite::Default, None);
            }
        }
    }
    for trigger in schema.triggers.values() {
        let table = match trigger.on {
            RelationId::Table(table) => Some(table),
            RelationId::View(_) => None,
        };
        if let Some(condition) = &trigger.condition {
            visit(condition, ExprSite::TriggerWhen, table);
        }
    }
    for policy in schema.policies.values() {
        if let Some(using) = &policy.using {
            visit(using, ExprSite::Using, Some(policy.table));
        }
        if let Some(check) = &policy.with_check {
            visit(check, ExprSite::WithCheck, Some(policy.table));
        }
    }
    for table in schema.publications.values().flat_map(|publication| &publication.tables) {
        if let Some(predicate) = &table.predicate {
            visit(predicate, ExprSite::PublicationWhere, Some(table.table));
        }
    }
}

fn key(
    target: &IndexTarget,
    site: ExprSite,
    table: Option<TableId>,
    visit: &mut dyn FnMut(&SqlExpr, ExprSite, Option<TableId>),
) {
    if let IndexTarget::Expr(expr) = target {
        visit(expr, site, table);
    }
}

/// The bodies of functions in SQL, and the queries of views.
fn bodies(cx: &Resolver<'_>, found: &mut Vec<Diagnostic>) {
    for view in cx.schema.views.values() {
        let reads = view.query.parsed.iter().flat_map(|parsed| &parsed.refs().relations);
        let itself = reads.into_iter().find(|relation| {
            view.name.name == relation.name.as_str()
                && view.name.schema == relation.schema.as_deref().unwrap_or(PUBLIC)
        });
        if let Some(relation) = itself {
            let message = format!("the view `{}` reads itself", view.name);
            let finding = expressions::finding(
                cx,
                Code::DependencyCycle,
                view.query.id,
                relation.range.clone(),
                message,
            );
            found.extend(finding.map(|finding| finding.help("read a table, or another view")));
        }
    }
    let functions =
        cx.schema.functions.values().filter(|function| function.ownership == Ownership::Owned);
    let views = cx.schema.views.values().filter(|view| view.ownership == Ownership::Owned);
    for body in functions.map(|function| &function.body).chain(views.map(|view| &view.query)) {
        let Some(parsed) = &body.parsed else { continue };
        let from = match parsed {
            ParsedBody::Query(query) => known_from(cx, query),
            ParsedBody::Statements(_) => None,
        };
        if let (ParsedBody::Query(query), Some(from)) = (parsed, &from) {
            view_columns(cx, body.id, query, from, found);
        }
        let scope = Around { cx, table: None, from };
        let findings = check_calls(parsed.refs(), &scope);
        found.extend(findings.into_iter().filter_map(|finding| place(cx, body.id, finding)));
        relations(cx, body.id, parsed.refs(), found);
    }
}

/// What a query reads, if all of it is known: the alias and the columns of each source.
type From = Vec<(SmolStr, Vec<Name>)>;

fn known_from(cx: &Resolver<'_>, query: &Query) -> Option<From> {
    let known = query.from().iter().map(|item| {
        let columns = derive::columns_of(cx, derive::relation(cx, item)?)?;
        Some((item.alias.clone(), columns.into_iter().map(|(name, _)| name).collect()))
    });
    known.collect::<Option<From>>().filter(|from| !from.is_empty())
}

/// Columns that a view's query names and that nothing in its `FROM` has.
fn view_columns(
    cx: &Resolver<'_>,
    id: ExprId,
    query: &Query,
    from: &From,
    found: &mut Vec<Diagnostic>,
) {
    // `name as title` makes a result column; a bare `title` is only named like its source.
    let outputs: Vec<&str> = query
        .select_items()
        .into_iter()
        .flatten()
        .filter_map(|item| {
            let name = item.name.as_deref()?;
            let renamed =
                !matches!(&item.source, ItemSource::Column { name: source, .. } if source == name);
            renamed.then_some(name)
        })
        .collect();
    // With subqueries or further branches, a column may be one of theirs.
    let refs = query.refs();
    if !refs.subqueries.is_empty() || refs.relations.len() != query.from().len() {
        return;
    }
    for column in refs.columns.iter().filter(|column| column.name != "*") {
        let sources: Vec<&(SmolStr, Vec<Name>)> =
            from.iter()
                .filter(|(alias, _)| {
                    column.qualifier.as_ref().is_none_or(|qualifier| {
                        qualifier.rsplit('.').next() == Some(alias.as_str())
                    })
                })
                .collect();
        let has = |name: &str| {
            sources.iter().any(|(_, columns)| columns.iter().any(|known| known == name))
        };
        // `ORDER BY` and `GROUP BY` speak of the result's columns too, and a source's bare name is its row.
        let elsewhere = column.qualifier.is_none()
            && (outputs.contains(&column.name.as_str())
                || from.iter().any(|(alias, _)| *alias == column.name));
        if has(&column.name) || elsewhere || is_system(&column.name) {
            continue;
        }
        let message = match &column.qualifier {
            Some(qualifier) if sources.is_empty() => {
                format!("nothing in this query's FROM is called `{qualifier}`")
            }
            _ => format!("nothing in this query's FROM has a column `{}`", column.name),
        };
        let Some(diagnostic) =
            expressions::finding(cx, Code::SqlUnknownColumn, id, column.range.clone(), message)
        else {
            continue;
        };
        let names = sources.iter().flat_map(|(_, columns)| columns.iter().map(Name::as_str));
        found.push(match closest(&column.name, names) {
            Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
            None => diagnostic.help("correct the name, or add the column to its table"),
        });
    }
}

/// The columns that every table has.
fn is_system(name: &str) -> bool {
    matches!(name, "ctid" | "tableoid" | "xmin" | "xmax" | "cmin" | "cmax")
}

/// Tables and views that SQL reads or writes and that certainly do not exist.
fn relations(cx: &Resolver<'_>, id: ExprId, refs: &Refs, found: &mut Vec<Diagnostic>) {
    for relation in &refs.relations {
        let schema = relation.schema.as_deref().unwrap_or(PUBLIC);
        let name = QualifiedName::new(Name::new(schema), Name::new(relation.name.clone()));
        let system = relation.schema.is_none() && relation.name.starts_with("pg_");
        let ours = cx.schema.namespaces.values().any(|namespace| {
            namespace.name == schema
                && (namespace.ownership == Ownership::Owned || schema == PUBLIC)
        });
        let known = cx.names.is_relation(&name) || !ours || system;
        // An extension may bring tables of its own into `public` (`spatial_ref_sys`).
        let by_extension = relation.schema.is_none() && relation.name == "spatial_ref_sys";
        if known || by_extension {
            continue;
        }
        let message = format!("there is no table or view `{name}`");
        let Some(diagnostic) =
            expressions::finding(cx, Code::UnknownTable, id, relation.range.clone(), message)
        else {
            continue;
        };
        found.push(match cx.names.closest_relation(&name) {
            Some(close) => {
                let span = diagnostic.primary.span;
                diagnostic.help(format!("did you mean `{close}`?")).fix(
                    format!("change it to `{close}`"),
                    Safety::Suggestion,
                    span,
                    close,
                )
            }
            None => diagnostic.help("define it under `tables` or `views`"),
        });
    }
}

/// What exists around an expression.
struct Around<'a, 'r> {
    cx: &'a Resolver<'r>,
    table: Option<TableId>,
    /// What a query reads, where all of it is known.
    from: Option<From>,
}

impl Around<'_, '_> {
    fn names(&self) -> &Names {
        &self.cx.names
    }
}

impl Scope for Around<'_, '_> {
    fn column(&self, qualifier: Option<&str>, name: &str) -> ColumnLookup {
        let Some(id) = self.table else {
            let unknown = self.from.as_ref().is_some_and(|from| {
                qualifier.is_none()
                    && !from.iter().any(|(_, columns)| columns.iter().any(|known| known == name))
            });
            return if unknown { ColumnLookup::Unknown } else { ColumnLookup::Unclear };
        };
        let table = &self.cx.schema.tables[id];
        if table.columns.is_empty() {
            return ColumnLookup::Unclear;
        }
        let own = |qualifier: &str| {
            qualifier == table.name.name.as_str()
                || qualifier == format!("{}.{}", table.name.schema, table.name.name)
        };
        if !qualifier.is_none_or(own) {
            // Another table's column cannot be read without a subquery; a deeper name may be a field.
            let other = qualifier.is_some_and(|qualifier| {
                self.names().is_relation(&super::names::reference(qualifier))
            });
            return if other { ColumnLookup::Unknown } else { ColumnLookup::Unclear };
        }
        match table.column(name) {
            None => ColumnLookup::Unknown,
            Some((_, column)) => {
                let ty = types::underlying(self.cx, &column.ty);
                let boolean = match &ty.kind {
                    TypeKind::Base(base) => Some(base.base == BaseType::Boolean && !ty.is_array()),
                    TypeKind::Enum(_) => Some(false),
                    _ => None,
                };
                ColumnLookup::Known { boolean, generated: column.generated.is_some() }
            }
        }
    }

    fn column_type(&self, _: Option<&str>, name: &str) -> Option<ValueType> {
        let (_, column) = self.cx.schema.tables[self.table?].column(name)?;
        let ty = types::underlying(self.cx, &column.ty);
        match &ty.kind {
            TypeKind::Base(base) if !ty.is_array() => Some(ValueType::Base(base.base)),
            TypeKind::Enum(_) if !ty.is_array() => Some(ValueType::Enum),
            _ => None,
        }
    }

    fn column_names(&self) -> Vec<&str> {
        let table = self.table.map(|id| &self.cx.schema.tables[id]);
        table
            .into_iter()
            .flat_map(|table| &table.columns)
            .map(|column| column.name.as_str())
            .collect()
    }

    fn relation(&self) -> Option<&str> {
        self.table.map(|id| self.cx.schema.tables[id].name.name.as_str())
    }

    fn function(&self, schema: Option<&str>, name: &str) -> FunctionLookup {
        let qualified = QualifiedName::new(Name::new(schema.unwrap_or(PUBLIC)), Name::new(name));
        let overloads = self.names().functions(&qualified);
        if overloads.is_empty() {
            let ours = schema.is_none_or(|schema| {
                let namespaces = self.cx.schema.namespaces.values();
                schema == PUBLIC
                    || namespaces
                        .into_iter()
                        .any(|n| n.name == schema && n.ownership == Ownership::Owned)
            });
            // A type's name called as a function is a cast.
            let cast = self.names().ty(&qualified).is_some();
            // Of another owner's functions not all are known; one that is spelt almost like a known one
            // is a slip.
            let slip = !ours
                && self
                    .names()
                    .closest_function(&qualified)
                    .is_some_and(|close| close.starts_with(&format!("{}.", qualified.schema)));
            return if (ours && !cast) || slip {
                FunctionLookup::Unknown
            } else {
                FunctionLookup::Unclear
            };
        }
        let functions = || overloads.iter().map(|id| &self.cx.schema.functions[*id]);
        FunctionLookup::Known {
            volatility: functions().map(|function| volatility(function.volatility)).min(),
            returns_boolean: all_equal(functions().map(returns_boolean)),
            set_returning: functions()
                .all(|function| matches!(function.returns, Returns::Set(_) | Returns::Table(_))),
        }
    }

    fn function_names(&self) -> Vec<&str> {
        self.cx
            .schema
            .functions
            .values()
            .filter(|function| function.name.is_public())
            .map(|function| function.name.name.as_str())
            .collect()
    }

    fn extensions(&self) -> Vec<&str> {
        self.cx.schema.extensions.values().map(|extension| extension.name.as_str()).collect()
    }
}

const fn volatility(volatility: Volatility) -> builtins::Volatility {
    match volatility {
        Volatility::Immutable => builtins::Volatility::Immutable,
        Volatility::Stable => builtins::Volatility::Stable,
        Volatility::Volatile => builtins::Volatility::Volatile,
    }
}

fn returns_boolean(function: &Function) -> Option<bool> {
    match &function.returns {
        Returns::Value(ty) | Returns::Set(ty) => match &ty.kind {
            TypeKind::Base(base) => Some(base.base == BaseType::Boolean && !ty.is_array()),
            TypeKind::Enum(_)
            | TypeKind::Composite(_)
            | TypeKind::TableRow(_)
            | TypeKind::ViewRow(_) => Some(false),
            TypeKind::Domain(_) | TypeKind::Unknown(_) => None,
        },
        Returns::Table(_) => Some(false),
        Returns::Nothing => None,
    }
}

fn all_equal(mut values: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let first = values.next()??;
    values.all(|value| value == Some(first)).then_some(first)
}
