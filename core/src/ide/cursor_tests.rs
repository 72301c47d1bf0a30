//! The scanner against the YAML library: on texts that can be read, both see the same keys on the way.
#![expect(clippy::disallowed_methods, reason = "a test reads the repository's schemas")]

use std::path::{Path, PathBuf};

use super::cursor::{Role, Step, said};
use super::scan::cursor;
use crate::source::FileId;
use crate::syntax::{Node, NodeKind, parse};

/// Each key and scalar of a tree: its bytes, the way to it, and whether it is a key.
fn words(
    node: &Node,
    way: &[String],
    found: &mut Vec<(std::ops::Range<usize>, Vec<String>, bool)>,
) {
    match &node.kind {
        NodeKind::Map(entries) => {
            for entry in entries {
                found.push((entry.key_span.range(), way.to_vec(), true));
                let way: Vec<String> = way.iter().cloned().chain([entry.key.to_string()]).collect();
                words(&entry.value, &way, found);
            }
        }
        NodeKind::Seq(items) => {
            for (index, item) in items.iter().enumerate() {
                let way: Vec<String> = way.iter().cloned().chain([index.to_string()]).collect();
                words(item, &way, found);
            }
        }
        NodeKind::Scalar(_) => found.push((node.span.range(), way.to_vec(), false)),
    }
}

fn schemas(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("node_modules") {
            schemas(&path, found);
        } else if path.extension().is_some_and(|it| it == "yaml") {
            found.push(path);
        }
    }
}

#[test]
fn sees_what_the_library_sees() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut paths = Vec::new();
    for folder in ["examples", "tests/cases/seeds", "tests/cases/emit", "core/src/resolve/platform"]
    {
        schemas(&root.join(folder), &mut paths);
    }
    let mut count = 0;
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let (tree, findings) = parse(FileId::new(0), &text);
        // Copies that aliases make stand elsewhere.
        if !findings.is_empty() || [": *", "- *"].iter().any(|alias| text.contains(alias)) {
            continue;
        }
        let mut all = Vec::new();
        words(&tree, &[], &mut all);
        for (range, way, is_key) in
            all.into_iter().filter(|(range, ..)| !range.is_empty()).step_by(5)
        {
            let shown = &text[range.clone()];
            let at = format!("{}: `{shown}` at {}", path.display(), range.start);
            let found = cursor(&text, range.start).unwrap_or_else(|| panic!("{at}: nothing"));
            assert_eq!(found.role == Role::Key, is_key, "{at}: {:?}", found.role);
            let seen: Vec<String> = found
                .steps
                .iter()
                .map(|step| match step {
                    Step::Key { key, .. } => said(&text[key.clone()]).into_owned(),
                    Step::Item(index) => index.to_string(),
                })
                .collect();
            assert_eq!(seen, way, "{at}");
            count += 1;
        }
    }
    assert!(count > 1_000, "only {count} words were compared");
}
