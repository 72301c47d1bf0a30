//! `trigger-unknown-field`: a trigger function that speaks of a column which its table does not have.
//!
//! PL/pgSQL looks `NEW.column` up when the trigger fires: every such write would fail.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::resolve::Resolved;
use crate::schema::{Function, FunctionRef, ObjectId, RelationId, TableId};

/// Looks at the bodies of the functions that triggers run.
pub(super) fn trigger_unknown_field(resolved: &Resolved, sink: &mut Diagnostics) {
    let schema = &resolved.schema;
    for (id, trigger) in schema.triggers.iter() {
        let (FunctionRef::Declared(function), RelationId::Table(table)) =
            (&trigger.function, trigger.on)
        else {
            continue;
        };
        let function = &schema.functions[*function];
        // A function for several tables tells them apart by itself.
        let shared = ["tg_table_name", "tg_relid", "tg_argv"];
        let lower = function.body.text.to_lowercase();
        if function.language != "plpgsql" || shared.iter().any(|word| lower.contains(word)) {
            continue;
        }
        check(resolved, function, table, ObjectId::Trigger(id), sink);
    }
}

fn check(
    resolved: &Resolved,
    function: &Function,
    table: TableId,
    trigger: ObjectId,
    sink: &mut Diagnostics,
) {
    let table = &resolved.schema.tables[table];
    if table.columns.is_empty() {
        return;
    }
    for (name, range) in fields(&function.body.text) {
        if table.column(&name).is_some() {
            continue;
        }
        let trigger_span = resolved.origins.of(trigger);
        let in_body = resolved.origins.expr_span(function.body.id, range.start, range.end);
        let Some(span) = in_body.or(trigger_span) else { continue };
        let message = format!(
            "the table `{}` has no column `{name}`, of which this trigger function speaks",
            table.name
        );
        let mut finding = Diagnostic::new(Code::TriggerUnknownField, span, message)
            .help(format!("add the column `{name}` to `{}`, or correct the function", table.name))
            .note("every write that fires the trigger would fail");
        if let Some(trigger_span) = trigger_span.filter(|trigger_span| *trigger_span != span) {
            finding = finding.label(trigger_span, "the trigger that runs it");
        }
        sink.push(finding);
    }
}

/// The columns in `NEW.column` and `OLD.column`, outside of comments and strings.
fn fields(body: &str) -> Vec<(String, Range<u32>)> {
    let bytes = body.as_bytes();
    let mut found: Vec<(String, Range<u32>)> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = body.get(at..).unwrap_or_default();
        at += match byte {
            b'\'' => 1 + length_to(rest, 1, "'"),
            b'-' if rest.starts_with("--") => length_to(rest, 0, "\n"),
            b'/' if rest.starts_with("/*") => 2 + length_to(rest, 2, "*/"),
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => {
                let word = identifier(rest);
                let after = rest.get(word..).unwrap_or_default();
                let is_row = rest.get(..word).is_some_and(|w| {
                    w.eq_ignore_ascii_case("new") || w.eq_ignore_ascii_case("old")
                });
                if let (true, Some(field)) = (is_row, after.strip_prefix('.')) {
                    let length = identifier(field);
                    let start = (at + word + 1) as u32;
                    let name = field.get(..length).unwrap_or_default().to_lowercase();
                    let known = found.iter().any(|(known, _)| *known == name);
                    if length > 0 && !known {
                        found.push((name, start..start + length as u32));
                    }
                    word + 1 + length
                } else {
                    word
                }
            }
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
    }
    found
}

/// How far it is from byte `from` to behind `end`, or to the end of the text.
fn length_to(text: &str, from: usize, end: &str) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    rest.find(end).map_or(rest.len(), |at| at + end.len())
}

/// How long the identifier is that the text begins with.
fn identifier(text: &str) -> usize {
    text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn finds_fields_outside_of_comments_and_strings() {
        let body = "BEGIN\n  NEW.updated_at := now(); -- NEW.nope\n  x := 'NEW.nope'; /* OLD.nope */\n  IF old.Name <> new.name THEN renew.x := 1; END IF;\nEND";
        let names: Vec<_> = fields(body).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["updated_at", "name"]);
    }
}
