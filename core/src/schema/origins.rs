//! Where each object and expression was written.

use rustc_hash::FxHashSet;

use super::ObjectId;
use crate::diagnostic::Code;
use crate::source::Span;
use crate::sql::ExprId;

/// Spans by object, and by expression. Empty for a schema that was read from a database.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    /// By kind, object and part of the object: ids count from 0, so that a list has few gaps, and is
    /// quicker than a map of a hundred thousand columns.
    objects: [Vec<Vec<Option<Span>>>; KINDS],
    exprs: Vec<ExprOrigin>,
    intended: FxHashSet<(ObjectId, Code)>,
}

/// Where an expression was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExprOrigin {
    /// The YAML scalar, quotes included.
    pub scalar: Span,
    /// From the expression's text to the file, where the expression is the scalar or a part of it;
    /// `None` where the expression was made from sugar, or the scalar could not be aligned.
    pub map: Option<crate::source::TextMap>,
    /// Where a table uses the mixin that it stands in.
    pub via: Option<Span>,
}

impl Origins {
    /// Notes where an object's defining key stands.
    pub fn set(&mut self, object: ObjectId, span: Span) {
        let (kind, id, part) = slot(object);
        let parts = self.objects.get_mut(kind).and_then(|ids| grown(ids, id));
        if let Some(place) = parts.and_then(|parts| grown(parts, part)) {
            *place = Some(span);
        }
    }

    /// Makes room for so many objects that are parts of the same, as `first` is.
    pub fn expect(&mut self, first: ObjectId, count: usize) {
        let (kind, id, _) = slot(first);
        if let Some(parts) = self.objects.get_mut(kind).and_then(|ids| grown(ids, id)) {
            parts.reserve_exact(count.saturating_sub(parts.len()));
        }
    }

    /// Where the object's defining key stands.
    pub fn of(&self, object: ObjectId) -> Option<Span> {
        let (kind, id, part) = slot(object);
        *self.objects.get(kind)?.get(id)?.get(part)?
    }

    /// Forgets where an object stands, and what was meant of it; of a part, all of its owner's parts.
    pub fn forget(&mut self, object: ObjectId) {
        let (kind, id, _) = slot(object);
        if let Some(parts) = self.objects.get_mut(kind).and_then(|ids| ids.get_mut(id)) {
            parts.clear();
        }
        self.intended.retain(|(other, _)| *other != object);
    }

    /// Puts each place where `place` says that it is now; gives whether that is known of every object. Of
    /// expressions that nothing has any more it need not be.
    pub fn moved(&mut self, place: impl Fn(Span) -> Option<Span>) -> bool {
        let spans = self.objects.iter_mut().flatten().flatten().flatten();
        let mut all = true;
        for span in spans {
            match place(*span) {
                Some(moved) => *span = moved,
                None => all = false,
            }
        }
        for ExprOrigin { scalar, map, via } in &mut self.exprs {
            for span in [Some(scalar), via.as_mut()].into_iter().flatten() {
                *span = place(*span).unwrap_or(*span);
            }
            if let Some(map) = map {
                map.moved(|span| place(span).unwrap_or(span));
            }
        }
        all
    }

    /// Notes that the user said in so many words what a rule would remark on.
    pub fn intend(&mut self, object: ObjectId, code: Code) {
        self.intended.insert((object, code));
    }

    /// Whether the user said in so many words what a rule would remark on.
    pub fn is_intended(&self, object: ObjectId, code: Code) -> bool {
        self.intended.contains(&(object, code))
    }

    /// Notes where an expression was written and gives the id to keep in it.
    pub fn add_expr(&mut self, origin: ExprOrigin) -> ExprId {
        let id = ExprId::new(self.exprs.len() as u32);
        self.exprs.push(origin);
        id
    }

    /// Where the expression was written.
    pub fn expr(&self, id: ExprId) -> Option<&ExprOrigin> {
        self.exprs.get(id.index())
    }

    /// The place of bytes `start..end` of the expression's text: exact where the text map allows, else
    /// the whole scalar.
    pub fn expr_span(&self, id: ExprId, start: u32, end: u32) -> Option<Span> {
        let origin = self.expr(id)?;
        Some(origin.map.as_ref().map_or(origin.scalar, |map| map.up(start..end)))
    }
}

/// How many kinds of objects and of their parts there are.
const KINDS: usize = 19;

/// The kind of an object, its place among those of its kind, and its place in what it is a part of.
const fn slot(object: ObjectId) -> (usize, usize, usize) {
    match object {
        ObjectId::Namespace(id) => (0, id.index(), 0),
        ObjectId::Extension(id) => (1, id.index(), 0),
        ObjectId::Role(id) => (2, id.index(), 0),
        ObjectId::Enum(id) => (3, id.index(), 0),
        ObjectId::EnumLabel(id, at) => (4, id.index(), at as usize),
        ObjectId::Domain(id) => (5, id.index(), 0),
        ObjectId::Composite(id) => (6, id.index(), 0),
        ObjectId::Sequence(id) => (7, id.index(), 0),
        ObjectId::Table(id) => (8, id.index(), 0),
        ObjectId::Column(id, at) => (9, id.index(), at as usize),
        ObjectId::Constraint(id, at) => (10, id.index(), at as usize),
        ObjectId::Index(id, at) => (11, id.index(), at as usize),
        ObjectId::View(id) => (12, id.index(), 0),
        ObjectId::ViewIndex(id, at) => (13, id.index(), at as usize),
        ObjectId::Function(id) => (14, id.index(), 0),
        ObjectId::Trigger(id) => (15, id.index(), 0),
        ObjectId::Policy(id) => (16, id.index(), 0),
        ObjectId::Publication(id) => (17, id.index(), 0),
        ObjectId::Grant(id) => (18, id.index(), 0),
    }
}

/// The item at `at` of a list that is made long enough.
fn grown<T: Clone + Default>(list: &mut Vec<T>, at: usize) -> Option<&mut T> {
    if list.len() <= at {
        list.resize(at + 1, T::default());
    }
    list.get_mut(at)
}
