//! The grammar as a page of Markdown: `docs/language.md`.

use std::fmt::Write;

use super::errors::describe;
use super::{FileDef, Kind, Record};

/// The reference of the language, one section a record, in the order in which they are first met.
pub fn language_reference() -> String {
    let mut page = String::from(
        "<!-- Generated from the grammar by `make codegen`. Do not edit. -->\n\n# The schemagen language\n",
    );
    for record in records() {
        write_record(&mut page, record);
    }
    page
}

/// Every record that can be reached from a file, breadth first.
pub(super) fn records() -> Vec<&'static Record> {
    let mut found = vec![FileDef::RECORD];
    let mut next = 0;
    while let Some(record) = found.get(next).copied() {
        next += 1;
        for key in record.keys {
            reach((key.kind)(), &mut found);
        }
    }
    found
}

fn reach(kind: Kind, found: &mut Vec<&'static Record>) {
    match kind {
        Kind::Record(record) => {
            if !found.iter().any(|known| std::ptr::eq(*known, record)) {
                found.push(record);
            }
        }
        Kind::List(item) | Kind::Map(item) => reach(item(), found),
        Kind::Either(kinds) => kinds.iter().for_each(|kind| reach(kind(), found)),
        Kind::Text
        | Kind::Name(_)
        | Kind::Bool
        | Kind::Int
        | Kind::Sql
        | Kind::Body
        | Kind::Type
        | Kind::Scalar
        | Kind::Word(_) => {}
    }
}

fn write_record(page: &mut String, record: &Record) {
    let mut title = record.name.to_owned();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    // Writing to a String cannot fail.
    let _ = write!(page, "\n## {title}\n\n{}\n", joined(record.docs));
    if let Some(short) = record.short {
        let _ = write!(page, "\nIn short: {}.\n", describe(short()));
    }
    page.push_str("\n| key | value | meaning |\n| --- | --- | --- |\n");
    for key in record.keys {
        let required = if key.required { " (required)" } else { "" };
        let mut names = format!("`{}`", key.name);
        for alias in key.aliases {
            let _ = write!(names, ", `{alias}`");
        }
        let value = cell(&value_of((key.kind)()));
        let _ = writeln!(page, "| {names}{required} | {value} | {} |", cell(&joined(key.docs)));
    }
}

/// What may stand behind a key, with links to other records.
fn value_of(kind: Kind) -> String {
    match kind {
        Kind::Record(record) => link(record),
        Kind::List(item) => match item().by_name() {
            Some(record) => format!("list of {}, or names to them", link(record)),
            None => format!("list of {}", value_of(item())),
        },
        Kind::Map(item) => format!("names to {}", value_of(item())),
        Kind::Either(kinds) => {
            let kinds: Vec<_> = kinds.iter().map(|kind| value_of(kind())).collect();
            kinds.join(" or ")
        }
        Kind::Text
        | Kind::Name(_)
        | Kind::Bool
        | Kind::Int
        | Kind::Sql
        | Kind::Body
        | Kind::Type
        | Kind::Scalar
        | Kind::Word(_) => describe(kind),
    }
}

fn link(record: &Record) -> String {
    format!("[{}](#{})", record.name, record.name.replace(' ', "-"))
}

fn joined(docs: &str) -> String {
    docs.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
