//! Policies that read each other's tables.
//!
//! PostgreSQL refuses such a circle with 42P17, "infinite recursion detected in policy", but only when
//! a query meets it. A policy's subquery applies the policies for reading of the tables in it; when
//! that leads back to the table whose policy it is, and that table's policies for reading hold a
//! subquery, the query fails.

use super::{Resolver, expressions};
use crate::diagnostic::Code;
use crate::graph::Graph;
use crate::schema::{Name, PUBLIC, Policy, PolicyCommand, QualifiedName, RowSecurity, TableId};
use crate::sql::SqlExpr;
use crate::sql::expr::RelationRef;

/// A read of one table by a policy of another.
struct Read<'a> {
    to: TableId,
    expr: &'a SqlExpr,
    relation: &'a RelationRef,
    reading: bool,
}

/// Reports each circle once.
pub(super) fn policy_cycles(cx: &mut Resolver<'_>) {
    let count = cx.schema.tables.len();
    let mut reads: Vec<Vec<Read<'_>>> = (0..count).map(|_| Vec::new()).collect();
    for policy in cx.schema.policies.values() {
        if cx.schema.tables[policy.table].row_security == RowSecurity::Disabled {
            continue;
        }
        if let Some(list) = reads.get_mut(policy.table.index()) {
            list.extend(reads_of(cx, policy));
        }
    }
    let mut found = Vec::new();
    let edges = reads.iter().enumerate().flat_map(|(node, list)| {
        list.iter().filter(|read| read.reading).map(move |read| (node, read.to.index(), ()))
    });
    let graph = Graph::new(count, edges.collect());
    if let Some(knots) = graph.knots() {
        found.extend(graph.cycles(&knots).filter_map(|cycle| report(cx, &reads, &cycle)));
    }
    for node in 0..count {
        // A table whose own policies for reading hold a subquery on it.
        let own = reads.get(node).and_then(|list| list.iter().find(|read| read.to.index() == node));
        let guarded = reads.get(node).is_some_and(|list| list.iter().any(|read| read.reading));
        if own.is_some() && guarded {
            found.extend(report(cx, &reads, &[node]));
        }
    }
    for diagnostic in found {
        cx.report(diagnostic);
    }
}

fn reads_of<'a>(cx: &'a Resolver<'_>, policy: &'a Policy) -> Vec<Read<'a>> {
    let reading = matches!(policy.command, PolicyCommand::All | PolicyCommand::Select);
    let clauses = [(&policy.using, reading), (&policy.with_check, false)];
    let mut found = Vec::new();
    for (expr, reading) in clauses {
        let Some(expr) = expr else { continue };
        let Some(tree) = &expr.tree else { continue };
        for relation in &tree.refs().relations {
            let schema = relation.schema.clone().unwrap_or_else(|| PUBLIC.into());
            let name = QualifiedName::new(Name::new(schema), Name::new(relation.name.clone()));
            if let Some(to) = cx.names.table(&name) {
                found.push(Read { to, expr, relation, reading });
            }
        }
    }
    found
}

fn report(
    cx: &Resolver<'_>,
    reads: &[Vec<Read<'_>>],
    cycle: &[usize],
) -> Option<crate::diagnostic::Diagnostic> {
    let first = *cycle.first()?;
    let next = *cycle.get(1).unwrap_or(&first);
    let read = reads.get(first)?.iter().find(|read| read.to.index() == next)?;
    let names: Vec<String> = cycle
        .iter()
        .chain([&first])
        .map(|node| cx.schema.tables[TableId::new(*node as u32)].name.to_string())
        .collect();
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
