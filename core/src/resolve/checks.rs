//! Last pass over SQL: every expression, body and query, checked where it stands.
//!
//! Runs when everything is known. Says only what is certain; what `sql` cannot read was remarked on
//! when it was read.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Code, Diagnostic, Label, Safety};
use crate::schema::{
    ConstraintKind, DefaultValue, IndexTarget, Ownership, PUBLIC, RelationId, Schema, TableId,
};
use crate::source::Span;
use crate::sql::expr::{ExprSite, Refs, SqlFinding, check, check_query};
use crate::sql::{ExprId, SqlExpr};

use super::around::{Around, Found, World};
use super::types::with_extension_fix;
use super::{Resolver, expressions};

/// Checks all SQL of the schema.
pub(super) fn checks(cx: &mut Resolver<'_>) {
    let mut found = Vec::new();
    sites(&cx.schema, &mut |expr, site, table| {
        let Some(tree) = &expr.tree else { return };
        let scope = Around::new(cx, table.map_or(World::Nothing, World::Row));
        let findings = check(tree, site, &scope);
        let placed = |finding| Some((expr.id, place(cx, expr.id, finding)?));
        found.extend(findings.into_iter().filter_map(placed));
        relations(cx, expr.id, tree.refs(), &scope, &mut found);
    });
    bodies(cx, &mut found);
    for diagnostic in once(cx, found) {
        cx.report(diagnostic);
    }
}

/// What was found of which expression.
type Placed = (ExprId, Diagnostic);

/// How many uses of a mixin a finding names.
const NAMED_USES: usize = 3;

/// What is wrong in a mixin, once for all tables that use it.
fn once(cx: &Resolver<'_>, found: Vec<Placed>) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(found.len());
    let mut of_mixins: FxHashMap<(Code, Span), (usize, usize)> = FxHashMap::default();
    for (id, diagnostic) in found {
        let Some(via) = cx.origins.expr(id).and_then(|origin| origin.via) else {
            kept.push(diagnostic);
            continue;
        };
        let place = (diagnostic.code, diagnostic.primary.span);
        match of_mixins.get_mut(&place) {
            None => {
                of_mixins.insert(place, (kept.len(), 1));
                kept.push(diagnostic);
            }
            Some((first, uses)) => {
                let known = kept.get_mut(*first);
                let Some(known) = known.filter(|it| it.labels.iter().all(|it| it.span != via))
                else {
                    kept.push(diagnostic); // two findings of one use
                    continue;
                };
                *uses += 1;
                if *uses <= NAMED_USES {
                    known.labels.push(Label { span: via, text: "and here".to_owned() });
                }
            }
        }
    }
    kept
}

fn place(cx: &Resolver<'_>, id: ExprId, finding: SqlFinding) -> Option<Diagnostic> {
    let mut diagnostic =
        expressions::finding(cx, finding.code, id, finding.range, finding.message)?;
    if let Some(help) = finding.help {
        diagnostic = diagnostic.help(help);
    }
    Some(match finding.extension {
        Some(extension) => {
            let span = diagnostic.primary.span;
            with_extension_fix(cx, diagnostic, extension, span)
        }
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
                ConstraintKind::Exclude(exclusion) => {
                    for element in &exclusion.elements {
                        key(&element.target, ExprSite::IndexKey, table_id, visit);
                    }
                    if let Some(predicate) = &exclusion.predicate {
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
        for element in table.partitioning.iter().flat_map(|partitioning| &partitioning.columns) {
            key(&element.target, ExprSite::PartitionKey, table_id, visit);
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
fn bodies(cx: &Resolver<'_>, found: &mut Vec<Placed>) {
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
            let finding = finding.map(|finding| finding.help("read a table, or another view"));
            found.extend(finding.map(|finding| (view.query.id, finding)));
        }
    }
    let functions = cx.schema.functions.ids().filter_map(|id| {
        let function = &cx.schema.functions[id];
        (function.ownership == Ownership::Owned).then_some((&function.body, World::Arguments(id)))
    });
    let views = cx.schema.views.values().filter(|view| view.ownership == Ownership::Owned);
    for (body, world) in functions.chain(views.map(|view| (&view.query, World::Query))) {
        let Some(parsed) = &body.parsed else { continue };
        let scope = Around::new(cx, world);
        let findings = check_query(parsed.refs(), &scope);
        let placed = |finding| Some((body.id, place(cx, body.id, finding)?));
        found.extend(findings.into_iter().filter_map(placed));
        relations(cx, body.id, parsed.refs(), &scope, found);
    }
}

/// Tables and views that SQL reads or writes and that certainly do not exist.
fn relations(
    cx: &Resolver<'_>,
    id: ExprId,
    refs: &Refs,
    scope: &Around<'_, '_>,
    found: &mut Vec<Placed>,
) {
    for relation in &refs.relations {
        let Found::Missing(name) = scope.find(relation.schema.as_deref(), &relation.name) else {
            continue;
        };
        if cx.names.is_unread(&name) {
            continue;
        }
        let unqualified = relation.schema.is_none() && scope.path_is_empty();
        let message = if unqualified {
            format!("`{}` is sought in no schema: the search_path is empty", relation.name)
        } else {
            format!("there is no table or view `{name}`")
        };
        let Some(diagnostic) =
            expressions::finding(cx, Code::UnknownTable, id, relation.range.clone(), message)
        else {
            continue;
        };
        let near = if unqualified && cx.names.is_relation(&name) {
            Some(format!("{}.{}", name.schema, name.name))
        } else {
            cx.names.closest_relation(&name)
        };
        let diagnostic = match near {
            Some(close) => {
                let span = diagnostic.primary.span;
                let help = if unqualified {
                    format!("write `{close}`")
                } else {
                    format!("did you mean `{close}`?")
                };
                diagnostic.help(help).fix(
                    format!("change it to `{close}`"),
                    Safety::Suggestion,
                    span,
                    close,
                )
            }
            None => diagnostic.help("define it under `tables` or `views`"),
        };
        found.push((id, diagnostic));
    }
}
