//! The target `sql`: the whole schema as one script.
//!
//! In: a schema. Out: `schema.sql`, the statements of `ddl` under the headings of their phases. Decides
//! nothing about SQL itself.

mod layout;

use super::output::{self, File};
use super::{EmitInput, OptionInfo, OptionKind, Options, Target, TargetInfo};
use crate::ddl::{self, CreateOptions, Form};
use crate::diagnostic::Diagnostics;

/// PostgreSQL's own language.
#[derive(Debug)]
pub struct Sql;

const INFO: TargetInfo = TargetInfo {
    name: "sql",
    title: "SQL",
    docs: "The whole schema as one script of PostgreSQL's SQL. It applies in one transaction on an \
           empty database: every object stands after all that it needs.",
    options: &[
        OptionInfo {
            name: "idempotent",
            docs: "Write statements that can be run again: what exists is left or replaced, never \
                   an error. Objects that exist are not brought up to date by this.",
            kind: OptionKind::Flag { default: false },
        },
        OptionInfo {
            name: "transaction",
            docs: "Put the script between `BEGIN` and `COMMIT`. Turn it off where the tool that \
                   applies it opens a transaction itself.",
            kind: OptionKind::Flag { default: true },
        },
    ],
    default_out: "schema.sql",
};

impl Target for Sql {
    fn info(&self) -> &'static TargetInfo {
        &INFO
    }

    fn emit(
        &self,
        input: &EmitInput<'_>,
        options: &Options,
        out: &str,
        _sink: &mut Diagnostics,
    ) -> Vec<File> {
        let transaction = options.flag("transaction");
        let form = if options.flag("idempotent") { Form::Idempotent } else { Form::Plain };
        let create = CreateOptions { form, transaction };
        let statements = ddl::create_schema(input.schema, input.order, create);
        let (text, provenance) = layout::script(&statements, transaction);
        vec![File { path: output::place(out, "schema.sql"), text, target: INFO.name, provenance }]
    }
}
