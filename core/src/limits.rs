//! Every budget in one place.
//!
//! Hostile or broken input ends in a clear finding instead of a hang or an overflowing stack. The
//! numbers are far above what real schemas need.

/// Bytes of one source: a schema of 10,000 tables has about 11 MB.
pub const SOURCE_BYTES: usize = 16 * 1024 * 1024;

/// Levels of nesting in a source, with what aliases bring in. Bounds every recursion over the tree.
pub const TREE_DEPTH: usize = 128;

/// Nodes of one source that anchors and aliases copy.
pub const EXPANDED_NODES: usize = 250_000;

/// Domains over domains.
pub const DOMAIN_DEPTH: usize = 32;
