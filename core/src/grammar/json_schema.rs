//! The grammar as JSON Schema, for completion and hover in editors with plain YAML servers.

use serde_json::{Map, Value, json};

use super::{FileDef, Kind, Record};

/// The JSON Schema (2020-12) of a schema file. Every record is a definition of its own.
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    define(FileDef::RECORD, &mut definitions);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "schemagen schema",
        "$ref": reference(FileDef::RECORD),
        "$defs": definitions,
    })
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
            property.insert("description".to_owned(), json!(docs));
            property.insert("markdownDescription".to_owned(), json!(docs));
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
    let mut map = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if let (Value::Object(map), false) = (&mut map, required.is_empty()) {
        map.insert("required".to_owned(), json!(required));
    }
    let mut definition = match record.short {
        Some(short) => json!({ "anyOf": [schema_of(short(), definitions), map] }),
        None => map,
    };
    if let Value::Object(definition) = &mut definition {
        definition.insert("description".to_owned(), json!(record.docs.trim()));
    }
    definitions.insert(name, definition);
}

fn schema_of(kind: Kind, definitions: &mut Map<String, Value>) -> Value {
    match kind {
        Kind::Text | Kind::Name(_) | Kind::Type | Kind::Sql => {
            json!({ "type": ["string", "number", "boolean"] })
        }
        Kind::Body => json!({ "type": "string" }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Int => json!({ "type": "integer" }),
        Kind::Scalar => json!({ "type": ["string", "number", "boolean", "null"] }),
        Kind::Word(words) => {
            let values: Vec<_> = words.iter().map(|word| word.text).collect();
            let docs: Vec<_> = words.iter().map(|word| word.docs.trim()).collect();
            json!({ "enum": values, "markdownEnumDescriptions": docs })
        }
        Kind::List(item) => {
            let by_name = item().by_name();
            let item = schema_of(item(), definitions);
            let nothing = json!({ "type": "null" });
            let list = json!({ "type": "array", "items": item.clone() });
            let Some(record) = by_name else { return json!({ "anyOf": [list, item, nothing] }) };
            let value = match record.needed() {
                Some(_) => item.clone(),
                None => json!({ "anyOf": [item, nothing] }),
            };
            let map = json!({ "type": "object", "additionalProperties": value });
            json!({ "anyOf": [list, item, nothing, map] })
        }
        Kind::Map(value) => {
            let value = schema_of(value(), definitions);
            json!({ "type": ["object", "null"], "additionalProperties": value })
        }
        Kind::Record(record) => {
            define(record, definitions);
            json!({ "$ref": reference(record) })
        }
        Kind::Either(kinds) => {
            let kinds: Vec<_> = kinds.iter().map(|kind| schema_of(kind(), definitions)).collect();
            json!({ "anyOf": kinds })
        }
    }
}
