//! Advice on schemas that are valid: one file a rule.
//!
//! In: what resolving gave. Out: findings that never prevent output. A rule says nothing about objects
//! of other owners, nor about what the user did on purpose ([`Origins::is_intended`]).
//!
//! [`Origins::is_intended`]: crate::schema::Origins::is_intended

mod rules;

use crate::diagnostic::Diagnostics;
use crate::resolve::Resolved;

/// Runs every rule.
pub fn lint(resolved: &Resolved, sink: &mut Diagnostics) {
    for rule in rules::ALL {
        rule(resolved, sink);
    }
}
