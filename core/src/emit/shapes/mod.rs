//! What entities are, without a language.
//!
//! In: the resolved schema. Out: [`Shapes`], computed once and read by every code target: everything
//! that has a name in code, in an order in which nothing speaks of what stands after it, and the
//! functions. Two objects that would get the same name are reported. Writes no code.

pub mod alembic;
pub mod double;
pub mod naming;

mod alike;
mod entity;
mod function;
mod left;
mod operand;
mod order;
mod plain;
mod purpose;
mod relation;
mod rules;
mod value;
mod words;

pub(super) use alike::Alike;
pub use entity::{CompositeShape, Entity, Field, Presence};
pub use function::{FunctionResult, FunctionShape};
pub use operand::{Guard, NON_FINITE, Operand, Operands, Reason, said};
pub use plain::PlainColumn;
pub use purpose::{Purpose, Reading};
pub(crate) use relation::is_unique;
pub use relation::{Relation, RelationKind, Relations, Through};
pub use rules::{Carried, NotCarried};
pub use value::{Bases, IntWidth, Scalar, Value, ValueKind, Zone};
pub(crate) use words::singular;

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::errors;
use crate::diagnostic::Diagnostics;
use crate::predicate::Rules;
use crate::schema::{
    CompositeId, DomainId, EnumId, ObjectId, Origins, Ownership, RelationId, Schema,
};

/// The target-neutral entities of a schema.
#[derive(Debug, Default)]
pub struct Shapes {
    /// What has a class name; what others are built of stands before them.
    pub items: Vec<Item>,
    /// Functions, in declaration order.
    pub functions: Vec<FunctionShape>,
    names: FxHashMap<ItemId, SmolStr>,
    /// Items that are not what they were in the last emission; all of the first one.
    changed: FxHashSet<ItemId>,
    /// Items of which there was something to say.
    remarked: FxHashSet<ItemId>,
}

/// Something with a class name.
#[derive(Debug)]
pub enum Item {
    /// An enum.
    Enum(EnumShape),
    /// A domain.
    Domain(DomainShape),
    /// A composite type.
    Composite(CompositeShape),
    /// A table or view.
    Entity(Entity),
}

/// Which item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemId {
    /// An enum.
    Enum(EnumId),
    /// A domain.
    Domain(DomainId),
    /// A composite type.
    Composite(CompositeId),
    /// A table or view.
    Relation(RelationId),
}

/// An enum type.
#[derive(Debug)]
pub struct EnumShape {
    /// Which one.
    pub id: EnumId,
    /// The class name, unique among all shapes.
    pub name: SmolStr,
    /// Its labels, in order; any text.
    pub labels: Vec<SmolStr>,
    /// `COMMENT ON TYPE`.
    pub comment: Option<Arc<str>>,
}

/// A domain.
#[derive(Debug)]
pub struct DomainShape {
    /// Which one.
    pub id: DomainId,
    /// The class name, unique among all shapes.
    pub name: SmolStr,
    /// What it restricts.
    pub base: Value,
    /// Whether null is a value of it.
    pub nullable: bool,
    /// What its values must satisfy beside being of the base; it is large, and most items are tables.
    pub rules: Box<Rules>,
    /// Checks that only the database makes.
    pub not_carried: Vec<NotCarried>,
    /// `COMMENT ON DOMAIN`.
    pub comment: Option<Arc<str>>,
}

impl Shapes {
    /// The entities of `schema`: all that it owns, and what those are built of. Takes over what is the
    /// same in `last`, the shapes of the last emission; what there is to say is said anew.
    pub(super) fn new(
        schema: &Schema,
        origins: &Origins,
        last: Option<(&Alike, Self)>,
        sink: &mut Diagnostics,
    ) -> Self {
        let (mut same, known) = last.map_or_else(Default::default, |(alike, shapes)| {
            let Self { items, names, remarked, .. } = shapes;
            let items = items.into_iter().map(|item| (item.id(), item));
            let same = |(id, _): &(ItemId, Item)| !remarked.contains(id) && alike.is_same(*id);
            (items.filter(same).collect::<FxHashMap<_, _>>(), names)
        });
        let count = schema.enums.len() + schema.tables.len() + schema.views.len();
        let mut names = Names { known, taken: FxHashMap::default(), schema, origins };
        names.taken.reserve(count);
        let mut shapes = Self::default();
        shapes.items.reserve(count);
        shapes.names.reserve(count);
        order::each_item(schema, &mut |id| {
            let name = names.choose(id, sink);
            shapes.names.insert(id, name.clone());
            if let Some(item) = same.remove(&id).filter(|item| item.name() == name) {
                shapes.items.push(item);
                return;
            }
            shapes.changed.insert(id);
            let said = sink.len();
            let item = Item::new(schema, origins, id, name, sink);
            for field in item.iter().flat_map(Item::fields) {
                if let Some(ty) = field.value.not_carried() {
                    let (object, name) = (field.object, &field.column);
                    sink.push(errors::type_not_carried(origins, id.object(), object, name, &ty));
                }
            }
            if let ItemId::Relation(RelationId::View(view)) = id
                && item.as_ref().is_some_and(|it| it.fields().is_empty())
            {
                let name = &schema.views[view].name;
                sink.push(errors::no_columns_carried(origins, id.object(), name));
            }
            shapes.items.extend(item);
            if sink.len() > said {
                shapes.remarked.insert(id);
            }
        });
        let mut overloads: BTreeMap<String, u32> = BTreeMap::new();
        for (id, function) in schema.functions.iter() {
            if function.ownership != Ownership::Owned {
                continue;
            }
            let name = naming::model(&function.name, false);
            let count = overloads.get(&name).map_or(1, |count| count + 1);
            let numbered = if count == 1 { name.clone() } else { format!("{name}{count}") };
            if let Some(shape) = FunctionShape::new(schema, id, function, numbered) {
                overloads.insert(name, count);
                shapes.functions.push(shape);
            }
        }
        shapes
    }

    /// The class name of an item; empty for one that the shapes do not hold.
    pub fn name(&self, id: ItemId) -> &str {
        self.names.get(&id).map_or("", SmolStr::as_str)
    }

    /// Whether an item is what it was in the last emission: what a target then made of it alone, of its
    /// table, of types and of names, is the same now.
    pub fn is_same(&self, id: ItemId) -> bool {
        !self.changed.contains(&id)
    }
}

impl Item {
    fn new(
        schema: &Schema,
        origins: &Origins,
        id: ItemId,
        name: SmolStr,
        sink: &mut Diagnostics,
    ) -> Option<Self> {
        Some(match id {
            ItemId::Enum(id) => {
                let it = schema.enums.find(id)?;
                Self::Enum(EnumShape {
                    id,
                    name,
                    labels: it.values.clone(),
                    comment: it.comment.clone(),
                })
            }
            ItemId::Domain(id) => {
                let it = schema.domains.find(id)?;
                let base = Value::of(&it.base);
                let native = base.takes_rules();
                let (rules, not_carried) = rules::of_domain(schema, origins, it, native, sink);
                let (rules, nullable, comment) = (Box::new(rules), it.nullable, it.comment.clone());
                Self::Domain(DomainShape { id, name, base, nullable, rules, not_carried, comment })
            }
            ItemId::Composite(id) => {
                Self::Composite(CompositeShape::new(id, schema.composites.find(id)?, name))
            }
            ItemId::Relation(RelationId::Table(id)) => {
                Self::Entity(Entity::of_table(schema, origins, id, name, sink)?)
            }
            ItemId::Relation(RelationId::View(id)) => {
                Self::Entity(Entity::of_view(id, schema.views.find(id)?, name))
            }
        })
    }

    /// Which item it is.
    pub const fn id(&self) -> ItemId {
        match self {
            Self::Enum(it) => ItemId::Enum(it.id),
            Self::Domain(it) => ItemId::Domain(it.id),
            Self::Composite(it) => ItemId::Composite(it.id),
            Self::Entity(it) => ItemId::Relation(it.relation),
        }
    }

    /// Its fields, if it has some.
    pub fn fields(&self) -> &[Field] {
        match self {
            Self::Enum(_) | Self::Domain(_) => &[],
            Self::Composite(it) => &it.fields,
            Self::Entity(it) => &it.fields,
        }
    }

    /// Its class name.
    pub fn name(&self) -> &str {
        match self {
            Self::Enum(it) => &it.name,
            Self::Domain(it) => &it.name,
            Self::Composite(it) => &it.name,
            Self::Entity(it) => &it.name,
        }
    }
}

impl ItemId {
    /// The object of the schema.
    pub const fn object(self) -> ObjectId {
        match self {
            Self::Enum(id) => ObjectId::Enum(id),
            Self::Domain(id) => ObjectId::Domain(id),
            Self::Composite(id) => ObjectId::Composite(id),
            Self::Relation(RelationId::Table(id)) => ObjectId::Table(id),
            Self::Relation(RelationId::View(id)) => ObjectId::View(id),
        }
    }
}

/// Class names given so far.
struct Names<'a> {
    /// The names of the last emission, where they are made of the same: each of its object's alone.
    known: FxHashMap<ItemId, SmolStr>,
    taken: FxHashMap<SmolStr, ObjectId>,
    schema: &'a Schema,
    origins: &'a Origins,
}

impl Names<'_> {
    /// The name of an item, which nothing else has yet, or it is reported.
    fn choose(&mut self, id: ItemId, sink: &mut Diagnostics) -> SmolStr {
        let chosen = self.known.remove(&id).unwrap_or_else(|| self.make(id));
        let (schema, origins, object) = (self.schema, self.origins, id.object());
        match self.taken.entry(chosen.clone()) {
            Entry::Vacant(free) => {
                free.insert(object);
            }
            Entry::Occupied(first) => {
                sink.push(errors::same_name(schema, origins, *first.get(), object, &chosen));
            }
        }
        chosen
    }

    fn make(&self, id: ItemId) -> SmolStr {
        let schema = self.schema;
        let table = |id| schema.tables.find(id).map(|it| (&it.name, it.model.as_deref(), true));
        let view = |id| schema.views.find(id).map(|it| (&it.name, it.model.as_ref(), true));
        let found = match id {
            ItemId::Enum(id) => schema.enums.find(id).map(|it| (&it.name, None, false)),
            ItemId::Domain(id) => schema.domains.find(id).map(|it| (&it.name, None, false)),
            ItemId::Composite(id) => schema.composites.find(id).map(|it| (&it.name, None, false)),
            ItemId::Relation(RelationId::Table(id)) => table(id),
            ItemId::Relation(RelationId::View(id)) => view(id),
        };
        let Some((name, model, plural)) = found else { return SmolStr::default() };
        match model {
            Some(model) if naming::is_identifier(model) => model.clone(),
            Some(model) => naming::pascal(model).into(),
            None => naming::model(name, plural).into(),
        }
    }
}
