//! A reference of the schema in Markdown.
//!
//! In: the schema. Out: one page: contents, a diagram, and for each table, view, type and function what
//! there is to know of it, with links both ways. Comments are text and never markup. Decides in
//! `context`; where the parts stand is the template's.

mod context;
mod words;

use minijinja::context as values_of;

use super::lang::{Code, markdown};
use super::options::OptionInfo;
use super::output::{File, HEADER};
use super::template::{Marks, Template};
use super::{EmitInput, Options, Target, TargetInfo, one_file};
use crate::diagnostic::Diagnostics;

/// The target `docs`.
#[derive(Debug)]
pub struct Docs;

static INFO: TargetInfo = TargetInfo {
    name: "docs",
    title: "Markdown reference",
    docs: "A reference of the schema as one Markdown page, as GitHub shows it: contents, a Mermaid \
           diagram, and for each table its columns, keys, checks, references both ways, indexes, \
           policies and triggers; views with their queries, enums, domains, composite types, and \
           functions as their callers see them. prettier changes nothing.",
    options: &[OptionInfo::text("title", "The heading of the page.", "Database schema")],
    default_out: "SCHEMA.md",
};

static TEMPLATE: Template =
    Template::new("docs/docs.md.jinja", include_str!("templates/docs.md.jinja"));

impl Target for Docs {
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
        let title = markdown::text(options.text("title"));
        let title = if title.is_empty() { "Database schema".to_owned() } else { title };
        let page = context::page(input.schema, options.text("title"), &mut marks);
        let context = values_of! { header => Code::new(HEADER), title => Code::new(title), ..page };
        one_file(&INFO, out, &TEMPLATE, context, &marks, sink)
    }
}
