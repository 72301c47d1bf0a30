//! The scanner's half for what stands in brackets.
//!
//! In: the scanner at an opening bracket. Out: the scanner behind the closing one, or at the line that
//! shows that it is missing.

use std::ops::Range;

use super::cursor::{Entry, Filling, Layout, Role};
use super::scan::{Frame, FrameKind, Scan};

impl Scan<'_> {
    /// Brackets at `start`, and what is in them.
    pub(super) fn flow(&mut self, start: usize) {
        let base = self.frames.len();
        let before = self.hit.is_some();
        self.fill(Filling::Nested);
        let mut at = self.open_bracket(start);
        // Where a value is awaited: behind a colon, or anywhere in a list.
        let mut awaits = false;
        let mut closed = false;
        while !self.missed {
            let space = at;
            at = self.after_space(at);
            if let Some(line) = self.leaves_flow(space, at) {
                self.gap(space..at.min(line), awaits);
                at = line;
                break;
            }
            let next = self.byte(at);
            let is_scalar =
                next.is_some_and(|byte| !matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':'));
            let gap_end = if is_scalar { at.saturating_sub(1) } else { at };
            if space <= gap_end {
                self.gap(space..gap_end, awaits);
            }
            match next {
                None => break,
                Some(b'{' | b'[') => {
                    self.fill_flow(Filling::Nested, at..at, awaits);
                    at = self.open_bracket(at);
                    awaits = false;
                }
                Some(b'}' | b']') => {
                    self.pop();
                    at += 1;
                    awaits = false;
                    if self.frames.len() <= base {
                        closed = true;
                        break;
                    }
                }
                Some(b',') => {
                    if let Some(Frame { kind: FrameKind::Seq(items, filling), .. }) =
                        self.frames.last_mut()
                    {
                        *items += 1;
                        *filling = Filling::Empty;
                    }
                    awaits = false;
                    at += 1;
                }
                Some(b':') => {
                    awaits = true;
                    at += 1;
                }
                Some(_) => {
                    let range = self.flow_scalar(at);
                    self.flow_word(range.clone(), awaits);
                    at = range.end.max(at + 1);
                }
            }
        }
        while self.frames.len() > base {
            self.pop();
        }
        if !closed && !before {
            self.blame(start..at);
        }
        if closed {
            let end = self.line_end(at);
            self.missed |= self.offset > at && self.holds(&(at..end));
            self.at = self.next_line(at);
        } else {
            self.at = at;
        }
    }

    /// Opens the map or list whose bracket is at `at`; gives the offset behind it.
    fn open_bracket(&mut self, at: usize) -> usize {
        let kind = match self.byte(at) {
            Some(b'[') => FrameKind::Seq(1, Filling::Empty),
            _ => FrameKind::Map(Vec::new()),
        };
        self.push(Frame { indent: None, kind });
        at + 1
    }

    /// Skips white space, line breaks and comments.
    fn after_space(&self, mut at: usize) -> usize {
        loop {
            let rest = self.rest(at);
            let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
            let skipped = rest.len() - trimmed.len();
            at += skipped;
            if !(trimmed.starts_with('#') && skipped > 0) {
                return at;
            }
            at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    /// The line between `from` and `to` that can no longer be inside the brackets.
    fn leaves_flow(&self, from: usize, to: usize) -> Option<usize> {
        // Within the white space only: a text may be one long line.
        let line = from + self.text.get(from..to)?.rfind('\n')? + 1;
        let outer = self.outer_indent()?;
        let closes = matches!(self.byte(to), Some(b'}' | b']'));
        (to < self.text.len() && !closes && to - line <= outer).then_some(line)
    }

    /// White space in brackets.
    fn gap(&mut self, space: Range<usize>, awaits: bool) {
        if !self.holds(&space) {
            return;
        }
        let in_comment = self.text.get(self.line_start(self.offset).max(space.start)..self.offset);
        if in_comment.is_some_and(|before| before.contains('#')) {
            self.missed = true;
            return;
        }
        let layout = self.layout(true, self.column(self.offset));
        let word = self.offset..self.offset;
        let is_free = self.filling().is_none_or(|filling| *filling == Filling::Empty);
        match self.frames.last().map(|frame| &frame.kind) {
            Some(FrameKind::Map(_)) if awaits && is_free => self.capture(Role::Value, word, layout),
            Some(FrameKind::Map(_)) if !awaits && self.ends_pair(space.start) => {
                self.virtual_key(word, layout);
            }
            Some(FrameKind::Seq(..)) if is_free => self.capture(Role::Value, word, layout),
            Some(FrameKind::Map(_) | FrameKind::Seq(..)) | None => self.missed = true,
        }
    }

    /// Whether an opening bracket or a comma stands before `at`.
    fn ends_pair(&self, at: usize) -> bool {
        matches!(at.checked_sub(1).and_then(|before| self.byte(before)), Some(b'{' | b','))
    }

    fn virtual_key(&mut self, word: Range<usize>, layout: Layout) {
        self.push_entry(word.clone());
        self.capture(Role::NewKey, word, layout);
    }

    fn push_entry(&mut self, key: Range<usize>) {
        if let Some(Frame { kind: FrameKind::Map(entries), .. }) = self.frames.last_mut() {
            entries.push(Entry { key, value: Filling::Empty });
        }
    }

    /// A nested thing where a key would stand is a key all the same.
    fn fill_flow(&mut self, filling: Filling, place: Range<usize>, awaits: bool) {
        let is_map = matches!(self.frames.last(), Some(Frame { kind: FrameKind::Map(_), .. }));
        if is_map && !awaits {
            self.push_entry(place);
        }
        self.fill(filling);
    }

    /// A scalar in brackets: a key or a value.
    fn flow_word(&mut self, range: Range<usize>, awaits: bool) {
        let is_quoted = matches!(self.byte(range.start), Some(b'"' | b'\''));
        let reach =
            if is_quoted { range.clone() } else { range.start..self.after_blanks(range.end) };
        let is_hit = self.holds(&reach);
        let word = range.start..if is_hit { range.end.max(self.offset) } else { range.end };
        let is_map = matches!(self.frames.last(), Some(Frame { kind: FrameKind::Map(_), .. }));
        if is_map && !awaits {
            self.push_entry(word.clone());
            if is_hit {
                let has_colon = self.byte(self.after_blanks(range.end)) == Some(b':');
                let role = if has_colon { Role::Key } else { Role::NewKey };
                let layout = self.layout(true, self.column(range.start));
                self.capture(role, word, layout);
            }
            return;
        }
        self.fill(Filling::Scalar(range.clone()));
        if is_hit {
            let layout = self.layout(true, self.column(range.start));
            self.capture(Role::Value, word, layout);
            if is_quoted {
                self.blame_open_quote(range);
            }
        }
    }

    fn flow_scalar(&self, start: usize) -> Range<usize> {
        if let Some(b'"' | b'\'') = self.byte(start) {
            return self.quoted(start);
        }
        let mut end = start;
        loop {
            end = self.flow_plain_end(end);
            // A plain scalar may go on in the next line.
            let next = self.after_space(end);
            let goes_on = self.text.get(end..next).is_some_and(|between| between.contains('\n'))
                && !matches!(
                    self.byte(next),
                    None | Some(b',' | b'{' | b'}' | b'[' | b']' | b':' | b'"' | b'\'')
                )
                && self.leaves_flow(end, next).is_none()
                && self.flow_plain_end(next) > next;
            if !goes_on {
                return start..end;
            }
            end = next;
        }
    }

    /// The end of a plain scalar in brackets, within its line.
    fn flow_plain_end(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let ends = |at: usize| match bytes.get(at) {
            None | Some(b',' | b'[' | b']' | b'{' | b'}' | b'\n') => true,
            Some(b':') => matches!(
                bytes.get(at + 1),
                None | Some(b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']' | b'{' | b'}')
            ),
            Some(b'#') => at > start && bytes.get(at - 1) == Some(&b' '),
            Some(_) => false,
        };
        let end = (start..=self.text.len()).find(|at| ends(*at)).unwrap_or(start);
        start + self.text.get(start..end).unwrap_or_default().trim_end().len()
    }
}
