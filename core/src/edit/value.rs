//! What a new entry holds, and how it is written.
//!
//! In: a [`Value`], the file's habits, and its peers: values at like places, which it should look
//! like. Out: lines, the first without indentation.

use std::fmt::Write;

use smol_str::SmolStr;

use super::habits::{Habits, is_flow};
use crate::source::Span;
use crate::syntax::{Entry, Node, NodeKind, Scalar, ScalarKind, ScalarStyle, plain_kind};

/// What a new entry holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A text; quoted where it would be read as something else.
    Text(SmolStr),
    /// SQL, or a constant: `0` and `'0'` both stand as they are.
    Sql(SmolStr),
    /// `true` or `false`.
    Flag(bool),
    /// A list.
    List(Vec<Self>),
    /// A map, in braces where it is short.
    Map(Vec<(SmolStr, Self)>),
    /// A map, a line an entry.
    Open(Vec<(SmolStr, Self)>),
}

impl Value {
    /// The tree that it reads back as.
    pub(super) fn node(&self) -> Node {
        let scalar = |text: &str, kind| {
            let style = ScalarStyle::Plain;
            NodeKind::Scalar(Scalar { text: SmolStr::new(text), style, kind })
        };
        let kind = match self {
            Self::Text(text) => scalar(text, ScalarKind::Str),
            Self::Sql(text) => match plain_kind(text) {
                ScalarKind::Null if text != "null" => scalar(text, ScalarKind::Str),
                kind => scalar(text, kind),
            },
            Self::Flag(flag) => scalar(&flag.to_string(), ScalarKind::Bool(*flag)),
            Self::List(items) => NodeKind::Seq(items.iter().map(Self::node).collect()),
            Self::Map(entries) | Self::Open(entries) => {
                let entry = |(key, value): &(SmolStr, Self)| Entry {
                    key: key.clone(),
                    key_kind: ScalarKind::Str,
                    key_span: Span::NOWHERE,
                    value: value.node(),
                };
                NodeKind::Map(entries.iter().map(entry).collect())
            }
        };
        Node { span: Span::NOWHERE, kind }
    }
}

/// Writes values into `text`.
pub(super) struct Printer<'a> {
    pub text: &'a str,
    pub habits: &'a Habits,
}

impl Printer<'_> {
    /// The lines of an entry or item: `head` is `key:` or `-`.
    pub(super) fn block(
        &self,
        head: &str,
        value: &Value,
        peers: &[&Node],
        column: usize,
    ) -> Vec<String> {
        let inside = self.inline(value);
        let fits = column + head.chars().count() + 1 + inside.chars().count() <= self.habits.width;
        if !self.is_open(value, peers, fits) {
            return vec![format!("{head} {inside}")];
        }
        let is_item = head == "-";
        let indent = match value {
            Value::List(_) if !is_item => self.habits.dash_indent,
            _ if is_item => 2,
            _ => self.habits.indent,
        };
        let mut lines: Vec<String> = self
            .children(value, peers)
            .flat_map(|(head, child, peers)| self.block(&head, child, &peers, column + indent))
            .map(|line| format!("{:indent$}{line}", ""))
            .collect();
        if !is_item {
            lines.insert(0, head.to_owned());
        } else if let Some(first) = lines.first_mut() {
            *first = format!("- {}", first.trim_start());
        }
        lines
    }

    /// The lines of an entry or item inside of brackets: `head` is `key: `, or nothing.
    pub(super) fn flow(
        &self,
        head: &str,
        value: &Value,
        peers: &[&Node],
        column: usize,
    ) -> Vec<String> {
        let inside = self.in_brackets(value);
        let same = of_kind(value, peers);
        let is_wide = column + head.chars().count() + inside.chars().count() > self.habits.width;
        let breaks = if same.is_empty() {
            matches!(value, Value::Open(_)) && self.habits.quotes_keys
        } else {
            let wrapped = same.iter().filter(|peer| self.slice(peer).contains('\n')).count();
            wrapped * 2 > same.len()
        };
        let (open, close) = match value {
            Value::List(_) => ("[", "]"),
            Value::Map(_) | Value::Open(_) => ("{", "}"),
            Value::Text(_) | Value::Sql(_) | Value::Flag(_) => {
                return vec![format!("{head}{inside}")];
            }
        };
        if !breaks && !is_wide {
            return vec![format!("{head}{inside}")];
        }
        let indent = self.habits.indent;
        let mut lines = vec![format!("{head}{open}")];
        let children: Vec<_> = self.children(value, peers).collect();
        let count = children.len();
        for (index, (head, child, peers)) in children.into_iter().enumerate() {
            let head = if head == "-" { String::new() } else { format!("{head} ") };
            let mut inner = self.flow(&head, child, &peers, column + indent);
            if let Some(last) = inner.last_mut().filter(|_| index + 1 < count) {
                last.push(',');
            }
            lines.extend(inner.into_iter().map(|line| format!("{:indent$}{line}", "")));
        }
        lines.push(close.to_owned());
        lines
    }

    /// On one line, behind a key or a dash.
    pub(super) fn inline(&self, value: &Value) -> String {
        self.written(value, false)
    }

    /// On one line, inside of brackets.
    pub(super) fn in_brackets(&self, value: &Value) -> String {
        self.written(value, true)
    }

    fn written(&self, value: &Value, in_flow: bool) -> String {
        match value {
            Value::Text(text) => self.scalar(text, in_flow, true),
            Value::Sql(text) => self.scalar(text, in_flow, false),
            Value::Flag(flag) => flag.to_string(),
            Value::List(items) => {
                let items: Vec<String> =
                    items.iter().map(|item| self.written(item, true)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Map(entries) | Value::Open(entries) if entries.is_empty() => "{}".to_owned(),
            Value::Map(entries) | Value::Open(entries) => {
                let entry = |(key, value): &(SmolStr, Value)| {
                    format!("{}: {}", self.key(key), self.written(value, true))
                };
                let entries: Vec<String> = entries.iter().map(entry).collect();
                let space = self.habits.brace_space;
                format!("{{{space}{}{space}}}", entries.join(", "))
            }
        }
    }

    /// A key, quoted as the file's keys are.
    pub(super) fn key(&self, key: &str) -> String {
        if self.habits.quotes_keys || !is_plain(key, true) || plain_kind(key) != ScalarKind::Str {
            escaped(key)
        } else {
            key.to_owned()
        }
    }

    /// A scalar; inside of brackets more characters need quotes.
    pub(super) fn scalar(&self, text: &str, in_flow: bool, is_text: bool) -> String {
        let kind = plain_kind(text);
        let reads_alike = if is_text {
            kind == ScalarKind::Str && !is_word_of_yaml_1_1(text)
        } else {
            kind != ScalarKind::Null || text == "null"
        };
        let is_bare_kind = !is_text && kind != ScalarKind::Str;
        let wants_quotes = self.habits.quotes_texts && !is_bare_kind;
        if reads_alike && is_plain(text, in_flow) && !wants_quotes {
            return text.to_owned();
        }
        if self.habits.quotes_keys { escaped(text) } else { quoted(text, self.habits.quote) }
    }

    /// Whether a value gets lines of its own.
    fn is_open(&self, value: &Value, peers: &[&Node], fits: bool) -> bool {
        let (is_empty, default) = match value {
            Value::Text(_) | Value::Sql(_) | Value::Flag(_) => return false,
            Value::List(items) => {
                let is_leaf = |item: &Value| matches!(item, Value::Text(_) | Value::Sql(_));
                (items.is_empty(), !items.iter().all(is_leaf))
            }
            Value::Map(entries) => (entries.is_empty(), false),
            Value::Open(entries) => (entries.is_empty(), true),
        };
        let same = of_kind(value, peers);
        if is_empty {
            return false;
        }
        if same.is_empty() {
            return default || !fits;
        }
        let open = same.iter().filter(|peer| !is_flow(self.text, peer)).count();
        open * 2 > same.len() || !fits
    }

    /// The heads and values below `value`, each with the peers that it has below `peers`.
    fn children<'v, 'n>(
        &self,
        value: &'v Value,
        peers: &[&'n Node],
    ) -> impl Iterator<Item = (String, &'v Value, Vec<&'n Node>)> {
        let children: Vec<_> = match value {
            Value::Text(_) | Value::Sql(_) | Value::Flag(_) => Vec::new(),
            Value::List(items) => items
                .iter()
                .map(|item| {
                    ("-".to_owned(), item, peers.iter().flat_map(|peer| below(peer)).collect())
                })
                .collect(),
            Value::Map(entries) | Value::Open(entries) => entries
                .iter()
                .map(|(key, child)| {
                    let named: Vec<&Node> = peers.iter().filter_map(|peer| peer.get(key)).collect();
                    let all = || peers.iter().flat_map(|peer| below(peer)).collect();
                    (
                        format!("{}:", self.key(key)),
                        child,
                        if named.is_empty() { all() } else { named },
                    )
                })
                .collect(),
        };
        children.into_iter()
    }

    fn slice(&self, node: &Node) -> &str {
        self.text.get(node.span.range()).unwrap_or_default()
    }
}

/// The values below a node.
pub(super) fn below(node: &Node) -> Vec<&Node> {
    match &node.kind {
        NodeKind::Scalar(_) => Vec::new(),
        NodeKind::Seq(items) => items.iter().collect(),
        NodeKind::Map(entries) => entries.iter().map(|entry| &entry.value).collect(),
    }
}

/// The peers that are lists where `value` is one, and maps where it is one.
pub(super) fn of_kind<'n>(value: &Value, peers: &[&'n Node]) -> Vec<&'n Node> {
    let is_alike = |peer: &&&Node| match value {
        Value::Text(_) | Value::Sql(_) | Value::Flag(_) => matches!(peer.kind, NodeKind::Scalar(_)),
        Value::List(_) => matches!(&peer.kind, NodeKind::Seq(items) if !items.is_empty()),
        Value::Map(_) | Value::Open(_) => {
            matches!(&peer.kind, NodeKind::Map(entries) if !entries.is_empty())
        }
    };
    peers.iter().filter(is_alike).copied().collect()
}

/// Whether `text` can stand without quotes, inside of brackets or outside.
pub(super) fn is_plain(text: &str, in_flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let second = text.chars().nth(1);
    let begins = match first {
        ',' | '[' | ']' | '{' | '}' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
        | '@' | '`' => false,
        '-' | '?' | ':' => {
            second.is_some_and(|next| !next.is_whitespace() && next != ',' && next != '-')
        }
        _ => true,
    };
    let brackets = [',', '[', ']', '{', '}'];
    let is_unsafe = |c: char| c.is_control() || is_invisible(c);
    begins
        && text.trim() == text
        && !text.contains(is_unsafe)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !text.starts_with("...")
        && !(in_flow && (text.contains(brackets) || text.contains(":\"") || text.contains(":'")))
}

/// Words that YAML 1.1 reads as true or false.
pub(super) fn is_word_of_yaml_1_1(text: &str) -> bool {
    ["y", "n", "yes", "no", "on", "off"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// `text` in quotes: in `habit`, or in the other where that needs no escapes.
fn quoted(text: &str, habit: char) -> String {
    let needs_escapes = text.contains(|c: char| c.is_control() || is_invisible(c));
    let prefers_single = habit == '\'' || text.contains(['"', '\\']);
    if !needs_escapes && !text.contains('\'') && prefers_single {
        return format!("'{text}'");
    }
    escaped(text)
}

/// `text` in double quotes, as JSON reads it too.
fn escaped(text: &str) -> String {
    let mut written = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            '\r' => written.push_str("\\r"),
            c if c.is_control() || is_invisible(c) => {
                let _ = write!(written, "\\u{:04X}", c as u32);
            }
            c => written.push(c),
        }
    }
    written.push('"');
    written
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}')
}
