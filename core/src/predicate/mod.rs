//! What CHECK constraints and domains demand, in the small language that every validator target prints.
//!
//! In: checked SQL expressions over a relation's columns. Out: [`Predicate`]s that mean the same, with
//! negations pushed down to the atoms, or the reason why there is none: a check is carried whole or not
//! at all. Logic is PostgreSQL's, with three values: a check passes unless it is false, so an atom over
//! a null passes, negated or not. Knows no target language.

mod decimal;
mod fold;
mod from_check;
mod from_type;
mod pattern;

pub use decimal::Decimal;
pub use fold::fold;
pub use from_check::from_check;
pub use from_type::{Family, Scope};
pub use pattern::{Part, Pattern};

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use smol_str::SmolStr;

use crate::sort;

/// A column, by its position in its relation; of a domain, 0 is `VALUE`.
pub type FieldIndex = usize;

/// What a row must satisfy. Passes unless it is false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Predicate {
    /// All of them; none is true.
    All(Vec<Predicate>),
    /// At least one of them; none is false.
    Any(Vec<Predicate>),
    /// Whether a field is null, or is not: never unknown.
    Null(FieldIndex, Polarity),
    /// A boolean field is true, or is not.
    Truth(FieldIndex, Polarity),
    /// An ordering or equality; at least one side is a field's.
    Compare(Term, Comparison, Term),
    /// A field is among constants of its own kind, or is not.
    OneOf(FieldIndex, Vec<Constant>, Polarity),
    /// A pattern matches somewhere in a text, or does not.
    Matches(FieldIndex, Pattern, Polarity),
}

/// Whether an atom holds as it stands or negated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Polarity {
    /// As it stands.
    Is,
    /// Negated.
    IsNot,
}

impl Polarity {
    /// The other one, if so asked.
    #[must_use]
    pub const fn flip(self, negated: bool) -> Self {
        match (self, negated) {
            (Self::Is, false) | (Self::IsNot, true) => Self::Is,
            (Self::IsNot, false) | (Self::Is, true) => Self::IsNot,
        }
    }
}

pub use crate::sql::expr::Comparison;

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// A field's value.
    Field(FieldIndex),
    /// A constant.
    Constant(Constant),
    /// The number of characters of a text.
    Characters(FieldIndex),
    /// The number of characters of a text without the spaces at both its ends.
    TrimmedCharacters(FieldIndex),
    /// The number of bytes: of a text in UTF-8, of a `bytea` its own.
    Bytes(FieldIndex),
    /// The number of elements of an array, 0 for an empty one.
    Elements(FieldIndex),
    /// What a JSON value is: `object`, `array`, `string`, `number`, `boolean` or `null`.
    JsonKind(FieldIndex),
    /// How many of these fields are not null.
    Given(Vec<FieldIndex>),
}

impl Term {
    /// The field that makes it null when it is null.
    pub const fn field(&self) -> Option<FieldIndex> {
        match self {
            Self::Field(field)
            | Self::Characters(field)
            | Self::TrimmedCharacters(field)
            | Self::Bytes(field)
            | Self::Elements(field)
            | Self::JsonKind(field) => Some(*field),
            Self::Constant(_) | Self::Given(_) => None,
        }
    }
}

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Constant {
    /// A number.
    Number(Decimal),
    /// A text, or a label of an enum.
    Text(SmolStr),
    /// A truth value.
    Bool(bool),
}

impl Constant {
    /// Whether it stands to another one as `op` says, where that can be told.
    pub fn compare(&self, op: Comparison, other: &Self) -> Option<bool> {
        let order = match (self, other) {
            (Self::Number(one), Self::Number(other)) => Some(one.cmp(other)),
            _ => None,
        };
        match op {
            Comparison::Eq => Some(self == other),
            Comparison::Ne => Some(self != other),
            Comparison::Lt => order.map(Ordering::is_lt),
            Comparison::Le => order.map(Ordering::is_le),
            Comparison::Gt => order.map(Ordering::is_gt),
            Comparison::Ge => order.map(Ordering::is_ge),
        }
    }
}

impl Predicate {
    /// The fields that it speaks of, each once, in order.
    pub fn fields(&self) -> Vec<FieldIndex> {
        let mut fields = Vec::with_capacity(2);
        self.each_field(&mut |field| fields.push(field));
        sort::by(&mut fields, Ord::cmp);
        fields.dedup();
        fields
    }

    /// The field that it speaks of, if it speaks of one alone.
    pub fn only_field(&self) -> Option<FieldIndex> {
        let first = self.subject();
        let mut is_only = true;
        self.each_field(&mut |field| is_only &= Some(field) == first);
        first.filter(|_| is_only)
    }

    /// The field that it names first: the one to blame.
    pub fn subject(&self) -> Option<FieldIndex> {
        let mut first = None;
        self.each_field(&mut |field| {
            first.get_or_insert(field);
        });
        first
    }

    fn each_field(&self, see: &mut dyn FnMut(FieldIndex)) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.each_field(see);
                }
            }
            Self::Null(field, _)
            | Self::Truth(field, _)
            | Self::OneOf(field, ..)
            | Self::Matches(field, ..) => see(*field),
            Self::Compare(left, _, right) => {
                for term in [left, right] {
                    match term {
                        Term::Given(given) => given.iter().for_each(|field| see(*field)),
                        _ => term.field().into_iter().for_each(&mut *see),
                    }
                }
            }
        }
    }
}

/// What one field must satisfy by itself: predicates that a validator has words of its own for, and the
/// others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The least number, and whether it is allowed itself.
    pub lower: Option<Bound>,
    /// The greatest number, and whether it is allowed itself.
    pub upper: Option<Bound>,
    /// The least number of characters.
    pub min_characters: Option<u32>,
    /// The greatest number of characters.
    pub max_characters: Option<u32>,
    /// The least number of elements.
    pub min_elements: Option<u32>,
    /// The greatest number of elements.
    pub max_elements: Option<u32>,
    /// Patterns, each of which matches.
    pub patterns: Vec<Pattern>,
    /// The only values; the rules above are empty then.
    pub one_of: Option<Vec<Constant>>,
    /// All else that speaks of this field alone.
    pub rest: Vec<Rule>,
}

impl Rules {
    /// What demands nothing.
    pub const NONE: Self = Self {
        lower: None,
        upper: None,
        min_characters: None,
        max_characters: None,
        min_elements: None,
        max_elements: None,
        patterns: Vec::new(),
        one_of: None,
        rest: Vec::new(),
    };

    /// Whether they demand nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::NONE
    }
}

// By hand: what a predicate says of one field hardly ever tells two sets of rules apart.
impl Hash for Rules {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.lower, self.upper, self.min_characters, self.max_characters).hash(state);
        (self.min_elements, self.max_elements, &self.patterns, &self.one_of).hash(state);
    }
}

/// A predicate and the check that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What must hold.
    pub predicate: Predicate,
    /// The check's SQL, as written.
    pub text: SmolStr,
    /// The check's position among the constraints of its table, or the checks of its domain.
    pub check: usize,
}

impl Rule {
    /// The check's SQL on one line, for a message.
    pub fn one_line(&self) -> String {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A bound of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bound {
    /// Where it lies.
    pub value: Decimal,
    /// Whether the value itself is allowed.
    pub inclusive: bool,
}

impl Bound {
    /// The least whole number that it allows as a lower bound.
    pub const fn least_whole(self) -> i128 {
        match self.value.as_whole() {
            Some(whole) if self.inclusive => whole,
            _ => self.value.floor() + 1,
        }
    }

    /// The greatest whole number that it allows as an upper bound.
    pub const fn greatest_whole(self) -> i128 {
        match self.value.as_whole() {
            Some(whole) if !self.inclusive => whole - 1,
            _ => self.value.floor(),
        }
    }
}

/// The rules of a relation: for each field those of its own, and those between fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    /// As many as there are fields.
    pub fields: Vec<Rules>,
    /// Rules of several fields.
    pub rows: Vec<Rule>,
}
