//! What stays to SQL where another tool makes the tables.
//!
//! In: the statements of a whole schema. Out: those beside the other tool's, each before or after its
//! tables. What the tool makes of a model is known to `shapes`.

use crate::ddl::{self, Form, Phase, Section, Statement};
use crate::emit::shapes::alembic::{Circles, carries_default, makes_table, reads_index};
use crate::schema::{ConstraintKind, ObjectId, Schema, TableId};

/// The statements that alembic leaves: before its tables as foundations, after them as functions.
pub(super) fn alembic(schema: &Schema, statements: &[Statement], form: Form) -> Vec<Statement> {
    let circles = Circles::of(schema);
    let mut list = Vec::new();
    for statement in statements {
        match (statement.phase, statement.object) {
            (Phase::Tables, ObjectId::Table(id)) if makes_table(&schema.tables[id]) => {
                let defaults = defaults(schema, id, form).into_iter();
                list.extend(defaults.map(|it| Statement { rank: statement.rank, ..it }));
            }
            (Phase::ForeignKeys, ObjectId::Constraint(id, at)) => {
                let key = schema.tables[id].constraints.get(at as usize).map(|it| &it.kind);
                // To a table that is there, alembic adds all that is missing.
                let is_left = matches!(key, Some(ConstraintKind::ForeignKey(key))
                    if makes_table(&schema.tables[id]) && circles.has(id, key.target));
                list.extend(is_left.then(|| statement.clone()));
            }
            (Phase::Indexes, ObjectId::Index(id, at)) => {
                let index = schema.tables[id].indexes.get(at as usize);
                let is_left = !index.is_some_and(reads_index);
                list.extend(is_left.then(|| statement.clone()));
            }
            (Phase::Comments, ObjectId::Table(_) | ObjectId::Column(..)) => {}
            _ => list.push(statement.clone()),
        }
    }
    for statement in &mut list {
        statement.section = match (statement.section, statement.phase) {
            (Section::Foundations | Section::Types, _) | (_, Phase::Tables) => Section::Foundations,
            (Section::Tables, _) => Section::Functions,
            (section, _) => section,
        };
        if statement.section == Section::Foundations {
            // Nothing of a service is there before the tables of all.
            statement.rank = 0;
        }
    }
    list
}

/// The defaults that a model leaves to the database.
fn defaults(schema: &Schema, id: TableId, form: Form) -> Vec<Statement> {
    let table = &schema.tables[id];
    (0..)
        .zip(&table.columns)
        .filter(|(_, column)| match &column.default {
            Some(default) => !carries_default(schema, table, column, default),
            None => column.serial,
        })
        .flat_map(|(position, _)| ddl::attach_default(schema, id, position, form))
        .collect()
}
