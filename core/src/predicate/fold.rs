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
        Folded { fields: scope.families.iter().map(|_| Rules::NONE).collect(), rows: Vec::new() };
    let mut others: Vec<Rule> = Vec::with_capacity(2 * rules.len());
    for Rule { predicate, text, check } in rules {
        each_conjunct(predicate, &mut |predicate| match predicate {
            Predicate::OneOf(field, values, Polarity::Is) => {
                let Some(rules) = folded.fields.get_mut(field) else { return };
                rules.one_of = Some(match rules.one_of.take() {
                    None => values,
                    Some(earlier) => earlier.into_iter().filter(|it| values.contains(it)).collect(),
                });
            }
            predicate => others.push(Rule { predicate, text: text.clone(), check }),
        });
    }
    for rule in others {
        // Whether a field is null is decided where it stands beside the others.
        match rule.predicate.only_field().filter(|_| !speaks_of_null(&rule.predicate)) {
            Some(field) => {
                let Some(rules) = folded.fields.get_mut(field) else { continue };
                let plain = native(field) && rules.one_of.is_none();
                if !(plain && rules.take(&rule.predicate, scope.family(field))) {
                    rules.rest.push(rule);
                }
            }
            None => folded.rows.push(rule),
        }
    }
    folded
}

/// Shows the parts that must all hold, simplified.
fn each_conjunct(predicate: Predicate, see: &mut dyn FnMut(Predicate)) {
    match predicate {
        Predicate::All(parts) => parts.into_iter().for_each(|part| each_conjunct(part, see)),
        Predicate::Any(parts) => see(any(parts)),
        atom => see(atom),
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
