//! How values of a type compare, as far as other languages can compare alike.

use crate::schema::{ColumnType, CompositeId, DomainId, EnumId, QualifiedName, Schema, TypeKind};
use crate::sql::{BaseType, Modifier};

/// Types whose values compare by the same rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Whole numbers.
    Integer,
    /// Decimal numbers; with a scale, they are rounded to it before they are compared.
    Numeric(Option<i16>),
    /// 32-bit floating point: rounded before it is compared.
    Real,
    /// 64-bit floating point.
    Double,
    /// Text under a deterministic collation: equal when its characters are.
    Text,
    /// Text whose comparison and length are not those of its characters: `char(n)`, `citext`, text
    /// with a collation of its own.
    Folded,
    /// A declared enum; its labels order by position.
    Enum(EnumId),
    /// `true` and `false`.
    Boolean,
    /// `date`.
    Date,
    /// `timestamp`.
    Timestamp,
    /// `timestamptz`.
    TimestampTz,
    /// `uuid`: compares case-blind as text.
    Uuid,
    /// `bytea`.
    Bytes,
    /// `jsonb` and `json`.
    Json,
    /// An array of so many declared dimensions.
    Array(u8),
    /// A composite type: null only as a whole for a caller, by parts for PostgreSQL.
    Composite(Option<CompositeId>),
    /// Anything else: null or not null.
    Other,
}

/// The fields that a check may speak of.
#[derive(Debug, Clone, Default)]
pub struct Scope<'a> {
    /// Their names; of a domain none: `VALUE` is the only field.
    pub names: Vec<&'a str>,
    /// How they compare.
    pub families: Vec<Family>,
}

/// Domains over domains deeper than this are not followed.
const DEPTH_LIMIT: u32 = 50;

impl<'a> Scope<'a> {
    /// The columns of a table.
    pub fn table(schema: &'a Schema, table: &'a crate::schema::Table) -> Self {
        let family = |column: &crate::schema::Column| {
            Family::of(schema, &column.ty, column.collation.as_deref())
        };
        Self {
            names: table.columns.iter().map(|column| column.name.as_str()).collect(),
            families: table.columns.iter().map(family).collect(),
        }
    }

    /// The value of a domain.
    pub fn domain(schema: &Schema, domain: &crate::schema::Domain) -> Self {
        let family = Family::of(schema, &domain.base, domain.collation.as_ref());
        Self { names: Vec::new(), families: vec![family] }
    }

    /// How a field compares.
    pub fn family(&self, field: super::FieldIndex) -> Family {
        self.families.get(field).copied().unwrap_or(Family::Other)
    }
}

impl Family {
    /// How values of the type compare.
    pub fn of(schema: &Schema, ty: &ColumnType, collation: Option<&QualifiedName>) -> Self {
        Self::within(schema, ty, collation.is_some(), DEPTH_LIMIT)
    }

    fn within(schema: &Schema, ty: &ColumnType, collated: bool, depth: u32) -> Self {
        if ty.is_array() {
            return Self::Array(ty.dimensions);
        }
        let domain = |id: DomainId| {
            let domain = schema.domains.find(id)?;
            let depth = depth.checked_sub(1)?;
            let collated = collated || domain.collation.is_some();
            Some(Self::within(schema, &domain.base, collated, depth))
        };
        match &ty.kind {
            TypeKind::Base(base) => match base.base {
                BaseType::Smallint | BaseType::Integer | BaseType::Bigint => Self::Integer,
                BaseType::Numeric => Self::Numeric(match base.modifier {
                    Modifier::Numeric { scale, .. } => Some(scale),
                    _ => None,
                }),
                BaseType::Real => Self::Real,
                BaseType::DoublePrecision => Self::Double,
                BaseType::Text | BaseType::Varchar if !collated => Self::Text,
                BaseType::Text | BaseType::Varchar | BaseType::Char | BaseType::Citext => {
                    Self::Folded
                }
                BaseType::Boolean => Self::Boolean,
                BaseType::Date => Self::Date,
                BaseType::Timestamp if base.modifier == Modifier::None => Self::Timestamp,
                BaseType::TimestampTz if base.modifier == Modifier::None => Self::TimestampTz,
                BaseType::Uuid => Self::Uuid,
                BaseType::Bytea => Self::Bytes,
                BaseType::Json | BaseType::Jsonb => Self::Json,
                _ => Self::Other,
            },
            TypeKind::Enum(id) => Self::Enum(*id),
            TypeKind::Domain(id) => domain(*id).unwrap_or(Self::Other),
            TypeKind::Composite(id) => Self::Composite(Some(*id)),
            TypeKind::TableRow(_) | TypeKind::ViewRow(_) => Self::Composite(None),
            TypeKind::Unknown(_) => Self::Other,
        }
    }
}
