//! Columns of tables: types, nullability, defaults, generated values, identity.

use super::declare::{DeclaredTable, check_sequence, comment, flag, sequence_options, text};
use super::mixins::List;
use super::types::{self, Position, is_integer};
use super::{Resolver, defaults, errors, expressions, names};
use crate::diagnostic::{Code, Diagnostic, Safety, closest};
use crate::grammar::{ColumnDef, GeneratedWord, IdentityWord, Named, Text};
use crate::schema::{
    Column, ColumnType, Generated, GeneratedKind, Identity, IdentityKind, Name, ObjectId,
    SequenceOptions, TableId, TypeKind,
};
use crate::sql::ident::SYSTEM_COLUMNS;

/// Resolves the columns of a table from what is `written`, those of its mixins among it.
pub(super) fn columns(
    cx: &mut Resolver<'_>,
    table: &DeclaredTable<'_>,
    written: &List<'_, Named<ColumnDef>>,
) {
    let mut columns: Vec<Column> = Vec::with_capacity(written.len());
    if table_is_users(cx, table.id) {
        cx.origins.expect(ObjectId::Column(table.id, 0), written.len());
    }
    for named in written {
        if let Some(error) = names::invalid(&named.name.value, named.name.span) {
            cx.report(error);
            continue;
        }
        if SYSTEM_COLUMNS.contains(&&*named.name.value) {
            cx.report(errors::system_column(&named.name.value, named.name.span));
            continue;
        }
        let object = ObjectId::Column(table.id, columns.len() as u32);
        if table_is_users(cx, table.id) {
            cx.origins.set(object, named.name.span);
        }
        let column = column(cx, named);
        if column.ty.kind == TypeKind::TableRow(table.id) {
            let name = cx.schema.tables[table.id].name.clone();
            cx.report(errors::of_itself(&name, named.name.span));
        }
        columns.push(column);
    }
    for name in &table.named.value.columns.unread {
        let named =
            Named { name: name.clone(), value: ColumnDef::empty(name.span), span: name.span };
        let column = column(cx, &named);
        columns.push(column);
    }
    let primary_key = &table.named.value.primary_key;
    let in_key = |name: &str| primary_key.iter().any(|key| key.value == name);
    for named in written.iter().filter(|named| in_key(&named.name.value)) {
        nullability(cx, &named.value, Some("a primary key column"));
    }
    for column in columns.iter_mut().filter(|column| in_key(&column.name)) {
        column.nullable = false;
    }
    if written.is_empty()
        && is_really_empty(cx, table)
        && let Some(place) = cx.origins.of(ObjectId::Table(table.id))
    {
        cx.report(
            Diagnostic::new(
                Code::TableWithoutColumns,
                place,
                format!("the table `{}` has no columns", cx.schema.tables[table.id].name),
            )
            .help("add `columns`"),
        );
    }
    if let Some(table) = cx.schema.tables.get_mut(table.id) {
        table.columns = columns;
    }
}

/// Whether the table has no columns because none were written, rather than none could be read.
fn is_really_empty(cx: &Resolver<'_>, table: &DeclaredTable<'_>) -> bool {
    let file = table.named.name.span.file;
    let in_broken_yaml = || {
        cx.sink.iter().any(|finding| {
            finding.primary.span.file == file && finding.code.as_str().starts_with("yaml-")
        })
    };
    table.named.value.columns.unread.is_empty() && !in_broken_yaml()
}

/// Whether findings may point into the table.
fn table_is_users(cx: &Resolver<'_>, id: TableId) -> bool {
    cx.origins.of(ObjectId::Table(id)).is_some()
}

/// The type of a column that could not be read.
fn hole() -> TypeKind {
    TypeKind::Unknown(Box::new(names::reference("unknown")))
}

/// Whether a column could not be read, so that nothing is known of it.
pub(super) fn is_hole(column: &Column) -> bool {
    column.ty.kind == hole()
}

fn column(cx: &mut Resolver<'_>, named: &Named<ColumnDef>) -> Column {
    let def = &named.value;
    let is_short = def.ty.as_ref().is_some_and(|spec| spec.span() == def.span);
    let position = if is_short { Position::Column } else { Position::Stored };
    let written =
        def.ty.as_ref().and_then(|spec| types::resolve(cx, spec, def.array.as_deref(), position));
    // A hole: whoever refers to the column finds it, and nothing is said about its type.
    let known = written.is_some();
    let written =
        written.unwrap_or_else(|| types::Written { ty: ColumnType::scalar(hole()), serial: false });
    let primary_key = flag(def.primary_key.as_deref());
    let required = primary_key.then_some("a primary key column");
    nullability(cx, def, required.or(def.identity.is_some().then_some("an identity column")));
    let identity = identity(cx, def, &written.ty, known);
    let generated = generated(cx, def);
    let default = match &def.default {
        Some(default) if known => defaults::resolve(cx, default, &written.ty),
        _ => None,
    };
    one_source_of_values(cx, def, written.serial);
    let required = primary_key || written.serial || identity.is_some();
    Column {
        name: Name::new(named.name.value.clone()),
        nullable: !required && def.nullable.is_none_or(|nullable| nullable.value),
        ty: written.ty,
        default,
        generated: generated.map(Box::new),
        identity: identity.map(Box::new),
        serial: written.serial,
        collation: def
            .collation
            .as_ref()
            .map(|name| Box::new(names::reference_in(&name.value, "pg_catalog"))),
        comment: comment(def.comment.as_deref()),
        alias: text(def.alias.as_deref()).map(Box::new),
        deprecated: def.deprecated.as_ref().and_then(|written| match written.value.text.as_str() {
            "true" => Some(Box::default()),
            "false" => None,
            _ => Some(Box::new(written.value.text.clone())),
        }),
        renamed_from: def.renamed_from.as_ref().map(|old| Box::new(Name::new(old.value.clone()))),
        using: def.using.as_ref().map(|using| Box::new(expressions::expr(cx, using))),
    }
}

/// Some columns are never null, and saying otherwise is a mistake.
fn nullability(cx: &mut Resolver<'_>, def: &ColumnDef, required: Option<&str>) {
    let (Some(nullable), Some(what)) = (def.nullable.filter(|nullable| nullable.value), required)
    else {
        return;
    };
    cx.report(
        Diagnostic::new(Code::NullablePrimaryKey, nullable.span, format!("{what} cannot be null"))
            .help("remove `nullable: true`")
            .fix("say `nullable: false`", Safety::Safe, nullable.span, "false"),
    );
}

fn identity(
    cx: &mut Resolver<'_>,
    def: &ColumnDef,
    ty: &ColumnType,
    known: bool,
) -> Option<Identity> {
    let spec = def.identity.as_ref()?;
    if known && !is_integer(ty) {
        let span = def.ty.as_ref().map_or(spec.span, crate::grammar::TypeSpec::span);
        cx.report(
            Diagnostic::new(Code::IdentityType, span, "an identity column counts in whole numbers")
                .help("use smallint, integer or bigint"),
        );
    }
    let sequence = match &spec.sequence {
        Some(sequence) => {
            check_sequence(cx, sequence, ty);
            sequence_options(sequence)
        }
        None => SequenceOptions::default(),
    };
    let kind = match spec.kind.map(|kind| kind.value) {
        Some(IdentityWord::ByDefault) => IdentityKind::ByDefault,
        Some(IdentityWord::Always) | None => IdentityKind::Always,
    };
    Some(Identity { kind, sequence })
}

fn generated(cx: &mut Resolver<'_>, def: &ColumnDef) -> Option<Generated> {
    let written = def.generated.as_ref()?;
    let kind = match written.kind.map(|kind| kind.value) {
        Some(GeneratedWord::Virtual) => GeneratedKind::Virtual,
        Some(GeneratedWord::Stored) | None => GeneratedKind::Stored,
    };
    if let (GeneratedKind::Virtual, Some(word)) = (kind, written.kind) {
        needs(cx, 18, "a virtual generated column", word.span, "use `kind: stored`");
    }
    let expr = written.expr.as_ref()?;
    Some(Generated { kind, expr: expressions::expr(cx, expr) })
}

/// Reports syntax that the target version does not have.
pub(super) fn needs(
    cx: &mut Resolver<'_>,
    version: u16,
    what: &str,
    span: crate::source::Span,
    help: &str,
) {
    let target = cx.options.target_version;
    if target < version {
        cx.report(errors::needs_version(what, version, target, span, help));
    }
}

/// A column's values come from one place: a default, an expression, an identity or a sequence.
fn one_source_of_values(cx: &mut Resolver<'_>, def: &ColumnDef, serial: bool) {
    let default = def.default.as_ref().map(|default| ("a default", default.span()));
    let generated =
        def.generated.as_ref().map(|generated| ("a generated expression", generated.span));
    let identity = def.identity.as_ref().map(|identity| ("an identity", identity.span));
    let serial = def.ty.as_ref().filter(|_| serial).map(|ty| ("a serial type", ty.span()));
    let mut given = [serial, identity, generated, default].into_iter().flatten();
    let Some((first, first_span)) = given.next() else { return };
    for (other, span) in given {
        let message = format!("a column with {first} cannot have {other}");
        cx.report(
            Diagnostic::new(Code::ConflictingKeys, span, message)
                .label(first_span, first)
                .help("keep one of the two"),
        );
    }
}

/// A column of a table by name; reports one that is not there.
pub(super) fn known(cx: &mut Resolver<'_>, table: TableId, name: &Text) -> Option<Name> {
    let found = &cx.schema.tables[table];
    if found.column(&name.value).is_some() {
        return Some(Name::new(name.value.clone()));
    }
    let close = closest(&name.value, found.columns.iter().map(|column| column.name.as_str()))
        .map(str::to_owned);
    let error =
        errors::unknown_column(&found.name.clone(), &name.value, name.span, close.as_deref());
    cx.report(error);
    None
}

/// The columns of a list that the table has; reports the others, and a name given twice.
pub(super) fn known_list(cx: &mut Resolver<'_>, table: TableId, list: &[Text]) -> Vec<Name> {
    let mut found: Vec<Name> = Vec::with_capacity(list.len());
    for name in list {
        let Some(known) = known(cx, table, name) else { continue };
        if found.contains(&known) {
            let message = format!("the column `{known}` stands twice in the list");
            cx.report(
                Diagnostic::new(Code::DuplicateLabel, name.span, message)
                    .help("remove one of the two"),
            );
            continue;
        }
        found.push(known);
    }
    found
}
