//! Where each object and expression was written.

use rustc_hash::{FxHashMap, FxHashSet};

use super::ObjectId;
use crate::diagnostic::Code;
use crate::source::Span;
use crate::sql::ExprId;

/// Spans by object, and by expression. Empty for a schema that was read from a database.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    objects: FxHashMap<ObjectId, Span>,
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
        self.objects.insert(object, span);
    }

    /// Where the object's defining key stands.
    pub fn of(&self, object: ObjectId) -> Option<Span> {
        self.objects.get(&object).copied()
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
