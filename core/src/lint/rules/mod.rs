//! The list of rules. A new rule is a file, and a line here.

mod definer_search_path;
mod name_needs_quotes;
mod table_without_rls;
mod trigger_unknown_field;

use crate::diagnostic::Diagnostics;
use crate::resolve::Resolved;

/// Every rule, in alphabetical order.
pub(super) const ALL: &[fn(&Resolved, &mut Diagnostics)] = &[
    definer_search_path::definer_search_path,
    name_needs_quotes::name_needs_quotes,
    table_without_rls::table_without_rls,
    trigger_unknown_field::trigger_unknown_field,
];
