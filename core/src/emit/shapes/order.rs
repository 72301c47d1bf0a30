//! The order of items: what others are built of first, then as the reader expects it: enums, domains,
//! composite types, tables after those that they refer to, views.

use rustc_hash::FxHashSet;

use super::{ItemId, Value, ValueKind};
use crate::schema::{ColumnType, ConstraintKind, Ownership, RelationId, Returns, Schema, TableId};

/// Visits the items that the schema owns, and those that they need, each after what it is built of: at once,
/// while what was looked at for that is at hand.
pub(super) fn each_item(schema: &Schema, visit: &mut dyn FnMut(ItemId)) {
    let mut walk = Walk { schema, seen: FxHashSet::default(), each: visit };
    let owned = |ownership: Ownership| ownership == Ownership::Owned;
    for (id, _) in schema.enums.iter().filter(|(_, it)| owned(it.ownership)) {
        walk.visit(ItemId::Enum(id), 0);
    }
    for (id, _) in schema.domains.iter().filter(|(_, it)| owned(it.ownership)) {
        walk.visit(ItemId::Domain(id), 0);
    }
    for (id, _) in schema.composites.iter().filter(|(_, it)| owned(it.ownership)) {
        walk.visit(ItemId::Composite(id), 0);
    }
    for id in tables(schema) {
        walk.visit(ItemId::Relation(RelationId::Table(id)), 0);
    }
    for (id, _) in schema.views.iter().filter(|(_, it)| owned(it.ownership)) {
        walk.visit(ItemId::Relation(RelationId::View(id)), 0);
    }
    for function in schema.functions.values().filter(|it| owned(it.ownership)) {
        for arg in &function.args {
            walk.need(&arg.ty, 0);
        }
        match &function.returns {
            Returns::Nothing => {}
            Returns::Value(ty) | Returns::Set(ty) => walk.need(ty, 0),
            Returns::Table(columns) => columns.iter().for_each(|column| walk.need(&column.ty, 0)),
        }
    }
}

/// Owned tables, each after those that it refers to; within a cycle, as declared.
fn tables(schema: &Schema) -> Vec<TableId> {
    let mut order = Vec::new();
    let mut seen = FxHashSet::default();
    // Tables on the way down, with the number of constraints already looked at.
    let mut path: Vec<(TableId, usize)> = Vec::new();
    for (start, _) in schema.owned_tables() {
        if seen.insert(start) {
            path.push((start, 0));
        }
        while let Some((id, at)) = path.last_mut() {
            let constraints = schema.tables.find(*id).map_or(&[][..], |table| &table.constraints);
            let Some(constraint) = constraints.get(*at) else {
                order.push(*id);
                path.pop();
                continue;
            };
            *at += 1;
            let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
            let target = schema.tables.find(key.target);
            if target.is_some_and(|it| it.ownership == Ownership::Owned) && seen.insert(key.target)
            {
                path.push((key.target, 0));
            }
        }
    }
    order
}

/// Types within types deeper than this keep their order as declared; PostgreSQL's own types do not
/// nest so.
const DEPTH_LIMIT: u32 = 200;

struct Walk<'a> {
    schema: &'a Schema,
    seen: FxHashSet<ItemId>,
    each: &'a mut dyn FnMut(ItemId),
}

impl Walk<'_> {
    fn visit(&mut self, id: ItemId, depth: u32) {
        if depth > DEPTH_LIMIT || !self.seen.insert(id) {
            return;
        }
        let schema = self.schema;
        let need = |walk: &mut Self, ty: &ColumnType| walk.need(ty, depth + 1);
        match id {
            ItemId::Enum(_) => {}
            ItemId::Domain(id) => {
                schema.domains.find(id).iter().for_each(|it| need(self, &it.base));
            }
            ItemId::Composite(id) => {
                let fields = schema.composites.find(id).map_or(&[][..], |it| &it.fields);
                for field in fields {
                    need(self, &field.ty);
                }
            }
            ItemId::Relation(RelationId::Table(id)) => {
                let columns = schema.tables.find(id).map_or(&[][..], |it| &it.columns);
                for column in columns {
                    need(self, &column.ty);
                }
            }
            ItemId::Relation(RelationId::View(id)) => {
                let columns = schema.views.find(id).map_or(&[][..], |it| &it.columns);
                columns.iter().filter_map(|it| it.ty.as_ref()).for_each(|ty| need(self, ty));
            }
        }
        (self.each)(id);
    }

    /// Visits what a type is built of.
    fn need(&mut self, ty: &ColumnType, depth: u32) {
        match Value::of(ty).kind {
            ValueKind::Enum(id) => self.visit(ItemId::Enum(id), depth),
            ValueKind::Domain(id) => self.visit(ItemId::Domain(id), depth),
            ValueKind::Composite(id) => self.visit(ItemId::Composite(id), depth),
            ValueKind::Row(id) => self.visit(ItemId::Relation(id), depth),
            ValueKind::Scalar(_) | ValueKind::Opaque(_) => {}
        }
    }
}
