//! Patterns that PostgreSQL, JavaScript and Python read alike.
//!
//! In: the text of an advanced regular expression or of a LIKE pattern. Out: its structure, or the
//! construct that the engines do not agree on. Only whether a text matches counts, so that greediness
//! does not. What depends on a locale (`\w`, `\s`, `[[:alpha:]]`) is refused, and what needs
//! PostgreSQL's engine (`\y`, back references); `\d` is `0` to `9`.

use std::iter::Peekable;
use std::str::Chars;

/// A pattern, to be found anywhere in a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// One of these matches.
    pub branches: Vec<Vec<Part>>,
}

/// A part of a branch.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// The character itself.
    Literal(char),
    /// Any character, a line feed too.
    Any,
    /// One of some ranges of characters, or, negated, any other one.
    Set {
        /// Whether the ranges are those that do not match.
        negated: bool,
        /// First and last characters.
        ranges: Vec<(char, char)>,
    },
    /// The beginning of the text.
    Start,
    /// The end of the text.
    End,
    /// A group.
    Group(Pattern),
    /// What follows matches, or does not.
    Ahead(Pattern, super::Polarity),
    /// A part so many times.
    Repeat(Box<Part>, u32, Option<u32>),
}

/// Why a pattern is not carried.
type Reason = String;

/// Characters of a pattern that are read.
const LENGTH_LIMIT: usize = 2_000;
/// Groups within groups.
const DEPTH_LIMIT: u32 = 50;
/// PostgreSQL's own limit of a bound.
const REPEAT_LIMIT: u32 = 255;

impl Pattern {
    /// Finds a character that is no space.
    pub fn not_blank() -> Self {
        Self { branches: vec![vec![Part::Set { negated: true, ranges: vec![(' ', ' ')] }]] }
    }

    /// The pattern of `~`, or of `~*`.
    pub fn from_regex(text: &str, case_insensitive: bool) -> Result<Self, Reason> {
        if text.len() > LENGTH_LIMIT {
            return Err("its pattern is too long".to_owned());
        }
        if text.starts_with("***") || embedded_options(text) {
            return Err("its pattern sets options".to_owned());
        }
        let mut reader = Reader { rest: text.chars().peekable(), case_insensitive };
        let pattern = reader.branches(DEPTH_LIMIT)?;
        match reader.rest.next() {
            None => Ok(pattern),
            Some(_) => Err("its pattern closes a group that it does not open".to_owned()),
        }
    }

    /// The pattern of `LIKE`, or of `ILIKE`.
    pub fn from_like(
        text: &str,
        escape: Option<char>,
        case_insensitive: bool,
    ) -> Result<Self, Reason> {
        if text.len() > LENGTH_LIMIT {
            return Err("its pattern is too long".to_owned());
        }
        if case_insensitive && text.chars().any(char::is_alphabetic) {
            return Err("`ILIKE` folds case by the database's locale".to_owned());
        }
        let anything = Part::Repeat(Box::new(Part::Any), 0, None);
        let mut parts = vec![Part::Start];
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            parts.push(match c {
                c if Some(c) == escape => match chars.next() {
                    Some(literal) => Part::Literal(literal),
                    None => return Err("its pattern ends in an escape".to_owned()),
                },
                '%' => anything.clone(),
                '_' => Part::Any,
                literal => Part::Literal(literal),
            });
        }
        // What may go on at will needs no end.
        if parts.last() == Some(&anything) {
            parts.pop();
        } else {
            parts.push(Part::End);
        }
        if parts.get(1) == Some(&anything) {
            parts.drain(..2);
        }
        Ok(Self { branches: vec![parts] })
    }
}

/// `(?i)` and its like at the beginning; `(?:`, `(?=`, `(?!` are groups.
fn embedded_options(text: &str) -> bool {
    text.strip_prefix("(?").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    case_insensitive: bool,
}

impl Reader<'_> {
    /// Branches up to the end or a closing bracket.
    fn branches(&mut self, depth: u32) -> Result<Pattern, Reason> {
        let mut branches = vec![self.branch(depth)?];
        while self.rest.next_if_eq(&'|').is_some() {
            branches.push(self.branch(depth)?);
        }
        if branches.len() > 1 && branches.iter().any(Vec::is_empty) {
            return Err("its pattern has an empty branch".to_owned());
        }
        Ok(Pattern { branches })
    }

    fn branch(&mut self, depth: u32) -> Result<Vec<Part>, Reason> {
        let mut parts = Vec::new();
        while let Some(c) = self.rest.next_if(|c| !matches!(c, '|' | ')')) {
            let part = self.part(c, depth)?;
            parts.push(self.repeated(part)?);
        }
        Ok(parts)
    }

    fn part(&mut self, c: char, depth: u32) -> Result<Part, Reason> {
        match c {
            '.' => Ok(Part::Any),
            '^' => Ok(Part::Start),
            '$' => Ok(Part::End),
            '(' => self.group(depth),
            '[' => self.set(),
            '\\' => self.escape(),
            '*' | '+' | '?' => Err("its pattern repeats nothing".to_owned()),
            '{' if self.rest.peek().is_some_and(char::is_ascii_digit) => {
                Err("its pattern repeats nothing".to_owned())
            }
            literal => self.literal(literal),
        }
    }

    fn literal(&self, c: char) -> Result<Part, Reason> {
        if !self.case_insensitive || !c.is_alphabetic() {
            return Ok(Part::Literal(c));
        }
        let ranges = with_other_case(vec![(c, c)])?;
        Ok(Part::Set { negated: false, ranges })
    }

    fn group(&mut self, depth: u32) -> Result<Part, Reason> {
        let depth = depth.checked_sub(1).ok_or("its pattern is nested too deeply")?;
        let look = if self.rest.next_if_eq(&'?').is_some() {
            match self.rest.next() {
                Some(':') => None,
                Some('=') => Some(super::Polarity::Is),
                Some('!') => Some(super::Polarity::IsNot),
                _ => return Err("its pattern has a group of another kind".to_owned()),
            }
        } else {
            None
        };
        let inner = self.branches(depth)?;
        if self.rest.next() != Some(')') {
            return Err("its pattern opens a group that it does not close".to_owned());
        }
        if inner.branches.iter().all(Vec::is_empty) {
            return Err("its pattern has an empty group".to_owned());
        }
        Ok(match look {
            None => Part::Group(inner),
            Some(polarity) => Part::Ahead(inner, polarity),
        })
    }

    fn repeated(&mut self, part: Part) -> Result<Part, Reason> {
        let Some((min, max)) = self.quantifier()? else { return Ok(part) };
        if matches!(part, Part::Start | Part::End | Part::Ahead(..)) {
            return Err("its pattern repeats a place".to_owned());
        }
        // Greedy or not, a match is a match.
        self.rest.next_if_eq(&'?');
        if self.quantifier()?.is_some() {
            return Err("its pattern repeats a repetition".to_owned());
        }
        Ok(Part::Repeat(Box::new(part), min, max))
    }

    fn quantifier(&mut self) -> Result<Option<(u32, Option<u32>)>, Reason> {
        let bounds = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.bounds(),
            _ => return Ok(None),
        };
        self.rest.next();
        Ok(Some(bounds))
    }

    /// `{m}`, `{m,}`, `{m,n}`; a brace before anything but a digit is itself.
    fn bounds(&mut self) -> Result<Option<(u32, Option<u32>)>, Reason> {
        let mut ahead = self.rest.clone();
        ahead.next();
        if !ahead.peek().is_some_and(char::is_ascii_digit) {
            return Ok(None);
        }
        let mut text = String::new();
        loop {
            match ahead.next() {
                Some('}') => break,
                Some(c) => text.push(c),
                None => return Err("its pattern opens a brace that it does not close".to_owned()),
            }
        }
        self.rest = ahead;
        let number = |text: &str| {
            let number = text.parse::<u32>().ok().filter(|number| *number <= REPEAT_LIMIT);
            number.ok_or_else(|| format!("its pattern repeats `{{{text}}}` times"))
        };
        let (min, max) = match text.split_once(',') {
            None => (number(&text)?, Some(number(&text)?)),
            Some((min, "")) => (number(min)?, None),
            Some((min, max)) => (number(min)?, Some(number(max)?)),
        };
        if max.is_some_and(|max| max < min) {
            return Err("its pattern repeats between a greater and a lesser count".to_owned());
        }
        Ok(Some((min, max)))
    }

    /// What follows a backslash outside of brackets.
    fn escape(&mut self) -> Result<Part, Reason> {
        match self.rest.next() {
            Some('d') => Ok(Part::Set { negated: false, ranges: vec![('0', '9')] }),
            Some('D') => Ok(Part::Set { negated: true, ranges: vec![('0', '9')] }),
            Some('A') => Ok(Part::Start),
            Some('Z') => Ok(Part::End),
            Some(c) => escaped(c).map(Part::Literal),
            None => Err("its pattern ends in an escape".to_owned()),
        }
    }

    fn set(&mut self) -> Result<Part, Reason> {
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut ranges = Vec::new();
        let mut first = true;
        loop {
            let unclosed = || "its pattern opens a bracket that it does not close".to_owned();
            let c = self.rest.next().ok_or_else(unclosed)?;
            if c == ']' && !first {
                break;
            }
            if c == '[' && matches!(self.rest.peek(), Some(':' | '.' | '=')) {
                self.class()?;
                ranges.push(('0', '9'));
            } else if c == '\\' && self.rest.next_if_eq(&'d').is_some() {
                ranges.push(('0', '9'));
            } else {
                if c == '-' && !first && self.rest.peek() != Some(&']') {
                    return Err("its pattern has a dash between characters".to_owned());
                }
                let from = self.set_char(c)?;
                let to = self.range_end(from)?;
                if to < from {
                    return Err("its pattern has a range that ends before it begins".to_owned());
                }
                ranges.push((from, to));
            }
            first = false;
        }
        let ranges = if self.case_insensitive { with_other_case(ranges)? } else { ranges };
        Ok(Part::Set { negated, ranges })
    }

    /// The last character of a range that begins with `from`; `from` itself if none follows.
    fn range_end(&mut self, from: char) -> Result<char, Reason> {
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('-') || matches!(ahead.peek(), None | Some(']')) {
            return Ok(from);
        }
        self.rest = ahead;
        match self.rest.next() {
            Some('[') => Err("its pattern has a range that ends in a bracket".to_owned()),
            Some(c) => self.set_char(c),
            None => Ok(from),
        }
    }

    fn set_char(&mut self, c: char) -> Result<char, Reason> {
        if c != '\\' {
            return Ok(c);
        }
        self.rest.next().ok_or_else(|| "its pattern ends in an escape".to_owned()).and_then(escaped)
    }

    /// `[:digit:]`; of all classes the only one that no locale changes.
    fn class(&mut self) -> Result<(), Reason> {
        let name: String = self.rest.by_ref().take_while(|c| *c != ']').collect();
        match name.as_str() {
            ":digit:" => Ok(()),
            name => Err(format!("`[{name}]` depends on the database's locale")),
        }
    }
}

/// The character that an escape stands for.
fn escaped(c: char) -> Result<char, Reason> {
    match c {
        'n' => Ok('\n'),
        'r' => Ok('\r'),
        't' => Ok('\t'),
        'f' => Ok('\u{c}'),
        'v' => Ok('\u{b}'),
        'w' | 'W' | 's' | 'S' => Err(format!("`\\{c}` depends on the database's locale")),
        c if c.is_alphanumeric() => Err(format!("only PostgreSQL knows `\\{c}`")),
        c => Ok(c),
    }
}

/// The ranges with the other case of their ASCII letters; beyond ASCII, engines fold differently.
fn with_other_case(ranges: Vec<(char, char)>) -> Result<Vec<(char, char)>, Reason> {
    let mut all = Vec::new();
    for (from, to) in ranges {
        if !to.is_ascii() {
            return Err("case beyond ASCII depends on the database's locale".to_owned());
        }
        all.push((from, to));
        let lower = (from.max('a'), to.min('z'));
        if lower.0 <= lower.1 {
            all.push((lower.0.to_ascii_uppercase(), lower.1.to_ascii_uppercase()));
        }
        let upper = (from.max('A'), to.min('Z'));
        if upper.0 <= upper.1 {
            all.push((upper.0.to_ascii_lowercase(), upper.1.to_ascii_lowercase()));
        }
    }
    let mut kept: Vec<(char, char)> = Vec::new();
    for range in all {
        if !kept.iter().any(|it| it.0 <= range.0 && range.1 <= it.1) {
            kept.push(range);
        }
    }
    Ok(kept)
}
