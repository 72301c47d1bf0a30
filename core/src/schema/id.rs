//! Typed indices and the arrays that they index.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Index;
use std::sync::Arc;

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

/// Objects of one kind, in declaration order. A copy shares them until one of the two is changed.
#[derive(Debug)]
pub struct Arena<T> {
    items: Vec<Arc<T>>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

// By hand: objects are shared, not copied.
impl<T> Clone for Arena<T> {
    fn clone(&self) -> Self {
        Self { items: self.items.clone() }
    }
}

impl<T: Serialize> Serialize for Arena<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.values())
    }
}

impl<T: PartialEq> PartialEq for Arena<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.unchanged(other).all(|same| same)
    }
}

impl<T> Arena<T> {
    /// Adds an object and gives its id.
    pub fn push(&mut self, item: T) -> Id<T> {
        let id = self.next_id();
        self.items.push(Arc::new(item));
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
        self.items.get(id.index()).map(Arc::as_ref)
    }

    /// The object for changing, if the id is of this arena.
    pub fn get_mut(&mut self, id: Id<T>) -> Option<&mut T>
    where
        T: Clone,
    {
        let item = self.items.get_mut(id.index())?;
        if Arc::get_mut(item).is_none() {
            *item = copy(item);
        }
        Arc::get_mut(item)
    }

    /// Puts the objects that were added last in the places of `ids`, in their order, and gives whether there
    /// were so many.
    pub fn settle(&mut self, ids: &[Id<T>]) -> bool {
        let Some(start) = self.items.len().checked_sub(ids.len()) else { return false };
        let last = self.items.split_off(start);
        for (id, item) in ids.iter().zip(last) {
            match self.items.get_mut(id.index()) {
                Some(place) => *place = item,
                None => return false,
            }
        }
        true
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
        self.items.iter().enumerate().map(|(index, item)| (Id::new(index as u32), item.as_ref()))
    }

    /// The objects.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator + Clone {
        self.items.iter().map(Arc::as_ref)
    }

    /// Of each object whether the one of its id in `before` is equal to it; what both share is.
    pub fn unchanged<'a>(&'a self, before: &'a Self) -> impl Iterator<Item = bool> + 'a
    where
        T: PartialEq,
    {
        let pairs = self.items.iter().zip(&before.items);
        pairs.map(|(now, before)| Arc::ptr_eq(now, before) || now == before)
    }

    /// The ids.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = Id<T>> + use<T> {
        (0..self.items.len() as u32).map(Id::new)
    }
}

/// A copy that is not shared. Seldom needed, and so kept out of who changes objects.
#[cold]
fn copy<T: Clone>(item: &Arc<T>) -> Arc<T> {
    Arc::new(T::clone(item))
}

impl<T> Index<Id<T>> for Arena<T> {
    type Output = T;

    #[expect(clippy::indexing_slicing, reason = "an id is only made by the arena that it indexes")]
    fn index(&self, id: Id<T>) -> &T {
        &self.items[id.index()]
    }
}
