//! Findings as JSON, in the shape of the JavaScript API.
//!
//! In: findings. Out: an array of objects; lines and columns count from 0, columns in UTF-16 code
//! units. `help` and `text` are absent where there is nothing to say. A finding of no file has the
//! empty name.

use serde_json::{Map, Value};

use super::place::Places;
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, Safety};
use crate::json::object;
use crate::source::{LineColumn, PositionEncoding, Sources, Span};

/// All findings as a JSON text with indentation.
pub fn json(diagnostics: &Diagnostics, sources: &Sources) -> String {
    format!("{:#}\n", json_value(diagnostics, sources))
}

/// All findings as a JSON array.
pub fn json_value(diagnostics: &Diagnostics, sources: &Sources) -> Value {
    let mut places = Places::new(sources, PositionEncoding::Utf16);
    diagnostics.iter().map(|it| finding(it, &mut places)).collect()
}

fn finding(finding: &Diagnostic, places: &mut Places<'_>) -> Value {
    let mut object = Map::new();
    object.insert("code".to_owned(), finding.code.as_str().into());
    object.insert("severity".to_owned(), finding.severity.as_str().into());
    object.insert("message".to_owned(), finding.message.as_str().into());
    place(&mut object, finding.primary.span, places);
    if !finding.primary.text.is_empty() {
        object.insert("text".to_owned(), finding.primary.text.as_str().into());
    }
    let labels = finding.labels.iter().map(|label| {
        let mut object = Map::new();
        place(&mut object, label.span, places);
        object.insert("text".to_owned(), label.text.as_str().into());
        Value::Object(object)
    });
    let labels: Value = labels.collect();
    object.insert("labels".to_owned(), labels);
    if let Some(help) = &finding.help {
        object.insert("help".to_owned(), help.as_str().into());
    }
    object.insert("notes".to_owned(), finding.notes.clone().into());
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
            object.insert("text".to_owned(), edit.text.as_str().into());
            Value::Object(object)
        })
        .collect();
    object! { "title": fix.title.as_str(), "safe": fix.safety == Safety::Safe, "edits": edits }
}

fn place(object: &mut Map<String, Value>, span: Span, places: &mut Places<'_>) {
    let name = places.source(span.file).map_or("", |source| &*source.name);
    let (start, end) = places.range(span);
    let position = |at: LineColumn| object! { "line": at.line, "column": at.column };
    object.insert("file".to_owned(), name.into());
    object.insert("range".to_owned(), object! { "start": position(start), "end": position(end) });
}
