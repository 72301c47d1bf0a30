//! What a cache has to know of tables, as JSON for clients of Redis.
//!
//! In: the schema's tables. Out: one document, which `cache.schema.json` describes: for each table its
//! primary key, by which rows are kept, its fields with their types, and its indexes, by which cached
//! rows may be found. Says nothing of views: they have no key.

use std::rc::Rc;

use minijinja::context as values_of;
use rustc_hash::FxHashMap;

use super::lang::Code;
use super::lang::json::{Json, Laid, string, write_entry};
use super::options::OptionInfo;
use super::output::{File, HEADER};
use super::shapes::{Entity, Field, Item};
use super::template::{Marked, Marks, Template};
use super::{EmitInput, Options, Target, TargetInfo, one_file};
use crate::ddl::part::{data_type, index_element};
use crate::diagnostic::Diagnostics;
use crate::schema::{
    ColumnType, ConstraintKind, IndexElement, IndexTarget, Name, ObjectId, RelationId, Schema,
    Table,
};

/// The target `redis`.
#[derive(Debug)]
pub struct Redis;

static INFO: TargetInfo = TargetInfo {
    name: "redis",
    title: "Redis cache schema",
    docs: "A JSON document for caches: for each table its `primary_key`, its `fields` with their `type` in \
           PostgreSQL and whether they are `nullable` and `indexed`, and its `indexes`, those of unique \
           constraints among them. A column is indexed if the primary key or an index holds it; \
           an element of an index that is no column stands there as its SQL. Tables outside of `public` \
           are called `schema.table`.",
    options: &[OptionInfo::flag(
        "comments",
        "Carry the schema's comments over as descriptions.",
        false,
    )],
    default_out: "cache.json",
};

static TEMPLATE: Template =
    Template::new("redis/cache.json.jinja", include_str!("templates/cache.json.jinja"));

impl Target for Redis {
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
        let schema = input.schema;
        let comments = options.flag("comments");
        let tables = input.shapes(sink).items.iter().filter_map(|item| match item {
            Item::Entity(entity) => match entity.relation {
                RelationId::Table(id) => Some((id, entity, schema.tables.find(id)?)),
                RelationId::View(_) => None,
            },
            Item::Enum(_) | Item::Domain(_) | Item::Composite(_) => None,
        });
        let tables: Vec<_> = tables.collect();
        let mut marks = Marks::default();
        let mut items = Vec::with_capacity(tables.len());
        let mut page = Page { schema, comments, laid: FxHashMap::default() };
        for (index, (id, entity, table)) in tables.iter().enumerate() {
            let mut text = Marked::default();
            let document = page.document(entity, table);
            let more = index + 1 < tables.len();
            text.write(|text| write_entry(text, 4, &table.name.to_string(), &document, more));
            items.push(text.of(ObjectId::Table(*id)));
        }
        let header = Code::new(string(HEADER));
        let context = values_of! { header, items => marks.place_all(items) };
        one_file(&INFO, out, &TEMPLATE, context, &marks, sink)
    }
}

/// Tables as caches see them.
struct Page<'a> {
    schema: &'a Schema,
    comments: bool,
    /// What is said of fields without a description, by their types, whether they may be null, and whether
    /// an index finds them.
    laid: FxHashMap<(&'a ColumnType, bool, bool), Rc<Laid>>,
}

impl<'a> Page<'a> {
    /// What a cache knows of one table.
    fn document(&mut self, entity: &Entity, table: &'a Table) -> Json {
        let indexes = indexes(self.schema, table);
        let key = table.constraints.iter().find_map(|it| match &it.kind {
            ConstraintKind::PrimaryKey { columns } => Some(columns.as_slice()),
            _ => None,
        });
        let key = key.unwrap_or_default();
        let fields = entity.fields.iter().zip(&table.columns).map(|(field, column)| {
            let found = key.contains(&column.name)
                || indexes.iter().any(|it| it.columns.contains(&Some(&column.name)));
            (column.name.as_str(), self.field(field, &column.ty, found))
        });
        let fields = Json::object(fields);
        let indexes = indexes.into_iter().map(|it| {
            Json::object([
                ("name", Json::text(it.name)),
                ("columns", Json::Array(it.elements)),
                ("unique", Json::flag(it.unique)),
            ])
        });
        let mut entries = vec![
            ("table", Json::text(&table.name.to_string())),
            ("primary_key", Json::Array(key.iter().map(|name| Json::text(name)).collect())),
            ("fields", fields),
            ("indexes", Json::Array(indexes.collect())),
        ];
        entries.extend(self.description(table.comment.as_deref()));
        Json::object(entries)
    }

    /// What a cache knows of a field; `found` says whether an index finds it.
    fn field(&mut self, field: &Field, ty: &'a ColumnType, found: bool) -> Json {
        let schema = self.schema;
        let facts = || {
            [
                ("type", Json::text(&data_type(schema, ty))),
                ("nullable", Json::flag(field.nullable)),
                ("indexed", Json::flag(found)),
            ]
        };
        match self.description(field.comment.as_deref()) {
            Some(description) => Json::object(facts().into_iter().chain([description])),
            None => {
                let laid = self.laid.entry((ty, field.nullable, found));
                Json::Laid(Rc::clone(
                    laid.or_insert_with(|| Rc::new(Laid::new(Json::object(facts())))),
                ))
            }
        }
    }

    fn description(&self, comment: Option<&str>) -> Option<(&'static str, Json)> {
        let comment = comment.filter(|_| self.comments);
        comment.map(|text| ("description", Json::text(text)))
    }
}

/// An index as a cache sees it.
struct Lookup<'a> {
    name: &'a Name,
    /// The columns among its elements.
    columns: Vec<Option<&'a Name>>,
    /// Each as its name, or its SQL.
    elements: Vec<Json>,
    unique: bool,
}

/// The indexes of a table, those of its unique constraints first.
fn indexes<'a>(schema: &Schema, table: &'a Table) -> Vec<Lookup<'a>> {
    let constraints = table.constraints.iter().filter_map(|it| match &it.kind {
        ConstraintKind::Unique { columns, .. } => Some(Lookup {
            name: &it.name,
            columns: columns.iter().map(Some).collect(),
            elements: columns.iter().map(|name| Json::text(name)).collect(),
            unique: true,
        }),
        _ => None,
    });
    let column = |element: &'a IndexElement| match &element.target {
        IndexTarget::Column(name) => Some(name),
        IndexTarget::Expr(_) => None,
    };
    let own = table.indexes.iter().map(|it| Lookup {
        name: &it.name,
        columns: it.elements.iter().map(column).collect(),
        elements: it
            .elements
            .iter()
            .map(|element| match column(element) {
                Some(name) => Json::text(name),
                None => Json::text(&index_element(schema, element)),
            })
            .collect(),
        // A part of the rows may hold what another part holds.
        unique: it.unique && it.predicate.is_none(),
    });
    constraints.chain(own).collect()
}
