//! Predicates as JavaScript, with PostgreSQL's logic of three values.
//!
//! A predicate passes unless it is false. Negations stand at the atoms, so that it passes where each
//! atom over a null passes: every atom is guarded by its nulls, and no more is needed.

use super::dialect::text;
use super::support::{Support, Supports};
use super::{BigintAs, DatesAs, NumericAs, Settings, Wire};
use crate::emit::lang::{Expr, regex, typescript};
use crate::emit::shapes::{IntWidth, Scalar, Zone};
use crate::predicate::{Comparison, Constant, Decimal, FieldIndex, Polarity, Predicate, Term};

/// Why a predicate cannot be decided, as the end of "not checked here: …".
pub(super) type Reason = &'static str;

/// A field as a closure reads it.
#[derive(Debug, Clone)]
pub(super) struct Access {
    /// `row.name`, or `value`.
    pub(super) code: String,
    /// Its base scalar, of a domain that of its base; none for what has no scalar.
    pub(super) scalar: Option<Scalar>,
    /// Declared array dimensions.
    pub(super) dimensions: u8,
    /// Whether it may be null or absent here.
    pub(super) guarded: bool,
    /// Whether its absence means that the database decides, and not null.
    pub(super) absent_is_open: bool,
}

/// Writes predicates over these fields.
pub(super) struct Checks<'a> {
    pub(super) settings: Settings,
    pub(super) fields: &'a [Option<Access>],
    pub(super) supports: &'a mut Supports,
}

/// A value as the only argument of a call: `(row.status ?? "open")` needs no parentheses there.
fn argument(code: &str) -> &str {
    let inner = code.strip_prefix('(').and_then(|code| code.strip_suffix(')'));
    inner.filter(|inner| !inner.contains(['(', ')'])).unwrap_or(code)
}

impl Checks<'_> {
    /// The expression that is true where the predicate passes; else why this form of the values cannot
    /// decide it.
    pub(super) fn passes(&mut self, predicate: &Predicate) -> Result<Expr, Reason> {
        match predicate {
            Predicate::All(parts) => self.logical("&&", "true", parts),
            Predicate::Any(parts) => self.logical("||", "false", parts),
            Predicate::Null(field, polarity) => {
                let field = self.field(*field)?;
                let operator = match (polarity, field.absent_is_open) {
                    (Polarity::Is, _) => "==",
                    (Polarity::IsNot, false) => "!=",
                    (Polarity::IsNot, true) => "!==",
                };
                Ok(Expr::atom(format!("{} {operator} null", field.code)))
            }
            Predicate::Truth(field, polarity) => {
                let access = self.field(*field)?;
                let code = match polarity {
                    Polarity::Is => access.code.clone(),
                    Polarity::IsNot => format!("!{}", access.code),
                };
                Ok(guarded(guards([access]), Expr::atom(code)))
            }
            Predicate::OneOf(field, values, polarity) => {
                let code = self.one_of(*field, values)?;
                let not = if *polarity == Polarity::IsNot { "!" } else { "" };
                let guards = guards([self.field(*field)?]);
                Ok(guarded(guards, Expr::atom(format!("{not}{code}"))))
            }
            Predicate::Matches(field, pattern, polarity) => {
                let access = self.field(*field)?;
                let not = if *polarity == Polarity::IsNot { "!" } else { "" };
                let code =
                    format!("{not}{}.test({})", regex::javascript(pattern), argument(&access.code));
                Ok(guarded(guards([access]), Expr::atom(code)))
            }
            Predicate::Compare(left, op, right) => self.compare(left, *op, right),
        }
    }

    /// Whether a field is one of these constants.
    fn one_of(&mut self, field: FieldIndex, values: &[Constant]) -> Result<String, Reason> {
        let Access { code, scalar, .. } = self.field(field)?.clone();
        if let Some(Scalar::Numeric(modifier)) = scalar
            && self.settings.numeric == NumericAs::String
        {
            self.finite()?;
            self.supports.insert(Support::Compare);
            let literals: Vec<String> =
                values.iter().map(|value| typescript::string(&constant(value))).collect();
            let scale = modifier.map_or_else(String::new, |(_, scale)| format!(", {scale}"));
            let list = literals.join(", ");
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

    fn logical(
        &mut self,
        operator: &'static str,
        empty: &'static str,
        parts: &[Predicate],
    ) -> Result<Expr, Reason> {
        let mut operands = Vec::new();
        for part in parts {
            match self.passes(part)? {
                Expr::Logical(inner, parts) if inner == operator => operands.extend(parts),
                other => operands.push(other),
            }
        }
        match (operands.pop(), operands.is_empty()) {
            (None, _) => Ok(Expr::atom(empty)),
            (Some(only), true) => Ok(only),
            (Some(last), false) => {
                operands.push(last);
                Ok(Expr::Logical(operator, operands))
            }
        }
    }

    fn compare(&mut self, left: &Term, op: Comparison, right: &Term) -> Result<Expr, Reason> {
        let code = match (self.scalar(left), self.scalar(right)) {
            (Some(Scalar::Numeric(modifier)), _) if self.settings.numeric == NumericAs::String => {
                self.numerics(left, op, right, modifier)?
            }
            (one, other) => {
                let big = self.is_bigint(one) || self.is_bigint(other);
                let one = self.term(left, big)?;
                let other = self.term(right, big)?;
                Expr::Compare(one, operator(op), other)
            }
        };
        let mut guards: Vec<Expr> = Vec::new();
        for term in [left, right] {
            let accesses: Vec<&Access> =
                term.field().and_then(|field| self.field(field).ok()).into_iter().collect();
            for guard in self::guards(accesses) {
                if !guards.contains(&guard) {
                    guards.push(guard);
                }
            }
            if let Term::Given(fields) = term {
                for field in fields {
                    let access = self.field(*field)?;
                    if access.absent_is_open {
                        guards.push(Expr::atom(format!("{} === undefined", access.code)));
                    }
                }
            }
        }
        Ok(guarded(guards, code))
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
        let one = self.code(left)?;
        match right {
            Term::Constant(Constant::Number(number)) => {
                compared(&one, op, *number, scale).ok_or("its column never holds that number")
            }
            other => {
                let other = self.code(other)?;
                let scale = scale.map_or_else(String::new, |scale| format!(", {scale}"));
                let call = format!("compare({one}, {other}{scale})");
                Ok(Expr::Compare(call, operator(op), "0".to_owned()))
            }
        }
    }

    /// What a term is that is a field's value.
    fn scalar(&self, term: &Term) -> Option<Scalar> {
        match term {
            Term::Field(field) => self.field(*field).ok()?.scalar,
            _ => None,
        }
    }

    /// Whether comparisons with it are those of JavaScript's bigints.
    fn is_bigint(&self, scalar: Option<Scalar>) -> bool {
        scalar == Some(Scalar::Integer(IntWidth::Big))
            && matches!(self.settings.bigint, BigintAs::String | BigintAs::Bigint)
    }

    const fn finite(&self) -> Result<(), Reason> {
        if self.settings.non_finite { Err("its numbers may be `NaN` or infinite") } else { Ok(()) }
    }

    fn code(&self, term: &Term) -> Result<String, Reason> {
        let field = term.field().ok_or("it computes")?;
        Ok(self.field(field)?.code.clone())
    }

    /// A side of a comparison, as a bigint where `big` says so.
    fn term(&mut self, term: &Term, big: bool) -> Result<String, Reason> {
        Ok(match term {
            Term::Constant(Constant::Number(number)) if big => {
                format!("{}n", number.as_whole().ok_or("its column never holds that number")?)
            }
            Term::Constant(other) => constant(other),
            Term::Field(field) => self.value(*field, big)?,
            Term::Characters(field) => format!("[...{}].length", self.field(*field)?.code),
            Term::TrimmedCharacters(field) => {
                let code = self.field(*field)?.code.clone();
                self.supports.insert(Support::Trimmed);
                format!("[...trimmed({code})].length")
            }
            Term::Bytes(field) if self.field(*field)?.scalar == Some(Scalar::Bytes) => {
                let code = &self.field(*field)?.code;
                match self.settings.wire {
                    Wire::Postgrest => format!("({code}.length - 2) / 2"),
                    Wire::NodePostgres | Wire::PostgresJs => format!("{code}.length"),
                }
            }
            Term::Bytes(field) => {
                format!("new TextEncoder().encode({}).length", self.field(*field)?.code)
            }
            Term::Elements(field) => {
                let Access { code, dimensions, .. } = self.field(*field)?;
                match dimensions {
                    0 | 1 => format!("{code}.length"),
                    more => format!("{code}.flat({}).length", more - 1),
                }
            }
            Term::JsonKind(field) => {
                let code = self.field(*field)?.code.clone();
                self.supports.insert(Support::JsonKind);
                format!("jsonKind({code})")
            }
            Term::Given(fields) => {
                let codes: Result<Vec<&str>, Reason> =
                    fields.iter().map(|field| Ok(self.field(*field)?.code.as_str())).collect();
                format!("[{}].filter((it) => it != null).length", codes?.join(", "))
            }
        })
    }

    /// A field's value in a form that compares as PostgreSQL compares it.
    fn value(&mut self, field: FieldIndex, big: bool) -> Result<String, Reason> {
        let Access { code, scalar, .. } = self.field(field)?.clone();
        Ok(match scalar {
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

    fn field(&self, field: FieldIndex) -> Result<&Access, Reason> {
        self.fields.get(field).and_then(Option::as_ref).ok_or("it speaks of a field that is absent")
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

/// `a == null` for each field that may be.
fn guards<'a>(fields: impl IntoIterator<Item = &'a Access>) -> Vec<Expr> {
    fields
        .into_iter()
        .filter(|field| field.guarded)
        .map(|field| Expr::Compare(field.code.clone(), "==", "null".to_owned()))
        .collect()
}

fn guarded(mut guards: Vec<Expr>, atom: Expr) -> Expr {
    if guards.is_empty() {
        return atom;
    }
    guards.push(atom);
    Expr::Logical("||", guards)
}

fn constant(constant: &Constant) -> String {
    match constant {
        Constant::Number(number) => number.to_string(),
        Constant::Text(label) => text(label).flat(),
        Constant::Bool(value) => value.to_string(),
    }
}

/// `row.name`.
pub(super) fn row_field(name: &str) -> String {
    typescript::member("row", name)
}
