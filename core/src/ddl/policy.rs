//! Row-level security: the switch of a table, and its policies.

use super::Form;
use super::statement::{Phase, Statement};
use super::writer::SqlWriter;
use crate::schema::{ObjectId, PolicyCommand, PolicyId, RowSecurity, Schema, TableId};

/// `ENABLE ROW LEVEL SECURITY`, of the table and of each of its partitions: rows can be reached
/// through a partition, and PostgreSQL then asks the partition's own switch.
pub(crate) fn row_security(schema: &Schema, id: TableId) -> Vec<Statement> {
    let table = &schema.tables[id];
    let switches: &[&'static str] = match table.row_security {
        RowSecurity::Disabled => &[],
        RowSecurity::Enabled => &["ENABLE"],
        RowSecurity::Forced => &["ENABLE", "FORCE"],
    };
    let partitions = table.partitioning.iter().flat_map(|partitioning| &partitioning.partitions);
    std::iter::once(&table.name)
        .chain(partitions.map(|partition| &partition.name))
        .flat_map(|name| switches.iter().map(move |switch| (name, *switch)))
        .map(|(name, switch)| {
            let mut w = SqlWriter::new(schema);
            w.sql("ALTER TABLE ").name(name).sql(" ").sql(switch).sql(" ROW LEVEL SECURITY");
            w.finish(ObjectId::Table(id), Phase::RowSecurity)
        })
        .collect()
}

/// `CREATE POLICY`; it knows no `OR REPLACE`, so the idempotent form drops first.
pub(crate) fn create(schema: &Schema, id: PolicyId, form: Form) -> Vec<Statement> {
    let policy = &schema.policies[id];
    let table = &schema.tables[policy.table].name;
    let mut statements = Vec::new();
    if form == Form::Idempotent {
        let mut w = SqlWriter::new(schema);
        w.sql("DROP POLICY IF EXISTS ").ident(&policy.name).sql(" ON ").name(table);
        statements.push(w.finish(ObjectId::Policy(id), Phase::Policies));
    }
    let mut w = SqlWriter::new(schema);
    w.sql("CREATE POLICY ").ident(&policy.name).sql("\n  ON ").name(table);
    w.sql_if(!policy.permissive, "\n  AS RESTRICTIVE");
    w.sql(match policy.command {
        PolicyCommand::All => "",
        PolicyCommand::Select => "\n  FOR SELECT",
        PolicyCommand::Insert => "\n  FOR INSERT",
        PolicyCommand::Update => "\n  FOR UPDATE",
        PolicyCommand::Delete => "\n  FOR DELETE",
    });
    if !policy.roles.is_empty() {
        w.sql("\n  TO ").list(", ", &policy.roles, |w, role| w.role(role));
    }
    if let Some(using) = &policy.using {
        w.sql("\n  USING ").wrapped(using);
    }
    if let Some(check) = &policy.with_check {
        w.sql("\n  WITH CHECK ").wrapped(check);
    }
    statements.push(w.finish(ObjectId::Policy(id), Phase::Policies));
    statements
}
