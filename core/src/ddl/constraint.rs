//! Constraints of tables.
//!
//! In: a constraint with its name. Out: `CONSTRAINT name …` for `CREATE TABLE`, or the `ALTER TABLE`
//! that adds it to a table that exists.

use super::Form;
use super::statement::{Phase, Statement};
use super::writer::SqlWriter;
use crate::schema::{
    Constraint, ConstraintKind, Deferrability, Exclusion, ExclusionElement, ForeignKey, Name,
    ObjectId, RefAction, Schema, TableId,
};

/// Whether the constraint can stand in `CREATE TABLE`: foreign keys wait for all tables, and
/// `CREATE TABLE` forgets `NOT VALID`.
pub(crate) fn is_inline(constraint: &Constraint) -> bool {
    !constraint.not_valid && !matches!(constraint.kind, ConstraintKind::ForeignKey(_))
}

/// `CONSTRAINT name …`, without `NOT VALID`.
pub(crate) fn definition(w: &mut SqlWriter<'_>, schema: &Schema, constraint: &Constraint) {
    w.sql("CONSTRAINT ").ident(&constraint.name);
    let w = match &constraint.kind {
        ConstraintKind::PrimaryKey { columns } => w.sql(" PRIMARY KEY ").columns(columns),
        ConstraintKind::Unique { columns, nulls_not_distinct } => {
            w.sql(" UNIQUE ").sql_if(*nulls_not_distinct, "NULLS NOT DISTINCT ").columns(columns)
        }
        ConstraintKind::Check { expr } => w.sql(" CHECK ").wrapped(expr),
        ConstraintKind::ForeignKey(key) => foreign_key(w, schema, key),
        ConstraintKind::Exclude(exclusion) => {
            let Exclusion { method, elements, predicate } = exclusion.as_ref();
            w.sql(" EXCLUDE USING ").ident(method).sql(" (");
            w.list(", ", elements, exclusion_element).sql(")");
            match predicate {
                Some(predicate) => w.sql(" WHERE ").wrapped(predicate),
                None => w,
            }
        }
    };
    deferrability(w, constraint.deferrable);
}

/// `ALTER TABLE … ADD CONSTRAINT`.
pub(crate) fn add(
    schema: &Schema,
    table: TableId,
    position: u32,
    constraint: &Constraint,
    form: Form,
) -> Statement {
    let name = &schema.tables[table].name;
    let mut w = SqlWriter::new(schema);
    w.sql("ALTER TABLE ").name(name).sql("\n  ADD ");
    definition(&mut w, schema, constraint);
    w.sql_if(constraint.not_valid, " NOT VALID");
    if form == Form::Idempotent {
        let mut missing = w.fresh();
        missing
            .sql("NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = ")
            .name_literal(name)
            .sql("::regclass AND conname = ")
            .literal(&constraint.name)
            .sql(")");
        let then = std::mem::replace(&mut w, missing.fresh());
        w.guarded(missing, then);
    }
    let phase = match constraint.kind {
        ConstraintKind::ForeignKey(_) => Phase::ForeignKeys,
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclude(_) => Phase::Attachments,
    };
    w.finish(ObjectId::Constraint(table, position), phase)
}

/// ` DEFERRABLE …`, where said.
pub(crate) fn deferrability(w: &mut SqlWriter<'_>, deferrability: Deferrability) {
    w.sql(match deferrability {
        Deferrability::NotDeferrable => "",
        Deferrability::Deferrable => " DEFERRABLE",
        Deferrability::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    });
}

fn foreign_key<'w, 'a>(
    w: &'w mut SqlWriter<'a>,
    schema: &Schema,
    key: &ForeignKey,
) -> &'w mut SqlWriter<'a> {
    w.sql(" FOREIGN KEY ").columns(&key.columns);
    w.sql(" REFERENCES ").name(&schema.tables[key.target].name);
    w.sql(" ").columns(&key.target_columns).sql_if(key.match_full, " MATCH FULL");
    action(w, " ON UPDATE ", key.on_update, &[]);
    action(w, " ON DELETE ", key.on_delete, &key.set_columns);
    w
}

fn action(w: &mut SqlWriter<'_>, event: &'static str, action: RefAction, columns: &[Name]) {
    let words = match action {
        RefAction::NoAction => return,
        RefAction::Restrict => "RESTRICT",
        RefAction::Cascade => "CASCADE",
        RefAction::SetNull => "SET NULL",
        RefAction::SetDefault => "SET DEFAULT",
    };
    w.sql(event).sql(words);
    if !columns.is_empty() {
        w.sql(" ").columns(columns);
    }
}

fn exclusion_element<'w, 'a>(
    w: &'w mut SqlWriter<'a>,
    element: &ExclusionElement,
) -> &'w mut SqlWriter<'a> {
    w.target(&element.target);
    if let Some(opclass) = &element.opclass {
        w.sql(" ").verbatim(opclass);
    }
    w.sql(" WITH ").verbatim(&element.operator)
}
