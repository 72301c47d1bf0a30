//! Definitions that are used again: parts of a mixin, taken over for one table, and what stands behind
//! a place where its file changed.
//!
//! In: a part as written, and the change. Out: the part with `{table}` replaced in names, or with its
//! places moved. SQL of a mixin keeps its text and notes the table, so that its characters can still be
//! found in the mixin.

use std::borrow::Cow;

use smol_str::SmolStr;

use super::{
    Call, DefaultSpec, FunctionList, GrantOn, IdentitySpec, Label, NamedMap, NullableScalar, Pairs,
    ReturnsSpec, SqlText, Text, TypeSpec,
};
use crate::grammar::document::OverrideDef;
use crate::source::{Span, Spanned};
use crate::sql::ident::quote_ident;
use crate::sql::lex::Lexer;
use crate::syntax::Scalar;

/// The placeholder for the table's name.
pub const TABLE_PLACEHOLDER: &str = "{table}";

/// A use of a mixin.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The name of the table that uses it, unqualified.
    pub table: SmolStr,
    /// Where the table names the mixin.
    pub via: Span,
    /// Whether the mixin is built in: nobody can look at its text, so all of it stands at `via`.
    pub built_in: bool,
}

impl Instance {
    /// `text` with the placeholder replaced.
    pub fn apply(&self, text: &SmolStr) -> SmolStr {
        if text.contains(TABLE_PLACEHOLDER) {
            text.replace(TABLE_PLACEHOLDER, &self.table).into()
        } else {
            text.clone()
        }
    }

    /// `sql` with the placeholder replaced by the table's name as it must stand there: quoted where it would be read
    /// as another name.
    pub fn apply_sql(&self, sql: &SmolStr) -> SmolStr {
        if !sql.contains(TABLE_PLACEHOLDER) {
            return sql.clone();
        }
        let mut text = String::with_capacity(sql.len());
        let mut done = 0;
        for (at, name) in self.in_sql(sql) {
            text.push_str(sql.get(done..at).unwrap_or_default());
            text.push_str(&name);
            done = at + TABLE_PLACEHOLDER.len();
        }
        text.push_str(sql.get(done..).unwrap_or_default());
        text.into()
    }

    /// Where the placeholder stands in `sql`, and what is written in its place.
    pub fn in_sql<'a>(&'a self, sql: &'a str) -> impl Iterator<Item = (usize, Cow<'a, str>)> {
        let mut tokens = Lexer::new(sql).peekable();
        sql.match_indices(TABLE_PLACEHOLDER).map(move |(at, placeholder)| {
            while tokens.next_if(|token| token.range().end <= at).is_some() {}
            // Only strings, quoted names and what is never closed hold a brace.
            let around = tokens.peek().filter(|token| token.range().start < at);
            let quote = around.and_then(|token| {
                sql.get(token.range())?.chars().find(|c| matches!(c, '\'' | '"' | '$'))
            });
            let (before, after) = (sql.get(..at), sql.get(at + placeholder.len()..));
            let in_name = |c: char| c.is_alphanumeric() || c == '_';
            let name = match quote {
                Some(quote @ ('\'' | '"')) => {
                    self.table.replace(quote, &format!("{quote}{quote}")).into()
                }
                // A part of a longer name: `{table}_id_seq`.
                _ if before.is_some_and(|it| it.ends_with(in_name))
                    || after.is_some_and(|it| it.starts_with(in_name)) =>
                {
                    Cow::Borrowed(&*self.table)
                }
                _ => quote_ident(&self.table),
            };
            (at, name)
        })
    }

    /// Where a part of the mixin stands, as far as findings are concerned.
    pub const fn place(&self, span: Span) -> Span {
        if self.built_in { self.via } else { span }
    }
}

/// What is done to every part of a definition.
#[derive(Debug, Clone, Copy)]
pub enum Change<'a> {
    /// It is taken over from a mixin.
    Taken(&'a Instance),
    /// The text of its file grew or shrank before it: places from the first offset on are moved, so that
    /// the first becomes the second.
    Moved(u32, u32),
}

impl Change<'_> {
    /// The place that `span` becomes.
    pub const fn place(&self, span: Span) -> Span {
        match self {
            Self::Taken(instance) => instance.place(span),
            Self::Moved(from, to) => {
                let (start, end) = (moved(span.start, *from, *to), moved(span.end, *from, *to));
                Span::new(span.file, start..end)
            }
        }
    }

    fn rename(&self, name: &mut SmolStr) {
        match self {
            Self::Taken(instance) => *name = instance.apply(name),
            Self::Moved(..) => {}
        }
    }
}

const fn moved(offset: u32, from: u32, to: u32) -> u32 {
    if offset < from { offset } else { offset - from + to }
}

/// A part of a definition, down to the places where it stands.
pub trait Revise {
    /// Changes all of it.
    fn revise(&mut self, change: &Change<'_>);
}

impl Revise for Text {
    fn revise(&mut self, change: &Change<'_>) {
        change.rename(&mut self.value);
        self.span = change.place(self.span);
    }
}

impl Revise for SqlText {
    fn revise(&mut self, change: &Change<'_>) {
        if let Change::Taken(instance) = change {
            self.instance = Some(Box::new((*instance).clone()));
        }
        self.span = change.place(self.span);
    }
}

impl Revise for Spanned<Scalar> {
    fn revise(&mut self, change: &Change<'_>) {
        change.rename(&mut self.value.text);
        self.span = change.place(self.span);
    }
}

impl<T: Revise> Revise for Option<T> {
    fn revise(&mut self, change: &Change<'_>) {
        if let Some(value) = self {
            value.revise(change);
        }
    }
}

impl<T: Revise> Revise for Box<T> {
    fn revise(&mut self, change: &Change<'_>) {
        (**self).revise(change);
    }
}

impl<T: Revise> Revise for Vec<T> {
    fn revise(&mut self, change: &Change<'_>) {
        for value in self {
            value.revise(change);
        }
    }
}

impl<T: Revise> Revise for NamedMap<T> {
    fn revise(&mut self, change: &Change<'_>) {
        for entry in &mut self.entries {
            entry.name.revise(change);
            entry.span = change.place(entry.span);
            entry.value.revise(change);
        }
        self.span = self.span.map(|span| change.place(span));
    }
}

impl Revise for Pairs {
    fn revise(&mut self, change: &Change<'_>) {
        for (key, value) in &mut self.entries {
            key.revise(change);
            value.revise(change);
        }
    }
}

impl Revise for Spanned<bool> {
    fn revise(&mut self, change: &Change<'_>) {
        self.span = change.place(self.span);
    }
}

impl Revise for Spanned<i64> {
    fn revise(&mut self, change: &Change<'_>) {
        self.span = change.place(self.span);
    }
}

impl<A> Revise for Call<A>
where
    Vec<A>: Revise,
{
    fn revise(&mut self, change: &Change<'_>) {
        self.span = change.place(self.span);
        self.name.revise(change);
        self.args.revise(change);
    }
}

impl Revise for TypeSpec {
    fn revise(&mut self, change: &Change<'_>) {
        match self {
            Self::Text(text) => text.revise(change),
            Self::Call(call) => call.revise(change),
            Self::Domain(name) => name.revise(change),
        }
    }
}

impl Revise for DefaultSpec {
    fn revise(&mut self, change: &Change<'_>) {
        match self {
            Self::Bare(text) | Self::Expr(text) => text.revise(change),
            Self::Value(value) => value.revise(change),
            Self::Call(call) => call.revise(change),
        }
    }
}

impl Revise for NullableScalar {
    fn revise(&mut self, change: &Change<'_>) {
        self.0.revise(change);
    }
}

impl Revise for IdentitySpec {
    fn revise(&mut self, change: &Change<'_>) {
        self.span = change.place(self.span);
        self.kind.revise(change);
        self.sequence.revise(change);
    }
}

impl Revise for Label {
    fn revise(&mut self, change: &Change<'_>) {
        self.0.revise(change);
    }
}

impl Revise for ReturnsSpec {
    fn revise(&mut self, change: &Change<'_>) {
        match self {
            Self::Type(ty) | Self::Set(ty) => ty.revise(change),
            Self::Table(span, columns) => {
                *span = change.place(*span);
                columns.revise(change);
            }
        }
    }
}

impl Revise for FunctionList {
    fn revise(&mut self, change: &Change<'_>) {
        self.0.revise(change);
    }
}

impl Revise for GrantOn {
    fn revise(&mut self, change: &Change<'_>) {
        match self {
            Self::Relation(name) => name.revise(change),
            Self::Object(def) => def.revise(change),
        }
    }
}

impl Revise for OverrideDef {
    fn revise(&mut self, change: &Change<'_>) {
        self.0.revise(change);
    }
}
