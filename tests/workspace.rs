//! The compiler that remembers gives what the one that forgets gives.
//!
//! In: the example and sequences of edits by a seeded generator: texts broken, repaired, added, taken
//! away, put in another order, under other options. After each the workspace is held against a
//! compilation from nothing.
#![expect(clippy::indexing_slicing, reason = "tests")]

use std::fmt::Debug;
use std::ops::Range;

use schemagen_core::ddl::{CreateOptions, Statement};
use schemagen_core::source::Source;
use schemagen_core::workspace::Analysis;
use schemagen_core::{CompileOptions, File, Sources, TargetRequest, Workspace, check, compile};
use schemagen_tests::compiler::{Settings, every_target};
use schemagen_tests::corpus::{Dice, mutate};
use schemagen_tests::{emit, files};

fn example() -> Vec<(String, String)> {
    emit::yaml_files(&files::root().join("examples/saas"))
}

fn targets() -> Vec<TargetRequest> {
    let request = |target| TargetRequest { target, ..TargetRequest::default() };
    every_target().into_iter().map(str::to_owned).map(request).collect()
}

fn sources(list: &[(String, String)]) -> Sources {
    let mut sources = Sources::new();
    for (name, text) in list {
        sources.add(name.as_str(), text.as_str());
    }
    sources
}

/// Whether `workspace` says of `list`, which it should hold, what a compilation from nothing says. Gives
/// whether that is free of errors.
fn assert_same(
    workspace: &mut Workspace,
    list: &[(String, String)],
    options: &CompileOptions,
    targets: &[TargetRequest],
) -> bool {
    let fresh = compile(&sources(list), options, targets);
    let kept = workspace.compile(options, targets);
    assert_eq!(kept.diagnostics, fresh.diagnostics);
    assert!(kept.files == fresh.files, "the files differ");
    assert_eq!(workspace.check(options), check(&sources(list), options));
    let (kept, analysis, _) = workspace.statements(options, CreateOptions::default());
    let mut anew = Workspace::new(sources(list));
    let (new, fresh_analysis, _) = anew.statements(options, CreateOptions::default());
    assert_eq!(kept.len(), new.len());
    for (kept, new) in kept.iter().zip(&new) {
        assert_eq!(said(kept, &analysis), said(new, &fresh_analysis));
    }
    !fresh.diagnostics.has_errors()
}

/// A statement, with the places where it and the expressions in it are written.
fn said(statement: &Statement, analysis: &Analysis) -> impl PartialEq + Debug {
    let origins = &analysis.resolved.origins;
    let Statement { text, breaks, object, phase, section, rank, fragments } = statement.clone();
    let places = fragments.into_iter().map(|it| (it.range, origins.expr(it.expr).cloned()));
    let places: Vec<_> = places.collect();
    (text, breaks, object, origins.of(object), phase, section, rank, places)
}

#[test]
fn any_edits_give_what_a_fresh_compilation_gives() {
    let plain = Settings::of_every_target().compile();
    let mut newer = plain.clone();
    newer.resolve.target_version = 18;
    for seed in 0..5 {
        let mut dice = Dice::new(7_000_000 + seed);
        let mut list = example();
        let mut workspace = Workspace::new(sources(&list));
        assert_same(&mut workspace, &list, &plain, &targets());
        for round in 0..12 {
            if round % 2 == 0 {
                workspace.rest();
            }
            let at = dice.below(list.len());
            match dice.below(8) {
                0 if list.len() > 2 => {
                    let (name, _) = list.remove(at);
                    workspace.remove(&name);
                }
                1 => {
                    let (name, text) =
                        (format!("copy{at}.yaml"), mutate(&list[at].1, &mut dice, 1));
                    list.retain(|(other, _)| *other != name);
                    workspace.remove(&name);
                    list.push((name.clone(), text.clone()));
                    workspace.set(Source::new(name, text));
                }
                2 => {
                    let other = dice.below(list.len());
                    list.swap(at, other);
                    workspace.update(sources(&list));
                }
                3 => {
                    list = example();
                    workspace.update(sources(&list));
                }
                // Changes within a table, which are read by themselves.
                4 | 5 => {
                    let places: Vec<_> = list[at].1.match_indices(" comment: ").collect();
                    let Some((place, key)) = places.get(dice.below(places.len().max(1))) else {
                        continue;
                    };
                    let (before, after) = list[at].1.split_at(place + key.len());
                    list[at].1 = [before, "Really ", after].concat();
                    workspace.set(Source::new(list[at].0.as_str(), list[at].1.as_str()));
                }
                _ => {
                    list[at].1 = mutate(&list[at].1, &mut dice, 2);
                    workspace.set(Source::new(list[at].0.as_str(), list[at].1.as_str()));
                }
            }
            let options = if dice.below(4) == 0 { &newer } else { &plain };
            assert_same(&mut workspace, &list, options, &targets());
        }
    }
}

/// What may be written instead of what in a schema that stays right, mostly: in types that others are
/// made of, in mixins, in names, in what only one object has.
const CHANGES: &[(&str, &str)] = &[
    (" comment: ", " comment: Really "),
    ("nullable: false", "nullable: true"),
    ("nullable: true", "nullable: false"),
    ("type: text", "type: varchar(77)"),
    ("type: integer", "type: bigint"),
    ("type: timestamptz", "type: timestamp"),
    ("unique: true", "unique: false"),
    ("on_delete: cascade", "on_delete: restrict"),
    (" >= 0", " > 0"),
    (" <= ", " < "),
    ("values: [", "values: [fresh, "),
    (": [draft, ", ": [fresh, draft, "),
    (": [insert, ", ": [insert, upsert, "),
    ("using: \"", "using: \"true and "),
    ("rls: enabled", "rls: forced"),
    ("use: [timestamps, ", "use: ["),
    ("columns:\n", "columns:\n      extra: { type: text, check: length(extra) < 9 }\n"),
    ("columns:\n      extra: {", "columns:\n      more: {"),
    ("updated_at:", "changed_at:"),
    ("tables:\n", "tables:\n  added:\n    columns: { id: { type: uuid, primary_key: true } }\n"),
    ("enums:\n", "enums:\n  added_kind: [one, two]\n"),
    ("mentioned", "quoted"),
    ("draft", "sketch"),
    ("private.can(", "private.may("),
];

/// `list` with one of [`CHANGES`] at one place, or, as a renaming, at all.
fn changed(list: &[(String, String)], dice: &mut Dice) -> Vec<(String, String)> {
    let (old, new) = CHANGES.get(dice.below(CHANGES.len())).copied().unwrap_or_default();
    let mut list = list.to_vec();
    if dice.below(3) == 0 {
        for (_, text) in &mut list {
            *text = text.replace(old, new);
        }
        return list;
    }
    let count = |text: &str| text.matches(old).count();
    let total: usize = list.iter().map(|(_, text)| count(text)).sum();
    let mut left = dice.below(total.max(1));
    for (_, text) in &mut list {
        if let Some((at, _)) = text.match_indices(old).nth(left) {
            text.replace_range(at..at + old.len(), new);
            break;
        }
        left -= count(text);
    }
    list
}

/// Some of the targets, with options now and then, in any order.
fn some_targets(dice: &mut Dice) -> Vec<TargetRequest> {
    let mut list = targets();
    let start = dice.below(list.len());
    list.rotate_left(start);
    list.retain(|_| dice.below(3) > 0);
    for request in &mut list {
        let (option, value) = match request.target.as_str() {
            "zod" => ("case", "camel".into()),
            "sql" => ("idempotent", true.into()),
            _ => continue,
        };
        if dice.below(3) == 0 {
            request.options.insert(option.to_owned(), value);
        }
    }
    list
}

#[test]
fn edits_that_mean_something_give_what_a_fresh_compilation_gives() {
    let options = Settings::of_every_target().compile();
    let torture = emit::yaml_files(&files::root().join("tests/judges/torture"));
    let mut right = 0;
    for (seed, start) in [example(), torture, example()].into_iter().enumerate() {
        let mut dice = Dice::new(8_000_000 + seed as u64);
        let mut list = start;
        let mut workspace = Workspace::new(sources(&list));
        let mut wanted = targets();
        assert!(assert_same(&mut workspace, &list, &options, &wanted));
        for _ in 0..14 {
            let edited = changed(&list, &mut dice);
            workspace.update(sources(&edited));
            if dice.below(3) == 0 {
                wanted = some_targets(&mut dice);
            }
            if assert_same(&mut workspace, &edited, &options, &wanted) {
                list = edited;
                right += 1;
            }
        }
    }
    assert!(right > 20, "only {right} of the edited schemas have an output to compare");
}

/// The lines of each table, of the sections `tables` of `text`.
fn table_lines(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let (mut at, mut within, mut open) = (0, false, false);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        let depth = line.len() - line.trim_start_matches(' ').len();
        match (depth, line.trim()) {
            (_, "") => {}
            (0, key) => (within, open) = (key == "tables:", false),
            (2, key) if within => {
                open = !key.starts_with('#');
                if open {
                    found.push(at..end);
                }
            }
            _ => {}
        }
        if open && let Some(table) = found.last_mut() {
            table.end = end;
        }
        at = end;
    }
    found
}

/// `list` with a table taken out, put elsewhere, into another file or a file of its own, doubled under
/// another name, or under another name everywhere.
fn rearranged(list: &[(String, String)], dice: &mut Dice) -> Vec<(String, String)> {
    let mut list = list.to_vec();
    let holders: Vec<usize> =
        (0..list.len()).filter(|at| !table_lines(&list[*at].1).is_empty()).collect();
    let from = holders[dice.below(holders.len())];
    let tables = table_lines(&list[from].1);
    let range = tables[dice.below(tables.len())].clone();
    let block = list[from].1[range.clone()].to_owned();
    let name = block.trim_start().split(':').next().unwrap_or_default().to_owned();
    let take = |list: &mut Vec<(String, String)>| list[from].1.replace_range(range.clone(), "");
    let before_a_table = |list: &mut Vec<(String, String)>, file: usize, dice: &mut Dice| {
        let places = table_lines(&list[file].1);
        let Some(place) = places.get(dice.below(places.len().max(1))) else { return };
        list[file].1.insert_str(place.start, &block);
    };
    match dice.below(6) {
        0 => take(&mut list),
        1 => {
            take(&mut list);
            before_a_table(&mut list, from, dice);
        }
        2 => {
            take(&mut list);
            let other = holders[dice.below(holders.len())];
            before_a_table(&mut list, other, dice);
        }
        3 => {
            take(&mut list);
            let at = dice.below(list.len() + 1);
            let count = list.len();
            list.insert(at, (format!("part{count}.yaml"), format!("tables:\n{block}")));
        }
        4 => {
            let copy = block.replacen(&name, &format!("{name}_{}", dice.below(100)), 1);
            list[from].1.insert_str(range.start, &copy);
        }
        _ => {
            let renamed = format!("{name}_renamed");
            for (_, text) in &mut list {
                *text = text.replace(&name, &renamed);
            }
        }
    }
    list
}

#[test]
fn tables_that_come_go_and_move_give_what_a_fresh_compilation_gives() {
    let options = Settings::of_every_target().compile();
    let torture = emit::yaml_files(&files::root().join("tests/judges/torture"));
    let mut right = 0;
    for (seed, start) in [example(), torture, example()].into_iter().enumerate() {
        let mut dice = Dice::new(9_000_000 + seed as u64);
        let mut list = start;
        let mut workspace = Workspace::new(sources(&list));
        for _ in 0..12 {
            let edited = match dice.below(3) {
                0 => changed(&list, &mut dice),
                _ => rearranged(&list, &mut dice),
            };
            workspace.update(sources(&edited));
            if assert_same(&mut workspace, &edited, &options, &targets()) {
                list = edited;
                right += 1;
            }
        }
    }
    assert!(right > 10, "only {right} of the edited schemas have an output to compare");
}

/// `block`, the lines of a table, with one line taken out, doubled, moved, or with a word of another line.
fn within_a_table(block: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = block.split_inclusive('\n').map(str::to_owned).collect();
    if lines.len() < 3 {
        return block.to_owned();
    }
    let at = 1 + dice.below(lines.len() - 1);
    let other = lines[1 + dice.below(lines.len() - 1)].clone();
    match dice.below(5) {
        0 => {
            lines.remove(at);
        }
        1 => lines.insert(at, other),
        2 => {
            let line = lines.remove(at);
            lines.insert(1 + dice.below(lines.len()), line);
        }
        _ => {
            let words = |line: &str| -> Vec<Range<usize>> {
                let word = |c: char| c.is_alphanumeric() || c == '_';
                let starts = line.char_indices().filter(|(at, c)| {
                    word(*c) && !line[..*at].chars().next_back().is_some_and(word)
                });
                let end =
                    |at: usize| line[at..].find(|c| !word(c)).map_or(line.len(), |it| at + it);
                starts.map(|(at, _)| at..end(at)).collect()
            };
            let (here, there) = (words(&lines[at]), words(&other));
            if let (Some(here), Some(there)) =
                (here.get(dice.below(here.len().max(1))), there.get(dice.below(there.len().max(1))))
            {
                lines[at].replace_range(here.clone(), &other[there.clone()]);
            }
        }
    }
    lines.concat()
}

// `ROUNDS` asks for more edits, and for others.
#[test]
fn edits_within_tables_give_what_a_fresh_compilation_gives() {
    let options = Settings::of_every_target().compile();
    let torture = emit::yaml_files(&files::root().join("tests/judges/torture"));
    let rounds = std::env::var("ROUNDS").map_or(60, |rounds| rounds.parse().unwrap());
    let mut right = 0;
    for (seed, start) in [example(), torture].into_iter().enumerate() {
        let mut dice = Dice::new(10_000_000 + rounds + seed as u64);
        let mut list = start;
        let mut workspace = Workspace::new(sources(&list));
        for round in 0..rounds {
            let tables: Vec<_> = (0..list.len())
                .flat_map(|file| table_lines(&list[file].1).into_iter().map(move |it| (file, it)))
                .collect();
            let (file, lines) = tables[dice.below(tables.len())].clone();
            let mut edited = list.clone();
            let block = match dice.below(3) {
                0 | 1 => {
                    changed(&[(String::new(), list[file].1[lines.clone()].to_owned())], &mut dice)
                        .swap_remove(0)
                        .1
                }
                _ => within_a_table(&list[file].1[lines.clone()], &mut dice),
            };
            edited[file].1.replace_range(lines, &block);
            workspace.set(Source::new(edited[file].0.as_str(), edited[file].1.as_str()));
            let wanted = if round % 20 == 0 { targets() } else { Vec::new() };
            if assert_same(&mut workspace, &edited, &options, &wanted) {
                list = edited;
                right += 1;
            } else {
                workspace.set(Source::new(list[file].0.as_str(), list[file].1.as_str()));
                workspace.check(&options);
            }
        }
    }
    assert!(right > 30, "only {right} of the edited schemas have an output to compare");
}

#[test]
fn bytes_that_are_no_text_are_reported_until_they_are_mended() {
    let options = Settings::of_every_target().compile();
    let mut workspace = Workspace::new(sources(&example()));
    let (name, text) = example().swap_remove(0);
    let mut bytes = text.clone().into_bytes();
    bytes.insert(0, 0xff);
    workspace.set(Source::from_bytes(name.as_str(), bytes));
    let found = workspace.check(&options);
    assert!(found.iter().any(|finding| finding.code.as_str() == "invalid-utf8"));
    workspace.set(Source::new(name, text));
    assert_same(&mut workspace, &example(), &options, &targets());
}

#[test]
fn provenance_that_nobody_asked_for_is_left_out_and_nothing_else() {
    let options = Settings::of_every_target().compile();
    let untraced = CompileOptions { untraced: true, ..options.clone() };
    let mut workspace = Workspace::new(sources(&example()));
    let traced = compile(&sources(&example()), &options, &targets());
    let once = compile(&sources(&example()), &untraced, &targets());
    let kept = workspace.compile(&untraced, &targets());
    assert!(traced.files.iter().any(|file| !file.provenance.is_empty()));
    let without = |file: &File| File { provenance: Vec::new(), ..file.clone() };
    let expected: Vec<File> = traced.files.iter().map(without).collect();
    assert!(once.files == expected, "the files of a compilation differ");
    assert!(kept.files == expected, "the files of a workspace differ");
    // What was made without is asked for with it, and nothing changed in between.
    assert_same(&mut workspace, &example(), &options, &targets());
}
