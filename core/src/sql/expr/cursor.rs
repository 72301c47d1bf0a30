//! A text's tokens, and where the reader stands among them.
//!
//! In: text. Out: tokens by their words and signs, names, and what is surely wrong with the text as
//! tokens: strings and brackets that are never closed. Words are compared in lower case; places are
//! bytes of the text. The small functions are called in so many places that none is inlined.

use std::borrow::Cow;
use std::ops::Range;

use smol_str::SmolStr;

use super::fault::{Fault, Read};
use crate::sql::keywords::{KeywordClass, keyword_class};
use crate::sql::lex::{Kind, Lexer, Token, Unclosed, name, text_value};

/// The tokens of one text.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    /// The text with words as keywords are written; byte for byte as long.
    lower: Cow<'a, str>,
    tokens: Vec<Token>,
    at: usize,
}

/// A dotted name of a table or a function.
pub(super) struct Path {
    /// The part before the last dot.
    pub(super) schema: Option<SmolStr>,
    pub(super) name: SmolStr,
    pub(super) range: Range<u32>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Read<Self> {
        let mut tokens = Vec::with_capacity(text.len() / 4 + 1);
        let mut open: Vec<Token> = Vec::new();
        for token in Lexer::new(text) {
            let written = text.get(token.range()).unwrap_or_default();
            refused(token, written)?;
            match written {
                "(" | "[" => open.push(token),
                ")" | "]" => closed(open.pop(), written, text, token.start)?,
                _ => {}
            }
            tokens.push(token);
        }
        if let Some(bracket) = open.pop() {
            let close = closing(text, bracket);
            let fault = Fault::wrong("the bracket is never closed", bracket.start);
            return Err(fault.help(format!("add `{close}`")));
        }
        let lower = if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
        Ok(Self { text, lower, tokens, at: 0 })
    }

    /// The token so many behind the present one.
    pub(super) fn peek(&self, ahead: usize) -> Token {
        self.tokens.get(self.at + ahead).copied().unwrap_or_else(|| {
            let end = self.end();
            Token { kind: Kind::End, start: end, end }
        })
    }

    /// One spelling for texts that differ in white space, comments and case of words only.
    pub(super) fn normalized(&self) -> String {
        let mut text = String::with_capacity(self.text.len());
        for token in &self.tokens {
            if !text.is_empty() {
                text.push(' ');
            }
            let source = if token.kind == Kind::Word { &self.lower } else { self.text };
            text.push_str(source.get(token.range()).unwrap_or_default());
        }
        text
    }

    fn before(&self) -> Option<Token> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).copied()
    }

    /// Where the text ends, white space left out.
    fn end(&self) -> u32 {
        self.text.trim_end().len() as u32
    }

    /// The first byte of the present token.
    #[inline(never)]
    pub(super) fn start(&self) -> u32 {
        self.peek(0).start
    }

    /// From `start` to the end of the token before.
    #[inline(never)]
    pub(super) fn since(&self, start: u32) -> Range<u32> {
        start..self.before().map_or(start, |token| token.end)
    }

    /// Bytes of the text as written.
    pub(super) fn written(&self, range: Range<u32>) -> &'a str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    pub(super) fn is_end(&self) -> bool {
        self.peek(0).kind == Kind::End
    }

    #[inline(never)]
    pub(super) fn kind(&self, ahead: usize) -> Kind {
        self.peek(ahead).kind
    }

    /// The word without quotes, in lower case; empty where there is none.
    #[inline(never)]
    pub(super) fn word(&self, ahead: usize) -> &str {
        self.of_kind(ahead, |kind| kind == Kind::Word)
    }

    /// The operator or other sign; empty where there is none.
    #[inline(never)]
    pub(super) fn sign(&self, ahead: usize) -> &str {
        self.of_kind(ahead, |kind| matches!(kind, Kind::Operator | Kind::Symbol))
    }

    fn of_kind(&self, ahead: usize, is: impl Fn(Kind) -> bool) -> &str {
        let token = self.peek(ahead);
        if is(token.kind) { self.lower.get(token.range()).unwrap_or_default() } else { "" }
    }

    #[inline(never)]
    pub(super) fn is(&self, word: &str) -> bool {
        self.word(0) == word
    }

    #[inline(never)]
    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        words.contains(&self.word(0))
    }

    #[inline(never)]
    pub(super) fn at_sign(&self, sign: &str) -> bool {
        self.sign(0) == sign
    }

    /// Whether these words come next.
    #[inline(never)]
    pub(super) fn are(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(ahead, word)| self.word(ahead) == *word)
    }

    #[inline(never)]
    pub(super) fn eat(&mut self, word: &str) -> bool {
        let found = self.is(word);
        self.at += usize::from(found);
        found
    }

    #[inline(never)]
    pub(super) fn eat_any(&mut self, words: &[&str]) -> bool {
        let found = self.is_any(words);
        self.at += usize::from(found);
        found
    }

    #[inline(never)]
    pub(super) fn eat_all(&mut self, words: &[&str]) -> bool {
        let found = self.are(words);
        self.at += if found { words.len() } else { 0 };
        found
    }

    #[inline(never)]
    pub(super) fn eat_sign(&mut self, sign: &str) -> bool {
        let found = self.at_sign(sign);
        self.at += usize::from(found);
        found
    }

    /// Takes the word, or says what is missing.
    #[inline(never)]
    pub(super) fn word_or(&mut self, word: &str, missing: &str) -> Read<()> {
        if self.eat(word) { Ok(()) } else { Err(self.missing(missing)) }
    }

    #[inline(never)]
    pub(super) fn sign_or(&mut self, sign: &str, missing: &str) -> Read<()> {
        if self.eat_sign(sign) { Ok(()) } else { Err(self.missing(missing)) }
    }

    /// Takes the bracket that closes what is complete.
    #[inline(never)]
    pub(super) fn close(&mut self) -> Read<()> {
        if self.eat_sign(")") { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(super) fn eat_text(&mut self) -> Option<SmolStr> {
        let token = self.peek(0);
        if token.kind != Kind::Text {
            return None;
        }
        self.advance();
        self.text.get(token.range()).map(|written| SmolStr::from(text_value(written)))
    }

    pub(super) fn number_or(&mut self, missing: &str) -> Read<()> {
        if self.kind(0) != Kind::Number {
            return Err(self.missing(missing));
        }
        self.advance();
        Ok(())
    }

    /// How the present word is reserved; none for other tokens too.
    pub(super) fn class(&self) -> Option<KeywordClass> {
        keyword_class(self.word(0))
    }

    fn is_name(&self, refused: &[KeywordClass]) -> bool {
        match self.kind(0) {
            Kind::Quoted => true,
            Kind::Word => {
                !self.is_paired() && self.class().is_none_or(|class| !refused.contains(&class))
            }
            _ => false,
        }
    }

    /// Whether a column's or a table's name comes next: PostgreSQL's `ColId`.
    pub(super) fn is_column_name(&self) -> bool {
        self.is_name(&[KeywordClass::Reserved, KeywordClass::TypeOrFunction])
    }

    /// Whether a type's or a function's name comes next: PostgreSQL's `type_function_name`.
    pub(super) fn is_type_name(&self) -> bool {
        self.is_name(&[KeywordClass::Reserved, KeywordClass::ColumnName])
    }

    /// Whether PostgreSQL takes the present word and the next for parts of one form before it reads the
    /// grammar (`base_yylex`), so that the word is no name whatever stands before it.
    fn is_paired(&self) -> bool {
        let pairs = match self.word(0) {
            "format" => &["json"] as &[&str],
            "not" => &["between", "in", "like", "ilike", "similar"],
            "nulls" => &["first", "last"],
            "with" => &["time", "ordinality"],
            "without" => &["time"],
            _ => return false,
        };
        pairs.contains(&self.word(1))
    }

    /// The word or quoted name that comes next, whatever it is.
    pub(super) fn any_name(&mut self) -> Option<SmolStr> {
        let token = self.peek(0);
        let name = match token.kind {
            Kind::Word if self.is_paired() => return None,
            Kind::Word => SmolStr::from(self.word(0)),
            Kind::Quoted => SmolStr::from(name(self.text.get(token.range())?)),
            _ => return None,
        };
        self.advance();
        Some(name)
    }

    /// `ColLabel`, behind a dot or `AS`.
    #[inline(never)]
    pub(super) fn label(&mut self, missing: &str) -> Read<SmolStr> {
        self.any_name().ok_or_else(|| self.missing(missing))
    }

    /// `ColId`.
    #[inline(never)]
    pub(super) fn column_name(&mut self, missing: &str) -> Read<SmolStr> {
        if self.is_column_name() {
            return self.label(missing);
        }
        Err(self.reserved(missing))
    }

    /// `qualified_name`: `table`, `schema.table`.
    pub(super) fn path(&mut self, missing: &str) -> Read<Path> {
        let start = self.start();
        let (mut schema, mut name) = (None, self.column_name(missing)?);
        while self.eat_sign(".") {
            let next = self.label("a name must follow the dot")?;
            schema = Some(std::mem::replace(&mut name, next));
        }
        Ok(Path { schema, name, range: self.since(start) })
    }

    /// The token as it stands in a message.
    fn shown(&self, token: Token) -> String {
        let written = self.text.get(token.range()).unwrap_or_default();
        let short: String = written.chars().take(30).collect();
        if short.len() < written.len() { format!("`{short}…`") } else { format!("`{short}`") }
    }

    /// Something must stand here, and does not.
    #[inline(never)]
    pub(super) fn missing(&self, message: &str) -> Fault {
        let token = self.peek(0);
        if token.kind == Kind::End {
            return Fault::wrong(message, self.end());
        }
        Fault::wrong(message, token.start).help(format!("here stands {}", self.shown(token)))
    }

    /// A name must stand here; the word that stands here cannot be one.
    fn reserved(&self, message: &str) -> Fault {
        if self.class().is_none() {
            return self.missing(message);
        }
        let token = self.peek(0);
        let help = format!("{} is a key word; as a name it needs double quotes", self.shown(token));
        Fault::wrong(message, token.start).help(help)
    }

    /// A value must stand here, and does not.
    pub(super) fn no_value(&self) -> Fault {
        let token = self.peek(0);
        let shown = self.shown(token);
        let before = self.before();
        let sign = |token: Token| self.text.get(token.range()).unwrap_or_default();
        let is_open = before.is_none_or(|token| matches!(sign(token), "(" | "[" | ";"));
        let after_comma = before.is_some_and(|token| sign(token) == ",");
        let after = before.map_or_else(String::new, |token| self.shown(token));
        let place = before.map_or(0, |token| token.start);
        match sign(token) {
            ")" | "]" if after_comma => {
                Fault::wrong("nothing stands after the comma", place).help("remove the comma")
            }
            "," if is_open || after_comma => {
                Fault::wrong("nothing stands before the comma", token.start)
            }
            ")" | "]" if is_open => Fault::wrong("nothing stands between the brackets", place),
            "" => {
                let message = if before.is_none() {
                    "the expression is empty".to_owned()
                } else if after_comma {
                    return Fault::wrong("nothing stands after the comma", place)
                        .help("remove the comma");
                } else {
                    format!("nothing stands after {after}")
                };
                Fault::wrong(message, self.end())
            }
            ")" | "]" | "," | ";" => Fault::wrong(format!("nothing stands after {after}"), place),
            _ if is_open && self.is_infix() => {
                Fault::wrong(format!("nothing stands before {shown}"), token.start)
            }
            _ if self.is_infix() => {
                Fault::wrong(format!("{shown} cannot follow {after}"), token.start)
            }
            _ if after_comma
                && self.class() == Some(KeywordClass::Reserved)
                && !self.is("select") =>
            {
                Fault::wrong("nothing stands after the comma", place).help("remove the comma")
            }
            _ if self.is_any(&["select", "with", "values", "table"]) => {
                Fault::wrong("a query needs brackets here", token.start).help("write `(select …)`")
            }
            _ if token.kind == Kind::Word && before.is_some() => {
                let message = format!("a value must follow {after}");
                let help = format!("{shown} is a key word; as a name it needs double quotes");
                Fault::wrong(message, token.start).help(help)
            }
            _ if token.kind == Kind::Word => {
                Fault::wrong(format!("{shown} cannot begin an expression"), token.start)
                    .help("it is a key word; as a name it needs double quotes")
            }
            _ => Fault::wrong(format!("{shown} cannot stand here"), token.start),
        }
    }

    fn is_infix(&self) -> bool {
        self.kind(0) == Kind::Operator
            || matches!(self.sign(0), "::" | "." | ":" | ":=" | "=>" | "..")
            || self.is_any(&[
                "and", "or", "is", "isnull", "notnull", "like", "ilike", "similar", "between",
                "in", "collate", "not",
            ])
    }

    /// What was read is complete, and something that cannot follow does.
    pub(super) fn unexpected(&self) -> Fault {
        let token = self.peek(0);
        let shown = self.shown(token);
        let offset = token.start;
        if token.kind == Kind::End {
            return Fault::wrong("the end comes too early", offset);
        }
        let fault = Fault::wrong(format!("{shown} cannot follow here"), offset);
        match self.sign(0) {
            "," => Fault::wrong("one expression stands here, not a list", offset),
            ";" => {
                Fault::wrong("a semicolon cannot stand in an expression", offset).help("remove it")
            }
            "[" | "(" | "." => fault,
            _ if self.is("not") => {
                let words = "`in`, `like`, `ilike`, `similar to` or `between`";
                Fault::wrong(format!("after this {shown} comes {words}"), offset)
            }
            _ if self.class() == Some(KeywordClass::Reserved) => fault,
            _ => fault.help("an operator is missing before it, or it should not be there"),
        }
    }
}

/// What PostgreSQL refuses in a token by itself.
fn refused(token: Token, written: &str) -> Read<()> {
    let wrong = |message: &str, help: &str| Err(Fault::wrong(message, token.start).help(help));
    match token.kind {
        Kind::Unclosed(Unclosed::Comment) => wrong("the comment is never closed", "add `*/`"),
        Kind::Unclosed(Unclosed::Quoted) => wrong("the quoted name is never closed", "add `\"`"),
        Kind::Unclosed(Unclosed::Dollar) => {
            wrong("the dollar-quoted string is never closed", "repeat its tag at its end")
        }
        Kind::Unclosed(Unclosed::Text) => {
            wrong("the string is never closed", "add `'`; a quote inside a string is written twice")
        }
        Kind::Quoted if written == "\"\"" => {
            wrong("a name is empty", "write `''` for the empty text")
        }
        Kind::BadNumber => wrong(
            "a name cannot begin with a digit",
            "put a space behind the number, or quote the name",
        ),
        Kind::Stray => {
            let message = format!("`{}` means nothing in SQL", written.escape_default());
            Err(Fault::wrong(message, token.start))
        }
        Kind::Operator if written == "==" => wrong("`==` is no operator in SQL", "write `=`"),
        _ => Ok(()),
    }
}

fn closed(open: Option<Token>, close: &str, text: &str, offset: u32) -> Read<()> {
    match open.map(|open| closing(text, open)) {
        Some(wanted) if wanted == close => Ok(()),
        Some(wanted) => {
            Err(Fault::wrong(format!("`{close}` stands where `{wanted}` must close"), offset))
        }
        None => Err(Fault::wrong(format!("`{close}` closes nothing"), offset)
            .help("remove it, or open the bracket before")),
    }
}

fn closing(text: &str, open: Token) -> &'static str {
    if text.get(open.range()) == Some("(") { ")" } else { "]" }
}
