//! Templates: where prepared code stands on the page.
//!
//! In: a template and a context of `Code`. Out: the text, and which lines come from which object.
//! Refuses to print anything but code, so that text can break out of its place only through a wrong
//! quoting function of `lang`, and those are few and tested. No loader, no IO, bounded work.

mod marks;
mod renderer;

pub use marks::{Marked, Marks};
pub use renderer::{Rendered, Template, environment, print, render};
