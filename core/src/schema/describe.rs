//! Objects in words, for provenance and for people: `table public.users`, `policy own rows on public.users`.

use super::{
    FunctionKind, GrantAction, Name, ObjectId, QualifiedName, RelationId, Schema, TableId,
};

impl Schema {
    /// The object's kind and full name. An id of another schema gives the kind alone.
    pub fn describe(&self, object: ObjectId) -> String {
        let named = |kind: &str, name: Option<&Name>| match name {
            Some(name) => [kind, " ", name.as_str()].concat(),
            None => kind.to_owned(),
        };
        let qualified = |kind: &str, name: Option<&QualifiedName>| match name {
            Some(name) => [kind, " ", &full(name)].concat(),
            None => kind.to_owned(),
        };
        match object {
            ObjectId::Namespace(id) => named("schema", self.namespaces.find(id).map(|o| &o.name)),
            ObjectId::Extension(id) => {
                named("extension", self.extensions.find(id).map(|o| &o.name))
            }
            ObjectId::Role(id) => named("role", self.roles.find(id).map(|o| &o.name)),
            ObjectId::Enum(id) | ObjectId::EnumLabel(id, _) => {
                qualified("enum", self.enums.find(id).map(|o| &o.name))
            }
            ObjectId::Domain(id) => qualified("domain", self.domains.find(id).map(|o| &o.name)),
            ObjectId::Composite(id) => qualified("type", self.composites.find(id).map(|o| &o.name)),
            ObjectId::Sequence(id) => {
                qualified("sequence", self.sequences.find(id).map(|o| &o.name))
            }
            ObjectId::Table(id) => qualified("table", self.tables.find(id).map(|o| &o.name)),
            ObjectId::Column(id, at) => {
                let column = self.tables.find(id).and_then(|table| table.columns.get(at as usize));
                match (self.tables.find(id), column) {
                    (Some(table), Some(column)) => {
                        ["column ", &full(&table.name), ".", column.name.as_str()].concat()
                    }
                    _ => "column".to_owned(),
                }
            }
            ObjectId::Constraint(id, at) => {
                let table = self.tables.find(id);
                let name = table.and_then(|t| t.constraints.get(at as usize)).map(|o| &o.name);
                self.on_table(named("constraint", name), id)
            }
            ObjectId::Index(id, at) => {
                let table = self.tables.find(id);
                let name = table.and_then(|t| t.indexes.get(at as usize)).map(|o| &o.name);
                self.on_table(named("index", name), id)
            }
            ObjectId::View(id) => {
                let view = self.views.find(id);
                let materialized = view.is_some_and(|view| view.materialized);
                let kind = if materialized { "materialized view" } else { "view" };
                qualified(kind, view.map(|o| &o.name))
            }
            ObjectId::ViewIndex(id, at) => {
                let view = self.views.find(id);
                let name = view.and_then(|v| v.indexes.get(at as usize)).map(|o| &o.name);
                on(named("index", name), view.map(|o| &o.name))
            }
            ObjectId::Function(id) => {
                let function = self.functions.find(id);
                let kind = match function.map(|o| o.kind) {
                    Some(FunctionKind::Procedure) => "procedure",
                    Some(FunctionKind::Function) | None => "function",
                };
                qualified(kind, function.map(|o| &o.name))
            }
            ObjectId::Trigger(id) => {
                let trigger = self.triggers.find(id);
                let relation = trigger.and_then(|trigger| match trigger.on {
                    RelationId::Table(id) => self.tables.find(id).map(|o| &o.name),
                    RelationId::View(id) => self.views.find(id).map(|o| &o.name),
                });
                on(named("trigger", trigger.map(|o| &o.name)), relation)
            }
            ObjectId::Policy(id) => {
                let policy = self.policies.find(id);
                let table = policy.and_then(|policy| self.tables.find(policy.table));
                on(named("policy", policy.map(|o| &o.name)), table.map(|o| &o.name))
            }
            ObjectId::Publication(id) => {
                named("publication", self.publications.find(id).map(|o| &o.name))
            }
            ObjectId::Grant(id) => match self.grants.find(id).map(|grant| grant.action) {
                Some(GrantAction::Revoke) => "revoke".to_owned(),
                Some(GrantAction::Grant) | None => "grant".to_owned(),
            },
        }
    }

    fn on_table(&self, text: String, table: TableId) -> String {
        on(text, self.tables.find(table).map(|table| &table.name))
    }
}

fn on(text: String, relation: Option<&QualifiedName>) -> String {
    match relation {
        Some(name) => [&text, " on ", &full(name)].concat(),
        None => text,
    }
}

fn full(name: &QualifiedName) -> String {
    [name.schema.as_str(), ".", name.name.as_str()].concat()
}
