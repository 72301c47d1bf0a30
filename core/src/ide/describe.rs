//! Things in words for people, in Markdown: what hover shows and completion adds.
//!
//! In: a key, a word, a symbol. Out: text. Whatever the grammar, the catalog or the user says of it;
//! nothing is explained here that they do not explain.

use std::fmt::Write;

use super::names::{Lookup, Symbol};
use crate::grammar::{Key, WordInfo, describe as describe_kind};
use crate::schema::{
    ArgMode, Column, ColumnType, ConstraintKind, DefaultValue, Function, Literal, ObjectId,
    Returns, Schema, TableId, TypeKind, Volatility,
};
use crate::sql::BaseType;
use crate::sql::builtins::{self, Builtin};
use crate::sql::types::facts;

/// A key of the language.
pub(super) fn key(key: &Key) -> String {
    let required = if key.required { " (required)" } else { "" };
    format!("**{}**{required}: {}\n\n{}", key.name, describe_kind((key.kind)()), key.docs.trim())
}

/// A word of the language.
pub(super) fn word(word: &WordInfo) -> String {
    format!("**{}**\n\n{}", word.text, word.docs.trim())
}

/// Whatever a name stands for.
pub(super) fn symbol(lookup: &Lookup<'_>, symbol: Symbol) -> String {
    let schema = lookup.schema();
    match symbol {
        Symbol::Object(id) => object(schema, id),
        Symbol::ViewColumn(id, at) => {
            let Some(view) = schema.views.find(id) else { return String::new() };
            let Some(column) = view.columns.get(at as usize) else { return String::new() };
            let ty = column.ty.as_ref().map(|ty| format!(" {}", type_text(schema, ty)));
            let code = format!("column {}.{}{}", view.name, column.name, ty.unwrap_or_default());
            documented(&code, column.comment.as_deref())
        }
        Symbol::Key(span) => {
            let mixin = lookup.section("mixins").find(|mixin| mixin.key_span == span);
            let name = lookup.project.sources.slice(span);
            let what = if mixin.is_some() { "mixin" } else { "column" };
            let comment = mixin.and_then(|mixin| super::names::child(&mixin.value, "comment"));
            let comment = comment.map(|node| lookup.project.sources.slice(node.span));
            documented(&format!("{what} {name}"), comment)
        }
        Symbol::Builtin(function) => builtin(&function),
        Symbol::Type(base) => base_type(base),
    }
}

/// Code, and what the user says of it.
fn documented(code: &str, comment: Option<&str>) -> String {
    let mut text = format!("```sql\n{code}\n```");
    if let Some(comment) = comment.filter(|comment| !comment.is_empty()) {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n\n{comment}");
    }
    text
}

fn object(schema: &Schema, id: ObjectId) -> String {
    let plain = || documented(&schema.describe(id), None);
    match id {
        ObjectId::Table(table) => schema.tables.find(table).map_or_else(plain, |it| {
            let columns = it.columns.iter().map(|column| column_code(schema, column));
            listed(&format!("table {}", it.name), columns, it.comment.as_deref())
        }),
        ObjectId::View(view) => schema.views.find(view).map_or_else(plain, |it| {
            let columns = it.columns.iter().map(|column| {
                let ty = column.ty.as_ref().map(|ty| format!(" {}", type_text(schema, ty)));
                format!("{}{}", column.name, ty.unwrap_or_default())
            });
            listed(&format!("view {}", it.name), columns, it.comment.as_deref())
        }),
        ObjectId::Column(table, at) => {
            let found = schema.tables.find(table);
            let column = found.and_then(|it| it.columns.get(at as usize));
            let (Some(found), Some(column)) = (found, column) else { return plain() };
            let mut code = format!("column {}.{}", found.name, column_code(schema, column));
            for line in keys_of(schema, table, column) {
                let _ = write!(code, "\n  {line}");
            }
            documented(&code, column.comment.as_deref())
        }
        ObjectId::Enum(id) => schema.enums.find(id).map_or_else(plain, |it| {
            let labels = it.values.iter().map(ToString::to_string);
            listed(&format!("enum {}", it.name), labels, it.comment.as_deref())
        }),
        ObjectId::EnumLabel(id, at) => {
            let found = schema.enums.find(id);
            let label = found.and_then(|it| it.values.get(at as usize));
            let (Some(found), Some(label)) = (found, label) else { return plain() };
            documented(&format!("label '{label}' of enum {}", found.name), None)
        }
        ObjectId::Domain(id) => schema.domains.find(id).map_or_else(plain, |it| {
            let null = if it.nullable { "" } else { " not null" };
            let head = format!("domain {} {}{null}", it.name, type_text(schema, &it.base));
            let checks = it.checks.iter().map(|check| format!("check ({})", check.expr.text));
            listed(&head, checks, it.comment.as_deref())
        }),
        ObjectId::Composite(id) => schema.composites.find(id).map_or_else(plain, |it| {
            let fields = it
                .fields
                .iter()
                .map(|field| format!("{} {}", field.name, type_text(schema, &field.ty)));
            listed(&format!("type {}", it.name), fields, it.comment.as_deref())
        }),
        ObjectId::Function(id) => schema
            .functions
            .find(id)
            .map_or_else(plain, |it| documented(&signature(schema, it), it.comment.as_deref())),
        ObjectId::Namespace(_)
        | ObjectId::Extension(_)
        | ObjectId::Role(_)
        | ObjectId::Sequence(_)
        | ObjectId::Constraint(..)
        | ObjectId::Index(..)
        | ObjectId::ViewIndex(..)
        | ObjectId::Trigger(_)
        | ObjectId::Policy(_)
        | ObjectId::Publication(_)
        | ObjectId::Grant(_) => plain(),
    }
}

fn listed(head: &str, lines: impl Iterator<Item = String>, comment: Option<&str>) -> String {
    let code = lines.fold(head.to_owned(), |code, line| code + "\n  " + &line);
    documented(&code, comment)
}

/// `email text not null default ''`.
pub(super) fn column_code(schema: &Schema, column: &Column) -> String {
    let mut code = format!("{} {}", column.name, type_text(schema, &column.ty));
    if !column.nullable {
        code.push_str(" not null");
    }
    let default = column.default.as_ref().map(|default| match default {
        DefaultValue::Literal(Literal::Null) => "null".to_owned(),
        DefaultValue::Literal(Literal::Bool(value)) => value.to_string(),
        DefaultValue::Literal(Literal::Number(number)) => number.to_string(),
        DefaultValue::Literal(Literal::Text(text)) => format!("'{}'", text.replace('\'', "''")),
        DefaultValue::Expr(expr) => expr.text.to_string(),
    });
    if let Some(default) = default {
        let _ = write!(code, " default {default}");
    }
    if let Some(generated) = &column.generated {
        let _ = write!(code, " generated always as ({})", generated.expr.text);
    }
    if column.identity.is_some() {
        code.push_str(" generated as identity");
    }
    code
}

/// The keys that a column is all or a part of.
fn keys_of(schema: &Schema, table: TableId, column: &Column) -> Vec<String> {
    let Some(table) = schema.tables.find(table) else { return Vec::new() };
    let alone = |columns: &[crate::schema::Name]| if columns.len() == 1 { "" } else { "part of " };
    let constraints = table.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { columns } if columns.contains(&column.name) => {
            Some(format!("{}primary key", alone(columns)))
        }
        ConstraintKind::Unique { columns, .. } if columns.contains(&column.name) => {
            Some(format!("{}unique {}", alone(columns), constraint.name))
        }
        ConstraintKind::ForeignKey(key) => {
            let at = key.columns.iter().position(|name| *name == column.name)?;
            let target = schema.tables.find(key.target)?;
            Some(format!("references {} ({})", target.name, key.target_columns.get(at)?))
        }
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclude(_) => None,
    });
    constraints.collect()
}

/// A type as people write it.
pub(super) fn type_text(schema: &Schema, ty: &ColumnType) -> String {
    let name = |name: Option<&crate::schema::QualifiedName>| {
        name.map(ToString::to_string).unwrap_or_default()
    };
    let mut text = match &ty.kind {
        TypeKind::Base(base) => base.to_string(),
        TypeKind::Enum(id) => name(schema.enums.find(*id).map(|it| &it.name)),
        TypeKind::Domain(id) => name(schema.domains.find(*id).map(|it| &it.name)),
        TypeKind::Composite(id) => name(schema.composites.find(*id).map(|it| &it.name)),
        TypeKind::TableRow(id) => name(schema.tables.find(*id).map(|it| &it.name)),
        TypeKind::ViewRow(id) => name(schema.views.find(*id).map(|it| &it.name)),
        TypeKind::Unknown(unknown) => unknown.to_string(),
    };
    for _ in 0..ty.dimensions {
        text.push_str("[]");
    }
    text
}

/// `function slug(title text) returns text immutable`.
pub(super) fn signature(schema: &Schema, function: &Function) -> String {
    let args = function.args.iter().map(|arg| {
        let mode = match arg.mode {
            ArgMode::In => "",
            ArgMode::Out => "out ",
            ArgMode::InOut => "inout ",
            ArgMode::Variadic => "variadic ",
        };
        let name = arg.name.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
        format!("{mode}{name}{}", type_text(schema, &arg.ty))
    });
    let args = args.collect::<Vec<_>>().join(", ");
    let returns = match &function.returns {
        Returns::Nothing => String::new(),
        Returns::Value(ty) => format!(" returns {}", type_text(schema, ty)),
        Returns::Set(ty) => format!(" returns setof {}", type_text(schema, ty)),
        Returns::Table(columns) => {
            let columns =
                columns.iter().map(|it| format!("{} {}", it.name, type_text(schema, &it.ty)));
            format!(" returns table ({})", columns.collect::<Vec<_>>().join(", "))
        }
    };
    let volatility = match function.volatility {
        Volatility::Immutable => " immutable",
        Volatility::Stable => " stable",
        Volatility::Volatile => "",
    };
    format!("function {}({args}){returns}{volatility}", function.name)
}

/// A function of PostgreSQL's or of an extension.
pub(super) fn builtin(function: &Builtin) -> String {
    let kind = match (function.aggregate, function.window) {
        (true, _) => "aggregate",
        (false, true) => "window function",
        (false, false) => "function",
    };
    let arguments = match (function.min_args, function.max_args) {
        (least, Some(most)) if least == most => format!("{least}"),
        (least, Some(most)) => format!("{least} to {most}"),
        (least, None) => format!("{least} or more"),
    };
    let returns = function.returns.map(|ty| format!(", returns {ty}")).unwrap_or_default();
    let set = if function.set_returning { ", gives rows" } else { "" };
    let volatility = match function.volatility {
        builtins::Volatility::Immutable => "immutable",
        builtins::Volatility::Stable => "stable",
        builtins::Volatility::Volatile => "volatile",
    };
    let origin = match function.extension {
        Some(extension) => format!("of the extension `{extension}`"),
        None => "of PostgreSQL".to_owned(),
    };
    let plural = if arguments == "1" { "" } else { "s" };
    format!(
        "```sql\n{kind} {}\n```\n\n{arguments} argument{plural}{returns}{set}; {volatility}; {origin}",
        function.name
    )
}

/// A type of PostgreSQL's or of an extension.
pub(super) fn base_type(base: BaseType) -> String {
    let origin = match facts(base).extension {
        Some(extension) => format!("of the extension `{extension}`"),
        None => "of PostgreSQL".to_owned(),
    };
    format!("```sql\ntype {}\n```\n\n{origin}", base.as_str())
}
