//! What the last emission made, so that this one makes again only what is another by now.
//!
//! In: the parts of pages that targets keep for the next time. Out: those parts. An emission hands on what it
//! made or took over and nothing else, so a part is never older than the emission before. Never decides what
//! a part is; `Alike` says of which items it still holds.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;

use super::shapes::Shapes;

/// What an emission leaves to the next one.
#[derive(Default)]
pub struct Memory {
    pub(super) shapes: Option<Shapes>,
    /// By target and output. Each target has a type of its own.
    parts: BTreeMap<(&'static str, String), Box<dyn Any + Send>>,
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parts.keys()).finish()
    }
}

impl Memory {
    /// What `target` kept for `out`; nothing where it kept something else.
    pub(super) fn take<T: Any + Default>(&mut self, target: &'static str, out: &str) -> T {
        let kept = self.parts.remove(&(target, out.to_owned()));
        kept.and_then(|kept| kept.downcast().ok()).map(|kept| *kept).unwrap_or_default()
    }

    /// Keeps `parts` for the next emission of `target` to `out`.
    pub(super) fn keep<T: Any + Send>(&mut self, target: &'static str, out: &str, parts: T) {
        self.parts.insert((target, out.to_owned()), Box::new(parts));
    }
}
