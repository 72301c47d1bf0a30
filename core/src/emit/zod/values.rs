//! Values as zod validators.
//!
//! In: what a value is, and what rules bind it. Out: the expression that takes exactly the values that
//! PostgreSQL takes, in the form that the wire gives them.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::checks::{Checks, compared};
use super::dialect::{Absence, Laid, Validator, text, z, z_chain};
use super::support::{Support, Supports};
use super::{BigintAs, DatesAs, NumericAs, Settings, UuidAs, Version, Wire};
use crate::emit::Shapes;
use crate::emit::lang::{Expr, regex};
use crate::emit::shapes::double::{self, Edge, Side};
use crate::emit::shapes::{
    Bases, Field, IntWidth, ItemId, Operands, Reason, Scalar, Value, ValueKind, Zone,
};
use crate::predicate::{Bound, Comparison, Constant, Polarity, Predicate, Rules};

/// Whether a value comes out of the database or goes into it: some types differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    /// Out of it.
    Read,
    /// Into it.
    Write,
    /// Into it, where null is refused.
    WriteNotNull,
}

/// Makes validators, and notes what they need at the top of the module.
#[derive(Debug)]
pub(super) struct Values<'a> {
    pub(super) settings: Settings,
    pub(super) shapes: &'a Shapes,
    pub(super) supports: Supports,
    /// Checks that this form of the values cannot decide, since they were last taken.
    pub(super) missed: Vec<(usize, Reason)>,
    pub(super) bases: Bases<'a>,
    /// Those of values without closures, which may be beyond us, and what they need.
    laid: FxHashMap<(&'a Value, &'a Rules, Direction), (Rc<Laid>, Supports)>,
}

impl<'a> Values<'a> {
    /// Validators of these shapes.
    pub(super) fn new(settings: Settings, shapes: &'a Shapes) -> Self {
        Self {
            settings,
            shapes,
            supports: Supports::default(),
            missed: Vec::new(),
            bases: Bases::new(shapes),
            laid: FxHashMap::default(),
        }
    }

    /// The validator of a field that is not null, laid out.
    pub(super) fn laid(&mut self, field: &'a Field, direction: Direction) -> Rc<Laid> {
        let version = self.settings.version;
        let (value, rules) = (&field.value, field.rules());
        if !rules.rest.is_empty() {
            return Rc::new(Laid::new(self.value(value, rules, direction), version));
        }
        let key = (value, rules, direction);
        if let Some((known, supports)) = self.laid.get(&key) {
            self.supports.extend(*supports);
            return Rc::clone(known);
        }
        let before = std::mem::take(&mut self.supports);
        let laid = self.value(value, rules, direction);
        let laid = Rc::new(Laid::new(laid, version));
        self.laid.insert(key, (Rc::clone(&laid), self.supports));
        self.supports.extend(before);
        laid
    }

    /// The validator of a value that is not null.
    pub(super) fn value(&mut self, value: &Value, rules: &Rules, direction: Direction) -> Expr {
        let version = self.settings.version;
        if value.dimensions == 0 {
            let validator = self.element(&value.kind, rules, direction);
            return self.refined(validator, value, rules).finish(version);
        }
        let inner = if direction == Direction::Read { direction } else { Direction::Write };
        let element = self.element(&value.kind, &Rules::NONE, inner).finish(version);
        let mut array = version.array(element);
        for _ in 1..value.dimensions {
            array = z("array", vec![array]);
        }
        let mut array = Validator::new(array);
        let bounds = [
            (rules.min_elements, Comparison::Ge, "at least"),
            (rules.max_elements, Comparison::Le, "at most"),
        ];
        for (count, op, words) in bounds {
            let Some(count) = count else { continue };
            array = match (op, value.dimensions) {
                (Comparison::Ge, 1) => array.min_length(count),
                (_, 1) => array.max_length(count),
                // PostgreSQL counts the elements of all dimensions.
                (_, more) => {
                    let sign = if op == Comparison::Ge { ">=" } else { "<=" };
                    let test = format!("value.flat({}).length {sign} {count}", more - 1);
                    let test = Expr::Arrow("(value)", Box::new(Expr::atom(test)));
                    array.refine(test, format!("must have {words} {count} elements"))
                }
            };
        }
        self.refined(array, value, rules).finish(version)
    }

    /// The rules of a field that zod has no word for, as closures.
    fn refined(&mut self, mut validator: Validator, value: &Value, rules: &Rules) -> Validator {
        for rule in &rules.rest {
            match self.closure(&rule.predicate, value) {
                Ok(test) => {
                    let message = format!("must satisfy {}", rule.one_line());
                    validator = validator.refine(test, message);
                }
                Err(reason) => self.missed.push((rule.check, reason)),
            }
        }
        validator
    }

    /// A closure that decides on a predicate of one field.
    fn closure(&mut self, predicate: &Predicate, value: &Value) -> Result<Expr, Reason> {
        let operands = Operands::value(self.bases.of(value));
        let mut checks = Checks { settings: self.settings, operands, supports: &mut self.supports };
        Ok(Expr::Arrow("(value)", Box::new(checks.passes(predicate)?)))
    }

    fn element(&mut self, kind: &ValueKind, rules: &Rules, direction: Direction) -> Validator {
        let named = |id| Validator::new(Expr::atom(format!("{}Schema", self.shapes.name(id))));
        if let Some(values) = &rules.one_of {
            return self.one_of(kind, values, direction);
        }
        match kind {
            ValueKind::Scalar(scalar) => self.scalar(*scalar, rules, direction),
            ValueKind::Enum(id) => named(ItemId::Enum(*id)),
            ValueKind::Domain(id) => named(ItemId::Domain(*id)),
            ValueKind::Composite(id) => named(ItemId::Composite(*id)),
            ValueKind::Row(id) => named(ItemId::Relation(*id)),
            ValueKind::Opaque(_) => present(Validator::new(z("unknown", Vec::new())), direction),
        }
    }

    /// One of some constants: those themselves where a value is stored as it is given, else a test of
    /// what is stored.
    fn one_of(&mut self, kind: &ValueKind, values: &[Constant], direction: Direction) -> Validator {
        if self.is_stored_as_given(kind) {
            return Validator::new(self.literals(values));
        }
        // None of the constants is.
        let non_finite = std::mem::take(&mut self.settings.non_finite);
        let validator = self.element(kind, &Rules::NONE, direction);
        let predicate = Predicate::OneOf(0, values.to_vec(), Polarity::Is);
        let value = Value { kind: kind.clone(), dimensions: 0 };
        let test = self.closure(&predicate, &value);
        self.settings.non_finite = non_finite;
        let shown: Vec<String> = values
            .iter()
            .map(|value| match value {
                Constant::Number(number) => number.to_string(),
                Constant::Text(label) => label.to_string(),
                Constant::Bool(value) => value.to_string(),
            })
            .collect();
        match test {
            Ok(test) => validator.refine(test, format!("must be one of {}", shown.join(", "))),
            Err(_) => validator,
        }
    }

    /// Whether a literal of a schema is what the wire gives for it, and nothing else is stored as it.
    fn is_stored_as_given(&self, kind: &ValueKind) -> bool {
        match kind {
            ValueKind::Scalar(Scalar::Integer(IntWidth::Big)) => {
                self.settings.bigint == BigintAs::Number
            }
            ValueKind::Scalar(Scalar::Numeric(modifier)) => {
                self.settings.numeric == NumericAs::Number && modifier.is_none()
            }
            ValueKind::Scalar(Scalar::Real) => false,
            ValueKind::Scalar(_)
            | ValueKind::Enum(_)
            | ValueKind::Composite(_)
            | ValueKind::Row(_)
            | ValueKind::Opaque(_) => true,
            ValueKind::Domain(id) => self.bases.domain(*id).is_some_and(|domain| {
                domain.rules.is_empty()
                    && domain.base.dimensions == 0
                    && self.is_stored_as_given(&domain.base.kind)
            }),
        }
    }

    fn scalar(&mut self, scalar: Scalar, rules: &Rules, direction: Direction) -> Validator {
        let version = self.settings.version;
        let string = || Validator::new(z("string", Vec::new()));
        let pattern = |pattern: &str| string().regex(pattern.to_owned(), None);
        match scalar {
            Scalar::Integer(width) => self.integer(width, rules),
            Scalar::Numeric(modifier) => self.numeric(modifier, rules),
            Scalar::Real | Scalar::Double => self.float(scalar, rules),
            Scalar::Text(limit) => self.text(limit, rules),
            Scalar::Padded(limit) => self.text(Some(limit), rules),
            Scalar::Citext => self.text(None, rules),
            Scalar::Boolean => Validator::new(z("boolean", Vec::new())),
            Scalar::Date | Scalar::Timestamp(_) => self.date(scalar),
            Scalar::Time(Zone::Without) => Validator::new(match version {
                Version::Three => z_chain(&["string", "time"]),
                Version::Four | Version::Mini => Expr::call("z.iso", "time", Vec::new()),
            }),
            Scalar::Time(Zone::With) => pattern(
                r"/^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-5])(?::[0-5]\d){0,2})$/",
            ),
            Scalar::Interval => match (self.settings.wire, direction) {
                (Wire::NodePostgres, Direction::Read) => Validator::new(z("unknown", Vec::new())),
                _ => string(),
            },
            Scalar::Uuid => Validator::new(match (version, self.settings.uuid) {
                (Version::Three, _) => z_chain(&["string", "uuid"]),
                (_, UuidAs::Guid) => z("guid", Vec::new()),
                (_, UuidAs::Uuid) => z("uuid", Vec::new()),
            }),
            // Over PostgREST, JSON is read as a whole: then not even `json` may hold NUL.
            Scalar::Json if self.settings.wire != Wire::Postgrest => {
                present(Validator::new(self.json()), direction)
            }
            Scalar::Json | Scalar::Jsonb => {
                self.supports.insert(Support::WithoutNul);
                let json = Validator::new(self.json())
                    .refine(Expr::atom("withoutNul"), "must be storable JSON");
                present(json, direction)
            }
            Scalar::Bytes => match self.settings.wire {
                Wire::Postgrest => pattern(r"/^\\x(?:[0-9a-f]{2})*$/i"),
                Wire::NodePostgres | Wire::PostgresJs => {
                    Validator::new(z("instanceof", vec![Expr::atom("Uint8Array")]))
                }
            },
            Scalar::Bits(length) => pattern(&format!("/^[01]{{{length}}}$/")),
            Scalar::VaryingBits(Some(length)) => pattern(&format!("/^[01]{{0,{length}}}$/")),
            Scalar::VaryingBits(None) => pattern("/^[01]*$/"),
            Scalar::Vector(dimensions) => {
                self.supports.insert(Support::IsVector);
                let message = dimensions.map_or_else(
                    || "must be a vector".to_owned(),
                    |count| format!("must be a vector of {count} dimensions"),
                );
                let args = dimensions.iter().map(|count| Expr::atom(count.to_string())).collect();
                string().refine(Expr::call("isVector", "", args), message)
            }
            Scalar::Hstore => match (self.settings.wire, direction) {
                (Wire::Postgrest, Direction::Read) => {
                    let values = version
                        .wrap(z("string", Vec::new()), Absence { null: true, nothing: false });
                    Validator::new(z("record", vec![z("string", Vec::new()), values]))
                }
                _ => string(),
            },
            Scalar::Spatial(_) | Scalar::Any => {
                present(Validator::new(z("unknown", Vec::new())), direction)
            }
            Scalar::Textual(_) => {
                self.supports.insert(Support::Text);
                Validator::new(Expr::atom("text"))
            }
            Scalar::Void => Validator::new(z("null", Vec::new())),
        }
    }

    fn literals(&self, values: &[Constant]) -> Expr {
        let literals: Vec<Expr> = values
            .iter()
            .map(|value| match value {
                Constant::Number(number) => Expr::atom(number.to_string()),
                Constant::Text(label) => text(label),
                Constant::Bool(value) => Expr::atom(value.to_string()),
            })
            .collect();
        let texts = values.iter().all(|value| matches!(value, Constant::Text(_)));
        match (texts, self.settings.version) {
            (true, _) => z("enum", vec![Expr::Array(literals)]),
            (false, Version::Four | Version::Mini) => z("literal", vec![Expr::Array(literals)]),
            (false, Version::Three) => {
                let each = literals.into_iter().map(|literal| z("literal", vec![literal]));
                z("union", vec![Expr::Array(each.collect())])
            }
        }
    }

    fn text(&mut self, limit: Option<u32>, rules: &Rules) -> Validator {
        self.supports.insert(Support::Text);
        let mut validator = Validator::new(Expr::atom("text"));
        let min = rules.min_characters.filter(|min| *min > 0);
        let max = rules.max_characters;
        // One character is at least one unit, so that zod's own check is exact.
        if min == Some(1) {
            validator = validator.min_length(1);
        }
        for pattern in &rules.patterns {
            validator = validator.regex(regex::javascript(pattern), None);
        }
        let bounds = match (min.filter(|min| *min > 1), max) {
            (None, None) => None,
            (Some(min), None) => Some((vec![min], format!("must have at least {min} characters"))),
            (None, Some(max)) => {
                Some((vec![0, max], format!("must have at most {max} characters")))
            }
            (Some(min), Some(max)) => {
                Some((vec![min, max], format!("must have {min} to {max} characters")))
            }
        };
        if let Some((args, message)) = bounds {
            self.supports.insert(Support::HasCharacters);
            let args = args.iter().map(|count| Expr::atom(count.to_string())).collect();
            validator = validator.refine(Expr::call("hasCharacters", "", args), message);
        }
        if let Some(limit) = limit.filter(|limit| max.is_none_or(|max| max > *limit)) {
            self.supports.insert(Support::FitsIn);
            let test = Expr::call("fitsIn", "", vec![Expr::atom(limit.to_string())]);
            validator = validator.refine(test, format!("must have at most {limit} characters"));
        }
        validator
    }

    fn integer(&mut self, width: IntWidth, rules: &Rules) -> Validator {
        let (least, greatest) = width.range();
        let lower =
            rules.lower.map_or(i128::from(least), Bound::least_whole).max(i128::from(least));
        let upper = rules
            .upper
            .map_or(i128::from(greatest), Bound::greatest_whole)
            .min(i128::from(greatest));
        let (has_lower, has_upper) = (lower > i128::from(least), upper < i128::from(greatest));
        let version = self.settings.version;
        let int = || match version {
            Version::Three => z_chain(&["number", "int"]),
            Version::Four | Version::Mini => z("int", Vec::new()),
        };
        let bound = |mut validator: Validator, lower: Option<String>, upper: Option<String>| {
            if let Some(lower) = lower {
                validator = validator.lower(lower, true, None);
            }
            if let Some(upper) = upper {
                validator = validator.upper(upper, true, None);
            }
            validator
        };
        match (width, self.settings.bigint) {
            (IntWidth::Normal, _) if !(has_lower && has_upper) && version != Version::Three => {
                bound(
                    Validator::new(z("int32", Vec::new())),
                    has_lower.then(|| lower.to_string()),
                    has_upper.then(|| upper.to_string()),
                )
            }
            (IntWidth::Small | IntWidth::Normal, _) => {
                bound(Validator::new(int()), Some(lower.to_string()), Some(upper.to_string()))
            }
            (IntWidth::Big, BigintAs::String) => {
                self.supports.insert(Support::IsInteger);
                let args = vec![Expr::atom(format!("{lower}n")), Expr::atom(format!("{upper}n"))];
                let message = if has_lower || has_upper {
                    format!("must be an integer from {lower} to {upper}")
                } else {
                    "must be a 64-bit integer".to_owned()
                };
                Validator::new(z("string", Vec::new()))
                    .refine(Expr::call("isInteger", "", args), message)
            }
            (IntWidth::Big, BigintAs::Bigint) => bound(
                Validator::new(Expr::call("z.coerce", "bigint", Vec::new())),
                Some(format!("{lower}n")),
                Some(format!("{upper}n")),
            ),
            (IntWidth::Big, BigintAs::Number | BigintAs::Wire) => {
                const SAFE: i128 = (1 << 53) - 1;
                let base = match version {
                    Version::Three => z_chain(&["number", "int", "safe"]),
                    Version::Four | Version::Mini => z("int", Vec::new()),
                };
                bound(
                    Validator::new(base),
                    (lower > -SAFE).then(|| lower.to_string()),
                    (upper < SAFE).then(|| upper.to_string()),
                )
            }
        }
    }

    fn numeric(&mut self, modifier: Option<(u16, i16)>, rules: &Rules) -> Validator {
        let extra = Scalar::Numeric(modifier).non_finite(rules);
        match (self.settings.numeric, modifier) {
            (NumericAs::String, modifier) => {
                let string = Validator::new(z("string", Vec::new()));
                let number = match modifier {
                    None => string.regex(r"/^-?\d+(?:\.\d+)?$/".to_owned(), None),
                    Some((precision, scale)) => {
                        self.supports.insert(Support::IsNumeric);
                        let args = [precision.to_string(), scale.to_string()];
                        string.refine(
                            Expr::call("isNumeric", "", args.map(Expr::atom).to_vec()),
                            format!("must fit numeric({precision}, {scale})"),
                        )
                    }
                };
                let number = self.bounded(number, modifier.map(|(_, scale)| scale), rules);
                self.with_non_finite(number, extra, true)
            }
            (NumericAs::Number | NumericAs::Wire, modifier) => {
                let number = Validator::new(self.number());
                let number = match modifier {
                    None => kept(number, double::direct(rules.lower, rules.upper)),
                    Some(modifier) => {
                        kept(number, double::rounded(modifier, rules.lower, rules.upper))
                    }
                };
                self.with_non_finite(number, extra, false)
            }
        }
    }

    /// Bounds of a numeric that is a string of digits.
    fn bounded(&mut self, number: Validator, scale: Option<i16>, rules: &Rules) -> Validator {
        let bounds = [
            (rules.lower, Comparison::Ge, Comparison::Gt, "at least", "above"),
            (rules.upper, Comparison::Le, Comparison::Lt, "at most", "below"),
        ];
        bounds.into_iter().fold(number, |number, (bound, inclusive, exclusive, or_it, beyond)| {
            let Some(bound) = bound else { return number };
            let (op, words) =
                if bound.inclusive { (inclusive, or_it) } else { (exclusive, beyond) };
            let Some(test) = compared("value", op, bound.value, scale) else { return number };
            self.supports.insert(Support::Compare);
            let test = Expr::Arrow("(value)", Box::new(test));
            number.refine(test, format!("must be {words} {}", bound.value))
        })
    }

    fn float(&mut self, scalar: Scalar, rules: &Rules) -> Validator {
        let mut number = Validator::new(self.number());
        if scalar == Scalar::Real {
            self.supports.insert(Support::IsReal);
            number = number.refine(Expr::atom("isReal"), "must fit 32 bits");
        }
        let extra = scalar.non_finite(rules);
        let number = kept(number, double::direct(rules.lower, rules.upper));
        self.with_non_finite(number, extra, false)
    }

    fn number(&self) -> Expr {
        match self.settings.version {
            Version::Three => z_chain(&["number", "finite"]),
            Version::Four | Version::Mini => z("number", Vec::new()),
        }
    }

    /// Lets `extra` through too, if the options want it: as the strings that JSON has for them, or as
    /// the numbers themselves unless those are strings.
    fn with_non_finite(
        &self,
        number: Validator,
        extra: &[&'static str],
        strings: bool,
    ) -> Validator {
        if !self.settings.non_finite || extra.is_empty() {
            return number;
        }
        let extra = match self.settings.wire {
            wire if strings || wire == Wire::Postgrest => {
                vec![z("enum", vec![Expr::Array(extra.iter().map(|word| text(word)).collect())])]
            }
            _ => extra
                .iter()
                .map(|word| match *word {
                    "NaN" => z("nan", Vec::new()),
                    word => z("literal", vec![Expr::atom(word)]),
                })
                .collect(),
        };
        let mut choices = vec![number.finish(self.settings.version)];
        choices.extend(extra);
        Validator::new(z("union", vec![Expr::Array(choices)]))
    }

    fn date(&mut self, scalar: Scalar) -> Validator {
        let Settings { wire, dates, .. } = self.settings;
        if dates == DatesAs::Date {
            return Validator::new(match wire {
                Wire::Postgrest => Expr::call("z.coerce", "date", Vec::new()),
                Wire::NodePostgres | Wire::PostgresJs => z("date", Vec::new()),
            });
        }
        let (support, name) = match scalar {
            Scalar::Timestamp(Zone::With) => (Support::TimestampTz, "timestamptz"),
            Scalar::Timestamp(Zone::Without) => (Support::Timestamp, "timestamp"),
            _ => (Support::Date, "date"),
        };
        self.supports.insert(support);
        Validator::new(Expr::atom(name))
    }

    fn json(&mut self) -> Expr {
        match self.settings.version {
            Version::Three => {
                self.supports.insert(Support::Json);
                Expr::atom("json")
            }
            Version::Four | Version::Mini => z("json", Vec::new()),
        }
    }
}

impl Direction {
    /// This direction, or the one that stands for all where values of the kind are the same in each.
    pub(super) const fn of(self, kind: &ValueKind) -> Self {
        match kind {
            ValueKind::Scalar(
                Scalar::Interval
                | Scalar::Json
                | Scalar::Jsonb
                | Scalar::Hstore
                | Scalar::Spatial(_)
                | Scalar::Any,
            )
            | ValueKind::Opaque(_) => self,
            ValueKind::Scalar(_)
            | ValueKind::Enum(_)
            | ValueKind::Domain(_)
            | ValueKind::Composite(_)
            | ValueKind::Row(_) => Self::Read,
        }
    }
}

/// Refuses null where the database does and the validator would let it through: a JSON null on the way
/// in is SQL's.
fn present(validator: Validator, direction: Direction) -> Validator {
    if direction != Direction::WriteNotNull {
        return validator;
    }
    let test = Expr::Arrow("(value)", Box::new(Expr::atom("value != null")));
    validator.refine(test, "must not be null")
}

/// Keeps a number to its edges.
fn kept(number: Validator, edges: Vec<Edge>) -> Validator {
    edges.into_iter().fold(number, |number, Edge { side, literal, inclusive, meant }| match side {
        Side::Lower => {
            let message = meant.map(|value| format!("must be at least {value}"));
            number.lower(literal, inclusive, message)
        }
        Side::Upper => {
            let message = meant.map(|value| format!("must be at most {value}"));
            number.upper(literal, inclusive, message)
        }
    })
}
