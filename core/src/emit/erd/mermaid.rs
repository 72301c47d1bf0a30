//! The diagram as Mermaid's `erDiagram`: finished lines for the template.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::diagram::{Diagram, Entity};
use crate::emit::lang::mermaid;
use crate::emit::template::Marked;
use crate::schema::ObjectId;

/// The lines of a diagram: entities with their attributes, and relations.
pub(crate) fn lines(diagram: &Diagram) -> Vec<Marked> {
    let names = names(diagram);
    let mut lines = Vec::new();
    for (entity, name) in diagram.entities.iter().zip(&names) {
        let mut text = Marked::default();
        // An entity without attributes has no braces.
        let braces = if entity.rows.is_empty() { "" } else { " {" };
        text.write(|out| {
            let _ = writeln!(out, "  {name}{braces}");
        });
        for row in &entity.rows {
            let keys = [(row.is_primary, "PK"), (row.is_foreign, "FK"), (row.is_unique, "UK")];
            let keys: Vec<&str> =
                keys.into_iter().filter(|(is, _)| *is).map(|(_, key)| key).collect();
            let (ty, word) = (mermaid::word(&row.ty), mermaid::word(&row.name));
            let mut line = format!("    {ty} {word}");
            if !keys.is_empty() {
                let _ = write!(line, " {}", keys.join(", "));
            }
            let mut notes = Vec::new();
            if word != row.name {
                notes.push(row.name.as_str());
            }
            if !row.comment.is_empty() {
                notes.push(&row.comment);
            }
            if !notes.is_empty() {
                let _ = write!(line, " {}", mermaid::text(&notes.join(": ")));
            }
            text.write_for(row.object, |out| {
                let _ = writeln!(out, "{line}");
            });
        }
        if !entity.rows.is_empty() {
            text.write(|out| out.push_str("  }\n"));
        }
        lines.push(text.of(ObjectId::Table(entity.table)));
    }
    for relation in &diagram.relations {
        let name = |at: usize| names.get(at).map_or("", String::as_str);
        let one = if relation.is_optional { "|o" } else { "||" };
        let many = if relation.is_unique { "o|" } else { "o{" };
        let label = mermaid::text(&relation.columns.join(", "));
        let mut text = Marked::default();
        text.write_for(relation.object, |out| {
            let (to, from) = (name(relation.to.0), name(relation.from.0));
            let _ = writeln!(out, "  {to} {one}--{many} {from} : {label}");
        });
        lines.push(text);
    }
    lines
}

/// The names of the entities: each its own, though what Mermaid cannot hold is replaced.
fn names(diagram: &Diagram) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut choose = |entity: &Entity| {
        let name = &entity.name;
        let full = if name.is_public() {
            name.name.to_string()
        } else {
            format!("{}.{}", name.schema, name.name)
        };
        let numbers = (2..u32::MAX).map(|number| format!("{full} ({number})"));
        let mut candidates = [full.clone()].into_iter().chain(numbers).map(|it| mermaid::text(&it));
        candidates.find(|it| taken.insert(it.clone())).unwrap_or_default()
    };
    diagram.entities.iter().map(&mut choose).collect()
}
