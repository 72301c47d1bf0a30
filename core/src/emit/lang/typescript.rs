//! TypeScript's words, strings and comments, as prettier leaves them.

use std::borrow::Cow;

use smol_str::{SmolStr, format_smolstr};

use super::holds;
use super::layout::{new_line, push_spaces};
use super::literal::{best_quoted, needs_escape, push_best_quoted, push_unicode, visible};
use crate::emit::shapes::naming::is_identifier;

/// Words that no constant of a module can be called by (ECMAScript 2025, 12.7.2; strict mode's and
/// modules' own among them).
const RESERVED: &[&str] = &[
    "arguments",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// `text` as a string literal: in double quotes, unless single ones save escapes.
pub fn string(text: &str) -> SmolStr {
    best_quoted(text, push_unicode)
}

/// Appends what [`string`] gives.
pub fn push_string(out: &mut String, text: &str) {
    push_best_quoted(out, text, push_unicode);
}

/// Appends what [`key`] gives.
pub fn push_key(out: &mut String, name: &str) {
    match name {
        "__proto__" => out.push_str("[\"__proto__\"]"),
        _ if is_plain_key(name) => out.push_str(name),
        _ => push_string(out, name),
    }
}

/// `text` as a template literal without substitutions, on one line, behind its `tag`.
pub fn template(tag: &str, text: &str) -> String {
    let mut out = String::with_capacity(tag.len() + text.len() + 2);
    out.push_str(tag);
    out.push('`');
    let is_plain = |byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'\\' | b'`' | b'$');
    if text.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
        out.push_str(text);
        out.push('`');
        return out;
    }
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push_str("\\\\"),
            '`' => out.push_str("\\`"),
            '$' if chars.peek() == Some(&'{') => out.push_str("\\$"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if needs_escape(c) => push_unicode(&mut out, c),
            _ => out.push(c),
        }
    }
    out.push('`');
    out
}

/// `name` as a property's key, quoted where it must be. `__proto__` is computed, since as a plain key
/// it would set the prototype.
pub fn key(name: &str) -> SmolStr {
    if name != "__proto__" && is_plain_key(name) {
        return name.into();
    }
    let mut out = String::new();
    push_key(&mut out, name);
    out.into()
}

/// Whether `name` cannot be the name of a constant.
pub fn is_reserved(name: &str) -> bool {
    holds(RESERVED, name)
}

/// Whether prettier leaves `name` unquoted as a key.
pub fn is_plain_key(name: &str) -> bool {
    is_identifier(name) || (name.contains('$') && is_identifier(&name.replace('$', "_")))
}

/// `object.name`, or `object["name"]`.
pub fn member(object: &str, name: &str) -> SmolStr {
    if is_plain_key(name) {
        [object, ".", name].into_iter().collect()
    } else {
        format_smolstr!("{object}[{}]", string(name))
    }
}

/// A documentation comment of these paragraphs, each line behind `indent` spaces and the last one ended; empty
/// for none. Nothing in the text can end the comment.
pub fn doc(paragraphs: &[&str], indent: usize) -> String {
    if paragraphs.is_empty() {
        return String::new();
    }
    let mut lines = paragraphs.iter().flat_map(|text| text.lines()).map(comment_line).peekable();
    let Some(first) = lines.next() else { return String::new() };
    let mut out = String::with_capacity(indent + first.len() + 16);
    push_spaces(&mut out, indent);
    out.push_str("/**");
    if lines.peek().is_none() {
        out.extend([" ", &*first, " */\n"]);
        return out;
    }
    for line in std::iter::once(first).chain(lines) {
        new_line(&mut out, indent);
        out.extend([if line.is_empty() { " *" } else { " * " }, &*line]);
    }
    new_line(&mut out, indent);
    out.push_str(" */\n");
    out
}

/// One line of user text within a comment.
pub fn comment_line(line: &str) -> Cow<'_, str> {
    let unended = |line: &str| line.trim().replace("*/", "*\u{200b}/");
    match visible(line) {
        line if line.contains('*') => unended(&line).into(),
        Cow::Borrowed(line) => line.trim().into(),
        Cow::Owned(line) => line.trim().to_owned().into(),
    }
}

/// The paragraph that says of something what to use instead, which may be nothing.
pub fn deprecated(instead: &str) -> String {
    ["@deprecated ", instead].concat().trim_end().to_owned()
}

/// A regular expression literal with the flag `u`. `source` must be a pattern that JavaScript reads.
pub fn regex(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + 3);
    out.push('/');
    for c in source.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            _ if needs_escape(c) => push_unicode(&mut out, c),
            _ => out.push(c),
        }
    }
    out.push_str("/u");
    out
}

#[cfg(test)]
mod tests {
    use super::{doc, key, string, template};

    #[test]
    fn words_are_sorted() {
        assert!(super::RESERVED.is_sorted());
    }

    #[test]
    fn strings_stay_in_their_quotes() {
        assert_eq!(string("a"), r#""a""#);
        assert_eq!(string(r#"say "hi""#), r#"'say "hi"'"#);
        assert_eq!(string(r#"'"'"#), r#""'\"'""#);
        assert_eq!(string("a\\\n\u{2028}\u{fdd0}\0"), r#""a\\\n\u2028\ufdd0\u0000""#);
    }

    #[test]
    fn templates_stay_in_their_quotes() {
        assert_eq!(template("sql", "a `b` $1 ${c}\\\n$"), r"sql`a \`b\` $1 \${c}\\\n$`");
        assert_eq!(template("", "now()"), "`now()`");
    }

    #[test]
    fn keys() {
        assert_eq!(key("user_id"), "user_id");
        assert_eq!(key("user id"), "\"user id\"");
        assert_eq!(key("__proto__"), "[\"__proto__\"]");
    }

    #[test]
    fn comments_stay_comments() {
        assert_eq!(doc(&[], 0), "");
        assert_eq!(doc(&["x \u{2029}"], 0), "/** x */\n");
        assert_eq!(doc(&["*\u{2029}/ y"], 0), "/** *\u{200b}/ y */\n");
        assert_eq!(doc(&["x */ y"], 2), "  /** x *\u{200b}/ y */\n");
        assert_eq!(doc(&["a\n\nb"], 0), "/**\n * a\n *\n * b\n */\n");
    }
}
