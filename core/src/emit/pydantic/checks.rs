//! Predicates as Python, with PostgreSQL's logic of three values.
//!
//! A predicate passes unless it is false. Negations stand at the atoms, so that it passes where each
//! atom over a null passes: every atom is guarded by its nulls, and no more is needed.

use super::support::Support;
use super::values::Needs;
use crate::emit::lang::{Brackets, Py, python, regex};
use crate::emit::shapes::Scalar;
use crate::predicate::{Comparison, Constant, FieldIndex, Polarity, Predicate, Term};

/// Why a predicate cannot be decided, as the end of "not checked here: …".
pub(super) type Reason = &'static str;

/// A field as a rule reads it.
#[derive(Debug, Clone)]
pub(super) struct Access {
    /// `self.name`, or `value`.
    pub(super) code: String,
    /// Its base scalar, of a domain that of its base; none for what has no scalar.
    pub(super) scalar: Option<Scalar>,
    /// Declared array dimensions.
    pub(super) dimensions: u8,
    /// Whether it may be `None` here.
    pub(super) guarded: bool,
    /// What says that it was not given, where that is not null.
    pub(super) absent: Option<String>,
}

/// Writes predicates over these fields.
pub(super) struct Checks<'a> {
    pub(super) fields: &'a [Option<Access>],
    /// Whether numbers may be `NaN` or infinite, which Python compares otherwise.
    pub(super) non_finite: bool,
    pub(super) needs: &'a mut Needs,
}

impl Checks<'_> {
    /// The expression that is true where the predicate passes; else why it cannot be decided here.
    pub(super) fn passes(&mut self, predicate: &Predicate) -> Result<Py, Reason> {
        match predicate {
            Predicate::All(parts) => self.logical("and", "True", parts),
            Predicate::Any(parts) => self.logical("or", "False", parts),
            Predicate::Null(field, polarity) => {
                let field = self.field(*field)?;
                let op = if *polarity == Polarity::Is { "is" } else { "is not" };
                let test = Py::compare(Py::atom(field.code.clone()), op, Py::atom("None"));
                Ok(match (&field.absent, polarity) {
                    (Some(absent), Polarity::IsNot) => either(vec![Py::atom(absent.clone()), test]),
                    _ => test,
                })
            }
            Predicate::Truth(field, polarity) => {
                let access = self.field(*field)?;
                let not = if *polarity == Polarity::IsNot { "not " } else { "" };
                Ok(guarded(guards([access]), Py::atom(format!("{not}{}", access.code))))
            }
            Predicate::OneOf(field, values, polarity) => {
                let op = if *polarity == Polarity::Is { "in" } else { "not in" };
                let scalar = self.field(*field)?.scalar;
                let values = values.iter().map(|value| Py::atom(self.constant(value, scalar)));
                let list = Py::List("".into(), Brackets::Round, values.collect());
                let value = self.value(*field)?;
                let guards = guards([self.field(*field)?]);
                Ok(guarded(guards, Py::compare(Py::atom(value), op, list)))
            }
            Predicate::Matches(field, pattern, polarity) => {
                self.needs.import("re", "");
                let access = self.field(*field)?;
                let op = if *polarity == Polarity::Is { "is not" } else { "is" };
                let args = vec![Py::atom(regex::python(pattern)), Py::atom(access.code.clone())];
                let found = Py::compare(Py::call("re.search", args), op, Py::atom("None"));
                Ok(guarded(guards([access]), found))
            }
            Predicate::Compare(left, op, right) => self.compare(left, *op, right),
        }
    }

    fn logical(
        &mut self,
        operator: &'static str,
        empty: &'static str,
        parts: &[Predicate],
    ) -> Result<Py, Reason> {
        let mut operands = Vec::new();
        for part in parts {
            match self.passes(part)? {
                Py::Operation(inner, parts) if inner == operator => operands.extend(parts),
                other => operands.push(other),
            }
        }
        match (operands.pop(), operands.is_empty()) {
            (None, _) => Ok(Py::atom(empty)),
            (Some(only), true) => Ok(only),
            (Some(last), false) => {
                operands.push(last);
                Ok(Py::Operation(operator, operands))
            }
        }
    }

    fn compare(&mut self, left: &Term, op: Comparison, right: &Term) -> Result<Py, Reason> {
        let truth = matches!(right, Term::Constant(Constant::Bool(_)));
        let op = match (op, truth) {
            (Comparison::Eq, true) => "is",
            (Comparison::Ne, true) => "is not",
            (Comparison::Eq, false) => "==",
            (Comparison::Ne, false) => "!=",
            (Comparison::Lt, _) => "<",
            (Comparison::Le, _) => "<=",
            (Comparison::Gt, _) => ">",
            (Comparison::Ge, _) => ">=",
        };
        let scalar = left.field().and_then(|field| self.field(field).ok()?.scalar);
        let (one, other) = (self.term(left, scalar)?, self.term(right, scalar)?);
        let code = Py::compare(one, op, other);
        let mut guards: Vec<Py> = Vec::new();
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
                    guards.extend(self.field(*field)?.absent.clone().map(Py::atom));
                }
            }
        }
        Ok(guarded(guards, code))
    }

    fn term(&mut self, term: &Term, scalar: Option<Scalar>) -> Result<Py, Reason> {
        let len = |code: String| Py::call("len", vec![Py::atom(code)]);
        Ok(match term {
            Term::Constant(value) => Py::atom(self.constant(value, scalar)),
            Term::Field(field) => Py::atom(self.value(*field)?),
            Term::Characters(field) => len(self.field(*field)?.code.clone()),
            Term::TrimmedCharacters(field) => {
                len(format!("{}.strip(\" \")", self.field(*field)?.code))
            }
            Term::Bytes(field) => {
                let Access { code, scalar, .. } = self.field(*field)?;
                match scalar {
                    Some(Scalar::Bytes) => len(code.clone()),
                    _ => len(format!("{code}.encode()")),
                }
            }
            Term::Elements(field) => {
                let Access { code, dimensions, .. } = self.field(*field)?.clone();
                if dimensions > 1 {
                    self.needs.support(Support::Count);
                    Py::call("_count", vec![Py::atom(code)])
                } else {
                    len(code)
                }
            }
            Term::JsonKind(field) => {
                let code = self.field(*field)?.code.clone();
                self.needs.support(Support::JsonKind);
                Py::call("_json_kind", vec![Py::atom(code)])
            }
            Term::Given(fields) => {
                let values: Result<Vec<Py>, Reason> = fields
                    .iter()
                    .map(|field| Ok(Py::atom(self.field(*field)?.code.clone())))
                    .collect();
                let values = values?;
                self.needs.support(Support::Given);
                Py::call("_given", values)
            }
        })
    }

    /// A field's value in a form that compares as PostgreSQL compares it.
    fn value(&mut self, field: FieldIndex) -> Result<String, Reason> {
        let Access { code, scalar, .. } = self.field(field)?.clone();
        Ok(match scalar {
            Some(Scalar::Real | Scalar::Double | Scalar::Numeric(_)) if self.non_finite => {
                return Err("its numbers may be `NaN` or infinite");
            }
            Some(Scalar::Real) => {
                self.needs.support(Support::Single);
                format!("_single({code})")
            }
            _ => code,
        })
    }

    /// A constant beside a value of this scalar.
    fn constant(&mut self, constant: &Constant, scalar: Option<Scalar>) -> String {
        match (constant, scalar) {
            (Constant::Number(number), Some(Scalar::Numeric(_))) if number.scale() > 0 => {
                self.needs.import("decimal", "Decimal");
                format!("Decimal(\"{number}\")")
            }
            _ => self::constant(constant),
        }
    }

    fn field(&self, field: FieldIndex) -> Result<&Access, Reason> {
        self.fields.get(field).and_then(Option::as_ref).ok_or("it speaks of a field that is absent")
    }
}

/// A constant as Python writes it.
pub(super) fn constant(constant: &Constant) -> String {
    match constant {
        Constant::Number(number) => number.to_string(),
        Constant::Text(text) => python::string(text),
        Constant::Bool(true) => "True".to_owned(),
        Constant::Bool(false) => "False".to_owned(),
    }
}

/// `a is None` for each field that may be.
fn guards<'a>(fields: impl IntoIterator<Item = &'a Access>) -> Vec<Py> {
    fields
        .into_iter()
        .filter(|field| field.guarded)
        .map(|field| Py::compare(Py::atom(field.code.clone()), "is", Py::atom("None")))
        .collect()
}

fn guarded(mut guards: Vec<Py>, atom: Py) -> Py {
    if guards.is_empty() {
        return atom;
    }
    guards.push(atom);
    Py::Operation("or", guards)
}

fn either(parts: Vec<Py>) -> Py {
    Py::Operation("or", parts)
}
