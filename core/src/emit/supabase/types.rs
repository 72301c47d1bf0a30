//! PostgreSQL's types as Supabase's generator says them.
//!
//! In: a type of the schema. Out: a TypeScript type. The rules are those of `@supabase/postgrest-typegen`
//! 0.2, whose names of types and gaps this follows: what it does not know is `unknown`.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::order::compare;
use super::{Precision, Settings};
use crate::emit::lang::{Type, typescript};
use crate::schema::{
    Column, ColumnType, DefaultValue, Domain, IdentityKind, Literal, Name, QualifiedName, Schema,
    Table, TypeKind, View, ViewColumn,
};
use crate::sort;
use crate::sql::BaseType;
use crate::sql::types::{Wire, facts};

/// Says types of a schema.
#[derive(Debug)]
pub(super) struct Types<'a> {
    pub(super) schema: &'a Schema,
    /// The PostgreSQL schemas that the module describes.
    pub(super) described: BTreeSet<&'a Name>,
    pub(super) settings: Settings,
}

/// Whether a write gives a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// It must.
    Required,
    /// It may.
    Optional,
    /// It must not.
    Never,
}

impl Types<'_> {
    /// The type of an argument, result or attribute.
    pub(super) fn of(&self, ty: &ColumnType) -> Type {
        let element = self.element(&ty.kind);
        if ty.is_array() { element.array() } else { element }
    }

    /// The type of a column's values.
    pub(super) fn of_column(&self, ty: &ColumnType, nullable: bool) -> Type {
        let refuses_null = self.domain(ty).is_some_and(|domain| !domain.nullable);
        maybe(self.behind_domain(ty), nullable && !refuses_null)
    }

    /// The type of a column's values but for null. Of columns, Supabase's generator looks behind a
    /// domain.
    pub(super) fn behind_domain(&self, ty: &ColumnType) -> Type {
        self.of(self.domain(ty).map_or(ty, |domain| &domain.base))
    }

    fn domain(&self, ty: &ColumnType) -> Option<&Domain> {
        match ty.kind {
            TypeKind::Domain(id) if !ty.is_array() => self.schema.domains.find(id),
            _ => None,
        }
    }

    /// The columns of a table's row, by name.
    pub(super) fn table_columns(&self, table: &Table) -> Vec<(SmolStr, Type)> {
        let columns = table.columns.iter();
        let member = |it: &Column| (typescript::key(&it.name), self.of_column(&it.ty, it.nullable));
        sorted(columns.map(member).collect())
    }

    /// The columns of a view's row, by name. PostgreSQL does not know which of them are never null.
    pub(super) fn view_columns(&self, view: &View) -> Vec<(SmolStr, Type)> {
        let member = |it: &ViewColumn| (typescript::key(&it.name), self.of_view_column(it));
        sorted(view.columns.iter().map(member).collect())
    }

    /// The type of what a view's column shows.
    pub(super) fn of_view_column(&self, column: &ViewColumn) -> Type {
        let nullable = column.nullable || self.settings.precision == Precision::Database;
        match &column.ty {
            Some(ty) => self.of_column(ty, nullable),
            None => Type::atom("unknown"),
        }
    }

    /// Whether an insert gives a column.
    pub(super) fn inserted(&self, column: &Column) -> Given {
        let always = |kind| kind == IdentityKind::Always;
        if column.generated.is_some() || column.identity.as_ref().is_some_and(|it| always(it.kind))
        {
            return Given::Never;
        }
        let domain = self.domain(&column.ty);
        let defaulted = column.identity.is_some()
            || column.serial
            || is_value(column.default.as_ref())
            || (self.settings.precision == Precision::Schema
                && domain.is_some_and(|domain| is_value(domain.default.as_ref())));
        if defaulted || (column.nullable && domain.is_none_or(|domain| domain.nullable)) {
            Given::Optional
        } else {
            Given::Required
        }
    }

    fn element(&self, kind: &TypeKind) -> Type {
        let schema = self.schema;
        let found = match kind {
            TypeKind::Base(ty) => Some(self.base(ty.base)),
            TypeKind::Enum(id) => {
                schema.enums.find(*id).filter(|it| !it.values.is_empty()).map(|it| {
                    let literal = |label: &SmolStr| Type::atom(typescript::string(label));
                    self.member("Enums", &it.name, "")
                        .unwrap_or_else(|| Type::Union(it.values.iter().map(literal).collect()))
                })
            }
            TypeKind::Domain(id) => schema
                .domains
                .find(*id)
                .filter(|_| self.settings.precision == Precision::Schema)
                .map(|domain| self.of(&domain.base)),
            TypeKind::Composite(id) => schema
                .composites
                .find(*id)
                .filter(|it| !it.fields.is_empty())
                .and_then(|it| self.member("CompositeTypes", &it.name, "")),
            TypeKind::TableRow(id) => {
                schema.tables.find(*id).and_then(|it| self.member("Tables", &it.name, "[\"Row\"]"))
            }
            TypeKind::ViewRow(id) => {
                schema.views.find(*id).and_then(|it| self.member("Views", &it.name, "[\"Row\"]"))
            }
            TypeKind::Unknown(_) => None,
        };
        found.unwrap_or_else(|| Type::atom("unknown"))
    }

    /// `Database["schema"]["group"]["name"]`, where the module describes the schema.
    fn member(&self, group: &str, name: &QualifiedName, rest: &str) -> Option<Type> {
        let [schema, own] = [&name.schema, &name.name].map(|it| typescript::string(it));
        self.described
            .contains(&name.schema)
            .then(|| Type::atom(format!("Database[{schema}][\"{group}\"][{own}]{rest}")))
    }

    fn base(&self, base: BaseType) -> Type {
        let text = match base {
            BaseType::Boolean => "boolean",
            BaseType::Smallint
            | BaseType::Integer
            | BaseType::Bigint
            | BaseType::Real
            | BaseType::DoublePrecision
            | BaseType::Numeric => "number",
            BaseType::Bytea
            | BaseType::Char
            | BaseType::Varchar
            | BaseType::Date
            | BaseType::Text
            | BaseType::Citext
            | BaseType::Time
            | BaseType::TimeTz
            | BaseType::Timestamp
            | BaseType::TimestampTz
            | BaseType::Uuid
            | BaseType::Vector
            | BaseType::Interval => "string",
            BaseType::Json | BaseType::Jsonb => "Json",
            BaseType::Void => "undefined",
            BaseType::Record => {
                let [key, value] = ["string", "unknown"].map(Type::atom);
                return Type::Generic("Record", vec![key, value]);
            }
            other => match (self.settings.precision, facts(other).postgrest) {
                (Precision::Schema, _) if !facts(other).column => "unknown",
                (Precision::Schema, Wire::String) => "string",
                (Precision::Schema, Wire::Number) => "number",
                (Precision::Schema, Wire::Boolean) => "boolean",
                (Precision::Schema, Wire::Json) => "Json",
                // The last three are no forms of PostgREST's.
                (Precision::Schema, Wire::Date | Wire::Bytes | Wire::Object)
                | (Precision::Database, _) => "unknown",
            },
        };
        Type::atom(text)
    }
}

/// Members by name, as Supabase's generator sorts columns and arguments.
pub(super) fn sorted(mut members: Vec<(SmolStr, Type)>) -> Vec<(SmolStr, Type)> {
    sort::by(&mut members, |a, b| compare(&a.0, &b.0));
    members
}

/// `ty`, or null where it may be.
pub(super) fn maybe(ty: Type, nullable: bool) -> Type {
    let is = |text| matches!(&ty, Type::Atom(own) if own == text);
    if is("unknown") {
        ty
    } else if nullable {
        ty.or_null()
    } else if is("Json") {
        // `Json` holds null, which the database refuses.
        Type::Generic("NonNullable", vec![ty])
    } else {
        ty
    }
}

/// Whether PostgreSQL keeps a default: one of null is none.
fn is_value(default: Option<&DefaultValue>) -> bool {
    !matches!(default, None | Some(DefaultValue::Literal(Literal::Null)))
}
