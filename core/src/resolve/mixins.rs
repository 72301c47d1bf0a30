//! Mixins: parts that tables share.
//!
//! In: a table as written. Out: its parts, with those of its mixins taken over; the table's own first.

use std::borrow::Cow;
use std::iter::Chain;
use std::mem;
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
pub(super) struct List<'d, T: Clone> {
    own: Cow<'d, [T]>,
    taken: Vec<T>,
}

impl<'d, T: Clone> List<'d, T> {
    fn of(own: impl Into<Cow<'d, [T]>>) -> Self {
        Self { own: own.into(), taken: Vec::new() }
    }

    pub(super) fn iter(&self) -> Iter<'_, T> {
        self.own.iter().chain(&self.taken)
    }

    pub(super) fn len(&self) -> usize {
        self.own.len() + self.taken.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

type Iter<'a, T> = Chain<slice::Iter<'a, T>, slice::Iter<'a, T>>;

impl<'a, T: Clone> IntoIterator for &'a List<'_, T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The parts of a table, those of its mixins among them.
pub(super) struct Parts<'d> {
    pub(super) contents: Contents<'d>,
    pub(super) policies: List<'d, PolicyDef>,
    pub(super) triggers: List<'d, TriggerDef>,
}

/// The parts that most of a document is: one pass resolves them, and lets go of them table by table.
pub(super) struct Contents<'d> {
    pub(super) columns: List<'d, Named<ColumnDef>>,
    pub(super) indexes: List<'d, IndexDef>,
    pub(super) constraints: List<'d, ConstraintDef>,
}

impl<'d> Contents<'d> {
    /// The table's own.
    pub(super) fn of(table: &'d TableDef) -> Self {
        Self {
            columns: List::of(&table.columns.entries),
            indexes: List::of(&table.indexes),
            constraints: List::of(&table.constraints),
        }
    }

    /// The table's own, which are its own no longer.
    fn taken_from(table: &mut TableDef) -> Self {
        Self {
            columns: List::of(mem::take(&mut table.columns.entries)),
            indexes: List::of(mem::take(&mut table.indexes)),
            constraints: List::of(mem::take(&mut table.constraints)),
        }
    }
}

/// Takes the contents of each table out of the document, in their order; of a file that somebody else holds too,
/// none.
pub(super) fn take_contents(document: &mut Document) -> Vec<Option<Contents<'static>>> {
    let mut all = Vec::new();
    for file in &mut document.files {
        match Arc::get_mut(file) {
            Some(file) => {
                let tables = file.tables.entries.iter_mut();
                all.extend(tables.map(|named| Some(Contents::taken_from(&mut named.value))));
            }
            None => all.extend(file.tables.iter().map(|_| None)),
        }
    }
    all
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

/// The table's own parts, of which `contents` are, then those of its mixins.
pub(super) fn expand<'d>(
    cx: &mut Resolver<'_>,
    table: &'d TableDef,
    contents: Contents<'d>,
    name: &Name,
    mixins: &Mixins<'d>,
) -> Parts<'d> {
    let mut parts = Parts {
        contents,
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
        let Contents { columns, indexes, constraints } = &mut parts.contents;
        for column in mixin.columns.entries {
            let own = columns.iter().find(|own| own.name.value == column.name.value);
            if let Some(own) = own {
                let error = errors::mixin_conflict(
                    &used.value,
                    &column.name.value,
                    used.span,
                    own.name.span,
                );
                cx.report(error);
            } else {
                columns.taken.push(column);
            }
        }
        indexes.taken.extend(mixin.indexes);
        constraints.taken.extend(mixin.constraints);
        parts.policies.taken.extend(mixin.policies);
        parts.triggers.taken.extend(mixin.triggers);
    }
    parts
}
