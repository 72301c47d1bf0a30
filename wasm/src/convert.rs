//! Core's types to their mirrors and back. The only place here that turns byte offsets into lines and
//! columns.

use std::cell::OnceCell;
use std::ops::Range;

use rustc_hash::FxHashMap;
use schemagen_core::diagnostic::{self, Code, Diagnostics, Safety};
use schemagen_core::emit::{self, OptionInfo, OptionKind, TargetInfo, TargetRequest};
use schemagen_core::schema::ObjectId;
use schemagen_core::source::{LineColumn, LineIndex, PositionEncoding, Sources, Span};
use schemagen_core::{Compilation, CompileOptions, Resolved, ddl};
use serde_json::Value;
use wasm_bindgen::{JsError, JsValue};

use crate::types;

/// The sources of one call, with the lines of those that were asked for.
pub(crate) struct Places<'a> {
    sources: &'a Sources,
    lines: Vec<OnceCell<LineIndex>>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(sources: &'a Sources) -> Self {
        Self { sources, lines: sources.iter().map(|_| OnceCell::new()).collect() }
    }

    /// The place of `span`; `None` for [`Span::NOWHERE`].
    pub(crate) fn location(&self, span: Span) -> Option<types::Location> {
        let file = self.sources.get(span.file)?.name.to_string();
        Some(types::Location { file, range: self.range(span)? })
    }

    /// The place of `span` in its file.
    pub(crate) fn range(&self, span: Span) -> Option<types::Range> {
        let source = self.sources.get(span.file)?;
        let lines = self.lines.get(span.file.index())?.get_or_init(|| LineIndex::new(&source.text));
        let position = |offset| {
            let at = lines.position(&source.text, offset, PositionEncoding::Utf16);
            types::Position { line: at.line, column: at.column }
        };
        Some(types::Range { start: position(span.start), end: position(span.end) })
    }

    /// The span of `range` in the source named `file`; [`Span::NOWHERE`] where there is no such source.
    pub(crate) fn span(&self, file: &str, range: types::Range) -> Span {
        let Some((id, source)) = self.sources.iter().find(|(_, source)| *source.name == *file)
        else {
            return Span::NOWHERE;
        };
        let Some(lines) = self.lines.get(id.index()) else { return Span::NOWHERE };
        let lines = lines.get_or_init(|| LineIndex::new(&source.text));
        let offset = |at: types::Position| {
            let at = LineColumn { line: at.line, column: at.column };
            lines.offset(&source.text, at, PositionEncoding::Utf16)
        };
        let (start, end) = (offset(range.start), offset(range.end));
        Span::new(id, start..end.max(start))
    }

    pub(crate) fn diagnostics(&self, list: Diagnostics) -> Vec<types::Diagnostic> {
        list.into_iter().map(|diagnostic| self.diagnostic(diagnostic)).collect()
    }

    fn diagnostic(&self, from: diagnostic::Diagnostic) -> types::Diagnostic {
        let (file, range) = split(self.location(from.primary.span));
        types::Diagnostic {
            code: from.code.as_str().to_owned(),
            severity: severity(from.severity),
            message: from.message,
            file,
            range,
            text: Some(from.primary.text).filter(|text| !text.is_empty()),
            labels: from.labels.into_iter().filter_map(|label| self.label(label)).collect(),
            help: from.help,
            notes: from.notes,
            fixes: from.fixes.into_iter().map(|fix| self.fix(fix)).collect(),
        }
    }

    fn label(&self, from: diagnostic::Label) -> Option<types::Label> {
        let types::Location { file, range } = self.location(from.span)?;
        Some(types::Label { file, range, text: from.text })
    }

    fn fix(&self, from: diagnostic::Fix) -> types::Fix {
        types::Fix {
            title: from.title,
            safe: from.safety == Safety::Safe,
            edits: from.edits.into_iter().filter_map(|edit| self.edit(edit)).collect(),
        }
    }

    pub(crate) fn edit(&self, from: diagnostic::Edit) -> Option<types::Edit> {
        let types::Location { file, range } = self.location(from.span)?;
        Some(types::Edit { file, range, text: from.text })
    }

    pub(crate) fn compilation(
        &self,
        from: Compilation,
    ) -> Result<types::CompileResult, serde_wasm_bindgen::Error> {
        let Compilation { files, diagnostics, analysis } = from;
        let resolved = &analysis.resolved;
        let ok = !diagnostics.has_errors();
        // A warning that the host made an error comes after the files were made.
        let files = if ok { files } else { Vec::new() };
        let (objects, entries) = self.provenance(&files, resolved)?;
        let file = |(file, entries): (emit::File, _)| types::OutputFile {
            path: file.path,
            text: js_sys::Uint8Array::from(file.text.as_bytes()),
            target: file.target.to_owned(),
            provenance: types::PackedProvenance { objects: objects.clone(), entries },
        };
        let files = files.into_iter().zip(entries).map(file).collect();
        Ok(types::CompileResult { ok, files, diagnostics: self.diagnostics(diagnostics) })
    }

    /// The objects that `files` say, each once, and the entries of each file.
    fn provenance(
        &self,
        files: &[emit::File],
        resolved: &Resolved,
    ) -> Result<(JsValue, Vec<js_sys::Uint32Array>), serde_wasm_bindgen::Error> {
        let mut positions: FxHashMap<ObjectId, u32> = FxHashMap::default();
        let (mut words, mut places): (Vec<String>, Vec<u32>) = (Vec::new(), Vec::new());
        let mut position = |object| {
            *positions.entry(object).or_insert_with(|| {
                words.push(resolved.schema.describe(object));
                let place = resolved.origins.of(object);
                places.extend(match place.and_then(|span| Some((span.file, self.range(span)?))) {
                    Some((file, types::Range { start, end })) => {
                        [file.index() as u32, start.line, start.column, end.line, end.column]
                    }
                    None => [u32::MAX, 0, 0, 0, 0],
                });
                words.len() as u32 - 1
            })
        };
        let mut entry = |it: &emit::Provenance| {
            [it.lines.start, it.lines.end.saturating_sub(1), position(it.object)]
        };
        let mut entries = Vec::with_capacity(files.len());
        for file in files {
            let numbers: Vec<u32> = file.provenance.iter().flat_map(&mut entry).collect();
            entries.push(js_sys::Uint32Array::from(numbers.as_slice()));
        }
        let objects = types::PackedObjects {
            words: words.join("\0"),
            sources: self.sources.iter().map(|(_, source)| source.name.to_string()).collect(),
            places: js_sys::Uint32Array::from(places.as_slice()),
        };
        Ok((serde_wasm_bindgen::to_value(&objects)?, entries))
    }

    pub(crate) fn statements(
        &self,
        list: &[ddl::Statement],
        resolved: &Resolved,
        diagnostics: Diagnostics,
    ) -> types::StatementsResult {
        let ok = !diagnostics.has_errors();
        let statements = list.iter().map(|it| self.statement(it, resolved)).collect();
        types::StatementsResult { ok, statements, diagnostics: self.diagnostics(diagnostics) }
    }

    fn statement(&self, from: &ddl::Statement, resolved: &Resolved) -> types::Statement {
        let fragment = |fragment: &ddl::Fragment| {
            let length = fragment.range.end - fragment.range.start;
            let span = resolved.origins.expr_span(fragment.expr, 0, length)?;
            let types::Location { file, range } = self.location(span)?;
            let start = utf16_units(&from.text, fragment.range.start);
            let end = utf16_units(&from.text, fragment.range.end);
            Some(types::Fragment { start, end, file, range })
        };
        let (file, range) = self.origin(resolved, from.object);
        types::Statement {
            sql: from.text.clone(),
            object: resolved.schema.describe(from.object),
            file,
            range,
            fragments: from.fragments.iter().filter_map(fragment).collect(),
        }
    }

    /// Where UTF-16 units `units` of a statement were written, as far as one fragment holds them.
    pub(crate) fn locate(
        &self,
        statement: &ddl::Statement,
        resolved: &Resolved,
        units: Range<u32>,
    ) -> Option<types::Location> {
        let start = byte_offset(&statement.text, units.start);
        let end = byte_offset(&statement.text, units.end);
        let fragment = statement.fragments.iter().find(|it| it.range.contains(&start))?;
        let within = |at: u32| at.min(fragment.range.end) - fragment.range.start;
        self.location(resolved.origins.expr_span(fragment.expr, within(start), within(end))?)
    }

    fn origin(
        &self,
        resolved: &Resolved,
        object: ObjectId,
    ) -> (Option<String>, Option<types::Range>) {
        split(resolved.origins.of(object).and_then(|span| self.location(span)))
    }

    /// A diagnostic that the host made or kept, for rendering.
    pub(crate) fn read(&self, code: Code, from: types::Diagnostic) -> diagnostic::Diagnostic {
        let span = match (&from.file, from.range) {
            (Some(file), Some(range)) => self.span(file, range),
            _ => Span::NOWHERE,
        };
        let label = |label: types::Label| diagnostic::Label {
            span: self.span(&label.file, label.range),
            text: label.text,
        };
        let edit = |edit: types::Edit| diagnostic::Edit {
            span: self.span(&edit.file, edit.range),
            text: edit.text,
        };
        let fix = |fix: types::Fix| diagnostic::Fix {
            title: fix.title,
            safety: if fix.safe { Safety::Safe } else { Safety::Suggestion },
            edits: fix.edits.into_iter().map(edit).collect(),
        };
        diagnostic::Diagnostic {
            code,
            severity: match from.severity {
                types::Severity::Error => diagnostic::Severity::Error,
                types::Severity::Warning => diagnostic::Severity::Warning,
                types::Severity::Note => diagnostic::Severity::Note,
            },
            message: from.message,
            primary: diagnostic::Label { span, text: from.text.unwrap_or_default() },
            labels: from.labels.into_iter().map(label).collect(),
            help: from.help,
            notes: from.notes,
            fixes: from.fixes.into_iter().map(fix).collect(),
        }
    }
}

/// How many UTF-16 units the first `bytes` of `text` are.
fn utf16_units(text: &str, bytes: u32) -> u32 {
    text.get(..bytes as usize).unwrap_or(text).encode_utf16().count() as u32
}

/// Where the `units`-th UTF-16 unit of `text` begins; its end for more than there are.
fn byte_offset(text: &str, units: u32) -> u32 {
    let mut left = units as usize;
    for (at, character) in text.char_indices() {
        if left == 0 {
            return at as u32;
        }
        left = left.saturating_sub(character.len_utf16());
    }
    text.len() as u32
}

/// What the host wants to be checked.
pub(crate) fn options(from: types::CheckOptions) -> Result<CompileOptions, JsError> {
    let mut options = CompileOptions::default();
    if let Some(version) = from.target_version {
        options.resolve.target_version = version;
    }
    if let Some(schemas) = from.exposed_schemas {
        options.resolve.exposed_schemas = schemas;
    }
    for (code, level) in from.severities.unwrap_or_default() {
        let severity = match level {
            types::Level::Off => None,
            types::Level::Note => Some(diagnostic::Severity::Note),
            types::Level::Warning => Some(diagnostic::Severity::Warning),
            types::Level::Error => Some(diagnostic::Severity::Error),
        };
        options.severities.insert(find_code(&code)?, severity);
    }
    Ok(options)
}

/// The code of this name.
pub(crate) fn find_code(name: &str) -> Result<Code, JsError> {
    Code::find(name).ok_or_else(|| JsError::new(&format!("there is no code `{name}`")))
}

/// Statements as one text.
pub(crate) fn script(statements: &[ddl::Statement]) -> String {
    statements.iter().flat_map(|statement| [&*statement.text, ";\n\n"]).collect()
}

/// A target that the host wants.
pub(crate) fn request(from: types::TargetRequest) -> TargetRequest {
    TargetRequest { target: from.target, out: from.out, options: from.options }
}

/// A place as the two optional fields that the mirrors have.
fn split(location: Option<types::Location>) -> (Option<String>, Option<types::Range>) {
    location.map_or((None, None), |at| (Some(at.file), Some(at.range)))
}

pub(crate) fn code(from: Code) -> types::CodeInfo {
    types::CodeInfo {
        code: from.as_str().to_owned(),
        severity: severity(from.severity()),
        docs: from.docs().to_owned(),
    }
}

fn severity(from: diagnostic::Severity) -> types::Severity {
    match from {
        diagnostic::Severity::Error => types::Severity::Error,
        diagnostic::Severity::Warning => types::Severity::Warning,
        diagnostic::Severity::Note => types::Severity::Note,
    }
}

pub(crate) fn target(from: &TargetInfo) -> types::TargetInfo {
    types::TargetInfo {
        name: from.name.to_owned(),
        title: from.title.to_owned(),
        docs: from.docs.to_owned(),
        default_out: from.default_out.to_owned(),
        options: from.options.iter().map(option).collect(),
    }
}

fn option(from: &OptionInfo) -> types::OptionInfo {
    let (kind, choices, default) = match from.kind {
        OptionKind::Flag { default } => ("flag", None, Value::Bool(default)),
        OptionKind::Choice(words) => {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            ("choice", Some(words), from.kind.default())
        }
        OptionKind::Text { default } => ("text", None, Value::from(default)),
        OptionKind::Numbers => ("numbers", None, from.kind.default()),
    };
    types::OptionInfo {
        name: from.name.to_owned(),
        docs: from.docs.to_owned(),
        kind,
        choices,
        default,
    }
}
