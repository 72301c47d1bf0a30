//! The page's parts: what the template prints, as finished code.
//!
//! In: the schema. Out: the template's context: for each PostgreSQL schema its tables, views,
//! functions, enums and composite types, each by name.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Value as Context, context};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::functions::{Callable, callable};
use super::order::compare;
use super::relationships::{self, Relationship};
use super::types::{Given, Types, maybe};
use super::views::Views;
use super::{Schemas, Settings};
use crate::emit::lang::layout::push_spaces;
use crate::emit::lang::{Code, Expr, Type, typescript};
use crate::emit::template::{Marked, Marks};
use crate::schema::{
    Composite, CompositeId, EnumId, EnumType, Name, ObjectId, Ownership, PUBLIC, RelationId,
    Schema, Table, TableId, ViewId,
};
use crate::sort;

/// How deep the entries of a group stand on the page.
const ENTRY: usize = 6;

/// The context of the whole module.
pub(super) fn module(schema: &Schema, settings: Settings, marks: &mut Marks) -> Context {
    let described = described(schema, settings.schemas);
    let types = Types { schema, described, settings };
    let mut namespaces: Vec<&Name> = types.described.iter().copied().collect();
    sort::by(&mut namespaces, |a, b| compare(a, b));
    let default = namespaces.iter().find(|it| **it == PUBLIC).or_else(|| namespaces.first());
    let default = Code::new(typescript::string(default.map_or(PUBLIC, |name| name)));
    let mut page = Page {
        types: &types,
        views: Views::new(schema),
        relationships: relationships::all(schema),
        functions: BTreeMap::new(),
        marks,
    };
    let schemas: Vec<Context> = namespaces.into_iter().map(|name| page.namespace(name)).collect();
    context! { schemas, default }
}

/// The PostgreSQL schemas that the module describes. `public` always exists.
fn described(schema: &Schema, wanted: Schemas) -> BTreeSet<&Name> {
    let tables = schema.tables.values().map(|it| (it.ownership, &it.name));
    let views = schema.views.values().map(|it| (it.ownership, &it.name));
    let enums = schema.enums.values().map(|it| (it.ownership, &it.name));
    let composites = schema.composites.values().map(|it| (it.ownership, &it.name));
    let functions = schema.functions.values().map(|it| (it.ownership, &it.name));
    let objects = tables.chain(views).chain(enums).chain(composites).chain(functions);
    let declared = objects.filter(|(ownership, _)| *ownership == Ownership::Owned);
    let mut described: BTreeSet<&Name> = match wanted {
        Schemas::Exposed => BTreeSet::new(),
        Schemas::All => sort::set(declared.map(|(_, name)| &name.schema)),
    };
    let exposed = schema.namespaces.values().filter(|it| it.exposed);
    described.extend(exposed.map(|it| &it.name));
    described
}

/// What the parts of the page share.
struct Page<'a> {
    types: &'a Types<'a>,
    views: Views<'a>,
    relationships: FxHashMap<RelationId, Vec<Relationship<'a>>>,
    /// Those of the PostgreSQL schema at hand.
    functions: BTreeMap<&'a Name, Vec<Callable<'a>>>,
    marks: &'a mut Marks,
}

impl<'a> Page<'a> {
    fn namespace(&mut self, name: &Name) -> Context {
        let schema = self.types.schema;
        self.functions = callable(schema, name);
        let mut tables: Vec<(&Name, Marked)> = Vec::new();
        for (id, table) in schema.owned_tables().filter(|(_, it)| it.name.schema == *name) {
            let partitions = table.partitioning.iter().flat_map(|it| &it.partitions);
            for partition in partitions.filter(|it| it.name.schema == *name) {
                tables.push((&partition.name.name, self.table(id, table, &partition.name.name)));
            }
            tables.push((&table.name.name, self.table(id, table, &table.name.name)));
        }
        let views = schema.views.iter();
        let views = views
            .filter(|(_, it)| it.ownership == Ownership::Owned && it.name.schema == *name)
            .map(|(id, view)| (&view.name.name, self.view(id)))
            .collect();
        let functions = self.functions.iter().map(|(name, it)| (*name, self.function(name, it)));
        let functions = functions.collect();
        let enums = schema.enums.iter().filter(|(_, it)| {
            it.ownership == Ownership::Owned && it.name.schema == *name && !it.values.is_empty()
        });
        let enums: Vec<(EnumId, &EnumType)> = enums.collect();
        let composites = schema.composites.iter().filter(|(_, it)| {
            it.ownership == Ownership::Owned && it.name.schema == *name && !it.fields.is_empty()
        });
        let composites =
            composites.map(|(id, it)| (&it.name.name, self.composite(id, it))).collect();
        let labels = enums.iter().map(|(id, it)| (&it.name.name, self.labels(*id, it))).collect();
        let constants = enums.iter().map(|(id, it)| (&it.name.name, constant(*id, it))).collect();
        context! {
            key => Code::new(typescript::key(name)),
            tables => self.group(tables),
            views => self.group(views),
            functions => self.group(functions),
            enums => self.group(labels),
            composites => self.group(composites),
            constants => self.group(constants),
        }
    }

    fn group(&mut self, mut items: Vec<(&Name, Marked)>) -> Context {
        sort::by(&mut items, |a, b| compare(a.0, b.0));
        self.marks.place_all(items.into_iter().map(|(_, item)| item))
    }

    /// A table, or one of its partitions, which has no relationships of its own.
    fn table(&self, id: TableId, table: &'a Table, name: &Name) -> Marked {
        let mut out = Marked::default();
        self.open(&mut out, name, table.comment.as_deref());
        let mut columns: Vec<_> = table.columns.iter().enumerate().collect();
        sort::by(&mut columns, |a, b| compare(&a.1.name, &b.1.name));
        let object = |place: usize| ObjectId::Column(id, place as u32);
        let is_partition = *name != table.name.name;
        // What a column is called, and what its values are, of rows and of what is written alike.
        let said = columns.iter().map(|(_, column)| {
            (typescript::key(&column.name), self.types.of_column(&column.ty, column.nullable))
        });
        let said: Vec<(SmolStr, Type)> = said.collect();
        block(&mut out, "Row", |out| {
            for ((place, column), (key, ty)) in columns.iter().zip(&said) {
                let doc =
                    self.doc(column.comment.as_deref(), column.deprecated.as_deref(), ENTRY + 4);
                out.write_for(object(*place), |text| {
                    text.push_str(&doc);
                    member(text, key, ty, ENTRY + 4);
                });
            }
            if !is_partition {
                let taken = |name: &Name| table.columns.iter().any(|it| it.name == *name);
                self.computed(out, RelationId::Table(id), taken);
            }
        });
        for group in ["Insert", "Update"] {
            block(&mut out, group, |out| {
                for ((place, column), (key, ty)) in columns.iter().zip(&said) {
                    let given = match (self.types.inserted(column), group) {
                        (Given::Required, "Update") => Given::Optional,
                        (given, _) => given,
                    };
                    out.write_for(object(*place), |text| written(text, key, given, ty));
                }
            });
        }
        let relation = (!is_partition).then_some(RelationId::Table(id));
        self.relationships(&mut out, relation);
        out.write(|text| text.push_str("      };\n"));
        out.of(ObjectId::Table(id))
    }

    fn view(&self, id: ViewId) -> Marked {
        let view = &self.types.schema.views[id];
        let mut out = Marked::default();
        self.open(&mut out, &view.name.name, view.comment.as_deref());
        let mut columns: Vec<_> = view.columns.iter().enumerate().collect();
        sort::by(&mut columns, |a, b| compare(&a.1.name, &b.1.name));
        block(&mut out, "Row", |out| {
            for (_, column) in &columns {
                let doc = self.doc(column.comment.as_deref(), None, ENTRY + 4);
                let ty = self.types.of_view_column(column);
                out.write(|text| {
                    text.push_str(&doc);
                    member(text, &typescript::key(&column.name), &ty, ENTRY + 4);
                });
            }
            let taken = |name: &Name| view.columns.iter().any(|it| it.name == *name);
            self.computed(out, RelationId::View(id), taken);
        });
        let writable = self.views.writable(id);
        for (group, is_given) in [("Insert", writable.insert), ("Update", writable.update)] {
            if !is_given {
                continue;
            }
            block(&mut out, group, |out| {
                for (place, column) in &columns {
                    let given = match writable.columns.get(*place) {
                        Some(true) => Given::Optional,
                        Some(false) | None => Given::Never,
                    };
                    let ty = column.ty.as_ref().map(|ty| self.types.behind_domain(ty));
                    let ty = maybe(ty.unwrap_or_else(|| Type::atom("unknown")), true);
                    let key = typescript::key(&column.name);
                    out.write(|text| written(text, &key, given, &ty));
                }
            });
        }
        self.relationships(&mut out, Some(RelationId::View(id)));
        out.write(|text| text.push_str("      };\n"));
        out.of(ObjectId::View(id))
    }

    /// The fields that functions of a row compute, but for those that a column hides: `taken` says of a name
    /// whether one has it.
    fn computed(&self, out: &mut Marked, relation: RelationId, taken: impl Fn(&Name) -> bool) {
        let mut functions: Vec<_> = self.functions.iter().collect();
        sort::by(&mut functions, |a, b| compare(a.0, b.0));
        for (name, overloads) in functions {
            let function = overloads.iter().find(|it| it.computes_for() == Some(relation));
            let Some(function) = function.filter(|_| !taken(name)) else { continue };
            let ty = maybe(function.row_type(self.types), true);
            out.write_for(ObjectId::Function(function.id), |text| {
                member(text, &typescript::key(name), &ty, ENTRY + 4);
            });
        }
    }

    fn relationships(&self, out: &mut Marked, relation: Option<RelationId>) {
        let found = relation.and_then(|relation| self.relationships.get(&relation));
        let Some(found) = found else {
            return out.write(|text| text.push_str("        Relationships: [];\n"));
        };
        out.write(|text| text.push_str("        Relationships: [\n"));
        for it in found {
            let literal = |name: &Name| Type::atom(typescript::string(name));
            let list = |names: &[&Name]| Type::Tuple(names.iter().map(|it| literal(it)).collect());
            let referenced = self.types.schema.relation_name(it.referenced);
            let members = [
                ("foreignKeyName", literal(it.name)),
                ("columns", list(&it.columns)),
                ("isOneToOne", Type::atom(it.one_to_one.to_string())),
                ("referencedRelation", literal(&referenced.name)),
                ("referencedColumns", list(&it.referenced_columns)),
            ];
            out.write_for(it.object, |text| {
                text.push_str("          {\n");
                for (key, ty) in members {
                    member(text, key, &ty, ENTRY + 6);
                }
                text.push_str("          },\n");
            });
        }
        out.write(|text| text.push_str("        ];\n"));
    }

    fn function(&self, name: &Name, overloads: &[Callable<'_>]) -> Marked {
        let mut out = Marked::default();
        let signatures: Vec<Type> =
            overloads.iter().map(|it| it.signature(self.types, overloads)).collect();
        let ty = match <[Type; 1]>::try_from(signatures) {
            Ok([only]) => only,
            Err(many) => Type::Union(many),
        };
        let comments = overloads.iter().filter_map(|it| it.function.comment.as_deref());
        let doc = self.docs(&comments.collect::<Vec<_>>(), ENTRY);
        out.write(|text| {
            text.push_str(&doc);
            member(text, &typescript::key(name), &ty, ENTRY);
        });
        overloads.iter().fold(out, |out, it| out.of(ObjectId::Function(it.id)))
    }

    fn labels(&self, id: EnumId, it: &EnumType) -> Marked {
        let mut out = Marked::default();
        let doc = self.doc(it.comment.as_deref(), None, ENTRY);
        let labels = it.values.iter().map(|label| Type::atom(typescript::string(label))).collect();
        out.write(|text| {
            text.push_str(&doc);
            member(text, &typescript::key(&it.name.name), &Type::Union(labels), ENTRY);
        });
        out.of(ObjectId::Enum(id))
    }

    fn composite(&self, id: CompositeId, it: &Composite) -> Marked {
        let mut out = Marked::default();
        self.open(&mut out, &it.name.name, it.comment.as_deref());
        for field in &it.fields {
            let doc = self.doc(field.comment.as_deref(), None, ENTRY + 2);
            let ty = maybe(self.types.of(&field.ty), true);
            out.write(|text| {
                text.push_str(&doc);
                member(text, &typescript::key(&field.name), &ty, ENTRY + 2);
            });
        }
        out.write(|text| text.push_str("      };\n"));
        out.of(ObjectId::Composite(id))
    }

    /// Opens the entry of an object.
    fn open(&self, out: &mut Marked, name: &Name, comment: Option<&str>) {
        let doc = self.doc(comment, None, ENTRY);
        out.write(|text| {
            for part in [&doc, "      ", &typescript::key(name), ": {\n"] {
                text.push_str(part);
            }
        });
    }

    fn doc(&self, comment: Option<&str>, deprecated: Option<&SmolStr>, indent: usize) -> String {
        if comment.is_none() && deprecated.is_none() {
            return String::new();
        }
        let deprecated = deprecated.map(|instead| typescript::deprecated(instead));
        let comment = comment.into_iter();
        self.docs(&comment.chain(deprecated.as_deref()).collect::<Vec<_>>(), indent)
    }

    fn docs(&self, paragraphs: &[&str], indent: usize) -> String {
        typescript::doc(if self.types.settings.comments { paragraphs } else { &[] }, indent)
    }
}

/// The labels of an enum as values.
fn constant(id: EnumId, it: &EnumType) -> Marked {
    let mut out = Marked::default();
    let labels = it.values.iter().map(|label| Expr::Text(label.clone())).collect();
    let key = typescript::key(&it.name.name);
    out.write(|text| {
        text.push_str("      ");
        text.push_str(&key);
        text.push(':');
        let column = ENTRY + key.chars().count() + 1;
        Expr::Array(labels).write_assigned(text, ENTRY, column, 1);
        text.push_str(",\n");
    });
    out.of(ObjectId::Enum(id))
}

/// `name: { … };` within an entry.
fn block(out: &mut Marked, name: &str, write: impl FnOnce(&mut Marked)) {
    out.write(|text| {
        for part in ["        ", name, ": {\n"] {
            text.push_str(part);
        }
    });
    write(out);
    out.write(|text| text.push_str("        };\n"));
}

/// `key: type;` on lines of its own.
fn member(text: &mut String, key: &str, ty: &Type, indent: usize) {
    push_spaces(text, indent);
    ty.write_member(text, [key, ":"], indent);
}

/// `key?: type;` on lines of its own.
fn optional(text: &mut String, key: &str, ty: &Type, indent: usize) {
    push_spaces(text, indent);
    ty.write_member(text, [key, "?:"], indent);
}

/// A column of what is inserted or updated.
fn written(text: &mut String, key: &str, given: Given, ty: &Type) {
    match given {
        Given::Required => member(text, key, ty, ENTRY + 4),
        Given::Optional => optional(text, key, ty, ENTRY + 4),
        Given::Never => optional(text, key, &Type::atom("never"), ENTRY + 4),
    }
}
