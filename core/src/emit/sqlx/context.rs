//! The page's parts: what the template prints, as finished code.
//!
//! In: shapes. Out: the template's context: `module.imports`, which macros the module needs, and
//! `module.items`, each an object's types with calls of those macros.

use std::collections::BTreeSet;
use std::fmt::Write;

use minijinja::{Value as Context, context};
use rustc_hash::FxHashSet;

use super::Settings;
use super::structs::{GIVEN, Kind, Line, Structs, as_text, columns};
use super::types::{Carried, Types, type_name};
use crate::diagnostic::Diagnostics;
use crate::emit::EmitInput;
use crate::emit::exports::Exports;
use crate::emit::lang::{Code, push_joined, rust};
use crate::emit::shapes::{
    CompositeShape, DomainShape, Entity, EnumShape, Item, ItemId, Presence, Shapes,
};
use crate::emit::template::{Marked, Marks};
use crate::schema::{ColumnType, ObjectId, QualifiedName, RelationId, Returns, TypeKind};
use crate::sort;
use crate::sql::ident::qualified;

/// How deep types within types are followed.
const DEPTH_LIMIT: u32 = 50;

/// The context of the whole module.
pub(super) fn module(
    input: &EmitInput<'_>,
    shapes: &Shapes,
    settings: Settings,
    marks: &mut Marks,
    sink: &mut Diagnostics,
) -> Context {
    let types = Types::new(input.schema, shapes, settings);
    let structs = Structs::new(input, types, settings, sink);
    let derives = Derives {
        row: structs.derives(&["Debug", "Clone", "PartialEq"], &["sqlx::FromRow"]),
        insert: structs.derives(&["Debug", "Clone", "PartialEq"], &[]),
        update: structs.derives(&["Debug", "Clone", "Default", "PartialEq"], &[]),
    };
    let (serde, rows) = (settings.serde, rows(input));
    let (exports, macros) = (Exports::default(), BTreeSet::new());
    let mut page = Page { input, serde, structs, rows, exports, derives, macros };
    let items: Vec<Marked> = shapes.items.iter().map(|item| page.item(item)).collect();
    let mut imports = page.structs.types.imports;
    if settings.serde && !items.is_empty() {
        imports.extend([("serde", "Deserialize"), ("serde", "Serialize")]);
    }
    let has = |name| page.macros.contains(name);
    context! {
        features => Code::new(features(&imports)),
        has_imports => !imports.is_empty(),
        imports => Code::new(rust::uses(&imports)),
        has_domains => has("domain"),
        has_composites => has("composite"),
        has_relations => has("relation"),
        has_inserts => has("insert"),
        has_updates => has("update"),
        has_given => page.structs.reads_given,
        given => Code::new(GIVEN),
        items => marks.place_all(items),
    }
}

/// What has to stand in Cargo.toml.
pub(in crate::emit) fn features(imports: &BTreeSet<(&str, &str)>) -> String {
    let modules = sort::set(imports.iter().map(|(module, _)| *module));
    let known = modules.iter().filter_map(|module| match *module {
        "serde_json" => Some("json"),
        "pgvector" | "serde" | "sqlx::postgres::types" => None,
        other => Some(other),
    });
    let all: Vec<&str> = ["derive", "postgres"].into_iter().chain(known).collect();
    let vectors = if modules.contains("pgvector") { "; pgvector with sqlx" } else { "" };
    format!("{}{vectors}", all.join(", "))
}

/// The tables and views of which a column, attribute or argument holds whole rows.
fn rows(input: &EmitInput<'_>) -> FxHashSet<RelationId> {
    let schema = input.schema;
    let columns = schema.tables.values().flat_map(|it| it.columns.iter().map(|it| &it.ty));
    let views =
        schema.views.values().flat_map(|it| it.columns.iter().filter_map(|it| it.ty.as_ref()));
    let attributes = schema.composites.values().flat_map(|it| it.fields.iter().map(|it| &it.ty));
    let domains = schema.domains.values().map(|it| &it.base);
    let functions = schema.functions.values();
    let args = functions.clone().flat_map(|it| it.args.iter().map(|it| &it.ty));
    let results = functions.flat_map(|it| match &it.returns {
        Returns::Nothing => Vec::new(),
        Returns::Value(ty) | Returns::Set(ty) => vec![ty],
        Returns::Table(columns) => columns.iter().map(|it| &it.ty).collect(),
    });
    let all = columns.chain(views).chain(attributes).chain(domains).chain(args).chain(results);
    let row = |ty: &ColumnType| match ty.kind {
        TypeKind::TableRow(id) => Some(RelationId::Table(id)),
        TypeKind::ViewRow(id) => Some(RelationId::View(id)),
        _ => None,
    };
    all.filter_map(row).collect()
}

/// What structs of tables derive.
struct Derives {
    row: String,
    insert: String,
    update: String,
}

/// What the parts of the page share.
struct Page<'a> {
    input: &'a EmitInput<'a>,
    serde: bool,
    structs: Structs<'a>,
    rows: FxHashSet<RelationId>,
    exports: Exports,
    derives: Derives,
    /// Macros of the template that the module calls.
    macros: BTreeSet<&'static str>,
}

impl Page<'_> {
    fn item(&mut self, item: &Item) -> Marked {
        let name = self.structs.types.class(item.id());
        let mut out = Marked::default();
        self.take(&name, item.id().object());
        match item {
            Item::Enum(it) => self.enumeration(&mut out, it, &name),
            Item::Domain(it) => self.domain(&mut out, it, &name),
            Item::Composite(it) => self.composite(&mut out, it, &name),
            Item::Entity(it) => self.entity(&mut out, it, &name),
        }
        out.of(item.id().object())
    }

    fn take(&mut self, name: &str, object: ObjectId) {
        self.exports.take(self.input, [name], object, self.structs.sink);
    }

    fn enumeration(&mut self, out: &mut Marked, it: &EnumShape, name: &str) {
        let Some(sql) = self.input.schema.enums.find(it.id).map(|it| type_name(&it.name)) else {
            return;
        };
        let doc = self.structs.doc(it.comment.as_deref(), Vec::new(), 0);
        let derives = self
            .structs
            .derives(&["Debug", "Clone", "Copy", "PartialEq", "Eq", "Hash"], &["sqlx::Type"]);
        let serde = self.serde;
        out.write(|text| {
            let variants = rust::variants(&it.labels);
            let mut labelled = variants.iter().zip(&it.labels);
            let is_snake = labelled.all(|(variant, label)| rust::is_in_snake_case(label, variant));
            let type_name = format!("type_name = {}", rust::string(&sql));
            let renames = is_snake.then_some("rename_all = \"snake_case\"");
            let own: Vec<&str> = std::iter::once(&*type_name).chain(renames).collect();
            text.extend([&*doc, &derives, &rust::attribute("sqlx", &own, 0)]);
            if let (Some(renames), true) = (renames, serde) {
                text.push_str(&rust::attribute("serde", &[renames], 0));
            }
            let _ = writeln!(text, "pub enum {name} {{");
            for (variant, label) in variants.iter().zip(&it.labels) {
                // A name that is no ASCII may be written in two ways.
                if !is_snake && (variant != label || !label.is_ascii()) {
                    let rename = format!("rename = {}", rust::string(label));
                    text.push_str(&rust::attribute("sqlx", &[&rename], 4));
                    if serde {
                        text.push_str(&rust::attribute("serde", &[&rename], 4));
                    }
                }
                text.extend(["    ", variant, ",\n"]);
            }
            text.push_str("}\n");
        });
    }

    fn domain(&mut self, out: &mut Marked, it: &DomainShape, name: &str) {
        let schema = self.input.schema;
        let Some(domain) = schema.domains.find(it.id) else { return };
        let Carried { ty, cast } = self.structs.types.of(Some(&domain.base));
        let note = cast.map(|_| as_text(&domain.base, self.input));
        let doc = self.structs.doc(it.comment.as_deref(), note.clone().into_iter().collect(), 0);
        let common = ["Debug", "Clone", "PartialEq"];
        if note.is_some() {
            let derives = self.structs.derives(&common, &["sqlx::Type"]);
            return out.write(|text| {
                let _ = writeln!(
                    text,
                    "{doc}{derives}#[sqlx(transparent)]\npub struct {name}(pub String);"
                );
            });
        }
        self.macros.insert("domain");
        let derives = self.structs.derives(&common, &["sqlx::Encode", "sqlx::Decode"]);
        let sql = rust::string(&type_name(&domain.name));
        out.write(|text| {
            let _ = write!(text, "{doc}{derives}pub struct {name}(pub {ty});\n\n");
            let _ = writeln!(text, "domain! {{\n    {name}, {sql}, {ty};\n}}");
        });
    }

    fn composite(&mut self, out: &mut Marked, it: &CompositeShape, name: &str) {
        let schema = self.input.schema;
        let Some(composite) = schema.composites.find(it.id) else { return };
        let kind = TypeKind::Composite(it.id);
        if !self.structs.types.is_native_row(&kind, DEPTH_LIMIT) {
            let note = format!("As text: sqlx cannot read or write all of `{}`.", composite.name);
            let doc = self.structs.doc(it.comment.as_deref(), vec![note], 0);
            return out.write(|text| {
                let _ = writeln!(text, "{doc}pub type {name} = String;");
            });
        }
        let types = self.structs.types.attributes(&kind);
        let lines = self.structs.lines(&it.fields, &types);
        let doc = self.structs.doc(it.comment.as_deref(), Vec::new(), 0);
        let derives = self.structs.derives(&["Debug", "Clone", "PartialEq"], &[]);
        self.structs.structure(
            out,
            &format!("{doc}{derives}pub struct {name}"),
            &lines,
            Kind::Value,
        );
        self.row_type(out, name, &composite.name, &lines, &types);
    }

    /// The call of the macro by which sqlx reads and writes a struct as one value.
    fn row_type(
        &mut self,
        out: &mut Marked,
        name: &str,
        sql: &QualifiedName,
        lines: &[Line<'_>],
        types: &[Option<&ColumnType>],
    ) {
        self.macros.insert("composite");
        let sql = rust::string(&type_name(sql));
        out.write(|text| {
            text.extend(["\ncomposite! {\n    ", name, ", ", &sql, ";\n"]);
            for (line, ty) in lines.iter().zip(types) {
                let own = ty.map(|ty| self.structs.types.attribute_type(ty)).unwrap_or_default();
                let own = rust::string(&own);
                text.extend(["    ", &line.ident, " ", &own, ";\n"]);
            }
            text.push_str("}\n");
        });
    }

    fn entity(&mut self, out: &mut Marked, it: &Entity, name: &str) {
        let schema = self.input.schema;
        let (kind, sql) = match it.relation {
            RelationId::Table(id) => (TypeKind::TableRow(id), schema.relation_name(it.relation)),
            RelationId::View(id) => (TypeKind::ViewRow(id), schema.relation_name(it.relation)),
        };
        let types = self.structs.types.attributes(&kind);
        let lines = self.structs.lines(&it.fields, &types);
        let doc = self.structs.doc(it.comment.as_deref(), Vec::new(), 0);
        let head = [&*doc, &self.derives.row, "pub struct ", name].concat();
        self.structs.structure(out, &head, &lines, Kind::Row);
        let table = qualified(&sql.schema, &sql.name);
        self.macros.insert("relation");
        out.write(|text| {
            text.extend(["\nrelation! {\n    ", name, ", "]);
            rust::push_string(text, &table);
            text.push_str(", ");
            rust::push_string(text, &columns(&lines));
            text.push_str(";\n}\n");
        });
        if self.rows.contains(&it.relation) && self.structs.types.is_native_row(&kind, DEPTH_LIMIT)
        {
            self.row_type(out, name, sql, &lines, &types);
        }
        if it.writable {
            self.insert(out, it, name, &table, &lines);
            self.update(out, it, name, &lines);
        }
    }

    fn insert(
        &mut self,
        out: &mut Marked,
        it: &Entity,
        row: &str,
        table: &str,
        lines: &[Line<'_>],
    ) {
        let given: Vec<&Line<'_>> =
            lines.iter().filter(|it| it.field.insert != Presence::Never).collect();
        if given.is_empty() {
            return;
        }
        let name = format!("New{}", it.name);
        self.take(&name, ItemId::Relation(it.relation).object());
        self.macros.insert("insert");
        let doc = ["\n/// A row to insert: `", row, "`.\n"].concat();
        let head = [&*doc, &self.derives.insert, "pub struct ", &name].concat();
        self.structs.structure(out, &head, lines, Kind::Insert);
        let mut into = ["insert into ", table, " ("].concat();
        push_joined(&mut into, &given, ", ", |into, line| into.push_str(&line.sql));
        into.push_str(") values (");
        out.write(|text| {
            text.extend(["\ninsert! {\n    ", &name, " => ", row, ", "]);
            rust::push_string(text, &into);
            text.push_str(";\n");
            for line in &given {
                let given = if Kind::Insert.wraps(line.field) { "optional" } else { "required" };
                text.extend(["    ", &line.ident, " ", given, " "]);
                rust::push_string(text, line.write());
                text.push_str(";\n");
            }
            text.push_str("}\n");
        });
    }

    fn update(&mut self, out: &mut Marked, it: &Entity, row: &str, lines: &[Line<'_>]) {
        let given: Vec<&Line<'_>> =
            lines.iter().filter(|it| it.field.update != Presence::Never).collect();
        if given.is_empty() {
            return;
        }
        let name = format!("{}Update", it.name);
        self.take(&name, ItemId::Relation(it.relation).object());
        self.macros.insert("update");
        let doc = ["\n/// Changes of a row: `", row, "`.\n"].concat();
        let head = [&*doc, &self.derives.update, "pub struct ", &name].concat();
        self.structs.structure(out, &head, lines, Kind::Update);
        out.write(|text| {
            text.extend(["\nupdate! {\n    ", &name, ";\n"]);
            for line in &given {
                text.extend(["    ", &line.ident, " "]);
                rust::push_string(text, &[&line.sql, " = "].concat());
                text.push(' ');
                rust::push_string(text, line.write());
                text.push_str(";\n");
            }
            text.push_str("}\n");
        });
    }
}
