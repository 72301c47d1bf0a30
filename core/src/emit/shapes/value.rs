//! What a type is, without a language.
//!
//! In: a column's type. Out: a [`Value`]: types that validators and models treat alike are one here.

use rustc_hash::FxHashMap;
use smol_str::{SmolStr, ToSmolStr};

use super::{DomainShape, Item, Shapes};
use crate::predicate::Rules;
use crate::schema::{ColumnType, CompositeId, DomainId, EnumId, RelationId, TypeKind};
use crate::sql::{BaseType, Modifier, PgType};

/// A value, or an array of such; elements of arrays may always be null.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Value {
    /// What it is, or of an array what its elements are.
    pub kind: ValueKind,
    /// Declared array dimensions; 0 for no array.
    pub dimensions: u8,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ValueKind {
    /// A value without parts that have names.
    Scalar(Scalar),
    /// A label of a declared enum.
    Enum(EnumId),
    /// A value of a declared domain.
    Domain(DomainId),
    /// A row of a declared composite type.
    Composite(CompositeId),
    /// A row of a table or view.
    Row(RelationId),
    /// Of a type that nobody here knows; its name.
    Opaque(Box<SmolStr>),
}

/// How wide an integer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntWidth {
    /// 16 bits.
    Small,
    /// 32 bits.
    Normal,
    /// 64 bits.
    Big,
}

impl IntWidth {
    /// The least and the greatest value.
    pub const fn range(self) -> (i64, i64) {
        match self {
            Self::Small => (i16::MIN as i64, i16::MAX as i64),
            Self::Normal => (i32::MIN as i64, i32::MAX as i64),
            Self::Big => (i64::MIN, i64::MAX),
        }
    }
}

/// A value without named parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// `smallint`, `integer`, `bigint`.
    Integer(IntWidth),
    /// `numeric`: digits in all and after the point, where declared. Rounded to the latter.
    Numeric(Option<(u16, i16)>),
    /// `real`: 32 bits.
    Real,
    /// `double precision`: 64 bits.
    Double,
    /// `text`, and `varchar(n)` with its limit in characters, which forgives spaces at the end.
    Text(Option<u32>),
    /// `char(n)`: as `varchar(n)`, and padded with spaces.
    Padded(u32),
    /// `citext`: compares case-blind.
    Citext,
    /// `boolean`.
    Boolean,
    /// `date`.
    Date,
    /// `time`, with a zone or without.
    Time(Zone),
    /// `timestamp`, with a zone or without.
    Timestamp(Zone),
    /// `interval`.
    Interval,
    /// `uuid`: any 128 bits.
    Uuid,
    /// `json`: text that is JSON.
    Json,
    /// `jsonb`: a JSON value, without NUL in its texts.
    Jsonb,
    /// `bytea`.
    Bytes,
    /// `bit(n)`: exactly so many bits.
    Bits(u32),
    /// `bit varying`, at most so many bits.
    VaryingBits(Option<u32>),
    /// `vector` and `halfvec`, with their dimensions where declared.
    Vector(Option<u32>),
    /// `hstore`: texts by text.
    Hstore,
    /// `geometry` and `geography`.
    Spatial(BaseType),
    /// Any other type: every driver gives and takes its text form.
    Textual(BaseType),
    /// Nothing: the result of a function that gives none.
    Void,
    /// A row whose columns are not declared, or a value of any type.
    Any,
}

/// Whether a time carries its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    /// `timestamptz`, `timetz`.
    With,
    /// `timestamp`, `time`.
    Without,
}

impl Value {
    /// What values of the type are.
    pub fn of(ty: &ColumnType) -> Self {
        let kind = match &ty.kind {
            TypeKind::Base(base) => ValueKind::Scalar(Scalar::of(base)),
            TypeKind::Enum(id) => ValueKind::Enum(*id),
            TypeKind::Domain(id) => ValueKind::Domain(*id),
            TypeKind::Composite(id) => ValueKind::Composite(*id),
            TypeKind::TableRow(id) => ValueKind::Row(RelationId::Table(*id)),
            TypeKind::ViewRow(id) => ValueKind::Row(RelationId::View(*id)),
            TypeKind::Unknown(name) => ValueKind::Opaque(Box::new(name.to_smolstr())),
        };
        Self { kind, dimensions: ty.dimensions }
    }

    /// Whether rules can be said in a validator's own words: of values without a name of their own.
    pub const fn takes_rules(&self) -> bool {
        matches!(self.kind, ValueKind::Scalar(_)) || self.dimensions > 0
    }

    /// The type's name, where its values can be anything to a validator.
    pub fn not_carried(&self) -> Option<SmolStr> {
        match &self.kind {
            ValueKind::Opaque(name) => Some(name.as_ref().clone()),
            ValueKind::Scalar(Scalar::Spatial(base)) => Some(base.as_str().into()),
            ValueKind::Scalar(_)
            | ValueKind::Enum(_)
            | ValueKind::Domain(_)
            | ValueKind::Composite(_)
            | ValueKind::Row(_) => None,
        }
    }

    /// What a function takes or gives of the type: PostgreSQL forgets lengths and precisions there.
    #[must_use]
    pub fn unbound(self) -> Self {
        let kind = match self.kind {
            ValueKind::Scalar(scalar) => ValueKind::Scalar(match scalar {
                Scalar::Numeric(_) => Scalar::Numeric(None),
                Scalar::Text(_) | Scalar::Padded(_) => Scalar::Text(None),
                Scalar::Bits(_) | Scalar::VaryingBits(_) => Scalar::VaryingBits(None),
                Scalar::Vector(_) => Scalar::Vector(None),
                other => other,
            }),
            kind => kind,
        };
        Self { kind, dimensions: self.dimensions }
    }

    /// The scalar that it is, if it is one and no array.
    pub const fn scalar(&self) -> Option<Scalar> {
        match self {
            Self { kind: ValueKind::Scalar(scalar), dimensions: 0 } => Some(*scalar),
            _ => None,
        }
    }
}

/// What domains restrict.
#[derive(Debug)]
pub struct Bases<'a>(FxHashMap<DomainId, &'a DomainShape>);

impl<'a> Bases<'a> {
    /// The domains of these shapes.
    pub fn new(shapes: &'a Shapes) -> Self {
        let domains = shapes.items.iter().filter_map(|item| match item {
            Item::Domain(domain) => Some((domain.id, domain)),
            Item::Enum(_) | Item::Composite(_) | Item::Entity(_) => None,
        });
        Self(domains.collect())
    }

    /// The domain itself.
    pub fn domain(&self, id: DomainId) -> Option<&'a DomainShape> {
        self.0.get(&id).copied()
    }

    /// What a value is: of a domain, what that restricts.
    pub fn of<'v>(&self, mut value: &'v Value) -> &'v Value
    where
        'a: 'v,
    {
        // A domain over a domain, and so on; PostgreSQL allows no cycles.
        for _ in 0..50 {
            match value {
                Value { kind: ValueKind::Domain(id), dimensions: 0 } => match self.domain(*id) {
                    Some(domain) => value = &domain.base,
                    None => return value,
                },
                _ => return value,
            }
        }
        value
    }
}

impl Scalar {
    /// The numbers that are none of arithmetic, as PostgreSQL calls them: those that the type holds and these
    /// rules allow. To PostgreSQL, `NaN` is the greatest of all.
    pub const fn non_finite(self, rules: &Rules) -> &'static [&'static str] {
        match (self, rules.lower.is_some(), rules.upper.is_some()) {
            (Self::Numeric(Some(_)), _, false) => &["NaN"],
            (Self::Numeric(None) | Self::Real | Self::Double, false, false) => {
                &["NaN", "Infinity", "-Infinity"]
            }
            (Self::Numeric(None) | Self::Real | Self::Double, true, false) => &["NaN", "Infinity"],
            (Self::Numeric(None) | Self::Real | Self::Double, false, true) => &["-Infinity"],
            _ => &[],
        }
    }

    fn of(ty: &PgType) -> Self {
        let length = match ty.modifier {
            Modifier::Length(length) | Modifier::Dimensions(length) => Some(length),
            Modifier::None
            | Modifier::Numeric { .. }
            | Modifier::Precision(_)
            | Modifier::Interval { .. }
            | Modifier::Other(_) => None,
        };
        match ty.base {
            BaseType::Smallint => Self::Integer(IntWidth::Small),
            BaseType::Integer => Self::Integer(IntWidth::Normal),
            BaseType::Bigint => Self::Integer(IntWidth::Big),
            BaseType::Numeric => Self::Numeric(match ty.modifier {
                Modifier::Numeric { precision, scale } => Some((precision, scale)),
                _ => None,
            }),
            BaseType::Real => Self::Real,
            BaseType::DoublePrecision => Self::Double,
            BaseType::Text | BaseType::Name => Self::Text(None),
            BaseType::Varchar => Self::Text(length),
            BaseType::Char => Self::Padded(length.unwrap_or(1)),
            BaseType::Citext => Self::Citext,
            BaseType::Boolean => Self::Boolean,
            BaseType::Date => Self::Date,
            BaseType::Time => Self::Time(Zone::Without),
            BaseType::TimeTz => Self::Time(Zone::With),
            BaseType::Timestamp => Self::Timestamp(Zone::Without),
            BaseType::TimestampTz => Self::Timestamp(Zone::With),
            BaseType::Interval => Self::Interval,
            BaseType::Uuid => Self::Uuid,
            BaseType::Json => Self::Json,
            BaseType::Jsonb => Self::Jsonb,
            BaseType::Bytea => Self::Bytes,
            BaseType::Bit => Self::Bits(length.unwrap_or(1)),
            BaseType::Varbit => Self::VaryingBits(length),
            BaseType::Vector | BaseType::Halfvec => Self::Vector(length),
            BaseType::Hstore => Self::Hstore,
            BaseType::Geometry | BaseType::Geography => Self::Spatial(ty.base),
            BaseType::Trigger | BaseType::EventTrigger | BaseType::Void => Self::Void,
            BaseType::Record
            | BaseType::Anyelement
            | BaseType::Anyarray
            | BaseType::Anynonarray
            | BaseType::Anyenum
            | BaseType::Anyrange
            | BaseType::Anycompatible
            | BaseType::Anycompatiblearray
            | BaseType::Internal => Self::Any,
            BaseType::Money
            | BaseType::InternalChar
            | BaseType::Jsonpath
            | BaseType::Xml
            | BaseType::Inet
            | BaseType::Cidr
            | BaseType::Macaddr
            | BaseType::Macaddr8
            | BaseType::Point
            | BaseType::Line
            | BaseType::Lseg
            | BaseType::Box
            | BaseType::Path
            | BaseType::Polygon
            | BaseType::Circle
            | BaseType::Tsvector
            | BaseType::Tsquery
            | BaseType::Int4range
            | BaseType::Int8range
            | BaseType::Numrange
            | BaseType::Tsrange
            | BaseType::Tstzrange
            | BaseType::Daterange
            | BaseType::Int4multirange
            | BaseType::Int8multirange
            | BaseType::Nummultirange
            | BaseType::Tsmultirange
            | BaseType::Tstzmultirange
            | BaseType::Datemultirange
            | BaseType::Oid
            | BaseType::Regclass
            | BaseType::Regproc
            | BaseType::Regprocedure
            | BaseType::Regtype
            | BaseType::Regrole
            | BaseType::Regnamespace
            | BaseType::Regconfig
            | BaseType::PgLsn
            | BaseType::Xid8
            | BaseType::Sparsevec
            | BaseType::Ltree
            | BaseType::Lquery
            | BaseType::Ltxtquery
            | BaseType::Cube
            | BaseType::Cstring => Self::Textual(ty.base),
        }
    }
}
