//! Where the tree says that things stand, on documents that are hard on positions.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test")]

use schemagen_core::source::{FileId, Span};
use schemagen_core::syntax::{self, Node, NodeKind};

fn read(text: &str) -> Node {
    let (node, findings) = syntax::parse(FileId::new(0), text);
    let messages: Vec<_> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(messages.is_empty(), "{text:?}: {messages:?}");
    node
}

/// The span at a path of keys and indexes; a trailing `@` asks for the key's own place.
fn find(root: &Node, path: &str) -> Span {
    let mut node = root;
    let (steps, of_key) = path.strip_suffix('@').map_or((path, false), |steps| (steps, true));
    let mut key_span = root.span;
    for step in steps.split('/').filter(|step| !step.is_empty()) {
        node = match &node.kind {
            NodeKind::Map(entries) => {
                let entry = entries.iter().find(|entry| entry.key == step).unwrap();
                key_span = entry.key_span;
                &entry.value
            }
            NodeKind::Seq(items) => &items[step.parse::<usize>().unwrap()],
            NodeKind::Scalar(_) => panic!("{path}: no way through a scalar"),
        };
    }
    if of_key { key_span } else { node.span }
}

#[test]
fn spans_are_exactly_what_was_written() {
    let cases: &[(&str, &str, &str)] = &[
        // text, path, the source under it
        ("a: b", "a", "b"),
        ("a: b", "a@", "a"),
        ("a: b # c", "a", "b"),
        ("a: 'b'   # c\nd: 1", "a", "'b'"),
        ("a: 'it''s' # '", "a", "'it''s'"),
        (r#"a: "q\"\\" # "x""#, "a", r#""q\"\\""#),
        ("\"k\"  : 1", "k@", "\"k\""),
        ("{ type: numeric(10,2) }", "type", "numeric(10"),
        ("{ type: numeric(10,2) }", "2)@", "2)"),
        ("{ type: numeric(10,2) }", "2)", ""),
        ("a: { b: [1, 'x' ] } # c", "a", "{ b: [1, 'x' ] }"),
        ("a: { b: [1, 'x' ] } # c", "a/b", "[1, 'x' ]"),
        ("a: { b: [1, 'x' ] } # c", "a/b/1", "'x'"),
        ("a:\n  b: 1\n  c: 2\n\n# end\nd: 3", "a", "b: 1\n  c: 2"),
        ("a:\n  - x\n  - y: 1\n    z: 2\n\nd: 3", "a", "- x\n  - y: 1\n    z: 2"),
        ("a:\n- x\n- y\nb: 1", "a", "- x\n- y"),
        ("a:\n- # c\n  x\n- y\nb: 1", "a", "- # c\n  x\n- y"),
        ("a:\n- x\n- y\nb: 1", "a/1", "y"),
        ("a:\n  - - x\n    - y\n", "a/0", "- x\n    - y"),
        ("a: |\n  one\n  two\n\nb: 1", "a", "one\n  two"),
        ("a: >-\n\n\n    one\n   \nb: 1", "a", "one"),
        ("a: |\nb: 1", "a", ""),
        ("a: &x |  # c\n  one\nb: *x", "a", "one"),
        ("a: &x |  # c\n  one\nb: *x", "b", "*x"),
        ("a: !!str\n  1\n", "a", "1"),
        ("a: &x 'q' # c\n", "a", "'q'"),
        ("a: &x\n  b: 1\nc: *x", "a", "b: 1"),
        ("a: &x\n  b: 1\nc: *x", "c", "*x"),
        ("a: &x\n  b: 1\nc: *x", "c/b", "1"),
        ("a: &x\n- 1\n- 2\n", "a", "- 1\n- 2"),
        ("a: &x {b: 1} # c\n", "a", "{b: 1}"),
        ("&k a: 1\nb: *k", "a@", "a"),
        ("&k a: 1", "", "&k a: 1"),
        ("é: ü\nb: 😀 x\nc: 'ö' # ß\nd: z", "é@", "é"),
        ("é: ü\nb: 😀 x\nc: 'ö' # ß\nd: z", "b", "😀 x"),
        ("é: ü\nb: 😀 x\nc: 'ö' # ß\nd: z", "c", "'ö'"),
        ("é: ü\nb: 😀 x\nc: 'ö' # ß\nd: z", "d", "z"),
        ("\u{feff}a: 1\r\nb: two\r\n", "b", "two"),
        ("\u{feff}a: 1\r\nb: two\r\n", "a@", "a"),
        ("a: |\r\n  one\r\n  two\r\nb: 1\r\n", "a", "one\r\n  two"),
        ("a: one\n  two\nb: 1", "a", "one\n  two"),
        ("[a: b, {c: d}: e]", "0", "a: b"),
        ("[a: b]", "0/a", "b"),
        ("? a\n: b\n", "a", "b"),
        ("? a\n", "a", ""),
        ("{\n\t\"a\": {\"b\":1},\n\t\"c\": [ ]\n}\n", "a", "{\"b\":1}"),
        ("{\n\t\"a\": {\"b\":1},\n\t\"c\": [ ]\n}\n", "c", "[ ]"),
        ("--- # doc\na: 1\n...\n", "a", "1"),
        ("base: &b {x: 1}\nt:\n  <<: *b\n  y: 2\n", "t", "<<: *b\n  y: 2"),
        ("base: &b {x: 1}\nt:\n  <<: *b\n  y: 2\n", "t/x@", "x"),
    ];
    for (text, path, expected) in cases {
        let text = text.replace(", {c: d}: e", "");
        let span = find(&read(&text), path);
        assert_eq!(&text[span.range()], *expected, "{text:?} at {path:?}, {span:?}");
    }
}

#[test]
fn missing_values_are_empty_right_after_the_colon() {
    let cases = [
        ("a:\nb: 1", "a", 2),
        ("a :   # c\n", "a", 3),
        ("{a: , b: 1}", "a", 3),
        ("{a, b: 1}", "a", 2),
        ("{\"a\":}", "a", 5),
        ("a: &x\nb: 1", "a", 5),
        ("a: !!str\nb: 1", "a", 8),
        ("- # c\n- x", "0", 1),
        ("a:\n  -\n  - x", "a/0", 6),
        ("{ type: numeric(10,2) }", "2)", 21),
    ];
    for (text, path, at) in cases {
        let span = find(&read(text), path);
        assert_eq!((span.start, span.end), (at, at), "{text:?} at {path:?}");
    }
}
