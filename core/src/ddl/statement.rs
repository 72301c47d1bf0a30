//! Statements as values.
//!
//! In: what a kind's file wants to say. Out: [`Statement`]s whose text was put together by
//! [`SqlWriter`] alone, which quotes every name and literal and notes where each of the user's
//! expressions went. Never decides what is said, or in which order.

use std::ops::Range;

use crate::schema::ObjectId;
use crate::sql::ExprId;

/// One SQL statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its text, without the semicolon at the end.
    pub text: String,
    /// How many line breaks the text holds: scripts are asked which line is whose.
    pub breaks: u32,
    /// The object that it makes or describes.
    pub object: ObjectId,
    /// The part of a script that it belongs to.
    pub phase: Phase,
    /// The file that it belongs to, where the script is cut into several.
    pub section: Section,
    /// Whose it is, where several share a database: what has a lower rank comes before it.
    pub rank: usize,
    /// Where the user's expressions stand in `text`, in ascending order.
    pub fragments: Vec<Fragment>,
}

/// An expression of the user's inside a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// Bytes of the statement's text. They are a prefix of the expression's own text.
    pub range: Range<u32>,
    /// Which expression.
    pub expr: ExprId,
}

/// The parts of a script, in the order in which they stand unless a dependency demands otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Settings for the rest of the script.
    Session,
    /// `CREATE SCHEMA`.
    Namespaces,
    /// `CREATE EXTENSION`.
    Extensions,
    /// `CREATE ROLE`.
    Roles,
    /// `ALTER DEFAULT PRIVILEGES`: ahead of all objects, so that what is declared gets the same
    /// privileges whether it is created with the database or by a later migration.
    DefaultPrivileges,
    /// Enum types.
    Enums,
    /// Composite types.
    Composites,
    /// Domains.
    Domains,
    /// Sequences.
    Sequences,
    /// Functions that types and tables call.
    EarlyFunctions,
    /// Tables.
    Tables,
    /// The other functions.
    Functions,
    /// Defaults, checks and owners that had to wait for a function or a table.
    Attachments,
    /// Indexes.
    Indexes,
    /// Foreign keys.
    ForeignKeys,
    /// Views.
    Views,
    /// Functions that need a view.
    LateFunctions,
    /// Triggers.
    Triggers,
    /// Row-level security switches.
    RowSecurity,
    /// Policies.
    Policies,
    /// Grants and revokes.
    Grants,
    /// Publications.
    Publications,
    /// Comments.
    Comments,
}

/// The files that a script can be cut into. What needs something stands in its section or in a later
/// one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What is there before all tables.
    Foundations,
    /// What tables need and what needs no table: types, sequences, functions.
    Types,
    /// Tables with their indexes and keys.
    Tables,
    /// Functions and views.
    Functions,
    /// Triggers.
    Triggers,
    /// Who may see and change what.
    Access,
    /// What people read.
    Comments,
}

impl Phase {
    /// The section of its statements, unless what they need stands in a later one.
    pub const fn section(self) -> Section {
        match self {
            Self::Session
            | Self::Namespaces
            | Self::Extensions
            | Self::Roles
            | Self::DefaultPrivileges => Section::Foundations,
            Self::Enums
            | Self::Composites
            | Self::Domains
            | Self::Sequences
            | Self::EarlyFunctions => Section::Types,
            Self::Tables | Self::Attachments | Self::Indexes | Self::ForeignKeys => Section::Tables,
            Self::Functions | Self::Views | Self::LateFunctions => Section::Functions,
            Self::Triggers => Section::Triggers,
            Self::RowSecurity | Self::Policies | Self::Grants | Self::Publications => {
                Section::Access
            }
            Self::Comments => Section::Comments,
        }
    }

    /// The heading over its statements. Composite types and domains share one: they stand among each
    /// other, as each may be made of the other.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Session => "Settings",
            Self::Namespaces => "Schemas",
            Self::Extensions => "Extensions",
            Self::Roles => "Roles",
            Self::DefaultPrivileges => "Default privileges",
            Self::Enums => "Enums",
            Self::Composites | Self::Domains => "Types",
            Self::Sequences => "Sequences",
            Self::EarlyFunctions => "Functions that types and tables use",
            Self::Tables => "Tables",
            Self::Functions => "Functions",
            Self::Attachments => "Defaults, checks and owners",
            Self::Indexes => "Indexes",
            Self::ForeignKeys => "Foreign keys",
            Self::Views => "Views",
            Self::LateFunctions => "Functions over views",
            Self::Triggers => "Triggers",
            Self::RowSecurity => "Row-level security",
            Self::Policies => "Policies",
            Self::Grants => "Grants",
            Self::Publications => "Publications",
            Self::Comments => "Comments",
        }
    }
}
