//! What an editor asks about a schema: completion, hover, definitions, references, names, colours, folds.
//!
//! In: a [`Project`] (sources, their trees, what they mean) and byte offsets. Out: plain data with byte
//! spans; nothing is applied, nothing is reported. It works while people type: [`ask_typing`] and
//! [`ask_whole`] leave out what keeps the file from being read at the moment.
//!
//! [`place`](place::place) says what an offset is in terms of the grammar; every feature starts there.
//! Keys, words and documentation come from the grammar's own tables.

mod actions;
mod candidates;
mod complete;
mod complete_sql;
mod cursor;
#[cfg(test)]
mod cursor_tests;
mod describe;
mod folding;
mod highlight;
mod hover;
mod names;
mod occurrences;
mod place;
mod project;
mod references;
mod rename;
mod scan;
mod scan_flow;
mod sql;
mod symbols;

pub use actions::{Action, actions};
pub use candidates::CompletionKind;
pub use complete::{Completion, complete};
pub use folding::{Fold, FoldKind, folds};
pub use highlight::{Highlight, HighlightKind, highlights};
pub use hover::{Hover, definition, hover};
pub use project::{Project, ask, ask_typing, ask_whole};
pub use references::{Reference, references};
pub use rename::{renamable, rename};
pub use symbols::{DocumentSymbol, find_symbols, objects_at, symbols};
