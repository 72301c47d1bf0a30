//! Zod schemas: one TypeScript module for the whole schema.
//!
//! In: shapes. Out: a module that exports, for each table, `XSchema` (a row), `XInsertSchema` and
//! `XUpdateSchema`, for each enum, domain and composite type one schema, for each function
//! `XArgsSchema` and `XResultSchema`, and the inferred types. Decides on values in `values`, on the
//! page's parts in `context`; where they stand is the template's.

mod checks;
mod context;
mod dialect;
mod fields;
mod support;
mod values;

use minijinja::context as values_of;

use super::options::{OptionInfo, choice};
use super::output::{File, HEADER};
use super::template::{Marks, Template};
use super::{EmitInput, Options, Target, TargetInfo, one_file};
use crate::diagnostic::Diagnostics;

/// The target `zod`.
#[derive(Debug)]
pub struct Zod;

choice! {
    /// Which zod the module is for.
    Version {
        /// zod 4, method chains.
        Four = "4",
        /// `zod/mini`, functions that bundlers can leave out.
        Mini = "mini",
        /// zod 3.
        Three = "3",
    }
}

choice! {
    /// How values travel between the database and the code.
    Wire {
        /// JSON over PostgREST, as supabase-js gives it.
        Postgrest = "postgrest",
        /// The `pg` package with its default parsers.
        NodePostgres = "node-postgres",
        /// The `postgres` package with its default parsers.
        PostgresJs = "postgres-js",
    }
}

choice! {
    /// What `bigint` is in JavaScript.
    BigintAs {
        /// What the wire gives: a number over PostgREST, else a string.
        Wire = "wire",
        /// A number, within the integers that numbers hold exactly.
        Number = "number",
        /// A string of digits.
        String = "string",
        /// A bigint, coerced from what the wire gives.
        Bigint = "bigint",
    }
}

choice! {
    /// What `numeric` is in JavaScript.
    NumericAs {
        /// What the wire gives: a number over PostgREST, else a string.
        Wire = "wire",
        /// A number.
        Number = "number",
        /// A string of digits.
        String = "string",
    }
}

choice! {
    /// Which texts are UUIDs.
    UuidAs {
        /// Any 128 bits, as in PostgreSQL.
        Guid = "guid",
        /// Versions and variants of RFC 9562 only.
        Uuid = "uuid",
    }
}

choice! {
    /// What `date`, `timestamp` and `timestamptz` are in JavaScript.
    DatesAs {
        /// What the wire gives: a string over PostgREST, else a `Date`.
        Wire = "wire",
        /// A string of ISO 8601.
        String = "string",
        /// A `Date`.
        Date = "date",
    }
}

choice! {
    /// How fields are called.
    Case {
        /// As the columns.
        Column = "column",
        /// `createdAt` for `created_at`.
        Camel = "camel",
    }
}

choice! {
    /// What objects do with keys that are no fields.
    UnknownKeys {
        /// Leave them out of the result.
        Strip = "strip",
        /// Refuse them.
        Strict = "strict",
        /// Let them through.
        Loose = "loose",
    }
}

/// The options, decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Settings {
    version: Version,
    wire: Wire,
    bigint: BigintAs,
    numeric: NumericAs,
    uuid: UuidAs,
    dates: DatesAs,
    case: Case,
    unknown_keys: UnknownKeys,
    non_finite: bool,
    comments: bool,
}

impl Settings {
    fn new(options: &Options) -> Option<Self> {
        let wire = options.choice("wire")?;
        let is_json = wire == Wire::Postgrest;
        let dates = options.choice("dates")?;
        let bigint = options.choice("bigint")?;
        let numeric = options.choice("numeric")?;
        Some(Self {
            version: options.choice("zod")?,
            wire,
            bigint: match bigint {
                BigintAs::Wire if is_json => BigintAs::Number,
                BigintAs::Wire => BigintAs::String,
                said => said,
            },
            numeric: match numeric {
                NumericAs::Wire if is_json => NumericAs::Number,
                NumericAs::Wire => NumericAs::String,
                said => said,
            },
            uuid: options.choice("uuid")?,
            dates: match dates {
                DatesAs::Wire if is_json => DatesAs::String,
                DatesAs::Wire => DatesAs::Date,
                said => said,
            },
            case: options.choice("case")?,
            unknown_keys: options.choice("unknown_keys")?,
            non_finite: options.flag("non_finite"),
            comments: options.flag("comments"),
        })
    }
}

static INFO: TargetInfo = TargetInfo {
    name: "zod",
    title: "Zod",
    docs: "Zod schemas and their inferred types: for each table `UserSchema` (a row), \
           `UserInsertSchema` and `UserUpdateSchema`; for each enum, domain, composite type and view \
           one schema; for each function `CreateOrderArgsSchema` and `CreateOrderResultSchema`. CHECK \
           constraints are carried over wherever JavaScript can decide them as PostgreSQL does; what \
           is not carried is said in a comment. Narrower than PostgreSQL, since JavaScript has no such \
           values or no such notation: dates and timestamps are ISO 8601 in the years 1 to 9999, never \
           `infinity`; times end before `24:00`; numbers are plain digits, and `NaN` and infinity only \
           with `non_finite`. Wider: types that travel as text of their own (`interval`, `inet`, \
           ranges, …) are any text.",
    options: &[
        OptionInfo::one_of::<Version>(
            "zod",
            "Which zod the module imports: `4`, `mini` for `zod/mini`, or `3`.",
        ),
        OptionInfo::one_of::<Wire>(
            "wire",
            "What reads and writes the rows: `postgrest` (supabase-js), `node-postgres` or \
             `postgres-js`, each with its own form of dates, bigints and numerics.",
        ),
        OptionInfo::one_of::<BigintAs>(
            "bigint",
            "`bigint` as `number` (integers up to 2^53), `string` or `bigint`; by default as the wire \
             gives it.",
        ),
        OptionInfo::one_of::<NumericAs>(
            "numeric",
            "`numeric` as `number` or `string`; by default as the wire gives it.",
        ),
        OptionInfo::one_of::<UuidAs>(
            "uuid",
            "`guid` takes any UUID that PostgreSQL takes, `uuid` only those of RFC 9562. The same in \
             zod 3.",
        ),
        OptionInfo::one_of::<DatesAs>(
            "dates",
            "Dates and timestamps as `string` or `date`; by default as the wire gives them.",
        ),
        OptionInfo::one_of::<Case>("case", "Fields named as the `column`, or in `camel` case."),
        OptionInfo::one_of::<UnknownKeys>(
            "unknown_keys",
            "`strip`, refuse (`strict`) or pass (`loose`) keys that are no columns.",
        ),
        OptionInfo::flag(
            "non_finite",
            "Also take `NaN` and infinity where PostgreSQL does. Over PostgREST these are \
             strings, so that the types become unions.",
            false,
        ),
        OptionInfo::flag("comments", "Carry the schema's comments over as JSDoc.", true),
    ],
    default_out: "zod.ts",
};

static TEMPLATE: Template =
    Template::new("zod/module.ts.jinja", include_str!("templates/module.ts.jinja"));

impl Target for Zod {
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
        let Some(settings) = Settings::new(options) else { return Vec::new() };
        let shapes = input.shapes(sink);
        let mut marks = Marks::default();
        let module = context::module(input, shapes, settings, out, &mut marks, sink);
        let context = values_of! { header => super::lang::Code::new(HEADER), module };
        one_file(&INFO, out, &TEMPLATE, context, &marks, sink)
    }
}
