//! The configuration file as a JSON Schema, for editors.
//!
//! In: the targets with their options, the codes. Out: JSON Schema 2020-12 of what the host reads from
//! `schemagen.config.*`. Never reads a configuration: that is the host's.

use serde_json::{Map, Value, json};

use super::{OptionInfo, OptionKind, TargetInfo, registry};
use crate::diagnostic::{Code, Severity};

/// The JSON Schema of the configuration.
pub fn config_json_schema() -> Value {
    let outputs: Vec<Value> = registry::targets().map(output).collect();
    let outputs = [outputs, vec![templates()]].concat();
    let names: Vec<Value> = registry::targets().map(name).collect();
    let schema = json!({
        "files": {
            "description": "Schema files, folders or globs, relative to the configuration. What begins with `!` leaves files out.",
            "oneOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" }, "minItems": 1 }],
        },
        "outputs": {
            "description": "What to write.",
            "type": "array",
            "items": { "anyOf": [{ "oneOf": names }, { "oneOf": outputs }] },
        },
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The configuration of schemagen",
        "anyOf": [
            object(&[&schema, &options(), &editor()], &["files", "outputs"]),
            object(&[&schemas(&schema), &options(), &editor()], &["schemas"]),
        ],
    })
}

fn schemas(schema: &Value) -> Value {
    json!({
        "schemas": {
            "description": "Several schemas, each with its own files and outputs. Options that stand beside hold for all of them.",
            "type": "array",
            "minItems": 1,
            "items": object(&[schema, &options()], &["files", "outputs"]),
        },
    })
}

fn options() -> Value {
    let severities: Map<String, Value> = Code::ALL
        .iter()
        .filter(|code| code.severity() != Severity::Error)
        .map(|code| {
            (code.as_str().to_owned(), json!({ "enum": ["off", "note", "warning", "error"] }))
        })
        .collect();
    json!({
        "targetVersion": {
            "description": "PostgreSQL's major version, whose syntax may be used.",
            "type": "integer",
            "minimum": 12,
            "maximum": 18,
            "default": 15,
        },
        "exposedSchemas": {
            "description": "The PostgreSQL schemas that the API shows.",
            "type": "array",
            "items": { "type": "string" },
            "default": ["public"],
        },
        "severities": {
            "description": "Other severities for codes. Errors stay errors.",
            "type": "object",
            "properties": severities,
        },
    })
}

fn editor() -> Value {
    json!({ "$schema": { "description": "The JSON Schema of this file.", "type": "string" } })
}

fn object(properties: &[&Value], required: &[&str]) -> Value {
    let all: Map<String, Value> = properties
        .iter()
        .filter_map(|value| value.as_object())
        .flat_map(|map| map.iter().map(|(key, value)| (key.clone(), value.clone())))
        .collect();
    json!({
        "type": "object",
        "properties": all,
        "required": required,
        "additionalProperties": false,
    })
}

fn name(target: &TargetInfo) -> Value {
    json!({ "const": target.name, "title": target.title, "description": target.docs })
}

fn output(target: &TargetInfo) -> Value {
    let options: Map<String, Value> =
        target.options.iter().map(|info| (info.name.to_owned(), option(info))).collect();
    json!({
        "type": "object",
        "title": target.title,
        "description": target.docs,
        "properties": {
            "target": { "const": target.name },
            "out": {
                "description": "A file or folder, relative to the configuration.",
                "type": "string",
                "default": target.default_out,
            },
            "options": {
                "description": "What the target may be told.",
                "type": "object",
                "properties": options,
                "additionalProperties": false,
            },
        },
        "required": ["target"],
        "additionalProperties": false,
    })
}

/// An output of the user's own templates.
fn templates() -> Value {
    json!({
        "type": "object",
        "title": "Templates of your own",
        "description": "A folder with `target.json` and minijinja templates; docs/templates.md describes them.",
        "properties": {
            "target": { "type": "string", "pattern": r"^\.{1,2}/" },
            "out": {
                "description": "A folder, relative to the configuration.",
                "type": "string",
                "default": "generated",
            },
        },
        "required": ["target"],
        "additionalProperties": false,
    })
}

fn option(info: &OptionInfo) -> Value {
    let default = info.kind.default();
    match info.kind {
        OptionKind::Flag { .. } => {
            json!({ "description": info.docs, "type": "boolean", "default": default })
        }
        OptionKind::Choice(words) => {
            // A number may stand for its digits.
            let numbers = words.iter().filter_map(|word| word.parse::<u32>().ok());
            let all: Vec<Value> =
                words.iter().map(|word| json!(word)).chain(numbers.map(Value::from)).collect();
            json!({ "description": info.docs, "enum": all, "default": default })
        }
        OptionKind::Text { .. } => {
            json!({ "description": info.docs, "type": "string", "default": default })
        }
    }
}
