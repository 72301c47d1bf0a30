//! What emitting has to say.

use crate::diagnostic::{Code, Diagnostic, closest};
use crate::schema::{ObjectId, Origins, QualifiedName, RelationId, Schema};
use crate::source::Span;
use crate::sql::SqlExpr;

/// A request names a target that does not exist.
pub(super) fn unknown_target(name: &str, known: &[&str]) -> Diagnostic {
    let found =
        Diagnostic::new(Code::UnknownTarget, Span::NOWHERE, format!("there is no target `{name}`"));
    did_you_mean(found, name, known)
}

/// An option names a module as its language cannot.
pub(super) fn no_module(target: &str, option: &str, value: &str, such_as: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownOption,
        Span::NOWHERE,
        format!("the option `{option}` of the target `{target}` does not take `{value}`"),
    )
    .help(format!("name a module as an import does, such as `{such_as}`"))
}

/// The files of a service would have numbers that files of others have.
pub(super) fn crowded_service(name: &str, number: u64) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownOption,
        Span::NOWHERE,
        format!("the files of the service `{name}` cannot begin with the number {number}"),
    )
    .help("use numbers from 100 to 9990 that are at least 10 apart, as 100, 200, 300")
}

/// Nothing of the schema belongs to a service.
pub(super) fn unused_service(name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnusedService,
        Span::NOWHERE,
        format!("no schema file belongs to the service `{name}`"),
    )
    .help(format!("call a file or folder of the schema `{name}`, or take it out of `services`"))
}

/// A request's output would lie outside of the project.
pub(super) fn path_outside(target: &str, path: &str) -> Diagnostic {
    Diagnostic::new(
        Code::PathOutside,
        Span::NOWHERE,
        format!("the target `{target}` would write to `{path}`, outside of the project"),
    )
    .help("use a path relative to the project, with `/` between its parts and without `..`")
}

/// Two requests write the same file.
pub(super) fn path_collision(path: &str, first: &str, second: &str) -> Diagnostic {
    Diagnostic::new(
        Code::PathCollision,
        Span::NOWHERE,
        format!("the targets `{first}` and `{second}` both write `{path}`"),
    )
    .help("give one of them another output path")
}

/// A template failed: of ours, a defect of schemagen.
pub(super) fn template(error: &minijinja::Error) -> Diagnostic {
    Diagnostic::new(
        Code::TemplateError,
        Span::NOWHERE,
        format!(
            "the template `{}` fails in line {}: {}",
            error.name().unwrap_or("?"),
            error.line().unwrap_or_default(),
            error.detail().unwrap_or("no reason given"),
        ),
    )
}

/// A template of the user's fails.
pub(super) fn custom(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(Code::TemplateError, span, message)
}

/// A request names a template that the host did not give.
pub(super) fn no_template(name: &str) -> Diagnostic {
    custom(Span::NOWHERE, format!("there is no template `{name}`"))
        .help("give it among the sources, under a name that ends in `.jinja`")
}

/// A template is to be rendered for what does not exist.
pub(super) fn unknown_each(word: &str, known: &[&str]) -> Diagnostic {
    did_you_mean(
        custom(Span::NOWHERE, format!("templates are not rendered for each `{word}`")),
        word,
        known,
    )
}

/// A check has no equal in other languages.
pub(super) fn check_not_carried(
    origins: &Origins,
    name: &str,
    expr: &SqlExpr,
    reason: &str,
) -> Diagnostic {
    let place = origins.expr_span(expr.id, 0, expr.text.len() as u32).unwrap_or(Span::NOWHERE);
    Diagnostic::new(
        Code::CheckNotCarried,
        place,
        format!("the check `{name}` is not carried into validators: {reason}"),
    )
    .here("only the database checks this")
}

/// A field's values can be anything to a validator. `ty` is empty where the type is not known.
pub(super) fn type_not_carried(
    origins: &Origins,
    item: ObjectId,
    field: ObjectId,
    name: &str,
    ty: &str,
) -> Diagnostic {
    let place = origins.of(field).or_else(|| origins.of(item)).unwrap_or(Span::NOWHERE);
    if ty.is_empty() {
        let message =
            format!("the type of `{name}` is not known, so that validators take any value");
        return Diagnostic::new(Code::TypeNotCarried, place, message)
            .help("declare the type under `columns`");
    }
    let message = format!("validators take any value for `{name}`, of the type `{ty}`");
    Diagnostic::new(Code::TypeNotCarried, place, message)
}

/// What a view's query gives is not known.
pub(super) fn no_columns_carried(
    origins: &Origins,
    view: ObjectId,
    name: &QualifiedName,
) -> Diagnostic {
    let place = origins.of(view).unwrap_or(Span::NOWHERE);
    let message = format!("the columns of `{name}` are not known, so that validators know none");
    Diagnostic::new(Code::TypeNotCarried, place, message)
        .help("declare them under `columns`: `columns: {id: uuid, …}`")
}

/// Two objects get the same name in code, or two fields of one.
pub(super) fn same_name(
    schema: &Schema,
    origins: &Origins,
    first: ObjectId,
    second: ObjectId,
    name: &str,
) -> Diagnostic {
    let (one, other) = (described(schema, first), described(schema, second));
    let place = |object| origins.of(object).unwrap_or(Span::NOWHERE);
    if first == second {
        let message = format!("two fields of {one} would both be called `{name}` in code");
        return Diagnostic::new(Code::FieldCollision, place(first), message)
            .help("rename one of them");
    }
    let found = Diagnostic::new(
        Code::FieldCollision,
        place(second),
        format!("{one} and {other} would both be called `{name}` in code"),
    )
    .here(format!("also `{name}`"))
    .label(place(first), format!("`{name}` is made from this"));
    let named = |object| matches!(object, ObjectId::Table(_) | ObjectId::View(_));
    match (first, second) {
        (ObjectId::Column(..), ObjectId::Column(..)) => {
            found.help("give one of them another `alias`")
        }
        _ if named(first) || named(second) => found.help("give the table a `model` of its own"),
        _ => found.help("rename one of them"),
    }
}

/// An object as a message names it.
fn described(schema: &Schema, object: ObjectId) -> String {
    let column = |table, index: u32| {
        let table = schema.tables.find(table)?;
        Some(format!("the column `{}.{}`", table.name, table.columns.get(index as usize)?.name))
    };
    let text = match object {
        ObjectId::Enum(id) => schema.enums.find(id).map(|it| format!("the enum `{}`", it.name)),
        ObjectId::Domain(id) => {
            schema.domains.find(id).map(|it| format!("the domain `{}`", it.name))
        }
        ObjectId::Composite(id) => {
            schema.composites.find(id).map(|it| format!("the type `{}`", it.name))
        }
        ObjectId::Table(id) => {
            Some(format!("the table `{}`", schema.relation_name(RelationId::Table(id))))
        }
        ObjectId::View(id) => {
            Some(format!("the view `{}`", schema.relation_name(RelationId::View(id))))
        }
        ObjectId::Function(id) => {
            schema.functions.find(id).map(|it| format!("the function `{}`", it.name))
        }
        ObjectId::Column(table, index) => column(table, index),
        ObjectId::Namespace(_)
        | ObjectId::Extension(_)
        | ObjectId::Role(_)
        | ObjectId::EnumLabel(..)
        | ObjectId::Sequence(_)
        | ObjectId::Constraint(..)
        | ObjectId::Index(..)
        | ObjectId::ViewIndex(..)
        | ObjectId::Trigger(_)
        | ObjectId::Policy(_)
        | ObjectId::Publication(_)
        | ObjectId::Grant(_) => None,
    };
    text.unwrap_or_else(|| "an object".to_owned())
}

pub(super) fn did_you_mean(found: Diagnostic, word: &str, known: &[&str]) -> Diagnostic {
    match closest(word, known.iter().copied()) {
        Some(known) => found.help(format!("did you mean `{known}`?")),
        None if known.is_empty() => found.help("leave it out"),
        None => found.help(format!("use one of {}", listed(known))),
    }
}

pub(super) fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
