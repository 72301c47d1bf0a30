//! SQL inside the schema: its occurrences, their places, and the checks that need the whole schema.

use std::ops::Range;
use std::sync::Arc;

use smol_str::SmolStr;

use super::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::{SqlText, TABLE_PLACEHOLDER};
use crate::schema::ExprOrigin;
use crate::source::{Sources, Span, TextMap};
use crate::sql::{ExprId, ParsedBody, Reading, SqlBody, SqlExpr};
use crate::syntax;

/// The SQL of an occurrence, with `{table}` replaced where it stands in a mixin.
pub(super) fn instantiated(written: &SqlText) -> SmolStr {
    match &written.instance {
        Some(instance) => instance.apply_sql(written.text()),
        None => written.text().clone(),
    }
}

/// From the characters of an occurrence to the file; `None` where the scalar could not be aligned.
fn text_map(sources: &Sources, written: &SqlText) -> Option<TextMap> {
    if written.instance.as_ref().is_some_and(|instance| instance.built_in) {
        return None;
    }
    let source = sources.get(written.span.file)?;
    let map = syntax::text_map(&source.text, written.span, &written.scalar)?;
    let Some(instance) = &written.instance else { return Some(map) };
    if !written.text().contains(TABLE_PLACEHOLDER) {
        return Some(map);
    }
    let mut replaced = TextMap::new(written.span.file);
    let mut done = 0;
    for (at, name) in instance.in_sql(written.text()) {
        let (start, end) = (at as u32, (at + TABLE_PLACEHOLDER.len()) as u32);
        replaced.push_map(&map.slice(done..start));
        let original = map.up(start..end);
        replaced.push_atom(name.len() as u32, original.start..original.end);
        done = end;
    }
    replaced.push_map(&map.slice(done..map.len()));
    Some(replaced)
}

/// The place of bytes `range` of an occurrence's SQL.
pub(super) fn place(sources: &Sources, written: &SqlText, range: Range<u32>) -> Span {
    match text_map(sources, written) {
        Some(map) => map.up(range),
        None => written.span,
    }
}

fn origin(cx: &Resolver<'_>, written: &SqlText) -> ExprOrigin {
    let via = written.instance.as_ref().map(|instance| instance.via);
    ExprOrigin { scalar: written.span, map: text_map(cx.sources, written), via }
}

/// Notes an expression and where it stands. It is checked later, when everything is known.
pub(super) fn expr(cx: &mut Resolver<'_>, written: &SqlText) -> SqlExpr {
    let origin = origin(cx, written);
    let id = cx.origins.add_expr(origin);
    let text = instantiated(written);
    let reading = cx.exprs.expr(&text);
    let tree = read(cx, id, &text, reading);
    SqlExpr::new(text, id).with_tree(tree)
}

/// Notes the check of a domain, in which `VALUE` is the value.
pub(super) fn domain_check(cx: &mut Resolver<'_>, written: &SqlText) -> SqlExpr {
    let origin = origin(cx, written);
    let id = cx.origins.add_expr(origin);
    let text = instantiated(written);
    let reading = cx.exprs.domain_check(&text);
    let tree = read(cx, id, &text, reading);
    SqlExpr::new(text, id).with_tree(tree)
}

/// An expression that sugar stands for, written at `span`.
pub(super) fn made(cx: &mut Resolver<'_>, text: SmolStr, span: Span) -> SqlExpr {
    let id = cx.origins.add_expr(ExprOrigin { scalar: span, map: None, via: None });
    let tree = cx.exprs.expr(&text).parsed();
    SqlExpr::new(text, id).with_tree(tree)
}

/// Notes a function's body and where it stands; reads it where it is SQL.
pub(super) fn body(cx: &mut Resolver<'_>, written: &SqlText, language: &str) -> SqlBody {
    let origin = origin(cx, written);
    let id = cx.origins.add_expr(origin);
    let text = instantiated(written);
    let parsed = if language.eq_ignore_ascii_case("sql") {
        let reading = cx.exprs.statements(&text);
        read(cx, id, &text, reading).map(ParsedBody::Statements)
    } else {
        None
    };
    SqlBody::new(text, id).with_parsed(parsed)
}

/// Notes a view's query and where it stands.
pub(super) fn query(cx: &mut Resolver<'_>, written: &SqlText) -> SqlBody {
    let origin = origin(cx, written);
    let id = cx.origins.add_expr(origin);
    let text = instantiated(written);
    let reading = cx.exprs.query(&text);
    let parsed = read(cx, id, &text, reading).map(ParsedBody::Query);
    SqlBody::new(text, id).with_parsed(parsed)
}

/// What a shell has for a query until the views are resolved.
pub(super) fn nothing() -> SqlBody {
    SqlBody::new(SmolStr::default(), ExprId::new(0))
}

/// What was read; reports why nothing was.
fn read<T>(cx: &mut Resolver<'_>, id: ExprId, text: &str, reading: Reading<T>) -> Option<Arc<T>> {
    match reading {
        Reading::Parsed(tree) => Some(tree),
        Reading::Unknown { message, offset } => {
            let note = format!("the checker says: {message}");
            let finding = finding(
                cx,
                Code::SqlNotChecked,
                id,
                character(text, offset),
                "this SQL is beyond what can be checked here; it is emitted as written".to_owned(),
            );
            if let Some(finding) = finding {
                cx.report(
                    finding.help("run `schemagen verify` to have PostgreSQL check it").note(note),
                );
            }
            None
        }
        Reading::Wrong { message, offset, help } => {
            if let Some(finding) =
                finding(cx, Code::SqlSyntax, id, character(text, offset), message)
            {
                cx.report(match help {
                    Some(help) => finding.help(help),
                    None => finding,
                });
            }
            None
        }
    }
}

/// The character at an offset, so that there is something to point at; the last one at the end.
fn character(text: &str, offset: u32) -> Range<u32> {
    let mut at = (offset as usize).min(text.len());
    if at >= text.trim_end().len() {
        at = text.trim_end().char_indices().next_back().map_or(0, |(at, _)| at);
    }
    let length = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    at as u32..(at + length) as u32
}

/// A finding at bytes `range` of an expression, with the use of the mixin that it stands in.
pub(super) fn finding(
    cx: &Resolver<'_>,
    code: Code,
    id: ExprId,
    range: Range<u32>,
    message: String,
) -> Option<Diagnostic> {
    let span = cx.origins.expr_span(id, range.start, range.end)?;
    let scalar = cx.origins.expr(id).map_or(span, |origin| origin.scalar);
    let span = if span.range().is_empty() { scalar } else { span };
    let finding = Diagnostic::new(code, span, message);
    Some(match cx.origins.expr(id).and_then(|origin| origin.via) {
        Some(via) if via != span => finding.label(via, "the mixin is used here"),
        _ => finding,
    })
}

/// The columns that an expression names.
pub(super) fn columns_of(expr: &SqlExpr) -> Vec<SmolStr> {
    let mut columns: Vec<SmolStr> = Vec::new();
    for column in expr.tree.iter().flat_map(|tree| &tree.refs().columns) {
        if !columns.contains(&column.name) {
            columns.push(column.name.clone());
        }
    }
    columns
}

/// What PostgreSQL calls an index key that is an expression (`FigureIndexColname`).
pub(super) fn figure_name(expr: &SqlExpr) -> Option<SmolStr> {
    expr.tree.as_ref().and_then(|tree| tree.name().cloned())
}
