//! The compiler as the cases call it.
//!
//! In: named texts and the options that a case may set. Out: diagnostics and files. The only place of
//! the tests that fills in the options of core's façade.

use std::collections::BTreeMap;

use schemagen_core::diagnostic::{Code, Diagnostics, Severity};
use schemagen_core::emit::File;
use schemagen_core::source::Sources;
use schemagen_core::{CompileOptions, TargetRequest};
use serde_json::{Map, Value, json};

/// What a case may ask for, as JSON: `target_version`, `exposed_schemas`, `severities` and `targets`,
/// each a name or `{target, out, options}`. What is not said is as the façade has it.
///
/// Only `table-without-rls` is off unless `severities` stands there: it would be in nearly every case.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The JSON.
    pub options: Value,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// The texts, for places.
    pub sources: Sources,
    /// What there is to say.
    pub diagnostics: Diagnostics,
    /// What was made.
    pub files: Vec<File>,
}

/// Compiles `files`, pairs of name and text.
pub fn compile(files: &[(String, String)], settings: &Settings) -> Outcome {
    let mut sources = Sources::new();
    for (name, text) in files {
        sources.add(name.as_str(), text.as_str());
    }
    let compilation = schemagen_core::compile(&sources, &settings.compile(), &settings.targets());
    Outcome { diagnostics: compilation.diagnostics, files: compilation.files, sources }
}

impl Settings {
    /// The options of the façade.
    pub fn compile(&self) -> CompileOptions {
        let mut options = CompileOptions::default();
        if let Some(version) = self.options["target_version"].as_u64() {
            options.resolve.target_version = version as u16;
        }
        if let Some(schemas) = self.options["exposed_schemas"].as_array() {
            options.resolve.exposed_schemas = schemas.iter().map(text).collect();
        }
        options.severities = match self.options["severities"].as_object() {
            Some(severities) => severities.iter().map(severity).collect(),
            None => BTreeMap::from([(Code::TableWithoutRls, None)]),
        };
        options
    }

    /// What the targets are asked for.
    pub fn targets(&self) -> Vec<TargetRequest> {
        let request = |value: &Value| match value {
            Value::String(target) => TargetRequest { target: target.clone(), ..Default::default() },
            value => TargetRequest {
                target: text(&value["target"]),
                out: value["out"].as_str().unwrap_or_default().to_owned(),
                options: value["options"].as_object().cloned().unwrap_or_default(),
            },
        };
        self.options["targets"].as_array().into_iter().flatten().map(request).collect()
    }

    /// All targets, with nothing said.
    pub fn of_every_target() -> Self {
        Self { options: json!({ "targets": every_target(), "severities": Map::new() }) }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn severity((code, severity): (&String, &Value)) -> (Code, Option<Severity>) {
    let code = Code::find(code).unwrap_or_else(|| panic!("there is no code {code}"));
    let severity = match severity.as_str() {
        Some("error") => Some(Severity::Error),
        Some("warning") => Some(Severity::Warning),
        Some("note") => Some(Severity::Note),
        Some("off") => None,
        _ => panic!("{severity} is no severity"),
    };
    (code, severity)
}

/// The names of all targets.
pub fn every_target() -> Vec<&'static str> {
    schemagen_core::targets().map(|target| target.name).collect()
}
