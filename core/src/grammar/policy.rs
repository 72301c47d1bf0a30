//! Row-level security policies.

use super::macros::{record, words};
use super::{Flag, SqlText, Text};
use crate::source::Spanned;

words! {
    /// What a policy speaks about.
    CommandWord {
        /// Every command.
        All = "all",
        /// Reading.
        Select = "select",
        /// Adding.
        Insert = "insert",
        /// Changing.
        Update = "update",
        /// Removing.
        Delete = "delete",
    }
}

record! {
    /// A row-level security policy.
    "policy" PolicyDef {
        /// Its name; `TABLE_COMMAND` unless said.
        name = "name": Option<Text>,
        /// Its table; implied inside a table.
        table = "table" => Table: Option<Text>,
        /// What it speaks about.
        command = "command" [required]: Option<Spanned<CommandWord>>,
        /// Whom it speaks about; `public` unless said.
        roles = "to" | "role" | "roles" => Role: Vec<Text>,
        /// The rows that the command sees.
        using = "using": Option<SqlText>,
        /// The rows that may be written.
        with_check = "with_check": Option<SqlText>,
        /// Permissive policies (unless said) are joined by OR, restrictive ones by AND.
        permissive = "permissive": Option<Flag>,
        /// `false` leaves the policy out.
        enabled = "enabled": Option<Flag>,
        /// `COMMENT ON POLICY`.
        comment = "comment": Option<Text>,
    }
}
