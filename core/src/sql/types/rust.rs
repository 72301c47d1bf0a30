//! What each built-in type is in Rust, as sqlx 0.8 reads and writes it.
//!
//! In: a [`BaseType`]. Out: constants. Read off the implementations of `Type`, `Encode`, `Decode` and
//! `PgHasArrayType` in sqlx-postgres and pgvector.

use super::BaseType;

/// What a type is in Rust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RustFacts {
    /// Its type where times are chrono's and numbers `rust_decimal`'s.
    pub ty: &'static str,
    /// Its type where times are those of the crate time.
    pub with_time: &'static str,
    /// Whether it can be made of serde's data, and into it.
    pub serde: bool,
    /// Whether sqlx writes it as this very type, and not as one that PostgreSQL converts: within a row,
    /// PostgreSQL converts nothing.
    pub exact: bool,
}

/// The Rust facts about `base`; none for a type that sqlx does not know.
pub const fn rust(base: BaseType) -> Option<RustFacts> {
    const fn of(ty: &'static str) -> RustFacts {
        RustFacts { ty, with_time: ty, serde: true, exact: true }
    }
    const fn converted(ty: &'static str) -> RustFacts {
        RustFacts { ty, with_time: ty, serde: true, exact: false }
    }
    const fn own(ty: &'static str) -> RustFacts {
        RustFacts { ty, with_time: ty, serde: false, exact: true }
    }
    const fn timed(ty: &'static str, with_time: &'static str, serde: bool) -> RustFacts {
        RustFacts { ty, with_time, serde, exact: true }
    }
    Some(match base {
        BaseType::Smallint => of("i16"),
        BaseType::Integer => of("i32"),
        BaseType::Bigint => of("i64"),
        BaseType::Numeric => of("Decimal"),
        BaseType::Real => of("f32"),
        BaseType::DoublePrecision => of("f64"),
        BaseType::Money => own("PgMoney"),
        BaseType::Text => of("String"),
        BaseType::Varchar | BaseType::Char | BaseType::Name | BaseType::Citext => {
            converted("String")
        }
        BaseType::InternalChar => of("i8"),
        BaseType::Boolean => of("bool"),
        BaseType::Date => timed("NaiveDate", "Date", true),
        BaseType::Time => timed("NaiveTime", "Time", true),
        BaseType::TimeTz => {
            timed("PgTimeTz<NaiveTime, FixedOffset>", "PgTimeTz<Time, UtcOffset>", false)
        }
        BaseType::Timestamp => timed("NaiveDateTime", "PrimitiveDateTime", true),
        BaseType::TimestampTz => timed("DateTime<Utc>", "OffsetDateTime", true),
        BaseType::Interval => own("PgInterval"),
        BaseType::Uuid => of("Uuid"),
        BaseType::Json => converted("Value"),
        BaseType::Jsonb => of("Value"),
        BaseType::Bytea => of("Vec<u8>"),
        BaseType::Inet => of("IpNetwork"),
        BaseType::Cidr => converted("IpNetwork"),
        BaseType::Macaddr => of("MacAddress"),
        BaseType::Point => own("PgPoint"),
        BaseType::Line => own("PgLine"),
        BaseType::Lseg => own("PgLSeg"),
        BaseType::Box => own("PgBox"),
        BaseType::Path => own("PgPath"),
        BaseType::Polygon => own("PgPolygon"),
        BaseType::Circle => own("PgCircle"),
        BaseType::Int4range => own("PgRange<i32>"),
        BaseType::Int8range => own("PgRange<i64>"),
        BaseType::Numrange => own("PgRange<Decimal>"),
        BaseType::Tsrange => timed("PgRange<NaiveDateTime>", "PgRange<PrimitiveDateTime>", false),
        BaseType::Tstzrange => timed("PgRange<DateTime<Utc>>", "PgRange<OffsetDateTime>", false),
        BaseType::Daterange => timed("PgRange<NaiveDate>", "PgRange<Date>", false),
        BaseType::Oid => own("Oid"),
        BaseType::Vector => of("Vector"),
        BaseType::Halfvec => own("HalfVector"),
        BaseType::Sparsevec => own("SparseVector"),
        BaseType::Hstore => of("PgHstore"),
        BaseType::Ltree => own("PgLTree"),
        BaseType::Lquery => own("PgLQuery"),
        BaseType::Cube => own("PgCube"),
        BaseType::Jsonpath
        | BaseType::Xml
        | BaseType::Bit
        | BaseType::Varbit
        | BaseType::Macaddr8
        | BaseType::Tsvector
        | BaseType::Tsquery
        | BaseType::Int4multirange
        | BaseType::Int8multirange
        | BaseType::Nummultirange
        | BaseType::Tsmultirange
        | BaseType::Tstzmultirange
        | BaseType::Datemultirange
        | BaseType::Regclass
        | BaseType::Regproc
        | BaseType::Regprocedure
        | BaseType::Regtype
        | BaseType::Regrole
        | BaseType::Regnamespace
        | BaseType::Regconfig
        | BaseType::PgLsn
        | BaseType::Xid8
        | BaseType::Ltxtquery
        | BaseType::Geometry
        | BaseType::Geography
        | BaseType::Trigger
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
        | BaseType::Internal => return None,
    })
}
