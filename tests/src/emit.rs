//! Cases of output: a folder with a schema, options, and the files that must come out.
//!
//! In: `tests/cases/emit/TARGET/CASE/{*.yaml, options.json, expected/…}`. Out: what differs, or the
//! expected files rewritten. `options.json` holds the settings of the case beside the target's own
//! `options`; warnings and notes stand in `diagnostics.txt`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::annotate::Annotator;
use crate::compiler::{Settings, compile};
use crate::files;
use crate::update::diff;

/// One folder of a target.
#[derive(Debug, Clone)]
pub struct EmitCase {
    /// Its target, from the folder above it.
    pub target: String,
    /// Where it is.
    pub folder: PathBuf,
}

impl EmitCase {
    /// All cases of all targets.
    pub fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        for target in files::children(&files::root().join("tests/cases/emit")) {
            for folder in files::children(&target) {
                if folder.is_dir() {
                    cases.push(Self { target: files::stem(&target), folder });
                }
            }
        }
        cases
    }

    /// The name of its trial.
    pub fn name(&self) -> String {
        format!("emit/{}/{}", self.target, files::stem(&self.folder))
    }

    /// What should lie in the folder beside the inputs: paths relative to it, and texts.
    fn actual(&self) -> BTreeMap<String, String> {
        let mut sources = yaml_files(&self.folder);
        sources.extend(sources_in(&self.folder, &[".jinja"]));
        let outcome = compile(&sources, &self.settings());
        let annotator = Annotator::new(&outcome.sources);
        let mut said = String::new();
        for diagnostic in &outcome.diagnostics {
            let _ = writeln!(said, "{}", annotator.summary(diagnostic));
        }
        let expected = |path: &str| format!("expected/{path}");
        let mut files: BTreeMap<_, _> =
            outcome.files.into_iter().map(|file| (expected(&file.path), file.text)).collect();
        if !said.is_empty() {
            files.insert("diagnostics.txt".to_owned(), said);
        }
        files
    }

    fn settings(&self) -> Settings {
        let path = self.folder.join("options.json");
        let text = fs::read_to_string(&path).unwrap_or_else(|_| "{}".to_owned());
        let mut options: Map<String, Value> = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let own = options.remove("options").unwrap_or_else(|| json!({}));
        options.insert("targets".into(), json!([{ "target": self.target, "options": own }]));
        Settings { options: Value::Object(options) }
    }

    fn committed(&self) -> BTreeMap<String, String> {
        let mut committed = BTreeMap::new();
        for path in files::below(&files::shown(&self.folder), &[""]) {
            let name = path.strip_prefix(&self.folder).expect("it lies in the folder");
            let name = name.to_string_lossy().replace('\\', "/");
            if name == "diagnostics.txt" || name.starts_with("expected/") {
                committed.insert(name, files::read(&path));
            }
        }
        committed
    }

    /// What differs from the committed files, as diffs; empty if nothing does.
    pub fn differences(&self) -> String {
        let (committed, actual) = (self.committed(), self.actual());
        if actual.is_empty() {
            return "nothing came out and nothing was said".to_owned();
        }
        let mut names: Vec<&String> = committed.keys().chain(actual.keys()).collect();
        names.sort();
        names.dedup();
        let text = |files: &BTreeMap<String, String>, name: &String| {
            files.get(name).cloned().unwrap_or_default()
        };
        names
            .into_iter()
            .map(|name| {
                let (old, new) = (text(&committed, name), text(&actual, name));
                if old == new { String::new() } else { diff(&old, &new, name, "now") }
            })
            .collect()
    }

    /// Replaces the committed files by what comes out now.
    pub fn rewrite(&self) {
        let actual = self.actual();
        for name in self.committed().keys().filter(|name| !actual.contains_key(*name)) {
            fs::remove_file(self.folder.join(name)).expect("an expected file can be removed");
        }
        for (name, text) in &actual {
            files::write(&self.folder.join(name), text);
        }
    }
}

/// The schema files in a folder and below it, as one compilation.
pub fn yaml_files(folder: &Path) -> Vec<(String, String)> {
    sources_in(folder, &[".yaml", ".yml"])
}

fn sources_in(folder: &Path, endings: &[&str]) -> Vec<(String, String)> {
    let is_config = |path: &Path| files::stem(path) == "schemagen.config";
    files::below(&files::shown(folder), endings)
        .iter()
        .filter(|path| !is_config(path))
        .map(|path| {
            let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy();
            (name.replace('\\', "/"), files::read(path))
        })
        .collect()
}
