//! Mixins: parts that tables share.
//!
//! In: a table as written. Out: its parts, with those of its mixins taken over; the table's own first.

use std::iter::Chain;
use std::slice;
use std::sync::Arc;

use smol_str::SmolStr;

use super::{Resolver, errors, platform};
use crate::diagnostic::closest;
use crate::grammar::{
    Change, ColumnDef, ConstraintDef, Document, IndexDef, Instance, MixinDef, Named, PolicyDef,
    Revise, TableDef, TriggerDef,
};
use crate::schema::Name;

/// The names of the built-in mixins.
pub(crate) const BUILT_IN: &[&str] = &["timestamps", "soft_delete", "tenant", "audit"];

const BUILTIN: &str = include_str!("platform/mixins.yaml");

/// The built-in mixins that the document names and does not define, with the functions that they call.
pub(super) fn builtin(document: &Document) -> Document {
    let defined = |name: &str| {
        document.files.iter().any(|file| file.mixins.iter().any(|mixin| mixin.name.value == name))
    };
    let used: Vec<&SmolStr> = document
        .files
        .iter()
        .flat_map(|file| file.tables.iter())
        .flat_map(|table| table.value.uses.iter().map(|name| &name.value))
        .filter(|name| !defined(name))
        .collect();
    if used.is_empty() {
        return Document::default();
    }
    let mut file = platform::read(BUILTIN);
    file.mixins.entries.retain(|mixin| used.contains(&&mixin.name.value));
    let called = |name: &str| {
        let triggers = file.mixins.iter().flat_map(|mixin| &mixin.value.triggers);
        let mut functions = triggers.filter_map(|trigger| trigger.function.as_ref());
        functions.any(|function| function.value == name)
    };
    let mut functions = std::mem::take(&mut file.functions);
    functions.entries.retain(|function| called(&function.name.value));
    file.functions = functions;
    Document { files: vec![Arc::new(file)] }
}

/// Parts of a table of one kind: its own, then those of its mixins, as the table takes them.
pub(super) struct List<'d, T> {
    own: &'d [T],
    taken: Vec<T>,
}

impl<'d, T> List<'d, T> {
    const fn of(own: &'d [T]) -> Self {
        Self { own, taken: Vec::new() }
    }

    pub(super) fn iter(&self) -> Iter<'_, T> {
        self.own.iter().chain(&self.taken)
    }

    pub(super) const fn len(&self) -> usize {
        self.own.len() + self.taken.len()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

type Iter<'a, T> = Chain<slice::Iter<'a, T>, slice::Iter<'a, T>>;

impl<'a, T> IntoIterator for &'a List<'_, T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The parts of a table, those of its mixins among them.
pub(super) struct Parts<'d> {
    pub(super) columns: List<'d, Named<ColumnDef>>,
    pub(super) indexes: List<'d, IndexDef>,
    pub(super) constraints: List<'d, ConstraintDef>,
    pub(super) policies: List<'d, PolicyDef>,
    pub(super) triggers: List<'d, TriggerDef>,
}

/// The mixins that tables may use.
pub(super) struct Mixins<'d> {
    /// The user's.
    own: Vec<&'d Named<MixinDef>>,
    /// Ours.
    built_in: Vec<&'d Named<MixinDef>>,
}

impl<'d> Mixins<'d> {
    /// Those of the user's document, which comes first, and of the others.
    pub(super) fn of(documents: impl IntoIterator<Item = &'d Document>) -> Self {
        let mixins = |document: &'d Document| document.files.iter().flat_map(|file| &file.mixins);
        let mut documents = documents.into_iter();
        let own = documents.next().into_iter().flat_map(mixins).collect();
        Self { own, built_in: documents.flat_map(mixins).collect() }
    }

    /// The mixin of this name, and whether it is built in.
    fn find(&self, name: &str) -> Option<(&'d Named<MixinDef>, bool)> {
        let by_name = |mixin: &&&Named<MixinDef>| mixin.name.value == name;
        let own = self.own.iter().find(by_name).map(|mixin| (*mixin, false));
        own.or_else(|| self.built_in.iter().find(by_name).map(|mixin| (*mixin, true)))
    }
}

/// The table's own parts, then those of its mixins.
pub(super) fn expand<'d>(
    cx: &mut Resolver<'_>,
    table: &'d TableDef,
    name: &Name,
    mixins: &Mixins<'d>,
) -> Parts<'d> {
    let mut parts = Parts {
        columns: List::of(&table.columns.entries),
        indexes: List::of(&table.indexes),
        constraints: List::of(&table.constraints),
        policies: List::of(&table.policies),
        triggers: List::of(&table.triggers),
    };
    for used in &table.uses {
        let Some((mixin, built_in)) = mixins.find(&used.value) else {
            let names = mixins.own.iter().map(|mixin| mixin.name.value.as_str());
            let names = names.chain(BUILT_IN.iter().copied());
            let close = closest(&used.value, names).map(str::to_owned);
            let error = errors::unknown_mixin(&used.value, used.span, close.as_deref());
            cx.report_missing(&super::names::reference(&used.value), error);
            continue;
        };
        let instance = Instance { table: name.clone().into_text(), via: used.span, built_in };
        let mut mixin = mixin.value.clone();
        mixin.revise(&Change::Taken(&instance));
        for column in mixin.columns.entries {
            let own = parts.columns.iter().find(|own| own.name.value == column.name.value);
            if let Some(own) = own {
                let error = errors::mixin_conflict(
                    &used.value,
                    &column.name.value,
                    used.span,
                    own.name.span,
                );
                cx.report(error);
            } else {
                parts.columns.taken.push(column);
            }
        }
        parts.indexes.taken.extend(mixin.indexes);
        parts.constraints.taken.extend(mixin.constraints);
        parts.policies.taken.extend(mixin.policies);
        parts.triggers.taken.extend(mixin.triggers);
    }
    parts
}
