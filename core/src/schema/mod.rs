//! The resolved model: the one vocabulary of all rooms above.
//!
//! In: what `resolve` built from a document, or `catalog` from a database. Out: plain data that holds
//! no places and no YAML, so that equality, diff and snapshot are about meaning alone. Where each
//! object was written stands beside it, in [`Origins`].
//!
//! Objects lie in arenas and refer to each other by [`Id`]; columns of a relation are named within it.

mod constraint;
mod describe;
mod function;
mod id;
mod name;
mod object;
mod origins;
mod policy;
mod table;
mod types;
mod view;

pub use constraint::{
    Constraint, ConstraintKind, Deferrability, Exclusion, ExclusionElement, ForeignKey, Index,
    IndexElement, IndexTarget, NullsOrder, RefAction, SortOrder,
};
pub use function::{
    ArgMode, Argument, Function, FunctionKind, FunctionRef, Parallel, ResultColumn, Returns,
    Security, Trigger, TriggerEvent, TriggerLevel, TriggerState, TriggerTiming, Volatility,
};
pub use id::{Arena, Id};
pub use name::{Name, PUBLIC, QualifiedName};
pub use object::{
    Extension, Grant, GrantAction, GrantObject, Namespace, Operation, Privilege, Publication,
    PublicationTable, Role, Sequence, SequenceOptions,
};
pub use origins::{ExprOrigin, Origins};
pub use policy::{Policy, PolicyCommand};
pub use table::{
    Column, DefaultValue, FieldOverride, Generated, GeneratedKind, Identity, IdentityKind, Literal,
    Overrides, Partition, PartitionBounds, PartitionStrategy, Partitioning, RowSecurity, Table,
};
pub use types::{ColumnType, Composite, CompositeField, Domain, DomainCheck, EnumType, TypeKind};
pub use view::{CheckOption, View, ViewColumn};

use rustc_hash::FxHashMap;
use serde::Serialize;

/// Ids of the kinds.
pub type TableId = Id<Table>;
/// See [`TableId`].
pub type ViewId = Id<View>;
/// See [`TableId`].
pub type EnumId = Id<EnumType>;
/// See [`TableId`].
pub type DomainId = Id<Domain>;
/// See [`TableId`].
pub type CompositeId = Id<Composite>;
/// See [`TableId`].
pub type SequenceId = Id<Sequence>;
/// See [`TableId`].
pub type FunctionId = Id<Function>;
/// See [`TableId`].
pub type TriggerId = Id<Trigger>;
/// See [`TableId`].
pub type PolicyId = Id<Policy>;

/// Whether schemagen writes an object or only builds upon it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ownership {
    /// Declared by the user: created, diffed, emitted.
    Owned,
    /// Somebody else's (Supabase's `auth`, an extension's): may be referred to, is never created.
    External,
}

/// A PostgreSQL database as declared.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Schema {
    /// PostgreSQL's major version whose syntax may be used; 15 unless the host says otherwise.
    pub target_version: u16,
    /// PostgreSQL schemas, `public` among them.
    pub namespaces: Arena<Namespace>,
    /// Extensions to have.
    pub extensions: Arena<Extension>,
    /// Roles that exist or must exist.
    pub roles: Arena<Role>,
    /// Enum types.
    pub enums: Arena<EnumType>,
    /// Domains.
    pub domains: Arena<Domain>,
    /// Composite types.
    pub composites: Arena<Composite>,
    /// Sequences that stand on their own.
    pub sequences: Arena<Sequence>,
    /// Tables, external ones among them.
    pub tables: Arena<Table>,
    /// Views and materialized views.
    pub views: Arena<View>,
    /// Functions and procedures; an overload is a function of its own.
    pub functions: Arena<Function>,
    /// Triggers.
    pub triggers: Arena<Trigger>,
    /// Row-level security policies.
    pub policies: Arena<Policy>,
    /// Publications.
    pub publications: Arena<Publication>,
    /// Grants and revokes, in order.
    pub grants: Arena<Grant>,
}

/// Any object, for provenance and origins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum ObjectId {
    /// A PostgreSQL schema.
    Namespace(Id<Namespace>),
    /// An extension.
    Extension(Id<Extension>),
    /// A role.
    Role(Id<Role>),
    /// An enum type.
    Enum(EnumId),
    /// A label of an enum type, by its position.
    EnumLabel(EnumId, u32),
    /// A domain.
    Domain(DomainId),
    /// A composite type.
    Composite(CompositeId),
    /// A sequence.
    Sequence(SequenceId),
    /// A table.
    Table(TableId),
    /// A column, by its position in its table.
    Column(TableId, u32),
    /// A constraint, by its position in its table.
    Constraint(TableId, u32),
    /// An index, by its position in its table.
    Index(TableId, u32),
    /// A view.
    View(ViewId),
    /// An index of a materialized view, by its position in it.
    ViewIndex(ViewId, u32),
    /// A function or procedure.
    Function(FunctionId),
    /// A trigger.
    Trigger(TriggerId),
    /// A policy.
    Policy(PolicyId),
    /// A publication.
    Publication(Id<Publication>),
    /// A grant or revoke.
    Grant(Id<Grant>),
}

impl ObjectId {
    /// The table that it is, or is a part of.
    pub const fn table(self) -> Option<TableId> {
        match self {
            Self::Table(id)
            | Self::Column(id, _)
            | Self::Constraint(id, _)
            | Self::Index(id, _) => Some(id),
            Self::Namespace(_)
            | Self::Extension(_)
            | Self::Role(_)
            | Self::Enum(_)
            | Self::EnumLabel(..)
            | Self::Domain(_)
            | Self::Composite(_)
            | Self::Sequence(_)
            | Self::View(_)
            | Self::ViewIndex(..)
            | Self::Function(_)
            | Self::Trigger(_)
            | Self::Policy(_)
            | Self::Publication(_)
            | Self::Grant(_) => None,
        }
    }
}

/// A table or a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum RelationId {
    /// A table.
    Table(TableId),
    /// A view.
    View(ViewId),
}

impl Schema {
    /// The tables that schemagen creates.
    pub fn owned_tables(&self) -> impl Iterator<Item = (TableId, &Table)> {
        self.tables.iter().filter(|(_, table)| table.ownership == Ownership::Owned)
    }

    /// The policies on a table, in declaration order.
    pub fn policies_of(&self, table: TableId) -> impl Iterator<Item = (PolicyId, &Policy)> {
        self.policies.iter().filter(move |(_, policy)| policy.table == table)
    }

    /// The policies of all tables, in declaration order.
    pub fn policies_by_table(&self) -> FxHashMap<TableId, Vec<(PolicyId, &Policy)>> {
        let mut policies: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for (id, policy) in self.policies.iter() {
            policies.entry(policy.table).or_default().push((id, policy));
        }
        policies
    }

    /// The triggers of all relations, in declaration order.
    pub fn triggers_by_relation(&self) -> FxHashMap<RelationId, Vec<(TriggerId, &Trigger)>> {
        let mut triggers: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for (id, trigger) in self.triggers.iter() {
            triggers.entry(trigger.on).or_default().push((id, trigger));
        }
        triggers
    }

    /// The triggers on a relation, in declaration order.
    pub fn triggers_of(&self, on: RelationId) -> impl Iterator<Item = (TriggerId, &Trigger)> {
        self.triggers.iter().filter(move |(_, trigger)| trigger.on == on)
    }

    /// The name of a table or view.
    pub fn relation_name(&self, relation: RelationId) -> &QualifiedName {
        match relation {
            RelationId::Table(id) => &self.tables[id].name,
            RelationId::View(id) => &self.views[id].name,
        }
    }
}
