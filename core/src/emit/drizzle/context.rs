//! The page's parts: what the template prints, as finished code.
//!
//! In: the schema, its shapes. Out: the template's context: imports, and the constants of each kind in
//! an order in which nothing is used before it is there, but for what closures speak of later.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use minijinja::{Value as Context, context};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Settings;
use super::columns::{Columns, options, sequence_options, text};
use super::names::{Names, column_keys};
use crate::diagnostic::Diagnostics;
use crate::emit::lang::layout::{WIDTH, push_spaces, width};
use crate::emit::lang::{Call, Code, Expr, typescript};
use crate::emit::shapes::{Item, Relation, RelationKind, Shapes, naming};
use crate::emit::template::{Marked, Marks};
use crate::emit::{EmitInput, errors};
use crate::schema::{
    ConstraintKind, Name, Namespace, ObjectId, Ownership, PUBLIC, QualifiedName, RelationId,
    Schema, Table, TableId,
};
use crate::sort;

/// The context of the whole module.
pub(super) fn module(
    input: &EmitInput<'_>,
    shapes: &Shapes,
    settings: Settings,
    marks: &mut Marks,
    sink: &mut Diagnostics,
) -> Context {
    let schema = input.schema;
    let keys = column_keys(schema, settings.case);
    check_columns(input, &keys, sink);
    let mut columns = Columns {
        schema,
        policies: schema.policies_by_table(),
        settings,
        keys: &keys,
        laid: FxHashMap::default(),
        names: Names::default(),
        imports: BTreeSet::new(),
        core: BTreeSet::new(),
        customs: BTreeMap::new(),
    };
    let tables: Vec<TableId> = shapes.items.iter().filter_map(owned_table).collect();
    // Tables have the first choice among names.
    for id in &tables {
        columns.names.of("Table", &schema.tables[*id].name);
    }
    let place: FxHashMap<TableId, usize> =
        tables.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut written = Vec::new();
    for (at, id) in tables.iter().enumerate() {
        let later = |other: TableId| place.get(&other).is_some_and(|there| *there >= at);
        written.push(columns.table(*id, &schema.tables[*id], later));
    }
    let views: Vec<Marked> = schema
        .views
        .iter()
        .filter(|(_, it)| it.ownership == Ownership::Owned && !it.columns.is_empty())
        .map(|(id, it)| columns.view(id, it))
        .collect();
    let relations = if settings.relations {
        let relations = input.relations(sink);
        tables.iter().filter_map(|id| columns.relations(*id, relations.of(*id))).collect()
    } else {
        Vec::new()
    };
    let enums = columns.enums();
    let sequences = columns.sequences();
    let roles = columns.roles();
    let policies = columns.foreign_policies();
    let externals = columns.externals();
    let customs = columns.customs.clone();
    let customs = customs.iter().map(|(sql, (name, data))| custom(sql, name, data)).collect();
    let schemas = columns.namespaces();
    let mut place = |items: Vec<Vec<Marked>>| marks.place_all(items.into_iter().flatten());
    context! {
        imports => imports(&columns),
        bases => place(vec![schemas, enums, roles, sequences]),
        customs => place(vec![customs]),
        statements => place(vec![externals, written, views, policies, relations]),
    }
}

fn owned_table(item: &Item) -> Option<TableId> {
    match item {
        Item::Entity(entity) if entity.writable => match entity.relation {
            RelationId::Table(id) => Some(id),
            RelationId::View(_) => None,
        },
        _ => None,
    }
}

/// Complains of two columns of a table that get the same key.
fn check_columns(
    input: &EmitInput<'_>,
    keys: &FxHashMap<TableId, Vec<SmolStr>>,
    sink: &mut Diagnostics,
) {
    let mut taken: FxHashMap<&str, ObjectId> = FxHashMap::default();
    for (id, _) in input.schema.owned_tables() {
        taken.clear();
        for (place, key) in keys.get(&id).into_iter().flatten().enumerate() {
            let object = ObjectId::Column(id, place as u32);
            let first = *taken.entry(key).or_insert(object);
            if first != object {
                sink.push(errors::same_name(input.schema, input.origins, first, object, key));
            }
        }
    }
}

fn imports(columns: &Columns<'_>) -> Vec<Code> {
    let line = |names: &BTreeSet<&'static str>, from: &str| {
        let mut names: Vec<&str> = names.iter().copied().collect();
        sort::by(&mut names, |a, b| {
            a.trim_start_matches("type ").cmp(b.trim_start_matches("type "))
        });
        let flat = format!("import {{ {} }} from \"{from}\";", names.join(", "));
        if width(&flat) <= WIDTH {
            Code::new(flat)
        } else {
            Code::new(format!("import {{\n  {},\n}} from \"{from}\";", names.join(",\n  ")))
        }
    };
    [(&columns.core, "drizzle-orm"), (&columns.imports, "drizzle-orm/pg-core")]
        .into_iter()
        .filter(|(names, _)| !names.is_empty())
        .map(|(names, from)| line(names, from))
        .collect()
}

/// `export const name = code;` of an object.
fn statement(export: &str, name: &str, code: &Expr, object: Option<ObjectId>, doc: &str) -> Marked {
    let mut out = Marked::default();
    let head = format!("{export}const {name} =");
    out.write(|text| {
        text.push_str(doc);
        text.push_str(&head);
        code.write_assigned(text, 0, width(&head), 1);
        text.push_str(";\n");
    });
    match object {
        Some(object) => out.of(object),
        None => out,
    }
}

fn custom(sql: &str, name: &str, data: &str) -> Marked {
    let head = format!("customType<{{ data: {data} }}>");
    let ty = Expr::Arrow("()", Box::new(text(sql)));
    let code = Expr::Chain(head.into(), vec![Call::new("", vec![options([("dataType", ty)])])]);
    statement("", name, &code, None, "")
}

impl<'a> Columns<'a> {
    /// A comment as documentation, if comments are wanted.
    pub(super) fn doc(&self, comment: Option<&str>) -> String {
        typescript::doc(self.comment(comment).as_slice(), 0)
    }

    /// `pgEnum`, or the method of that kind of the PostgreSQL schema's constant.
    fn constructed(
        &mut self,
        name: &QualifiedName,
        function: &'static str,
        method: &'static str,
        args: Vec<Expr>,
    ) -> Expr {
        if name.is_public() {
            self.call(function, args)
        } else {
            Expr::call(self.names.suffixed("Schema", &name.schema), method, args)
        }
    }

    fn enums(&mut self) -> Vec<Marked> {
        let mut out = Vec::new();
        for (id, it) in self.schema.enums.iter().filter(|(_, it)| it.ownership == Ownership::Owned)
        {
            let constant = self.names.of("Enum", &it.name);
            let labels = it.values.iter().map(|label| text(label.clone())).collect();
            let args = vec![text(&it.name.name), Expr::Array(labels)];
            let code = self.constructed(&it.name, "pgEnum", "enum", args);
            let doc = self.doc(it.comment.as_deref());
            out.push(statement("export ", &constant, &code, Some(ObjectId::Enum(id)), &doc));
        }
        out
    }

    fn sequences(&mut self) -> Vec<Marked> {
        let mut out = Vec::new();
        for (id, it) in
            self.schema.sequences.iter().filter(|(_, it)| it.ownership == Ownership::Owned)
        {
            let constant = self.names.of("Sequence", &it.name);
            let mut args = vec![text(&it.name.name)];
            args.extend(sequence_options(&it.options));
            let code = self.constructed(&it.name, "pgSequence", "sequence", args);
            let doc = self.doc(it.comment.as_deref());
            out.push(statement("export ", &constant, &code, Some(ObjectId::Sequence(id)), &doc));
        }
        out
    }

    fn roles(&mut self) -> Vec<Marked> {
        let mut out = Vec::new();
        for (id, it) in self.schema.roles.iter().filter(|(_, it)| it.ownership == Ownership::Owned)
        {
            let constant = self.names.suffixed("Role", &it.name);
            let mut args = vec![text(&it.name)];
            if !it.inherit {
                args.push(options([("inherit", Expr::atom("false"))]));
            }
            let code = self.call("pgRole", args);
            let doc = self.doc(it.comment.as_deref());
            out.push(statement("export ", &constant, &code, Some(ObjectId::Role(id)), &doc));
        }
        out
    }

    /// The PostgreSQL schemas that anything written so far lies in. Those of others are not exported, so
    /// that drizzle-kit leaves them alone.
    fn namespaces(&mut self) -> Vec<Marked> {
        let schema: &Schema = self.schema;
        let mut out = Vec::new();
        let used: BTreeSet<&Name> = self.used_namespaces();
        for (id, it) in schema.namespaces.iter().filter(|(_, it)| it.name != PUBLIC) {
            if it.ownership != Ownership::Owned && !used.contains(&it.name) {
                continue;
            }
            let constant = self.names.suffixed("Schema", &it.name);
            let code = self.call("pgSchema", vec![text(&it.name)]);
            let export = if is_owned(it) { "export " } else { "" };
            out.push(statement(export, &constant, &code, Some(ObjectId::Namespace(id)), ""));
        }
        out
    }

    fn used_namespaces(&self) -> BTreeSet<&'a Name> {
        let schema: &'a Schema = self.schema;
        let enums = schema.enums.values().map(|it| (it.ownership, &it.name));
        let sequences = schema.sequences.values().map(|it| (it.ownership, &it.name));
        let tables = schema.tables.values().map(|it| (it.ownership, &it.name));
        let views = schema.views.values().map(|it| (it.ownership, &it.name));
        let owned = enums.chain(sequences).chain(tables).chain(views);
        let owned = owned.filter(|(ownership, _)| *ownership == Ownership::Owned);
        let spoken = self.spoken().into_keys().map(|id| &schema.tables[id].name.schema);
        sort::set(owned.map(|(_, name)| &name.schema).chain(spoken))
    }

    /// Tables of others that keys and policies speak of, with the columns.
    fn spoken(&self) -> BTreeMap<TableId, Vec<&'a Name>> {
        let schema: &'a Schema = self.schema;
        let mut spoken: BTreeMap<TableId, Vec<&Name>> = BTreeMap::new();
        let is_foreign = |id: TableId| schema.tables[id].ownership != Ownership::Owned;
        for (_, table) in schema.owned_tables() {
            for constraint in &table.constraints {
                if let ConstraintKind::ForeignKey(key) = &constraint.kind
                    && is_foreign(key.target)
                {
                    spoken.entry(key.target).or_default().extend(&key.target_columns);
                }
            }
        }
        for policy in schema.policies.values().filter(|it| is_foreign(it.table)) {
            spoken.entry(policy.table).or_default();
        }
        spoken
    }

    fn externals(&mut self) -> Vec<Marked> {
        let schema = self.schema;
        let spoken = self.spoken();
        spoken
            .into_iter()
            .map(|(id, names)| self.external(id, &schema.tables[id], &names))
            .collect()
    }

    /// Policies on tables of others.
    fn foreign_policies(&mut self) -> Vec<Marked> {
        let schema = self.schema;
        let mut out = Vec::new();
        for (id, policy) in schema.policies.iter() {
            let table: &Table = &schema.tables[policy.table];
            if table.ownership == Ownership::Owned {
                continue;
            }
            let constant = self.names.suffixed("Policy", &policy.name);
            let link = Expr::atom(self.names.of("Table", &table.name));
            let code = self.policy(policy).then("link", vec![link]);
            out.push(statement("export ", &constant, &code, Some(ObjectId::Policy(id)), ""));
        }
        out
    }

    /// The relations of a table, or nothing where it has none.
    fn relations(&mut self, id: TableId, relations: &[Relation]) -> Option<Marked> {
        let schema = self.schema;
        let own_table = &schema.tables[id];
        let own = self.names.of("Table", &own_table.name);
        let mut helpers = BTreeSet::new();
        let mut lines = Vec::new();
        for relation in relations {
            if matches!(relation.kind, RelationKind::ManyToMany(_)) {
                continue;
            }
            let target_table = &schema.tables[relation.target];
            let target = self.names.of("Table", &target_table.name);
            let (key_table, place) = relation.key;
            let constraint = schema.tables[key_table].constraints.get(place);
            let name = constraint.map(|it| ("relationName", text(&it.name)));
            // drizzle-orm finds both ways of a table to itself where it looks for one.
            let is_named = relation.ambiguous || relation.target == id;
            let name = name.filter(|_| is_named);
            let names = |constant: &str, table: TableId, fields: &[usize]| {
                let keys = self.keys.get(&table).map_or(&[][..], Vec::as_slice);
                let keys = fields.iter().filter_map(|at| keys.get(*at));
                let access = keys.map(|key| Expr::atom(typescript::member(constant, key)));
                Expr::Array(access.collect())
            };
            let helper = if relation.is_many() { "many" } else { "one" };
            helpers.insert(helper);
            let mut entries = Vec::new();
            if relation.holds_key() || (!relation.is_many() && is_named) {
                entries.push(("fields", names(&own, id, &relation.fields)));
                entries
                    .push(("references", names(&target, relation.target, &relation.target_fields)));
            }
            entries.extend(name);
            let mut args = vec![Expr::atom(target)];
            if !entries.is_empty() {
                args.push(options(entries));
            }
            let code = Expr::Chain(helper.into(), vec![Call::new("", args)]);
            let key = match self.settings.case {
                super::Case::Camel => naming::camel(&relation.name),
                super::Case::Column => relation.name.clone(),
            };
            let object = ObjectId::Constraint(key_table, place as u32);
            lines.push((object, typescript::key(&key), code));
        }
        if lines.is_empty() {
            return None;
        }
        self.core.insert("relations");
        let constant = self.names.of("Relations", &relations_name(&own_table.name));
        let helpers: Vec<&str> =
            ["one", "many"].into_iter().filter(|it| helpers.contains(it)).collect();
        let helpers = helpers.join(", ");
        let head = format!("export const {constant} = relations({own}, ({{ {helpers} }}) => ({{");
        let is_flat = width(&head) <= WIDTH;
        let indent = if is_flat { 2 } else { 4 };
        let mut out = Marked::default();
        out.write(|text| {
            let _ = if is_flat {
                writeln!(text, "{head}")
            } else {
                let closure = format!("({{ {helpers} }}) => ({{");
                writeln!(text, "export const {constant} = relations(\n  {own},\n  {closure}")
            };
        });
        for (object, key, code) in lines {
            out.write_for(object, |text| {
                push_spaces(text, indent);
                text.push_str(&key);
                text.push(':');
                code.write_assigned(text, indent, indent + width(&key) + 1, 1);
                text.push_str(",\n");
            });
        }
        out.write(|text| text.push_str(if is_flat { "}));\n" } else { "  }),\n);\n" }));
        Some(out.of(ObjectId::Table(id)))
    }
}

const fn is_owned(namespace: &Namespace) -> bool {
    matches!(namespace.ownership, Ownership::Owned)
}

/// What the relations of a table are called after.
fn relations_name(table: &QualifiedName) -> QualifiedName {
    QualifiedName::new(table.schema.clone(), format!("{}_relations", table.name).as_str())
}
