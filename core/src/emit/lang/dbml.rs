//! DBML: names, texts and expressions in their quotes.

use std::fmt::Write;

/// A name or type in double quotes.
pub fn name(text: &str) -> String {
    quoted(text, '"')
}

/// A text in single quotes.
pub fn string(text: &str) -> String {
    quoted(text, '\'')
}

/// An expression in backticks; none for one that holds some, since nothing escapes them.
pub fn expression(text: &str) -> Option<String> {
    (!text.contains('`')).then(|| format!("`{text}`"))
}

/// A comment, each of its lines behind `//`.
pub fn comment(text: &str, indent: usize) -> String {
    let lines = text.split(['\n', '\r', '\u{2028}', '\u{2029}']);
    lines.fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "{:indent$}// {}", "", line.trim_end());
        out
    })
}

fn quoted(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        let _ = match c {
            '\n' => out.write_str("\\n"),
            '\r' => out.write_str("\\r"),
            '\t' => out.write_str("\\t"),
            '\\' => out.write_str("\\\\"),
            c if c == quote => write!(out, "\\{c}"),
            '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{fdd0}'
            | '\u{fdd1}' => write!(out, "\\u{:04x}", u32::from(c)),
            c => out.write_char(c),
        };
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::{comment, expression, name, string};

    #[test]
    fn quotes() {
        assert_eq!(name("a \"b\" 'c' \\"), r#""a \"b\" 'c' \\""#);
        assert_eq!(string("it's\n\u{1}"), r"'it\'s\n\u0001'");
        assert_eq!(expression("a `b`"), None);
        assert_eq!(expression("now()").as_deref(), Some("`now()`"));
        assert_eq!(comment("a\nTable x {}", 2), "  // a\n  // Table x {}\n");
    }
}
