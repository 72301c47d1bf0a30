//! Types: what a written type stands for.

use std::borrow::Cow;
use std::ops::Range;

use super::declare::base_type;
use super::names::{self, Symbol};
use super::{Resolver, errors, expressions, sql_words};
use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::grammar::{Call, Flag, SqlText, TypeSpec};
use crate::schema::{ColumnType, Name, ObjectId, PUBLIC, QualifiedName, TypeKind};
use crate::source::Span;
use crate::sql::types::{
    TypeError, TypeName, facts, parse_type, resolve_base, serial_of, suggest_type,
};
use crate::sql::{BaseType, PgType};

/// Where a type stands: decides which types may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Position {
    /// A column, domain base or composite field: only types whose values can be stored.
    Stored,
    /// The same, where nothing else is said of a column: what SQL lets stand behind a type may follow.
    Column,
    /// An argument or a result.
    Function,
}

/// A resolved type; `serial` is an integer with a sequence of its own.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written {
    pub(super) ty: ColumnType,
    pub(super) serial: bool,
}

/// The type that `spec` stands for; `array` is the long form of `[]`. Reports and gives `None` where
/// there is none.
pub(super) fn resolve(
    cx: &mut Resolver<'_>,
    spec: &TypeSpec,
    array: Option<&Flag>,
    position: Position,
) -> Option<Written> {
    let mut written = match spec {
        TypeSpec::Text(text) => of_text(cx, text, position)?,
        TypeSpec::Call(call) => {
            let Call { span, name, args } = call.as_ref();
            let mut parsed = parse_type(&name.value)
                .map_err(|error| {
                    let error = type_error(Code::UnknownType, error.message, error.help, name.span);
                    cx.report(error);
                })
                .ok()?;
            parsed.args = args.iter().map(|arg| arg.value.clone()).collect();
            of_name(cx, &parsed, name.span, *span, position)?
        }
        TypeSpec::Domain(name) => {
            let qualified = names::reference(&name.value);
            match cx.names.ty(&qualified) {
                Some(symbol) => Written { ty: ColumnType::scalar(kind_of(symbol)?), serial: false },
                None => {
                    let close = cx.names.closest_type(&qualified);
                    let error = errors::unknown_type(&name.value, name.span, close.as_deref());
                    cx.report_missing(&qualified, error);
                    return None;
                }
            }
        }
    };
    if array.is_some_and(|array| array.value) {
        written.ty.dimensions = written.ty.dimensions.max(1);
    }
    Some(written)
}

/// The type that a text stands for: the same wherever it stands, so that one about which there was
/// nothing to say is read once.
fn of_text(cx: &mut Resolver<'_>, text: &SqlText, position: Position) -> Option<Written> {
    let key = (expressions::instantiated(text), position);
    if let Some(known) = cx.types.get(&key) {
        return Some(known.clone());
    }
    let said = cx.sink.len();
    let at = |range: Range<u32>| expressions::place(cx.sources, text, range);
    let written =
        match parse_type(&key.0) {
            Ok(name) => {
                let span = at(name.range.clone());
                of_name(cx, &name, span, text.span, position)?
            }
            // Names of the user's may hold what types may not: `My Enum`.
            Err(_) if let Some(kind) = declared(cx, &key.0) => {
                Written { ty: ColumnType::scalar(kind), serial: false }
            }
            Err(error) => {
                let keys = by_keys(&key.0, &error, position);
                let span = at(error.range.clone());
                let error = type_error(Code::UnknownType, error.message, error.help, span);
                cx.report(match keys {
                    Some(keys) => error
                        .help("a column that is more than a type says it by keys")
                        .fix("say it by keys", Safety::Suggestion, text.span, keys),
                    None => error,
                });
                return None;
            }
        };
    if cx.sink.len() == said {
        cx.types.insert(key, written.clone());
    }
    Some(written)
}

/// A column's type with what SQL lets stand behind one, by keys. The type ends where it cannot be read on.
fn by_keys(text: &str, error: &TypeError, position: Position) -> Option<String> {
    let (ty, rest) = text.split_at_checked(error.range.start as usize)?;
    (position == Position::Column).then(|| sql_words::column(ty.trim(), rest)).flatten()
}

fn type_error(code: Code, message: String, help: Option<String>, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(code, span, message);
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

fn kind_of(symbol: Symbol) -> Option<TypeKind> {
    match symbol {
        Symbol::Enum(id) => Some(TypeKind::Enum(id)),
        Symbol::Domain(id) => Some(TypeKind::Domain(id)),
        Symbol::Composite(id) => Some(TypeKind::Composite(id)),
        Symbol::Table(id) => Some(TypeKind::TableRow(id)),
        Symbol::View(id) => Some(TypeKind::ViewRow(id)),
        Symbol::Sequence(_) | Symbol::Index(_) | Symbol::Partition(_) => None,
    }
}

/// The user's type of exactly this name.
fn declared(cx: &Resolver<'_>, text: &str) -> Option<TypeKind> {
    kind_of(cx.names.ty(&names::reference(text.trim()))?)
}

/// A parsed name: PostgreSQL's own types come first, as on its search path; then the schema's.
fn of_name(
    cx: &mut Resolver<'_>,
    name: &TypeName,
    span: Span,
    whole: Span,
    position: Position,
) -> Option<Written> {
    let written =
        |kind| Written { ty: ColumnType { kind, dimensions: name.dimensions }, serial: false };
    if name.schema.is_none()
        && let Some(base) = serial_of(name)
    {
        let kind = TypeKind::Base(PgType { base, modifier: crate::sql::Modifier::None });
        return Some(Written { serial: true, ..written(kind) });
    }
    let schema = name.schema.clone().map_or_else(|| PUBLIC.into(), Name::new);
    let qualified = QualifiedName::new(schema, Name::new(name.name.clone()));
    let system = name.schema.as_ref().is_some_and(|schema| schema == "pg_catalog");
    let declared = cx.names.ty(&qualified).and_then(kind_of);
    // A base type wins over a declared one of the same name only where PostgreSQL would look there first.
    if (name.schema.is_none() && !name.quoted) || system || declared.is_none() {
        match resolve_base(name) {
            Ok(Some(ty)) => {
                return base(cx, ty, span, position).map(|ty| written(TypeKind::Base(ty)));
            }
            Ok(None) => {}
            Err(error) => {
                cx.report(type_error(Code::TypeArguments, error.message, error.help, whole));
                return None;
            }
        }
    }
    if let Some(kind) = declared {
        if let Some(argument) = name.args.first() {
            let message = format!("`{qualified}` takes no arguments, and has `({argument})`");
            cx.report(
                Diagnostic::new(Code::TypeArguments, whole, message).help("remove the parentheses"),
            );
        }
        return Some(written(kind));
    }
    if cx.is_foreign(&qualified) {
        return Some(written(TypeKind::Unknown(Box::new(qualified))));
    }
    let close =
        suggest_type(&name.name).map(str::to_owned).or_else(|| cx.names.closest_type(&qualified));
    let error = errors::unknown_type(&qualified.to_string(), span, close.as_deref());
    cx.report_missing(&qualified, error);
    None
}

/// The type of a name that is not the user's to correct; says nothing where there is none.
pub(super) fn quietly(cx: &Resolver<'_>, name: &TypeName) -> Option<ColumnType> {
    let kind = match resolve_base(name) {
        Ok(Some(ty)) => TypeKind::Base(ty),
        Ok(None) => {
            let schema = name.schema.clone().map_or_else(|| PUBLIC.into(), Name::new);
            kind_of(cx.names.ty(&QualifiedName::new(schema, Name::new(name.name.clone())))?)?
        }
        Err(_) => return None,
    };
    Some(ColumnType { kind, dimensions: name.dimensions })
}

/// A base type, with its extension declared and in its place.
fn base(cx: &mut Resolver<'_>, ty: PgType, span: Span, position: Position) -> Option<PgType> {
    let facts = facts(ty.base);
    if position != Position::Function && !facts.column {
        cx.report(errors::not_a_column_type(ty.base.as_str(), span));
        return None;
    }
    if let Some(extension) = facts.extension
        && !cx.schema.extensions.values().any(|known| known.name == extension)
    {
        let error = errors::missing_extension(ty.base.as_str(), extension, span);
        let error = with_extension_fix(cx, error, extension, span);
        cx.report(error);
    }
    Some(ty)
}

/// Adds the edit that declares an extension: beside the last one, or as a new section of the file.
pub(super) fn with_extension_fix(
    cx: &Resolver<'_>,
    diagnostic: Diagnostic,
    extension: &str,
    span: Span,
) -> Diagnostic {
    let title = format!("declare the extension `{extension}`");
    let last =
        cx.schema.extensions.ids().rev().find_map(|id| cx.origins.of(ObjectId::Extension(id)));
    let Some(last) = last else {
        let start = Span::new(span.file, 0..0);
        return diagnostic.fix(
            title,
            Safety::Safe,
            start,
            format!("extensions: [{extension}]\n\n"),
        );
    };
    let text = cx.sources.get(last.file).map(|source| &*source.text).unwrap_or_default();
    let line = text
        .get(..last.start as usize)
        .and_then(|before| before.rsplit('\n').next())
        .unwrap_or_default();
    let indent = line.len() - line.trim_start().len();
    let block = line.trim_start();
    // `- name`, alone on its line: the new one goes before it in the same form; any other way of
    // writing the list is left to the user.
    if block == "- " || block == "- { name: " || block == "- name: " {
        let start = last.start - block.len() as u32;
        let edit = Span::new(last.file, start..start);
        let text = format!("- {extension}\n{}", " ".repeat(indent));
        return diagnostic.fix(title, Safety::Safe, edit, text);
    }
    if line.trim_end().ends_with('[') || line.trim_end().ends_with(',') {
        return diagnostic.fix(title, Safety::Safe, last.at_start(), format!("{extension}, "));
    }
    diagnostic
}

/// Whether the type is, or is a domain over, one of the base types that `test` accepts.
pub(super) fn underlying<'a>(cx: &'a Resolver<'_>, ty: &'a ColumnType) -> Cow<'a, ColumnType> {
    let mut ty = Cow::Borrowed(ty);
    // Domains over domains, and a budget against a domain over itself.
    for _ in 0..crate::limits::DOMAIN_DEPTH {
        let TypeKind::Domain(id) = ty.kind else { break };
        let base = &cx.schema.domains[id].base;
        let dimensions = ty.dimensions + base.dimensions;
        ty = Cow::Owned(ColumnType { kind: base.kind.clone(), dimensions });
    }
    ty
}

/// Whether the type is a whole number.
pub(super) fn is_integer(ty: &ColumnType) -> bool {
    [BaseType::Smallint, BaseType::Integer, BaseType::Bigint]
        .iter()
        .any(|base| *ty == base_type(*base))
}
