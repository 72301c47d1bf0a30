//! The page's parts: what the template prints, as finished code.
//!
//! In: the schema, its shapes and relations. Out: the template's context: `module.imports`,
//! `module.parts`, the declarations that classes share, and `module.items`, each an enum or a table.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::rc::Rc;

use minijinja::{Value as Context, context};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::columns::Types;
use super::defaults::fetched;
use super::tables::{arguments, settings};
use super::updates::Updates;
use crate::diagnostic::Diagnostics;
use crate::emit::EmitInput;
use crate::emit::exports::check_fields;
use crate::emit::lang::python::{self, Attributes};
use crate::emit::lang::{Brackets, Code, LaidField, Py};
use crate::emit::shapes::alembic::{Circles, reads_index};
use crate::emit::shapes::{Entity, EnumShape, Item, ItemId, PlainColumn, Relations, Shapes};
use crate::emit::template::{Marked, Marks};
use crate::schema::{
    Column, ConstraintKind, DefaultValue, Ownership, QualifiedName, RelationId, Table, TableId,
    TypeKind, View,
};
use crate::sort;

/// The context of the whole module.
pub(super) fn module(
    input: &EmitInput<'_>,
    shapes: &Shapes,
    relations: &Relations,
    comments: bool,
    marks: &mut Marks,
    sink: &mut Diagnostics,
) -> Context {
    let names: FxHashMap<ItemId, String> =
        shapes.items.iter().map(|item| (item.id(), python::class(item.name()))).collect();
    let attributes = Attributes::new(shapes.items.iter().map(|item| python::class(item.name())));
    let entities = shapes.items.iter().filter_map(|item| match item {
        Item::Entity(entity @ Entity { relation: RelationId::Table(id), .. }) => {
            Some((*id, entity))
        }
        _ => None,
    });
    let types = Types {
        schema: input.schema,
        names,
        imports: BTreeSet::from([
            ("sqlalchemy as sa", ""),
            ("sqlalchemy.orm", "DeclarativeBase"),
            ("typing", "Any"),
        ]),
        annotations: FxHashSet::default(),
        foreign: false,
        enums: false,
    };
    let entities = entities.collect();
    let circles = Circles::of(input.schema);
    let updates = Updates::of(input.schema);
    let laid = FxHashMap::default();
    let mut page = Page {
        input,
        relations,
        circles,
        updates,
        is_eager: false,
        types,
        attributes,
        entities,
        comments,
        laid,
        sink,
    };
    let mut items: Vec<Marked> = page.external();
    for rank in [Rank::Table, Rank::Class, Rank::View] {
        for item in &shapes.items {
            if page.rank(item) == Some(rank) {
                items.extend(page.item(item));
            }
        }
    }
    items.extend(page.dependencies());
    let mut parts = Vec::new();
    if page.types.enums {
        page.types.imports.insert(("enum", "StrEnum"));
        parts.push(Code::new(LABELS));
    }
    if page.types.foreign {
        parts.push(Code::new(TYPE));
    }
    parts.push(Code::new("class Base(DeclarativeBase):\n    pass"));
    if page.is_eager {
        parts.push(Code::new(EAGER));
    }
    if shapes.items.iter().any(|item| page.rank(item) == Some(Rank::View)) {
        parts.push(Code::new(VIEWS));
    }
    parts.push(Code::new(page.alembic()));
    let imports = python::imports(&page.types.imports);
    context! { imports => Code::new(imports), parts, items => marks.place_all(items) }
}

const LABELS: &str = "def _labels(members: type[StrEnum]) -> list[str]:
    return [member.value for member in members]";

const VIEWS: &str =
    "# Apart from the tables, so that neither alembic nor create_all() takes a view for one.
view_metadata = sa.MetaData()";

const TYPE: &str = r#"class _Type(sa.types.UserDefinedType[Any]):
    """A type that SQLAlchemy does not have, by its name in SQL."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        return self.name"#;

/// A session of asyncio cannot read later, without being asked, what an update changed.
const EAGER: &str = "# What the database changes in an updated row comes back with the update.
_EAGER = {\"eager_defaults\": True}";

/// Where an item stands on the page: relationships go through tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rank {
    /// Enums, and tables that are no classes.
    Table,
    /// Classes.
    Class,
    /// Views.
    View,
}

/// What the parts of the page share.
pub(super) struct Page<'a> {
    pub(super) input: &'a EmitInput<'a>,
    pub(super) relations: &'a Relations,
    circles: Circles,
    updates: Updates,
    /// Whether a class has a column that the database changes.
    is_eager: bool,
    pub(super) types: Types<'a>,
    pub(super) attributes: Attributes,
    pub(super) entities: FxHashMap<TableId, &'a Entity>,
    comments: bool,
    /// The fields of columns that are alike, also in whether they are keys, and set by triggers.
    laid: FxHashMap<(PlainColumn<'a>, [bool; 2]), Rc<LaidField>>,
    sink: &'a mut Diagnostics,
}

impl<'a> Page<'a> {
    fn item(&mut self, item: &Item) -> Option<Marked> {
        let mut out = Marked::default();
        match item {
            Item::Enum(it) => self.enumeration(&mut out, it, &python::class(&it.name)),
            Item::Entity(it) => match it.relation {
                RelationId::Table(id) => {
                    let table = self.input.schema.tables.find(id)?;
                    if self.is_class(id) {
                        self.class(&mut out, it, id, table);
                    } else {
                        self.table(&mut out, id, table, &table.columns, false);
                    }
                }
                RelationId::View(id) => self.view(&mut out, self.input.schema.views.find(id)?),
            },
            Item::Domain(_) | Item::Composite(_) => return None,
        }
        Some(out.of(item.id().object()))
    }

    /// Where an item stands, if it has a place.
    fn rank(&self, item: &Item) -> Option<Rank> {
        match item {
            Item::Enum(_) => Some(Rank::Table),
            Item::Entity(it) => Some(match it.relation {
                RelationId::Table(id) if self.is_class(id) => Rank::Class,
                RelationId::Table(_) => Rank::Table,
                RelationId::View(_) => Rank::View,
            }),
            Item::Domain(_) | Item::Composite(_) => None,
        }
    }

    fn enumeration(&mut self, out: &mut Marked, it: &EnumShape, name: &str) {
        self.types.enums = true;
        let comment = it.comment.iter().filter(|_| self.comments).map(ToString::to_string);
        let doc = python::docstring(&comment.collect::<Vec<_>>(), 4);
        out.write(|text| {
            let gap = if doc.is_empty() { "" } else { "\n" };
            let _ = write!(text, "class {name}(StrEnum):\n{doc}{gap}");
            for (member, label) in python::members(&it.labels).iter().zip(&it.labels) {
                Py::atom(python::string(label)).write_assignment(text, 4, member);
            }
            if it.labels.is_empty() && doc.is_empty() {
                text.push_str("    pass\n");
            }
        });
    }

    fn class(&mut self, out: &mut Marked, it: &Entity, id: TableId, table: &'a Table) {
        let name = self.class_of(id);
        let comment = it.comment.iter().filter(|_| self.comments).map(ToString::to_string);
        let doc = python::docstring(&comment.collect::<Vec<_>>(), 4);
        let mut args = arguments(self.input, &self.circles, id);
        let is_dialect = |it: &Py| matches!(it, Py::List(head, ..) if head.starts_with("pg."));
        if args.iter().any(is_dialect) {
            self.types.imports.insert(("sqlalchemy.dialects", "postgresql as pg"));
        }
        let settings = settings(&table.name, table.comment.as_deref());
        if !settings.is_empty() {
            let entries = settings
                .into_iter()
                .map(|(key, value)| Py::Entry(["\"", key, "\""].concat().into(), Box::new(value)));
            args.push(Py::List("".into(), Brackets::Curly, entries.collect()));
        }
        self.types.imports.insert(("sqlalchemy.orm", "Mapped"));
        self.types.imports.insert(("sqlalchemy.orm", "mapped_column"));
        let is_changed =
            table.columns.iter().any(|it| it.generated.is_some() || self.updates.has(id, &it.name));
        self.is_eager |= is_changed;
        out.write(|text| {
            let gap = if doc.is_empty() { "" } else { "\n" };
            let _ = write!(text, "class {name}(Base):\n{doc}{gap}");
            Py::string(&table.name.name).write_assignment(text, 4, "__tablename__");
            let tuple = Py::List("".into(), Brackets::Round, args);
            tuple.write_assignment(text, 4, "__table_args__");
            if is_changed {
                text.push_str("    __mapper_args__ = _EAGER\n");
            }
            text.push('\n');
        });
        let names: Vec<SmolStr> =
            it.fields.iter().map(|field| self.attributes.of(field.name())).collect();
        check_fields(self.input, names.iter().zip(&it.fields), self.sink);
        for ((field, column), name) in it.fields.iter().zip(&table.columns).zip(&names) {
            let laid = self.laid(id, column, field.nullable, name);
            out.write_for(field.object, |text| laid.write(text, 4, name));
        }
        let relationships = self.relationships(id);
        out.write(|text| {
            if !relationships.is_empty() {
                text.push('\n');
            }
            for (name, annotation, value) in relationships {
                let annotation = Py::subscript("Mapped", vec![annotation]);
                annotation.write_field(text, 4, &name, Some(&value));
            }
        });
    }

    /// The field of a column: once for all that are alike.
    fn laid(
        &mut self,
        id: TableId,
        column: &'a Column,
        nullable: bool,
        name: &str,
    ) -> Rc<LaidField> {
        let table = &self.input.schema.tables[id];
        // Whose a sequence is, the default's text does not say.
        let is_numbered = matches!(&column.default, Some(DefaultValue::Expr(expr)) if expr.text.starts_with("nextval("));
        let is_own = column.comment.is_some() || name != column.name.as_str() || is_numbered;
        let is_key = table.primary_key().contains(&column.name);
        let plain = PlainColumn::of(column).filter(|_| !is_own);
        let is_set = self.updates.has(id, &column.name);
        let said = plain.map(|plain| (plain, [is_key, is_set]));
        if let Some(known) = said.as_ref().and_then(|said| self.laid.get(said)) {
            return Rc::clone(known);
        }
        let (annotation, value) = self.column(table, column, nullable, name, [is_key, is_set]);
        let made = Rc::new(LaidField::new(annotation, value));
        if let Some(said) = said {
            self.laid.insert(said, Rc::clone(&made));
        }
        made
    }

    fn column(
        &mut self,
        table: &Table,
        column: &Column,
        nullable: bool,
        name: &str,
        [is_key, is_set]: [bool; 2],
    ) -> (Py, Py) {
        let annotation = self.types.annotation(&column.ty);
        let annotation = if nullable { annotation.or_none() } else { annotation };
        let mut args = Vec::new();
        if name != column.name.as_str() {
            args.push(Py::string(&column.name));
        }
        args.extend(self.types.arguments(table, column));
        if is_set {
            args.push(Py::named("server_onupdate", fetched()));
        }
        if is_key && !column.serial && column.identity.is_none() {
            args.push(Py::named("autoincrement", Py::atom("False")));
        }
        if let Some(comment) = &column.comment {
            args.push(Py::named("comment", Py::string(comment.clone())));
        }
        (Py::subscript("Mapped", vec![annotation]), Py::call("mapped_column", args))
    }

    /// A `Table`: of pairs, without a primary key, or one that others own.
    fn table(
        &mut self,
        out: &mut Marked,
        id: TableId,
        table: &Table,
        columns: &[Column],
        is_external: bool,
    ) {
        let mut args = vec![Py::string(&table.name.name), Py::atom("Base.metadata")];
        for column in columns {
            let mut own = vec![Py::string(&column.name)];
            own.extend(self.types.arguments(table, column));
            let is_key = table.primary_key().contains(&column.name);
            if is_external && is_key {
                own.push(Py::named("primary_key", Py::atom("True")));
            } else if !column.nullable {
                own.push(Py::named("nullable", Py::atom("False")));
            }
            if let Some(comment) = &column.comment {
                own.push(Py::named("comment", Py::string(comment.clone())));
            }
            args.push(Py::call("sa.Column", own));
        }
        if is_external {
            let external = Py::Entry("\"external\"".into(), Box::new(Py::atom("True")));
            let info = Py::List("".into(), Brackets::Curly, vec![external]);
            args.push(Py::named("info", info));
        } else {
            args.extend(arguments(self.input, &self.circles, id));
        }
        for (key, value) in settings(&table.name, table.comment.as_deref()) {
            args.push(Py::named(key, value));
        }
        let name = self.table_variable(id);
        out.write(|text| Py::call("sa.Table", args).write_assignment(text, 0, &name));
    }

    /// A view: a `Table` without a key. A column whose type is not known has none.
    fn view(&mut self, out: &mut Marked, view: &View) {
        let mut args = vec![Py::string(&view.name.name), Py::atom("view_metadata")];
        for column in &view.columns {
            let mut own = vec![Py::string(&column.name)];
            own.extend(column.ty.as_ref().map(|ty| self.types.ty(ty)));
            if !column.nullable {
                own.push(Py::named("nullable", Py::atom("False")));
            }
            if let Some(comment) = &column.comment {
                own.push(Py::named("comment", Py::string(comment.clone())));
            }
            args.push(Py::call("sa.Column", own));
        }
        for (key, value) in settings(&view.name, view.comment.as_deref()) {
            args.push(Py::named(key, value));
        }
        let name = self.variable(&view.name, "view");
        out.write(|text| Py::call("sa.Table", args).write_assignment(text, 0, &name));
    }

    /// The variable of a `Table`.
    pub(super) fn table_variable(&self, id: TableId) -> SmolStr {
        let table = self.input.schema.tables.find(id);
        table.map_or_else(SmolStr::default, |table| self.variable(&table.name, "table"))
    }

    fn variable(&self, name: &QualifiedName, kind: &str) -> SmolStr {
        let name = if name.is_public() {
            name.name.to_string()
        } else {
            format!("{}_{}", name.schema, name.name)
        };
        self.attributes.of(&format!("{name}_{kind}"))
    }

    /// The tables of others that keys lead to, with the columns that they lead to.
    fn external(&mut self) -> Vec<Marked> {
        let schema = self.input.schema;
        let mut items = Vec::new();
        let keys = || {
            schema.owned_tables().flat_map(|(_, table)| &table.constraints).filter_map(|it| {
                match &it.kind {
                    ConstraintKind::ForeignKey(key) => Some(key),
                    _ => None,
                }
            })
        };
        for (id, table) in schema.tables.iter() {
            if table.ownership == Ownership::Owned {
                continue;
            }
            let keys = keys().filter(|key| key.target == id);
            let named = sort::set(keys.flat_map(|key| &key.target_columns));
            if named.is_empty() {
                continue;
            }
            let columns: Vec<Column> = table
                .columns
                .iter()
                .filter(|column| named.contains(&column.name))
                .map(|column| Column { default: None, comment: None, ..column.clone() })
                .collect();
            let mut out = Marked::default();
            let stub = Table { comment: None, ..table.clone() };
            self.table(&mut out, id, &stub, &columns, true);
            items.push(out);
        }
        items
    }

    /// Which tables must be there before others without a key that says so: a column holds rows of theirs.
    fn dependencies(&mut self) -> Option<Marked> {
        let schema = self.input.schema;
        let needs = schema.owned_tables().flat_map(|(id, table)| {
            table.columns.iter().filter_map(move |column| match column.ty.kind {
                TypeKind::TableRow(of) if schema.tables[of].ownership == Ownership::Owned => {
                    Some((id, of))
                }
                _ => None,
            })
        });
        let table = |id: TableId| {
            let name = schema.tables[id].name.shown();
            Py::subscript("Base.metadata.tables", vec![Py::string(name)])
        };
        let mut out = Marked::default();
        for (one, other) in sort::set(needs) {
            let head = format!("{}.add_is_dependent_on", table(one).flat());
            let call = Py::call(head, vec![table(other)]);
            out.write(|text| call.write_statement(text, 0));
        }
        (!out.is_empty()).then_some(out)
    }

    /// What alembic is told: which schemas are the models', and which tables are not.
    fn alembic(&self) -> String {
        let schema = self.input.schema;
        let tables = || schema.owned_tables().map(|(_, table)| table);
        let mut schemas = sort::set(tables().map(|table| table.name.schema.as_str()));
        schemas.remove("public");
        let names: Vec<Py> =
            std::iter::once(Py::atom("None")).chain(schemas.into_iter().map(Py::string)).collect();
        let mut out = String::new();
        Py::List("".into(), Brackets::Curly, names).write_assignment(&mut out, 0, "_SCHEMAS");
        let partitions = tables()
            .filter_map(|table| table.partitioning.as_ref())
            .flat_map(|it| &it.partitions)
            .map(|partition| partition.name.shown().into_owned());
        let partitions = sort::set(partitions);
        let indexes = tables().flat_map(|table| &table.indexes).filter(|it| !reads_index(it));
        let indexes = sort::set(indexes.map(|index| index.name.as_str()));
        let mut assign = |variable: &str, names: Vec<Py>| {
            let list = Py::List("".into(), Brackets::Square, names);
            list.write_assignment(&mut out, 0, variable);
        };
        assign("_PARTITIONS: list[str]", partitions.into_iter().map(Py::string).collect());
        assign("_UNREADABLE: list[str]", indexes.into_iter().map(Py::string).collect());
        out.push_str(ALEMBIC);
        out
    }
}

const ALEMBIC: &str = r#"

def include_name(name: str | None, kind: str, _: Any) -> bool:
    """For alembic's env.py: the PostgreSQL schemas of these models."""
    return kind != "schema" or name in _SCHEMAS


def include_object(item: Any, name: str | None, kind: str, *_: Any) -> bool:
    """For alembic's env.py: no partitions, tables of others, indexes that it misreads."""
    if kind == "index":
        return name not in _UNREADABLE
    if kind != "table":
        return True
    full = f"{item.schema}.{name}" if item.schema else name
    return full not in _PARTITIONS and not item.info.get("external", False)"#;
