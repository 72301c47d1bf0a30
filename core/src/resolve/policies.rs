//! Row-level security policies, at top level and inside tables.

use rustc_hash::{FxHashMap, FxHashSet};

use super::declare::{Declared, DeclaredTable, comment};
use super::{Resolver, errors, expressions, names, references, triggers};
use crate::diagnostic::{Code, Diagnostic, Safety, closest};
use crate::grammar::{CommandWord, PolicyDef, Text};
use crate::graph::Graph;
use crate::schema::{
    Id, Name, ObjectId, Ownership, Policy, PolicyCommand, RelationId, Role, RowSecurity, TableId,
};
use crate::source::Span;

/// Resolves all policies.
pub(super) fn policies(cx: &mut Resolver<'_>, declared: &Declared<'_>) {
    for table in &declared.tables {
        for def in &table.policies {
            if let Some(named) = &def.table
                && names::reference(&named.value) != cx.schema.tables[table.id].name
            {
                let own = &cx.schema.tables[table.id].name;
                let message = format!(
                    "this policy stands inside `{own}` and names the table `{}`",
                    named.value
                );
                cx.report(
                    Diagnostic::new(Code::PolicyTable, named.span, message)
                        .help("remove `table`, or move the policy to the section `policies`"),
                );
                continue;
            }
            policy(cx, def, def.name.as_ref(), def.span, table.id);
        }
    }
    let says = |table: &DeclaredTable<'_>| table.named.value.rls.is_some();
    let said: FxHashSet<TableId> =
        declared.tables.iter().filter(|it| says(it)).map(|it| it.id).collect();
    for (file, ownership) in &declared.files {
        for named in &file.policies {
            if *ownership != Ownership::Owned {
                continue;
            }
            let def = &named.value;
            let Some(table) = &def.table else {
                cx.report(
                    Diagnostic::new(Code::MissingKey, named.name.span, "a policy needs `table`")
                        .help("add `table`: the table that it is on"),
                );
                continue;
            };
            let name = names::reference(&table.value);
            if let Some(RelationId::View(_)) = cx.names.relation(&name) {
                cx.report(
                    Diagnostic::new(Code::PolicyTable, table.span, format!("`{name}` is a view, and only tables have policies"))
                        .help("put the policy on the tables beneath; `security_invoker` makes the view obey them"),
                );
                continue;
            }
            let Some(id) = references::table(cx, &name, table.span) else { continue };
            let given = def.name.as_ref().unwrap_or(&named.name);
            policy(cx, def, Some(given), named.name.span, id);
            if !said.contains(&id) {
                enable(cx, id);
            }
        }
    }
}

/// A policy at top level turns row-level security on too, unless its table says otherwise.
pub(super) fn enable(cx: &mut Resolver<'_>, id: TableId) {
    if let Some(table) = cx.schema.tables.get_mut(id)
        && table.row_security == RowSecurity::Disabled
    {
        table.row_security = RowSecurity::Enabled;
    }
}

fn policy(
    cx: &mut Resolver<'_>,
    def: &PolicyDef,
    given: Option<&Text>,
    place: Span,
    table: TableId,
) {
    let place = given.map_or(place, |name| name.span);
    if let Some(disabled) = def.enabled.filter(|enabled| !enabled.value) {
        cx.report(
            Diagnostic::new(
                Code::PolicyDisabled,
                disabled.span,
                "this policy is left out: PostgreSQL has no switch for a single policy",
            )
            .help("remove the policy when it is no longer wanted"),
        );
        return;
    }
    let Some(word) = def.command else { return };
    let command = match word.value {
        CommandWord::All => PolicyCommand::All,
        CommandWord::Select => PolicyCommand::Select,
        CommandWord::Insert => PolicyCommand::Insert,
        CommandWord::Update => PolicyCommand::Update,
        CommandWord::Delete => PolicyCommand::Delete,
    };
    clauses_fit(cx, def, command);
    if def.using.is_none() && def.with_check.is_none() {
        let clause = if command == PolicyCommand::Insert { "with_check" } else { "using" };
        cx.report(
            Diagnostic::new(
                Code::PolicyEmpty,
                place,
                "this policy has no condition, and so allows no row",
            )
            .help(format!("add `{clause}: …`; `true` for every row")),
        );
    }
    for role in &def.roles {
        known_role(cx, role);
    }
    let name = name(cx, given, table, command);
    if let Some(first) = cx.names.policy(table, name.clone()) {
        let first = cx.origins.of(ObjectId::Policy(first));
        cx.report(errors::duplicate("policy", &name, place, first));
        return;
    }
    let policy = Policy {
        name: name.clone(),
        table,
        command,
        roles: if def.roles.iter().any(|role| role.value == "public") {
            Vec::new() // It is everybody, whoever else is named.
        } else {
            def.roles.iter().map(|role| Name::new(role.value.clone())).collect()
        },
        using: def.using.as_ref().map(|using| expressions::expr(cx, using)),
        with_check: def.with_check.as_ref().map(|check| expressions::expr(cx, check)),
        permissive: def.permissive.is_none_or(|permissive| permissive.value),
        comment: comment(def.comment.as_ref()),
    };
    let id = cx.schema.policies.push(policy);
    cx.names.insert_policy(table, name, id);
    cx.origins.set(ObjectId::Policy(id), place);
}

fn name(
    cx: &mut Resolver<'_>,
    given: Option<&Text>,
    table: TableId,
    command: PolicyCommand,
) -> Name {
    if let Some(given) = given {
        if let Some(error) = names::invalid(&given.value, given.span) {
            cx.report(error);
        }
        return Name::new(given.value.clone());
    }
    let command = match command {
        PolicyCommand::All => "all",
        PolicyCommand::Select => "select",
        PolicyCommand::Insert => "insert",
        PolicyCommand::Update => "update",
        PolicyCommand::Delete => "delete",
    };
    let relation = cx.schema.tables[table].name.name.clone();
    triggers::numbered(&relation, command, |name| cx.names.policy(table, Name::new(name)).is_some())
}

/// `using` speaks of rows that are there, `with_check` of rows that are written (CREATE POLICY).
fn clauses_fit(cx: &mut Resolver<'_>, def: &PolicyDef, command: PolicyCommand) {
    if let (PolicyCommand::Insert, Some(using)) = (command, &def.using) {
        let mut error = Diagnostic::new(
            Code::PolicyClause,
            using.span,
            "an insert policy has no `using`: there is no row yet",
        )
        .help("use `with_check` for the rows that may be added");
        if def.with_check.is_none()
            && let Some(key) = key_before(cx, using.span, "using")
        {
            error = error.fix("rename it to `with_check`", Safety::Safe, key, "with_check");
        }
        cx.report(error);
    }
    if let (PolicyCommand::Select | PolicyCommand::Delete, Some(check)) = (command, &def.with_check)
    {
        let word = if command == PolicyCommand::Select { "select" } else { "delete" };
        let mut error = Diagnostic::new(
            Code::PolicyClause,
            check.span,
            format!("a {word} policy has no `with_check`: it writes no rows"),
        )
        .help("use `using` for the rows that are seen");
        if def.using.is_none()
            && let Some(key) = key_before(cx, check.span, "with_check")
        {
            error = error.fix("rename it to `using`", Safety::Safe, key, "using");
        }
        cx.report(error);
    }
}

/// The key whose value begins at `value`, if it stands just before it.
fn key_before(cx: &Resolver<'_>, value: Span, key: &str) -> Option<Span> {
    let text = &cx.sources.get(value.file)?.text;
    let before = text.get(..value.start as usize)?;
    let start = before.rfind(key)?;
    let between = before.get(start + key.len()..)?;
    let only_punctuation =
        between.chars().all(|c| matches!(c, ':' | ' ' | '\n' | '\r' | '|' | '>' | '-' | '+' | '"'));
    only_punctuation.then(|| Span::new(value.file, start as u32..(start + key.len()) as u32))
}

/// Roles that exist in every cluster, or mean the one who asks.
const BUILTIN_ROLES: &[&str] =
    &["public", "current_user", "current_role", "session_user", "postgres"];

/// Warns of a role that nobody declared.
pub(super) fn known_role(cx: &mut Resolver<'_>, role: &Text) {
    let known = BUILTIN_ROLES.contains(&role.value.as_str())
        || role.value.starts_with("pg_")
        || cx.schema.roles.values().any(|known| known.name == role.value.as_str());
    if known {
        return;
    }
    let names = cx
        .schema
        .roles
        .values()
        .map(|known| known.name.as_str())
        .chain(BUILTIN_ROLES.iter().copied());
    let close = closest(&role.value, names).map(str::to_owned);
    let warning = Diagnostic::new(
        Code::UnknownRole,
        role.span,
        format!("the role `{}` may not exist", role.value),
    );
    cx.report(match close {
        Some(close) => warning.help(format!("did you mean `{close}`?")).fix(
            format!("change it to `{close}`"),
            Safety::Suggestion,
            role.span,
            close,
        ),
        None => {
            warning.help(format!("declare it under `roles`: `{}: {{exists: true}}`", role.value))
        }
    });
}

/// Warns of memberships in roles that nobody declared, and reports roles that are members of each other.
pub(super) fn memberships(cx: &mut Resolver<'_>, declared: &Declared<'_>) {
    for circle in circles_of_roles(cx) {
        cx.report(circle);
    }
    for (file, ownership) in &declared.files {
        if *ownership == Ownership::Owned {
            for role in file.roles.iter().flat_map(|role| &role.value.member_of) {
                known_role(cx, role);
            }
        }
    }
}

fn circles_of_roles(cx: &Resolver<'_>) -> Vec<Diagnostic> {
    let roles: Vec<(Id<Role>, &Role)> = cx.schema.roles.iter().collect();
    let numbers = roles.iter().zip(0..).map(|((_, role), number)| (&role.name, number));
    let numbers: FxHashMap<&Name, usize> = numbers.collect();
    let mut edges = Vec::new();
    let mut circles = Vec::new();
    for ((_, role), number) in roles.iter().zip(0..) {
        for other in role.member_of.iter().filter_map(|name| numbers.get(name).copied()) {
            if other == number {
                circles.push(vec![number]);
            }
            edges.push((number, other, ()));
        }
    }
    let graph = Graph::new(roles.len(), edges);
    if let Some(knots) = graph.knots() {
        circles.extend(graph.cycles(&knots));
    }
    let found = circles.iter().filter_map(|circle| {
        let of = |number: &usize| roles.get(*number);
        let place = cx.origins.of(ObjectId::Role(circle.first().and_then(of)?.0))?;
        let names = circle.iter().chain(circle.first()).filter_map(of);
        let names: Vec<&str> = names.map(|(_, role)| role.name.as_str()).collect();
        let message = format!("roles are members of each other: {}", names.join(" → "));
        let error = Diagnostic::new(Code::DependencyCycle, place, message);
        Some(error.help("take one of the memberships out"))
    });
    found.collect()
}
