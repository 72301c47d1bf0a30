//! YAML as people mostly write it, read in one pass.
//!
//! In: a text. Out: the tree that `yaml.rs` makes of it by the library's events, or none. None is no
//! finding: whatever is rarer (anchors, tags, tabs, texts over several lines, documents, duplicate keys)
//! or wrong is left to the library, which reads the text from its beginning. So this reader may decline
//! what it likes, and must never read what the library reads otherwise; a property test holds the two
//! against each other.

use std::ops::Range;

use smol_str::SmolStr;

use super::core_schema::plain_kind;
use super::scalar::decode_escape;
use super::yaml::duplicates;
use super::{Entry, Node, NodeKind, Scalar, ScalarKind, ScalarStyle};
use crate::limits;
use crate::source::{FileId, Span};

/// What is given each entry of the root's maps, and the key of its map.
pub type Each<'e> = &'e mut dyn FnMut(&str, &mut Entry);

/// The tree of `text`, the text of `file`, if all of it is written in the usual way.
pub fn parse_quickly(file: FileId, text: &str) -> Option<Node> {
    parse_each(file, text, &mut |_, _| {})
}

/// The same, of which `each` may have taken what it likes.
pub(super) fn parse_each(file: FileId, text: &str, each: Each<'_>) -> Option<Node> {
    parse(file, text, 0..text.len(), 0, each)
}

/// The tree of whole lines of `text`, as if no others were there, below so many levels.
pub fn parse_part(file: FileId, text: &str, lines: Range<usize>, depth: usize) -> Option<Node> {
    parse(file, text, lines, depth, &mut |_, _| {})
}

fn parse(
    file: FileId,
    text: &str,
    lines: Range<usize>,
    depth: usize,
    each: Each<'_>,
) -> Option<Node> {
    if text.len() > limits::SOURCE_BYTES {
        return None;
    }
    let (at, text) = (lines.start, text.get(..lines.end)?);
    let part = text.get(at..)?;
    if !is_usual(part) {
        return None;
    }
    let (section, order) = (SmolStr::default(), Vec::new());
    let mut reader = Reader { file, text, at, column: None, depth, order, section, each };
    reader.next_content();
    let root = reader.block(reader.column?, Above::Nothing)?;
    reader.column.is_none().then_some(root)
}

/// Whether there is neither a control character but line breaks, nor a byte order mark. Nearly no text has a byte
/// that such a mark begins with, so one pass tells.
fn is_usual(text: &str) -> bool {
    let plain = |byte: &u8| matches!(byte, b'\n' | b' '..=b'~' | 0x80..=0xee | 0xf0..);
    is_made_of(text, plain)
        || is_made_of(text, |byte| plain(byte) || *byte == 0xef) && !text.contains('\u{feff}')
}

/// Whether each byte is one of these. Looks at many bytes at once.
fn is_made_of(text: &str, these: impl Fn(&u8) -> bool) -> bool {
    text.as_bytes().chunks(256).all(|chunk| chunk.iter().fold(true, |all, byte| all & these(byte)))
}

/// What a value stands in: which column its further lines must be right of.
#[derive(Clone, Copy)]
enum Above {
    /// It is the root.
    Nothing,
    /// A list or map in lines, at this column.
    Column(usize),
}

impl Above {
    fn is_left_of(self, column: usize) -> bool {
        match self {
            Self::Nothing => true,
            Self::Column(above) => above < column,
        }
    }
}

struct Reader<'t, 'e> {
    file: FileId,
    text: &'t str,
    /// The next byte.
    at: usize,
    /// Between values, the column of what comes next, which `at` points to; none at the end.
    column: Option<usize>,
    depth: usize,
    /// Scratch for finding duplicate keys.
    order: Vec<u32>,
    /// The key of the root's map that is being read.
    section: SmolStr,
    each: Each<'e>,
}

/// Bytes that no plain text begins with.
const INDICATORS: [bool; 256] = which(b"-?:,[]{}#&*!|>'\"%@` ");

/// Bytes that may end a plain text.
const MAY_END: [bool; 256] = which(b"\n:#,[]{}");

/// Of each byte, whether it is among these: quicker to ask than a list.
#[expect(clippy::indexing_slicing, reason = "a byte is less than 256")]
const fn which(mut bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    while let [byte, rest @ ..] = bytes {
        table[*byte as usize] = true;
        bytes = rest;
    }
    table
}

fn is_among(table: &[bool; 256], byte: u8) -> bool {
    table.get(usize::from(byte)) == Some(&true)
}

impl<'t> Reader<'t, '_> {
    /// The byte `ahead` of the next one; a line break behind the end.
    fn peek(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(b'\n')
    }

    fn from(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start as u32..end as u32)
    }

    /// Steps over spaces, and says how many.
    fn spaces(&mut self) -> usize {
        let start = self.at;
        while self.peek(0) == b' ' {
            self.at += 1;
        }
        self.at - start
    }

    /// Steps over the rest of the line and its break.
    fn skip_line(&mut self) {
        let rest = self.rest();
        self.at += rest.find('\n').map_or(rest.len(), |end| end + 1);
    }

    /// From the start of a line to the next content, which is nothing between documents.
    fn next_content(&mut self) -> Option<()> {
        loop {
            let column = self.spaces();
            match self.peek(0) {
                b'\n' if self.at >= self.text.len() => {
                    self.column = None;
                    return Some(());
                }
                b'\n' => self.at += 1,
                b'#' => self.skip_line(),
                b'-' | b'.' if column == 0 && self.is_between_documents() => return None,
                _ => {
                    self.column = Some(column);
                    return Some(());
                }
            }
        }
    }

    fn is_between_documents(&self) -> bool {
        ["---", "..."].iter().any(|mark| self.rest().starts_with(mark))
    }

    /// Whether nothing but a comment, `spaces` behind what came before, is left of the line.
    fn at_line_end(&self, spaces: usize) -> bool {
        match self.peek(0) {
            b'\n' => true,
            b'#' => spaces > 0,
            _ => false,
        }
    }

    /// Behind a value that ends its line, to the next content.
    fn end_line(&mut self) -> Option<()> {
        let spaces = self.spaces();
        if !self.at_line_end(spaces) {
            return None;
        }
        self.skip_line();
        self.next_content()
    }

    /// Whether a dash that opens a list's item comes next.
    fn at_dash(&self) -> bool {
        self.peek(0) == b'-' && matches!(self.peek(1), b' ' | b'\n')
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth += 1;
        if self.depth > limits::TREE_DEPTH {
            return None;
        }
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// What begins at `column`, the first on its line or behind a dash.
    fn block(&mut self, column: usize, above: Above) -> Option<Node> {
        if self.at_dash() {
            return self.nested(|it| it.list(column));
        }
        if matches!(self.peek(0), b'[' | b'{') {
            let node = self.flow(above)?;
            self.end_line()?;
            return Some(node);
        }
        self.nested(|it| it.map(column))
    }

    fn list(&mut self, column: usize) -> Option<Node> {
        let start = self.at;
        let mut items: Vec<Node> = Vec::new();
        while self.column == Some(column) && self.at_dash() {
            let dash = self.at;
            self.at += 1;
            let spaces = self.spaces();
            let item = if self.at_line_end(spaces) {
                self.skip_line();
                self.next_content()?;
                let below = self.column.filter(|below| *below > column)?;
                self.block(below, Above::Column(column))?
            } else {
                let inner = column + (self.at - dash);
                if self.at_dash() || self.is_key() {
                    self.column = Some(inner);
                    self.block(inner, Above::Column(column))?
                } else {
                    self.inline(column)?
                }
            };
            items.push(item);
        }
        let end = items.last().map_or(start, |item| item.span.end as usize);
        Some(Node { span: self.span(start, end), kind: NodeKind::Seq(items) })
    }

    /// Whether the line goes on with a key. What follows a list or map in brackets is not looked at.
    fn is_key(&self) -> bool {
        let line = self.rest().split('\n').next().unwrap_or_default();
        let colon = |text: &str| {
            text.starts_with(':') && matches!(text.as_bytes().get(1), None | Some(b' '))
        };
        match line.as_bytes().first() {
            Some(b'[' | b'{') => false,
            Some(quote @ (b'\'' | b'"')) => {
                let quote = char::from(*quote);
                line.get(1..)
                    .and_then(|text| text.split_once(quote))
                    .is_some_and(|(_, behind)| colon(behind))
            }
            _ => line.ends_with(':') || line.contains(": "),
        }
    }

    fn map(&mut self, column: usize) -> Option<Node> {
        let start = self.at;
        let mut end = start;
        let mut entries: Vec<Entry> = Vec::new();
        while self.column == Some(column) {
            let (key, key_span) = self.key(false)?;
            if self.peek(0) != b':' || !matches!(self.peek(1), b' ' | b'\n') {
                return None;
            }
            self.at += 1;
            if self.depth == 1 {
                self.section = key.text.clone();
            }
            let colon = self.at;
            let spaces = self.spaces();
            let value = if self.at_line_end(spaces) {
                self.skip_line();
                self.next_content()?;
                match self.column {
                    Some(below) if below > column => self.block(below, Above::Column(column))?,
                    Some(below) if below == column && self.at_dash() => {
                        self.nested(|it| it.list(column))?
                    }
                    _ => node(scalar(self.span(colon, colon), "", ScalarStyle::Plain)),
                }
            } else {
                self.inline(column)?
            };
            end = value.span.end as usize;
            let mut entry = Entry { key: key.text, key_kind: key.kind, key_span, value };
            if self.depth == 2 {
                (self.each)(&self.section, &mut entry);
            }
            entries.push(entry);
        }
        if entries.is_empty() || self.column.is_some_and(|next| next > column) {
            return None;
        }
        self.finish(start, end, entries)
    }

    fn finish(&mut self, start: usize, end: usize, entries: Vec<Entry>) -> Option<Node> {
        let is_unique = duplicates(&entries, &mut self.order).is_empty();
        is_unique.then(|| Node { span: self.span(start, end), kind: NodeKind::Map(entries) })
    }

    /// A key, up to its colon; none where it is a merge key.
    fn key(&mut self, in_flow: bool) -> Option<(Scalar, Span)> {
        let start = self.at;
        let (key, span) = self.line(in_flow)?;
        // A longer key is none, by the specification.
        (self.at - start <= 1000 && key.text != "<<").then_some((key, span))
    }

    /// A text on one line, plain or in quotes.
    fn line(&mut self, in_flow: bool) -> Option<(Scalar, Span)> {
        if matches!(self.peek(0), b'\'' | b'"') {
            return self.quoted();
        }
        let (text, span) = self.plain(in_flow)?;
        Some(scalar(span, text, ScalarStyle::Plain))
    }

    /// A value on the line of its key or dash, in a list or map at `column`; then to the next content.
    fn inline(&mut self, column: usize) -> Option<Node> {
        let node = match self.peek(0) {
            b'[' | b'{' => self.flow(Above::Column(column))?,
            b'\'' | b'"' => node(self.quoted()?),
            b'|' | b'>' => return self.text_block(column),
            _ => {
                let node = node(self.line(false)?);
                self.end_line()?;
                // A text over several lines.
                return self.column.is_none_or(|next| next <= column).then_some(node);
            }
        };
        self.end_line()?;
        Some(node)
    }

    /// A plain text on one line: up to a colon or comment, and in brackets up to what ends an item. What
    /// ends it comes next, without the blanks before it.
    fn plain(&mut self, in_flow: bool) -> Option<(&'t str, Span)> {
        let start = self.at;
        let first = self.peek(0);
        if is_among(&INDICATORS, first) {
            let goes_on = self.peek(1).is_ascii_alphanumeric();
            if !(matches!(first, b'-' | b'?' | b':') && goes_on) {
                return None;
            }
        }
        let bytes = self.text.as_bytes().get(start..).unwrap_or_default();
        let ends = |at: usize, byte: u8| match byte {
            b'\n' => true,
            b':' => match bytes.get(at + 1) {
                None | Some(b' ' | b'\n') => true,
                Some(b',' | b'[' | b']' | b'{' | b'}') => in_flow,
                Some(_) => false,
            },
            b'#' => at > 0 && bytes.get(at - 1) == Some(&b' '),
            _ => in_flow,
        };
        let mut marks = bytes.iter().enumerate().filter(|(_, byte)| is_among(&MAY_END, **byte));
        let length = marks.find(|(at, byte)| ends(*at, **byte)).map_or(bytes.len(), |(at, _)| at);
        let is_text = |byte: &u8| *byte != b' ';
        let length = bytes.get(..length)?.iter().rposition(is_text).map_or(0, |last| last + 1);
        let text = self.text.get(start..start + length)?;
        // The library takes a dash before a comma or bracket for an item.
        if in_flow && text.ends_with('-') {
            return None;
        }
        self.at = start + text.len();
        Some((text, self.span(start, self.at)))
    }

    /// A quoted text on one line, with the usual escapes.
    fn quoted(&mut self) -> Option<(Scalar, Span)> {
        let start = self.at;
        let quote = self.peek(0);
        let style =
            if quote == b'"' { ScalarStyle::DoubleQuoted } else { ScalarStyle::SingleQuoted };
        let mut decoded = String::new();
        let mut copied = start + 1;
        self.at += 1;
        loop {
            match self.peek(0) {
                b'\n' => return None,
                b'\\' if quote == b'"' => {
                    decoded.push_str(self.from(copied));
                    let (escaped, length) = match self.peek(1) {
                        escaped @ (b'"' | b'\\' | b'/') => (char::from(escaped), 2),
                        b'n' => ('\n', 2),
                        b't' => ('\t', 2),
                        b'u' => decode_escape(self.text.get(self.at..)?)?,
                        _ => return None,
                    };
                    decoded.push(escaped);
                    self.at += length;
                    copied = self.at;
                }
                byte if byte != quote => self.at += 1,
                b'\'' if self.peek(1) == b'\'' => {
                    self.at += 1;
                    decoded.push_str(self.from(copied));
                    self.at += 1;
                    copied = self.at;
                }
                _ => break,
            }
        }
        let tail = self.from(copied);
        self.at += 1;
        let span = self.span(start, self.at);
        if decoded.is_empty() {
            return Some(scalar(span, tail, style));
        }
        decoded.push_str(tail);
        Some(scalar(span, decoded, style))
    }

    /// To the next thing in brackets that stand in `above`, over line breaks and comments. Behind an
    /// item, the closing bracket may stand right below the key that the opening one stands behind.
    fn flow_space(&mut self, above: Above, behind_item: bool) -> Option<()> {
        let spaces = self.spaces();
        if !self.at_line_end(spaces) {
            return Some(());
        }
        self.skip_line();
        self.next_content()?;
        let closes = behind_item && matches!(self.peek(0), b']' | b'}');
        self.column.is_some_and(|at| above.is_left_of(at + usize::from(closes))).then_some(())
    }

    fn flow(&mut self, above: Above) -> Option<Node> {
        let start = self.at;
        let is_map = self.peek(0) == b'{';
        let close = if is_map { b'}' } else { b']' };
        self.at += 1;
        self.nested(|it| {
            let mut items: Vec<Node> = Vec::new();
            let mut entries: Vec<Entry> = Vec::new();
            loop {
                it.flow_space(above, false)?;
                // Where a list or map with a comma at its end stands, the library says otherwise.
                if it.peek(0) == close && items.is_empty() && entries.is_empty() {
                    break;
                }
                if is_map {
                    let (key, key_span) = it.key(true)?;
                    if it.peek(0) != b':' || it.peek(1) != b' ' {
                        return None;
                    }
                    it.at += 1;
                    it.flow_space(above, false)?;
                    let value = it.flow_value(above)?;
                    entries.push(Entry { key: key.text, key_kind: key.kind, key_span, value });
                } else {
                    items.push(it.flow_value(above)?);
                }
                it.flow_space(above, true)?;
                match it.peek(0) {
                    b',' => it.at += 1,
                    byte if byte == close => break,
                    _ => return None,
                }
            }
            it.at += 1;
            if is_map {
                return it.finish(start, it.at, entries);
            }
            Some(Node { span: it.span(start, it.at), kind: NodeKind::Seq(items) })
        })
    }

    fn flow_value(&mut self, above: Above) -> Option<Node> {
        match self.peek(0) {
            b'[' | b'{' => self.flow(above),
            _ => self.line(true).map(node),
        }
    }

    /// A literal text, or a folded one whose lines are one paragraph, in a list or map at `column`; then
    /// to the next content.
    fn text_block(&mut self, column: usize) -> Option<Node> {
        let is_folded = self.peek(0) == b'>';
        self.at += 1;
        let strips = self.peek(0) == b'-';
        self.at += usize::from(strips);
        let spaces = self.spaces();
        if !self.at_line_end(spaces) {
            return None;
        }
        self.skip_line();
        let first = self.at;
        let indent = self.spaces();
        if self.peek(0) == b'\n' || indent <= column {
            return None;
        }
        let start = self.at;
        self.at = first;
        let mut text = String::new();
        let next = loop {
            let line = self.at;
            let spaces = self.spaces();
            let is_blank = self.peek(0) == b'\n';
            if is_blank && self.at >= self.text.len() {
                // What blanks at the very end mean is the library's to say.
                if spaces > 0 {
                    return None;
                }
                break None;
            }
            if !is_blank && spaces < indent {
                break Some(spaces);
            }
            if is_folded && (is_blank || spaces > indent) {
                return None;
            }
            self.skip_line();
            let content = self.from(line + indent.min(spaces));
            // The library adds the line break that the last line lacks.
            text.push_str(content.strip_suffix('\n')?);
            text.push(if is_folded { ' ' } else { '\n' });
        };
        let end = start + self.from(start).trim_end().len();
        if next.is_some_and(|next| next > column) {
            return None;
        }
        // What comes next may be a comment.
        self.at -= next.unwrap_or(0);
        self.next_content()?;
        if is_folded {
            text.pop();
        } else {
            text.truncate(text.trim_end_matches('\n').len());
        }
        if !strips {
            text.push('\n');
        }
        let style = if is_folded { ScalarStyle::Folded } else { ScalarStyle::Literal };
        Some(node(scalar(self.span(start, end), text, style)))
    }
}

fn scalar(span: Span, text: impl Into<SmolStr>, style: ScalarStyle) -> (Scalar, Span) {
    let text = text.into();
    let kind = match style {
        ScalarStyle::Plain => plain_kind(&text),
        _ => ScalarKind::Str,
    };
    (Scalar { text, style, kind }, span)
}

fn node((scalar, span): (Scalar, Span)) -> Node {
    Node { span, kind: NodeKind::Scalar(scalar) }
}
