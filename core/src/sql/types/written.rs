//! The name of a type as it was written, and what can be wrong with it.

use std::ops::Range;

use smol_str::SmolStr;

/// A type as written, before anyone knows what it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeName {
    /// The part before the dot.
    pub schema: Option<SmolStr>,
    /// The name: exact where quoted, else in lower case, and the one that
    /// [`BaseType::as_str`](super::BaseType::as_str) gives where it is another name for it.
    pub name: SmolStr,
    /// Whether the name was quoted.
    pub quoted: bool,
    /// What stands in parentheses, split at commas. For `interval` the fields come first, if any.
    pub args: Vec<SmolStr>,
    /// How many `[]` follow; `array` counts as one.
    pub dimensions: u8,
    /// Bytes of the name in the text, its schema and trailing words included.
    pub range: Range<u32>,
    /// Bytes of the arguments; the name's where there are none.
    pub args_range: Range<u32>,
}

/// Text that names no type, or a type with arguments that it cannot have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Bytes of the text.
    pub range: Range<u32>,
}

impl TypeError {
    pub(super) fn new(message: impl Into<String>, range: Range<u32>) -> Self {
        Self { message: message.into(), help: None, range }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
