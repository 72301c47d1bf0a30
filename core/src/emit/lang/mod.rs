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
pub use layout::{Call, Expr};
pub use python_layout::{Brackets, Laid, LaidField, Py};
pub use types::Type;

/// Operands joined by one operator: those of the same operator among them stand beside the others, and one
/// alone needs no operator. None of none. `inner` gives the operands of an expression of that operator.
fn joined<E>(
    parts: Vec<E>,
    inner: impl Fn(E) -> Result<Vec<E>, E>,
    join: impl FnOnce(Vec<E>) -> E,
) -> Option<E> {
    let mut operands = Vec::with_capacity(parts.len());
    for part in parts {
        match inner(part) {
            Ok(parts) => operands.extend(parts),
            Err(other) => operands.push(other),
        }
    }
    if operands.len() > 1 { Some(join(operands)) } else { operands.pop() }
}

/// Appends what `write` writes of each item, and `between` between them.
pub fn push_joined<T>(
    out: &mut String,
    items: impl IntoIterator<Item = T>,
    between: &str,
    mut write: impl FnMut(&mut String, T),
) {
    for (index, item) in items.into_iter().enumerate() {
        out.push_str(if index > 0 { between } else { "" });
        write(out, item);
    }
}

/// Whether a text is words of ASCII with one space between them, and nothing around.
fn is_spaced(text: &str) -> bool {
    let mut last = b' ';
    let goes_well = |byte: u8| {
        let before = std::mem::replace(&mut last, byte);
        byte.is_ascii_graphic() || (byte == b' ' && before != b' ')
    };
    text.bytes().all(goes_well) && last != b' '
}

/// Whether a sorted list holds a word.
fn holds(sorted: &[&str], word: &str) -> bool {
    let first = |word: &str| word.bytes().next().unwrap_or_default();
    let start = sorted.partition_point(|known| first(known) < first(word));
    let mut alike = sorted.iter().skip(start).take_while(|known| first(known) == first(word));
    alike.any(|known| *known == word)
}
