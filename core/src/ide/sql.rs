//! SQL as people type it: its names, what they seem to be, and the relations that they can mean.
//!
//! In: the text of an expression, a query or a body, however unfinished. Out: [`Sql`]: names with
//! their bytes, and for each level of brackets what stands in `FROM`. Works on words alone, so that it
//! goes on where a parser must give up, and in `plpgsql` too. Knows no schema.

use std::ops::Range;

use crate::sql::keywords::{KeywordClass, keyword_class};
use crate::sql::words::{Token, Word, words};

/// The names of a piece of SQL.
#[derive(Debug, Default)]
pub(crate) struct Sql {
    /// In the order of the text.
    pub(crate) names: Vec<SqlName>,
    /// What may be named at each level; the first is the outermost.
    levels: Vec<Level>,
    /// Strings and their bytes.
    pub(crate) strings: Vec<Range<usize>>,
}

/// A name, dotted or not.
#[derive(Debug, Clone)]
pub(crate) struct SqlName {
    /// The parts between the dots.
    pub(crate) parts: Vec<Part>,
    /// What it seems to be.
    pub(crate) kind: NameKind,
    /// The level that it stands at.
    pub(crate) level: usize,
}

/// A part of a name.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// In lower case unless quoted.
    pub(crate) text: String,
    /// Its bytes, quotes included.
    pub(crate) range: Range<usize>,
}

/// What a name seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    /// Before an opening bracket.
    Call,
    /// Where a table or a view stands.
    Relation,
    /// Behind `::`, or in a `cast`.
    Type,
    /// Anything else: a column, a variable.
    Word,
}

/// What a level of brackets has in `FROM`.
#[derive(Debug, Default)]
struct Level {
    parent: Option<usize>,
    sources: Vec<FromSource>,
}

/// An item of `FROM`.
#[derive(Debug, Clone)]
pub(crate) struct FromSource {
    /// What it is called here.
    pub(crate) alias: String,
    /// The relation's parts; none for a subquery, a function or a `WITH` query.
    pub(crate) relation: Option<Vec<String>>,
}

impl SqlName {
    /// All of it.
    pub(crate) fn range(&self) -> Range<usize> {
        let start = self.parts.first().map_or(0, |part| part.range.start);
        start..self.parts.last().map_or(start, |part| part.range.end)
    }
}

impl Sql {
    /// Reads `text`.
    pub(crate) fn new(text: &str) -> Self {
        let tokens = words(text);
        let mut reader = Reader {
            tokens: &tokens,
            at: 0,
            sql: Self { levels: vec![Level::default()], ..Self::default() },
            open: vec![Open { level: 0, cast: false, state: State::default() }],
            ctes: Vec::new(),
        };
        reader.read();
        let Reader { mut sql, ctes, .. } = reader;
        for source in sql.levels.iter_mut().flat_map(|level| &mut level.sources) {
            if source
                .relation
                .as_deref()
                .is_some_and(|parts| matches!(parts, [name] if ctes.contains(name)))
            {
                source.relation = None;
            }
        }
        sql.names.retain(|name| {
            let is_cte = matches!(name.parts.as_slice(), [only] if ctes.contains(&only.text));
            !(name.kind == NameKind::Relation && is_cte)
        });
        sql
    }

    /// The items of `FROM` that can be seen at `level`, level by level, the innermost first.
    pub(crate) fn visible(&self, level: usize) -> impl Iterator<Item = &[FromSource]> {
        let first = self.levels.get(level);
        let up = |level: &&Level| level.parent.and_then(|parent| self.levels.get(parent));
        std::iter::successors(first, up).map(|level| level.sources.as_slice())
    }
}

#[derive(Default, Clone, Copy)]
struct State {
    /// A relation may come next.
    expects: bool,
    /// A comma is followed by another relation.
    in_from: bool,
    /// `FROM` here is a word of `extract`, `substring`, `trim` or `overlay`.
    own_from: bool,
    /// The last relation may still get an alias.
    aliases: bool,
    /// The last statement began with `insert` or `merge`, whose `into` names a relation.
    writes: bool,
}

struct Open {
    level: usize,
    /// The brackets of a `cast`.
    cast: bool,
    state: State,
}

struct Reader<'t> {
    tokens: &'t [(Token, Range<usize>)],
    at: usize,
    sql: Sql,
    open: Vec<Open>,
    ctes: Vec<String>,
}

impl<'t> Reader<'t> {
    fn peek(&self, ahead: usize) -> Option<&'t Token> {
        self.tokens.get(self.at + ahead).map(|(token, _)| token)
    }

    fn is_symbol(&self, ahead: usize, symbol: char) -> bool {
        matches!(self.peek(ahead), Some(Token::Symbol(found)) if *found == symbol)
    }

    fn before(&self, back: usize) -> Option<&'t Token> {
        self.at.checked_sub(back).and_then(|at| self.tokens.get(at)).map(|(token, _)| token)
    }

    fn state(&mut self) -> State {
        self.open.last().map(|open| open.state).unwrap_or_default()
    }

    fn set(&mut self, state: State) {
        if let Some(open) = self.open.last_mut() {
            open.state = state;
        }
    }

    fn level(&self) -> usize {
        self.open.last().map_or(0, |open| open.level)
    }

    fn read(&mut self) {
        while let Some((token, range)) = self.tokens.get(self.at) {
            match token {
                Token::Word(word) => self.word(word),
                Token::Symbol(symbol) => {
                    self.symbol(*symbol);
                    self.at += 1;
                }
                Token::Text => {
                    self.sql.strings.push(range.clone());
                    self.at += 1;
                }
                Token::Number => self.at += 1,
            }
        }
    }

    /// A new level in place of the present one: `union`, the next statement.
    fn renew(&mut self) {
        let parent = self.sql.levels.get(self.level()).and_then(|level| level.parent);
        let level = self.sql.levels.len();
        self.sql.levels.push(Level { parent, sources: Vec::new() });
        if let Some(open) = self.open.last_mut() {
            *open = Open { level, cast: false, state: State::default() };
        }
    }

    fn symbol(&mut self, symbol: char) {
        let mut state = self.state();
        match symbol {
            '(' => {
                let own_from = matches!(self.before(1), Some(Token::Word(word)) if ["extract", "substring", "trim", "overlay"].iter().any(|name| word.is(name)));
                let parent = self.level();
                let level = self.sql.levels.len();
                self.sql.levels.push(Level { parent: Some(parent), sources: Vec::new() });
                let inner = State { own_from, ..State::default() };
                // `from (a join b)` lists relations; `from (select …)` says so itself.
                let lists = state.expects
                    && !matches!(self.peek(1), Some(Token::Word(word)) if ["select", "with", "values"].iter().any(|name| word.is(name)));
                let inner = State { expects: lists, in_from: lists, ..inner };
                let level = if lists { parent } else { level };
                let cast = matches!(self.before(1), Some(Token::Word(word)) if word.is("cast"));
                self.open.push(Open { level, cast, state: inner });
            }
            ')' if self.open.len() > 1 => {
                self.open.pop();
                let mut state = self.state();
                // A subquery or a function in `FROM`: what its alias stands for is not known.
                if state.expects || state.aliases {
                    state.expects = false;
                    state.aliases = true;
                    self.push_source(FromSource { alias: String::new(), relation: None });
                }
                self.set(state);
            }
            ',' => {
                state.expects = state.in_from;
                state.aliases = false;
                self.set(state);
            }
            ';' => self.renew(),
            _ => {
                state.aliases = false;
                self.set(state);
            }
        }
    }

    fn push_source(&mut self, source: FromSource) {
        let level = self.level();
        if let Some(level) = self.sql.levels.get_mut(level) {
            level.sources.push(source);
        }
    }

    fn word(&mut self, word: &'t Word) {
        if !word.quoted && !self.is_symbol(1, '.') && self.keyword(&word.text) {
            self.at += 1;
            return;
        }
        let mut state = self.state();
        if state.aliases
            && !self.is_symbol(1, '.')
            && !matches!(self.before(1), Some(Token::Symbol('.')))
        {
            state.aliases = false;
            self.set(state);
            let level = self.level();
            if let Some(source) =
                self.sql.levels.get_mut(level).and_then(|level| level.sources.last_mut())
            {
                source.alias.clone_from(&word.text);
            }
            self.at += 1;
            return;
        }
        let after_as = matches!(self.before(1), Some(Token::Word(word)) if word.is("as"));
        let in_cast = self.open.last().is_some_and(|open| open.cast);
        if after_as && !in_cast {
            // The name of an output column.
            self.at += 1;
            return;
        }
        let is_type = (after_as && in_cast) || self.names_type();
        let parts = self.path();
        if self.is_symbol(0, '=') && self.is_symbol(1, '>') {
            // The name of an argument.
            return;
        }
        let is_type = is_type || matches!(self.peek(0), Some(Token::Text));
        let called = self.is_symbol(0, '(');
        let kind = match (state.expects, called) {
            _ if is_type => NameKind::Type,
            (true, called) if !called || state.writes => NameKind::Relation,
            (_, true) => NameKind::Call,
            (true | false, false) => NameKind::Word,
        };
        if kind == NameKind::Relation {
            let texts: Vec<String> = parts.iter().map(|part| part.text.clone()).collect();
            let alias = texts.last().cloned().unwrap_or_default();
            self.push_source(FromSource { alias, relation: Some(texts) });
        }
        state.aliases = kind == NameKind::Relation;
        if kind == NameKind::Relation {
            state.expects = false;
            if state.writes && called {
                state.aliases = false;
            }
        }
        self.set(state);
        let level = self.level();
        self.sql.names.push(SqlName { parts, kind, level });
    }

    /// Whether a type must come: behind `::`.
    fn names_type(&self) -> bool {
        matches!(
            (self.before(1), self.before(2)),
            (Some(Token::Symbol(':')), Some(Token::Symbol(':')))
        )
    }

    fn path(&mut self) -> Vec<Part> {
        let mut parts = Vec::new();
        while let Some((Token::Word(word), range)) = self.tokens.get(self.at) {
            parts.push(Part { text: word.text.clone(), range: range.clone() });
            self.at += 1;
            if !(self.is_symbol(0, '.') && matches!(self.peek(1), Some(Token::Word(_)))) {
                break;
            }
            self.at += 1;
        }
        // `table.*`, and a name that is being typed: `table.`
        if self.is_symbol(0, '.') {
            self.at += 1;
        }
        parts
    }

    /// Whether the word is a keyword here; moves the state along.
    fn keyword(&mut self, keyword: &str) -> bool {
        let mut state = self.state();
        let distinct = matches!(self.before(1), Some(Token::Word(word)) if word.is("distinct"));
        let called = self.is_symbol(1, '(');
        match keyword {
            "from" if state.own_from || distinct => {}
            "using" if called => state.aliases = false,
            "from" | "using" => {
                state = State { expects: true, in_from: true, aliases: false, ..state };
            }
            "join" | "update" => state = State { expects: true, aliases: false, ..state },
            "insert" | "merge" => {
                state = State { writes: true, expects: false, aliases: false, ..state }
            }
            "into" => state = State { expects: state.writes, aliases: false, ..state },
            "only" | "lateral" if state.expects => {}
            "as" => {
                if matches!(self.peek(1), Some(Token::Symbol('(')))
                    && let Some(Token::Word(name)) = self.before(1)
                {
                    self.ctes.push(name.text.clone());
                    state.aliases = false;
                }
            }
            "union" | "intersect" | "except" => {
                self.renew();
                return true;
            }
            "select" | "where" | "group" | "having" | "order" | "limit" | "offset" | "fetch"
            | "window" | "returning" | "set" | "values" | "on" | "left" | "right" | "inner"
            | "full" | "cross" | "natural" | "with" => {
                let ends_list = keyword != "on"
                    && !matches!(
                        keyword,
                        "left" | "right" | "inner" | "full" | "cross" | "natural"
                    );
                state.expects = false;
                state.aliases = false;
                state.in_from &= !ends_list;
                if matches!(keyword, "select" | "values") {
                    state.writes = false;
                }
                if called && matches!(keyword, "left" | "right") {
                    self.set(state);
                    return false;
                }
            }
            _ => {
                // `coalesce(`, `timestamp '…'`: names to people, though keywords to the grammar.
                let reserved = keyword_class(keyword) == Some(KeywordClass::Reserved);
                if reserved && !state.expects {
                    state.aliases = false;
                    self.set(state);
                    return true;
                }
                return false;
            }
        }
        self.set(state);
        true
    }
}
