//! Columns: references, generated values, identity.

use super::macros::{record, words};
use super::object::SequenceDef;
use super::value::{DefaultSpec, ScalarText, TypeSpec};
use super::{Decode, Decoder, Flag, Kind, Names, SqlText, Text};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node, NodeKind};

record! {
    /// A column of a table.
    "column" ColumnDef short Kind::Type => short_column {
        /// The PostgreSQL type: `text`, `varchar(255)`, `text[]`, or the name of an enum, domain or composite.
        ty = "type" [required]: Option<TypeSpec>,
        /// Whether it is an array of its type; the long form of `text[]`.
        array = "array": Option<Box<Flag>>,
        /// Whether null may be stored. True unless said, as in SQL.
        nullable = "nullable": Option<Flag>,
        /// Whether it is the table's primary key.
        primary_key = "primary_key": Option<Box<Flag>>,
        /// Whether no two rows may hold the same value.
        unique = "unique": Option<Box<Flag>>,
        /// The value when none is given: a SQL expression, a constant, `{func: now}`, `{value: …}` or `{expr: …}`.
        default = "default": Option<DefaultSpec>,
        /// A condition that each value must meet.
        check = "check": Option<Box<SqlText>>,
        /// The column of another table that it refers to: `users.id`, or a map.
        references = "references": Option<Box<ReferenceDef>>,
        /// The expression that it is computed by.
        generated = "generated": Option<Box<GeneratedDef>>,
        /// `always` or `by_default`: numbered by a sequence of its own.
        identity = "identity": Option<Box<IdentitySpec>>,
        /// The collation that it sorts by.
        collation = "collation": Option<Box<Text>>,
        /// `COMMENT ON COLUMN`; documentation in every target.
        comment = "comment": Option<Box<Text>>,
        /// The field name that code targets use.
        alias = "alias": Option<Box<Text>>,
        /// `true`, or what to use instead; marked as deprecated in code targets.
        deprecated = "deprecated": Option<Box<ScalarText>>,
        /// The name it had before; a migration renames instead of dropping.
        renamed_from = "renamed_from": Option<Box<Text>>,
        /// How a migration converts old values after a type change.
        using = "using": Option<Box<SqlText>>,
    }
}

fn short_column(node: &Node, cx: &mut Decoder<'_>) -> Option<ColumnDef> {
    let ty = TypeSpec::decode(node, cx)?;
    Some(ColumnDef { ty: Some(ty), ..ColumnDef::empty(node.span) })
}

words! {
    /// A referential action.
    RefActionWord {
        /// Refuse, when the statement or transaction ends.
        NoAction = "no_action",
        /// Refuse at once.
        Restrict = "restrict",
        /// Follow: delete or update the referring rows too.
        Cascade = "cascade",
        /// Set the referring columns to null.
        SetNull = "set_null",
        /// Set the referring columns to their defaults.
        SetDefault = "set_default",
    }
}

record! {
    /// A reference to another table's column. Short: `users.id`, or the table's name.
    "reference" ReferenceDef short Kind::Name(Names::Reference) => short_reference {
        /// The table: `users`, `billing.customers`, `auth.users`.
        table = "table" [required] => Reference: Option<Text>,
        /// The column: `id` unless said, or the single primary key column where there is no `id`.
        column = "column" => OtherColumn: Option<Text>,
        /// What happens when the row referred to is deleted.
        on_delete = "on_delete": Option<Spanned<RefActionWord>>,
        /// What happens when its key changes.
        on_update = "on_update": Option<Spanned<RefActionWord>>,
        /// Whether a transaction may ask to check it at its end.
        deferrable = "deferrable": Option<Flag>,
        /// Whether it is checked at the end of the transaction.
        initially_deferred = "initially_deferred": Option<Flag>,
        /// The constraint's name; PostgreSQL's own unless said.
        name = "name": Option<Text>,
    }
}

/// `users.id`, `auth.users.id` or `users`: resolve tells a column from a schema, so the whole text goes
/// to `table`.
fn short_reference(node: &Node, cx: &mut Decoder<'_>) -> Option<ReferenceDef> {
    let table = Text::decode(node, cx)?;
    Some(ReferenceDef { table: Some(table), ..ReferenceDef::empty(node.span) })
}

impl ReferenceDef {
    /// Whether it was written in the short form, where the column may stand in `table`.
    pub fn is_short(&self) -> bool {
        self.table.as_ref().is_some_and(|table| table.span == self.span)
    }
}

words! {
    /// Whether a generated column is stored.
    GeneratedWord {
        /// Computed on write and stored.
        Stored = "stored",
        /// Computed on read; PostgreSQL 18.
        Virtual = "virtual",
    }
}

record! {
    /// How a column is computed. Short: the expression, stored.
    "generated column" GeneratedDef short Kind::Sql => short_generated {
        /// `stored` (unless said) or `virtual`.
        kind = "kind": Option<Spanned<GeneratedWord>>,
        /// An immutable expression over the other columns.
        expr = "expr" [required]: Option<SqlText>,
    }
}

fn short_generated(node: &Node, cx: &mut Decoder<'_>) -> Option<GeneratedDef> {
    let expr = SqlText::decode(node, cx)?;
    Some(GeneratedDef { expr: Some(expr), ..GeneratedDef::empty(node.span) })
}

words! {
    /// Whether an insert may give an identity column a value.
    IdentityWord {
        /// It may not.
        Always = "always",
        /// It may.
        ByDefault = "by_default",
    }
}

/// `always`, `by_default`, or a map with sequence options.
#[derive(Debug, Clone)]
pub struct IdentitySpec {
    /// Where it stands.
    pub span: Span,
    /// `always` unless said.
    pub kind: Option<Spanned<IdentityWord>>,
    /// Options of the sequence, if given.
    pub sequence: Option<SequenceDef>,
}

record! {
    /// An identity column with options of its sequence.
    "identity" IdentityDef {
        /// `always` (unless said) or `by_default`.
        kind = "kind" | "generated": Option<Spanned<IdentityWord>>,
        /// First value.
        start = "start": Option<super::Integer>,
        /// Step.
        increment = "increment": Option<super::Integer>,
        /// Least value.
        min = "min": Option<super::Integer>,
        /// Greatest value.
        max = "max": Option<super::Integer>,
        /// Values taken ahead.
        cache = "cache": Option<super::Integer>,
        /// Whether it starts again at the end.
        cycle = "cycle": Option<Flag>,
    }
}

fn identity_word() -> Kind {
    <Spanned<IdentityWord> as Decode>::kind()
}

fn identity_map() -> Kind {
    Kind::Record(IdentityDef::RECORD)
}

impl Decode for IdentitySpec {
    fn kind() -> Kind {
        Kind::Either(&[identity_word, identity_map])
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let span = node.span;
        if let NodeKind::Map(_) = &node.kind {
            let def = IdentityDef::decode(node, cx)?;
            let sequence = SequenceDef {
                start: def.start,
                increment: def.increment,
                min: def.min,
                max: def.max,
                cache: def.cache,
                cycle: def.cycle,
                ..SequenceDef::empty(span)
            };
            return Some(Self { span, kind: def.kind, sequence: Some(sequence) });
        }
        let kind = Some(cx.word(node)?);
        Some(Self { span, kind, sequence: None })
    }
}

/// The value of `key` in a list of entries, for short forms that look ahead.
pub(super) fn entry<'n>(entries: &'n [Entry], key: &str) -> Option<&'n Node> {
    entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
}
