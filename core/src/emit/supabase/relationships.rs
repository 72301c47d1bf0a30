//! Who refers to whom, as PostgREST follows it.
//!
//! In: foreign keys, and what views show. Out: for each table and view its relationships. A view that
//! shows all columns of a key, on either side, has that relationship too.

use rustc_hash::FxHashMap;

use super::order::compare;
use super::views::Views;
use crate::schema::{
    ConstraintKind, ForeignKey, Name, ObjectId, RelationId, Schema, Table, ViewId,
};
use crate::sort;

/// A foreign key, seen from a table or view.
#[derive(Debug, Clone)]
pub(super) struct Relationship<'a> {
    pub(super) object: ObjectId,
    pub(super) name: &'a Name,
    pub(super) columns: Vec<&'a Name>,
    /// Whether at most one row refers to another.
    pub(super) one_to_one: bool,
    pub(super) referenced: RelationId,
    pub(super) referenced_columns: Vec<&'a Name>,
}

/// All relationships, by the table or view that refers, in the order in which they are written.
pub(super) fn all(schema: &Schema) -> FxHashMap<RelationId, Vec<Relationship<'_>>> {
    let exposures = Exposures::new(schema);
    let mut all: FxHashMap<_, Vec<_>> = FxHashMap::default();
    for (id, table) in schema.owned_tables() {
        for (place, constraint) in table.constraints.iter().enumerate() {
            let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
            let target = RelationId::Table(key.target);
            let own = exposures.of(RelationId::Table(id), &key.columns);
            let referenced = exposures.of(target, &key.target_columns);
            for (relation, columns) in &own {
                for (to, to_columns) in &referenced {
                    // Supabase's types speak of one PostgreSQL schema at a time.
                    let schemas = [*relation, *to].map(|it| &schema.relation_name(it).schema);
                    if schemas[0] != schemas[1] {
                        continue;
                    }
                    all.entry(*relation).or_default().push(Relationship {
                        object: ObjectId::Constraint(id, place as u32),
                        name: &constraint.name,
                        columns: columns.clone(),
                        one_to_one: is_unique(table, key),
                        referenced: *to,
                        referenced_columns: to_columns.clone(),
                    });
                }
            }
        }
    }
    let joined = |names: &[&Name]| names.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(",");
    #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
    for relationships in all.values_mut() {
        sort::by(relationships, |a, b| {
            let name = |it: &Relationship<'_>| &schema.relation_name(it.referenced).name;
            compare(a.name, b.name)
                .then_with(|| compare(name(a), name(b)))
                .then_with(|| {
                    compare(&joined(&a.referenced_columns), &joined(&b.referenced_columns))
                })
                .then_with(|| compare(&joined(&a.columns), &joined(&b.columns)))
        });
    }
    all
}

/// Whether the key's columns, in their order, are those of the primary key or a unique constraint in
/// the table's order, which is how PostgREST compares them.
fn is_unique(table: &Table, key: &ForeignKey) -> bool {
    table.constraints.iter().any(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { columns } | ConstraintKind::Unique { columns, .. } => {
            let ordered = table.columns.iter().map(|it| &it.name).filter(|it| columns.contains(it));
            ordered.eq(&key.columns)
        }
        ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclude(_) => false,
    })
}

/// Under which names views show columns of tables.
struct Exposures<'a> {
    /// View, table, the view's column, the table's.
    shown: Vec<(ViewId, RelationId, &'a Name, smol_str::SmolStr)>,
}

impl<'a> Exposures<'a> {
    fn new(schema: &'a Schema) -> Self {
        let views = Views::new(schema);
        let mut shown = Vec::new();
        for id in schema.views.ids() {
            for column in views.shown(id) {
                let mut from = column.from;
                // A view over a view shows what that shows; there are no cycles, but a bound.
                for _ in 0..=schema.views.len() {
                    let Some((relation, name)) = from.take() else { break };
                    match relation {
                        RelationId::Table(_) => shown.push((id, relation, column.name, name)),
                        RelationId::View(below) => {
                            let below = views.shown(below).into_iter();
                            from = below.filter(|it| *it.name == *name).find_map(|it| it.from);
                        }
                    }
                }
            }
        }
        Self { shown }
    }

    /// The table itself, and every view that shows all of `columns`, each way in which it does.
    fn of(&self, table: RelationId, columns: &'a [Name]) -> Vec<(RelationId, Vec<&'a Name>)> {
        let mut found = vec![(table, columns.iter().collect())];
        let mut views: Vec<ViewId> =
            self.shown.iter().filter(|it| it.1 == table).map(|it| it.0).collect();
        views.dedup();
        for view in views {
            let mut ways: Vec<Vec<&'a Name>> = vec![Vec::new()];
            for column in columns {
                let names = self.shown.iter().filter(|(id, relation, _, name)| {
                    *id == view && *relation == table && *name == column.as_str()
                });
                let names: Vec<&'a Name> = names.map(|it| it.2).collect();
                let longer = |way: &Vec<&'a Name>| {
                    let way = way.clone();
                    names
                        .iter()
                        .map(move |name| {
                            let mut way = way.clone();
                            way.push(*name);
                            way
                        })
                        .collect::<Vec<_>>()
                };
                ways = ways.iter().flat_map(longer).collect();
            }
            found.extend(ways.into_iter().map(|way| (RelationId::View(view), way)));
        }
        found
    }
}
