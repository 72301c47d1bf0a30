//! What each built-in type is: its family, its extension, and how clients receive it.
//!
//! In: a [`BaseType`]. Out: constants. The wires were read off PostgreSQL's `to_json`, node-postgres'
//! `pg-types` and postgres.js in their default configuration.

use super::BaseType;

/// What values a type has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Whole numbers, both bounds included.
    Integer {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// `numeric`: exact, with `NaN` and infinities.
    Numeric,
    /// `real` and `double precision`.
    Float,
    /// `money`: its text depends on the server's locale.
    Money,
    /// Text of any kind, an extension's included.
    Text,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A time of day with an offset.
    TimeTz,
    /// A day and time without a zone.
    Timestamp,
    /// A point in time.
    TimestampTz,
    /// A span of months, days and microseconds.
    Interval,
    /// 16 bytes, whatever their version.
    Uuid,
    /// `json` and `jsonb`.
    Json,
    /// An XML document or content.
    Xml,
    /// Bytes.
    Bytes,
    /// `inet` and `cidr`.
    Network,
    /// Hardware addresses.
    MacAddr,
    /// Shapes in the plane.
    Geometric,
    /// Text search documents and queries.
    TextSearch,
    /// A range of this type.
    Range(BaseType),
    /// A set of ranges of this type.
    Multirange(BaseType),
    /// Strings of bits.
    Bits,
    /// `oid` and the names of catalog objects.
    ObjectId,
    /// pgvector's vectors.
    Vector,
    /// Text keys and values.
    Hstore,
    /// Paths of labels.
    Ltree,
    /// Boxes in n dimensions.
    Cube,
    /// `PostGIS` shapes.
    Geo,
    /// Only for functions' arguments and results.
    Pseudo,
    /// None of these; clients treat it as text.
    Other,
}

/// The form in which a client receives a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// A JSON or JavaScript number, exact or not.
    Number,
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// Any JSON value, already parsed.
    Json,
    /// A JavaScript `Date`.
    Date,
    /// A `Buffer`.
    Bytes,
    /// An object that the client makes: node-postgres' points, circles and intervals.
    Object,
}

/// What is fixed about a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeFacts {
    /// What values it has.
    pub family: Family,
    /// The extension that brings it; none for PostgreSQL's own.
    pub extension: Option<&'static str>,
    /// In `PostgREST`'s JSON, which is supabase-js' too.
    pub postgrest: Wire,
    /// From node-postgres.
    pub node_postgres: Wire,
    /// From postgres.js.
    pub postgres_js: Wire,
    /// Whether a column can have it; pseudo-types cannot be stored.
    pub column: bool,
}

impl TypeFacts {
    const fn new(family: Family, postgrest: Wire, node_postgres: Wire, postgres_js: Wire) -> Self {
        Self { family, extension: None, postgrest, node_postgres, postgres_js, column: true }
    }

    const fn text(family: Family) -> Self {
        Self::new(family, Wire::String, Wire::String, Wire::String)
    }

    const fn from(mut self, extension: &'static str) -> Self {
        self.extension = Some(extension);
        self
    }

    const fn integer(min: i64, max: i64) -> Self {
        Self::new(Family::Integer { min, max }, Wire::Number, Wire::Number, Wire::Number)
    }

    const fn pseudo() -> Self {
        let mut facts = Self::text(Family::Pseudo);
        facts.column = false;
        facts
    }
}

/// The facts about `base`.
pub const fn facts(base: BaseType) -> TypeFacts {
    match base {
        BaseType::Smallint => TypeFacts::integer(i16::MIN as i64, i16::MAX as i64),
        BaseType::Integer => TypeFacts::integer(i32::MIN as i64, i32::MAX as i64),
        BaseType::Bigint => TypeFacts::new(
            Family::Integer { min: i64::MIN, max: i64::MAX },
            Wire::Number,
            Wire::String,
            Wire::String,
        ),
        BaseType::Numeric => {
            TypeFacts::new(Family::Numeric, Wire::Number, Wire::String, Wire::String)
        }
        BaseType::Real | BaseType::DoublePrecision => {
            TypeFacts::new(Family::Float, Wire::Number, Wire::Number, Wire::Number)
        }
        BaseType::Money => TypeFacts::text(Family::Money),
        BaseType::Text
        | BaseType::Varchar
        | BaseType::Char
        | BaseType::InternalChar
        | BaseType::Name => TypeFacts::text(Family::Text),
        BaseType::Citext => TypeFacts::text(Family::Text).from("citext"),
        BaseType::Boolean => {
            TypeFacts::new(Family::Boolean, Wire::Boolean, Wire::Boolean, Wire::Boolean)
        }
        BaseType::Date => TypeFacts::new(Family::Date, Wire::String, Wire::Date, Wire::Date),
        BaseType::Time => TypeFacts::text(Family::Time),
        BaseType::TimeTz => TypeFacts::text(Family::TimeTz),
        BaseType::Timestamp => {
            TypeFacts::new(Family::Timestamp, Wire::String, Wire::Date, Wire::Date)
        }
        BaseType::TimestampTz => {
            TypeFacts::new(Family::TimestampTz, Wire::String, Wire::Date, Wire::Date)
        }
        BaseType::Interval => {
            TypeFacts::new(Family::Interval, Wire::String, Wire::Object, Wire::String)
        }
        BaseType::Uuid => TypeFacts::text(Family::Uuid),
        BaseType::Json | BaseType::Jsonb => {
            TypeFacts::new(Family::Json, Wire::Json, Wire::Json, Wire::Json)
        }
        BaseType::Xml => TypeFacts::text(Family::Xml),
        BaseType::Bytea => TypeFacts::new(Family::Bytes, Wire::String, Wire::Bytes, Wire::Bytes),
        BaseType::Bit | BaseType::Varbit => TypeFacts::text(Family::Bits),
        BaseType::Inet | BaseType::Cidr => TypeFacts::text(Family::Network),
        BaseType::Macaddr | BaseType::Macaddr8 => TypeFacts::text(Family::MacAddr),
        BaseType::Point | BaseType::Circle => {
            TypeFacts::new(Family::Geometric, Wire::String, Wire::Object, Wire::String)
        }
        BaseType::Line | BaseType::Lseg | BaseType::Box | BaseType::Path | BaseType::Polygon => {
            TypeFacts::text(Family::Geometric)
        }
        BaseType::Tsvector | BaseType::Tsquery => TypeFacts::text(Family::TextSearch),
        BaseType::Int4range => TypeFacts::text(Family::Range(BaseType::Integer)),
        BaseType::Int8range => TypeFacts::text(Family::Range(BaseType::Bigint)),
        BaseType::Numrange => TypeFacts::text(Family::Range(BaseType::Numeric)),
        BaseType::Tsrange => TypeFacts::text(Family::Range(BaseType::Timestamp)),
        BaseType::Tstzrange => TypeFacts::text(Family::Range(BaseType::TimestampTz)),
        BaseType::Daterange => TypeFacts::text(Family::Range(BaseType::Date)),
        BaseType::Int4multirange => TypeFacts::text(Family::Multirange(BaseType::Integer)),
        BaseType::Int8multirange => TypeFacts::text(Family::Multirange(BaseType::Bigint)),
        BaseType::Nummultirange => TypeFacts::text(Family::Multirange(BaseType::Numeric)),
        BaseType::Tsmultirange => TypeFacts::text(Family::Multirange(BaseType::Timestamp)),
        BaseType::Tstzmultirange => TypeFacts::text(Family::Multirange(BaseType::TimestampTz)),
        BaseType::Datemultirange => TypeFacts::text(Family::Multirange(BaseType::Date)),
        BaseType::Oid => TypeFacts::new(Family::ObjectId, Wire::String, Wire::Number, Wire::Number),
        BaseType::Regclass
        | BaseType::Regproc
        | BaseType::Regprocedure
        | BaseType::Regtype
        | BaseType::Regrole
        | BaseType::Regnamespace
        | BaseType::Regconfig => TypeFacts::text(Family::ObjectId),
        BaseType::Jsonpath | BaseType::PgLsn | BaseType::Xid8 => TypeFacts::text(Family::Other),
        BaseType::Vector | BaseType::Halfvec | BaseType::Sparsevec => {
            TypeFacts::text(Family::Vector).from("vector")
        }
        // hstore and geometry have casts to json, which `to_json` uses.
        BaseType::Hstore => {
            TypeFacts::new(Family::Hstore, Wire::Json, Wire::String, Wire::String).from("hstore")
        }
        BaseType::Ltree => TypeFacts::text(Family::Ltree).from("ltree"),
        BaseType::Lquery | BaseType::Ltxtquery => TypeFacts::text(Family::Other).from("ltree"),
        BaseType::Cube => TypeFacts::text(Family::Cube).from("cube"),
        BaseType::Geometry => {
            TypeFacts::new(Family::Geo, Wire::Json, Wire::String, Wire::String).from("postgis")
        }
        BaseType::Geography => TypeFacts::text(Family::Geo).from("postgis"),
        BaseType::Trigger
        | BaseType::EventTrigger
        | BaseType::Void
        | BaseType::Record
        | BaseType::Anyelement
        | BaseType::Anyarray
        | BaseType::Anynonarray
        | BaseType::Anyenum
        | BaseType::Anyrange
        | BaseType::Anycompatible
        | BaseType::Anycompatiblearray
        | BaseType::Cstring
        | BaseType::Internal => TypeFacts::pseudo(),
    }
}

/// Whether a foreign key may join columns of these types: whether PostgreSQL finds an `=` between
/// them without an explicit cast.
pub fn comparable(a: BaseType, b: BaseType) -> bool {
    a == b || kin(a).is_some_and(|group| kin(b) == Some(group))
}

/// Types of one group compare with each other.
const fn kin(base: BaseType) -> Option<&'static str> {
    match facts(base).family {
        Family::Integer { .. } | Family::Numeric | Family::Float => Some("number"),
        Family::Date | Family::Timestamp | Family::TimestampTz => Some("time"),
        Family::Network => Some("network"),
        Family::Text if !matches!(base, BaseType::InternalChar) => Some("text"),
        Family::Bits => Some("bits"),
        Family::ObjectId => Some("object"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_keys_compare_what_postgresql_compares() {
        for (a, b, expected) in [
            (BaseType::Integer, BaseType::Bigint, true),
            (BaseType::Smallint, BaseType::Numeric, true),
            (BaseType::Text, BaseType::Varchar, true),
            (BaseType::Citext, BaseType::Text, true),
            (BaseType::Date, BaseType::TimestampTz, true),
            (BaseType::Uuid, BaseType::Uuid, true),
            (BaseType::Uuid, BaseType::Text, false),
            (BaseType::Integer, BaseType::Text, false),
            (BaseType::Json, BaseType::Jsonb, false),
        ] {
            assert_eq!(comparable(a, b), expected, "{a:?} {b:?}");
            assert_eq!(comparable(b, a), expected, "{b:?} {a:?}");
        }
    }

    #[test]
    fn every_range_is_of_a_type_that_a_column_can_have() {
        for base in BaseType::ALL {
            if let Family::Range(of) | Family::Multirange(of) = facts(*base).family {
                assert!(facts(of).column);
            }
        }
    }
}
