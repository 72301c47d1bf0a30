//! Why an edit is refused, in the words of the compiler's own findings.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

pub(super) fn exists(noun: &str, name: &str, span: Option<Span>) -> Box<Diagnostic> {
    let message = format!(
        "there is a{} {noun} `{name}` already",
        if noun.starts_with(['e', 'i']) { "n" } else { "" }
    );
    let place = span.unwrap_or(Span::NOWHERE);
    let diagnostic = Diagnostic::new(Code::DuplicateObject, place, message).here("defined here");
    Box::new(diagnostic.help("choose another name, or change the one that there is"))
}

pub(super) fn unknown_table(name: &str, close: Option<&str>) -> Box<Diagnostic> {
    unknown(Code::UnknownTable, format!("there is no table `{name}`"), close, || {
        format!("add it first: `schemagen add table {name}`")
    })
}

pub(super) fn not_declared(name: &str) -> Box<Diagnostic> {
    let message = format!("`{name}` is not declared in these files, so nothing can be added to it");
    let diagnostic = Diagnostic::new(Code::UnknownTable, Span::NOWHERE, message);
    Box::new(diagnostic.help("name a table or type of your own"))
}

pub(super) fn unknown_column(table: &str, name: &str, close: Option<&str>) -> Box<Diagnostic> {
    unknown(
        Code::UnknownColumn,
        format!("the table `{table}` has no column `{name}`"),
        close,
        || format!("add it first: `schemagen add column {table} {name}`"),
    )
}

pub(super) fn unknown_enum(name: &str, close: Option<&str>) -> Box<Diagnostic> {
    unknown(Code::UnknownType, format!("there is no enum `{name}`"), close, || {
        format!("add it first: `schemagen add enum {name}`")
    })
}

pub(super) fn unknown_label(name: &str, label: &str, close: Option<&str>) -> Box<Diagnostic> {
    unknown(Code::UnknownWord, format!("the enum `{name}` has no label `{label}`"), close, || {
        "name a label that it has".to_owned()
    })
}

pub(super) fn no_single_key(table: &str) -> Box<Diagnostic> {
    let message = format!("`{table}` has no single column that identifies its rows");
    let diagnostic = Diagnostic::new(Code::ReferenceColumns, Span::NOWHERE, message);
    Box::new(
        diagnostic
            .help("say which column to refer to, or write the foreign key under `constraints`"),
    )
}

pub(super) fn not_editable(span: Span) -> Box<Diagnostic> {
    let message = "this part of the file cannot be edited by schemagen";
    let diagnostic = Diagnostic::new(Code::NotEditable, span, message)
        .here("the new text would not read back as the old one and the addition")
        .help(
            "write the addition by hand; aliases, merged maps and unusual layouts are left alone",
        );
    Box::new(diagnostic)
}

fn unknown(
    code: Code,
    message: String,
    close: Option<&str>,
    help: impl FnOnce() -> String,
) -> Box<Diagnostic> {
    let help = close.map_or_else(help, |close| format!("did you mean `{close}`?"));
    Box::new(Diagnostic::new(code, Span::NOWHERE, message).help(help))
}
