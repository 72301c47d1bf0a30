//! What hangs on a table: keys, checks, indexes, policies.
//!
//! In: a table. Out: the calls of its third argument, each with its object, and what drizzle-orm has no
//! words for.

use smol_str::SmolStr;

use super::columns::{Columns, options, text};
use crate::ddl::part;
use crate::emit::lang::{Expr, typescript};
use crate::schema::{
    Constraint, ConstraintKind, Deferrability, ForeignKey, Index, IndexElement, IndexTarget, Name,
    NullsOrder, ObjectId, Policy, PolicyCommand, RefAction, RowSecurity, SortOrder, Table, TableId,
};
use crate::sql::ident;

/// The calls of a table's third argument, and what is missing.
#[derive(Debug, Default)]
pub(super) struct Extras {
    pub(super) calls: Vec<(ObjectId, Expr)>,
    pub(super) missing: Vec<String>,
}

impl Columns<'_> {
    /// What hangs on a table.
    pub(super) fn extras(&mut self, id: TableId, table: &Table) -> Extras {
        let count = table.constraints.len() + table.indexes.len();
        let mut extras = Extras { calls: Vec::with_capacity(count), missing: of_table(table) };
        for (place, constraint) in table.constraints.iter().enumerate() {
            let object = ObjectId::Constraint(id, place as u32);
            extras.missing.extend(of_constraint(constraint));
            let call = self.constraint(id, table, constraint);
            extras.calls.extend(call.map(|call| (object, call)));
        }
        for (place, index) in table.indexes.iter().enumerate() {
            extras.missing.extend(of_index(index));
            extras.calls.push((ObjectId::Index(id, place as u32), self.index(id, index)));
        }
        for (policy_id, policy) in self.policies.remove(&id).unwrap_or_default() {
            let call = self.policy(policy);
            extras.calls.push((ObjectId::Policy(policy_id), call));
        }
        extras
    }

    /// `constant.column`, of a column of a table.
    fn access(&self, constant: &str, id: TableId, column: &Name) -> Option<Expr> {
        let (place, _) = self.schema.tables[id].column(column)?;
        let key = self.keys.get(&id)?.get(place)?;
        Some(Expr::atom(typescript::member(constant, key)))
    }

    fn own(&self, id: TableId, columns: &[Name]) -> Vec<Expr> {
        columns.iter().filter_map(|it| self.access("table", id, it)).collect()
    }

    fn constraint(&mut self, id: TableId, table: &Table, it: &Constraint) -> Option<Expr> {
        let name = text(&it.name);
        Some(match &it.kind {
            ConstraintKind::PrimaryKey { columns } => {
                if inline_key(table).is_some() {
                    return None;
                }
                let columns = Expr::Array(self.own(id, columns));
                self.call("primaryKey", vec![options([("name", name), ("columns", columns)])])
            }
            ConstraintKind::Unique { columns, nulls_not_distinct } => {
                let columns = self.own(id, columns);
                let unique = self.call("unique", vec![name]).then("on", columns);
                if *nulls_not_distinct {
                    unique.then("nullsNotDistinct", Vec::new())
                } else {
                    unique
                }
            }
            ConstraintKind::Check { expr } => {
                let condition = part::expression(expr);
                let condition = self.sql(&condition);
                self.call("check", vec![name, condition])
            }
            ConstraintKind::ForeignKey(key) => self.foreign_key(id, name, key),
            ConstraintKind::Exclude(_) => return None,
        })
    }

    fn foreign_key(&mut self, id: TableId, name: Expr, key: &ForeignKey) -> Expr {
        let target = &self.schema.tables[key.target];
        let constant = if key.target == id {
            SmolStr::new_static("table")
        } else {
            self.names.of("Table", &target.name)
        };
        let foreign = key.target_columns.iter();
        let foreign = foreign.filter_map(|it| self.access(&constant, key.target, it)).collect();
        let config = options([
            ("name", name),
            ("columns", Expr::Array(self.own(id, &key.columns))),
            ("foreignColumns", Expr::Array(foreign)),
        ]);
        let mut call = self.call("foreignKey", vec![config]);
        for (method, action) in [("onDelete", key.on_delete), ("onUpdate", key.on_update)] {
            let word = match action {
                RefAction::NoAction => continue,
                RefAction::Restrict => "restrict",
                RefAction::Cascade => "cascade",
                RefAction::SetNull => "set null",
                RefAction::SetDefault => "set default",
            };
            call = call.then(method, vec![text(word)]);
        }
        call
    }

    fn index(&mut self, id: TableId, index: &Index) -> Expr {
        let builder = if index.unique { "uniqueIndex" } else { "index" };
        let mut keys: Vec<Expr> = index.elements.iter().map(|it| self.index_key(id, it)).collect();
        let call = self.call(builder, vec![text(&index.name)]);
        let mut call = if index.method == "btree" {
            call.then("on", keys)
        } else {
            keys.insert(0, text(&index.method));
            call.then("using", keys)
        };
        if let Some(predicate) = &index.predicate {
            let predicate = part::expression(predicate);
            let predicate = self.sql(&predicate);
            call = call.then("where", vec![predicate]);
        }
        if !index.with.is_empty() {
            let entry = |(key, value): &(Name, SmolStr)| {
                let value = match value.parse::<i32>() {
                    Ok(number) => Expr::atom(number.to_string()),
                    Err(_) => text(value.clone()),
                };
                (typescript::key(key), value)
            };
            call = call.then("with", vec![Expr::Object(index.with.iter().map(entry).collect())]);
        }
        call
    }

    /// A column with its order or operator class; anything more is SQL.
    fn index_key(&mut self, id: TableId, element: &IndexElement) -> Expr {
        let ordered = element.order.is_some() || element.nulls.is_some();
        let column = match &element.target {
            IndexTarget::Column(name)
                if element.collation.is_none() && !(ordered && element.opclass.is_some()) =>
            {
                self.access("table", id, name)
            }
            _ => None,
        };
        let Some(mut column) = column else {
            let key = part::index_element(self.schema, element);
            return self.sql(&key);
        };
        if let Some(opclass) = &element.opclass {
            column = column.then("op", vec![text(opclass.as_str())]);
        }
        let usual = match element.order {
            Some(SortOrder::Desc) => {
                column = column.then("desc", Vec::new());
                // drizzle-orm's own choice is the other one.
                Some(NullsOrder::First)
            }
            Some(SortOrder::Asc) | None => None,
        };
        match element.nulls.or(usual) {
            Some(NullsOrder::First) => column.then("nullsFirst", Vec::new()),
            Some(NullsOrder::Last) => column.then("nullsLast", Vec::new()),
            None => column,
        }
    }

    /// `pgPolicy(…)`.
    pub(super) fn policy(&mut self, policy: &Policy) -> Expr {
        let mut entries = Vec::new();
        if !policy.permissive {
            entries.push(("as", text("restrictive")));
        }
        let command = match policy.command {
            PolicyCommand::All => None,
            PolicyCommand::Select => Some("select"),
            PolicyCommand::Insert => Some("insert"),
            PolicyCommand::Update => Some("update"),
            PolicyCommand::Delete => Some("delete"),
        };
        entries.extend(command.map(|word| ("for", text(word))));
        let roles: Vec<Expr> = policy.roles.iter().map(text).collect();
        match <[Expr; 1]>::try_from(roles) {
            Ok([only]) => entries.push(("to", only)),
            Err(roles) if roles.is_empty() => {}
            Err(roles) => entries.push(("to", Expr::Array(roles))),
        }
        for (key, expr) in [("using", &policy.using), ("withCheck", &policy.with_check)] {
            if let Some(expr) = expr {
                let condition = part::expression(expr);
                let condition = self.sql(&condition);
                entries.push((key, condition));
            }
        }
        let mut args = vec![text(&policy.name)];
        if !entries.is_empty() {
            args.push(options(entries));
        }
        self.call("pgPolicy", args)
    }
}

/// The column that says by itself that it is the primary key.
pub(super) fn inline_key(table: &Table) -> Option<&Name> {
    table.constraints.iter().find_map(|it| match &it.kind {
        ConstraintKind::PrimaryKey { columns } => match columns.as_slice() {
            [column] if it.name == ident::default_name(&table.name.name, &[], "pkey").as_str() => {
                Some(column)
            }
            _ => None,
        },
        _ => None,
    })
}

fn of_table(table: &Table) -> Vec<String> {
    let mut missing = Vec::new();
    if table.partitioning.is_some() {
        missing.push("its partitions".to_owned());
    }
    if table.unlogged {
        missing.push("that it is unlogged".to_owned());
    }
    if table.row_security == RowSecurity::Forced {
        missing.push("that its row-level security is forced".to_owned());
    }
    for column in &table.columns {
        if column.collation.is_some() {
            missing.push(format!("the collation of {}", column.name));
        }
        if column
            .generated
            .as_ref()
            .is_some_and(|it| it.kind == crate::schema::GeneratedKind::Virtual)
        {
            missing.push(format!("that {} is computed", column.name));
        }
    }
    missing
}

fn of_constraint(constraint: &Constraint) -> Vec<String> {
    let name = &constraint.name;
    let mut missing = Vec::new();
    if constraint.deferrable != Deferrability::NotDeferrable {
        missing.push(format!("that {name} is deferrable"));
    }
    if constraint.not_valid {
        missing.push(format!("that {name} is not valid for rows that exist"));
    }
    match &constraint.kind {
        ConstraintKind::Exclude(_) => missing.push(format!("the exclusion {name}")),
        ConstraintKind::ForeignKey(key) => {
            if key.match_full {
                missing.push(format!("MATCH FULL of {name}"));
            }
            if !key.set_columns.is_empty() {
                missing.push(format!("the columns that {name} sets"));
            }
        }
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. } => {}
    }
    missing
}

fn of_index(index: &Index) -> Vec<String> {
    let mut missing = Vec::new();
    if !index.include.is_empty() {
        missing.push(format!("INCLUDE of {}", index.name));
    }
    if index.nulls_not_distinct {
        missing.push(format!("NULLS NOT DISTINCT of {}", index.name));
    }
    missing
}
