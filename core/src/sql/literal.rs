//! Literals: values and bodies as SQL text.
//!
//! In: text. Out: SQL that reads back as the same text, with `standard_conforming_strings` on (its
//! default since PostgreSQL 9.1), so that a backslash is an ordinary character.

/// `text` as a string literal: `'it''s'`.
pub fn quote_literal(text: &str) -> String {
    if text.contains('\'') {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        ["'", text, "'"].concat()
    }
}

/// What stands between the quotes of SQL that is one string literal and nothing else, its own quotes
/// doubled: `it''s`.
pub fn literal_content(sql: &str) -> Option<&str> {
    let inner = sql.strip_prefix('\'')?.strip_suffix('\'')?;
    let is_doubled = || !inner.replace("''", "").contains('\'');
    (!inner.contains('\'') || is_doubled()).then_some(inner)
}

/// `body` between dollar quotes whose tag does not occur in it: `$hint$…$hint$`, else `$hint1$…`. An
/// empty hint gives `$$` where the body allows. The hint must be a plain identifier.
pub fn dollar_quote(body: &str, hint: &str) -> String {
    let mut tag = format!("${hint}$");
    let mut number = 0_u32;
    // A body that ends in the tag's own beginning (`…$`, `…$fn`) would close too early.
    while occurs(body, &tag) {
        number += 1;
        let stem = if hint.is_empty() { "q" } else { hint };
        tag = format!("${stem}{number}$");
    }
    format!("{tag}{body}{tag}")
}

fn occurs(body: &str, tag: &str) -> bool {
    format!("{body}{tag}").find(tag) != Some(body.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_double_their_quotes_and_keep_backslashes() {
        assert_eq!(quote_literal("it's"), "'it''s'");
        assert_eq!(quote_literal(r"^\d+$"), r"'^\d+$'");
    }

    #[test]
    fn dollar_tags_avoid_the_body() {
        assert_eq!(dollar_quote("select 1", ""), "$$select 1$$");
        assert_eq!(dollar_quote("x $fn$ y", "fn"), "$fn1$x $fn$ y$fn1$");
        assert_eq!(dollar_quote("x$", ""), "$q1$x$$q1$");
        assert_eq!(dollar_quote("$q1$ $$", ""), "$q2$$q1$ $$$q2$");
        assert_eq!(dollar_quote("x$fn", "fn"), "$fn1$x$fn$fn1$");
    }
}
