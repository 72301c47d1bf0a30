//! XML: text that stays text.

use std::borrow::Cow;
use std::fmt::Write;

/// Text for content and for attributes in double quotes. Characters that XML cannot hold are left out.
pub fn text(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !b"&<>\"".contains(&byte)) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let _ = match c {
            '&' => out.write_str("&amp;"),
            '<' => out.write_str("&lt;"),
            '>' => out.write_str("&gt;"),
            '"' => out.write_str("&quot;"),
            '\t' | '\n' => out.write_char(' '),
            '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{fffe}'
            | '\u{ffff}' => Ok(()),
            c => out.write_char(c),
        };
    }
    out.into()
}

#[cfg(test)]
mod tests {
    #[test]
    fn text() {
        assert_eq!(super::text("</text>\"&\u{0}\n'"), "&lt;/text&gt;&quot;&amp; '");
    }
}
