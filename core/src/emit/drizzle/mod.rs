//! A Drizzle schema: one TypeScript module for the whole schema.
//!
//! In: shapes, the schema, relations. Out: a module that exports PostgreSQL schemas, enums, tables with
//! their keys, checks, indexes and policies, sequences, roles, views, and the relations between tables.
//! What drizzle-orm has no words for is said in a comment where it is missing. What a column is stands
//! in `columns`, what hangs on a table in `extras`; where it stands on the page is the template's.

mod columns;
mod context;
mod extras;
mod names;
mod tables;

use minijinja::context as values_of;

use super::lang::Code;
use super::options::{OptionInfo, choice};
use super::output::{File, HEADER};
use super::template::{Marks, Template};
use super::{EmitInput, Options, Target, TargetInfo, one_file};
use crate::diagnostic::Diagnostics;

/// The target `drizzle`.
#[derive(Debug)]
pub struct Drizzle;

choice! {
    /// How columns are called.
    Case {
        /// `createdAt` for `created_at`.
        Camel = "camel",
        /// As in the database.
        Column = "column",
    }
}

choice! {
    /// What `bigint` is in JavaScript.
    BigintAs {
        /// A number, exact up to 2^53.
        Number = "number",
        /// A bigint.
        Bigint = "bigint",
    }
}

choice! {
    /// What timestamps are in JavaScript.
    DatesAs {
        /// A `Date`.
        Date = "date",
        /// A string, which keeps microseconds.
        String = "string",
    }
}

/// The options, decoded.
#[derive(Debug, Clone, Copy)]
struct Settings {
    case: Case,
    bigint: BigintAs,
    dates: DatesAs,
    relations: bool,
    comments: bool,
}

static INFO: TargetInfo = TargetInfo {
    name: "drizzle",
    title: "Drizzle",
    docs: "A schema of drizzle-orm 0.45: tables with their keys, checks, indexes, identities, generated \
           columns and policies, enums, sequences, roles, existing views, and the relations between \
           tables. What drizzle-kit exports from it is, for all that Drizzle has words for, the database \
           that the target `sql` makes. Drizzle has no words for domains and composite types (columns \
           name them as custom types), functions, triggers, grants, extensions, publications, comments, \
           exclusion constraints, deferred and not yet valid constraints, `MATCH FULL`, the columns of \
           `ON DELETE SET NULL`, collations, `INCLUDE` and `NULLS NOT DISTINCT` of indexes, virtual \
           columns, partitions, unlogged tables, forced row-level security; a table that has one of these \
           says so in its comment. Nor can drizzle-kit carry names that hold quotes or \
           commas, texts that hold `;` or `--`, and a column `__proto__`.",
    options: &[
        OptionInfo::one_of::<Case>("case", "Columns in `camel` case, or named as the `column`."),
        OptionInfo::one_of::<BigintAs>(
            "bigint",
            "`bigint` as `number`, exact up to 2^53, or as `bigint`.",
        ),
        OptionInfo::one_of::<DatesAs>(
            "dates",
            "Timestamps as `date`, or as `string`, which keeps microseconds.",
        ),
        OptionInfo::flag(
            "relations",
            "Write the relations between tables, for queries with `with`.",
            true,
        ),
        OptionInfo::flag("comments", "Carry the schema's comments over as JSDoc.", true),
    ],
    default_out: "drizzle.ts",
};

static TEMPLATE: Template =
    Template::new("drizzle/module.ts.jinja", include_str!("templates/module.ts.jinja"));

impl Target for Drizzle {
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
        let (Some(case), Some(bigint), Some(dates)) =
            (options.choice("case"), options.choice("bigint"), options.choice("dates"))
        else {
            return Vec::new();
        };
        let flag = |name| options.flag(name);
        let settings = Settings {
            case,
            bigint,
            dates,
            relations: flag("relations"),
            comments: flag("comments"),
        };
        let shapes = input.shapes(sink);
        let mut marks = Marks::default();
        let module = context::module(input, shapes, settings, &mut marks, sink);
        let context = values_of! { header => Code::new(HEADER), ..module };
        one_file(&INFO, out, &TEMPLATE, context, &marks, sink)
    }
}
