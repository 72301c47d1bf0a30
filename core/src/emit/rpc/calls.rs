//! Which functions code calls, and which it cannot.
//!
//! In: the schema's functions and their shapes. Out: both lists, in the order of declaration.

use std::collections::BTreeSet;

use crate::ddl::part::data_type;
use crate::emit::EmitInput;
use crate::emit::shapes::{FunctionShape, Shapes};
use crate::schema::{Function, Ownership, Schema};

/// What there is to call.
#[derive(Debug)]
pub(super) struct Functions<'a> {
    /// Those that code calls.
    pub(super) called: Vec<Called<'a>>,
    /// Those that it cannot, each as SQL names it with its types, and why.
    pub(super) left_out: Vec<String>,
}

/// A function that code calls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Called<'a> {
    /// As its callers see it.
    pub(super) shape: &'a FunctionShape,
    /// As it is declared.
    pub(super) function: &'a Function,
}

/// The functions that the schema owns.
pub(super) fn functions<'a>(input: &EmitInput<'a>, shapes: &'a Shapes) -> Functions<'a> {
    let schema = input.schema;
    let called = shapes
        .functions
        .iter()
        .filter_map(|shape| Some(Called { shape, function: schema.functions.find(shape.id)? }));
    let owned = schema.functions.values().filter(|it| it.ownership == Ownership::Owned);
    let left_out = owned.filter_map(|function| {
        let reason = FunctionShape::refusal(function).filter(|reason| !reason.is_empty())?;
        Some(format!("{}: {reason}", signature(schema, function)))
    });
    Functions { called: called.collect(), left_out: left_out.collect() }
}

impl Functions<'_> {
    /// Leaves out overloads that only the types of their arguments tell apart.
    pub(super) fn leave_out_same_names(&mut self, schema: &Schema) {
        let names = |it: &Called<'_>| {
            let args: BTreeSet<String> =
                it.shape.args.iter().map(|arg| arg.column.to_string()).collect();
            (it.function.name.clone(), args)
        };
        let (unique, same): (Vec<_>, Vec<_>) = self.called.iter().copied().partition(|it| {
            self.called.iter().filter(|other| names(other) == names(it)).count() == 1
        });
        self.called = unique;
        self.left_out.extend(same.into_iter().map(|it| {
            let reason = "PostgREST cannot tell it from an overload";
            format!("{}: {reason}", signature(schema, it.function))
        }));
    }
}

/// A function as messages name it.
fn signature(schema: &Schema, function: &Function) -> String {
    let types: Vec<String> = function.inputs().map(|arg| data_type(schema, &arg.ty)).collect();
    format!("{}({})", function.name, types.join(", "))
}
