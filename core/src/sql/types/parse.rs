//! The type names of SQL, from the text that a user wrote.
//!
//! In: text such as `timestamp(3) with time zone` or `auth.users[]`. Out: a [`TypeName`], and for a
//! type that PostgreSQL or a known extension brings the [`PgType`]. Never knows the user's own types.

use std::ops::Range;

use smol_str::{SmolStr, SmolStrBuilder};

use super::names::{alias, serial_of};
use super::written::{TypeError, TypeName};

/// The type that `text` names.
pub fn parse_type(text: &str) -> Result<TypeName, TypeError> {
    let mut cursor = Cursor { text, at: 0 };
    cursor.skip_space();
    let start = cursor.at;
    let first = cursor.identifier()?;
    let mut ty = TypeName {
        schema: None,
        name: first.name,
        quoted: first.quoted,
        args: Vec::new(),
        dimensions: 0,
        range: cursor.since(start),
        args_range: 0..0,
    };
    if cursor.eat('.') {
        let second = cursor.identifier()?;
        ty.schema = Some(std::mem::replace(&mut ty.name, second.name));
        ty.quoted = second.quoted;
        ty.range = cursor.since(start);
        if cursor.eat('.') {
            return Err(TypeError::new("a type's name has at most two parts", ty.range)
                .help("write `schema.type`"));
        }
    }
    ty.args_range = ty.range.clone();
    if ty.schema.is_none() && !ty.quoted {
        cursor.sql_words(&mut ty)?;
        ty.range = cursor.since(start);
    }
    if ty.args.is_empty() {
        cursor.arguments(&mut ty)?;
    }
    if ty.schema.is_none() && !ty.quoted {
        cursor.time_zone(&mut ty, start);
        canonical(&mut ty)?;
    }
    cursor.dimensions(&mut ty)?;
    cursor.end()?;
    if ty.dimensions > 0 && serial_of(&ty).is_some() {
        return Err(TypeError::new(format!("`{}` cannot be an array", ty.name), ty.range)
            .help("use `integer[]` or `bigint[]` and fill it yourself"));
    }
    Ok(ty)
}

/// Gives a built-in type its one name, and makes `float(24)` the type that it stands for.
fn canonical(ty: &mut TypeName) -> Result<(), TypeError> {
    if ty.name == "float" {
        let bits = match ty.args.as_slice() {
            [] => 53,
            [bits] => bits.parse::<u32>().unwrap_or(0),
            _ => 0,
        };
        ty.name = match bits {
            1..=24 => "real".into(),
            25..=53 => "double precision".into(),
            _ => {
                return Err(TypeError::new(
                    "`float` takes a precision of 1 to 53 bits",
                    ty.args_range.clone(),
                ));
            }
        };
        ty.args.clear();
    } else if let Some(base) = alias(&ty.name) {
        ty.name = base.into();
    }
    Ok(())
}

struct Identifier {
    name: SmolStr,
    quoted: bool,
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn since(&self, start: usize) -> Range<u32> {
        start as u32..self.at as u32
    }

    fn to_end(&self) -> Range<u32> {
        self.at as u32..(self.at + self.rest().trim_end().len()) as u32
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn eat(&mut self, wanted: char) -> bool {
        let mark = self.at;
        self.skip_space();
        if self.rest().starts_with(wanted) {
            self.at += wanted.len_utf8();
            return true;
        }
        self.at = mark;
        false
    }

    /// The unquoted word that comes next, as written.
    fn peek_word(&self) -> &'a str {
        let rest = self.rest().trim_start();
        let starts = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
        if !rest.starts_with(starts) {
            return "";
        }
        let end = rest.find(|c: char| !(starts(c) || c.is_ascii_digit() || c == '$'));
        rest.get(..end.unwrap_or(rest.len())).unwrap_or("")
    }

    fn eat_word(&mut self, wanted: &str) -> bool {
        let word = self.peek_word();
        if !word.eq_ignore_ascii_case(wanted) {
            return false;
        }
        self.skip_space();
        self.at += word.len();
        true
    }

    fn identifier(&mut self) -> Result<Identifier, TypeError> {
        self.skip_space();
        let start = self.at;
        if let Some(inside) = self.rest().strip_prefix('"') {
            let mut name = SmolStrBuilder::new();
            let mut characters = inside.char_indices().peekable();
            while let Some((offset, character)) = characters.next() {
                if character == '"' && characters.next_if(|(_, next)| *next == '"').is_none() {
                    self.at = start + 1 + offset + 1;
                    return if offset == 0 {
                        Err(TypeError::new("an empty name", self.since(start)))
                    } else {
                        Ok(Identifier { name: name.finish(), quoted: true })
                    };
                }
                name.push(character);
            }
            return Err(TypeError::new("the quoted name is never closed", self.to_end())
                .help("add `\"` after the name"));
        }
        let word = self.peek_word();
        if word.is_empty() {
            let message = if self.rest().is_empty() {
                "a type's name is missing".to_owned()
            } else {
                format!("`{}` is no type", self.rest().trim_end())
            };
            return Err(TypeError::new(message, self.to_end()));
        }
        self.at += word.len();
        Ok(Identifier { name: word.to_ascii_lowercase().into(), quoted: false })
    }

    /// The rest of a name that has several words.
    fn sql_words(&mut self, ty: &mut TypeName) -> Result<(), TypeError> {
        match ty.name.as_str() {
            "double" if self.eat_word("precision") => ty.name = "double precision".into(),
            "national" if self.eat_word("character") || self.eat_word("char") => {
                ty.name = if self.eat_word("varying") { "varchar" } else { "char" }.into();
            }
            "character" | "char" | "nchar" => {
                ty.name = if self.eat_word("varying") { "varchar" } else { "char" }.into();
            }
            "bit" if self.eat_word("varying") => ty.name = "varbit".into(),
            "interval" => self.interval(ty)?,
            "setof" => {
                return Err(TypeError::new("`setof` stands only before a function's result", {
                    ty.range.clone()
                }));
            }
            _ => {}
        }
        Ok(())
    }

    fn interval(&mut self, ty: &mut TypeName) -> Result<(), TypeError> {
        let start = self.at;
        let Some(first) = UNITS.iter().position(|unit| self.eat_word(unit)) else {
            return Ok(());
        };
        let mut last = first;
        if self.eat_word("to") {
            let found = UNITS.iter().position(|unit| self.eat_word(unit));
            last = found.filter(|last| unit_range(first, *last)).ok_or_else(|| {
                let fields = self.text.get(start..self.at).unwrap_or("").trim();
                TypeError::new(format!("an interval cannot have the fields `{fields}`"), {
                    self.since(start)
                })
                .help("for example `interval day to second`")
            })?;
        }
        let name = |unit: usize| UNITS.get(unit).copied().unwrap_or_default();
        let fields = if first == last {
            SmolStr::new(name(first))
        } else {
            smol_str::format_smolstr!("{} to {}", name(first), name(last))
        };
        if name(last) == "second" {
            self.arguments(ty)?;
        }
        ty.args.insert(0, fields);
        Ok(())
    }

    /// `with time zone` and `without time zone`, which follow the precision.
    fn time_zone(&mut self, ty: &mut TypeName, start: usize) {
        let with = match ty.name.as_str() {
            "time" => "timetz",
            "timestamp" => "timestamptz",
            _ => return,
        };
        let mark = self.at;
        let zoned = self.eat_word("with");
        if (zoned || self.eat_word("without")) && self.eat_word("time") && self.eat_word("zone") {
            if zoned {
                ty.name = with.into();
            }
            ty.range = self.since(start);
        } else {
            self.at = mark;
        }
    }

    fn arguments(&mut self, ty: &mut TypeName) -> Result<(), TypeError> {
        if !self.eat('(') {
            return Ok(());
        }
        let start = self.at;
        let mut quote = None;
        let closing = self.rest().char_indices().find(|(_, character)| {
            match (quote, character) {
                (Some(open), _) if open == *character => quote = None,
                (None, '\'' | '"') => quote = Some(*character),
                (None, ')') => return true,
                _ => {}
            }
            false
        });
        let Some((length, _)) = closing else {
            return Err(TypeError::new("the bracket is never closed", {
                (start - 1) as u32..self.to_end().end
            })
            .help("add `)`"));
        };
        let inside = self.rest().get(..length).unwrap_or("");
        ty.args_range = start as u32..(start + length) as u32;
        self.at = start + length + 1;
        ty.args = inside.split(',').map(|arg| SmolStr::new(arg.trim())).collect();
        if ty.args.iter().any(|arg| arg.is_empty() || arg.contains('(')) {
            return Err(TypeError::new(
                format!("`({inside})` is no list of arguments"),
                (start - 1) as u32..self.at as u32,
            ));
        }
        Ok(())
    }

    fn dimensions(&mut self, ty: &mut TypeName) -> Result<(), TypeError> {
        if self.eat_word("array") {
            ty.dimensions = 1;
            if self.eat('[') {
                self.bound()?;
            }
            return Ok(());
        }
        while self.eat('[') {
            self.bound()?;
            ty.dimensions = ty.dimensions.saturating_add(1);
        }
        Ok(())
    }

    /// The number, if any, and the closing bracket; PostgreSQL ignores the number.
    fn bound(&mut self) -> Result<(), TypeError> {
        let start = self.at - 1;
        self.skip_space();
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if self.eat(']') {
            Ok(())
        } else {
            Err(TypeError::new("an array's brackets hold a number or nothing", {
                start as u32..self.to_end().end
            })
            .help("write `[]`"))
        }
    }

    fn end(&mut self) -> Result<(), TypeError> {
        self.skip_space();
        let rest = self.rest().trim_end();
        if rest.is_empty() {
            return Ok(());
        }
        let help = match self.peek_word().to_ascii_lowercase().as_str() {
            "not" | "null" => Some("say it with `nullable:`"),
            "primary" => Some("say it with `primary_key: true`"),
            "unique" => Some("say it with `unique: true`"),
            "default" => Some("say it with `default:`"),
            "references" => Some("say it with `references:`"),
            "check" => Some("say it with `check:`"),
            "collate" => Some("say it with `collation:`"),
            "generated" => Some("say it with `generated:` or `identity:`"),
            "with" | "without" => {
                Some("write `with time zone`, or shorter `timestamptz`, `timetz`")
            }
            "unsigned" => Some("PostgreSQL has no unsigned integers; add a check such as `x >= 0`"),
            _ if rest.starts_with('%') => Some("write the type itself"),
            _ => None,
        };
        let error = TypeError::new(format!("`{rest}` is not part of a type"), self.to_end());
        Err(TypeError { help: help.map(str::to_owned), ..error })
    }
}

const UNITS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];

/// `year to month`, and any two of day to second.
fn unit_range(first: usize, last: usize) -> bool {
    first < last && ((first, last) == (0, 1) || first >= 2)
}
