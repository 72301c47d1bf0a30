//! Languages: how text, names and comments are written so that they stay in their place.

pub mod code;
pub mod dbml;
pub mod json;
pub mod layout;
mod literal;
pub mod markdown;
pub mod mermaid;
pub mod python;
pub mod python_layout;
pub mod regex;
pub mod rust;
pub mod types;
pub mod typescript;
pub mod xml;

pub use code::Code;
pub use json::Json;
pub use layout::{Call, Expr, generic_type};
pub use python_layout::{Brackets, Py};
pub use types::Type;

/// Whether a sorted list holds a word.
fn holds(sorted: &[&str], word: &str) -> bool {
    let first = |word: &str| word.bytes().next().unwrap_or_default();
    let start = sorted.partition_point(|known| first(known) < first(word));
    let mut alike = sorted.iter().skip(start).take_while(|known| first(known) == first(word));
    alike.any(|known| *known == word)
}
