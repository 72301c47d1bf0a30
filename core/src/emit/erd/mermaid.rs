//! The diagram as Mermaid's `erDiagram`: finished lines for the template.

use std::collections::BTreeSet;

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
        text.write(|out| out.extend(["  ", name, braces, "\n"]));
        for row in &entity.rows {
            let keys = [(row.is_primary, "PK"), (row.is_foreign, "FK"), (row.is_unique, "UK")];
            let word = mermaid::word(&row.name);
            let mut notes = Vec::new();
            if word != row.name.as_str() {
                notes.push(row.name.as_str());
            }
            if !row.comment.is_empty() {
                notes.push(&row.comment);
            }
            text.write_for(row.object, |out| {
                out.extend(["    ", &mermaid::word(&row.ty), " ", &word]);
                let mut gap = " ";
                for (_, key) in keys.into_iter().filter(|(is, _)| *is) {
                    out.extend([gap, key]);
                    gap = ", ";
                }
                if !notes.is_empty() {
                    out.extend([" ", &mermaid::text(&notes.join(": "))]);
                }
                out.push('\n');
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
            out.extend(["  ", to, " ", one, "--", many, " ", from, " : ", &label, "\n"]);
        });
        lines.push(text);
    }
    lines
}

/// The names of the entities: each its own, though what Mermaid cannot hold is replaced.
fn names(diagram: &Diagram) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut choose = |entity: &Entity| {
        let full = entity.name.shown();
        let numbers = (2..u32::MAX).map(|number| format!("{full} ({number})"));
        let mut candidates =
            [full.to_string()].into_iter().chain(numbers).map(|it| mermaid::text(&it));
        candidates.find(|it| taken.insert(it.clone())).unwrap_or_default()
    };
    diagram.entities.iter().map(&mut choose).collect()
}
