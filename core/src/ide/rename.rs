//! Giving a thing another name, everywhere.
//!
//! In: a workspace, an offset, the new name. Out: edits, or why it cannot be done safely. The renamed
//! schema is compiled before the edits are given: what would bring an error, or change what a view
//! shows, is refused with a reason.

use super::names::{Identity, Lookup, Meaning, Symbol};
use super::occurrences::{self, Occurrence};
use super::place::place;
use super::references::is;
use super::{Project, ask};
use crate::Workspace;
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Severity};
use crate::resolve::{ResolveOptions, Resolved};
use crate::schema::ObjectId;
use crate::sort;
use crate::source::{FileId, LineIndex, PositionEncoding, Source, Sources, Span};
use crate::sql::ident::{MAX_IDENT_BYTES, needs_quotes};

/// The name at `offset`, if the thing that it stands for can be renamed; else why not.
pub fn renamable(project: &Project<'_>, file: FileId, offset: u32) -> Result<Span, String> {
    let lookup = Lookup::new(project);
    thing(&lookup, file, offset).map(|(span, _)| span)
}

/// The edits that name the thing at `offset` `name`, or why that cannot be done.
pub fn rename(
    workspace: &mut Workspace,
    options: &ResolveOptions,
    file: FileId,
    offset: u32,
    name: &str,
) -> Result<Vec<Edit>, String> {
    let edits = ask(workspace, options, |project| edits(project, file, offset, name))?;
    let before = workspace.analyze(options);
    let sources = workspace.sources();
    let mut after = Workspace::new(edited(sources, &edits));
    let analysis = after.analyze(options);
    if let Some(error) = new_error(&before.findings, &analysis.findings) {
        return Err(format!("the schema would have an error: {}", error.message));
    }
    if let Some(view) = changed_view(&before.resolved, &analysis.resolved) {
        return Err(format!(
            "the view `{view}` would show it under the new name: name it there first, with `AS`"
        ));
    }
    Ok(edits)
}

/// The name at `offset`, and the thing that it stands for.
fn thing(lookup: &Lookup<'_>, file: FileId, offset: u32) -> Result<(Span, Identity), String> {
    let nothing = || "nothing that has a name stands here".to_owned();
    let source = lookup.project.sources.get(file).ok_or_else(nothing)?;
    let place = place(file, &source.text, offset as usize).ok_or_else(nothing)?;
    let (span, symbol) = occurrences::at(lookup, &place, offset).ok_or_else(nothing)?;
    let refused = match symbol {
        Symbol::Object(ObjectId::EnumLabel(..)) => Some(
            "a label is a value that rows hold: change it in `values`, and say so in `renames`",
        ),
        Symbol::Object(ObjectId::Namespace(_)) => {
            Some("a PostgreSQL schema is only named: change the name at each of its objects")
        }
        Symbol::Object(ObjectId::Extension(_)) => Some("an extension has the name that it has"),
        Symbol::ViewColumn(..) => {
            Some("this column has its name from the view's query: change it there")
        }
        Symbol::Builtin(_) | Symbol::Type(_) => Some("this comes with PostgreSQL"),
        Symbol::Object(_) | Symbol::Key(_) => None,
    };
    if let Some(reason) = refused {
        return Err(reason.to_owned());
    }
    match lookup.identity(symbol) {
        Some(identity @ Identity::Place(_)) => Ok((span, identity)),
        Some(Identity::Object(_)) | None => Err("this belongs to somebody else".to_owned()),
    }
}

fn edits(
    project: &Project<'_>,
    file: FileId,
    offset: u32,
    name: &str,
) -> Result<Vec<Edit>, String> {
    let lookup = Lookup::new(project);
    let (span, wanted) = thing(&lookup, file, offset)?;
    let old = project.sources.slice(span).trim_matches(['"', '\'']);
    if name.is_empty() || name.len() > MAX_IDENT_BYTES {
        return Err(format!("a name has 1 to {MAX_IDENT_BYTES} bytes"));
    }
    let in_yaml = super::complete::plain(name, true) == name && !name.contains(['.', '\'', '\\']);
    if !in_yaml {
        return Err(format!("`{name}` must be written in quotes: rename by hand"));
    }
    let all = occurrences::all(&lookup);
    let mut edits: Vec<Edit> = Vec::new();
    for occurrence in &all {
        let is_meant = is(&lookup, occurrence, wanted);
        let line = || line_of(project.sources, occurrence.span);
        if is_doubtful(occurrence, old, is_meant) {
            return Err(format!(
                "`{old}` in {} may be this or something else: rename by hand",
                line()
            ));
        }
        if is_meant && occurrence.in_sql && needs_quotes(name) {
            return Err(format!("`{name}` must be quoted in SQL ({}): rename by hand", line()));
        }
        if is_meant {
            edits.push(Edit { span: occurrence.span, text: name.to_owned() });
        }
    }
    edits.dedup_by_key(|edit| edit.span);
    Ok(edits)
}

/// Whether a name may be the old one and nobody can tell.
fn is_doubtful(occurrence: &Occurrence, old: &str, is_meant: bool) -> bool {
    match occurrence.meaning {
        Meaning::Likely(_) => is_meant,
        Meaning::Unclear => occurrence.text == old,
        Meaning::Known(_) | Meaning::Unknown => false,
    }
}

fn line_of(sources: &Sources, span: Span) -> String {
    let Some(source) = sources.get(span.file) else { return String::new() };
    let lines = LineIndex::new(&source.text);
    let line = lines.position(&source.text, span.start, PositionEncoding::Utf8).line;
    format!("line {} of {}", line + 1, source.name)
}

/// The sources with the edits made.
fn edited(sources: &Sources, edits: &[Edit]) -> Sources {
    let mut changed = Sources::new();
    for (file, source) in sources.iter() {
        let mut text = String::new();
        let mut done = 0;
        let mut own: Vec<&Edit> = edits.iter().filter(|edit| edit.span.file == file).collect();
        sort::by_key(&mut own, |edit| edit.span);
        for edit in own {
            text.push_str(source.text.get(done..edit.span.start as usize).unwrap_or_default());
            text.push_str(&edit.text);
            done = edit.span.end as usize;
        }
        text.push_str(source.text.get(done..).unwrap_or_default());
        changed.push(Source::new(source.name.clone(), text));
    }
    changed
}

/// An error that was not there before. The old name may stand in old messages, so they are counted by
/// their codes.
fn new_error<'d>(before: &Diagnostics, after: &'d Diagnostics) -> Option<&'d Diagnostic> {
    let of = |list: &Diagnostics, wanted: &Diagnostic| {
        list.iter().filter(|it| it.severity == Severity::Error && it.code == wanted.code).count()
    };
    let mut errors = after.iter().filter(|it| it.severity == Severity::Error);
    errors.find(|error| of(after, error) > of(before, error))
}

/// A view whose columns have other names than before.
fn changed_view(before: &Resolved, after: &Resolved) -> Option<String> {
    let names = |resolved: &Resolved| -> Vec<(String, Vec<String>)> {
        let views = resolved.schema.views.values();
        views
            .map(|view| {
                let columns = view.columns.iter().map(|column| column.name.to_string());
                (view.name.to_string(), columns.collect())
            })
            .collect()
    };
    let mut pairs = names(before).into_iter().zip(names(after));
    pairs.find(|((_, old), (_, new))| old != new).map(|((name, _), _)| name)
}
