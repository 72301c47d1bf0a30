//! What a check needs to know of the world around an expression: where it stands and what exists there.

use crate::sql::BaseType;
use crate::sql::builtins::Volatility;

/// Where an expression stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExprSite {
    /// A column's default.
    Default,
    /// A table's or column's check.
    Check,
    /// A domain's check.
    DomainCheck,
    /// A generated column.
    Generated,
    /// A policy's `using`.
    Using,
    /// A policy's `with_check`.
    WithCheck,
    /// The predicate of a partial index.
    IndexWhere,
    /// An index's key.
    IndexKey,
    /// A trigger's condition.
    TriggerWhen,
    /// A partitioned table's key.
    PartitionKey,
    /// A publication's row filter.
    PublicationWhere,
    /// The predicate of an exclusion constraint.
    ExclusionWhere,
    /// The new value of a type change.
    TypeChange,
}

impl ExprSite {
    /// In a message: `a check`.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Default => "a default",
            Self::Check => "a check",
            Self::DomainCheck => "a domain's check",
            Self::Generated => "a generated column",
            Self::Using | Self::WithCheck => "a policy",
            Self::IndexWhere => "an index's predicate",
            Self::IndexKey => "an index's key",
            Self::TriggerWhen => "a trigger's condition",
            Self::PartitionKey => "a partition key",
            Self::PublicationWhere => "a publication's filter",
            Self::ExclusionWhere => "an exclusion's predicate",
            Self::TypeChange => "a type change",
        }
    }

    /// Whether the expression is a condition.
    pub const fn boolean(self) -> bool {
        match self {
            Self::Check
            | Self::DomainCheck
            | Self::Using
            | Self::WithCheck
            | Self::IndexWhere
            | Self::TriggerWhen
            | Self::PublicationWhere
            | Self::ExclusionWhere => true,
            Self::Default
            | Self::Generated
            | Self::IndexKey
            | Self::PartitionKey
            | Self::TypeChange => false,
        }
    }

    /// Whether every function in it must be immutable.
    pub const fn immutable(self) -> bool {
        match self {
            Self::Generated
            | Self::IndexWhere
            | Self::IndexKey
            | Self::PartitionKey
            | Self::PublicationWhere
            | Self::ExclusionWhere => true,
            Self::Default
            | Self::Check
            | Self::DomainCheck
            | Self::Using
            | Self::WithCheck
            | Self::TriggerWhen
            | Self::TypeChange => false,
        }
    }

    /// Whether a subquery may stand in it.
    pub const fn subquery(self) -> bool {
        matches!(self, Self::Using | Self::WithCheck)
    }
}

/// What exists where an expression stands. Who does not know says so: nothing is reported then.
pub trait Scope {
    /// The column of this name, its qualifier as written (`users`, `public.users`; never `OLD` and
    /// `NEW`, which stand for none).
    fn column(&self, qualifier: Option<&str>, name: &str) -> ColumnLookup;

    /// The column's type, where it decides what depends on the session. None where the scope cannot
    /// say.
    fn column_type(&self, qualifier: Option<&str>, name: &str) -> Option<ValueType> {
        let _ = (qualifier, name);
        None
    }

    /// All columns, for suggestions.
    fn column_names(&self) -> Vec<&str>;

    /// The table whose row the expression sees; its bare name is the whole row.
    fn relation(&self) -> Option<&str>;

    /// The columns of a table or view that a query reads; none where they are not all known.
    fn relation_columns(&self, schema: Option<&str>, name: &str) -> Option<Vec<&str>> {
        let _ = (schema, name);
        None
    }

    /// Whether a table or view may have columns that [`relation_columns`](Self::relation_columns) does
    /// not list: one whose owner is another.
    fn may_have_more_columns(&self, schema: Option<&str>, name: &str) -> bool {
        let _ = (schema, name);
        false
    }

    /// The columns of a function in `FROM`, which the query calls `alias`; none where they are not
    /// known.
    fn function_columns<'s>(
        &'s self,
        schema: Option<&str>,
        name: &str,
        alias: &'s str,
    ) -> Option<Vec<&'s str>> {
        let _ = (schema, name, alias);
        None
    }

    /// How many parameters `$1`, `$2` … there are.
    fn parameters(&self) -> usize {
        0
    }

    /// The user's function of this name. PostgreSQL's own are not asked for, nor those of extensions
    /// unless they are qualified.
    fn function(&self, schema: Option<&str>, name: &str) -> FunctionLookup;

    /// Whether the user has a function of this name.
    fn has_function(&self, schema: Option<&str>, name: &str) -> bool {
        matches!(self.function(schema, name), FunctionLookup::Known { .. })
    }

    /// The functions of a schema, of `public` where none is named, for suggestions.
    fn function_names(&self, schema: Option<&str>) -> Vec<&str>;

    /// The extensions that are declared.
    fn extensions(&self) -> Vec<&str>;

    /// The major version of PostgreSQL that must take the SQL.
    fn target_version(&self) -> u16;
}

/// A column's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// A built-in type or one of an extension, or a domain over it; no array.
    Base(BaseType),
    /// One of the user's enums.
    Enum,
}

/// What a scope knows of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnLookup {
    /// It exists.
    Known {
        /// Whether it is of type `boolean`, where that is certain.
        boolean: Option<bool>,
        /// Whether it is generated.
        generated: bool,
    },
    /// It certainly does not exist.
    Unknown,
    /// The scope does not know.
    Unclear,
}

/// What a scope knows of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionLookup {
    /// It exists.
    Known {
        /// The least of its overloads'.
        volatility: Option<Volatility>,
        /// Whether it returns `boolean`, where that is certain.
        returns_boolean: Option<bool>,
        /// Whether all of its overloads return sets.
        set_returning: bool,
    },
    /// It certainly does not exist.
    Unknown,
    /// The scope does not know.
    Unclear,
}
