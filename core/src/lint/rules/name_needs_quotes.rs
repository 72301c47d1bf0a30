//! `name-needs-quotes`: a table or column that every hand-written query must quote.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::resolve::Resolved;
use crate::schema::ObjectId;
use crate::sql::ident::needs_quotes;
use crate::sql::keywords::{KeywordClass, keyword_class};

/// Looks at the names of tables and their columns.
pub(super) fn name_needs_quotes(resolved: &Resolved, sink: &mut Diagnostics) {
    for (id, table) in resolved.schema.owned_tables() {
        check(resolved, ObjectId::Table(id), "table", &table.name.name, sink);
        for (position, column) in table.columns.iter().enumerate() {
            let object = ObjectId::Column(id, position as u32);
            check(resolved, object, "column", &column.name, sink);
        }
    }
}

fn check(resolved: &Resolved, object: ObjectId, noun: &str, name: &str, sink: &mut Diagnostics) {
    // As columns and tables, PostgreSQL takes `position`, `time` and their kin as they are.
    if !needs_quotes(name) || keyword_class(name) == Some(KeywordClass::ColumnName) {
        return;
    }
    let Some(span) = resolved.origins.of(object) else { return };
    // PostgreSQL's scanner takes every character beyond ASCII for a letter, and folds none of them.
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_' || !c.is_ascii())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || !c.is_ascii());
    if plain && !name.is_ascii() {
        return;
    }
    let reason = if plain {
        "it is a key word of SQL"
    } else {
        "it is not all lower case letters, digits and `_`"
    };
    sink.push(
        Diagnostic::new(
            Code::NameNeedsQuotes,
            span,
            format!("the {noun} `{name}` must be quoted in every query"),
        )
        .here(reason)
        .help("choose a name that needs no quotes"),
    );
}
