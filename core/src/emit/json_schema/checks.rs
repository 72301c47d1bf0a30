//! Predicates as schemas. What JSON Schema has no word for is left to the database as a whole.

use super::schema::Schema;
use crate::emit::lang::{Json, regex};
use crate::emit::shapes::{Guard, Operand, Operands, Reason, Scalar, Value, ValueKind, double};
use crate::predicate::{
    Bound, Comparison, Constant, Decimal, FieldIndex, Part, Pattern, Polarity, Predicate, Term,
};

/// A constant as JSON has it.
pub(super) fn constant(constant: &Constant) -> Json {
    match constant {
        Constant::Number(number) => Json::atom(number),
        Constant::Text(text) => Json::text(text),
        Constant::Bool(value) => Json::flag(*value),
    }
}

/// What a value of a field must be for a predicate that speaks of that field alone. `base` is what the
/// value is, of a domain what that restricts.
pub(super) fn of_value(predicate: &Predicate, base: &Value) -> Result<Schema, Reason> {
    let all = |parts: &[Predicate]| -> Result<Vec<Schema>, Reason> {
        parts.iter().map(|part| of_value(part, base)).collect()
    };
    let polar = |schema: Schema, polarity: &Polarity| match polarity {
        Polarity::Is => schema,
        Polarity::IsNot => schema.not(),
    };
    Ok(match predicate {
        Predicate::All(parts) => Schema::default().and_all(all(parts)?),
        Predicate::Any(parts) => Schema::any(all(parts)?),
        Predicate::Null(_, polarity) => polar(Schema::of_type("null"), polarity),
        Predicate::Truth(_, polarity) => {
            Schema::default().with("const", Json::flag(*polarity == Polarity::Is))
        }
        Predicate::OneOf(_, values, polarity) => polar(one_of(base, values)?, polarity),
        Predicate::Matches(_, pattern, polarity) => polar(matching(pattern), polarity),
        Predicate::Compare(left, op, right) => compared(left, *op, right, base)?,
    })
}

/// What an object of these operands must be for a predicate.
pub(super) fn of_object(predicate: &Predicate, operands: &Operands<'_>) -> Result<Schema, Reason> {
    let each = |parts: &[Predicate]| -> Result<Vec<Schema>, Reason> {
        parts.iter().map(|part| of_object(part, operands)).collect()
    };
    match predicate {
        Predicate::All(parts) => return Ok(Schema::default().and_all(each(parts)?)),
        Predicate::Any(parts) => return Ok(Schema::any(each(parts)?)),
        Predicate::Compare(Term::Given(given), op, Term::Constant(Constant::Number(count))) => {
            let mut passing: Vec<Schema> = Vec::new();
            for guard in operands.guards(predicate)? {
                let (Guard::Absent(operand) | Guard::Null(operand)) = guard;
                passing.push(property(operand, Json::flag(false), false));
            }
            passing.push(of_given(given, *op, *count, operands)?);
            return Ok(Schema::any(passing));
        }
        Predicate::Null(..)
        | Predicate::Truth(..)
        | Predicate::OneOf(..)
        | Predicate::Matches(..)
        | Predicate::Compare(..) => {}
    }
    let Some(index) = predicate.only_field() else {
        return Err("JSON Schema compares no two fields");
    };
    let operand = operands.get(index)?;
    let value = of_value(predicate, operand.base)?;
    Ok(match predicate {
        Predicate::Null(_, Polarity::Is) => property(operand, value.into_json(), false),
        Predicate::Null(_, Polarity::IsNot) => given(operand),
        _ => {
            let must_be_given = match &operand.reading.default {
                Some(default) => !decide(predicate, default).ok_or("it depends on a default")?,
                None => false,
            };
            let is_guarded = !operands.guards(predicate)?.is_empty();
            let value = if is_guarded { value.or_null() } else { value };
            property(operand, value.into_json(), must_be_given)
        }
    })
}

/// Objects whose field, where it is given, is such a value.
fn property(operand: &Operand<'_>, value: Json, must_be_given: bool) -> Schema {
    let name = operand.name.as_deref().unwrap_or_default();
    let schema = Schema::default().with("properties", Json::object([(name, value)]));
    if must_be_given {
        schema.with("required", Json::Array(vec![Json::text(name)]))
    } else {
        schema
    }
}

/// Objects whose field is not null.
fn given(operand: &Operand<'_>) -> Schema {
    let absent_is_null = operand.reading.default.is_none() && !operand.reading.absent_is_open;
    property(operand, Schema::of_type("null").not().into_json(), absent_is_null)
}

/// Objects of which so many fields are not null.
fn of_given(
    fields: &[FieldIndex],
    op: Comparison,
    count: Decimal,
    operands: &Operands<'_>,
) -> Result<Schema, Reason> {
    let each: Result<Vec<Schema>, Reason> =
        fields.iter().map(|field| operands.get(*field).map(given)).collect();
    let each = each?;
    let none = || each.iter().map(|it| it.clone().not()).collect();
    let all = i128::try_from(each.len()).unwrap_or_default();
    let count = count.as_whole().ok_or("it counts in fractions")?;
    Ok(match (op, count) {
        (Comparison::Eq, 1) => Schema::exactly_one(each),
        (Comparison::Ge, 1) | (Comparison::Gt | Comparison::Ne, 0) => Schema::any(each),
        (Comparison::Eq | Comparison::Le, 0) | (Comparison::Lt, 1) => {
            Schema::default().and_all(none())
        }
        (Comparison::Le, 1) | (Comparison::Lt, 2) => {
            Schema::any(vec![Schema::exactly_one(each.clone()), Schema::default().and_all(none())])
        }
        (Comparison::Eq | Comparison::Ge, count) if count == all => Schema::default().and_all(each),
        _ => return Err("JSON Schema does not count fields"),
    })
}

/// Whether a constant passes, where that can be told.
fn decide(predicate: &Predicate, value: &Constant) -> Option<bool> {
    Some(match predicate {
        Predicate::Truth(_, polarity) => *value == Constant::Bool(*polarity == Polarity::Is),
        Predicate::OneOf(_, values, polarity) => {
            values.contains(value) == (*polarity == Polarity::Is)
        }
        Predicate::Compare(Term::Field(_), op, Term::Constant(other)) => {
            return value.compare(*op, other);
        }
        Predicate::All(_)
        | Predicate::Any(_)
        | Predicate::Null(..)
        | Predicate::Matches(..)
        | Predicate::Compare(..) => return None,
    })
}

/// One of these constants. A `numeric` with a scale is rounded to it first.
pub(super) fn one_of(base: &Value, values: &[Constant]) -> Result<Schema, Reason> {
    if let Some(Scalar::Numeric(Some(_)) | Scalar::Real) = base.scalar() {
        let each: Result<Vec<Schema>, Reason> = values
            .iter()
            .map(|value| match value {
                Constant::Number(number) => number_compared(base, Comparison::Eq, *number),
                Constant::Text(_) | Constant::Bool(_) => Ok(Schema::nothing()),
            })
            .collect();
        return Ok(Schema::any(each?));
    }
    if base.scalar() == Some(Scalar::Uuid) && !values.iter().all(has_one_case) {
        return Err(CASE);
    }
    Ok(Schema::one_of(values.iter().map(constant)))
}

pub(super) const NESTED: Reason = "JSON Schema does not count through lists of lists";
const CASE: Reason = "JSON Schema tells small letters from capitals";

fn has_one_case(constant: &Constant) -> bool {
    match constant {
        Constant::Text(text) => !text.contains(char::is_alphabetic),
        Constant::Number(_) | Constant::Bool(_) => true,
    }
}

fn matching(pattern: &Pattern) -> Schema {
    Schema::of_type("string").with("pattern", Json::text(&regex::portable(pattern)))
}

fn compared(left: &Term, op: Comparison, right: &Term, base: &Value) -> Result<Schema, Reason> {
    match (left, right) {
        (Term::Field(_), Term::Constant(Constant::Number(number))) => {
            number_compared(base, op, *number)
        }
        (Term::Field(_), Term::Constant(other)) => equal(base, op, other),
        (term, Term::Constant(Constant::Number(count))) => {
            let count = count.as_whole().ok_or("it counts in fractions")?;
            counted(term, op, count, base)
        }
        (Term::JsonKind(_), Term::Constant(Constant::Text(kind))) => {
            let kinds = ["object", "array", "string", "number", "boolean", "null"];
            let schema = match kinds.iter().find(|known| *known == kind) {
                Some(kind) => Schema::of_type(kind),
                None => Schema::nothing(),
            };
            match op {
                Comparison::Eq => Ok(schema),
                Comparison::Ne => Ok(schema.not()),
                _ => Err(ORDER),
            }
        }
        _ => Err("JSON Schema compares no two fields"),
    }
}

const ORDER: Reason = "JSON Schema orders nothing but numbers";

fn equal(base: &Value, op: Comparison, value: &Constant) -> Result<Schema, Reason> {
    let comparable = match (&base.kind, base.dimensions) {
        (ValueKind::Enum(_), 0) => true,
        (ValueKind::Scalar(scalar), 0) => match scalar {
            Scalar::Text(_) | Scalar::Boolean | Scalar::Date => true,
            Scalar::Uuid if has_one_case(value) => true,
            Scalar::Uuid => return Err(CASE),
            _ => false,
        },
        _ => false,
    };
    if !comparable {
        return Err("JSON Schema compares texts, and not what they mean");
    }
    let schema = Schema::default().with("const", constant(value));
    match op {
        Comparison::Eq => Ok(schema),
        Comparison::Ne => Ok(schema.not()),
        Comparison::Lt | Comparison::Le | Comparison::Gt | Comparison::Ge => Err(ORDER),
    }
}

/// A comparison with a number, of what the database stores.
fn number_compared(base: &Value, op: Comparison, number: Decimal) -> Result<Schema, Reason> {
    let bound = |inclusive| Some(Bound { value: number, inclusive });
    let (lower, upper) = match op {
        Comparison::Ge => (bound(true), None),
        Comparison::Gt => (bound(false), None),
        Comparison::Le => (None, bound(true)),
        Comparison::Lt => (None, bound(false)),
        Comparison::Eq | Comparison::Ne => (bound(true), bound(true)),
    };
    let (name, edges) = match base.scalar() {
        Some(Scalar::Integer(_)) => ("integer", double::direct(lower, upper)),
        Some(Scalar::Numeric(None) | Scalar::Double) => ("number", double::direct(lower, upper)),
        Some(Scalar::Numeric(Some((_, scale)))) => {
            // With so many digits before the point, the type itself sets no bounds.
            let Ok(digits @ 0..=12) = u16::try_from(scale) else {
                return Err("its column is rounded");
            };
            ("number", double::rounded((16 + digits, scale), lower, upper))
        }
        Some(Scalar::Real) if is_single(number) => ("number", double::direct(lower, upper)),
        Some(Scalar::Real) => return Err("32 bits do not hold its number"),
        _ => return Err("its field is no number"),
    };
    let schema = Schema::of_type(name).within(&edges);
    Ok(if op == Comparison::Ne { schema.not() } else { schema })
}

/// Whether 32 bits hold a number exactly.
fn is_single(number: Decimal) -> bool {
    let single = number.to_string().parse::<f32>().map(|it| f64::from(it).to_string());
    single.ok().and_then(|it| Decimal::parse(&it)) == Some(number)
}

/// A comparison of a count with a number.
fn counted(term: &Term, op: Comparison, count: i128, base: &Value) -> Result<Schema, Reason> {
    let (min, max) = match op {
        Comparison::Ge => (count, None),
        Comparison::Gt => (count + 1, None),
        Comparison::Le => (0, Some(count)),
        Comparison::Lt => (0, Some(count - 1)),
        Comparison::Eq | Comparison::Ne => (count, Some(count)),
    };
    let min = min.max(0);
    let schema = if max.is_some_and(|max| max < min) {
        Schema::nothing()
    } else {
        let sized = |name: &str, [least, most]: [&'static str; 2], unit: i128, head: i128| {
            let min = (min > 0).then_some(head + unit * min);
            let max = max.map(|max| head + unit * max);
            Schema::of_type(name).with_some(least, min).with_some(most, max)
        };
        let lengths = ["minLength", "maxLength"];
        match term {
            Term::Characters(_) => sized("string", lengths, 1, 0),
            Term::Bytes(_) if base.scalar() == Some(Scalar::Bytes) => {
                sized("string", lengths, 2, "\\x".len() as i128)
            }
            Term::Bytes(_) => return Err("JSON Schema counts characters, and not bytes"),
            Term::Elements(_) if base.dimensions == 1 => {
                sized("array", ["minItems", "maxItems"], 1, 0)
            }
            Term::Elements(_) => return Err(NESTED),
            Term::TrimmedCharacters(_) => matching(&trimmed(min, max)?),
            Term::Field(_) | Term::Constant(_) | Term::JsonKind(_) | Term::Given(_) => {
                return Err("it computes");
            }
        }
    };
    Ok(if op == Comparison::Ne { schema.not() } else { schema })
}

/// Texts of so many characters between the first and the last that is no space.
fn trimmed(min: i128, max: Option<i128>) -> Result<Pattern, Reason> {
    let number = |count: i128| u32::try_from(count).map_err(|_| "its number is too large");
    let dark = || Part::Set { negated: true, ranges: vec![(' ', ' ')] };
    let spaces = || Part::Repeat(Box::new(Part::Literal(' ')), 0, None);
    let between = |min, max| Part::Repeat(Box::new(Part::Any), min, max);
    let one_branch = |parts| Pattern { branches: vec![parts] };
    let Some(max) = max else {
        return Ok(match number(min)? {
            0 => one_branch(Vec::new()),
            1 => one_branch(vec![dark()]),
            min => one_branch(vec![dark(), between(min - 2, None), dark()]),
        });
    };
    let (min, max) = (number(min)?, number(max)?);
    let optional = |part: Part| Part::Repeat(Box::new(part), 0, Some(1));
    let mut inner = match max {
        0 => Vec::new(),
        1 => vec![dark()],
        max => {
            let rest = one_branch(vec![between(min.saturating_sub(2), Some(max - 2)), dark()]);
            let rest = Part::Group(rest);
            vec![dark(), if min > 1 { rest } else { optional(rest) }]
        }
    };
    if min == 0 && !inner.is_empty() {
        inner = vec![optional(Part::Group(one_branch(inner)))];
    }
    let mut parts = vec![Part::Start, spaces()];
    parts.extend(inner);
    parts.extend([spaces(), Part::End]);
    Ok(one_branch(parts))
}
