//! The order in which objects can be created.
//!
//! In: a schema. Out: its units, each after all that it needs, otherwise by phase and declaration.
//! Knots between functions and tables are undone: bodies go unchecked, defaults and checks are added
//! later. A knot that cannot be undone is reported.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::depend::{Dependencies, Need};
use super::errors;
use super::statement::{Phase, Section};
use super::unit::{Part, Unit};
use crate::diagnostic::Diagnostics;
use crate::graph::{Graph, Knots};
use crate::schema::{FunctionId, ObjectId, Origins, Schema, TableId};
use crate::sort;

/// What is created when, and what had to give way.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// In order of creation.
    pub(crate) steps: Vec<Step>,
    /// Functions whose bodies PostgreSQL must not check at creation.
    pub(crate) unchecked: BTreeSet<FunctionId>,
    /// Parts that are added after their owners; each is a unit too.
    pub(crate) late: Vec<Part>,
}

impl Order {
    /// Whether a default, a check or another constraint is added after the creation of what it is a part of.
    pub fn is_late(&self, object: ObjectId) -> bool {
        self.late.iter().any(|part| Unit::Part(*part).object() == object)
    }

    /// The tables of which something is added after their creation; some more than once.
    pub fn late_tables(&self) -> impl Iterator<Item = TableId> {
        self.late.iter().filter_map(|part| match part {
            Part::Default(id, _) | Part::Constraint(id, _) => Some(*id),
            Part::DomainCheck(..) => None,
        })
    }
}

/// A unit in its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) unit: Unit,
    pub(crate) phase: Phase,
    pub(crate) section: Section,
}

/// Orders the objects of `schema`. Reports those that need each other in a way that PostgreSQL cannot
/// create.
pub fn order(schema: &Schema, origins: &Origins, sink: &mut Diagnostics) -> Order {
    let Untied { dependencies, unchecked, late, knots } = untied(schema);
    if let Some(knots) = knots {
        report_cycles(schema, origins, &dependencies, &knots, sink);
    }
    let phases = phases(&dependencies);
    let mut roots: Vec<usize> = (0..dependencies.units.len()).collect();
    sort::by_key(&mut roots, |number| (phases.get(*number), dependencies.units.get(*number)));
    let numbers = dependencies.graph.order(&roots);
    Order { steps: steps(&dependencies, &phases, &numbers), unchecked, late }
}

/// What needs what once the knots that can be undone are.
pub(super) struct Untied {
    pub(super) dependencies: Dependencies,
    /// The functions whose bodies go unchecked.
    unchecked: BTreeSet<FunctionId>,
    /// The parts that are added later.
    late: Vec<Part>,
    /// The knots that cannot be undone.
    knots: Option<Knots>,
}

/// Undoes what knots there are.
pub(super) fn untied(schema: &Schema) -> Untied {
    let mut dependencies = Dependencies::of(schema);
    let (mut unchecked, mut late) = (BTreeSet::new(), Vec::new());
    let mut knots = dependencies.graph.knots();
    if let Some(tied) = knots {
        unchecked = release_bodies(&mut dependencies, &tied);
        knots = dependencies.graph.knots();
    }
    if let Some(tied) = knots {
        late = release_parts(&mut dependencies, &tied);
        knots = dependencies.graph.knots();
    }
    Untied { dependencies, unchecked, late, knots }
}

/// The units in the order of `numbers`, each in no section before those of what it needs.
fn steps(dependencies: &Dependencies, phases: &[Phase], numbers: &[usize]) -> Vec<Step> {
    let mut sections = vec![Section::Foundations; phases.len()];
    let mut steps = Vec::with_capacity(numbers.len());
    for number in numbers {
        let Some((unit, phase)) = dependencies.units.get(*number).zip(phases.get(*number)) else {
            continue;
        };
        let needs = dependencies.graph.needs(*number);
        let section = needs
            .filter_map(|other| sections.get(other).copied())
            .fold(phase.section(), Section::max);
        if let Some(slot) = sections.get_mut(*number) {
            *slot = section;
        }
        steps.push(Step { unit: *unit, phase: *phase, section });
    }
    steps
}

/// Gives up the checks of bodies within knots.
fn release_bodies(dependencies: &mut Dependencies, knots: &Knots) -> BTreeSet<FunctionId> {
    let Dependencies { units, graph } = dependencies;
    let (released, kept): (Vec<_>, Vec<_>) = graph
        .edges()
        .iter()
        .partition(|(node, other, need)| *need == Need::Body && knots.tie(*node, *other));
    *graph = Graph::new(units.len(), kept);
    let functions = released.iter().filter_map(|(node, ..)| match units.get(*node) {
        Some(Unit::Function(id)) => Some(*id),
        _ => None,
    });
    sort::set(functions)
}

/// Takes parts within knots out of their owners; each becomes a unit that needs its owner.
fn release_parts(dependencies: &mut Dependencies, knots: &Knots) -> Vec<Part> {
    let Dependencies { units, graph } = dependencies;
    // The number of each, in the order of these.
    let mut late: IndexMap<Part, usize, FxBuildHasher> = IndexMap::default();
    let mut edges = Vec::new();
    for (owner, other, need) in graph.edges() {
        if let Need::Part(part) = need
            && knots.tie(*owner, *other)
        {
            late.entry(*part).or_insert_with(|| {
                units.push(Unit::Part(*part));
                edges.push((units.len() - 1, *owner, Need::Hard));
                units.len() - 1
            });
        }
    }
    edges.extend(graph.edges().iter().map(|(node, other, need)| match need {
        Need::Part(part) if let Some(number) = late.get(part) => (*number, *other, Need::Hard),
        _ => (*node, *other, *need),
    }));
    *graph = Graph::new(units.len(), edges);
    late.into_keys().collect()
}

fn report_cycles(
    schema: &Schema,
    origins: &Origins,
    dependencies: &Dependencies,
    knots: &Knots,
    sink: &mut Diagnostics,
) {
    for cycle in dependencies.graph.cycles(knots) {
        let units = cycle.iter().filter_map(|number| dependencies.units.get(*number).copied());
        sink.push(errors::cycle(schema, origins, &units.collect::<Vec<_>>()));
    }
}

/// The phase of each unit: its own, save for functions, which stand before the tables that call them
/// or after the views that they read.
fn phases(dependencies: &Dependencies) -> Vec<Phase> {
    let Dependencies { units, graph } = dependencies;
    let numbers = |wanted: fn(&Unit) -> bool| {
        units.iter().enumerate().filter(move |(_, unit)| wanted(unit)).map(|(number, _)| number)
    };
    let early = graph.reached(numbers(|unit| unit.phase() <= Phase::Tables));
    let views: Vec<usize> = numbers(|unit| matches!(unit, Unit::View(_))).collect();
    let late =
        if views.is_empty() { vec![false; units.len()] } else { graph.reversed().reached(views) };
    units
        .iter()
        .zip(early.into_iter().zip(late))
        .map(|(unit, reached)| match (unit, reached) {
            (Unit::Function(_), (true, _)) => Phase::EarlyFunctions,
            (Unit::Function(_), (false, true)) => Phase::LateFunctions,
            _ => unit.phase(),
        })
        .collect()
}
