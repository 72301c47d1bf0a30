//! Values as schemas.
//!
//! In: what a value is, and what rules bind it. Out: the keywords that take exactly the values that
//! PostgreSQL takes, in the form that PostgREST gives them.

use smol_str::SmolStr;

use super::checks;
use super::schema::Schema;
use crate::emit::Shapes;
use crate::emit::lang::{Json, regex};
use crate::emit::shapes::{
    Bases, Field, IntWidth, ItemId, Purpose, Reason, Scalar, Value, ValueKind, Zone, double, said,
};
use crate::predicate::{Bound, Rules};
use crate::schema::Literal;

/// Makes the schemas of values.
#[derive(Debug)]
pub(super) struct Values<'a> {
    pub(super) shapes: &'a Shapes,
    pub(super) bases: Bases<'a>,
    /// Checks that JSON Schema has no words for, since they were last taken.
    pub(super) missed: Vec<(usize, Reason)>,
    /// Why a rule that is no check by itself any more cannot be said, since it was last taken.
    pub(super) missed_words: Option<Reason>,
}

/// Days of the years 1 to 9999, without a beginning and an end.
const DATE: &str = "(?!0000)(?:(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29\
    |[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)\
    |02-(?:0[1-9]|1[0-9]|2[0-8])))";
/// Times before 24:00; PostgreSQL rounds beyond microseconds.
const TIME: &str = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?";
/// Offsets below 16 hours.
const OFFSET: &str = "(?:Z|[+-](?:0[0-9]|1[0-5])(?::?[0-5][0-9](?::[0-5][0-9])?)?)";
const UUID: &str = "^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
const NUMBER: &str = "-?[0-9]+(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?";

impl<'a> Values<'a> {
    /// Schemas of these shapes.
    pub(super) fn new(shapes: &'a Shapes) -> Self {
        Self { shapes, bases: Bases::new(shapes), missed: Vec::new(), missed_words: None }
    }

    /// The schema of a field that may be null if it says so.
    pub(super) fn field(&mut self, field: &Field, purpose: Purpose) -> Schema {
        let schema = self.value(&field.value, field.rules(), purpose);
        // A JSON null on the way in is SQL's.
        let is_any = schema == Schema::default();
        match (field.nullable, is_any && purpose != Purpose::Row) {
            (true, _) => schema.or_null(),
            (false, true) => Schema::of_type("null").not(),
            (false, false) => schema,
        }
    }

    /// The schema of a value that is not null.
    pub(super) fn value(&mut self, value: &Value, rules: &Rules, purpose: Purpose) -> Schema {
        let mut schema = match &rules.one_of {
            Some(values) => {
                let element = self.element(value, &Rules::NONE, purpose);
                match checks::one_of(self.bases.of(value), values) {
                    Ok(set) => element.and_one_of(set),
                    Err(reason) => {
                        self.missed_words = Some(reason);
                        element
                    }
                }
            }
            None => self.element(value, rules, purpose),
        };
        let mut patterns = rules.patterns.iter().map(regex::portable);
        if let Some(first) = patterns.next() {
            schema = schema.with("pattern", Json::text(&first));
        }
        let mut parts: Vec<Schema> =
            patterns.map(|it| Schema::default().with("pattern", Json::text(&it))).collect();
        let base = self.bases.of(value);
        parts.extend(said(&rules.rest, &mut self.missed, |rule| {
            checks::of_value(&rule.predicate, base)
        }));
        schema.and_all(parts)
    }

    /// Whether a value is the same on its way in as on its way out.
    pub(super) const fn is_same_both_ways(value: &Value) -> bool {
        use Scalar::{Any, Hstore, Json, Jsonb, Spatial};
        !matches!(
            value.kind,
            ValueKind::Opaque(_) | ValueKind::Scalar(Any | Hstore | Json | Jsonb | Spatial(_))
        )
    }

    /// A value, or a list of such.
    fn element(&mut self, value: &Value, rules: &Rules, purpose: Purpose) -> Schema {
        if value.dimensions == 0 {
            return self.kind(&value.kind, rules, purpose);
        }
        let mut schema = self.kind(&value.kind, &Rules::NONE, purpose).or_null();
        for _ in 0..value.dimensions {
            schema = Schema::of_type("array").with("items", schema.into_json());
        }
        let [min, max] = [rules.min_elements, rules.max_elements];
        if value.dimensions > 1 && (min.is_some() || max.is_some()) {
            self.missed_words = Some(checks::NESTED);
            return schema;
        }
        schema.with_some("minItems", min).with_some("maxItems", max)
    }

    fn kind(&self, kind: &ValueKind, rules: &Rules, purpose: Purpose) -> Schema {
        let named = |id| Schema::reference(self.shapes.name(id));
        match kind {
            ValueKind::Scalar(scalar) => of_scalar(*scalar, rules, purpose),
            ValueKind::Enum(id) => named(ItemId::Enum(*id)),
            ValueKind::Domain(id) => named(ItemId::Domain(*id)),
            ValueKind::Composite(id) => named(ItemId::Composite(*id)),
            ValueKind::Row(id) => named(ItemId::Relation(*id)),
            ValueKind::Opaque(_) => Schema::default(),
        }
    }

    /// The constant that the database stores where the field is absent, as JSON.
    pub(super) fn default(&self, field: &Field) -> Option<Json> {
        let base = self.bases.of(&field.value);
        match (field.default.as_ref()?, base.scalar(), &base.kind) {
            (Literal::Bool(value), ..) => Some(Json::flag(*value)),
            (Literal::Number(text), Some(scalar), _) => {
                let is_number = matches!(
                    scalar,
                    Scalar::Integer(_) | Scalar::Numeric(_) | Scalar::Real | Scalar::Double
                );
                let number = crate::predicate::Decimal::parse(text).filter(|_| is_number);
                number.map(Json::atom)
            }
            (Literal::Text(text), Some(Scalar::Text(_) | Scalar::Citext), _)
            | (Literal::Text(text), None, ValueKind::Enum(_)) => {
                Some(Json::text(text)).filter(|_| base.dimensions == 0)
            }
            (Literal::Text(_) | Literal::Number(_) | Literal::Null, ..) => None,
        }
    }
}

/// The definitions that fields share, each with its name: no identifier, as those of models are.
pub(super) fn shared() -> [(&'static str, Schema); 3] {
    let formatted = |format: &str| Schema::of_type("string").with("format", Json::text(format));
    let offset = "(?:Z|[+-](?:0[0-9]|1[0-5]):[0-5][0-9])";
    [
        (SHARED_DATE, matching(formatted("date"), DATE)),
        (SHARED_TIMESTAMP, matching(Schema::of_type("string"), &format!("{DATE}T{TIME}"))),
        (SHARED_TIMESTAMPTZ, matching(formatted("date-time"), &format!("{DATE}T{TIME}{offset}"))),
    ]
}

const SHARED_DATE: &str = "pg.date";
const SHARED_TIMESTAMP: &str = "pg.timestamp";
const SHARED_TIMESTAMPTZ: &str = "pg.timestamptz";

fn matching(schema: Schema, pattern: &str) -> Schema {
    schema.with("pattern", Json::text(&format!("^{pattern}$")))
}

fn of_scalar(scalar: Scalar, rules: &Rules, purpose: Purpose) -> Schema {
    let string = || Schema::of_type("string");
    let matching = |pattern: &str| matching(string(), pattern);
    let text = |limit: Option<u32>| {
        let min = rules.min_characters.filter(|min| *min > 0);
        let max = rules.max_characters.into_iter().chain(limit).min();
        string().with_some("minLength", min).with_some("maxLength", max)
    };
    match scalar {
        Scalar::Integer(width) => integer(width, rules),
        Scalar::Numeric(Some(modifier)) => {
            Schema::of_type("number").within(&double::rounded(modifier, rules.lower, rules.upper))
        }
        Scalar::Numeric(None) | Scalar::Double => {
            Schema::of_type("number").within(&double::direct(rules.lower, rules.upper))
        }
        // What is half way beyond the greatest number of 32 bits would be infinite.
        Scalar::Real => Schema::of_type("number")
            .with("exclusiveMinimum", Json::atom("-3.4028235677973366e38"))
            .with("exclusiveMaximum", Json::atom("3.4028235677973366e38")),
        Scalar::Text(limit) => text(limit),
        Scalar::Padded(limit) => text(Some(limit)),
        Scalar::Citext => text(None),
        Scalar::Boolean => Schema::of_type("boolean"),
        Scalar::Date => Schema::reference(SHARED_DATE),
        Scalar::Time(Zone::Without) => matching(TIME),
        Scalar::Time(Zone::With) => matching(&format!("{TIME}{OFFSET}")),
        Scalar::Timestamp(Zone::Without) => Schema::reference(SHARED_TIMESTAMP),
        Scalar::Timestamp(Zone::With) => Schema::reference(SHARED_TIMESTAMPTZ),
        Scalar::Uuid => {
            let uuid = string().with("format", Json::text("uuid"));
            uuid.with("pattern", Json::Text(SmolStr::new_static(UUID)))
        }
        Scalar::Bytes => matching("\\\\x(?:[0-9a-fA-F]{2})*"),
        Scalar::Bits(length) => matching(&format!("[01]{{{length}}}")),
        Scalar::VaryingBits(Some(length)) => matching(&format!("[01]{{0,{length}}}")),
        Scalar::VaryingBits(None) => matching("[01]*"),
        Scalar::Vector(None) => matching(&format!("\\[{NUMBER}(?:,{NUMBER})*\\]")),
        Scalar::Vector(Some(count)) => {
            let more = count.saturating_sub(1);
            matching(&format!("\\[{NUMBER}(?:,{NUMBER}){{{more}}}\\]"))
        }
        Scalar::Hstore if purpose == Purpose::Row => {
            let values = string().or_null().into_json();
            Schema::of_type("object").with("additionalProperties", values)
        }
        Scalar::Hstore | Scalar::Interval | Scalar::Textual(_) => string(),
        Scalar::Json | Scalar::Jsonb | Scalar::Spatial(_) | Scalar::Any => Schema::default(),
        Scalar::Void => Schema::of_type("null"),
    }
}

fn integer(width: IntWidth, rules: &Rules) -> Schema {
    let (least, greatest) = width.range();
    let (least, greatest) = (i128::from(least), i128::from(greatest));
    let lower = rules.lower.map_or(least, Bound::least_whole).max(least);
    let upper = rules.upper.map_or(greatest, Bound::greatest_whole).min(greatest);
    Schema::of_type("integer").with_some("minimum", Some(lower)).with_some("maximum", Some(upper))
}
