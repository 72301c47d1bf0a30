//! Which items are what they were at the last emission.
//!
//! In: the schema before and now. Out: of each table and view whether it is the same.

use super::ItemId;
use crate::schema::{RelationId, Schema, Table, TableId, View, ViewId};

/// Two schemas whose items can be compared one by one: ids, names and types mean the same in both.
#[derive(Debug)]
pub(in crate::emit) struct Alike {
    /// Of each table, whether it is what it was.
    tables: Vec<bool>,
    /// Of each view.
    views: Vec<bool>,
}

impl Alike {
    /// None where the schemas differ in more than what their tables and views consist of: in a type, in a
    /// name, in how many there are.
    pub(in crate::emit) fn of(before: &Schema, now: &Schema) -> Option<Self> {
        let renamed_table = |(id, one): (TableId, &Table)| {
            let other = &now.tables[id];
            one.name != other.name || one.ownership != other.ownership || one.model != other.model
        };
        let renamed_view = |(id, one): (ViewId, &View)| {
            let other = &now.views[id];
            one.name != other.name || one.ownership != other.ownership || one.model != other.model
        };
        let alike = before.target_version == now.target_version
            && before.enums == now.enums
            && before.domains == now.domains
            && before.composites == now.composites
            && before.tables.len() == now.tables.len()
            && before.views.len() == now.views.len();
        if !alike {
            return None;
        }
        let tables: Vec<bool> = now.tables.unchanged(&before.tables).collect();
        let views: Vec<bool> = now.views.unchanged(&before.views).collect();
        let others = before.tables.iter().zip(&tables).filter(|(_, same)| !**same);
        let other_views = before.views.iter().zip(&views).filter(|(_, same)| !**same);
        let renamed = others.map(|(table, _)| table).any(renamed_table)
            || other_views.map(|(view, _)| view).any(renamed_view);
        (!renamed).then_some(Self { tables, views })
    }

    /// Whether an item is what it was, and so whatever is made of it, of types and of names alone.
    pub(in crate::emit) fn is_same(&self, id: ItemId) -> bool {
        let relation = match id {
            ItemId::Enum(_) | ItemId::Domain(_) | ItemId::Composite(_) => return true,
            ItemId::Relation(RelationId::Table(id)) => self.tables.get(id.index()),
            ItemId::Relation(RelationId::View(id)) => self.views.get(id.index()),
        };
        relation.copied().unwrap_or_default()
    }
}
