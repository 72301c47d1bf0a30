//! Names that SQL mentions, found by its tokens alone.
//!
//! In: an expression, a query or a body in any language whose tokens are SQL's. Out: the names in it,
//! with what they seem to be. It sees no scopes and says rather too much than too little; whoever asks
//! looks the names up among those that exist. Strings, comments and dollar quotes are passed over.

use crate::schema::Name;
use crate::sql::words::{Token, Word, words};

/// A name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    /// The PostgreSQL schema, where it is said.
    pub(crate) schema: Option<Name>,
    /// The name in it.
    pub(crate) name: Name,
    /// What it seems to be.
    pub(crate) kind: MentionKind,
}

/// What a mentioned name seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MentionKind {
    /// Before a parenthesis: a function.
    Call,
    /// Where a table or view stands.
    Relation,
    /// Anywhere else: a column, a variable, a type.
    Word,
}

/// Which part of a text counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Whole,
    /// All of it, and it is the name of a type.
    Type,
    /// Of a `PL/pgSQL` body, what is looked up when the function is created: the declarations.
    Declarations,
}

/// The names that `text` mentions, in order.
pub(crate) fn mentions(text: &str, extent: Extent) -> Vec<Mention> {
    let tokens: Vec<Token> = words(text).into_iter().map(|(token, _)| token).collect();
    let mut scan = Scan { tokens: &tokens, place: 0, levels: vec![Level::default()] };
    let mut found = Vec::new();
    let mut declaring = false;
    while let Some(token) = scan.peek(0) {
        match token {
            Token::Symbol(symbol) => scan.symbol(*symbol),
            Token::Text | Token::Number => scan.place += 1,
            Token::Word(_) => {
                let path = scan.path();
                match path.keyword() {
                    Some("declare") => declaring = true,
                    Some("begin") => declaring = false,
                    _ => {}
                }
                if extent != Extent::Declarations || declaring {
                    found.extend(scan.classify(&path));
                }
            }
        }
    }
    let ctes = common_table_names(&tokens);
    found.retain(|mention| mention.schema.is_some() || !ctes.contains(&mention.name));
    found
}

/// What is open at one depth of parentheses.
#[derive(Debug, Clone, Copy, Default)]
struct Level {
    /// A relation may come next.
    expects: bool,
    /// A comma is followed by another relation.
    in_from: bool,
    /// `FROM` here is a word of `extract`, `substring`, `trim` or `overlay`.
    own_from: bool,
}

struct Path<'t> {
    words: Vec<&'t Word>,
    /// Whether the word before it was `into`, after which a parenthesis opens a column list.
    after_into: bool,
}

impl<'t> Path<'t> {
    fn keyword(&self) -> Option<&'t str> {
        match self.words.as_slice() {
            [word] if !word.quoted => Some(&word.text),
            _ => None,
        }
    }

    fn mention(words: &[&Word], kind: MentionKind) -> Option<Mention> {
        let (last, before) = words.split_last()?;
        Some(Mention {
            schema: before.last().map(|word| Name::new(word.text.as_str())),
            name: Name::new(last.text.as_str()),
            kind,
        })
    }
}

struct Scan<'t> {
    tokens: &'t [Token],
    place: usize,
    levels: Vec<Level>,
}

impl<'t> Scan<'t> {
    fn peek(&self, ahead: usize) -> Option<&'t Token> {
        self.tokens.get(self.place + ahead)
    }

    fn is_symbol(&self, ahead: usize, symbol: char) -> bool {
        self.peek(ahead) == Some(&Token::Symbol(symbol))
    }

    /// The word before the present token, if it was one.
    fn previous(&self) -> Option<&'t Word> {
        match self.place.checked_sub(1).and_then(|place| self.tokens.get(place)) {
            Some(Token::Word(word)) => Some(word),
            Some(Token::Symbol(_) | Token::Text | Token::Number) | None => None,
        }
    }

    fn level(&mut self) -> Option<&mut Level> {
        self.levels.last_mut()
    }

    fn symbol(&mut self, symbol: char) {
        match symbol {
            '(' => {
                let own_from = self.previous().is_some_and(|word| {
                    ["extract", "substring", "trim", "overlay"].iter().any(|name| word.is(name))
                });
                let expects = self.level().is_some_and(|level| level.expects);
                self.levels.push(Level { expects, in_from: expects, own_from });
            }
            ')' => {
                if self.levels.len() > 1 {
                    self.levels.pop();
                }
                if let Some(level) = self.level() {
                    level.expects = false;
                }
            }
            ',' => {
                if let Some(level) = self.level() {
                    level.expects = level.in_from;
                }
            }
            ';' => {
                if let Some(level) = self.level() {
                    *level = Level::default();
                }
            }
            _ => {}
        }
        self.place += 1;
    }

    /// The dotted name that starts here.
    fn path(&mut self) -> Path<'t> {
        let after_into = self.previous().is_some_and(|word| word.is("into"));
        let mut words = Vec::new();
        while let Some(Token::Word(word)) = self.peek(0) {
            words.push(word);
            self.place += 1;
            if !(self.is_symbol(0, '.') && matches!(self.peek(1), Some(Token::Word(_)))) {
                break;
            }
            self.place += 1;
        }
        Path { words, after_into }
    }

    /// What the path is. Keywords move the state along.
    fn classify(&mut self, path: &Path<'t>) -> Option<Mention> {
        if path.keyword().is_some_and(|keyword| self.keyword(keyword)) {
            return None;
        }
        let followed_by_list = self.is_symbol(0, '(');
        if self.is_symbol(0, '%') {
            let column = matches!(self.peek(1), Some(Token::Word(word)) if word.is("type"));
            let relation = if column { path.words.split_last()?.1 } else { &path.words };
            return Path::mention(relation, MentionKind::Relation);
        }
        let expected = self.level().is_some_and(|level| std::mem::take(&mut level.expects));
        let kind = match (expected, followed_by_list) {
            (true, true) if path.after_into => MentionKind::Relation,
            (_, true) => MentionKind::Call,
            (true, false) => MentionKind::Relation,
            (false, false) => MentionKind::Word,
        };
        Path::mention(&path.words, kind)
    }

    /// Whether the word is a keyword that says where relations stand.
    fn keyword(&mut self, keyword: &str) -> bool {
        let before = self.place.checked_sub(2).and_then(|place| self.tokens.get(place));
        let distinct = matches!(before, Some(Token::Word(word)) if word.is("distinct"));
        let columns = keyword == "using" && self.is_symbol(0, '(');
        let Some(level) = self.level() else { return false };
        match keyword {
            "from" | "using" if level.own_from || distinct || columns => {}
            "from" | "using" => (level.expects, level.in_from) = (true, true),
            "join" | "into" | "update" | "table" => level.expects = true,
            "only" | "lateral" if level.expects => {}
            "select" | "where" | "group" | "having" | "order" | "limit" | "offset" | "fetch"
            | "union" | "intersect" | "except" | "window" | "returning" | "set" | "values"
            | "on" => {
                level.expects = false;
                // The condition of a join does not end the list.
                level.in_from &= keyword == "on";
            }
            _ => return false,
        }
        true
    }
}

/// Names that `WITH` defines: `name AS (` and `name (columns) AS (`.
fn common_table_names(tokens: &[Token]) -> Vec<Name> {
    let word = |place: usize, keyword: &str| matches!(tokens.get(place), Some(Token::Word(word)) if word.is(keyword));
    if !tokens.iter().any(|token| matches!(token, Token::Word(word) if word.is("with"))) {
        return Vec::new();
    }
    let mut names = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let Token::Word(name) = token else { continue };
        let Some(before) = place.checked_sub(1) else { continue };
        let introduced = word(before, "with")
            || word(before, "recursive")
            || tokens.get(before) == Some(&Token::Symbol(','));
        if !introduced {
            continue;
        }
        let mut after = place + 1;
        if tokens.get(after) == Some(&Token::Symbol('(')) {
            let close = tokens.iter().skip(after).position(|token| *token == Token::Symbol(')'));
            after += close.map_or(0, |offset| offset + 1);
        }
        if !word(after, "as") {
            continue;
        }
        after += 1;
        after += usize::from(word(after, "not"));
        after += usize::from(word(after, "materialized"));
        if tokens.get(after) == Some(&Token::Symbol('(')) {
            names.push(Name::new(name.text.as_str()));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{Extent, MentionKind, mentions};

    fn of(text: &str, kind: MentionKind, extent: Extent) -> Vec<String> {
        mentions(text, extent)
            .into_iter()
            .filter(|mention| mention.kind == kind)
            .map(|mention| match mention.schema {
                Some(schema) => format!("{schema}.{}", mention.name),
                None => mention.name.to_string(),
            })
            .collect()
    }

    fn relations(text: &str) -> Vec<String> {
        of(text, MentionKind::Relation, Extent::Whole)
    }

    #[test]
    fn relations_stand_after_from_join_into_update() {
        assert_eq!(
            relations("select a, b from x, s.y as z join \"W w\" on (a, b) = (1, 2), v"),
            ["x", "s.y", "W w", "v"]
        );
        assert_eq!(relations("insert into log (a, b) values (1, 2)"), ["log"]);
        assert_eq!(relations("select 1 from (select 2 from t, u) q where a in (b, c)"), ["t", "u"]);
        assert_eq!(relations("update only a set b = c from d where e = f"), ["a", "d"]);
        assert_eq!(relations("select 1 from a join b using (c), d"), ["a", "b", "d"]);
        assert_eq!(relations("delete from a using b, c returning d, e"), ["a", "b", "c"]);
    }

    #[test]
    fn not_every_from_has_relations() {
        assert!(relations("extract(epoch from created), a is distinct from b").is_empty());
        assert!(relations("select 'from x', $$ from y $$, E'\\' from z' -- from w").is_empty());
        assert!(relations("select * from generate_series(1, 2)").is_empty());
    }

    #[test]
    fn names_of_with_are_no_relations() {
        assert_eq!(
            relations(
                "with a as (select * from t), b (x) as materialized (select 1) select * from a, b"
            ),
            ["t"]
        );
    }

    #[test]
    fn calls_and_declarations() {
        assert_eq!(
            of("lower(f.g(x)) = 'h(1)'", MentionKind::Call, Extent::Whole),
            ["lower", "f.g"]
        );
        let body = "declare r users%rowtype; i app.orders.id%type; begin select 1 from other; end";
        assert_eq!(of(body, MentionKind::Relation, Extent::Declarations), ["users", "app.orders"]);
    }
}
