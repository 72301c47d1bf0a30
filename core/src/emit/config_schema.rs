//! The configuration file as a JSON Schema, for editors.
//!
//! In: the targets with their options, the codes. Out: JSON Schema 2020-12 of what the host reads from
//! `schemagen.config.*`. Never reads a configuration: that is the host's.

use serde_json::{Map, Value};

use super::{OptionInfo, OptionKind, TargetInfo, registry};
use crate::diagnostic::{Code, Severity};
use crate::json::object;

/// The JSON Schema of the configuration.
pub fn config_json_schema() -> Value {
    let outputs: Vec<Value> = registry::targets().map(output).collect();
    let outputs = [outputs, vec![templates()]].concat();
    let names: Vec<Value> = registry::targets().map(name).collect();
    let schema = object! {
        "files": object! {
            "description": "Schema files, folders or globs, relative to the configuration. What begins with `!` leaves files out.",
            "oneOf": [object! { "type": "string" }, object! { "type": "array", "items": object! { "type": "string" }, "minItems": 1 }],
        },
        "outputs": object! {
            "description": "What to write.",
            "type": "array",
            "items": object! { "anyOf": [object! { "oneOf": names }, object! { "oneOf": outputs }] },
        },
    };
    object! {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The configuration of schemagen",
        "anyOf": [
            closed(&[&schema, &options(), &editor()], &["files", "outputs"]),
            closed(&[&schemas(&schema), &options(), &editor()], &["schemas"]),
        ],
    }
}

fn schemas(schema: &Value) -> Value {
    object! {
        "schemas": object! {
            "description": "Several schemas, each with its own files and outputs. Options that stand beside hold for all of them.",
            "type": "array",
            "minItems": 1,
            "items": closed(&[schema, &options()], &["files", "outputs"]),
        },
    }
}

fn options() -> Value {
    let severities: Map<String, Value> = Code::ALL
        .iter()
        .filter(|code| code.severity() != Severity::Error)
        .map(|code| {
            (code.as_str().to_owned(), object! { "enum": ["off", "note", "warning", "error"] })
        })
        .collect();
    object! {
        "targetVersion": object! {
            "description": "PostgreSQL's major version, whose syntax may be used.",
            "type": "integer",
            "minimum": 12,
            "maximum": 18,
            "default": 15,
        },
        "exposedSchemas": object! {
            "description": "The PostgreSQL schemas that the API shows.",
            "type": "array",
            "items": object! { "type": "string" },
            "default": ["public"],
        },
        "severities": object! {
            "description": "Other severities for codes. Errors stay errors.",
            "type": "object",
            "properties": severities,
        },
    }
}

fn editor() -> Value {
    object! { "$schema": object! { "description": "The JSON Schema of this file.", "type": "string" } }
}

fn closed(properties: &[&Value], required: &[&str]) -> Value {
    let all: Map<String, Value> = properties
        .iter()
        .filter_map(|value| value.as_object())
        .flat_map(|map| map.iter().map(|(key, value)| (key.clone(), value.clone())))
        .collect();
    object! {
        "type": "object",
        "properties": all,
        "required": required,
        "additionalProperties": false,
    }
}

fn name(target: &TargetInfo) -> Value {
    object! { "const": target.name, "title": target.title, "description": target.docs }
}

fn output(target: &TargetInfo) -> Value {
    let options: Map<String, Value> =
        target.options.iter().map(|info| (info.name.to_owned(), option(info))).collect();
    object! {
        "type": "object",
        "title": target.title,
        "description": target.docs,
        "properties": object! {
            "target": object! { "const": target.name },
            "out": object! {
                "description": "A file or folder, relative to the configuration.",
                "type": "string",
                "default": target.default_out,
            },
            "options": object! {
                "description": "What the target may be told.",
                "type": "object",
                "properties": options,
                "additionalProperties": false,
            },
        },
        "required": ["target"],
        "additionalProperties": false,
    }
}

/// An output of the user's own templates.
fn templates() -> Value {
    object! {
        "type": "object",
        "title": "Templates of your own",
        "description": "A folder with `target.json` and minijinja templates; docs/templates.md describes them.",
        "properties": object! {
            "target": object! { "type": "string", "pattern": r"^\.{1,2}/" },
            "out": object! {
                "description": "A folder, relative to the configuration.",
                "type": "string",
                "default": "generated",
            },
        },
        "required": ["target"],
        "additionalProperties": false,
    }
}

fn option(info: &OptionInfo) -> Value {
    let default = info.kind.default();
    match info.kind {
        OptionKind::Flag { .. } => {
            object! { "description": info.docs, "type": "boolean", "default": default }
        }
        OptionKind::Choice(words) => {
            // A number may stand for its digits.
            let numbers = words.iter().filter_map(|word| word.parse::<u32>().ok());
            let all: Vec<Value> = words
                .iter()
                .map(|word| Value::from(*word))
                .chain(numbers.map(Value::from))
                .collect();
            object! { "description": info.docs, "enum": all, "default": default }
        }
        OptionKind::Text { .. } => {
            object! { "description": info.docs, "type": "string", "default": default }
        }
        OptionKind::Numbers => object! {
            "description": info.docs,
            "type": "object",
            "propertyNames": object! { "pattern": "^[A-Za-z0-9_-]+$" },
            "additionalProperties": object! { "type": "integer", "minimum": 0 },
            "default": default,
        },
    }
}
