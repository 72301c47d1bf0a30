//! Views: their queries, columns and indexes.

use super::declare::{Declared, comment};
use super::indexes::{Owner, index, take_index_name};
use super::types::{self, Position};
use super::{Resolver, columns, expressions};
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::{CheckOptionWord, Named, ViewDef};
use crate::schema::{CheckOption, Name, ObjectId, ViewColumn, ViewId};

/// Resolves all views.
pub(super) fn views(cx: &mut Resolver<'_>, declared: &Declared<'_>) {
    for (id, named) in &declared.views {
        view(cx, *id, named);
    }
}

fn view(cx: &mut Resolver<'_>, id: ViewId, named: &Named<ViewDef>) {
    let def = &named.value;
    let Some(written) = &def.query else { return };
    let materialized = cx.schema.views[id].materialized;
    let name = cx.schema.views[id].name.clone();
    let query = expressions::query(cx, written);
    let exposed = cx
        .schema
        .namespaces
        .values()
        .any(|namespace| namespace.name == name.schema && namespace.exposed);
    if let Some(invoker) = def.security_invoker.filter(|invoker| invoker.value) {
        columns::needs(cx, 15, "`security_invoker`", invoker.span, "remove it");
    }
    let default_invoker = exposed && !materialized && cx.options.target_version >= 15;
    let mut view_columns = Vec::with_capacity(def.columns.entries.len());
    for column in &def.columns {
        let ty = column
            .value
            .ty
            .as_ref()
            .and_then(|spec| types::resolve(cx, spec, None, Position::Function));
        view_columns.push(ViewColumn {
            name: Name::new(column.name.value.clone()),
            ty: ty.map(|written| written.ty),
            nullable: column.value.nullable.is_none_or(|nullable| nullable.value),
            comment: comment(column.value.comment.as_ref()),
        });
    }
    let mut indexes = Vec::with_capacity(def.indexes.len());
    if let (Some(first), false) = (def.indexes.first(), materialized) {
        cx.report(
            Diagnostic::new(
                Code::ConflictingKeys,
                first.span,
                format!("`{name}` is not materialized and has no rows to index"),
            )
            .help("add `materialized: true`, or index the tables beneath"),
        );
    } else {
        for def in &def.indexes {
            if let Some(name_text) = &def.name {
                take_index_name(cx, &name.schema, name_text, None);
            }
            if let Some(index) = index(cx, def, &Owner::View(name.clone())) {
                let object = ObjectId::ViewIndex(id, indexes.len() as u32);
                cx.origins.set(object, def.name.as_ref().map_or(def.span, |name| name.span));
                indexes.push(index);
            }
        }
    }
    let barrier = def.security_barrier.filter(|barrier| barrier.value && materialized);
    let invoker = def.security_invoker.filter(|invoker| invoker.value && materialized);
    for (key, flag) in [("security_barrier", barrier), ("security_invoker", invoker)] {
        let Some(flag) = flag else { continue };
        let message =
            format!("a materialized view has no `{key}`: whoever may read it sees all of its rows");
        cx.report(Diagnostic::new(Code::ConflictingKeys, flag.span, message).help("remove it"));
    }
    if let Some(option) = def.check_option.filter(|_| materialized) {
        cx.report(
            Diagnostic::new(
                Code::ConflictingKeys,
                option.span,
                "nothing can be written through a materialized view",
            )
            .help("remove `check_option`"),
        );
    }
    let Some(view) = cx.schema.views.get_mut(id) else { return };
    view.query = query;
    view.columns = view_columns;
    view.security_invoker = def.security_invoker.map_or(default_invoker, |invoker| invoker.value);
    view.check_option = def.check_option.map(|option| match option.value {
        CheckOptionWord::Local => CheckOption::Local,
        CheckOptionWord::Cascaded => CheckOption::Cascaded,
    });
    view.indexes = indexes;
}
