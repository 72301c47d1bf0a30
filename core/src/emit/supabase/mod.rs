//! The `Database` type of supabase-js: one TypeScript module for the whole schema.
//!
//! In: the schema. Out: a module that is type for type what Supabase's own generator says of the
//! database that the schema's SQL makes: `Database`, the helper types, `Constants`. What a type is
//! stands in `types`, who refers to whom in `relationships`, calls in `functions`; where it stands on
//! the page is the template's. Reads no shapes: supabase-js speaks the database's own names.

mod context;
mod functions;
mod order;
mod relationships;
mod types;
mod views;

use minijinja::context as values_of;

use super::lang::{Code, typescript};
use super::options::{OptionInfo, choice};
use super::output::{File, HEADER};
use super::template::{Marks, Template};
use super::{EmitInput, Options, Target, TargetInfo, one_file};
use crate::diagnostic::Diagnostics;

/// The target `supabase`.
#[derive(Debug)]
pub struct Supabase;

choice! {
    /// Which PostgreSQL schemas the type speaks of.
    Schemas {
        /// Those that PostgREST shows.
        Exposed = "exposed",
        /// All in which something is declared.
        All = "all",
    }
}

choice! {
    /// How much a type says.
    Precision {
        /// What Supabase's generator reads in a database.
        Database = "database",
        /// What the schema knows beyond that.
        Schema = "schema",
    }
}

/// The options, decoded.
#[derive(Debug, Clone, Copy)]
struct Settings {
    schemas: Schemas,
    precision: Precision,
    comments: bool,
}

static INFO: TargetInfo = TargetInfo {
    name: "supabase",
    title: "Supabase",
    docs: "The `Database` type of supabase-js, with `Tables`, `TablesInsert`, `TablesUpdate`, `Enums`, \
           `CompositeTypes` and `Constants`: type for type what `supabase gen types typescript` says of \
           the database, without a database. Columns of views of which neither the query nor `columns` \
           tells the type are `unknown`.",
    options: &[
        OptionInfo::one_of::<Schemas>(
            "schemas",
            "The PostgreSQL schemas to describe: those that are `exposed` through PostgREST, or \
             `all` of them.",
        ),
        OptionInfo::one_of::<Precision>(
            "precision",
            "`database` says exactly what Supabase's generator says. `schema` says more: domains \
             as what they restrict, `inet`, ranges and their like as strings instead of \
             `unknown`, columns of views that the schema declares as not null.",
        ),
        OptionInfo::text(
            "postgrest_version",
            "The version of PostgREST, such as `13.0.5`, by which supabase-js chooses what queries \
             may do; left out if empty.",
            "13",
        ),
        OptionInfo::flag("comments", "Carry the schema's comments over as JSDoc.", true),
    ],
    default_out: "database.types.ts",
};

static TEMPLATE: Template =
    Template::new("supabase/module.ts.jinja", include_str!("templates/module.ts.jinja"));

impl Target for Supabase {
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
        let (Some(schemas), Some(precision)) =
            (options.choice("schemas"), options.choice("precision"))
        else {
            return Vec::new();
        };
        let settings = Settings { schemas, precision, comments: options.flag("comments") };
        let version = options.text("postgrest_version");
        let mut marks = Marks::default();
        let context = values_of! {
            header => Code::new(HEADER),
            has_version => !version.is_empty(),
            version => Code::new(typescript::string(version)),
            ..context::module(input.schema, settings, &mut marks)
        };
        one_file(&INFO, out, &TEMPLATE, context, &marks, sink)
    }
}
