//! What users' templates read: version 1 of a context that stays.
//!
//! In: schema and shapes. Out: plain data of one form for each kind of object, and the table that
//! documents it. Fields are only ever added; what changes its meaning gets another version.

use serde_json::{Map, Value};
use smol_str::SmolStr;

use crate::ddl::part;
use crate::diagnostic::Diagnostics;
use crate::emit::EmitInput;
use crate::emit::shapes::{Entity, Field, Item, ItemId, Presence, Relation, Shapes};
use crate::json::object;
use crate::schema::{
    ArgMode, ColumnType, ConstraintKind, Function, IndexTarget, Name, Ownership, QualifiedName,
    RelationId, Returns, Schema, Table, View,
};

/// The version of the context.
pub const VERSION: u32 = 1;

/// Every field: of what, its name, its type, what it says.
pub const FIELDS: &[(&str, &str, &str, &str)] = &[
    ("schema", "version", "number", "The version of this context: 1."),
    (
        "schema",
        "tables",
        "list of table",
        "The tables, in an order in which keys refer to earlier ones where they can.",
    ),
    ("schema", "views", "list of view", "The views."),
    ("schema", "enums", "list of enum", "The enums."),
    ("schema", "domains", "list of domain", "The domains."),
    ("schema", "types", "list of type", "The composite types."),
    ("schema", "functions", "list of function", "The functions and procedures."),
    ("table", "name", "text", "Its name in SQL."),
    ("table", "schema", "text", "Its PostgreSQL schema."),
    ("table", "model", "text", "Its class name: `User` for `users`; unique."),
    ("table", "comment", "text or none", "Its comment."),
    ("table", "columns", "list of column", "Its columns."),
    ("table", "primary_key", "list of text", "The columns of its primary key; empty without one."),
    ("table", "unique_keys", "list of key", "Its unique constraints."),
    ("table", "checks", "list of check", "Its CHECK constraints."),
    ("table", "indexes", "list of index", "Its indexes."),
    ("table", "relations", "list of relation", "Its ways to other tables and back."),
    ("column", "name", "text", "Its name in SQL."),
    ("column", "field", "text", "Its name in code: its own, unless the schema gives an alias."),
    ("column", "type", "text", "Its type as SQL writes it."),
    ("column", "kind", "text", "`scalar`, `enum`, `domain`, `type`, `row` or `unknown`."),
    ("column", "model", "text or none", "The class name of what its type names."),
    ("column", "dimensions", "number", "Declared array dimensions; 0 for no array."),
    ("column", "nullable", "flag", "Whether it may be null."),
    ("column", "primary", "flag", "Whether it is of the primary key."),
    ("column", "default", "text or none", "Its default as SQL writes it."),
    ("column", "generated", "flag", "Whether only the database gives it."),
    ("column", "insert", "text", "Whether an insert gives it: `required`, `optional` or `never`."),
    ("column", "update", "text", "Whether an update gives it: `optional` or `never`."),
    ("column", "comment", "text or none", "Its comment."),
    ("column", "deprecated", "text or none", "What to use instead; may be empty."),
    ("key", "name", "text", "The constraint's name."),
    ("key", "columns", "list of text", "Its columns."),
    ("check", "name", "text", "The constraint's name."),
    ("check", "expression", "text", "What it demands, in SQL."),
    ("index", "name", "text", "Its name."),
    ("index", "columns", "list of text", "Its columns, and its expressions in SQL."),
    ("index", "unique", "flag", "Whether it is unique."),
    ("index", "method", "text", "`btree`, `gin`, …"),
    ("relation", "name", "text", "What the way is called here, in snake case."),
    ("relation", "inverse", "text", "What the way back is called."),
    ("relation", "target", "text", "The class name of the table that it leads to."),
    ("relation", "many", "flag", "Whether it leads to any number of rows."),
    ("relation", "holds_key", "flag", "Whether the key stands in this table."),
    ("relation", "nullable", "flag", "Whether there may be no row."),
    ("relation", "columns", "list of text", "The columns here."),
    ("view", "name", "text", "Its name in SQL."),
    ("view", "schema", "text", "Its PostgreSQL schema."),
    ("view", "model", "text", "Its class name."),
    ("view", "comment", "text or none", "Its comment."),
    ("view", "columns", "list of column", "Its columns; no insert or update gives them."),
    ("view", "materialized", "flag", "Whether its rows are stored."),
    ("view", "query", "text", "Its query."),
    ("enum", "name", "text", "Its name in SQL."),
    ("enum", "schema", "text", "Its PostgreSQL schema."),
    ("enum", "model", "text", "Its class name."),
    ("enum", "comment", "text or none", "Its comment."),
    ("enum", "labels", "list of text", "Its labels, in order; any text."),
    ("domain", "name", "text", "Its name in SQL."),
    ("domain", "schema", "text", "Its PostgreSQL schema."),
    ("domain", "model", "text", "Its class name."),
    ("domain", "comment", "text or none", "Its comment."),
    ("domain", "type", "text", "What it restricts, as SQL writes it."),
    ("domain", "nullable", "flag", "Whether null is a value of it."),
    ("domain", "checks", "list of check", "Its checks."),
    ("type", "name", "text", "Its name in SQL."),
    ("type", "schema", "text", "Its PostgreSQL schema."),
    ("type", "model", "text", "Its class name."),
    ("type", "comment", "text or none", "Its comment."),
    ("type", "columns", "list of column", "Its attributes."),
    ("function", "name", "text", "Its name in SQL."),
    ("function", "schema", "text", "Its PostgreSQL schema."),
    ("function", "comment", "text or none", "Its comment."),
    ("function", "arguments", "list of argument", "Its arguments."),
    (
        "function",
        "returns",
        "text or none",
        "The type that it gives as SQL writes it; none for rows of its own columns and for nothing.",
    ),
    ("function", "many", "flag", "Whether it gives any number of rows."),
    ("function", "language", "text", "`sql`, `plpgsql`, …"),
    ("argument", "name", "text or none", "Its name."),
    ("argument", "type", "text", "Its type as SQL writes it."),
    ("argument", "mode", "text", "`in`, `out`, `inout` or `variadic`."),
    ("argument", "default", "text or none", "Its default as SQL writes it."),
];

/// The context of the whole schema.
pub(super) fn whole(input: &EmitInput<'_>, sink: &mut Diagnostics) -> Value {
    let schema = input.schema;
    let (shapes, relations) = (input.shapes(sink), input.relations(sink));
    let mut lists: Map<String, Value> = Map::new();
    lists.insert("version".into(), VERSION.into());
    for kind in ["tables", "views", "enums", "domains", "types", "functions"] {
        lists.insert(kind.into(), Value::Array(Vec::new()));
    }
    let mut add = |kind: &str, value: Option<Value>| {
        if let (Some(Value::Array(list)), Some(value)) = (lists.get_mut(kind), value) {
            list.push(value);
        }
    };
    for item in &shapes.items {
        match item {
            Item::Enum(it) => add("enums", schema.enums.find(it.id).map(|found| {
                let labels: Vec<&str> = it.labels.iter().map(SmolStr::as_str).collect();
                named(&found.name, &it.name, it.comment.as_deref(), object! { "labels": labels })
            })),
            Item::Domain(it) => add("domains", schema.domains.find(it.id).map(|found| {
                let checks: Vec<Value> = found.checks.iter().map(|check| {
                    object! { "name": check.name.as_str(), "expression": part::expression(&check.expr) }
                }).collect();
                let more = object! {
                    "type": part::data_type(schema, &found.base).as_str(),
                    "nullable": it.nullable,
                    "checks": checks,
                };
                named(&found.name, &it.name, it.comment.as_deref(), more)
            })),
            Item::Composite(it) => add("types", schema.composites.find(it.id).map(|found| {
                let types = found.fields.iter().map(|field| Some(&field.ty));
                let columns = columns(schema, shapes, &it.fields, types, None);
                named(&found.name, &it.name, it.comment.as_deref(), object! { "columns": columns })
            })),
            Item::Entity(it) => match it.relation {
                RelationId::Table(id) => add("tables", schema.tables.find(id).map(|found| {
                    table(schema, shapes, it, found, relations.of(id))
                })),
                RelationId::View(id) => {
                    add("views", schema.views.find(id).map(|found| view(schema, shapes, it, found)));
                }
            },
        }
    }
    for function in schema.functions.values().filter(|it| it.ownership == Ownership::Owned) {
        add("functions", Some(self::function(schema, function)));
    }
    Value::Object(lists)
}

fn named(name: &QualifiedName, model: &str, comment: Option<&str>, more: Value) -> Value {
    let mut fields = object! {
        "name": name.name.as_str(),
        "schema": name.schema.as_str(),
        "model": model,
        "comment": comment,
    };
    if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
        fields.extend(more);
    }
    fields
}

fn table(schema: &Schema, shapes: &Shapes, it: &Entity, found: &Table, ways: &[Relation]) -> Value {
    let types = found.columns.iter().map(|column| Some(&column.ty));
    let mut unique = Vec::new();
    let mut checks = Vec::new();
    for constraint in &found.constraints {
        let name = constraint.name.as_str();
        match &constraint.kind {
            ConstraintKind::Unique { columns, .. } => {
                unique.push(object! { "name": name, "columns": names(columns) });
            }
            ConstraintKind::Check { expr } => {
                checks.push(object! { "name": name, "expression": part::expression(expr) });
            }
            ConstraintKind::PrimaryKey { .. }
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Exclude(_) => {}
        }
    }
    let indexes: Vec<Value> = found
        .indexes
        .iter()
        .map(|index| {
            let columns: Vec<String> = index
                .elements
                .iter()
                .map(|element| match &element.target {
                    IndexTarget::Column(name) => name.to_string(),
                    IndexTarget::Expr(expr) => part::expression(expr).into_owned(),
                })
                .collect();
            object! {
                "name": index.name.as_str(),
                "columns": columns,
                "unique": index.unique,
                "method": index.method.as_str(),
            }
        })
        .collect();
    let relations: Vec<Value> = ways
        .iter()
        .map(|way| {
            let columns = way.fields.iter().filter_map(|at| found.columns.get(*at));
            object! {
                "name": way.name.as_str(),
                "inverse": way.inverse.as_str(),
                "target": shapes.name(ItemId::Relation(RelationId::Table(way.target))),
                "many": way.is_many(),
                "holds_key": way.holds_key(),
                "nullable": way.nullable,
                "columns": columns.map(|column| column.name.as_str()).collect::<Vec<_>>(),
            }
        })
        .collect();
    let more = object! {
        "columns": columns(schema, shapes, &it.fields, types, Some(found)),
        "primary_key": names(found.primary_key()),
        "unique_keys": unique,
        "checks": checks,
        "indexes": indexes,
        "relations": relations,
    };
    named(&found.name, &it.name, it.comment.as_deref(), more)
}

fn view(schema: &Schema, shapes: &Shapes, it: &Entity, found: &View) -> Value {
    let types = found.columns.iter().map(|column| column.ty.as_ref());
    let more = object! {
        "columns": columns(schema, shapes, &it.fields, types, None),
        "materialized": found.materialized,
        "query": found.query.text.as_str(),
    };
    named(&found.name, &it.name, it.comment.as_deref(), more)
}

fn columns<'a>(
    schema: &Schema,
    shapes: &Shapes,
    fields: &[Field],
    types: impl Iterator<Item = Option<&'a ColumnType>>,
    table: Option<&Table>,
) -> Vec<Value> {
    use crate::emit::shapes::ValueKind;
    let presence = |it: Presence| match it {
        Presence::Required => "required",
        Presence::Optional => "optional",
        Presence::Never => "never",
    };
    fields
        .iter()
        .zip(types)
        .map(|(field, ty)| {
            let (kind, item) = match &field.value.kind {
                ValueKind::Scalar(_) => ("scalar", None),
                ValueKind::Enum(id) => ("enum", Some(ItemId::Enum(*id))),
                ValueKind::Domain(id) => ("domain", Some(ItemId::Domain(*id))),
                ValueKind::Composite(id) => ("type", Some(ItemId::Composite(*id))),
                ValueKind::Row(id) => ("row", Some(ItemId::Relation(*id))),
                ValueKind::Opaque(_) => ("unknown", None),
            };
            let column = table.and_then(|table| table.column(&field.column)).map(|(_, it)| it);
            let default = column.and_then(|it| it.default.as_ref());
            let primary = table.is_some_and(|it| {
                it.primary_key().iter().any(|name| name.as_str() == field.column)
            });
            object! {
                "name": field.column.as_str(),
                "field": field.name().as_str(),
                "type": ty.map(|ty| part::data_type(schema, ty)).unwrap_or_default().as_str(),
                "kind": kind,
                "model": item.map(|id| shapes.name(id)),
                "dimensions": field.value.dimensions,
                "nullable": field.nullable,
                "primary": primary,
                "default": default.map(|value| part::default(schema, value)),
                "generated": field.is_computed(),
                "insert": presence(field.insert),
                "update": presence(field.update),
                "comment": field.comment.as_deref(),
                "deprecated": field.deprecated.as_deref().map(SmolStr::as_str),
            }
        })
        .collect()
}

fn function(schema: &Schema, it: &Function) -> Value {
    let arguments: Vec<Value> = it
        .args
        .iter()
        .map(|arg| {
            object! {
                "name": arg.name.as_ref().map(Name::as_str),
                "type": part::data_type(schema, &arg.ty).as_str(),
                "mode": match arg.mode {
                    ArgMode::In => "in",
                    ArgMode::Out => "out",
                    ArgMode::InOut => "inout",
                    ArgMode::Variadic => "variadic",
                },
                "default": arg.default.as_ref().map(|value| part::default(schema, value)),
            }
        })
        .collect();
    let returns = match &it.returns {
        Returns::Value(ty) | Returns::Set(ty) => Some(part::data_type(schema, ty).to_string()),
        Returns::Nothing | Returns::Table(_) => None,
    };
    object! {
        "name": it.name.name.as_str(),
        "schema": it.name.schema.as_str(),
        "comment": it.comment.as_deref(),
        "arguments": arguments,
        "returns": returns,
        "many": matches!(it.returns, Returns::Set(_) | Returns::Table(_)),
        "language": it.language.as_str(),
    }
}

fn names(names: &[Name]) -> Vec<&str> {
    names.iter().map(Name::as_str).collect()
}
