//! Findings for people at a terminal: frames of source with carets, labels, help and fixes.
//!
//! In: findings. Out: text, with ANSI colours where asked for. Shows a bounded number of findings and
//! of each only the lines that matter.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::excerpt::{Excerpt, Place, excerpts};
use super::place::Places;
use super::{message, summary, visible};
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, Label, Severity};
use crate::source::{FileId, PositionEncoding, Sources, Span};

/// Findings that are shown; the rest is counted.
const FINDINGS: usize = 200;

/// How [`rich`] draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RichOptions {
    /// With ANSI escapes.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Default for RichOptions {
    fn default() -> Self {
        Self { color: false, width: 140 }
    }
}

/// All findings with their source, and a last line that counts them. Empty without findings.
pub fn rich(diagnostics: &Diagnostics, sources: &Sources, options: RichOptions) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let renderer = if options.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(options.width.clamp(40, 400));
    let mut places = Places::new(sources, PositionEncoding::Chars);
    let mut out = String::new();
    for finding in diagnostics.iter().take(FINDINGS) {
        out.push_str(&renderer.render(&report(finding, &mut places)));
        out.push_str("\n\n");
    }
    let hidden = diagnostics.iter().count().saturating_sub(FINDINGS);
    if hidden > 0 {
        out.push_str("… and ");
        out.push_str(&hidden.to_string());
        out.push_str(" more\n");
    }
    out.push_str(&summary(diagnostics));
    out.push('\n');
    out
}

fn report<'s>(finding: &'s Diagnostic, places: &mut Places<'s>) -> Vec<Group<'s>> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(message(&finding.message, false)).id(finding.code.as_str());
    let mut group = Group::with_title(title);
    for file in files(finding) {
        group = frames(group, finding, file, places);
    }
    for note in &finding.notes {
        group = group.element(Level::NOTE.message(message(note, true)));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(message(help, true)));
    }
    let fix = finding.fixes.first().and_then(|fix| suggestion(fix, places));
    std::iter::once(group).chain(fix).collect()
}

/// The files of a finding, the primary one first.
fn files(finding: &Diagnostic) -> Vec<FileId> {
    let mut files = vec![finding.primary.span.file];
    for label in &finding.labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
}

fn frames<'s>(
    mut group: Group<'s>,
    finding: &'s Diagnostic,
    file: FileId,
    places: &mut Places<'s>,
) -> Group<'s> {
    let Some(source) = places.source(file) else { return group };
    let labels: Vec<&Label> = std::iter::once(&finding.primary)
        .chain(&finding.labels)
        .filter(|label| label.span.file == file)
        .collect();
    let shown: Vec<Place> = labels.iter().map(|label| place(label.span, places)).collect();
    for excerpt in excerpts(&source.text, &shown) {
        let name = visible(&source.name, false).into_owned();
        let cut = excerpt.cut;
        group = group.element(frame(excerpt, &labels, finding).path(name));
        if cut {
            let (start, _) = places.range(finding.primary.span);
            let column = start.column + 1;
            let text = format!("the line is long and shown in part: column {column} of the file");
            group = group.element(Level::NOTE.message(text));
        }
    }
    group
}

fn frame<'s>(
    excerpt: Excerpt,
    labels: &[&'s Label],
    finding: &Diagnostic,
) -> Snippet<'s, Annotation<'s>> {
    let mut snippet = Snippet::source(excerpt.text).line_start(excerpt.line + 1);
    for (index, range) in &excerpt.places {
        let Some(label) = labels.get(*index) else { continue };
        let kind = if std::ptr::eq(*label, &raw const finding.primary) {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let annotation = kind.span(range.clone());
        let text = message(&label.text, false);
        snippet =
            snippet.annotation(if text.is_empty() { annotation } else { annotation.label(text) });
    }
    snippet
}

fn place(span: Span, places: &mut Places<'_>) -> Place {
    let (start, end) = places.range(span);
    Place { range: span.range(), lines: start.line as usize..=end.line as usize }
}

/// The repair as changed lines; `None` where its edits lie in several places.
fn suggestion<'s>(fix: &'s Fix, places: &mut Places<'s>) -> Option<Group<'s>> {
    let file = fix.edits.first()?.span.file;
    if fix.edits.iter().any(|edit| edit.span.file != file) {
        return None;
    }
    let source = places.source(file)?;
    let shown: Vec<Place> = fix.edits.iter().map(|edit| place(edit.span, places)).collect();
    let title = Level::HELP.secondary_title(message(&fix.title, false));
    let mut group = Group::with_title(title);
    for excerpt in excerpts(&source.text, &shown) {
        let patches: Vec<Patch<'_>> = excerpt
            .places
            .iter()
            .filter_map(|(index, range)| {
                let edit = fix.edits.get(*index)?;
                Some(Patch::new(range.clone(), message(&edit.text, true)))
            })
            .collect();
        let snippet = Snippet::source(excerpt.text).line_start(excerpt.line + 1).patches(patches);
        group = group.element(snippet);
    }
    Some(group)
}
