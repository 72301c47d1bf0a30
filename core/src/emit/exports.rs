//! The names that a module exports: each at most once.
//!
//! In: names and whose they are. Out: a complaint of each that two objects would have, or two fields of
//! one. Chooses none.

use indexmap::IndexMap;
use indexmap::map::Entry;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::shapes::Field;
use super::{EmitInput, errors};
use crate::diagnostic::Diagnostics;
use crate::schema::ObjectId;

/// Names taken so far, and by whom.
#[derive(Debug, Default)]
pub(super) struct Exports {
    taken: IndexMap<SmolStr, ObjectId, FxBuildHasher>,
    /// Pairs that were complained of: one name too many says it all.
    said: FxHashSet<(ObjectId, ObjectId)>,
}

impl Exports {
    /// None yet, with room for so many.
    pub(super) fn with_capacity(names: usize) -> Self {
        let taken = IndexMap::with_capacity_and_hasher(names, FxBuildHasher);
        Self { taken, ..Self::default() }
    }

    /// Takes names for `object`, and complains where another has one of them.
    pub(super) fn take<const N: usize>(
        &mut self,
        input: &EmitInput<'_>,
        names: [impl Into<SmolStr>; N],
        object: ObjectId,
        sink: &mut Diagnostics,
    ) {
        for name in names.map(Into::into) {
            match self.taken.entry(name) {
                Entry::Vacant(free) => {
                    free.insert(object);
                }
                // The shapes complain of two models of one name.
                Entry::Occupied(taken) if *taken.get() != object => {
                    let first = *taken.get();
                    if self.said.insert((first, object)) {
                        let (schema, origins) = (input.schema, input.origins);
                        sink.push(errors::same_name(schema, origins, first, object, taken.key()));
                    }
                }
                Entry::Occupied(_) => {}
            }
        }
    }
}

/// Complains of the fields of one thing that get the same name in code. They come with their names.
pub(super) fn check_fields<'b>(
    input: &EmitInput<'_>,
    named: impl Iterator<Item = (&'b SmolStr, &'b Field)> + Clone,
    sink: &mut Diagnostics,
) {
    // No two columns of a table have one name.
    let is_own = |(name, field): (&SmolStr, &Field)| {
        *name == field.column && matches!(field.object, ObjectId::Column(..))
    };
    if named.clone().all(is_own) {
        return;
    }
    let mut taken = FxHashMap::default();
    for (name, field) in named {
        if let Some(first) = taken.insert(name, field.object) {
            let (schema, origins) = (input.schema, input.origins);
            sink.push(errors::same_name(schema, origins, first, field.object, name));
        }
    }
}
