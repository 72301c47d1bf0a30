//! The colours that a YAML grammar cannot give: the SQL in scalars, and what names stand for.
//!
//! In: a project and a file. Out: [`Highlight`]s in the order of the text, none over another and none
//! across lines. Reads SQL by its words, so that it goes on where that is unfinished.

use std::ops::Range;

use super::Project;
use super::names::{Lookup, Meaning, Symbol};
use super::occurrences::{self, sql_text};
use super::place::{Expect, behind, item, root, scalars};
use super::sql::{NameKind, Sql};
use crate::grammar::Kind;
use crate::schema::ObjectId;
use crate::sort;
use crate::source::{FileId, Span, TextMap};
use crate::sql::keywords::{KeywordClass, keyword_class};
use crate::sql::words::{Token, words};
use crate::syntax::{self, Node, NodeKind};

/// A word with its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Highlight {
    /// The word.
    pub span: Span,
    /// What it is.
    pub kind: HighlightKind,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HighlightKind {
    /// A word of SQL's own.
    Keyword,
    /// A string in SQL.
    Text,
    /// A number in SQL.
    Number,
    /// A comment in SQL.
    Comment,
    /// A function.
    Function,
    /// A type.
    Type,
    /// A table or a view.
    Relation,
    /// A column.
    Column,
    /// A label of an enum.
    Label,
    /// A PostgreSQL schema.
    Schema,
    /// Another name in SQL: an alias, an argument, a variable.
    Variable,
}

impl HighlightKind {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 11] = [
        Self::Keyword,
        Self::Text,
        Self::Number,
        Self::Comment,
        Self::Function,
        Self::Type,
        Self::Relation,
        Self::Column,
        Self::Label,
        Self::Schema,
        Self::Variable,
    ];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keyword => "keyword",
            Self::Text => "string",
            Self::Number => "number",
            Self::Comment => "comment",
            Self::Function => "function",
            Self::Type => "type",
            Self::Relation => "relation",
            Self::Column => "column",
            Self::Label => "label",
            Self::Schema => "schema",
            Self::Variable => "variable",
        }
    }
}

/// The highlights of a file.
pub fn highlights(project: &Project<'_>, file: FileId) -> Vec<Highlight> {
    let (Some(tree), Some(source)) = (project.tree(file), project.sources.get(file)) else {
        return Vec::new();
    };
    let lookup = Lookup::new(project);
    let mut found: Vec<Highlight> = Vec::new();
    for name in occurrences::in_file(&lookup, file) {
        if let Meaning::Known(symbol) | Meaning::Likely(symbol) = name.meaning {
            found.extend(kind_of(symbol).map(|kind| Highlight { span: name.span, kind }));
        }
    }
    let mut walk = Walk { lookup: &lookup, file, text: &source.text, found: &mut found };
    walk.node(tree, &root());
    // Of two readings of a word the first counts, which knows what it means.
    sort::by_key(&mut found, |highlight| highlight.span.start);
    let mut end = 0;
    found.retain(|highlight| {
        let is_free = highlight.span.start >= end && highlight.span.end > highlight.span.start;
        end = if is_free { highlight.span.end } else { end };
        is_free
    });
    found.into_iter().flat_map(|highlight| lines(highlight, &source.text)).collect()
}

const fn kind_of(symbol: Symbol) -> Option<HighlightKind> {
    Some(match symbol {
        Symbol::Object(object) => match object {
            ObjectId::Table(_) | ObjectId::View(_) => HighlightKind::Relation,
            ObjectId::Column(..) => HighlightKind::Column,
            ObjectId::Enum(_) | ObjectId::Domain(_) | ObjectId::Composite(_) => HighlightKind::Type,
            ObjectId::EnumLabel(..) => HighlightKind::Label,
            ObjectId::Function(_) => HighlightKind::Function,
            ObjectId::Namespace(_) => HighlightKind::Schema,
            ObjectId::Extension(_)
            | ObjectId::Role(_)
            | ObjectId::Sequence(_)
            | ObjectId::Constraint(..)
            | ObjectId::Index(..)
            | ObjectId::ViewIndex(..)
            | ObjectId::Trigger(_)
            | ObjectId::Policy(_)
            | ObjectId::Publication(_)
            | ObjectId::Grant(_) => return None,
        },
        Symbol::ViewColumn(..) => HighlightKind::Column,
        Symbol::Builtin(_) => HighlightKind::Function,
        Symbol::Type(_) => HighlightKind::Type,
        Symbol::Key(_) => return None,
    })
}

/// A highlight for each of its lines, without the white space around.
fn lines(highlight: Highlight, text: &str) -> impl Iterator<Item = Highlight> {
    let Highlight { span, kind } = highlight;
    let mut start = span.start;
    text.get(span.range()).unwrap_or_default().split_inclusive('\n').filter_map(move |line| {
        let from = start + (line.len() - line.trim_start().len()) as u32;
        start += line.len() as u32;
        let to = from + line.trim().len() as u32;
        (to > from).then(|| Highlight { span: Span::new(span.file, from..to), kind })
    })
}

struct Walk<'w, 'a> {
    lookup: &'w Lookup<'a>,
    file: FileId,
    text: &'w str,
    found: &'w mut Vec<Highlight>,
}

impl Walk<'_, '_> {
    fn node(&mut self, node: &Node, expects: &[Expect]) {
        match &node.kind {
            NodeKind::Map(entries) => {
                let is_foreign = entries.iter().any(|entry| {
                    entry.key == "language"
                        && matches!(&entry.value.kind, NodeKind::Scalar(it) if !is_sql(&it.text))
                });
                for entry in entries.iter().filter(|entry| !(is_foreign && entry.key == "body")) {
                    self.node(&entry.value, &behind(expects, &entry.key));
                }
            }
            NodeKind::Seq(items) => {
                let below = item(expects);
                for each in items {
                    self.node(each, &below);
                }
            }
            NodeKind::Scalar(scalar) => {
                let is_sql = |expect: &Expect| matches!(expect.kind, Kind::Sql | Kind::Body);
                // Of an alias, the anchor's node stands here too.
                let is_here = node.span.file == self.file && !scalar.text.is_empty();
                if is_here
                    && scalars(expects).iter().any(is_sql)
                    && let Some(map) = syntax::text_map(self.text, node.span, scalar)
                {
                    self.sql(&sql_text(&scalar.text), &map);
                }
            }
        }
    }

    fn sql(&mut self, text: &str, map: &TextMap) {
        let mut found = Vec::new();
        let mut add = |range: Range<usize>, kind| {
            let span = map.up(range.start as u32..range.end as u32);
            found.push(Highlight { span, kind });
        };
        let sql = Sql::new(text);
        let parts: Vec<(usize, HighlightKind)> = sql.names.iter().flat_map(of_name).collect();
        let mut named = parts.into_iter().peekable();
        let mut end = 0;
        for (token, range) in words(text) {
            if let Some(comment) = comment(text, end..range.start) {
                add(comment, HighlightKind::Comment);
            }
            end = range.end;
            let name = named.next_if(|(start, _)| *start == range.start).map(|(_, kind)| kind);
            match (token, name) {
                (Token::Text, _) => add(range, HighlightKind::Text),
                (Token::Number, _) => add(range, HighlightKind::Number),
                (Token::Word(word), name) => {
                    let seems = name.unwrap_or(HighlightKind::Variable);
                    add(range, if word.quoted { seems } else { self.word(&word.text, seems) });
                }
                (Token::Symbol(_), _) => {}
            }
        }
        if let Some(comment) = comment(text, end..text.len()) {
            add(comment, HighlightKind::Comment);
        }
        self.found.append(&mut found);
    }

    /// What a word is that `seems` to be something by the words around it.
    fn word(&self, word: &str, seems: HighlightKind) -> HighlightKind {
        let is_unreserved = UNRESERVED.binary_search(&word).is_ok();
        match (seems, keyword_class(word)) {
            // Types that are keywords: `declare n int`.
            (HighlightKind::Variable, Some(KeywordClass::ColumnName))
                if !self.lookup.type_meaning(word).is_empty() =>
            {
                HighlightKind::Type
            }
            (HighlightKind::Variable, Some(_)) => HighlightKind::Keyword,
            // `raise exception 'no'`, which looks like `timestamp '…'`.
            (HighlightKind::Variable | HighlightKind::Type, None) if is_unreserved => {
                HighlightKind::Keyword
            }
            _ => seems,
        }
    }
}

/// What the parts of a name are by its form, each with where it begins.
fn of_name(name: &super::sql::SqlName) -> Vec<(usize, HighlightKind)> {
    let (last, before) = match name.kind {
        NameKind::Call => (HighlightKind::Function, HighlightKind::Schema),
        NameKind::Relation => (HighlightKind::Relation, HighlightKind::Schema),
        NameKind::Type => (HighlightKind::Type, HighlightKind::Schema),
        NameKind::Word if name.parts.len() > 1 => (HighlightKind::Column, HighlightKind::Variable),
        NameKind::Word => (HighlightKind::Variable, HighlightKind::Variable),
    };
    let end = name.parts.len().saturating_sub(1);
    let kind = |at| if at == end { last } else { before };
    name.parts.iter().enumerate().map(|(at, part)| (part.range.start, kind(at))).collect()
}

/// The comments between two tokens, of which nothing else is left but white space.
fn comment(text: &str, between: Range<usize>) -> Option<Range<usize>> {
    let gap = text.get(between.clone())?;
    let start = between.start + (gap.len() - gap.trim_start().len());
    let written = gap.trim();
    (!written.is_empty()).then(|| start..start + written.len())
}

fn is_sql(language: &str) -> bool {
    ["sql", "plpgsql"].iter().any(|name| language.eq_ignore_ascii_case(name))
}

/// The words that statements are made of and that may be names too, sorted.
const UNRESERVED: &[&str] = &[
    "alias",
    "begin",
    "by",
    "close",
    "commit",
    "conflict",
    "constant",
    "continue",
    "cursor",
    "declare",
    "delete",
    "diagnostics",
    "elsif",
    "escape",
    "exception",
    "execute",
    "exit",
    "filter",
    "following",
    "foreach",
    "get",
    "if",
    "insert",
    "key",
    "loop",
    "materialized",
    "merge",
    "new",
    "next",
    "nothing",
    "notice",
    "nulls",
    "old",
    "open",
    "over",
    "partition",
    "perform",
    "preceding",
    "query",
    "raise",
    "range",
    "recursive",
    "return",
    "returns",
    "reverse",
    "rollback",
    "rows",
    "set",
    "share",
    "slice",
    "sqlstate",
    "stacked",
    "strict",
    "update",
    "warning",
    "while",
    "within",
    "without",
];
