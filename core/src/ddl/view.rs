//! Views and materialized views.

use super::Form;
use super::statement::{Phase, Statement};
use super::writer::SqlWriter;
use crate::schema::{CheckOption, ObjectId, Schema, View, ViewId};

/// `CREATE VIEW` or `CREATE MATERIALIZED VIEW`.
pub(crate) fn create(schema: &Schema, id: ViewId, form: Form) -> Statement {
    let view = &schema.views[id];
    let again = form == Form::Idempotent;
    let mut w = SqlWriter::new(schema);
    if view.materialized {
        w.sql("CREATE MATERIALIZED VIEW ").sql_if(again, "IF NOT EXISTS ");
    } else {
        w.sql("CREATE ").sql_if(again, "OR REPLACE ").sql("VIEW ");
    }
    w.name(&view.name);
    if view.declared_columns {
        w.sql(" (").list(", ", &view.columns, |w, column| w.ident(&column.name)).sql(")");
    }
    let options = options(view);
    if !options.is_empty() {
        w.sql(" WITH (").list(", ", options, |w, option| w.sql(option)).sql(")");
    }
    w.sql(" AS\n").query(&view.query);
    w.sql(match view.check_option {
        None => "",
        Some(CheckOption::Local) => "\nWITH LOCAL CHECK OPTION",
        Some(CheckOption::Cascaded) => "\nWITH CASCADED CHECK OPTION",
    });
    w.finish(ObjectId::View(id), Phase::Views)
}

/// Materialized views know none of these.
fn options(view: &View) -> Vec<&'static str> {
    let said = [
        (view.security_invoker, "security_invoker = true"),
        (view.security_barrier, "security_barrier = true"),
    ];
    said.into_iter().filter(|(on, _)| *on && !view.materialized).map(|(_, text)| text).collect()
}
