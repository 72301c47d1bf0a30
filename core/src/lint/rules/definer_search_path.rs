//! `definer-search-path`: a function with its owner's rights that looks names up where the caller says.
//!
//! The manual warns of it (`CREATE FUNCTION`, "Writing SECURITY DEFINER Functions Safely"), and so
//! does Supabase's advisor (0011, mutable search path).

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::resolve::Resolved;
use crate::schema::{ObjectId, Ownership, Security};

/// Looks at functions that run with their owner's rights.
pub(super) fn definer_search_path(resolved: &Resolved, sink: &mut Diagnostics) {
    for (id, function) in resolved.schema.functions.iter() {
        let is_definer =
            function.ownership == Ownership::Owned && function.security == Security::Definer;
        if !is_definer || function.set.iter().any(|(name, _)| name == "search_path") {
            continue;
        }
        let Some(span) = resolved.origins.of(ObjectId::Function(id)) else { continue };
        let message = format!(
            "`{}` runs with its owner's rights and finds tables by the caller's search_path",
            function.name
        );
        sink.push(
            Diagnostic::new(Code::DefinerSearchPath, span, message)
                .help("add `set: {search_path: ''}`, and name tables with their schema")
                .note("whoever may create objects could have it read or call theirs"),
        );
    }
}
