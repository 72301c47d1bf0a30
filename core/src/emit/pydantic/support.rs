//! Declarations at the top of a module, each only where something uses it.

use std::collections::BTreeSet;

/// A declaration that fields share; those that others are built of first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Support {
    /// `_Omittable[T]`, and `_not_null`.
    Omittable,
    /// `_Present[T]`.
    Present,
    /// `_require(test, message)`.
    Require,
    /// `_check(test, message)`.
    Check,
    /// `_Text`: text as PostgreSQL stores it.
    Text,
    /// `_fits(limit)`.
    Fits,
    /// `_matches(pattern)`.
    Matches,
    /// `_Smallint`.
    Smallint,
    /// `_Integer`.
    Integer,
    /// `_Bigint`.
    Bigint,
    /// `_Numeric`.
    Numeric,
    /// `_rounds(precision, scale)`.
    Rounds,
    /// `_Float`.
    Float,
    /// `_single(value)`.
    Single,
    /// `_Real`.
    Real,
    /// `_or(kind, …)`.
    Or,
    /// `_iso(value)`.
    Iso,
    /// `_Date`.
    Date,
    /// `_Time`.
    Time,
    /// `_Timetz`.
    TimeTz,
    /// `_Timestamp`.
    Timestamp,
    /// `_Timestamptz`.
    TimestampTz,
    /// `_Uuid`.
    Uuid,
    /// `_Json`.
    Json,
    /// `_json_kind(value)`.
    JsonKind,
    /// `_Bytes`.
    Bytes,
    /// `_Vector`.
    Vector,
    /// `_Textual`: values that drivers read as objects, as text.
    Textual,
    /// `_count(value)`.
    Count,
    /// `_given(…)`.
    Given,
}

/// A declaration: what it needs, what it imports, and its code as ruff leaves it.
struct Declaration {
    needs: &'static [Support],
    imports: &'static [(&'static str, &'static str)],
    code: &'static str,
}

impl Support {
    /// The declaration.
    pub(super) const fn code(self) -> &'static str {
        self.declaration().code
    }

    /// Adds it and all that it needs, with what they import.
    pub(super) fn add(
        self,
        supports: &mut BTreeSet<Self>,
        imports: &mut BTreeSet<(&'static str, &'static str)>,
    ) {
        if supports.insert(self) {
            let declaration = self.declaration();
            imports.extend(declaration.imports);
            for needed in declaration.needs {
                needed.add(supports, imports);
            }
        }
    }

    const fn declaration(self) -> Declaration {
        const fn of(
            needs: &'static [Support],
            imports: &'static [(&'static str, &'static str)],
            code: &'static str,
        ) -> Declaration {
            Declaration { needs, imports, code }
        }
        match self {
            Self::Omittable => {
                of(&[], &[ANNOTATED, ("typing", "Any"), ("typing", "TypeVar"), BEFORE], OMITTABLE)
            }
            Self::Present => of(
                &[Self::Omittable],
                &[],
                "# A value, where null would be one of JSON.\n\
                 _Present = Annotated[_T, BeforeValidator(_not_null)]",
            ),
            Self::Require => of(&[], &[], REQUIRE),
            Self::Check => {
                of(&[], &[("typing", "Any"), ("collections.abc", "Callable"), AFTER], CHECK)
            }
            Self::Text => of(&[], &[ANNOTATED, AFTER], TEXT),
            Self::Fits => of(&[], &[AFTER], FITS),
            Self::Matches => of(&[], &[("re", ""), AFTER], MATCHES),
            Self::Smallint => of(
                &[],
                &[ANNOTATED, FIELD],
                "_Smallint = Annotated[int, Field(strict=True, ge=-32768, le=32767)]",
            ),
            Self::Integer => of(
                &[],
                &[ANNOTATED, FIELD],
                "_Integer = Annotated[int, Field(strict=True, ge=-2147483648, le=2147483647)]",
            ),
            Self::Bigint => of(&[], &[ANNOTATED, FIELD], BIGINT),
            Self::Numeric => of(
                &[],
                &[ANNOTATED, FIELD, BEFORE, ("re", ""), ("typing", "Any"), ("decimal", "Decimal")],
                NUMERIC,
            ),
            Self::Rounds => of(
                &[],
                &[
                    AFTER,
                    ("decimal", "Decimal"),
                    ("decimal", "ROUND_HALF_UP"),
                    ("decimal", "localcontext"),
                ],
                ROUNDS,
            ),
            Self::Float => of(
                &[],
                &[ANNOTATED, FIELD],
                "_Float = Annotated[float, Field(strict=True, allow_inf_nan=False)]",
            ),
            Self::Single => of(&[], &[("struct", "")], SINGLE),
            Self::Real => of(&[Self::Float, Self::Single], &[ANNOTATED, AFTER], REAL),
            Self::Or => of(
                &[],
                &[
                    ("decimal", "Decimal"),
                    ("pydantic", "ValidatorFunctionWrapHandler"),
                    ("pydantic", "WrapValidator"),
                    ("typing", "Any"),
                ],
                OR,
            ),
            Self::Iso => of(&[], &[("re", ""), ("typing", "Any")], ISO),
            Self::Date => of(
                &[Self::Iso],
                &[ANNOTATED, BEFORE, DT],
                "_Date = Annotated[dt.date, BeforeValidator(_iso)]",
            ),
            Self::Time => of(
                &[Self::Iso],
                &[ANNOTATED, BEFORE, DT],
                "_Time = Annotated[dt.time, BeforeValidator(_iso)]",
            ),
            Self::TimeTz => {
                of(&[Self::Time], &[ANNOTATED, BEFORE, ("re", ""), ("typing", "Any")], TIMETZ)
            }
            Self::Timestamp => of(
                &[Self::Iso],
                &[ANNOTATED, BEFORE, ("pydantic", "NaiveDatetime")],
                "_Timestamp = Annotated[NaiveDatetime, BeforeValidator(_iso)]",
            ),
            Self::TimestampTz => of(
                &[Self::Iso],
                &[ANNOTATED, AFTER, BEFORE, DT, ("pydantic", "AwareDatetime")],
                TIMESTAMPTZ,
            ),
            Self::Uuid => of(&[], &[ANNOTATED, BEFORE, ("typing", "Any"), ("uuid", "UUID")], UUID),
            Self::Json => of(&[Self::Text], &[ANNOTATED, AFTER, ("pydantic", "JsonValue")], JSON),
            Self::JsonKind => of(&[], &[("typing", "Any")], JSON_KIND),
            Self::Bytes => of(
                &[],
                &[ANNOTATED, BEFORE, ("pydantic", "PlainSerializer"), ("typing", "Any")],
                BYTES,
            ),
            Self::Vector => {
                of(&[Self::Float], &[ANNOTATED, BEFORE, ("re", ""), ("typing", "Any")], VECTOR)
            }
            Self::Textual => of(&[Self::Text], &[ANNOTATED, BEFORE, ("typing", "Any")], TEXTUAL),
            Self::Count => of(&[], &[("typing", "Any")], COUNT),
            Self::Given => of(&[], &[], GIVEN),
        }
    }
}

const ANNOTATED: (&str, &str) = ("typing", "Annotated");
const FIELD: (&str, &str) = ("pydantic", "Field");
const AFTER: (&str, &str) = ("pydantic", "AfterValidator");
const BEFORE: (&str, &str) = ("pydantic", "BeforeValidator");
const DT: (&str, &str) = ("datetime as dt", "");

const OMITTABLE: &str = r#"def _not_null(value: Any) -> Any:
    if value is None:
        raise ValueError("must not be null")
    return value


_T = TypeVar("_T")

# A value, or nothing where it is not given: never null.
_Omittable = Annotated[_T | None, BeforeValidator(_not_null)]"#;

const REQUIRE: &str = r"def _require(test: bool, message: str) -> None:
    if not test:
        raise ValueError(message)";

const CHECK: &str = r"def _check(test: Callable[[Any], bool], message: str) -> AfterValidator:
    def checked(value: Any) -> Any:
        if not test(value):
            raise ValueError(message)
        return value

    return AfterValidator(checked)";

const TEXT: &str = r#"def _storable(value: str) -> str:
    """Text as PostgreSQL stores it: without NUL."""
    if "\0" in value:
        raise ValueError("must be storable text")
    return value


_Text = Annotated[str, AfterValidator(_storable)]"#;

const FITS: &str = r#"def _fits(limit: int) -> AfterValidator:
    """What varchar(limit) stores: so many characters, spaces beyond forgiven."""

    def cut(value: str) -> str:
        if value[limit:].strip(" "):
            raise ValueError(f"must have at most {limit} characters")
        return value[:limit]

    return AfterValidator(cut)"#;

const MATCHES: &str = r#"def _matches(pattern: str) -> AfterValidator:
    """Finds the pattern anywhere in a text, as ~ does."""
    search = re.compile(pattern).search

    def found(value: str) -> str:
        if search(value) is None:
            raise ValueError(f"must match {pattern}")
        return value

    return AfterValidator(found)"#;

const BIGINT: &str = "_Bigint = Annotated[
    int,
    Field(strict=True, ge=-9223372036854775808, le=9223372036854775807),
]";

const NUMERIC: &str = r#"def _plain(value: Any) -> Any:
    """Refuses texts that Decimal reads and PostgreSQL does not."""
    number = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
    if isinstance(value, str) and re.fullmatch(number, value) is None:
        raise ValueError("must be a number")
    return value


_Numeric = Annotated[Decimal, BeforeValidator(_plain), Field(allow_inf_nan=False)]"#;

const ROUNDS: &str = r#"def _rounds(precision: int, scale: int) -> AfterValidator:
    """What numeric(precision, scale) stores: rounded half away from zero."""

    def rounded(value: Decimal) -> Decimal:
        message = f"must fit numeric({precision}, {scale})"
        if value and value.adjusted() > precision - scale:
            raise ValueError(message)
        with localcontext(prec=precision + 2) as context:
            kept = value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, context)
            if abs(kept) >= Decimal(1).scaleb(precision - scale):
                raise ValueError(message)
        return kept

    return AfterValidator(rounded)"#;

const SINGLE: &str = r#"def _single(value: float) -> float:
    """The value as 32 bits hold it."""
    return float(struct.unpack("<f", struct.pack("<f", value))[0])"#;

const REAL: &str = r#"def _fits_single(value: float) -> float:
    try:
        lost = value != 0 and _single(value) == 0
    except OverflowError:
        lost = True
    if lost:
        raise ValueError("must fit 32 bits")
    return value


_Real = Annotated[_Float, AfterValidator(_fits_single)]"#;

const OR: &str = r#"def _or(kind: type[float] | type[Decimal], *names: str) -> WrapValidator:
    """Takes these numbers too, of which JSON has only the names."""
    spelled = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}

    def taken(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        name = value
        if isinstance(value, (float, Decimal)):
            name = spelled.get(str(value), str(value))
        return kind(name) if name in names else handler(value)

    return WrapValidator(taken)"#;

const ISO: &str = r#"def _iso(value: Any) -> Any:
    """Refuses numbers, which pydantic would take for seconds."""
    seconds = isinstance(value, (int, float))
    other = isinstance(value, str) and not re.match(r"[0-9]{4}-|[0-9]{2}:", value)
    if seconds or other:
        raise ValueError("must be in ISO 8601")
    return value"#;

const TIMETZ: &str = r#"def _with_minutes(value: Any) -> Any:
    """PostgreSQL leaves out the minutes of an offset: 12:34:56+02."""
    short = isinstance(value, str) and re.search(r"[+-][0-9]{2}\Z", value)
    return f"{value}:00" if short else value


_Timetz = Annotated[_Time, BeforeValidator(_with_minutes)]"#;

const TIMESTAMPTZ: &str = r#"def _near(value: dt.datetime) -> dt.datetime:
    """PostgreSQL knows offsets below 16 hours."""
    if abs(value.utcoffset() or dt.timedelta()) >= dt.timedelta(hours=16):
        raise ValueError("must be in PostgreSQL's range")
    return value


_Timestamptz = Annotated[AwareDatetime, BeforeValidator(_iso), AfterValidator(_near)]"#;

const UUID: &str = r#"def _not_urn(value: Any) -> Any:
    """PostgreSQL reads no UUID as a URN, nor as bytes."""
    if isinstance(value, bytes) or (isinstance(value, str) and ":" in value):
        raise ValueError("must be a UUID")
    return value


_Uuid = Annotated[UUID, BeforeValidator(_not_urn)]"#;

const JSON: &str = r#"def _storable_json(value: JsonValue) -> JsonValue:
    """JSON as jsonb stores it: no text in it holds NUL, and no number is infinite."""
    if isinstance(value, str):
        _storable(value)
    elif isinstance(value, list):
        for item in value:
            _storable_json(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            _storable(key)
            _storable_json(item)
    elif isinstance(value, float) and value - value != 0:
        raise ValueError("must be storable JSON")
    return value


_Json = Annotated[JsonValue, AfterValidator(_storable_json)]"#;

const JSON_KIND: &str = r#"def _json_kind(value: Any) -> str:
    """As jsonb_typeof() says it."""
    kinds = {str: "string", bool: "boolean", list: "array", dict: "object"}
    return "null" if value is None else kinds.get(type(value), "number")"#;

const BYTES: &str = r#"def _read_hex(value: Any) -> Any:
    """Bytes from the form that PostgreSQL gives them in texts: \\xdead."""
    if not isinstance(value, str):
        return value
    if not value.startswith("\\x") or not value.isascii() or " " in value:
        raise ValueError("must be bytes in hexadecimal digits behind \\x")
    return bytes.fromhex(value[2:])


def _write_hex(value: bytes) -> str:
    return f"\\x{value.hex()}"


_Bytes = Annotated[
    bytes,
    BeforeValidator(_read_hex),
    PlainSerializer(_write_hex, when_used="json"),
]"#;

const VECTOR: &str = r#"def _read_vector(value: Any) -> Any:
    """A list from a vector's text, or from a driver's own vector."""
    if isinstance(value, str):
        if re.fullmatch(r"\s*\[.*\]\s*", value) is None:
            raise ValueError("must be a vector")
        return [float(item) for item in value.strip()[1:-1].split(",")]
    return list(value) if hasattr(value, "__array__") else value


_Vector = Annotated[list[_Float], BeforeValidator(_read_vector)]"#;

const TEXTUAL: &str = r#"def _as_text(value: Any) -> Any:
    """Text of what a driver reads as an object of its own: addresses, ranges."""
    plain = isinstance(value, (bool, int, float, str, bytes, list, tuple, dict))
    return value if value is None or plain else str(value)


_Textual = Annotated[_Text, BeforeValidator(_as_text)]"#;

const COUNT: &str = r#"def _count(value: Any) -> int:
    """As cardinality() counts: elements of all dimensions."""
    return sum(map(_count, value)) if isinstance(value, list) else 1"#;

const GIVEN: &str = r#"def _given(*values: object) -> int:
    """As num_nonnulls() counts."""
    return sum(value is not None for value in values)"#;
