//! Tables and their partitions.
//!
//! In: a table. Out: `CREATE TABLE` with its columns and those constraints that can stand in it, one
//! line each, and `CREATE TABLE … PARTITION OF` for each partition.

use super::column::{self, DefaultPlace};
use super::statement::{Phase, Statement};
use super::writer::SqlWriter;
use super::{Form, constraint, index};
use crate::schema::{
    ObjectId, Partition, PartitionBounds, PartitionStrategy, Partitioning, Schema, TableId,
};

/// The parts of a table that must wait for a function that itself needs the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LateParts {
    /// Columns, by position, whose default is set later.
    pub(crate) defaults: Vec<u32>,
    /// Constraints, by position, that are added later.
    pub(crate) constraints: Vec<u32>,
}

/// `CREATE TABLE`, then its partitions.
pub(crate) fn create(schema: &Schema, id: TableId, late: &LateParts, form: Form) -> Vec<Statement> {
    let table = &schema.tables[id];
    // What is partitioned holds no rows itself: PostgreSQL 18 refuses `UNLOGGED` for it.
    let unlogged = table.unlogged && table.partitioning.is_none();
    let mut w = start(schema, unlogged, form);
    w.name(&table.name).sql(" (");
    let mut separator = "\n  ";
    for (position, column) in (0..).zip(&table.columns) {
        let later = late.defaults.contains(&position);
        let place = if later { DefaultPlace::Later } else { DefaultPlace::Inline };
        column::definition(w.sql(separator), column, place);
        separator = ",\n  ";
    }
    for (position, constraint) in (0..).zip(&table.constraints) {
        if constraint::is_inline(constraint) && !late.constraints.contains(&position) {
            constraint::definition(w.sql(separator), schema, constraint);
            separator = ",\n  ";
        }
    }
    w.sql(if separator == ",\n  " { "\n)" } else { ")" });
    let Some(partitioning) = &table.partitioning else {
        return vec![w.finish(ObjectId::Table(id), Phase::Tables)];
    };
    partition_by(&mut w, partitioning);
    let mut statements = vec![w.finish(ObjectId::Table(id), Phase::Tables)];
    statements.extend(partitioning.partitions.iter().map(|partition| {
        let mut w = start(schema, table.unlogged, form);
        w.name(&partition.name).sql(" PARTITION OF ").name(&table.name).sql("\n  ");
        bounds(&mut w, partition);
        w.finish(ObjectId::Table(id), Phase::Tables)
    }));
    statements
}

/// `ALTER TABLE … SET DEFAULT`, for a column by position.
pub(crate) fn set_default(schema: &Schema, id: TableId, position: u32) -> Option<Statement> {
    let table = &schema.tables[id];
    let column = table.columns.get(position as usize)?;
    let mut w = SqlWriter::new(schema);
    w.sql("ALTER TABLE ").name(&table.name).sql("\n  ALTER COLUMN ").ident(&column.name);
    w.sql(" SET DEFAULT ").default(column.default.as_ref()?);
    Some(w.finish(ObjectId::Column(id, position), Phase::Attachments))
}

fn start(schema: &Schema, unlogged: bool, form: Form) -> SqlWriter<'_> {
    let mut w = SqlWriter::new(schema);
    w.sql("CREATE ")
        .sql_if(unlogged, "UNLOGGED ")
        .sql("TABLE ")
        .sql_if(form == Form::Idempotent, "IF NOT EXISTS ");
    w
}

fn partition_by(w: &mut SqlWriter<'_>, partitioning: &Partitioning) {
    w.sql(" PARTITION BY ").sql(match partitioning.strategy {
        PartitionStrategy::Range => "RANGE (",
        PartitionStrategy::List => "LIST (",
        PartitionStrategy::Hash => "HASH (",
    });
    w.list(", ", &partitioning.columns, index::element).sql(")");
}

fn bounds(w: &mut SqlWriter<'_>, partition: &Partition) {
    match &partition.bounds {
        PartitionBounds::Range { from, to } => w
            .sql("FOR VALUES FROM (")
            .list(", ", from, |w, value| w.verbatim(value))
            .sql(") TO (")
            .list(", ", to, |w, value| w.verbatim(value))
            .sql(")"),
        PartitionBounds::List(values) => {
            w.sql("FOR VALUES IN (").list(", ", values, |w, value| w.verbatim(value)).sql(")")
        }
        PartitionBounds::Hash { modulus, remainder } => w
            .sql("FOR VALUES WITH (MODULUS ")
            .number(*modulus)
            .sql(", REMAINDER ")
            .number(*remainder)
            .sql(")"),
        PartitionBounds::Default => w.sql("DEFAULT"),
    };
}
