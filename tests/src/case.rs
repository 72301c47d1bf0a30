//! Files of many cases: the reader and the writer.
//!
//! In: the text of a file of `tests/cases/errors`. Out: its [`Case`]s, with the annotations cut out,
//! so that they may stand inside block scalars and change nothing of what is compiled. Writing gives
//! the same text back.
//!
//! `# --- name` begins a case, `# options: {…}` gives it options, `# === name.yaml` begins a further
//! file of it.

use std::fmt::Write as _;

use serde_json::Value;

use crate::annotate::{Annotation, Line, annotation_line};

const CASE: &str = "# --- ";
const FILE: &str = "# === ";
const OPTIONS: &str = "# options: ";

/// A file of cases.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// The comment before the first case, as it stands.
    pub preamble: String,
    /// The cases.
    pub cases: Vec<Case>,
}

/// One input and what is to be said of it.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it is about; unique.
    pub name: String,
    /// Compile options, as in [`crate::compiler::Settings`].
    pub options: Option<Value>,
    /// The files that are compiled together: name and text, annotations cut out.
    pub files: Vec<(String, String)>,
    /// What is expected.
    pub annotations: Vec<Annotation>,
}

impl CaseFile {
    /// Reads a file of cases.
    ///
    /// # Panics
    /// Where an annotation belongs to nothing or the options are no JSON.
    pub fn parse(text: &str) -> Self {
        let mut preamble = String::new();
        let mut cases: Vec<Case> = Vec::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix(CASE) {
                cases.push(Case::new(name.trim()));
            } else if let Some(case) = cases.last_mut() {
                case.read_line(line);
            } else {
                preamble.push_str(line);
                preamble.push('\n');
            }
        }
        for case in &mut cases {
            case.trim();
        }
        Self { preamble, cases }
    }

    /// The text that [`CaseFile::parse`] reads.
    pub fn print(&self) -> String {
        let mut out = self.preamble.clone();
        for (index, case) in self.cases.iter().enumerate() {
            if index > 0 {
                out.push('\n');
            }
            out.push_str(&case.print());
        }
        out
    }
}

impl Case {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            options: None,
            files: vec![("schema.yaml".to_owned(), String::new())],
            annotations: Vec::new(),
        }
    }

    fn read_line(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix(FILE) {
            self.trim_last_file();
            self.files.push((name.trim().to_owned(), String::new()));
            return;
        }
        if let Some(options) = line.strip_prefix(OPTIONS) {
            let options = serde_json::from_str(options)
                .unwrap_or_else(|error| panic!("case `{}`: options: {error}", self.name));
            self.options = Some(options);
            return;
        }
        let file = self.files.len() - 1;
        let (_, text) = self.files.last_mut().expect("a case has a file");
        match annotation_line(line) {
            Some(Line::Head(head)) => self.annotations.push(Annotation {
                file,
                line: text.lines().count(),
                head: head.to_owned(),
                rest: Vec::new(),
            }),
            Some(Line::Rest(rest)) => match self.annotations.last_mut() {
                Some(annotation) => annotation.rest.push(rest.to_owned()),
                None => panic!("case `{}`: `{rest}` belongs to no diagnostic", self.name),
            },
            None => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }

    /// Drops the blank line that separates a file from what follows it.
    fn trim_last_file(&mut self) {
        if let Some((_, text)) = self.files.last_mut()
            && text.ends_with("\n\n")
        {
            text.pop();
        }
    }

    fn trim(&mut self) {
        self.trim_last_file();
    }

    /// The case as it stands in its file.
    pub fn print(&self) -> String {
        let mut out = format!("{CASE}{}\n", self.name);
        if let Some(options) = &self.options {
            let _ = writeln!(out, "{OPTIONS}{options}");
        }
        for (index, (name, text)) in self.files.iter().enumerate() {
            if index > 0 {
                let _ = writeln!(out, "{FILE}{name}");
            }
            let lines: Vec<&str> = text.lines().collect();
            for (at, line) in lines.iter().enumerate() {
                self.print_annotations(index, at, indentation(line), &mut out);
                out.push_str(line);
                out.push('\n');
            }
            self.print_annotations(index, lines.len(), "", &mut out);
        }
        out
    }

    fn print_annotations(&self, file: usize, line: usize, indent: &str, out: &mut String) {
        let here = self.annotations.iter().filter(|a| a.file == file && a.line == line);
        for annotation in here {
            for text in std::iter::once(&annotation.head).chain(&annotation.rest) {
                let _ = writeln!(out, "{indent}# {text}");
            }
        }
    }
}

fn indentation(line: &str) -> &str {
    let end = line.len() - line.trim_start_matches(' ').len();
    line.get(..end).unwrap_or_default()
}
