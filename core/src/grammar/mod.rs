//! The grammar of the language as data.
//!
//! In: the syntax trees of all files. Out: a [`Document`], still in the user's words, sugar unexpanded.
//! One declaration a record (the `record!` blocks of the sibling files) gives the typed struct, its
//! decoder with did-you-mean, the JSON Schema for editors and the reference page; so none of them can
//! forget a key.
//!
//! Decoding never fails: what cannot be read is reported and left out.

mod again;
mod column;
mod constraint;
mod decode;
mod document;
mod errors;
mod function;
mod habits;
mod instance;
mod json_schema;
mod macros;
mod object;
mod policy;
mod primitive;
mod reference;
mod table;
mod value;
mod view;

pub use again::{TableChange, decode_again};
pub use column::{
    ColumnDef, GeneratedDef, GeneratedWord, IdentityDef, IdentitySpec, IdentityWord, RefActionWord,
    ReferenceDef,
};
pub use constraint::{
    ConstraintDef, ConstraintWord, ExclusionElementDef, ForeignTargetDef, IndexColumnDef, IndexDef,
    NullsWord, OrderWord,
};
pub(crate) use decode::is_by_name;
pub use decode::{Decode, Decoder, Field};
pub use document::{
    Document, FileDef, MixinDef, OverrideDef, OverrideFieldDef, OverridesDef, decode, read,
};
pub(crate) use errors::{describe, meant_boolean, old_boolean};
pub use function::{
    ArgumentDef, FunctionDef, FunctionKindWord, FunctionList, LevelWord, ModeWord, ParallelWord,
    ReferencingDef, ReturnsDef, ReturnsSpec, SecurityWord, StateWord, TimingWord, TriggerDef,
    VolatilityWord,
};
pub use instance::{Change, Instance, Revise, TABLE_PLACEHOLDER};
pub use json_schema::json_schema;
pub use object::{
    CompositeDef, CompositeFieldDef, DomainCheckDef, DomainDef, EnumDef, ExtensionDef, GrantDef,
    GrantOn, GrantOnDef, Label, OperationWord, PublicationDef, PublicationTableDef, RoleDef,
    SequenceDef,
};
pub use policy::{CommandWord, PolicyDef};
pub use primitive::{Flag, Integer, NamedMap, Pairs, SqlText, Text, Word};
pub use reference::language_reference;
pub use table::{
    DefaultWord, PartitionByDef, PartitionDef, RowSecurityWord, StrategyWord, TableDef,
};
pub use value::{Call, DefaultDef, DefaultSpec, NullableScalar, ScalarText, TypeDef, TypeSpec};
pub use view::{CheckOptionWord, ViewColumnDef, ViewDef};

use crate::source::{Span, Spanned};
use smol_str::SmolStr;

/// What may stand in one place of a document.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Any text.
    Text,
    /// A PostgreSQL identifier, qualified where it may be, of one of these.
    Name(Names),
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A SQL expression.
    Sql,
    /// A function's body or a view's query.
    Body,
    /// A PostgreSQL type.
    Type,
    /// A scalar of any kind, or null.
    Scalar,
    /// One word of a closed set.
    Word(&'static [WordInfo]),
    /// A list of these; one may stand without the brackets.
    List(fn() -> Kind),
    /// Names to these.
    Map(fn() -> Kind),
    /// A map with the record's keys.
    Record(&'static Record),
    /// One of these.
    Either(&'static [fn() -> Kind]),
}

/// What a name in a document stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// A table.
    Table,
    /// A table or a view.
    Relation,
    /// A table, or a column of one: `users`, `users.id`.
    Reference,
    /// A column of the table that it stands in.
    Column,
    /// A column of the table that is named beside it (`table`, `on`), else of the one around it.
    OtherColumn,
    /// A trigger's event: `update of a, b` names columns.
    Event,
    /// A function or procedure, with its argument types or without.
    Function,
    /// An enum, domain or composite type.
    Type,
    /// A sequence.
    Sequence,
    /// A PostgreSQL schema.
    Schema,
    /// A role.
    Role,
    /// An extension.
    Extension,
    /// A mixin.
    Mixin,
    /// An index method.
    Method,
    /// A privilege, or `all`.
    Privilege,
}

/// A word of a closed set.
#[derive(Debug, Clone, Copy)]
pub struct WordInfo {
    /// How it is written.
    pub text: &'static str,
    /// What it means.
    pub docs: &'static str,
}

/// A map with known keys.
#[derive(Debug)]
pub struct Record {
    /// What messages and the JSON Schema call it: `column`.
    pub name: &'static str,
    /// What it is.
    pub docs: &'static str,
    /// Its keys, in the order of the reference.
    pub keys: &'static [Key],
    /// What may stand in place of the map.
    pub short: Option<fn() -> Kind>,
}

impl Record {
    /// Whether they are the same record. Names are unique; a constant has no address of its own.
    pub fn is(&self, other: &Self) -> bool {
        self.name == other.name
    }

    /// The key of this spelling.
    pub fn key(&self, spelling: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == spelling || key.aliases.contains(&spelling))
    }

    /// The first key, its name aside, that one is not whole without.
    fn needed(&self) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.required && key.name != "name")
    }
}

impl Kind {
    /// The record, where a list of these may also be a map from their names.
    pub fn by_name(self) -> Option<&'static Record> {
        match self {
            Self::Record(record) => record.key("name").is_some().then_some(record),
            _ => None,
        }
    }
}

/// A key of a record.
#[derive(Debug)]
pub struct Key {
    /// How it is written.
    pub name: &'static str,
    /// Other spellings, all equal.
    pub aliases: &'static [&'static str],
    /// What it says.
    pub docs: &'static str,
    /// Whether a record is not whole without it.
    pub required: bool,
    /// What may stand behind it.
    pub kind: fn() -> Kind,
    /// What its texts name; of a map, what its keys name.
    pub names: Option<Names>,
}

/// An entry of a map from names.
#[derive(Debug, Clone)]
pub struct Named<T> {
    /// The key.
    pub name: Spanned<SmolStr>,
    /// What stands behind it.
    pub value: T,
    /// Key and value together.
    pub span: Span,
}
