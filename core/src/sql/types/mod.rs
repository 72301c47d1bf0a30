//! The types of PostgreSQL and of well-known extensions.
//!
//! In: type names as text. Out: which type that is, and what is fixed about it. The user's own types
//! are the caller's.

mod facts;
mod names;
mod parse;
mod python;
mod rust;
mod written;

use serde::Serialize;
use smol_str::SmolStr;

pub use facts::{Family, TypeFacts, Wire, can_reference, facts, lacks_operator_class};
pub use names::{catalog_name, resolve_base, serial_of, suggest_type};
pub use parse::parse_type;
pub use python::{PythonFacts, python};
pub use rust::{RustFacts, rust};
pub use written::{TypeError, TypeName};

/// A base type with its modifier: `numeric(10,2)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PgType {
    /// Which type.
    pub base: BaseType,
    /// What stands in its parentheses.
    pub modifier: Modifier,
}

/// What stands in the parentheses of a type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub enum Modifier {
    /// Nothing.
    #[default]
    None,
    /// A length in characters or bits, at least 1: `varchar(255)`, `bit(8)`.
    Length(u32),
    /// `numeric(precision, scale)`; the scale may be negative or exceed the precision.
    Numeric {
        /// 1 to 1000 digits in all.
        precision: u16,
        /// −1000 to 1000 digits after the point.
        scale: i16,
    },
    /// 0 to 6 digits of a second: `timestamptz(3)`.
    Precision(u8),
    /// `interval` fields, such as `hour to minute`, with an optional precision.
    Interval {
        /// In lower case; empty for none.
        fields: Box<str>,
        /// 0 to 6 digits of a second.
        precision: Option<u8>,
    },
    /// Dimensions of a vector, at least 1.
    Dimensions(u32),
    /// Any other arguments, as written: `geometry(Point,4326)`.
    Other(Vec<SmolStr>),
}

macro_rules! base_types {
    ($($variant:ident = $name:literal;)*) => {
        /// A type that PostgreSQL or a well-known extension brings.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum BaseType {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl BaseType {
            /// Every type.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name that schemagen writes; the short one where PostgreSQL has two that people use.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

base_types! {
    Smallint = "smallint";
    Integer = "integer";
    Bigint = "bigint";
    Numeric = "numeric";
    Real = "real";
    DoublePrecision = "double precision";
    Money = "money";
    Text = "text";
    Varchar = "varchar";
    Char = "char";
    InternalChar = "\"char\"";
    Name = "name";
    Citext = "citext";
    Boolean = "boolean";
    Date = "date";
    Time = "time";
    TimeTz = "timetz";
    Timestamp = "timestamp";
    TimestampTz = "timestamptz";
    Interval = "interval";
    Uuid = "uuid";
    Json = "json";
    Jsonb = "jsonb";
    Jsonpath = "jsonpath";
    Xml = "xml";
    Bytea = "bytea";
    Bit = "bit";
    Varbit = "varbit";
    Inet = "inet";
    Cidr = "cidr";
    Macaddr = "macaddr";
    Macaddr8 = "macaddr8";
    Point = "point";
    Line = "line";
    Lseg = "lseg";
    Box = "box";
    Path = "path";
    Polygon = "polygon";
    Circle = "circle";
    Tsvector = "tsvector";
    Tsquery = "tsquery";
    Int4range = "int4range";
    Int8range = "int8range";
    Numrange = "numrange";
    Tsrange = "tsrange";
    Tstzrange = "tstzrange";
    Daterange = "daterange";
    Int4multirange = "int4multirange";
    Int8multirange = "int8multirange";
    Nummultirange = "nummultirange";
    Tsmultirange = "tsmultirange";
    Tstzmultirange = "tstzmultirange";
    Datemultirange = "datemultirange";
    Oid = "oid";
    Regclass = "regclass";
    Regproc = "regproc";
    Regprocedure = "regprocedure";
    Regtype = "regtype";
    Regrole = "regrole";
    Regnamespace = "regnamespace";
    Regconfig = "regconfig";
    PgLsn = "pg_lsn";
    Xid8 = "xid8";
    Vector = "vector";
    Halfvec = "halfvec";
    Sparsevec = "sparsevec";
    Hstore = "hstore";
    Ltree = "ltree";
    Lquery = "lquery";
    Ltxtquery = "ltxtquery";
    Cube = "cube";
    Geometry = "geometry";
    Geography = "geography";
    Trigger = "trigger";
    EventTrigger = "event_trigger";
    Void = "void";
    Record = "record";
    Anyelement = "anyelement";
    Anyarray = "anyarray";
    Anynonarray = "anynonarray";
    Anyenum = "anyenum";
    Anyrange = "anyrange";
    Anycompatible = "anycompatible";
    Anycompatiblearray = "anycompatiblearray";
    Cstring = "cstring";
    Internal = "internal";
}
