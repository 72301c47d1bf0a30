//! Markdown: text that stays text, code, tables and anchors, as prettier leaves them.

use std::fmt::Write;

use unicode_ident::is_xid_continue;

use super::layout::width;

/// Prose on one line, of which nothing is markup, a link, a mention or an entity.
pub fn text(text: &str) -> String {
    let words: Vec<String> =
        text.split_whitespace().map(word).filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
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

fn word(word: &str) -> String {
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
    let out = out.replace("://", "&#58;//").replace("www.", "www&#46;");
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
    escaped
}

/// Code within a line; nothing for no code.
pub fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    if text.is_empty() {
        return String::new();
    }
    let fence = fence(&text);
    let gap = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
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

/// A table, its columns aligned. Cells are Markdown without line ends.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let escaped = |cell: &str| cell.replace('|', "\\|");
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| escaped(cell)).collect()).collect();
    let widths: Vec<usize> = head
        .iter()
        .enumerate()
        .map(|(at, title)| {
            let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell));
            cells.chain([width(title), 3]).max().unwrap_or(3).min(WIDEST)
        })
        .collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| -> String {
        let padded = cells.zip(&widths).map(|(cell, room)| {
            format!(" {cell}{} |", " ".repeat(room.saturating_sub(width(cell))))
        });
        format!("|{}\n", padded.collect::<String>())
    };
    let mut out = line(&mut head.iter().copied());
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    out.push_str(&line(&mut rule.iter().map(String::as_str)));
    for row in &rows {
        out.push_str(&line(&mut row.iter().map(String::as_str)));
    }
    out
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
    use super::{Anchors, block, code, table, text};

    #[test]
    fn texts() {
        assert_eq!(text("<b> a_b _c_ *d*\n[x](y)"), "&lt;b&gt; a_b \\_c\\_ \\*d\\* &#91;x&#93;(y)");
        assert_eq!(text("- x"), "&#45; x");
        assert_eq!(text("12. x"), "12&#46; x");
        assert_eq!(text("https://x @me #1"), "https&#58;//x &#64;me &#35;1");
        assert_eq!(code("a `b`"), "`` a `b` ``");
        assert_eq!(code(" \n"), "");
        assert_eq!(block("sql", "```\nx"), "````sql\n```\nx\n````\n");
        assert_eq!(
            table(&["a", "b"], &[vec!["`x|y`".into(), String::new()]]),
            "| a      | b   |\n| ------ | --- |\n| `x\\|y` |     |\n"
        );
    }

    #[test]
    fn anchors() {
        let mut anchors = Anchors::default();
        assert_eq!(anchors.take("Order \"lines\""), "order-lines");
        assert_eq!(anchors.take("order lines"), "order-lines-1");
        assert_eq!(anchors.take("billing.x_y"), "billingx_y");
    }
}
