//! Additions to the repository's own schemas: each file gets all that could be added to it, and then
//! says what it said before and the addition, character for character and value for value.
//!
//! The same of the formatter: whatever it does to a file, the file says the same, and doing it again
//! does nothing.
//!
//! In: the corpus. The oracle of the values is `serde_yaml`, not our reader.
#![expect(clippy::print_stdout, reason = "tests")]

use schemagen_core::edit::{
    ColumnDraft, IndexDraft, Intent, PolicyDraft, RelationDraft, format, revise,
};
use schemagen_core::source::{FileId, Source, Sources};
use schemagen_core::syntax::{self, Entry, Node, NodeKind};
use schemagen_core::{Code, CompileOptions, check};
use schemagen_tests::corpus::schemas;
use serde_yaml::Value;

fn one(text: &str) -> Sources {
    let mut sources = Sources::new();
    sources.add("schema.yaml", text);
    sources
}

fn names(node: Option<&Node>) -> Vec<String> {
    match node.map(|node| &node.kind) {
        Some(NodeKind::Map(entries)) => entries.iter().map(|entry| entry.key.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// Everything that can be added to what this text says.
fn intents(text: &str) -> Vec<Intent> {
    let (tree, _) = syntax::parse(FileId::new(0), text);
    let column = |name: &str| ColumnDraft {
        name: name.into(),
        ty: "numeric(10,2)".into(),
        not_null: true,
        default: Some("0".into()),
        ..ColumnDraft::default()
    };
    let mut intents = vec![
        Intent::Table {
            name: "new_things".into(),
            columns: vec![column("amount")],
            uses: Vec::new(),
            comment: Some("New: of today".into()),
        },
        Intent::Enum { name: "new_kind".into(), labels: vec!["a".into(), "no".into()] },
    ];
    for name in names(tree.get("enums")) {
        intents.push(Intent::Label { name, label: "a new label".into(), before: None });
    }
    let tables = names(tree.get("tables"));
    let sample = tables.iter().take(1).chain(tables.iter().skip(1).step_by(11));
    for table in sample {
        intents.push(Intent::Column { table: table.clone(), column: column("new_column") });
        intents.push(Intent::Mixin { table: table.clone(), mixin: "soft_delete".into() });
        intents.push(Intent::Policy(PolicyDraft {
            table: table.clone(),
            name: Some("a new policy".into()),
            command: "delete".into(),
            roles: vec!["authenticated".into()],
            using: Some("true".into()),
            with_check: None,
        }));
        intents.push(Intent::Relation(RelationDraft {
            table: table.clone(),
            target: "auth.users".into(),
            column: Some("new_user_id".into()),
            without_index: true,
            ..RelationDraft::default()
        }));
        let columns = names(tree.get("tables").and_then(|node| node.get(table)?.get("columns")));
        if let Some(column) = columns.first() {
            intents.push(Intent::Index(IndexDraft {
                table: table.clone(),
                columns: vec![column.clone()],
                predicate: Some(format!("\"{column}\" is not null")),
                ..IndexDraft::default()
            }));
        }
    }
    intents
}

/// How many values `new` has that `old` has not, in the order of `old`; `None` where one was lost or
/// changed. What was nothing, or a single value where a list may stand, may have become more.
fn additions(old: &Value, new: &Value) -> Option<usize> {
    match (old, new) {
        (Value::Mapping(old), Value::Mapping(new)) => {
            let mut count = 0;
            let mut rest = old.iter().peekable();
            for (key, value) in new {
                match rest.next_if(|(old_key, _)| *old_key == key) {
                    Some((_, old_value)) => count += additions(old_value, value)?,
                    None => count += 1,
                }
            }
            rest.next().is_none().then_some(count)
        }
        (Value::Sequence(old), Value::Sequence(new)) => {
            let is_same =
                new.len() >= old.len() && old.iter().zip(new).all(|(old, new)| old == new);
            is_same.then_some(new.len() - old.len())
        }
        (Value::Null, Value::Mapping(_) | Value::Sequence(_)) => Some(1),
        (Value::String(old), Value::Sequence(new)) => {
            (new.first()?.as_str() == Some(old)).then_some(new.len() - 1)
        }
        (old, new) => (old == new).then_some(0),
    }
}

/// Whether `new` is `old` with characters added; brackets of what was empty may have opened.
fn only_adds(old: &str, new: &str) -> bool {
    let mut rest = new.chars();
    old.chars().filter(|c| !"{}[]~".contains(*c)).all(|wanted| rest.any(|found| found == wanted))
}

#[test]
fn an_addition_changes_nothing_else() {
    let (mut made, mut refused) = (0, Vec::new());
    for text in schemas() {
        let text = text.as_str();
        let crlf = text.replace('\n', "\r\n");
        for intent in intents(text) {
            let revision = revise(&one(text), &CompileOptions::default(), &intent, None);
            let Some(file) = revision.changed else {
                // Rightly where the place is broken already, or shared by an anchor.
                let is_rightly = text.contains('&')
                    || check(&one(text), &CompileOptions::default()).has_errors();
                let is_refused =
                    revision.diagnostics.iter().any(|found| found.code == Code::NotEditable);
                if is_refused && !is_rightly {
                    refused.push(format!("{intent:?} in\n{text}"));
                }
                continue;
            };
            let new = &revision.sources.get(file).expect("the file that changed").text;
            assert!(only_adds(text, new), "{intent:?} changes\n{text}\nto\n{new}");
            if let (Ok(old), Ok(new_value)) =
                (serde_yaml::from_str(text), serde_yaml::from_str(new))
            {
                assert_eq!(
                    additions(&old, &new_value),
                    Some(1),
                    "{intent:?} makes of\n{text}\n\n{new}"
                );
            }
            made += 1;
            // The same under Windows line ends, where nothing but the line ends differs.
            if made % 10 == 0 {
                let revision = revise(&one(&crlf), &CompileOptions::default(), &intent, None);
                let found = revision.changed.and_then(|file| revision.sources.get(file));
                let found = found.map(|source| &*source.text);
                assert!(
                    found.is_some(),
                    "{intent:?} under CRLF: {:?}\n{text}",
                    revision.diagnostics
                );
                let found = found.unwrap_or_default();
                assert_eq!(found, new.replace('\n', "\r\n"), "{intent:?}");
            }
        }
    }
    println!("{made} additions");
    assert!(made > 500, "only {made} additions were made");
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n----\n"));
}

#[test]
fn the_formatter_changes_no_value_and_is_done_after_once() {
    let file = FileId::new(0);
    let (mut changed, mut same) = (0, 0);
    let squeeze = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'')).collect()
    };
    for text in schemas() {
        for text in [text.clone(), text.replace('\n', "\r\n"), spread(&text)] {
            let format = |text: &str| format(file, &Source::new("schema.yaml", text));
            let Ok(once) = format(&text) else { continue };
            assert_eq!(
                format(&once).expect("it was read before"),
                once,
                "a second time changes\n{text}"
            );
            assert_eq!(squeeze(&text), squeeze(&once), "lost or made up something of\n{text}");
            if let (Ok(before), Ok(after)) =
                (serde_yaml::from_str::<Value>(&text), serde_yaml::from_str::<Value>(&once))
            {
                assert_eq!(before, after, "{text}\nbecomes\n{once}");
            }
            assert!(
                first_indents(&once).iter().all(|indent| *indent == 2),
                "was left as it was:\n{once}"
            );
            if once == text { same += 1 } else { changed += 1 }
        }
    }
    println!("{changed} files changed, {same} did not");
    assert!(changed > 300, "only {changed} files were formatted");
}

/// The columns of the first keys below the sections that take several lines.
fn first_indents(text: &str) -> Vec<usize> {
    let (tree, _) = syntax::parse(FileId::new(0), text);
    let NodeKind::Map(sections) = &tree.kind else { return Vec::new() };
    let column = |section: &Entry| match &section.value.kind {
        NodeKind::Map(entries) => {
            let at = entries.first()?.key_span.range().start;
            let (above, line) = text[..at].rsplit_once('\n')?;
            let is_below = above.len() >= section.key_span.range().end;
            (is_below && line.trim().is_empty() && !text[..at].contains('{')).then_some(line.len())
        }
        NodeKind::Seq(_) | NodeKind::Scalar(_) => None,
    };
    sections.iter().filter_map(column).collect()
}

/// The same file, four columns a level; block scalars move along.
fn spread(text: &str) -> String {
    let mut spread = String::new();
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches(' ');
        spread.push_str(&" ".repeat((line.len() - content.len()) * 2));
        spread.push_str(content);
    }
    spread
}
