//! Policies that read each other's tables.
//!
//! PostgreSQL refuses such a circle with 42P17, "infinite recursion detected in policy", but only when
//! a query meets it. A policy's subquery applies the policies for reading of the tables in it; when
//! that leads back to the table whose policy it is, and that table's policies for reading hold a
//! subquery, the query fails. A view that has its reader's rights leads on to what it reads.

use super::{Resolver, expressions};
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::Graph;
use crate::schema::{
    Name, PUBLIC, Policy, PolicyCommand, QualifiedName, RelationId, RowSecurity, TableId, View,
    ViewId,
};
use crate::sql::SqlExpr;
use crate::sql::expr::RelationRef;

/// A read of a table or view, a node of the graph, by a policy.
struct Read<'a> {
    to: usize,
    expr: &'a SqlExpr,
    relation: &'a RelationRef,
    reading: bool,
}

/// Reports each circle once.
pub(super) fn policy_cycles(cx: &mut Resolver<'_>) {
    for diagnostic in circles(cx) {
        cx.report(diagnostic);
    }
}

fn circles(cx: &Resolver<'_>) -> Vec<Diagnostic> {
    let nodes = Nodes { tables: cx.schema.tables.len() };
    let mut reads: Vec<Vec<Read<'_>>> = (0..nodes.tables).map(|_| Vec::new()).collect();
    for policy in cx.schema.policies.values() {
        if cx.schema.tables[policy.table].row_security == RowSecurity::Disabled {
            continue;
        }
        if let Some(list) = reads.get_mut(policy.table.index()) {
            list.extend(reads_of(cx, nodes, policy));
        }
    }
    let mut found = Vec::new();
    let edges = reads.iter().enumerate().flat_map(|(node, list)| {
        list.iter().filter(|read| read.reading).map(move |read| (node, read.to, ()))
    });
    let views = cx.schema.views.iter().filter(|(_, view)| is_invoker(view));
    let beneath = views.flat_map(|(id, view)| {
        let relations = view.query.parsed.iter().flat_map(|parsed| &parsed.refs().relations);
        let from = nodes.of(RelationId::View(id));
        relations.filter_map(move |relation| Some((from, nodes.named(cx, relation)?, ())))
    });
    let graph = Graph::new(nodes.tables + cx.schema.views.len(), edges.chain(beneath).collect());
    if let Some(knots) = graph.knots() {
        found.extend(graph.cycles(&knots).filter_map(|mut cycle| {
            let table = cycle.iter().position(|node| *node < nodes.tables)?;
            cycle.rotate_left(table);
            report(cx, nodes, &reads, &cycle)
        }));
    }
    for node in 0..nodes.tables {
        // A table whose own policies for reading hold a subquery on it.
        let own = reads.get(node).and_then(|list| list.iter().find(|read| read.to == node));
        let guarded = reads.get(node).is_some_and(|list| list.iter().any(|read| read.reading));
        if own.is_some() && guarded {
            found.extend(report(cx, nodes, &reads, &[node]));
        }
    }
    found
}

/// The tables, then the views.
#[derive(Clone, Copy)]
struct Nodes {
    tables: usize,
}

impl Nodes {
    fn of(self, relation: RelationId) -> usize {
        match relation {
            RelationId::Table(id) => id.index(),
            RelationId::View(id) => self.tables + id.index(),
        }
    }

    /// The node of what SQL names, unless it reads with its owner's rights.
    fn named(self, cx: &Resolver<'_>, relation: &RelationRef) -> Option<usize> {
        let schema = relation.schema.clone().unwrap_or_else(|| PUBLIC.into());
        let name = QualifiedName::new(Name::new(schema), Name::new(relation.name.clone()));
        let relation = cx.names.relation(&name)?;
        let follows = match relation {
            RelationId::Table(_) => true,
            RelationId::View(id) => is_invoker(&cx.schema.views[id]),
        };
        follows.then(|| self.of(relation))
    }

    fn name(self, cx: &Resolver<'_>, node: usize) -> String {
        match node.checked_sub(self.tables) {
            None => cx.schema.tables[TableId::new(node as u32)].name.to_string(),
            Some(view) => cx.schema.views[ViewId::new(view as u32)].name.to_string(),
        }
    }
}

const fn is_invoker(view: &View) -> bool {
    view.security_invoker && !view.materialized
}

fn reads_of<'a>(cx: &'a Resolver<'_>, nodes: Nodes, policy: &'a Policy) -> Vec<Read<'a>> {
    let reading = matches!(policy.command, PolicyCommand::All | PolicyCommand::Select);
    let clauses = [(&policy.using, reading), (&policy.with_check, false)];
    let mut found = Vec::new();
    for (expr, reading) in clauses {
        let Some(expr) = expr else { continue };
        let Some(tree) = &expr.tree else { continue };
        for relation in &tree.refs().relations {
            if let Some(to) = nodes.named(cx, relation) {
                found.push(Read { to, expr, relation, reading });
            }
        }
    }
    found
}

fn report(
    cx: &Resolver<'_>,
    nodes: Nodes,
    reads: &[Vec<Read<'_>>],
    cycle: &[usize],
) -> Option<Diagnostic> {
    let first = *cycle.first()?;
    let next = *cycle.get(1).unwrap_or(&first);
    let read = reads.get(first)?.iter().find(|read| read.to == next)?;
    let names: Vec<String> =
        cycle.iter().chain([&first]).map(|node| nodes.name(cx, *node)).collect();
    let message =
        format!("these policies read each other's tables without end: {}", names.join(" → "));
    let range = read.relation.range.clone();
    let diagnostic = expressions::finding(cx, Code::PolicyCycle, read.expr.id, range, message)?;
    Some(
        diagnostic
            .here("read here, under the policies of that table")
            .help("move this condition into a function with `security: definer`, which reads without policies")
            .note("PostgreSQL would refuse each query of the table: 42P17, infinite recursion detected in policy"),
    )
}
