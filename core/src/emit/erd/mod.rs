//! Entity diagrams: an SVG that is laid out, or Mermaid's `erDiagram`.
//!
//! In: the schema. Out: one file. `diagram` decides what is shown, `layout` where, `svg` and `mermaid`
//! how each says it. No scripts; nothing that a schema says becomes markup.

pub mod diagram;
pub mod layout;
pub(crate) mod mermaid;
mod svg;

pub use diagram::{Diagram, Shown};
pub use layout::Layout;

use minijinja::context as values_of;

use super::lang::Code;
use super::options::{OptionInfo, choice};
use super::output::{File, HEADER, place};
use super::template::{Marks, Template};
use super::{EmitInput, Options, Target, TargetInfo, file_at, one_file};
use crate::diagnostic::Diagnostics;

/// The target `erd`.
#[derive(Debug)]
pub struct Erd;

choice! {
    /// What is written.
    Format {
        /// A picture.
        Svg = "svg",
        /// Text that GitHub and others draw.
        Mermaid = "mermaid",
    }
}

choice! {
    /// Which columns are shown.
    Columns {
        /// All of them.
        All = "all",
        /// Those of keys.
        Keys = "keys",
    }
}

static INFO: TargetInfo = TargetInfo {
    name: "erd",
    title: "Entity diagram",
    docs: "A diagram of the tables and how they refer to each other. As SVG: laid out in layers, what is \
           referred to on the left; grouped by PostgreSQL schema; light or dark as the reader's system \
           is; comments appear under the pointer; no scripts. As Mermaid: an `erDiagram`, as `erd.mmd`, \
           which GitHub draws in Markdown. Tables of others are shown where keys lead to them.",
    options: &[
        OptionInfo::one_of::<Format>("format", "An `svg`, or the text of a `mermaid` diagram."),
        OptionInfo::one_of::<Columns>(
            "columns",
            "Show `all` columns, or only those of primary and foreign `keys`.",
        ),
    ],
    default_out: "erd.svg",
};

static SVG: Template = Template::new("erd/erd.svg.jinja", include_str!("templates/erd.svg.jinja"));
static MERMAID: Template =
    Template::new("erd/erd.mmd.jinja", include_str!("templates/erd.mmd.jinja"));

impl Target for Erd {
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
        let (Some(format), Some(columns)) = (options.choice("format"), options.choice("columns"))
        else {
            return Vec::new();
        };
        let shown = match columns {
            Columns::All => Shown::All,
            Columns::Keys => Shown::Keys,
        };
        let diagram = Diagram::new(input.schema, shown);
        let mut marks = Marks::default();
        let header = Code::new(HEADER);
        match format {
            Format::Svg => {
                let context = values_of! { header, ..svg::context(&diagram, &mut marks) };
                one_file(&INFO, out, &SVG, context, &marks, sink)
            }
            Format::Mermaid => {
                let lines = marks.place_all(mermaid::lines(&diagram));
                let context = values_of! { header, lines };
                let out = if out == INFO.default_out { "" } else { out };
                file_at(&INFO, place(out, "erd.mmd"), &MERMAID, context, &marks, sink)
            }
        }
    }
}
