//! The YAML library's events to a tree.
//!
//! In: one source. Out: a [`Node`] with exact places, and findings. The only file that drives
//! saphyr-parser. It never fails: where the text breaks off, the open lists and maps are closed and
//! what was read stays. Knows nothing of the DSL.

use saphyr_parser::{
    Event, Marker, Parser, ScalarStyle as LibraryStyle, ScanError, Span as Marks, Tag,
};
use smol_str::SmolStr;

use super::alias::{AliasError, Anchors, merged_entries};
use super::core_schema::{CoreTag, plain_kind};
use super::surrogates::{masked, restored};
use super::{Entry, Node, NodeKind, Scalar, ScalarKind, ScalarStyle, errors, place};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::limits;
use crate::sort;
use crate::source::{FileId, Span};

/// Reads `text`, the text of `file`, by the library's events. An empty source is a missing value.
pub fn parse_by_events(file: FileId, text: &str) -> (Node, Diagnostics) {
    let mut reader = Reader {
        file,
        text,
        offsets: place::Offsets::new(text),
        frames: Vec::new(),
        root: None,
        anchors: Anchors::default(),
        order: Vec::new(),
        diagnostics: Diagnostics::new(),
    };
    if text.len() > limits::SOURCE_BYTES {
        reader.diagnostics.push(errors::source_too_large(Span::new(file, 0..0), text.len()));
    } else {
        reader.read();
    }
    let root = reader.root.unwrap_or_else(|| missing(Span::new(file, 0..0)));
    (root, reader.diagnostics)
}

fn missing(span: Span) -> Node {
    Node { span, kind: NodeKind::NULL }
}

/// Reading cannot go on; the finding is already made.
struct Stop;

struct Key {
    text: SmolStr,
    kind: ScalarKind,
    span: Span,
    /// A plain `<<`.
    merge: bool,
}

/// What a key position holds while its value is awaited.
enum Pending {
    None,
    Key(Key),
    /// A list or a map stood there: reported, and its value is left out.
    Refused,
}

struct MapFrame {
    entries: Vec<Entry>,
    pending: Pending,
    /// The merge key: how many entries stood before it, its place, what it brings.
    merge: Option<(usize, Span, Vec<Entry>)>,
}

enum Container {
    Seq(Vec<Node>),
    Map(MapFrame),
}

/// A list or map that is still open.
struct Frame {
    container: Container,
    anchor: usize,
    start: usize,
    /// Where the last child ends.
    end: usize,
    /// Whether it is written in brackets.
    flow: bool,
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    offsets: place::Offsets<'t>,
    frames: Vec<Frame>,
    root: Option<Node>,
    anchors: Anchors,
    /// Scratch for finding duplicate keys.
    order: Vec<u32>,
    diagnostics: Diagnostics,
}

impl<'t> Reader<'t> {
    fn read(&mut self) {
        let text = masked(self.text);
        let mut parser = Parser::new_from_str(&text);
        let mut documents = 0;
        loop {
            let step = match parser.next_event() {
                None | Some(Ok((Event::StreamEnd, _))) => break,
                Some(Ok((Event::DocumentStart(_), marks))) => {
                    documents += 1;
                    if documents > 1 {
                        let span = self.span_of(marks);
                        self.report(errors::many_documents(span));
                        break;
                    }
                    Ok(())
                }
                Some(Ok((event, marks))) => self.event(event, marks),
                Some(Err(error)) => self.error(&error),
            };
            if step.is_err() {
                break;
            }
        }
        self.close_open();
    }

    fn event(&mut self, event: Event<'_>, marks: Marks) -> Result<(), Stop> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), marks)
            }
            Event::MappingStart(anchor, tag) => {
                let frame = MapFrame { entries: Vec::new(), pending: Pending::None, merge: None };
                self.open(Container::Map(frame), anchor, tag.as_deref(), marks)
            }
            Event::SequenceStart(anchor, tag) => {
                self.open(Container::Seq(Vec::new()), anchor, tag.as_deref(), marks)
            }
            Event::MappingEnd | Event::SequenceEnd => self.close(marks),
            Event::Alias(id) => self.alias(id, marks),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn span(&self, (start, end): (usize, usize)) -> Span {
        Span::new(self.file, start as u32..end as u32)
    }

    fn byte(&mut self, mark: Marker) -> usize {
        self.offsets.byte(mark.index())
    }

    fn span_of(&mut self, marks: Marks) -> Span {
        let start = self.byte(marks.start);
        let end = self.byte(marks.end);
        self.span((start, end))
    }

    fn scalar(
        &mut self,
        text: &str,
        style: LibraryStyle,
        anchor: usize,
        tag: Option<&Tag>,
        marks: Marks,
    ) -> Result<(), Stop> {
        let style = match style {
            LibraryStyle::Plain => ScalarStyle::Plain,
            LibraryStyle::SingleQuoted => ScalarStyle::SingleQuoted,
            LibraryStyle::DoubleQuoted => ScalarStyle::DoubleQuoted,
            LibraryStyle::Literal => ScalarStyle::Literal,
            LibraryStyle::Folded => ScalarStyle::Folded,
        };
        let from = self.byte(marks.start);
        let to = self.byte(marks.end);
        let bare = anchor == 0 && tag.is_none();
        let range = if style == ScalarStyle::Plain && text.is_empty() {
            let at = if bare {
                self.missing_place(from)
            } else {
                place::end_of_properties(self.text, from, to)
            };
            (at, at)
        } else {
            let start = if bare { from } else { place::after_properties(self.text, from) };
            place::scalar(self.text, style, start, to)
        };
        let raw = self.text.get(range.0..range.1).unwrap_or_default();
        let text = &*restored(text, raw, style);
        let span = self.span(range);
        let kind = match tag {
            None if style == ScalarStyle::Plain => plain_kind(text),
            None => ScalarKind::Str,
            Some(tag) => self.tagged(tag, text, from, span),
        };
        let text = SmolStr::from(text);
        if text.contains('\0') {
            self.report(errors::holds_nul(span));
        }
        if anchor == 0 && self.awaits_key() {
            self.key(text, kind, style, span);
            return Ok(());
        }
        let node = Node { span, kind: NodeKind::Scalar(Scalar { text, style, kind }) };
        self.define(anchor, &node)?;
        self.place(node);
        Ok(())
    }

    /// Where a value is missing that the library places at `at`.
    fn missing_place(&self, at: usize) -> usize {
        match self.frames.last().map(|frame| &frame.container) {
            Some(Container::Map(MapFrame { pending: Pending::Key(key), .. })) => {
                place::after_colon(self.text, key.span.end as usize)
            }
            Some(Container::Seq(_)) => place::after_dash(self.text, at),
            Some(Container::Map(_)) | None => at,
        }
    }

    /// The kind of a scalar with a tag; its tag stands at or after `from`.
    fn tagged(&mut self, tag: &Tag, text: &str, from: usize, span: Span) -> ScalarKind {
        match CoreTag::of(tag) {
            None => {
                self.unknown_tag(from);
                ScalarKind::Str
            }
            Some(core) => core.scalar(text).unwrap_or_else(|| {
                self.report(errors::tag_mismatch(span, text, &tag.suffix));
                ScalarKind::Str
            }),
        }
    }

    fn unknown_tag(&mut self, from: usize) {
        let span = self.span(place::tag(self.text, from));
        self.report(errors::unknown_tag(span, self.slice(span)));
    }

    fn open(
        &mut self,
        container: Container,
        anchor: usize,
        tag: Option<&Tag>,
        marks: Marks,
    ) -> Result<(), Stop> {
        let from = self.byte(marks.start);
        let bare = anchor == 0 && tag.is_none();
        let start = if bare { from } else { place::after_properties(self.text, from) };
        if self.frames.len() >= limits::TREE_DEPTH {
            let span = self.span((start, start));
            self.report(errors::too_deep(span));
            return Err(Stop);
        }
        let opening = self.text.as_bytes().get(start).copied();
        let (flow, wanted) = match &container {
            Container::Seq(_) => (opening == Some(b'['), CoreTag::Seq),
            Container::Map(_) => (opening == Some(b'{'), CoreTag::Map),
        };
        // A pair in a list (`[a: b]`) and a block map have empty spans of their own.
        let flow = flow && marks.start.index() != marks.end.index();
        // Only a list right below a key can be indented like the key; the library then begins it
        // behind its first dash.
        let below_key = matches!(
            self.frames.last(),
            Some(Frame { container: Container::Map(_), flow: false, .. })
        );
        let start = match &container {
            Container::Seq(_) if !flow && bare && below_key => place::dash_before(self.text, start),
            Container::Seq(_) | Container::Map(_) => start,
        };
        if let Some(tag) = tag
            && CoreTag::of(tag) != Some(wanted)
        {
            self.unknown_tag(from);
        }
        self.frames.push(Frame { container, anchor, start, end: start, flow });
        Ok(())
    }

    fn close(&mut self, marks: Marks) -> Result<(), Stop> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let end = if frame.flow { self.byte(marks.start) + 1 } else { frame.end };
        let anchor = frame.anchor;
        let node = self.finish(frame, end);
        self.define(anchor, &node)?;
        self.place(node);
        Ok(())
    }

    /// Closes what is open after an error or a limit; a key without its value is left out.
    fn close_open(&mut self) {
        while let Some(frame) = self.frames.pop() {
            let end = frame.end;
            let node = self.finish(frame, end);
            self.place(node);
        }
    }

    fn finish(&mut self, frame: Frame, end: usize) -> Node {
        let span = self.span((frame.start, end.max(frame.start)));
        let kind = match frame.container {
            Container::Seq(items) => NodeKind::Seq(items),
            Container::Map(map) => NodeKind::Map(self.unique_entries(map)),
        };
        Node { span, kind }
    }

    /// The entries with the merge key expanded where it stood. A key that was written wins over a
    /// merged one; of equal keys the first stays.
    fn unique_entries(&mut self, map: MapFrame) -> Vec<Entry> {
        let mut entries = map.entries;
        let written = entries.len();
        let mut pairs = duplicates(&entries, &mut self.order);
        for (first, later) in &pairs {
            if let (Some(first), Some(later)) = (entries.get(*first), entries.get(*later)) {
                let finding = errors::duplicate_key(&later.key, later.key_span, first.key_span);
                self.diagnostics.push(finding);
            }
        }
        if map.merge.is_none() && pairs.is_empty() {
            return entries;
        }
        // Merged entries come last for the moment, so that whatever was written wins.
        let at = map.merge.map_or(written, |(at, _, merged)| {
            entries.extend(merged);
            pairs = duplicates(&entries, &mut self.order);
            at
        });
        let mut dropped: Vec<usize> = pairs.into_iter().map(|(_, later)| later).collect();
        sort::by(&mut dropped, Ord::cmp);
        let (mut before, mut merged, mut after) =
            (Vec::with_capacity(entries.len()), Vec::new(), Vec::new());
        for (index, entry) in entries.into_iter().enumerate() {
            if dropped.binary_search(&index).is_ok() {
                continue;
            }
            match index {
                index if index >= written => merged.push(entry),
                index if index < at => before.push(entry),
                _ => after.push(entry),
            }
        }
        before.append(&mut merged);
        before.append(&mut after);
        before
    }

    fn alias(&mut self, id: usize, marks: Marks) -> Result<(), Stop> {
        let span = self.span_of(marks);
        match self.anchors.expand(id, span, self.frames.len()) {
            Ok(node) => self.place(node),
            Err(AliasError::Recursive) => {
                self.report(errors::recursive_alias(span, self.slice(span)));
                self.place(missing(span));
            }
            Err(AliasError::TooMany) => {
                self.report(errors::too_many_copies(span, self.slice(span)));
                return Err(Stop);
            }
            Err(AliasError::TooDeep) => {
                self.report(errors::too_deep(span));
                return Err(Stop);
            }
        }
        Ok(())
    }

    fn define(&mut self, anchor: usize, node: &Node) -> Result<(), Stop> {
        if anchor == 0 || self.anchors.define(anchor, node) {
            return Ok(());
        }
        self.report(errors::too_many_copies(node.span.at_start(), "this anchor"));
        Err(Stop)
    }

    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or_default()
    }

    fn awaits_key(&self) -> bool {
        matches!(
            self.frames.last(),
            Some(Frame { container: Container::Map(MapFrame { pending: Pending::None, .. }), .. })
        )
    }

    fn key(&mut self, text: SmolStr, kind: ScalarKind, style: ScalarStyle, span: Span) {
        if let Some(Frame { container: Container::Map(map), start, end, .. }) =
            self.frames.last_mut()
        {
            *end = (*end).max(span.end as usize);
            *start = (*start).min(span.start as usize);
            let merge = style == ScalarStyle::Plain && text == "<<";
            map.pending = Pending::Key(Key { text, kind, span, merge });
        }
    }

    /// Puts a finished node where it belongs: the open list, the open map, or the root.
    fn place(&mut self, node: Node) {
        if self.awaits_key() {
            self.node_as_key(node);
            return;
        }
        let Some(frame) = self.frames.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        frame.end = frame.end.max(node.span.end as usize);
        match &mut frame.container {
            Container::Seq(items) => items.push(node),
            Container::Map(map) => match std::mem::replace(&mut map.pending, Pending::None) {
                Pending::Key(key) if key.merge => self.merge(key, node),
                Pending::Key(key) => map.entries.push(Entry {
                    key: key.text,
                    key_kind: key.kind,
                    key_span: key.span,
                    value: node,
                }),
                Pending::Refused | Pending::None => {}
            },
        }
    }

    /// A key that is an alias, has an anchor, or is no scalar at all.
    fn node_as_key(&mut self, node: Node) {
        match node.kind {
            NodeKind::Scalar(scalar) => self.key(scalar.text, scalar.kind, scalar.style, node.span),
            NodeKind::Seq(_) | NodeKind::Map(_) => {
                self.report(errors::key_not_scalar(&node, self.text));
                if let Some(frame) = self.frames.last_mut() {
                    frame.end = frame.end.max(node.span.end as usize);
                    if let Container::Map(map) = &mut frame.container {
                        map.pending = Pending::Refused;
                    }
                }
            }
        }
    }

    fn merge(&mut self, key: Key, value: Node) {
        let Some(Frame { container: Container::Map(map), .. }) = self.frames.last_mut() else {
            return;
        };
        if let Some((_, first, _)) = &map.merge {
            let finding = errors::second_merge_key(key.span, *first);
            self.diagnostics.push(finding);
            return;
        }
        match merged_entries(value) {
            Ok(entries) => map.merge = Some((map.entries.len(), key.span, entries)),
            Err(wrong) => self.diagnostics.push(errors::merge_not_map(&wrong, key.span)),
        }
    }

    fn error(&mut self, error: &ScanError) -> Result<(), Stop> {
        let at = self.byte(*error.marker());
        if error.info() == errors::UNKNOWN_ANCHOR {
            // The library has read past the alias and can go on.
            let name = self.text.get(at..).unwrap_or_default();
            let end =
                name.find([' ', '\t', '\n', '\r', ',', '[', ']', '{', '}']).unwrap_or(name.len());
            let span = self.span((at, at + end));
            self.report(errors::unknown_alias(span, self.slice(span)));
            self.place(missing(span));
            return Ok(());
        }
        let open: Vec<usize> =
            self.frames.iter().filter(|frame| frame.flow).map(|frame| frame.start).collect();
        self.report(errors::syntax(self.file, self.text, at, error.info(), open.last().copied()));
        Err(Stop)
    }
}

/// Pairs of (first, later) places of equal keys. Sorting keeps hostile keys from being slow.
pub(super) fn duplicates(entries: &[Entry], order: &mut Vec<u32>) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    if entries.len() <= 32 {
        // A key is compared only with others of its first byte and length, or which share a bit with them.
        let mut seen = 0_u64;
        for (later, entry) in entries.iter().enumerate() {
            let first = entry.key.as_bytes().first().copied().unwrap_or_default();
            let bit = 1 << ((usize::from(first) ^ entry.key.len() << 3) % 64);
            let is_new = seen & bit == 0;
            seen |= bit;
            if is_new {
                continue;
            }
            let first = entries.iter().take(later).position(|earlier| earlier.key == entry.key);
            pairs.extend(first.map(|first| (first, later)));
        }
        return pairs;
    }
    let key = |index: u32| entries.get(index as usize).map_or("", |entry| entry.key.as_str());
    order.clear();
    order.extend(0..entries.len() as u32);
    sort::places(order, &|a, b| key(a).cmp(key(b)));
    let mut first = 0;
    for (at, index) in order.iter().enumerate() {
        let head = order.get(first).copied().unwrap_or_default();
        if at > first && key(head) == key(*index) {
            pairs.push((head as usize, *index as usize));
        } else {
            first = at;
        }
    }
    pairs
}
