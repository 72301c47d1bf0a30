//! One change of a text that leaves everything else as it is.
//!
//! In: a text and its tree, and where a value is to go. Out: the new text, or `None` where the place
//! cannot be written to: it is an alias, a merged map, a value of another kind. A new text is only given
//! away if it reads back as the old tree with that one change.

use smol_str::SmolStr;

use super::habits::{Habits, column, is_flow, line_end, line_start, next_line};
use super::value::{Printer, Value, below, of_kind};
use crate::grammar::Key;
use crate::source::FileId;
use crate::syntax::{self, Entry, Node, NodeKind, Scalar, ScalarKind, ScalarStyle};

/// A step from a node to one below it.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// A key of the language. A new one is placed behind those of `before`.
    Key { name: &'static str, before: &'static [Key] },
    /// A name that the user chose.
    Name(SmolStr),
    /// A new item of a list: before the item of this index, or at the end.
    Item(Option<usize>),
}

/// A change.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// A new entry or item at the path; what lies between and is missing is made.
    Insert(Vec<Step>, Value),
    /// Another value for the scalar at the path.
    Replace(Vec<Step>, Value),
}

/// `text` after `change`.
pub(super) fn apply(text: &str, change: &Change) -> Option<String> {
    let (root, findings) = syntax::parse(FileId::new(0), text);
    if findings.has_errors() {
        return None;
    }
    let habits = Habits::of(text, &root);
    let editor = Editor { text, root: &root, habits: &habits };
    let new = match change {
        Change::Insert(path, value) => editor.insert(path, value)?,
        Change::Replace(path, value) => editor.replace(path, value)?,
    };
    let mut expected = root.clone();
    graft(&mut expected, change)?;
    let (found, findings) = syntax::parse(FileId::new(0), &new);
    (!findings.has_errors() && says_the_same(&expected, &found)).then_some(new)
}

struct Editor<'a> {
    text: &'a str,
    root: &'a Node,
    habits: &'a Habits,
}

/// The last node of a path that exists.
struct Place<'a> {
    node: &'a Node,
    /// The column of its key; none for the root.
    key_column: Option<usize>,
    /// Whether it lies in brackets.
    in_flow: bool,
    /// How many steps lead to it.
    depth: usize,
}

impl<'a> Editor<'a> {
    fn insert(&self, path: &[Step], value: &Value) -> Option<String> {
        let place = self.walk(path)?;
        let step = path.get(place.depth)?;
        let value = wrap(path.get(place.depth + 1..)?, value);
        let pattern = path.get(..=place.depth)?;
        let siblings =
            if matches!(step, Step::Key { .. }) { Vec::new() } else { below(place.node) };
        let alike = of_kind(&value, &siblings);
        let peers = if alike.is_empty() { peers(self.root, pattern) } else { alike };
        match &place.node.kind {
            NodeKind::Map(entries) if entries.is_empty() => self.fill(&place, step, &value, &peers),
            NodeKind::Seq(items) if items.is_empty() => self.fill(&place, step, &value, &peers),
            NodeKind::Scalar(Scalar { kind: ScalarKind::Null, .. }) => {
                self.fill(&place, step, &value, &peers)
            }
            NodeKind::Scalar(_) => None,
            NodeKind::Map(entries) => {
                let after = step.position(entries)? - 1;
                let spans = |entry: &Entry| (entry.key_span.range().start, end_of(entry));
                let ranges: Vec<_> = entries.iter().map(spans).collect();
                self.beside(&place, &ranges, after, step, &value, &peers)
            }
            NodeKind::Seq(items) => {
                let Step::Item(before) = step else { return None };
                let ranges: Vec<_> = items
                    .iter()
                    .map(|item| (item.span.range().start, item.span.range().end))
                    .collect();
                match before {
                    Some(0) => self.first_item(&place, items, &value),
                    Some(before) => self.beside(&place, &ranges, before - 1, step, &value, &peers),
                    None => self.beside(&place, &ranges, items.len() - 1, step, &value, &peers),
                }
            }
        }
    }

    fn replace(&self, path: &[Step], value: &Value) -> Option<String> {
        let place = self.walk(path)?;
        let is_scalar = matches!(place.node.kind, NodeKind::Scalar(_));
        let range = place.node.span.range();
        if !is_scalar || place.depth < path.len() || self.text.get(range.clone())?.contains('\n') {
            return None;
        }
        Some(self.spliced(&[(range.start, range.end, self.printer().inline(value))]))
    }

    /// As far as `path` leads; `None` where it leads into an alias or a merged map.
    fn walk(&self, path: &[Step]) -> Option<Place<'a>> {
        let mut place = Place { node: self.root, key_column: None, in_flow: false, depth: 0 };
        loop {
            let node = place.node;
            if self.text.as_bytes().get(node.span.range().start) == Some(&b'*') {
                return None;
            }
            let is_scalar = matches!(node.kind, NodeKind::Scalar(_));
            place.in_flow |= is_flow(self.text, node) && !is_scalar && !below(node).is_empty();
            let (NodeKind::Map(entries), Some(Step::Key { .. } | Step::Name(_))) =
                (&node.kind, path.get(place.depth))
            else {
                return Some(place);
            };
            let key = path.get(place.depth).and_then(Step::key)?;
            let Some(entry) = entries.iter().find(|entry| entry.key == key) else {
                return Some(place);
            };
            if !(node.span.start <= entry.key_span.start && entry.key_span.end <= node.span.end) {
                return None;
            }
            place.key_column = Some(column(self.text, entry.key_span.range().start));
            place.node = &entry.value;
            place.depth += 1;
        }
    }

    /// The first entry or item of what is empty.
    fn fill(
        &self,
        place: &Place<'_>,
        step: &Step,
        value: &Value,
        peers: &[&Node],
    ) -> Option<String> {
        let range = place.node.span.range();
        let filled = match step.key() {
            Some(key) => Value::Map(vec![(SmolStr::new(key), value.clone())]),
            None => Value::List(vec![value.clone()]),
        };
        let inside = self.printer().inline(&filled);
        if place.in_flow {
            return Some(self.spliced(&[(range.start, range.end, format!(" {inside}"))]));
        }
        let Some(key_column) = place.key_column else {
            if !range.is_empty() {
                return Some(self.spliced(&[(range.start, range.end, inside)]));
            }
            let at = self.text.len();
            let is_new_line = self.text.is_empty() || self.text.ends_with(['\n', '\u{feff}']);
            let before = if is_new_line { "" } else { self.habits.line_break };
            let lines = self.indented(&self.entry(step, value, peers, 0, false), 0);
            return Some(self.spliced(&[(
                at,
                at,
                format!("{before}{lines}{}", self.habits.line_break),
            )]));
        };
        let indent = match step {
            Step::Item(_) => self.habits.dash_indent,
            Step::Key { .. } | Step::Name(_) => self.habits.indent,
        };
        // A short list stays where it was.
        if matches!((step, value), (Step::Item(_), Value::Text(_))) && !range.is_empty() {
            return Some(self.spliced(&[(range.start, range.end, inside)]));
        }
        let column = key_column + indent;
        let lines = self.indented(&self.entry(step, value, peers, column, false), column);
        let before = self.text.get(..range.start)?.trim_end_matches([' ', '\t']).len();
        let end = line_end(self.text, range.end);
        let below = format!("{}{lines}", self.habits.line_break);
        Some(self.spliced(&[(before, range.end, String::new()), (end, end, below)]))
    }

    /// A new entry or item behind the one of index `after`; `ranges` are those that there are.
    fn beside(
        &self,
        place: &Place<'_>,
        ranges: &[(usize, usize)],
        after: usize,
        step: &Step,
        value: &Value,
        peers: &[&Node],
    ) -> Option<String> {
        let (start, end) = *ranges.get(after)?;
        let is_last = after + 1 == ranges.len();
        if is_flow(self.text, place.node) {
            return self.beside_in_flow(start, end, step, value, peers);
        }
        let column = match step {
            Step::Item(_) => self.dash_column(start)?,
            Step::Key { .. } | Step::Name(_) => column(self.text, start),
        };
        let lines = self.entry(step, value, peers, column, false);
        let mut at = line_end(self.text, end);
        if keeps_blank_lines(place.node, after) {
            at = self.after_blank_lines(at);
        }
        if is_last {
            at = self.after_own_comments(at, column);
        }
        let is_open = matches!(value, Value::Open(_)) && lines.len() > 1;
        let line_break = self.habits.line_break;
        let blank = if self.separates(ranges, is_open) { line_break } else { "" };
        let text = format!("{line_break}{blank}{}", self.indented(&lines, column));
        Some(self.spliced(&[(at, at, text)]))
    }

    fn beside_in_flow(
        &self,
        start: usize,
        end: usize,
        step: &Step,
        value: &Value,
        peers: &[&Node],
    ) -> Option<String> {
        let line = line_start(self.text, start);
        let stands_alone = self.text.get(line..start)?.trim().is_empty();
        if !stands_alone {
            let text = self.flow_entry(step, value);
            return Some(self.spliced(&[(end, end, format!(", {text}"))]));
        }
        let column = column(self.text, start);
        let lines = self.entry(step, value, peers, column, true);
        let lines = self.indented(&lines, column);
        let line_break = self.habits.line_break;
        let rest = self.text.get(end..line_end(self.text, end))?;
        let has_comma = rest.trim_start().starts_with(',');
        let closes = rest.trim_start().starts_with(['}', ']']);
        if closes {
            return Some(self.spliced(&[(end, end, format!(",{line_break}{lines}"))]));
        }
        let at = line_end(self.text, end);
        let (comma, last) = if has_comma { ("", ",") } else { (",", "") };
        let below = format!("{line_break}{lines}{last}");
        Some(self.spliced(&[(end, end, comma.to_owned()), (at, at, below)]))
    }

    fn first_item(&self, place: &Place<'_>, items: &[Node], value: &Value) -> Option<String> {
        let at = items.first()?.span.range().start;
        let text = self.printer().in_brackets(value);
        if is_flow(self.text, place.node) {
            return Some(self.spliced(&[(at, at, format!("{text}, "))]));
        }
        let column = self.dash_column(at)?;
        let line_break = self.habits.line_break;
        Some(self.spliced(&[(at, at, format!("{text}{line_break}{:column$}- ", ""))]))
    }

    /// The column of the dash before the item that begins at `start`.
    fn dash_column(&self, start: usize) -> Option<usize> {
        let before = self.text.get(line_start(self.text, start)..start)?;
        let indent = before.len() - before.trim_start_matches(' ').len();
        before.get(indent..)?.starts_with('-').then_some(indent)
    }

    fn after_blank_lines(&self, mut end: usize) -> usize {
        while let Some((start, next_end)) = next_line(self.text, end) {
            let is_last = next_end == self.text.len();
            if is_last || !self.text.get(start..next_end).is_some_and(|line| line.trim().is_empty())
            {
                break;
            }
            end = next_end;
        }
        end
    }

    /// Past the comments below the line that ends at `end`, as far as they are indented like its entry.
    fn after_own_comments(&self, end: usize, column: usize) -> usize {
        let (mut end, mut at) = (end, end);
        while let Some((start, next_end)) = next_line(self.text, at) {
            let line = self.text.get(start..next_end).unwrap_or_default();
            let content = line.trim_start_matches(' ');
            if content.starts_with('#') && line.len() - content.len() >= column {
                end = next_end;
            } else if !content.trim().is_empty() {
                break;
            }
            at = next_end;
        }
        end
    }

    /// Whether a blank line stands between neighbours here. Two neighbours show it; where there is only
    /// one, things that take several lines are set apart.
    fn separates(&self, ranges: &[(usize, usize)], is_open: bool) -> bool {
        let has_blank_line = |from: usize, to: usize| {
            let between = self.text.get(from..to).unwrap_or_default();
            between.split('\n').skip(1).any(|line| line.trim().is_empty())
                && between.matches('\n').count() > 1
        };
        let gaps: Vec<bool> = ranges
            .iter()
            .zip(ranges.iter().skip(1))
            .map(|((_, end), (start, _))| has_blank_line(*end, line_start(self.text, *start)))
            .collect();
        if gaps.is_empty() {
            let spans_lines = |(start, end): &(usize, usize)| {
                self.text.get(*start..*end).is_some_and(|text| text.contains('\n'))
            };
            return is_open && ranges.iter().all(spans_lines);
        }
        gaps.iter().filter(|blank| **blank).count() * 2 > gaps.len()
    }

    fn entry(
        &self,
        step: &Step,
        value: &Value,
        peers: &[&Node],
        column: usize,
        flow: bool,
    ) -> Vec<String> {
        let printer = self.printer();
        match (step.key(), flow) {
            (Some(key), false) => {
                printer.block(&format!("{}:", printer.key(key)), value, peers, column)
            }
            (Some(key), true) => {
                printer.flow(&format!("{}: ", printer.key(key)), value, peers, column)
            }
            (None, false) => printer.block("-", value, peers, column),
            (None, true) => printer.flow("", value, peers, column),
        }
    }

    fn flow_entry(&self, step: &Step, value: &Value) -> String {
        let printer = self.printer();
        let value_text = printer.in_brackets(value);
        step.key()
            .map_or_else(|| value_text.clone(), |key| format!("{}: {value_text}", printer.key(key)))
    }

    fn indented(&self, lines: &[String], column: usize) -> String {
        let lines: Vec<String> = lines.iter().map(|line| format!("{:column$}{line}", "")).collect();
        lines.join(self.habits.line_break)
    }

    const fn printer(&self) -> Printer<'a> {
        Printer { text: self.text, habits: self.habits }
    }

    /// The text with each range replaced; the ranges are in order.
    fn spliced(&self, edits: &[(usize, usize, String)]) -> String {
        let mut new = String::with_capacity(self.text.len() + 256);
        let mut at = 0;
        for (start, end, text) in edits {
            new.push_str(self.text.get(at..*start).unwrap_or_default());
            new.push_str(text);
            at = *end;
        }
        new.push_str(self.text.get(at..).unwrap_or_default());
        new
    }
}

impl Step {
    fn key(&self) -> Option<&str> {
        match self {
            Self::Key { name, .. } => Some(name),
            Self::Name(name) => Some(name),
            Self::Item(_) => None,
        }
    }

    /// Where a new entry goes among `entries`.
    fn position(&self, entries: &[Entry]) -> Option<usize> {
        match self {
            Self::Key { before, .. } => {
                let precedes = |entry: &Entry| before.iter().any(|key| key.name == entry.key);
                Some(entries.iter().rposition(precedes).map_or(entries.len(), |at| at + 1))
            }
            Self::Name(_) => Some(entries.len()),
            Self::Item(_) => None,
        }
    }
}

/// Where an entry ends; behind its colon where it has no value.
fn end_of(entry: &Entry) -> usize {
    entry.value.span.range().end.max(entry.key_span.range().end)
}

/// Whether the last scalar of the `index`-th child ends in blank lines that belong to it.
fn keeps_blank_lines(node: &Node, index: usize) -> bool {
    let mut last = below(node).get(index).copied();
    while let Some(node) = last {
        if let NodeKind::Scalar(scalar) = &node.kind {
            let is_block = matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded);
            return is_block && (scalar.text.ends_with("\n\n") || scalar.text == "\n");
        }
        last = below(node).last().copied();
    }
    false
}

/// The value that makes the rest of a path.
fn wrap(path: &[Step], value: &Value) -> Value {
    path.iter().rev().fold(value.clone(), |value, step| match step.key() {
        Some(key) => Value::Open(vec![(SmolStr::new(key), value)]),
        None => Value::List(vec![value]),
    })
}

/// The nodes at places like `path`: under the same keys, whatever the names.
fn peers<'n>(root: &'n Node, path: &[Step]) -> Vec<&'n Node> {
    path.iter().fold(vec![root], |nodes, step| {
        let step_down = |node: &'n Node| match step {
            Step::Key { name, .. } => node.get(name).into_iter().collect(),
            Step::Name(_) | Step::Item(_) => below(node),
        };
        nodes.into_iter().flat_map(step_down).collect()
    })
}

/// Makes the change in the tree, without places.
fn graft(root: &mut Node, change: &Change) -> Option<()> {
    let (path, value, is_new) = match change {
        Change::Insert(path, value) => (path, value, true),
        Change::Replace(path, value) => (path, value, false),
    };
    let mut node = root;
    for (depth, step) in path.iter().enumerate() {
        if matches!(node.kind, NodeKind::Scalar(Scalar { kind: ScalarKind::Null, .. })) {
            node.kind = if step.key().is_some() {
                NodeKind::Map(Vec::new())
            } else {
                NodeKind::Seq(Vec::new())
            };
        }
        match (&mut node.kind, step) {
            (NodeKind::Seq(items), Step::Item(before)) => {
                let at = before.unwrap_or(items.len());
                if at > items.len() {
                    return None;
                }
                items.insert(at, value.node());
                return Some(());
            }
            (NodeKind::Map(entries), Step::Key { .. } | Step::Name(_)) => {
                let key = step.key()?;
                let found = entries.iter().position(|entry| entry.key == key);
                if found.is_none() {
                    let value = wrap(path.get(depth + 1..)?, value).node();
                    let entry = Entry {
                        key: SmolStr::new(key),
                        key_kind: ScalarKind::Str,
                        key_span: value.span,
                        value,
                    };
                    if is_new {
                        entries.insert(step.position(entries)?, entry);
                    }
                    return is_new.then_some(());
                }
                node = &mut entries.get_mut(found?)?.value;
            }
            _ => return None,
        }
    }
    // The path was there already.
    if is_new {
        return None;
    }
    *node = value.node();
    Some(())
}

/// Whether two trees say the same, wherever and however it is written.
pub(super) fn says_the_same(a: &Node, b: &Node) -> bool {
    match (&a.kind, &b.kind) {
        (NodeKind::Scalar(a), NodeKind::Scalar(b)) => a.text == b.text && a.kind == b.kind,
        (NodeKind::Seq(a), NodeKind::Seq(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| says_the_same(a, b))
        }
        (NodeKind::Map(a), NodeKind::Map(b)) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| a.key == b.key && says_the_same(&a.value, &b.value))
        }
        (NodeKind::Scalar(_) | NodeKind::Seq(_) | NodeKind::Map(_), _) => false,
    }
}
