//! Typed callers of the schema's functions, in one module of one language.
//!
//! In: the functions of the shapes. Out: a module with a function for each, which calls it and gives what it
//! gives as the types of the targets `zod`, `pydantic` or `sqlx`. Which functions there are stands in
//! `calls`, how a language calls them in a file a language.

mod calls;
mod python;
mod rust;
mod typescript;

use minijinja::context as values_of;

use super::options::{OptionInfo, choice};
use super::output::{self, File, HEADER};
use super::sqlx::{CALENDAR, NUMERIC, SERDE, Settings};
use super::template::{Marks, Template};
use super::{EmitInput, Options, Target, TargetInfo, errors, file_at, lang};
use crate::diagnostic::Diagnostics;

/// The target `rpc`.
#[derive(Debug)]
pub struct Rpc;

choice! {
    /// The language of the callers.
    Language {
        /// supabase-js and zod.
        TypeScript = "typescript",
        /// SQLAlchemy's async connections and pydantic.
        Python = "python",
        /// sqlx and its structs.
        Rust = "rust",
    }
}

impl Language {
    /// Where the module is written unless told otherwise.
    const fn default_out(self) -> &'static str {
        match self {
            Self::TypeScript => "rpc.ts",
            Self::Python => "rpc.py",
            Self::Rust => "rpc.rs",
        }
    }

    /// Where the models are imported from unless told otherwise.
    const fn models(self) -> &'static str {
        match self {
            Self::TypeScript => "./zod",
            Self::Python => ".models",
            Self::Rust => "super::models",
        }
    }

    const fn template(self) -> &'static Template {
        match self {
            Self::TypeScript => &TYPESCRIPT,
            Self::Python => &PYTHON,
            Self::Rust => &RUST,
        }
    }
}

static TYPESCRIPT: Template =
    Template::new("rpc/module.ts.jinja", include_str!("templates/module.ts.jinja"));
static PYTHON: Template =
    Template::new("rpc/module.py.jinja", include_str!("templates/module.py.jinja"));
static RUST: Template =
    Template::new("rpc/module.rs.jinja", include_str!("templates/module.rs.jinja"));

/// What is said of options that say what the structs are.
const AS_SQLX: &str = "Rust: as it is for the target `sqlx`.";

static INFO: TargetInfo = TargetInfo {
    name: "rpc",
    title: "Function callers",
    docs: "A function for each function of the schema, which takes the arguments and gives the result as \
           the models of another target. An argument with a default may be left out. An argument \
           without a name is called `arg2` by its place, and no argument up to it can be left out. Trigger \
           functions are left out; what else cannot be called is listed in a comment, with the reason. The later ones of \
           overloads are numbered.\n\n\
           TypeScript: `createOrder(client, args)` calls through supabase-js, checks the arguments and the \
           result by the schemas of the target `zod` (with `wire: postgrest` and `case: column`), and \
           throws what PostgREST refuses. Functions of PostgreSQL schemas that are not exposed are \
           left out. PostgREST calls no procedures, and no functions with arguments that have no name.\n\n\
           Python: `await create_order(connection, CreateOrderArgs(…))` takes an `AsyncConnection` or \
           `AsyncSession` of SQLAlchemy 2, over any of its drivers, and the models of the target \
           `pydantic`. What is set in the arguments is given; the result is validated. Values travel as \
           JSON, and keep all their digits; JSON's `null` becomes that of SQL. What a procedure gives comes \
           as the driver reads it, as `CALL` can convert nothing. One that commits needs a connection \
           without a transaction, `isolation_level=\"AUTOCOMMIT\"`.\n\n\
           Rust: `create_order(executor, CreateOrderArgs { … }).await` goes over sqlx 0.8, with the structs \
           of the target `sqlx`, whose options have to be the same. An argument that may be null is an \
           `Option`; one with a default is an `Option` of that, and `None` leaves it out. Any part of a \
           result may be null, as PostgreSQL cannot say otherwise. Rows of tables are read as their \
           structs, other rows as structs of their own, `CreateOrderRow`; what sqlx has no type for \
           travels as text, as in tables.",
    options: &[
        OptionInfo::one_of::<Language>(
            "language",
            "The language of the callers, which are written to `rpc.py` in Python, to `rpc.rs` in Rust.",
        ),
        OptionInfo::text(
            "models",
            "The module that the target of the language's models writes, as an import names it; if empty \
             `./zod`, in Python `.models`, in Rust `super::models`.",
            "",
        ),
        OptionInfo::text(
            "database",
            "TypeScript: the module that the target `supabase` writes, such as `./database.types`, so \
             that callers take a client of that `Database`; any client if empty.",
            "",
        ),
        OptionInfo { docs: AS_SQLX, ..CALENDAR },
        OptionInfo { docs: AS_SQLX, ..NUMERIC },
        OptionInfo { docs: AS_SQLX, ..SERDE },
        OptionInfo::flag("comments", "Carry the schema's comments over as documentation.", true),
    ],
    default_out: "rpc.ts",
};

impl Target for Rpc {
    fn info(&self) -> &'static TargetInfo {
        &INFO
    }

    fn emit(
        &self,
        input: &EmitInput<'_>,
        options: &Options,
        out: &str,
        sink: &mut Diagnostics,
    ) -> Vec<File> {
        let Some(language) = options.choice::<Language>("language") else { return Vec::new() };
        let models = match options.text("models") {
            "" => language.models(),
            told => told,
        };
        let shapes = input.shapes(sink);
        let mut marks = Marks::default();
        let mut functions = calls::functions(input, shapes);
        let comments = options.flag("comments");
        let module = match language {
            Language::TypeScript => {
                functions.leave_out_beyond_postgrest(input.schema);
                let database = options.text("database");
                typescript::module(
                    input,
                    &functions,
                    (models, database),
                    comments,
                    &mut marks,
                    sink,
                )
            }
            Language::Python => match lang::python::import_as(models, "models") {
                Some(models) => {
                    python::module(input, (shapes, functions), &models, comments, &mut marks, sink)
                }
                None => return no_module(models, language, sink),
            },
            Language::Rust => match (lang::rust::use_as(models, "models"), Settings::of(options)) {
                (Some(models), Some(settings)) => {
                    let functions = (shapes, functions);
                    rust::module(input, functions, &models, settings, &mut marks, sink)
                }
                _ => return no_module(models, language, sink),
            },
        };
        let context = values_of! { header => lang::Code::new(HEADER), module };
        // The default is that of the first language.
        let out = if out == INFO.default_out { "" } else { out };
        let path = output::place(out, language.default_out());
        file_at(&INFO, path, language.template(), context, &marks, sink)
    }
}

fn no_module(models: &str, language: Language, sink: &mut Diagnostics) -> Vec<File> {
    sink.push(errors::no_module(INFO.name, "models", models, language.models()));
    Vec::new()
}
