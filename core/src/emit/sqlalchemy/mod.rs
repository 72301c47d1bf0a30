//! SQLAlchemy models: one Python module for the whole schema.
//!
//! In: the schema, its shapes and its relations. Out: a module of declarative classes, one a table with
//! a primary key; tables of pairs, tables without a primary key and views are `Table`s. Decides on types in
//! `columns` and `defaults`, on what triggers set in `updates`, on constraints and indexes in `tables`, on relationships in `relationships`, on the page's
//! parts in `context`; where they stand is the template's.

mod columns;
mod context;
mod defaults;
mod relationships;
mod tables;
mod updates;

use minijinja::context as values_of;

use super::options::OptionInfo;
use super::output::{File, HEADER};
use super::template::{Marks, Template};
use super::{EmitInput, Options, Target, TargetInfo, one_file};
use crate::diagnostic::Diagnostics;

/// The target `sqlalchemy`.
#[derive(Debug)]
pub struct SqlAlchemy;

static INFO: TargetInfo = TargetInfo {
    name: "sqlalchemy",
    title: "SQLAlchemy",
    docs: "SQLAlchemy 2 models for Python 3.11 or newer: for each table a declarative class with typed \
           columns, named constraints, indexes, comments, and relationships both ways; tables that only \
           join two others stand as the `secondary` of a many-to-many relationship. Enums are `StrEnum`s \
           that are stored by their labels. The models describe a database that schemagen's SQL made: \
           types, policies, triggers, functions, views and partitions are not theirs, and alembic is told \
           so by `include_object` and `include_name`, which `env.py` passes on to `context.configure` \
           beside `target_metadata=Base.metadata` and `include_schemas=True`; with `compare_type=True` \
           and `compare_server_default=True` it finds the models and the database equal. Indexes of \
           expressions, of collations and of operator classes behind an order it cannot read back, and is \
           told to leave alone; defaults that it cannot compare, such as those that are another value \
           each time, are a `FetchedValue`, and so is the `server_onupdate` of a column that a \
           trigger sets before an update: the session reads it with the update. A check whose \
           function needs the table itself is left to SQL. A table without \
           a primary key is a `Table`, and so is a view (`active_users_view`), to select from: it stands \
           in a `view_metadata` of its own, which neither alembic nor `create_all` is given. A column whose name \
           is Python's, pydantic's or SQLAlchemy's own is an attribute with a `_` behind it.",
    options: &[OptionInfo::flag(
        "comments",
        "Carry the schema's comments over as docstrings; those of tables and columns are always \
         part of the models, since the database has them.",
        true,
    )],
    default_out: "tables.py",
};

static TEMPLATE: Template =
    Template::new("sqlalchemy/module.py.jinja", include_str!("templates/module.py.jinja"));

impl Target for SqlAlchemy {
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
        let shapes = input.shapes(sink);
        let relations = input.relations(sink);
        let mut marks = Marks::default();
        let comments = options.flag("comments");
        let module = context::module(input, shapes, relations, comments, &mut marks, sink);
        let context = values_of! { header => super::lang::Code::new(HEADER), module };
        one_file(&INFO, out, &TEMPLATE, context, &marks, sink)
    }
}
