//! Diagnostics as the comments that cases hold.
//!
//! In: a diagnostic and its texts. Out: an [`Annotation`]: the line that it stands above, and its
//! comment lines. Expected and actual annotations are compared as text, so the file shows all that is
//! compared. Columns count characters from 1; a range ends before its second column.
//!
//! ```yaml
//! # error[unknown-type] 11-15: there is no type `txet`
//! # label 3:5-9: this place explains it
//! # help: did you mean `text`?
//! # fix: change it to `text`
//!     type: txet
//! ```

use schemagen_core::diagnostic::{Diagnostic, Label, Safety};
use schemagen_core::source::{FileId, LineColumn, LineIndex, PositionEncoding, Sources, Span};

/// A diagnostic of a case, expected or reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// Which file of the case.
    pub file: usize,
    /// The line of the case that it stands above, from 0.
    pub line: usize,
    /// `error[code] columns: message`.
    pub head: String,
    /// `label …`, `help: …`, `note: …`, `fix: …`, in this order.
    pub rest: Vec<String>,
}

impl Annotation {
    /// The code between the brackets.
    pub fn code(&self) -> &str {
        let inside = self.head.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
        inside.map_or("", |(code, _)| code)
    }

    /// Whether a case must list it: notes may be left out.
    pub fn is_required(&self) -> bool {
        !self.head.starts_with("note[")
    }

    /// Whether its author left the message, help and labels to the next update: `error[code] 1-5: ?`.
    pub fn is_open(&self) -> bool {
        self.head.ends_with(": ?")
    }

    /// Whether `actual` is what this expects: all that is written here must be so; help, labels and
    /// fixes that are not written here may be anything.
    pub fn accepts(&self, actual: &Self) -> bool {
        self.file == actual.file
            && self.line == actual.line
            && self.head == actual.head
            && self.rest.iter().all(|line| actual.rest.contains(line))
    }
}

/// The text of an annotation line behind its `#`, or `None` where a line is none.
pub fn annotation_line(line: &str) -> Option<Line<'_>> {
    let text = line.trim_start().strip_prefix("# ")?.trim_end();
    let is_head = ["error[", "warning[", "note["].iter().any(|start| text.starts_with(start));
    let is_rest =
        ["label ", "help: ", "note: ", "fix: ", "safe fix: "].iter().any(|s| text.starts_with(s));
    match (is_head, is_rest) {
        (true, _) => Some(Line::Head(text)),
        (false, true) => Some(Line::Rest(text)),
        (false, false) => None,
    }
}

/// A line of an annotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'t> {
    /// Begins a diagnostic.
    Head(&'t str),
    /// Belongs to the diagnostic above.
    Rest(&'t str),
}

/// Turns diagnostics into annotations; keeps the line index of each text.
#[derive(Debug)]
pub struct Annotator<'s> {
    sources: &'s Sources,
    indexes: Vec<LineIndex>,
}

impl<'s> Annotator<'s> {
    /// Reads the texts once.
    pub fn new(sources: &'s Sources) -> Self {
        let indexes = sources.iter().map(|(_, source)| LineIndex::new(&source.text)).collect();
        Self { sources, indexes }
    }

    /// The annotation of one diagnostic.
    pub fn annotate(&self, diagnostic: &Diagnostic) -> Annotation {
        let span = diagnostic.primary.span;
        let severity = diagnostic.severity.as_str();
        let (code, message) = (diagnostic.code, one_line(&diagnostic.message));
        let (file, line, place) = match self.place(span) {
            Some((start, end)) => {
                (span.file.index(), start.line as usize, columns(start, end, start.line))
            }
            None => (0, 0, "nowhere".to_owned()),
        };
        let head = format!("{severity}[{code}] {place}: {message}");
        let mut rest = Vec::new();
        if !diagnostic.primary.text.is_empty() {
            rest.push(format!("label here: {}", one_line(&diagnostic.primary.text)));
        }
        rest.extend(diagnostic.labels.iter().map(|label| self.label(label, span.file)));
        rest.extend(diagnostic.help.iter().map(|help| format!("help: {}", one_line(help))));
        rest.extend(diagnostic.notes.iter().map(|note| format!("note: {}", one_line(note))));
        rest.extend(diagnostic.fixes.iter().map(|fix| match fix.safety {
            Safety::Safe => format!("safe fix: {}", one_line(&fix.title)),
            Safety::Suggestion => format!("fix: {}", one_line(&fix.title)),
        }));
        Annotation { file, line, head, rest }
    }

    /// One line for a report: `file:line: head`.
    pub fn summary(&self, diagnostic: &Diagnostic) -> String {
        let annotation = self.annotate(diagnostic);
        let file = self.sources.get(diagnostic.primary.span.file);
        let file = file.map_or("", |file| file.name.as_ref());
        format!("{file}:{}: {}", annotation.line + 1, annotation.head)
    }

    fn label(&self, label: &Label, primary_file: FileId) -> String {
        let text = one_line(&label.text);
        let Some((start, end)) = self.place(label.span) else {
            return format!("label nowhere: {text}");
        };
        let file = match self.sources.get(label.span.file) {
            Some(source) if label.span.file != primary_file => format!("{} ", source.name),
            _ => String::new(),
        };
        let line = start.line + 1;
        format!("label {file}{line}:{}: {text}", columns(start, end, start.line))
    }

    fn place(&self, span: Span) -> Option<(LineColumn, LineColumn)> {
        let text = &self.sources.get(span.file)?.text;
        let index = self.indexes.get(span.file.index())?;
        let at = |offset| index.position(text, offset, PositionEncoding::Chars);
        Some((at(span.start), at(span.end)))
    }
}

/// `14-20`, `14` for an empty range, `14-+2:5` for one that ends two lines further down.
fn columns(start: LineColumn, end: LineColumn, line: u32) -> String {
    let first = start.column + 1;
    if end == start {
        first.to_string()
    } else if end.line == line {
        format!("{first}-{}", end.column + 1)
    } else {
        format!("{first}-+{}:{}", end.line - line, end.column + 1)
    }
}

fn one_line(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}
