//! Findings as JSON, in the shape of the JavaScript API.
//!
//! In: findings. Out: an array of objects; lines and columns count from 0, columns in UTF-16 code
//! units. `help` and `text` are absent where there is nothing to say. A finding of no file has the
//! empty name.

use serde_json::{Map, Value, json};

use super::place::Places;
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, Safety};
use crate::source::{LineColumn, PositionEncoding, Sources, Span};

/// All findings as a JSON text with indentation.
pub fn json(diagnostics: &Diagnostics, sources: &Sources) -> String {
    format!("{:#}\n", json_value(diagnostics, sources))
}

/// All findings as a JSON array.
pub fn json_value(diagnostics: &Diagnostics, sources: &Sources) -> Value {
    let mut places = Places::new(sources, PositionEncoding::Utf16);
    diagnostics.iter().map(|finding| object(finding, &mut places)).collect()
}

fn object(finding: &Diagnostic, places: &mut Places<'_>) -> Value {
    let mut object = Map::new();
    object.insert("code".to_owned(), json!(finding.code.as_str()));
    object.insert("severity".to_owned(), json!(finding.severity.as_str()));
    object.insert("message".to_owned(), json!(finding.message));
    place(&mut object, finding.primary.span, places);
    if !finding.primary.text.is_empty() {
        object.insert("text".to_owned(), json!(finding.primary.text));
    }
    let labels = finding.labels.iter().map(|label| {
        let mut object = Map::new();
        place(&mut object, label.span, places);
        object.insert("text".to_owned(), json!(label.text));
        Value::Object(object)
    });
    let labels: Value = labels.collect();
    object.insert("labels".to_owned(), labels);
    if let Some(help) = &finding.help {
        object.insert("help".to_owned(), json!(help));
    }
    object.insert("notes".to_owned(), json!(finding.notes));
    let fixes: Value = finding.fixes.iter().map(|one| fix(one, places)).collect();
    object.insert("fixes".to_owned(), fixes);
    Value::Object(object)
}

fn fix(fix: &Fix, places: &mut Places<'_>) -> Value {
    let edits: Value = fix
        .edits
        .iter()
        .map(|edit| {
            let mut object = Map::new();
            place(&mut object, edit.span, places);
            object.insert("text".to_owned(), json!(edit.text));
            Value::Object(object)
        })
        .collect();
    json!({ "title": fix.title, "safe": fix.safety == Safety::Safe, "edits": edits })
}

fn place(object: &mut Map<String, Value>, span: Span, places: &mut Places<'_>) {
    let name = places.source(span.file).map_or("", |source| &*source.name);
    let (start, end) = places.range(span);
    let position = |at: LineColumn| json!({ "line": at.line, "column": at.column });
    object.insert("file".to_owned(), json!(name));
    object.insert("range".to_owned(), json!({ "start": position(start), "end": position(end) }));
}
