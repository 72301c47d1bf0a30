//! What holds for every input: no panic, no hang, the same bytes for the same input, places that lie
//! in their file, fixes that fix.
//!
//! In: arbitrary bytes by proptest, and the repository's own schemas, mutated by a seeded generator,
//! so that every run is the same. How many rounds each test makes is written with it.
#![expect(clippy::expect_used, reason = "tests")]

use proptest::prelude::*;
use schemagen_core::diagnostic::{Diagnostic, Diagnostics, Fix, Safety, Severity};
use schemagen_core::source::{Sources, Span};
use schemagen_core::{CompileOptions, TargetRequest, check, compile};
use schemagen_tests::compiler::{Settings, every_target};
use schemagen_tests::corpus::{Dice, mutate, schemas};
use schemagen_tests::entry;

fn one(text: &str) -> Sources {
    let mut sources = Sources::new();
    sources.add("schema.yaml", text);
    sources
}

fn targets() -> Vec<TargetRequest> {
    let request = |target| TargetRequest { target, ..TargetRequest::default() };
    every_target().into_iter().map(str::to_owned).map(request).collect()
}

fn options() -> CompileOptions {
    Settings::of_every_target().compile()
}

/// Every place of a diagnostic.
fn spans(diagnostic: &Diagnostic) -> Vec<Span> {
    let labels = diagnostic.labels.iter().map(|label| label.span);
    let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
    std::iter::once(diagnostic.primary.span).chain(labels).chain(edits).collect()
}

fn assert_places(sources: &Sources, diagnostics: &Diagnostics) {
    for diagnostic in diagnostics {
        for span in spans(diagnostic) {
            if span == Span::NOWHERE {
                continue;
            }
            let file = sources.get(span.file).expect("a diagnostic lies in a file of its input");
            assert!(
                file.text.get(span.range()).is_some(),
                "{}: {span:?} is no range of characters of\n{}",
                diagnostic.message,
                file.text
            );
        }
    }
}

fn apply(text: &str, fix: &Fix) -> String {
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    let mut fixed = text.to_owned();
    for edit in edits {
        fixed.replace_range(edit.span.range(), &edit.text);
    }
    fixed
}

/// Each fix makes its finding go away; a safe one brings no new error.
fn assert_fixes(text: &str, diagnostics: &Diagnostics) {
    let errors = |found: &Diagnostics| {
        found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    };
    let same = |found: &Diagnostics, wanted: &Diagnostic| {
        let is_same = |d: &&Diagnostic| d.code == wanted.code && d.message == wanted.message;
        found.iter().filter(is_same).count()
    };
    for diagnostic in diagnostics {
        for fix in &diagnostic.fixes {
            let fixed = apply(text, fix);
            let now = check(&one(&fixed), &options());
            let (title, message) = (&fix.title, &diagnostic.message);
            assert!(
                same(&now, diagnostic) < same(diagnostics, diagnostic),
                "`{title}` does not repair `{message}`:\n{text}\nbecomes\n{fixed}"
            );
            let is_better = fix.safety == Safety::Suggestion
                || diagnostic.severity != Severity::Error
                || errors(&now) < errors(diagnostics);
            assert!(is_better, "`{title}` for `{message}` brings another error:\n{fixed}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_an_answer(text in any::<String>()) {
        entry::run(text.as_bytes());
    }

    #[test]
    fn any_text_of_yaml_signs_gives_an_answer(text in "[a-c:{}\\[\\],#&*!|>'\"%@` \n\t?-]{0,80}") {
        entry::run(text.as_bytes());
    }

    #[test]
    fn any_expression_gives_an_answer(sql in "[a-c0-2'\"()$:;,.=<>|&%*+/ \n-]{0,40}") {
        let quoted = serde_json::to_string(&sql).expect("a text is JSON");
        let text = format!(
            "tables: {{ t: {{ columns: {{ a: {{ type: int, check: {quoted}, default: {quoted} }} }}, \
             policies: [{{ command: all, using: {quoted} }}] }} }}\nviews: {{ v: {quoted} }}\n"
        );
        entry::run(text.as_bytes());
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for text in schemas() {
        let sources = one(&text);
        let (a, b) =
            (compile(&sources, &options(), &targets()), compile(&sources, &options(), &targets()));
        assert_eq!(a.files, b.files);
        assert_eq!(a.diagnostics, b.diagnostics);
    }
}

#[test]
fn the_order_of_files_changes_no_verdict() {
    let files =
        schemagen_tests::emit::yaml_files(&schemagen_tests::files::root().join("examples/saas"));
    let verdict = |files: &[(String, String)]| {
        let mut sources = Sources::new();
        for (name, text) in files {
            sources.add(name.as_str(), text.as_str());
        }
        let found = check(&sources, &options());
        let mut said: Vec<String> = found.iter().map(|d| d.message.clone()).collect();
        said.sort();
        said
    };
    let backwards: Vec<_> = files.iter().rev().cloned().collect();
    assert_eq!(verdict(&files), verdict(&backwards));
}

#[test]
fn places_lie_in_their_files() {
    let texts = schemas();
    for seed in 0..300 {
        let mut dice = Dice::new(1_000_000 + seed);
        let text = &texts[dice.below(texts.len())];
        let mutated = mutate(text, &mut dice, 3);
        let sources = one(&mutated);
        assert_places(&sources, &check(&sources, &options()));
    }
}

#[test]
fn fixes_repair() {
    for text in schemas() {
        let sources = one(&text);
        assert_fixes(&text, &check(&sources, &options()));
    }
}

#[test]
fn hostile_inputs_end_in_an_error() {
    let open = "[".repeat(200_000);
    let maps = "a: {".repeat(50_000);
    let deep: String =
        (0..2_000).flat_map(|depth| [" ".repeat(depth), "a:\n".to_owned()]).collect();
    let huge = "# nothing\n".repeat(2_000_000);
    let parentheses = format!(
        "tables: {{ t: {{ columns: {{ a: {{ type: int, check: \"{}1{}\" }} }} }} }}",
        "(".repeat(20_000),
        ")".repeat(20_000)
    );
    let chain = format!(
        "tables: {{ t: {{ columns: {{ a: {{ type: int, check: \"a > 0{}\" }} }} }} }}",
        " and a > 0".repeat(20_000)
    );
    let quotes = "'".repeat(100_001);
    let hostile = [open, maps, deep, huge, parentheses, chain, quotes, "\0".repeat(1_000)];
    for text in hostile {
        let found = check(&one(&text), &options());
        let start: String = text.chars().take(40).collect();
        assert!(!found.is_empty(), "nothing is said of {start}…");
        entry::run(text.as_bytes());
    }
}

#[test]
fn a_long_schema_is_no_matter() {
    let column = |number| format!("      c{number}: {{ type: text, nullable: false }}\n");
    let columns: Vec<String> = (0..20_000).map(column).collect();
    let text = format!("tables:\n  t:\n    rls: enabled\n    columns:\n{}", columns.concat());
    assert!(check(&one(&text), &options()).is_empty());
}
