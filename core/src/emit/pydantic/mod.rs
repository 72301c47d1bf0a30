//! Pydantic models: one Python module for the whole schema.
//!
//! In: shapes. Out: a module with, for each table, `X` (a row), `XCreate` and `XUpdate`, for each view
//! and composite type a model, for each enum a `StrEnum`, for each domain an annotated type, for each
//! function its arguments and its result. Decides on values in `values`, on rules between fields in
//! `checks`, on the page's parts in `context`; where they stand is the template's.

mod checks;
mod context;
mod models;
mod support;
mod values;

use minijinja::context as values_of;

use super::options::{OptionInfo, choice};
use super::output::{File, HEADER};
use super::template::{Marks, Template};
use super::{EmitInput, Options, Target, TargetInfo, one_file};
use crate::diagnostic::Diagnostics;

/// The target `pydantic`.
#[derive(Debug)]
pub struct Pydantic;

choice! {
    /// What enums are in Python.
    EnumAs {
        /// A class of `StrEnum`.
        Class = "class",
        /// A `Literal` of the labels.
        Literal = "literal",
    }
}

choice! {
    /// What models do with keys that are no fields.
    UnknownKeys {
        /// Leave them out.
        Ignore = "ignore",
        /// Refuse them.
        Forbid = "forbid",
        /// Keep them.
        Allow = "allow",
    }
}

/// The options, decoded.
#[derive(Debug, Clone, Copy)]
struct Settings {
    enums: EnumAs,
    unknown_keys: UnknownKeys,
    non_finite: bool,
    comments: bool,
}

static INFO: TargetInfo = TargetInfo {
    name: "pydantic",
    title: "Pydantic",
    docs: "Pydantic 2 models for Python 3.11 or newer: for each table `User` (a row), `UserCreate` and \
           `UserUpdate`; for each view and composite type a model, for each enum a `StrEnum`, for each \
           domain an annotated type; for each function its arguments as a model `CreateOrderArgs` and its \
           result, if it has one, as a type `CreateOrderResult`, for a `TypeAdapter`. They read rows of SQLAlchemy and of drivers, and the JSON of \
           PostgREST. CHECK constraints are carried over wherever Python can decide them as PostgreSQL \
           does; what is not carried is said in a docstring. A value is what PostgreSQL would store: \
           `numeric(10,2)` is rounded, `varchar(5)` loses spaces beyond its end. In `UserCreate` and \
           `UserUpdate` a field that was not given is `None`: dump them with `exclude_unset=True`, and \
           `by_alias=True` for the names of the columns. Narrower than PostgreSQL: dates and times are \
           those of Python and of ISO 8601, never `infinity`; numbers are never `NaN` or infinite unless with `non_finite`; \
           numbers and truth values are not read from texts. Wider: `interval`, `inet`, ranges and other \
           types of their own grammar are any text. A column whose name is Python's, pydantic's or \
           SQLAlchemy's own gets a field with a `_` behind it, and its own name as an alias. Validators \
           by hand are types (`EmailStr`), or with `extend` metadata (`AfterValidator(f)`).",
    options: &[
        OptionInfo::one_of::<EnumAs>(
            "enums",
            "Enums as a `class` of `StrEnum`, or as a `literal` type of their labels.",
        ),
        OptionInfo::one_of::<UnknownKeys>(
            "unknown_keys",
            "Leave out (`ignore`), refuse (`forbid`) or keep (`allow`) keys that are no columns.",
        ),
        OptionInfo::flag(
            "non_finite",
            "Also take `NaN` and infinity where PostgreSQL does, as numbers or by the names that they have in JSON.",
            false,
        ),
        OptionInfo::flag(
            "comments",
            "Carry the schema's comments over as docstrings and descriptions.",
            true,
        ),
    ],
    default_out: "models.py",
};

static TEMPLATE: Template =
    Template::new("pydantic/module.py.jinja", include_str!("templates/module.py.jinja"));

impl Target for Pydantic {
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
        let (Some(enums), Some(unknown_keys)) =
            (options.choice("enums"), options.choice("unknown_keys"))
        else {
            return Vec::new();
        };
        let non_finite = options.flag("non_finite");
        let comments = options.flag("comments");
        let settings = Settings { enums, unknown_keys, non_finite, comments };
        let shapes = input.shapes(sink);
        let mut marks = Marks::default();
        let module = context::module(input, shapes, settings, &mut marks, sink);
        let context = values_of! { header => super::lang::Code::new(HEADER), module };
        one_file(&INFO, out, &TEMPLATE, context, &marks, sink)
    }
}
