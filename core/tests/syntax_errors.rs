//! What broken documents are told: the place, the words, and what was read all the same.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::fmt::Write;

use schemagen_core::source::FileId;
use schemagen_core::syntax::{self, Node, NodeKind};

/// The tree in one line.
fn show(node: &Node) -> String {
    match &node.kind {
        NodeKind::Scalar(scalar) => scalar.text.to_string(),
        NodeKind::Seq(items) => {
            format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", "))
        }
        NodeKind::Map(entries) => {
            let entries =
                entries.iter().map(|entry| format!("{}: {}", entry.key, show(&entry.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Code, marked source, message, help and fix of every finding, then the tree.
fn told(text: &str) -> String {
    let (root, findings) = syntax::parse(FileId::new(0), text);
    let mut out = String::new();
    for finding in &findings {
        let at = finding.primary.span;
        write!(out, "{}-{} {:?} ", at.start, at.end, &text[at.range()]).unwrap();
        write!(out, "{}: {}", finding.code, finding.message).unwrap();
        for label in &finding.labels {
            write!(out, "; {:?} {}", &text[label.span.range()], label.text).unwrap();
        }
        if let Some(fix) = finding.fixes.first() {
            write!(out, "; fix {:?} -> {:?}", &text[fix.edits[0].span.range()], fix.edits[0].text)
                .unwrap();
        }
        out.push('\n');
    }
    out + &show(&root)
}

const CASES: &[&str] = &[
    "a: 1\nb: @x # c\n",
    "a: `x`\n",
    "a: %x\n",
    "%x\n",
    "a:\n\tb: 1\n",
    "a:\n  b: 1\n\tc: 2\n",
    "a: 1\nb: 'open\nc: 2\n",
    "a: \"open\n",
    "a: [1, 2\nb: 3\n",
    "a: [1, 2",
    "a: {b: 1",
    "a: {b: 1]\n",
    "a: 1]\n",
    "a: ]\n",
    "a: 1\nb\nc: 2\n",
    "a:1\nb: 2\n",
    "a: 1\nb:2\nc: 3\n",
    "a: b: c\n",
    "a: see: this # c\n",
    "a: 1\n  b: 2\n",
    "a:\n  b: 1\n c: 2\n",
    "a:\n    b: 1\n  c: 2\n",
    "a: - x\n",
    "a:\n  - x\n  b: 1\n",
    "- a\nb: 1\n",
    "a: > 0\n",
    "a: | text\n",
    "a: 'x'::text\n",
    "a: \"x\" || 'y' # c\n",
    "a: \"\\d+\"\n",
    "a: \"\\ud800\"\n",
    "a: \"\\u12\"\n",
    "a: *\n",
    "a: *x\nb: 1\n",
    "a: [*x, 2]\n",
    "a: &x [*x]\n",
    "a: !custom 1\nb: !!int x\nc: !!str 1\nd: !!seq {}\n",
    "a: 1\nb: 2\na: 3\n",
    "x: &x {a: 1, b: 2}\ny:\n  c: 0\n  <<: *x\n  b: 3\n",
    "y:\n  <<: [1]\n  b: 3\n",
    "y:\n  <<: {a: 1}\n  <<: {b: 1}\n",
    "x: &x {a: 1}\ny: &y {a: 2, b: 2}\nz: {<<: [*x, *y], c: 3}\n",
    "a: {{ now }}\n",
    "? [a]\n: 1\nb: 2\n",
    "a: 1\n---\nb: 2\n",
    "a: 1\n...\n",
    "a\nb: 1\n",
    "a: [1,,2]\n",
    "a: {b: [c}\n",
    "a: x # c\n  y\nb: 1\n",
    "a: \u{0}\n",
    "a: 'x'#c\n",
    "{\"a\":1,\n\"b\":2\n",
    "",
    "# only a comment\n",
];

#[test]
fn findings_and_trees() {
    let told: Vec<String> =
        CASES.iter().map(|text| format!("--- {text:?}\n{}\n", told(text))).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/syntax_errors.txt");
    let found = told.concat();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == expected, "differs from {path}; look at it with UPDATE=1:\n{found}");
}
