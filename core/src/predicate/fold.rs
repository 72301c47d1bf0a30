//! Predicates by field: bounds, lengths, patterns and sets into the words that validators have, the rest
//! as it is.

use super::{
    Bound, Comparison, Constant, Decimal, Family, FieldIndex, Folded, Pattern, Polarity, Predicate,
    Rule, Rules, Scope, Term,
};

/// Sorts the rules of a relation by field. Rules of one field that a validator has words for are merged:
/// two lower bounds become the tighter one. `native` says which fields take words at all; those of a
/// named type take only closures and sets.
pub fn fold(rules: Vec<Rule>, scope: &Scope<'_>, native: impl Fn(FieldIndex) -> bool) -> Folded {
    let mut folded =
        Folded { fields: vec![Rules::default(); scope.families.len()], rows: Vec::new() };
    let mut sets: Vec<Rule> = Vec::new();
    let mut others: Vec<Rule> = Vec::new();
    for rule in rules {
        for predicate in conjuncts(rule.predicate) {
            let rule = Rule { predicate, text: rule.text.clone(), check: rule.check };
            match &rule.predicate {
                Predicate::OneOf(_, _, Polarity::Is) => sets.push(rule),
                _ => others.push(rule),
            }
        }
    }
    for rule in sets {
        let Predicate::OneOf(field, values, _) = rule.predicate else { continue };
        let Some(rules) = folded.fields.get_mut(field) else { continue };
        let kept = match rules.one_of.take() {
            None => values,
            Some(earlier) => earlier.into_iter().filter(|it| values.contains(it)).collect(),
        };
        rules.one_of = Some(kept);
    }
    for rule in others {
        let fields = rule.predicate.fields();
        // Whether a field is null is decided where it stands beside the others.
        let speaks_of_null = speaks_of_null(&rule.predicate);
        match (fields.as_slice(), speaks_of_null) {
            ([field], false) => {
                let Some(rules) = folded.fields.get_mut(*field) else { continue };
                let plain = native(*field) && rules.one_of.is_none();
                if !(plain && rules.take(&rule.predicate, scope.family(*field))) {
                    rules.rest.push(rule);
                }
            }
            _ => folded.rows.push(rule),
        }
    }
    folded
}

/// The parts that must all hold, simplified.
fn conjuncts(predicate: Predicate) -> Vec<Predicate> {
    match predicate {
        Predicate::All(parts) => parts.into_iter().flat_map(conjuncts).collect(),
        Predicate::Any(parts) => vec![any(parts)],
        atom => vec![atom],
    }
}

/// `x IS NULL OR x > 0` is `x > 0`, which a null passes as well.
fn any(parts: Vec<Predicate>) -> Predicate {
    let passes_null = |field: FieldIndex| {
        parts.iter().any(|part| match part {
            Predicate::Compare(left, _, right) => {
                left.field() == Some(field) || right.field() == Some(field)
            }
            Predicate::Truth(of, _) | Predicate::OneOf(of, ..) | Predicate::Matches(of, ..) => {
                *of == field
            }
            Predicate::All(_) | Predicate::Any(_) | Predicate::Null(..) => false,
        })
    };
    let needless: Vec<bool> = parts
        .iter()
        .map(|part| matches!(part, Predicate::Null(field, Polarity::Is) if passes_null(*field)))
        .collect();
    let mut kept: Vec<Predicate> = parts
        .into_iter()
        .zip(needless)
        .filter_map(|(part, needless)| (!needless).then_some(part))
        .collect();
    match (kept.pop(), kept.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            kept.extend(last);
            Predicate::Any(kept)
        }
    }
}

fn speaks_of_null(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::All(parts) | Predicate::Any(parts) => {
            parts.is_empty() || parts.iter().any(speaks_of_null)
        }
        Predicate::Null(..) => true,
        Predicate::Compare(left, _, right) => {
            matches!(left, Term::Given(_)) || matches!(right, Term::Given(_))
        }
        Predicate::Truth(..) | Predicate::OneOf(..) | Predicate::Matches(..) => false,
    }
}

impl Rules {
    /// Takes in a predicate of this field alone, if there are words for it.
    fn take(&mut self, predicate: &Predicate, family: Family) -> bool {
        match predicate {
            Predicate::Matches(_, pattern, Polarity::Is) => {
                self.patterns.push(Pattern::clone(pattern));
                true
            }
            Predicate::Compare(Term::Field(_), op, Term::Constant(Constant::Number(value))) => {
                matches!(family, Family::Integer | Family::Numeric(_) | Family::Double)
                    && self.take_number(*op, *value)
            }
            Predicate::Compare(
                Term::Field(_),
                Comparison::Ne,
                Term::Constant(Constant::Text(text)),
            ) if text.is_empty() => {
                raise(&mut self.min_characters, 1);
                true
            }
            Predicate::Compare(
                Term::Characters(_),
                op,
                Term::Constant(Constant::Number(count)),
            ) => take_count(&mut self.min_characters, &mut self.max_characters, *op, *count),
            Predicate::Compare(Term::Elements(_), op, Term::Constant(Constant::Number(count))) => {
                take_count(&mut self.min_elements, &mut self.max_elements, *op, *count)
            }
            _ => false,
        }
    }

    fn take_number(&mut self, op: Comparison, value: Decimal) -> bool {
        let (lower, upper) = match op {
            Comparison::Ge => (Some(true), None),
            Comparison::Gt => (Some(false), None),
            Comparison::Le => (None, Some(true)),
            Comparison::Lt => (None, Some(false)),
            Comparison::Eq => (Some(true), Some(true)),
            Comparison::Ne => return false,
        };
        if let Some(inclusive) = lower {
            let tighter = |it: Bound| it.value > value || (it.value == value && !it.inclusive);
            if !self.lower.is_some_and(tighter) {
                self.lower = Some(Bound { value, inclusive });
            }
        }
        if let Some(inclusive) = upper {
            let tighter = |it: Bound| it.value < value || (it.value == value && !it.inclusive);
            if !self.upper.is_some_and(tighter) {
                self.upper = Some(Bound { value, inclusive });
            }
        }
        true
    }
}

/// A comparison of a count, as a least and a greatest count.
fn take_count(
    min: &mut Option<u32>,
    max: &mut Option<u32>,
    op: Comparison,
    count: Decimal,
) -> bool {
    let Some(count) = count.as_whole().and_then(|count| u32::try_from(count).ok()) else {
        return false;
    };
    match op {
        Comparison::Ge => raise(min, count),
        Comparison::Gt if count < u32::MAX => raise(min, count + 1),
        Comparison::Le => lower(max, count),
        Comparison::Lt if count > 0 => lower(max, count - 1),
        Comparison::Eq => {
            raise(min, count);
            lower(max, count);
        }
        Comparison::Ne if count == 0 => raise(min, 1),
        Comparison::Gt | Comparison::Lt | Comparison::Ne => return false,
    }
    true
}

fn raise(min: &mut Option<u32>, count: u32) {
    *min = Some(min.map_or(count, |min| min.max(count)));
}

fn lower(max: &mut Option<u32>, count: u32) {
    *max = Some(max.map_or(count, |max| max.min(count)));
}
