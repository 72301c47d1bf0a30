//! Predicates as JavaScript.

use super::dialect::text;
use super::support::{Support, Supports};
use super::{BigintAs, DatesAs, NumericAs, Settings, Wire};
use crate::emit::lang::{Expr, regex, typescript};
use crate::emit::shapes::{Guard, IntWidth, NON_FINITE, Operand, Operands, Reason, Scalar, Zone};
use crate::predicate::{Comparison, Constant, Decimal, FieldIndex, Polarity, Predicate, Term};

/// Writes predicates over these operands.
pub(super) struct Checks<'a> {
    pub(super) settings: Settings,
    pub(super) operands: Operands<'a>,
    pub(super) supports: &'a mut Supports,
}

/// A value as the only argument of a call: `(row.status ?? "open")` needs no parentheses there.
fn argument(code: &str) -> &str {
    let inner = code.strip_prefix('(').and_then(|code| code.strip_suffix(')'));
    inner.filter(|inner| !inner.contains(['(', ')'])).unwrap_or(code)
}

/// What a closure reads: `value`, `row.name`, or `(row.name ?? default)`.
fn code(operand: &Operand<'_>) -> String {
    let Some(name) = &operand.name else { return "value".to_owned() };
    let code = typescript::member("row", name);
    match &operand.reading.default {
        Some(default) => format!("({code} ?? {})", constant(default)),
        None => code.into(),
    }
}

fn guard(guard: &Guard<'_>) -> Expr {
    match guard {
        Guard::Null(it) => Expr::Compare(code(it), "==", "null".to_owned()),
        Guard::Absent(it) => Expr::atom(format!("{} === undefined", code(it))),
    }
}

impl Checks<'_> {
    /// The expression that is true where the predicate passes; else why this form of the values cannot
    /// decide it.
    pub(super) fn passes(&mut self, predicate: &Predicate) -> Result<Expr, Reason> {
        let not = |polarity: &Polarity| if *polarity == Polarity::IsNot { "!" } else { "" };
        let test = match predicate {
            Predicate::All(parts) => return self.logical("&&", "true", parts),
            Predicate::Any(parts) => return self.logical("||", "false", parts),
            Predicate::Null(field, polarity) => {
                let operand = self.operands.get(*field)?;
                let operator = match (polarity, operand.reading.absent_is_open) {
                    (Polarity::Is, _) => "==",
                    (Polarity::IsNot, false) => "!=",
                    (Polarity::IsNot, true) => "!==",
                };
                return Ok(Expr::atom(format!("{} {operator} null", code(operand))));
            }
            Predicate::Truth(field, polarity) => {
                Expr::atom(format!("{}{}", not(polarity), self.code(*field)?))
            }
            Predicate::OneOf(field, values, polarity) => {
                Expr::atom(format!("{}{}", not(polarity), self.one_of(*field, values)?))
            }
            Predicate::Matches(field, pattern, polarity) => {
                let (not, pattern) = (not(polarity), regex::javascript(pattern));
                Expr::atom(format!("{not}{pattern}.test({})", argument(&self.code(*field)?)))
            }
            Predicate::Compare(left, op, right) => self.compare(left, *op, right)?,
        };
        let guards = self.operands.guards(predicate)?;
        let parts = guards.iter().map(guard).chain([test]).collect();
        Ok(Expr::logical("||", "false", parts))
    }

    fn logical(
        &mut self,
        operator: &'static str,
        empty: &'static str,
        parts: &[Predicate],
    ) -> Result<Expr, Reason> {
        let parts: Result<_, Reason> = parts.iter().map(|part| self.passes(part)).collect();
        Ok(Expr::logical(operator, empty, parts?))
    }

    /// Whether a field is one of these constants.
    fn one_of(&mut self, field: FieldIndex, values: &[Constant]) -> Result<String, Reason> {
        let operand = self.operands.get(field)?;
        let scalar = operand.base.scalar();
        if let Some(Scalar::Numeric(modifier)) = scalar
            && self.settings.numeric == NumericAs::String
        {
            self.finite()?;
            self.supports.insert(Support::Compare);
            let literals: Vec<_> =
                values.iter().map(|value| typescript::string(&constant(value))).collect();
            let scale = modifier.map_or_else(String::new, |(_, scale)| format!(", {scale}"));
            let list = literals.join(", ");
            let code = code(operand);
            return Ok(format!("[{list}].some((it) => compare({code}, it{scale}) === 0)"));
        }
        let big = self.is_bigint(scalar);
        let literals: Vec<String> = values
            .iter()
            .filter_map(|value| match value {
                // No integer is a fraction.
                Constant::Number(number) if big => Some(format!("{}n", number.as_whole()?)),
                other => Some(constant(other)),
            })
            .collect();
        let value = self.value(field, big)?;
        Ok(format!("[{}].includes({})", literals.join(", "), argument(&value)))
    }

    fn compare(&mut self, left: &Term, op: Comparison, right: &Term) -> Result<Expr, Reason> {
        match (self.scalar(left), self.scalar(right)) {
            (Some(Scalar::Numeric(modifier)), _) if self.settings.numeric == NumericAs::String => {
                self.numerics(left, op, right, modifier)
            }
            (one, other) => {
                let big = self.is_bigint(one) || self.is_bigint(other);
                Ok(Expr::Compare(self.term(left, big)?, operator(op), self.term(right, big)?))
            }
        }
    }

    /// A comparison of numerics that are strings of digits.
    fn numerics(
        &mut self,
        left: &Term,
        op: Comparison,
        right: &Term,
        modifier: Option<(u16, i16)>,
    ) -> Result<Expr, Reason> {
        self.finite()?;
        self.supports.insert(Support::Compare);
        let scale = modifier.map(|(_, scale)| scale);
        let one = self.of_field(left)?;
        match right {
            Term::Constant(Constant::Number(number)) => {
                compared(&one, op, *number, scale).ok_or("its column never holds that number")
            }
            other => {
                let other = self.of_field(other)?;
                let scale = scale.map_or_else(String::new, |scale| format!(", {scale}"));
                let call = format!("compare({one}, {other}{scale})");
                Ok(Expr::Compare(call, operator(op), "0".to_owned()))
            }
        }
    }

    /// What a term is that is a field's value.
    fn scalar(&self, term: &Term) -> Option<Scalar> {
        match term {
            Term::Field(field) => self.operands.get(*field).ok()?.base.scalar(),
            _ => None,
        }
    }

    /// Whether comparisons with it are those of JavaScript's bigints.
    fn is_bigint(&self, scalar: Option<Scalar>) -> bool {
        scalar == Some(Scalar::Integer(IntWidth::Big))
            && matches!(self.settings.bigint, BigintAs::String | BigintAs::Bigint)
    }

    const fn finite(&self) -> Result<(), Reason> {
        if self.settings.non_finite { Err(NON_FINITE) } else { Ok(()) }
    }

    fn code(&self, field: FieldIndex) -> Result<String, Reason> {
        self.operands.get(field).map(code)
    }

    fn of_field(&self, term: &Term) -> Result<String, Reason> {
        self.code(term.field().ok_or("it computes")?)
    }

    /// A side of a comparison, as a bigint where `big` says so.
    fn term(&mut self, term: &Term, big: bool) -> Result<String, Reason> {
        Ok(match term {
            Term::Constant(Constant::Number(number)) if big => {
                format!("{}n", number.as_whole().ok_or("its column never holds that number")?)
            }
            Term::Constant(other) => constant(other),
            Term::Field(field) => self.value(*field, big)?,
            Term::Characters(field) => format!("[...{}].length", self.code(*field)?),
            Term::TrimmedCharacters(field) => {
                let code = self.code(*field)?;
                self.supports.insert(Support::Trimmed);
                format!("[...trimmed({code})].length")
            }
            Term::Bytes(field) => {
                let operand = self.operands.get(*field)?;
                let code = code(operand);
                match (operand.base.scalar(), self.settings.wire) {
                    (Some(Scalar::Bytes), Wire::Postgrest) => format!("({code}.length - 2) / 2"),
                    (Some(Scalar::Bytes), _) => format!("{code}.length"),
                    (_, _) => format!("new TextEncoder().encode({code}).length"),
                }
            }
            Term::Elements(field) => {
                let operand = self.operands.get(*field)?;
                match operand.base.dimensions {
                    0 | 1 => format!("{}.length", code(operand)),
                    more => format!("{}.flat({}).length", code(operand), more - 1),
                }
            }
            Term::JsonKind(field) => {
                let code = self.code(*field)?;
                self.supports.insert(Support::JsonKind);
                format!("jsonKind({code})")
            }
            Term::Given(fields) => {
                let codes: Result<Vec<String>, Reason> =
                    fields.iter().map(|field| self.code(*field)).collect();
                format!("[{}].filter((it) => it != null).length", codes?.join(", "))
            }
        })
    }

    /// A field's value in a form that compares as PostgreSQL compares it.
    fn value(&mut self, field: FieldIndex, big: bool) -> Result<String, Reason> {
        let operand = self.operands.get(field)?;
        let code = code(operand);
        Ok(match operand.base.scalar() {
            Some(Scalar::Integer(IntWidth::Big)) if self.settings.bigint == BigintAs::Bigint => {
                code
            }
            Some(Scalar::Integer(_)) if big => {
                self.supports.insert(Support::Integer);
                format!("integer({code})")
            }
            Some(Scalar::Numeric(Some((_, scale)))) => {
                self.finite()?;
                self.supports.insert(Support::Rounded);
                format!("rounded({code}, {scale})")
            }
            Some(Scalar::Numeric(None) | Scalar::Double) => {
                self.finite()?;
                code
            }
            Some(Scalar::Real) => {
                self.finite()?;
                format!("Math.fround({code})")
            }
            Some(Scalar::Uuid) => format!("{code}.toLowerCase()"),
            Some(Scalar::Date) if self.settings.dates == DatesAs::Date => {
                match self.settings.wire {
                    // The driver sends the day of its own zone, JSON that of UTC.
                    Wire::NodePostgres => format!("new Date({code}).setHours(0, 0, 0, 0)"),
                    Wire::Postgrest | Wire::PostgresJs => {
                        format!("new Date({code}).setUTCHours(0, 0, 0, 0)")
                    }
                }
            }
            Some(Scalar::Timestamp(_)) if self.settings.dates == DatesAs::Date => {
                format!("{code}.getTime()")
            }
            Some(Scalar::Timestamp(Zone::With | Zone::Without)) => {
                self.supports.insert(Support::Instant);
                format!("instant({code})")
            }
            _ => code,
        })
    }
}

/// Whether the numeric that `code` reads as a string stands to `number` as `op` says; none where it never
/// equals it.
pub(super) fn compared(
    code: &str,
    op: Comparison,
    number: Decimal,
    scale: Option<i16>,
) -> Option<Expr> {
    let held = scale.map_or(number, |scale| number.truncated(scale));
    // Between two numbers that the column can hold, being below and being at most are the same.
    let above = held < number;
    let op = match op {
        _ if held == number => op,
        Comparison::Ge | Comparison::Gt if above => Comparison::Gt,
        Comparison::Ge | Comparison::Gt => Comparison::Ge,
        Comparison::Le | Comparison::Lt if above => Comparison::Le,
        Comparison::Le | Comparison::Lt => Comparison::Lt,
        Comparison::Eq | Comparison::Ne => return None,
    };
    let scale = scale.map_or_else(String::new, |scale| format!(", {scale}"));
    let call = format!("compare({code}, \"{held}\"{scale})");
    Some(Expr::Compare(call, operator(op), "0".to_owned()))
}

const fn operator(op: Comparison) -> &'static str {
    match op {
        Comparison::Eq => "===",
        Comparison::Ne => "!==",
        Comparison::Lt => "<",
        Comparison::Le => "<=",
        Comparison::Gt => ">",
        Comparison::Ge => ">=",
    }
}

fn constant(constant: &Constant) -> String {
    match constant {
        Constant::Number(number) => number.to_string(),
        Constant::Text(label) => text(label).flat(),
        Constant::Bool(value) => value.to_string(),
    }
}
