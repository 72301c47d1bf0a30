//! Relationships between classes.
//!
//! In: the relations of a table. Out: lines of its class; each names its way back, and the columns where
//! several keys join the same tables.

use smol_str::SmolStr;

use super::context::Page;
use crate::emit::lang::{Py, python};
use crate::emit::shapes::{Entity, ItemId, Relation, RelationKind};
use crate::schema::{ConstraintKind, RefAction, RelationId, TableId};
use crate::sort;

impl Page<'_> {
    /// The relationships of a class, as `(name, annotation, value)`.
    pub(super) fn relationships(&mut self, id: TableId) -> Vec<(SmolStr, Py, Py)> {
        let relations = self.relations;
        let own = relations.of(id);
        let shown =
            own.iter().filter(|it| !relations.is_join(it.target) && self.is_class(it.target));
        let lines: Vec<_> = shown.map(|it| self.relationship(id, it, own)).collect();
        if !lines.is_empty() {
            self.types.imports.insert(("sqlalchemy.orm", "relationship"));
        }
        lines
    }

    fn relationship(&self, id: TableId, it: &Relation, own: &[Relation]) -> (SmolStr, Py, Py) {
        let target = self.class_of(it.target);
        let quoted = |text: &str| Py::atom(python::string(text));
        let annotation = if it.is_many() {
            Py::subscript("list", vec![quoted(&target)])
        } else if it.nullable {
            quoted(&format!("{target} | None"))
        } else {
            quoted(&target)
        };
        let name = |name: &str| self.attributes.of(name);
        let mut args = Vec::new();
        match &it.kind {
            RelationKind::ManyToMany(through) => {
                let table = self.table_variable(through.table);
                let join = |class: TableId, fields: &[usize], between: &[usize]| {
                    let columns = |table| self.columns(table);
                    let (ends, middle) = (columns(class), columns(through.table));
                    let equal = fields.iter().zip(between).filter_map(|(field, between)| {
                        let (end, middle) = (ends.get(*field)?, middle.get(*between)?);
                        let end = format!(
                            "{}.__table__.c[{}]",
                            self.class_of(class),
                            python::string(end)
                        );
                        let middle = format!("{table}.c[{}]", python::string(middle));
                        Some(Py::compare(Py::atom(end), "==", Py::atom(middle)))
                    });
                    let equal: Vec<Py> = equal.collect();
                    Py::call("lambda: sa.and_", equal)
                };
                args.push(Py::named("secondary", Py::atom(table.clone())));
                args.push(Py::named("primaryjoin", join(id, &it.fields, &through.near)));
                args.push(Py::named(
                    "secondaryjoin",
                    join(it.target, &it.target_fields, &through.far),
                ));
            }
            RelationKind::ManyToOne
            | RelationKind::OneToOne
            | RelationKind::OneFromOne
            | RelationKind::OneToMany => {
                let (holder, fields) =
                    if it.holds_key() { (id, &it.fields) } else { (it.target, &it.target_fields) };
                if it.ambiguous {
                    args.push(Py::named("foreign_keys", quoted(&self.attributes(holder, fields))));
                }
                if id == it.target && it.holds_key() {
                    let side = self.attributes(id, &it.target_fields);
                    args.push(Py::named("remote_side", quoted(&side)));
                }
            }
        }
        args.push(Py::named("back_populates", quoted(&name(&it.inverse))));
        // Keys that share a column write it alike.
        let overlaps = self.overlaps(id, it, own);
        if !overlaps.is_empty() {
            let names: Vec<SmolStr> = overlaps.iter().map(|it| name(it)).collect();
            args.push(Py::named("overlaps", quoted(&names.join(","))));
        }
        // Rows that lead to each other are written first, and joined then.
        if it.holds_key() && it.nullable && self.relations.share_circle(id, it.target) {
            args.push(Py::named("post_update", Py::atom("True")));
        }
        let (table, position) = it.key;
        let constraint = self.input.schema.tables.find(table);
        let constraint = constraint.and_then(|table| table.constraints.get(position));
        let database_acts = constraint.is_some_and(|it| match &it.kind {
            ConstraintKind::ForeignKey(key) => key.on_delete != RefAction::NoAction,
            _ => false,
        });
        if !it.holds_key() && database_acts {
            args.push(Py::named("passive_deletes", Py::atom("True")));
        }
        (name(&it.name), annotation, Py::call("relationship", args))
    }

    /// The names of relations that write a column which this one writes as well.
    fn overlaps(&self, id: TableId, it: &Relation, own: &[Relation]) -> Vec<String> {
        let (holder, fields) =
            if it.holds_key() { (id, &it.fields) } else { (it.target, &it.target_fields) };
        if matches!(it.kind, RelationKind::ManyToMany(_)) {
            return Vec::new();
        }
        let relations = if holder == id { own } else { self.relations.of(holder) };
        let others = relations.iter().filter(|other| {
            other.holds_key()
                && other.key != it.key
                && other.fields.iter().any(|field| fields.contains(field))
        });
        let mut names: Vec<String> =
            others.flat_map(|it| [it.name.clone(), it.inverse.clone()]).collect();
        sort::by(&mut names, Ord::cmp);
        names.dedup();
        names
    }

    /// `[Post.author_id]`, for SQLAlchemy to read.
    fn attributes(&self, table: TableId, fields: &[usize]) -> String {
        let entity = self.entity_of(table);
        let class = self.class_of(table);
        let names = fields.iter().filter_map(|field| {
            let field = entity?.fields.get(*field)?;
            Some(format!("{class}.{}", self.attributes.of(field.name())))
        });
        format!("[{}]", names.collect::<Vec<_>>().join(", "))
    }

    fn columns(&self, table: TableId) -> Vec<String> {
        let table = self.input.schema.tables.find(table);
        table.into_iter().flat_map(|it| &it.columns).map(|it| it.name.to_string()).collect()
    }

    fn entity_of(&self, table: TableId) -> Option<&Entity> {
        self.entities.get(&table).copied()
    }

    /// The class of a table.
    pub(super) fn class_of(&self, table: TableId) -> String {
        let id = ItemId::Relation(RelationId::Table(table));
        self.types.names.get(&id).cloned().unwrap_or_default()
    }

    /// Whether a table is a class: SQLAlchemy maps none without a primary key.
    pub(super) fn is_class(&self, table: TableId) -> bool {
        let found = self.input.schema.tables.find(table);
        found.is_some_and(|it| !it.primary_key().is_empty()) && !self.relations.is_join(table)
    }
}
