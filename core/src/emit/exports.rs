//! The names that a module exports: each at most once.
//!
//! In: names and whose they are. Out: a complaint of each that two objects would have. Chooses none.

use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{EmitInput, errors};
use crate::diagnostic::Diagnostics;
use crate::schema::ObjectId;

/// Names taken so far, and by whom.
#[derive(Debug, Default)]
pub(super) struct Exports {
    taken: FxHashMap<SmolStr, ObjectId>,
    /// Pairs that were complained of: one name too many says it all.
    said: FxHashSet<(ObjectId, ObjectId)>,
}

impl Exports {
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
