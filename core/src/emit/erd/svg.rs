//! The diagram as SVG: finished elements for the template.
//!
//! In: a diagram and its layout. Out: frames, ways and tables, all text escaped. No scripts, no links.

use std::fmt::Write;

use minijinja::{Value as Context, context};

use super::diagram::{BADGE_WIDTH, Diagram, Entity, HEADER_HEIGHT, PADDING, fitted, row_top};
use super::layout::{Layout, Rect, Route};
use crate::emit::lang::{Code, xml};
use crate::emit::template::{Marked, Marks};
use crate::schema::ObjectId;

/// What the template prints.
pub(super) fn context(diagram: &Diagram, marks: &mut Marks) -> Context {
    let layout = diagram.layout();
    let code = |number: i32| Code::new(number.to_string());
    let has_frames = diagram.groups.iter().filter(|name| !name.is_empty()).count() > 1;
    let groups: Vec<Code> = diagram
        .groups
        .iter()
        .zip(&layout.groups)
        .filter(|(name, frame)| has_frames && !name.is_empty() && frame.width > 0)
        .map(|(name, frame)| Code::new(group(name, frame)))
        .collect();
    let mut ways = Vec::new();
    for (relation, route) in diagram.relations.iter().zip(&layout.routes) {
        let mut text = Marked::default();
        let title = [&*relation.name, " (", &relation.columns.join(", "), ")"].concat();
        let many = !relation.is_unique;
        text.write_for(relation.object, |out| way(out, route, &title, many, relation.is_optional));
        ways.push(text);
    }
    let ways = marks.place_all(ways);
    let tables = marks.place_all(tables(diagram, &layout));
    context! { width => code(layout.width), height => code(layout.height), groups, ways, tables }
}

fn group(name: &str, frame: &Rect) -> String {
    let Rect { x, y, width, height } = frame;
    let mut out = String::new();
    let _ = write!(
        out,
        "<rect class=\"group\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"12\"/>\
         <text class=\"schema\" x=\"{}\" y=\"{}\">{}</text>",
        x + 16,
        y + 24,
        xml::text(&fitted(name, 12.0, width - 32)),
    );
    out
}

/// A way, with a crow's foot where many refer, and a ring where none need be referred to.
fn way(out: &mut String, route: &Route, title: &str, many: bool, optional: bool) {
    let start = route.start;
    let _ = write!(
        out,
        "<g class=\"way\"><title>{}</title><path d=\"M{} {}",
        xml::text(title),
        start.x,
        start.y
    );
    let mut end = start;
    for [one, other, next] in &route.curves {
        let _ = if next.y == end.y && one.y == other.y && one.y == next.y {
            write!(out, "H{}", next.x)
        } else {
            write!(out, "C{} {} {} {} {} {}", one.x, one.y, other.x, other.y, next.x, next.y)
        };
        end = *next;
    }
    let away = if route.leaves_left { -1 } else { 1 };
    let (x, y) = (start.x, start.y);
    let _ = if many {
        write!(out, "M{} {y}L{x} {}M{} {y}L{x} {}", x + 11 * away, y - 5, x + 11 * away, y + 5)
    } else {
        write!(out, "M{} {}v10", x + 7 * away, y - 5)
    };
    let away = if route.arrives_right { 1 } else { -1 };
    let (x, y) = (end.x, end.y);
    if !optional {
        let _ = write!(out, "M{} {}v10", x + 6 * away, y - 5);
    }
    out.push_str("\"/>");
    if optional {
        let _ = write!(out, "<circle cx=\"{}\" cy=\"{y}\" r=\"4\"/>", x + 6 * away);
    }
    out.push_str("</g>\n");
}

fn tables(diagram: &Diagram, layout: &Layout) -> Vec<Marked> {
    let rows = diagram.entities.iter().map(|entity| entity.rows.len()).max().unwrap_or_default();
    let lines: Vec<String> = (0..rows).map(|row| (row_top(row) + 17).to_string()).collect();
    let mut tables = Vec::with_capacity(diagram.entities.len());
    for (entity, place) in diagram.entities.iter().zip(&layout.blocks) {
        let mut text = Marked::default();
        table(&mut text, entity, place, &lines);
        tables.push(text.of(ObjectId::Table(entity.table)));
    }
    tables
}

/// A text at a place within its table.
fn word(out: &mut String, class: &str, [x, y]: [&str; 2], content: &str) {
    let content = xml::text(content);
    out.extend(["<text class=\"", class, "\" x=\"", x, "\" y=\"", y, "\">", &content, "</text>"]);
}

/// A table, whose rows stand on these lines.
fn table(text: &mut Marked, entity: &Entity, place: &Rect, lines: &[String]) {
    let Rect { x, y, width, height } = *place;
    let class = if entity.is_external { "table external" } else { "table" };
    let title = if entity.comment.is_empty() { entity.title() } else { entity.comment.clone() };
    text.write(|out| {
        let _ = writeln!(
            out,
            "<g class=\"{class}\" transform=\"translate({x} {y})\"><title>{}</title>\
             <rect class=\"box\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>\
             <path class=\"head\" d=\"M0 {HEADER_HEIGHT}V8a8 8 0 0 1 8-8H{}a8 8 0 0 1 8 8V{HEADER_HEIGHT}z\"/>\
             <text class=\"name\" x=\"{PADDING}\" y=\"22\">{}</text>",
            xml::text(&title),
            width - 8,
            xml::text(&fitted(&entity.title(), 14.5, width - 2 * PADDING)),
        );
    });
    let [badge_x, name_x, type_x] =
        [PADDING, PADDING + BADGE_WIDTH, width - PADDING].map(|x| x.to_string());
    for (row, line) in entity.rows.iter().zip(lines) {
        let badge = match (row.is_primary, row.is_foreign, row.is_unique) {
            (true, ..) => "PK",
            (_, true, _) => "FK",
            (.., true) => "UQ",
            _ => "",
        };
        let class = if row.is_primary { "column key" } else { "column" };
        let ty = row.type_text();
        let ty = fitted(&ty, 12.0, width / 2);
        let room = width - 2 * PADDING - BADGE_WIDTH - super::diagram::width(&ty, 12.0) - 8;
        let name = fitted(&row.name, 13.0, room);
        text.write_for(row.object, |out| {
            out.push_str("<g>");
            if !row.comment.is_empty() {
                out.extend(["<title>", &xml::text(&row.comment), "</title>"]);
            }
            if !badge.is_empty() {
                word(out, "badge", [&badge_x, line], badge);
            }
            word(out, class, [&name_x, line], &name);
            word(out, "type", [&type_x, line], &ty);
            out.push_str("</g>\n");
        });
    }
    text.write(|out| out.push_str("</g>\n"));
}
