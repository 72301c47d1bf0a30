//! Mermaid: names and texts without what its parser or its renderer would take for more.

use std::borrow::Cow;

use unicode_ident::{is_xid_continue, is_xid_start};

/// A text within double quotes, in which nothing can be escaped: what would end it, begin a directive
/// (`%%{`), an entity (`#lt;`) or a tag is replaced by what looks like it.
pub fn text(text: &str) -> String {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !b"\"\\%#<>`".contains(&byte);
    if text.bytes().all(is_plain) {
        return ["\"", text.trim(), "\""].concat();
    }
    let shown = text.chars().filter_map(|c| {
        Some(match c {
            '"' => '\u{201d}',
            '\\' => '\u{2216}',
            '%' => '\u{ff05}',
            '#' => '\u{ff03}',
            '<' => '\u{2039}',
            '>' => '\u{203a}',
            '`' => '\u{2019}',
            c if c.is_whitespace() => ' ',
            c if c.is_control() || ('\u{fdd0}'..='\u{fdef}').contains(&c) => return None,
            c => c,
        })
    });
    let shown: String = shown.collect();
    ["\"", shown.trim(), "\""].concat()
}

/// A name or type of an attribute, which has no quotes: what it cannot hold is `_`.
pub fn word(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_()[]".contains(&byte);
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.bytes().all(is_plain) {
        return text.into();
    }
    let legal =
        |c: char| if is_xid_continue(c) && c <= '\u{ffff}' || "()[]".contains(c) { c } else { '_' };
    let word: String = text.chars().map(legal).collect();
    let starts = word.starts_with(|c: char| c == '_' || is_xid_start(c));
    if starts { word.into() } else { format!("_{word}").into() }
}

#[cfg(test)]
mod tests {
    use super::{text, word};

    #[test]
    fn what_mermaid_would_take_for_more() {
        assert_eq!(
            text("a\"\n%%{init}%% <b>#lt;"),
            "\"a\u{201d} \u{ff05}\u{ff05}{init}\u{ff05}\u{ff05} \u{2039}b\u{203a}\u{ff03}lt;\""
        );
        assert_eq!(word("double precision"), "double_precision");
        assert_eq!(word("numeric(10,2)[]"), "numeric(10_2)[]");
        assert_eq!(word("1st"), "_1st");
    }
}
