//! From a text that was derived (a decoded scalar, an expanded mixin) back to the file, and forth.
//!
//! In: segments, in the order of the derived text. Out: [`TextMap::up`] from derived to original for
//! labels, [`TextMap::down`] from original to derived for completion. Maps are cut and joined like the
//! texts that they belong to. Never looks at a text.

use std::ops::Range;

use super::{FileId, Span};

/// How a segment's bytes relate to the original's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SegmentKind {
    /// The same bytes: positions inside map one to one.
    Verbatim,
    /// An escape, a folded line break, a replacement: any position inside maps to the whole.
    Atom,
}

/// A run of derived text and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Bytes of the derived text.
    pub derived: Range<u32>,
    /// Bytes of the file.
    pub original: Range<u32>,
    /// How the two relate.
    pub kind: SegmentKind,
}

/// A piecewise map from a derived text to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextMap {
    file: FileId,
    segments: Segments,
    length: u32,
}

/// Most texts are one run, for which nothing is allocated.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Segments {
    One(Segment),
    /// None, or several.
    Many(Vec<Segment>),
}

impl Segments {
    fn push(&mut self, segment: Segment) {
        match self {
            Self::Many(list) if list.is_empty() => *self = Self::One(segment),
            Self::Many(list) => list.push(segment),
            Self::One(first) => *self = Self::Many(vec![first.clone(), segment]),
        }
    }

    fn last_mut(&mut self) -> Option<&mut Segment> {
        match self {
            Self::One(only) => Some(only),
            Self::Many(list) => list.last_mut(),
        }
    }
}

impl TextMap {
    /// No text yet.
    pub const fn new(file: FileId) -> Self {
        Self { file, segments: Segments::Many(Vec::new()), length: 0 }
    }

    /// The derived text is the text of `span`, byte for byte.
    pub fn verbatim(span: Span) -> Self {
        let mut map = Self::new(span.file);
        map.push(span.start..span.end);
        map
    }

    /// The file that the derived text comes from.
    pub const fn file(&self) -> FileId {
        self.file
    }

    /// How many bytes of derived text there are.
    pub const fn len(&self) -> u32 {
        self.length
    }

    /// Whether there is no derived text.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The runs, in the order of the derived text. Text between them comes from nowhere.
    pub const fn segments(&self) -> &[Segment] {
        match &self.segments {
            Segments::One(only) => std::slice::from_ref(only),
            Segments::Many(list) => list.as_slice(),
        }
    }

    /// Appends text that stands at `original` as it is.
    pub fn push(&mut self, original: Range<u32>) {
        let derived = self.grow(original.end.saturating_sub(original.start));
        if let Some(last) = self.segments.last_mut()
            && last.kind == SegmentKind::Verbatim
            && last.original.end == original.start
            && last.derived.end == derived.start
        {
            last.original.end = original.end.max(original.start);
            last.derived.end = derived.end;
            return;
        }
        self.segments.push(Segment { derived, original, kind: SegmentKind::Verbatim });
    }

    /// Appends `length` bytes that stand for all of `original`.
    pub fn push_atom(&mut self, length: u32, original: Range<u32>) {
        let derived = self.grow(length);
        self.segments.push(Segment { derived, original, kind: SegmentKind::Atom });
    }

    /// Appends `length` bytes that stand in no file: positions inside map to the text beside them.
    pub fn push_unmapped(&mut self, length: u32) {
        self.grow(length);
    }

    /// Appends the text of another map. Text of another file counts as unmapped.
    pub fn push_map(&mut self, other: &Self) {
        if other.file != self.file {
            self.push_unmapped(other.length);
            return;
        }
        let offset = self.length;
        for segment in other.segments() {
            let gap = (offset + segment.derived.start).saturating_sub(self.length);
            self.grow(gap);
            match segment.kind {
                SegmentKind::Verbatim => self.push(segment.original.clone()),
                SegmentKind::Atom => {
                    let length = segment.derived.end - segment.derived.start;
                    self.push_atom(length, segment.original.clone());
                }
            }
        }
        self.grow((offset + other.length).saturating_sub(self.length));
    }

    /// Puts each run where `place` says that it stands now.
    pub fn moved(&mut self, place: impl Fn(Span) -> Span) {
        let runs = match &mut self.segments {
            Segments::One(only) => std::slice::from_mut(only),
            Segments::Many(list) => list.as_mut_slice(),
        };
        for run in runs {
            let Span { start, end, .. } = place(Span::new(self.file, run.original.clone()));
            run.original = start..end;
        }
    }

    fn grow(&mut self, length: u32) -> Range<u32> {
        let start = self.length;
        self.length = start.saturating_add(length);
        start..self.length
    }

    /// The map of the part `range` of the derived text, which begins at 0 in the result.
    #[must_use]
    pub fn slice(&self, range: Range<u32>) -> Self {
        let range = range.start.min(self.length)..range.end.min(self.length);
        let mut part = Self::new(self.file);
        if range.is_empty() {
            let at = self.up(range).start;
            part.push(at..at);
            return part;
        }
        let first = self.segments().partition_point(|segment| segment.derived.end <= range.start);
        for segment in self.segments().iter().skip(first) {
            if segment.derived.start >= range.end {
                break;
            }
            let start = segment.derived.start.max(range.start);
            let end = segment.derived.end.min(range.end);
            part.grow((start - range.start).saturating_sub(part.length));
            match segment.kind {
                SegmentKind::Verbatim => {
                    let from = segment.original.start + (start - segment.derived.start);
                    part.push(from..from + (end - start));
                }
                SegmentKind::Atom => part.push_atom(end - start, segment.original.clone()),
            }
        }
        part.grow((range.end - range.start).saturating_sub(part.length));
        part
    }

    /// The map of a text that was made of this one's derived text: `made` maps it to offsets there.
    #[must_use]
    pub fn then(&self, made: &Self) -> Self {
        let mut map = Self::new(self.file);
        for segment in made.segments() {
            map.grow(segment.derived.start.saturating_sub(map.length));
            match segment.kind {
                SegmentKind::Verbatim => map.push_map(&self.slice(segment.original.clone())),
                SegmentKind::Atom => {
                    let original = self.up(segment.original.clone());
                    let length = segment.derived.end - segment.derived.start;
                    map.push_atom(length, original.start..original.end);
                }
            }
        }
        map.grow(made.length.saturating_sub(map.length));
        map
    }

    /// The original of a derived range. At a boundary the start prefers the later segment and the end
    /// the earlier one, so that a range covers no more than its own text; an empty range maps to an
    /// empty span. Unmapped text maps to the empty place before what follows it.
    pub fn up(&self, range: Range<u32>) -> Span {
        let start = self.start_up(range.start);
        if range.is_empty() {
            return Span::new(self.file, start..start);
        }
        let end = self.end_up(range.end);
        Span::new(self.file, start..end.max(start))
    }

    /// The derived offset of an original one; `None` outside the mapped text.
    pub fn down(&self, original: u32) -> Option<u32> {
        let touching = |segment: &&Segment| {
            segment.original.start <= original && original <= segment.original.end
        };
        // At the boundary of an atom the exact place beside it is the better answer.
        let exact = |segment: &&Segment| segment.kind == SegmentKind::Verbatim;
        let mut found = self.segments().iter().filter(touching);
        let segment = found.clone().find(exact).or_else(|| found.next())?;
        Some(match segment.kind {
            SegmentKind::Verbatim => segment.derived.start + (original - segment.original.start),
            SegmentKind::Atom if original == segment.original.end => segment.derived.end,
            SegmentKind::Atom => segment.derived.start,
        })
    }

    fn start_up(&self, offset: u32) -> u32 {
        let later = self.segments().partition_point(|segment| segment.derived.end <= offset);
        match self.segments().get(later) {
            Some(segment) => match segment.kind {
                SegmentKind::Verbatim => {
                    segment.original.start + offset.saturating_sub(segment.derived.start)
                }
                SegmentKind::Atom => segment.original.start,
            },
            None => self.segments().last().map_or(0, |segment| segment.original.end),
        }
    }

    fn end_up(&self, offset: u32) -> u32 {
        let after = self.segments().partition_point(|segment| segment.derived.start < offset);
        match after.checked_sub(1).and_then(|before| self.segments().get(before)) {
            Some(segment) => match segment.kind {
                SegmentKind::Verbatim => {
                    let length = offset.min(segment.derived.end) - segment.derived.start;
                    segment.original.start + length
                }
                SegmentKind::Atom => segment.original.end,
            },
            None => self.segments().first().map_or(0, |segment| segment.original.start),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: FileId = FileId::new(0);

    /// `it''s` in single quotes at 10: `it`, an escaped quote, `s`.
    fn escaped() -> TextMap {
        let mut map = TextMap::new(FILE);
        map.push(11..13);
        map.push_atom(1, 13..15);
        map.push(15..16);
        map
    }

    #[test]
    fn verbatim_runs_map_one_to_one_and_atoms_as_a_whole() {
        let map = escaped();
        assert_eq!(map.up(0..2).range(), 11..13);
        assert_eq!(map.up(2..3).range(), 13..15);
        assert_eq!(map.up(3..4).range(), 15..16);
        assert_eq!(map.up(1..4).range(), 12..16);
    }

    #[test]
    fn empty_ranges_stay_empty() {
        assert_eq!(escaped().up(3..3).range(), 15..15);
        assert_eq!(escaped().up(4..4).range(), 16..16);
    }

    #[test]
    fn an_empty_text_has_a_place() {
        let map = TextMap::verbatim(Span::new(FILE, 7..7));
        assert_eq!(map.up(0..0).range(), 7..7);
    }

    #[test]
    fn adjacent_verbatim_runs_become_one() {
        let mut map = TextMap::new(FILE);
        map.push(3..5);
        map.push(5..9);
        map.push(10..11);
        assert_eq!(map.segments().len(), 2);
        assert_eq!(map.up(0..6).range(), 3..9);
    }

    #[test]
    fn down_is_the_inverse_on_verbatim_text() {
        let map = escaped();
        for (original, derived) in [(11, 0), (12, 1), (13, 2), (14, 2), (15, 3), (16, 4)] {
            assert_eq!(map.down(original), Some(derived), "{original}");
        }
        assert_eq!(map.down(10), None);
        assert_eq!(map.down(99), None);
    }

    #[test]
    fn unmapped_text_maps_to_the_place_before_what_follows() {
        let mut map = TextMap::new(FILE);
        map.push(1..3);
        map.push_unmapped(4);
        map.push(8..9);
        assert_eq!(map.len(), 7);
        assert_eq!(map.up(3..5).range(), 8..8);
        assert_eq!(map.up(1..7).range(), 2..9);
        assert_eq!(map.up(6..7).range(), 8..9);
    }

    /// For every cut of every map: the part maps like the whole.
    #[test]
    fn a_slice_maps_like_its_part_of_the_whole() {
        let mut gaps = escaped();
        gaps.push_unmapped(3);
        gaps.push_atom(2, 20..25);
        gaps.push(30..34);
        for whole in [escaped(), gaps] {
            for start in 0..=whole.len() {
                for end in start..=whole.len() {
                    let part = whole.slice(start..end);
                    assert_eq!(part.len(), end - start);
                    for from in start..end {
                        for to in from + 1..=end {
                            let expected = whole.up(from..to);
                            let found = part.up(from - start..to - start);
                            // Unmapped text at the edge of a part has only one neighbour left.
                            if !expected.range().is_empty() {
                                assert_eq!(
                                    found.end,
                                    expected.end.max(found.start),
                                    "{start}..{end} {from}..{to}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }

    /// For every cut: two parts put together again are the whole.
    #[test]
    fn parts_put_together_map_like_the_whole() {
        let whole = escaped();
        for cut in 0..=whole.len() {
            let mut joined = TextMap::new(FILE);
            joined.push_map(&whole.slice(0..cut));
            joined.push_map(&whole.slice(cut..whole.len()));
            for start in 0..whole.len() {
                for end in start + 1..=whole.len() {
                    assert_eq!(
                        joined.up(start..end),
                        whole.up(start..end),
                        "cut at {cut}: {start}..{end}"
                    );
                }
            }
        }
    }

    #[test]
    fn text_of_another_file_is_unmapped() {
        let mut map = escaped();
        map.push_map(&TextMap::verbatim(Span::new(FileId::new(1), 0..5)));
        assert_eq!(map.len(), 9);
        assert_eq!(map.up(5..6).range(), 16..16);
    }

    /// `it's` becomes `(it's x)`: brackets from nowhere, the word replaced in part.
    #[test]
    fn maps_compose() {
        let mut made = TextMap::new(FILE);
        made.push_unmapped(1);
        made.push(0..3);
        made.push_atom(5, 3..4);
        made.push_unmapped(1);
        let map = escaped().then(&made);
        assert_eq!(map.len(), 10);
        assert_eq!(map.up(1..3).range(), 11..13);
        assert_eq!(map.up(3..4).range(), 13..15);
        assert_eq!(map.up(5..6).range(), 15..16);
        assert_eq!(map.up(2..9).range(), 12..16);
    }
}
