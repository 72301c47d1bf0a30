//! What could be typed at the cursor.
//!
//! In: a project and an offset. Out: [`Completion`]s in the order in which to show them, each with the
//! text that makes valid YAML of it, in block and in flow style. Nothing is filtered by what is typed
//! already, except PostgreSQL's own functions, of which there are thousands.

use std::cmp::Ordering;

use smol_str::SmolStr;

use super::Project;
use super::candidates::{self, Candidate, CompletionKind, escaped};
use super::complete_sql;
use super::cursor::{Layout, Role, said, unquoted};
use super::describe;
use super::names::{Lookup, Symbol};
use super::place::{Expect, Place, flat, item, place, scalars};
use crate::diagnostic::Edit;
use crate::grammar::{ArgumentDef, FunctionDef, Key, Kind, Record, ReturnsDef};
use crate::schema::ObjectId;
use crate::sort;
use crate::source::{FileId, Span};
use crate::sql::BaseType;

/// Something that could be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is shown, and what typed letters are compared with.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// One line beside the label: a type, a signature. May be empty.
    pub detail: String,
    /// What it means, in Markdown. May be empty.
    pub docs: String,
    /// What to write where. A snippet in the editors' syntax: `$0` and `${1:10}` are places to go to, `\$`
    /// is a dollar sign. Line breaks are followed by the indentation that they need.
    pub edit: Edit,
    /// Mends the indentation of the line, where it is not that of its neighbours.
    pub indent: Option<Edit>,
}

/// What could be typed at `offset` of `file`.
pub fn complete(project: &Project<'_>, file: FileId, offset: u32) -> Vec<Completion> {
    let Some(source) = project.sources.get(file) else { return Vec::new() };
    let Some(place) = place(file, &source.text, offset as usize) else { return Vec::new() };
    let lookup = Lookup::new(project);
    let writer = Writer { place: &place, text: &source.text };
    let mut found = Vec::new();
    match place.cursor.role {
        Role::Key | Role::NewKey => writer.keys(&lookup, &place.expects, "", &mut found),
        Role::Value => {
            writer.values(&lookup, offset, "", &place.expects, &mut found);
            writer.maps(&mut found);
        }
        Role::Start => {
            writer.keys(&lookup, &place.expects, "", &mut found);
            let items = item(&place.expects);
            if items.is_empty() {
                writer.values(&lookup, offset, "", &place.expects, &mut found);
            } else {
                writer.keys(&lookup, &items, "- ", &mut found);
                writer.values(&lookup, offset, "- ", &items, &mut found);
            }
        }
    }
    // A key that nobody has typed yet is a thing without a name.
    found.retain(|completion| !completion.label.is_empty());
    found
}

/// Writes completions for one place.
struct Writer<'a> {
    place: &'a Place,
    text: &'a str,
}

/// How a value is usually begun.
enum Shape {
    Scalar,
    Scalars,
    Maps,
    Map,
}

fn shape(kind: Kind) -> Shape {
    match kind {
        Kind::Record(record) if record.short.is_some() => Shape::Scalar,
        Kind::Record(_) | Kind::Map(_) => Shape::Map,
        Kind::List(item) => match shape(item()) {
            Shape::Scalar => Shape::Scalars,
            Shape::Scalars | Shape::Maps | Shape::Map => Shape::Maps,
        },
        Kind::Either(kinds) => kinds.first().map_or(Shape::Scalar, |kind| shape(kind())),
        Kind::Text
        | Kind::Name(_)
        | Kind::Bool
        | Kind::Int
        | Kind::Sql
        | Kind::Body
        | Kind::Type
        | Kind::Scalar
        | Kind::Word(_) => Shape::Scalar,
    }
}

impl Writer<'_> {
    fn layout(&self) -> &Layout {
        &self.place.cursor.layout
    }

    fn completion(&self, candidate: Candidate, span: Span, text: String) -> Completion {
        let layout = self.layout();
        let space = if layout.after_colon && span.range().is_empty() { " " } else { "" };
        let indent = layout.misindented.clone().map(|line| Edit {
            span: Span::new(self.place.file, line.start as u32..line.end as u32),
            text: " ".repeat(layout.column),
        });
        let Candidate { label, kind, detail, docs, .. } = candidate;
        let edit = Edit { span, text: format!("{space}{text}") };
        Completion { label, kind, detail, docs, edit, indent }
    }

    /// The keys that may stand in the map, without those that do.
    fn keys(
        &self,
        lookup: &Lookup<'_>,
        expects: &[Expect],
        dash: &str,
        found: &mut Vec<Completion>,
    ) {
        for expect in flat(expects) {
            match (expect.kind, expect.names) {
                (Kind::Record(record), _) => {
                    let missing =
                        |key: &&&Key| dash.is_empty().then(|| self.has(key)) != Some(true);
                    let mut keys: Vec<&Key> = record.keys.iter().collect();
                    sort::by_key(&mut keys, |key| !key.required);
                    found.extend(keys.iter().filter(missing).map(|key| self.key(key, dash)));
                }
                (Kind::Map(_), Some(names)) => {
                    let mut list = candidates::names(lookup, names, &expect, self.place);
                    sort::by(&mut list, |a, b| (a.rank, &a.label).cmp(&(b.rank, &b.label)));
                    let colon = if self.place.cursor.role == Role::Key { "" } else { ": $0" };
                    found.extend(list.into_iter().filter(|it| !self.has_name(&it.label)).map(
                        |it| {
                            let text = format!(
                                "{}{colon}",
                                escaped(&plain(&it.label, self.layout().flow))
                            );
                            self.completion(it, self.place.span(), text)
                        },
                    ));
                }
                _ => {}
            }
        }
    }

    fn has_name(&self, name: &str) -> bool {
        let entries = &self.place.cursor.entries;
        entries
            .iter()
            .any(|entry| said(self.text.get(entry.key.clone()).unwrap_or_default()) == name)
    }

    fn has(&self, key: &Key) -> bool {
        self.has_name(key.name) || key.aliases.iter().any(|alias| self.has_name(alias))
    }

    fn key(&self, key: &Key, dash: &str) -> Completion {
        let layout = self.layout();
        let name = key.name;
        let below = " ".repeat(layout.column + dash.len() + 2);
        let text = match (self.place.cursor.role, layout.flow, shape((key.kind)())) {
            (Role::Key, ..) => escaped(name),
            (_, _, Shape::Scalar) => format!("{}: $0", escaped(name)),
            (_, _, Shape::Scalars) => format!("{}: [$0]", escaped(name)),
            (_, true, Shape::Maps) => format!("{}: [{{ $0 }}]", escaped(name)),
            (_, true, Shape::Map) => format!("{}: {{ $0 }}", escaped(name)),
            (_, false, Shape::Maps) => format!("{}:\n{below}- $0", escaped(name)),
            (_, false, Shape::Map) => format!("{}:\n{below}$0", escaped(name)),
        };
        let detail = if key.required { "required" } else { "" };
        let candidate = Candidate {
            docs: describe::key(key),
            ..Candidate::new(name, CompletionKind::Key, 0).detail(detail)
        };
        self.completion(candidate, self.place.span(), format!("{dash}{text}"))
    }

    /// A map in brackets, with its required keys, where nothing stands yet.
    fn maps(&self, found: &mut Vec<Completion>) {
        if !self.place.cursor.word.is_empty() {
            return;
        }
        let record = flat(&self.place.expects).into_iter().find_map(|expect| match expect.kind {
            Kind::Record(record) => Some(record),
            _ => None,
        });
        let Some(record) = record else { return };
        let names: Vec<&str> = required(record).map(|key| key.name).collect();
        let stops: Vec<String> = required(record)
            .enumerate()
            .map(|(index, key)| format!("{}: ${}", escaped(key.name), index + 1))
            .collect();
        let (label, text) = match names.as_slice() {
            [] => ("{ }".to_owned(), "{ $0 }".to_owned()),
            names => (format!("{{ {} }}", names.join(", ")), format!("{{ {} }}", stops.join(", "))),
        };
        let docs = record.docs.trim().to_owned();
        let candidate =
            Candidate { docs, ..Candidate::new(label, CompletionKind::Key, 9).detail(record.name) };
        found.push(self.completion(candidate, self.place.span(), text));
    }

    /// What may stand as a scalar.
    fn values(
        &self,
        lookup: &Lookup<'_>,
        offset: u32,
        dash: &str,
        expects: &[Expect],
        found: &mut Vec<Completion>,
    ) {
        let mut list = Vec::new();
        for expect in scalars(expects) {
            match (expect.names, expect.kind) {
                (Some(names), _) => {
                    list.extend(candidates::names(lookup, names, &expect, self.place));
                }
                (None, Kind::Word(words)) => list.extend(words.iter().map(|word| Candidate {
                    docs: word.docs.trim().to_owned(),
                    ..Candidate::new(word.text, CompletionKind::Word, 0)
                })),
                (None, Kind::Bool) => {
                    list.extend(
                        ["true", "false"].map(|word| Candidate::new(word, CompletionKind::Word, 0)),
                    );
                }
                (None, Kind::Type) => list.extend(candidates::types(lookup, is_any_type(&expect))),
                (None, Kind::Scalar) => list.extend(self.labels(lookup, &expect)),
                (None, Kind::Sql | Kind::Body) if dash.is_empty() => {
                    let tree = lookup.project.tree(self.place.file);
                    let (sql, map) = self.place.scalar(self.text, tree);
                    for (candidate, span, text) in
                        complete_sql::complete(lookup, self.place, &expect, (&sql, &map), offset)
                    {
                        let text = self.in_quotes(&text);
                        found.push(self.completion(candidate, span, text));
                    }
                }
                _ => {}
            }
        }
        // Words keep the order of the grammar.
        sort::by(&mut list, |a, b| {
            let by_name = || if a.rank == 0 { Ordering::Equal } else { a.label.cmp(&b.label) };
            a.rank.cmp(&b.rank).then_with(by_name)
        });
        list.dedup_by(|later, earlier| later.label == earlier.label);
        let span = self.inner();
        let values = list.into_iter().map(|candidate| {
            let text = self.value(&candidate);
            self.completion(candidate, span, format!("{dash}{text}"))
        });
        found.splice(0..0, values);
    }

    /// The labels of the column whose default this is.
    fn labels(&self, lookup: &Lookup<'_>, expect: &Expect) -> Vec<Candidate> {
        let scope = &self.place.scope;
        let is_default =
            expect.under.is_some_and(|(_, key)| matches!(key.name, "default" | "value"));
        let column = scope.column.as_ref().filter(|_| is_default);
        let symbol = column.and_then(|column| lookup.column(lookup.home(&scope.home)?, column));
        match symbol {
            Some(Symbol::Object(ObjectId::Column(table, at))) => {
                candidates::column_type(lookup, table, at)
                    .map(|ty| candidates::labels(lookup, ty))
                    .unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// The quote that the word stands in.
    fn quote(&self) -> Option<char> {
        let word = self.text.get(self.place.cursor.word.clone()).unwrap_or_default();
        word.chars().next().filter(|first| matches!(first, '"' | '\''))
    }

    /// The word without its quotes.
    fn inner(&self) -> Span {
        let span = self.place.span();
        let raw = self.text.get(self.place.cursor.word.clone()).unwrap_or_default();
        match self.quote() {
            Some(_) => {
                let length = unquoted(raw).len() as u32;
                Span::new(span.file, span.start + 1..span.start + 1 + length)
            }
            None => span,
        }
    }

    /// A snippet for text inside the scalar that is there.
    fn in_quotes(&self, snippet: &str) -> String {
        match self.quote() {
            Some('"') => snippet.replace('"', "\\\\\""),
            Some(_) => snippet.replace('\'', "''"),
            None => snippet.to_owned(),
        }
    }

    /// The snippet of a name or a type as a whole scalar.
    fn value(&self, candidate: &Candidate) -> String {
        let arguments = match candidate.kind {
            CompletionKind::Type => arguments(&candidate.label),
            _ => "",
        };
        let flow = self.layout().flow;
        match (self.quote(), arguments) {
            (Some(_), "") => self.in_quotes(&escaped(&candidate.label)),
            (None, "") if candidate.kind == CompletionKind::Word => escaped(&candidate.label),
            (None, "") => escaped(&plain(&candidate.label, flow)),
            // YAML ends an unquoted value at a comma, inside brackets.
            (None, arguments) if flow && arguments.contains(',') => {
                format!("\"{}{arguments}\"", candidate.label)
            }
            (_, arguments) => format!("{}{arguments}", candidate.label),
        }
    }
}

fn required(record: &'static Record) -> impl Iterator<Item = &'static Key> {
    record.keys.iter().filter(|key| key.required)
}

/// Whether functions' types may stand here: pseudo-types and rows.
fn is_any_type(expect: &Expect) -> bool {
    expect.under.is_some_and(|(record, _)| {
        [FunctionDef::RECORD, ArgumentDef::RECORD, ReturnsDef::RECORD]
            .iter()
            .any(|it| record.is(it))
    })
}

/// The parentheses that a type usually has, as a snippet.
fn arguments(name: &str) -> &'static str {
    match BaseType::ALL.iter().find(|base| base.as_str() == name) {
        Some(BaseType::Varchar) => "(${1:255})",
        Some(BaseType::Char | BaseType::Bit) => "(${1:1})",
        Some(BaseType::Numeric) => "(${1:10},${2:2})",
        Some(BaseType::Vector | BaseType::Halfvec) => "(${1:1536})",
        _ => "",
    }
}

/// A text as a YAML scalar: in quotes where it must.
pub(super) fn plain(text: &str, flow: bool) -> SmolStr {
    let starts_well = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let breaks = |c: char| {
        [':', '#', '"', '\n'].contains(&c) || (flow && [',', '[', ']', '{', '}'].contains(&c))
    };
    let goes_well = !text.contains(breaks);
    let is_text = !["true", "false", "null"].contains(&text.to_lowercase().as_str());
    if starts_well && goes_well && is_text && text.trim() == text {
        text.into()
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")).into()
    }
}
