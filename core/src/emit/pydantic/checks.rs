//! Predicates as Python.

use smol_str::{SmolStr, ToSmolStr, format_smolstr};

use super::support::Support;
use super::values::Needs;
use crate::emit::lang::{Brackets, Py, python, regex};
use crate::emit::shapes::{Guard, NON_FINITE, Operand, Operands, Reason, Scalar};
use crate::predicate::{Comparison, Constant, FieldIndex, Polarity, Predicate, Term};

/// Writes predicates over these operands.
pub(super) struct Checks<'a> {
    pub(super) operands: Operands<'a>,
    /// Whether numbers may be `NaN` or infinite, which Python compares otherwise.
    pub(super) non_finite: bool,
    pub(super) needs: &'a mut Needs,
}

/// What a rule reads: `value`, `self.name`, or `(default if self.name is None else self.name)`.
fn code(operand: &Operand<'_>) -> String {
    let Some(name) = &operand.name else { return "value".to_owned() };
    match &operand.reading.default {
        Some(default) => format!("({} if self.{name} is None else self.{name})", constant(default)),
        None => format!("self.{name}"),
    }
}

fn atom(operand: &Operand<'_>) -> Py {
    Py::atom(code(operand))
}

fn guard(guard: &Guard<'_>) -> Py {
    match guard {
        Guard::Null(it) => Py::compare(atom(it), "is", Py::atom("None")),
        Guard::Absent(it) => {
            let name = python::string(it.name.as_deref().unwrap_or_default());
            Py::atom(format!("{name} not in self.model_fields_set"))
        }
    }
}

impl Checks<'_> {
    /// The expression that is true where the predicate passes; else why it cannot be decided here.
    pub(super) fn passes(&mut self, predicate: &Predicate) -> Result<Py, Reason> {
        let test = match predicate {
            Predicate::All(parts) => return self.logical("and", "True", parts),
            Predicate::Any(parts) => return self.logical("or", "False", parts),
            Predicate::Null(field, polarity) => {
                let op = if *polarity == Polarity::Is { "is" } else { "is not" };
                Py::compare(atom(self.operands.get(*field)?), op, Py::atom("None"))
            }
            Predicate::Truth(field, polarity) => {
                let not = if *polarity == Polarity::IsNot { "not " } else { "" };
                Py::atom(format!("{not}{}", code(self.operands.get(*field)?)))
            }
            Predicate::OneOf(field, values, polarity) => {
                let op = if *polarity == Polarity::Is { "in" } else { "not in" };
                let scalar = self.operands.get(*field)?.base.scalar();
                let values = values.iter().map(|value| Py::atom(self.constant(value, scalar)));
                let list = Py::List("".into(), Brackets::Round, values.collect());
                Py::compare(Py::atom(self.value(*field)?), op, list)
            }
            Predicate::Matches(field, pattern, polarity) => {
                self.needs.import("re", "");
                let op = if *polarity == Polarity::Is { "is not" } else { "is" };
                let value = atom(self.operands.get(*field)?);
                let found = Py::call("re.search", vec![Py::atom(regex::python(pattern)), value]);
                Py::compare(found, op, Py::atom("None"))
            }
            Predicate::Compare(left, op, right) => self.compare(left, *op, right)?,
        };
        let guards = self.operands.guards(predicate)?;
        let parts = guards.iter().map(guard).chain([test]).collect();
        Ok(Py::operation("or", "False", parts))
    }

    fn logical(
        &mut self,
        operator: &'static str,
        empty: &'static str,
        parts: &[Predicate],
    ) -> Result<Py, Reason> {
        let parts: Result<_, Reason> = parts.iter().map(|part| self.passes(part)).collect();
        Ok(Py::operation(operator, empty, parts?))
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
        let of_left = left.field().and_then(|field| self.operands.get(field).ok());
        let scalar = of_left.and_then(|it| it.base.scalar());
        let one = self.term(left, scalar)?;
        Ok(Py::compare(one, op, self.term(right, scalar)?))
    }

    fn term(&mut self, term: &Term, scalar: Option<Scalar>) -> Result<Py, Reason> {
        let len = |code: String| Py::call("len", vec![Py::atom(code)]);
        Ok(match term {
            Term::Constant(value) => Py::atom(self.constant(value, scalar)),
            Term::Field(field) => Py::atom(self.value(*field)?),
            Term::Characters(field) => len(code(self.operands.get(*field)?)),
            Term::TrimmedCharacters(field) => {
                len(format!("{}.strip(\" \")", code(self.operands.get(*field)?)))
            }
            Term::Bytes(field) => {
                let operand = self.operands.get(*field)?;
                match operand.base.scalar() {
                    Some(Scalar::Bytes) => len(code(operand)),
                    _ => len(format!("{}.encode()", code(operand))),
                }
            }
            Term::Elements(field) => {
                let operand = self.operands.get(*field)?;
                if operand.base.dimensions > 1 {
                    self.needs.support(Support::Count);
                    Py::call("_count", vec![atom(operand)])
                } else {
                    len(code(operand))
                }
            }
            Term::JsonKind(field) => {
                self.needs.support(Support::JsonKind);
                Py::call("_json_kind", vec![atom(self.operands.get(*field)?)])
            }
            Term::Given(fields) => {
                let values: Result<Vec<Py>, Reason> =
                    fields.iter().map(|field| self.operands.get(*field).map(atom)).collect();
                self.needs.support(Support::Given);
                Py::call("_given", values?)
            }
        })
    }

    /// A field's value in a form that compares as PostgreSQL compares it.
    fn value(&mut self, field: FieldIndex) -> Result<String, Reason> {
        let operand = self.operands.get(field)?;
        let code = code(operand);
        Ok(match operand.base.scalar() {
            Some(Scalar::Real | Scalar::Double | Scalar::Numeric(_)) if self.non_finite => {
                return Err(NON_FINITE);
            }
            Some(Scalar::Real) => {
                self.needs.support(Support::Single);
                format!("_single({code})")
            }
            _ => code,
        })
    }

    /// A constant beside a value of this scalar.
    fn constant(&mut self, constant: &Constant, scalar: Option<Scalar>) -> SmolStr {
        match (constant, scalar) {
            (Constant::Number(number), Some(Scalar::Numeric(_))) if number.scale() > 0 => {
                self.needs.import("decimal", "Decimal");
                format_smolstr!("Decimal(\"{number}\")")
            }
            _ => self::constant(constant),
        }
    }
}

/// A constant as Python writes it.
fn constant(constant: &Constant) -> SmolStr {
    match constant {
        Constant::Number(number) => number.to_smolstr(),
        Constant::Text(text) => python::string(text),
        Constant::Bool(true) => SmolStr::new_static("True"),
        Constant::Bool(false) => SmolStr::new_static("False"),
    }
}
