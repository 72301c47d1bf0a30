//! What the last emission made, so that this one makes again only what is another by now.
//!
//! In: the parts of pages that targets keep for the next time. Out: those parts. An emission hands on what it
//! made or took over and nothing else, so a part is never older than the emission before. Never decides what
//! a part is; `Alike` says of which items it still holds.

use std::any::Any;
use std::fmt;

use super::shapes::Shapes;

/// What an emission leaves to the next one.
#[derive(Default)]
pub struct Memory {
    pub(super) shapes: Option<Shapes>,
    /// The target, the output, and what is kept for them; they are few. Each target has a type of its own.
    parts: Vec<(&'static str, String, Box<dyn Any + Send>)>,
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parts.iter().map(|(target, out, _)| (target, out))).finish()
    }
}

impl Memory {
    /// What `target` kept for `out`; nothing where it kept something else.
    pub(super) fn take<T: Any + Default>(&mut self, target: &'static str, out: &str) -> T {
        let mut outputs = self.parts.iter();
        let at = outputs.position(|(of, output, _)| *of == target && output == out);
        let kept = at.map(|at| self.parts.swap_remove(at));
        kept.and_then(|(.., kept)| kept.downcast().ok()).map(|kept| *kept).unwrap_or_default()
    }

    /// Keeps `parts` for the next emission of `target` to `out`.
    pub(super) fn keep<T: Any + Send>(&mut self, target: &'static str, out: &str, parts: T) {
        self.parts.push((target, out.to_owned(), Box::new(parts)));
    }
}
