//! What the columns of a query hold.
//!
//! In: a `SELECT` list and its `FROM`. Out: the columns by name, with their types where these are certain, by PostgreSQL's
//! rules (chapter 10, "Type Conversion"). Reports nothing.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::conversion::{
    Value, array, bare, base, both, calculated, computed, is_array, is_domain, joined, member,
    number, of, rank, settled, unmodified,
};
use super::{Resolver, derive, names, types};
use crate::limits;
use crate::schema::{ArgMode, ColumnType, Function, Name, RelationId, Returns, TypeKind};
use crate::sort;
use crate::sql::expr::{Arithmetic, FromItem, ItemSource, Join, Literal, Node, Selection, Simple};
use crate::sql::types::{Family, facts, parse_type};
use crate::sql::{BaseType, builtins};

/// Names of columns, and their types where these are certain.
pub(super) type Columns = Vec<(Name, Option<ColumnType>)>;

/// PostgreSQL's limit: a `SELECT` list has no more.
const MOST_COLUMNS: usize = 1_664;
/// How deep an expression may nest whose type is sought.
const DEEPEST: usize = 100;

/// What may still be spent on all views.
pub(super) struct Budget {
    columns: Cell<usize>,
    lookups: Cell<usize>,
}

impl Budget {
    pub(super) const fn new() -> Self {
        Self { columns: Cell::new(limits::VIEW_COLUMNS), lookups: Cell::new(limits::VIEW_LOOKUPS) }
    }
}

/// Takes so much of what is left; none where that is too little.
fn spend(left: &Cell<usize>, count: usize) -> Option<()> {
    left.set(left.get().checked_sub(count)?);
    Some(())
}

/// Finds what a query gives, each part of it once.
pub(super) struct Results<'a, 'r> {
    cx: &'a Resolver<'r>,
    budget: &'a Budget,
    relations: RefCell<FxHashMap<RelationId, Option<Rc<Columns>>>>,
    queries: RefCell<FxHashMap<*const Selection, Option<Rc<Columns>>>>,
    depth: Cell<usize>,
}

/// Something in `FROM`, and its columns where they are certain.
struct Source<'q> {
    item: &'q FromItem,
    columns: Option<Rc<Columns>>,
}

/// What an expression may speak of: what stands in its query's `FROM`, then what stands around the query.
struct Scope<'q> {
    sources: Vec<Source<'q>>,
    around: Option<&'q Scope<'q>>,
}

impl<'a, 'r> Results<'a, 'r> {
    pub(super) fn new(cx: &'a Resolver<'r>, budget: &'a Budget) -> Self {
        Self {
            cx,
            budget,
            relations: RefCell::default(),
            queries: RefCell::default(),
            depth: Cell::default(),
        }
    }

    /// The columns of a query; none where it is not certain which they are.
    pub(super) fn of(&self, query: &Selection) -> Option<Rc<Columns>> {
        self.within(query, None)
    }

    /// The columns of a query that stands within others.
    fn within(&self, query: &Selection, around: Option<&Scope<'_>>) -> Option<Rc<Columns>> {
        let columns = self.selected(query, around)?.into_iter();
        Some(Rc::new(columns.map(|(name, value)| (name, value.map(settled))).collect()))
    }

    /// The columns of all branches of a query.
    fn selected(
        &self,
        query: &Selection,
        around: Option<&Scope<'_>>,
    ) -> Option<Vec<(Name, Option<Value>)>> {
        let mut columns = self.branch(query, around)?;
        for other in &query.others {
            let other =
                other.as_deref().and_then(|it| self.selected(it, around)).unwrap_or_default();
            let mut values = other.into_iter().map(|(_, value)| value);
            for (_, value) in &mut columns {
                *value = match (value.take(), values.next().flatten()) {
                    (Some(one), Some(other)) => both(self.cx, one, other),
                    (_, _) => None,
                };
            }
        }
        Some(columns)
    }

    /// The columns of a query's first branch.
    fn branch(
        &self,
        query: &Selection,
        around: Option<&Scope<'_>>,
    ) -> Option<Vec<(Name, Option<Value>)>> {
        let mut from = Scope { sources: Vec::with_capacity(query.from.len()), around };
        for item in &query.from {
            let columns = self.rows(item, &from);
            from.sources.push(Source { item, columns });
        }
        let mut columns = Vec::new();
        for item in &query.items {
            let value = match &item.source {
                ItemSource::Wildcard { qualifier } => {
                    let all = self.all(&from, qualifier.as_deref())?.into_iter();
                    columns.extend(all.map(|(name, ty)| (name, ty.map(Value::Of))));
                    fits(columns.len())?;
                    continue;
                }
                ItemSource::Column { qualifier, name } => {
                    self.column(&from, qualifier.as_deref(), name).map(Value::Of)
                }
                ItemSource::Value(node) => self.value(node, &from),
            };
            let name = item.name.clone().unwrap_or_else(|| "?column?".into());
            columns.push((Name::new(name), value));
            fits(columns.len())?;
        }
        spend(&self.budget.columns, columns.len())?;
        (!columns.is_empty()).then_some(columns)
    }

    /// The columns of something in `FROM`, behind what stands before it.
    fn rows(&self, item: &FromItem, before: &Scope<'_>) -> Option<Rc<Columns>> {
        let columns = match (&item.query, &item.call) {
            (Some(query), _) => self.inner(query, before)?,
            (None, Some(call)) => self.given(call, &item.alias, before)?,
            (None, None) => self.relation(derive::relation(self.cx, item)?)?,
        };
        if item.renamed.is_empty() {
            return Some(columns);
        }
        spend(&self.budget.columns, columns.len())?;
        let mut columns = Rc::unwrap_or_clone(columns);
        for ((name, _), other) in columns.iter_mut().zip(&item.renamed) {
            *name = Name::new(other.clone());
        }
        Some(Rc::new(columns))
    }

    fn relation(&self, relation: RelationId) -> Option<Rc<Columns>> {
        let mut relations = self.relations.borrow_mut();
        let known = relations.entry(relation);
        known.or_insert_with(|| derive::columns_of(self.cx, relation).map(Rc::new)).clone()
    }

    /// The columns that a call in `FROM` gives.
    fn given(&self, call: &Node, alias: &str, before: &Scope<'_>) -> Option<Rc<Columns>> {
        let (Simple::Call { name, args } | Simple::Special { name, args }) = &call.kind else {
            return None;
        };
        if let Some(function) = self.own(name) {
            if function.args.iter().any(|it| matches!(it.mode, ArgMode::Out | ArgMode::InOut)) {
                return None;
            }
            if let Returns::Table(columns) = &function.returns {
                let columns = columns.iter().map(|it| (it.name.clone(), Some(it.ty.clone())));
                return Some(Rc::new(columns.collect()));
            }
        }
        let ty = settled(self.call(name, args, before)?);
        match &ty.kind {
            _ if ty.is_array() => {}
            TypeKind::TableRow(id) => return self.relation(RelationId::Table(*id)),
            TypeKind::ViewRow(id) => return self.relation(RelationId::View(*id)),
            TypeKind::Composite(_) | TypeKind::Unknown(_) => return None,
            TypeKind::Base(base) if base.base == BaseType::Record => return None,
            TypeKind::Base(_) | TypeKind::Enum(_) | TypeKind::Domain(_) => {}
        }
        // PostgreSQL's own with a name for what they give.
        let column = match name.as_str() {
            "json_array_elements"
            | "json_array_elements_text"
            | "jsonb_array_elements"
            | "jsonb_array_elements_text" => "value",
            _ => alias,
        };
        Some(Rc::new(vec![(Name::new(column), Some(ty))]))
    }

    fn inner(&self, query: &Arc<Selection>, around: &Scope<'_>) -> Option<Rc<Columns>> {
        if let Some(known) = self.queries.borrow().get(&Arc::as_ptr(query)) {
            return known.clone();
        }
        let columns = self.within(query, Some(around));
        self.queries.borrow_mut().insert(Arc::as_ptr(query), columns.clone());
        columns
    }

    /// The columns of `*`, or of `t.*`.
    fn all(&self, from: &Scope<'_>, qualifier: Option<&str>) -> Option<Columns> {
        let from = &from.sources;
        spend(&self.budget.lookups, from.len())?;
        let mut columns = Columns::new();
        // Where the columns of what was joined begin, which `using` puts its own before.
        let mut start = 0;
        for Source { item, columns: own } in from.iter().filter(|it| is_named(it.item, qualifier)) {
            let own = own.as_deref()?;
            fits(columns.len() + own.len())?;
            match &item.join {
                _ if qualifier.is_some() => columns.extend(own.iter().cloned()),
                Join::Natural => return None,
                Join::Using(shared) => {
                    spend(&self.budget.lookups, shared.len() * (columns.len() + own.len()))?;
                    let place = |name: &Name| shared.iter().position(|it| *name == it.as_str());
                    let left = columns.split_off(start);
                    let (mut first, rest): (Columns, Columns) =
                        left.into_iter().partition(|(name, _)| place(name).is_some());
                    sort::by_key(&mut first, |(name, _)| place(name));
                    let others = own.iter().filter(|(name, _)| place(name).is_none());
                    columns.extend(first.into_iter().chain(rest).chain(others.cloned()));
                }
                Join::On => columns.extend(own.iter().cloned()),
                Join::None => {
                    start = columns.len();
                    columns.extend(own.iter().cloned());
                }
            }
        }
        (!columns.is_empty()).then_some(columns)
    }

    /// A column's type by its name. Two of one name are equal columns joined by `USING`, or an error that
    /// PostgreSQL reports.
    fn column(&self, from: &Scope<'_>, qualifier: Option<&str>, name: &str) -> Option<ColumnType> {
        let mut scope = Some(from);
        while let Some(Scope { sources, around }) = scope {
            let mut is_elsewhere = true;
            for source in sources {
                let is_meant = is_named(source.item, qualifier);
                let columns = source.columns.as_deref().filter(|_| is_meant);
                is_elsewhere &= !is_meant || columns.is_some() && qualifier.is_none();
                let columns = columns.map_or(&[][..], |columns| columns);
                spend(&self.budget.lookups, columns.len() + 1)?;
                if let Some((_, ty)) = columns.iter().find(|(known, _)| *known == name) {
                    return ty.clone();
                }
            }
            let mut values =
                sources.iter().filter(|it| qualifier.is_none() && it.item.alias == name);
            if let Some(Source { item, columns: Some(columns) }) = values.next()
                && let [(_, ty)] = columns.as_slice()
                && self.is_value(item)
            {
                return ty.clone();
            }
            scope = around.filter(|_| is_elsewhere);
        }
        None
    }

    fn value(&self, node: &Node, from: &Scope<'_>) -> Option<Value> {
        if self.depth.get() >= DEEPEST {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        let value = self.value_of(&node.kind, from);
        self.depth.set(self.depth.get() - 1);
        value
    }

    fn value_of(&self, kind: &Simple, from: &Scope<'_>) -> Option<Value> {
        match kind {
            Simple::Column { qualifier, name } => {
                self.column(from, qualifier.as_deref(), name).map(Value::Of)
            }
            Simple::Literal(Literal::String(_) | Literal::Null) => Some(Value::Untyped),
            Simple::Literal(Literal::Number(text)) => number(text).map(of),
            Simple::Cast { ty, .. } => self.named(ty),
            Simple::Typed(ty) => self.named(ty),
            Simple::Literal(Literal::Bool(_))
            | Simple::Compare { .. }
            | Simple::Distinct { .. }
            | Simple::Between { .. }
            | Simple::In { .. }
            | Simple::AnyArray { .. }
            | Simple::Like { .. }
            | Simple::Regex { .. }
            | Simple::IsNull { .. }
            | Simple::IsTruth { .. }
            | Simple::And(_)
            | Simple::Or(_)
            | Simple::Not(_) => Some(of(BaseType::Boolean)),
            Simple::Neg(expr) => {
                let base = base(self.cx, &self.value(expr, from)?)?;
                (rank(base).is_some() || base == BaseType::Interval).then(|| of(base))
            }
            Simple::Arith { op: Arithmetic::Concat, left, right } => {
                let left = self.value(left, from)?;
                joined(self.cx, left, self.value(right, from)?)
            }
            Simple::Arith { op, left, right } => {
                let left = self.value(left, from)?;
                computed(self.cx, *op, &left, &self.value(right, from)?)
            }
            Simple::Array(list) => self.common(list, from).map(array),
            Simple::Case { branches, otherwise } => {
                // What is left out is null. PostgreSQL begins with it.
                let first =
                    otherwise.as_deref().map_or(Some(Value::Untyped), |it| self.value(it, from))?;
                let results = branches.iter().map(|(_, result)| result);
                self.brought_to(first, results, from)
            }
            Simple::Call { name, args } | Simple::Special { name, args } => {
                self.call(name, args, from)
            }
            Simple::Member(whole) => member(self.cx, self.value(whole, from)?),
            Simple::Query(query) => {
                let columns = self.inner(query, from)?;
                columns.first()?.1.clone().map(Value::Of)
            }
            Simple::Value | Simple::Other => None,
        }
    }

    /// The schema's function of this name, where there is one alone.
    fn own(&self, name: &str) -> Option<&'a Function> {
        let [only] = self.cx.names.functions(&names::reference(name)) else { return None };
        Some(&self.cx.schema.functions[*only])
    }

    /// Whether the alias of something in `FROM` stands for the one value that a function gives, not for a row.
    fn is_value(&self, item: &FromItem) -> bool {
        let Some(Node { kind: Simple::Call { name, .. }, .. }) = &item.call else { return false };
        self.own(name).is_none_or(|function| match &function.returns {
            Returns::Value(ty) | Returns::Set(ty) => {
                !matches!(ty.kind, TypeKind::TableRow(_) | TypeKind::ViewRow(_))
            }
            Returns::Table(_) | Returns::Nothing => true,
        })
    }

    /// The type of a call. Of the functions whose result depends on their arguments, those that views hold.
    fn call(&self, name: &str, args: &[Node], from: &Scope<'_>) -> Option<Value> {
        if let Some(function) = self.own(name) {
            return match &function.returns {
                Returns::Value(ty) | Returns::Set(ty) => Some(Value::Of(ty.clone())),
                Returns::Table(_) | Returns::Nothing => None,
            };
        }
        if !self.cx.names.functions(&names::reference(name)).is_empty() {
            return None;
        }
        if let "coalesce" | "greatest" | "least" = name {
            return self.common(args, from);
        }
        let fixed = builtins::function(name).and_then(|it| it.returns);
        if let Some(ty) = fixed {
            return self.named(ty);
        }
        let arg = |at: usize| self.value(args.get(at)?, from);
        let given = arg(0)?;
        let first = unmodified(given.clone());
        match (name, args.len()) {
            // It compares texts, so that is what it takes.
            ("nullif", _) if base(self.cx, &first) == Some(BaseType::Varchar) => {
                Some(of(BaseType::Text))
            }
            ("nullif", _) if is_domain(&given) => bare(self.cx, &given).map(Value::Of),
            ("nullif", _) => Some(given),
            ("any_value" | "lag" | "lead" | "first_value" | "last_value" | "nth_value", _) => {
                Some(first)
            }
            ("array_append" | "array_remove" | "array_replace" | "array_cat", _) => {
                is_array(&first).then_some(first)
            }
            ("array_agg", 1) => Some(array(first)),
            ("unnest", 1) => match first {
                Value::Of(ty) if ty.is_array() => {
                    Some(Value::Of(ColumnType { dimensions: 0, ..ty }))
                }
                Value::Of(_) | Value::Untyped => None,
            },
            ("min" | "max", 1) => match bare(self.cx, &first)? {
                ColumnType { kind: TypeKind::Base(ty), dimensions: 0 } => Some(of(match ty.base {
                    BaseType::Varchar => BaseType::Text,
                    base => base,
                })),
                other => Some(Value::Of(other)),
            },
            ("mode", 1) => Some(first),
            // Of many places, many values.
            ("percentile_disc" | "percentile_cont", 2) => {
                let ordered = unmodified(arg(1)?);
                let at = match base(self.cx, &ordered) {
                    _ if name == "percentile_disc" => ordered,
                    Some(BaseType::Interval) => ordered,
                    base => base.and_then(rank).map(|_| of(BaseType::DoublePrecision))?,
                };
                Some(if is_array(&first) { array(at) } else { at })
            }
            ("generate_series", _) => {
                let both = both(self.cx, first, arg(1)?)?;
                match base(self.cx, &both)? {
                    BaseType::Date => Some(of(BaseType::TimestampTz)),
                    BaseType::Smallint | BaseType::Real | BaseType::DoublePrecision => None,
                    _ => Some(both),
                }
            }
            (
                "string_to_array" | "regexp_split_to_array" | "regexp_match" | "regexp_matches",
                _,
            ) => Some(array(of(BaseType::Text))),
            ("age", _) => Some(of(BaseType::Interval)),
            ("length", 1) => match base(self.cx, &first) {
                Some(BaseType::Path | BaseType::Lseg) => None,
                _ => Some(of(BaseType::Integer)),
            },
            ("date_trunc", _) => match base(self.cx, &arg(1)?)? {
                BaseType::Date | BaseType::TimestampTz => Some(of(BaseType::TimestampTz)),
                base @ (BaseType::Timestamp | BaseType::Interval) => Some(of(base)),
                _ => None,
            },
            ("timezone", 2) => match base(self.cx, &arg(1)?)? {
                BaseType::TimestampTz => Some(of(BaseType::Timestamp)),
                BaseType::Timestamp => Some(of(BaseType::TimestampTz)),
                _ => None,
            },
            (
                "lower" | "upper" | "substring" | "substr" | "btrim" | "ltrim" | "rtrim"
                | "reverse" | "string_agg",
                _,
            ) => match first {
                Value::Untyped => Some(of(BaseType::Text)),
                Value::Of(_) => match base(self.cx, &first)? {
                    BaseType::Text | BaseType::Varchar | BaseType::Char => Some(of(BaseType::Text)),
                    BaseType::Bytea => Some(of(BaseType::Bytea)),
                    base => match facts(base).family {
                        Family::Range(bound) | Family::Multirange(bound) => Some(of(bound)),
                        _ => None,
                    },
                },
            },
            ("round" | "trunc" | "div" | "log", 2) => Some(of(BaseType::Numeric)),
            ("mod", 2) => computed(self.cx, Arithmetic::Rem, &given, &arg(1)?),
            ("power" | "pow", 2) => computed(self.cx, Arithmetic::Pow, &given, &arg(1)?),
            (_, count) => calculated(name, count, base(self.cx, &first)?).map(of),
        }
    }

    /// The type that several values are brought to: `COALESCE`, `ARRAY[…]`.
    fn common(&self, list: &[Node], from: &Scope<'_>) -> Option<Value> {
        let (first, rest) = list.split_first()?;
        self.brought_to(self.value(first, from)?, rest, from)
    }

    /// The type that `first` and the others are brought to (10.5, "UNION, CASE, and Related Constructs").
    fn brought_to<'n>(
        &self,
        first: Value,
        others: impl IntoIterator<Item = &'n Node>,
        from: &Scope<'_>,
    ) -> Option<Value> {
        others
            .into_iter()
            .try_fold(first, |common, node| both(self.cx, common, self.value(node, from)?))
    }

    /// A type by its text.
    fn named(&self, ty: &str) -> Option<Value> {
        types::quietly(self.cx, &parse_type(ty).ok()?).map(Value::Of)
    }
}

/// Whether a query may have so many columns.
fn fits(count: usize) -> Option<()> {
    (count <= MOST_COLUMNS).then_some(())
}

fn is_named(item: &FromItem, qualifier: Option<&str>) -> bool {
    qualifier.is_none_or(|qualifier| {
        item.alias == qualifier || qualifier.rsplit('.').next() == Some(item.alias.as_str())
    })
}
