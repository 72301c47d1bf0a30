//! Functions and procedures.
//!
//! In: a function. Out: its `CREATE`, with attributes in the order in which `pg_dump` writes them, and
//! its signature for statements about it.

use super::Form;
use super::statement::{Phase, Statement};
use super::writer::SqlWriter;
use crate::schema::{
    ArgMode, Argument, Function, FunctionId, FunctionKind, Name, ObjectId, Parallel, Returns,
    Schema, Security, Volatility,
};
use crate::sql::lex::Lexer;

/// Settings whose value is a list of names, each to be quoted by itself (PostgreSQL's `GUC_LIST_QUOTE`).
const LIST_SETTINGS: [&str; 6] = [
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

/// `CREATE FUNCTION` or `CREATE PROCEDURE`.
pub(crate) fn create(schema: &Schema, id: FunctionId, phase: Phase, form: Form) -> Statement {
    let function = &schema.functions[id];
    let mut w = SqlWriter::new(schema);
    w.sql("CREATE ").sql_if(form == Form::Idempotent, "OR REPLACE ");
    w.sql(keyword(function)).sql(" ").name(&function.name);
    w.sql("(").list(", ", &function.args, argument).sql(")");
    returns(&mut w, &function.returns);
    w.sql("\n  LANGUAGE ").ident(&function.language);
    attributes(&mut w, function);
    for (name, value) in &function.set {
        setting(&mut w, name, value);
    }
    if is_standard_body(function) {
        w.sql("\n").query(&function.body);
    } else {
        w.sql("\nAS ").quoted_body(&function.body, "function");
    }
    w.finish(ObjectId::Function(id), phase)
}

/// `FUNCTION` or `PROCEDURE`.
pub(crate) const fn keyword(function: &Function) -> &'static str {
    match function.kind {
        FunctionKind::Function => "FUNCTION",
        FunctionKind::Procedure => "PROCEDURE",
    }
}

/// `schema.name(types)`, which tells it from its overloads.
pub(crate) fn signature<'w, 'a>(
    w: &'w mut SqlWriter<'a>,
    function: &Function,
) -> &'w mut SqlWriter<'a> {
    // The results of a procedure are part of its call, those of a function are not.
    let named =
        |arg: &&Argument| arg.mode != ArgMode::Out || function.kind == FunctionKind::Procedure;
    w.name(&function.name).sql("(");
    w.list(", ", function.args.iter().filter(named), |w, arg| w.sql(mode(arg.mode)).ty(&arg.ty));
    w.sql(")")
}

/// Whether a function's body is SQL that PostgreSQL parses with the statement (`BEGIN ATOMIC`,
/// `RETURN`), instead of a text.
pub(crate) fn is_standard_body(function: &Function) -> bool {
    let starts = |expected: &str| {
        let text = &*function.body.text;
        let mut tokens = Lexer::new(text).map(|token| text.get(token.range()).unwrap_or_default());
        expected
            .split(' ')
            .all(|word| tokens.next().is_some_and(|it| it.eq_ignore_ascii_case(word)))
    };
    function.language == "sql" && (starts("begin atomic") || starts("return"))
}

fn argument<'w, 'a>(w: &'w mut SqlWriter<'a>, arg: &Argument) -> &'w mut SqlWriter<'a> {
    w.sql(mode(arg.mode));
    if let Some(name) = &arg.name {
        w.ident(name).sql(" ");
    }
    w.ty(&arg.ty);
    match &arg.default {
        Some(default) => w.sql(" DEFAULT ").default(default),
        None => w,
    }
}

const fn mode(mode: ArgMode) -> &'static str {
    match mode {
        ArgMode::In => "",
        ArgMode::Out => "OUT ",
        ArgMode::InOut => "INOUT ",
        ArgMode::Variadic => "VARIADIC ",
    }
}

fn returns(w: &mut SqlWriter<'_>, returns: &Returns) {
    match returns {
        Returns::Nothing => w,
        Returns::Value(ty) => w.sql("\n  RETURNS ").ty(ty),
        Returns::Set(ty) => w.sql("\n  RETURNS SETOF ").ty(ty),
        Returns::Table(columns) => w
            .sql("\n  RETURNS TABLE (")
            .list(", ", columns, |w, column| w.ident(&column.name).sql(" ").ty(&column.ty))
            .sql(")"),
    };
}

fn attributes(w: &mut SqlWriter<'_>, function: &Function) {
    w.sql(match function.volatility {
        Volatility::Immutable => " IMMUTABLE",
        Volatility::Stable => " STABLE",
        Volatility::Volatile => "",
    });
    w.sql_if(function.strict, " STRICT");
    w.sql_if(function.security == Security::Definer, " SECURITY DEFINER");
    w.sql_if(function.leakproof, " LEAKPROOF");
    if let Some(cost) = function.cost {
        w.sql(" COST ").number(cost);
    }
    if let Some(rows) = function.rows {
        w.sql(" ROWS ").number(rows);
    }
    w.sql(match function.parallel {
        Parallel::Unsafe => "",
        Parallel::Restricted => " PARALLEL RESTRICTED",
        Parallel::Safe => " PARALLEL SAFE",
    });
}

fn setting(w: &mut SqlWriter<'_>, name: &Name, value: &str) {
    w.sql("\n  SET ").list(".", name.split('.'), |w, part| w.ident(part)).sql(" = ");
    if LIST_SETTINGS.contains(&name.as_str()) && !value.trim().is_empty() {
        let items = value.split(',').map(|item| item.trim().trim_matches(['"', '\'']));
        w.list(", ", items, |w, item| w.literal(item));
    } else {
        w.literal(value);
    }
}
