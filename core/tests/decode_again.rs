//! Property: what a file says after a change within a table is what it says when all of it is read.
#![allow(clippy::unwrap_used, reason = "a test")]

use proptest::prelude::*;
use schemagen_core::Sources;
use schemagen_core::grammar::{FileDef, decode, decode_again};
use schemagen_core::source::FileId;
use schemagen_core::syntax;

const FILE: FileId = FileId::new(0);

const TEXT: &str = "\
enums:
  status: { values: [draft, done] }
tables:
  users:
    comment: All of them
    columns:
      id: { type: uuid, primary_key: true, default: gen_random_uuid() }
      name: { type: varchar(120), check: char_length(name) > 0 }
    indexes:
      - { columns: [name] }
  # The notes.
  notes:
    use: [timestamps]
    columns:
      id: uuid
      body:
        type: text
        comment: |
          What it
            says.

      author: { type: uuid, references: { table: users, on_delete: cascade } }
    policies:
      - { name: own, command: all, using: author = auth.uid() }
  tags:
    columns:
      label: { type: text, nullable: false, generated: { expr: lower('x') } }
      price: numeric(10,2)
mixins:
  timestamps: { columns: { at: { type: timestamptz, default: now() } } }
";

/// What `text` says, if it is written in the usual way and there is nothing to say of it.
fn read(text: &str) -> Option<(Sources, FileDef)> {
    let mut sources = Sources::new();
    sources.add("schema.yaml", text);
    let reading = syntax::read(FILE, sources.get(FILE)?);
    let mut sink = reading.findings;
    let said = decode(&sources, &reading.tree, &mut sink);
    (reading.is_usual && sink.is_empty()).then_some((sources, said))
}

/// Whether `now`, which was `before`, is read again, and then as if for the first time.
fn agrees(before: &str, now: &str) -> Option<bool> {
    let (_, said) = read(before).unwrap();
    let mut sources = Sources::new();
    sources.add("schema.yaml", now);
    let (again, _) = decode_again(&sources, FILE, before, said.into())?;
    let fresh = read(now).map(|(_, said)| format!("{said:?}"));
    Some(fresh == Some(format!("{again:?}")))
}

const PIECES: &[&str] = &[
    "",
    "x",
    " ",
    "  ",
    "\n",
    "\n  ",
    "\n    ",
    "\n      a: text",
    "\n  more:\n    columns:\n      id: uuid\n",
    "# c\n",
    " # c",
    ":",
    ": ",
    ",",
    "{",
    "}",
    "[",
    "]",
    "'",
    "\"",
    "- ",
    "|",
    "&a ",
    "*a",
    "<<: ",
    "---\n",
    "\t",
    "tables:",
    "users",
    "notes",
    "é",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_are_read_alike(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..9_usize, prop::sample::select(PIECES)), 1..3),
    ) {
        let mut text: Vec<char> = TEXT.chars().collect();
        for (at, gone, piece) in edits {
            let at = at.index(text.len() + 1);
            let end = (at + gone).min(text.len());
            text.splice(at..end, piece.chars());
        }
        let text: String = text.into_iter().collect();
        prop_assert_ne!(agrees(TEXT, &text), Some(false), "{}", text);
    }
}

#[test]
fn what_changes_within_a_table_is_read_again() {
    let within = [
        ("varchar(120)", "varchar(1200)"),
        ("      name: {", "      more: text\n      name: {"),
        ("      - { columns: [name] }\n", ""),
        ("  says.\n", "  says.\n            More.\n"),
        ("use: [timestamps]", "use: []"),
    ];
    for (old, new) in within {
        assert_eq!(agrees(TEXT, &TEXT.replace(old, new)), Some(true), "{new}");
    }
}

#[test]
fn other_changes_are_left_to_the_whole() {
    let beyond = [
        ("draft", "drafted"),
        ("  notes:", "  remarks:"),
        ("  notes:", "   notes:"),
        ("  # The notes.\n", "  more: { columns: { id: uuid } }\n"),
        ("  notes:\n    use: [timestamps]\n    columns:\n      id: uuid\n", ""),
        ("body:", "bodies: {"),
        ("comment: All", "commend: All"),
    ];
    for (old, new) in beyond {
        assert_eq!(agrees(TEXT, &TEXT.replace(old, new)), None, "{new}");
    }
}
