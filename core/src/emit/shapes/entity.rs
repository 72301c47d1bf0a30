//! Tables, views and composite types as entities with fields.
//!
//! Presence and nullability follow PostgreSQL: an insert may leave out what is nullable or has a
//! default, an update may leave out anything, and neither may give what the database computes.

use std::sync::Arc;

use smol_str::SmolStr;

use super::value::ValueKind;
use super::{Carried, NotCarried, Value, rules};
use crate::diagnostic::Diagnostics;
use crate::predicate::{Rule, Rules};
use crate::schema::{
    Column, Composite, CompositeId, DefaultValue, IdentityKind, Literal, ObjectId, Origins,
    RelationId, Schema, TableId, View, ViewId,
};

/// A table or view.
#[derive(Debug)]
pub struct Entity {
    /// Which one.
    pub relation: RelationId,
    /// The class name, unique among all shapes.
    pub name: SmolStr,
    /// Its columns as fields, in order.
    pub fields: Vec<Field>,
    /// Whether rows may be inserted and updated; false for views.
    pub writable: bool,
    /// What rows must satisfy across fields, by position in `fields`.
    pub rules: Vec<Rule>,
    /// The checks that the rules of rows and fields come from.
    pub carried: Vec<Carried>,
    /// Checks that only the database makes.
    pub not_carried: Vec<NotCarried>,
    /// `COMMENT ON`.
    pub comment: Option<Arc<str>>,
}

/// A field of an entity, composite type, argument list or result.
#[derive(Debug)]
pub struct Field {
    /// Where it is declared.
    pub object: ObjectId,
    /// The name in SQL.
    pub column: SmolStr,
    /// The name in code that the schema gives it, if it does.
    pub(super) alias: Option<Box<SmolStr>>,
    /// What it holds.
    pub value: Value,
    /// What its values must satisfy by themselves; most satisfy nothing, and it is large.
    pub(super) rules: Option<Box<Rules>>,
    /// Whether it may be null. Of a domain that is not null, it never is.
    pub nullable: bool,
    /// Whether an insert gives it.
    pub insert: Presence,
    /// Whether an update gives it.
    pub update: Presence,
    /// Whether it holds null when an insert does not give it; else the database computes a value.
    pub null_by_default: bool,
    /// The constant that an insert without it stores, where it is one and null is none.
    pub default: Option<Literal>,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<Arc<str>>,
    /// What to use instead; may be empty.
    pub deprecated: Option<Box<SmolStr>>,
}

/// Whether a write gives a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It must.
    Required,
    /// It may.
    Optional,
    /// It must not: the database computes the value.
    Never,
}

/// A composite type.
#[derive(Debug)]
pub struct CompositeShape {
    /// Which one.
    pub id: CompositeId,
    /// The class name, unique among all shapes.
    pub name: SmolStr,
    /// Its attributes; each may be null.
    pub fields: Vec<Field>,
    /// `COMMENT ON TYPE`.
    pub comment: Option<Arc<str>>,
}

impl Entity {
    pub(super) fn of_table(
        schema: &Schema,
        origins: &Origins,
        id: TableId,
        name: SmolStr,
        sink: &mut Diagnostics,
    ) -> Option<Self> {
        let table = schema.tables.find(id)?;
        let field = |(index, column): (usize, &Column)| {
            Field::of_column(schema, ObjectId::Column(id, index as u32), column)
        };
        let mut fields: Vec<Field> = table.columns.iter().enumerate().map(field).collect();
        let native = |index: usize| fields.get(index).is_some_and(|it| it.value.takes_rules());
        let rules = rules::of_table(schema, origins, table, native, sink);
        for (field, rules) in fields.iter_mut().zip(rules.folded.fields) {
            field.rules = (!rules.is_empty()).then(|| Box::new(rules));
        }
        Some(Self {
            relation: RelationId::Table(id),
            name,
            fields,
            writable: true,
            rules: rules.folded.rows,
            carried: rules.carried,
            not_carried: rules.not_carried,
            comment: table.comment.clone(),
        })
    }

    /// Columns whose type is not known are opaque.
    pub(super) fn of_view(id: ViewId, view: &View, name: SmolStr) -> Self {
        let unknown = || Value { kind: ValueKind::Opaque(Box::default()), dimensions: 0 };
        let fields = view.columns.iter().map(|column| Field {
            nullable: column.nullable,
            comment: column.comment.clone(),
            ..Field::read_only(
                ObjectId::View(id),
                column.name.as_str(),
                column.ty.as_ref().map_or_else(unknown, Value::of),
            )
        });
        Self {
            relation: RelationId::View(id),
            name,
            fields: fields.collect(),
            writable: false,
            rules: Vec::new(),
            carried: Vec::new(),
            not_carried: Vec::new(),
            comment: view.comment.clone(),
        }
    }
}

impl CompositeShape {
    pub(super) fn new(id: CompositeId, composite: &Composite, name: SmolStr) -> Self {
        let fields = composite.fields.iter().map(|field| Field {
            comment: field.comment.clone(),
            ..Field::read_only(ObjectId::Composite(id), field.name.as_str(), Value::of(&field.ty))
        });
        Self { id, name, fields: fields.collect(), comment: composite.comment.clone() }
    }
}

impl Field {
    /// The name in code: the column's, unless the schema gives an alias.
    pub fn name(&self) -> &SmolStr {
        self.alias.as_deref().unwrap_or(&self.column)
    }

    /// What its values must satisfy by themselves.
    pub fn rules(&self) -> &Rules {
        static NONE: Rules = Rules::NONE;
        self.rules.as_deref().unwrap_or(&NONE)
    }

    /// Whether neither an insert nor an update of its table may give it.
    pub fn is_computed(&self) -> bool {
        matches!(self.object, ObjectId::Column(..))
            && (self.insert, self.update) == (Presence::Never, Presence::Never)
    }

    /// A field that may be null and is never written by itself.
    pub(super) fn read_only(object: ObjectId, name: &str, value: Value) -> Self {
        Self {
            object,
            column: name.into(),
            alias: None,
            value,
            rules: None,
            nullable: true,
            insert: Presence::Never,
            update: Presence::Never,
            null_by_default: true,
            default: None,
            comment: None,
            deprecated: None,
        }
    }

    fn of_column(schema: &Schema, object: ObjectId, column: &Column) -> Self {
        let value = Value::of(&column.ty);
        let domain = match (&value.kind, value.dimensions) {
            (ValueKind::Domain(id), 0) => schema.domains.find(*id),
            _ => None,
        };
        let nullable = column.nullable && domain.is_none_or(|domain| domain.nullable);
        let computed = column.generated.is_some()
            || column.identity.as_ref().is_some_and(|it| it.kind == IdentityKind::Always);
        let defaulted = column.default.is_some()
            || column.identity.is_some()
            || column.serial
            || domain.is_some_and(|domain| domain.default.is_some());
        let insert = match (computed, nullable || defaulted) {
            (true, _) => Presence::Never,
            (false, true) => Presence::Optional,
            (false, false) => Presence::Required,
        };
        Self {
            object,
            column: column.name.clone().into_text(),
            alias: column.alias.clone(),
            value,
            rules: None,
            nullable,
            insert,
            update: if computed { Presence::Never } else { Presence::Optional },
            null_by_default: !defaulted && !computed,
            default: match &column.default {
                Some(DefaultValue::Literal(literal)) if !nullable => Some(literal.clone()),
                _ => None,
            },
            comment: column.comment.clone(),
            deprecated: column.deprecated.clone(),
        }
    }
}
