//! The rules of entities and domains, and the checks that no validator can carry.

use std::fmt::{Display, Formatter};

use smol_str::SmolStr;

use crate::diagnostic::Diagnostics;
use crate::emit::errors;
use crate::predicate::{self, FieldIndex, Folded, Predicate, Rule, Rules, Scope};
use crate::schema::{ConstraintKind, Domain, Name, Origins, Schema, Table};
use crate::sql::SqlExpr;

/// A check that only the database makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCarried {
    /// The constraint.
    pub name: SmolStr,
    /// Why, as the end of a sentence.
    pub reason: String,
}

impl Display for NotCarried {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "Not checked here: {} ({}).", self.name, self.reason)
    }
}

/// A check that has become rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Its position among the constraints of its table.
    pub check: usize,
    /// The fields that it speaks of.
    pub fields: Vec<FieldIndex>,
}

/// What the checks of a table have become.
#[derive(Debug)]
pub(super) struct TableRules {
    pub(super) folded: Folded,
    pub(super) carried: Vec<Carried>,
    pub(super) not_carried: Vec<NotCarried>,
}

/// The rules of a table's rows. `native` says which columns take words of a validator.
pub(super) fn of_table(
    schema: &Schema,
    origins: &Origins,
    table: &Table,
    native: impl Fn(usize) -> bool,
    sink: &mut Diagnostics,
) -> TableRules {
    let scope = Scope::table(schema, table);
    let mut carried = Vec::new();
    let mut not_carried = Vec::new();
    let mut rules = Vec::new();
    // Rows that exist need not satisfy a constraint that is not valid, so that it binds writes alone.
    let mut for_writes = Vec::new();
    for (check, constraint) in table.constraints.iter().enumerate() {
        let ConstraintKind::Check { expr } = &constraint.kind else { continue };
        match rule(expr, check, &scope) {
            Ok(rule) => {
                carried.push(Carried { check, fields: rule.predicate.fields() });
                if constraint.not_valid { &mut for_writes } else { &mut rules }.push(rule);
            }
            Err(reason) => {
                sink.push(errors::check_not_carried(origins, &constraint.name, expr, &reason));
                not_carried.push(NotCarried { name: constraint.name.as_str().into(), reason });
            }
        }
    }
    let mut folded = predicate::fold(rules, &scope, native);
    folded.rows.extend(for_writes);
    TableRules { folded, carried, not_carried }
}

/// The rules of a domain's values.
pub(super) fn of_domain(
    schema: &Schema,
    origins: &Origins,
    domain: &Domain,
    native: bool,
    sink: &mut Diagnostics,
) -> (Rules, Vec<NotCarried>) {
    let scope = Scope::domain(schema, domain);
    let mut not_carried = Vec::new();
    let mut rules = Vec::new();
    let mut refuse = |name: &Name, expr: &SqlExpr, reason: String| {
        sink.push(errors::check_not_carried(origins, name, expr, &reason));
        not_carried.push(NotCarried { name: name.as_str().into(), reason });
    };
    for (index, check) in domain.checks.iter().enumerate() {
        match rule(&check.expr, index, &scope) {
            // `VALUE IS NOT NULL` and its like say what `nullable` says.
            Ok(rule) if speaks_of_null(&rule.predicate) => {
                refuse(&check.name, &check.expr, "it speaks of null: use `nullable`".to_owned());
            }
            Ok(rule) => rules.push(rule),
            Err(reason) => refuse(&check.name, &check.expr, reason),
        }
    }
    let mut folded = predicate::fold(rules, &scope, |_| native);
    (folded.fields.pop().unwrap_or(Rules::NONE), not_carried)
}

fn rule(expr: &SqlExpr, check: usize, scope: &Scope<'_>) -> Result<Rule, String> {
    let Some(tree) = &expr.tree else {
        return Err("its expression is only known to PostgreSQL".to_owned());
    };
    let predicate = predicate::from_check(tree.simple(), scope)?;
    Ok(Rule { predicate, text: expr.text.clone(), check })
}

fn speaks_of_null(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::All(parts) | Predicate::Any(parts) => parts.iter().any(speaks_of_null),
        Predicate::Null(..) => true,
        Predicate::Truth(..)
        | Predicate::Compare(..)
        | Predicate::OneOf(..)
        | Predicate::Matches(..) => false,
    }
}
