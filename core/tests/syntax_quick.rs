//! Property: what the quick reader reads at all, it reads as the library does, and without findings.
#![allow(clippy::unwrap_used, reason = "a test")]

use proptest::prelude::*;
use schemagen_core::source::FileId;
use schemagen_core::syntax::{parse_by_events, parse_quickly};

const FILE: FileId = FileId::new(0);

/// What stands in schemas, and what is hard about YAML.
const PIECES: &[&str] = &[
    "a",
    "b c",
    "12",
    "~",
    "é",
    ":",
    ": ",
    " :",
    "- ",
    "-",
    "?",
    "? ",
    "\n",
    "\n  ",
    "\n    ",
    "\n- ",
    "\n  - ",
    "\nk: ",
    "\n  k2: ",
    "\n    k3:",
    "{",
    "}",
    "[",
    "]",
    "{ x: 1, y: [p, q] }",
    ", ",
    ",",
    "'",
    "\"",
    "'it''s'",
    "\"q\\\"\\n\"",
    " ",
    "  ",
    "#",
    " # c",
    "|",
    "|-",
    ">",
    "|\n    one\n      two\n\n    three\n",
    ">-\n    one\n    two\n",
    "&x ",
    "*x",
    "!t ",
    "<<: ",
    "\t",
    "---",
    "---\n",
    "...",
    "%",
    "@",
    "\r\n",
    "\u{feff}",
    "\u{a0}",
    "\u{2028}",
    "\\",
];

const DOCUMENTS: &[&str] = &[
    "tables:\n  users:\n    comment: All of them # really\n    columns:\n      id: { type: uuid, default: gen_random_uuid() }\n      name:\n        type: text\n        check: \"name <> ''\"\n    indexes:\n      - { columns: [name] }\n      - columns: [id]\n        unique: true\n",
    "# head\n\nfunctions:\n  f:\n    body: |\n      begin\n        return 1;\n\n      end\n    args: []\n  g: {\n    x: 'it''s',\n    y: [1,\n      2] # two\n  }\nenums:\n- a\n- - b\n  - c: d\n    e:\n",
    "{\"a\": [1, 2.5, true, null, \"x\\n\"], \"b\": {}}\n",
    "a: >-\n  one\n  two\nb:\n  c:\n   - d\n   -\n     e: f\n",
];

fn agrees(text: &str) -> bool {
    let Some(tree) = parse_quickly(FILE, text) else { return true };
    let (theirs, findings) = parse_by_events(FILE, text);
    findings.is_empty() && tree == theirs
}

fn edited() -> impl Strategy<Value = String> {
    let edit = (any::<prop::sample::Index>(), 0..4_usize, prop::sample::select(PIECES));
    (prop::sample::select(DOCUMENTS), prop::collection::vec(edit, 0..4)).prop_map(
        |(document, edits)| {
            let mut text: Vec<char> = document.chars().collect();
            for (at, gone, piece) in edits {
                let at = at.index(text.len() + 1);
                let end = (at + gone).min(text.len());
                text.splice(at..end, piece.chars());
            }
            text.into_iter().collect()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_are_read_alike(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..14)) {
        prop_assert!(agrees(&pieces.concat()), "{:?}", pieces.concat());
    }

    #[test]
    fn edited_documents_are_read_alike(text in edited()) {
        prop_assert!(agrees(&text), "{text:?}");
    }
}

#[test]
fn what_people_write_is_read_quickly() {
    for text in DOCUMENTS {
        assert!(parse_quickly(FILE, text).is_some(), "{text}");
        assert!(agrees(text), "{text}");
    }
}
