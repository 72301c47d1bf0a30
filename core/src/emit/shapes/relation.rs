//! Relations between entities, both ways, from their foreign keys.
//!
//! In: the schema and its entities. Out: for each owned table the ways to others and back: each with
//! a name of its own, in snake case, that neither a field nor another relation of the entity has in
//! any case. Keys to tables that others own give none. Writes no code.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::naming::{snake, snaked};
use super::words::{plural, singular};
use super::{Entity, Item, Shapes};
use crate::graph::Graph;
use crate::predicate::FieldIndex;
use crate::schema::{
    Constraint, ConstraintKind, ForeignKey, Index, IndexTarget, Name, RelationId, Schema, Table,
    TableId,
};

/// The relations of all owned tables.
#[derive(Debug, Default)]
pub struct Relations {
    of: FxHashMap<TableId, Vec<Relation>>,
    joins: FxHashSet<TableId>,
    /// Of each table that keys lead away from, and over others back to, the number of its circle.
    circles: FxHashMap<TableId, usize>,
}

/// A way from the rows of one table to those of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// What it is called here.
    pub name: String,
    /// What the way back is called there.
    pub inverse: String,
    /// How many rows stand at its ends, and where the key is.
    pub kind: RelationKind,
    /// The table that it leads to.
    pub target: TableId,
    /// Fields of this entity that are equal to …
    pub fields: Vec<FieldIndex>,
    /// … these of the target; with a table between them, each to fields of that one.
    pub target_fields: Vec<FieldIndex>,
    /// Whether there may be no row: never said of many.
    pub nullable: bool,
    /// Whether other keys join the same two tables, so that a reader must be told which it is.
    pub ambiguous: bool,
    /// The key: its table, and its position among the constraints there. Of a table between, the key
    /// that leads to this entity.
    pub key: (TableId, usize),
}

/// How many rows stand at the ends of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelationKind {
    /// This row holds the key, and so may others.
    ManyToOne,
    /// This row holds the key, and no other has the same.
    OneToOne,
    /// One row at most holds the key of this one.
    OneFromOne,
    /// Rows hold the key of this one.
    OneToMany,
    /// A table of pairs of keys stands between.
    ManyToMany(Through),
}

/// The table between two others, which holds nothing but their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Through {
    /// Which one.
    pub table: TableId,
    /// Its fields that are equal to those of this entity.
    pub near: Vec<FieldIndex>,
    /// Its fields that are equal to those of the target.
    pub far: Vec<FieldIndex>,
}

impl Relation {
    /// Whether it leads to any number of rows.
    pub const fn is_many(&self) -> bool {
        matches!(self.kind, RelationKind::OneToMany | RelationKind::ManyToMany(_))
    }

    /// Whether the key stands in the entity's own table.
    pub const fn holds_key(&self) -> bool {
        matches!(self.kind, RelationKind::ManyToOne | RelationKind::OneToOne)
    }
}

impl Relations {
    /// The relations of `schema`, whose entities `shapes` holds.
    pub fn new(schema: &Schema, shapes: &Shapes) -> Self {
        let mut namer = Namer::default();
        let mut entities = FxHashMap::default();
        // Growing would hash all names again.
        let fields = shapes.items.iter().map(|item| item.fields().len()).sum::<usize>();
        namer.taken.reserve(2 * fields);
        for item in &shapes.items {
            let Item::Entity(entity @ Entity { relation: RelationId::Table(id), .. }) = item else {
                continue;
            };
            entities.insert(*id, entity);
            namer.taken.extend(entity.fields.iter().map(|it| (*id, snaked(it.name()))));
        }
        let keys = keys(schema, &entities);
        let pairs = pairs(schema, &keys);
        let mut relations = Self {
            of: FxHashMap::default(),
            joins: pairs.iter().map(|(table, ..)| *table).collect(),
            circles: circles(&keys, schema.tables.len()),
        };
        // The sides that hold keys choose first, then the ways back, then those through a table.
        let own: Vec<String> = keys.iter().map(|key| namer.own(key)).collect();
        let mut counts: FxHashMap<(TableId, TableId), usize> = FxHashMap::default();
        for key in &keys {
            *counts.entry((key.from, key.to)).or_default() += 1;
        }
        let count = |from, to| counts.get(&(from, to)).copied().unwrap_or_default();
        for (key, name) in keys.iter().zip(&own) {
            let siblings = count(key.from, key.to);
            let opposite = if key.from == key.to { 0 } else { count(key.to, key.from) };
            let inverse = namer.back(key, name, siblings > 1);
            relations.add_key(key, name, &inverse, siblings + opposite > 1);
        }
        for (_, near, far) in pairs {
            relations.add_pair(&near, &far, &mut namer);
        }
        relations
    }

    /// The relations of a table: those whose keys it holds, in order of their keys, then the others.
    pub fn of(&self, table: TableId) -> &[Relation] {
        self.of.get(&table).map_or(&[], Vec::as_slice)
    }

    /// Whether a table is nothing but pairs of keys, so that the relations through it say it all.
    pub fn is_join(&self, table: TableId) -> bool {
        self.joins.contains(&table)
    }

    /// Whether keys lead from each of two tables to the other; of a table and itself, over others.
    pub fn share_circle(&self, one: TableId, other: TableId) -> bool {
        let circle = self.circles.get(&one);
        circle.is_some() && circle == self.circles.get(&other)
    }

    fn add(&mut self, table: TableId, relation: Relation) {
        self.of.entry(table).or_default().push(relation);
    }

    fn add_key(&mut self, key: &Key<'_>, name: &str, inverse: &str, ambiguous: bool) {
        let (there, back) = if key.unique {
            (RelationKind::OneToOne, RelationKind::OneFromOne)
        } else {
            (RelationKind::ManyToOne, RelationKind::OneToMany)
        };
        let relation = Relation {
            name: name.to_owned(),
            inverse: inverse.to_owned(),
            kind: there,
            target: key.to,
            fields: key.fields.clone(),
            target_fields: key.target_fields.clone(),
            nullable: key.nullable,
            ambiguous,
            key: (key.from, key.constraint),
        };
        let way_back = Relation {
            name: inverse.to_owned(),
            inverse: name.to_owned(),
            nullable: back == RelationKind::OneFromOne,
            kind: back,
            target: key.from,
            fields: key.target_fields.clone(),
            target_fields: key.fields.clone(),
            ..relation.clone()
        };
        let own = self.of.entry(key.from).or_default();
        let place = own.iter().take_while(|it| it.holds_key()).count();
        own.insert(place, relation);
        self.add(key.to, way_back);
    }

    fn add_pair(&mut self, near: &Key<'_>, far: &Key<'_>, namer: &mut Namer<'_>) {
        let (there, back) = (namer.through(near, far), namer.through(far, near));
        for (near, far, name, inverse) in [(near, far, &there, &back), (far, near, &back, &there)] {
            let through =
                Through { table: near.from, near: near.fields.clone(), far: far.fields.clone() };
            let relation = Relation {
                name: name.clone(),
                inverse: inverse.clone(),
                kind: RelationKind::ManyToMany(through),
                target: far.to,
                fields: near.target_fields.clone(),
                target_fields: far.target_fields.clone(),
                nullable: false,
                ambiguous: near.to == far.to,
                key: (near.from, near.constraint),
            };
            self.add(near.to, relation);
        }
    }
}

/// A foreign key between owned tables.
#[derive(Debug, Clone)]
struct Key<'a> {
    from: TableId,
    to: TableId,
    table: &'a Table,
    target: &'a Table,
    /// The class name of the target.
    target_model: &'a str,
    /// The class name of the table.
    model: &'a str,
    columns: &'a [Name],
    constraint: usize,
    fields: Vec<FieldIndex>,
    target_fields: Vec<FieldIndex>,
    unique: bool,
    nullable: bool,
}

fn keys<'a>(schema: &'a Schema, entities: &FxHashMap<TableId, &'a Entity>) -> Vec<Key<'a>> {
    let mut keys = Vec::new();
    for (from, table) in schema.owned_tables() {
        let Some(entity) = entities.get(&from) else { continue };
        for (constraint, it) in table.constraints.iter().enumerate() {
            let ConstraintKind::ForeignKey(key) = &it.kind else { continue };
            let (Some(target_entity), Some(target)) =
                (entities.get(&key.target), schema.tables.find(key.target))
            else {
                continue;
            };
            let place = |table: &Table, names: &[Name]| -> Vec<FieldIndex> {
                names.iter().filter_map(|name| table.column(name).map(|(at, _)| at)).collect()
            };
            let fields = place(table, &key.columns);
            let nullable =
                |field: &FieldIndex| entity.fields.get(*field).is_some_and(|it| it.nullable);
            keys.push(Key {
                from,
                to: key.target,
                table,
                target,
                target_model: &target_entity.name,
                model: &entity.name,
                columns: &key.columns,
                constraint,
                unique: is_unique(table, key),
                nullable: fields.iter().any(nullable),
                fields,
                target_fields: place(target, &key.target_columns),
            });
        }
    }
    keys
}

/// Whether no two rows have the same values in the key's columns.
pub(crate) fn is_unique(table: &Table, key: &ForeignKey) -> bool {
    let covered = |columns: &[Name]| columns.iter().all(|it| key.columns.contains(it));
    let constraint = table.constraints.iter().any(|it| match &it.kind {
        ConstraintKind::PrimaryKey { columns } | ConstraintKind::Unique { columns, .. } => {
            covered(columns)
        }
        ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclude(_) => false,
    });
    let index = |it: &Index| {
        it.unique
            && it.predicate.is_none()
            && it.elements.iter().all(|element| match &element.target {
                IndexTarget::Column(name) => key.columns.contains(name),
                IndexTarget::Expr(_) => false,
            })
    };
    constraint || table.indexes.iter().any(index)
}

/// The circles of tables that keys lead around: several tables each.
fn circles(keys: &[Key<'_>], tables: usize) -> FxHashMap<TableId, usize> {
    let edges = keys.iter().map(|key| (key.from.index(), key.to.index(), ()));
    let mut circles = FxHashMap::default();
    let Some(knots) = Graph::new(tables, edges.collect()).knots() else { return circles };
    let is_tied =
        |key: &&Key<'_>| key.from != key.to && knots.tie(key.from.index(), key.to.index());
    for key in keys.iter().filter(is_tied) {
        circles.extend(knots.of(key.from.index()).map(|knot| (key.from, knot)));
    }
    circles
}

/// Tables that hold two keys and nothing else, which is their primary key, and that no key leads to.
fn pairs<'a>(schema: &Schema, keys: &[Key<'a>]) -> Vec<(TableId, Key<'a>, Key<'a>)> {
    let mut pairs = Vec::new();
    for (id, table) in schema.owned_tables() {
        let foreign = |it: &&Constraint| matches!(it.kind, ConstraintKind::ForeignKey(_));
        // The keys stand in the order of their tables.
        let start = keys.partition_point(|key| key.from < id);
        let mut own = keys.iter().skip(start).take_while(|key| key.from == id);
        let (Some(near), Some(far), None) = (own.next(), own.next(), own.next()) else { continue };
        let only_keys = table.constraints.iter().filter(foreign).count() == 2
            && (0..table.columns.len())
                .all(|field| near.fields.contains(&field) || far.fields.contains(&field))
            && table.primary_key().len() == table.columns.len();
        let referred = keys.iter().any(|key| key.to == id);
        if only_keys && !referred && !near.unique && !far.unique {
            pairs.push((id, near.clone(), far.clone()));
        }
    }
    pairs
}

/// The names of each entity that are taken.
#[derive(Debug, Default)]
struct Namer<'a> {
    /// In snake case: what differs in case alone is one name in some language.
    taken: FxHashSet<(TableId, Cow<'a, str>)>,
}

impl Namer<'_> {
    fn take(&mut self, table: TableId, name: &str) -> bool {
        self.taken.insert((table, snake(name).into()))
    }

    /// The first of two names that is free on `table`, else the second one numbered.
    fn choose(&mut self, table: TableId, first: String, second: &dyn Fn() -> String) -> String {
        if self.take(table, &first) {
            return first;
        }
        let second = second();
        let numbered = (2..u32::MAX).map(|number| format!("{second}_{number}"));
        let mut names = std::iter::once(second.clone()).chain(numbered);
        names.find(|name| self.take(table, name)).unwrap_or_default()
    }

    /// The side that holds the key: its column without `_id`, else the referenced model.
    fn own(&mut self, key: &Key<'_>) -> String {
        let model = || snake(key.target_model);
        let column = match key.columns {
            [column] => snake(column),
            _ => String::new(),
        };
        match column.strip_suffix("_id").filter(|stem| !stem.is_empty()) {
            Some(stem) => self.choose(key.from, stem.to_owned(), &|| format!("{stem}_{}", model())),
            None if column.is_empty() || column == "id" => {
                let table = &key.target.name.name;
                self.choose(key.from, model(), &|| format!("{}_{}", model(), snake(table)))
            }
            None => self.choose(key.from, model(), &|| format!("{column}_{}", model())),
        }
    }

    /// The way back: the rows of the table, or its one row; by the key's own name where several keys
    /// lead here.
    fn back(&mut self, key: &Key<'_>, name: &str, has_siblings: bool) -> String {
        let rows = if key.unique { snake(key.model) } else { rows(key.table) };
        let by = || format!("{rows}_by_{name}");
        let is_tree = key.from == key.to && name == "parent";
        let first = match (is_tree, has_siblings || key.from == key.to) {
            (true, _) => if key.unique { "child" } else { "children" }.to_owned(),
            (false, true) => by(),
            (false, false) => rows.clone(),
        };
        self.choose(key.to, first, &by)
    }

    /// The way through a table between: the rows beyond.
    fn through(&mut self, near: &Key<'_>, far: &Key<'_>) -> String {
        let target = rows(far.target);
        let via = || format!("{target}_via_{}", rows(near.table));
        let by = match far.columns {
            [column] => {
                let column = snake(column);
                let stem = column.strip_suffix("_id").filter(|it| !it.is_empty());
                plural(stem.unwrap_or(&column))
            }
            _ => via(),
        };
        let first = if near.to == far.to { by } else { target.clone() };
        self.choose(near.to, first, &via)
    }
}

/// What the rows of a table are called together.
fn rows(table: &Table) -> String {
    let name = snake(&table.name.name);
    let (head, last) =
        name.rsplit_once('_').map_or(("", name.as_str()), |(head, last)| (head, last));
    let last = if singular(last) == last { plural(last) } else { last.to_owned() };
    if head.is_empty() { last } else { format!("{head}_{last}") }
}
