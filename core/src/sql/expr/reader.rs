//! What is known while a text is read: the scopes around, what was named so far, how deep it is.
//!
//! The grammar stands in `operators.rs`, `primary.rs`, `call.rs`, `special.rs`, `type_name.rs` (values)
//! and in `select.rs`, `from.rs`, `statement.rs` (queries), each as PostgreSQL's `gram.y` has it.

use std::sync::Arc;

use smol_str::SmolStr;

use super::cursor::Cursor;
use super::fault::{Fault, Read};
use super::query::Selection;
use super::refs::{CallRef, ColumnRef, Refs};
use super::scopes::{Output, QueryScope, Source};
use super::tree::{Node, Simple};

/// How deep brackets, calls, subqueries and their like may nest.
const MAX_DEPTH: usize = 50;

/// How high the tree may be. `a + b + c …` is as high as it is long, and whoever walks over a tree or
/// drops it must not exhaust the stack.
const MAX_HEIGHT: usize = 1_000;

/// Reads one text.
pub(super) struct Reader<'a> {
    pub(super) sql: Cursor<'a>,
    pub(super) refs: Refs,
    /// Whether `value` is a domain's value.
    pub(super) domain: bool,
    /// Whether `$1` may stand here.
    pub(super) parameters: bool,
    /// Whether nothing may be written: in a view.
    pub(super) reads_only: bool,
    /// How many queries are around.
    pub(super) queries: usize,
    /// The innermost query around.
    pub(super) scope: Option<usize>,
    /// Whether only some of its sources are seen: in a join's condition, in `LATERAL`.
    pub(super) partial: bool,
    /// `WITH` queries that are visible.
    pub(super) ctes: Vec<Cte>,
    /// Whether the present query makes other rows of its `FROM`'s by what it calls.
    pub(super) gathers: bool,
    /// What the expression that was read last would be called.
    pub(super) figure: Figure,
    /// At least the height of the expression that was read last.
    pub(super) height: usize,
    depth: usize,
}

/// A `WITH` query that is visible.
pub(super) struct Cte {
    pub(super) name: SmolStr,
    /// Its result; none while it is read, and where it is not certain.
    pub(super) scope: Option<usize>,
    /// What it gives, where that is certain.
    pub(super) query: Option<Arc<Selection>>,
    pub(super) renamed: Vec<SmolStr>,
    /// Whether anything reads it.
    pub(super) is_read: bool,
}

/// What PostgreSQL calls a column that holds an expression (`FigureColname`), and what that is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Figure {
    /// `?column?`.
    #[default]
    Nameless,
    /// This name.
    Named(SmolStr),
    /// A cast to this type, which gives its name.
    Cast(SmolStr),
    /// `CASE`.
    Case,
    /// `t.*`.
    Columns(SmolStr),
    /// `(f(x)).*`.
    Fields,
}

impl Figure {
    pub(super) fn named(name: &str) -> Self {
        Self::Named(name.into())
    }

    /// The name that casts and `CASE` leave as it is.
    pub(super) fn firm(self) -> Option<SmolStr> {
        match self {
            Self::Named(name) => Some(name),
            Self::Nameless | Self::Cast(_) | Self::Case | Self::Columns(_) | Self::Fields => None,
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Read<Self> {
        Ok(Self {
            sql: Cursor::new(text)?,
            refs: Refs::default(),
            domain: false,
            parameters: true,
            reads_only: false,
            queries: 0,
            scope: None,
            partial: false,
            ctes: Vec::new(),
            gathers: false,
            figure: Figure::default(),
            height: 0,
            depth: 0,
        })
    }

    /// Runs `read` one level down, unless that is too deep.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::unknown("it nests too deeply", self.sql.start()));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Puts a node on top of the one that was read last.
    #[inline(never)]
    pub(super) fn higher(&mut self) -> Read<()> {
        self.height += 1;
        if self.height > MAX_HEIGHT {
            return Err(Fault::unknown("it is too long to be read", self.sql.start()));
        }
        Ok(())
    }

    /// A node from `start` to the end of what was read.
    #[inline(never)]
    pub(super) fn node(&self, kind: Simple, start: u32) -> Node {
        Node { kind, range: self.sql.since(start) }
    }

    /// Items with commas between them.
    pub(super) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let mut list = vec![item(self)?];
        while self.sql.eat_sign(",") {
            list.push(item(self)?);
        }
        Ok(list)
    }

    /// Items in brackets.
    pub(super) fn bracketed_list<T>(
        &mut self,
        missing: &str,
        item: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        self.sql.sign_or("(", missing)?;
        let list = self.list(item)?;
        self.sql.close()?;
        Ok(list)
    }

    pub(super) fn note_column(&mut self, column: Named) {
        let Named { qualifier, name, start, quoted } = column;
        let range = self.sql.since(start);
        let (scope, partial) = (self.scope, self.partial);
        self.refs.columns.push(ColumnRef {
            qualifier,
            name,
            range,
            scope,
            partial,
            result: None,
            quoted,
        });
    }

    /// Notes a call whose name was just read; gives its place among the calls.
    pub(super) fn note_call(&mut self, schema: Option<SmolStr>, name: &str, start: u32) -> usize {
        self.refs.calls.push(CallRef {
            schema,
            name: name.into(),
            args: 0,
            range: self.sql.since(start),
            window: false,
            aggregate: false,
            nested: self.queries > 0,
            from: false,
            special: false,
        });
        self.refs.calls.len() - 1
    }

    /// A call in SQL's own syntax, whose word comes next.
    pub(super) fn note_special(&mut self, name: &str) -> usize {
        let start = self.sql.start();
        self.sql.advance();
        let place = self.note_call(None, name, start);
        if let Some(call) = self.refs.calls.get_mut(place) {
            call.special = true;
        }
        place
    }

    /// Runs `read` in a scope of its own; gives the scope's index too.
    pub(super) fn in_scope<T>(
        &mut self,
        read: impl FnOnce(&mut Self, usize) -> Read<T>,
    ) -> Read<(usize, T)> {
        let index = self.refs.scopes.len();
        let (parent, partial) = (self.scope, self.partial);
        self.refs.scopes.push(QueryScope { parent, partial, ..QueryScope::default() });
        (self.scope, self.partial) = (Some(index), false);
        let result = read(self, index)?;
        (self.scope, self.partial) = (parent, partial);
        self.refs.closed.push(index);
        Ok((index, result))
    }

    /// Runs `read` where only a part of the scope's sources is seen.
    pub(super) fn partially<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let before = std::mem::replace(&mut self.partial, true);
        let result = read(self);
        self.partial = before;
        result
    }

    /// Runs `read` where nothing of the present query is seen, only what is around it.
    pub(super) fn outside<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let before = (self.scope, self.partial);
        if let Some(scope) = self.scope.and_then(|scope| self.refs.scopes.get(scope)) {
            (self.scope, self.partial) = (scope.parent, scope.partial);
        }
        let result = read(self);
        (self.scope, self.partial) = before;
        result
    }

    pub(super) fn opened(&mut self) -> Option<&mut QueryScope> {
        self.scope.and_then(|scope| self.refs.scopes.get_mut(scope))
    }

    pub(super) fn source(&mut self, source: Source) {
        if let Some(scope) = self.opened() {
            scope.sources.push(source);
        }
    }

    pub(super) fn outputs(&mut self, outputs: Option<Vec<Output>>) {
        if let Some(scope) = self.opened() {
            scope.outputs = outputs;
        }
    }
}

/// A column as it was read.
pub(super) struct Named {
    pub(super) qualifier: Option<SmolStr>,
    pub(super) name: SmolStr,
    /// Its first byte.
    pub(super) start: u32,
    pub(super) quoted: bool,
}
