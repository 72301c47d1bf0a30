//! Names in code, made from names in SQL.
//!
//! In: any PostgreSQL name. Out: words in the case of a language, legal as identifiers everywhere but
//! for reserved words, which each language guards by itself. Deterministic and never empty; two names
//! that become one are for the caller to report.

use std::borrow::Cow;
use std::collections::BTreeSet;

use heck::{ToLowerCamelCase, ToSnakeCase, ToUpperCamelCase};
use unicode_ident::{is_xid_continue, is_xid_start};

use super::words::singular;
use crate::schema::QualifiedName;

/// Whether `text` is an identifier in TypeScript, Python and Rust, reserved words aside.
pub fn is_identifier(text: &str) -> bool {
    // Without a way out in between, which would cost more than it saves: names are short.
    let is_word = |byte: u8| WORD.get(usize::from(byte)) == Some(&true);
    if text.bytes().fold(true, |word, byte| word & is_word(byte)) {
        return text.as_bytes().first().is_some_and(|first| !first.is_ascii_digit());
    }
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first == '_' || is_xid_start(first))
        && chars.all(is_xid_continue)
}

/// Which bytes are letters and digits of ASCII, or underscores.
#[expect(clippy::indexing_slicing, reason = "a constant")]
const WORD: [bool; 256] = {
    let mut word = [false; 256];
    let mut byte = b'0';
    while byte <= b'z' {
        word[byte as usize] = byte == b'_' || byte.is_ascii_alphanumeric();
        byte += 1;
    }
    word
};

/// `order_status` → `OrderStatus`.
pub fn pascal(name: &str) -> String {
    let joined = if is_lower(name) { joined(name) } else { words(name).to_upper_camel_case() };
    legal(joined, name, "X")
}

/// `created_at` → `createdAt`.
pub fn camel(name: &str) -> String {
    let joined = if is_lower(name) {
        let mut joined = joined(name);
        joined.get_mut(..1).map(str::make_ascii_lowercase);
        joined
    } else {
        words(name).to_lower_camel_case()
    };
    legal(joined, name, "x")
}

/// `OrderStatus` → `order_status`.
pub fn snake(name: &str) -> String {
    snaked(name).into_owned()
}

/// The same, borrowed where the name is in that case, as most are.
pub(super) fn snaked(name: &str) -> Cow<'_, str> {
    // No word is empty: no underscore is the first, the last or behind another.
    let words = name.as_bytes().split(|byte| *byte == b'_');
    let is_snake = is_lower(name) && words.into_iter().all(|word| !word.is_empty());
    if is_snake { name.into() } else { name.to_snake_case().into() }
}

/// Whether a name is written as most are: its words begin at underscores and nowhere else.
fn is_lower(name: &str) -> bool {
    name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

/// The words of such a name, each behind a capital.
fn joined(name: &str) -> String {
    let mut joined = String::with_capacity(name.len());
    let mut begins = true;
    for c in name.chars() {
        if c != '_' {
            joined.push(if begins { c.to_ascii_uppercase() } else { c });
        }
        begins = c == '_';
    }
    joined
}

/// The class name of a table, view or type: its own words, the last one in the singular where
/// `plural`, behind the PostgreSQL schema's where that is not `public`.
pub(super) fn model(name: &QualifiedName, plural: bool) -> String {
    let words = snake(&words(&name.name));
    let (head, last) = words.rsplit_once('_').map_or(("", words.as_str()), |(h, l)| (h, l));
    let last = if plural { singular(last) } else { last.to_owned() };
    let own =
        pascal(&if words.is_empty() { name.name.to_string() } else { format!("{head}_{last}") });
    if name.is_public() { own } else { format!("{}{own}", pascal(&name.schema)) }
}

/// The names, each once: of equal ones, the later are numbered from 2 behind `joint`.
pub fn distinct(names: impl Iterator<Item = String>, joint: &str) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut chosen = Vec::new();
    for base in names {
        let numbered = (2..u32::MAX).map(|number| format!("{base}{joint}{number}"));
        let free = std::iter::once(base.clone()).chain(numbered).find(|it| !taken.contains(it));
        let name = free.unwrap_or(base);
        taken.insert(name.clone());
        chosen.push(name);
    }
    chosen
}

/// `name` with all that no identifier may hold as gaps between words.
pub fn words(name: &str) -> Cow<'_, str> {
    if name.chars().all(is_xid_continue) {
        return Cow::Borrowed(name);
    }
    name.chars().map(|c| if is_xid_continue(c) { c } else { ' ' }).collect()
}

/// `text`, behind `prefix` where it would begin like a number; spelt by code points where nothing of
/// the name is left.
fn legal(text: String, name: &str, prefix: &str) -> String {
    match text.chars().next() {
        Some(first) if is_xid_start(first) => text,
        Some(_) => format!("{prefix}{text}"),
        None => name.chars().fold(prefix.to_owned(), |text, c| format!("{text}{:x}", u32::from(c))),
    }
}

#[cfg(test)]
mod tests {
    use heck::{ToLowerCamelCase, ToSnakeCase, ToUpperCamelCase};

    use super::{camel, is_identifier, model, pascal};
    use crate::schema::QualifiedName;

    #[test]
    fn cases() {
        assert_eq!(pascal("order_status"), "OrderStatus");
        assert_eq!(camel("created_at"), "createdAt");
        assert_eq!(pascal("2fa codes"), "X2faCodes");
        assert_eq!(pascal("größe"), "Größe");
        assert_eq!(pascal("!?"), "X213f");
        for hostile in ["a-b", "*/", "${x}", "\u{fdd0}", " ", "__proto__", "1", "日本"] {
            assert!(is_identifier(&pascal(hostile)), "{hostile}: {}", pascal(hostile));
            assert!(is_identifier(&camel(hostile)), "{hostile}: {}", camel(hostile));
        }
    }

    #[test]
    fn usual_names_are_cased_as_others() {
        let letters = ["a", "1", "_"];
        let mut names = vec![String::new()];
        for _ in 0..5 {
            let longer = |name: &String| letters.map(|letter| format!("{name}{letter}"));
            names = names.iter().flat_map(longer).chain(names.clone()).collect();
        }
        for name in names.iter().filter(|name| name.contains('a')) {
            assert_eq!(super::snake(name), name.to_snake_case());
            assert_eq!(super::joined(name), name.to_upper_camel_case());
            let legal = |text: String| text.trim_start_matches(['x', 'X']).to_owned();
            assert_eq!(legal(camel(name)), name.to_lower_camel_case());
            assert_eq!(legal(pascal(name)), name.to_upper_camel_case());
        }
    }

    #[test]
    fn models() {
        let name = |schema, name| QualifiedName::new(schema, name);
        assert_eq!(model(&name("public", "users"), true), "User");
        assert_eq!(model(&name("public", "order_statuses"), true), "OrderStatus");
        assert_eq!(model(&name("public", "people"), true), "Person");
        assert_eq!(model(&name("billing", "invoices"), true), "BillingInvoice");
        assert_eq!(model(&name("public", "order_status"), false), "OrderStatus");
        assert_eq!(model(&name("public", "UserAccounts"), true), "UserAccount");
    }
}
