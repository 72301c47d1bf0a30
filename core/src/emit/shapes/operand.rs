//! What rules speak of, and PostgreSQL's logic of three values.
//!
//! In: the fields of an object, or a value by itself. Out: what a validator reads for each field that a
//! predicate names, and where an atom of it is unknown. A predicate passes unless it is false, and its
//! negations stand at the atoms: so a target that lets every unknown atom pass is right about the whole.

use smol_str::SmolStr;

use super::{Bases, Entity, Field, Presence, Purpose, Reading, Value};
use crate::predicate::{FieldIndex, Polarity, Predicate, Rule, Term};
use crate::schema::FieldOverride;

/// Why a language cannot decide a predicate, as the end of "not checked here: …".
pub type Reason = &'static str;

/// Why nothing is said of numbers that may be `NaN`: PostgreSQL orders them otherwise than any language.
pub const NON_FINITE: Reason = "its numbers may be `NaN` or infinite";

/// What a rule reads.
#[derive(Debug)]
pub struct Operand<'a> {
    /// The field's name in the language; none for a value that is read by itself.
    pub name: Option<SmolStr>,
    /// What it is, of a domain what that restricts.
    pub base: &'a Value,
    /// What it is where it is null or absent.
    pub reading: Reading,
}

/// What rules read, by field.
#[derive(Debug)]
pub enum Operands<'a> {
    /// A value by itself, whose null passes before any rule is asked.
    Value(Operand<'a>),
    /// The fields of an object that its rules name, but for those that it never has and those with
    /// validators by hand.
    Object(Vec<(FieldIndex, Operand<'a>)>),
}

/// Where an atom is unknown.
#[derive(Debug, Clone, Copy)]
pub enum Guard<'a> {
    /// Where this is null, or absent with the same meaning.
    Null(&'a Operand<'a>),
    /// Where this is absent, and the database decides.
    Absent(&'a Operand<'a>),
}

impl<'a> Operands<'a> {
    /// Those of a rule on a value by itself.
    pub const fn value(base: &'a Value) -> Self {
        let reading = Reading { default: None, guarded: false, absent_is_open: false };
        Self::Value(Operand { name: None, base, reading })
    }

    /// Those of the rules between the fields of an object.
    pub fn object(
        entity: &'a Entity,
        purpose: Purpose,
        overrides: &[FieldOverride],
        bases: &Bases<'a>,
        name: impl Fn(&Field) -> SmolStr,
    ) -> Self {
        let rules = entity.rules.iter();
        let named: Vec<FieldIndex> = rules.flat_map(|rule| rule.predicate.fields()).collect();
        let has = |field: &Field| {
            let by_hand = overrides.iter().any(|it| it.field == field.column.as_str());
            !by_hand && purpose.presence(field) != Presence::Never
        };
        let fields = entity.fields.iter().enumerate();
        let operands = fields.filter(|(index, field)| named.contains(index) && has(field));
        let operand = |field: &'a Field| Operand {
            name: Some(name(field)),
            base: bases.of(&field.value),
            reading: purpose.reading(field),
        };
        Self::Object(operands.map(|(index, field)| (index, operand(field))).collect())
    }

    /// What a field is read as.
    pub fn get(&self, field: FieldIndex) -> Result<&Operand<'a>, Reason> {
        match self {
            Self::Value(operand) => Some(operand),
            Self::Object(operands) => {
                operands.iter().find(|(index, _)| *index == field).map(|(_, operand)| operand)
            }
        }
        .ok_or("it speaks of a field that is absent")
    }

    /// Where an atom is unknown.
    pub fn guards(&self, atom: &Predicate) -> Result<Vec<Guard<'_>>, Reason> {
        let mut guards = Vec::new();
        let mut null = |field: FieldIndex| -> Result<(), Reason> {
            let operand = self.get(field)?;
            guards.extend(operand.reading.guarded.then_some(Guard::Null(operand)));
            Ok(())
        };
        match atom {
            Predicate::All(_) | Predicate::Any(_) | Predicate::Null(_, Polarity::Is) => {}
            Predicate::Null(field, Polarity::IsNot) => guards.extend(self.get(*field)?.if_open()),
            Predicate::Truth(field, _)
            | Predicate::OneOf(field, ..)
            | Predicate::Matches(field, ..) => null(*field)?,
            Predicate::Compare(left, _, right) => {
                let [one, other] = [left.field(), right.field()];
                for field in one.into_iter().chain(other.filter(|_| other != one)) {
                    null(field)?;
                }
                for term in [left, right] {
                    let Term::Given(fields) = term else { continue };
                    for field in fields {
                        guards.extend(self.get(*field)?.if_open());
                    }
                }
            }
        }
        Ok(guards)
    }
}

impl Operand<'_> {
    fn if_open(&self) -> Option<Guard<'_>> {
        self.reading.absent_is_open.then_some(Guard::Absent(self))
    }
}

/// What is said of each rule that can be; the others are noted as `missed`, by their checks.
pub fn said<'r, T>(
    rules: impl IntoIterator<Item = &'r Rule>,
    missed: &mut Vec<(usize, Reason)>,
    mut say: impl FnMut(&'r Rule) -> Result<T, Reason>,
) -> Vec<T> {
    let mut all = Vec::new();
    for rule in rules {
        match say(rule) {
            Ok(one) => all.push(one),
            Err(reason) => missed.push((rule.check, reason)),
        }
    }
    all
}
