//! The native compiler as a filter, for the judges that compare it with the one in wasm.
//!
//! In: a JSON array of `{files: [{name, text}], options: {targetVersion, exposedSchemas, severities,
//! targets}}` on standard input, as the JavaScript API takes them. Out: on standard output
//! `{platformSql, results: [{files, json, rich}]}`, in the same order. Checks nothing about its input.
#![expect(clippy::expect_used, clippy::panic, reason = "a filter that cannot read its input stops")]

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use schemagen_core::diagnostic::render::{self, RichOptions};
use schemagen_core::{Code, CompileOptions, Severity, Sources, TargetRequest, compile};
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let jobs: Vec<Value> = serde_json::from_str(&input).expect("an array of jobs");
    let results: Vec<Value> = jobs.iter().map(run).collect();
    let statements = schemagen_core::platform_statements();
    let platform: String = statements.iter().flat_map(|one| [&*one.text, ";\n\n"]).collect();
    let answer = json!({ "platformSql": platform, "results": results });
    io::stdout().write_all(answer.to_string().as_bytes())
}

fn run(job: &Value) -> Value {
    let mut sources = Sources::new();
    for file in list(&job["files"]) {
        sources.add(text(&file["name"]), text(&file["text"]));
    }
    let given = &job["options"];
    let targets: Vec<TargetRequest> = list(&given["targets"]).map(target).collect();
    let compilation = compile(&sources, &options(given), &targets);
    let files = compilation.files.iter().map(|file| {
        let lines = file.provenance.iter().map(|one| json!([one.lines.start, one.lines.end]));
        let lines: Vec<Value> = lines.collect();
        json!({ "path": file.path, "target": file.target, "text": file.text, "lines": lines })
    });
    let files: Vec<Value> = files.collect();
    json!({
        "files": files,
        "json": render::json(&compilation.diagnostics, &sources),
        "rich": render::rich(&compilation.diagnostics, &sources, RichOptions::default()),
    })
}

fn options(given: &Value) -> CompileOptions {
    let mut options = CompileOptions::default();
    if let Some(version) = given["targetVersion"].as_u64() {
        options.resolve.target_version = version.try_into().expect("a version");
    }
    if let Some(schemas) = given["exposedSchemas"].as_array() {
        options.resolve.exposed_schemas =
            schemas.iter().map(|schema| text(schema).to_owned()).collect();
    }
    let severities = given["severities"].as_object().into_iter().flatten();
    options.severities = severities.map(severity).collect::<BTreeMap<_, _>>();
    options
}

fn severity((code, level): (&String, &Value)) -> (Code, Option<Severity>) {
    let severity = match text(level) {
        "error" => Some(Severity::Error),
        "warning" => Some(Severity::Warning),
        "note" => Some(Severity::Note),
        "off" => None,
        other => panic!("{other} is no level"),
    };
    (Code::find(code).unwrap_or_else(|| panic!("there is no code {code}")), severity)
}

fn target(given: &Value) -> TargetRequest {
    TargetRequest {
        target: text(&given["target"]).to_owned(),
        out: given["out"].as_str().unwrap_or_default().to_owned(),
        options: given["options"].as_object().cloned().unwrap_or_default(),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}
