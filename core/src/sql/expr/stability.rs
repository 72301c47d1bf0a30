//! Operations whose result depends on the session's settings, such as its time zone.
//!
//! In: a tree, and the types of the columns. Out: the parts that PostgreSQL does not call immutable.
//! The rules were read off the catalog of PostgreSQL 15 (`provolatile` of casts, operators and those
//! overloads that are less stable than their namesakes). Where a type is not known, it is silent.

use super::scope::{Scope, ValueType};
use super::tree::{Arithmetic, Literal, Node, Simple};
use crate::sql::BaseType;
use crate::sql::builtins;
use crate::sql::types::{Family, catalog_name, facts, parse_type, resolve_base};

/// Why a part is not immutable.
pub(super) struct Unstable {
    /// On what its result depends.
    pub(super) reason: &'static str,
    /// What to do.
    pub(super) help: Option<&'static str>,
}

const ZONE: Unstable = Unstable {
    reason: "the session's time zone",
    help: Some("say the zone: `(column at time zone 'utc')`"),
};
const STYLE: Unstable = Unstable { reason: "the session's settings", help: None };
const SEARCH: Unstable = Unstable {
    reason: "the session's text search configuration",
    help: Some("name the configuration first: `'english'`"),
};
/// Why this operation, apart from its operands, is not immutable; none where it is or may be.
pub(super) fn unstable(node: &Node, scope: &dyn Scope) -> Option<Unstable> {
    match &node.kind {
        Simple::Cast { expr, ty } => {
            // A literal is read once, when the expression is stored.
            if matches!(expr.kind, Simple::Literal(_)) {
                return None;
            }
            let Some(ValueType::Base(to)) = named_type(ty) else { return None };
            cast(value_type(expr, scope)?, to)
        }
        Simple::Call { name, args } => call(name, args, scope),
        Simple::Arith { op: Arithmetic::Concat, left, right } => {
            // PostgreSQL casts the operand that is no text.
            match (value_type(left, scope), value_type(right, scope)) {
                (Some(other), right_type) if is_text(right, right_type) => {
                    cast(other, BaseType::Text)
                }
                (left_type, Some(other)) if is_text(left, left_type) => cast(other, BaseType::Text),
                _ => None,
            }
        }
        Simple::Arith { op: Arithmetic::Add | Arithmetic::Sub, left, right } => {
            let types = (value_type(left, scope)?, value_type(right, scope)?);
            let zoned = ValueType::Base(BaseType::TimestampTz);
            let span = ValueType::Base(BaseType::Interval);
            (types == (zoned, span) || types == (span, zoned))
                .then_some(Unstable { reason: ZONE.reason, help: None })
        }
        Simple::Compare { left, right, .. } => {
            let zoned = |ty| ty == ValueType::Base(BaseType::TimestampTz);
            let local = |ty| matches!(ty, ValueType::Base(BaseType::Date | BaseType::Timestamp));
            let (left, right) = (value_type(left, scope)?, value_type(right, scope)?);
            (zoned(left) && local(right) || local(left) && zoned(right)).then_some(ZONE)
        }
        _ => None,
    }
}

fn cast(from: ValueType, to: BaseType) -> Option<Unstable> {
    let to_family = facts(to).family;
    let ValueType::Base(from) = from else {
        // An enum.
        return (to_family == Family::Text).then_some(STYLE);
    };
    match (facts(from).family, to_family) {
        (
            Family::TimestampTz,
            Family::Date | Family::Time | Family::TimeTz | Family::Timestamp | Family::Text,
        )
        | (Family::Date | Family::Timestamp, Family::TimestampTz)
        | (Family::Time, Family::TimeTz) => Some(ZONE),
        (
            Family::Date
            | Family::Timestamp
            | Family::Interval
            | Family::Money
            | Family::Range(_)
            | Family::Multirange(_),
            Family::Text,
        )
        | (
            Family::Text,
            Family::Date
            | Family::Time
            | Family::TimeTz
            | Family::Timestamp
            | Family::TimestampTz
            | Family::Interval
            | Family::Money
            | Family::Range(_)
            | Family::Multirange(_),
        )
        | (Family::Integer { .. } | Family::Numeric, Family::Money)
        | (Family::Money, Family::Numeric) => Some(STYLE),
        _ => None,
    }
}

fn call(name: &str, args: &[Node], scope: &dyn Scope) -> Option<Unstable> {
    let of = |index: usize| args.get(index).and_then(|arg| value_type(arg, scope));
    let zoned = |index| of(index) == Some(ValueType::Base(BaseType::TimestampTz));
    match (name, args.len()) {
        ("extract" | "date_part", 2) | ("date_trunc", 2 | 3) if zoned(1) => Some(ZONE),
        // There is none for days: they are made moments first.
        ("date_trunc", 2) if of(1) == Some(ValueType::Base(BaseType::Date)) => Some(Unstable {
            reason: ZONE.reason,
            help: Some("say that it has none: `column::timestamp`"),
        }),
        ("age", 1) => Some(Unstable { reason: "the current day", help: None }),
        ("date" | "time" | "timestamp" | "timetz", 1) if zoned(0) => Some(ZONE),
        (
            "to_tsvector"
            | "to_tsquery"
            | "plainto_tsquery"
            | "phraseto_tsquery"
            | "websearch_to_tsquery",
            1,
        ) => Some(SEARCH),
        _ => None,
    }
}

fn is_text(node: &Node, ty: Option<ValueType>) -> bool {
    match ty {
        Some(ValueType::Base(base)) => facts(base).family == Family::Text,
        Some(ValueType::Enum) => false,
        None => matches!(&node.kind, Simple::Literal(Literal::String(_))),
    }
}

/// The type of `node`, where it is certain.
fn value_type(node: &Node, scope: &dyn Scope) -> Option<ValueType> {
    match &node.kind {
        Simple::Column { qualifier, name } => scope.column_type(qualifier.as_deref(), name),
        Simple::Cast { ty, .. } => named_type(ty),
        Simple::Typed(ty) => named_type(ty),
        Simple::Neg(expr) => value_type(expr, scope),
        Simple::Arith { op, left, right } => {
            let (left, right) = (value_type(left, scope)?, value_type(right, scope)?);
            let (zoned, span) =
                (ValueType::Base(BaseType::TimestampTz), ValueType::Base(BaseType::Interval));
            match op {
                Arithmetic::Add | Arithmetic::Sub if (left, right) == (zoned, span) => Some(zoned),
                _ => None,
            }
        }
        Simple::Call { name, args } => match (name.as_str(), args.as_slice()) {
            ("coalesce", args) => args.iter().find_map(|arg| value_type(arg, scope)),
            ("nullif", [first, ..]) => value_type(first, scope),
            ("date_trunc", [_, moment, ..]) => match value_type(moment, scope)? {
                ValueType::Base(BaseType::Date) => Some(ValueType::Base(BaseType::TimestampTz)),
                other => Some(other),
            },
            // `at time zone` turns the one into the other.
            ("timezone", [_, moment]) => match value_type(moment, scope)? {
                ValueType::Base(BaseType::TimestampTz) => {
                    Some(ValueType::Base(BaseType::Timestamp))
                }
                ValueType::Base(BaseType::Timestamp) => {
                    Some(ValueType::Base(BaseType::TimestampTz))
                }
                ValueType::Base(_) | ValueType::Enum => None,
            },
            _ => {
                let returns = builtins::function(name)?.returns?;
                let found = |base: &&BaseType| catalog_name(**base) == returns;
                BaseType::ALL.iter().find(found).copied().map(ValueType::Base)
            }
        },
        _ => None,
    }
}

fn named_type(text: &str) -> Option<ValueType> {
    let ty = parse_type(text).ok().filter(|ty| ty.dimensions == 0)?;
    Some(ValueType::Base(resolve_base(&ty).ok()??.base))
}
