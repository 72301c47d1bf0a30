//! What resolving has to say about names, types, columns, references and constraints.

use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::grammar::Text;
use crate::schema::QualifiedName;
use crate::source::Span;
use crate::sql::ident::MAX_IDENT_BYTES;

pub(super) fn empty_name(span: Span) -> Diagnostic {
    Diagnostic::new(Code::InvalidName, span, "a name may not be empty")
        .help("give it a name of 1 to 63 bytes")
}

pub(super) fn reserved_role(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::InvalidName,
        span,
        format!("PostgreSQL keeps the name `{name}` for itself"),
    )
    .help("give the role another name, or say `exists: true` if it is there already")
}

pub(super) fn system_column(name: &str, span: Span) -> Diagnostic {
    let message = format!("each table has a column `{name}` of PostgreSQL's own");
    Diagnostic::new(Code::InvalidName, span, message).help("give it another name")
}

/// A type that is made of itself.
pub(super) fn of_itself(name: &QualifiedName, span: Span) -> Diagnostic {
    Diagnostic::new(Code::DependencyCycle, span, format!("`{name}` would be made of itself"))
        .help("use another type")
}

pub(super) fn nul_in_name(span: Span) -> Diagnostic {
    Diagnostic::new(Code::InvalidName, span, "a name may not hold the character U+0000")
}

pub(super) fn reserved_schema(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::InvalidName,
        span,
        format!("the schema name `{name}` is reserved by PostgreSQL"),
    )
    .help("choose a name that does not begin with `pg_`")
}

pub(super) fn name_too_long(name: &str, span: Span) -> Diagnostic {
    let message =
        format!("this name has {} bytes; PostgreSQL cuts names at {MAX_IDENT_BYTES}", name.len());
    Diagnostic::new(Code::NameTooLong, span, message).help("shorten it")
}

pub(super) fn duplicate(
    noun: &str,
    name: impl std::fmt::Display,
    span: Span,
    first: Option<Span>,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::DuplicateObject,
        span,
        format!("the {noun} `{name}` is defined twice"),
    )
    .here("defined again here")
    .help("remove or rename one of the two");
    match first {
        Some(first) => diagnostic.label(first, "first defined here"),
        None => diagnostic,
    }
}

pub(super) fn collision(
    noun: &str,
    name: &QualifiedName,
    span: Span,
    other: &str,
    first: Option<Span>,
) -> Diagnostic {
    let message = format!("the {noun} `{name}` has the name of the {other} `{name}`");
    let diagnostic = Diagnostic::new(Code::NameCollision, span, message)
        .note("tables, views, sequences, indexes and types share their names within a PostgreSQL schema")
        .help("rename one of the two");
    match first {
        Some(first) => diagnostic.label(first, format!("the {other}")),
        None => diagnostic,
    }
}

pub(super) fn duplicate_label(label: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateLabel, span, format!("the label `{label}` stands twice"))
        .label(first, "first here")
        .help("remove one of the two")
}

pub(super) fn unknown_mixin(name: &str, span: Span, close: Option<&str>) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::UnknownMixin, span, format!("there is no mixin `{name}`"));
    match close {
        Some(close) => diagnostic
            .help(format!("did you mean `{close}`?"))
            .fix(format!("change it to `{close}`"), Safety::Suggestion, span, close),
        None => diagnostic.help("define it under `mixins`, or use a built-in one: timestamps, soft_delete, tenant, audit"),
    }
}

pub(super) fn mixin_conflict(mixin: &str, column: &str, span: Span, own: Span) -> Diagnostic {
    let message =
        format!("the mixin `{mixin}` brings a column `{column}` that the table has already");
    Diagnostic::new(Code::MixinConflict, span, message)
        .label(own, "the column")
        .help(format!("remove the column, or do without the mixin `{mixin}`"))
}

pub(super) fn unknown_type(name: &str, span: Span, close: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnknownType, span, format!("there is no type `{name}`"));
    match close {
        Some(close) => diagnostic.help(format!("did you mean `{close}`?")).fix(
            format!("change it to `{close}`"),
            Safety::Suggestion,
            span,
            close,
        ),
        None => diagnostic
            .help("use a PostgreSQL type, or define it under `enums`, `domains` or `types`"),
    }
}

pub(super) fn not_a_column_type(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownType, span, format!("`{name}` is no type for stored values"))
        .help("it may only be a function's argument or result")
}

pub(super) fn missing_extension(ty: &str, extension: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::MissingExtension,
        span,
        format!("`{ty}` needs the extension `{extension}`"),
    )
    .help(format!("add `{extension}` to `extensions`"))
}

pub(super) fn overlap(one: &QualifiedName, other: &QualifiedName, span: Span) -> Diagnostic {
    let message = format!("the partitions `{one}` and `{other}` overlap");
    Diagnostic::new(Code::PartitionBounds, span, message).help(
        "a row belongs to one partition: where one range ends (`to`), the next begins (`from`)",
    )
}

pub(super) fn partition_as_table(name: &QualifiedName, span: Span) -> Diagnostic {
    let message = format!("`{name}` is a partition, and this stands on whole tables");
    Diagnostic::new(Code::UnknownTable, span, message)
        .help("name the table that it is a partition of")
}

pub(super) fn unknown_table(name: &QualifiedName, span: Span, close: Option<&str>) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::UnknownTable, span, format!("there is no table `{name}`"));
    match close {
        Some(close) => diagnostic.help(format!("did you mean `{close}`?")).fix(
            format!("change it to `{close}`"),
            Safety::Suggestion,
            span,
            close,
        ),
        None => diagnostic.help(format!("define `{name}` under `tables`")),
    }
}

pub(super) fn unknown_column(
    table: &QualifiedName,
    name: &str,
    span: Span,
    close: Option<&str>,
) -> Diagnostic {
    let message = format!("the table `{table}` has no column `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownColumn, span, message);
    match close {
        Some(close) => diagnostic.help(format!("did you mean `{close}`?")).fix(
            format!("change it to `{close}`"),
            Safety::Suggestion,
            span,
            close,
        ),
        None => diagnostic,
    }
}

/// What is said as SQL says it, and by these `keys` here.
pub(super) fn in_sql_words(code: Code, what: &str, text: &Text, keys: String) -> Diagnostic {
    let message = format!("`{}` is {what} in SQL's words", text.value);
    let title = format!("change it to `{keys}`");
    Diagnostic::new(code, text.span, message).help(format!("write `{keys}`")).fix(
        title,
        Safety::Suggestion,
        text.span,
        keys,
    )
}

pub(super) fn needs_version(
    what: &str,
    needed: u16,
    target: u16,
    span: Span,
    help: &str,
) -> Diagnostic {
    let message = format!("{what} needs PostgreSQL {needed}; the target is {target}");
    Diagnostic::new(Code::NeedsVersion, span, message).help(help)
}

pub(super) fn unknown_view_column(
    view: &QualifiedName,
    name: &str,
    span: Span,
    close: Option<&str>,
) -> Diagnostic {
    let message = format!("the query of `{view}` gives no column `{name}`");
    Diagnostic::new(Code::UnknownColumn, span, message).help(match close {
        Some(close) => format!("did you mean `{close}`?"),
        None => "correct the name, or add the column to the query".to_owned(),
    })
}

/// Two ways to say one thing exclude each other.
pub(super) fn either(first: Span, first_noun: &str, second: Span, second_noun: &str) -> Diagnostic {
    let message = format!("this is {first_noun} or {second_noun}, not both");
    Diagnostic::new(Code::ConflictingKeys, second, message)
        .label(first, first_noun)
        .help("remove one of the two")
}
