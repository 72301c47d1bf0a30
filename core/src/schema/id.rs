//! Typed indices and the arrays that they index.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Index;

use serde::{Serialize, Serializer};

/// The place of a `T` in its [`Arena`]. Valid for the schema that gave it.
pub struct Id<T> {
    index: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The `index`-th `T`.
    pub const fn new(index: u32) -> Self {
        Self { index, kind: PhantomData }
    }

    /// Position in the arena, from 0.
    pub const fn index(self) -> usize {
        self.index as usize
    }
}

// By hand: a derive would ask for the same of `T`, which an index does not need.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.index.cmp(&other.index)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.index)
    }
}

/// Objects of one kind, in declaration order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Arena<T> {
    items: Vec<T>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<T> Arena<T> {
    /// Adds an object and gives its id.
    pub fn push(&mut self, item: T) -> Id<T> {
        let id = Id::new(self.items.len() as u32);
        self.items.push(item);
        id
    }

    /// The id that the next [`push`](Self::push) will give.
    pub fn next_id(&self) -> Id<T> {
        Id::new(self.items.len() as u32)
    }

    /// The object, if the id is of this arena.
    // Not named `get`: where a type has that, `clippy::indexing_slicing` takes its `[id]` for a
    // slice's; `Index` below holds the one exception for arenas.
    pub fn find(&self, id: Id<T>) -> Option<&T> {
        self.items.get(id.index())
    }

    /// The object for changing, if the id is of this arena.
    pub fn get_mut(&mut self, id: Id<T>) -> Option<&mut T> {
        self.items.get_mut(id.index())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The objects with their ids.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Id<T>, &T)> {
        self.items.iter().enumerate().map(|(index, item)| (Id::new(index as u32), item))
    }

    /// The objects with their ids, for changing.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (Id<T>, &mut T)> {
        self.items.iter_mut().enumerate().map(|(index, item)| (Id::new(index as u32), item))
    }

    /// The objects.
    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// The ids.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = Id<T>> + use<T> {
        (0..self.items.len() as u32).map(Id::new)
    }
}

impl<T> Index<Id<T>> for Arena<T> {
    type Output = T;

    #[expect(clippy::indexing_slicing, reason = "an id is only made by the arena that it indexes")]
    fn index(&self, id: Id<T>) -> &T {
        &self.items[id.index()]
    }
}
