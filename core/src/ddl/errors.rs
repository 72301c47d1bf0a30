//! What this room complains of.

use super::unit::Unit;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{ObjectId, Origins, QualifiedName, Schema};
use crate::source::Span;

/// Objects that need each other and cannot be created one after the other.
pub(crate) fn cycle(schema: &Schema, origins: &Origins, units: &[Unit]) -> Diagnostic {
    let words: Vec<String> = units.iter().map(|unit| describe(schema, *unit)).collect();
    let first = words.first().cloned().unwrap_or_default();
    let picture = words.join(" -> ");
    let place = |unit: &Unit| origins.of(unit.object());
    let primary = units.first().and_then(place).unwrap_or(Span::NOWHERE);
    let mut diagnostic = Diagnostic::new(
        Code::DependencyCycle,
        primary,
        format!("these need each other to be created: {picture} -> {first}"),
    )
    .here("needs the next, and so itself")
    .help("take one of them out of the circle");
    for (unit, words) in units.iter().zip(&words).skip(1) {
        if let Some(span) = place(unit) {
            diagnostic = diagnostic.label(span, format!("{words} is part of it"));
        }
    }
    diagnostic
}

fn describe(schema: &Schema, unit: Unit) -> String {
    let named = |kind: &str, name: &QualifiedName| format!("{kind} `{name}`");
    match unit.object() {
        ObjectId::Enum(id) => named("enum", &schema.enums[id].name),
        ObjectId::Composite(id) => named("type", &schema.composites[id].name),
        ObjectId::Domain(id) => named("domain", &schema.domains[id].name),
        ObjectId::Sequence(id) => named("sequence", &schema.sequences[id].name),
        ObjectId::Function(id) => named("function", &schema.functions[id].name),
        ObjectId::View(id) | ObjectId::ViewIndex(id, _) => named("view", &schema.views[id].name),
        ObjectId::Table(id)
        | ObjectId::Column(id, _)
        | ObjectId::Constraint(id, _)
        | ObjectId::Index(id, _) => named("table", &schema.tables[id].name),
        // No units.
        ObjectId::Namespace(_)
        | ObjectId::Extension(_)
        | ObjectId::Role(_)
        | ObjectId::EnumLabel(..)
        | ObjectId::Trigger(_)
        | ObjectId::Policy(_)
        | ObjectId::Publication(_)
        | ObjectId::Grant(_) => String::new(),
    }
}
