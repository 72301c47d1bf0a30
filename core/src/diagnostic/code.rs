//! All diagnostic codes. A code is stable: users silence it, search for it, link to it.
//!
//! The documentation of each stands in `core/docs/codes/CODE.md`; its `## Wrong` example triggers the
//! code and its `## Right` example does not, which the tests hold.

use super::Severity;

macro_rules! codes {
    ($($(#[$group:meta])* $variant:ident = $text:literal $severity:ident;)*) => {
        /// Which check found it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $text] $variant,)*
        }

        impl Code {
            /// Every code, grouped by the room that reports it.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable name, in kebab case.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The severity unless the user configured another.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// What it means and what to do, as Markdown.
            pub const fn docs(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("../../docs/codes/", $text, ".md")),)*
                }
            }
        }
    };
}

codes! {
    // syntax: text -> tree
    InvalidUtf8 = "invalid-utf8" Error;
    YamlSyntax = "yaml-syntax" Error;
    YamlDuplicateKey = "yaml-duplicate-key" Error;
    YamlUnknownAlias = "yaml-unknown-alias" Error;
    YamlMergeKey = "yaml-merge-key" Error;
    YamlTooLarge = "yaml-too-large" Error;
    YamlTooDeep = "yaml-too-deep" Error;
    YamlManyDocuments = "yaml-many-documents" Error;

    // grammar: tree -> document
    UnknownSection = "unknown-section" Error;
    UnknownKey = "unknown-key" Error;
    MissingKey = "missing-key" Error;
    WrongKind = "wrong-kind" Error;
    UnknownWord = "unknown-word" Error;
    FlowCommaSplit = "flow-comma-split" Error;
    LabelNotString = "label-not-string" Warning;
    NumberOutOfRange = "number-out-of-range" Error;
    ConflictingKeys = "conflicting-keys" Error;

    // resolve: names
    InvalidName = "invalid-name" Error;
    NameTooLong = "name-too-long" Error;
    DuplicateObject = "duplicate-object" Error;
    NameCollision = "name-collision" Error;
    DuplicateLabel = "duplicate-label" Error;
    UnknownMixin = "unknown-mixin" Error;
    MixinConflict = "mixin-conflict" Error;

    // resolve: types and columns
    UnknownType = "unknown-type" Error;
    TypeArguments = "type-arguments" Error;
    MissingExtension = "missing-extension" Error;
    DefaultAmbiguous = "default-ambiguous" Warning;
    DefaultMismatch = "default-mismatch" Error;
    IdentityType = "identity-type" Error;
    NullablePrimaryKey = "nullable-primary-key" Error;
    TableWithoutColumns = "table-without-columns" Error;
    NeedsVersion = "needs-version" Error;

    // resolve: references, constraints, indexes
    UnknownTable = "unknown-table" Error;
    UnknownColumn = "unknown-column" Error;
    ReferenceNotUnique = "reference-not-unique" Error;
    ReferenceTypeMismatch = "reference-type-mismatch" Error;
    ReferenceColumns = "reference-columns" Error;
    SetNullNotNull = "set-null-not-null" Error;
    SetDefaultWithoutDefault = "set-default-without-default" Error;
    CascadeCycle = "cascade-cycle" Warning;
    ManyPrimaryKeys = "many-primary-keys" Error;
    IncludeKeyColumn = "include-key-column" Error;
    IndexMethod = "index-method" Error;
    PartitionKey = "partition-key" Error;
    PartitionBounds = "partition-bounds" Error;

    // resolve: functions, triggers, policies, views, grants
    FunctionBody = "function-body" Error;
    FunctionReturns = "function-returns" Error;
    FunctionArguments = "function-arguments" Error;
    UnknownFunction = "unknown-function" Error;
    TriggerFunction = "trigger-function" Error;
    TriggerTiming = "trigger-timing" Error;
    TriggerTable = "trigger-table" Error;
    TriggerVolatility = "trigger-volatility" Warning;
    PolicyClause = "policy-clause" Error;
    PolicyDisabled = "policy-disabled" Note;
    PolicyEmpty = "policy-empty" Warning;
    PolicyWithoutRls = "policy-without-rls" Warning;
    PolicyCycle = "policy-cycle" Error;
    PolicyTable = "policy-table" Error;
    UnknownRole = "unknown-role" Warning;
    UnknownObject = "unknown-object" Error;
    UnknownPrivilege = "unknown-privilege" Error;
    DependencyCycle = "dependency-cycle" Error;

    // sql: expressions, bodies, queries
    SqlSyntax = "sql-syntax" Error;
    SqlNotChecked = "sql-not-checked" Warning;
    SqlUnknownColumn = "sql-unknown-column" Error;
    SqlAmbiguousColumn = "sql-ambiguous-column" Error;
    SqlUnknownFunction = "sql-unknown-function" Error;
    SqlNotBoolean = "sql-not-boolean" Error;
    SqlSubquery = "sql-subquery" Error;
    SqlAggregate = "sql-aggregate" Error;
    SqlSetReturning = "sql-set-returning" Error;
    SqlVolatile = "sql-volatile" Error;
    SqlGeneratedReference = "sql-generated-reference" Error;
    SqlSelfComparison = "sql-self-comparison" Warning;

    // resolve: validator overrides
    OverrideSyntax = "override-syntax" Error;
    OverrideExtraField = "override-extra-field" Warning;
    OverrideWeakens = "override-weakens" Warning;
    OverrideJsonDate = "override-json-date" Warning;

    // lint
    DefinerSearchPath = "definer-search-path" Warning;
    NameNeedsQuotes = "name-needs-quotes" Warning;
    TableWithoutRls = "table-without-rls" Warning;
    TriggerUnknownField = "trigger-unknown-field" Warning;

    // emit
    CheckNotCarried = "check-not-carried" Note;
    TypeNotCarried = "type-not-carried" Note;
    FieldCollision = "field-collision" Error;
    UnknownTarget = "unknown-target" Error;
    UnknownOption = "unknown-option" Error;
    PathOutside = "path-outside" Error;
    PathCollision = "path-collision" Error;
    UnusedService = "unused-service" Warning;
    TemplateError = "template-error" Error;

    // edit
    NotEditable = "not-editable" Error;

    // the host: what a database says of the schema; the compiler itself never reports these
    DatabaseError = "database-error" Error;
    ExtensionUnavailable = "extension-unavailable" Error;
}

impl Code {
    /// The code of this name.
    pub fn find(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
