//! A schema as SQL: the only room that writes SQL's keywords.
//!
//! In: a resolved [`Schema`]. Out: [`Statement`]s in an order in which they can be run, in one
//! transaction, on an empty database. One file a kind says how an object is written; `depend` and
//! `order` say when; `writer` is the only way to put a statement together. Never lays out files.

mod column;
mod comment;
mod constraint;
mod depend;
mod errors;
mod function;
mod grant;
mod index;
mod mentions;
mod names;
mod namespace;
mod order;
pub mod part;
mod policy;
mod publication;
mod rank;
mod sequence;
mod statement;
mod table;
#[cfg(test)]
mod tests;
mod trigger;
mod types;
mod unit;
mod view;
mod writer;

pub use order::{Order, order};
pub(crate) use rank::Ranks;
pub use statement::{Fragment, Phase, Section, Statement};

use rustc_hash::FxHashMap;

use crate::schema::{DomainId, ObjectId, Ownership, Schema, TableId};
use order::Step;
use table::LateParts;
use unit::{Part, Unit};
use writer::SqlWriter;

/// What a statement does where its object exists already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// It fails.
    #[default]
    Plain,
    /// It leaves the object, or replaces it: a script can be run again.
    Idempotent,
}

/// How to write a whole schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreateOptions {
    /// What happens to objects that exist.
    pub form: Form,
    /// Whether the statements will run in one transaction, so that settings can end with it.
    pub transaction: bool,
}

impl Default for CreateOptions {
    fn default() -> Self {
        Self { form: Form::Plain, transaction: true }
    }
}

/// The statements that make `schema` on an empty database, in `order`, which is its own.
pub fn create_schema(schema: &Schema, order: &Order, options: CreateOptions) -> Vec<Statement> {
    create_schema_from(schema, order, options, &Ranks::default(), &mut Known::default())
}

/// The statements of a phase that say an object.
pub(crate) type Known = FxHashMap<(ObjectId, Phase), Vec<Statement>>;

/// The same, where the statements of `known` need not be written again: those of a table and its parts,
/// in this form, if nothing of the table is added later. Takes them out.
pub(crate) fn create_schema_from(
    schema: &Schema,
    order: &Order,
    options: CreateOptions,
    ranks: &Ranks,
    known: &mut Known,
) -> Vec<Statement> {
    let form = options.form;
    let owned = |ownership: Ownership| ownership == Ownership::Owned;
    // Most steps are one statement; most tables have a switch of row-level security besides, and comments.
    let (steps, tables) = (order.steps.len(), schema.tables.len());
    let mut list: Vec<Statement> = Vec::with_capacity(steps + 3 * tables);

    list.extend(namespace::search_path(schema, options.transaction));
    for (id, namespace) in schema.namespaces.iter() {
        if owned(namespace.ownership) {
            list.push(namespace::create_namespace(schema, id, form));
        }
    }
    list.extend(schema.extensions.ids().map(|id| namespace::create_extension(schema, id)));
    let roles = || schema.roles.iter().filter(|(_, role)| owned(role.ownership)).map(|(id, _)| id);
    list.extend(roles().map(|id| namespace::create_role(schema, id)));
    list.extend(roles().flat_map(|id| namespace::join_roles(schema, id)));
    let (defaults, grants): (Vec<Statement>, Vec<Statement>) = schema
        .grants
        .ids()
        .map(|id| grant::create(schema, id))
        .partition(|statement| statement.phase == Phase::DefaultPrivileges);
    list.extend(defaults);

    let mut comments = Vec::with_capacity(2 * tables);
    ordered(schema, order, options, ranks, known, (&mut list, &mut comments));

    let start = list.len();
    for id in schema.triggers.ids() {
        list.extend(trigger::create(schema, id, form));
    }
    for (id, _) in schema.owned_tables() {
        match known.remove(&(ObjectId::Table(id), Phase::RowSecurity)) {
            Some(known) => list.extend(known),
            None => list.extend(policy::row_security(schema, id)),
        }
    }
    for id in schema.policies.ids() {
        list.extend(policy::create(schema, id, form));
    }
    list.extend(grants);
    for id in schema.publications.ids() {
        list.extend(publication::create(schema, id, form));
    }
    comment::all(schema, known, comments, &mut list);
    for statement in list.get_mut(start..).unwrap_or_default() {
        statement.rank = ranks.of(statement.object);
    }
    list
}

/// The default of a column, by position, of a table that was made without it.
pub(crate) fn attach_default(
    schema: &Schema,
    id: TableId,
    position: u32,
    form: Form,
) -> Vec<Statement> {
    let column = schema.tables[id].columns.get(position as usize);
    if column.is_some_and(|column| column.serial) {
        sequence::serial(schema, id, position, form)
    } else {
        table::set_default(schema, id, position).into_iter().collect()
    }
}

/// The statements of what stands in the dependency graph; besides, the comments of each table as it is made, while
/// it is at hand.
fn ordered(
    schema: &Schema,
    order: &Order,
    options: CreateOptions,
    ranks: &Ranks,
    known: &mut Known,
    (list, comments): (&mut Vec<Statement>, &mut Vec<Statement>),
) {
    let late = Late::of(&order.late);
    let mut unchecked: Option<(Step, usize)> = None;
    for (number, step) in order.steps.iter().enumerate() {
        let rank = ranks.of_step(number);
        let check = !matches!(step.unit, Unit::Function(id) if order.unchecked.contains(&id));
        let ended =
            unchecked.take_if(|(last, of)| check || (last.section, *of) != (step.section, rank));
        list.extend(ended.map(|last| check_bodies(schema, true, last, options)));
        if !check && unchecked.replace((*step, rank)).is_none() {
            list.push(check_bodies(schema, false, (*step, rank), options));
        }
        let start = list.len();
        match known.remove(&(step.unit.object(), step.phase)) {
            Some(known) => list.extend(known),
            None => create_unit(schema, step.unit, step.phase, &late, options.form, list),
        }
        for statement in list.get_mut(start..).unwrap_or_default() {
            statement.section = step.section;
            statement.rank = rank;
        }
        if let Unit::Table(id) = step.unit {
            comment::of_table(schema, id, known, comments);
        }
    }
    list.extend(unchecked.map(|last| check_bodies(schema, true, last, options)));
}

/// `SET check_function_bodies`: off for a function whose body names what comes after it.
fn check_bodies(
    schema: &Schema,
    check: bool,
    (step, rank): (Step, usize),
    options: CreateOptions,
) -> Statement {
    let mut w = SqlWriter::new(schema);
    w.sql(if options.transaction { "SET LOCAL" } else { "SET" });
    w.sql(if check { " check_function_bodies = on" } else { " check_function_bodies = off" });
    let statement = w.finish(step.unit.object(), step.phase);
    Statement { section: step.section, rank, ..statement }
}

/// Late parts by what they belong to.
struct Late {
    tables: FxHashMap<TableId, LateParts>,
    domains: FxHashMap<DomainId, Vec<u32>>,
}

impl Late {
    fn of(parts: &[Part]) -> Self {
        let mut late = Self { tables: FxHashMap::default(), domains: FxHashMap::default() };
        for part in parts {
            match *part {
                Part::DomainCheck(id, at) => late.domains.entry(id).or_default().push(at),
                Part::Default(id, at) => late.tables.entry(id).or_default().defaults.push(at),
                Part::Constraint(id, at) => late.tables.entry(id).or_default().constraints.push(at),
            }
        }
        late
    }
}

fn create_unit(
    schema: &Schema,
    unit: Unit,
    phase: Phase,
    late: &Late,
    form: Form,
    list: &mut Vec<Statement>,
) {
    match unit {
        Unit::Enum(id) => list.push(types::create_enum(schema, id, form)),
        Unit::Composite(id) => list.push(types::create_composite(schema, id, form)),
        Unit::Domain(id) => {
            let late = late.domains.get(&id).map_or(&[][..], Vec::as_slice);
            list.push(types::create_domain(schema, id, late, form));
        }
        Unit::Sequence(id) => list.push(sequence::create(schema, id, form)),
        Unit::Table(id) => {
            let none = LateParts::default();
            list.extend(table::create(schema, id, late.tables.get(&id).unwrap_or(&none), form));
        }
        Unit::Function(id) => list.push(function::create(schema, id, phase, form)),
        Unit::Part(Part::DomainCheck(id, at)) => {
            let check = schema.domains[id].checks.get(at as usize);
            list.extend(check.map(|check| types::add_domain_check(schema, id, check, form)));
        }
        Unit::Part(Part::Default(id, at)) => list.extend(table::set_default(schema, id, at)),
        Unit::Part(Part::Constraint(id, at)) | Unit::ForeignKey(id, at) => {
            let constraint = schema.tables[id].constraints.get(at as usize);
            list.extend(constraint.map(|one| constraint::add(schema, id, at, one, form)));
        }
        Unit::Owner(id) => list.extend(sequence::own(schema, id)),
        Unit::Index(id, at) => {
            let table = &schema.tables[id];
            let object = unit.object();
            list.extend(
                table.indexes.get(at as usize).map(|one| {
                    index::create(schema, one, &table.name, object, Phase::Indexes, form)
                }),
            );
        }
        Unit::View(id) => list.push(view::create(schema, id, form)),
        Unit::ViewIndex(id, at) => {
            let view = &schema.views[id];
            let object = unit.object();
            list.extend(
                view.indexes
                    .get(at as usize)
                    .map(|one| index::create(schema, one, &view.name, object, Phase::Views, form)),
            );
        }
    }
}
