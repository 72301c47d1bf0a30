//! Property: on documents that both accept, our reader and `serde_yaml` read the same values.
//!
//! Left out of the generated documents, because the two follow different rules there by design:
//! duplicate keys (an error here), numbers with leading zeros (decimal in the core schema, text
//! there), a last line without its line break (a block scalar keeps one here), merge keys (expanded here), keys that are no text, and bytes that are not printable.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test")]

use proptest::prelude::*;
use schemagen_core::source::FileId;
use schemagen_core::syntax::{self, Node, NodeKind, Scalar, ScalarKind};
use serde_yaml::Value;

fn same(ours: &Node, theirs: &Value) -> bool {
    match (&ours.kind, theirs) {
        (NodeKind::Seq(ours), Value::Sequence(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| same(a, b))
        }
        (NodeKind::Map(ours), Value::Mapping(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().zip(theirs).all(|(entry, (key, value))| {
                    same_key(&entry.key, key) && same(&entry.value, value)
                })
        }
        (NodeKind::Scalar(ours), theirs) => same_scalar(ours, theirs),
        _ => false,
    }
}

fn same_key(ours: &str, theirs: &Value) -> bool {
    theirs.as_str().is_none_or(|theirs| ours == theirs)
}

fn same_scalar(ours: &Scalar, theirs: &Value) -> bool {
    match (ours.kind, theirs) {
        (ScalarKind::Bool(ours), Value::Bool(theirs)) => ours == *theirs,
        (ScalarKind::Null, Value::Null)
        | (ScalarKind::Int | ScalarKind::Float, Value::Number(_)) => true,
        (ScalarKind::Str, Value::String(theirs)) => ours.text == theirs.as_str(),
        _ => false,
    }
}

/// `None` where one of the two refuses the document.
fn agree(text: &str) -> Option<bool> {
    let (ours, findings) = syntax::parse(FileId::new(0), text);
    let theirs: Value = serde_yaml::from_str(text).ok()?;
    findings.is_empty().then(|| same(&ours, &theirs))
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-z]{1,4}( [a-z]{1,4}){0,2}",
        "[+-]?[1-9][0-9]{0,4}(\\.[0-9]{1,3})?(e[+-]?[0-9])?",
        prop_oneof![
            Just("null"),
            Just("~"),
            Just("true"),
            Just("False"),
            Just("yes"),
            Just("NO"),
            Just(".inf"),
            Just(".nan"),
            Just("0x1F"),
            Just("0o17"),
            Just("1_0"),
            Just("1.2.3"),
            Just("a: b"),
            Just("now()"),
            Just("2024-01-01"),
            Just("numeric(10,2)"),
            Just("x::text"),
            Just("a#b"),
            Just("-x"),
        ]
        .prop_map(ToOwned::to_owned),
        "'([a-z #:,{]|''){0,6}'",
        "\"([a-z #:,\\[]|\\\\n|\\\\\"|\\\\u00e9|\\\\\\\\){0,6}\"",
    ]
}

fn block_scalar() -> impl Strategy<Value = Vec<String>> {
    ("[|>][+-]?", proptest::collection::vec("( {0,2}[a-z:#'\"]{1,4}( [a-z]{1,3})?)?", 1..5))
        .prop_map(|(header, lines)| {
            let mut all = vec![header, "x".to_owned()];
            all.extend(lines);
            all
        })
}

/// A value as lines; the first stands behind the key or the dash where it can.
#[derive(Debug, Clone)]
enum Written {
    Inline(String),
    Block(Vec<String>),
    Below(Vec<String>),
}

fn indent(lines: Vec<String>) -> impl Iterator<Item = String> {
    lines.into_iter().map(|line| if line.is_empty() { line } else { format!("  {line}") })
}

fn entry(head: &str, value: Written) -> Vec<String> {
    match value {
        Written::Inline(text) => vec![format!("{head} {text}")],
        Written::Block(lines) => {
            let mut lines = lines.into_iter();
            let header = lines.next().unwrap_or_default();
            std::iter::once(format!("{head} {header}")).chain(indent(lines.collect())).collect()
        }
        Written::Below(lines) => std::iter::once(head.to_owned()).chain(indent(lines)).collect(),
    }
}

fn value() -> impl Strategy<Value = Written> {
    let flow = proptest::collection::vec(scalar(), 0..4).prop_map(|items| {
        Written::Inline(format!(
            "[{}]",
            items.iter().filter(|item| !item.is_empty()).cloned().collect::<Vec<_>>().join(", ")
        ))
    });
    let leaf = prop_oneof![
        4 => scalar().prop_map(Written::Inline),
        1 => block_scalar().prop_map(Written::Block),
        1 => flow,
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(|items| {
                Written::Below(items.into_iter().flat_map(|item| entry("-", item)).collect())
            }),
            proptest::collection::vec(inner, 1..4).prop_map(|values| {
                let entries = values.into_iter().enumerate();
                Written::Below(
                    entries.flat_map(|(n, value)| entry(&format!("k{n}:"), value)).collect(),
                )
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_values_are_read(value in value(), crlf in any::<bool>()) {
        let ending = if crlf { "\r\n" } else { "\n" };
        let text = entry("root:", value).join(ending) + ending;
        prop_assert_ne!(agree(&text), Some(false), "{}", text);
    }
}

#[test]
fn the_oracle_is_asked() {
    let documents = [
        "a: 1\nb: [x, {y: z}]\n",
        "a: &x {b: c}\nd: *x\n",
        "a: |\n  one\n  two\nb: >-\n  three\n  four\n",
        "{\"a\": [1, 2.5, true, null, \"x\\n\"]}",
        "- - a\n  - b\n- c: d\n  e: f\n",
    ];
    for text in documents {
        assert_eq!(agree(text), Some(true), "{text}");
    }
}
