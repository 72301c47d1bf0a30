//! Types as SQL writes them: PostgreSQL's `Typename`.
//!
//! Gives the type's text, for `types::parse_type`; here only where it ends is of interest.

use smol_str::SmolStr;

use super::fault::Read;
use super::reader::{Figure, Reader};
use super::tree::{Node, Simple};
use crate::sql::lex::Kind;

/// Types that are key words: a constant may follow, no call.
const WORDS: &[&str] = &[
    "bigint",
    "bit",
    "boolean",
    "char",
    "character",
    "dec",
    "decimal",
    "float",
    "int",
    "integer",
    "interval",
    "json",
    "national",
    "nchar",
    "numeric",
    "real",
    "smallint",
    "time",
    "timestamp",
    "varchar",
];

/// The fields of an interval.
const FIELDS: &[&str] = &["year", "month", "day", "hour", "minute", "second"];

impl Reader<'_> {
    /// A type.
    pub(super) fn type_name(&mut self, missing: &str) -> Read<SmolStr> {
        let start = self.sql.start();
        self.sql.eat("setof");
        self.simple_type(missing)?;
        while self.sql.eat_sign("[") {
            if self.sql.kind(0) == Kind::Number {
                self.sql.advance();
            }
            self.sql.sign_or("]", "`]` must close an array's type")?;
        }
        if self.sql.eat("array") && self.sql.eat_sign("[") {
            self.sql.number_or("an array's length must stand here")?;
            self.sql.sign_or("]", "`]` must close an array's type")?;
        }
        Ok(SmolStr::from(self.sql.written(self.sql.since(start))))
    }

    /// A type without `[]`.
    fn simple_type(&mut self, missing: &str) -> Read<()> {
        match self.sql.word(0) {
            "int" | "integer" | "smallint" | "bigint" | "real" | "boolean" => {
                self.sql.advance();
                return Ok(());
            }
            "double" if self.sql.word(1) == "precision" => {
                self.sql.advance();
                self.sql.advance();
                return Ok(());
            }
            "interval" => {
                self.sql.advance();
                return if self.sql.at_sign("(") {
                    self.modifiers()
                } else {
                    self.interval_fields()
                };
            }
            "time" | "timestamp" => {
                self.sql.advance();
                self.modifiers()?;
                if self.sql.is_any(&["with", "without"]) && self.sql.word(1) == "time" {
                    self.sql.advance();
                    self.sql.advance();
                    self.sql.word_or("zone", "`zone` must follow `time`")?;
                }
                return Ok(());
            }
            "national" => {
                self.sql.advance();
                if !self.sql.eat_any(&["character", "char"]) {
                    return Err(self.sql.missing("`character` must follow `national`"));
                }
                self.sql.eat("varying");
            }
            "character" | "char" | "nchar" | "bit" => {
                self.sql.advance();
                self.sql.eat("varying");
            }
            "decimal" | "dec" | "numeric" | "float" | "varchar" | "json" => self.sql.advance(),
            _ if self.sql.is_type_name() => {
                self.sql.advance();
                while self.sql.eat_sign(".") {
                    self.sql.label("a name must follow the dot")?;
                }
            }
            _ => return Err(self.sql.missing(missing)),
        }
        self.modifiers()
    }

    /// `(10, 2)`. What stands there may look like columns and calls, and is none.
    fn modifiers(&mut self) -> Read<()> {
        if !self.sql.at_sign("(") {
            return Ok(());
        }
        let (columns, calls) = (self.refs.columns.len(), self.refs.calls.len());
        self.deeper(|reader| reader.bracketed_list("", Self::expression))?;
        self.refs.columns.truncate(columns);
        self.refs.calls.truncate(calls);
        Ok(())
    }

    /// `day to second(3)` and its kin, if they come next.
    fn interval_fields(&mut self) -> Read<()> {
        let first = FIELDS.iter().position(|field| self.sql.is(field));
        let Some(mut last) = first else { return Ok(()) };
        self.sql.advance();
        // A month has no certain number of days: `year to month`, `day to second` and what lies within.
        let is_finer = |field: &str| {
            FIELDS
                .iter()
                .position(|other| *other == field)
                .filter(|field| *field > last && (*field > 1) == (last > 1))
        };
        if self.sql.is("to")
            && let Some(field) = is_finer(self.sql.word(1))
        {
            last = field;
            self.sql.advance();
            self.sql.advance();
        }
        if FIELDS.get(last) == Some(&"second") {
            self.modifiers()?;
        }
        Ok(())
    }

    /// A constant behind a type that is a key word: `interval '1 day'`, `timestamp with time zone '…'`.
    pub(super) fn typed_constant(&mut self, start: u32) -> Read<Option<(Node, Figure)>> {
        let is_type = match self.sql.word(0) {
            "double" => self.sql.word(1) == "precision" && self.sql.kind(2) == Kind::Text,
            word if WORDS.contains(&word) => {
                let zoned = matches!(word, "time" | "timestamp")
                    && matches!(self.sql.word(1), "with" | "without")
                    && self.sql.word(2) == "time";
                let long = matches!(self.sql.word(1), "varying" | "character" | "char")
                    && matches!(word, "bit" | "character" | "char" | "nchar" | "national");
                zoned || long || self.sql.sign(1) == "(" || self.sql.kind(1) == Kind::Text
            }
            _ => false,
        };
        // `json(…)` is a function since PostgreSQL 17.
        if !is_type || (self.sql.is("json") && self.sql.sign(1) == "(") {
            return Ok(None);
        }
        if self.sql.is("interval") {
            return self.interval(start).map(Some);
        }
        let word = SmolStr::from(self.sql.word(0));
        self.simple_type("a type must stand here")?;
        if self.sql.kind(0) != Kind::Text {
            let fault =
                self.sql.missing(&format!("a constant in quotes must follow the type `{word}`"));
            return Err(fault.help(format!("write `\"{word}\"` for a function of that name")));
        }
        let ty = SmolStr::from(self.sql.written(self.sql.since(start)));
        Ok(Some(self.typed_literal(ty, start)))
    }

    fn interval(&mut self, start: u32) -> Read<(Node, Figure)> {
        self.sql.advance();
        let precise = self.sql.at_sign("(");
        self.modifiers()?;
        if self.sql.kind(0) != Kind::Text {
            return Err(self.sql.missing("a constant in quotes must follow the type `interval`"));
        }
        let (node, figure) = self.typed_literal("interval".into(), start);
        // The fields say how the constant is read.
        let plain = self.sql.start();
        if !precise {
            self.interval_fields()?;
        }
        if precise || self.sql.start() != plain {
            return Ok((self.node(Simple::Other, start), figure));
        }
        Ok((node, figure))
    }
}
