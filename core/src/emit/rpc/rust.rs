//! Callers in Rust: sqlx, with the structs of the target `sqlx`.
//!
//! In: functions. Out: the template's context, whose `items` are each a function, behind the struct of its
//! arguments and that of its rows, where it has some. Types and structs are those of the target `sqlx`.

use std::fmt::Write;

use heck::ToSnakeCase;
use minijinja::{Value as Context, context};

use super::calls::{Called, Functions, Given};
use crate::diagnostic::Diagnostics;
use crate::emit::EmitInput;
use crate::emit::exports::Exports;
use crate::emit::lang::{Code, rust};
use crate::emit::shapes::{Field, FunctionResult, ItemId, Presence, Shapes, Value, ValueKind};
use crate::emit::sqlx::Settings;
use crate::emit::sqlx::context::features;
use crate::emit::sqlx::structs::{GIVEN, Kind, Line, Structs, as_text, columns};
use crate::emit::sqlx::types::{DEPTH_LIMIT, Types};
use crate::emit::template::{Marked, Marks};
use crate::schema::{ColumnType, ObjectId};
use crate::sql::ident::{qualified, quote_ident};

/// Names that the template takes for itself.
const TAKEN: &[&str] = &["given", "pass"];

/// The context of the whole module. `models` is the import of the structs.
pub(super) fn module(
    input: &EmitInput<'_>,
    (shapes, mut functions): (&Shapes, Functions<'_>),
    models: &str,
    settings: Settings,
    marks: &mut Marks,
    sink: &mut Diagnostics,
) -> Context {
    let types = Types::new(input.schema, shapes, settings).beside("models::");
    functions.leave_out(input.schema, |it| {
        let is_native = |ty: &&ColumnType| types.is_native(ty, DEPTH_LIMIT);
        (it.shape.is_procedure && !it.results().iter().all(is_native))
            .then_some("sqlx cannot read what the procedure gives")
    });
    let structs = Structs::new(input, types, settings, sink);
    let mut page = Page { input, structs, exports: Exports::default(), has_structs: false };
    let items = functions.called.iter().map(|it| marks.place(page.function(it)));
    let items: Vec<Context> = items.collect();
    let Page { structs: Structs { types, reads_given, .. }, has_structs, .. } = page;
    let mut imports = types.imports;
    if settings.serde && has_structs {
        imports.extend([("serde", "Deserialize"), ("serde", "Serialize")]);
    }
    let left_out = functions.left_out.iter().map(|it| Code::new(rust::comment(&format!("- {it}"))));
    context! {
        features => Code::new(features(&imports)),
        has_imports => !imports.is_empty(),
        imports => Code::new(rust::uses(&imports)),
        has_models => types.names_items,
        models => Code::new(models),
        has_args => functions.called.iter().any(|it| !it.shape.args.is_empty()),
        has_given => reads_given,
        given => Code::new(GIVEN),
        has_left_out => !functions.left_out.is_empty(),
        left_out => left_out.collect::<Vec<_>>(),
        items,
    }
}

/// What the parts of the page share.
struct Page<'a> {
    input: &'a EmitInput<'a>,
    structs: Structs<'a>,
    exports: Exports,
    has_structs: bool,
}

/// How what a function gives is read.
struct Reading {
    select: Select,
    /// What stands behind the arguments.
    tail: String,
    /// The method that builds the query, and the one that runs it.
    methods: [&'static str; 2],
    /// The type of what comes out.
    ty: String,
    /// What is said of that.
    note: Option<String>,
}

/// What a query selects.
enum Select {
    /// Nothing: it is a `CALL`.
    Call,
    /// The function's value.
    Value,
    /// Of the rows that it gives, the columns that this struct reads.
    Struct(String),
    /// Of the rows that it gives, these columns.
    Columns(String),
}

impl Page<'_> {
    fn function(&mut self, it: &Called<'_>) -> Marked {
        let object = ObjectId::Function(it.shape.id);
        let name = rust::field(&it.shape.name.to_snake_case());
        let name = if TAKEN.contains(&&*name) { format!("{name}_") } else { name };
        let name = rust::ident(&name).to_string();
        let [args, row] = ["Args", "Row"].map(|suffix| format!("{}{suffix}", it.shape.name));
        let names = [&name, &args, &row].map(Clone::clone);
        self.exports.take(self.input, names, object, self.structs.sink);

        let mut out = Marked::default();
        let types: Vec<Option<&ColumnType>> = it.args().map(|arg| Some(arg.ty)).collect();
        let lines = self.structs.lines(&it.shape.args, &types);
        let mut params = vec!["executor: impl sqlx::PgExecutor<'e>".to_owned()];
        if !lines.is_empty() {
            let traits = ["Debug", "Clone", "PartialEq", "Default"];
            let traits = if it.is_free() { &traits[..] } else { &traits[..3] };
            let head = format!("/// What [`{name}`] takes.\n{}", self.structs.derives(traits, &[]));
            self.structure(&mut out, &format!("{head}pub struct {args}"), &lines, Kind::Args);
            params.push(format!("args: {args}"));
        }
        let reading = self.reading(it, [&name, &row], &mut out);
        let notes = reading.note.iter().cloned().collect();
        let doc = self.structs.doc(it.shape.comment.as_deref(), notes, 0);
        out.write(|text| {
            let result = format!("sqlx::Result<{}>", reading.ty);
            text.push_str(&doc);
            text.push_str(&rust::signature(&format!("pub async fn {name}<'e>"), &params, &result));
            self.write_body(text, it, &lines, &reading);
        });
        out.of(object)
    }

    fn structure(&mut self, out: &mut Marked, head: &str, lines: &[Line<'_>], kind: Kind) {
        self.has_structs = true;
        self.structs.structure(out, head, lines, kind);
        out.write(|text| text.push('\n'));
    }

    /// How the result is read; writes the struct of its rows, where they are of its own columns.
    fn reading(&mut self, it: &Called<'_>, names: [&str; 2], out: &mut Marked) -> Reading {
        let types = it.results();
        let end = || ")".to_owned();
        let run = if it.is_set() { "fetch_all" } else { "fetch_one" };
        let many = |ty: String| if it.is_set() { format!("Vec<{ty}>") } else { ty };
        let (select, tail, methods, ty) = match &it.shape.result {
            FunctionResult::Void if it.shape.is_procedure => {
                (Select::Call, end(), ["build", "execute"], "()".to_owned())
            }
            FunctionResult::Record(fields) if it.shape.is_procedure => {
                self.row(fields, &types, names, out);
                (Select::Call, end(), ["build_query_as", run], names[1].to_owned())
            }
            FunctionResult::Void => (Select::Value, end(), ["build", "execute"], "()".to_owned()),
            FunctionResult::One(Value { kind: ValueKind::Row(id), dimensions: 0 }) => {
                let row = self.structs.types.item(ItemId::Relation(*id));
                let ty = format!("Option<{row}>");
                // Null comes as a row of nulls.
                let tail = ") as one where not (one.* is null)".to_owned();
                (Select::Struct(row), tail, ["build_query_as", "fetch_optional"], ty)
            }
            FunctionResult::Many(Value { kind: ValueKind::Row(id), dimensions: 0 }) => {
                let row = self.structs.types.item(ItemId::Relation(*id));
                (Select::Struct(row.clone()), end(), ["build_query_as", run], many(row))
            }
            FunctionResult::One(_) | FunctionResult::Many(_) => {
                let ty = types.first().copied();
                let carried = self.structs.types.of(ty);
                let cast = carried.cast.as_ref().map(|cast| cast.read);
                return Reading {
                    select: Select::Value,
                    tail: format!("){}", cast.unwrap_or_default()),
                    methods: ["build_query_scalar", run],
                    ty: many(format!("Option<{}>", carried.ty)),
                    note: ty.filter(|_| cast.is_some()).map(|ty| as_text(ty, self.input)),
                };
            }
            FunctionResult::Record(fields) | FunctionResult::Records(fields) => {
                let columns = self.row(fields, &types, names, out);
                let own: Vec<_> = fields.iter().map(|it| quote_ident(&it.column)).collect();
                let tail = format!(") as one ({})", own.join(", "));
                let [_, row] = names.map(str::to_owned);
                (Select::Columns(columns), tail, ["build_query_as", run], many(row))
            }
        };
        Reading { select, tail, methods, ty, note: None }
    }

    /// Writes the struct of a row of the function's own, and gives the columns that it reads.
    fn row(
        &mut self,
        fields: &[Field],
        types: &[&ColumnType],
        [function, name]: [&str; 2],
        out: &mut Marked,
    ) -> String {
        let types: Vec<Option<&ColumnType>> = types.iter().copied().map(Some).collect();
        let lines = self.structs.lines(fields, &types);
        let derives = self.structs.derives(&["Debug", "Clone", "PartialEq"], &["sqlx::FromRow"]);
        let head = format!("/// A row that [`{function}`] gives.\n{derives}pub struct {name}");
        self.structure(out, &head, &lines, Kind::Row);
        columns(&lines)
    }

    fn write_body(&self, out: &mut String, it: &Called<'_>, lines: &[Line<'_>], reading: &Reading) {
        let name = qualified(&it.function.name.schema, &it.function.name.name);
        let tail = &reading.tail;
        // Without arguments, the call ends where it begins.
        let is_empty = lines.is_empty() && it.outputs().next().is_none();
        let end = if is_empty { tail } else { "" };
        let bind = |out: &mut String, sql: &str| {
            let new = "sqlx::QueryBuilder::new";
            out.push_str(&rust::binding("let mut query", new, &rust::string(sql), 4));
        };
        let push = |out: &mut String, what: &str| {
            out.push_str(&rust::call("query.push", &[what], 4));
        };
        match &reading.select {
            Select::Call => bind(out, &format!("call {name}({end}")),
            Select::Value => bind(out, &format!("select {name}({end}")),
            Select::Columns(columns) => bind(out, &format!("select {columns} from {name}({end}")),
            Select::Struct(row) => {
                bind(out, "select ");
                push(out, &format!("{row}::COLUMNS"));
                push(out, &rust::string(&format!(" from {name}({end}")));
            }
        }
        if !is_empty {
            out.push_str("    let mut given = query.separated(\", \");\n");
            for (line, arg) in lines.iter().zip(it.args()) {
                self.write_argument(out, line, &arg);
            }
            for name in it.outputs() {
                let null = rust::string(&format!("{} => null", quote_ident(name)));
                out.push_str(&rust::call("given.push", &[&null], 4));
            }
            push(out, &rust::string(tail));
        }
        let [build, run] = reading.methods;
        let end = match it.shape.result {
            FunctionResult::Void => "?;\n    Ok(())",
            _ => "",
        };
        let _ = writeln!(out, "    query.{build}().{run}(executor).await{end}\n}}");
    }

    fn write_argument(&self, out: &mut String, line: &Line<'_>, arg: &Given<'_>) {
        let mode = if arg.is_variadic { "variadic " } else { "" };
        let name = if arg.is_positional {
            String::new()
        } else {
            format!("{} => ", quote_ident(&arg.field.column))
        };
        let named = rust::string(&format!("{mode}{name}"));
        let cast = rust::string(&format!("::{}", arg.cast(self.input.schema)));
        let field = format!("args.{}", line.ident);
        let pass =
            |value: &str, indent| rust::call("pass", &["&mut given", &named, value, &cast], indent);
        if arg.field.insert == Presence::Optional {
            let given = pass("value", 8);
            let _ = writeln!(out, "    if let Some(value) = {field} {{\n{given}    }}");
        } else {
            out.push_str(&pass(&field, 4));
        }
    }
}
