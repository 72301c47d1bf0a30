//! The texts of one compilation and places in them.
//!
//! In: named texts from the host. Out: [`Span`]s, which every other room carries, and [`LineIndex`],
//! the only converter from byte offsets to lines and columns. Knows no paths: a name is opaque.

mod line_index;
mod text_map;

pub(crate) use line_index::line_breaks;
pub use line_index::{LineColumn, LineIndex, PositionEncoding};
pub use text_map::{Segment, SegmentKind, TextMap};

use std::ops::Range;
use std::sync::Arc;

/// A text of one compilation, by its place in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// The `index`-th file of a [`Sources`].
    pub const fn new(index: u32) -> Self {
        Self(index)
    }

    /// Position in [`Sources`], from 0.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A half-open range of bytes in one file. Empty where something is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file that the offsets count in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `range` of `file`.
    pub const fn new(file: FileId, range: Range<u32>) -> Self {
        Self { file, start: range.start, end: range.end }
    }

    /// The place of findings about what the host asked for (a target, an option, a path), which no file
    /// says: of no file, so renderers show the message alone.
    pub const NOWHERE: Self = Self { file: FileId(u32::MAX), start: 0, end: 0 };

    /// The bytes as a range for slicing the file's text.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that holds both; `self` where they lie in different files.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The empty span at the start.
    #[must_use]
    pub const fn at_start(self) -> Self {
        Self { file: self.file, start: self.start, end: self.start }
    }
}

/// A value and where the user wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }

    /// A borrow with the same place.
    pub const fn as_ref(&self) -> Spanned<&T> {
        Spanned { value: &self.value, span: self.span }
    }
}

/// One named text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What diagnostics call it; opaque to core.
    pub name: Arc<str>,
    /// Its text. UTF-8; a byte-order mark stays in, so that offsets are the file's own.
    pub text: Arc<str>,
    /// Where its bytes stop being UTF-8, if they do; the text holds U+FFFD there.
    pub not_utf8: Option<u32>,
}

impl Source {
    /// The text `text`, called `name`.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), text: text.into(), not_utf8: None }
    }

    /// The text that `bytes` say; U+FFFD where they are not UTF-8.
    pub fn from_bytes(name: impl Into<Arc<str>>, bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::new(name, text),
            Err(error) => Self {
                not_utf8: Some(error.utf8_error().valid_up_to() as u32),
                ..Self::new(name, String::from_utf8_lossy(error.as_bytes()))
            },
        }
    }
}

/// All texts of one compilation, in the host's order.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text and gives its id.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        self.push(Source::new(name, text))
    }

    /// Adds a text that the host has as bytes. Where they are not UTF-8, the text holds U+FFFD, and
    /// `syntax::read` reports it.
    pub fn add_bytes(&mut self, name: impl Into<Arc<str>>, bytes: Vec<u8>) -> FileId {
        self.push(Source::from_bytes(name, bytes))
    }

    /// Adds a source and gives its id.
    pub fn push(&mut self, source: Source) -> FileId {
        let id = FileId(self.files.len() as u32);
        self.files.push(source);
        id
    }

    /// The file of this name.
    pub fn find(&self, name: &str) -> Option<FileId> {
        let index = self.files.iter().position(|source| *source.name == *name)?;
        Some(FileId(index as u32))
    }

    /// Puts a text in the place of another. Without effect for an id of another `Sources`.
    pub fn replace(&mut self, id: FileId, source: Source) {
        if let Some(slot) = self.files.get_mut(id.index()) {
            *slot = source;
        }
    }

    /// Takes a text away; the ids of those after it become one less.
    pub fn remove(&mut self, id: FileId) {
        if id.index() < self.files.len() {
            self.files.remove(id.index());
        }
    }

    /// The file, or `None` for an id of another `Sources`.
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(id.index())
    }

    /// The text under `span`; empty where the span does not fit.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).and_then(|file| file.text.get(span.range())).unwrap_or_default()
    }

    /// The files with their ids, in order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(index, source)| (FileId(index as u32), source))
    }
}
