//! Patterns as regular expressions of JavaScript, with the flag `u`, of Python, and of both alike.

use std::fmt::Write;

use smol_str::SmolStr;

use super::{python, typescript};
use crate::predicate::{Part, Pattern, Polarity};

/// The literal of a pattern in JavaScript.
pub fn javascript(pattern: &Pattern) -> String {
    let mut source = String::new();
    write_branches(&mut source, Engine::JavaScript, pattern);
    typescript::regex(&source)
}

/// The string of a pattern for Python's `re`.
pub fn python(pattern: &Pattern) -> SmolStr {
    let mut source = String::new();
    write_branches(&mut source, Engine::Python, pattern);
    python::raw_string(&source)
}

/// The source of a pattern that engines read alike, as JSON Schema recommends: only Python's `$` is also
/// before a last line feed.
pub fn portable(pattern: &Pattern) -> String {
    let mut source = String::new();
    write_branches(&mut source, Engine::Portable, pattern);
    source
}

/// Whose regular expression it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Engine {
    JavaScript,
    Python,
    Portable,
}

impl Engine {
    const fn any(self) -> &'static str {
        match self {
            Self::JavaScript => "[^]",
            Self::Python => r"(?s:.)",
            Self::Portable => r"[\s\S]",
        }
    }

    /// The end of the text: Python's `$` is also before a last line feed.
    const fn end(self) -> &'static str {
        match self {
            Self::JavaScript | Self::Portable => "$",
            Self::Python => r"\Z",
        }
    }

    /// Digits from 0 to 9: those of Python are of all scripts.
    const fn digit(self, negated: bool) -> &'static str {
        match (self, negated) {
            (Self::JavaScript, false) => r"\d",
            (Self::JavaScript, true) => r"\D",
            (Self::Python | Self::Portable, false) => "[0-9]",
            (Self::Python | Self::Portable, true) => "[^0-9]",
        }
    }

    const fn special(self) -> &'static str {
        match self {
            Self::JavaScript => r"^$\.*+?()[]{}|/",
            Self::Python | Self::Portable => r"^$\.*+?()[]{}|",
        }
    }

    /// Python warns of what might become operators of sets.
    const fn special_in_set(self) -> &'static str {
        match self {
            Self::JavaScript => r"\]^-",
            Self::Python => r"\]^-[&|~",
            Self::Portable => r"\]^-[",
        }
    }
}

fn write_branches(out: &mut String, engine: Engine, pattern: &Pattern) {
    for (index, branch) in pattern.branches.iter().enumerate() {
        if index > 0 {
            out.push('|');
        }
        for part in branch {
            write_part(out, engine, part);
        }
    }
    // `//` would be a comment.
    if out.is_empty() {
        out.push_str("(?:)");
    }
}

fn write_part(out: &mut String, engine: Engine, part: &Part) {
    match part {
        Part::Literal(c) => write_char(out, *c, engine.special()),
        Part::Any => out.push_str(engine.any()),
        Part::Set { negated: false, ranges } if ranges.as_slice() == [('0', '9')] => {
            out.push_str(engine.digit(false));
        }
        Part::Set { negated: true, ranges } if ranges.as_slice() == [('0', '9')] => {
            out.push_str(engine.digit(true));
        }
        Part::Set { negated, ranges } => write_set(out, engine, *negated, ranges),
        Part::Start => out.push('^'),
        Part::End => out.push_str(engine.end()),
        Part::Group(inner) => write_group(out, engine, "(?:", inner),
        Part::Ahead(inner, Polarity::Is) => write_group(out, engine, "(?=", inner),
        Part::Ahead(inner, Polarity::IsNot) => write_group(out, engine, "(?!", inner),
        Part::Repeat(inner, min, max) => {
            match inner.as_ref() {
                Part::Repeat(..) => {
                    out.push_str("(?:");
                    write_part(out, engine, inner);
                    out.push(')');
                }
                _ => write_part(out, engine, inner),
            }
            let _ = match (min, max) {
                (0, None) => out.write_char('*'),
                (1, None) => out.write_char('+'),
                (0, Some(1)) => out.write_char('?'),
                (min, None) => write!(out, "{{{min},}}"),
                (min, Some(max)) if min == max => write!(out, "{{{min}}}"),
                (min, Some(max)) => write!(out, "{{{min},{max}}}"),
            };
        }
    }
}

fn write_group(out: &mut String, engine: Engine, open: &str, inner: &Pattern) {
    out.push_str(open);
    let mut text = String::new();
    write_branches(&mut text, engine, inner);
    out.push_str(&text);
    out.push(')');
}

fn write_set(out: &mut String, engine: Engine, negated: bool, ranges: &[(char, char)]) {
    out.push_str(if negated { "[^" } else { "[" });
    for (index, (from, to)) in ranges.iter().enumerate() {
        // A dash at the end is itself.
        if (*from, *to) == ('-', '-') && index + 1 == ranges.len() {
            out.push('-');
            continue;
        }
        write_char(out, *from, engine.special_in_set());
        if from != to {
            out.push('-');
            write_char(out, *to, engine.special_in_set());
        }
    }
    out.push(']');
}

fn write_char(out: &mut String, c: char, special: &str) {
    if special.contains(c) {
        out.push('\\');
    }
    out.push(c);
}

#[cfg(test)]
mod tests {
    use super::{javascript, portable, python};
    use crate::predicate::Pattern;

    #[test]
    fn regular_expressions() {
        let cases = [
            (r"^[a-z0-9]+(-[a-z0-9]+)*$", r"/^[a-z0-9]+(?:-[a-z0-9]+)*$/u"),
            (r"^\d{5}(-\d{4})?$", r"/^\d{5}(?:-\d{4})?$/u"),
            (r"^[^@]+@[A-Za-z0-9.-]+\.[a-z]{2,}$", r"/^[^@]+@[A-Za-z0-9.-]+\.[a-z]{2,}$/u"),
            (r"^https?://", r"/^https?:\/\//u"),
            (r"[]a]|x{,3", r"/[\]a]|x\{,3/u"),
            (r"a.c", r"/a[^]c/u"),
            (r"^(?!x)[[:digit:]]", r"/^(?!x)\d/u"),
            ("", "/(?:)/u"),
        ];
        for (text, expected) in cases {
            let pattern = Pattern::from_regex(text, false).unwrap();
            assert_eq!(javascript(&pattern), expected, "{text}");
        }
        for (text, expected) in [
            (r"^\d{5}(-\d{4})?$", r#"r"^[0-9]{5}(?:-[0-9]{4})?\Z""#),
            (r"^https?://", "\"^https?://\""),
            ("a.[[&~-]", r#"r"a(?s:.)[\[\&\~-]""#),
        ] {
            assert_eq!(python(&Pattern::from_regex(text, false).unwrap()), expected, "{text}");
        }
        let pattern = Pattern::from_regex(r"^/a.[[\d&]$", false).unwrap();
        assert_eq!(portable(&pattern), r"^/a[\s\S][\[0-9&]$");
        let pattern = Pattern::from_regex("^ab[a-c_]$", true).unwrap();
        assert_eq!(javascript(&pattern), "/^[aA][bB][a-cA-C_]$/u");
    }

    #[test]
    fn what_engines_do_not_share_is_refused() {
        for text in [
            r"\w",
            r"\s",
            r"\y",
            r"\1",
            "[[:alpha:]]",
            "(?i)a",
            "***:a",
            "a**",
            "*",
            "^*",
            "(",
            ")",
            "[",
            "a|",
            "()",
            "a{3,2}",
            "a{999}",
            "[a-c-e]",
            "(?<=a)b",
            r"a\",
            "[z-a]",
        ] {
            assert!(Pattern::from_regex(text, false).is_err(), "{text}");
        }
        assert!(Pattern::from_regex("é", true).is_err());
    }

    #[test]
    fn like() {
        let like = |text| javascript(&Pattern::from_like(text, Some('\\'), false).unwrap());
        assert_eq!(like("https://%"), r"/^https:\/\//u");
        assert_eq!(like("%.com"), r"/\.com$/u");
        assert_eq!(like("%@%"), "/@/u");
        assert_eq!(like(r"a_\%"), "/^a[^]%$/u");
        assert!(Pattern::from_like("a", Some('\\'), true).is_err());
    }
}
