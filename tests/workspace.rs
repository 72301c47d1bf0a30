//! The compiler that remembers gives what the one that forgets gives.
//!
//! In: the example and sequences of edits by a seeded generator: texts broken, repaired, added, taken
//! away, put in another order, under other options. After each the workspace is held against a
//! compilation from nothing.

use schemagen_core::ddl::CreateOptions;
use schemagen_core::source::Source;
use schemagen_core::{
    CompileOptions, Sources, TargetRequest, Workspace, check, compile, statements,
};
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

/// Whether `workspace` says of `list`, which it should hold, what a compilation from nothing says.
fn assert_same(workspace: &mut Workspace, list: &[(String, String)], options: &CompileOptions) {
    let fresh = compile(&sources(list), options, &targets());
    let kept = workspace.compile(options, &targets());
    assert_eq!(kept.diagnostics, fresh.diagnostics);
    assert!(kept.files == fresh.files, "the files differ");
    assert_eq!(workspace.check(options), check(&sources(list), options));
    let (kept, _, _) = workspace.statements(options, CreateOptions::default());
    assert!(kept == statements(&sources(list), options).0, "the statements differ");
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
        assert_same(&mut workspace, &list, &plain);
        for _ in 0..12 {
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
            assert_same(&mut workspace, &list, options);
        }
    }
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
    assert_same(&mut workspace, &example(), &options);
}
