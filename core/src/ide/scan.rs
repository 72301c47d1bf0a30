//! Where in a YAML text the cursor stands, from the text alone.
//!
//! In: a text, whole or half-typed, and an offset. Out: a [`Cursor`]. Reads indentation, brackets and
//! quotes only, lines in block style and brackets in flow style, so that it goes on where the YAML
//! library must give up: where brackets or quotes are never closed, a line that is indented like their
//! surroundings ends them. Knows nothing of the DSL, and never reports.

use std::ops::Range;

use super::cursor::{Cursor, Entry, Filling, Layout, Role, Step};
use crate::limits;
use crate::syntax::quoted_length;

/// Finds out where `offset` stands. `None` in comments and between things.
pub(crate) fn cursor(text: &str, offset: usize) -> Option<Cursor> {
    Scan::new(text, offset).run()
}

/// An open map or list. Without an indentation where it stands in brackets.
pub(super) struct Frame {
    pub(super) indent: Option<usize>,
    pub(super) kind: FrameKind,
}

pub(super) enum FrameKind {
    Map(Vec<Entry>),
    /// How many items began, and what the last one holds.
    Seq(usize, Filling),
}

/// What was found at the offset, and what is still missing of it.
pub(super) struct Hit {
    cursor: Cursor,
    /// For each open frame: the entries, when it is closed.
    entries: Vec<Option<Vec<Entry>>>,
    /// The frame whose entries the cursor's word joins.
    own: Option<usize>,
}

pub(super) struct Scan<'t> {
    pub(super) text: &'t str,
    pub(super) offset: usize,
    pub(super) at: usize,
    pub(super) frames: Vec<Frame>,
    pub(super) hit: Option<Hit>,
    /// The offset is in a place where nothing can be said.
    pub(super) missed: bool,
}

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t str, offset: usize) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut offset = offset.clamp(at, text.len().max(at));
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        Self { text, offset, at, frames: Vec::new(), hit: None, missed: false }
    }

    pub(super) fn run(mut self) -> Option<Cursor> {
        loop {
            self.line();
            if self.missed || self.is_complete() {
                break;
            }
            if self.at >= self.text.len() {
                // A text that ends in a line break has one more, empty line.
                if self.hit.is_none() && self.line_start(self.offset) == self.text.len() {
                    let start = self.at;
                    self.blank(start, start);
                }
                break;
            }
        }
        while !self.frames.is_empty() {
            self.pop();
        }
        self.finish()
    }

    /// Whether all that is asked for has been read: the object around the cursor is closed.
    fn is_complete(&self) -> bool {
        self.hit
            .as_ref()
            .is_some_and(|hit| self.frames.len() <= hit.entries.len().saturating_sub(1).min(2))
    }

    fn finish(self) -> Option<Cursor> {
        let Hit { mut cursor, entries, own } = self.hit?;
        for (step, found) in cursor.steps.iter_mut().zip(&entries) {
            if let (Step::Key { entries, .. }, Some(found)) = (step, found) {
                entries.clone_from(found);
            }
        }
        if let Some(Some(found)) = own.and_then(|own| entries.into_iter().nth(own)) {
            cursor.entries = found.into_iter().filter(|entry| entry.key != cursor.word).collect();
        }
        Some(cursor)
    }

    pub(super) fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
    }

    /// The end of the line, its `\r` and `\n` not included.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = self.rest(at);
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// The beginning of the line after the one that holds `at`.
    pub(super) fn next_line(&self, at: usize) -> usize {
        self.rest(at).find('\n').map_or(self.text.len(), |end| at + end + 1)
    }

    pub(super) fn after_blanks(&self, at: usize) -> usize {
        let rest = self.rest(at);
        at + rest.len() - rest.trim_start_matches([' ', '\t']).len()
    }

    pub(super) fn holds(&self, range: &Range<usize>) -> bool {
        self.hit.is_none() && range.start <= self.offset && self.offset <= range.end
    }

    /// The indentation of the next line that says something, from `at`, the start of a line.
    fn next_indent(&self, mut at: usize) -> Option<(usize, usize)> {
        while at < self.text.len() {
            let content = self.after_blanks(at);
            let end = self.line_end(at);
            if content < end && self.byte(content) != Some(b'#') {
                return Some((at, content - at));
            }
            at = self.next_line(at);
        }
        None
    }

    /// The indentation that whatever is nested must exceed.
    pub(super) fn outer_indent(&self) -> Option<usize> {
        self.frames.iter().rev().find_map(|frame| frame.indent)
    }

    /// Opens a map or list; what is nested too deeply for the language is not looked into.
    pub(super) fn push(&mut self, frame: Frame) {
        self.missed |= self.frames.len() >= limits::TREE_DEPTH;
        self.frames.push(frame);
    }

    pub(super) fn pop(&mut self) {
        let place = self.frames.len().saturating_sub(1);
        let Some(frame) = self.frames.pop() else { return };
        if let Some(hit) = &mut self.hit
            && let Some(slot @ None) = hit.entries.get_mut(place)
            && let FrameKind::Map(entries) = frame.kind
        {
            *slot = Some(entries);
        }
    }

    /// Says what stands in the innermost place.
    pub(super) fn fill(&mut self, filling: Filling) {
        match self.frames.last_mut().map(|frame| &mut frame.kind) {
            Some(FrameKind::Map(entries)) => {
                if let Some(entry) = entries.last_mut() {
                    entry.value = filling;
                }
            }
            Some(FrameKind::Seq(_, item)) => *item = filling,
            None => {}
        }
    }

    pub(super) fn filling(&self) -> Option<&Filling> {
        match self.frames.last().map(|frame| &frame.kind) {
            Some(FrameKind::Map(entries)) => entries.last().map(|entry| &entry.value),
            Some(FrameKind::Seq(_, item)) => Some(item),
            None => None,
        }
    }

    /// Notes that the offset is met: at a key of the innermost map, or at the value in the innermost
    /// place.
    pub(super) fn capture(&mut self, role: Role, word: Range<usize>, layout: Layout) {
        if self.hit.is_some() {
            return;
        }
        let is_key = matches!(role, Role::Key | Role::NewKey);
        let depth = self.frames.len();
        let steps = self.frames.iter().take(depth - usize::from(is_key && depth > 0));
        let steps: Vec<Step> = steps
            .filter_map(|frame| match &frame.kind {
                FrameKind::Map(entries) => {
                    let key = entries.last()?.key.clone();
                    Some(Step::Key { key, entries: Vec::new() })
                }
                FrameKind::Seq(items, _) => Some(Step::Item(items.saturating_sub(1))),
            })
            .collect();
        let own = (is_key && depth > 0).then(|| depth - 1);
        let cursor = Cursor { steps, role, word, entries: Vec::new(), layout, broken: None };
        self.hit = Some(Hit { cursor, entries: vec![None; depth], own });
    }

    pub(super) fn layout(&self, flow: bool, column: usize) -> Layout {
        let after_colon = self.offset.checked_sub(1).and_then(|at| self.byte(at)) == Some(b':');
        Layout { flow, column, misindented: None, after_colon }
    }

    pub(super) fn column(&self, at: usize) -> usize {
        at - self.line_start(at).min(at)
    }

    /// Notes what keeps the text from being read.
    pub(super) fn blame(&mut self, broken: Range<usize>) {
        if let Some(hit) = &mut self.hit {
            let known = hit.cursor.broken.clone().unwrap_or_else(|| broken.clone());
            hit.cursor.broken = Some(known.start.min(broken.start)..known.end.max(broken.end));
        }
    }

    /// Reads a line in block style, and what its brackets and quotes span.
    fn line(&mut self) {
        let start = self.at;
        let end = self.line_end(start);
        let content = self.after_blanks(start);
        let rest = self.text.get(content..end).unwrap_or_default();
        self.at = self.next_line(start);
        if rest.is_empty() || rest.starts_with('#') {
            let before = start..if rest.is_empty() { end } else { content };
            if self.holds(&before) {
                self.blank(start, self.offset);
            } else if self.holds(&(start..end)) {
                self.missed = true;
            }
            return;
        }
        if content == start
            && (rest.starts_with("---") || rest.starts_with("...") || rest.starts_with('%'))
        {
            while !self.frames.is_empty() {
                self.pop();
            }
            if rest.starts_with("--- ") {
                self.entry(start + 4, end);
            }
        } else {
            self.entry(content, end);
        }
        self.missed |= self.hit.is_none() && (start..=end).contains(&self.offset);
    }

    /// The cursor is on an empty line.
    fn blank(&mut self, start: usize, at: usize) {
        self.fresh(at - start, at..at);
    }

    /// Dashes, then a key or a value.
    fn entry(&mut self, mut at: usize, end: usize) {
        while !self.missed
            && self.byte(at) == Some(b'-')
            && matches!(self.byte(at + 1), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
        {
            self.item(self.column(at));
            let content = self.after_blanks(at + 1);
            let is_empty = content >= end || self.byte(content) == Some(b'#');
            if self.holds(
                &(at + 1..if is_empty { end.max(at + 1) } else { content.saturating_sub(1) }),
            ) {
                let layout = Layout {
                    after_colon: self.offset == at + 1,
                    ..self.layout(false, self.column(self.offset))
                };
                self.capture(Role::Start, self.offset..self.offset, layout);
            }
            if is_empty {
                return;
            }
            at = content;
        }
        match self.key_end(at, end) {
            Some((key, colon)) if self.open_key(self.column(at), key.clone()) => {
                if self.holds(&key) {
                    self.capture(Role::Key, key, self.layout(false, self.column(at)));
                }
                self.value(colon + 1, end);
            }
            Some(_) => {}
            None => self.bare(at, end),
        }
    }

    /// A line without a key.
    fn bare(&mut self, at: usize, end: usize) {
        let word = at..at + self.plain(at, end).len();
        let starts_text = !matches!(
            self.byte(at),
            Some(b'{' | b'[' | b'"' | b'\'' | b'|' | b'>' | b'&' | b'*' | b'!')
        );
        if starts_text && self.holds(&(at..end)) {
            let stop = word.end.max(self.offset.min(end));
            if self.text.get(word.end..self.offset).is_some_and(|between| between.contains('#')) {
                return;
            }
            self.fresh(self.column(at), at..stop);
            return;
        }
        let deeper = self.frames.last().is_none_or(|frame| frame.indent < Some(self.column(at)));
        if deeper && self.filling().is_none_or(|filling| *filling == Filling::Empty) {
            self.value(at, end);
        }
    }

    /// The key that begins at `at`, and the place of its colon.
    fn key_end(&self, at: usize, end: usize) -> Option<(Range<usize>, usize)> {
        let line = self.text.get(at..end)?;
        let ends_key =
            |colon: usize| matches!(line.as_bytes().get(colon + 1), None | Some(b' ' | b'\t'));
        match line.bytes().next()? {
            b'{' | b'[' | b'|' | b'>' | b'#' | b'*' | b'&' | b'!' => None,
            b'"' | b'\'' => {
                let close = quoted_length(line)?;
                let colon = close + line.get(close..)?.find(|c| c != ' ')?;
                (line.as_bytes().get(colon) == Some(&b':') && ends_key(colon))
                    .then_some((at..at + close, at + colon))
            }
            _ => {
                let limit = line.find(" #").unwrap_or(line.len());
                let colon = line
                    .match_indices(':')
                    .map(|(colon, _)| colon)
                    .find(|colon| ends_key(*colon))?;
                let key = line.get(..colon)?.trim_end();
                (colon < limit && !key.is_empty()).then(|| (at..at + key.len(), at + colon))
            }
        }
    }

    /// A plain scalar up to a comment or the end of the line.
    fn plain(&self, at: usize, end: usize) -> &'t str {
        let line = self.text.get(at..end).unwrap_or_default();
        line.get(..line.find(" #").unwrap_or(line.len())).unwrap_or_default().trim_end()
    }

    /// Closes what is indented more deeply than `column`.
    fn close_to(&mut self, column: usize) {
        while self
            .frames
            .last()
            .is_some_and(|frame| frame.indent.is_none_or(|indent| indent > column))
        {
            self.pop();
        }
    }

    fn item(&mut self, column: usize) {
        self.close_to(column);
        if let Some(Frame { indent, kind: FrameKind::Seq(items, filling) }) = self.frames.last_mut()
            && *indent == Some(column)
        {
            *items += 1;
            *filling = Filling::Empty;
            return;
        }
        self.fill(Filling::Nested);
        self.push(Frame { indent: Some(column), kind: FrameKind::Seq(1, Filling::Empty) });
    }

    /// Enters a key at `column`; false where the line can only go on with the text before it.
    fn open_key(&mut self, column: usize, key: Range<usize>) -> bool {
        self.close_to(column);
        let is_seq = |frame: &Frame| matches!(frame.kind, FrameKind::Seq(..));
        if self.frames.last().is_some_and(|frame| is_seq(frame) && frame.indent == Some(column)) {
            self.pop();
        }
        let entry = Entry { key, value: Filling::Empty };
        if let Some(Frame { indent, kind: FrameKind::Map(entries) }) = self.frames.last_mut()
            && *indent == Some(column)
        {
            entries.push(entry);
            return true;
        }
        if self.filling().is_some_and(|filling| *filling != Filling::Empty) {
            return false;
        }
        self.fill(Filling::Nested);
        self.push(Frame { indent: Some(column), kind: FrameKind::Map(vec![entry]) });
        true
    }

    /// The cursor is where a new line begins to say something; `word` is what it says so far.
    fn fresh(&mut self, column: usize, word: Range<usize>) {
        let line = self.line_start(word.start);
        let broken = word.clone();
        self.close_to(column);
        let below = self.next_indent(self.next_line(word.end)).map(|(_, indent)| indent);
        let mut layout = Layout { after_colon: false, ..self.layout(false, column) };
        let Some(frame) = self.frames.last() else {
            let entry = Entry { key: word.clone(), value: Filling::Empty };
            self.push(Frame { indent: Some(column), kind: FrameKind::Map(vec![entry]) });
            self.capture(Role::NewKey, word, layout);
            self.blame(broken);
            return;
        };
        let indent = frame.indent.unwrap_or(column);
        let is_map = matches!(frame.kind, FrameKind::Map(_));
        let filling = self.filling().cloned().unwrap_or(Filling::Empty);
        // A list at the column of its key: a key may follow, and so may an item.
        let beside_key = !is_map
            && indent == column
            && self.frames.iter().rev().nth(1).is_some_and(|outer| outer.indent == Some(column));
        if beside_key {
            self.pop();
        }
        match filling {
            _ if beside_key || (is_map && indent == column) => {
                self.new_key(column, word, layout);
            }
            Filling::Empty => {
                // The neighbours below decide the column, if there are any.
                let own = below.filter(|below| *below > indent).unwrap_or(column);
                if own != column {
                    layout.misindented = Some(line..line + column);
                    layout.column = own;
                }
                self.capture(Role::Start, word.clone(), layout);
                let entry = Entry { key: word, value: Filling::Empty };
                self.fill(Filling::Nested);
                self.push(Frame { indent: Some(own), kind: FrameKind::Map(vec![entry]) });
                if let Some(hit) = &mut self.hit {
                    hit.own = Some(hit.entries.len());
                    hit.entries.push(None);
                }
            }
            Filling::Scalar(value) if !word.is_empty() => {
                self.capture(Role::Value, value.start..word.end, layout);
                return;
            }
            Filling::Scalar(_) | Filling::Nested if is_map => {
                layout.misindented = Some(line..line + column);
                layout.column = indent;
                self.new_key(indent, word, layout);
            }
            Filling::Nested if indent == column => {
                self.pop();
                self.capture(Role::Start, word, layout);
            }
            Filling::Scalar(_) | Filling::Nested => self.missed = true,
        }
        self.blame(broken);
    }

    fn new_key(&mut self, column: usize, word: Range<usize>, layout: Layout) {
        if self.open_key(column, word.clone()) {
            self.capture(Role::NewKey, word, layout);
        }
    }

    /// Reads the value behind a colon or a dash, from `at`; `end` is the end of the line.
    fn value(&mut self, at: usize, end: usize) {
        let mut start = self.after_blanks(at);
        while matches!(self.byte(start), Some(b'&' | b'!')) && start < end {
            let length =
                self.rest(start).find([' ', '\t', '\n', '\r']).unwrap_or(self.rest(start).len());
            start = self.after_blanks(start + length);
        }
        if start >= end || self.byte(start) == Some(b'#') {
            let space = at..start.min(end.max(at));
            if self.holds(&space) {
                self.capture(
                    Role::Value,
                    self.offset..self.offset,
                    self.layout(false, self.column(at)),
                );
            }
            return;
        }
        if self.holds(&(at..start.saturating_sub(1))) && self.offset < start {
            let layout = self.layout(false, self.column(at));
            self.capture(Role::Value, start..start, layout);
        }
        match self.byte(start) {
            Some(b'|' | b'>') => self.block_scalar(start),
            Some(b'{' | b'[') => self.flow(start),
            Some(b'"' | b'\'') => {
                let range = self.quoted(start);
                self.fill(Filling::Scalar(range.clone()));
                if self.holds(&range) {
                    self.capture(
                        Role::Value,
                        range.clone(),
                        self.layout(false, self.column(start)),
                    );
                    self.blame_open_quote(range.clone());
                }
                self.missed |= self.holds(&(range.end..self.line_end(range.end)));
                self.at = self.next_line(range.end);
            }
            _ => {
                let range = start..start + self.plain(start, end).len();
                self.fill(Filling::Scalar(range.clone()));
                let blanks = range.start..self.after_blanks(range.end);
                if self.holds(&blanks) {
                    let word = range.start..range.end.max(self.offset);
                    self.capture(Role::Value, word, self.layout(false, self.column(start)));
                }
            }
        }
    }

    pub(super) fn blame_open_quote(&mut self, range: Range<usize>) {
        let text = self.text.get(range.clone()).unwrap_or_default();
        if quoted_length(text) != Some(text.len()) {
            self.blame(range);
        }
    }

    /// A block scalar whose header is at `start`.
    fn block_scalar(&mut self, start: usize) {
        let outer = self.outer_indent();
        let header_end = self.line_end(start);
        let mut end = header_end;
        let mut line = self.next_line(start);
        while line < self.text.len() {
            let content = self.after_blanks(line);
            let line_end = self.line_end(line);
            let is_blank = content >= line_end;
            let on_line = self.hit.is_none() && (line..=line_end).contains(&self.offset);
            let column = if is_blank && on_line { self.offset - line } else { content - line };
            if (!is_blank || on_line) && Some(column) <= outer {
                break;
            }
            if !is_blank || on_line {
                end = line_end;
            }
            line = self.next_line(line);
        }
        // A text that ends in a line break: the empty line after it.
        if line == self.text.len() && self.offset == line && self.hit.is_none() && outer.is_none() {
            end = line;
        }
        self.fill(Filling::Nested);
        if self.holds(&(start..end)) {
            self.capture(Role::Value, start..end, self.layout(false, self.column(start)));
        }
        self.at = line;
    }

    /// The bytes of a quoted scalar at `start`. One that is never closed ends with its line.
    pub(super) fn quoted(&self, start: usize) -> Range<usize> {
        let outer = self.outer_indent();
        let rest = self.rest(start);
        let Some(length) = quoted_length(rest) else { return start..self.line_end(start) };
        let token = rest.get(..length).unwrap_or_default();
        for (end, _) in token.match_indices('\n') {
            let line = start + end + 1;
            let content = self.after_blanks(line);
            let says = !matches!(self.byte(content), None | Some(b'\r' | b'\n'));
            if says && outer.is_some() && Some(content - line) <= outer {
                return start..self.line_end(start);
            }
        }
        start..start + length
    }
}
