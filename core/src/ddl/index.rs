//! Indexes of tables and materialized views.

use super::Form;
use super::statement::{Phase, Statement};
use super::writer::SqlWriter;
use crate::schema::{Index, IndexElement, NullsOrder, ObjectId, QualifiedName, Schema, SortOrder};

/// `CREATE INDEX` on the relation `on`. Never `CONCURRENTLY`: a new relation has no rows to wait for.
pub(crate) fn create(
    schema: &Schema,
    index: &Index,
    on: &QualifiedName,
    object: ObjectId,
    phase: Phase,
    form: Form,
) -> Statement {
    let mut w = SqlWriter::new(schema);
    w.sql("CREATE ")
        .sql_if(index.unique, "UNIQUE ")
        .sql("INDEX ")
        .sql_if(form == Form::Idempotent, "IF NOT EXISTS ")
        .ident(&index.name)
        .sql(" ON ")
        .name(on);
    if index.method != "btree" {
        w.sql(" USING ").ident(&index.method);
    }
    w.sql(" (").list(", ", &index.elements, element).sql(")");
    if !index.include.is_empty() {
        w.sql(" INCLUDE ").columns(&index.include);
    }
    w.sql_if(index.nulls_not_distinct, " NULLS NOT DISTINCT");
    if !index.with.is_empty() {
        w.sql(" WITH (");
        w.list(", ", &index.with, |w, (name, value)| {
            w.ident(name).sql(" = ");
            let bare = value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
            if bare { w.verbatim(value) } else { w.literal(value) }
        });
        w.sql(")");
    }
    if let Some(predicate) = &index.predicate {
        w.sql(" WHERE ").expr(predicate);
    }
    w.finish(object, phase)
}

/// A key with its collation, operator class and order.
pub(crate) fn element<'w, 'a>(
    w: &'w mut SqlWriter<'a>,
    element: &IndexElement,
) -> &'w mut SqlWriter<'a> {
    w.target(&element.target).collate(element.collation.as_deref());
    if let Some(opclass) = &element.opclass {
        w.sql(" ").verbatim(opclass);
    }
    w.sql_if(element.order == Some(SortOrder::Desc), " DESC");
    // PostgreSQL's own place for nulls is last going up and first going down.
    let usual = match element.order {
        Some(SortOrder::Desc) => NullsOrder::First,
        Some(SortOrder::Asc) | None => NullsOrder::Last,
    };
    match element.nulls {
        Some(nulls) if nulls != usual => w.sql(match nulls {
            NullsOrder::First => " NULLS FIRST",
            NullsOrder::Last => " NULLS LAST",
        }),
        Some(_) | None => w,
    }
}
