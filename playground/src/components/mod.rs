//! The parts of the page around the editor. In: the page. Out: views; each part reads the signals that
//! it shows and calls the methods that its buttons are for.

pub(crate) mod dialog;
pub(crate) mod files;
pub(crate) mod header;
pub(crate) mod icon;
pub(crate) mod notices;
pub(crate) mod overlays;
pub(crate) mod palette;
pub(crate) mod problems;
pub(crate) mod prose;
pub(crate) mod sides;
pub(crate) mod sources;
