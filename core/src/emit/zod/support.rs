//! Declarations at the top of a module, each only where something uses it.

use super::Version;

/// A declaration that validators share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Support {
    /// `text`: strings as PostgreSQL stores them.
    Text,
    /// `date`: dates in ISO 8601.
    Date,
    /// `timestamp`: the same with a time.
    Timestamp,
    /// `timestamptz`: the same with an offset.
    TimestampTz,
    /// `hasCharacters(min, max)`.
    HasCharacters,
    /// `fitsIn(max)`.
    FitsIn,
    /// `isReal`.
    IsReal,
    /// `isInteger(min, max)`.
    IsInteger,
    /// `isNumeric(precision, scale)`.
    IsNumeric,
    /// `isVector(dimensions)`.
    IsVector,
    /// `json`: any JSON value, for zod 3.
    Json,
    /// `withoutNul`.
    WithoutNul,
    /// `rounded(value, scale)`.
    Rounded,
    /// `instant(value)`.
    Instant,
    /// `jsonKind(value)`.
    JsonKind,
    /// `trimmed(value)`.
    Trimmed,
    /// `integer(value)`.
    Integer,
    /// `compare(one, other, scale)`.
    Compare,
}

/// A set of declarations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Supports(u32);

impl Supports {
    /// Adds one.
    pub(super) const fn insert(&mut self, support: Support) {
        self.0 |= 1 << support as u32;
    }

    /// Adds those of another set.
    pub(super) const fn extend(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Those in it, in their order at the top of a module.
    pub(super) fn iter(self) -> impl Iterator<Item = Support> {
        Support::ALL.into_iter().filter(move |support| self.0 & 1 << *support as u32 != 0)
    }
}

impl Support {
    const ALL: [Self; Self::Compare as usize + 1] = [
        Self::Text,
        Self::Date,
        Self::Timestamp,
        Self::TimestampTz,
        Self::HasCharacters,
        Self::FitsIn,
        Self::IsReal,
        Self::IsInteger,
        Self::IsNumeric,
        Self::IsVector,
        Self::Json,
        Self::WithoutNul,
        Self::Rounded,
        Self::Instant,
        Self::JsonKind,
        Self::Trimmed,
        Self::Integer,
        Self::Compare,
    ];

    /// The declaration, as prettier leaves it.
    pub(super) fn code(self, version: Version) -> &'static str {
        match (self, version) {
            (Self::Text, Version::Four | Version::Three) => {
                "/** Text as PostgreSQL stores it: without NUL and lone surrogates. */\n\
                 const text = z.string().regex(/^[^\\0\\p{Cs}]*$/u, \"must be storable text\");"
            }
            (Self::Text, Version::Mini) => {
                "/** Text as PostgreSQL stores it: without NUL and lone surrogates. */\n\
                 const text = z\n  \
                   .string()\n  \
                   .check(z.regex(/^[^\\0\\p{Cs}]*$/u, \"must be storable text\"));"
            }
            (Self::Date, Version::Four) => DATE,
            (Self::Date, Version::Mini) => DATE_MINI,
            (Self::Date, Version::Three) => DATE_THREE,
            (Self::Timestamp, Version::Four) => TIMESTAMP,
            (Self::Timestamp, Version::Mini) => TIMESTAMP_MINI,
            (Self::Timestamp, Version::Three) => TIMESTAMP_THREE,
            (Self::TimestampTz, Version::Four) => TIMESTAMPTZ,
            (Self::TimestampTz, Version::Mini) => TIMESTAMPTZ_MINI,
            (Self::TimestampTz, Version::Three) => TIMESTAMPTZ_THREE,
            (Self::HasCharacters, _) => HAS_CHARACTERS,
            (Self::FitsIn, _) => FITS_IN,
            (Self::IsReal, _) => IS_REAL,
            (Self::IsInteger, _) => IS_INTEGER,
            (Self::IsNumeric, _) => IS_NUMERIC,
            (Self::IsVector, _) => IS_VECTOR,
            (Self::Json, _) => JSON,
            (Self::WithoutNul, _) => WITHOUT_NUL,
            (Self::Rounded, _) => ROUNDED,
            (Self::Instant, _) => INSTANT,
            (Self::JsonKind, _) => JSON_KIND,
            (Self::Trimmed, _) => TRIMMED,
            (Self::Integer, _) => INTEGER,
            (Self::Compare, _) => COMPARE,
        }
    }
}

const DATE: &str = r#"/** A date in ISO 8601. PostgreSQL has no year 0. */
const date = z.iso.date().regex(/^(?!0000)/, "must not be in the year 0");"#;

const DATE_MINI: &str = r#"/** A date in ISO 8601. PostgreSQL has no year 0. */
const date = z.iso
  .date()
  .check(z.regex(/^(?!0000)/, "must not be in the year 0"));"#;

const DATE_THREE: &str = r#"/** A date in ISO 8601. PostgreSQL has no year 0. */
const date = z
  .string()
  .date()
  .regex(/^(?!0000)/, "must not be in the year 0");"#;

const TIMESTAMP: &str = r#"/** A timestamp in ISO 8601. PostgreSQL has no year 0. */
const timestamp = z.iso
  .datetime({ local: true })
  .regex(/^(?!0000)/, "must not be in the year 0");"#;

const TIMESTAMP_MINI: &str = r#"/** A timestamp in ISO 8601. PostgreSQL has no year 0. */
const timestamp = z.iso
  .datetime({ local: true })
  .check(z.regex(/^(?!0000)/, "must not be in the year 0"));"#;

const TIMESTAMP_THREE: &str = r#"/** A timestamp in ISO 8601. PostgreSQL has no year 0. */
const timestamp = z
  .string()
  .datetime({ local: true })
  .regex(/^(?!0000)/, "must not be in the year 0");"#;

const TIMESTAMPTZ: &str = r#"/** A timestamp with its offset, below 16 hours. PostgreSQL has no year 0. */
const timestamptz = z.iso
  .datetime({ offset: true })
  .regex(
    /^(?!0000).*(?:Z|[+-](?:0\d|1[0-5]):?[0-5]\d)$/,
    "must be in PostgreSQL's range",
  );"#;

const TIMESTAMPTZ_MINI: &str = r#"/** A timestamp with its offset, below 16 hours. PostgreSQL has no year 0. */
const timestamptz = z.iso
  .datetime({ offset: true })
  .check(
    z.regex(
      /^(?!0000).*(?:Z|[+-](?:0\d|1[0-5]):?[0-5]\d)$/,
      "must be in PostgreSQL's range",
    ),
  );"#;

const TIMESTAMPTZ_THREE: &str = r#"/** A timestamp with its offset, below 16 hours. PostgreSQL has no year 0. */
const timestamptz = z
  .string()
  .datetime({ offset: true })
  .regex(
    /^(?!0000).*(?:Z|[+-](?:0\d|1[0-5]):?[0-5]\d)$/,
    "must be in PostgreSQL's range",
  );"#;

const HAS_CHARACTERS: &str = r"/** Counts as char_length() does: characters, not UTF-16 units. */
const hasCharacters =
  (min: number, max = Infinity) =>
  (value: string) => {
    const count = [...value].length;
    return count >= min && count <= max;
  };";

const FITS_IN: &str = r#"/** Whether varchar(max) takes it: in characters, spaces beyond forgiven. */
const fitsIn = (max: number) => (value: string) =>
  value.length <= max || [...value].slice(max).every((char) => char === " ");"#;

const IS_REAL: &str = r"/** Whether 32 bits hold it without over- or underflow. */
const isReal = (value: number) =>
  value === 0 ||
  (Number.isFinite(Math.fround(value)) && Math.fround(value) !== 0);";

const IS_INTEGER: &str = r"/** Whether it is an integer from min to max, in decimal digits. */
const isInteger = (min: bigint, max: bigint) => (value: string) =>
  /^-?\d{1,19}$/.test(value) && BigInt(value) >= min && BigInt(value) <= max;";

const IS_NUMERIC: &str = r#"/** Whether numeric(precision, scale) takes it, rounded to its scale. */
const isNumeric = (precision: number, scale: number) => (value: string) => {
  const parts = /^-?(\d+)(?:\.(\d+))?$/.exec(value);
  if (!parts) return false;
  const [, whole = "", fraction = ""] = parts;
  const digits = whole + fraction.padEnd(scale, "0");
  const end = whole.length + scale;
  const kept = digits.slice(0, Math.max(end, 0)).replace(/^0+/, "");
  const carries = /^9*$/.test(kept) && (digits[end] ?? "0") >= "5";
  return kept.length + Number(carries) <= precision;
};"#;

const IS_VECTOR: &str = r#"/** Whether it is a vector's text with so many finite dimensions: [1,2,3]. */
const isVector = (dimensions?: number) => (value: string) => {
  if (!/^\s*\[.*\]\s*$/s.test(value)) return false;
  const items = value.trim().slice(1, -1).split(",");
  return (
    (dimensions === undefined || items.length === dimensions) &&
    items.every((item) => item.trim() !== "" && Number.isFinite(Number(item)))
  );
};"#;

// The type's name is one that no table's type has: those begin with a capital.
const JSON: &str = r"type json = string | number | boolean | null | json[] | { [key: string]: json };

const json: z.ZodType<json> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(json),
    z.record(json),
  ]),
);";

const WITHOUT_NUL: &str = r#"/** Whether jsonb takes it: no text in it holds NUL or a lone surrogate. */
const withoutNul = (value: unknown) =>
  !/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.test(JSON.stringify(value) ?? "");"#;

const ROUNDED: &str = r#"/** The value as numeric(…, scale) stores it: rounded half away from zero. */
const rounded = (value: number, scale: number) => {
  const shift = (digits: number, by: number) => {
    const [mantissa, exponent = "0"] = String(digits).split("e");
    return Number(`${mantissa}e${Number(exponent) + by}`);
  };
  const units = Math.round(shift(Math.abs(value), scale));
  return Math.sign(value) * shift(units, -scale);
};"#;

const INSTANT: &str = r#"/** Microseconds since 1970, as PostgreSQL rounds them. */
const instant = (value: string) => {
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(value) ? value : `${value}Z`;
  const seconds = Math.floor(Date.parse(zoned) / 1000);
  const fraction = Number(`0${/\.\d+/.exec(value)?.[0] ?? ""}`);
  if (Number.isNaN(seconds)) return 0n;
  return BigInt(seconds) * 1000000n + BigInt(Math.round(fraction * 1e6));
};"#;

const JSON_KIND: &str = r#"/** As jsonb_typeof() says it. */
const jsonKind = (value: unknown) =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value;"#;

const TRIMMED: &str = r#"/** As btrim() leaves it: without spaces, and only spaces, at both ends. */
const trimmed = (value: string) => {
  let [start, end] = [0, value.length];
  while (value[start] === " ") start++;
  while (end > start && value[end - 1] === " ") end--;
  return value.slice(start, end);
};"#;

const INTEGER: &str = r"/** Digits as a bigint; what has none is refused elsewhere. */
const integer = (value: number | string) =>
  /^-?\d+$/.test(String(value)) ? BigInt(value) : 0n;";

const COMPARE: &str = r#"/** Above, at or below 0 as one numeric is above, at or below the other. */
const compare = (
  one: string,
  other: string,
  scale = Math.max(one.length, other.length),
) => {
  const units = (value: string) => {
    const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
    const [, sign, whole = "", fraction = ""] = parts;
    const digits = whole + fraction.padEnd(scale, "0");
    const end = whole.length + scale;
    const kept = BigInt(digits.slice(0, Math.max(end, 0)));
    const rounded = (digits[end] ?? "0") >= "5" ? kept + 1n : kept;
    return sign ? -rounded : rounded;
  };
  return Number(units(one) - units(other));
};"#;
