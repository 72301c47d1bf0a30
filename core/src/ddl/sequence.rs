//! Sequences, and the options that identity columns share with them.

use super::Form;
use super::statement::{Phase, Statement};
use super::writer::SqlWriter;
use crate::schema::{ObjectId, QualifiedName, Schema, SequenceId, SequenceOptions, TableId};
use crate::sql::ident::default_name;

/// `CREATE SEQUENCE`. Its owner comes later: the table's default may need the sequence first.
pub(crate) fn create(schema: &Schema, id: SequenceId, form: Form) -> Statement {
    let sequence = &schema.sequences[id];
    let mut w = SqlWriter::new(schema);
    w.sql("CREATE SEQUENCE ")
        .sql_if(form == Form::Idempotent, "IF NOT EXISTS ")
        .name(&sequence.name)
        .sql(" AS ")
        .ty(&sequence.ty);
    options(&mut w, &sequence.options, "\n  ", "\n  ");
    w.finish(ObjectId::Sequence(id), Phase::Sequences)
}

/// What `serial` brings with it, for a column by position that was made without: its sequence, and its
/// default. The sequence has the name that PostgreSQL would choose.
pub(crate) fn serial(schema: &Schema, id: TableId, position: u32, form: Form) -> Vec<Statement> {
    let table = &schema.tables[id];
    let Some(column) = table.columns.get(position as usize) else { return Vec::new() };
    let name = default_name(&table.name.name, &[&column.name], "seq");
    let name = QualifiedName::new(table.name.schema.clone(), name.as_str());
    let object = ObjectId::Column(id, position);
    let mut sequence = SqlWriter::new(schema);
    sequence
        .sql("CREATE SEQUENCE ")
        .sql_if(form == Form::Idempotent, "IF NOT EXISTS ")
        .name(&name)
        .sql(" AS ")
        .ty(&column.ty)
        .sql(" OWNED BY ")
        .name(&table.name)
        .sql(".")
        .ident(&column.name);
    let mut default = SqlWriter::new(schema);
    default.sql("ALTER TABLE ").name(&table.name).sql("\n  ALTER COLUMN ").ident(&column.name);
    default.sql(" SET DEFAULT nextval(").name_literal(&name).sql(")");
    [sequence, default].map(|w| w.finish(object, Phase::Attachments)).into()
}

/// `ALTER SEQUENCE … OWNED BY`, if a column owns it.
pub(crate) fn own(schema: &Schema, id: SequenceId) -> Option<Statement> {
    let sequence = &schema.sequences[id];
    let (table, column) = sequence.owned_by.as_ref()?;
    let mut w = SqlWriter::new(schema);
    w.sql("ALTER SEQUENCE ")
        .name(&sequence.name)
        .sql(" OWNED BY ")
        .name(&schema.tables[*table].name)
        .sql(".")
        .ident(column);
    Some(w.finish(ObjectId::Sequence(id), Phase::Attachments))
}

/// The options that are said: `lead` before the first, `separator` between. Says whether there are any.
pub(crate) fn options(
    w: &mut SqlWriter<'_>,
    options: &SequenceOptions,
    lead: &'static str,
    separator: &'static str,
) -> bool {
    let SequenceOptions { start, increment, min, max, cache, cycle } = *options;
    let said: Vec<(&'static str, Option<i64>)> = [
        ("START WITH ", start),
        ("INCREMENT BY ", increment),
        ("MINVALUE ", min),
        ("MAXVALUE ", max),
        ("CACHE ", cache),
    ]
    .into_iter()
    .filter(|(_, value)| value.is_some())
    .chain(cycle.then_some(("CYCLE", None)))
    .collect();
    let any = !said.is_empty();
    w.sql_if(any, lead).list(separator, said, |w, (keyword, value)| {
        w.sql(keyword);
        if let Some(value) = value { w.number(value) } else { w }
    });
    any
}
