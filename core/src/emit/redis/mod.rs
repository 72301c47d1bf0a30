//! What a cache has to know of tables, as JSON for clients of Redis.
//!
//! In: the schema's tables. Out: one document, which `cache.schema.json` describes: for each table its
//! primary key, by which rows are kept, its fields with their types, and its indexes, by which cached
//! rows may be found. Says nothing of views: they have no key.

use minijinja::context as values_of;

use super::lang::Code;
use super::lang::json::{Json, string, write_entry};
use super::options::OptionInfo;
use super::output::{File, HEADER};
use super::shapes::{Entity, Item};
use super::template::{Marked, Marks, Template};
use super::{EmitInput, Options, Target, TargetInfo, one_file};
use crate::ddl::part::{data_type, index_element};
use crate::diagnostic::Diagnostics;
use crate::schema::{
    ConstraintKind, IndexElement, IndexTarget, Name, ObjectId, RelationId, Schema, Table,
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

const TEMPLATE: Template =
    Template { name: "redis/cache.json.jinja", source: include_str!("templates/cache.json.jinja") };

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
        let mut items = Vec::new();
        for (index, (id, entity, table)) in tables.iter().enumerate() {
            let mut text = Marked::default();
            let document = document(schema, entity, table, comments);
            let more = index + 1 < tables.len();
            text.write(|text| write_entry(text, 4, &table.name.to_string(), &document, more));
            items.push(marks.place(text.of(ObjectId::Table(*id))));
        }
        let context = values_of! { header => Code::new(string(HEADER)), items };
        one_file(&INFO, out, TEMPLATE, context, &marks, sink)
    }
}

/// What a cache knows of one table.
fn document(schema: &Schema, entity: &Entity, table: &Table, comments: bool) -> Json {
    let indexes = indexes(schema, table);
    let key = table.constraints.iter().find_map(|it| match &it.kind {
        ConstraintKind::PrimaryKey { columns } => Some(columns.as_slice()),
        _ => None,
    });
    let key = key.unwrap_or_default();
    let fields = entity.fields.iter().zip(&table.columns).map(|(field, column)| {
        let found = key.contains(&column.name)
            || indexes.iter().any(|it| it.columns.contains(&Some(&column.name)));
        let described = field.comment.as_ref().filter(|_| comments);
        let mut facts = vec![
            ("type", Json::text(&data_type(schema, &column.ty))),
            ("nullable", Json::atom(field.nullable)),
            ("indexed", Json::atom(found)),
        ];
        facts.extend(described.map(|text| ("description", Json::text(text))));
        (column.name.as_str(), Json::object(facts))
    });
    let fields: Vec<_> = fields.collect();
    let texts = |texts: Vec<&str>| Json::Array(texts.into_iter().map(Json::text).collect());
    let indexes = indexes.iter().map(|it| {
        let elements = it.elements.iter().map(String::as_str).collect();
        Json::object([
            ("name", Json::text(it.name)),
            ("columns", texts(elements)),
            ("unique", Json::atom(it.unique)),
        ])
    });
    let mut entries = vec![
        ("table", Json::text(&table.name.to_string())),
        ("primary_key", texts(key.iter().map(|name| &**name).collect())),
        ("fields", Json::object(fields)),
        ("indexes", Json::Array(indexes.collect())),
    ];
    let described = table.comment.as_ref().filter(|_| comments);
    entries.extend(described.map(|text| ("description", Json::text(text))));
    Json::object(entries)
}

/// An index as a cache sees it.
struct Lookup<'a> {
    name: &'a Name,
    /// The columns among its elements.
    columns: Vec<Option<&'a Name>>,
    /// Each as its name, or its SQL.
    elements: Vec<String>,
    unique: bool,
}

/// The indexes of a table, those of its unique constraints first.
fn indexes<'a>(schema: &Schema, table: &'a Table) -> Vec<Lookup<'a>> {
    let constraints = table.constraints.iter().filter_map(|it| match &it.kind {
        ConstraintKind::Unique { columns, .. } => Some(Lookup {
            name: &it.name,
            columns: columns.iter().map(Some).collect(),
            elements: columns.iter().map(ToString::to_string).collect(),
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
                Some(name) => name.to_string(),
                None => index_element(schema, element),
            })
            .collect(),
        // A part of the rows may hold what another part holds.
        unique: it.unique && it.predicate.is_none(),
    });
    constraints.chain(own).collect()
}
