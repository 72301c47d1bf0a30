//! Cases of what editors ask: a schema with a cursor, the question, and the answer below it.
//!
//! In: files under `tests/cases/ide`. Out: cases that can be run, compared and printed with the answer
//! that came. CONTRIBUTING.md describes the format.

use std::fmt::Write;

use schemagen_core::Workspace;
use schemagen_core::ide::{self, Completion, Fold, FoldKind, Project};
use schemagen_core::resolve::ResolveOptions;
use schemagen_core::source::{FileId, LineIndex, PositionEncoding, Sources, Span};

/// Where the cursor is.
const CURSOR: char = '‸';

/// How many completions a case shows.
const SHOWN: usize = 12;

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdeCase {
    /// Unique in its file.
    pub name: String,
    /// `complete`, `hover`, `definition`, …, with an argument or without.
    pub question: String,
    /// Names and texts of the files, one of them with the cursor.
    pub files: Vec<(String, String)>,
    /// The answer's lines.
    pub answer: Vec<String>,
}

/// The cases of a file.
pub fn parse(text: &str) -> Vec<IdeCase> {
    let mut cases: Vec<IdeCase> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("# --- ") {
            let (name, question) = name.rsplit_once(" | ").expect("`# --- name | question`");
            cases.push(IdeCase {
                name: name.to_owned(),
                question: question.to_owned(),
                files: vec![("schema.yaml".to_owned(), String::new())],
                answer: Vec::new(),
            });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(name) = line.strip_prefix("# === ") {
            case.files.push((name.to_owned(), String::new()));
        } else if let Some(answer) = line.strip_prefix("#>") {
            case.answer.push(answer.strip_prefix(' ').unwrap_or(answer).to_owned());
        } else if let Some((_, text)) = case.files.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    // The line break before an answer is the case file's own.
    for (_, text) in cases.iter_mut().flat_map(|case| &mut case.files) {
        let length = text.trim_end_matches('\n').len();
        text.truncate(length);
        text.push('\n');
    }
    cases
}

/// The file that holds the cases.
pub fn print(head: &str, cases: &[IdeCase]) -> String {
    let mut text = head.to_owned();
    for case in cases {
        let _ = writeln!(text, "# --- {} | {}", case.name, case.question);
        for (index, (name, file)) in case.files.iter().enumerate() {
            if index > 0 {
                let _ = writeln!(text, "# === {name}");
            }
            text.push_str(file);
        }
        for line in &case.answer {
            let _ = writeln!(text, "{}", format!("#> {line}").trim_end());
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// What stands above the first case.
pub fn head(text: &str) -> &str {
    text.find("# --- ").map_or(text, |at| &text[..at])
}

impl IdeCase {
    /// The sources without the cursor, and where it was.
    pub fn sources(&self) -> (Sources, FileId, u32) {
        let mut sources = Sources::new();
        let mut cursor = None;
        for (name, text) in &self.files {
            let file = sources.add(name.as_str(), text.replace(CURSOR, "").as_str());
            if let Some(at) = text.find(CURSOR) {
                cursor = Some((file, at as u32));
            }
        }
        let (file, offset) = cursor.unwrap_or((FileId::new(0), 0));
        (sources, file, offset)
    }

    /// The case with the answer that the compiler gives.
    #[must_use]
    pub fn answered(&self) -> Self {
        Self {
            answer: self.ask().lines().map(|line| line.trim_end().to_owned()).collect(),
            ..self.clone()
        }
    }

    fn ask(&self) -> String {
        let (sources, file, offset) = self.sources();
        let text = sources.get(file).map(|source| source.text.clone()).unwrap_or_default();
        let mut workspace = Workspace::new(sources);
        let options = ResolveOptions::default();
        if let Some(name) = self.question.strip_prefix("rename ") {
            return match ide::rename(&mut workspace, &options, file, offset, name) {
                Err(reason) => format!("no: {reason}"),
                Ok(edits) => {
                    let mut lines = String::new();
                    for edit in edits {
                        let at = place(workspace.sources(), edit.span);
                        let _ = writeln!(lines, "{at} → {}", edit.text);
                    }
                    lines
                }
            };
        }
        let answer = |project: &Project<'_>| self.answer(project, file, offset, &text);
        match self.question.as_str() {
            "symbols" | "highlights" => ide::ask_whole(&mut workspace, &options, file, answer),
            _ => ide::ask_typing(&mut workspace, &options, file, offset, answer),
        }
    }

    fn answer(&self, project: &Project<'_>, file: FileId, offset: u32, text: &str) -> String {
        match self.question.as_str() {
            "complete" => {
                let found = ide::complete(project, file, offset);
                let found: Vec<&Completion> =
                    found.iter().filter(|it| fits(it, text, offset)).collect();
                let mut shown: String = found.iter().take(SHOWN).map(|it| completion(it)).collect();
                if found.len() > SHOWN {
                    let _ = writeln!(shown, "… and {} more", found.len() - SHOWN);
                }
                shown
            }
            "hover" => ide::hover(project, file, offset).map_or_else(String::new, |hover| {
                format!("{}\n{}", place(project.sources, hover.span), hover.text)
            }),
            "definition" => ide::definition(project, file, offset)
                .map_or_else(String::new, |span| place(project.sources, span)),
            "references" => {
                let mut lines = String::new();
                for it in ide::references(project, file, offset) {
                    let mark = if it.definition { " (definition)" } else { "" };
                    let _ = writeln!(lines, "{}{mark}", place(project.sources, it.span));
                }
                lines
            }
            "symbols" => {
                let mut lines = String::new();
                outline(&ide::symbols(project, file), project.sources, 0, &mut lines);
                lines
            }
            "objects" => {
                let objects = ide::objects_at(project, file, offset).into_iter();
                let names = objects.map(|object| project.resolved.schema.describe(object));
                names.collect::<Vec<_>>().join("\n")
            }
            "highlights" => {
                let mut lines = String::new();
                for it in ide::highlights(project, file) {
                    let _ =
                        writeln!(lines, "{} {}", place(project.sources, it.span), it.kind.as_str());
                }
                lines
            }
            "folds" => {
                let mut lines = String::new();
                for Fold { first, last, kind } in ide::folds(text) {
                    let kind = match kind {
                        FoldKind::Block => "",
                        FoldKind::Comment => " (comment)",
                        FoldKind::Region => " (region)",
                    };
                    let _ = writeln!(lines, "{}-{}{kind}", first + 1, last + 1);
                }
                lines
            }
            "actions" => {
                let mut lines = String::new();
                for action in ide::actions(project, file, offset) {
                    let _ = writeln!(lines, "{}", action.title);
                    for edit in action.edits {
                        let text = edit.text.replace('\n', "⏎");
                        let _ = writeln!(lines, "  {} → {text}", place(project.sources, edit.span));
                    }
                }
                lines
            }
            other => panic!("there is no question `{other}`"),
        }
    }
}

fn outline(symbols: &[ide::DocumentSymbol], sources: &Sources, depth: usize, lines: &mut String) {
    for symbol in symbols {
        let at = place(sources, symbol.name_span);
        let _ = writeln!(lines, "{}{} {} at {at}", "  ".repeat(depth), symbol.kind, symbol.name);
        outline(&symbol.children, sources, depth + 1, lines);
    }
}

/// Whether an editor would show it: by what is typed before the cursor.
fn fits(completion: &Completion, text: &str, offset: u32) -> bool {
    let start = (completion.edit.span.start as usize).min(offset as usize);
    let typed = text.get(start..offset as usize).unwrap_or_default().to_lowercase();
    completion.label.to_lowercase().starts_with(typed.trim_start_matches(['"', '\'']))
}

fn completion(it: &Completion) -> String {
    let detail = if it.detail.is_empty() { String::new() } else { format!(" ({})", it.detail) };
    let indent = it.indent.as_ref().map(|edit| format!("  [indent {}]", edit.text.len()));
    let text = it.edit.text.replace('\n', "⏎");
    format!("{} {}{detail}: {text}{}\n", it.kind.as_str(), it.label, indent.unwrap_or_default())
}

/// `3:5-9 text`, with the file's name where it is not the first.
pub fn place(sources: &Sources, span: Span) -> String {
    let Some(source) = sources.get(span.file) else { return "nowhere".to_owned() };
    let lines = LineIndex::new(&source.text);
    let at = |offset| lines.position(&source.text, offset, PositionEncoding::Chars);
    let (start, end) = (at(span.start), at(span.end));
    let name = if span.file.index() == 0 { String::new() } else { format!("{} ", source.name) };
    let text = sources.slice(span).replace('\n', "⏎");
    let end = if end.line == start.line { String::new() } else { format!("{}:", end.line + 1) }
        + &(end.column + 1).to_string();
    format!("{name}{}:{}-{end} {text}", start.line + 1, start.column + 1)
}
