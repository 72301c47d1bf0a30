//! Foreign keys: of columns (`references`) and of tables (`type: foreign_key`).
//!
//! Runs when all keys are known, since a reference needs a unique target.

use std::sync::Arc;

use super::columns::{is_hole, known_list, needs};
use super::constraints::{constraint_name, deferrability};
use super::declare::{comment, flag};
use super::mixins::Contents;
use super::{Resolver, errors, names, sql_words, types};
use crate::diagnostic::{Code, Diagnostic, Severity, closest};
use crate::grammar::{
    ConstraintDef, ConstraintWord, ForeignTargetDef, RefActionWord, ReferenceDef, Text,
};
use crate::graph::Graph;
use crate::schema::{
    ColumnType, Constraint, ConstraintKind, Deferrability, ForeignKey, IndexTarget, Name, ObjectId,
    Overrides, Ownership, QualifiedName, RefAction, RowSecurity, Table, TableId, TypeKind,
};
use crate::source::{Span, Spanned};
use crate::sql::types::can_reference;

/// A foreign key as written, and its table.
pub(super) type ForeignKeyOf = (TableId, Written);

/// A foreign key as written; its own, since it waits for the keys of all and its table's contents do not.
pub(super) enum Written {
    OfColumn(Text, Box<ReferenceDef>),
    OfTable(Box<ConstraintDef>),
}

/// The foreign keys of a table: of its columns, then its own.
pub(super) fn of(table: TableId, contents: &Contents<'_>) -> impl Iterator<Item = ForeignKeyOf> {
    let of_columns = contents.columns.iter().filter_map(|column| {
        let def = column.value.references.as_ref()?;
        Some(Written::OfColumn(column.name.clone(), def.clone()))
    });
    let of_table = contents.constraints.iter().filter_map(|def| {
        let is_foreign = def.ty.is_some_and(|ty| ty.value == ConstraintWord::ForeignKey);
        is_foreign.then(|| Written::OfTable(Box::new(def.clone())))
    });
    of_columns.chain(of_table).map(move |written| (table, written))
}

/// Resolves foreign keys.
pub(super) fn references(cx: &mut Resolver<'_>, all: Vec<ForeignKeyOf>) {
    for (table, written) in all {
        match written {
            Written::OfColumn(column, def) => of_column(cx, table, column, &def),
            Written::OfTable(def) => of_table(cx, table, &def),
        }
    }
}

/// The table of a reference. Tables of other owners exist without being declared.
pub(super) fn table(cx: &mut Resolver<'_>, name: &QualifiedName, span: Span) -> Option<TableId> {
    if let Some(id) = cx.names.table(name) {
        return Some(id);
    }
    if cx.is_foreign(name) {
        // Not every table of another owner is known; one that is spelt almost like a known one is a slip.
        if let Some(close) = cx
            .names
            .closest_relation(name)
            .filter(|close| close.starts_with(&format!("{}.", name.schema)))
        {
            let mut warning = errors::unknown_table(name, span, Some(&close));
            warning.severity = Severity::Warning;
            cx.report(warning);
        }
        let id = cx.schema.tables.push(Table {
            name: name.clone(),
            ownership: Ownership::External,
            columns: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            row_security: RowSecurity::Enabled,
            partitioning: None,
            unlogged: false,
            model: None,
            renamed_from: None,
            comment: None,
            overrides: Overrides::default(),
        });
        cx.names.insert(name.clone(), super::names::Symbol::Table(id), None);
        return Some(id);
    }
    if cx.names.partitioned(name).is_some() {
        cx.report(errors::partition_as_table(name, span));
        return None;
    }
    let close = cx.names.closest_relation(name);
    cx.report_missing(name, errors::unknown_table(name, span, close.as_deref()));
    None
}

/// Whether we know the columns of a table; of another owner's that nobody described we do not.
fn is_open(table: &Table) -> bool {
    table.ownership == Ownership::External && table.columns.is_empty()
}

fn of_column(cx: &mut Resolver<'_>, table: TableId, column: Text, def: &ReferenceDef) {
    let Some(target_text) = &def.table else { return };
    if def.is_short()
        && target_text.value.contains([' ', '('])
        && cx.names.table(&names::reference(&target_text.value)).is_none()
        && let Some(keys) = sql_words::reference(&target_text.value)
    {
        cx.report(errors::in_sql_words(Code::UnknownTable, "a reference", target_text, keys));
        return;
    }
    let Some((target, target_column)) = column_target(cx, def, target_text) else { return };
    let column_name = Name::new(column.value);
    if cx.schema.tables[table].column(&column_name).is_none() {
        return;
    }
    let key = Key {
        span: def.span,
        columns: vec![column_name],
        target,
        target_span: target_column.as_ref().map_or(target_text.span, |column| column.span),
        target_columns: target_column.into_iter().map(|column| Name::new(column.value)).collect(),
    };
    let deferrable = deferrability(cx, def.deferrable, def.initially_deferred);
    let foreign = Foreign {
        name: def.name.as_ref(),
        on_delete: def.on_delete,
        on_update: def.on_update,
        set_columns: Vec::new(),
        match_full: false,
        deferrable,
        not_valid: false,
        comment: None,
    };
    add(cx, table, key, foreign);
}

/// The table and column of a column's reference; the short form holds both in one text.
fn column_target(
    cx: &mut Resolver<'_>,
    def: &ReferenceDef,
    written: &Text,
) -> Option<(TableId, Option<Text>)> {
    if def.is_short()
        && let Some((table_text, column)) = written.value.rsplit_once('.')
    {
        let whole = names::reference(&written.value);
        let part = names::reference(table_text);
        let is_table = cx.names.table(&whole).is_some();
        let schema_is_foreign = table_text.find('.').is_none()
            && cx.names.table(&part).is_none()
            && cx.schema.namespaces.values().any(|namespace| namespace.name == table_text);
        if !is_table && !schema_is_foreign {
            let target = table(cx, &part, cx.part(written, table_text))?;
            return Some((target, Some(Text::new(column.into(), cx.part(written, column)))));
        }
    }
    let target = table(cx, &names::reference(&written.value), written.span)?;
    Some((target, def.column.clone()))
}

fn of_table(cx: &mut Resolver<'_>, own_table: TableId, def: &ConstraintDef) {
    let missing = |key: &str, help: &str| {
        Diagnostic::new(
            Code::MissingKey,
            def.span,
            format!("a foreign_key constraint needs `{key}`"),
        )
        .help(help)
    };
    let Some(ForeignTargetDef {
        span,
        table: Some(target_text),
        columns,
        on_delete,
        on_update,
        set_columns,
        match_full,
        deferrable,
        initially_deferred,
    }) = &def.references
    else {
        cx.report(missing("references", "add `references: {table: …}`"));
        return;
    };
    if def.columns.is_empty() {
        cx.report(missing("columns", "add `columns: [a, b]`"));
        return;
    }
    let own = known_list(cx, own_table, &def.columns);
    let Some(target) = table(cx, &names::reference(&target_text.value), target_text.span) else {
        return;
    };
    if own.len() < def.columns.len() {
        return;
    }
    if let Some(first) = set_columns.first() {
        needs(cx, 15, "`set_columns`", first.span, "remove it");
        let sets = on_delete.as_ref().is_some_and(|it| {
            matches!(it.value, RefActionWord::SetNull | RefActionWord::SetDefault)
        });
        if !sets {
            let message = "`set_columns` says what `on_delete: set_null` or `set_default` sets";
            let error = Diagnostic::new(Code::ConflictingKeys, first.span, message);
            cx.report(error.help("remove it, or choose one of these actions"));
        }
    }
    let outside = set_columns.iter().find(|it| !own.iter().any(|own| *own == *it.value));
    if let Some(outside) = outside {
        let message = format!("`{}` is not of this foreign key, which sets its own", outside.value);
        let error = Diagnostic::new(Code::ReferenceColumns, outside.span, message);
        cx.report(error.help("name some of its `columns`"));
        return;
    }
    let key = Key {
        span: *span,
        columns: own,
        target,
        target_columns: columns.iter().map(|column| Name::new(column.value.clone())).collect(),
        target_span: target_text.span,
    };
    let deferrable = deferrability(
        cx,
        deferrable.or(def.deferrable),
        initially_deferred.or(def.initially_deferred),
    );
    let foreign = Foreign {
        name: def.name.as_ref(),
        on_delete: *on_delete,
        on_update: *on_update,
        set_columns: set_columns.iter().map(|column| Name::new(column.value.clone())).collect(),
        match_full: flag(*match_full),
        deferrable,
        not_valid: flag(def.not_valid),
        comment: comment(def.comment.as_ref()),
    };
    add(cx, own_table, key, foreign);
}

/// The columns of a reference, both sides.
struct Key {
    span: Span,
    columns: Vec<Name>,
    target: TableId,
    target_columns: Vec<Name>,
    target_span: Span,
}

/// The rest of a reference.
struct Foreign<'d> {
    name: Option<&'d Text>,
    on_delete: Option<Spanned<RefActionWord>>,
    on_update: Option<Spanned<RefActionWord>>,
    set_columns: Vec<Name>,
    match_full: bool,
    deferrable: Deferrability,
    not_valid: bool,
    comment: Option<Arc<str>>,
}

fn add(cx: &mut Resolver<'_>, table: TableId, mut key: Key, foreign: Foreign<'_>) {
    if !target_columns(cx, &mut key) || !fits(cx, table, &key) {
        return;
    }
    if foreign.not_valid && cx.schema.tables[table].partitioning.is_some() {
        let what = "a foreign key of a partitioned table that is `not_valid`";
        needs(cx, 18, what, key.span, "remove `not_valid`");
    }
    let all = &key.columns;
    let set = if foreign.set_columns.is_empty() { all } else { &foreign.set_columns };
    for (columns, action, rewrites) in [
        (set, foreign.on_delete, &[RefActionWord::SetNull, RefActionWord::SetDefault][..]),
        (
            all,
            foreign.on_update,
            &[RefActionWord::Cascade, RefActionWord::SetNull, RefActionWord::SetDefault][..],
        ),
    ] {
        let Some(action) = action else { continue };
        for column in columns {
            action_fits(cx, table, column, action, rewrites.contains(&action.value));
        }
    }
    let name = constraint_name(cx, table, foreign.name, &key.columns, "fkey", false);
    let constraint = Constraint {
        name,
        kind: ConstraintKind::ForeignKey(ForeignKey {
            columns: key.columns,
            target: key.target,
            target_columns: key.target_columns,
            on_delete: action(foreign.on_delete),
            on_update: action(foreign.on_update),
            set_columns: foreign.set_columns,
            match_full: foreign.match_full,
        }),
        deferrable: foreign.deferrable,
        not_valid: foreign.not_valid,
        comment: foreign.comment,
    };
    let Some(found) = cx.schema.tables.get_mut(table) else { return };
    found.constraints.push(constraint);
    let position = found.constraints.len() as u32 - 1;
    if found.ownership == Ownership::Owned {
        cx.origins.set(ObjectId::Constraint(table, position), key.span);
    }
}

fn action(word: Option<Spanned<RefActionWord>>) -> RefAction {
    match word.map(|word| word.value) {
        None | Some(RefActionWord::NoAction) => RefAction::NoAction,
        Some(RefActionWord::Restrict) => RefAction::Restrict,
        Some(RefActionWord::Cascade) => RefAction::Cascade,
        Some(RefActionWord::SetNull) => RefAction::SetNull,
        Some(RefActionWord::SetDefault) => RefAction::SetDefault,
    }
}

/// Fills in the target's columns where they are not said: `id`, else its primary key.
fn target_columns(cx: &mut Resolver<'_>, key: &mut Key) -> bool {
    let target = &cx.schema.tables[key.target];
    if is_open(target) {
        if key.target_columns.is_empty() {
            key.target_columns = vec!["id".into()];
        }
        return true;
    }
    if key.target_columns.is_empty() {
        let primary = target.primary_key();
        let id =
            (key.columns.len() == 1 && target.column("id").is_some()).then(|| vec!["id".into()]);
        key.target_columns = id.unwrap_or_else(|| primary.to_vec());
    }
    let unknown = key.target_columns.iter().find(|name| target.column(name).is_none()).cloned();
    if let Some(unknown) = unknown {
        let close = closest(&unknown, target.columns.iter().map(|column| column.name.as_str()))
            .map(str::to_owned);
        let error = errors::unknown_column(
            &target.name.clone(),
            &unknown,
            key.target_span,
            close.as_deref(),
        );
        cx.report(error);
        return false;
    }
    true
}

/// Whether both sides fit: as many columns, a unique target, types that compare.
fn fits(cx: &mut Resolver<'_>, table: TableId, key: &Key) -> bool {
    let target = &cx.schema.tables[key.target];
    let target_name = target.name.clone();
    if key.columns.len() != key.target_columns.len() {
        let (own, other) = (key.columns.len(), key.target_columns.len());
        let message = if other == 0 {
            format!("`{target_name}` has no `id` and no primary key to refer to")
        } else {
            format!(
                "{own} column{} cannot refer to the {other} of `{target_name}`",
                if own == 1 { "" } else { "s" }
            )
        };
        cx.report(
            Diagnostic::new(Code::ReferenceColumns, key.span, message)
                .help("name the columns on both sides, as many here as there"),
        );
        return false;
    }
    if is_open(target) {
        return true;
    }
    let unread = |name: &Name| target.column(name).is_some_and(|(_, column)| is_hole(column));
    if !is_unique(target, &key.target_columns) && !key.target_columns.iter().any(unread) {
        let columns = key.target_columns.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
        let mut error = if keys(target, &key.target_columns).next().is_some() {
            let message = format!(
                "`{target_name}` ({columns}) is unique only in the end: its key is deferrable"
            );
            Diagnostic::new(Code::ReferenceNotUnique, key.target_span, message)
                .help("remove `deferrable` from the key, or refer to another")
        } else {
            let message =
                format!("`{target_name}` ({columns}) is neither its primary key nor unique");
            Diagnostic::new(Code::ReferenceNotUnique, key.target_span, message)
                .help("refer to a unique column, or add `unique: true` to this one")
        };
        if let [only] = key.target_columns.as_slice()
            && let Some((position, _)) = target.column(only)
            && let Some(place) = cx.origins.of(ObjectId::Column(key.target, position as u32))
        {
            error = error.label(place, "this column");
        }
        cx.report(error);
        return false;
    }
    if target.unlogged && !cx.schema.tables[table].unlogged {
        let message =
            format!("`{target_name}` is unlogged, and a table that is not cannot refer to it");
        cx.report(
            Diagnostic::new(Code::ConflictingKeys, key.target_span, message)
                .help("make both tables `unlogged`, or none"),
        );
        return false;
    }
    let mut fits = true;
    let pairs: Vec<_> =
        key.columns.iter().cloned().zip(key.target_columns.iter().cloned()).collect();
    for (own, other) in pairs {
        fits &= types_fit(cx, table, &own, key, &other);
    }
    fits
}

/// The primary key and the unique constraints that are of exactly these columns.
fn keys<'t>(table: &'t Table, columns: &'t [Name]) -> impl Iterator<Item = &'t Constraint> {
    table.constraints.iter().filter(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { columns: key }
        | ConstraintKind::Unique { columns: key, .. } => are_same(key, columns),
        ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclude(_) => false,
    })
}

fn are_same(key: &[Name], columns: &[Name]) -> bool {
    key.len() == columns.len() && columns.iter().all(|column| key.contains(column))
}

/// Whether the columns are the table's primary key, a unique constraint or a whole unique index, at all times.
pub(super) fn is_unique(table: &Table, columns: &[Name]) -> bool {
    let by_constraint = keys(table, columns)
        .any(|constraint| constraint.deferrable == Deferrability::NotDeferrable);
    let by_index =
        table.indexes.iter().filter(|index| index.unique && index.predicate.is_none()).any(
            |index| {
                let keys: Option<Vec<Name>> = index
                    .elements
                    .iter()
                    .map(|element| match &element.target {
                        IndexTarget::Column(name) => Some(name.clone()),
                        IndexTarget::Expr(_) => None,
                    })
                    .collect();
                keys.is_some_and(|keys| are_same(&keys, columns))
            },
        );
    by_constraint || by_index
}

fn types_fit(cx: &mut Resolver<'_>, table: TableId, own: &Name, key: &Key, other: &Name) -> bool {
    let find = |table: TableId, name: &Name| {
        let (position, column) = cx.schema.tables[table].column(name)?;
        Some((position as u32, column.ty.clone()))
    };
    let (Some((own_at, own_type)), Some((other_at, other_type))) =
        (find(table, own), find(key.target, other))
    else {
        return true;
    };
    let (own_base, other_base) =
        (types::underlying(cx, &own_type), types::underlying(cx, &other_type));
    let fits = match (&own_base.kind, &other_base.kind) {
        _ if own_base.is_array() != other_base.is_array() => false,
        (TypeKind::Unknown(_), _) | (_, TypeKind::Unknown(_)) => true,
        (TypeKind::Base(own), TypeKind::Base(other)) => can_reference(own.base, other.base),
        (own, other) => own == other,
    };
    if fits {
        return true;
    }
    let target = cx.schema.tables[key.target].name.clone();
    let (own_text, other_text) = (type_text(cx, &own_type), type_text(cx, &other_type));
    let message = format!("`{own}` is {own_text}, but `{target}.{other}` is {other_text}");
    let span = cx.origins.of(ObjectId::Column(table, own_at)).unwrap_or(key.span);
    let mut error = Diagnostic::new(Code::ReferenceTypeMismatch, key.span, message)
        .label(span, format!("{own_text} here"))
        .help(format!("make `{own}` {other_text}"));
    if let Some(place) = cx.origins.of(ObjectId::Column(key.target, other_at)) {
        error = error.label(place, format!("{other_text} here"));
    }
    cx.report(error);
    false
}

/// A type, for messages.
pub(super) fn type_text(cx: &Resolver<'_>, ty: &ColumnType) -> String {
    let name = match &ty.kind {
        TypeKind::Base(base) => base.to_string(),
        TypeKind::Enum(id) => cx.schema.enums[*id].name.to_string(),
        TypeKind::Domain(id) => cx.schema.domains[*id].name.to_string(),
        TypeKind::Composite(id) => cx.schema.composites[*id].name.to_string(),
        TypeKind::TableRow(id) => cx.schema.tables[*id].name.to_string(),
        TypeKind::ViewRow(id) => cx.schema.views[*id].name.to_string(),
        TypeKind::Unknown(name) => name.to_string(),
    };
    name + &"[]".repeat(usize::from(ty.dimensions))
}

/// `set_null` on a column that may not be null, `set_default` on one without a default, and what `rewrites` a
/// generated one.
fn action_fits(
    cx: &mut Resolver<'_>,
    table: TableId,
    name: &Name,
    word: Spanned<RefActionWord>,
    rewrites: bool,
) {
    let Some((position, column)) = cx.schema.tables[table].column(name) else { return };
    let error = match word.value {
        _ if rewrites && column.generated.is_some() => Diagnostic::new(
            Code::ConflictingKeys,
            word.span,
            format!("this would write `{name}`, which is generated"),
        )
        .help("use `restrict` or `no_action`"),
        RefActionWord::SetNull if !column.nullable => Diagnostic::new(
            Code::SetNullNotNull,
            word.span,
            format!("`set_null` cannot set `{name}` to null: it is not null"),
        )
        .help(format!(
            "make `{name}` nullable, or use another action, such as `cascade` or `restrict`"
        )),
        RefActionWord::SetDefault
            if column.default.is_none() && column.identity.is_none() && !column.serial =>
        {
            Diagnostic::new(
                Code::SetDefaultWithoutDefault,
                word.span,
                format!("`set_default` needs a default, and `{name}` has none"),
            )
            .help(format!("add a `default` to `{name}`, or use another action"))
        }
        RefActionWord::SetNull
        | RefActionWord::SetDefault
        | RefActionWord::NoAction
        | RefActionWord::Restrict
        | RefActionWord::Cascade => return,
    };
    let place = cx.origins.of(ObjectId::Column(table, position as u32));
    cx.report(match place {
        Some(place) => error.label(place, "this column"),
        None => error,
    });
}

/// Warns of deletes that cascade in a circle over several tables: one delete may empty them all.
pub(super) fn cascade_cycles(cx: &mut Resolver<'_>) {
    let mut edges = Vec::new();
    for (id, table) in cx.schema.owned_tables() {
        for (position, constraint) in table.constraints.iter().enumerate() {
            if let ConstraintKind::ForeignKey(key) = &constraint.kind
                && key.on_delete == RefAction::Cascade
            {
                edges.push((id.index(), key.target.index(), position as u32));
            }
        }
    }
    let graph = Graph::new(cx.schema.tables.len(), edges);
    let Some(knots) = graph.knots() else { return };
    for cycle in graph.cycles(&knots) {
        let names: Vec<String> = cycle
            .iter()
            .chain(cycle.first())
            .map(|node| cx.schema.tables[TableId::new(*node as u32)].name.to_string())
            .collect();
        let [first, second, ..] = cycle.as_slice() else { continue };
        let edge = graph.edges().iter().find(|(from, to, _)| (from, to) == (first, second));
        let Some((_, _, position)) = edge else { continue };
        let place = cx.origins.of(ObjectId::Constraint(TableId::new(*first as u32), *position));
        let Some(place) = place else { continue };
        let message = format!("deletes cascade in a circle: {}", names.join(" → "));
        cx.report(
            Diagnostic::new(Code::CascadeCycle, place, message)
                .here("one of the references of the circle")
                .help("use `restrict` or `set_null` on one of them, unless deleting one row may empty all these tables"),
        );
    }
}
