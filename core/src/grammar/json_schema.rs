//! The grammar as JSON Schema, for completion and hover in editors with plain YAML servers.

use serde_json::{Map, Value};

use super::{FileDef, Kind, Record};
use crate::json::object;

/// The JSON Schema (2020-12) of a schema file. Every record is a definition of its own.
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    define(FileDef::RECORD, &mut definitions);
    object! {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "schemagen schema",
        "$ref": reference(FileDef::RECORD),
        "$defs": definitions,
    }
}

fn reference(record: &Record) -> String {
    format!("#/$defs/{}", record.name.replace(' ', "_"))
}

fn define(record: &'static Record, definitions: &mut Map<String, Value>) {
    let name = record.name.replace(' ', "_");
    if definitions.contains_key(&name) {
        return;
    }
    // Before its keys, which may lead back to it.
    definitions.insert(name.clone(), Value::Null);
    let mut properties = Map::new();
    for key in record.keys {
        let mut property = schema_of((key.kind)(), definitions);
        let docs = key.docs.trim();
        if let Value::Object(property) = &mut property {
            property.insert("description".to_owned(), docs.into());
            property.insert("markdownDescription".to_owned(), docs.into());
        }
        for spelling in std::iter::once(&key.name).chain(key.aliases) {
            properties.insert((*spelling).to_owned(), property.clone());
        }
    }
    // A key with aliases cannot be demanded by one of its names; a name may stand before the map.
    let required: Vec<_> = record
        .keys
        .iter()
        .filter(|key| key.required && key.aliases.is_empty() && key.name != "name")
        .map(|key| key.name)
        .collect();
    let mut map = object! {
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    };
    if let (Value::Object(map), false) = (&mut map, required.is_empty()) {
        map.insert("required".to_owned(), required.into());
    }
    let mut definition = match record.short {
        Some(short) => object! { "anyOf": [schema_of(short(), definitions), map] },
        None => map,
    };
    if let Value::Object(definition) = &mut definition {
        definition.insert("description".to_owned(), record.docs.trim().into());
    }
    definitions.insert(name, definition);
}

fn schema_of(kind: Kind, definitions: &mut Map<String, Value>) -> Value {
    match kind {
        Kind::Text | Kind::Name(_) | Kind::Type | Kind::Sql => {
            object! { "type": ["string", "number", "boolean"] }
        }
        Kind::Body => object! { "type": "string" },
        Kind::Bool => object! { "type": "boolean" },
        Kind::Int => object! { "type": "integer" },
        Kind::Scalar => object! { "type": ["string", "number", "boolean", "null"] },
        Kind::Word(words) => {
            let values: Vec<_> = words.iter().map(|word| word.text).collect();
            let docs: Vec<_> = words.iter().map(|word| word.docs.trim()).collect();
            object! { "enum": values, "markdownEnumDescriptions": docs }
        }
        Kind::List(item) => {
            let by_name = item().by_name();
            let item = schema_of(item(), definitions);
            let nothing = object! { "type": "null" };
            let list = object! { "type": "array", "items": item.clone() };
            let Some(record) = by_name else { return object! { "anyOf": [list, item, nothing] } };
            let value = match record.needed() {
                Some(_) => item.clone(),
                None => object! { "anyOf": [item.clone(), nothing.clone()] },
            };
            let map = object! { "type": "object", "additionalProperties": value };
            object! { "anyOf": [list, item, nothing, map] }
        }
        Kind::Map(value) => {
            let value = schema_of(value(), definitions);
            object! { "type": ["object", "null"], "additionalProperties": value }
        }
        Kind::Record(record) => {
            define(record, definitions);
            object! { "$ref": reference(record) }
        }
        Kind::Either(kinds) => {
            let kinds: Vec<_> = kinds.iter().map(|kind| schema_of(kind(), definitions)).collect();
            object! { "anyOf": kinds }
        }
    }
}
