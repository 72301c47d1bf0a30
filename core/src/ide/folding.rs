//! Which lines an editor can fold.
//!
//! In: a text, YAML or JSON. Out: [`Fold`]s by lines. Works on indentation alone, so that folds stay while
//! the text is broken: what is deeper than a line goes with it, as do the items of a list that stand as
//! deep as its key.

/// Lines that can be folded into their first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// The line that stays, from 0.
    pub first: u32,
    /// The last line that is folded away.
    pub last: u32,
    /// What they are.
    pub kind: FoldKind,
}

/// What can be folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldKind {
    /// What belongs to a line.
    Block,
    /// Comments on lines of their own, one after the other.
    Comment,
    /// What stands between `# region` and `# endregion`.
    Region,
}

/// A line under which deeper ones may follow.
struct Open {
    line: u32,
    indent: usize,
    is_item: bool,
}

/// The folds of a text, by their first lines.
pub fn folds(text: &str) -> Vec<Fold> {
    let mut found = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut regions: Vec<u32> = Vec::new();
    let mut comments: Option<(u32, u32)> = None;
    // How deep the line is under which a block scalar stands: nothing in it is a comment.
    let mut scalar: Option<usize> = None;
    let mut last = 0;
    for (line, content) in (0..).zip(text.lines()) {
        let trimmed = content.trim_start();
        let indent = content.len() - trimmed.len();
        if trimmed.is_empty() {
            end_comments(&mut comments, &mut found);
            continue;
        }
        if scalar.is_some_and(|above| indent <= above) {
            scalar = None;
        }
        if let Some(comment) = trimmed.strip_prefix('#').filter(|_| scalar.is_none()) {
            match comment.split_whitespace().next() {
                Some("region") => regions.push(line),
                Some("endregion") => {
                    let region = |first| Fold { first, last: line, kind: FoldKind::Region };
                    found.extend(regions.pop().map(region));
                }
                _ => {
                    comments = Some((comments.map_or(line, |(first, _)| first), line));
                    continue;
                }
            }
            end_comments(&mut comments, &mut found);
            continue;
        }
        end_comments(&mut comments, &mut found);
        let is_item = trimmed == "-" || trimmed.starts_with("- ");
        while let Some(above) = open.pop_if(|above| {
            indent < above.indent || indent == above.indent && (above.is_item || !is_item)
        }) {
            close(&above, last, &mut found);
        }
        open.push(Open { line, indent, is_item });
        last = line;
        if scalar.is_none() && begins_scalar(trimmed) {
            scalar = Some(indent);
        }
    }
    end_comments(&mut comments, &mut found);
    for above in &open {
        close(above, last, &mut found);
    }
    crate::sort::by_key(&mut found, |fold| (fold.first, fold.last));
    found
}

fn close(open: &Open, last: u32, found: &mut Vec<Fold>) {
    if last > open.line {
        found.push(Fold { first: open.line, last, kind: FoldKind::Block });
    }
}

fn end_comments(comments: &mut Option<(u32, u32)>, found: &mut Vec<Fold>) {
    if let Some((first, last)) = comments.take().filter(|(first, last)| last > first) {
        found.push(Fold { first, last, kind: FoldKind::Comment });
    }
}

/// Whether a block scalar stands below: the last word is its sign, as `|` or `>-`.
fn begins_scalar(line: &str) -> bool {
    let line = line.split_once(" #").map_or(line, |(before, _)| before);
    let Some(word) = line.split_whitespace().next_back() else { return false };
    let Some(rest) = word.strip_prefix(['|', '>']) else { return false };
    word.len() < line.len() && rest.chars().all(|sign| matches!(sign, '+' | '-' | '0'..='9'))
}
