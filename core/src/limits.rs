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

/// Columns that the queries of all views give, with those of their subqueries.
pub const VIEW_COLUMNS: usize = 2_000_000;

/// Columns that are looked at while the types of all views' columns are sought.
pub const VIEW_LOOKUPS: usize = 100_000_000;

/// Columns that are looked at for the names in one piece of SQL; where these might be more, names are not checked.
pub const NAME_LOOKUPS: usize = 200_000_000;
