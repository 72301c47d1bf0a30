//! DBML: names, texts and expressions in their quotes.

use std::fmt::Write;

use smol_str::SmolStr;

use super::literal::{push_quoted, push_unicode, quoted};

/// A name or type in double quotes.
pub fn name(text: &str) -> SmolStr {
    quoted(text, '"', push_unicode)
}

/// Appends what [`name`] gives.
pub fn push_name(out: &mut String, text: &str) {
    push_quoted(out, text, '"', push_unicode);
}

/// A text in single quotes.
pub fn string(text: &str) -> SmolStr {
    quoted(text, '\'', push_unicode)
}

/// Appends what [`string`] gives.
pub fn push_string(out: &mut String, text: &str) {
    push_quoted(out, text, '\'', push_unicode);
}

/// An expression in backticks; none for one that holds some, since nothing escapes them.
pub fn expression(text: &str) -> Option<String> {
    (!text.contains('`')).then(|| ["`", text, "`"].concat())
}

/// A comment, each of its lines behind `//`.
pub fn comment(text: &str, indent: usize) -> String {
    let lines = text.split(['\n', '\r', '\u{2028}', '\u{2029}']);
    lines.fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "{:indent$}// {}", "", line.trim_end());
        out
    })
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
