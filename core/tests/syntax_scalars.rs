//! Property: the map from a decoded scalar to its source is right to the byte, in every style.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test")]

use proptest::prelude::*;
use schemagen_core::source::{FileId, SegmentKind, Span, TextMap};
use schemagen_core::syntax::{self, Node, NodeKind, Scalar};

fn scalars<'t>(node: &'t Node, found: &mut Vec<(Span, &'t Scalar)>) {
    match &node.kind {
        NodeKind::Scalar(scalar) => found.push((node.span, scalar)),
        NodeKind::Seq(items) => items.iter().for_each(|item| scalars(item, found)),
        NodeKind::Map(entries) => entries.iter().for_each(|entry| scalars(&entry.value, found)),
    }
}

/// Every byte of the decoded text is covered, in order, and verbatim runs are the same bytes.
fn check(source: &str, value: &str, map: &TextMap) {
    let mut at = 0;
    for segment in map.segments() {
        assert_eq!(segment.derived.start, at, "{source:?}: a gap");
        at = segment.derived.end;
        let original = &source[segment.original.start as usize..segment.original.end as usize];
        if segment.kind == SegmentKind::Verbatim {
            let derived = &value[segment.derived.start as usize..segment.derived.end as usize];
            assert_eq!(derived, original, "{source:?}");
        }
    }
    assert_eq!(at as usize, value.len(), "{source:?}: not all is covered");
    assert_eq!(map.len() as usize, value.len());
}

/// Every scalar of a document that is read without findings has a right map.
fn check_document(source: &str) {
    let (root, findings) = syntax::parse(FileId::new(0), source);
    if !findings.is_empty() {
        return;
    }
    let mut found = Vec::new();
    scalars(&root, &mut found);
    for (span, scalar) in found {
        let map = syntax::text_map(source, span, scalar);
        let map = map.unwrap_or_else(|| panic!("no map: {source:?} {:?} {span:?}", scalar.text));
        check(source, &scalar.text, &map);
    }
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-c]{1,3}",
        3 => Just(" ".to_owned()),
        3 => Just("\n".to_owned()),
        2 => Just("\n\n".to_owned()),
        2 => Just("\n  ".to_owned()),
        1 => Just("\n      ".to_owned()),
        2 => Just("\r\n".to_owned()),
        1 => Just("\t".to_owned()),
        1 => Just("é😀".to_owned()),
        1 => Just(":".to_owned()),
        1 => Just("#".to_owned()),
        1 => Just("-".to_owned()),
        1 => Just("|".to_owned()),
        1 => Just("''".to_owned()),
        1 => Just("'".to_owned()),
        1 => Just("\\n".to_owned()),
        1 => Just("\\L".to_owned()),
        1 => Just("\\u00e9".to_owned()),
        1 => Just("\\\n".to_owned()),
        1 => Just("\\\\".to_owned()),
        1 => Just("\\\"".to_owned()),
    ]
}

fn body() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat())
}

/// `text` with every line indented.
fn indented(text: &str, indent: &str) -> String {
    text.split('\n').map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flow_scalars(body in body(), indent in " {1,3}", quote in "[\"']?") {
        let text = indented(&body, &indent);
        check_document(&format!("k: {quote}{}{quote}\nl: x\n", text.trim_start()));
        check_document(&format!("- {{ k: {quote}{}{quote}, l: [x] }}", text.trim_start()));
    }

    #[test]
    fn block_scalars(body in body(), indent in " {1,3}", header in "[|>][1-3]?[+-]?( # c)?", tail in "(l: x\n|\n\n# end\n| )?") {
        let text = indented(&body, &indent);
        check_document(&format!("k: {header}\n{text}{tail}"));
        check_document(&format!("k:\n- {header}\n{text}\n{tail}"));
        check_document(&format!("k: {header}\r\n{}", text.replace("\r\n", "\n").replace('\n', "\r\n")));
    }

    #[test]
    fn any_text_is_read_without_panic(text in "[-a:,?&*!|>'\"%@`#{}\\[\\] \t\r\n\\\\\u{feff}\u{0}é<]{0,40}") {
        let (root, _) = syntax::parse(FileId::new(0), &text);
        let mut found = Vec::new();
        scalars(&root, &mut found);
        for (span, scalar) in found {
            prop_assert!(text.get(span.range()).is_some(), "{text:?} {span:?}");
            if let Some(map) = syntax::text_map(&text, span, scalar) {
                check(&text, &scalar.text, &map);
            }
        }
    }
}

#[test]
fn positions_inside_scalars() {
    // text, the part of the decoded value, the source under it
    let cases = [
        ("k: plain words", "words", "words"),
        ("k: two\n  lines", "o l", "o\n  l"),
        ("k: 'it''s'", "'", "''"),
        ("k: 'it''s'", "s", "s"),
        (r#"k: "a\tb \u00e9""#, "\t", r"\t"),
        (r#"k: "a\tb \u00e9""#, "é", r"\u00e9"),
        (r#"k: "a\tb \u00e9""#, "b", "b"),
        ("k: |\n  one\n  two\n", "two", "two"),
        ("k: |\r\n  one\r\n  two\r\n", "two", "two"),
        ("k: >\n  one\n  two\n", "e t", "e\n  t"),
        ("k: &x |\n\n  one\n", "one", "one"),
        ("k: |2\n    one\n", "  one", "  one"),
    ];
    for (source, part, expected) in cases {
        let (root, _) = syntax::parse(FileId::new(0), source);
        let mut found = Vec::new();
        scalars(&root, &mut found);
        let (span, scalar) = found[0];
        let map = syntax::text_map(source, span, scalar).unwrap();
        let at = scalar.text.find(part).unwrap() as u32;
        assert_eq!(&source[map.up(at..at + part.len() as u32).range()], expected, "{source:?}");
    }
}

#[test]
fn the_copy_of_an_alias_has_no_map() {
    let source = "a: &x \"it\\ts\"\nb: *x";
    let (root, _) = syntax::parse(FileId::new(0), source);
    let mut found = Vec::new();
    scalars(&root, &mut found);
    assert!(syntax::text_map(source, found[1].0, found[1].1).is_none());
}

/// JSON writes a character beyond the first 65,536 as two escapes; YAML's library takes each by itself.
#[test]
fn surrogate_pairs_are_one_character() {
    let said = |source: &str| {
        let (root, findings) = syntax::parse(FileId::new(0), source);
        let mut found = Vec::new();
        scalars(&root, &mut found);
        (
            found.iter().map(|(_, scalar)| scalar.text.to_string()).collect::<String>(),
            !findings.is_empty(),
        )
    };
    for (source, text, is_broken) in [
        (r#""\ud83d\ude00""#, "😀", false),
        // What the quick reader leaves to the library: tabs, Windows line ends, texts over several lines.
        ("{\t\"a\": \"\\uD83D\\uDE00 b \\ud83d\\ude01\" }", "😀 b 😁", false),
        ("a: \"x\r\n  \\ud83d\\ude00\"\r\n", "x 😀", false),
        // A backslash that is meant, and quotes that know no escapes.
        ("\t\n\"\\\\ud83d\\\\ude00\"", r"\ud83d\ude00", false),
        (
            "a: '\\ud83d\\ude00'\r\n# \\ud83d\\ude00\r\nb: \"\\ud83d\\ude02\"\r\n",
            r"\ud83d\ude00😂",
            false,
        ),
        ("a: \"\\ud83d\"\r\n", "", true),
        ("a: \"\\ude00\\ud83d\"\r\n", "", true),
    ] {
        let (found, broken) = said(source);
        assert_eq!(broken, is_broken, "{source:?}");
        if !is_broken {
            assert_eq!(found, text, "{source:?}");
        }
        check_document(source);
    }
}
