//! Enums, composite types and domains.
//!
//! In: a declared type. Out: its `CREATE`. PostgreSQL has no `IF NOT EXISTS` for types: the idempotent
//! form asks the catalog first.

use super::Form;
use super::statement::{Phase, Statement};
use super::writer::SqlWriter;
use crate::schema::{CompositeId, DomainCheck, DomainId, EnumId, ObjectId, QualifiedName, Schema};

/// `CREATE TYPE … AS ENUM`.
pub(crate) fn create_enum(schema: &Schema, id: EnumId, form: Form) -> Statement {
    let ty = &schema.enums[id];
    let mut w = SqlWriter::new(schema);
    w.sql("CREATE TYPE ").name(&ty.name).sql(" AS ENUM (");
    let one_line: usize = ty.values.iter().map(|label| label.len() + 4).sum();
    let (before, between, after) =
        if one_line <= 60 { ("", ", ", ")") } else { ("\n  ", ",\n  ", "\n)") };
    w.sql_if(!ty.values.is_empty(), before)
        .list(between, &ty.values, |w, label| w.literal(label))
        .sql(if ty.values.is_empty() { ")" } else { after });
    unless_type_exists(w, &ty.name, form).finish(ObjectId::Enum(id), Phase::Enums)
}

/// `CREATE TYPE … AS (…)`.
pub(crate) fn create_composite(schema: &Schema, id: CompositeId, form: Form) -> Statement {
    let ty = &schema.composites[id];
    let mut w = SqlWriter::new(schema);
    w.sql("CREATE TYPE ").name(&ty.name).sql(" AS (\n  ");
    w.list(",\n  ", &ty.fields, |w, field| {
        w.ident(&field.name).sql(" ").ty(&field.ty).collate(field.collation.as_ref())
    });
    w.sql("\n)");
    unless_type_exists(w, &ty.name, form).finish(ObjectId::Composite(id), Phase::Composites)
}

/// `CREATE DOMAIN`, without the checks that `late` names by position.
pub(crate) fn create_domain(schema: &Schema, id: DomainId, late: &[u32], form: Form) -> Statement {
    let domain = &schema.domains[id];
    let mut w = SqlWriter::new(schema);
    w.sql("CREATE DOMAIN ").name(&domain.name).sql(" AS ").ty(&domain.base);
    w.collate(domain.collation.as_ref());
    if let Some(default) = &domain.default {
        w.sql("\n  DEFAULT ").default(default);
    }
    w.sql_if(!domain.nullable, "\n  NOT NULL");
    for (_, check) in (0..).zip(&domain.checks).filter(|(at, _)| !late.contains(at)) {
        w.sql("\n  ");
        domain_check(&mut w, check);
    }
    unless_type_exists(w, &domain.name, form).finish(ObjectId::Domain(id), Phase::Domains)
}

/// `ALTER DOMAIN … ADD CONSTRAINT`, for a check whose function needs the domain.
pub(crate) fn add_domain_check(
    schema: &Schema,
    id: DomainId,
    check: &DomainCheck,
    form: Form,
) -> Statement {
    let domain = &schema.domains[id];
    let mut w = SqlWriter::new(schema);
    w.sql("ALTER DOMAIN ").name(&domain.name).sql(" ADD ");
    domain_check(&mut w, check);
    if form == Form::Idempotent {
        let mut missing = w.fresh();
        missing
            .sql("NOT EXISTS (SELECT FROM pg_constraint WHERE contypid = ")
            .name_literal(&domain.name)
            .sql("::regtype AND conname = ")
            .literal(&check.name)
            .sql(")");
        let then = std::mem::replace(&mut w, missing.fresh());
        w.guarded(missing, then);
    }
    w.finish(ObjectId::Domain(id), Phase::Attachments)
}

fn domain_check(w: &mut SqlWriter<'_>, check: &DomainCheck) {
    w.sql("CONSTRAINT ").ident(&check.name).sql(" CHECK ").wrapped(&check.expr);
}

fn unless_type_exists<'a>(w: SqlWriter<'a>, name: &QualifiedName, form: Form) -> SqlWriter<'a> {
    if form == Form::Plain {
        return w;
    }
    let mut missing = w.fresh();
    missing.sql("to_regtype(").name_literal(name).sql(") IS NULL");
    let mut guarded = w.fresh();
    guarded.guarded(missing, w);
    guarded
}
