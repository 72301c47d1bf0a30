//! SQL text as words and symbols, however unfinished it is.
//!
//! In: an expression, a query or a body in any language whose tokens are SQL's. Out: its words with
//! their places. Never fails: what is not closed ends with the text. Comments are left out.

use std::ops::Range;

use super::lex::{Kind, Lexer, Unclosed, name};

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// An identifier or keyword, folded unless it was quoted.
    Word(Word),
    /// A string: in quotes, or between dollar signs.
    Text,
    /// A number.
    Number,
    /// Any other character.
    Symbol(char),
}

/// An identifier or keyword.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// In lower case unless quoted; without its quotes.
    pub(crate) text: String,
    /// Whether it stands in double quotes.
    pub(crate) quoted: bool,
}

impl Word {
    /// Whether it is this keyword, which is in lower case.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        !self.quoted && self.text == keyword
    }
}

/// The tokens of `text` and their bytes.
pub(crate) fn words(text: &str) -> Vec<(Token, Range<usize>)> {
    let mut tokens = Vec::new();
    for found in Lexer::new(text) {
        let range = found.range();
        let written = text.get(range.clone()).unwrap_or_default();
        let word = |quoted| Token::Word(Word { text: name(written).into_owned(), quoted });
        let token = match found.kind {
            Kind::Word => word(false),
            Kind::Quoted | Kind::Unclosed(Unclosed::Quoted) => word(true),
            Kind::Text | Kind::Bits | Kind::Unclosed(Unclosed::Text | Unclosed::Dollar) => {
                Token::Text
            }
            Kind::Number | Kind::BadNumber | Kind::Parameter => Token::Number,
            Kind::Operator | Kind::Symbol | Kind::Stray => {
                let characters = written.char_indices();
                tokens.extend(characters.map(|(at, character)| {
                    let start = range.start + at;
                    (Token::Symbol(character), start..start + character.len_utf8())
                }));
                continue;
            }
            Kind::Unclosed(Unclosed::Comment) | Kind::End => continue,
        };
        tokens.push((token, range));
    }
    tokens
}
