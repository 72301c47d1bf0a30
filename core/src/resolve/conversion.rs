//! What PostgreSQL makes of types.
//!
//! In: what the parts of an expression give. Out: what the whole gives, where that is certain, by the rules of PostgreSQL's
//! chapter 10, "Type Conversion". Knows neither queries nor names.

use super::{Resolver, types};
use crate::schema::{ColumnType, TypeKind};
use crate::sql::expr::Arithmetic;
use crate::sql::{BaseType, Modifier, PgType};

/// What an expression gives.
#[derive(Clone)]
pub(super) enum Value {
    Of(ColumnType),
    /// A constant in quotes, or null: it takes the type that is needed.
    Untyped,
}

/// The type of what `whole` holds: an element of an array, or a part of a JSON value.
pub(super) fn member(cx: &Resolver<'_>, whole: Value) -> Option<Value> {
    let Value::Of(mut ty) = whole else { return None };
    if !ty.is_array() {
        ty = types::underlying(cx, &ty).into_owned();
    }
    if ty.is_array() {
        return Some(Value::Of(ColumnType { dimensions: 0, ..ty }));
    }
    let whole = Value::Of(ty);
    matches!(base(cx, &whole)?, BaseType::Json | BaseType::Jsonb).then_some(whole)
}

/// The type that two values are brought to.
pub(super) fn both(cx: &Resolver<'_>, one: Value, other: Value) -> Option<Value> {
    Some(match (one, other) {
        (Value::Untyped, Value::Untyped) => Value::Untyped,
        (known, Value::Untyped) | (Value::Untyped, known) => Value::Of(bare(cx, &known)?),
        (Value::Of(known), Value::Of(ty)) if known == ty => Value::Of(ty),
        (known, ty) => Value::Of(meet(bare(cx, &known)?, bare(cx, &ty)?)?),
    })
}

/// What `||` gives.
pub(super) fn joined(cx: &Resolver<'_>, left: Value, right: Value) -> Option<Value> {
    const WHOLE: [BaseType; 4] =
        [BaseType::Jsonb, BaseType::Tsvector, BaseType::Bytea, BaseType::Hstore];
    let text = |value: &Value| {
        let base = base(cx, value);
        matches!(base, Some(BaseType::Text | BaseType::Varchar | BaseType::Char))
    };
    let bases = (base(cx, &left), base(cx, &right));
    match (&left, &right) {
        (array, _) if is_array(array) => Some(left),
        (_, array) if is_array(array) => Some(right),
        _ if bases.0 == bases.1 && bases.0.is_some_and(|it| WHOLE.contains(&it)) => Some(left),
        (Value::Untyped, _) if bases.1.is_some_and(|it| WHOLE.contains(&it)) => Some(right),
        (_, Value::Untyped) if bases.0.is_some_and(|it| WHOLE.contains(&it)) => Some(left),
        (Value::Untyped, _) | (_, Value::Untyped) => Some(of(BaseType::Text)),
        _ if text(&left) || text(&right) => Some(of(BaseType::Text)),
        _ => None,
    }
}

/// What another operator gives.
pub(super) fn computed(
    cx: &Resolver<'_>,
    op: Arithmetic,
    left: &Value,
    right: &Value,
) -> Option<Value> {
    use Arithmetic::{Add, Div, Mul, Pow, Sub};
    use BaseType::{
        Date, DoublePrecision, Integer, Interval, Numeric, Real, Smallint, Time, Timestamp,
        TimestampTz,
    };
    if op == Sub && base(cx, left) == Some(BaseType::Jsonb) {
        return Some(of(BaseType::Jsonb)); // Whether a key, several, or a place is taken out.
    }
    let (left, right) = match (left, right) {
        (Value::Untyped, Value::Untyped) => return None,
        // A constant is taken for one of the other's type, which is no rule for days and times.
        (Value::Untyped, typed) | (typed, Value::Untyped) => {
            let base = base(cx, typed).filter(|base| rank(*base).is_some())?;
            (base, base)
        }
        (left, right) => (base(cx, left)?, base(cx, right)?),
    };
    let base = match (rank(left), rank(right)) {
        (Some(one), Some(other)) => match op {
            Pow if one.max(other) == rank(Numeric)? => Numeric,
            Pow => DoublePrecision,
            _ if left == right => left,
            _ if one.max(other) >= rank(Real)? => DoublePrecision,
            _ if one > other => left,
            _ => right,
        },
        (Some(_), None) if op == Mul && right == Interval => Interval,
        (None, Some(_)) if matches!(op, Mul | Div) && left == Interval => Interval,
        _ => match (left, op, right) {
            (Date, Add | Sub, Interval) | (Interval, Add, Date) | (Date, Add, Time) => Timestamp,
            (Timestamp | TimestampTz | Time, Add | Sub, Interval) => left,
            (Interval, Add, Timestamp | TimestampTz | Time) => right,
            (Date, Add | Sub, Smallint | Integer) | (Smallint | Integer, Add, Date) => Date,
            (Date, Sub, Date) => Integer,
            (Interval, Add | Sub, Interval)
            | (Timestamp, Sub, Timestamp)
            | (TimestampTz, Sub, TimestampTz)
            | (Time, Sub, Time) => Interval,
            _ => return None,
        },
    };
    Some(of(base))
}

/// What operators and aggregates make of a type: no domain, and nothing in brackets.
pub(super) fn bare(cx: &Resolver<'_>, value: &Value) -> Option<ColumnType> {
    let Value::Of(ty) = value else { return None };
    match unmodified(Value::Of(types::underlying(cx, ty).into_owned())) {
        Value::Of(ty) => Some(ty),
        Value::Untyped => None,
    }
}

/// The base type behind domains; none of an array, and of what is no base type.
pub(super) fn base(cx: &Resolver<'_>, value: &Value) -> Option<BaseType> {
    match bare(cx, value)? {
        ColumnType { kind: TypeKind::Base(ty), dimensions: 0 } => Some(ty.base),
        _ => None,
    }
}

/// A value of a base type.
pub(super) fn of(base: BaseType) -> Value {
    Value::Of(ColumnType::scalar(TypeKind::Base(PgType { base, modifier: Modifier::None })))
}

/// What a column of a view holds: a constant of no type is a text there.
pub(super) fn settled(value: Value) -> ColumnType {
    match value {
        Value::Of(ty) => ty,
        Value::Untyped => settled(of(BaseType::Text)),
    }
}

/// An array of such values.
pub(super) fn array(value: Value) -> Value {
    let ty = settled(value);
    Value::Of(ColumnType { dimensions: ty.dimensions.saturating_add(1), ..ty })
}

/// A type without what stands in its brackets, which functions do not hand on.
pub(super) fn unmodified(value: Value) -> Value {
    match value {
        Value::Of(mut ty) => {
            if let TypeKind::Base(base) = &mut ty.kind {
                base.modifier = Modifier::None;
            }
            Value::Of(ty)
        }
        Value::Untyped => Value::Untyped,
    }
}

pub(super) fn is_array(value: &Value) -> bool {
    matches!(value, Value::Of(ty) if ty.is_array())
}

pub(super) fn is_domain(value: &Value) -> bool {
    matches!(value, Value::Of(ColumnType { kind: TypeKind::Domain(_), dimensions: 0 }))
}

/// The type of a number as it is written.
pub(super) fn number(text: &str) -> Option<BaseType> {
    if text.parse::<i32>().is_ok() {
        Some(BaseType::Integer)
    } else if text.parse::<i64>().is_ok() {
        Some(BaseType::Bigint)
    } else {
        text.parse::<f64>().is_ok().then_some(BaseType::Numeric)
    }
}

/// Types that turn into those behind them by themselves.
const ORDERS: [&[BaseType]; 2] = [
    &[
        BaseType::Smallint,
        BaseType::Integer,
        BaseType::Bigint,
        BaseType::Numeric,
        BaseType::Real,
        BaseType::DoublePrecision,
    ],
    &[BaseType::Date, BaseType::Timestamp, BaseType::TimestampTz],
];

/// Where a type of numbers stands among those that it turns into.
pub(super) fn rank(base: BaseType) -> Option<usize> {
    let [numbers, ..] = ORDERS;
    numbers.iter().position(|it| *it == base)
}

/// The type that values of two types are brought to.
fn meet(one: ColumnType, other: ColumnType) -> Option<ColumnType> {
    if one == other {
        return Some(one);
    }
    let (TypeKind::Base(first), TypeKind::Base(second), 0, 0) =
        (&one.kind, &other.kind, one.dimensions, other.dimensions)
    else {
        return None;
    };
    let is_text = |ty: &PgType| matches!(ty.base, BaseType::Varchar | BaseType::Text);
    if is_text(first) && is_text(second) {
        return Some(one.clone()); // Each turns into the other, so the first stays.
    }
    let place = |order: &[BaseType], ty: &PgType| order.iter().position(|it| *it == ty.base);
    ORDERS.iter().find_map(|order| {
        let is_later = place(order, first)? > place(order, second)?;
        Some(if is_later { one.clone() } else { other.clone() })
    })
}

/// What functions of numbers give, and of spans of time.
pub(super) fn calculated(name: &str, args: usize, base: BaseType) -> Option<BaseType> {
    use BaseType::{Bigint, DoublePrecision, Integer, Interval, Numeric, Real, Smallint};
    Some(match (name, args, base) {
        ("sum", 1, Smallint | Integer) => Bigint,
        ("sum", 1, Bigint) | ("avg", 1, Smallint | Integer | Bigint) => Numeric,
        ("sum" | "avg", 1, Numeric | Interval) => base,
        ("sum", 1, Real) => Real,
        ("sum" | "avg", 1, Real | DoublePrecision) => DoublePrecision,
        ("abs", 1, _) if rank(base).is_some() => base,
        (
            "round" | "trunc" | "ceil" | "ceiling" | "floor" | "sign" | "sqrt" | "exp" | "ln"
            | "log" | "log10",
            1,
            _,
        ) if rank(base).is_some() => match base {
            Numeric => Numeric,
            _ => DoublePrecision,
        },
        _ => return None,
    })
}
