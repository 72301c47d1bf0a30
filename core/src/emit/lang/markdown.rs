//! Markdown: text that stays text, code, tables and anchors, as prettier leaves them.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_ident::is_xid_continue;

use super::is_spaced;
use super::layout::{push_spaces, width};

/// Prose on one line, of which nothing is markup, a link, a mention or an entity.
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_text(&mut out, text);
    out
}

/// Appends what [`text`] gives.
pub fn push_text(out: &mut String, text: &str) {
    let start = out.len();
    for word in text.split_whitespace().map(word).filter(|word| !word.is_empty()) {
        out.push_str(if out.len() == start { "" } else { " " });
        out.push_str(&word);
    }
    // What would begin a list, a heading or a rule.
    let line = out.get(start..).unwrap_or_default();
    let behind = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - behind.len();
    let is_mark = match digits {
        0 => behind.starts_with(['+', '-', '=']),
        _ => behind.starts_with(['.', ')']),
    };
    if is_mark {
        let tail = out.split_off(start + digits);
        let mut rest = tail.chars();
        let mark = rest.next().map_or(0, u32::from);
        let _ = write!(out, "&#{mark};{}", rest.as_str());
    }
}

fn word(word: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b",;:'\"!?().".contains(&byte);
    let has_dot = || word.contains('.') && word.contains("www.");
    if word.bytes().all(is_plain) && !has_dot() {
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
pub fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_code(&mut out, text);
    out
}

/// Appends what [`code`] gives.
pub fn push_code(out: &mut String, text: &str) {
    if is_spaced(text) && !text.contains('`') {
        return out.extend(["`", text, "`"]);
    }
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        line.push_str(if line.is_empty() { "" } else { " " });
        line.push_str(word);
    }
    line.retain(|c| !c.is_control());
    let fence = fence(&line);
    let gap = if line.starts_with('`') || line.ends_with('`') { " " } else { "" };
    if !line.is_empty() {
        out.extend([&fence, gap, &line, gap, &fence]);
    }
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

/// A table under construction, cell by cell.
#[derive(Debug)]
pub struct Table<'a> {
    head: &'a [&'a str],
    /// How wide the columns are so far.
    widths: Vec<usize>,
    /// The cells of all rows, one behind the other, and of each where it ends and how wide it is.
    text: String,
    cells: Vec<(usize, usize)>,
}

impl<'a> Table<'a> {
    /// A table without rows.
    pub fn new(head: &'a [&'a str]) -> Self {
        let widths = head.iter().map(|title| width(title).max(3)).collect();
        Self { head, widths, text: String::with_capacity(512), cells: Vec::with_capacity(64) }
    }

    /// Adds a cell, which `write` writes: Markdown without line ends.
    pub fn cell(&mut self, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        self.end_cell(start);
    }

    fn end_cell(&mut self, start: usize) {
        let cell = self.text.get(start..).unwrap_or_default();
        let width = if cell.bytes().all(|byte| byte.is_ascii() && byte != b'|') {
            cell.len()
        } else {
            let cell = self.text.split_off(start).replace('|', "\\|");
            self.text.push_str(&cell);
            width(&cell)
        };
        let column = self.cells.len() % self.head.len();
        if let Some(widest) = self.widths.get_mut(column) {
            *widest = width.min(WIDEST).max(*widest);
        }
        self.cells.push((self.text.len(), width));
    }

    /// Writes the table behind an empty line, its columns aligned; nothing for no rows.
    pub fn write(&self, out: &mut String) {
        if self.cells.is_empty() {
            return;
        }
        let columns = self.head.len();
        let line_width = self.widths.iter().map(|width| width + "|  ".len()).sum::<usize>() + 2;
        out.reserve(line_width * (self.cells.len() / columns + 3));
        out.push_str("\n|");
        for (title, room) in self.head.iter().zip(&self.widths) {
            push_cell(out, title, room.saturating_sub(width(title)));
        }
        out.push_str("\n|");
        for room in &self.widths {
            out.push(' ');
            out.push_str(&"-".repeat(*room));
            out.push_str(" |");
        }
        let mut start = 0;
        for row in self.cells.chunks(columns) {
            out.push_str("\n|");
            for ((end, width), room) in row.iter().zip(&self.widths) {
                let cell = self.text.get(start..*end).unwrap_or_default();
                push_cell(out, cell, room.saturating_sub(*width));
                start = *end;
            }
        }
        out.push('\n');
    }
}

fn push_cell(out: &mut String, cell: &str, room: usize) {
    out.push(' ');
    out.push_str(cell);
    push_spaces(out, room);
    out.push_str(" |");
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
    use super::{Anchors, Table, block, code, text};

    #[test]
    fn texts() {
        assert_eq!(text("<b> a_b _c_ *d*\n[x](y)"), "&lt;b&gt; a_b \\_c\\_ \\*d\\* &#91;x&#93;(y)");
        assert_eq!(text("- x"), "&#45; x");
        assert_eq!(text("12. x"), "12&#46; x");
        assert_eq!(text("12 x. www.x"), "12 x. www&#46;x");
        assert_eq!(text("https://x @me #1"), "https&#58;//x &#64;me &#35;1");
        assert_eq!(code("a  b > 0 "), "`a b > 0`");
        assert_eq!(code("a `b`"), "`` a `b` ``");
        assert_eq!(code(" \n"), "");
        assert_eq!(block("sql", "```\nx"), "````sql\n```\nx\n````\n");
        let mut table = Table::new(&["a", "b"]);
        table.cell(|out| out.push_str("`x|y`"));
        table.cell(|_| {});
        let mut out = String::new();
        table.write(&mut out);
        assert_eq!(out, "\n| a      | b   |\n| ------ | --- |\n| `x\\|y` |     |\n");
    }

    #[test]
    fn anchors() {
        let mut anchors = Anchors::default();
        assert_eq!(anchors.take("Order \"lines\""), "order-lines");
        assert_eq!(anchors.take("order lines"), "order-lines-1");
        assert_eq!(anchors.take("billing.x_y"), "billingx_y");
    }
}
