//! What each built-in type is in Python: to SQLAlchemy, and as psycopg gives it.
//!
//! In: a [`BaseType`]. Out: constants. Read off SQLAlchemy 2's dialect `postgresql` and psycopg 3's
//! loaders in their default configuration.

use super::BaseType;

/// What a type is in Python.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PythonFacts {
    /// SQLAlchemy's type, behind `sa.` or `pg.`, or of `pgvector.sqlalchemy`; none where it has none.
    pub sqlalchemy: Option<&'static str>,
    /// The annotation of its values.
    pub annotation: &'static str,
}

/// The Python facts about `base`.
pub const fn python(base: BaseType) -> PythonFacts {
    const fn of(sqlalchemy: &'static str, annotation: &'static str) -> PythonFacts {
        PythonFacts { sqlalchemy: Some(sqlalchemy), annotation }
    }
    const fn foreign(annotation: &'static str) -> PythonFacts {
        PythonFacts { sqlalchemy: None, annotation }
    }
    match base {
        BaseType::Smallint => of("sa.SmallInteger", "int"),
        BaseType::Integer => of("sa.Integer", "int"),
        BaseType::Bigint => of("sa.BigInteger", "int"),
        BaseType::Numeric => of("sa.Numeric", "Decimal"),
        BaseType::Real => of("sa.REAL", "float"),
        BaseType::DoublePrecision => of("sa.Double", "float"),
        BaseType::Money => of("pg.MONEY", "str"),
        BaseType::Text => of("sa.Text", "str"),
        // SQLAlchemy reads the types of the catalog as strings.
        BaseType::Varchar | BaseType::InternalChar | BaseType::Name => of("sa.String", "str"),
        BaseType::Char => of("sa.CHAR", "str"),
        BaseType::Citext => of("pg.CITEXT", "str"),
        BaseType::Boolean => of("sa.Boolean", "bool"),
        BaseType::Date => of("sa.Date", "dt.date"),
        BaseType::Time | BaseType::TimeTz => of("pg.TIME", "dt.time"),
        BaseType::Timestamp | BaseType::TimestampTz => of("pg.TIMESTAMP", "dt.datetime"),
        BaseType::Interval => of("pg.INTERVAL", "dt.timedelta"),
        BaseType::Uuid => of("sa.Uuid", "UUID"),
        BaseType::Json => of("pg.JSON", "Any"),
        BaseType::Jsonb => of("pg.JSONB", "Any"),
        BaseType::Jsonpath => of("pg.JSONPATH", "str"),
        BaseType::Bytea => of("pg.BYTEA", "bytes"),
        BaseType::Bit | BaseType::Varbit => of("pg.BIT", "Any"),
        BaseType::Inet => of("pg.INET", "Any"),
        BaseType::Cidr => of("pg.CIDR", "Any"),
        BaseType::Macaddr => of("pg.MACADDR", "str"),
        BaseType::Macaddr8 => of("pg.MACADDR8", "str"),
        BaseType::Tsvector => of("pg.TSVECTOR", "str"),
        BaseType::Tsquery => of("pg.TSQUERY", "str"),
        BaseType::Int4range => of("pg.INT4RANGE", "pg.Range[int]"),
        BaseType::Int8range => of("pg.INT8RANGE", "pg.Range[int]"),
        BaseType::Numrange => of("pg.NUMRANGE", "pg.Range[Decimal]"),
        BaseType::Tsrange => of("pg.TSRANGE", "pg.Range[dt.datetime]"),
        BaseType::Tstzrange => of("pg.TSTZRANGE", "pg.Range[dt.datetime]"),
        BaseType::Daterange => of("pg.DATERANGE", "pg.Range[dt.date]"),
        BaseType::Int4multirange => of("pg.INT4MULTIRANGE", "list[pg.Range[int]]"),
        BaseType::Int8multirange => of("pg.INT8MULTIRANGE", "list[pg.Range[int]]"),
        BaseType::Nummultirange => of("pg.NUMMULTIRANGE", "list[pg.Range[Decimal]]"),
        BaseType::Tsmultirange => of("pg.TSMULTIRANGE", "list[pg.Range[dt.datetime]]"),
        BaseType::Tstzmultirange => of("pg.TSTZMULTIRANGE", "list[pg.Range[dt.datetime]]"),
        BaseType::Datemultirange => of("pg.DATEMULTIRANGE", "list[pg.Range[dt.date]]"),
        BaseType::Oid => of("pg.OID", "int"),
        BaseType::Regclass => of("pg.REGCLASS", "str"),
        BaseType::Regconfig => of("pg.REGCONFIG", "str"),
        BaseType::Vector => of("VECTOR", "Any"),
        BaseType::Halfvec => of("HALFVEC", "Any"),
        BaseType::Sparsevec => of("SPARSEVEC", "Any"),
        BaseType::Hstore => of("pg.HSTORE", "dict[str, str | None]"),
        BaseType::Xml
        | BaseType::Point
        | BaseType::Line
        | BaseType::Lseg
        | BaseType::Box
        | BaseType::Path
        | BaseType::Polygon
        | BaseType::Circle
        | BaseType::Regproc
        | BaseType::Regprocedure
        | BaseType::Regtype
        | BaseType::Regrole
        | BaseType::Regnamespace
        | BaseType::PgLsn
        | BaseType::Xid8
        | BaseType::Ltree
        | BaseType::Lquery
        | BaseType::Ltxtquery
        | BaseType::Cube => foreign("str"),
        BaseType::Geometry
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
        | BaseType::Internal => foreign("Any"),
    }
}
