//! The names of the types that PostgreSQL and known extensions bring, and what they may take in
//! parentheses.
//!
//! In: a [`TypeName`]. Out: the [`PgType`] it is, checked. Never knows the user's own types.

use std::fmt;

use smol_str::SmolStr;

use super::facts::facts;
use super::written::{TypeError, TypeName};
use super::{BaseType, Modifier, PgType};
use crate::diagnostic::closest;

/// The name that schemagen writes for another name of a built-in type.
pub(super) fn alias(name: &str) -> Option<&'static str> {
    Some(match name {
        "int2" => "smallint",
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "decimal" | "dec" => "numeric",
        "float4" => "real",
        "float8" => "double precision",
        "bool" => "boolean",
        "character varying" => "varchar",
        "character" => "char",
        "bit varying" => "varbit",
        "serial4" => "serial",
        "serial8" => "bigserial",
        "serial2" => "smallserial",
        _ => return None,
    })
}

/// The type's name in `pg_type`, which is how a quoted or qualified name finds it.
pub const fn catalog_name(base: BaseType) -> &'static str {
    match base {
        BaseType::Smallint => "int2",
        BaseType::Integer => "int4",
        BaseType::Bigint => "int8",
        BaseType::Real => "float4",
        BaseType::DoublePrecision => "float8",
        BaseType::Boolean => "bool",
        BaseType::Char => "bpchar",
        BaseType::InternalChar => "char",
        _ => base.as_str(),
    }
}

/// `serial`, `bigserial`, `smallserial` and their other names: not types but an integer with a
/// sequence as its default.
pub fn serial_of(ty: &TypeName) -> Option<BaseType> {
    if ty.schema.is_some() || ty.quoted {
        return None;
    }
    match ty.name.as_str() {
        "serial" => Some(BaseType::Integer),
        "bigserial" => Some(BaseType::Bigint),
        "smallserial" => Some(BaseType::Smallint),
        _ => None,
    }
}

/// The type that PostgreSQL or a known extension brings under this name; none for other names.
/// Built-in types answer without a schema and in `pg_catalog`, those of extensions without one, in
/// `public` and in `extensions`. An error if it cannot take these arguments.
pub fn resolve_base(ty: &TypeName) -> Result<Option<PgType>, TypeError> {
    let exact = ty.quoted || ty.schema.is_some();
    let name = ty.name.as_str();
    let found = BaseType::ALL.iter().copied().find(|base| {
        let schema_fits = match ty.schema.as_deref() {
            None => true,
            Some("pg_catalog") => facts(*base).extension.is_none(),
            Some("public" | "extensions") => facts(*base).extension.is_some(),
            Some(_) => false,
        };
        let name_fits = if exact {
            catalog_name(*base) == name
        } else {
            base.as_str() == name || (*base == BaseType::Char && name == "bpchar")
        };
        schema_fits && name_fits
    });
    let Some(base) = found else { return Ok(None) };
    let blank = exact || name == "bpchar";
    modifier(base, blank, ty).map(|modifier| Some(PgType { base, modifier }))
}

/// `blank`: whether `char` and `bit` without a length mean any length, as their catalog names do.
fn modifier(base: BaseType, blank: bool, ty: &TypeName) -> Result<Modifier, TypeError> {
    let args = Args { base, ty };
    match base {
        BaseType::Varchar => args.length(10_485_760, None),
        BaseType::Char => args.length(10_485_760, (!blank).then_some(1)),
        BaseType::Bit => args.length(83_886_080, (!blank).then_some(1)),
        BaseType::Varbit => args.length(83_886_080, None),
        BaseType::Numeric => args.numeric(),
        BaseType::Time | BaseType::TimeTz | BaseType::Timestamp | BaseType::TimestampTz => {
            Ok(args.precision(&ty.args)?.map_or(Modifier::None, Modifier::Precision))
        }
        BaseType::Interval => {
            let is_number = |arg: &SmolStr| arg.starts_with(|c: char| c.is_ascii_digit());
            let (fields, rest) = match ty.args.split_first() {
                Some((first, rest)) if !is_number(first) => (first.as_str(), rest),
                _ => ("", ty.args.as_slice()),
            };
            let precision = args.precision(rest)?;
            Ok(match (fields.is_empty(), precision) {
                (true, None) => Modifier::None,
                _ => Modifier::Interval { fields: fields.into(), precision },
            })
        }
        BaseType::Vector | BaseType::Halfvec => args.dimensions(16_000),
        BaseType::Sparsevec => args.dimensions(1_000_000_000),
        BaseType::Geometry | BaseType::Geography => {
            Ok(if ty.args.is_empty() { Modifier::None } else { Modifier::Other(ty.args.clone()) })
        }
        _ if ty.args.is_empty() => Ok(Modifier::None),
        _ => Err(args.error(format!("`{}` takes nothing in parentheses", base.as_str()))),
    }
}

struct Args<'a> {
    base: BaseType,
    ty: &'a TypeName,
}

impl Args<'_> {
    fn error(&self, message: String) -> TypeError {
        TypeError::new(message, self.ty.args_range.clone())
    }

    fn one(
        &self,
        args: &[SmolStr],
        what: &str,
        from: u32,
        to: u32,
    ) -> Result<Option<u32>, TypeError> {
        match args {
            [] => Ok(None),
            [arg] => match arg.parse::<u32>() {
                Ok(number) if (from..=to).contains(&number) => Ok(Some(number)),
                _ => Err(self.error(format!(
                    "`{}` takes {what} of {from} to {to}, not `{arg}`",
                    self.base.as_str()
                ))),
            },
            _ => {
                Err(self
                    .error(format!("`{}` takes only {what} in parentheses", self.base.as_str())))
            }
        }
    }

    fn length(&self, most: u32, default: Option<u32>) -> Result<Modifier, TypeError> {
        let length = self.one(&self.ty.args, "a length", 1, most)?.or(default);
        Ok(length.map_or(Modifier::None, Modifier::Length))
    }

    fn dimensions(&self, most: u32) -> Result<Modifier, TypeError> {
        let dimensions = self.one(&self.ty.args, "a number of dimensions", 1, most)?;
        Ok(dimensions.map_or(Modifier::None, Modifier::Dimensions))
    }

    fn precision(&self, args: &[SmolStr]) -> Result<Option<u8>, TypeError> {
        let digits = self.one(args, "a precision", 0, 6)?;
        Ok(digits.and_then(|digits| u8::try_from(digits).ok()))
    }

    fn numeric(&self) -> Result<Modifier, TypeError> {
        let (precision, scale) = match self.ty.args.as_slice() {
            [] => return Ok(Modifier::None),
            [precision] => (precision, None),
            [precision, scale] => (precision, Some(scale)),
            _ => return Err(self.error("`numeric` takes a precision and a scale".to_owned())),
        };
        let Ok(precision @ 1..=1000) = precision.parse::<u16>() else {
            return Err(
                self.error(format!("`numeric` takes a precision of 1 to 1000, not `{precision}`"))
            );
        };
        let scale = match scale.map(|scale| (scale, scale.parse::<i16>())) {
            None => 0,
            Some((_, Ok(digits @ -1000..=1000))) => digits,
            Some((scale, _)) => {
                return Err(
                    self.error(format!("`numeric` takes a scale of -1000 to 1000, not `{scale}`"))
                );
            }
        };
        Ok(Modifier::Numeric { precision, scale })
    }
}

impl PgType {
    /// As DDL writes it, without its modifier.
    pub fn name(&self) -> &'static str {
        match (self.base, &self.modifier) {
            (BaseType::Char, Modifier::None) => "bpchar",
            (BaseType::Bit, Modifier::None) => "\"bit\"",
            _ => self.base.as_str(),
        }
    }
}

/// As DDL writes it.
impl fmt::Display for PgType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        match &self.modifier {
            Modifier::None => f.write_str(name),
            Modifier::Length(number) | Modifier::Dimensions(number) => {
                write!(f, "{name}({number})")
            }
            Modifier::Numeric { precision, scale } => write!(f, "{name}({precision},{scale})"),
            Modifier::Precision(digits) => write!(f, "{name}({digits})"),
            Modifier::Interval { fields, precision } => {
                f.write_str(name)?;
                if !fields.is_empty() {
                    write!(f, " {fields}")?;
                }
                precision.map_or(Ok(()), |digits| write!(f, "({digits})"))
            }
            Modifier::Other(args) => write!(f, "{name}({})", args.join(",")),
        }
    }
}

/// What someone who wrote `name` probably meant: the PostgreSQL type for another database's or
/// language's, or the nearest spelling.
pub fn suggest_type(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let foreign = match name.as_str() {
        "datetime" | "datetime2" | "timestampz" | "timestamp_tz" | "smalldatetime" => "timestamptz",
        "email" | "url" | "slug" | "string" | "str" | "longtext" | "mediumtext" | "tinytext"
        | "clob" | "ntext" => "text",
        "varchar2" | "nvarchar" | "nvarchar2" => "varchar",
        "tinyint" | "short" => "smallint",
        "mediumint" | "number" | "i32" => "integer",
        "long" | "biginteger" | "i64" => "bigint",
        "double" | "float64" => "double precision",
        "blob" | "longblob" | "mediumblob" | "binary" | "varbinary" | "bytes" | "image" => "bytea",
        "guid" | "uniqueidentifier" | "uuidv4" | "uuid4" | "uuidv7" => "uuid",
        "object" | "dict" | "map" => "jsonb",
        "bit1" | "logical" => "boolean",
        _ => "",
    };
    if !foreign.is_empty() {
        return Some(foreign);
    }
    let columns = BaseType::ALL.iter().filter(|base| facts(**base).column);
    closest(&name, columns.map(|base| base.as_str()))
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse_type;
    use super::*;

    /// What DDL writes for `text`, with its dimensions; or the error and the text it points at.
    fn written(text: &str) -> String {
        let shown = |error: TypeError| {
            let at = text.get(error.range.start as usize..error.range.end as usize);
            format!("{} @ {}", error.message, at.unwrap_or("?"))
        };
        match parse_type(text) {
            Err(error) => shown(error),
            Ok(ty) => match resolve_base(&ty) {
                Err(error) => shown(error),
                Ok(Some(base)) => format!("{base}{}", "[]".repeat(ty.dimensions.into())),
                Ok(None) => format!("? {:?} {} {:?}", ty.schema.as_deref(), ty.name, ty.args),
            },
        }
    }

    #[test]
    fn types_as_users_write_them() {
        for (text, expected) in [
            ("text", "text"),
            ("  TEXT ", "text"),
            ("varchar(255)", "varchar(255)"),
            ("character varying ( 10 )", "varchar(10)"),
            ("VARCHAR", "varchar"),
            ("char", "char(1)"),
            ("character(3)", "char(3)"),
            ("national character varying(3)", "varchar(3)"),
            ("nchar(3)", "char(3)"),
            ("bpchar", "bpchar"),
            ("\"char\"", "\"char\""),
            ("pg_catalog.\"char\"", "\"char\""),
            ("pg_catalog.int4", "integer"),
            ("pg_catalog.integer", "? Some(\"pg_catalog\") integer []"),
            ("\"int4\"", "integer"),
            ("numeric(10,2)", "numeric(10,2)"),
            ("decimal(10)", "numeric(10,0)"),
            ("numeric(3, -2)", "numeric(3,-2)"),
            ("dec", "numeric"),
            ("int", "integer"),
            ("int8", "bigint"),
            ("int2", "smallint"),
            ("bool", "boolean"),
            ("float", "double precision"),
            ("float(24)", "real"),
            ("float(25)", "double precision"),
            ("float4", "real"),
            ("double precision", "double precision"),
            ("timestamp", "timestamp"),
            ("timestamptz", "timestamptz"),
            ("timestamp(3) with time zone", "timestamptz(3)"),
            ("timestamp without time zone", "timestamp"),
            ("time with time zone", "timetz"),
            ("time(0)", "time(0)"),
            ("interval", "interval"),
            ("interval hour to minute", "interval hour to minute"),
            ("interval second(3)", "interval second(3)"),
            ("interval(3)", "interval(3)"),
            ("bit", "bit(1)"),
            ("bit varying(8)", "varbit(8)"),
            ("text[]", "text[]"),
            ("int[3][3]", "integer[][]"),
            ("integer array", "integer[]"),
            ("integer array[4]", "integer[]"),
            ("varchar(5) []", "varchar(5)[]"),
            ("timestamp with time zone[]", "timestamptz[]"),
            ("public.citext", "citext"),
            ("extensions.vector(1536)", "vector(1536)"),
            ("geometry(Point,4326)", "geometry(Point,4326)"),
            ("auth.users", "? Some(\"auth\") users []"),
            ("\"My Type\"", "? None My Type []"),
            ("\"a\"\"b\".\"C\"", "? Some(\"a\\\"b\") C []"),
            ("\"integer\"", "? None integer []"),
            ("serial8", "? None bigserial []"),
            ("größe", "? None größe []"),
        ] {
            assert_eq!(written(text), expected, "{text}");
        }
    }

    #[test]
    fn wrong_types() {
        for (text, expected) in [
            ("", "a type's name is missing @ "),
            ("varchar(0)", "`varchar` takes a length of 1 to 10485760, not `0` @ 0"),
            ("varchar(a)", "`varchar` takes a length of 1 to 10485760, not `a` @ a"),
            ("numeric(1001)", "`numeric` takes a precision of 1 to 1000, not `1001` @ 1001"),
            ("numeric(1,2,3)", "`numeric` takes a precision and a scale @ 1,2,3"),
            ("timestamp(7)", "`timestamp` takes a precision of 0 to 6, not `7` @ 7"),
            ("integer(11)", "`integer` takes nothing in parentheses @ 11"),
            ("float(54)", "`float` takes a precision of 1 to 53 bits @ 54"),
            ("numeric(10", "the bracket is never closed @ (10"),
            ("varchar()", "`()` is no list of arguments @ ()"),
            ("text[", "an array's brackets hold a number or nothing @ ["),
            ("text not null", "`not null` is not part of a type @ not null"),
            ("int unsigned", "`unsigned` is not part of a type @ unsigned"),
            ("setof text", "`setof` stands only before a function's result @ setof"),
            (
                "interval day to year",
                "an interval cannot have the fields `day to year` @  day to year",
            ),
            ("\"a", "the quoted name is never closed @ \"a"),
            ("a.b.c", "a type's name has at most two parts @ a.b"),
            ("serial[]", "`serial` cannot be an array @ serial"),
            ("42", "`42` is no type @ 42"),
        ] {
            assert_eq!(written(text), expected, "{text}");
        }
    }

    #[test]
    fn serials() {
        let serial = |text| serial_of(&parse_type(text).unwrap());
        assert_eq!(serial("bigserial"), Some(BaseType::Bigint));
        assert_eq!(serial("serial4"), Some(BaseType::Integer));
        assert_eq!(serial("public.serial"), None);
    }

    #[test]
    fn suggestions() {
        for (name, expected) in [
            ("datetime", Some("timestamptz")),
            ("timestmptz", Some("timestamptz")),
            ("jsnob", Some("jsonb")),
            ("Boolen", Some("boolean")),
            ("invoice", None),
        ] {
            assert_eq!(suggest_type(name), expected, "{name}");
        }
    }
}
