//! What holds for editors' questions at every place of every schema: no panic, spans inside their
//! file, completions that can be read again, names that lead back.
//!
//! In: the repository's schemas, whole and cut off in the middle, by a seeded generator, so that every
//! run is the same.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use schemagen_core::diagnostic::Edit;
use schemagen_core::ide::{self, Project};
use schemagen_core::resolve::ResolveOptions;
use schemagen_core::source::{FileId, Sources, Span};
use schemagen_core::{CompileOptions, TargetRequest, Workspace};
use schemagen_tests::corpus::{Dice, mutate, schemas};
use schemagen_tests::files;

fn workspace(text: &str) -> Workspace {
    let mut sources = Sources::new();
    sources.add("schema.yaml", text);
    Workspace::new(sources)
}

/// Asks as someone types at `offset`.
fn typing<T>(
    workspace: &mut Workspace,
    offset: usize,
    question: impl FnOnce(&Project<'_>) -> T,
) -> T {
    ide::ask_typing(workspace, &ResolveOptions::default(), FileId::new(0), offset as u32, question)
}

fn assert_inside(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} is no range of characters of\n{text}");
}

/// Asks everything at one offset.
fn ask(project: &Project<'_>, text: &str, offset: usize) {
    let (file, offset) = (FileId::new(0), offset as u32);
    for completion in ide::complete(project, file, offset) {
        assert!(!completion.label.is_empty());
        assert_inside(text, completion.edit.span);
        if let Some(indent) = completion.indent {
            assert_inside(text, indent.span);
        }
    }
    if let Some(hover) = ide::hover(project, file, offset) {
        assert_inside(text, hover.span);
        assert!(!hover.text.is_empty());
    }
    if let Some(span) = ide::definition(project, file, offset) {
        assert_inside(text, span);
    }
    for object in ide::objects_at(project, file, offset) {
        assert!(!project.resolved.schema.describe(object).is_empty());
    }
    for edit in ide::actions(project, file, offset).into_iter().flat_map(|action| action.edits) {
        assert_inside(text, edit.span);
    }
    if offset % 64 == 0 {
        for symbol in ide::symbols(project, file) {
            assert_inside(text, symbol.span);
        }
        for reference in ide::references(project, file, offset) {
            assert_inside(text, reference.span);
        }
    }
}

/// Looks at all that is shown of a text.
fn look(project: &Project<'_>, text: &str) {
    let mut end = 0;
    for highlight in ide::highlights(project, FileId::new(0)) {
        assert_inside(text, highlight.span);
        assert!(highlight.span.start >= end && highlight.span.end > highlight.span.start);
        assert!(!text[highlight.span.range()].contains('\n'), "{highlight:?} in\n{text}");
        end = highlight.span.end;
    }
    let mut first = 0;
    for fold in ide::folds(text) {
        assert!(fold.first >= first && fold.last > fold.first, "{fold:?} in\n{text}");
        assert!((fold.last as usize) < text.lines().count());
        first = fold.first;
    }
}

/// Offsets between characters, at most `count` of them.
fn offsets(text: &str, dice: &mut Dice, count: usize) -> Vec<usize> {
    let all: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
    if all.len() <= count {
        return all;
    }
    (0..count).map(|_| all[dice.below(all.len())]).collect()
}

#[test]
fn every_question_has_an_answer_everywhere() {
    let mut dice = Dice::new(1);
    for text in schemas() {
        let mut workspace = workspace(&text);
        let (options, file) = (ResolveOptions::default(), FileId::new(0));
        ide::ask_whole(&mut workspace, &options, file, |project| look(project, &text));
        for offset in offsets(&text, &mut dice, 40) {
            typing(&mut workspace, offset, |project| ask(project, &text, offset));
        }
    }
}

#[test]
fn every_question_has_an_answer_in_broken_texts() {
    let mut dice = Dice::new(2);
    let texts = schemas();
    for _ in 0..300 {
        let text = &texts[dice.below(texts.len())];
        let cut = offsets(text, &mut dice, 1).first().copied().unwrap_or_default();
        let damage = dice.below(3);
        let text = mutate(&text[..cut], &mut dice, damage);
        let mut workspace = workspace(&text);
        let (options, file) = (ResolveOptions::default(), FileId::new(0));
        ide::ask_whole(&mut workspace, &options, file, |project| look(project, &text));
        for offset in offsets(&text, &mut dice, 4).into_iter().chain([text.len()]) {
            typing(&mut workspace, offset, |project| ask(project, &text, offset));
        }
    }
}

/// The text with a snippet's stops gone, in place of what it replaces.
fn inserted(text: &str, completion: &ide::Completion) -> String {
    let mut plain = String::new();
    let mut rest = completion.edit.text.as_str();
    while let Some(at) = rest.find(['$', '\\']) {
        plain.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        rest = if rest[at..].starts_with('\\') {
            plain.push_str(&after[..1]);
            &after[1..]
        } else if let Some(inside) = after.strip_prefix('{') {
            let close = inside.find('}').expect("a stop is closed");
            plain.push_str(inside[..close].split_once(':').map_or("", |(_, default)| default));
            &inside[close + 1..]
        } else {
            &after[1..]
        };
    }
    plain.push_str(rest);
    let mut text = text.to_owned();
    text.replace_range(completion.edit.span.range(), &plain);
    if let Some(indent) = &completion.indent {
        text.replace_range(indent.span.range(), &indent.text);
    }
    text
}

#[test]
fn completed_keys_can_be_read() {
    let mut dice = Dice::new(3);
    let mut count = 0;
    for text in schemas() {
        if !schemagen_core::syntax::parse(FileId::new(0), &text).1.is_empty() {
            continue;
        }
        let mut workspace = workspace(&text);
        let (options, file) = (ResolveOptions::default(), FileId::new(0));
        ide::ask_whole(&mut workspace, &options, file, |project| look(project, &text));
        for offset in offsets(&text, &mut dice, 40) {
            let found = typing(&mut workspace, offset, |project| {
                ide::complete(project, FileId::new(0), offset as u32)
            });
            // On an empty line less deep than what follows, a key takes that away from its parent.
            let keys = found.iter().filter(|it| it.kind == ide::CompletionKind::Key);
            for completion in keys.filter(|it| !it.edit.span.range().is_empty()).take(3) {
                count += 1;
                let completed = inserted(&text, completion);
                let (_, findings) = schemagen_core::syntax::parse(FileId::new(0), &completed);
                let findings: Vec<_> =
                    findings.iter().filter(|it| it.code.as_str() == "yaml-syntax").collect();
                assert!(findings.is_empty(), "{}\n{findings:?}\n{completed}", completion.label);
            }
        }
    }
    assert!(count > 500, "only {count} keys were completed");
}

/// The texts of all files with the edits made.
fn edited(workspace: &Workspace, edits: &[Edit]) -> Vec<(String, String)> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    let mut files = Vec::new();
    for (id, source) in workspace.sources().iter() {
        let mut text = source.text.to_string();
        for edit in edits.iter().filter(|edit| edit.span.file == id) {
            text.replace_range(edit.span.range(), &edit.text);
        }
        files.push((source.name.to_string(), text));
    }
    files
}

fn sources(files: &[(String, String)]) -> Sources {
    let mut sources = Sources::new();
    for (name, text) in files {
        sources.add(name.as_str(), text.as_str());
    }
    sources
}

fn sql(workspace: &mut Workspace) -> String {
    let target = TargetRequest { target: "sql".to_owned(), ..TargetRequest::default() };
    let files = workspace.compile(&CompileOptions::default(), &[target]).files;
    files.into_iter().map(|file| file.text).collect()
}

/// The example in thirty tables: whatever can be renamed is renamed in the SQL too, and nothing else
/// is; renamed back, the texts are what they were.
#[test]
fn a_renamed_schema_says_the_same_under_another_name() {
    let paths = files::below("examples/saas/schema", &[".yaml"]);
    let before: Vec<(String, String)> =
        paths.iter().map(|path| (files::shown(path), files::read(path))).collect();
    let options = ResolveOptions::default();
    let mut workspace = Workspace::new(sources(&before));
    let sql_before = sql(&mut workspace);
    assert!(!sql_before.is_empty());
    let mut dice = Dice::new(4);
    let (mut renamed, mut refused) = (0, Vec::new());
    let symbols = ide::ask(&mut workspace, &options, |project| {
        let all = project.sources.iter().flat_map(|(file, _)| ide::symbols(project, file));
        all.flat_map(|mut symbol| {
            let children = std::mem::take(&mut symbol.children);
            std::iter::once(symbol).chain(children)
        })
        .filter(|symbol| ["table", "column", "enum", "domain", "function"].contains(&symbol.kind))
        .collect::<Vec<_>>()
    });
    for _ in 0..16 {
        let symbol = &symbols[dice.below(symbols.len())];
        // Of the same length, so that derived names are cut alike.
        let name = "q".repeat(symbol.name.len());
        let place = symbol.name_span;
        let edits = match ide::rename(&mut workspace, &options, place.file, place.start, &name) {
            Ok(edits) => edits,
            Err(reason) => {
                refused.push(format!("{} {}: {reason}", symbol.kind, symbol.name));
                continue;
            }
        };
        renamed += 1;
        let mut after = Workspace::new(sources(&edited(&workspace, &edits)));
        assert_eq!(
            words(&sql(&mut after).replace(&name, &symbol.name)),
            words(&sql_before),
            "{}",
            symbol.name
        );
        let back = ide::rename(&mut after, &options, place.file, place.start, &symbol.name);
        let back = edited(&after, &back.expect("what was renamed can be renamed back"));
        assert_eq!(back, before, "{}", symbol.name);
    }
    assert!(renamed >= 12, "only {renamed} of 16 were renamed:\n{}", refused.join("\n"));
}

/// The lines without their order: some lists are sorted by name.
fn words(sql: &str) -> Vec<String> {
    let mut lines: Vec<String> =
        sql.lines().map(|line| line.trim_end_matches(',').to_owned()).collect();
    lines.sort();
    lines
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    let text = files::read(&files::root().join("examples/hello/schema.yaml"));
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let (mut unix, mut other) = (workspace(&text), workspace(&windows));
    let answers = |workspace: &mut Workspace, offset: usize| {
        typing(workspace, offset, |project| {
            let (file, offset) = (FileId::new(0), offset as u32);
            let completions = ide::complete(project, file, offset).into_iter();
            let labels: Vec<String> = completions.map(|it| it.label).collect();
            let hover = ide::hover(project, file, offset).map(|it| it.text);
            (labels, hover, ide::references(project, file, offset).len())
        })
    };
    for offset in (0..text.len()).step_by(3).filter(|at| text.is_char_boundary(*at)) {
        let there = '\u{feff}'.len_utf8() + offset + text[..offset].matches('\n').count();
        let (here, there) = (answers(&mut unix, offset), answers(&mut other, there));
        assert_eq!(here, there, "at {offset}: {}", &text[..offset]);
    }
}

/// Texts in one line, and texts that open and never close: no more than a moment each.
#[test]
fn long_lines_and_deep_brackets_take_no_time() {
    let pairs = (0..60_000).fold(String::new(), |all, at| all + &format!("\"k{at}\":\"v{at}\","));
    let texts = [
        format!("{{\"tables\":{{{pairs}\"z\":1}}}}"),
        "[".repeat(300_000),
        "[\n".repeat(200_000),
        "- ".repeat(200_000),
        "a: \"".repeat(100_000),
    ];
    for text in texts {
        let mut workspace = workspace(&text);
        for offset in [text.len() / 2, text.len()] {
            typing(&mut workspace, offset, |project| {
                let offset = offset as u32;
                ide::complete(project, FileId::new(0), offset);
                ide::hover(project, FileId::new(0), offset);
            });
        }
    }
}
