//! DBML: the language of dbdiagram.io and dbdocs.io.
//!
//! In: the schema. Out: one file with enums, tables with their columns, keys, indexes and checks, and
//! references. Tables of others that keys lead to are shown too. What DBML has no words for is said in
//! comments. Decides in `context`; where things stand is the template's.

mod context;

use minijinja::context as values_of;

use super::lang::Code;
use super::options::OptionInfo;
use super::output::{File, HEADER};
use super::template::{Marks, Template};
use super::{EmitInput, Options, Target, TargetInfo, one_file};
use crate::diagnostic::Diagnostics;

/// The target `dbml`.
#[derive(Debug)]
pub struct Dbml;

static INFO: TargetInfo = TargetInfo {
    name: "dbml",
    title: "DBML",
    docs: "DBML for dbdiagram.io, dbdocs.io and their tools: enums, tables with columns, defaults, keys, \
           indexes and checks, and references with their actions. Tables that others own are shown where \
           keys lead to them. What DBML has no words for is said in comments where it is about a table; \
           views, functions, triggers and policies are left out.",
    options: &[OptionInfo::flag("comments", "Carry the schema's comments over as notes.", true)],
    default_out: "schema.dbml",
};

static TEMPLATE: Template =
    Template::new("dbml/schema.dbml.jinja", include_str!("templates/schema.dbml.jinja"));

impl Target for Dbml {
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
        let mut marks = Marks::default();
        let items = marks.place_all(context::items(input.schema, options.flag("comments")));
        let context = values_of! { header => Code::new(HEADER), items };
        one_file(&INFO, out, &TEMPLATE, context, &marks, sink)
    }
}
