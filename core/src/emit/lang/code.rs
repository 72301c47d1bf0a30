//! Text that is legal where it stands.
//!
//! Templates print [`Code`] and nothing else. It is made by the languages of this room, which quote,
//! and never holds the characters that mark provenance.

use minijinja::Value;

/// The characters that mark provenance while a template renders: noncharacters of Unicode, which no
/// text needs.
pub const MARKS: [char; 2] = ['\u{fdd0}', '\u{fdd1}'];

/// Whether a text holds none of [`MARKS`].
pub fn is_unmarked(text: &str) -> bool {
    // Most texts are ASCII, and hardly any other has the first byte of each of them.
    text.is_ascii() || !text.as_bytes().contains(&0xef) || !text.contains(MARKS)
}

/// Text in a target's language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// `text`, known to be code. Marks within are lost: languages that must keep them escape them.
    pub fn new(text: impl Into<String>) -> Self {
        Self::without_marks(text.into())
    }

    fn without_marks(text: String) -> Self {
        if is_unmarked(&text) { Self(text) } else { Self(text.replace(MARKS, "")) }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Code> for Value {
    fn from(code: Code) -> Self {
        Self::from_safe_string(code.0)
    }
}
