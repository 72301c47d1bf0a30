//! From text to meaning.
//!
//! In: expressions, queries and bodies as text. Out: what they mean, each text read once; or why not,
//! with a distinction that matters to users: what PostgreSQL surely refuses is [`Reading::Wrong`], what
//! only this reader does not follow is [`Reading::Unknown`].

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::fault::{Fault, Read};
use super::normal::normalized;
use super::reader::Reader;
use super::select::figure_name;
use super::{Expr, Query, Statements};

/// What became of a text.
#[derive(Debug)]
pub enum Reading<T> {
    /// It was read.
    Parsed(Arc<T>),
    /// This reader does not follow it; PostgreSQL may.
    Unknown {
        /// Why.
        message: String,
        /// Byte of the text.
        offset: u32,
    },
    /// PostgreSQL surely refuses it.
    Wrong {
        /// What is wrong.
        message: String,
        /// Byte of the text; the text's length for its end.
        offset: u32,
        /// What to do.
        help: Option<String>,
    },
}

impl<T> Clone for Reading<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Parsed(tree) => Self::Parsed(Arc::clone(tree)),
            Self::Unknown { message, offset } => {
                Self::Unknown { message: message.clone(), offset: *offset }
            }
            Self::Wrong { message, offset, help } => {
                Self::Wrong { message: message.clone(), offset: *offset, help: help.clone() }
            }
        }
    }
}

impl<T> Reading<T> {
    /// What was read.
    pub fn parsed(&self) -> Option<Arc<T>> {
        match self {
            Self::Parsed(tree) => Some(Arc::clone(tree)),
            Self::Unknown { .. } | Self::Wrong { .. } => None,
        }
    }

    fn new(outcome: Result<T, Fault>) -> Self {
        match outcome {
            Ok(tree) => Self::Parsed(Arc::new(tree)),
            Err(Fault { message, offset, wrong: false, .. }) => Self::Unknown { message, offset },
            Err(Fault { message, offset, help, .. }) => Self::Wrong { message, offset, help },
        }
    }
}

/// An expression, or why there is none.
pub type ParsedExpr = Reading<Expr>;

/// Every text that was read so far. Equal texts are read once and share their meaning.
#[derive(Debug, Default, Clone)]
pub struct ExprCache {
    exprs: FxHashMap<SmolStr, ParsedExpr>,
    domain_checks: FxHashMap<SmolStr, ParsedExpr>,
    queries: FxHashMap<SmolStr, Reading<Query>>,
    bodies: FxHashMap<SmolStr, Reading<Statements>>,
    /// What was read before, as far as nobody asked for it again.
    before: Option<Box<Self>>,
}

impl ExprCache {
    /// The same, which takes over what is asked for of `before`.
    #[must_use]
    pub fn following(self, before: Self) -> Self {
        Self { before: Some(Box::new(before)), ..self }
    }

    /// The same, without what nobody asked for.
    #[must_use]
    pub fn finished(self) -> Self {
        Self { before: None, ..self }
    }

    /// Reads an expression.
    pub fn expr(&mut self, text: &SmolStr) -> ParsedExpr {
        let before = self.before.as_mut().map(|before| &mut before.exprs);
        remember(&mut self.exprs, before, text, |text| expr(text, false))
    }

    /// Reads a domain's check, in which `VALUE` is the value and no column.
    pub fn domain_check(&mut self, text: &SmolStr) -> ParsedExpr {
        let before = self.before.as_mut().map(|before| &mut before.domain_checks);
        remember(&mut self.domain_checks, before, text, |text| expr(text, true))
    }

    /// Reads a query; one semicolon may end it.
    pub fn query(&mut self, text: &SmolStr) -> Reading<Query> {
        let before = self.before.as_mut().map(|before| &mut before.queries);
        remember(&mut self.queries, before, text, query)
    }

    /// Reads a body in `language sql`.
    pub fn statements(&mut self, text: &SmolStr) -> Reading<Statements> {
        let before = self.before.as_mut().map(|before| &mut before.bodies);
        remember(&mut self.bodies, before, text, statements)
    }
}

fn remember<T>(
    known: &mut FxHashMap<SmolStr, Reading<T>>,
    before: Option<&mut FxHashMap<SmolStr, Reading<T>>>,
    text: &SmolStr,
    read: impl FnOnce(&str) -> Result<T, Fault>,
) -> Reading<T> {
    if let Some(known) = known.get(text) {
        return known.clone();
    }
    let reading = before.and_then(|before| before.remove(text));
    let reading = reading.unwrap_or_else(|| Reading::new(read(text)));
    known.insert(text.clone(), reading.clone());
    reading
}

fn expr(text: &str, domain: bool) -> Read<Expr> {
    let mut reader = Reader::new(text)?;
    (reader.domain, reader.parameters) = (domain, false);
    let simple = reader.expression()?;
    if !reader.sql.is_end() {
        return Err(reader.sql.unexpected());
    }
    let name = figure_name(std::mem::take(&mut reader.figure));
    let normalized = normalized(&simple).unwrap_or_else(|| reader.sql.normalized());
    Ok(Expr { simple, refs: reader.refs, normalized, name })
}

fn query(text: &str) -> Read<Query> {
    let mut reader = Reader::new(text)?;
    if reader.sql.is_end() {
        return Err(Fault::wrong("the query is empty", 0));
    }
    reader.reads_only = true;
    let shape = reader.query()?;
    let form = shape.form;
    let ended = reader.sql.eat_sign(";");
    if !reader.sql.is_end() {
        let several = || Fault::wrong("one query stands here, not several", reader.sql.start());
        return Err(if ended { several() } else { reader.after_query() });
    }
    Ok(Query { refs: reader.refs, selection: shape.selection(), form })
}

fn statements(text: &str) -> Read<Statements> {
    let mut reader = Reader::new(text)?;
    let count = reader.statements()?;
    Ok(Statements { refs: reader.refs, count })
}
