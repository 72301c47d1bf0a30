//! What is created one after the other: the units of the order.

use super::statement::Phase;
use crate::schema::{
    CompositeId, DomainId, EnumId, FunctionId, ObjectId, SequenceId, TableId, ViewId,
};

/// What is created by itself, and so has a place in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Unit {
    /// An enum.
    Enum(EnumId),
    /// A composite type.
    Composite(CompositeId),
    /// A domain.
    Domain(DomainId),
    /// A sequence.
    Sequence(SequenceId),
    /// A table with its partitions.
    Table(TableId),
    /// A function.
    Function(FunctionId),
    /// A part of a type or table that had to wait.
    Part(Part),
    /// `OWNED BY` of a sequence.
    Owner(SequenceId),
    /// An index of a table, by its position.
    Index(TableId, u32),
    /// A foreign key, by its position among the constraints.
    ForeignKey(TableId, u32),
    /// A view.
    View(ViewId),
    /// An index of a materialized view, by its position.
    ViewIndex(ViewId, u32),
}

/// What can be added after its owner was created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Part {
    /// A check of a domain, by its position.
    DomainCheck(DomainId, u32),
    /// The default of a column, by its position.
    Default(TableId, u32),
    /// A constraint, by its position.
    Constraint(TableId, u32),
}

impl Unit {
    /// The object that it makes.
    pub(crate) const fn object(self) -> ObjectId {
        match self {
            Self::Enum(id) => ObjectId::Enum(id),
            Self::Composite(id) => ObjectId::Composite(id),
            Self::Domain(id) | Self::Part(Part::DomainCheck(id, _)) => ObjectId::Domain(id),
            Self::Sequence(id) | Self::Owner(id) => ObjectId::Sequence(id),
            Self::Table(id) => ObjectId::Table(id),
            Self::Function(id) => ObjectId::Function(id),
            Self::Part(Part::Default(table, at)) => ObjectId::Column(table, at),
            Self::Part(Part::Constraint(table, at)) | Self::ForeignKey(table, at) => {
                ObjectId::Constraint(table, at)
            }
            Self::Index(table, at) => ObjectId::Index(table, at),
            Self::View(id) => ObjectId::View(id),
            Self::ViewIndex(id, at) => ObjectId::ViewIndex(id, at),
        }
    }

    /// Whether others may need it. Who needs a part, a key or an index needs what it belongs to.
    pub(crate) const fn is_needed(self) -> bool {
        match self {
            Self::Enum(_)
            | Self::Composite(_)
            | Self::Domain(_)
            | Self::Sequence(_)
            | Self::Table(_)
            | Self::Function(_)
            | Self::View(_) => true,
            Self::Part(_)
            | Self::Owner(_)
            | Self::Index(..)
            | Self::ForeignKey(..)
            | Self::ViewIndex(..) => false,
        }
    }

    /// Where it stands unless a dependency demands otherwise.
    pub(crate) const fn phase(self) -> Phase {
        match self {
            Self::Enum(_) => Phase::Enums,
            Self::Composite(_) => Phase::Composites,
            Self::Domain(_) => Phase::Domains,
            Self::Sequence(_) => Phase::Sequences,
            Self::Table(_) => Phase::Tables,
            Self::Function(_) => Phase::Functions,
            Self::Part(_) | Self::Owner(_) => Phase::Attachments,
            Self::Index(..) => Phase::Indexes,
            Self::ForeignKey(..) => Phase::ForeignKeys,
            Self::View(_) | Self::ViewIndex(..) => Phase::Views,
        }
    }
}
