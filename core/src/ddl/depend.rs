//! Which object needs which to be created.
//!
//! In: a schema. Out: a [`Graph`] over its own objects, whose edges say how a need could be lifted if
//! it were part of a knot. Objects of others exist already and are no nodes.

use rustc_hash::FxHashMap;

use super::function::is_standard_body;
use super::mentions::Extent;
use super::names::Names;
use super::unit::{Part, Unit};
use crate::graph::{Edge, Graph};
use crate::schema::{
    ColumnType, Constraint, ConstraintKind, DefaultValue, Function, Index, IndexTarget, Ownership,
    Returns, Schema, TableId, TypeKind,
};
use crate::sql::{SqlBody, SqlExpr};

/// Why one unit needs another, by what can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// Nothing can be done.
    Hard,
    /// Only the check of the function's body needs it; PostgreSQL can be told not to make it.
    Body,
    /// Only this part needs it, and can be added later.
    Part(Part),
}

/// The units of a schema and what they need.
#[derive(Debug)]
pub(crate) struct Dependencies {
    /// By number of their node.
    pub(crate) units: Vec<Unit>,
    /// Over the numbers.
    pub(crate) graph: Graph<Need>,
}

impl Dependencies {
    /// Those of `schema`.
    pub(crate) fn of(schema: &Schema) -> Self {
        let units = units(schema);
        let numbers = units.iter().copied().zip(0..).filter(|(unit, _)| unit.is_needed());
        let (names, numbers) = (Names::of(schema), numbers.collect());
        let mut builder = Builder { schema, names, numbers, edges: Vec::new(), number: 0 };
        for (number, unit) in units.iter().enumerate() {
            builder.number = number;
            builder.unit(*unit);
        }
        Self { graph: Graph::new(units.len(), builder.edges), units }
    }
}

/// Mostly in the order in which they are created, so that little is left to sort.
fn units(schema: &Schema) -> Vec<Unit> {
    let mut units = Vec::new();
    units.extend(owned(schema.enums.iter(), |ty| ty.ownership).map(Unit::Enum));
    units.extend(owned(schema.composites.iter(), |ty| ty.ownership).map(Unit::Composite));
    units.extend(owned(schema.domains.iter(), |ty| ty.ownership).map(Unit::Domain));
    units.extend(owned(schema.sequences.iter(), |one| one.ownership).map(Unit::Sequence));
    units.extend(owned(schema.tables.iter(), |table| table.ownership).map(Unit::Table));
    units.extend(owned(schema.functions.iter(), |one| one.ownership).map(Unit::Function));
    for (id, sequence) in schema.sequences.iter() {
        if sequence.ownership == Ownership::Owned && sequence.owned_by.is_some() {
            units.push(Unit::Owner(id));
        }
    }
    for (id, table) in schema.owned_tables() {
        units.extend((0..).zip(&table.indexes).map(|(at, _)| Unit::Index(id, at)));
    }
    for (id, table) in schema.owned_tables() {
        units.extend((0..).zip(&table.constraints).filter_map(|(at, constraint)| {
            match constraint.kind {
                ConstraintKind::ForeignKey(_) => Some(Unit::ForeignKey(id, at)),
                _ if constraint.not_valid => Some(Unit::Part(Part::Constraint(id, at))),
                ConstraintKind::PrimaryKey { .. }
                | ConstraintKind::Unique { .. }
                | ConstraintKind::Check { .. }
                | ConstraintKind::Exclude(_) => None,
            }
        }));
    }
    for id in owned(schema.views.iter(), |view| view.ownership) {
        units.push(Unit::View(id));
        let indexes = schema.views[id].indexes.iter();
        units.extend((0..).zip(indexes).map(|(at, _)| Unit::ViewIndex(id, at)));
    }
    units
}

/// The ids of `items` that are the schema's own.
pub(super) fn owned<'a, I: 'a, T: 'a>(
    items: impl Iterator<Item = (I, &'a T)>,
    ownership: impl Fn(&T) -> Ownership,
) -> impl Iterator<Item = I> {
    items.filter(move |(_, item)| ownership(item) == Ownership::Owned).map(|(id, _)| id)
}

struct Builder<'a> {
    schema: &'a Schema,
    names: Names<'a>,
    /// Of the units that may be needed.
    numbers: FxHashMap<Unit, usize>,
    edges: Vec<Edge<Need>>,
    /// Of the unit whose needs are looked for.
    number: usize,
}

impl Builder<'_> {
    fn needs(&mut self, other: Unit, need: Need) {
        if let Some(to) = self.numbers.get(&other) {
            self.edges.push((self.number, *to, need));
        }
    }

    fn ty(&mut self, ty: &ColumnType) {
        let other = match &ty.kind {
            TypeKind::Enum(id) => Unit::Enum(*id),
            TypeKind::Domain(id) => Unit::Domain(*id),
            TypeKind::Composite(id) => Unit::Composite(*id),
            TypeKind::TableRow(id) => Unit::Table(*id),
            TypeKind::ViewRow(id) => Unit::View(*id),
            TypeKind::Base(_) | TypeKind::Unknown(_) => return,
        };
        self.needs(other, Need::Hard);
    }

    fn all(&mut self, others: Vec<Unit>, need: Need) {
        for other in others {
            self.needs(other, need);
        }
    }

    fn expr(&mut self, expr: &SqlExpr, need: Need) {
        self.all(self.names.in_expr(expr), need);
    }

    fn body(&mut self, body: &SqlBody, need: Need) {
        let others = match &body.parsed {
            Some(parsed) => self.names.referred(parsed.refs()),
            None => self.names.mentioned(&body.text, Extent::Whole),
        };
        self.all(others, need);
    }

    fn default(&mut self, default: Option<&DefaultValue>, need: Need) {
        if let Some(DefaultValue::Expr(expr)) = default {
            self.expr(expr, need);
        }
    }

    fn target(&mut self, target: &IndexTarget, need: Need) {
        if let IndexTarget::Expr(expr) = target {
            self.expr(expr, need);
        }
    }

    fn unit(&mut self, unit: Unit) {
        let schema = self.schema;
        match unit {
            // Late defaults and domain checks are made from needs that are known by then.
            Unit::Enum(_)
            | Unit::Sequence(_)
            | Unit::Part(Part::Default(..) | Part::DomainCheck(..)) => {}
            Unit::Composite(id) => {
                for field in &schema.composites[id].fields {
                    self.ty(&field.ty);
                }
            }
            Unit::Domain(id) => {
                let domain = &schema.domains[id];
                self.ty(&domain.base);
                self.default(domain.default.as_ref(), Need::Hard);
                for (at, check) in (0..).zip(&domain.checks) {
                    self.expr(&check.expr, Need::Part(Part::DomainCheck(id, at)));
                }
            }
            Unit::Table(id) => self.table(id),
            Unit::Function(id) => self.function(&schema.functions[id]),
            Unit::Part(Part::Constraint(table, at)) => {
                self.needs(Unit::Table(table), Need::Hard);
                if let Some(constraint) = schema.tables[table].constraints.get(at as usize) {
                    self.constraint(constraint, Need::Hard);
                }
            }
            Unit::Owner(id) => {
                if let Some((table, _)) = &schema.sequences[id].owned_by {
                    self.needs(Unit::Table(*table), Need::Hard);
                }
            }
            Unit::ForeignKey(table, at) => {
                self.needs(Unit::Table(table), Need::Hard);
                let constraint = schema.tables[table].constraints.get(at as usize);
                if let Some(ConstraintKind::ForeignKey(key)) = constraint.map(|one| &one.kind) {
                    self.needs(Unit::Table(key.target), Need::Hard);
                }
            }
            Unit::Index(table, at) => {
                self.needs(Unit::Table(table), Need::Hard);
                self.index(schema.tables[table].indexes.get(at as usize));
            }
            Unit::View(id) => self.body(&schema.views[id].query, Need::Hard),
            Unit::ViewIndex(view, at) => {
                self.needs(Unit::View(view), Need::Hard);
                self.index(schema.views[view].indexes.get(at as usize));
            }
        }
    }

    fn table(&mut self, id: TableId) {
        let table = &self.schema.tables[id];
        for (at, column) in (0..).zip(&table.columns) {
            self.ty(&column.ty);
            self.default(column.default.as_ref(), Need::Part(Part::Default(id, at)));
            if let Some(generated) = &column.generated {
                self.expr(&generated.expr, Need::Hard);
            }
        }
        for (at, constraint) in (0..).zip(&table.constraints) {
            if !constraint.not_valid {
                self.constraint(constraint, Need::Part(Part::Constraint(id, at)));
            }
        }
        for element in table.partitioning.iter().flat_map(|partitioning| &partitioning.columns) {
            self.target(&element.target, Need::Hard);
        }
    }

    fn constraint(&mut self, constraint: &Constraint, need: Need) {
        match &constraint.kind {
            ConstraintKind::Check { expr } => self.expr(expr, need),
            ConstraintKind::Exclude(exclusion) => {
                for element in &exclusion.elements {
                    self.target(&element.target, need);
                }
                if let Some(predicate) = &exclusion.predicate {
                    self.expr(predicate, need);
                }
            }
            ConstraintKind::PrimaryKey { .. }
            | ConstraintKind::Unique { .. }
            | ConstraintKind::ForeignKey(_) => {}
        }
    }

    fn index(&mut self, index: Option<&Index>) {
        let Some(index) = index else { return };
        for element in &index.elements {
            self.target(&element.target, Need::Hard);
        }
        if let Some(predicate) = &index.predicate {
            self.expr(predicate, Need::Hard);
        }
    }

    fn function(&mut self, function: &Function) {
        for arg in &function.args {
            self.ty(&arg.ty);
            self.default(arg.default.as_ref(), Need::Hard);
        }
        match &function.returns {
            Returns::Nothing => {}
            Returns::Value(ty) | Returns::Set(ty) => self.ty(ty),
            Returns::Table(columns) => {
                for column in columns {
                    self.ty(&column.ty);
                }
            }
        }
        // Bodies in other languages are texts to PostgreSQL until they run.
        if is_standard_body(function) {
            self.body(&function.body, Need::Hard);
        } else if function.language == "sql" {
            self.body(&function.body, Need::Body);
        } else if function.language == "plpgsql" {
            let others = self.names.mentioned(&function.body.text, Extent::Declarations);
            self.all(others, Need::Body);
        }
    }
}
