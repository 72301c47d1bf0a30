//! SQL text as words and symbols, however unfinished it is.
//!
//! In: an expression, a query or a body in any language whose tokens are SQL's. Out: its words with
//! their places. Never fails: what is not closed ends with the text. Comments are left out.

use std::ops::Range;

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
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (token, length) = next(rest);
        let length = length.max(1);
        if let Some(token) = token {
            tokens.push((token, at..at + length));
        }
        at += length;
    }
    tokens
}

/// The token at the beginning of `rest`, none for white space and comments, and its bytes.
fn next(rest: &str) -> (Option<Token>, usize) {
    let Some(first) = rest.chars().next() else { return (None, 0) };
    if first.is_whitespace() {
        (None, first.len_utf8())
    } else if rest.starts_with("--") {
        (None, rest.find('\n').unwrap_or(rest.len()))
    } else if rest.starts_with("/*") {
        (None, comment_length(rest))
    } else if first == '\'' {
        (Some(Token::Text), quoted_length(rest, '\'', false))
    } else if first == '"' {
        let length = quoted_length(rest, '"', false);
        let inside = rest.get(1..length).unwrap_or_default();
        let inside = inside.strip_suffix('"').unwrap_or(inside).replace("\"\"", "\"");
        (Some(Token::Word(Word { text: inside, quoted: true })), length)
    } else if let Some(length) = dollar_length(rest) {
        (Some(Token::Text), length)
    } else if is_word_start(first) {
        let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if after.starts_with('\'') && ["e", "b", "x", "n"].contains(&&*word.to_ascii_lowercase()) {
            let escapes = word.eq_ignore_ascii_case("e");
            (Some(Token::Text), length + quoted_length(after, '\'', escapes))
        } else {
            let text = word.to_ascii_lowercase();
            (Some(Token::Word(Word { text, quoted: false })), length)
        }
    } else if first.is_ascii_digit() {
        let length = rest.find(|c: char| !(is_word(c) || c == '.')).unwrap_or(rest.len());
        (Some(Token::Number), length)
    } else {
        (Some(Token::Symbol(first)), first.len_utf8())
    }
}

fn is_word_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

fn is_word(c: char) -> bool {
    is_word_start(c) || c.is_ascii_digit() || c == '$'
}

/// Bytes of a comment, which may hold comments.
fn comment_length(text: &str) -> usize {
    let mut depth = 0_u32;
    let mut place = 0;
    while let Some(rest) = text.get(place..) {
        let Some(next) = rest.find(['/', '*']) else { break };
        match rest.get(next..next + 2) {
            Some("/*") => depth += 1,
            Some("*/") => depth = depth.saturating_sub(1),
            _ => {
                place += next + 1;
                continue;
            }
        }
        place += next + 2;
        if depth == 0 {
            return place;
        }
    }
    text.len()
}

/// Bytes of a text between `quote`s, which are doubled inside, or escaped where `escapes`.
fn quoted_length(text: &str, quote: char, escapes: bool) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((place, c)) = chars.next() {
        if c == '\\' && escapes {
            chars.next();
        } else if c == quote {
            if chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
            } else {
                return place + 1;
            }
        }
    }
    text.len()
}

/// Bytes of a dollar-quoted text, if one starts here.
fn dollar_length(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('$')?;
    let end = inside.find('$')?;
    let tag = inside.get(..end)?;
    if tag.starts_with(|c: char| c.is_ascii_digit()) || !tag.chars().all(is_word) {
        return None;
    }
    let delimiter = text.get(..end + 2)?;
    let body = text.get(end + 2..)?;
    let close = body.find(delimiter)?;
    Some(end + 2 + close + delimiter.len())
}
