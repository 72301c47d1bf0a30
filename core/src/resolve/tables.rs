//! Tables: their columns, partitions and row-level security.

use super::declare::{DeclaredTable, flag};
use super::mixins::Contents;
use super::names::{self, Symbol};
use super::references::{self, ForeignKeyOf};
use super::{Resolver, columns, constraints, defaults, errors};
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::{
    IndexColumnDef, Named, PartitionByDef, PartitionDef, RowSecurityWord, ScalarText, StrategyWord,
};
use crate::schema::{
    IndexTarget, Name, ObjectId, Partition, PartitionBounds, PartitionStrategy, Partitioning,
    QualifiedName, RowSecurity, TableId,
};
use crate::source::Span;
use crate::sql::literal::quote_literal;
use crate::syntax::ScalarKind;
use smol_str::SmolStr;

/// Fills the shells of the tables. Gives their foreign keys, which wait for the keys of all.
///
/// Names come first: every name that the user gave is taken before PostgreSQL's own names are made for
/// the rest, so that a default never takes a name that was asked for. Partitions have names, and are of columns.
/// All else of a table is done at once, while it is at hand.
pub(super) fn tables(
    cx: &mut Resolver<'_>,
    tables: &[DeclaredTable<'_>],
    contents: Vec<Contents<'_>>,
) -> Vec<ForeignKeyOf> {
    // Most tables have two keys, which have indexes of their names, and about two constraints for three columns.
    let indexes: usize = contents.iter().map(|contents| contents.indexes.len()).sum();
    let columns: usize = contents.iter().map(|contents| contents.columns.len()).sum();
    cx.names.reserve(indexes + 2 * tables.len(), 0, columns * 2 / 3);
    let has_partitions = |table: &DeclaredTable<'_>| {
        let def = &table.named.value;
        def.partition_by.is_some() || !def.partitions.entries.is_empty()
    };
    for (table, contents) in tables.iter().zip(&contents).filter(|(table, _)| has_partitions(table))
    {
        columns::columns(cx, table, &contents.columns);
        partitioning(cx, table);
    }
    for (table, contents) in tables.iter().zip(&contents) {
        constraints::take_given_names(cx, table.id, contents);
    }
    let mut foreign = Vec::new();
    for (table, contents) in tables.iter().zip(contents) {
        if !has_partitions(table) {
            columns::columns(cx, table, &contents.columns);
        }
        row_security(cx, table);
        constraints::constraints(cx, table, &contents);
        foreign.extend(references::of(table.id, &contents));
    }
    foreign
}

/// On as soon as the table has a policy, unless said.
fn row_security(cx: &mut Resolver<'_>, table: &DeclaredTable<'_>) {
    let word = table.named.value.rls;
    let has_policies = !table.policies.is_empty();
    let security = match word.map(|word| word.value) {
        Some(RowSecurityWord::Forced) => RowSecurity::Forced,
        Some(RowSecurityWord::Enabled) => RowSecurity::Enabled,
        Some(RowSecurityWord::Disabled) => {
            cx.origins.intend(ObjectId::Table(table.id), Code::TableWithoutRls);
            if let (true, Some(word)) = (has_policies, word) {
                cx.report(
                    Diagnostic::new(
                        Code::PolicyWithoutRls,
                        word.span,
                        "the policies of this table do nothing: row-level security is off",
                    )
                    .help("remove `rls: disabled`, or the policies"),
                );
            }
            RowSecurity::Disabled
        }
        None if has_policies => RowSecurity::Enabled,
        None => RowSecurity::Disabled,
    };
    if let Some(table) = cx.schema.tables.get_mut(table.id) {
        table.row_security = security;
    }
}

fn partitioning(cx: &mut Resolver<'_>, table: &DeclaredTable<'_>) {
    let def = &table.named.value;
    let Some(by) = &def.partition_by else {
        if let Some(first) = def.partitions.entries.first() {
            cx.report(
                Diagnostic::new(
                    Code::PartitionBounds,
                    first.name.span,
                    "a table with partitions must say how it is partitioned",
                )
                .help("add `partition_by: {strategy: range, columns: […]}`"),
            );
        }
        return;
    };
    let Some(strategy) = by.strategy else { return };
    let strategy = match strategy.value {
        StrategyWord::Range => PartitionStrategy::Range,
        StrategyWord::List => PartitionStrategy::List,
        StrategyWord::Hash => PartitionStrategy::Hash,
    };
    let columns = key(cx, table.id, by);
    let parent = cx.schema.tables[table.id].name.clone();
    let mut partitions = Vec::new();
    let mut default = None;
    for named in by.partitions.iter().chain(def.partitions.iter()) {
        if let Some(partition) =
            partition(cx, &parent, named, strategy, columns.len(), &mut default)
        {
            partitions.push(partition);
        }
    }
    if let Some(table) = cx.schema.tables.get_mut(table.id) {
        table.partitioning = Some(Box::new(Partitioning { strategy, columns, partitions }));
    }
}

fn key(cx: &mut Resolver<'_>, id: TableId, by: &PartitionByDef) -> Vec<IndexTarget> {
    let mut key = Vec::with_capacity(by.columns.len());
    for IndexColumnDef { name, expr, .. } in &by.columns {
        if let Some(expr) = expr {
            key.push(IndexTarget::Expr(super::expressions::expr(cx, expr)));
        } else if let Some(name) = name {
            key.extend(columns::known(cx, id, name).map(IndexTarget::Column));
        }
    }
    key
}

fn partition(
    cx: &mut Resolver<'_>,
    parent: &QualifiedName,
    named: &Named<PartitionDef>,
    strategy: PartitionStrategy,
    keys: usize,
    default: &mut Option<Span>,
) -> Option<Partition> {
    let def = &named.value;
    let (schema, name) = names::split(&named.name.value);
    let given = def.schema.as_ref().map(|schema| Name::new(schema.value.clone()));
    let name = QualifiedName::new(schema.or(given).unwrap_or_else(|| parent.schema.clone()), name);
    if let Some(error) = names::invalid(&name.name, named.name.span) {
        cx.report(error);
        return None;
    }
    let symbol = Symbol::Partition;
    if let Some((holder, first)) = cx.names.holder(&name, symbol) {
        cx.report(errors::collision("partition", &name, named.name.span, holder.noun(), first));
        return None;
    }
    cx.names.insert(name.clone(), symbol, Some(named.name.span));
    let schema_span = def.schema.as_ref().map_or(named.name.span, |schema| schema.span);
    super::declare::namespace(cx, &name.schema, Some(schema_span));
    let bounds = bounds(def, strategy);
    if bounds == Some(PartitionBounds::Default) {
        if let Some(first) = *default {
            cx.report(
                Diagnostic::new(
                    Code::PartitionBounds,
                    named.name.span,
                    "a table has one default partition",
                )
                .label(first, "the first")
                .help("give this one bounds"),
            );
            return None;
        }
        *default = Some(named.name.span);
    }
    let fits = match &bounds {
        Some(PartitionBounds::Range { from, to }) => from.len() == keys && to.len() == keys,
        Some(PartitionBounds::Hash { modulus, remainder }) => remainder < modulus,
        Some(PartitionBounds::List(_) | PartitionBounds::Default) => true,
        None => false,
    };
    if !fits {
        let help = match strategy {
            PartitionStrategy::Range => {
                "give `from` and `to`, one value for each key column, or `default`"
            }
            PartitionStrategy::List => "give `values`, or `default`",
            PartitionStrategy::Hash => "give `modulus` and a `remainder` below it",
        };
        cx.report(
            Diagnostic::new(
                Code::PartitionBounds,
                named.name.span,
                format!("the bounds of the partition `{name}` do not fit its table"),
            )
            .help(help),
        );
        return None;
    }
    Some(Partition { name, bounds: bounds? })
}

fn bounds(def: &PartitionDef, strategy: PartitionStrategy) -> Option<PartitionBounds> {
    let values = |written: &[ScalarText]| written.iter().map(bound).collect::<Vec<_>>();
    if flag(def.default) {
        return (strategy != PartitionStrategy::Hash).then_some(PartitionBounds::Default);
    }
    match strategy {
        PartitionStrategy::Range => {
            Some(PartitionBounds::Range { from: values(&def.from), to: values(&def.to) })
        }
        PartitionStrategy::List => {
            (!def.values.is_empty()).then(|| PartitionBounds::List(values(&def.values)))
        }
        PartitionStrategy::Hash => Some(PartitionBounds::Hash {
            modulus: u32::try_from(def.modulus?.value).ok()?,
            remainder: u32::try_from(def.remainder?.value).ok()?,
        }),
    }
}

/// A bound as SQL: numbers, booleans and the words of range bounds as they stand, texts quoted.
fn bound(written: &ScalarText) -> SmolStr {
    let text = &written.value.text;
    let upper = text.to_ascii_uppercase();
    match written.value.kind {
        ScalarKind::Null => "NULL".into(),
        ScalarKind::Bool(_) => text.to_lowercase().into(),
        ScalarKind::Int | ScalarKind::Float if defaults::is_number(text) => text.clone(),
        ScalarKind::Str if upper == "MINVALUE" || upper == "MAXVALUE" => upper.into(),
        ScalarKind::Int | ScalarKind::Float | ScalarKind::Str => quote_literal(text).into(),
    }
}
