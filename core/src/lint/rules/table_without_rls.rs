//! `table-without-rls`: a table that PostgREST shows to everyone.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::resolve::Resolved;
use crate::schema::{ObjectId, RowSecurity};

/// Looks at tables of exposed schemas, on platforms where anonymous requests reach them.
pub(super) fn table_without_rls(resolved: &Resolved, sink: &mut Diagnostics) {
    let schema = &resolved.schema;
    let anonymous = schema.roles.values().any(|role| role.name == "anon");
    for (id, table) in schema.owned_tables() {
        let object = ObjectId::Table(id);
        let exposed = schema
            .namespaces
            .values()
            .any(|namespace| namespace.exposed && namespace.name == table.name.schema);
        let open = table.row_security == RowSecurity::Disabled;
        if !(anonymous && exposed && open)
            || resolved.origins.is_intended(object, Code::TableWithoutRls)
        {
            continue;
        }
        let Some(span) = resolved.origins.of(object) else { continue };
        sink.push(
            Diagnostic::new(Code::TableWithoutRls, span, format!("everyone who reaches the API can read and write `{}`", table.name))
                .here("has no row-level security")
                .help("add `policies`, or `rls: enabled` to let nobody in yet; `rls: disabled` says that this is meant"),
        );
    }
}
