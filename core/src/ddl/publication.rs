//! Publications.
//!
//! In: a publication. Out: its `CREATE`, or for one that others own `ALTER PUBLICATION … ADD TABLE`
//! for each table: Supabase's `supabase_realtime` exists, and dashboards add to it as well.

use super::Form;
use super::statement::{Phase, Statement};
use super::writer::SqlWriter;
use crate::schema::{Id, ObjectId, Operation, Ownership, Publication, PublicationTable, Schema};

/// Makes the publication, or adds to it.
pub(crate) fn create(schema: &Schema, id: Id<Publication>, form: Form) -> Vec<Statement> {
    let publication = &schema.publications[id];
    let statements = match publication.ownership {
        Ownership::Owned => vec![create_owned(schema, publication, form)],
        Ownership::External => publication
            .tables
            .iter()
            .map(|table| add_table(schema, publication, table, form))
            .collect(),
    };
    statements
        .into_iter()
        .map(|w| w.finish(ObjectId::Publication(id), Phase::Publications))
        .collect()
}

fn create_owned<'a>(schema: &'a Schema, publication: &Publication, form: Form) -> SqlWriter<'a> {
    let mut w = SqlWriter::new(schema);
    w.sql("CREATE PUBLICATION ").ident(&publication.name);
    if publication.all_tables {
        w.sql(" FOR ALL TABLES");
    } else if !publication.tables.is_empty() || !publication.schemas.is_empty() {
        w.sql("\n  FOR ").sql_if(!publication.tables.is_empty(), "TABLE ");
        w.list(", ", &publication.tables, table);
        w.sql_if(!publication.tables.is_empty() && !publication.schemas.is_empty(), ", ");
        w.sql_if(!publication.schemas.is_empty(), "TABLES IN SCHEMA ");
        w.list(", ", &publication.schemas, |w, name| w.ident(name));
    }
    if !publication.operations.is_empty() {
        w.sql("\n  WITH (publish = '");
        w.list(", ", &publication.operations, |w, operation| {
            w.sql(match operation {
                Operation::Insert => "insert",
                Operation::Update => "update",
                Operation::Delete => "delete",
                Operation::Truncate => "truncate",
            })
        });
        w.sql("')");
    }
    if form == Form::Plain {
        return w;
    }
    let mut missing = w.fresh();
    missing
        .sql("NOT EXISTS (SELECT FROM pg_publication WHERE pubname = ")
        .literal(&publication.name)
        .sql(")");
    let mut guarded = w.fresh();
    guarded.guarded(missing, w);
    guarded
}

fn add_table<'a>(
    schema: &'a Schema,
    publication: &Publication,
    member: &PublicationTable,
    form: Form,
) -> SqlWriter<'a> {
    let mut w = SqlWriter::new(schema);
    w.sql("ALTER PUBLICATION ").ident(&publication.name).sql(" ADD TABLE ");
    table(&mut w, member);
    if form == Form::Plain {
        return w;
    }
    let mut missing = w.fresh();
    missing
        .sql("NOT EXISTS (SELECT FROM pg_publication_rel WHERE prrelid = ")
        .name_literal(&schema.tables[member.table].name)
        .sql("::regclass AND prpubid = (SELECT oid FROM pg_publication WHERE pubname = ")
        .literal(&publication.name)
        .sql("))");
    let mut guarded = w.fresh();
    guarded.guarded(missing, w);
    guarded
}

fn table<'w, 'a>(w: &'w mut SqlWriter<'a>, member: &PublicationTable) -> &'w mut SqlWriter<'a> {
    w.table_name(member.table);
    if !member.columns.is_empty() {
        w.sql(" ").columns(&member.columns);
    }
    match &member.predicate {
        Some(predicate) => w.sql(" WHERE ").wrapped(predicate),
        None => w,
    }
}
