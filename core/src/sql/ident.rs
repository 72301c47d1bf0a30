//! Identifiers: when to quote them, and the names that PostgreSQL gives by itself.
//!
//! In: names as PostgreSQL stores them. Out: SQL text, and default names cut as PostgreSQL cuts them.
//! Collisions are the caller's: it asks again with the next pass.

use std::borrow::{Borrow, Cow};

use super::keywords::keyword_class;

/// Columns that every table has beside its own.
pub(crate) const SYSTEM_COLUMNS: &[&str] = &["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

/// The longest identifier in bytes; PostgreSQL cuts longer ones.
pub const MAX_IDENT_BYTES: usize = 63;

/// Whether `name` must be quoted to be read back as it is: PostgreSQL's `quote_ident` rule, by which
/// only unreserved keywords and `[a-z_][a-z0-9_]*` stand bare.
pub fn needs_quotes(name: &str) -> bool {
    let starts_well = matches!(name.as_bytes().first(), Some(b'a'..=b'z' | b'_'));
    let goes_well = name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    !starts_well || !goes_well || keyword_class(name).is_some()
}

/// `name` as it stands in SQL, quoted only where it must be.
pub fn quote_ident(name: &str) -> Cow<'_, str> {
    if needs_quotes(name) {
        Cow::Owned(format!("\"{}\"", name.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(name)
    }
}

/// `schema.name` in SQL, each part quoted where it must be.
pub fn qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", quote_ident(schema), quote_ident(name))
}

/// What PostgreSQL stores for an identifier of SQL: unquoted, folded to lower case unless it was quoted.
/// Only ASCII is folded, as in a UTF-8 database.
pub fn unquote_ident(text: &str) -> Cow<'_, str> {
    match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => Cow::Owned(inner.replace("\"\"", "\"")),
        None if text.bytes().any(|b| b.is_ascii_uppercase()) => {
            Cow::Owned(text.to_ascii_lowercase())
        }
        None => Cow::Borrowed(text),
    }
}

/// The name that PostgreSQL gives an unnamed object: `table_columns_label`, such as `users_email_key`.
/// `columns` is empty where the name has no such part (`users_pkey`).
pub fn default_name(table: &str, columns: &[&str], label: &str) -> String {
    default_name_numbered(table, columns, label, 0)
}

/// [`default_name`] after `pass` collisions: `users_email_key1` for pass 1.
pub fn default_name_numbered(
    table: &str,
    columns: &[impl Borrow<str>],
    label: &str,
    pass: u32,
) -> String {
    let label = if pass == 0 { Cow::Borrowed(label) } else { Cow::Owned(format!("{label}{pass}")) };
    match columns {
        [] => object_name(table, None, &label),
        [column] => object_name(table, Some(clip(column.borrow(), MAX_IDENT_BYTES)), &label),
        columns => object_name(table, Some(&name_addition(columns)), &label),
    }
}

/// Names of an index's columns as PostgreSQL makes them distinct: `expr`, `expr1`, … Included columns
/// count, and their names go into the index's default name too.
pub fn index_column_names(mut names: Vec<Cow<'_, str>>) -> Vec<Cow<'_, str>> {
    for at in 1..names.len() {
        let (before, rest) = names.split_at_mut(at);
        let Some(name) = rest.first_mut() else { continue };
        let mut number = 0_u32;
        let mut current = Cow::Borrowed(&**name);
        while before.contains(&current) {
            number += 1;
            let suffix = number.to_string();
            let kept = clip(name, MAX_IDENT_BYTES - suffix.len());
            current = Cow::Owned(format!("{kept}{suffix}"));
        }
        if let Cow::Owned(numbered) = current {
            *name = Cow::Owned(numbered);
        }
    }
    names
}

/// PostgreSQL's `makeObjectName`: where the whole is too long, the longer of the two parts is cut.
fn object_name(first: &str, second: Option<&str>, label: &str) -> String {
    let overhead = usize::from(second.is_some()) + label.len() + 1;
    let available = MAX_IDENT_BYTES.saturating_sub(overhead);
    let (mut first_len, mut second_len) = (first.len(), second.map_or(0, str::len));
    while first_len + second_len > available {
        if first_len > second_len {
            first_len -= 1;
        } else {
            second_len -= 1;
        }
    }
    let first = clip(first, first_len);
    match second {
        Some(second) => [first, "_", clip(second, second_len), "_", label].concat(),
        None => [first, "_", label].concat(),
    }
}

/// PostgreSQL's `ChooseIndexNameAddition`: the columns joined, until the text is long enough to be cut.
fn name_addition(columns: &[impl Borrow<str>]) -> String {
    let mut text = String::new();
    for column in columns {
        if !text.is_empty() {
            text.push('_');
        }
        text.push_str(clip(column.borrow(), MAX_IDENT_BYTES));
        if text.len() > MAX_IDENT_BYTES {
            break;
        }
    }
    text
}

/// The longest beginning of at most `limit` bytes that ends between characters.
fn clip(text: &str, limit: usize) -> &str {
    text.get(..text.floor_char_boundary(limit)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_postgresql_quotes() {
        for bare in ["users", "_a1", "absent", "name", "value", "year", "type", "text", "key"] {
            assert_eq!(quote_ident(bare), bare);
        }
        for (name, quoted) in [
            ("user", "\"user\""),
            ("left", "\"left\""),
            ("coalesce", "\"coalesce\""),
            ("Users", "\"Users\""),
            ("a$b", "\"a$b\""),
            ("1a", "\"1a\""),
            ("a b", "\"a b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("größe", "\"größe\""),
            ("", "\"\""),
        ] {
            assert_eq!(quote_ident(name), quoted);
        }
        assert_eq!(qualified("auth", "order"), "auth.\"order\"");
    }

    #[test]
    fn unquoting_folds_case_only_without_quotes() {
        assert_eq!(unquote_ident("Users"), "users");
        assert_eq!(unquote_ident("\"My \"\"T\"\"\""), "My \"T\"");
    }

    #[test]
    fn default_names_are_postgresqls() {
        assert_eq!(default_name("users", &[], "pkey"), "users_pkey");
        assert_eq!(default_name("users", &["email"], "key"), "users_email_key");
        assert_eq!(default_name_numbered("t", &["a", "b"], "key", 1), "t_a_b_key1");
        let long = "x".repeat(60);
        assert_eq!(default_name(&long, &["email"], "key"), format!("{}_email_key", "x".repeat(53)));
        assert_eq!(
            default_name(&long, &["y".repeat(60).as_str()], "fkey"),
            format!("{}_{}_fkey", "x".repeat(29), "y".repeat(28))
        );
        assert_eq!(
            default_name(&"é".repeat(31), &["id"], "seq"),
            format!("{}_id_seq", "é".repeat(28))
        );
    }

    #[test]
    fn many_columns_are_joined_until_the_name_is_full() {
        let column = "c".repeat(40);
        let columns = [column.as_str(), "d", column.as_str(), "e"];
        let name = default_name("t", &columns, "idx");
        assert_eq!(name, format!("t_{}_d_{}_idx", "c".repeat(40), "c".repeat(14)));
        assert_eq!(name.len(), MAX_IDENT_BYTES);
    }

    #[test]
    fn expressions_of_an_index_are_numbered() {
        assert_eq!(
            index_column_names(["expr", "a", "expr", "expr"].map(Cow::Borrowed).into()),
            ["expr", "a", "expr1", "expr2"]
        );
    }
}
