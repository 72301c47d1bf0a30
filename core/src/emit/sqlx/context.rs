//! The page's parts: what the template prints, as finished code.
//!
//! In: shapes. Out: the template's context: `module.imports`, which macros the module needs, and
//! `module.items`, each an object's types with calls of those macros.

use std::collections::BTreeSet;
use std::fmt::Write;

use minijinja::{Value as Context, context};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Settings;
use super::types::{Carried, Types, type_name};
use crate::diagnostic::Diagnostics;
use crate::emit::exports::Exports;
use crate::emit::lang::{Code, rust};
use crate::emit::shapes::{
    CompositeShape, DomainShape, Entity, EnumShape, Field, Item, ItemId, Presence, Shapes,
};
use crate::emit::template::{Marked, Marks};
use crate::emit::{EmitInput, errors};
use crate::schema::{ColumnType, ObjectId, QualifiedName, RelationId, Returns, TypeKind};
use crate::sql::ident::{qualified, quote_ident};

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
    let (exports, macros) = (Exports::default(), BTreeSet::new());
    let mut page = Page { input, settings, types, rows: rows(input), marks, exports, macros, sink };
    let items: Vec<Context> = shapes.items.iter().map(|item| page.item(item)).collect();
    let mut imports = page.types.imports;
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
        has_given => has("given"),
        items,
    }
}

/// What has to stand in Cargo.toml.
fn features(imports: &BTreeSet<(&str, &str)>) -> String {
    let modules: BTreeSet<&str> = imports.iter().map(|(module, _)| *module).collect();
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
fn rows(input: &EmitInput<'_>) -> BTreeSet<RelationId> {
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
    all.filter_map(|ty| match ty.kind {
        TypeKind::TableRow(id) => Some(RelationId::Table(id)),
        TypeKind::ViewRow(id) => Some(RelationId::View(id)),
        _ => None,
    })
    .collect()
}

/// What the parts of the page share.
struct Page<'a> {
    input: &'a EmitInput<'a>,
    settings: Settings,
    types: Types<'a>,
    rows: BTreeSet<RelationId>,
    marks: &'a mut Marks,
    exports: Exports,
    /// Macros of the template that the module calls.
    macros: BTreeSet<&'static str>,
    sink: &'a mut Diagnostics,
}

/// A field as the structs of its relation have it.
struct Line<'a> {
    field: &'a Field,
    /// Without `r#`.
    name: String,
    carried: Carried,
    /// What is said of it.
    doc: String,
}

impl Page<'_> {
    fn item(&mut self, item: &Item) -> Context {
        let name = self.types.class(item.id());
        let mut out = Marked::default();
        self.take(&name, item.id().object());
        match item {
            Item::Enum(it) => self.enumeration(&mut out, it, &name),
            Item::Domain(it) => self.domain(&mut out, it, &name),
            Item::Composite(it) => self.composite(&mut out, it, &name),
            Item::Entity(it) => self.entity(&mut out, it, &name),
        }
        self.marks.place(out.of(item.id().object()))
    }

    fn take(&mut self, name: &str, object: ObjectId) {
        self.exports.take(self.input, [name.to_owned()], object, self.sink);
    }

    fn enumeration(&mut self, out: &mut Marked, it: &EnumShape, name: &str) {
        let Some(sql) = self.input.schema.enums.find(it.id).map(|it| type_name(&it.name)) else {
            return;
        };
        let doc = self.doc(it.comment.as_ref(), Vec::new(), 0);
        let derives =
            self.derives(&["Debug", "Clone", "Copy", "PartialEq", "Eq", "Hash"], &["sqlx::Type"]);
        let serde = self.settings.serde;
        out.write(|text| {
            let type_name = format!("type_name = {}", rust::string(&sql));
            let type_name = rust::attribute("sqlx", &[type_name], 0);
            let _ = writeln!(text, "{doc}{derives}{type_name}pub enum {name} {{");
            for (variant, label) in rust::variants(&it.labels).iter().zip(&it.labels) {
                // A name that is no ASCII may be written in two ways.
                if variant != label || !label.is_ascii() {
                    let rename = format!("rename = {}", rust::string(label));
                    text.push_str(&rust::attribute("sqlx", std::slice::from_ref(&rename), 4));
                    if serde {
                        text.push_str(&rust::attribute("serde", &[rename], 4));
                    }
                }
                let _ = writeln!(text, "    {variant},");
            }
            text.push_str("}\n");
        });
    }

    fn domain(&mut self, out: &mut Marked, it: &DomainShape, name: &str) {
        let schema = self.input.schema;
        let Some(domain) = schema.domains.find(it.id) else { return };
        let Carried { ty, cast } = self.types.of(Some(&domain.base));
        let note = cast.map(|_| as_text(&domain.base, self.input));
        let doc = self.doc(it.comment.as_ref(), note.clone().into_iter().collect(), 0);
        let common = ["Debug", "Clone", "PartialEq"];
        if note.is_some() {
            let derives = self.derives(&common, &["sqlx::Type"]);
            return out.write(|text| {
                let _ = writeln!(
                    text,
                    "{doc}{derives}#[sqlx(transparent)]\npub struct {name}(pub String);"
                );
            });
        }
        self.macros.insert("domain");
        let derives = self.derives(&common, &["sqlx::Encode", "sqlx::Decode"]);
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
        if !self.types.is_native_row(&kind, DEPTH_LIMIT) {
            let note = format!("As text: sqlx cannot read or write all of `{}`.", composite.name);
            let doc = self.doc(it.comment.as_ref(), vec![note], 0);
            return out.write(|text| {
                let _ = writeln!(text, "{doc}pub type {name} = String;");
            });
        }
        let types = self.types.attributes(&kind);
        let lines = self.lines(&it.fields, &types);
        let doc = self.doc(it.comment.as_ref(), Vec::new(), 0);
        let derives = self.derives(&["Debug", "Clone", "PartialEq"], &[]);
        self.structure(out, &format!("{doc}{derives}pub struct {name}"), &lines, Kind::Value);
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
            let _ = writeln!(text, "\ncomposite! {{\n    {name}, {sql};");
            for (line, ty) in lines.iter().zip(types) {
                let own = ty.map(|ty| self.types.attribute_type(ty)).unwrap_or_default();
                let _ = writeln!(text, "    {} {};", rust::ident(&line.name), rust::string(&own));
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
        let types = self.types.attributes(&kind);
        let lines = self.lines(&it.fields, &types);
        let doc = self.doc(it.comment.as_ref(), Vec::new(), 0);
        let derives = self.derives(&["Debug", "Clone", "PartialEq"], &["sqlx::FromRow"]);
        self.structure(out, &format!("{doc}{derives}pub struct {name}"), &lines, Kind::Row);
        let table = qualified(&sql.schema, &sql.name);
        let columns: Vec<String> = lines.iter().map(Line::read).collect();
        self.macros.insert("relation");
        out.write(|text| {
            let [table, columns] = [table.as_str(), &columns.join(", ")].map(rust::string);
            let _ = writeln!(text, "\nrelation! {{\n    {name}, {table}, {columns};\n}}");
        });
        if self.rows.contains(&it.relation) && self.types.is_native_row(&kind, DEPTH_LIMIT) {
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
        let derives = self.derives(&["Debug", "Clone", "PartialEq"], &[]);
        self.structure(
            out,
            &format!("\n/// A row to insert: `{row}`.\n{derives}pub struct {name}"),
            lines,
            Kind::Insert,
        );
        let columns: Vec<String> =
            given.iter().map(|it| quote_ident(&it.field.column).into_owned()).collect();
        let into = format!("insert into {table} ({}) values (", columns.join(", "));
        out.write(|text| {
            let _ = writeln!(text, "\ninsert! {{\n    {name} => {row}, {};", rust::string(&into));
            for line in &given {
                let given = if Kind::Insert.wraps(line.field) { "optional" } else { "required" };
                let field = rust::ident(&line.name);
                let _ = writeln!(text, "    {field} {given} {};", rust::string(line.write()));
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
        let derives = self.derives(&["Debug", "Clone", "Default", "PartialEq"], &[]);
        self.structure(
            out,
            &format!("\n/// Changes of a row: `{row}`.\n{derives}pub struct {name}"),
            lines,
            Kind::Update,
        );
        out.write(|text| {
            let _ = writeln!(text, "\nupdate! {{\n    {name};");
            for line in &given {
                let set = rust::string(&format!("{} = ", quote_ident(&line.field.column)));
                let field = rust::ident(&line.name);
                let _ = writeln!(text, "    {field} {set} {};", rust::string(line.write()));
            }
            text.push_str("}\n");
        });
    }

    /// The fields of an item. Complains of two that get the same name.
    fn lines<'b>(&mut self, fields: &'b [Field], types: &[Option<&ColumnType>]) -> Vec<Line<'b>> {
        let mut taken: FxHashMap<String, ObjectId> = FxHashMap::default();
        let mut lines = Vec::with_capacity(fields.len());
        for (field, ty) in fields.iter().zip(types) {
            let name = rust::field(&field.name);
            if let Some(first) = taken.insert(name.clone(), field.object) {
                let EmitInput { schema, origins, .. } = self.input;
                self.sink.push(errors::same_name(schema, origins, first, field.object, &name));
            }
            let carried = match ty {
                Some(ty) => self.types.written(ty),
                None => self.types.of(None),
            };
            let deprecated = field.deprecated.as_ref().map(|why| format!("Deprecated. {why}"));
            let note = carried.cast.is_some().then(|| match ty {
                Some(ty) => as_text(ty, self.input),
                None => "As text: its type is not known.".to_owned(),
            });
            let notes = deprecated.into_iter().chain(note).collect();
            let doc = self.doc(field.comment.as_ref(), notes, 4);
            lines.push(Line { field, name, carried, doc });
        }
        lines
    }

    /// A struct behind its head, which ends with its name.
    fn structure(&mut self, out: &mut Marked, head: &str, lines: &[Line<'_>], kind: Kind) {
        let mut lines =
            lines.iter().filter(|it| kind.presence(it.field) != Presence::Never).peekable();
        let is_empty = lines.peek().is_none();
        out.write(|text| {
            let _ = writeln!(text, "{head} {{{}", if is_empty { "}" } else { "" });
        });
        for line in lines {
            let (ty, wraps) = (line.member_type(kind), kind.wraps(line.field));
            let mut serde = Vec::new();
            // Both leave `r#` out. A name that is no ASCII may be written in two ways.
            let own = line.name == line.field.column.as_str() && line.name.is_ascii();
            let rename = format!("rename = {}", rust::string(&line.field.column));
            if self.settings.serde {
                serde.extend((!own).then(|| rename.clone()));
                if wraps {
                    serde.extend(
                        ["default", "skip_serializing_if = \"Option::is_none\""].map(str::to_owned),
                    );
                }
                if wraps && line.field.nullable {
                    self.macros.insert("given");
                    serde.push("deserialize_with = \"given\"".to_owned());
                }
            }
            out.write_for(line.field.object, |text| {
                if kind == Kind::Row || kind == Kind::Value {
                    text.push_str(&line.doc);
                }
                if !own && kind == Kind::Row {
                    text.push_str(&rust::attribute("sqlx", &[rename], 4));
                }
                if !serde.is_empty() {
                    text.push_str(&rust::attribute("serde", &serde, 4));
                }
                text.push_str(&rust::member(&rust::ident(&line.name), &ty, 4));
            });
        }
        if !is_empty {
            out.write(|text| text.push_str("}\n"));
        }
    }

    fn derives(&self, common: &[&str], own: &[&str]) -> String {
        let serde: &[&str] = if self.settings.serde { &["Serialize", "Deserialize"] } else { &[] };
        let all: Vec<String> =
            [common, serde, own].concat().into_iter().map(str::to_owned).collect();
        rust::attribute("derive", &all, 0)
    }

    fn doc(&self, comment: Option<&SmolStr>, notes: Vec<String>, indent: usize) -> String {
        let comment = comment.filter(|_| self.settings.comments).map(ToString::to_string);
        let paragraphs: Vec<String> = comment.into_iter().chain(notes).collect();
        rust::doc(&paragraphs, indent)
    }
}

/// What a struct is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A value of a composite type.
    Value,
    /// A row as it is read.
    Row,
    /// A row to insert.
    Insert,
    /// Changes of a row.
    Update,
}

impl Kind {
    const fn presence(self, field: &Field) -> Presence {
        match self {
            Self::Value | Self::Row => Presence::Required,
            Self::Insert => field.insert,
            Self::Update => field.update,
        }
    }

    /// Whether a field may be left out, and that is not the same as null.
    fn wraps(self, field: &Field) -> bool {
        match self {
            Self::Value | Self::Row => false,
            Self::Insert => {
                field.insert == Presence::Optional && !(field.nullable && field.null_by_default)
            }
            Self::Update => true,
        }
    }
}

impl Line<'_> {
    fn member_type(&self, kind: Kind) -> String {
        let ty = &self.carried.ty;
        let ty = if self.field.nullable { format!("Option<{ty}>") } else { ty.clone() };
        if kind.wraps(self.field) { format!("Option<{ty}>") } else { ty }
    }

    /// The column as a query reads it.
    fn read(&self) -> String {
        let cast = self.carried.cast.as_ref().map_or("", |cast| cast.read);
        format!("{}{cast}", quote_ident(&self.field.column))
    }

    /// The cast of what is written.
    fn write(&self) -> &str {
        self.carried.cast.as_ref().map_or("", |cast| &cast.write)
    }
}

fn as_text(ty: &ColumnType, input: &EmitInput<'_>) -> String {
    format!("As text: `{}`.", crate::ddl::part::data_type(input.schema, ty))
}
