//! SQL's own words where this language has keys: `created_at desc`, `users(id) on delete cascade`,
//! `uuid primary key default gen_random_uuid()`.
//!
//! In: a text that is not what should stand there. Out: the same by keys, as a YAML value in brackets,
//! for the fix of the error; none where it is something else.

use std::iter::Peekable;
use std::vec::IntoIter;

/// A key of an index: `created_at desc nulls last`, `body gin_trgm_ops`, `lower(email)`.
pub(super) fn index_key(text: &str) -> Option<String> {
    let mut words = words(text)?;
    let target = words.next()?;
    let key = if target.contains('(') { "expr" } else { "name" };
    let mut keys = vec![pair(key, target)];
    while let Some(word) = words.next() {
        match word.to_lowercase().as_str() {
            order @ ("asc" | "desc") => keys.push(pair("order", order)),
            "nulls" => {
                let place = words.next()?.to_lowercase();
                keys.push(pair("nulls", ["first", "last"].into_iter().find(|it| *it == place)?));
            }
            class if class.ends_with("_ops") => keys.push(pair("opclass", word)),
            _ => return None,
        }
    }
    (key == "expr" || keys.len() > 1).then(|| map(&keys))
}

/// A reference: `users(id)`, `users.id on delete cascade`.
pub(super) fn reference(text: &str) -> Option<String> {
    let mut words = words(text)?.peekable();
    let mut target = words.next()?.to_owned();
    if let Some(column) = words.next_if(|word| word.starts_with('(')) {
        target.push_str(column);
    }
    let (table, column) = match target.split_once('(') {
        Some((table, column)) => (table, Some(column.strip_suffix(')')?.trim())),
        None => (target.as_str(), None),
    };
    let mut actions = Vec::new();
    while let Some(word) = words.next() {
        if !word.eq_ignore_ascii_case("on") {
            return None;
        }
        let key = match words.next()?.to_lowercase().as_str() {
            "delete" => "on_delete",
            "update" => "on_update",
            _ => return None,
        };
        let action = match words.next()?.to_lowercase().as_str() {
            first @ ("no" | "set") => format!("{first}_{}", words.next()?.to_lowercase()),
            whole => whole.to_owned(),
        };
        actions.push(pair(key, &action));
    }
    match (column, actions.is_empty()) {
        (Some(column), true) => Some(format!("{table}.{column}")),
        (None, true) => None,
        (column, false) => {
            let (table, column) = match (column, table.rsplit_once('.')) {
                (Some(column), _) => (table, Some(column)),
                (None, Some((table, column))) => (table, Some(column)),
                (None, None) => (table, None),
            };
            let mut keys = vec![pair("table", table)];
            keys.extend(column.map(|column| pair("column", column)));
            keys.extend(actions);
            Some(map(&keys))
        }
    }
}

/// A column: its type, and what SQL lets stand behind it.
pub(super) fn column(ty: &str, rest: &str) -> Option<String> {
    let mut words = words(rest)?.peekable();
    let mut keys = vec![pair("type", ty)];
    while let Some(word) = words.next() {
        match word.to_lowercase().as_str() {
            "not" => {
                words.next_if(|next| next.eq_ignore_ascii_case("null"))?;
                keys.push(pair("nullable", "false"));
            }
            "null" => {}
            "primary" => {
                words.next_if(|next| next.eq_ignore_ascii_case("key"))?;
                keys.push(pair("primary_key", "true"));
            }
            "unique" => keys.push(pair("unique", "true")),
            "default" => keys.push(pair("default", &until_word(&mut words))),
            "check" => keys.push(pair("check", bare(words.next()?))),
            "collate" => keys.push(pair("collation", words.next()?.trim_matches('"'))),
            "references" => {
                let text = until_word(&mut words);
                keys.push(format!("references: {}", reference(&text).unwrap_or(text)));
            }
            "generated" => keys.push(generated(&mut words)?),
            _ => return None,
        }
    }
    Some(map(&keys))
}

/// `always as identity`, `by default as identity`, `always as (a + b) stored`.
fn generated(words: &mut Peekable<IntoIter<&str>>) -> Option<String> {
    let by_default = words.next()?.eq_ignore_ascii_case("by");
    if by_default {
        words.next()?;
    }
    words.next_if(|word| word.eq_ignore_ascii_case("as"))?;
    let what = words.next()?;
    if what.eq_ignore_ascii_case("identity") {
        return Some(pair("identity", if by_default { "by_default" } else { "always" }));
    }
    words.next_if(|word| word.eq_ignore_ascii_case("stored"));
    Some(pair("generated", bare(what)))
}

/// What stands before the next word that begins something else.
fn until_word(words: &mut Peekable<IntoIter<&str>>) -> String {
    const BEGIN: [&str; 8] =
        ["not", "null", "primary", "unique", "default", "check", "references", "generated"];
    let mut taken = Vec::new();
    let mut after_set = false;
    let begins = |word: &str, after_set: bool| {
        !after_set && BEGIN.iter().any(|begin| word.eq_ignore_ascii_case(begin))
    };
    while let Some(word) = words.next_if(|word| taken.is_empty() || !begins(word, after_set)) {
        after_set = word.eq_ignore_ascii_case("set"); // `on delete set null`
        taken.push(word);
    }
    taken.join(" ")
}

/// The words of a text; parentheses and quotes hold together. None where they are not closed.
fn words(text: &str) -> Option<IntoIter<&str>> {
    let (mut found, mut start) = (Vec::new(), 0);
    let (mut depth, mut quote) = (0usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != c),
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.checked_sub(1)?,
            (None, c) if c.is_whitespace() && depth == 0 => {
                found.extend(text.get(start..at));
                start = at + c.len_utf8();
            }
            (None, _) => {}
        }
    }
    found.extend(text.get(start..));
    found.retain(|word| !word.is_empty());
    (depth == 0 && quote.is_none()).then(|| found.into_iter())
}

/// Without the parentheses around it.
fn bare(text: &str) -> &str {
    text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text).trim()
}

fn map(keys: &[String]) -> String {
    format!("{{ {} }}", keys.join(", "))
}

/// A key and its value, in quotes where YAML needs them inside brackets.
fn pair(key: &str, value: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_.()' +*/<>=".contains(c);
    if value.starts_with(char::is_alphanumeric) && value.chars().all(is_plain) {
        return format!("{key}: {value}");
    }
    format!("{key}: \"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqls_words_are_said_by_keys() {
        let keys = [
            ("created_at desc", Some("{ name: created_at, order: desc }")),
            ("a DESC NULLS LAST", Some("{ name: a, order: desc, nulls: last }")),
            ("body gin_trgm_ops", Some("{ name: body, opclass: gin_trgm_ops }")),
            ("lower(email)", Some("{ expr: lower(email) }")),
            ("coalesce(a, b) desc", Some("{ expr: \"coalesce(a, b)\", order: desc }")),
            ("first name", None),
            ("email", None),
            ("f(", None),
        ];
        for (text, expected) in keys {
            assert_eq!(index_key(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn references_in_sql() {
        let references = [
            ("users(id)", Some("users.id")),
            ("auth.users (id)", Some("auth.users.id")),
            (
                "users.id on delete set null",
                Some("{ table: users, column: id, on_delete: set_null }"),
            ),
            (
                "users ON DELETE CASCADE ON UPDATE NO ACTION",
                Some("{ table: users, on_delete: cascade, on_update: no_action }"),
            ),
            ("users", None),
            ("users on fire", None),
            ("users(id) match full", None),
        ];
        for (text, expected) in references {
            assert_eq!(reference(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn columns_in_sql() {
        let columns = [
            (
                "uuid",
                "primary key default gen_random_uuid()",
                Some("{ type: uuid, primary_key: true, default: gen_random_uuid() }"),
            ),
            (
                "numeric(10,2)",
                "not null check (price >= 0)",
                Some("{ type: \"numeric(10,2)\", nullable: false, check: price >= 0 }"),
            ),
            (
                "text",
                "default 'a b' unique",
                Some("{ type: text, default: \"'a b'\", unique: true }"),
            ),
            (
                "uuid",
                "references users (id) on delete set null not null",
                Some(
                    "{ type: uuid, references: { table: users, column: id, on_delete: set_null }, nullable: false }",
                ),
            ),
            (
                "bigint",
                "generated by default as identity",
                Some("{ type: bigint, identity: by_default }"),
            ),
            ("int", "generated always as (a + 1) stored", Some("{ type: int, generated: a + 1 }")),
            ("int", "unsigned", None),
        ];
        for (ty, rest, expected) in columns {
            assert_eq!(column(ty, rest).as_deref(), expected, "{ty} {rest}");
        }
    }
}
