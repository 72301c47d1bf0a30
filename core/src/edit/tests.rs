//! Additions to small files, each with what the file must look like afterwards.

use super::{ColumnDraft, IndexDraft, Intent, PolicyDraft, RelationDraft, revise};
use crate::{CompileOptions, Sources};

/// The text after the addition; the messages of the refusal.
fn try_add(text: &str, intent: &Intent) -> Result<String, Vec<String>> {
    let mut sources = Sources::new();
    sources.add("schema.yaml", text);
    let revision = revise(&sources, &CompileOptions::default(), intent, None);
    match revision.changed {
        Some(file) => Ok(revision.sources.get(file).unwrap().text.to_string()),
        None => Err(revision
            .diagnostics
            .iter()
            .map(|found| format!("{}: {}", found.code, found.message))
            .collect()),
    }
}

fn add(text: &str, intent: &Intent) -> String {
    try_add(text, intent).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

fn column(table: &str, name: &str, ty: &str) -> Intent {
    let column =
        ColumnDraft { name: name.into(), ty: ty.into(), not_null: true, ..ColumnDraft::default() };
    Intent::Column { table: table.into(), column }
}

fn nullable(table: &str, name: &str, ty: &str) -> Intent {
    let column = ColumnDraft { name: name.into(), ty: ty.into(), ..ColumnDraft::default() };
    Intent::Column { table: table.into(), column }
}

fn index(table: &str, columns: &[&str]) -> Intent {
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    Intent::Index(IndexDraft { table: table.into(), columns, ..IndexDraft::default() })
}

fn table(name: &str) -> Intent {
    let id = ColumnDraft {
        name: "id".into(),
        ty: "uuid".into(),
        primary_key: true,
        default: Some("gen_random_uuid()".into()),
        ..ColumnDraft::default()
    };
    Intent::Table { name: name.into(), columns: vec![id], uses: Vec::new(), comment: None }
}

const BLOG: &str = "\
# A blog.

tables:
  users:
    columns:
      id: { type: uuid, primary_key: true } # the same as in auth
      name: text
      # age: int

  # What they write.
  posts:
    columns:
      id:
        type: uuid
        primary_key: true
      author_id: uuid
    # Newest first.
    indexes:
      - { columns: [author_id], where: author_id is not null }
";

#[test]
fn a_column_goes_behind_its_siblings_and_before_the_next_comment() {
    let new = add(BLOG, &column("users", "email", "text"));
    assert_eq!(
        new,
        BLOG.replace(
            "      # age: int\n",
            "      # age: int\n      email: { type: text, nullable: false }\n"
        )
    );
    let new = add(BLOG, &column("posts", "title", "text"));
    assert_eq!(
        new,
        BLOG.replace(
            "author_id: uuid\n",
            "author_id: uuid\n      title:\n        type: text\n        nullable: false\n"
        )
    );
}

#[test]
fn a_short_column_stays_short() {
    let new = add(BLOG, &nullable("posts", "title", "text"));
    assert_eq!(new, BLOG.replace("author_id: uuid\n", "author_id: uuid\n      title: text\n"));
}

#[test]
fn a_table_is_set_apart_as_its_siblings_are() {
    let new = add(BLOG, &table("tags"));
    let tags = "\n  tags:\n    columns:\n      id: { type: uuid, primary_key: true, default: gen_random_uuid() }\n";
    assert_eq!(new, format!("{BLOG}{tags}"));
}

#[test]
fn a_new_list_is_written_like_that_of_other_tables_and_behind_the_columns() {
    let new = add(BLOG, &index("users", &["name"]));
    let wanted = "      # age: int\n    indexes:\n      - { columns: [name] }\n";
    assert_eq!(new, BLOG.replace("      # age: int\n", wanted));
}

#[test]
fn what_names_lead_to_gets_a_name() {
    let before = "tables:\n  users:\n    columns:\n      id: uuid\n      name: text\n    indexes:\n      by_id: { columns: [id] }\n    policies:\n      readers:\n        command: select\n        using: \"true\"\n";
    let new = add(before, &index("users", &["name"]));
    let line = "      by_id: { columns: [id] }\n";
    assert_eq!(
        new,
        before.replace(line, &format!("{line}      users_name_idx: {{ columns: [name] }}\n"))
    );

    let policy = PolicyDraft {
        table: "users".into(),
        name: Some("writers".into()),
        command: "insert".into(),
        with_check: Some("id = auth.uid()".into()),
        ..PolicyDraft::default()
    };
    let new = add(before, &Intent::Policy(policy));
    assert_eq!(
        new,
        format!(
            "{before}      writers:\n        command: insert\n        with_check: id = auth.uid()\n"
        )
    );
}

#[test]
fn a_new_section_goes_to_the_end() {
    let labels = vec!["draft".to_owned(), "no".to_owned()];
    let new = add(BLOG, &Intent::Enum { name: "status".into(), labels });
    assert_eq!(new, format!("{BLOG}\nenums:\n  status: [draft, \"no\"]\n"));
}

#[test]
fn a_relation_is_a_column_and_an_index() {
    let relation = RelationDraft {
        table: "posts".into(),
        target: "users".into(),
        not_null: true,
        on_delete: Some("cascade".into()),
        ..RelationDraft::default()
    };
    let new = add(BLOG, &Intent::Relation(relation.clone()));
    let column = "      user_id:\n        type: uuid\n        nullable: false\n        references: { table: users, on_delete: cascade }\n";
    let wanted = BLOG.replace("author_id: uuid\n", &format!("author_id: uuid\n{column}"));
    assert_eq!(new, format!("{wanted}      - {{ columns: [user_id] }}\n"));

    let existing = RelationDraft {
        column: Some("author_id".into()),
        without_index: true,
        on_delete: None,
        ..relation
    };
    let new = add(BLOG, &Intent::Relation(existing));
    assert_eq!(
        new,
        BLOG.replace("author_id: uuid\n", "author_id: { type: uuid, references: users }\n")
    );
}

#[test]
fn labels_go_to_their_place() {
    let label = |before: Option<&str>| Intent::Label {
        name: "status".into(),
        label: "in review".into(),
        before: before.map(str::to_owned),
    };
    for (text, before, wanted) in [
        (
            "enums:\n  status: [draft, done] # sorted\n",
            None,
            "enums:\n  status: [draft, done, in review] # sorted\n",
        ),
        (
            "enums: { status: [draft, done] }",
            Some("done"),
            "enums: { status: [draft, in review, done] }",
        ),
        (
            "enums:\n  status: [draft, done]\n",
            Some("draft"),
            "enums:\n  status: [in review, draft, done]\n",
        ),
        (
            "enums:\n  status:\n  - draft # a\n  - done\n",
            Some("done"),
            "enums:\n  status:\n  - draft # a\n  - in review\n  - done\n",
        ),
        (
            "enums:\n  status:\n    values:\n      - 'draft'\n",
            None,
            "enums:\n  status:\n    values:\n      - 'draft'\n      - 'in review'\n",
        ),
        (
            "enums:\n  status:\n    - draft\n",
            Some("draft"),
            "enums:\n  status:\n    - in review\n    - draft\n",
        ),
    ] {
        assert_eq!(add(text, &label(before)), wanted);
    }
}

#[test]
fn policies_and_mixins() {
    let policy = PolicyDraft {
        table: "users".into(),
        name: Some("own: row".into()),
        command: "select".into(),
        roles: vec!["authenticated".into()],
        using: Some("id = auth.uid()".into()),
        ..PolicyDraft::default()
    };
    let new = add(BLOG, &Intent::Policy(policy));
    let wanted = "      # age: int\n    policies:\n      - { name: \"own: row\", command: select, to: authenticated, using: id = auth.uid() }\n";
    assert_eq!(new, BLOG.replace("      # age: int\n", wanted));

    let mixin = Intent::Mixin { table: "t".into(), mixin: "soft_delete".into() };
    for (before, after) in [
        ("timestamps", "[timestamps, soft_delete]"),
        ("[timestamps]", "[timestamps, soft_delete]"),
        ("[]", "[soft_delete]"),
    ] {
        let text = |uses: &str| {
            format!("tables:\n  t:\n    columns: {{ id: uuid }}\n    use: {uses} # shared\n")
        };
        assert_eq!(add(&text(before), &mixin), text(after));
    }
}

#[test]
fn habits_are_kept() {
    // Windows line ends, a byte-order mark, no last line break.
    let text = "\u{feff}tables:\r\n  t:\r\n    columns:\r\n      id: uuid";
    assert_eq!(add(text, &nullable("t", "a", "text")), format!("{text}\r\n      a: text"));
    // Four columns, dashes below the key, single quotes.
    let text = "tables:\n    t:\n        columns:\n            id: 'uuid'\n            a: 'text'\n        indexes:\n        - columns:\n          - 'a'\n";
    assert_eq!(
        add(text, &index("t", &["id", "a"])),
        format!("{text}        - columns:\n          - 'id'\n          - 'a'\n")
    );
    // Braces without spaces.
    let text = "tables: {t: {columns: {id: uuid}}}\n";
    assert_eq!(
        add(text, &column("t", "a", "text")),
        "tables: {t: {columns: {id: uuid, a: {type: text, nullable: false}}}}\n"
    );
}

#[test]
fn what_is_empty_is_filled() {
    let labels = vec!["a".to_owned()];
    let status = Intent::Enum { name: "e".into(), labels };
    for (text, wanted) in [
        ("", "enums:\n  e: [a]\n"),
        ("\u{feff}", "\u{feff}enums:\n  e: [a]\n"),
        ("# nothing yet", "# nothing yet\nenums:\n  e: [a]\n"),
        ("enums:\n", "enums:\n  e: [a]\n"),
        ("enums: {} # soon\ntables: {}\n", "enums: # soon\n  e: [a]\ntables: {}\n"),
        ("enums: ~\n", "enums:\n  e: [a]\n"),
        ("{}\n", "{ e: [a] }\n"),
    ] {
        if text == "{}\n" {
            assert_eq!(add(text, &status), "{ enums: { e: [a] } }\n");
        } else {
            assert_eq!(add(text, &status), wanted);
        }
    }
}

#[test]
fn json_stays_json() {
    let text = "{\n  \"tables\": {\n    \"t\": {\n      \"columns\": {\n        \"id\": \"uuid\"\n      }\n    }\n  }\n}\n";
    let new = add(text, &column("t", "name", "numeric(10,2)"));
    assert!(serde_json::from_str::<serde_json::Value>(&new).is_ok(), "{new}");
    assert_eq!(
        new,
        text.replace(
            "\"uuid\"\n",
            "\"uuid\",\n        \"name\": { \"type\": \"numeric(10,2)\", \"nullable\": false }\n"
        )
    );
    let new = add(text, &table("u"));
    assert!(serde_json::from_str::<serde_json::Value>(&new).is_ok(), "{new}");
    assert!(new.contains("    },\n    \"u\": {\n      \"columns\": {\n        \"id\": {"), "{new}");
}

#[test]
fn flow_maps_over_several_lines_keep_their_commas() {
    let text =
        "tables:\n  t:\n    columns: {\n      id: uuid, # key\n      a: text # last\n    }\n";
    assert_eq!(
        add(text, &nullable("t", "b", "text")),
        "tables:\n  t:\n    columns: {\n      id: uuid, # key\n      a: text, # last\n      b: text\n    }\n"
    );
    let text = "tables:\n  t:\n    columns: {\n      id: uuid,\n    }\n";
    assert_eq!(
        add(text, &nullable("t", "b", "text[]")),
        text.replace("uuid,\n", "uuid,\n      b: \"text[]\",\n")
    );
}

#[test]
fn block_scalars_keep_their_last_line_breaks() {
    let text = "functions:\n  f:\n    returns: trigger\n    language: plpgsql\n    body: |+\n      begin\n        return new;\n      end\n\n\ntables:\n  t:\n    columns: { id: uuid }\n    comment: |\n      A table\n\n# The end.\n";
    let new = add(text, &table("u"));
    assert!(new.starts_with(text.trim_end_matches("\n# The end.\n")), "{new}");
    assert!(new.ends_with("gen_random_uuid() } }\n\n# The end.\n"), "{new}");
}

#[test]
fn what_exists_or_is_unknown_is_refused() {
    let relation = |target: &str| {
        Intent::Relation(RelationDraft {
            table: "posts".into(),
            target: target.into(),
            ..RelationDraft::default()
        })
    };
    for (intent, wanted) in [
        (table("posts"), "duplicate-object: there is a table `posts` already"),
        (column("posts", "id", "text"), "duplicate-object: there is a column `id` already"),
        (column("post", "a", "text"), "unknown-table: there is no table `post`"),
        (
            column("auth.users", "a", "text"),
            "unknown-table: `auth.users` is not declared in these files, so nothing can be added to it",
        ),
        (column("posts", "a", "texd"), "unknown-type: there is no type `texd`"),
        (index("posts", &["idd"]), "unknown-column: the table `posts` has no column `idd`"),
        (relation("user"), "unknown-table: there is no table `user`"),
        (
            Intent::Mixin { table: "posts".into(), mixin: "stamps".into() },
            "unknown-mixin: there is no mixin `stamps`",
        ),
    ] {
        assert_eq!(try_add(BLOG, &intent), Err(vec![wanted.to_owned()]));
    }
}

#[test]
fn aliases_and_broken_files_are_left_alone() {
    let text = "tables:\n  a:\n    columns: &c { id: uuid }\n  b:\n    columns: *c\n";
    let refusal =
        vec!["not-editable: this part of the file cannot be edited by schemagen".to_owned()];
    assert_eq!(try_add(text, &column("b", "x", "text")), Err(refusal.clone()));
    assert_eq!(try_add(text, &column("a", "x", "text")), Err(refusal));
    let refusal = try_add("tables: {", &table("a")).unwrap_err();
    assert!(refusal.iter().all(|message| message.starts_with("yaml-syntax")), "{refusal:?}");
}

#[test]
fn the_first_file_that_has_the_section_gets_the_object() {
    let mut sources = Sources::new();
    sources.add("types.yaml", "enums: { e: [a] }\n");
    let tables =
        sources.add("tables.yaml", "tables: { t: { rls: enabled, columns: { id: uuid } } }\n");
    let options = CompileOptions::default();
    assert_eq!(revise(&sources, &options, &table("u"), None).changed, Some(tables));
    let first = crate::source::FileId::new(0);
    assert_eq!(revise(&sources, &options, &table("u"), Some(first)).changed, Some(first));
}
