//! The cases of schemagen: how they are written, read, run and rewritten.
//!
//! In: files under `tests/cases` and `core/docs/codes`. Out: named trials for the runner `cases.rs`.
//! The formats are described in CONTRIBUTING.md. Never decides what is right: the files do.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a harness that cannot read its files stops"
)]

pub mod annotate;
pub mod case;
pub mod compiler;
pub mod corpus;
pub mod docs;
pub mod emit;
pub mod entry;
pub mod files;
pub mod ide;
pub mod update;
