//! Users' own targets: their templates, over a documented context.
//!
//! In: a request that names template sources, what each is rendered for, and where its files lie. Out:
//! those files, below the request's folder. Templates print nothing that is not quoted, read nothing
//! but the context, and have bounded work and output. What is wrong with one is said at its own line.

pub mod context;
pub mod filters;

use std::io;

use minijinja::value::Serde;
use minijinja::{Environment, Error, ErrorKind, Template, Value, context as values_of};

use super::lang::Code;
use super::output::{File, HEADER, normalize};
use super::{EmitInput, TargetRequest, errors, template};
use crate::diagnostic::{Diagnostics, closest};
use crate::source::{FileId, Source, Span};

/// What requests call it.
pub const NAME: &str = "template";

/// Steps of one file's template: some hundred for each column of a very large schema.
const FUEL: u64 = 20_000_000;
/// Loops within loops, and the like.
const DEPTH: usize = 100;
/// Bytes of one file.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Files of one request.
const MOST_FILES: usize = 20_000;

/// What a template is rendered for: the schema as a whole, or each object of a kind. The first word is
/// what the object is called in the template, the second the list of the schema that holds it.
const EACH: &[(&str, &str)] = &[
    ("schema", ""),
    ("table", "tables"),
    ("view", "views"),
    ("enum", "enums"),
    ("domain", "domains"),
    ("type", "types"),
    ("function", "functions"),
];

/// One entry of `files`.
struct Entry<'a> {
    template: &'a str,
    each: &'a str,
    list: &'a str,
    path: &'a str,
}

/// The files of a request, in the order of its entries and of the schema.
pub(super) fn emit(
    input: &EmitInput<'_>,
    request: &TargetRequest,
    out: &str,
    sink: &mut Diagnostics,
) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    let entries = entries(request, sink);
    if entries.is_empty() {
        return files;
    }
    let environments = match Environments::new() {
        Ok(environments) => environments,
        Err(error) => {
            sink.push(errors::template(&error));
            return files;
        }
    };
    let schema = Value::from(Serde(context::whole(input, sink)));
    for entry in entries {
        let found =
            input.sources.and_then(|all| all.iter().find(|(_, it)| *it.name == *entry.template));
        let Some((id, source)) = found else {
            sink.push(errors::no_template(entry.template));
            continue;
        };
        let objects = objects(&schema, &entry);
        if objects.is_empty() {
            continue;
        }
        let templates = match environments.templates(source, &entry) {
            Ok(templates) => templates,
            Err(error) => {
                sink.push(Failure::Template(error).report(id, source, &entry, out));
                continue;
            }
        };
        for object in objects {
            if files.len() >= MOST_FILES {
                sink.push(errors::custom(
                    Span::NOWHERE,
                    format!("the target writes more than {MOST_FILES} files"),
                ));
                return files;
            }
            match file(&templates, &entry, &schema, object, out) {
                Ok(file) => files.push(file),
                Err(failure) => {
                    sink.push(failure.report(id, source, &entry, out));
                    break;
                }
            }
        }
    }
    files
}

/// The entries that `options.files` says; what is wrong with one is reported.
fn entries<'a>(request: &'a TargetRequest, sink: &mut Diagnostics) -> Vec<Entry<'a>> {
    let list = request.options.get("files").and_then(serde_json::Value::as_array);
    let Some(list) = list.filter(|list| !list.is_empty()) else {
        sink.push(
            errors::custom(Span::NOWHERE, "a target of templates has no `files`".to_owned())
                .help("say `files: [{ template, each, path }]`"),
        );
        return Vec::new();
    };
    let mut entries = Vec::new();
    for entry in list {
        let text = |key: &str| entry.get(key).and_then(serde_json::Value::as_str);
        let (Some(template), Some(path)) = (text("template"), text("path")) else {
            let said = format!("an entry of `files` needs `template` and `path`: {entry}");
            sink.push(errors::custom(Span::NOWHERE, said));
            continue;
        };
        let each = text("each").unwrap_or("schema");
        match EACH.iter().find(|(known, _)| *known == each) {
            Some((each, list)) => entries.push(Entry { template, each, list, path }),
            None => {
                let known: Vec<&str> = EACH.iter().map(|(known, _)| *known).collect();
                sink.push(errors::unknown_each(each, &known));
            }
        }
    }
    entries
}

/// What an entry is rendered for.
fn objects(schema: &Value, entry: &Entry<'_>) -> Vec<Value> {
    if entry.list.is_empty() {
        return vec![schema.clone()];
    }
    let list = schema.get_attr(entry.list).ok();
    list.and_then(|list| list.try_iter().ok()).map_or_else(Vec::new, Iterator::collect)
}

/// Why there is no file.
enum Failure {
    /// The template, or its path, does not render.
    Template(Error),
    /// The path is none below the folder.
    Path(String),
    /// Nobody could tell the file from one of the user's.
    NoHeader,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Template(error)
    }
}

/// What renders paths, and what renders texts.
struct Environments {
    path: Environment<'static>,
    text: Environment<'static>,
}

/// An entry's template, and that of its paths.
struct Templates<'e> {
    path: Template<'e, 'e>,
    text: Template<'e, 'e>,
}

impl Environments {
    fn new() -> Result<Self, Error> {
        let mut text = template::environment(FUEL)?;
        text.set_recursion_limit(DEPTH);
        filters::add(&mut text);
        let mut path = text.clone();
        // Paths are no code: they are checked as a whole.
        path.set_formatter(|out, _, value| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            out.write_str(&text).map_err(Error::from)
        });
        text.set_formatter(|out, _, value| {
            if value.is_number() {
                return out.write_str(&value.to_string()).map_err(Error::from);
            }
            template::print(out, value)
        });
        Ok(Self { path, text })
    }

    /// Reads the templates of an entry, once for all of its files.
    fn templates<'e>(
        &'e self,
        source: &'e Source,
        entry: &Entry<'e>,
    ) -> Result<Templates<'e>, Error> {
        Ok(Templates {
            path: self.path.template_from_named_str("path", entry.path)?,
            text: self.text.template_from_named_str(&source.name, &source.text)?,
        })
    }
}

fn file(
    templates: &Templates<'_>,
    entry: &Entry<'_>,
    schema: &Value,
    object: Value,
    out: &str,
) -> Result<File, Failure> {
    let header = Value::from(Code::new(HEADER));
    let context = values_of! { header, schema };
    let own = Value::from_pairs([(entry.each, object)]);
    let context = values_of! { ..own, ..context };
    let path = rendered(&templates.path, context.clone())?;
    let below = normalize(&path).filter(|below| !below.is_empty());
    let Some(below) = below.filter(|below| !below.contains(char::is_control)) else {
        return Err(Failure::Path(path));
    };
    let text = rendered(&templates.text, context)?;
    let start: String = text.chars().take(900).collect();
    if !start.contains(HEADER) {
        return Err(Failure::NoHeader);
    }
    let path = if out.is_empty() { below } else { format!("{out}/{below}") };
    Ok(File { path, text, target: NAME, provenance: Vec::new() })
}

/// The text of a template, up to a size.
fn rendered(template: &Template<'_, '_>, context: Value) -> Result<String, Error> {
    let mut out = Bounded(Vec::new());
    template.render_captured_to(context, &mut out)?;
    Ok(Code::new(String::from_utf8_lossy(&out.0)).as_str().to_owned())
}

/// Bytes that refuse to become too many.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MOST_BYTES {
            return Err(io::Error::other(format!("more than {MOST_BYTES} bytes come out")));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Failure {
    fn report(
        self,
        id: FileId,
        source: &Source,
        entry: &Entry<'_>,
        out: &str,
    ) -> crate::diagnostic::Diagnostic {
        match self {
            Self::Path(path) => errors::path_outside(NAME, &format!("{out}/{path}")),
            Self::NoHeader => errors::custom(
                Span::new(id, 0..0),
                "the template prints no header, without which its file is never written again"
                    .to_owned(),
            )
            .help("print `{{ header }}` in a comment within the first lines"),
            Self::Template(error) if error.name() == Some("path") => {
                let message =
                    format!("the path `{}` cannot be rendered: {}", entry.path, reason(&error));
                let found = errors::custom(Span::NOWHERE, message);
                match Culprit::of(&error, entry.path, entry.path) {
                    Some(culprit) => found.help(culprit.help()),
                    None => found,
                }
            }
            Self::Template(error) => {
                let (start, line) = line_of(&source.text, error.line().unwrap_or(1));
                let span = |at: usize, length: usize| {
                    Span::new(id, start + at as u32..start + (at + length) as u32)
                };
                match Culprit::of(&error, line, &source.text) {
                    Some(culprit) => {
                        let Culprit { at, word, kind, .. } = &culprit;
                        let message = format!("there is no {kind} `{word}` here");
                        errors::custom(span(*at, word.len()), message).help(culprit.help())
                    }
                    None => {
                        let message =
                            format!("the template cannot be rendered: {}", reason(&error));
                        errors::custom(span(0, line.len()), message)
                    }
                }
            }
        }
    }
}

/// A word of a line that nothing is called.
struct Culprit<'a> {
    at: usize,
    word: &'a str,
    kind: &'static str,
    near: Option<&'static str>,
}

impl<'a> Culprit<'a> {
    /// The word of `line`, of the template `text`, that an error is about, where it is about one.
    fn of(error: &Error, line: &'a str, text: &str) -> Option<Self> {
        match error.kind() {
            ErrorKind::UndefinedError => {
                let fields = || context::FIELDS.iter().map(|(_, name, ..)| *name);
                let names = || fields().chain(EACH.iter().map(|(each, _)| *each)).chain(["header"]);
                let is_known = |word: &str| names().any(|known| known == word);
                let (at, word) = unknown_word(line, text, is_known)?;
                Some(Self { at, word, kind: "field", near: closest(word, names()) })
            }
            ErrorKind::UnknownFilter => {
                let name = error.detail()?.split_whitespace().nth(1)?;
                let at = line.find(name)?;
                let word = line.get(at..at + name.len())?;
                let known = filters::FILTERS.iter().map(|(known, _)| *known);
                Some(Self { at, word, kind: "filter", near: closest(word, known) })
            }
            _ => None,
        }
    }

    fn help(&self) -> String {
        match self.near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "docs/templates.md lists what templates read, and the filters".to_owned(),
        }
    }
}

/// What went wrong, with what caused it.
fn reason(error: &Error) -> String {
    let mut said = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        said = format!("{said}: {cause}");
        source = cause.source();
    }
    said
}

/// Where a line begins, counted from 1, and what stands on it without the spaces around.
fn line_of(text: &str, number: usize) -> (u32, &str) {
    let mut start = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if index + 1 == number {
            let inner = line.trim();
            let indent = line.len() - line.trim_start().len();
            return ((start + indent) as u32, inner);
        }
        start += line.len();
    }
    (0, "")
}

/// The first word within the tags of a line that nothing is called: no field, and nothing that the
/// template itself names.
fn unknown_word<'a>(
    line: &'a str,
    text: &str,
    is_known: impl Fn(&str) -> bool,
) -> Option<(usize, &'a str)> {
    const WORDS: &[&str] = &[
        "if",
        "else",
        "elif",
        "endif",
        "for",
        "in",
        "endfor",
        "not",
        "and",
        "or",
        "is",
        "set",
        "endset",
        "loop",
        "index",
        "index0",
        "first",
        "last",
        "length",
        "none",
        "true",
        "false",
        "defined",
        "undefined",
        "filter",
        "endfilter",
        "with",
        "endwith",
        "recursive",
        "do",
    ];
    let own = declared(text);
    let mut at = 0;
    let mut is_tag = false;
    let mut quote = None;
    while let Some(rest) = line.get(at..) {
        let c = rest.chars().next()?;
        if !is_tag {
            is_tag = rest.starts_with("{{") || rest.starts_with("{%");
            at += if is_tag { 2 } else { c.len_utf8() };
            continue;
        }
        match quote {
            Some(open) => {
                quote = Some(open).filter(|open| *open != c);
                at += c.len_utf8();
            }
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                at += 1;
            }
            None if rest.starts_with("}}") || rest.starts_with("%}") => {
                is_tag = false;
                at += 2;
            }
            None if c == '|' => {
                // The name of a filter.
                let name = rest.get(1..)?.trim_start();
                let end =
                    name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
                at += rest.len() - name.len() + end;
            }
            None if c.is_alphabetic() || c == '_' => {
                let end =
                    rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                let word = rest.get(..end)?;
                if !WORDS.contains(&word) && !own.contains(&word) && !is_known(word) {
                    return Some((at, word));
                }
                at += end;
            }
            None => at += c.len_utf8(),
        }
    }
    None
}

/// The names that a template gives: of loops and of `set`.
fn declared(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for tag in text.split("{%").skip(1) {
        let tag = tag.split("%}").next().unwrap_or_default().trim_matches(['-', '+', ' ']);
        let names_of = tag.strip_prefix("for ").and_then(|rest| rest.split(" in ").next());
        let names_of =
            names_of.or_else(|| tag.strip_prefix("set ").and_then(|rest| rest.split('=').next()));
        names.extend(names_of.into_iter().flat_map(|list| list.split(',')).map(str::trim));
    }
    names
}
