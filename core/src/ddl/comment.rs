//! Comments.
//!
//! In: a schema. Out: `COMMENT ON …` for each object of its own that has a comment, in the order of
//! the kinds.

use super::statement::{Phase, Statement};
use super::writer::SqlWriter;
use super::{Known, function};
use crate::schema::{FunctionKind, ObjectId, Ownership, Schema, Table, TableId, View, ViewId};
use crate::sort;

/// Appends all comments of a schema, among them those `of_tables`, which come in any order; those of `known` are
/// taken out of it.
pub(crate) fn all(
    schema: &Schema,
    known: &mut Known,
    mut of_tables: Vec<Statement>,
    statements: &mut Vec<Statement>,
) {
    let mut comments = Comments { schema, known, statements };
    let owned = |ownership: Ownership| ownership == Ownership::Owned;
    for (id, extension) in schema.extensions.iter() {
        comments.add(ObjectId::Extension(id), extension.comment.as_deref(), &|w| {
            w.sql("EXTENSION ").ident(&extension.name)
        });
    }
    for (id, role) in schema.roles.iter().filter(|(_, role)| owned(role.ownership)) {
        comments.add(ObjectId::Role(id), role.comment.as_deref(), &|w| {
            w.sql("ROLE ").ident(&role.name)
        });
    }
    for (id, ty) in schema.enums.iter().filter(|(_, ty)| owned(ty.ownership)) {
        comments.add(ObjectId::Enum(id), ty.comment.as_deref(), &|w| w.sql("TYPE ").name(&ty.name));
    }
    for (id, ty) in schema.composites.iter().filter(|(_, ty)| owned(ty.ownership)) {
        let object = ObjectId::Composite(id);
        comments.add(object, ty.comment.as_deref(), &|w| w.sql("TYPE ").name(&ty.name));
        for field in &ty.fields {
            comments.add(object, field.comment.as_deref(), &|w| {
                w.sql("COLUMN ").name(&ty.name).sql(".").ident(&field.name)
            });
        }
    }
    for (id, domain) in schema.domains.iter().filter(|(_, domain)| owned(domain.ownership)) {
        comments.add(ObjectId::Domain(id), domain.comment.as_deref(), &|w| {
            w.sql("DOMAIN ").name(&domain.name)
        });
    }
    for (id, sequence) in schema.sequences.iter().filter(|(_, one)| owned(one.ownership)) {
        comments.add(ObjectId::Sequence(id), sequence.comment.as_deref(), &|w| {
            w.sql("SEQUENCE ").name(&sequence.name)
        });
    }
    sort::by_key(&mut of_tables, |comment| comment.object.table());
    comments.statements.append(&mut of_tables);
    for (id, view) in schema.views.iter().filter(|(_, view)| owned(view.ownership)) {
        comments.view(id, view);
    }
    for (id, called) in schema.functions.iter().filter(|(_, one)| owned(one.ownership)) {
        comments.add(ObjectId::Function(id), called.comment.as_deref(), &|w| {
            w.sql(match called.kind {
                FunctionKind::Function => "FUNCTION ",
                FunctionKind::Procedure => "PROCEDURE ",
            });
            function::signature(w, called)
        });
    }
    for (id, trigger) in schema.triggers.iter() {
        comments.add(ObjectId::Trigger(id), trigger.comment.as_deref(), &|w| {
            w.sql("TRIGGER ").ident(&trigger.name);
            w.sql(" ON ").name(schema.relation_name(trigger.on))
        });
    }
    for (id, policy) in schema.policies.iter() {
        comments.add(ObjectId::Policy(id), policy.comment.as_deref(), &|w| {
            w.sql("POLICY ").ident(&policy.name).sql(" ON ").table_name(policy.table)
        });
    }
    for (id, publication) in schema.publications.iter().filter(|(_, one)| owned(one.ownership)) {
        comments.add(ObjectId::Publication(id), publication.comment.as_deref(), &|w| {
            w.sql("PUBLICATION ").ident(&publication.name)
        });
    }
}

/// Appends the comments of a table and its parts; those of `known` are taken out of it.
pub(crate) fn of_table(
    schema: &Schema,
    id: TableId,
    known: &mut Known,
    statements: &mut Vec<Statement>,
) {
    Comments { schema, known, statements }.table(id, &schema.tables[id]);
}

struct Comments<'a, 'k> {
    schema: &'a Schema,
    known: &'k mut Known,
    statements: &'k mut Vec<Statement>,
}

impl<'a> Comments<'a, '_> {
    fn add(
        &mut self,
        object: ObjectId,
        comment: Option<&str>,
        on: &dyn for<'w> Fn(&'w mut SqlWriter<'a>) -> &'w mut SqlWriter<'a>,
    ) {
        let Some(comment) = comment else { return };
        if let Some(known) = self.known.remove(&(object, Phase::Comments)) {
            self.statements.extend(known);
        } else {
            let mut w = SqlWriter::new(self.schema);
            on(w.sql("COMMENT ON ")).sql(" IS ").literal(comment);
            self.statements.push(w.finish(object, Phase::Comments));
        }
    }

    fn table(&mut self, id: TableId, table: &Table) {
        self.add(ObjectId::Table(id), table.comment.as_deref(), &|w| {
            w.sql("TABLE ").name(&table.name)
        });
        for (position, column) in (0..).zip(&table.columns) {
            self.add(ObjectId::Column(id, position), column.comment.as_deref(), &|w| {
                w.sql("COLUMN ").name(&table.name).sql(".").ident(&column.name)
            });
        }
        for (position, constraint) in (0..).zip(&table.constraints) {
            self.add(ObjectId::Constraint(id, position), constraint.comment.as_deref(), &|w| {
                w.sql("CONSTRAINT ").ident(&constraint.name).sql(" ON ").name(&table.name)
            });
        }
        for (position, index) in (0..).zip(&table.indexes) {
            self.add(ObjectId::Index(id, position), index.comment.as_deref(), &|w| {
                w.sql("INDEX ").ident(&table.name.schema).sql(".").ident(&index.name)
            });
        }
    }

    fn view(&mut self, id: ViewId, view: &View) {
        self.add(ObjectId::View(id), view.comment.as_deref(), &|w| {
            w.sql(if view.materialized { "MATERIALIZED VIEW " } else { "VIEW " }).name(&view.name)
        });
        for column in &view.columns {
            self.add(ObjectId::View(id), column.comment.as_deref(), &|w| {
                w.sql("COLUMN ").name(&view.name).sql(".").ident(&column.name)
            });
        }
        for (position, index) in (0..).zip(&view.indexes) {
            self.add(ObjectId::ViewIndex(id, position), index.comment.as_deref(), &|w| {
                w.sql("INDEX ").ident(&view.name.schema).sql(".").ident(&index.name)
            });
        }
    }
}
