//! Mixins: parts that tables share.
//!
//! In: a table as written. Out: its parts, with those of its mixins taken over; the table's own first.

use std::ops::Deref;
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

/// A part of a table.
pub(super) enum Part<'d, T> {
    /// The table's own.
    Own(&'d T),
    /// A mixin's, as the table takes it.
    // A `Cow` would make every part as large as what is written of it: six megabytes a thousand tables.
    Taken(Box<T>),
}

impl<T> Deref for Part<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Own(part) => part,
            Self::Taken(part) => part,
        }
    }
}

impl<T> Part<'_, T> {
    fn taken(part: T) -> Self {
        Self::Taken(Box::new(part))
    }
}

/// The parts of a table, those of its mixins among them.
#[derive(Default)]
pub(super) struct Parts<'d> {
    pub(super) columns: Vec<Part<'d, Named<ColumnDef>>>,
    pub(super) indexes: Vec<Part<'d, IndexDef>>,
    pub(super) constraints: Vec<Part<'d, ConstraintDef>>,
    pub(super) policies: Vec<Part<'d, PolicyDef>>,
    pub(super) triggers: Vec<Part<'d, TriggerDef>>,
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
        columns: table.columns.iter().map(Part::Own).collect(),
        indexes: table.indexes.iter().map(Part::Own).collect(),
        constraints: table.constraints.iter().map(Part::Own).collect(),
        policies: table.policies.iter().map(Part::Own).collect(),
        triggers: table.triggers.iter().map(Part::Own).collect(),
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
                parts.columns.push(Part::taken(column));
            }
        }
        parts.indexes.extend(mixin.indexes.into_iter().map(Part::taken));
        parts.constraints.extend(mixin.constraints.into_iter().map(Part::taken));
        parts.policies.extend(mixin.policies.into_iter().map(Part::taken));
        parts.triggers.extend(mixin.triggers.into_iter().map(Part::taken));
    }
    parts
}
