//! The page's parts: what the template prints, as finished code.
//!
//! In: shapes. Out: the template's context. `module.import`, `module.helpers`, and `module.items`, each
//! the exported schemas of an object with their types.

use std::sync::Arc;

use minijinja::{Value as Context, context};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::checks::Checks;
use super::dialect::{Absence, text, z};
use super::fields::Line;
use super::support::Supports;
use super::values::{Direction, Values};
use super::{Settings, UnknownKeys, Version};
use crate::diagnostic::Diagnostics;
use crate::emit::EmitInput;
use crate::emit::exports::{Exports, check_fields};
use crate::emit::lang::layout::write_generic;
use crate::emit::lang::{Code, Expr, typescript};
use crate::emit::shapes::{
    CompositeShape, DomainShape, Entity, EnumShape, Field, FunctionResult, FunctionShape, Item,
    ItemId, NotCarried, Operands, Purpose, Shapes, Value, said,
};
use crate::emit::template::{Marked, Marks};
use crate::predicate::Rules;
use crate::schema::{FieldOverride, ObjectId, RelationId};

/// The context of the whole module.
pub(super) fn module(
    input: &EmitInput<'_>,
    shapes: &Shapes,
    settings: Settings,
    out: &str,
    marks: &mut Marks,
    sink: &mut Diagnostics,
) -> Context {
    let values = Values::new(settings, shapes);
    let mut page = Page {
        input,
        settings,
        values,
        names: Vec::new(),
        supports: Supports::default(),
        // Of a table, three types and their schemas.
        exports: Exports::with_capacity(6 * shapes.items.len()),
        sink,
    };
    let mut last: Parts = input.last_parts(&super::INFO, out);
    if last.settings != Some(settings) {
        last.parts.clear();
    }
    let mut parts = FxHashMap::default();
    let mut items: Vec<Arc<Marked>> = Vec::with_capacity(shapes.items.len());
    for item in &shapes.items {
        let (id, said) = (item.id(), page.sink.len());
        let known = last.parts.remove(&id).filter(|_| shapes.is_same(id));
        let part = known.unwrap_or_else(|| page.item(item));
        // What there is to say of an item is said by making it.
        let is_silent = page.sink.len() == said;
        items.push(page.place(id.object(), &part));
        if is_silent && input.is_remembered {
            parts.insert(id, part);
        }
    }
    for function in &shapes.functions {
        let part = page.function(function);
        items.push(page.place(ObjectId::Function(function.id), &part));
    }
    input.keep_parts(&super::INFO, out, || Parts { settings: Some(settings), parts });
    let supports = page.supports.iter();
    let helpers: Vec<Code> = supports.map(|it| Code::new(it.code(settings.version))).collect();
    let items = marks.place_all(items);
    context! { import => Code::new(settings.version.import()), helpers, items }
}

/// What the module before consists of.
#[derive(Default)]
struct Parts {
    settings: Option<Settings>,
    parts: FxHashMap<ItemId, Part>,
}

/// What an item becomes: code, and what that code brings into the module.
struct Part {
    code: Arc<Marked>,
    supports: Supports,
    /// What it exports: pairs of a type and its schema.
    names: Vec<[SmolStr; 2]>,
}

/// What the parts of the page share.
pub(super) struct Page<'a> {
    pub(super) input: &'a EmitInput<'a>,
    pub(super) settings: Settings,
    pub(super) values: Values<'a>,
    /// What the part that is being made exports so far.
    names: Vec<[SmolStr; 2]>,
    /// What the parts on the page need.
    supports: Supports,
    exports: Exports,
    sink: &'a mut Diagnostics,
}

impl<'a> Page<'a> {
    fn item(&mut self, item: &'a Item) -> Part {
        let mut out = Marked::default();
        match item {
            Item::Enum(it) => self.enumeration(&mut out, it),
            Item::Domain(it) => self.domain(&mut out, it),
            Item::Composite(it) => self.composite(&mut out, it),
            Item::Entity(it) => self.entity(&mut out, it),
        }
        self.part(out, item.id().object())
    }

    /// The part that was made since the one before.
    fn part(&mut self, out: Marked, object: ObjectId) -> Part {
        let code = if self.input.is_traced { out.of(object) } else { out.untraced() };
        Part {
            code: Arc::new(code),
            supports: std::mem::take(&mut self.values.supports),
            names: std::mem::take(&mut self.names),
        }
    }

    /// Puts a part on the page, and what it needs at the top.
    fn place(&mut self, object: ObjectId, part: &Part) -> Arc<Marked> {
        self.supports.extend(part.supports);
        for names in &part.names {
            self.exports.take(self.input, names.clone(), object, self.sink);
        }
        Arc::clone(&part.code)
    }

    /// Writes one exported schema, whose code `write` writes behind `export const NameSchema =`, and its
    /// type.
    fn export(
        &mut self,
        out: &mut Marked,
        name: &str,
        doc: &str,
        write: impl FnOnce(&mut Self, &mut Marked),
    ) {
        self.names.push([name.into(), [name, "Schema"].into_iter().collect()]);
        let is_first = out.is_empty();
        out.write(|text| {
            for part in [if is_first { "" } else { "\n" }, doc, "export const ", name, "Schema ="] {
                text.push_str(part);
            }
        });
        write(self, out);
        out.write(|text| {
            let column = "export type  =".len() + name.chars().count();
            text.extend([";\nexport type ", name, " ="]);
            write_generic(text, "z.infer", &["typeof ", name, "Schema"].concat(), column);
            text.push_str(";\n");
        });
    }

    /// Writes an exported schema that is an object.
    fn export_object(
        &mut self,
        out: &mut Marked,
        name: &str,
        doc: &str,
        (lines, purpose): (&mut [Line<'a>], Purpose),
        refinements: Vec<Vec<Expr>>,
    ) {
        match self.bare_object(lines, purpose).filter(|_| refinements.is_empty()) {
            Some(bare) => self.export_value(out, name, doc, &bare),
            None => self.export(out, name, doc, |page, out| {
                out.write(|text| text.push(' '));
                page.object(out, lines, purpose, refinements, 0);
            }),
        }
    }

    /// Writes an exported schema that is one expression.
    fn export_value(&mut self, out: &mut Marked, name: &str, doc: &str, code: &Expr) {
        let column = "export const Schema =".len() + name.chars().count();
        self.export(out, name, doc, |_, out| {
            out.write(|text| code.write_assigned(text, 0, column, 1));
        });
    }

    fn enumeration(&mut self, out: &mut Marked, it: &EnumShape) {
        let labels = it.labels.iter().map(|label| text(label)).collect();
        let code = z("enum", vec![Expr::Array(labels)]);
        let doc = self.doc(it.comment.as_deref(), None, &[], 0);
        self.export_value(out, &it.name, &doc, &code);
    }

    fn domain(&mut self, out: &mut Marked, it: &DomainShape) {
        let code = self.values.value(&it.base, &it.rules, Direction::Write);
        let missed = std::mem::take(&mut self.values.missed);
        let not_carried = it.left_to_database(self.input, missed, self.sink);
        let doc = self.doc(it.comment.as_deref(), None, &not_carried, 0);
        self.export_value(out, &it.name, &doc, &code);
    }

    fn composite(&mut self, out: &mut Marked, it: &'a CompositeShape) {
        let doc = self.doc(it.comment.as_deref(), None, &[], 0);
        let mut lines = self.lines(&it.fields, &[]);
        self.export_object(out, &it.name, &doc, (&mut lines, Purpose::Row), Vec::new());
    }

    fn entity(&mut self, out: &mut Marked, it: &'a Entity) {
        let schema = self.input.schema;
        let overrides: &'a [FieldOverride] = match it.relation {
            RelationId::Table(id) => {
                schema.tables.find(id).map_or(&[], |table| &table.overrides.zod)
            }
            RelationId::View(_) => &[],
        };
        let mut lines = self.lines(&it.fields, overrides);
        self.check_fields(&lines);
        let doc = self.doc(it.comment.as_deref(), None, &[], 0);
        self.export_object(out, &it.name, &doc, (&mut lines, Purpose::Row), Vec::new());
        if !it.writable {
            return;
        }
        let writes = [("Insert", Purpose::Insert), ("Update", Purpose::Update)]
            .map(|(suffix, purpose)| (suffix, purpose, self.refinements(it, purpose, overrides)));
        // The rules of single fields were tried for the row.
        let missed = std::mem::take(&mut self.values.missed);
        let not_carried = it.left_to_database(self.input, overrides, missed, self.sink);
        let doc = self.doc(None, None, &not_carried, 0);
        for (suffix, purpose, refinements) in writes {
            let name = format!("{}{suffix}", it.name);
            self.export_object(out, &name, &doc, (&mut lines, purpose), refinements);
        }
        self.values.missed.clear();
    }

    /// The arguments of `refine` for each rule between fields that `purpose` can decide.
    fn refinements(
        &mut self,
        it: &Entity,
        purpose: Purpose,
        overrides: &[FieldOverride],
    ) -> Vec<Vec<Expr>> {
        let settings = self.settings;
        let Values { bases, supports, missed, .. } = &mut self.values;
        let name = |field: &Field| settings.field_name(field.name());
        let operands = Operands::object(it, purpose, overrides, bases, name);
        let mut checks = Checks { settings, operands, supports };
        let message = if settings.version == Version::Three { "message" } else { "error" };
        said(&it.rules, missed, |rule| {
            let test = checks.passes(&rule.predicate)?;
            let path = rule.predicate.subject().and_then(|field| it.fields.get(field));
            let path = path.map(|field| text(&name(field)));
            let options = vec![
                (message.into(), text(&format!("must satisfy {}", rule.one_line()))),
                ("path".into(), Expr::Array(path.into_iter().collect())),
            ];
            // zod 3 loses the types of fields beside keys of any name.
            let params = match (settings.version, settings.unknown_keys) {
                (Version::Three, UnknownKeys::Loose) => "(row: any)",
                _ => "(row)",
            };
            Ok(vec![Expr::Arrow(params, Box::new(test)), Expr::Object(options)])
        })
    }

    fn function(&mut self, it: &'a FunctionShape) -> Part {
        let mut marked = Marked::default();
        let out = &mut marked;
        let doc = self.doc(it.comment.as_deref(), None, &[], 0);
        let mut lines = self.lines(&it.args, &[]);
        self.check_fields(&lines);
        let name = format!("{}Args", it.name);
        self.export_object(out, &name, &doc, (&mut lines, Purpose::Args), Vec::new());
        let name = format!("{}Result", it.name);
        match &it.result {
            FunctionResult::Void => {
                self.export_value(out, &name, "", &z("null", Vec::new()));
            }
            FunctionResult::One(value) => {
                let code = self.values.value(value, &Rules::NONE, Direction::Read);
                let code = self.settings.version.wrap(code, Absence { null: true, nothing: false });
                self.export_value(out, &name, "", &code);
            }
            FunctionResult::Many(value) => {
                let rows = Value { kind: value.kind.clone(), dimensions: value.dimensions + 1 };
                let code = self.values.value(&rows, &Rules::NONE, Direction::Read);
                self.export_value(out, &name, "", &code);
            }
            FunctionResult::Record(fields) => {
                let mut lines = self.lines(fields, &[]);
                self.check_fields(&lines);
                self.export_object(out, &name, "", (&mut lines, Purpose::Row), Vec::new());
            }
            FunctionResult::Records(fields) => {
                let mut lines = self.lines(fields, &[]);
                self.check_fields(&lines);
                self.export(out, &name, "", |page, out| {
                    out.write(|text| text.push_str(" z.array(\n  "));
                    page.object(out, &mut lines, Purpose::Row, Vec::new(), 2);
                    out.write(|text| text.push_str(",\n)"));
                });
            }
        }
        self.part(marked, ObjectId::Function(it.id))
    }

    /// Complains of two fields that get the same name.
    fn check_fields(&mut self, lines: &[Line<'_>]) {
        let fields = || lines.iter().filter_map(|line| line.field);
        let names: Vec<SmolStr> =
            fields().map(|field| self.settings.field_name(field.name())).collect();
        check_fields(self.input, names.iter().zip(fields()), self.sink);
    }

    pub(super) fn doc(
        &self,
        comment: Option<&str>,
        deprecated: Option<&SmolStr>,
        not_carried: &[NotCarried],
        indent: usize,
    ) -> String {
        let comment = comment.filter(|_| self.settings.comments);
        if comment.is_none() && deprecated.is_none() && not_carried.is_empty() {
            return String::new();
        }
        let deprecated = deprecated.map(|instead| typescript::deprecated(instead));
        let not_carried: Vec<String> = not_carried.iter().map(ToString::to_string).collect();
        let paragraphs = comment.into_iter().chain(deprecated.as_deref());
        let paragraphs: Vec<&str> =
            paragraphs.chain(not_carried.iter().map(String::as_str)).collect();
        typescript::doc(&paragraphs, indent)
    }
}
