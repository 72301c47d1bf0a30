//! The names that could stand in a place.
//!
//! In: what the grammar says a place names, and the scope. Out: [`Candidate`]s, the likeliest first
//! by their rank. Knows nothing of YAML and of what is typed already.

use super::describe;
use super::names::{Lookup, Symbol, child, entries};
use super::place::{Expect, Home, Place};
use crate::grammar::{Names, Record, ReferenceDef, TriggerDef};
use crate::schema::{
    ColumnType, ObjectId, Ownership, QualifiedName, RelationId, Returns, TableId, TypeKind,
};
use crate::sql::BaseType;
use crate::sql::builtins;
use crate::sql::ident::quote_ident;
use crate::sql::types::facts;

/// What a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// A key of the language.
    Key,
    /// A word of the language.
    Word,
    /// A table.
    Table,
    /// A view.
    View,
    /// A column.
    Column,
    /// A type.
    Type,
    /// A label of an enum.
    Label,
    /// A function.
    Function,
    /// A role.
    Role,
    /// A PostgreSQL schema.
    Schema,
    /// A sequence.
    Sequence,
    /// A mixin.
    Mixin,
}

impl CompletionKind {
    /// Its name, in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Word => "word",
            Self::Table => "table",
            Self::View => "view",
            Self::Column => "column",
            Self::Type => "type",
            Self::Label => "label",
            Self::Function => "function",
            Self::Role => "role",
            Self::Schema => "schema",
            Self::Sequence => "sequence",
            Self::Mixin => "mixin",
        }
    }
}

/// A name that could stand somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) label: String,
    pub(super) kind: CompletionKind,
    /// One line beside the label.
    pub(super) detail: String,
    /// What is said of it, in Markdown.
    pub(super) docs: String,
    /// Ascending.
    pub(super) rank: u8,
    /// Of a function: whether a call of it has arguments.
    pub(super) has_arguments: bool,
}

impl Candidate {
    pub(super) fn new(label: impl ToString, kind: CompletionKind, rank: u8) -> Self {
        Self {
            label: label.to_string(),
            kind,
            detail: String::new(),
            docs: String::new(),
            rank,
            has_arguments: true,
        }
    }

    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    pub(super) fn docs(mut self, docs: Option<&str>) -> Self {
        self.docs = docs.map(ToString::to_string).unwrap_or_default();
        self
    }
}

/// The names that `names` speaks of.
pub(super) fn names(
    lookup: &Lookup<'_>,
    names: Names,
    expect: &Expect,
    place: &Place,
) -> Vec<Candidate> {
    let (schema, scope) = (lookup.schema(), &place.scope);
    let under = |record: &'static Record| expect.under.is_some_and(|(found, _)| found.is(record));
    match names {
        Names::Table => tables(lookup),
        Names::Relation => relations(lookup),
        Names::Reference => {
            let mut found = tables(lookup);
            let is_short = !under(ReferenceDef::RECORD);
            if is_short {
                found.extend(keys(lookup));
            }
            found
        }
        Names::Column => home_columns(lookup, &scope.home),
        Names::OtherColumn => match scope.other().and_then(|name| lookup.relation(&name)) {
            Some(relation) => columns(lookup, relation),
            None => home_columns(lookup, &scope.home),
        },
        Names::Event => words(crate::resolve::TRIGGER_EVENTS),
        Names::Method => words(crate::resolve::INDEX_METHODS),
        Names::Privilege => words(crate::resolve::privilege_names().chain(["all"])),
        Names::Extension => {
            let is_new = |name: &&str| !schema.extensions.values().any(|it| it.name == *name);
            words(builtins::extensions().filter(is_new))
        }
        Names::Function => {
            let for_trigger = under(TriggerDef::RECORD);
            functions(lookup)
                .into_iter()
                .filter(|(_, is_trigger)| *is_trigger == for_trigger)
                .map(|(found, _)| found)
                .collect()
        }
        Names::Type => types(lookup, false),
        Names::Sequence => {
            let all = schema.sequences.values();
            all.map(|it| {
                Candidate::new(&it.name, CompletionKind::Sequence, rank(it.ownership))
                    .docs(it.comment.as_deref())
            })
            .collect()
        }
        Names::Schema => {
            // The schema that is being typed is none yet.
            let is_typed = |id| {
                lookup.definition(Symbol::Object(ObjectId::Namespace(id))) == Some(place.span())
            };
            let all = schema.namespaces.iter().filter(|(id, _)| !is_typed(*id));
            all.map(|(_, it)| Candidate::new(&it.name, CompletionKind::Schema, rank(it.ownership)))
                .collect()
        }
        Names::Role => {
            let all = schema.roles.values();
            let roles = all.map(|it| {
                Candidate::new(&it.name, CompletionKind::Role, rank(it.ownership))
                    .docs(it.comment.as_deref())
            });
            roles
                .chain([Candidate::new("public", CompletionKind::Role, 3).detail("every role")])
                .collect()
        }
        Names::Mixin => mixins(lookup),
    }
}

fn words(words: impl IntoIterator<Item = &'static str>) -> Vec<Candidate> {
    words.into_iter().map(|word| Candidate::new(word, CompletionKind::Word, 0)).collect()
}

const fn rank(ownership: Ownership) -> u8 {
    match ownership {
        Ownership::Owned => 1,
        Ownership::External => 4,
    }
}

fn tables(lookup: &Lookup<'_>) -> Vec<Candidate> {
    let table = |it: &crate::schema::Table| {
        Candidate::new(&it.name, CompletionKind::Table, rank(it.ownership))
            .docs(it.comment.as_deref())
    };
    // A table of others that nobody described is only what someone typed.
    let is_known =
        |it: &&crate::schema::Table| it.ownership == Ownership::Owned || !it.columns.is_empty();
    lookup.schema().tables.values().filter(is_known).map(table).collect()
}

/// Tables and views.
pub(super) fn relations(lookup: &Lookup<'_>) -> Vec<Candidate> {
    let view = |it: &crate::schema::View| {
        Candidate::new(&it.name, CompletionKind::View, rank(it.ownership))
            .docs(it.comment.as_deref())
    };
    let mut found = tables(lookup);
    found.extend(lookup.schema().views.values().map(view));
    found
}

/// `table.column`, for the tables whose primary key is one column.
fn keys(lookup: &Lookup<'_>) -> Vec<Candidate> {
    let all = lookup.schema().tables.values();
    all.filter_map(|table| match table.primary_key() {
        [key] => {
            let column = table.column(key)?.1;
            let ty = describe::type_text(lookup.schema(), &column.ty);
            let label = format!("{}.{key}", table.name);
            Some(
                Candidate::new(label, CompletionKind::Column, rank(table.ownership) + 1).detail(ty),
            )
        }
        _ => None,
    })
    .collect()
}

/// The columns of a relation.
pub(super) fn columns(lookup: &Lookup<'_>, relation: RelationId) -> Vec<Candidate> {
    let schema = lookup.schema();
    let ty = |ty: &ColumnType| describe::type_text(schema, ty);
    match relation {
        RelationId::Table(id) => {
            let all =
                schema.tables.find(id).map(|table| table.columns.as_slice()).unwrap_or_default();
            let column = |it: &crate::schema::Column| {
                let null = if it.nullable { "" } else { " not null" };
                let detail = format!("{}{null}", ty(&it.ty));
                Candidate::new(&it.name, CompletionKind::Column, 1)
                    .detail(detail)
                    .docs(it.comment.as_deref())
            };
            all.iter().map(column).collect()
        }
        RelationId::View(id) => {
            let all = schema.views.find(id).map(|view| view.columns.as_slice()).unwrap_or_default();
            let column = |it: &crate::schema::ViewColumn| {
                let detail = it.ty.as_ref().map(ty).unwrap_or_default();
                Candidate::new(&it.name, CompletionKind::Column, 1)
                    .detail(detail)
                    .docs(it.comment.as_deref())
            };
            all.iter().map(column).collect()
        }
    }
}

/// The columns that may be named without a table.
pub(super) fn home_columns(lookup: &Lookup<'_>, home: &Home) -> Vec<Candidate> {
    if let Home::Mixin(name) = home {
        let own = lookup.mixin(name).and_then(|mixin| child(&mixin.value, "columns"));
        let own = own.map(entries).unwrap_or_default();
        return own.iter().map(|it| Candidate::new(&it.key, CompletionKind::Column, 1)).collect();
    }
    lookup.home(home).map(|relation| columns(lookup, relation)).unwrap_or_default()
}

/// The schema's functions, and whether each is for triggers.
pub(super) fn functions(lookup: &Lookup<'_>) -> Vec<(Candidate, bool)> {
    let schema = lookup.schema();
    let all = schema.functions.values();
    let mut found: Vec<(Candidate, bool)> = all
        .map(|it| {
            let is_trigger = matches!(&it.returns, Returns::Value(ColumnType { kind: TypeKind::Base(ty), .. }) if ty.base == BaseType::Trigger);
            let detail = describe::signature(schema, it);
            let candidate = Candidate {
                has_arguments: it.inputs().next().is_some(),
                ..Candidate::new(&it.name, CompletionKind::Function, rank(it.ownership))
            };
            (candidate.detail(detail).docs(it.comment.as_deref()), is_trigger)
        })
        .collect();
    found.dedup_by(|later, earlier| later.0.label == earlier.0.label);
    found
}

/// Types, the schema's own first. `any`: pseudo-types and row types too, as for functions.
pub(super) fn types(lookup: &Lookup<'_>, any: bool) -> Vec<Candidate> {
    let schema = lookup.schema();
    let own = |name: &QualifiedName, what: &str, ownership, docs| {
        Candidate::new(name, CompletionKind::Type, rank(ownership)).detail(what).docs(docs)
    };
    let mut found: Vec<Candidate> = Vec::new();
    found.extend(
        schema.enums.values().map(|it| own(&it.name, "enum", it.ownership, it.comment.as_deref())),
    );
    found.extend(
        schema
            .domains
            .values()
            .map(|it| own(&it.name, "domain", it.ownership, it.comment.as_deref())),
    );
    found.extend(
        schema
            .composites
            .values()
            .map(|it| own(&it.name, "composite type", it.ownership, it.comment.as_deref())),
    );
    let declared = |extension: &str| schema.extensions.values().any(|it| it.name == extension);
    for base in BaseType::ALL.iter().copied() {
        let facts = facts(base);
        if !(facts.column || any) || base == BaseType::InternalChar {
            continue;
        }
        let (rank, detail) = match facts.extension {
            Some(extension) if declared(extension) => (3, format!("extension {extension}")),
            Some(extension) => (6, format!("needs the extension {extension}")),
            None if COMMON.contains(&base) => (2, String::new()),
            None => (3, String::new()),
        };
        found.push(Candidate::new(base.as_str(), CompletionKind::Type, rank).detail(detail));
    }
    if any {
        found.extend(relations(lookup).into_iter().map(|it| Candidate { rank: it.rank + 3, ..it }));
    } else {
        for serial in ["serial", "bigserial", "smallserial"] {
            found.push(
                Candidate::new(serial, CompletionKind::Type, 5).detail("numbered by a sequence"),
            );
        }
    }
    found
}

/// The types that most columns have.
const COMMON: &[BaseType] = &[
    BaseType::Text,
    BaseType::Uuid,
    BaseType::Integer,
    BaseType::Bigint,
    BaseType::Numeric,
    BaseType::Boolean,
    BaseType::TimestampTz,
    BaseType::Date,
    BaseType::Jsonb,
    BaseType::Varchar,
];

fn mixins(lookup: &Lookup<'_>) -> Vec<Candidate> {
    let own: Vec<Candidate> = lookup
        .section("mixins")
        .map(|mixin| Candidate::new(&mixin.key, CompletionKind::Mixin, 1))
        .collect();
    let is_free = |name: &&str| !own.iter().any(|own| own.label == **name);
    let built_in = crate::resolve::BUILT_IN_MIXINS.iter().copied().filter(is_free);
    let built_in: Vec<Candidate> = built_in
        .map(|name| Candidate::new(name, CompletionKind::Mixin, 3).detail("built in"))
        .collect();
    own.into_iter().chain(built_in).collect()
}

/// The labels of a column's enum.
pub(super) fn labels(lookup: &Lookup<'_>, ty: &ColumnType) -> Vec<Candidate> {
    let TypeKind::Enum(id) = ty.kind else { return Vec::new() };
    let Some(found) = lookup.schema().enums.find(id) else { return Vec::new() };
    let name = found.name.to_string();
    found
        .values
        .iter()
        .map(|it| Candidate::new(it, CompletionKind::Label, 0).detail(name.clone()))
        .collect()
}

/// The type of a table's column.
pub(super) fn column_type<'a>(
    lookup: &Lookup<'a>,
    table: TableId,
    at: u32,
) -> Option<&'a ColumnType> {
    Some(&lookup.schema().tables.find(table)?.columns.get(at as usize)?.ty)
}

/// A name as it stands in SQL: in quotes where it must.
pub(super) fn in_sql(label: &str) -> String {
    super::names::parts(label)
        .iter()
        .map(|(_, part)| quote_ident(part).into_owned())
        .collect::<Vec<_>>()
        .join(".")
}

/// Text in a snippet.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}
