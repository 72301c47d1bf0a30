//! What decoding has to say.

use std::iter;

use super::habits::{Habit, habit};
use super::{Key, Kind, Record, WordInfo};
use crate::diagnostic::{Code, Diagnostic, Safety, closest};
use crate::source::Span;
use crate::syntax::{Entry, Node, NodeKind, ScalarKind};

/// A word for what may stand somewhere: `a list of names`.
pub(crate) fn describe(kind: Kind) -> String {
    match kind {
        Kind::Text => "a text".to_owned(),
        Kind::Name(_) => "a name".to_owned(),
        Kind::Bool => "`true` or `false`".to_owned(),
        Kind::Int => "a whole number".to_owned(),
        Kind::Sql => "a SQL expression".to_owned(),
        Kind::Body => "a SQL text".to_owned(),
        Kind::Type => "a type".to_owned(),
        Kind::Scalar => "a single value".to_owned(),
        Kind::Word(words) => {
            let words: Vec<_> = words.iter().map(|word| format!("`{}`", word.text)).collect();
            format!("one of {}", words.join(", "))
        }
        Kind::List(item) => format!("a list, each {}", describe(item())),
        Kind::Map(_) => "a map from names".to_owned(),
        Kind::Record(record) => match record.short {
            Some(short) => {
                format!("{} or a map of {}", describe(short()), with_article(record.name))
            }
            None => format!("a map of {}", with_article(record.name)),
        },
        Kind::Either(kinds) => {
            let kinds: Vec<_> = kinds.iter().map(|kind| describe(kind())).collect();
            kinds.join(", or ")
        }
    }
}

/// `a column`, `an index`.
fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
}

fn found(node: &Node) -> &'static str {
    match &node.kind {
        NodeKind::Map(_) => "this is a map",
        NodeKind::Seq(_) => "this is a list",
        NodeKind::Scalar(scalar) => match scalar.kind {
            ScalarKind::Null => "nothing stands here",
            ScalarKind::Bool(_) => "this is `true` or `false`",
            ScalarKind::Int | ScalarKind::Float => "this is a number",
            ScalarKind::Str => "this is a text",
        },
    }
}

pub(super) fn wrong_kind(node: &Node, kind: Kind) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::WrongKind, node.span, format!("expected {}", describe(kind)))
            .here(found(node));
    match (&node.kind, kind) {
        (NodeKind::Seq(_), Kind::Map(_)) => {
            diagnostic.help("make the names its keys: `email: {type: text}`, not `- name: email`")
        }
        (NodeKind::Scalar(scalar), Kind::Bool) => match old_boolean(&scalar.text) {
            Some(word) => meant_boolean(diagnostic, &scalar.text, word, node.span),
            None => diagnostic,
        },
        _ => diagnostic,
    }
}

/// What was a boolean in YAML 1.1, or is one in PostgreSQL.
pub(crate) fn old_boolean(text: &str) -> Option<&'static str> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "t" => Some("true"),
        "no" | "n" | "off" | "f" => Some("false"),
        _ => None,
    }
}

/// With the help for an [`old_boolean`] and the word for it.
pub(crate) fn meant_boolean(error: Diagnostic, text: &str, word: &str, span: Span) -> Diagnostic {
    error.help(format!("`{text}` is a text in YAML 1.2: say `{word}`")).fix(
        format!("say `{word}`"),
        Safety::Safe,
        span,
        word,
    )
}

/// A map that says none, or more than one, of the keys of which it says one.
pub(super) fn not_one_of(record: &Record, keys: &[&str], span: Span) -> Diagnostic {
    let keys: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
    let message = format!("{} says one of {}", with_article(record.name), keys.join(", "));
    Diagnostic::new(Code::ConflictingKeys, span, message).help("keep the one that is meant")
}

pub(super) fn unknown_word(text: &str, span: Span, words: &[WordInfo]) -> Diagnostic {
    let names = words.iter().map(|word| word.text);
    let diagnostic = Diagnostic::new(
        Code::UnknownWord,
        span,
        format!("`{text}` is not one of the words that may stand here"),
    )
    .help(format!("use {}", describe_words(words)));
    let switched = names
        .clone()
        .find(|word| matches!((text, *word), ("true", "enabled") | ("false", "disabled")));
    match switched.or_else(|| closest(text, names)) {
        Some(word) => {
            diagnostic.fix(format!("change it to `{word}`"), Safety::Suggestion, span, word)
        }
        None => diagnostic,
    }
}

fn describe_words(words: &[WordInfo]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("`{}`", word.text)).collect();
    match words.as_slice() {
        [all @ .., last] if !all.is_empty() => format!("{} or {last}", all.join(", ")),
        _ => words.join(""),
    }
}

/// The key of a record that somebody meant, with the same value, who wrote `written`; none where that
/// is one itself.
pub(super) fn meant_key(record: &'static Record, written: &str) -> Option<&'static str> {
    if record.key(written).is_some() {
        return None;
    }
    match habit(record, written) {
        Some(Habit::Key(key)) => Some(key),
        Some(Habit::Entry(_) | Habit::Advice(_)) => None,
        None => record.key(closest_key(record, written)?).map(|key| key.name),
    }
}

/// The key of a record, or the alias, that is spelt most like `written`.
fn closest_key(record: &'static Record, written: &str) -> Option<&'static str> {
    let names =
        record.keys.iter().flat_map(|key| iter::once(key.name).chain(key.aliases.iter().copied()));
    closest(written, names)
}

pub(super) fn unknown_key(record: &'static Record, entry: &Entry) -> Diagnostic {
    let key = &entry.key;
    let top = record.name == "schema file";
    let (code, message) = if top {
        (Code::UnknownSection, format!("there is no section `{key}`"))
    } else {
        (Code::UnknownKey, format!("{} has no key `{key}`", with_article(record.name)))
    };
    let diagnostic = Diagnostic::new(code, entry.key_span, message);
    let renamed = |diagnostic: Diagnostic, name: &str| {
        let title = format!("rename it to `{name}`");
        diagnostic.help(format!("did you mean `{name}`?")).fix(
            title,
            Safety::Suggestion,
            entry.key_span,
            name,
        )
    };
    match (habit(record, key), closest_key(record, key)) {
        (Some(Habit::Key(name)), _) | (None, Some(name)) => renamed(diagnostic, name),
        (Some(Habit::Entry(text)), _) => {
            let diagnostic = diagnostic.help(format!("say it with `{text}`"));
            let whole = entry.key_span.to(entry.value.span);
            let title = format!("change it to `{text}`");
            if is_true(&entry.value) {
                diagnostic.fix(title, Safety::Suggestion, whole, text)
            } else {
                diagnostic
            }
        }
        (Some(Habit::Advice(advice)), _) => diagnostic.help(advice),
        (None, None) => {
            let names: Vec<_> = record.keys.iter().map(|key| key.name).collect();
            diagnostic.help(format!("use one of: {}", names.join(", ")))
        }
    }
}

fn is_true(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Scalar(scalar) if scalar.kind == ScalarKind::Bool(true))
}

pub(super) fn same_key_twice(key: &str, entry: &Entry, first: Span) -> Diagnostic {
    let message = format!("`{}` says `{key}` a second time", entry.key);
    Diagnostic::new(Code::ConflictingKeys, entry.key_span, message)
        .label(first, "first said here")
        .help("keep one of the two")
}

pub(super) fn missing_key(record: &Record, key: &Key, span: Span) -> Diagnostic {
    let message = format!("{} needs `{}`", with_article(record.name), key.name);
    let docs = key.docs.trim().lines().next().unwrap_or_default().trim_end_matches('.');
    let mut letters = docs.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
    let what = letters.as_str();
    let words = match (key.kind)() {
        kind @ Kind::Word(_) => format!(", {}", describe(kind)),
        _ => String::new(),
    };
    Diagnostic::new(Code::MissingKey, span, message)
        .help(format!("add `{}`{words}: {first}{what}", key.name))
}

pub(super) fn flow_comma_split(value: &Node) -> Diagnostic {
    let NodeKind::Scalar(scalar) = &value.kind else {
        return Diagnostic::new(Code::FlowCommaSplit, value.span, "a comma splits this value");
    };
    let text = &scalar.text;
    let message =
        format!("a comma splits `{text}`: inside `{{ }}` and `[ ]` YAML ends a value at a comma");
    Diagnostic::new(Code::FlowCommaSplit, value.span, message)
        .help(format!("quote it: \"{text}\""))
        .fix("quote the value", Safety::Safe, value.span, format!("\"{text}\""))
}

/// A name of the user's own that has no value: mostly what stands behind a comma of one.
pub(super) fn no_value(entry: &Entry) -> Diagnostic {
    let message = format!("`{}` has no value", entry.key);
    Diagnostic::new(Code::WrongKind, entry.key_span, message).help(
        "inside `{ }` YAML ends a value at a comma: quote one that has commas, \"a, b\", \
         and say '' where it is empty",
    )
}

pub(super) fn label_not_string(text: &str, span: Span) -> Diagnostic {
    let message = format!("the label `{text}` is not written as a text");
    Diagnostic::new(Code::LabelNotString, span, message)
        .help(format!("quote it, so that every YAML reader keeps its spelling: \"{text}\""))
        .fix("quote the label", Safety::Safe, span, format!("\"{text}\""))
}

pub(super) fn number_out_of_range(text: &str, span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(Code::NumberOutOfRange, span, format!("`{text}` is out of range")).help(what)
}
