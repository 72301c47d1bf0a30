//! From a check's tree to a predicate that means the same, or the reason why there is none.

use smol_str::{SmolStr, format_smolstr};

use super::{
    Comparison, Constant, Decimal, Family, FieldIndex, Pattern, Polarity, Predicate, Scope, Term,
};
use crate::sql::expr::{Literal, Node, Simple};

/// Why a check is not carried, as the end of "not carried: …".
type Reason = String;

/// The predicate that a check demands.
pub fn from_check(node: &Node, scope: &Scope<'_>) -> Result<Predicate, Reason> {
    Reader { scope }.predicate(node, false, DEPTH_LIMIT)
}

/// The parser bounds depth as well; this bounds the recursion here.
const DEPTH_LIMIT: u32 = 200;

struct Reader<'a> {
    scope: &'a Scope<'a>,
}

impl Reader<'_> {
    fn predicate(&self, node: &Node, negated: bool, depth: u32) -> Result<Predicate, Reason> {
        let depth = depth.checked_sub(1).ok_or("it is nested too deeply")?;
        let parts = |nodes: &[Node], all: bool| {
            let parts: Result<Vec<_>, _> =
                nodes.iter().map(|node| self.predicate(node, negated, depth)).collect();
            Ok(if all == negated { Predicate::Any(parts?) } else { Predicate::All(parts?) })
        };
        match &node.kind {
            Simple::And(nodes) => parts(nodes, true),
            Simple::Or(nodes) => parts(nodes, false),
            Simple::Not(inner) => self.predicate(inner, !negated, depth),
            Simple::Literal(Literal::Bool(value)) => Ok(if *value == negated {
                Predicate::Any(Vec::new())
            } else {
                Predicate::All(Vec::new())
            }),
            // Unknown, negated or not: passes.
            Simple::Literal(Literal::Null) => Ok(Predicate::All(Vec::new())),
            Simple::Column { .. } | Simple::Value => {
                let field = self.field(node)?;
                match self.scope.family(field) {
                    Family::Boolean => Ok(Predicate::Truth(field, Polarity::Is.flip(negated))),
                    _ => Err("it takes a column for a truth value that is none".to_owned()),
                }
            }
            Simple::IsNull { expr, negated: not } => {
                let field = self.field(expr)?;
                if matches!(self.scope.family(field), Family::Composite(_) | Family::Json) {
                    return Err("null means more than one thing for that type".to_owned());
                }
                Ok(Predicate::Null(field, Polarity::Is.flip(negated != *not)))
            }
            Simple::IsTruth { expr, value: Some(value), negated: not } => {
                let field = self.field(expr)?;
                if self.scope.family(field) != Family::Boolean {
                    return Err("it takes a column for a truth value that is none".to_owned());
                }
                let not = negated != *not;
                let parts = vec![
                    Predicate::Null(field, Polarity::IsNot.flip(not)),
                    Predicate::Truth(field, Polarity::Is.flip(not == *value)),
                ];
                Ok(if not { Predicate::Any(parts) } else { Predicate::All(parts) })
            }
            Simple::Compare { op: op @ (Comparison::Eq | Comparison::Ne), left, right }
                if is_condition(left) && is_condition(right) =>
            {
                // Both or neither; unknown where either is.
                let same = (*op == Comparison::Eq) != negated;
                let pair = |left_negated: bool, right_negated: bool| -> Result<Predicate, Reason> {
                    Ok(Predicate::All(vec![
                        self.predicate(left, left_negated, depth)?,
                        self.predicate(right, right_negated, depth)?,
                    ]))
                };
                Ok(Predicate::Any(vec![pair(false, !same)?, pair(true, same)?]))
            }
            Simple::Compare { op, left, right } => self.compare(*op, left, right, negated),
            Simple::Between { expr, low, high, negated: not } => {
                let not = negated != *not;
                let low = self.compare(Comparison::Ge, expr, low, not)?;
                let high = self.compare(Comparison::Le, expr, high, not)?;
                let parts = vec![low, high];
                Ok(if not { Predicate::Any(parts) } else { Predicate::All(parts) })
            }
            Simple::In { expr, list, negated: not } => self.one_of(expr, list, negated != *not),
            Simple::AnyArray { left, op: Comparison::Eq, list, all: false } => {
                self.one_of(left, list, negated)
            }
            Simple::AnyArray { left, op: Comparison::Ne, list, all: true } => {
                self.one_of(left, list, !negated)
            }
            Simple::Regex { expr, pattern, negated: not, case_insensitive } => {
                let pattern = Pattern::from_regex(literal_text(pattern)?, *case_insensitive)?;
                self.matches(expr, pattern, negated != *not)
            }
            Simple::Like { expr, pattern, escape, negated: not, case_insensitive } => {
                let escape = match escape {
                    None => Some('\\'),
                    Some(escape) => literal_text(escape)?.chars().next(),
                };
                let pattern =
                    Pattern::from_like(literal_text(pattern)?, escape, *case_insensitive)?;
                self.matches(expr, pattern, negated != *not)
            }
            Simple::Call { name, .. } => Err(format!("it calls `{name}`")),
            Simple::Distinct { .. } => Err("it uses `IS DISTINCT FROM`".to_owned()),
            Simple::Case { .. } => Err("it uses `CASE`".to_owned()),
            Simple::AnyArray { .. }
            | Simple::IsTruth { .. }
            | Simple::Literal(_)
            | Simple::Cast { .. }
            | Simple::Neg(_)
            | Simple::Arith { .. }
            | Simple::Array(_)
            | Simple::Special { .. }
            | Simple::Member(_)
            | Simple::Query(_)
            | Simple::Typed(_)
            | Simple::Other => Err("it has a part that is only known to PostgreSQL".to_owned()),
        }
    }

    fn compare(
        &self,
        op: Comparison,
        left: &Node,
        right: &Node,
        negated: bool,
    ) -> Result<Predicate, Reason> {
        let op = if negated { opposite(op) } else { op };
        if let Some(predicate) = self.not_blank(op, left, right) {
            return predicate;
        }
        let lengths = [self.length(left), self.length(right)];
        let (left, right) = (self.term(left)?, self.term(right)?);
        let (left, op, right) = match (&left, &right) {
            (Term::Constant(_), Term::Constant(_)) => {
                return Err("it compares constants".to_owned());
            }
            (Term::Constant(_), _) => (right, mirrored(op), left),
            _ => (left, op, right),
        };
        let equality = matches!(op, Comparison::Eq | Comparison::Ne);
        self.comparable(&left, &right, equality)?;
        let zero = Constant::Number(Decimal::whole(0));
        let passes_empty = match &right {
            Term::Constant(constant) => zero.compare(op, constant) == Some(true),
            _ => false,
        };
        let compared = Predicate::Compare(left, op, right);
        if passes_empty || lengths == [None, None] {
            return Ok(compared);
        }
        let empty = lengths.into_iter().flatten().map(|field| {
            let none = Term::Constant(zero.clone());
            Predicate::Compare(Term::Elements(field), Comparison::Eq, none)
        });
        Ok(Predicate::Any(std::iter::once(compared).chain(empty).collect()))
    }

    /// The array of `array_length(x, 1)`, which of an empty array is null, so that a check of it passes.
    fn length(&self, node: &Node) -> Option<FieldIndex> {
        match &node.kind {
            Simple::Call { name, args } if name == "array_length" => self.only_dimension(args),
            _ => None,
        }
    }

    /// The array of `(x, 1)`, where it has no other dimension.
    fn only_dimension(&self, args: &[Node]) -> Option<FieldIndex> {
        let [array, Node { kind: Simple::Literal(Literal::Number(place)), .. }] = args else {
            return None;
        };
        let field = self.field(array).ok()?;
        (place == "1" && self.scope.family(field) == Family::Array(1)).then_some(field)
    }

    /// Whether both sides compare in other languages as they do in PostgreSQL.
    fn comparable(&self, left: &Term, right: &Term, equality: bool) -> Result<(), Reason> {
        let counts = |term: &Term| {
            matches!(
                term,
                Term::Characters(_)
                    | Term::TrimmedCharacters(_)
                    | Term::Bytes(_)
                    | Term::Elements(_)
                    | Term::Given(_)
            )
        };
        let ok = match (left, right) {
            (Term::Field(one), Term::Field(other)) => {
                let (one, other) = (self.scope.family(*one), self.scope.family(*other));
                match one {
                    Family::Integer
                    | Family::Numeric(_)
                    | Family::Real
                    | Family::Double
                    | Family::Date
                    | Family::Timestamp
                    | Family::TimestampTz => one == other,
                    Family::Text | Family::Uuid | Family::Boolean | Family::Enum(_) => {
                        one == other && equality
                    }
                    Family::Folded
                    | Family::Bytes
                    | Family::Json
                    | Family::Array(_)
                    | Family::Composite(_)
                    | Family::Other => false,
                }
            }
            (Term::Field(field), Term::Constant(constant)) => {
                match (self.scope.family(*field), constant) {
                    (
                        Family::Integer | Family::Numeric(_) | Family::Real | Family::Double,
                        Constant::Number(_),
                    ) => true,
                    (Family::Text | Family::Enum(_), Constant::Text(_))
                    | (Family::Boolean, Constant::Bool(_)) => equality,
                    _ => false,
                }
            }
            (Term::JsonKind(_), Term::Constant(Constant::Text(_))) => equality,
            (term, Term::Constant(Constant::Number(number))) if counts(term) => {
                number.as_whole().is_some()
            }
            (one, other) => counts(one) && counts(other),
        };
        if ok {
            Ok(())
        } else {
            Err("PostgreSQL compares these types by rules of its own".to_owned())
        }
    }

    /// `btrim(x) <> ''`, `length(trim(x)) > 0`: a character that is no space.
    fn not_blank(
        &self,
        op: Comparison,
        left: &Node,
        right: &Node,
    ) -> Option<Result<Predicate, Reason>> {
        let trimmed = |node: &Node| match &node.kind {
            Simple::Call { name, args } if is_trim(name) => match args.as_slice() {
                [arg] => self.text_field(arg).ok(),
                _ => None,
            },
            _ => None,
        };
        let counted = |node: &Node| match &node.kind {
            Simple::Call { name, args } if is_length(name) => args.first().and_then(trimmed),
            _ => None,
        };
        let is_empty =
            matches!(&right.kind, Simple::Literal(Literal::String(text)) if text.is_empty());
        let field = if let (Some(field), true, Comparison::Ne) = (trimmed(left), is_empty, op) {
            field
        } else {
            let field = counted(left)?;
            let Simple::Literal(Literal::Number(number)) = &right.kind else { return None };
            match (op, number.as_str()) {
                (Comparison::Gt | Comparison::Ne, "0") | (Comparison::Ge, "1") => field,
                _ => return None,
            }
        };
        Some(Ok(Predicate::Matches(field, Pattern::not_blank(), Polarity::Is)))
    }

    fn one_of(&self, expr: &Node, list: &[Node], negated: bool) -> Result<Predicate, Reason> {
        let Term::Field(field) = self.term(expr)? else {
            return Err("it looks for a computed value in a list".to_owned());
        };
        let mut values = Vec::new();
        for node in list {
            let Term::Constant(value) = self.term(node)? else {
                return Err("it has a list of more than constants".to_owned());
            };
            self.comparable(&Term::Field(field), &Term::Constant(value.clone()), true)?;
            if !values.contains(&value) {
                values.push(value);
            }
        }
        Ok(Predicate::OneOf(field, values, Polarity::Is.flip(negated)))
    }

    fn matches(&self, expr: &Node, pattern: Pattern, negated: bool) -> Result<Predicate, Reason> {
        let field = self.text_field(expr)?;
        Ok(Predicate::Matches(field, pattern, Polarity::Is.flip(negated)))
    }

    fn term(&self, node: &Node) -> Result<Term, Reason> {
        match &node.kind {
            Simple::Column { .. } | Simple::Value => Ok(Term::Field(self.field(node)?)),
            Simple::Literal(literal) => constant(literal, false).map(Term::Constant),
            Simple::Neg(inner) => match &inner.kind {
                Simple::Literal(literal) => constant(literal, true).map(Term::Constant),
                _ => Err("it computes".to_owned()),
            },
            Simple::Cast { expr, .. } => self.cast(expr),
            Simple::Call { name, args } => self.call(name, args),
            Simple::Arith { .. } => Err("it computes".to_owned()),
            Simple::Compare { .. }
            | Simple::Distinct { .. }
            | Simple::Between { .. }
            | Simple::In { .. }
            | Simple::AnyArray { .. }
            | Simple::Like { .. }
            | Simple::Regex { .. }
            | Simple::IsNull { .. }
            | Simple::IsTruth { .. }
            | Simple::And(_)
            | Simple::Or(_)
            | Simple::Not(_)
            | Simple::Array(_)
            | Simple::Case { .. }
            | Simple::Special { .. }
            | Simple::Member(_)
            | Simple::Query(_)
            | Simple::Typed(_)
            | Simple::Other => Err("it has a part that is only known to PostgreSQL".to_owned()),
        }
    }

    /// A cast that changes nothing: of text to text, or of a constant to the other side's type.
    fn cast(&self, expr: &Node) -> Result<Term, Reason> {
        match &expr.kind {
            Simple::Literal(Literal::String(text)) => {
                Ok(Term::Constant(Constant::Text(text.clone())))
            }
            Simple::Column { .. } | Simple::Value => {
                let field = self.field(expr)?;
                match self.scope.family(field) {
                    Family::Text => Ok(Term::Field(field)),
                    _ => Err("it casts".to_owned()),
                }
            }
            _ => Err("it casts".to_owned()),
        }
    }

    fn call(&self, name: &str, args: &[Node]) -> Result<Term, Reason> {
        let array = |node: &Node| match self.field(node) {
            Ok(field) if matches!(self.scope.family(field), Family::Array(_)) => Ok(field),
            Ok(_) => Err(format!("it calls `{name}`")),
            Err(reason) => Err(reason),
        };
        match (name, args) {
            ("octet_length" | "length", [arg]) if self.is_bytes(arg) => {
                self.field(arg).map(Term::Bytes)
            }
            (_, [arg]) if is_length(name) => match &arg.kind {
                Simple::Call { name, args } if is_trim(name) => match args.as_slice() {
                    [arg] => self.text_field(arg).map(Term::TrimmedCharacters),
                    _ => Err("it trims more than spaces".to_owned()),
                },
                _ => self.text_field(arg).map(Term::Characters),
            },
            ("octet_length", [arg]) => self.text_field(arg).map(Term::Bytes),
            ("cardinality", [arg]) => array(arg).map(Term::Elements),
            ("array_length", _) => match self.only_dimension(args) {
                Some(field) => Ok(Term::Elements(field)),
                None => Err("it counts one dimension of several: use `cardinality`".to_owned()),
            },
            ("jsonb_typeof" | "json_typeof", [arg]) => match self.field(arg) {
                Ok(field) if self.scope.family(field) == Family::Json => Ok(Term::JsonKind(field)),
                Ok(_) => Err(format!("it calls `{name}`")),
                Err(reason) => Err(reason),
            },
            ("num_nonnulls", [_, ..]) => {
                let fields: Result<Vec<_>, _> = args.iter().map(|arg| self.field(arg)).collect();
                fields.map(Term::Given)
            }
            _ => Err(format!("it calls `{name}`")),
        }
    }

    fn is_bytes(&self, node: &Node) -> bool {
        self.field(node).is_ok_and(|field| self.scope.family(field) == Family::Bytes)
    }

    fn text_field(&self, node: &Node) -> Result<FieldIndex, Reason> {
        let Term::Field(field) = self.term(node)? else {
            return Err("it computes a text".to_owned());
        };
        match self.scope.family(field) {
            Family::Text => Ok(field),
            Family::Folded => Err("that type has its own notion of characters".to_owned()),
            _ => Err("it reads something else as text".to_owned()),
        }
    }

    fn field(&self, node: &Node) -> Result<FieldIndex, Reason> {
        match &node.kind {
            Simple::Value if self.scope.names.is_empty() => Ok(0),
            Simple::Column { name, .. } => {
                let found = self.scope.names.iter().position(|known| *known == name.as_str());
                match found {
                    Some(field) => Ok(field),
                    None if self.scope.names.is_empty() && name == "value" => Ok(0),
                    None => Err(format!("it speaks of `{name}`, which is no column")),
                }
            }
            Simple::Call { name, .. } => Err(format!("it calls `{name}`")),
            _ => Err("it computes".to_owned()),
        }
    }
}

fn is_trim(name: &str) -> bool {
    matches!(name, "btrim" | "trim")
}

fn is_length(name: &str) -> bool {
    matches!(name, "length" | "char_length" | "character_length")
}

/// Whether a part is a condition by its form.
const fn is_condition(node: &Node) -> bool {
    matches!(
        node.kind,
        Simple::IsNull { .. }
            | Simple::Compare { .. }
            | Simple::In { .. }
            | Simple::Between { .. }
            | Simple::Like { .. }
            | Simple::Regex { .. }
            | Simple::IsTruth { .. }
            | Simple::AnyArray { .. }
            | Simple::And(_)
            | Simple::Or(_)
            | Simple::Not(_)
    )
}

fn literal_text(node: &Node) -> Result<&SmolStr, Reason> {
    match &node.kind {
        Simple::Literal(Literal::String(text)) => Ok(text),
        Simple::Cast { expr, .. } => match &expr.kind {
            Simple::Literal(Literal::String(text)) => Ok(text),
            _ => Err("its pattern is computed".to_owned()),
        },
        _ => Err("its pattern is computed".to_owned()),
    }
}

fn constant(literal: &Literal, negative: bool) -> Result<Constant, Reason> {
    match literal {
        Literal::Number(number) => {
            let text = if negative { format_smolstr!("-{number}") } else { number.clone() };
            let number = Decimal::parse(&text);
            number.map(Constant::Number).ok_or_else(|| format!("`{text}` has too many digits"))
        }
        Literal::String(text) if !negative => Ok(Constant::Text(text.clone())),
        Literal::Bool(value) if !negative => Ok(Constant::Bool(*value)),
        Literal::String(_) | Literal::Bool(_) => Err("it computes".to_owned()),
        Literal::Null => Err("it compares with null".to_owned()),
    }
}

const fn opposite(op: Comparison) -> Comparison {
    match op {
        Comparison::Eq => Comparison::Ne,
        Comparison::Ne => Comparison::Eq,
        Comparison::Lt => Comparison::Ge,
        Comparison::Le => Comparison::Gt,
        Comparison::Gt => Comparison::Le,
        Comparison::Ge => Comparison::Lt,
    }
}

const fn mirrored(op: Comparison) -> Comparison {
    match op {
        Comparison::Eq | Comparison::Ne => op,
        Comparison::Lt => Comparison::Gt,
        Comparison::Le => Comparison::Ge,
        Comparison::Gt => Comparison::Lt,
        Comparison::Ge => Comparison::Le,
    }
}
