//! What could be typed inside SQL.
//!
//! In: the SQL under the cursor with its text map. Out: candidates with the bytes that they replace
//! and their snippets. Works on words alone, so that half of an expression is enough.

use super::candidates::{self, Candidate, CompletionKind, escaped};
use super::describe;
use super::names::{Lookup, Meaning, Symbol};
use super::occurrences::{sql_home, sql_text};
use super::place::{Expect, Home, Place};
use super::sql::{NameKind, Sql, SqlName};
use crate::schema::ObjectId;
use crate::sort;
use crate::source::{Span, TextMap};
use crate::sql::builtins;

/// A candidate, the bytes that it replaces, and the snippet that it writes there.
type Found = (Candidate, Span, String);

/// What could be typed at `offset` of a file, in SQL that `map` leads back to.
pub(super) fn complete(
    lookup: &Lookup<'_>,
    place: &Place,
    expect: &Expect,
    (text, map): (&str, &TextMap),
    offset: u32,
) -> Vec<Found> {
    let at = map.down(offset).map_or(text.len(), |at| (at as usize).min(text.len()));
    let (Some(before), Some(after)) = (text.get(..at), text.get(at..)) else { return Vec::new() };
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '"';
    let start = before.trim_end_matches(is_word).len();
    let end = at + after.len() - after.trim_start_matches(is_word).len();
    let replaced = |start: usize, end: usize| {
        if start == end {
            Span::new(map.file(), offset..offset)
        } else {
            map.up(start as u32..end as u32)
        }
    };
    let home = sql_home(expect, &place.scope);
    // Where nothing is typed yet, a name of one letter stands in.
    let probe = if start == end { format!("{before}x{after}") } else { text.to_owned() };
    let sql = Sql::new(&sql_text(&probe));
    let is_closed = |string: &std::ops::Range<usize>| {
        string.len() > 1 && probe.get(string.clone()).is_some_and(|text| text.ends_with('\''))
    };
    let is_around = |string: &&std::ops::Range<usize>| {
        string.start < at && (at < string.end || (at == string.end && !is_closed(string)))
    };
    if let Some(string) = sql.strings.iter().find(is_around) {
        let labels = string_labels(lookup, &sql, string.start, &home);
        let end = if start == end { at } else { string.end - usize::from(is_closed(string)) };
        let span = replaced(string.start + 1, end.max(string.start + 1));
        return labels
            .into_iter()
            .map(|label| {
                let text = escaped(&label.label.replace('\'', "''"));
                (label, span, text)
            })
            .collect();
    }
    let typed = before.get(start..).unwrap_or_default().to_lowercase();
    let is_here = |name: &&SqlName| name.parts.iter().any(|part| part.range.start == start);
    let Some(name) = sql.names.iter().find(is_here) else {
        return Vec::new();
    };
    let here = name.parts.iter().position(|part| part.range.start == start).unwrap_or_default();
    let qualifier: Vec<&str> =
        name.parts.iter().take(here).map(|part| part.text.as_str()).collect();
    let span = replaced(start, end);
    let called = after.trim_start_matches(is_word).starts_with('(');
    let mut list = match (name.kind, qualifier.as_slice()) {
        (NameKind::Relation, []) => candidates::relations(lookup),
        (NameKind::Relation, schema) => within(candidates::relations(lookup), &schema.join(".")),
        (NameKind::Type, []) => candidates::types(lookup, false),
        (NameKind::Type, schema) => within(candidates::types(lookup, false), &schema.join(".")),
        (NameKind::Word | NameKind::Call, []) => words(lookup, &sql, name, &home, &typed),
        (NameKind::Word | NameKind::Call, qualifier) => {
            let functions =
                candidates::functions(lookup).into_iter().filter(|(_, trigger)| !trigger);
            let functions = functions.map(|(candidate, _)| candidate).collect();
            let relations = lookup.qualified(&sql, name.level, &home, qualifier);
            let columns = relations.iter().take(1).flat_map(|it| candidates::columns(lookup, *it));
            columns.chain(within(functions, &qualifier.join("."))).collect()
        }
    };
    sort::by(&mut list, |a, b| (a.rank, &a.label).cmp(&(b.rank, &b.label)));
    list.dedup_by(|later, earlier| later.label == earlier.label && later.kind == earlier.kind);
    list.into_iter()
        .map(|candidate| {
            let name = escaped(&candidates::in_sql(&candidate.label));
            let text = match candidate.kind {
                CompletionKind::Function if called => name,
                CompletionKind::Function if candidate.has_arguments => format!("{name}($0)"),
                CompletionKind::Function => format!("{name}()"),
                _ => name,
            };
            (candidate, span, text)
        })
        .collect()
}

/// Those of a PostgreSQL schema, without its name.
fn within(list: Vec<Candidate>, schema: &str) -> Vec<Candidate> {
    let inside = |candidate: Candidate| {
        let label = candidate.label.strip_prefix(schema)?.strip_prefix('.')?.to_owned();
        Some(Candidate { label, rank: 2, ..candidate })
    };
    list.into_iter().filter_map(inside).collect()
}

/// Columns, rows and functions that a bare word may be.
fn words(
    lookup: &Lookup<'_>,
    sql: &Sql,
    name: &SqlName,
    home: &Home,
    typed: &str,
) -> Vec<Candidate> {
    let mut list = Vec::new();
    for source in sql.visible(name.level).flatten() {
        let Some(relation) = lookup.source_relation(source) else { continue };
        list.extend(candidates::columns(lookup, relation));
        list.push(Candidate::new(&source.alias, CompletionKind::Table, 2));
    }
    list.extend(candidates::home_columns(lookup, home));
    let functions = candidates::functions(lookup).into_iter().filter(|(_, trigger)| !trigger);
    list.extend(
        functions.map(|(candidate, _)| Candidate { rank: candidate.rank + 2, ..candidate }),
    );
    if !typed.is_empty() {
        let names = builtins::function_names().filter(|name| name.starts_with(typed));
        list.extend(names.filter_map(builtins::function).map(|function| Candidate {
            docs: describe::builtin(&function),
            has_arguments: function.max_args != Some(0),
            ..Candidate::new(function.name, CompletionKind::Function, 6)
        }));
    }
    list
}

/// The labels of the enum that the string at `start` is compared with: that of the column before it.
fn string_labels(lookup: &Lookup<'_>, sql: &Sql, start: usize, home: &Home) -> Vec<Candidate> {
    let before = sql.names.iter().filter(|name| name.range().end <= start);
    for name in before.rev() {
        for (_, meaning) in lookup.sql_meaning(sql, name, home) {
            let symbol = match meaning {
                Meaning::Known(symbol) | Meaning::Likely(symbol) => symbol,
                Meaning::Unclear | Meaning::Unknown => continue,
            };
            if let Symbol::Object(ObjectId::Column(table, at)) = symbol {
                let ty = candidates::column_type(lookup, table, at);
                return ty.map(|ty| candidates::labels(lookup, ty)).unwrap_or_default();
            }
        }
    }
    Vec::new()
}
