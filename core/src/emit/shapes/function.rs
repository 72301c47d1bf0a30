//! Functions as their callers see them.

use smol_str::{SmolStr, format_smolstr};

use super::value::{Scalar, ValueKind};
use super::{Field, Presence, Value};
use crate::schema::{
    ArgMode, Argument, Function, FunctionId, FunctionKind, ObjectId, Returns, Schema,
};

/// A function that code may call.
#[derive(Debug)]
pub struct FunctionShape {
    /// Which one.
    pub id: FunctionId,
    /// Its name in Pascal case; of overloads, the later ones are numbered from 2.
    pub name: String,
    /// What a call gives. Null is a value of each, unless the function is strict.
    pub args: Vec<Field>,
    /// What a call gets.
    pub result: FunctionResult,
    /// `COMMENT ON FUNCTION`.
    pub comment: Option<SmolStr>,
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
    /// Why code cannot call a function by the names of its arguments; empty for trigger functions, which
    /// only PostgreSQL itself calls, and none where code can.
    pub fn refusal(function: &Function) -> Option<&'static str> {
        let is_internal = |arg: &Argument| {
            matches!(Value::of(&arg.ty).scalar(), Some(Scalar::Void | Scalar::Any))
        };
        if is_trigger(&function.returns) {
            Some("")
        } else if function.kind == FunctionKind::Procedure {
            Some("it is a procedure")
        } else if function.inputs().any(|arg| arg.name.is_none()) {
            Some("an argument has no name")
        } else if function.inputs().any(is_internal) {
            Some("an argument takes values of any type")
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
        let field = |arg: &Argument, name: &str| {
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
                    Some(_) => Presence::Optional,
                    None => Presence::Required,
                },
                null_by_default: false,
                ..Field::read_only(object, name, value)
            }
        };
        let mut args = Vec::new();
        for arg in function.inputs() {
            let name = arg.name.as_ref()?;
            args.push(field(arg, name));
        }
        Some(Self {
            id,
            name,
            args,
            result: result(function, object),
            comment: function.comment.clone(),
        })
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
    let outputs: Vec<Field> = function
        .args
        .iter()
        .filter(|arg| matches!(arg.mode, ArgMode::Out | ArgMode::InOut))
        .enumerate()
        .map(|(index, arg)| {
            let name = arg.name.as_ref().map_or_else(
                || format_smolstr!("column{}", index + 1),
                |name| name.clone().into_text(),
            );
            Field::read_only(object, &name, Value::of(&arg.ty).unbound())
        })
        .collect();
    match (&function.returns, outputs.is_empty()) {
        (Returns::Table(columns), _) => FunctionResult::Records(
            columns
                .iter()
                .map(|column| {
                    Field::read_only(object, &column.name, Value::of(&column.ty).unbound())
                })
                .collect(),
        ),
        (Returns::Set(ty), true) => FunctionResult::Many(Value::of(ty).unbound()),
        // To PostgREST, a single one is a row as well.
        (Returns::Set(_), false) => FunctionResult::Records(outputs),
        (_, false) => FunctionResult::Record(outputs),
        (Returns::Value(ty), true) => match Value::of(ty).unbound() {
            Value { kind: ValueKind::Scalar(Scalar::Void), .. } => FunctionResult::Void,
            value => FunctionResult::One(value),
        },
        (Returns::Nothing, true) => FunctionResult::Void,
    }
}
