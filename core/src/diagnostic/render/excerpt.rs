//! The few lines of a source that a finding needs.
//!
//! In: a text and places in it. Out: short texts with the same places in them. Places far from each
//! other give several excerpts; long lines are cut to a window around what they show; control
//! characters become visible. So the work grows with the findings and not with the sources.

use std::ops::{Range, RangeInclusive};

use super::visible;
use crate::sort;

/// Places at most this many lines apart share an excerpt.
const GAP: usize = 4;
/// A place of more lines is shown by its first line.
const LINES: usize = 6;
/// Bytes of a line that are shown whole.
const WIDTH: usize = 400;
/// Bytes shown before and after the start of a place in a longer line.
const BEFORE: usize = 80;
const AFTER: usize = 240;

/// A place to show: bytes of the text, and its lines, from 0.
pub(super) struct Place {
    pub(super) range: Range<usize>,
    pub(super) lines: RangeInclusive<usize>,
}

/// Some whole or cut lines in a row.
pub(super) struct Excerpt {
    /// The lines, without a last line break.
    pub(super) text: String,
    /// The number of the first line, from 0.
    pub(super) line: usize,
    /// Which of the places lie here, and where in `text`.
    pub(super) places: Vec<(usize, Range<usize>)>,
    /// Whether a line begins in its middle, so that columns are not those of the file.
    pub(super) cut: bool,
}

/// A line of the source and what of it is shown where.
struct Line {
    shown: Range<usize>,
    /// The whole line, with its line break.
    end: usize,
    /// Where `shown` begins in the excerpt.
    at: usize,
}

/// The excerpts that show all `places`; the one with the first place comes first.
pub(super) fn excerpts(text: &str, places: &[Place]) -> Vec<Excerpt> {
    let mut marks: Vec<Mark> =
        places.iter().enumerate().map(|(index, place)| Mark::new(text, index, place)).collect();
    sort::by_key(&mut marks, |mark| (mark.first, mark.range.start));
    let mut groups: Vec<Vec<Mark>> = Vec::new();
    for mark in marks {
        match groups.last_mut() {
            Some(group) if group.iter().any(|near| near.last + GAP >= mark.first) => {
                group.push(mark);
            }
            _ => groups.push(vec![mark]),
        }
    }
    let mut all: Vec<Excerpt> = groups.iter().map(|group| excerpt(text, group)).collect();
    sort::by_key(&mut all, |excerpt| excerpt.places.iter().all(|(index, _)| *index != 0));
    all
}

/// A place inside the text, on few lines.
struct Mark {
    index: usize,
    range: Range<usize>,
    first: usize,
    last: usize,
}

impl Mark {
    fn new(text: &str, index: usize, place: &Place) -> Self {
        let start = floor(text, place.range.start);
        let end = floor(text, place.range.end.max(start));
        let (first, last) = (*place.lines.start(), *place.lines.end());
        if last < first + LINES {
            return Self { index, range: start..end, first, last };
        }
        let line = text.get(start..end).and_then(|inside| inside.find('\n')).unwrap_or(0);
        Self { index, range: start..start + line, first, last: first }
    }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn excerpt(text: &str, group: &[Mark]) -> Excerpt {
    let first = group.first().map_or(0, |mark| mark.first);
    let last = group.iter().map(|mark| mark.last).max().unwrap_or(first);
    let any = group.first().map_or(0, |mark| mark.range.start);
    let mut start = text.get(..any).unwrap_or_default().rfind('\n').map_or(0, |end| end + 1);
    let mut out = String::new();
    let mut lines = Vec::new();
    let mut cut = false;
    for line in first..=last {
        let rest = text.get(start..).unwrap_or_default();
        let end = rest.find('\n').map_or(text.len(), |end| start + end + 1);
        let content = text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r']).len();
        let shown = window(text, start..start + content, group);
        if line > first {
            out.push('\n');
        }
        if shown.start > start {
            out.push('…');
            cut = true;
        }
        let at = out.len();
        out.push_str(&visible(text.get(shown.clone()).unwrap_or_default(), false));
        if shown.end < start + content {
            out.push('…');
        }
        lines.push(Line { shown, end, at });
        start = end;
    }
    let places = group
        .iter()
        .map(|mark| {
            let start = moved(text, &lines, mark.range.start);
            (mark.index, start..moved(text, &lines, mark.range.end).max(start))
        })
        .collect();
    Excerpt { text: out, line: first, places, cut }
}

/// What is shown of a line.
fn window(text: &str, line: Range<usize>, group: &[Mark]) -> Range<usize> {
    if line.len() <= WIDTH {
        return line;
    }
    let here = group.iter().map(|mark| mark.range.start).filter(|at| line.contains(at)).min();
    let center = here.unwrap_or(line.start);
    let start = floor(text, center.saturating_sub(BEFORE).max(line.start));
    start..floor(text, (center + AFTER).min(line.end))
}

/// Where byte `at` of the text stands in the excerpt; at the edge where it is cut off.
fn moved(text: &str, lines: &[Line], at: usize) -> usize {
    let index = lines.partition_point(|line| line.end <= at).min(lines.len().saturating_sub(1));
    let Some(line) = lines.get(index) else { return 0 };
    let at = at.clamp(line.shown.start, line.shown.end);
    line.at + visible(text.get(line.shown.start..at).unwrap_or_default(), false).len()
}
