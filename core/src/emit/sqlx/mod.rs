//! Rust structs for sqlx: one module for the whole schema.
//!
//! In: shapes. Out: a module with, for each table, `X` (a row), `NewX` and `XUpdate`, for each view a
//! row, for each enum an `enum`, for each domain a newtype, for each composite type a struct. What a
//! type is stands in `types`, the page's parts in `context`; where they stand, and the macros that write
//! the same code for each of them, is the template's.

pub(super) mod context;
pub(super) mod structs;
pub(super) mod types;

use minijinja::context as values_of;

use super::options::{OptionInfo, choice};
use super::output::{File, HEADER};
use super::template::{Marks, Template};
use super::{EmitInput, Options, Target, TargetInfo, one_file};
use crate::diagnostic::Diagnostics;

/// The target `sqlx`.
#[derive(Debug)]
pub struct Sqlx;

choice! {
    /// Whose dates and times fields hold.
    Calendar {
        /// The crate chrono's.
        Chrono = "chrono",
        /// The crate time's.
        Time = "time",
    }
}

choice! {
    /// Whose numbers `numeric` is.
    Numeric {
        /// The crate `rust_decimal`'s: 28 digits.
        RustDecimal = "rust_decimal",
        /// The crate `bigdecimal`'s: any number of digits.
        BigDecimal = "bigdecimal",
    }
}

/// The options, decoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    pub(super) calendar: Calendar,
    pub(super) numeric: Numeric,
    pub(super) serde: bool,
    comments: bool,
}

/// Options that say which crates' types fields have; callers of functions take them as well.
pub(super) const CALENDAR: OptionInfo =
    OptionInfo::one_of::<Calendar>("datetime", "Dates and times of the crate `chrono` or `time`.");
pub(super) const NUMERIC: OptionInfo = OptionInfo::one_of::<Numeric>(
    "numeric",
    "Numbers of the crate `rust_decimal` (28 digits) or `bigdecimal` (any number of digits).",
);
pub(super) const SERDE: OptionInfo = OptionInfo::flag(
    "serde",
    "Derive `Serialize` and `Deserialize`. Types that serde does not know, such as ranges, are then \
           texts.",
    false,
);

static INFO: TargetInfo = TargetInfo {
    name: "sqlx",
    title: "SQLx",
    docs: "Structs for sqlx 0.8 on PostgreSQL: for each table `User` (a row, with `FromRow`), `NewUser` \
           with `insert`, and `UserUpdate`; for each view a row; for each enum an `enum` with \
           `sqlx::Type`, for each domain a newtype, for each composite type a struct. Read with \
           `User::COLUMNS`: what sqlx has no type for (`xml`, `bit`, `tsvector`, multiranges, arrays of \
           more than one dimension and others) is a `String`, which `COLUMNS`, `insert` and `UserUpdate` \
           cast; a field's comment says it. In `NewUser` a field is an `Option` where the column has a \
           default, and `None` is that default; in `UserUpdate` all are, and `None` changes nothing. \
           Elements of arrays may be null. Narrower than PostgreSQL: dates and times are never \
           `infinity`, `numeric` is never `NaN`. Types are found by the connection's `search_path`, \
           where `public` must be.",
    options: &[
        CALENDAR,
        NUMERIC,
        SERDE,
        OptionInfo::flag("comments", "Carry the schema's comments over as documentation.", true),
    ],
    default_out: "models.rs",
};

static TEMPLATE: Template =
    Template::new("sqlx/module.rs.jinja", include_str!("templates/module.rs.jinja"));

impl Settings {
    /// What the host asked for; none where the target does not declare it.
    pub(super) fn of(options: &Options) -> Option<Self> {
        Some(Self {
            calendar: options.choice("datetime")?,
            numeric: options.choice("numeric")?,
            serde: options.flag("serde"),
            comments: options.flag("comments"),
        })
    }
}

impl Target for Sqlx {
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
        let Some(settings) = Settings::of(options) else { return Vec::new() };
        let shapes = input.shapes(sink);
        let mut marks = Marks::default();
        let module = context::module(input, shapes, settings, &mut marks, sink);
        let context = values_of! { header => super::lang::Code::new(HEADER), module };
        one_file(&INFO, out, &TEMPLATE, context, &marks, sink)
    }
}
