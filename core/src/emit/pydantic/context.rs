//! The page's parts: what the template prints, as finished code.
//!
//! In: shapes. Out: the template's context: `module.imports`, `module.parts`, the declarations that
//! fields share, and `module.items`, each the classes of an object with the types of their fields.

use std::fmt::Write;

use minijinja::{Value as Context, context};
use rustc_hash::FxHashMap;

use super::models::Line;
use super::values::Values;
use super::{EnumAs, Settings, UnknownKeys};
use crate::diagnostic::Diagnostics;
use crate::emit::EmitInput;
use crate::emit::exports::{Exports, check_fields};
use crate::emit::lang::python::{self, Attributes};
use crate::emit::lang::{Code, Py};
use crate::emit::shapes::{
    CompositeShape, DomainShape, Entity, EnumShape, Field, FunctionResult, FunctionShape, Item,
    ItemId, NotCarried, Purpose, Shapes, ValueKind,
};
use crate::emit::template::{Marked, Marks};
use crate::predicate::Rules;
use crate::schema::{FieldOverride, ObjectId, RelationId};

/// The context of the whole module.
pub(super) fn module(
    input: &EmitInput<'_>,
    shapes: &Shapes,
    settings: Settings,
    marks: &mut Marks,
    sink: &mut Diagnostics,
) -> Context {
    let names: FxHashMap<ItemId, String> =
        shapes.items.iter().map(|item| (item.id(), python::class(item.name()))).collect();
    let attributes = Attributes::new(shapes.items.iter().map(|item| python::class(item.name())));
    let values = Values::new(shapes, names, settings.non_finite);
    let mut page = Page { input, settings, values, attributes, exports: Exports::default(), sink };
    let mut items: Vec<Marked> = shapes.items.iter().map(|item| page.item(item)).collect();
    items.extend(shapes.functions.iter().map(|function| page.function(function)));
    let mut needs = std::mem::take(&mut page.values.needs);
    let mut parts = Vec::new();
    let is_model = |item: &Item| matches!(item, Item::Composite(_) | Item::Entity(_));
    if shapes.items.iter().any(is_model) || !shapes.functions.is_empty() {
        needs.import("pydantic", "BaseModel");
        needs.import("pydantic", "ConfigDict");
        parts.push(Code::new(model(settings)));
    }
    parts.splice(0..0, needs.supports.iter().map(|support| Code::new(support.code())));
    let imports = Code::new(python::imports(&needs.imports));
    context! { imports, parts, items => marks.place_all(items) }
}

/// The class that all models are.
fn model(settings: Settings) -> String {
    let mut config = vec![
        Py::named("from_attributes", Py::atom("True")),
        Py::named("populate_by_name", Py::atom("True")),
        Py::named("protected_namespaces", Py::atom("()")),
    ];
    match settings.unknown_keys {
        UnknownKeys::Ignore => {}
        UnknownKeys::Forbid => config.push(Py::named("extra", Py::atom("\"forbid\""))),
        UnknownKeys::Allow => config.push(Py::named("extra", Py::atom("\"allow\""))),
    }
    if settings.non_finite {
        config.push(Py::named("ser_json_inf_nan", Py::atom("\"strings\"")));
    }
    let mut out = "class _Model(BaseModel):\n".to_owned();
    Py::call("ConfigDict", config).write_assignment(&mut out, 4, "model_config");
    out.truncate(out.trim_end().len());
    out
}

/// What the parts of the page share.
pub(super) struct Page<'a> {
    pub(super) input: &'a EmitInput<'a>,
    pub(super) settings: Settings,
    pub(super) values: Values<'a>,
    pub(super) attributes: Attributes,
    exports: Exports,
    sink: &'a mut Diagnostics,
}

impl<'a> Page<'a> {
    fn item(&mut self, item: &'a Item) -> Marked {
        let name = python::class(item.name());
        let mut out = Marked::default();
        match item {
            Item::Enum(it) => self.enumeration(&mut out, it, &name),
            Item::Domain(it) => self.domain(&mut out, it, &name),
            Item::Composite(it) => self.composite(&mut out, it, &name),
            Item::Entity(it) => self.entity(&mut out, it, &name),
        }
        out.of(item.id().object())
    }

    fn take(&mut self, name: &str, object: ObjectId) {
        self.exports.take(self.input, [name.to_owned()], object, self.sink);
    }

    fn enumeration(&mut self, out: &mut Marked, it: &EnumShape, name: &str) {
        self.take(name, ObjectId::Enum(it.id));
        let labels = || it.labels.iter().map(|label| python::string(label));
        let paragraphs = self.paragraphs(it.comment.as_deref(), &[]);
        match self.settings.enums {
            EnumAs::Class => {
                self.values.needs.import("enum", "StrEnum");
                let doc = python::docstring(&paragraphs, 4);
                let gap = if doc.is_empty() { "" } else { "\n" };
                out.write(|text| {
                    let _ = write!(text, "class {name}(StrEnum):\n{doc}{gap}");
                    for (member, label) in python::members(&it.labels).iter().zip(labels()) {
                        Py::atom(label).write_assignment(text, 4, member);
                    }
                    if it.labels.is_empty() && doc.is_empty() {
                        text.push_str("    pass\n");
                    }
                });
            }
            EnumAs::Literal => {
                self.values.needs.import("typing", "Literal");
                let literal = Py::subscript("Literal", labels().map(Py::atom).collect());
                out.write(|text| {
                    text.push_str(&python::comment(&paragraphs.join("\n"), 0));
                    literal.write_assignment(text, 0, name);
                });
            }
        }
    }

    fn domain(&mut self, out: &mut Marked, it: &DomainShape, name: &str) {
        self.take(name, ObjectId::Domain(it.id));
        let annotation = self.values.value(&it.base, &it.rules);
        let missed = std::mem::take(&mut self.values.missed);
        let not_carried = it.left_to_database(self.input, missed, self.sink);
        let paragraphs = self.paragraphs(it.comment.as_deref(), &not_carried);
        out.write(|text| {
            text.push_str(&python::comment(&paragraphs.join("\n"), 0));
            annotation.write_assignment(text, 0, name);
        });
    }

    fn composite(&mut self, out: &mut Marked, it: &'a CompositeShape, name: &str) {
        self.take(name, ObjectId::Composite(it.id));
        let (lines, types) = self.lines(name, &it.fields, &[]);
        self.check_fields(&lines);
        out.write(|text| text.push_str(&types));
        let doc = python::docstring(&self.paragraphs(it.comment.as_deref(), &[]), 4);
        self.class(out, name, &doc, (&lines, Purpose::Row), "");
    }

    fn entity(&mut self, out: &mut Marked, it: &'a Entity, name: &str) {
        let schema = self.input.schema;
        let overrides: &'a [FieldOverride] = match it.relation {
            RelationId::Table(id) => {
                schema.tables.find(id).map_or(&[], |table| &table.overrides.pydantic)
            }
            RelationId::View(_) => &[],
        };
        let object = ItemId::Relation(it.relation).object();
        self.take(name, object);
        let (lines, types) = self.lines(name, &it.fields, overrides);
        self.check_fields(&lines);
        out.write(|text| text.push_str(&types));
        let doc = python::docstring(&self.paragraphs(it.comment.as_deref(), &[]), 4);
        self.class(out, name, &doc, (&lines, Purpose::Row), "");
        if it.writable {
            let writes = [("Create", Purpose::Insert), ("Update", Purpose::Update)]
                .map(|(suffix, purpose)| (suffix, purpose, self.validator(it, purpose, overrides)));
            let missed = std::mem::take(&mut self.values.missed);
            let not_carried = it.left_to_database(self.input, overrides, missed, self.sink);
            let doc = python::docstring(&self.paragraphs(None, &not_carried), 4);
            for (suffix, purpose, validator) in writes {
                let name = format!("{name}{suffix}");
                self.take(&name, object);
                self.class(out, &name, &doc, (&lines, purpose), &validator);
            }
        }
        self.values.missed.clear();
    }

    /// What a function takes, and what it gives, unless that is nothing.
    fn function(&mut self, it: &'a FunctionShape) -> Marked {
        let object = ObjectId::Function(it.id);
        let mut out = Marked::default();
        let doc = python::docstring(&self.paragraphs(it.comment.as_deref(), &[]), 4);
        self.fields(&mut out, &format!("{}Args", it.name), object, &doc, (&it.args, Purpose::Args));
        let result = format!("{}Result", it.name);
        match &it.result {
            FunctionResult::Void => {}
            FunctionResult::One(value) => {
                let value = self.values.value(value, &Rules::NONE).or_none();
                self.alias(&mut out, &result, object, &value);
            }
            FunctionResult::Many(value) => {
                let element = self.values.value(value, &Rules::NONE);
                let is_row = matches!(value.kind, ValueKind::Row(_)) && value.dimensions == 0;
                let element = if is_row { element } else { element.or_none() };
                self.alias(&mut out, &result, object, &Py::subscript("list", vec![element]));
            }
            FunctionResult::Record(fields) => {
                self.fields(&mut out, &result, object, "", (fields, Purpose::Row));
            }
            FunctionResult::Records(fields) => {
                let row = format!("{}Row", it.name);
                self.fields(&mut out, &row, object, "", (fields, Purpose::Row));
                let list = Py::subscript("list", vec![Py::atom(python::class(&row))]);
                self.alias(&mut out, &result, object, &list);
            }
        }
        out.of(object)
    }

    /// A class of fields that no table has.
    fn fields(
        &mut self,
        out: &mut Marked,
        name: &str,
        object: ObjectId,
        doc: &str,
        (fields, purpose): (&'a [Field], Purpose),
    ) {
        let name = python::class(name);
        self.take(&name, object);
        let (lines, types) = self.lines(&name, fields, &[]);
        self.check_fields(&lines);
        let is_first = out.is_empty();
        out.write(|text| {
            if !is_first && !types.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&types);
        });
        self.class(out, &name, doc, (&lines, purpose), "");
    }

    /// A name for a type.
    fn alias(&mut self, out: &mut Marked, name: &str, object: ObjectId, value: &Py) {
        let name = python::class(name);
        self.take(&name, object);
        out.write(|text| {
            text.push_str("\n\n");
            value.write_assignment(text, 0, &name);
        });
    }

    /// Complains of two fields that get the same name.
    fn check_fields(&mut self, lines: &[Line<'_>]) {
        let named = lines.iter().filter_map(|line| Some((&line.name, line.field?)));
        check_fields(self.input, named, self.sink);
    }

    /// The paragraphs of a docstring.
    fn paragraphs(&self, comment: Option<&str>, not_carried: &[NotCarried]) -> Vec<String> {
        let comment = comment.filter(|_| self.settings.comments).map(ToString::to_string);
        let not_carried = not_carried.iter().map(ToString::to_string);
        comment.into_iter().chain(not_carried).collect()
    }
}
