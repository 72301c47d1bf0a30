//! Places of findings as lines and columns.
//!
//! In: spans, in about the order of the files. Out: positions in one encoding. Each file is indexed
//! once, and a very long line is measured once, not once a finding.

use crate::source::{FileId, LineColumn, LineIndex, PositionEncoding, Source, Sources, Span};

/// Converts the spans of one rendering.
pub(super) struct Places<'s> {
    sources: &'s Sources,
    encoding: PositionEncoding,
    files: Vec<Option<File>>,
}

struct File {
    index: LineIndex,
    /// The last answer, from which the next one on the same line is measured.
    last: (u32, LineColumn),
}

impl<'s> Places<'s> {
    pub(super) fn new(sources: &'s Sources, encoding: PositionEncoding) -> Self {
        Self { sources, encoding, files: Vec::new() }
    }

    /// The file, or `None` for a finding of no file.
    pub(super) fn source(&self, file: FileId) -> Option<&'s Source> {
        self.sources.get(file)
    }

    /// Start and end of a span, from 0; zeros for a finding of no file.
    pub(super) fn range(&mut self, span: Span) -> (LineColumn, LineColumn) {
        let start = self.position(span.file, span.start);
        (start, self.position(span.file, span.end))
    }

    fn position(&mut self, file: FileId, offset: u32) -> LineColumn {
        let none = LineColumn { line: 0, column: 0 };
        let Some(source) = self.sources.get(file) else { return none };
        let text = &*source.text;
        if self.files.len() <= file.index() {
            self.files.resize_with(file.index() + 1, || None);
        }
        let Some(slot) = self.files.get_mut(file.index()) else { return none };
        let known =
            slot.get_or_insert_with(|| File { index: LineIndex::new(text), last: (0, none) });
        let (from, at) = known.last;
        // Only worth it, and only checked, within one line.
        let between = text.get(from as usize..offset as usize);
        let found = match between.filter(|between| between.len() < 4096 || known.index.lines() == 1)
        {
            Some(between) if !between.contains('\n') => {
                let width = match self.encoding {
                    PositionEncoding::Utf8 => between.len(),
                    PositionEncoding::Utf16 => between.encode_utf16().count(),
                    PositionEncoding::Chars => between.chars().count(),
                };
                LineColumn { line: at.line, column: at.column + width as u32 }
            }
            _ => known.index.position(text, offset, self.encoding),
        };
        known.last = (offset, found);
        found
    }
}
