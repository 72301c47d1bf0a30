//! Markdown: text that stays text, code, tables and anchors, as prettier leaves them.

use std::borrow::Cow;
use std::fmt::Write;

use smol_str::{SmolStr, SmolStrBuilder};
use unicode_ident::is_xid_continue;

use super::layout::{push_spaces, width};

/// Prose on one line, of which nothing is markup, a link, a mention or an entity.
pub fn text(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace().map(word).filter(|word| !word.is_empty()) {
        line.push_str(if line.is_empty() { "" } else { " " });
        line.push_str(&word);
    }
    // What would begin a list, a heading or a rule.
    let numbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
    if line.starts_with(['+', '-', '='])
        || (numbered.len() < line.len() && numbered.starts_with(['.', ')']))
    {
        let at = line.len()
            - if line.starts_with(['+', '-', '=']) { line.len() } else { numbered.len() };
        let (head, tail) = line.split_at(at);
        let mut rest = tail.chars();
        return match rest.next() {
            Some(mark) => format!("{head}&#{};{}", u32::from(mark), rest.as_str()),
            None => line,
        };
    }
    line
}

fn word(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b",;:'\"!?()".contains(&byte)) {
        return word.into();
    }
    let mut out = String::new();
    for c in word.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '*' => out.push_str("\\*"),
            '[' | ']' | '`' | '\\' | '|' | '~' | '$' | '#' | '@' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c if c.is_control() || ('\u{fdd0}'..='\u{fdef}').contains(&c) => {}
            c => out.push(c),
        }
    }
    if out.contains([':', '.']) {
        out = out.replace("://", "&#58;//").replace("www.", "www&#46;");
    }
    if !out.contains('_') {
        return out.into();
    }
    // Underscores within a word are themselves.
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let mut escaped = String::with_capacity(out.len());
    let mut rest = out.as_str();
    while let Some(at) = rest.find('_') {
        let (before, run) = rest.split_at(at);
        let after = run.trim_start_matches('_');
        escaped.push_str(before);
        let edge = is_edge(before.chars().next_back()) || is_edge(after.chars().next());
        let count = run.len() - after.len();
        escaped.push_str(&if edge { "\\_" } else { "_" }.repeat(count));
        rest = after;
    }
    escaped.push_str(rest);
    escaped.into()
}

/// Code within a line; nothing for no code.
pub fn code(text: &str) -> SmolStr {
    // Most code is a word.
    if !text.is_empty() && text.bytes().all(|byte| byte != b'`' && byte.is_ascii_graphic()) {
        return within("`", text);
    }
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        line.push_str(if line.is_empty() { "" } else { " " });
        line.push_str(word);
    }
    line.retain(|c| !c.is_control());
    if line.is_empty() {
        return line.into();
    }
    if !line.contains('`') {
        return within("`", &line);
    }
    let gap = if line.starts_with('`') || line.ends_with('`') { " " } else { "" };
    within(&fence(&line), &within(gap, &line))
}

fn within(mark: &str, text: &str) -> SmolStr {
    let mut out = SmolStrBuilder::with_capacity(text.len() + 2 * mark.len());
    out.push_str(mark);
    out.push_str(text);
    out.push_str(mark);
    out.finish()
}

/// The shortest run of backticks that the text does not hold.
fn fence(text: &str) -> String {
    let mut runs = Vec::new();
    for run in text.split(|c| c != '`').filter(|run| !run.is_empty()) {
        runs.push(run.len());
    }
    let is_free = |length: &usize| !runs.contains(length);
    "`".repeat((1..=runs.len() + 1).find(is_free).unwrap_or(1))
}

/// A block of code.
pub fn block(language: &str, code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(3.max(longest + 1));
    let code = code.trim_matches('\n').replace('\r', "");
    format!("{fence}{language}\n{code}\n{fence}\n")
}

/// The widest cell that others are padded to: one long text must not make a thousand long lines.
const WIDEST: usize = 1_000;

/// Writes a table, its columns aligned. Cells are Markdown without line ends.
pub fn write_table(out: &mut String, head: &[&str], mut rows: Vec<Vec<SmolStr>>) {
    for cell in rows.iter_mut().flatten().filter(|cell| cell.contains('|')) {
        *cell = cell.replace('|', "\\|").into();
    }
    let widths: Vec<usize> = head
        .iter()
        .enumerate()
        .map(|(at, title)| {
            let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell));
            cells.chain([width(title), 3]).max().unwrap_or(3).min(WIDEST)
        })
        .collect();
    let line_width = widths.iter().map(|width| width + "| ".len() + 1).sum::<usize>() + 2;
    out.reserve(line_width * (rows.len() + 2));
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        out.push('|');
        for (cell, room) in cells.zip(&widths) {
            out.push(' ');
            out.push_str(cell);
            push_spaces(out, room.saturating_sub(width(cell)));
            out.push_str(" |");
        }
        out.push('\n');
    };
    line(&mut head.iter().copied());
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    line(&mut rule.iter().map(String::as_str));
    for row in &rows {
        line(&mut row.iter().map(SmolStr::as_str));
    }
}

/// Anchors of headings, as GitHub makes them: each once.
#[derive(Debug, Default)]
pub struct Anchors(std::collections::BTreeMap<String, usize>);

impl Anchors {
    /// The anchor of the next heading, whose text is `heading`.
    pub fn take(&mut self, heading: &str) -> String {
        let heading = heading.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let kept = |c: &char| c.is_alphanumeric() || is_xid_continue(*c) || matches!(c, '-' | ' ');
        let slug: String =
            heading.chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect();
        let mut chosen = slug.clone();
        while self.0.contains_key(&chosen) {
            let count = self.0.entry(slug.clone()).or_default();
            *count += 1;
            chosen = format!("{slug}-{count}");
        }
        self.0.insert(chosen.clone(), 0);
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::{Anchors, block, code, text, write_table};

    #[test]
    fn texts() {
        assert_eq!(text("<b> a_b _c_ *d*\n[x](y)"), "&lt;b&gt; a_b \\_c\\_ \\*d\\* &#91;x&#93;(y)");
        assert_eq!(text("- x"), "&#45; x");
        assert_eq!(text("12. x"), "12&#46; x");
        assert_eq!(text("https://x @me #1"), "https&#58;//x &#64;me &#35;1");
        assert_eq!(code("a `b`"), "`` a `b` ``");
        assert_eq!(code(" \n"), "");
        assert_eq!(block("sql", "```\nx"), "````sql\n```\nx\n````\n");
        let mut table = String::new();
        write_table(&mut table, &["a", "b"], vec![vec!["`x|y`".into(), "".into()]]);
        assert_eq!(table, "| a      | b   |\n| ------ | --- |\n| `x\\|y` |     |\n");
    }

    #[test]
    fn anchors() {
        let mut anchors = Anchors::default();
        assert_eq!(anchors.take("Order \"lines\""), "order-lines");
        assert_eq!(anchors.take("order lines"), "order-lines-1");
        assert_eq!(anchors.take("billing.x_y"), "billingx_y");
    }
}
