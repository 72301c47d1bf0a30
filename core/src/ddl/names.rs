//! What the names in SQL stand for.
//!
//! In: a schema, and SQL as it was read, or by its tokens where it could not be. Out: the units that it
//! names. Unqualified names are of `public`, as under the `search_path` that scripts run with.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::depend::owned;
use super::mentions::{Extent, MentionKind, mentions};
use super::unit::Unit;
use crate::schema::{Name, PUBLIC, QualifiedName, Schema};
use crate::sql::SqlExpr;
use crate::sql::expr::Refs;

/// The units by name; what others own exists already, and is none.
pub(crate) struct Names<'a> {
    schema: &'a Schema,
    /// Most schemas have no SQL that reads a relation before all of them are there.
    relations: OnceCell<FxHashMap<&'a QualifiedName, Unit>>,
    functions: FxHashMap<&'a QualifiedName, Vec<Unit>>,
    types: FxHashMap<&'a QualifiedName, Unit>,
}

impl<'a> Names<'a> {
    /// Those of `schema`.
    pub(crate) fn of(schema: &'a Schema) -> Self {
        let mut names = Self {
            schema,
            relations: OnceCell::new(),
            functions: FxHashMap::default(),
            types: FxHashMap::default(),
        };
        for id in owned(schema.functions.iter(), |function| function.ownership) {
            let overloads = names.functions.entry(&schema.functions[id].name).or_default();
            overloads.push(Unit::Function(id));
        }
        let enums = owned(schema.enums.iter(), |ty| ty.ownership);
        names.types.extend(enums.map(|id| (&schema.enums[id].name, Unit::Enum(id))));
        let domains = owned(schema.domains.iter(), |ty| ty.ownership);
        names.types.extend(domains.map(|id| (&schema.domains[id].name, Unit::Domain(id))));
        let composites = owned(schema.composites.iter(), |ty| ty.ownership);
        names.types.extend(composites.map(|id| (&schema.composites[id].name, Unit::Composite(id))));
        names
    }

    fn relation(&self, name: &QualifiedName) -> Option<&Unit> {
        let relations = self.relations.get_or_init(|| {
            let mut relations = FxHashMap::default();
            for (id, table) in self.schema.owned_tables() {
                relations.insert(&table.name, Unit::Table(id));
                let partitions = table.partitioning.iter().flat_map(|it| &it.partitions);
                relations.extend(partitions.map(|part| (&part.name, Unit::Table(id))));
            }
            let views = owned(self.schema.views.iter(), |view| view.ownership);
            relations.extend(views.map(|id| (&self.schema.views[id].name, Unit::View(id))));
            relations
        });
        relations.get(name)
    }

    /// The units that SQL refers to.
    pub(crate) fn referred(&self, refs: &Refs) -> Vec<Unit> {
        let mut units = Vec::new();
        for call in &refs.calls {
            let name = qualified(call.schema.as_deref(), &call.name);
            units.extend(self.functions.get(&name).into_iter().flatten());
        }
        for relation in &refs.relations {
            let name = qualified(relation.schema.as_deref(), &relation.name);
            units.extend(self.relation(&name));
        }
        for (text, _) in &refs.types {
            units.extend(self.mentioned(text, Extent::Type));
        }
        units
    }

    /// The units that an expression needs.
    pub(crate) fn in_expr(&self, expr: &SqlExpr) -> Vec<Unit> {
        match &expr.tree {
            Some(tree) => self.referred(tree.refs()),
            None => self.mentioned(&expr.text, Extent::Whole),
        }
    }

    /// The units that a text mentions, by its tokens alone.
    pub(crate) fn mentioned(&self, text: &str, extent: Extent) -> Vec<Unit> {
        let mut units = Vec::new();
        for mention in mentions(text, extent) {
            let name = qualified(mention.schema.as_deref(), &mention.name);
            match mention.kind {
                MentionKind::Call => {
                    units.extend(self.functions.get(&name).into_iter().flatten());
                }
                MentionKind::Relation => units.extend(self.relation(&name)),
                // A type, which may be that of a row.
                MentionKind::Word if extent != Extent::Whole => {
                    units.extend(self.types.get(&name).or_else(|| self.relation(&name)));
                }
                MentionKind::Word => units.extend(self.types.get(&name)),
            }
        }
        units
    }
}

fn qualified(schema: Option<&str>, name: &str) -> QualifiedName {
    QualifiedName { schema: Name::new(schema.unwrap_or(PUBLIC)), name: Name::new(name) }
}
