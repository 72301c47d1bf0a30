//! Which functions code calls, with what, and which it cannot.
//!
//! In: the schema's functions and their shapes. Out: both lists, in the order of declaration.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::ddl::part::data_type;
use crate::emit::EmitInput;
use crate::emit::shapes::{Field, FunctionResult, FunctionShape, Presence, Shapes};
use crate::schema::{ArgMode, ColumnType, Function, Name, Ownership, Returns, Schema, TypeKind};
use crate::sort;
use crate::sql::{Modifier, PgType};

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

/// What a call gives for an argument.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a> {
    /// As callers see it.
    pub(super) field: &'a Field,
    /// Its type.
    pub(super) ty: &'a ColumnType,
    /// Whether it is all the remaining arguments, as an array.
    pub(super) is_variadic: bool,
    /// Whether it is given by its place, and not by its name.
    pub(super) is_positional: bool,
}

impl<'a> Called<'a> {
    /// What a call gives, in order.
    pub(super) fn args(&self) -> impl Iterator<Item = Given<'a>> + use<'a> {
        let positional = self.shape.positional;
        let all = self.shape.args.iter().zip(self.function.inputs()).enumerate();
        all.map(move |(place, (field, arg))| Given {
            field,
            ty: &arg.ty,
            is_variadic: arg.mode == ArgMode::Variadic,
            is_positional: place < positional,
        })
    }

    /// The names of arguments in which it gives something: of a procedure, a call has a null for each.
    pub(super) fn outputs(&self) -> impl Iterator<Item = &'a Name> + use<'a> {
        let is_procedure = self.shape.is_procedure;
        let outputs = self.function.args.iter().filter(|arg| arg.mode == ArgMode::Out);
        outputs.filter(move |_| is_procedure).filter_map(|arg| arg.name.as_ref())
    }

    /// The type of what it gives, unless that is columns of its own; and of those, each one's.
    pub(super) fn results(&self) -> Vec<&'a ColumnType> {
        let outputs = self.function.args.iter();
        let outputs: Vec<_> = outputs
            .filter(|arg| matches!(arg.mode, ArgMode::Out | ArgMode::InOut))
            .map(|arg| &arg.ty)
            .collect();
        match &self.function.returns {
            Returns::Table(columns) => columns.iter().map(|column| &column.ty).collect(),
            Returns::Value(ty) | Returns::Set(ty) if outputs.is_empty() => vec![ty],
            Returns::Value(_) | Returns::Set(_) | Returns::Nothing => outputs,
        }
    }

    /// What documents it: the schema's comment, where comments are `wanted`.
    pub(super) fn doc(&self, wanted: bool) -> Vec<String> {
        self.shape.comment.iter().filter(|_| wanted).map(ToString::to_string).collect()
    }

    /// Whether a call may give nothing.
    pub(super) fn is_free(&self) -> bool {
        self.shape.args.iter().all(|arg| arg.insert == Presence::Optional)
    }

    /// Whether it gives any number of values or rows.
    pub(super) const fn is_set(&self) -> bool {
        matches!(self.shape.result, FunctionResult::Many(_) | FunctionResult::Records(_))
    }
}

impl Given<'_> {
    /// The type that a value is cast to: as functions have it, which forget lengths and precisions.
    pub(super) fn cast(&self, schema: &Schema) -> SmolStr {
        match &self.ty.kind {
            TypeKind::Base(base) => {
                let kind = TypeKind::Base(PgType { base: base.base, modifier: Modifier::None });
                data_type(schema, &ColumnType { kind, dimensions: self.ty.dimensions })
            }
            _ => data_type(schema, self.ty),
        }
    }
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
    /// Leaves out those for which there is a `reason`.
    pub(super) fn leave_out(
        &mut self,
        schema: &Schema,
        reason: impl Fn(&Called<'_>) -> Option<&'static str>,
    ) {
        let left_out = &mut self.left_out;
        self.called.retain(|it| {
            let reason = reason(it);
            left_out.extend(reason.map(|why| format!("{}: {why}", signature(schema, it.function))));
            reason.is_none()
        });
    }

    /// Leaves out what PostgREST cannot call: it takes arguments by their names, and tells overloads apart
    /// by them alone.
    pub(super) fn leave_out_beyond_postgrest(&mut self, schema: &Schema) {
        let is_exposed =
            |name: &Name| schema.namespaces.values().any(|it| it.exposed && it.name == *name);
        self.leave_out(schema, |it| {
            if !is_exposed(&it.function.name.schema) {
                Some("its PostgreSQL schema is not exposed")
            } else if it.shape.is_procedure {
                Some("PostgREST calls no procedures")
            } else if it.shape.positional > 0 {
                Some("PostgREST gives arguments by name, and one has none")
            } else {
                None
            }
        });
        let names = |it: &Called<'_>| {
            let args = sort::set(it.shape.args.iter().map(|arg| arg.column.clone()));
            (it.function.name.clone(), args)
        };
        let mut counts = BTreeMap::new();
        for it in &self.called {
            *counts.entry(names(it)).or_insert(0) += 1;
        }
        self.leave_out(schema, |it| {
            (counts.get(&names(it)) != Some(&1))
                .then_some("PostgREST cannot tell it from an overload")
        });
    }
}

/// A function as messages name it.
fn signature(schema: &Schema, function: &Function) -> String {
    let types: Vec<SmolStr> = function.inputs().map(|arg| data_type(schema, &arg.ty)).collect();
    format!("{}({})", function.name, types.join(", "))
}
