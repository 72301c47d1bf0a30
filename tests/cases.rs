//! Runs every case of the repository as a trial of its own.
//!
//! In: `tests/cases` and `core/docs/codes`. `UPDATE=1` first rewrites the expectations; the diff is
//! part of the review. Filters and options are those of `cargo test`.
#![expect(clippy::panic, reason = "a harness that cannot tell its cases apart stops")]

use std::collections::BTreeSet;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use schemagen_core::diagnostic::{Code, Diagnostic, Severity};
use schemagen_tests::annotate::{Annotation, Annotator};
use schemagen_tests::case::{Case, CaseFile};
use schemagen_tests::compiler::{Settings, compile};
use schemagen_tests::emit::{EmitCase, yaml_files};
use schemagen_tests::update::{diff, is_update, updated};
use schemagen_tests::{docs, files, ide};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    if is_update() && !arguments.list {
        update(arguments.filter.as_deref().unwrap_or_default());
    }
    let mut trials = Vec::new();
    trials.extend(error_trials());
    trials.extend(emit_trials());
    trials.extend(schema_trials());
    trials.extend(doc_trials());
    trials.extend(ide_trials());
    if let Some(name) = repeated(&trials) {
        panic!("two cases are called `{name}`");
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn repeated(trials: &[Trial]) -> Option<String> {
    let mut seen = BTreeSet::new();
    trials.iter().map(Trial::name).find(|name| !seen.insert(*name)).map(str::to_owned)
}

fn update(filter: &str) {
    for path in files::below("tests/cases/errors", &[".yaml"]) {
        let stem = files::stem(&path);
        let mut file = CaseFile::parse(&files::read(&path));
        for case in &mut file.cases {
            if format!("errors/{stem}: {}", case.name).contains(filter) {
                *case = updated(case, &reported(case));
            }
        }
        files::write(&path, &file.print());
    }
    for path in files::below("tests/cases/ide", &[".yaml"]) {
        let (stem, text) = (files::stem(&path), files::read(&path));
        let mut cases = ide::parse(&text);
        for case in &mut cases {
            if format!("ide/{stem}: {}", case.name).contains(filter) {
                *case = case.answered();
            }
        }
        files::write(&path, &ide::print(ide::head(&text), &cases));
    }
    for case in EmitCase::all() {
        if case.name().contains(filter) {
            case.rewrite();
        }
    }
}

fn error_trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for path in files::below("tests/cases/errors", &[".yaml"]) {
        let stem = files::stem(&path);
        for case in CaseFile::parse(&files::read(&path)).cases {
            let name = format!("errors/{stem}: {}", case.name);
            trials.push(Trial::test(name, move || check(&case)));
        }
    }
    trials
}

/// What the compiler says of a case.
fn reported(case: &Case) -> Vec<Annotation> {
    let settings = Settings { options: case.options.clone().unwrap_or_default() };
    let outcome = compile(&case.files, &settings);
    let annotator = Annotator::new(&outcome.sources);
    outcome.diagnostics.iter().map(|diagnostic| annotator.annotate(diagnostic)).collect()
}

fn check(case: &Case) -> Result<(), Failed> {
    let mut open = case.annotations.clone();
    let mut right = true;
    for found in reported(case) {
        match open.iter().position(|expected| expected.accepts(&found)) {
            Some(at) => drop(open.remove(at)),
            None => right &= !found.is_required(),
        }
    }
    if right && open.is_empty() {
        return Ok(());
    }
    let now = updated(case, &reported(case));
    let diff = diff(&case.print(), &now.print(), "expected", "reported");
    Err(format!("{diff}\nUPDATE=1 accepts what is reported").into())
}

/// What editors ask.
fn ide_trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for path in files::below("tests/cases/ide", &[".yaml"]) {
        let stem = files::stem(&path);
        for case in ide::parse(&files::read(&path)) {
            let name = format!("ide/{stem}: {}", case.name);
            trials.push(Trial::test(name, move || {
                let now = case.answered();
                if now == case {
                    return Ok(());
                }
                let (expected, answered) = (ide::print("", &[case]), ide::print("", &[now]));
                let diff = diff(&expected, &answered, "expected", "answered");
                Err(format!("{diff}\nUPDATE=1 accepts what is answered").into())
            }));
        }
    }
    trials
}

fn emit_trials() -> Vec<Trial> {
    let trial = |case: EmitCase| {
        Trial::test(case.name(), move || match case.differences() {
            diff if diff.is_empty() => Ok(()),
            diff => Err(format!("{diff}\nUPDATE=1 accepts what comes out").into()),
        })
    };
    EmitCase::all().into_iter().map(trial).collect()
}

/// The users' schemas and the examples compile without errors.
fn schema_trials() -> Vec<Trial> {
    let mut folders = files::children(&files::root().join("tests/cases/seeds"));
    folders.extend(files::children(&files::root().join("examples")));
    let trial = |folder: std::path::PathBuf| {
        Trial::test(files::shown(&folder), move || {
            let outcome = compile(&yaml_files(&folder), &Settings::default());
            let annotator = Annotator::new(&outcome.sources);
            let is_error = |found: &&Diagnostic| found.severity == Severity::Error;
            let errors: Vec<String> = outcome
                .diagnostics
                .iter()
                .filter(is_error)
                .map(|found| annotator.summary(found))
                .collect();
            if errors.is_empty() { Ok(()) } else { Err(errors.join("\n").into()) }
        })
    };
    folders.into_iter().filter(|folder| folder.is_dir()).map(trial).collect()
}

fn doc_trials() -> Vec<Trial> {
    let trial = |code: &Code| {
        let code = *code;
        Trial::test(format!("docs/{code}"), move || {
            match docs::problem(code.as_str(), code.docs()) {
                Some(problem) => Err(problem.into()),
                None => Ok(()),
            }
        })
    };
    Code::ALL.iter().map(trial).collect()
}
