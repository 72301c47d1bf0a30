//! Callers in Python: SQLAlchemy's async connections, pydantic's models.
//!
//! In: functions. Out: the template's context, whose `items` are one coroutine function each. The types of
//! arguments and results are those of the target `pydantic`. Arguments and results travel as JSON, which
//! every driver gives and takes alike, whatever the types within.

use std::fmt::Write;

use minijinja::{Value as Context, context};

use super::calls::{Called, Functions};
use crate::diagnostic::Diagnostics;
use crate::emit::EmitInput;
use crate::emit::exports::Exports;
use crate::emit::lang::python_layout::WIDTH;
use crate::emit::lang::{Brackets, Code, Py, python};
use crate::emit::shapes::{Bases, Field, FunctionResult, Scalar, Shapes, Value, ValueKind, Zone};
use crate::emit::template::{Marked, Marks};
use crate::schema::ObjectId;
use crate::sql::ident::qualified;

/// Names that the template takes for itself.
const TAKEN: &[&str] = &[
    "bool",
    "bytes",
    "cache",
    "float",
    "isinstance",
    "json",
    "list",
    "models",
    "object",
    "str",
    "text",
];

/// The context of the whole module. `models` is the import of the models.
pub(super) fn module(
    input: &EmitInput<'_>,
    (shapes, mut functions): (&Shapes, Functions<'_>),
    models: &str,
    comments: bool,
    marks: &mut Marks,
    sink: &mut Diagnostics,
) -> Context {
    let bases = Bases::new(shapes);
    functions.leave_out(input.schema, |it| {
        let fields = match &it.shape.result {
            FunctionResult::Record(fields) if it.shape.is_procedure => &fields[..],
            _ => &[],
        };
        let is_read = |field: &Field| is_read_alike(bases.of(&field.value));
        (!fields.iter().all(is_read))
            .then_some("drivers differ in how they read what the procedure gives")
    });
    let mut exports = Exports::default();
    let items = functions.called.iter().map(|it| {
        let object = ObjectId::Function(it.shape.id);
        let name = python::function(&it.shape.name, TAKEN);
        exports.take(input, [name.clone()], object, sink);
        let mut out = Marked::default();
        out.write(|text| write_function(text, input, it, &name, &it.doc(comments)));
        marks.place(out.of(object))
    });
    let items: Vec<Context> = items.collect();
    let left_out = functions.left_out.iter().map(|it| {
        let words: Vec<&str> = it.split_whitespace().collect();
        Code::new(python::comment(&format!("- {}", words.join(" ")), 0))
    });
    let reads = |it: &Called<'_>| !matches!(it.shape.result, FunctionResult::Void);
    context! {
        models => Code::new(models),
        has_models => functions.called.iter().any(|it| reads(it) || !it.shape.args.is_empty()),
        is_used => !items.is_empty(),
        has_functions => functions.called.iter().any(|it| !it.shape.is_procedure),
        has_procedures => functions.called.iter().any(|it| it.shape.is_procedure),
        has_left_out => !functions.left_out.is_empty(),
        left_out => left_out.collect::<Vec<_>>(),
        items,
    }
}

/// Whether every driver reads such values as the models take them.
fn is_read_alike(base: &Value) -> bool {
    match base.kind {
        ValueKind::Enum(_) => base.dimensions == 0,
        ValueKind::Scalar(scalar) => {
            base.dimensions < 2
                && matches!(
                    scalar,
                    Scalar::Integer(_)
                        | Scalar::Numeric(_)
                        | Scalar::Real
                        | Scalar::Double
                        | Scalar::Text(_)
                        | Scalar::Boolean
                        | Scalar::Date
                        | Scalar::Time(Zone::Without)
                        | Scalar::Timestamp(_)
                        | Scalar::Uuid
                        | Scalar::Bytes
                )
        }
        ValueKind::Domain(_)
        | ValueKind::Composite(_)
        | ValueKind::Row(_)
        | ValueKind::Opaque(_) => false,
    }
}

fn write_function(
    out: &mut String,
    input: &EmitInput<'_>,
    it: &Called<'_>,
    name: &str,
    doc: &[String],
) {
    let class =
        |suffix: &str| format!("models.{}", python::class(&format!("{}{suffix}", it.shape.name)));
    let is_void = matches!(it.shape.result, FunctionResult::Void);
    let result = if is_void { "None".to_owned() } else { class("Result") };
    let has_args = !it.shape.args.is_empty();
    let mut params = vec!["connection: Connection".to_owned()];
    if has_args {
        let free = if it.is_free() { " | None = None" } else { "" };
        params.push(format!("args: {}{free}", class("Args")));
    }
    let head = format!("async def {name}(");
    let flat = format!("{head}{}) -> {result}:", params.join(", "));
    if flat.chars().count() <= WIDTH {
        let _ = writeln!(out, "{flat}");
    } else {
        let _ = writeln!(out, "{head}\n    {},\n) -> {result}:", params.join(",\n    "));
    }
    out.push_str(&python::docstring(doc, 4));

    let string = |text: &str| Py::atom(python::string(text));
    let types = it.args().map(|arg| {
        let ty = string(&arg.cast(input.schema));
        Py::Entry(python::string(&arg.field.column), Box::new(ty))
    });
    let types = Py::List("".into(), Brackets::Curly, types.collect());
    let own = qualified(&it.function.name.schema, &it.function.name.name);
    let mut call = vec![Py::atom("connection"), string(&own), types];
    if has_args {
        call.push(Py::atom("args"));
    }
    if let Some(variadic) = it.args().find(|arg| arg.is_variadic) {
        call.push(Py::named("variadic", string(&variadic.field.column)));
    }
    if it.shape.positional > 0 {
        call.push(Py::named("positional", Py::atom(it.shape.positional.to_string())));
    }
    if it.shape.is_procedure {
        let outputs: Vec<Py> = it.outputs().map(|name| string(name)).collect();
        if !outputs.is_empty() {
            call.push(Py::named("outputs", Py::List("".into(), Brackets::Square, outputs)));
        }
    }
    if matches!(it.shape.result, FunctionResult::Record(_) | FunctionResult::Records(_)) {
        call.push(Py::named("columns", Py::atom("True")));
    }
    let caller = if it.shape.is_procedure { "await _run" } else { "await _call" };
    let call = Py::call(caller, call);
    if is_void {
        return call.write_statement(out, 4);
    }
    call.write_assignment(out, 4, "rows");
    let rows = if it.is_set() { "rows" } else { "rows[0]" };
    let read = Py::call("_read", vec![Py::atom(result.clone()), Py::atom(rows)]);
    Py::atom(result).write_field(out, 4, "result", Some(&read));
    out.push_str("    return result\n");
}
