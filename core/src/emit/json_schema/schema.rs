//! Schemas as values: JSON Schema's words, and what null is to them.

use std::fmt::{Display, Write};

use smol_str::SmolStr;

use crate::emit::lang::Json;
use crate::emit::shapes::double::{Edge, Side};

/// The keywords of a schema; none takes any value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Schema(pub(super) Vec<(SmolStr, Json)>);

impl Schema {
    /// Takes values of a type: `string`.
    pub(super) fn of_type(name: &str) -> Self {
        Self::default().with("type", Json::text(name))
    }

    /// Takes nothing.
    pub(super) fn nothing() -> Self {
        Self::default().not()
    }

    /// Takes what a definition takes.
    pub(super) fn reference(name: &str) -> Self {
        Self::default().with("$ref", Json::text(&Self::uri(name)))
    }

    /// Where a definition is, with what URIs do not hold escaped.
    pub(super) fn uri(name: &str) -> String {
        let mut uri = "#/$defs/".to_owned();
        for byte in name.bytes() {
            let _ = if byte.is_ascii_alphanumeric() || b"_.".contains(&byte) {
                uri.write_char(char::from(byte))
            } else {
                write!(uri, "%{byte:02X}")
            };
        }
        uri
    }

    /// Takes one of these values.
    pub(super) fn one_of(values: impl IntoIterator<Item = Json>) -> Self {
        Self::default().with("enum", Json::Array(values.into_iter().collect()))
    }

    /// The same with one more keyword.
    #[must_use]
    pub(super) fn with(mut self, keyword: &'static str, value: Json) -> Self {
        self.0.push((SmolStr::new_static(keyword), value));
        self
    }

    /// The same with a keyword, where there is a value for it.
    #[must_use]
    pub(super) fn with_some(self, keyword: &'static str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.with(keyword, Json::atom(value)),
            None => self,
        }
    }

    /// The same within edges, of which the tighter one of a kind holds.
    #[must_use]
    pub(super) fn within(self, edges: &[Edge]) -> Self {
        edges.iter().fold(self, |schema, edge| {
            let keyword = match (edge.side, edge.inclusive) {
                (Side::Lower, true) => "minimum",
                (Side::Lower, false) => "exclusiveMinimum",
                (Side::Upper, true) => "maximum",
                (Side::Upper, false) => "exclusiveMaximum",
            };
            let is_tighter = |other: &&Edge| {
                !std::ptr::eq(*other, edge)
                    && (other.side, other.inclusive) == (edge.side, edge.inclusive)
                    && match edge.side {
                        Side::Lower => other.double() > edge.double(),
                        Side::Upper => other.double() < edge.double(),
                    }
            };
            if edges.iter().any(|other| is_tighter(&other)) || schema.get(keyword).is_some() {
                return schema;
            }
            schema.with(keyword, Json::Atom(edge.literal.as_str().into()))
        })
    }

    /// Takes what it does not take.
    #[must_use]
    pub(super) fn not(self) -> Self {
        Self::default().with("not", self.into_json())
    }

    /// Takes what all of these take, beside its own keywords.
    #[must_use]
    pub(super) fn and_all(mut self, parts: Vec<Self>) -> Self {
        let mut left = Vec::new();
        for Self(part) in parts {
            let added: Vec<(SmolStr, Json)> =
                part.iter().filter(|entry| !self.0.contains(entry)).cloned().collect();
            if added.iter().all(|(keyword, _)| self.get(keyword).is_none()) {
                self.0.extend(added);
            } else {
                left.push(Self(part));
            }
        }
        if left.is_empty() { self } else { self.with("allOf", list(left)) }
    }

    /// Takes what `set` takes, of what this schema names: where that lists values, it needs no bounds.
    #[must_use]
    pub(super) fn and_one_of(mut self, set: Self) -> Self {
        if set.get("enum").is_some() {
            self.0.retain(|(keyword, _)| keyword == "type" || keyword == "$ref");
        }
        self.and_all(vec![set])
    }

    /// Takes what one of these takes.
    pub(super) fn any(parts: Vec<Self>) -> Self {
        let mut flat: Vec<Json> = Vec::new();
        for Self(part) in parts {
            match part.as_slice() {
                [(keyword, Json::Array(inner))] if keyword == "anyOf" => {
                    flat.extend(inner.iter().cloned());
                }
                _ => flat.push(Json::Object(part)),
            }
        }
        match flat.as_slice() {
            [] => Self::nothing(),
            [Json::Object(only)] => Self(only.clone()),
            _ => Self::default().with("anyOf", Json::Array(flat)),
        }
    }

    /// Takes what exactly one of these takes.
    pub(super) fn exactly_one(parts: Vec<Self>) -> Self {
        Self::default().with("oneOf", list(parts))
    }

    /// The same, and null.
    #[must_use]
    pub(super) fn or_null(mut self) -> Self {
        if passes_null(&self.0) {
            return self;
        }
        let refuse = |entry: &&(SmolStr, Json)| !passes_null(std::slice::from_ref(*entry));
        let is_plain = |(keyword, value): &(SmolStr, Json)| match value {
            Json::Array(_) => keyword == "enum",
            Json::Text(_) => keyword == "type",
            Json::Atom(_) | Json::Object(_) | Json::Laid(_) => false,
        };
        if !self.0.iter().filter(refuse).all(is_plain) {
            return Self::any(vec![self, Self::of_type("null")]);
        }
        for (keyword, value) in &mut self.0 {
            match value {
                Json::Array(values) if keyword == "enum" => values.push(Json::atom("null")),
                Json::Text(_) if keyword == "type" => {
                    *value = Json::Array(vec![value.clone(), Json::text("null")]);
                }
                _ => {}
            }
        }
        self
    }

    /// As JSON.
    pub(super) fn into_json(self) -> Json {
        Json::Object(self.0)
    }

    fn get(&self, keyword: &str) -> Option<&Json> {
        self.0.iter().find(|(known, _)| known == keyword).map(|(_, value)| value)
    }
}

fn list(parts: Vec<Schema>) -> Json {
    Json::Array(parts.into_iter().map(Schema::into_json).collect())
}

/// Whether a schema takes null; of what is defined elsewhere, that it does not.
fn passes_null(schema: &[(SmolStr, Json)]) -> bool {
    let passes = |part: &Json| matches!(part, Json::Object(schema) if passes_null(schema));
    schema.iter().all(|(keyword, value)| match (keyword.as_str(), value) {
        ("type", Json::Text(name)) => name == "null",
        ("type", Json::Array(types)) => types.contains(&Json::text("null")),
        ("const", value) => *value == Json::atom("null"),
        ("enum", Json::Array(values)) => values.contains(&Json::atom("null")),
        ("not", part) => !passes(part),
        ("allOf", Json::Array(parts)) => parts.iter().all(passes),
        ("anyOf", Json::Array(parts)) => parts.iter().any(passes),
        ("oneOf", Json::Array(parts)) => parts.iter().filter(|part| passes(part)).count() == 1,
        ("$ref", _) => false,
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::Schema;
    use crate::emit::lang::Json;

    fn flat(schema: Schema) -> String {
        let mut out = String::new();
        schema.into_json().write(&mut out, 0, 0, 0);
        out
    }

    #[test]
    fn null_beside_other_values() {
        let text = || Schema::of_type("string");
        assert_eq!(flat(text().or_null()), r#"{ "type": ["string", "null"] }"#);
        let labels = text().with("enum", Json::Array(vec![Json::text("a")]));
        assert_eq!(
            flat(labels.or_null()),
            r#"{ "type": ["string", "null"], "enum": ["a", null] }"#
        );
        let other = Schema::default().with("const", Json::atom(1)).not();
        assert_eq!(flat(other.or_null()), r#"{ "not": { "const": 1 } }"#);
        assert_eq!(
            flat(Schema::reference("Größe").or_null()),
            r##"{ "anyOf": [{ "$ref": "#/$defs/Gr%C3%B6%C3%9Fe" }, { "type": "null" }] }"##
        );
        assert_eq!(flat(Schema::default().or_null()), "{}");
    }
}
