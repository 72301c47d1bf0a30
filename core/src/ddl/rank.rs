//! Whose each statement is, where several share a database and each has files of its own.
//!
//! In: a schema, the order of its objects, and a rank for each that says whose it is. Out: the ranks of
//! its statements: that of the object, or the highest of what it needs, so that all of a lower rank can
//! be run before all of a higher one. Never says what a rank stands for.

use rustc_hash::FxHashMap;

use super::names::Names;
use super::order::{Order, untied};
use super::unit::Unit;
use crate::schema::{
    FunctionRef, GrantObject, Name, ObjectId, QualifiedName, RelationId, Schema, TypeKind,
};
use crate::sql::SqlExpr;

/// The ranks of a schema's statements; all 0 by default.
#[derive(Debug, Default)]
pub(crate) struct Ranks {
    /// Of the order's steps.
    steps: Vec<usize>,
    /// Of what has one that is not 0.
    objects: FxHashMap<ObjectId, usize>,
}

impl Ranks {
    /// Those of `schema`, whose objects are of rank `own` unless they need something of a higher one.
    /// Parts of a table or view are never asked for. Sequences are of rank 0, as defaults call them by
    /// texts; so are schemas, extensions and roles.
    pub(crate) fn new(schema: &Schema, order: &Order, own: impl Fn(ObjectId) -> usize) -> Self {
        let mut ranks = Self::default();
        ranks.units(schema, order, &own);
        let names = Names::of(schema);
        for (id, trigger) in schema.triggers.iter() {
            let called = match &trigger.function {
                FunctionRef::Declared(id) => ranks.of(ObjectId::Function(*id)),
                FunctionRef::Known(_) => 0,
            };
            let needed = called.max(ranks.of(relation(trigger.on)));
            let object = ObjectId::Trigger(id);
            ranks.raise(object, own(object).max(needed), &names, &trigger.condition);
        }
        for (id, policy) in schema.policies.iter() {
            let object = ObjectId::Policy(id);
            let rank = own(object).max(ranks.of(ObjectId::Table(policy.table)));
            ranks.raise(object, rank, &names, policy.using.iter().chain(&policy.with_check));
        }
        for (id, publication) in schema.publications.iter() {
            let tables = publication.tables.iter().map(|it| ranks.of(ObjectId::Table(it.table)));
            let object = ObjectId::Publication(id);
            ranks.set(object, tables.fold(own(object), usize::max));
        }
        ranks.grants(schema, &own);
        ranks
    }

    /// Of what makes or describes an object.
    pub(crate) fn of(&self, object: ObjectId) -> usize {
        let of = |object| self.objects.get(&object).copied();
        let table = object.table().map(ObjectId::Table);
        of(object).or_else(|| table.and_then(of)).unwrap_or_default()
    }

    /// Of the step at `position` of the order.
    pub(crate) fn of_step(&self, position: usize) -> usize {
        self.steps.get(position).copied().unwrap_or_default()
    }

    /// What stands in the order: each unit after all that it needs.
    fn units(&mut self, schema: &Schema, order: &Order, own: impl Fn(ObjectId) -> usize) {
        let dependencies = untied(schema).dependencies;
        let numbers: FxHashMap<Unit, usize> = dependencies.units.iter().copied().zip(0..).collect();
        let mut known = vec![0; dependencies.units.len()];
        for step in &order.steps {
            let number = numbers.get(&step.unit).copied().unwrap_or_default();
            let needs = dependencies.graph.needs(number);
            let rank = needs
                .filter_map(|other| known.get(other).copied())
                .fold(owner(step.unit).map_or(0, &own), usize::max);
            if let Some(slot) = known.get_mut(number) {
                *slot = rank;
            }
            self.steps.push(rank);
            self.set(step.unit.object(), rank);
        }
    }

    /// Privileges, which must come in order where they are of the same thing.
    fn grants(&mut self, schema: &Schema, own: impl Fn(ObjectId) -> usize) {
        let mut last: FxHashMap<ObjectId, usize> = FxHashMap::default();
        let (mut all, mut wide) = (0, 0);
        for (id, grant) in schema.grants.iter() {
            let object = ObjectId::Grant(id);
            let mut rank = own(object).max(wide);
            if let Some(namespace) = namespace(&grant.on) {
                rank = rank.max(all).max(self.highest_in(schema, namespace));
                wide = rank;
            } else if let Some(on) = target(schema, &grant.on) {
                let last = last.entry(on).or_default();
                rank = rank.max(self.of(on)).max(*last);
                *last = rank;
            }
            all = all.max(rank);
            self.set(object, rank);
        }
    }

    /// The highest rank of what is in a PostgreSQL schema.
    fn highest_in(&self, schema: &Schema, namespace: &Name) -> usize {
        let tables = schema.tables.iter().map(|(id, it)| (ObjectId::Table(id), &it.name));
        let views = schema.views.iter().map(|(id, it)| (ObjectId::View(id), &it.name));
        let functions = schema.functions.iter().map(|(id, it)| (ObjectId::Function(id), &it.name));
        let is_in = |(_, name): &(ObjectId, &QualifiedName)| name.schema == *namespace;
        let objects = tables.chain(views).chain(functions).filter(is_in);
        objects.map(|(object, _)| self.of(object)).max().unwrap_or_default()
    }

    /// Gives `object` a rank, or that of what these expressions need.
    fn raise<'a>(
        &mut self,
        object: ObjectId,
        rank: usize,
        names: &Names<'_>,
        exprs: impl IntoIterator<Item = &'a SqlExpr>,
    ) {
        let needed = exprs.into_iter().flat_map(|expr| names.in_expr(expr));
        let rank = needed.map(|unit| self.of(unit.object())).fold(rank, usize::max);
        self.set(object, rank);
    }

    /// Gives `object` a rank, unless it has a higher one.
    fn set(&mut self, object: ObjectId, rank: usize) {
        if rank > self.of(object) {
            self.objects.insert(object, rank);
        }
    }
}

/// The object that a unit is, or belongs to; none for sequences.
fn owner(unit: Unit) -> Option<ObjectId> {
    match unit.object() {
        ObjectId::ViewIndex(id, _) => Some(ObjectId::View(id)),
        ObjectId::Sequence(_) => None,
        object => Some(object.table().map_or(object, ObjectId::Table)),
    }
}

const fn relation(id: RelationId) -> ObjectId {
    match id {
        RelationId::Table(id) => ObjectId::Table(id),
        RelationId::View(id) => ObjectId::View(id),
    }
}

/// The PostgreSQL schema in which privileges are given on all that is there.
const fn namespace(on: &GrantObject) -> Option<&Name> {
    match on {
        GrantObject::TablesIn(name)
        | GrantObject::SequencesIn(name)
        | GrantObject::FunctionsIn(name) => Some(name),
        GrantObject::Relation(_)
        | GrantObject::Schema(_)
        | GrantObject::Sequence(_)
        | GrantObject::Function(_)
        | GrantObject::Type(_)
        | GrantObject::DefaultTables(_)
        | GrantObject::DefaultSequences(_)
        | GrantObject::DefaultFunctions(_)
        | GrantObject::DefaultTypes(_)
        | GrantObject::Part { .. }
        | GrantObject::Named { .. } => None,
    }
}

/// The one object on which privileges are given.
fn target(schema: &Schema, on: &GrantObject) -> Option<ObjectId> {
    match on {
        GrantObject::Relation(id) => Some(relation(*id)),
        GrantObject::Part { of, .. } => Some(ObjectId::Table(*of)),
        GrantObject::Sequence(id) => Some(ObjectId::Sequence(*id)),
        GrantObject::Function(id) => Some(ObjectId::Function(*id)),
        GrantObject::Schema(name) => {
            let found = schema.namespaces.iter().find(|(_, namespace)| namespace.name == *name);
            found.map(|(id, _)| ObjectId::Namespace(id))
        }
        GrantObject::Type(kind) => match kind {
            TypeKind::Enum(id) => Some(ObjectId::Enum(*id)),
            TypeKind::Domain(id) => Some(ObjectId::Domain(*id)),
            TypeKind::Composite(id) => Some(ObjectId::Composite(*id)),
            TypeKind::TableRow(id) => Some(ObjectId::Table(*id)),
            TypeKind::ViewRow(id) => Some(ObjectId::View(*id)),
            TypeKind::Base(_) | TypeKind::Unknown(_) => None,
        },
        GrantObject::TablesIn(_)
        | GrantObject::SequencesIn(_)
        | GrantObject::FunctionsIn(_)
        | GrantObject::DefaultTables(_)
        | GrantObject::DefaultSequences(_)
        | GrantObject::DefaultFunctions(_)
        | GrantObject::DefaultTypes(_)
        | GrantObject::Named { .. } => None,
    }
}
