//! Tables: their columns, partitions and row-level security.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::declare::{DeclaredTable, flag};
use super::mixins::Contents;
use super::names::{self, Symbol};
use super::references::{self, ForeignKeyOf};
use super::{Resolver, columns, constraints, defaults, errors, indexes};
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::{
    Named, PartitionByDef, PartitionDef, RowSecurityWord, ScalarText, StrategyWord,
};
use crate::schema::{
    ColumnType, IndexElement, IndexTarget, Literal, Name, ObjectId, Partition, PartitionBounds,
    PartitionStrategy, Partitioning, QualifiedName, RowSecurity, TableId,
};
use crate::sort;
use crate::source::Span;
use crate::sql::literal::quote_literal;
use crate::syntax::ScalarKind;

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
    if strategy == PartitionStrategy::List
        && let [_, second, ..] = by.columns.as_slice()
    {
        let message = "a list of values has one key column";
        cx.report(
            Diagnostic::new(Code::PartitionKey, second.span, message)
                .help("remove it, or partition by `range` or `hash`"),
        );
    }
    let mut partitions = Vec::new();
    let mut default = None;
    for named in by.partitions.iter().chain(def.partitions.iter()) {
        if let Some(partition) = partition(cx, table.id, named, strategy, &columns, &mut default) {
            partitions.push((partition, named.name.span));
        }
    }
    apart(cx, &partitions);
    let partitions = partitions.into_iter().map(|(partition, _)| partition).collect();
    if let Some(table) = cx.schema.tables.get_mut(table.id) {
        table.partitioning = Some(Box::new(Partitioning { strategy, columns, partitions }));
    }
}

/// The partition key, which may be said as an index's keys are, but has no order.
fn key(cx: &mut Resolver<'_>, id: TableId, by: &PartitionByDef) -> Vec<IndexElement> {
    let mut key = Vec::with_capacity(by.columns.len());
    for def in &by.columns {
        let order = def.order.map(|order| order.span).or(def.nulls.map(|nulls| nulls.span));
        if let Some(span) = order {
            let error = Diagnostic::new(Code::PartitionKey, span, "a partition key has no order");
            cx.report(error.help("remove it"));
            continue;
        }
        let column = def.name.as_ref().and_then(|name| cx.schema.tables[id].column(&name.value));
        if column.is_some_and(|(_, column)| column.generated.is_some()) {
            let message = "a partition key cannot be generated";
            let error = Diagnostic::new(Code::PartitionKey, def.span, message);
            cx.report(error.help("partition by what it is computed from"));
            continue;
        }
        key.extend(indexes::element(cx, def, &indexes::Owner::Table(id)));
    }
    key
}

fn partition(
    cx: &mut Resolver<'_>,
    table: TableId,
    named: &Named<PartitionDef>,
    strategy: PartitionStrategy,
    keys: &[IndexElement],
    default: &mut Option<Span>,
) -> Option<Partition> {
    let def = &named.value;
    let (schema, name) = names::split(&named.name.value);
    let parent = &cx.schema.tables[table].name.schema;
    let given = def.schema.as_ref().map(|schema| Name::new(schema.value.clone()));
    let name = QualifiedName::new(schema.or(given).unwrap_or_else(|| parent.clone()), name);
    if let Some(error) = names::invalid(&name.name, named.name.span) {
        cx.report(error);
        return None;
    }
    let symbol = Symbol::Partition(table);
    if let Some((holder, first)) = cx.names.holder(&name, symbol) {
        cx.report(errors::collision("partition", &name, named.name.span, holder.noun(), first));
        return None;
    }
    cx.names.insert(name.clone(), symbol, Some(named.name.span));
    let schema_span = def.schema.as_ref().map_or(named.name.span, |schema| schema.span);
    super::declare::namespace(cx, &name.schema, Some(schema_span));
    let types: Vec<Option<ColumnType>> = keys.iter().map(|key| key_type(cx, table, key)).collect();
    let bounds = bounds(cx, def, strategy, &types);
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
        Some(PartitionBounds::Range { from, to }) => {
            from.len() == keys.len() && to.len() == keys.len()
        }
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
    let bounds = bounds?;
    if let Some(word) = ends_early(&bounds) {
        let message = format!("in the bounds of the partition `{name}`, `{word}` is not the last");
        let error = Diagnostic::new(Code::PartitionBounds, named.name.span, message);
        cx.report(error.help(format!("write `{word}` for each key column behind it too")));
        return None;
    }
    Some(Partition { name, bounds })
}

/// The word behind which nothing counts, where something else follows it ("CREATE TABLE": `PARTITION OF`).
fn ends_early(bounds: &PartitionBounds) -> Option<&'static str> {
    let PartitionBounds::Range { from, to } = bounds else { return None };
    let words = [("MINVALUE", "minvalue"), ("MAXVALUE", "maxvalue")];
    words.into_iter().find_map(|(sql, word)| {
        let ends = |row: &[SmolStr]| {
            let mut behind = row.iter().skip_while(|value| *value != sql);
            behind.any(|value| value != sql)
        };
        (ends(from) || ends(to)).then_some(word)
    })
}

/// Reports ranges that hold nothing, and what two partitions hold, as far as constants tell.
fn apart(cx: &mut Resolver<'_>, partitions: &[(Partition, Span)]) {
    let mut listed: FxHashMap<&str, &Partition> = FxHashMap::default();
    let mut ranges = Vec::new();
    for (partition, span) in partitions {
        match &partition.bounds {
            PartitionBounds::List(values) => {
                let mut twice = values.iter().filter_map(|value| listed.insert(value, partition));
                if let Some(other) = twice.find(|other| other.name != partition.name) {
                    cx.report(errors::overlap(&other.name, &partition.name, *span));
                }
            }
            PartitionBounds::Range { from, to } => {
                let ([from], [to]) = (from.as_slice(), to.as_slice()) else { continue };
                let (Some(from), Some(to)) = (placed(from), placed(to)) else { continue };
                if from < to {
                    ranges.push((from, to, partition, *span));
                    continue;
                }
                let message = format!("the partition `{}` holds nothing", partition.name);
                let error = Diagnostic::new(Code::PartitionBounds, *span, message);
                cx.report(error.help("`from` is its first value, `to` is the first beyond it"));
            }
            PartitionBounds::Hash { .. } | PartitionBounds::Default => {}
        }
    }
    sort::by_key(&mut ranges, |(from, ..)| *from);
    for ((_, to, first, _), (from, _, second, span)) in ranges.iter().zip(ranges.iter().skip(1)) {
        if from < to {
            cx.report(errors::overlap(&first.name, &second.name, *span));
        }
    }
}

/// A bound whose place among others is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bound<'a> {
    Least,
    Number(i128),
    /// A day as ISO 8601 writes it: in the order of its text.
    Day(&'a str),
    Most,
}

fn placed(text: &str) -> Option<Bound<'_>> {
    match text {
        "MINVALUE" => return Some(Bound::Least),
        "MAXVALUE" => return Some(Bound::Most),
        _ => {}
    }
    if let Ok(number) = text.parse() {
        return Some(Bound::Number(number));
    }
    let day = text.strip_prefix('\'')?.strip_suffix('\'')?;
    let is_day = day.len() == 10
        && day.bytes().enumerate().all(|(at, byte)| {
            if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() }
        });
    is_day.then_some(Bound::Day(day))
}

/// The type of a key that is a column.
fn key_type(cx: &Resolver<'_>, table: TableId, key: &IndexElement) -> Option<ColumnType> {
    let IndexTarget::Column(name) = &key.target else { return None };
    cx.schema.tables[table].column(name).map(|(_, column)| column.ty.clone())
}

/// The bounds that are written, where the keys are of these types.
fn bounds(
    cx: &mut Resolver<'_>,
    def: &PartitionDef,
    strategy: PartitionStrategy,
    types: &[Option<ColumnType>],
) -> Option<PartitionBounds> {
    if flag(def.default) {
        return (strategy != PartitionStrategy::Hash).then_some(PartitionBounds::Default);
    }
    match strategy {
        PartitionStrategy::Range => {
            let mut row = |values: &[ScalarText]| {
                let ty = |at| types.get(at).and_then(Option::as_ref);
                let values = values.iter().enumerate();
                values.map(|(at, value)| range_bound(cx, value, ty(at))).collect()
            };
            Some(PartitionBounds::Range { from: row(&def.from), to: row(&def.to) })
        }
        PartitionStrategy::List => {
            let ty = types.first().and_then(Option::as_ref);
            let values = def.values.iter().map(|value| bound(cx, value, ty));
            (!def.values.is_empty()).then(|| PartitionBounds::List(values.collect()))
        }
        PartitionStrategy::Hash => Some(PartitionBounds::Hash {
            modulus: u32::try_from(def.modulus?.value).ok()?,
            remainder: u32::try_from(def.remainder?.value).ok()?,
        }),
    }
}

/// A bound of a range as SQL: its words as they stand, else a constant.
fn range_bound(cx: &mut Resolver<'_>, written: &ScalarText, ty: Option<&ColumnType>) -> SmolStr {
    let upper = written.value.text.to_ascii_uppercase();
    if written.value.kind == ScalarKind::Str && matches!(&*upper, "MINVALUE" | "MAXVALUE") {
        return upper.into();
    }
    bound(cx, written, ty)
}

/// A constant as SQL. Reports one that is none of its key's type.
fn bound(cx: &mut Resolver<'_>, written: &ScalarText, ty: Option<&ColumnType>) -> SmolStr {
    let literal = match ty {
        Some(ty) => defaults::value(cx, &written.value, ty).or_else(|| {
            cx.report(defaults::not_a_bound(cx, written, ty));
            None
        }),
        None => None,
    };
    match literal.unwrap_or_else(|| defaults::plain(&written.value)) {
        Literal::Null => "NULL".into(),
        Literal::Bool(value) => value.to_string().into(),
        Literal::Number(number) => number,
        Literal::Text(text) => quote_literal(&text).into(),
    }
}
