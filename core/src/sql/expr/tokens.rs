//! SQL text as tokens whose places are bytes of the text.
//!
//! In: text. Out: tokens for the parser, the pairs of brackets among them, or what is surely wrong
//! already here. Every token's span is `line: 1, column: byte`, so that the parser's tree and messages
//! speak in bytes of the text, wherever the text stands.

use std::ops::Range;

use sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan, Tokenizer};

use super::parse::{DIALECT, Fault};

/// How many tokens may follow each other without a comma, brackets around them included. The parser's
/// tree of `a + b + c …` is as deep as it is long, and dropping it must not exhaust the stack.
const MAX_RUN: usize = 2_000;

/// Tokens of one text.
pub(super) struct Tokens {
    /// White space and comments included.
    pub(super) all: Vec<TokenWithSpan>,
    pub(super) brackets: Brackets,
}

/// Pairs of brackets, in the order in which they open.
#[derive(Default)]
pub(super) struct Brackets(Vec<Range<u32>>);

impl Brackets {
    /// The innermost pair around `offset`.
    pub(super) fn around(&self, offset: u32) -> Option<Range<u32>> {
        let opened = self.0.partition_point(|pair| pair.start < offset);
        self.0.get(..opened)?.iter().rev().find(|pair| pair.end > offset).cloned()
    }

    /// The first pair that opens at `offset` or later.
    pub(super) fn after(&self, offset: u32) -> Option<Range<u32>> {
        self.0.get(self.0.partition_point(|pair| pair.start < offset)).cloned()
    }
}

/// The bytes of `span`; none where the parser knows no place.
pub(super) fn bytes(span: Span) -> Option<Range<u32>> {
    (span.start.line > 0).then_some(span.start.column as u32..span.end.column as u32)
}

impl Tokens {
    pub(super) fn new(text: &str) -> Result<Self, Fault> {
        let mut places = Places { text, line: 1, column: 1, byte: 0 };
        let mut all = Vec::new();
        let outcome = Tokenizer::new(&DIALECT, text).tokenize_with_location_into_buf_with_mapper(
            &mut all,
            |mut token| {
                let start = places.byte_of(token.span.start);
                let end = places.byte_of(token.span.end);
                token.span = Span::new(Location::new(1, start), Location::new(1, end));
                token
            },
        );
        if let Err(error) = outcome {
            let offset =
                Places { text, line: 1, column: 1, byte: 0 }.byte_of(error.location) as u32;
            return Err(unfinished(&error.message, offset));
        }
        let brackets = pair_brackets(&all)?;
        Ok(Self { all, brackets })
    }

    /// One spelling for texts that differ in white space, comments and case of words only.
    pub(super) fn normalized(&self) -> String {
        let mut text = String::new();
        for (token, _) in self.solid() {
            if !text.is_empty() {
                text.push(' ');
            }
            match token {
                Token::Word(word) if word.quote_style.is_none() => {
                    text.push_str(&word.value.to_lowercase());
                }
                _ => text.push_str(&token.to_string()),
            }
        }
        text
    }

    /// Without white space and comments.
    pub(super) fn solid(&self) -> impl DoubleEndedIterator<Item = (&Token, Range<u32>)> {
        self.all
            .iter()
            .filter(|token| !matches!(token.token, Token::Whitespace(_)))
            .map(|token| (&token.token, bytes(token.span).unwrap_or(0..0)))
    }
}

/// The tokenizer's complaint: text in quotes or a comment that never ends is wrong for PostgreSQL too.
fn unfinished(message: &str, offset: u32) -> Fault {
    let (what, help) = if message.contains("comment") {
        ("the comment is never closed", "add `*/`")
    } else if message.contains("delimiter '\"'") {
        ("the quoted name is never closed", "add `\"`")
    } else if message.contains("dollar") {
        ("the dollar-quoted string is never closed", "repeat its tag at its end")
    } else if message.contains("Unterminated") {
        ("the string is never closed", "add `'`; a quote inside a string is written twice")
    } else {
        return Fault::unknown(message.to_owned(), offset);
    };
    Fault::wrong(what, offset).help(help)
}

fn pair_brackets(tokens: &[TokenWithSpan]) -> Result<Brackets, Fault> {
    let mut pairs: Vec<Range<u32>> = Vec::new();
    // Each open bracket: the one that closes it, its place in `pairs`, the run before it.
    let mut open: Vec<(char, usize, usize)> = Vec::new();
    let mut run = 0;
    for token in tokens {
        let range = bytes(token.span).unwrap_or(0..0);
        let close = match &token.token {
            Token::Whitespace(_) => continue,
            Token::Comma | Token::SemiColon => {
                run = open.last().map_or(0, |(_, _, before)| *before);
                continue;
            }
            Token::LParen => {
                open.push((')', pairs.len(), run + 1));
                pairs.push(range.start..u32::MAX);
                run += 1;
                continue;
            }
            Token::LBracket => {
                open.push((']', pairs.len(), run + 1));
                pairs.push(range.start..u32::MAX);
                run += 1;
                continue;
            }
            Token::RParen => ')',
            Token::RBracket => ']',
            _ => {
                run += 1;
                if run > MAX_RUN {
                    return Err(Fault::unknown(
                        "it is too long to be read".to_owned(),
                        range.start,
                    ));
                }
                continue;
            }
        };
        match open.pop() {
            Some((wanted, place, before)) if wanted == close => {
                if let Some(pair) = pairs.get_mut(place) {
                    pair.end = range.end;
                }
                run = before + 1;
            }
            Some((wanted, ..)) => {
                return Err(Fault::wrong(
                    format!("`{close}` stands where `{wanted}` must close"),
                    range.start,
                ));
            }
            None => {
                return Err(Fault::wrong(format!("`{close}` closes nothing"), range.start)
                    .help("remove it, or open the bracket before"));
            }
        }
    }
    match open.last() {
        Some((wanted, place, _)) => {
            let offset = pairs.get(*place).map_or(0, |pair| pair.start);
            Err(Fault::wrong("the bracket is never closed", offset).help(format!("add `{wanted}`")))
        }
        None => Ok(Brackets(pairs)),
    }
}

/// Turns the tokenizer's lines and columns, which count characters, into bytes. Goes forward cheaply.
struct Places<'a> {
    text: &'a str,
    line: u64,
    column: u64,
    byte: usize,
}

impl Places<'_> {
    fn byte_of(&mut self, location: Location) -> u64 {
        if (location.line, location.column) < (self.line, self.column) {
            (self.line, self.column, self.byte) = (1, 1, 0);
        }
        let rest = self.text.get(self.byte..).unwrap_or("");
        for character in rest.chars() {
            if (self.line, self.column) >= (location.line, location.column) {
                break;
            }
            self.byte += character.len_utf8();
            if character == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.byte as u64
    }
}
