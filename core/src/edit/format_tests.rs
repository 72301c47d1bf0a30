//! Files before and after the formatter.

use super::format;
use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Source};

fn try_format(text: &str) -> Result<String, Diagnostics> {
    format(FileId::new(0), &Source::new("schema.yaml", text))
}

fn formatted(text: &str) -> String {
    let once = try_format(text).unwrap();
    assert_eq!(try_format(&once).unwrap(), once, "twice is once");
    once
}

#[test]
fn indentation_spacing_and_blank_lines() {
    let before = "\n# Blog\n\n\n\nextensions:   [ pgcrypto,citext ]   \nenums:\n    status : [draft,'done' ]\ntables:\n        # people\n    users:\n            columns:\n                 id:   {type: uuid,primary_key: true}   # the key\n                 \"name\": 'text'\n            # how they are found\n            indexes:\n            -   columns: [ name ]\n                unique: true\n            - {columns: [id]}\n\n\n\n    # posts\n    posts: {columns: {}}";
    let after = "# Blog\n\nextensions: [pgcrypto, citext]\n\nenums:\n  status: [draft, done]\n\ntables:\n  # people\n  users:\n    columns:\n      id: { type: uuid, primary_key: true }   # the key\n      name: text\n    # how they are found\n    indexes:\n      - columns: [name]\n        unique: true\n      - { columns: [id] }\n\n  # posts\n  posts: { columns: {} }\n";
    assert_eq!(formatted(before), after);
}

#[test]
fn sql_and_texts_stay_as_they_are() {
    let before = "functions:\n   f:\n      body: |  \n          begin\n             return   new;\n\n          end\n      comment: \"two\n        lines\"\n      set: {a:   'it''s',b: \"a  b\"}\n      keep: |+\n        x\n\n\n      strip: >-\n         a\n           b\n      indent: |2\n           c\n";
    let after = "functions:\n  f:\n    body: |\n      begin\n         return   new;\n\n      end\n    comment: \"two\n      lines\"\n    set: { a: 'it''s', b: \"a  b\" }\n    keep: |+\n      x\n\n\n    strip: >-\n      a\n        b\n    indent: |2\n         c\n";
    assert_eq!(formatted(before), after);
}

#[test]
fn quotes_go_only_from_plain_words() {
    let before = "a: ['draft', \"no\", 'On', \"true\", '1', 'x y', \"a-b\", 'null']\n";
    assert_eq!(
        formatted(before),
        "a: [draft, \"no\", 'On', \"true\", '1', 'x y', \"a-b\", 'null']\n"
    );
    assert_eq!(formatted("{\"a\":\"b\",\"c\":[]}"), "{ \"a\": \"b\", \"c\": [] }\n");
}

#[test]
fn anchors_aliases_merges_and_markers() {
    let before = "%YAML 1.2\n---\nbase:   &base\n    id: &t   uuid\nother:\n    <<:   *base\n    b:  *t\n    list: [*t,  *t]\n    *t : x\n...\n";
    let after = "%YAML 1.2\n---\nbase: &base\n  id: &t uuid\n\nother:\n  <<: *base\n  b: *t\n  list: [*t, *t]\n  *t : x\n...\n";
    assert_eq!(formatted(before), after);
}

#[test]
fn brackets_over_several_lines() {
    let before = "t:\n    columns: {\n        id: uuid,   # key\n         a: [1,\n          2],\n          # last\n    }\n    list:\n      - {\n          a: 1 }\n";
    let after = "t:\n  columns: {\n    id: uuid,   # key\n    a: [1,\n      2],\n    # last\n  }\n  list:\n    - {\n        a: 1 }\n";
    assert_eq!(formatted(before), after);
}

#[test]
fn line_ends_and_the_mark_at_the_start_stay() {
    assert_eq!(
        formatted("\u{feff}a:\r\n    b: 1\r\n\r\n\r\n    c: 2"),
        "\u{feff}a:\r\n  b: 1\r\n\r\n  c: 2\r\n"
    );
    for empty in ["", "\u{feff}", "# only this\n"] {
        assert_eq!(formatted(empty), empty);
    }
}

#[test]
fn comments_keep_to_what_they_belong_to() {
    let before = "tables:\n    a:\n        columns:\n            id: uuid\n            # name: text\n        # of a\n    # of tables\n    b:\n        # first\n        columns: {}\n# the end\n";
    let after = "tables:\n  a:\n    columns:\n      id: uuid\n      # name: text\n    # of a\n  # of tables\n  b:\n    # first\n    columns: {}\n# the end\n";
    assert_eq!(formatted(before), after);
}

#[test]
fn broken_files_are_not_touched() {
    let findings = try_format("a: {").unwrap_err();
    assert!(findings.has_errors());
}
