//! The names that a module exports: each at most once.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::Diagnostics;
use crate::emit::{EmitInput, errors};
use crate::schema::ObjectId;

/// Names taken so far, and by whom.
#[derive(Debug, Default)]
pub(super) struct Exports {
    taken: FxHashMap<String, ObjectId>,
    /// Pairs that were complained of: one name too many says it all.
    said: FxHashSet<(ObjectId, ObjectId)>,
}

impl Exports {
    /// Takes `name` and `nameSchema` for `object`, and complains where another has one of them.
    pub(super) fn take(
        &mut self,
        input: &EmitInput<'_>,
        name: &str,
        object: ObjectId,
        sink: &mut Diagnostics,
    ) {
        for name in [name.to_owned(), format!("{name}Schema")] {
            match self.taken.get(&name) {
                // The shapes complain of two models of one name.
                Some(first) if *first != object => {
                    if self.said.insert((*first, object)) {
                        let (schema, origins) = (input.schema, input.origins);
                        sink.push(errors::same_name(schema, origins, *first, object, &name));
                    }
                }
                _ => {
                    self.taken.insert(name, object);
                }
            }
        }
    }
}
