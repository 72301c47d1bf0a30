//! The numbers that PostgreSQL takes, as bounds of the doubles that JSON gives.
//!
//! In: the bounds of checks, and what a type rounds to. Out: the edges that a double must keep to, each
//! as a literal. A double stands for the shortest decimal that reads as it, since that is what travels.

use crate::predicate::{Bound, Decimal};

/// One end of a range of doubles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Which end.
    pub side: Side,
    /// The double, as JavaScript and JSON write it.
    pub literal: String,
    /// Whether it lies within.
    pub inclusive: bool,
    /// What must be kept to, where that is another number: the bound before rounding.
    pub meant: Option<Decimal>,
}

/// Which end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The least number.
    Lower,
    /// The greatest number.
    Upper,
}

impl Edge {
    fn new(side: Side, (literal, inclusive): (String, bool)) -> Self {
        Self { side, literal, inclusive, meant: None }
    }

    /// The double itself.
    pub fn double(&self) -> f64 {
        self.literal.parse().unwrap_or_default()
    }
}

/// The edges of a number that PostgreSQL does not round.
pub fn direct(lower: Option<Bound>, upper: Option<Bound>) -> Vec<Edge> {
    let lower = lower.map(|bound| Edge::new(Side::Lower, lower_in_double(bound)));
    let upper = upper.map(|bound| Edge::new(Side::Upper, upper_in_double(bound)));
    lower.into_iter().chain(upper).collect()
}

/// The edges of a `numeric(precision, scale)`, which PostgreSQL first rounds to `scale`, half away from
/// zero.
pub fn rounded(
    (precision, scale): (u16, i16),
    lower: Option<Bound>,
    upper: Option<Bound>,
) -> Vec<Edge> {
    // Beyond 16 digits a double cannot tell the greatest value from the next power of ten, and
    // below no digits at all it need not.
    let power = i32::from(precision) - i32::from(scale);
    // With a negative scale, what is within half a unit of the power of ten rounds up to it.
    let half = if scale < 0 { 5.0 * 10_f64.powi(-i32::from(scale) - 1) } else { 0.0 };
    let limit = || {
        let limit = 10_f64.powi(power) - half;
        (power <= 308).then(|| shown(limit, limit.to_string()))
    };
    let least_of = |limit: String| Edge::new(Side::Lower, (format!("-{limit}"), false));
    let greatest_of = |limit: String| Edge::new(Side::Upper, (limit, false));
    let Some(digits) = u32::try_from(scale).ok().filter(|digits| *digits <= 16) else {
        let mut edges = direct(lower, upper);
        edges.extend(limit().into_iter().flat_map(|it| [least_of(it.clone()), greatest_of(it)]));
        return edges;
    };
    let units = (precision <= 16).then(|| 10_i128.pow(u32::from(precision)) - 1);
    let greatest = units.map(|units| Decimal::units(units, digits));
    let least = units.map(|units| Decimal::units(-units, digits));
    let zero = Decimal::whole(0);
    let lower = lower.map(|bound| bound.value.up_to_scale(digits, bound.inclusive));
    let upper = upper.map(|bound| bound.value.down_to_scale(digits, bound.inclusive));
    let from = lower.filter(|lower| least.is_none_or(|least| *lower > least));
    let to = upper.filter(|upper| greatest.is_none_or(|greatest| *upper < greatest));
    let lower = match from.or(least) {
        Some(from) => {
            let half_below = Bound { value: from.plus(-5, digits + 1), inclusive: from > zero };
            Some(Edge::new(Side::Lower, lower_in_double(half_below)))
        }
        None => limit().map(least_of),
    };
    let upper = match to.or(greatest) {
        Some(to) => {
            let half_above = Bound { value: to.plus(5, digits + 1), inclusive: to < zero };
            Some(Edge::new(Side::Upper, upper_in_double(half_above)))
        }
        None => limit().map(greatest_of),
    };
    let lower = lower.map(|edge| Edge { meant: from, ..edge });
    let upper = upper.map(|edge| Edge { meant: to, ..edge });
    lower.into_iter().chain(upper).collect()
}

/// The double next to a lower bound, and whether it lies within.
fn lower_in_double(bound: Bound) -> (String, bool) {
    let (literal, nearest) = nearest(bound.value);
    let within = nearest
        .map_or(bound.inclusive, |it| it > bound.value || (it == bound.value && bound.inclusive));
    (literal, within)
}

/// The double next to an upper bound, and whether it lies within.
fn upper_in_double(bound: Bound) -> (String, bool) {
    let (literal, nearest) = nearest(bound.value);
    let within = nearest
        .map_or(bound.inclusive, |it| it < bound.value || (it == bound.value && bound.inclusive));
    (literal, within)
}

fn nearest(value: Decimal) -> (String, Option<Decimal>) {
    let double: f64 = value.to_string().parse().unwrap_or_default();
    let plain = double.to_string();
    let nearest = Decimal::parse(&plain);
    (shown(double, plain), nearest)
}

/// A double as JavaScript writes it, from how it is written without an exponent.
fn shown(double: f64, plain: String) -> String {
    if plain.len() > 21 { format!("{double:e}") } else { plain }
}
