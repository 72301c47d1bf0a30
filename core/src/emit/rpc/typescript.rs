//! Callers in TypeScript: supabase-js calls, zod checks.
//!
//! In: functions. Out: the template's context, whose `items` are one exported function each. The types
//! and schemas of arguments and results are those of the target `zod`.

use std::fmt::Write;

use heck::ToLowerCamelCase;
use minijinja::{Value as Context, context};

use super::calls::{Called, Functions};
use crate::diagnostic::Diagnostics;
use crate::emit::EmitInput;
use crate::emit::exports::Exports;
use crate::emit::lang::{Call, Code, Expr, typescript};
use crate::emit::shapes::FunctionResult;
use crate::emit::template::{Marked, Marks};
use crate::schema::ObjectId;

/// prettier's `printWidth`.
const WIDTH: usize = 80;

/// Names that the template takes for itself.
const TAKEN: &[&str] = &["call", "schemas"];

/// The context of the whole module.
pub(super) fn module(
    input: &EmitInput<'_>,
    functions: &Functions<'_>,
    (models, database): (&str, &str),
    comments: bool,
    marks: &mut Marks,
    sink: &mut Diagnostics,
) -> Context {
    let mut exports = Exports::default();
    let items = functions.called.iter().map(|it| {
        let object = ObjectId::Function(it.shape.id);
        let name = name(it);
        exports.take(input, [name.clone()], object, sink);
        let mut out = Marked::default();
        out.write(|text| {
            let doc = it.doc(comments);
            let doc: Vec<&str> = doc.iter().map(String::as_str).collect();
            text.push_str(&typescript::doc(&doc, 0));
            write_function(text, it, &name);
        });
        marks.place(out.of(object))
    });
    let items: Vec<Context> = items.collect();
    let left_out = functions.left_out.iter().map(|it| {
        let words: Vec<&str> = it.split_whitespace().collect();
        Code::new(typescript::comment_line(&words.join(" ")))
    });
    context! {
        has_database => !database.is_empty(),
        database => Code::new(typescript::string(database)),
        models => Code::new(typescript::string(models)),
        is_used => !items.is_empty(),
        has_left_out => !functions.left_out.is_empty(),
        left_out => left_out.collect::<Vec<_>>(),
        items,
    }
}

fn name(it: &Called<'_>) -> String {
    let name = it.shape.name.to_lower_camel_case();
    let taken = typescript::is_reserved(&name) || TAKEN.contains(&name.as_str());
    if taken { format!("{name}_") } else { name }
}

fn write_function(out: &mut String, it: &Called<'_>, name: &str) {
    let own = &it.shape.name;
    let is_void = matches!(it.shape.result, FunctionResult::Void);
    let result = if is_void { "void".to_owned() } else { format!("schemas.{own}Result") };
    let head = format!("export async function {name}");
    let mut params = vec!["client: Client".to_owned()];
    if !it.shape.args.is_empty() {
        let default = if it.is_free() { " = {}" } else { "" };
        params.push(format!("args: schemas.{own}Args{default}"));
    }
    let flat = format!("{head}({}): Promise<{result}> {{", params.join(", "));
    if flat.chars().count() <= WIDTH {
        let _ = writeln!(out, "{flat}");
    } else {
        let _ = writeln!(out, "{head}(\n  {},\n): Promise<{result}> {{", params.join(",\n  "));
    }
    let given = if it.shape.args.is_empty() {
        Expr::atom("{}")
    } else {
        Expr::call(format!("schemas.{own}ArgsSchema"), "parse", vec![Expr::atom("args")])
    };
    let name = &it.function.name;
    let args = vec![
        Expr::atom("client"),
        Expr::Text((&name.schema).into()),
        Expr::Text((&name.name).into()),
        given,
        Expr::atom(format!("schemas.{own}ResultSchema")),
    ];
    let verb = if is_void { "  await " } else { "  return " };
    out.push_str(verb);
    let call = Expr::Chain("call".into(), vec![Call::new("", args)]);
    call.write(out, 2, verb.len(), 1);
    out.push_str(";\n}\n");
}
