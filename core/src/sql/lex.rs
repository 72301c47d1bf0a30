//! PostgreSQL's tokens, as `scan.l` cuts them.
//!
//! In: SQL text, however unfinished. Out: tokens as ranges of it, one after the other, without white
//! space and comments. Never fails: what PostgreSQL refuses is a token that says so, and what is not
//! closed ends with the text. Looks at each byte a bounded number of times.

use std::borrow::Cow;
use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier or keyword without quotes.
    Word,
    /// A name in double quotes.
    Quoted,
    /// A string in any of its forms, with those that continue it on the next lines.
    Text,
    /// `B'101'` or `X'1F'`.
    Bits,
    /// A number.
    Number,
    /// A number that runs into a name: `12ab`.
    BadNumber,
    /// `$1`.
    Parameter,
    /// An operator, `*` among them.
    Operator,
    /// `(`, `)`, `[`, `]`, `,`, `;`, `.`, `..`, `:`, `::`, `:=`, `=>`.
    Symbol,
    /// A character that SQL has no use for.
    Stray,
    /// Something that is never closed.
    Unclosed(Unclosed),
    /// Nothing more.
    End,
}

/// What is never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unclosed {
    Comment,
    Text,
    Dollar,
    Quoted,
}

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Its first byte.
    pub(crate) start: u32,
    /// The byte after it.
    pub(crate) end: u32,
}

impl Token {
    pub(crate) const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The longest operator that is looked for; PostgreSQL's names have 63 bytes.
const LONGEST_OPERATOR: usize = 64;

/// Cuts a text.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// How many bytes from here on are such.
    fn run(&self, ahead: usize, is: impl Fn(u8) -> bool) -> usize {
        self.rest().iter().skip(ahead).take_while(|byte| is(**byte)).count()
    }

    /// Goes behind white space and comments; `false` where a comment is never closed.
    fn skip_space(&mut self) -> bool {
        loop {
            match (self.byte(0), self.byte(1)) {
                (b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c, _) => self.at += 1,
                (b'-', b'-') => self.at += self.run(0, |byte| byte != b'\n'),
                (b'/', b'*') => match comment_length(self.rest()) {
                    Some(length) => self.at += length,
                    None => return false,
                },
                _ => return true,
            }
        }
    }

    fn kind(&mut self) -> Kind {
        let first = self.byte(0);
        match first {
            b'\'' => self.text(0, false),
            b'"' => self.quoted(0),
            b'$' => self.dollar(),
            b'0'..=b'9' => self.number(),
            b'.' if self.byte(1).is_ascii_digit() => self.number(),
            b'.' if self.byte(1) == b'.' => self.take(2, Kind::Symbol),
            b':' if matches!(self.byte(1), b':' | b'=') => self.take(2, Kind::Symbol),
            b'(' | b')' | b'[' | b']' | b',' | b';' | b'.' | b':' => self.take(1, Kind::Symbol),
            _ if is_operator(first) => self.operator(),
            _ if is_word_start(first) => self.word(),
            _ => self.take(1, Kind::Stray),
        }
    }

    fn take(&mut self, length: usize, kind: Kind) -> Kind {
        self.at += length;
        kind
    }

    fn word(&mut self) -> Kind {
        match (self.byte(0).to_ascii_lowercase(), self.byte(1), self.byte(2)) {
            (b'e', b'\'', _) => self.text(1, true),
            (b'n', b'\'', _) => self.text(1, false),
            (b'b' | b'x', b'\'', _) => self.bits(),
            (b'u', b'&', b'\'') => {
                let kind = self.text(2, false);
                self.unicode_escape();
                kind
            }
            (b'u', b'&', b'"') => {
                let kind = self.quoted(2);
                self.unicode_escape();
                kind
            }
            _ => self.take(self.run(0, is_word), Kind::Word),
        }
    }

    /// `UESCAPE '!'` behind a string or a name.
    fn unicode_escape(&mut self) {
        let before = self.at;
        let spaced = self.skip_space();
        let word = self.text.get(self.at..self.at + 7).unwrap_or_default();
        if spaced && word.eq_ignore_ascii_case("uescape") {
            self.at += word.len();
            if self.skip_space() && self.byte(0) == b'\'' {
                self.text(0, false);
                return;
            }
        }
        self.at = before;
    }

    /// A string whose quote is `prefix` bytes ahead, and those that continue it.
    fn text(&mut self, prefix: usize, escapes: bool) -> Kind {
        self.at += prefix;
        loop {
            self.at += 1;
            loop {
                let plain = |byte| byte != b'\'' && !(escapes && byte == b'\\');
                self.at += self.run(0, plain);
                match (self.byte(0), self.byte(1)) {
                    (b'\\', _) | (b'\'', b'\'') => self.at += 2,
                    (b'\'', _) => break,
                    _ => {
                        self.at = self.text.len();
                        return Kind::Unclosed(Unclosed::Text);
                    }
                }
            }
            self.at += 1;
            if !self.continues() {
                return Kind::Text;
            }
        }
    }

    /// Digits of bits, in which a quote is not written twice.
    fn bits(&mut self) -> Kind {
        self.at += 1;
        loop {
            self.at += 1;
            self.at += self.run(0, |byte| byte != b'\'');
            if self.byte(0) != b'\'' {
                return Kind::Unclosed(Unclosed::Text);
            }
            self.at += 1;
            if !self.continues() {
                return Kind::Bits;
            }
        }
    }

    /// Goes to the quote of a string that continues the one before: it stands on another line.
    fn continues(&mut self) -> bool {
        let before = self.at;
        let mut lines = false;
        loop {
            match (self.byte(0), self.byte(1)) {
                (b' ' | b'\t' | 0x0b | 0x0c, _) => self.at += 1,
                (b'\n' | b'\r', _) => {
                    lines = true;
                    self.at += 1;
                }
                (b'-', b'-') => self.at += self.run(0, |byte| byte != b'\n'),
                (b'\'', _) if lines => return true,
                _ => break,
            }
        }
        self.at = before;
        false
    }

    fn quoted(&mut self, prefix: usize) -> Kind {
        self.at += prefix + 1;
        loop {
            self.at += self.run(0, |byte| byte != b'"');
            match (self.byte(0), self.byte(1)) {
                (b'"', b'"') => self.at += 2,
                (b'"', _) => return self.take(1, Kind::Quoted),
                _ => return Kind::Unclosed(Unclosed::Quoted),
            }
        }
    }

    fn dollar(&mut self) -> Kind {
        let digits = self.run(1, |byte| byte.is_ascii_digit());
        if digits > 0 {
            self.at += 1 + digits;
            let junk = self.run(0, is_word);
            return self.take(junk, if junk > 0 { Kind::BadNumber } else { Kind::Parameter });
        }
        let tag = self.run(1, |byte| is_word(byte) && byte != b'$');
        let delimiter = self.text.get(self.at..self.at + tag + 2).unwrap_or_default();
        if !delimiter.ends_with('$') || delimiter.len() < 2 {
            return self.take(1, Kind::Stray);
        }
        self.at += delimiter.len();
        match self.text.get(self.at..).and_then(|body| body.find(delimiter)) {
            Some(length) => self.take(length + delimiter.len(), Kind::Text),
            None => {
                self.at = self.text.len();
                Kind::Unclosed(Unclosed::Dollar)
            }
        }
    }

    fn number(&mut self) -> Kind {
        let digit = |byte: u8| byte.is_ascii_digit();
        let radix = match (self.byte(0), self.byte(1).to_ascii_lowercase()) {
            (b'0', b'x') => 16,
            (b'0', b'o') => 8,
            (b'0', b'b') => 2,
            _ => 10,
        };
        if radix != 10 {
            let length = self.digits(2, true, |byte| char::from(byte).is_digit(radix));
            self.at += 2 + length;
            let junk = self.run(0, is_word);
            let bad = length == 0 || junk > 0;
            return self.take(junk, if bad { Kind::BadNumber } else { Kind::Number });
        }
        self.at += self.digits(0, false, digit);
        if self.byte(0) == b'.' && self.byte(1) != b'.' {
            self.at += 1 + self.digits(1, false, digit);
        }
        if self.byte(0).eq_ignore_ascii_case(&b'e') {
            let sign = usize::from(matches!(self.byte(1), b'+' | b'-'));
            let exponent = self.digits(1 + sign, false, digit);
            if exponent > 0 {
                self.at += 1 + sign + exponent;
            }
        }
        let junk = self.run(0, is_word);
        self.take(junk, if junk > 0 { Kind::BadNumber } else { Kind::Number })
    }

    /// Bytes of digits, each of which may have `_` before it, the first only where it `leads`.
    fn digits(&self, ahead: usize, leads: bool, is: impl Fn(u8) -> bool) -> usize {
        let mut length = 0;
        loop {
            let gap = usize::from((leads || length > 0) && self.byte(ahead + length) == b'_');
            if !is(self.byte(ahead + length + gap)) {
                return length;
            }
            length += gap + 1;
        }
    }

    fn operator(&mut self) -> Kind {
        let bytes = self.rest();
        let bytes = bytes.get(..LONGEST_OPERATOR).unwrap_or(bytes);
        let mut length = bytes.iter().take_while(|byte| is_operator(**byte)).count();
        let comment = bytes.windows(2).position(|pair| matches!(pair, b"--" | b"/*"));
        length = length.min(comment.unwrap_or(length));
        let operator = bytes.get(..length).unwrap_or_default();
        if operator == b"=>" {
            return self.take(2, Kind::Symbol);
        }
        // Standard SQL writes `a=-1`; only operators with these characters may end in a sign.
        if !operator.iter().any(|byte| b"~!@#^&|`?%".contains(byte)) {
            let signs =
                operator.iter().rev().take_while(|byte| matches!(byte, b'+' | b'-')).count();
            length -= signs.min(length - 1);
        }
        self.take(length, Kind::Operator)
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let closed = self.skip_space();
        let start = self.at;
        let kind = if !closed {
            self.at = self.text.len();
            Kind::Unclosed(Unclosed::Comment)
        } else if start < self.text.len() {
            self.kind()
        } else {
            return None;
        };
        self.at = self.at.min(self.text.len());
        Some(Token { kind, start: start as u32, end: self.at as u32 })
    }
}

const fn is_operator(byte: u8) -> bool {
    matches!(
        byte,
        b'~' | b'!'
            | b'@'
            | b'#'
            | b'^'
            | b'&'
            | b'|'
            | b'`'
            | b'?'
            | b'+'
            | b'-'
            | b'*'
            | b'/'
            | b'%'
            | b'<'
            | b'>'
            | b'='
    )
}

const fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}

const fn is_word(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

/// Bytes of a comment, which may hold comments.
fn comment_length(text: &[u8]) -> Option<usize> {
    let mut depth = 0_u32;
    let mut at = 0;
    loop {
        match text.get(at..at + 2)? {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return Some(at);
        }
    }
}

/// The name that a [`Kind::Word`] or [`Kind::Quoted`] stands for, in lower case unless quoted.
pub(crate) fn name(token: &str) -> Cow<'_, str> {
    if let Some(quoted) = token.strip_prefix('"') {
        let inside = quoted.strip_suffix('"').unwrap_or(quoted);
        return if inside.contains('"') {
            Cow::Owned(inside.replace("\"\"", "\""))
        } else {
            Cow::Borrowed(inside)
        };
    }
    let (unescaped, escape) = escape_of(token);
    match unescaped.split_once('"') {
        Some((_, rest)) => {
            let inside = rest.strip_suffix('"').unwrap_or(rest);
            Cow::Owned(unicode(&inside.replace("\"\"", "\""), escape))
        }
        None if token.bytes().any(|byte| byte.is_ascii_uppercase()) => {
            Cow::Owned(token.to_ascii_lowercase())
        }
        None => Cow::Borrowed(token),
    }
}

/// The value of a [`Kind::Text`].
pub(crate) fn text_value(token: &str) -> String {
    if let Some(tagged) = token.strip_prefix('$') {
        let tag = tagged.find('$').map_or(0, |end| end + 2);
        return token.get(tag..token.len() - tag).unwrap_or_default().to_owned();
    }
    match token.as_bytes().first() {
        Some(b'e' | b'E') => escaped(token),
        Some(b'u' | b'U') => {
            let (text, escape) = escape_of(token);
            unicode(&pieces(text), escape)
        }
        _ => pieces(token),
    }
}

/// A token without its `UESCAPE '!'`, and the character that this names.
fn escape_of(token: &str) -> (&str, char) {
    let mut tail = token.char_indices().rev();
    if let (Some((_, '\'')), Some((_, escape)), Some((open, '\''))) =
        (tail.next(), tail.next(), tail.next())
    {
        let before = token.get(..open).unwrap_or_default().trim_end();
        let word = before.len().saturating_sub("uescape".len());
        if before.get(word..).is_some_and(|word| word.eq_ignore_ascii_case("uescape")) {
            return (before.get(..word).unwrap_or_default().trim_end(), escape);
        }
    }
    (token, '\\')
}

/// The value of strings without escapes that continue each other.
fn pieces(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut inside = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\'' {
            if inside && characters.next_if_eq(&'\'').is_some() {
                value.push('\'');
            } else {
                inside = !inside;
            }
        } else if inside {
            value.push(character);
        } else if character == '-' {
            while characters.next_if(|next| *next != '\n').is_some() {}
        }
    }
    value
}

/// The value of `E'…'`.
fn escaped(text: &str) -> String {
    let mut value = Vec::with_capacity(text.len());
    let mut bytes = text.bytes().peekable();
    let mut inside = false;
    let number = |bytes: &mut std::iter::Peekable<std::str::Bytes<'_>>, radix: u32, most: u32| {
        let mut number = 0_u32;
        for _ in 0..most {
            let digit = |byte: &u8| char::from(*byte).to_digit(radix);
            let Some(digit) = bytes.peek().and_then(digit) else { break };
            number = number * radix + digit;
            bytes.next();
        }
        number
    };
    while let Some(byte) = bytes.next() {
        match byte {
            b'\'' if inside && bytes.next_if_eq(&b'\'').is_some() => value.push(b'\''),
            b'\'' => inside = !inside,
            b'-' if !inside => while bytes.next_if(|next| *next != b'\n').is_some() {},
            b'\\' if inside => match bytes.next() {
                Some(b'b') => value.push(8),
                Some(b'f') => value.push(12),
                Some(b'n') => value.push(b'\n'),
                Some(b'r') => value.push(b'\r'),
                Some(b't') => value.push(b'\t'),
                Some(b'v') => value.push(11),
                Some(first @ b'0'..=b'7') => {
                    let mut code = u32::from(first - b'0');
                    while let Some(next) = bytes.next_if(|next| matches!(next, b'0'..=b'7')) {
                        code = code * 8 + u32::from(next - b'0');
                        if code > 0o37 {
                            break;
                        }
                    }
                    value.push(code as u8);
                }
                Some(b'x') if bytes.peek().is_some_and(u8::is_ascii_hexdigit) => {
                    value.push(number(&mut bytes, 16, 2) as u8);
                }
                Some(kind @ (b'u' | b'U')) => {
                    let code = number(&mut bytes, 16, if kind == b'u' { 4 } else { 8 });
                    let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                    value.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(other) => value.push(other),
                None => {}
            },
            _ if inside => value.push(byte),
            _ => {}
        }
    }
    String::from_utf8_lossy(&value).into_owned()
}

/// `text` with `\0061` and `\+000061` read, where `escape` stands for the backslash.
fn unicode(text: &str, escape: char) -> String {
    let mut value = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(escape) {
        value.push_str(before);
        let (digits, length) = match behind.strip_prefix('+') {
            Some(long) => (long.get(..6), 7),
            None => (behind.get(..4), 4),
        };
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code.and_then(char::from_u32) {
            Some(character) => {
                value.push(character);
                rest = behind.get(length..).unwrap_or_default();
            }
            None => {
                value.push(escape);
                rest = behind.strip_prefix(escape).unwrap_or(behind);
            }
        }
    }
    value.push_str(rest);
    value
}

#[cfg(test)]
mod tests {
    use super::{Kind, Lexer, Unclosed, name, text_value};

    fn cut(text: &str) -> Vec<(Kind, &str)> {
        Lexer::new(text).map(|token| (token.kind, &text[token.range()])).collect()
    }

    fn pieces(text: &str) -> Vec<&str> {
        cut(text).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn operators_end_where_postgresql_ends_them() {
        assert_eq!(pieces("a=-1"), ["a", "=", "-", "1"]);
        assert_eq!(pieces("a@-1"), ["a", "@-", "1"]);
        assert_eq!(pieces("a+--b\n+c"), ["a", "+", "+", "c"]);
        assert_eq!(pieces("a*/* b /* c */ */d"), ["a", "*", "d"]);
        assert_eq!(pieces("+++"), ["+", "+", "+"]);
        assert_eq!(pieces("a->>'b'!~~*c"), ["a", "->>", "'b'", "!~~*", "c"]);
        assert_eq!(
            pieces("a::b[1:2] x=>y z:=1"),
            ["a", "::", "b", "[", "1", ":", "2", "]", "x", "=>", "y", "z", ":=", "1"]
        );
    }

    #[test]
    fn numbers() {
        for text in ["1", "1.", ".5", "1.5e-3", "1e10", "0x1F", "0b_1", "0o17", "1_000", "1_0.0_1"]
        {
            assert_eq!(cut(text), [(Kind::Number, text)]);
        }
        for text in ["1a", "0x", "1e", "1__0", "1_", "$1a"] {
            assert_eq!(cut(text), [(Kind::BadNumber, text)]);
        }
        assert_eq!(pieces("1..2"), ["1", "..", "2"]);
        assert_eq!(cut("$12"), [(Kind::Parameter, "$12")]);
    }

    #[test]
    fn strings_and_their_values() {
        for (text, value) in [
            ("'it''s'", "it's"),
            ("'a'\n -- so\n 'b'", "ab"),
            ("E'a\\nb\\'\\x41\\u0042\\103'", "a\nb'ABC"),
            ("e'\\\\'", "\\"),
            ("U&'d\\0061t\\+000061'", "data"),
            ("U&'d!0061t' uescape '!'", "dat"),
            ("$$a'b$$", "a'b"),
            ("$x$a$$b$x$", "a$$b"),
            ("n'x'", "x"),
        ] {
            assert_eq!(cut(text), [(Kind::Text, text)], "{text}");
            assert_eq!(text_value(text), value, "{text}");
        }
        assert_eq!(pieces("'a' 'b'"), ["'a'", "'b'"]);
        assert_eq!(cut("x'1F'"), [(Kind::Bits, "x'1F'")]);
        assert_eq!(cut("'a"), [(Kind::Unclosed(Unclosed::Text), "'a")]);
        assert_eq!(cut("$x$a$y$"), [(Kind::Unclosed(Unclosed::Dollar), "$x$a$y$")]);
        assert_eq!(cut("/* a"), [(Kind::Unclosed(Unclosed::Comment), "/* a")]);
    }

    #[test]
    fn names() {
        assert_eq!(name("UserID"), "userid");
        assert_eq!(name("\"a\"\"B\""), "a\"B");
        assert_eq!(name("U&\"d\\0061t\""), "dat");
        assert_eq!(cut("größe$1"), [(Kind::Word, "größe$1")]);
        assert_eq!(cut("\"a"), [(Kind::Unclosed(Unclosed::Quoted), "\"a")]);
    }
}
