//! Typed callers of the schema's functions, in one module of one language.
//!
//! In: the functions of the shapes. Out: a module with a function for each, which calls it and gives what it
//! gives as the types of the targets `zod`, `pydantic` or `sqlx`. Which functions there are stands in
//! `calls`, how a language calls them in a file a language.

mod calls;
mod typescript;

use minijinja::context as values_of;

use super::options::{OptionInfo, choice};
use super::output::{self, File, HEADER};
use super::template::{Marks, Template};
use super::{EmitInput, Options, Target, TargetInfo, one_file};
use crate::diagnostic::Diagnostics;

/// The target `rpc`.
#[derive(Debug)]
pub struct Rpc;

choice! {
    /// The language of the callers.
    Language {
        /// supabase-js and zod.
        TypeScript = "typescript",
    }
}

impl Language {
    /// Where the module is written unless told otherwise.
    const fn default_out(self) -> &'static str {
        match self {
            Self::TypeScript => "rpc.ts",
        }
    }

    /// Where the models are imported from unless told otherwise.
    const fn models(self) -> &'static str {
        match self {
            Self::TypeScript => "./zod",
        }
    }

    const fn template(self) -> Template {
        match self {
            Self::TypeScript => Template {
                name: "rpc/module.ts.jinja",
                source: include_str!("templates/module.ts.jinja"),
            },
        }
    }
}

static INFO: TargetInfo = TargetInfo {
    name: "rpc",
    title: "Function callers",
    docs: "A function for each function of the schema, in TypeScript: `createOrder(client, args)` calls it \
           through supabase-js, checks the arguments and the result by the schemas of the target `zod` \
           (with `wire: postgrest` and `case: column`), and throws what PostgREST refuses. Functions of \
           PostgreSQL schemas other than `public` must be exposed. An argument with a default may be left \
           out. Trigger functions are left out; what else cannot be called is listed in a comment, with \
           the reason. The later ones of overloads are numbered.",
    options: &[
        OptionInfo::one_of::<Language>("language", "The language of the callers."),
        OptionInfo::text(
            "models",
            "The module that the target of the language's models writes, as an import names it: \
                   `./zod` if empty.",
            "",
        ),
        OptionInfo::text(
            "database",
            "TypeScript: the module that the target `supabase` writes, such as `./database.types`, so \
             that callers take a client of that `Database`; any client if empty.",
            "",
        ),
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
                functions.leave_out_same_names(input.schema);
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
        };
        let context = values_of! { header => super::lang::Code::new(HEADER), module };
        let mut files = one_file(&INFO, out, language.template(), context, &marks, sink);
        // The default is that of the first language.
        let out = if out == INFO.default_out { "" } else { out };
        for file in &mut files {
            file.path = output::place(out, language.default_out());
        }
        files
    }
}
