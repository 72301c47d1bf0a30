//! Functions as their callers see them.

use std::sync::Arc;

use smol_str::{SmolStr, format_smolstr};

use super::value::{Scalar, ValueKind};
use super::{Field, Presence, Value};
use crate::schema::{
    ArgMode, Argument, Function, FunctionId, FunctionKind, ObjectId, ResultColumn, Returns, Schema,
};

/// A function that code may call.
#[derive(Debug)]
pub struct FunctionShape {
    /// Which one.
    pub id: FunctionId,
    /// Its name in Pascal case; of overloads, the later ones are numbered from 2.
    pub name: String,
    /// Whether it is called by `CALL`.
    pub is_procedure: bool,
    /// What a call gives. Null is a value of each, unless the function is strict.
    pub args: Vec<Field>,
    /// How many of the arguments, from the first, are given by their place: all up to the last one without
    /// a name, which is called `arg2` by its place. None of them can be left out.
    pub positional: usize,
    /// What a call gets.
    pub result: FunctionResult,
    /// `COMMENT ON FUNCTION`.
    pub comment: Option<Arc<str>>,
}

/// What a function gives. PostgreSQL cannot say that a result is not null.
#[derive(Debug)]
pub enum FunctionResult {
    /// Nothing.
    Void,
    /// One value, or null.
    One(Value),
    /// Any number of values, null among them unless they are rows.
    Many(Value),
    /// One row of its own columns.
    Record(Vec<Field>),
    /// Any number of rows of its own columns.
    Records(Vec<Field>),
}

impl FunctionShape {
    /// Why code cannot call a function; empty for trigger functions, which only PostgreSQL itself calls,
    /// and none where code can.
    pub fn refusal(function: &Function) -> Option<&'static str> {
        let is_internal = |arg: &Argument| {
            matches!(Value::of(&arg.ty).scalar(), Some(Scalar::Void | Scalar::Any))
        };
        if is_trigger(&function.returns) {
            Some("")
        } else if function.inputs().any(is_internal) {
            Some("an argument takes values of any type")
        } else if function.kind == FunctionKind::Procedure && has_result_by_place(function) {
            Some("it is a procedure whose results are given by their places")
        } else {
            None
        }
    }

    /// The shape, unless code cannot call the function.
    pub(super) fn new(
        schema: &Schema,
        id: FunctionId,
        function: &Function,
        name: String,
    ) -> Option<Self> {
        let object = ObjectId::Function(id);
        if Self::refusal(function).is_some() {
            return None;
        }
        let positional = function.inputs().enumerate().filter(|(_, arg)| arg.name.is_none());
        let positional = positional.last().map_or(0, |(place, _)| place + 1);
        let field = |(place, arg): (usize, &Argument)| {
            let value = Value::of(&arg.ty).unbound();
            let refuses_null = match value.kind {
                ValueKind::Domain(domain) => {
                    schema.domains.find(domain).is_some_and(|domain| !domain.nullable)
                }
                _ => false,
            };
            Field {
                nullable: !function.strict && !refuses_null,
                insert: match arg.default {
                    Some(_) if place >= positional => Presence::Optional,
                    _ => Presence::Required,
                },
                null_by_default: false,
                ..Field::read_only(object, &argument_name(function, place, arg), value)
            }
        };
        let args = function.inputs().enumerate().map(field).collect();
        Some(Self {
            id,
            name,
            is_procedure: function.kind == FunctionKind::Procedure,
            args,
            positional,
            result: result(function, object),
            comment: function.comment.clone(),
        })
    }
}

/// Whether a result stands where arguments cannot be given by their names.
fn has_result_by_place(function: &Function) -> bool {
    let first = function.args.iter().position(|arg| arg.mode == ArgMode::Out);
    let last = function.args.iter().rposition(|arg| arg.name.is_none());
    first.zip(last).is_some_and(|(result, unnamed)| result <= unnamed)
}

/// What code calls an argument.
fn argument_name(function: &Function, place: usize, arg: &Argument) -> SmolStr {
    let usual = |place: usize| format!("arg{}", place + 1);
    // Targets may write names in a case of their own, in which `arg_2` and `arg2` are one.
    let folded = |name: &str| name.replace('_', "").to_lowercase();
    let is_taken = |name: &str| {
        function.inputs().enumerate().any(|(at, arg)| match &arg.name {
            Some(other) => folded(other) == folded(name),
            None => at != place && usual(at) == folded(name),
        })
    };
    match &arg.name {
        Some(name) => name.clone().into_text(),
        None => {
            let numbered = (2..).map(|number| format!("{}_{number}", usual(place)));
            let mut names = std::iter::once(usual(place)).chain(numbered);
            names.find(|name| !is_taken(name)).unwrap_or_default().into()
        }
    }
}

fn is_trigger(returns: &Returns) -> bool {
    use crate::schema::TypeKind;
    use crate::sql::BaseType;
    match returns {
        Returns::Value(ty) => match &ty.kind {
            TypeKind::Base(base) => matches!(
                base.base,
                BaseType::Trigger | BaseType::EventTrigger | BaseType::Internal | BaseType::Cstring
            ),
            _ => false,
        },
        Returns::Nothing | Returns::Set(_) | Returns::Table(_) => false,
    }
}

fn result(function: &Function, object: ObjectId) -> FunctionResult {
    let is_output = |arg: &&Argument| matches!(arg.mode, ArgMode::Out | ArgMode::InOut);
    let outputs = function.args.iter().filter(is_output).enumerate().map(|(index, arg)| {
        let name = arg.name.as_ref().map_or_else(
            || format_smolstr!("column{}", index + 1),
            |name| name.clone().into_text(),
        );
        Field::read_only(object, &name, Value::of(&arg.ty).unbound())
    });
    let (columns, is_set): (Vec<Field>, bool) = match &function.returns {
        Returns::Table(columns) => {
            let field = |column: &ResultColumn| {
                Field::read_only(object, &column.name, Value::of(&column.ty).unbound())
            };
            (columns.iter().map(field).collect(), true)
        }
        Returns::Set(_) => (outputs.collect(), true),
        Returns::Value(_) | Returns::Nothing => (outputs.collect(), false),
    };
    // A single column is a row as well to PostgREST since its version 8 (its pull requests 1615 and 1931;
    // `rettype_is_composite` in its SchemaCache.hs), unless it is a row itself: of that alone, PostgreSQL
    // gives the columns. The results of a procedure are a row in any case.
    if let ([Field { value, .. }], FunctionKind::Function) = (columns.as_slice(), function.kind)
        && value.dimensions == 0
        && matches!(value.kind, ValueKind::Composite(_) | ValueKind::Row(_))
    {
        let value = value.clone();
        return if is_set { FunctionResult::Many(value) } else { FunctionResult::One(value) };
    }
    match (&function.returns, columns.is_empty()) {
        (Returns::Table(_), _) | (Returns::Set(_), false) => FunctionResult::Records(columns),
        (_, false) => FunctionResult::Record(columns),
        (Returns::Set(ty), true) => FunctionResult::Many(Value::of(ty).unbound()),
        (Returns::Value(ty), true) => match Value::of(ty).unbound() {
            Value { kind: ValueKind::Scalar(Scalar::Void), .. } => FunctionResult::Void,
            value => FunctionResult::One(value),
        },
        (Returns::Nothing, true) => FunctionResult::Void,
    }
}
