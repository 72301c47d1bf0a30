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

/// Whether an index method surely has no operator class by itself for values of a type, with whatever extension
/// (`pg_opclass`, `opcdefault`).
pub fn lacks_operator_class(method: &str, base: BaseType) -> bool {
    let family = facts(base).family;
    let unordered = matches!(family, Family::Xml | Family::Geometric) || base == BaseType::Json;
    match method {
        "btree" => unordered,
        "hash" => unordered || matches!(family, Family::Money | Family::Bits | Family::TextSearch),
        "brin" => {
            base != BaseType::Box
                && (unordered
                    || base == BaseType::Jsonb
                    || matches!(
                        family,
                        Family::Boolean
                            | Family::Money
                            | Family::TextSearch
                            | Family::Multirange(_)
                    ))
        }
        "gin" => unordered || matches!(family, Family::Range(_) | Family::Multirange(_)),
        "gist" => matches!(family, Family::Xml | Family::Json),
        "spgist" => {
            matches!(family, Family::Xml | Family::Json | Family::Integer { .. } | Family::Numeric)
        }
        _ => false,
    }
}

/// Whether a column of type `own` may refer to one of type `other`: whether the operators of `other`'s index compare
/// them without an explicit cast (PostgreSQL, `CREATE TABLE`, `REFERENCES`). What is wider on the left is refused:
/// a `numeric` cannot refer to a `bigint`.
pub fn can_reference(own: BaseType, other: BaseType) -> bool {
    let of = |base| facts(base).family;
    let is_time = |family| matches!(family, Family::Date | Family::Timestamp | Family::TimestampTz);
    own == other
        || match (of(own), of(other)) {
            (
                Family::Integer { .. },
                Family::Integer { .. } | Family::Numeric | Family::Float | Family::ObjectId,
            )
            | (Family::Numeric | Family::Float, Family::Float)
            | (Family::Time, Family::TimeTz | Family::Interval)
            | (Family::Network, Family::Network)
            | (Family::Bits, Family::Bits)
            | (Family::ObjectId, Family::ObjectId) => true,
            (Family::Text, Family::Text) => match (own, other) {
                (BaseType::InternalChar, _) | (_, BaseType::InternalChar | BaseType::Citext) => {
                    false
                }
                (BaseType::Citext, _) => matches!(other, BaseType::Text | BaseType::Varchar),
                (BaseType::Name, _) => other != BaseType::Char,
                _ => true,
            },
            (own, other) => is_time(own) && is_time(other),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_keys_compare_what_postgresql_compares() {
        use BaseType::{
            Bigint, Char, Citext, Date, DoublePrecision, Integer, Interval, Json, Jsonb, Name,
            Numeric, Real, Smallint, Text, Time, TimestampTz, Uuid, Varchar,
        };
        for (own, other, there, back) in [
            (Integer, Bigint, true, true),
            (Smallint, Numeric, true, false),
            (Bigint, DoublePrecision, true, false),
            (Numeric, Real, true, false),
            (Text, Varchar, true, true),
            (Citext, Text, true, false),
            (Char, Citext, false, false),
            (Char, Name, true, false),
            (Date, TimestampTz, true, true),
            (Time, Interval, true, false),
            (Uuid, Uuid, true, true),
            (Uuid, Text, false, false),
            (Integer, Text, false, false),
            (Json, Jsonb, false, false),
        ] {
            assert_eq!(can_reference(own, other), there, "{own:?} {other:?}");
            assert_eq!(can_reference(other, own), back, "{other:?} {own:?}");
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
