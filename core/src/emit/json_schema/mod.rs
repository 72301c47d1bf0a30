//! JSON Schema 2020-12: definitions of all models, in one file or a file for each.
//!
//! In: shapes. Out: of each table the schemas `X` (a row), `XInsert` and `XUpdate`, of each enum,
//! domain, composite type and view one, of each function `XArgs` and `XResult`. Decides on values in `values`, on predicates in `checks`, on
//! the page's parts in `context`; where they stand is the template's.

mod checks;
mod context;
mod schema;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use minijinja::context as values_of;
use rustc_hash::FxHashSet;

use self::context::{Definition, Definitions};
use super::lang::{Code, json};
use super::options::{OptionInfo, choice};
use super::output::{File, HEADER};
use super::template::{Marked, Marks, Template};
use super::{EmitInput, Options, Target, TargetInfo, one_file};
use crate::diagnostic::Diagnostics;

/// The target `json-schema`.
#[derive(Debug)]
pub struct JsonSchema;

choice! {
    /// How many files there are.
    Files {
        /// One, of which everything is a definition.
        One = "one",
        /// One for each model, with the definitions that it needs.
        Model = "model",
    }
}

/// The options, decoded.
#[derive(Debug, Clone, Copy)]
struct Settings {
    additional_properties: bool,
    comments: bool,
}

static INFO: TargetInfo = TargetInfo {
    name: "json-schema",
    title: "JSON Schema",
    docs: "JSON Schema 2020-12: for each table `User` (a row), `UserInsert` and `UserUpdate`; for each \
           enum, domain, composite type and view one schema; for each function `CreateOrderArgs` and \
           `CreateOrderResult`. Values are those of JSON over PostgREST. \
           CHECK constraints are carried over wherever JSON Schema can say them; what is not carried is \
           said in a `$comment`. Patterns decide, so that validators need not assert formats. Narrower \
           than PostgreSQL: dates and timestamps are ISO 8601 in the years 1 to 9999, times end before \
           `24:00`, numbers are plain numbers and never `NaN` or infinite, `varchar(n)` forgives no \
           spaces beyond its end, and a bound of a `real` holds before it is rounded to 32 bits. Wider: \
           texts may hold NUL and lone surrogates, a `real` may be too small for 32 bits, and types \
           that travel as text of their own (`interval`, `inet`, ranges, …) are any text.",
    options: &[
        OptionInfo::one_of::<Files>(
            "files",
            "`one` file with a definition for each model, or a file for each `model`, in a folder, with \
             the definitions that it needs.",
        ),
        OptionInfo::flag(
            "additional_properties",
            "Let objects have properties that are no columns.",
            false,
        ),
        OptionInfo::flag("comments", "Carry the schema's comments over as descriptions.", true),
    ],
    default_out: "models.schema.json",
};

static TEMPLATE: Template =
    Template::new("json_schema/schema.json.jinja", include_str!("templates/schema.json.jinja"));

impl Target for JsonSchema {
    fn info(&self) -> &'static TargetInfo {
        &INFO
    }

    fn emit(
        &self,
        input: &EmitInput<'_>,
        options: &Options,
        out: &str,
        sink: &mut Diagnostics,
    ) -> Vec<File> {
        let Some(files) = options.choice("files") else { return Vec::new() };
        let settings = Settings {
            additional_properties: options.flag("additional_properties"),
            comments: options.flag("comments"),
        };
        let shapes = input.shapes(sink);
        let mut definitions = Definitions::new(input, shapes, settings, sink);
        let mut own: Vec<Definition> =
            shapes.items.iter().flat_map(|item| definitions.of(item)).collect();
        own.extend(shapes.functions.iter().flat_map(|it| definitions.of_function(it)));
        let shared =
            values::shared().into_iter().map(|(name, schema)| Definition::shared(name, schema));
        let all: Vec<Definition> = shared.chain(own).collect();
        match files {
            Files::One => {
                let (mut used, mut known) = (BTreeSet::new(), FxHashSet::default());
                for definition in &all {
                    definition.references(&mut used, &mut known);
                }
                let is_used = |it: &&Definition| it.object.is_some() || used.contains(&*it.uri());
                page(None, &all.iter().filter(is_used).collect::<Vec<_>>(), out, sink)
            }
            Files::Model => {
                let references = References::new(&all);
                let folder = out.strip_suffix(".json").unwrap_or(out);
                let folder = folder.strip_suffix(".schema").unwrap_or(folder);
                let mut files = Vec::new();
                for model in all.iter().filter(|it| it.is_model) {
                    let used = references.of(model);
                    let used = all.iter().filter(|it| used.contains(&*it.uri()));
                    let used = used.collect::<Vec<_>>();
                    let path = format!("{folder}/{}.schema.json", model.name);
                    files.extend(page(Some(model), &used, &path, sink));
                }
                files
            }
        }
    }
}

/// A file: a model, if it is of one, and definitions.
fn page(
    model: Option<&Definition>,
    definitions: &[&Definition],
    path: &str,
    sink: &mut Diagnostics,
) -> Vec<File> {
    let mut marks = Marks::default();
    let mut entries = Marked::default();
    if let Some(model) = model {
        model.write_entries(&mut entries, 2, !definitions.is_empty());
        entries = model.marked(entries);
    }
    let mut items = Vec::with_capacity(definitions.len());
    for (index, definition) in definitions.iter().enumerate() {
        let mut text = Marked::default();
        definition.write(&mut text, 4, index + 1 < definitions.len());
        items.push(definition.marked(text));
    }
    let notes = model.and_then(|model| model.not_checked.as_deref());
    let header = notes.map_or_else(|| HEADER.to_owned(), |notes| format!("{HEADER} {notes}"));
    let comma = if model.is_none() && definitions.is_empty() { "" } else { "," };
    let context = values_of! {
        header => Code::new(format!("{}{comma}", json::string(&header))),
        title => model.map(|it| {
            let comma = if it.takes_all() { "" } else { "," };
            minijinja::Value::from(Code::new(format!("{}{comma}", json::string(&it.name))))
        }),
        entries => marks.place(entries),
        items => marks.place_all(items),
    };
    one_file(&INFO, path, &TEMPLATE, context, &marks, sink)
}

/// What definitions refer to, by how references are written.
struct References<'a>(BTreeMap<String, BTreeSet<&'a str>>);

impl<'a> References<'a> {
    fn new(all: &'a [Definition]) -> Self {
        let mut references = BTreeMap::new();
        for definition in all {
            let found: &mut BTreeSet<&str> = references.entry(definition.uri()).or_default();
            definition.references(found, &mut FxHashSet::default());
        }
        Self(references)
    }

    /// All that a definition refers to, and what that refers to.
    fn of(&self, definition: &'a Definition) -> BTreeSet<&'a str> {
        let mut direct = BTreeSet::new();
        definition.references(&mut direct, &mut FxHashSet::default());
        let mut found = BTreeSet::new();
        let mut waiting: Vec<&str> = direct.into_iter().collect();
        while let Some(next) = waiting.pop() {
            if found.insert(next) {
                waiting.extend(self.0.get(next).into_iter().flatten());
            }
        }
        found
    }
}
