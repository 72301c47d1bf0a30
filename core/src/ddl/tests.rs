//! Orders and forms of small schemas, built by hand.

use super::{CreateOptions, Form, Statement, create_schema, order};
use crate::diagnostic::Diagnostics;
use crate::schema::{
    ArgMode, Argument, Column, ColumnType, Constraint, ConstraintKind, DefaultValue, Deferrability,
    Function, FunctionKind, Name, Origins, Overrides, Ownership, Parallel, QualifiedName, Returns,
    RowSecurity, Schema, Security, Table, TableId, TypeKind, View, Volatility,
};
use crate::sql::{BaseType, ExprId, Modifier, PgType, SqlBody, SqlExpr};

fn create(schema: &Schema, options: CreateOptions) -> (Vec<Statement>, Diagnostics) {
    let mut sink = Diagnostics::new();
    let order = order(schema, &Origins::default(), &mut sink);
    (create_schema(schema, &order, options), sink)
}

fn name(text: &str) -> QualifiedName {
    QualifiedName::new("public", text)
}

fn integer() -> ColumnType {
    let ty = PgType { base: BaseType::Integer, modifier: Modifier::None };
    ColumnType::scalar(TypeKind::Base(ty))
}

fn expr(text: &str) -> SqlExpr {
    SqlExpr::new(text.into(), ExprId::new(7))
}

fn column(name: &str, default: Option<&str>) -> Column {
    Column {
        name: name.into(),
        ty: integer(),
        nullable: true,
        default: default.map(|text| DefaultValue::Expr(expr(text))),
        generated: None,
        identity: None,
        serial: false,
        collation: None,
        comment: None,
        alias: None,
        deprecated: None,
        renamed_from: None,
        using: None,
    }
}

fn table(text: &str, columns: Vec<Column>, checks: &[&str]) -> Table {
    let checks = checks.iter().enumerate().map(|(number, text)| Constraint {
        name: Name::new(format!("check_{number}")),
        kind: ConstraintKind::Check { expr: expr(text) },
        deferrable: Deferrability::NotDeferrable,
        not_valid: false,
        comment: None,
    });
    Table {
        name: name(text),
        ownership: Ownership::Owned,
        columns,
        constraints: checks.collect(),
        indexes: Vec::new(),
        row_security: RowSecurity::Disabled,
        partitioning: None,
        unlogged: false,
        model: None,
        renamed_from: None,
        comment: None,
        overrides: Overrides::default(),
    }
}

fn function(text: &str, row_of: Option<TableId>, language: &str, body: &str) -> Function {
    let arg = row_of.map(|id| Argument {
        name: None,
        ty: ColumnType::scalar(TypeKind::TableRow(id)),
        mode: ArgMode::In,
        default: None,
    });
    Function {
        name: name(text),
        ownership: Ownership::Owned,
        kind: FunctionKind::Function,
        args: arg.into_iter().collect(),
        returns: Returns::Value(integer()),
        language: language.into(),
        volatility: Volatility::Volatile,
        security: Security::Invoker,
        parallel: Parallel::Unsafe,
        strict: false,
        leakproof: false,
        set: Vec::new(),
        cost: None,
        rows: None,
        body: SqlBody::new(body.into(), ExprId::new(8)),
        comment: None,
    }
}

fn view(text: &str, query: &str) -> View {
    View {
        name: name(text),
        ownership: Ownership::Owned,
        materialized: false,
        query: SqlBody::new(query.into(), ExprId::new(9)),
        columns: Vec::new(),
        declared_columns: false,
        security_invoker: false,
        security_barrier: false,
        check_option: None,
        indexes: Vec::new(),
        model: None,
        comment: None,
    }
}

/// The first line of each statement.
fn outline(schema: &Schema) -> Vec<String> {
    let (statements, diagnostics) = create(schema, CreateOptions::default());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let first_line = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    statements.iter().map(|statement| first_line(&statement.text)).collect()
}

#[test]
fn functions_come_before_the_tables_that_call_them() {
    let mut schema = Schema::default();
    schema.tables.push(table("a", vec![column("n", Some("f()"))], &[]));
    schema.functions.push(function("g", None, "plpgsql", "begin return 1; end"));
    schema.functions.push(function("f", None, "sql", "select count(*)::int from b"));
    schema.tables.push(table("b", vec![column("n", None)], &[]));
    assert_eq!(
        outline(&schema),
        [
            "CREATE TABLE public.b (",
            "CREATE FUNCTION public.f()",
            "CREATE TABLE public.a (",
            "CREATE FUNCTION public.g()",
        ]
    );
}

#[test]
fn a_body_that_reads_its_caller_goes_unchecked() {
    let mut schema = Schema::default();
    schema.tables.push(table("a", vec![column("n", Some("f()"))], &[]));
    schema.functions.push(function("f", None, "sql", "select count(*)::int from a"));
    assert_eq!(
        outline(&schema),
        [
            "SET LOCAL check_function_bodies = off",
            "CREATE FUNCTION public.f()",
            "SET LOCAL check_function_bodies = on",
            "CREATE TABLE public.a (",
        ]
    );
}

#[test]
fn a_check_of_whole_rows_is_added_later() {
    let mut schema = Schema::default();
    let columns = vec![column("n", None), column("m", Some("g(null)"))];
    let id = schema.tables.push(table("a", columns, &["f(a.*) > 0", "n > 0"]));
    schema.functions.push(function("f", Some(id), "sql", "select 1"));
    schema.functions.push(function("g", Some(id), "sql", "select 1"));
    assert_eq!(
        outline(&schema),
        [
            "CREATE TABLE public.a (",
            "CREATE FUNCTION public.f(public.a)",
            "CREATE FUNCTION public.g(public.a)",
            "ALTER TABLE public.a",
            "ALTER TABLE public.a",
        ]
    );
}

#[test]
fn views_follow_what_they_read() {
    let mut schema = Schema::default();
    schema.views.push(view("v", "select * from w join a using (n);"));
    schema.views.push(view("w", "with v as (select 1) select * from v, public.a -- end"));
    schema.tables.push(table("a", vec![column("n", None)], &[]));
    assert_eq!(
        outline(&schema),
        ["CREATE TABLE public.a (", "CREATE VIEW public.w AS", "CREATE VIEW public.v AS",]
    );
}

#[test]
fn views_that_read_each_other_are_reported_once() {
    let mut schema = Schema::default();
    for (text, query) in [("u", "table v"), ("v", "table w"), ("w", "table v"), ("x", "table u")] {
        schema.views.push(view(text, query));
    }
    let (_, diagnostics) = create(&schema, CreateOptions::default());
    let messages: Vec<&str> =
        diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    assert_eq!(messages, ["these need each other to be created: view `v` -> view `w` -> view `v`"]);
}

#[test]
fn fragments_hold_the_users_text_in_every_form() {
    let mut schema = Schema::default();
    let columns = vec![column("n", Some("1 + 1 -- two"))];
    let id = schema.tables.push(table("a", columns, &["n > 0"]));
    schema.functions.push(function("f", Some(id), "sql", "select 1 -- $function$\n"));
    schema.views.push(view("v", "select $$x$$ from a ; \n"));
    for form in [Form::Plain, Form::Idempotent] {
        let options = CreateOptions { form, transaction: true };
        let (statements, _) = create(&schema, options);
        let found: Vec<&str> = statements
            .iter()
            .flat_map(|statement| {
                let text = |range: &std::ops::Range<u32>| {
                    &statement.text[range.start as usize..range.end as usize]
                };
                statement.fragments.iter().map(move |fragment| text(&fragment.range))
            })
            .collect();
        assert_eq!(
            found,
            ["1 + 1 -- two", "n > 0", "select 1 -- $function$", "select $$x$$ from a"],
            "{form:?}"
        );
    }
}
