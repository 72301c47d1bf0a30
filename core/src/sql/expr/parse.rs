//! From text to meaning: the only file that knows sqlparser's parser.
//!
//! In: expressions, queries and bodies as text. Out: what they mean, each text read once; or why not,
//! with a distinction that matters to users: what PostgreSQL surely refuses is [`Reading::Wrong`], what
//! only this parser does not know is [`Reading::Unknown`].

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use sqlparser::ast;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan, Whitespace};

use super::read::Reader;
use super::tokens::{Tokens, bytes};
use super::{Expr, Query, Statements};
use crate::sql::keywords::keyword_class;

pub(super) const DIALECT: PostgreSqlDialect = PostgreSqlDialect {};

/// How deep brackets and subqueries may nest.
const MAX_DEPTH: usize = 50;

/// What became of a text.
#[derive(Debug)]
pub enum Reading<T> {
    /// It was read.
    Parsed(Arc<T>),
    /// This parser does not know it; PostgreSQL may.
    Unknown {
        /// The parser's words.
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
#[derive(Debug, Default)]
pub struct ExprCache {
    exprs: FxHashMap<SmolStr, ParsedExpr>,
    domain_checks: FxHashMap<SmolStr, ParsedExpr>,
    queries: FxHashMap<SmolStr, Reading<Query>>,
    bodies: FxHashMap<SmolStr, Reading<Statements>>,
}

impl ExprCache {
    /// Reads an expression.
    pub fn expr(&mut self, text: &SmolStr) -> ParsedExpr {
        remember(&mut self.exprs, text, |text| expr(text, false))
    }

    /// Reads a domain's check, in which `VALUE` is the value and no column.
    pub fn domain_check(&mut self, text: &SmolStr) -> ParsedExpr {
        remember(&mut self.domain_checks, text, |text| expr(text, true))
    }

    /// Reads a query; one semicolon may end it.
    pub fn query(&mut self, text: &SmolStr) -> Reading<Query> {
        remember(&mut self.queries, text, query)
    }

    /// Reads a body in `language sql`.
    pub fn statements(&mut self, text: &SmolStr) -> Reading<Statements> {
        remember(&mut self.bodies, text, statements)
    }
}

fn remember<T>(
    known: &mut FxHashMap<SmolStr, Reading<T>>,
    text: &SmolStr,
    read: impl FnOnce(&str) -> Result<T, Fault>,
) -> Reading<T> {
    known.entry(text.clone()).or_insert_with(|| Reading::new(read(text))).clone()
}

/// Why a text was not read.
#[derive(Debug)]
pub(super) struct Fault {
    message: String,
    offset: u32,
    help: Option<String>,
    wrong: bool,
}

impl Fault {
    pub(super) fn unknown(message: impl Into<String>, offset: u32) -> Self {
        Self { message: message.into(), offset, help: None, wrong: false }
    }

    pub(super) fn wrong(message: impl Into<String>, offset: u32) -> Self {
        Self { message: message.into(), offset, help: None, wrong: true }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

fn expr(text: &str, domain: bool) -> Result<Expr, Fault> {
    let mut tokens = Tokens::new(text)?;
    other_spellings(&mut tokens);
    not_empty(&tokens, "the expression is empty")?;
    foreign_tokens(&tokens)?;
    for (token, range) in tokens.solid() {
        match token {
            Token::SemiColon => {
                let fault = Fault::wrong("a semicolon cannot stand in an expression", range.start);
                return Err(fault.help("remove it"));
            }
            Token::Placeholder(name) => {
                let message = format!("`{name}` stands for nothing: there are no parameters here");
                return Err(Fault::wrong(message, range.start));
            }
            _ => {}
        }
    }
    let mut parser = parser(&tokens);
    let tree = parser.parse_expr().map_err(|error| fault(&error, text, &tokens))?;
    let next = parser.peek_token();
    if next.token != Token::EOF {
        let offset = bytes(next.span).map_or(0, |range| range.start);
        return Err(trailing(&next.token, offset, &tokens));
    }
    Reader::new(text, &tokens, domain).expression(&tree)
}

fn query(text: &str) -> Result<Query, Fault> {
    let mut tokens = Tokens::new(text)?;
    other_spellings(&mut tokens);
    not_empty(&tokens, "the query is empty")?;
    foreign_tokens(&tokens)?;
    let mut parser = parser(&tokens);
    let tree = parser.parse_query().map_err(|error| fault(&error, text, &tokens))?;
    let _ = parser.consume_token(&Token::SemiColon);
    let next = parser.peek_token();
    if next.token != Token::EOF {
        let offset = bytes(next.span).map_or(0, |range| range.start);
        return Err(trailing(&next.token, offset, &tokens));
    }
    Reader::new(text, &tokens, false).query(&tree)
}

fn statements(text: &str) -> Result<Statements, Fault> {
    let mut tokens = Tokens::new(text)?;
    foreign_tokens(&tokens)?;
    standard_body(&mut tokens);
    other_spellings(&mut tokens);
    let (list, count) =
        queries(&mut parser(&tokens)).map_err(|error| fault(&error, text, &tokens))?;
    Reader::new(text, &tokens, false).statements(&list, count)
}

/// The queries among the statements of a body, and how many statements there are. What is no query
/// names nothing that schemagen orders or checks, and is passed over. (The parser's own reading of all
/// statements there are would be a quarter of the WebAssembly.)
fn queries(parser: &mut Parser<'_>) -> Result<(Vec<ast::Query>, usize), ParserError> {
    let (mut list, mut count) = (Vec::new(), 0);
    loop {
        while parser.consume_token(&Token::SemiColon) {}
        let first = parser.peek_token();
        match &first.token {
            Token::EOF => return Ok((list, count)),
            Token::LParen => list.push(*parser.parse_query()?),
            Token::Word(word) if QUERIES.contains(&word.keyword) => {
                list.push(*parser.parse_query()?);
            }
            Token::Word(word) if COMMANDS.contains(&word.keyword) => {
                while !matches!(parser.peek_token().token, Token::SemiColon | Token::EOF) {
                    parser.advance_token();
                }
            }
            _ => return parser.expected("an SQL statement", first),
        }
        count += 1;
        let next = parser.peek_token();
        if !matches!(next.token, Token::SemiColon | Token::EOF) {
            return parser.expected("end of statement", next);
        }
    }
}

/// How queries begin, those that change rows among them.
const QUERIES: &[Keyword] = &[
    Keyword::DELETE,
    Keyword::INSERT,
    Keyword::MERGE,
    Keyword::SELECT,
    Keyword::TABLE,
    Keyword::UPDATE,
    Keyword::VALUES,
    Keyword::WITH,
];

/// How the other statements begin that a body may hold.
const COMMANDS: &[Keyword] = &[
    Keyword::ALTER,
    Keyword::ANALYZE,
    Keyword::CALL,
    Keyword::COMMENT,
    Keyword::COPY,
    Keyword::CREATE,
    Keyword::DO,
    Keyword::DROP,
    Keyword::EXPLAIN,
    Keyword::GRANT,
    Keyword::LISTEN,
    Keyword::LOCK,
    Keyword::NOTIFY,
    Keyword::REFRESH,
    Keyword::REINDEX,
    Keyword::RESET,
    Keyword::REVOKE,
    Keyword::SET,
    Keyword::SHOW,
    Keyword::TRUNCATE,
    Keyword::UNLISTEN,
];

/// The two forms of the SQL standard, as the statements that they hold: `BEGIN ATOMIC … END` and
/// `RETURN expression`.
fn standard_body(tokens: &mut Tokens) {
    let keyword = |token: &Token| match token {
        Token::Word(word) if word.quote_style.is_none() => word.keyword,
        _ => Keyword::NoKeyword,
    };
    let is_solid = |token: &Token| !matches!(token, Token::Whitespace(_));
    let mut words = tokens.all.iter_mut().filter(|token| is_solid(&token.token));
    let Some(first) = words.next() else { return };
    match keyword(&first.token) {
        Keyword::RETURN => first.token = Token::make_keyword("SELECT"),
        Keyword::BEGIN => {
            let (Some(second), Some(last)) = (words.next(), words.next_back()) else { return };
            if keyword(&second.token) == Keyword::ATOMIC && keyword(&last.token) == Keyword::END {
                for token in [first, second, last] {
                    token.token = Token::Whitespace(Whitespace::Space);
                }
            }
        }
        _ => {}
    }
}

/// PostgreSQL's spellings that the parser does not know, as those that it knows: `x ISNULL`,
/// `x NOTNULL`, `trim(BOTH FROM x)`.
fn other_spellings(tokens: &mut Tokens) {
    let plain = |token: &TokenWithSpan| match &token.token {
        Token::Word(word) if word.quote_style.is_none() => Some(word.value.to_ascii_lowercase()),
        _ => None,
    };
    let known = |token: &TokenWithSpan| {
        plain(token).is_some_and(|word| {
            matches!(word.as_str(), "isnull" | "notnull" | "both" | "leading" | "trailing")
        })
    };
    if !tokens.all.iter().any(known) {
        return;
    }
    let mut all: Vec<TokenWithSpan> = Vec::with_capacity(tokens.all.len() + 4);
    let mut before: Option<Token> = None;
    let mut list = std::mem::take(&mut tokens.all).into_iter().peekable();
    while let Some(token) = list.next() {
        if matches!(token.token, Token::Whitespace(_)) {
            all.push(token);
            continue;
        }
        let span = token.span;
        let at = |token: Token| TokenWithSpan { token, span };
        let word = plain(&token);
        let after_operand = before
            .as_ref()
            .is_some_and(|before| matches!(role(before), Role::Operand | Role::Close));
        before = Some(token.token.clone());
        match word.as_deref() {
            Some("isnull") if after_operand => {
                all.extend(["IS", "NULL"].map(|word| at(Token::make_keyword(word))));
            }
            Some("notnull") if after_operand => {
                all.extend(["IS", "NOT", "NULL"].map(|word| at(Token::make_keyword(word))));
            }
            Some("both" | "leading" | "trailing") => {
                all.push(token);
                while let Some(space) =
                    list.next_if(|next| matches!(next.token, Token::Whitespace(_)))
                {
                    all.push(space);
                }
                if list.peek().and_then(plain).as_deref() == Some("from") {
                    all.push(at(Token::SingleQuotedString(" ".to_owned())));
                }
            }
            _ => all.push(token),
        }
    }
    tokens.all = all;
}

fn parser(tokens: &Tokens) -> Parser<'static> {
    Parser::new(&DIALECT)
        .with_recursion_limit(MAX_DEPTH)
        .with_tokens_with_locations(tokens.all.clone())
}

fn not_empty(tokens: &Tokens, message: &str) -> Result<(), Fault> {
    match tokens.solid().next() {
        Some(_) => Ok(()),
        None => Err(Fault::wrong(message, 0)),
    }
}

/// Tokens that the parser takes for an operator of PostgreSQL and that are none.
fn foreign_tokens(tokens: &Tokens) -> Result<(), Fault> {
    match tokens.solid().find(|(token, _)| **token == Token::DoubleEq) {
        Some((_, range)) => {
            Err(Fault::wrong("`==` is no operator in SQL", range.start).help("write `=`"))
        }
        None => Ok(()),
    }
}

/// The parser's error, unless the text is surely wrong.
fn fault(error: &ParserError, text: &str, tokens: &Tokens) -> Fault {
    let end = text.trim_end().len() as u32;
    let (message, offset) = match error {
        ParserError::RecursionLimitExceeded => return Fault::unknown("it nests too deeply", 0),
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => {
            split_place(message)
        }
    };
    surely_wrong(tokens, end).unwrap_or_else(|| {
        Fault::unknown(message.to_owned(), offset.map_or(end, |offset| offset.min(end)))
    })
}

/// A parser's message without the place that it carries at its end, and that place.
fn split_place(message: &str) -> (&str, Option<u32>) {
    let Some((words, place)) = message.rsplit_once(" at Line: ") else { return (message, None) };
    match place.split_once("Column: ").map(|(_, column)| column.trim().parse()) {
        Some(Ok(offset)) => (words, Some(offset)),
        _ => (message, None),
    }
}

/// What stands between operands, or before the first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Needs an operand on both sides.
    Infix,
    /// Needs an operand after it.
    Prefix,
    Comma,
    Open,
    Close,
    Operand,
}

fn role(token: &Token) -> Role {
    match token {
        Token::LParen | Token::LBracket => Role::Open,
        Token::RParen | Token::RBracket => Role::Close,
        Token::Comma => Role::Comma,
        Token::Eq
        | Token::Neq
        | Token::Lt
        | Token::Gt
        | Token::LtEq
        | Token::GtEq
        | Token::Div
        | Token::Mod
        | Token::StringConcat
        | Token::ShiftLeft
        | Token::ShiftRight
        | Token::DoubleColon
        | Token::Period => Role::Infix,
        Token::Plus | Token::Minus => Role::Prefix,
        Token::Word(word) if word.quote_style.is_none() => match word.keyword {
            Keyword::AND
            | Keyword::OR
            | Keyword::IS
            | Keyword::LIKE
            | Keyword::ILIKE
            | Keyword::BETWEEN => Role::Infix,
            Keyword::NOT => Role::Prefix,
            _ => Role::Operand,
        },
        _ => Role::Operand,
    }
}

/// Two neighbours that nothing in PostgreSQL's grammar lets stand side by side.
fn surely_wrong(tokens: &Tokens, end: u32) -> Option<Fault> {
    let mut before = (Role::Open, "", 0);
    let mut ended = 0;
    for (token, range) in tokens.solid() {
        if matches!(token, Token::Word(word) if word.keyword == Keyword::OPERATOR) {
            return None; // `OPERATOR(pg_catalog.=)`
        }
        // After a dot every word is a name.
        let now = if before.1 == "." { Role::Operand } else { role(token) };
        let word = || token.to_string();
        match (before.0, now) {
            (Role::Open, Role::Infix) if *token != Token::Period => {
                return Some(Fault::wrong(
                    format!("nothing stands before `{}`", word()),
                    range.start,
                ));
            }
            (Role::Open | Role::Comma, Role::Comma) => {
                return Some(Fault::wrong("nothing stands before the comma", range.start));
            }
            (Role::Comma, Role::Close) => {
                return Some(
                    Fault::wrong("nothing stands after the comma", before.2)
                        .help("remove the comma"),
                );
            }
            // Without a space between them, the two may be one operator that the tokenizer does not know.
            (Role::Infix | Role::Prefix, Role::Infix)
                if ended < range.start && before.1 != "BETWEEN" && !may_be_prefix(token) =>
            {
                return Some(Fault::wrong(
                    format!("`{}` cannot follow `{}`", word(), before.1),
                    range.start,
                ));
            }
            (Role::Infix | Role::Prefix, Role::Close | Role::Comma) => {
                return Some(Fault::wrong(
                    format!("nothing stands after `{}`", before.1),
                    before.2,
                ));
            }
            _ => {}
        }
        before = (now, name(token), range.start);
        ended = range.end;
    }
    let missing = matches!(before.0, Role::Infix | Role::Prefix | Role::Comma);
    missing.then(|| Fault::wrong(format!("nothing stands after `{}`", before.1), end))
}

/// Whether an infix operator or key word may also begin an operand: any operator but the comparisons and
/// the arithmetic ones can be a prefix, and most key words can name a column or a function.
fn may_be_prefix(token: &Token) -> bool {
    match token {
        Token::Eq
        | Token::Neq
        | Token::Lt
        | Token::Gt
        | Token::LtEq
        | Token::GtEq
        | Token::Div
        | Token::Mod
        | Token::DoubleColon => false,
        Token::Word(word) => !matches!(word.keyword, Keyword::AND | Keyword::OR),
        _ => true,
    }
}

/// The text of a token that [`role`] calls an operator.
fn name(token: &Token) -> &'static str {
    match token {
        Token::Comma => ",",
        Token::Eq => "=",
        Token::Neq => "<>",
        Token::Lt => "<",
        Token::Gt => ">",
        Token::LtEq => "<=",
        Token::GtEq => ">=",
        Token::Div => "/",
        Token::Mod => "%",
        Token::StringConcat => "||",
        Token::ShiftLeft => "<<",
        Token::ShiftRight => ">>",
        Token::DoubleColon => "::",
        Token::Period => ".",
        Token::Plus => "+",
        Token::Minus => "-",
        Token::Word(word) => match word.keyword {
            Keyword::AND => "AND",
            Keyword::OR => "OR",
            Keyword::IS => "IS",
            Keyword::LIKE => "LIKE",
            Keyword::ILIKE => "ILIKE",
            Keyword::BETWEEN => "BETWEEN",
            Keyword::NOT => "NOT",
            _ => "",
        },
        _ => "",
    }
}

/// Something follows what the parser took for the whole: wrong if it is an operand, for PostgreSQL
/// wants an operator there; else perhaps an operator that the parser does not know.
fn trailing(token: &Token, offset: u32, tokens: &Tokens) -> Fault {
    let operand = match token {
        Token::Number(..) => true,
        Token::Word(word) => {
            let lower = word.value.to_ascii_lowercase();
            word.quote_style.is_some()
                || (word.keyword == Keyword::NoKeyword && keyword_class(&lower).is_none())
        }
        _ => false,
    };
    let end = tokens.solid().next_back().map_or(0, |(_, range)| range.end);
    // `0b11` and its kin, which the tokenizer takes for a number and a name.
    let glued = tokens
        .solid()
        .any(|(before, range)| matches!(before, Token::Number(..)) && range.end == offset);
    let operand = operand && !glued;
    let earlier = surely_wrong(tokens, end).filter(|fault| fault.offset < offset);
    if let Some(fault) = earlier {
        return fault;
    }
    if *token == Token::Comma {
        Fault::wrong("one expression stands here, not a list", offset)
    } else if operand {
        Fault::wrong(format!("`{token}` cannot follow here"), offset)
            .help("an operator is missing before it, or it should not be there")
    } else {
        surely_wrong(tokens, end)
            .unwrap_or_else(|| Fault::unknown(format!("`{token}` was not expected here"), offset))
    }
}
