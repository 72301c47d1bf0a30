//! What the last emission made, so that this one makes again only what is another by now.
//!
//! In: the schema before and now, and the parts of pages that targets keep for the next time. Out: which
//! items are what they were, and those parts. An emission hands on what it made or took over and nothing
//! else, so a part is never older than the emission before. Never decides what a part is.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;

use super::shapes::{ItemId, Shapes};
use crate::schema::{RelationId, Schema, Table, View};

/// What an emission leaves to the next one.
#[derive(Default)]
pub struct Memory {
    pub(super) shapes: Option<Shapes>,
    /// By target and output. Each target has a type of its own.
    parts: BTreeMap<(&'static str, String), Box<dyn Any + Send>>,
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parts.keys()).finish()
    }
}

impl Memory {
    /// What `target` kept for `out`; nothing where it kept something else.
    pub(super) fn take<T: Any + Default>(&mut self, target: &'static str, out: &str) -> T {
        let kept = self.parts.remove(&(target, out.to_owned()));
        kept.and_then(|kept| kept.downcast().ok()).map(|kept| *kept).unwrap_or_default()
    }

    /// Keeps `parts` for the next emission of `target` to `out`.
    pub(super) fn keep<T: Any + Send>(&mut self, target: &'static str, out: &str, parts: T) {
        self.parts.insert((target, out.to_owned()), Box::new(parts));
    }
}

/// Two schemas whose items can be compared one by one: ids, names and types mean the same in both.
#[derive(Debug)]
pub(super) struct Alike {
    /// Of each table, whether it is what it was.
    tables: Vec<bool>,
    /// Of each view.
    views: Vec<bool>,
}

impl Alike {
    /// None where the schemas differ in more than what their tables and views consist of: in a type, in a
    /// name, in how many there are.
    pub(super) fn of(before: &Schema, now: &Schema) -> Option<Self> {
        let same_table = |(one, other): (&Table, &Table)| {
            one.name == other.name && one.ownership == other.ownership && one.model == other.model
        };
        let same_view = |(one, other): (&View, &View)| {
            one.name == other.name && one.ownership == other.ownership && one.model == other.model
        };
        let tables = before.tables.values().zip(now.tables.values());
        let views = before.views.values().zip(now.views.values());
        let alike = before.target_version == now.target_version
            && before.enums == now.enums
            && before.domains == now.domains
            && before.composites == now.composites
            && before.tables.len() == now.tables.len()
            && tables.clone().all(same_table)
            && before.views.len() == now.views.len()
            && views.clone().all(same_view);
        alike.then(|| Self {
            tables: tables.map(|(one, other)| one == other).collect(),
            views: views.map(|(one, other)| one == other).collect(),
        })
    }

    /// Whether an item is what it was, and so whatever is made of it, of types and of names alone.
    pub(super) fn is_same(&self, id: ItemId) -> bool {
        let relation = match id {
            ItemId::Enum(_) | ItemId::Domain(_) | ItemId::Composite(_) => return true,
            ItemId::Relation(RelationId::Table(id)) => self.tables.get(id.index()),
            ItemId::Relation(RelationId::View(id)) => self.views.get(id.index()),
        };
        relation.copied().unwrap_or_default()
    }
}
