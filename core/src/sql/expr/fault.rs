//! Why a text was not read.
//!
//! A distinction that matters to users: what PostgreSQL surely refuses is wrong; what only this reader
//! does not follow is unknown.

/// Why a text was not read.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) message: String,
    /// Byte of the text.
    pub(super) offset: u32,
    pub(super) help: Option<String>,
    /// Whether PostgreSQL refuses it too.
    pub(super) wrong: bool,
}

/// What was read, or why nothing was.
pub(super) type Read<T> = Result<T, Fault>;

impl Fault {
    pub(super) fn unknown(message: impl Into<String>, offset: u32) -> Self {
        Self { message: message.into(), offset, help: None, wrong: false }
    }

    pub(super) fn wrong(message: impl Into<String>, offset: u32) -> Self {
        Self { message: message.into(), offset, help: None, wrong: true }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
