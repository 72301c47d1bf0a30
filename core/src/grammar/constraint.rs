//! Constraints and indexes.

use super::column::RefActionWord;
use super::macros::{record, words};
use super::{Decode, Decoder, Flag, Kind, Names, Pairs, SqlText, Text};
use crate::source::Spanned;
use crate::syntax::Node;

words! {
    /// The kind of a constraint.
    ConstraintWord {
        /// A condition over the row: `expr`.
        Check = "check",
        /// No two rows alike: `columns`.
        Unique = "unique",
        /// No two rows that conflict: `elements`.
        Exclude = "exclude",
        /// The primary key: `columns`.
        PrimaryKey = "primary_key",
        /// A reference of several columns: `columns` and `references`.
        ForeignKey = "foreign_key",
    }
}

record! {
    /// A constraint of a table.
    "constraint" ConstraintDef {
        /// What it demands.
        ty = "type" [required]: Option<Spanned<ConstraintWord>>,
        /// Its name; PostgreSQL's own unless said.
        name = "name": Option<Text>,
        /// The condition of a check.
        expr = "expr": Option<SqlText>,
        /// The columns of a unique constraint, primary key or foreign key.
        columns = "columns" => Column: Vec<Text>,
        /// The rows that it covers: makes a unique constraint a partial unique index.
        predicate = "where": Option<SqlText>,
        /// The elements of an exclusion.
        elements = "elements": Vec<ExclusionElementDef>,
        /// The index method of an exclusion; `gist` unless said.
        using = "using" => Method: Option<Text>,
        /// What a foreign key refers to.
        references = "references": Option<ForeignTargetDef>,
        /// Whether rows that exist stay unchecked.
        not_valid = "not_valid": Option<Flag>,
        /// Whether two nulls are alike; PostgreSQL 15.
        nulls_not_distinct = "nulls_not_distinct": Option<Flag>,
        /// Whether a transaction may ask to check it at its end.
        deferrable = "deferrable": Option<Flag>,
        /// Whether it is checked at the end of the transaction.
        initially_deferred = "initially_deferred": Option<Flag>,
        /// `COMMENT ON CONSTRAINT`.
        comment = "comment": Option<Text>,
    }
}

record! {
    /// An element of an exclusion constraint.
    "exclusion element" ExclusionElementDef {
        /// The column.
        column = "column" | "name" => Column: Option<Text>,
        /// An expression in place of a column.
        expr = "expr": Option<SqlText>,
        /// The operator that must not hold between two rows: `=`, `&&`.
        with = "with" | "operator" [required]: Option<Text>,
        /// Its operator class.
        opclass = "opclass": Option<Text>,
    }
}

record! {
    /// What a foreign key of several columns refers to. Short: the table's name.
    "foreign key target" ForeignTargetDef short Kind::Name(Names::Table) => short_target {
        /// The table.
        table = "table" [required] => Table: Option<Text>,
        /// Its columns; its primary key unless said.
        columns = "columns" | "column" => OtherColumn: Vec<Text>,
        /// What happens when the row referred to is deleted.
        on_delete = "on_delete": Option<Spanned<RefActionWord>>,
        /// What happens when its key changes.
        on_update = "on_update": Option<Spanned<RefActionWord>>,
        /// Only these columns are set by `on_delete: set_null` or `set_default`; PostgreSQL 15.
        set_columns = "set_columns" => Column: Vec<Text>,
        /// Whether all columns must be null or none (`MATCH FULL`).
        match_full = "match_full": Option<Flag>,
        /// Whether a transaction may ask to check it at its end.
        deferrable = "deferrable": Option<Flag>,
        /// Whether it is checked at the end of the transaction.
        initially_deferred = "initially_deferred": Option<Flag>,
    }
}

fn short_target(node: &Node, cx: &mut Decoder<'_>) -> Option<ForeignTargetDef> {
    let table = Text::decode(node, cx)?;
    Some(ForeignTargetDef { table: Some(table), ..ForeignTargetDef::empty(node.span) })
}

record! {
    /// An index of a table or materialized view.
    "index" IndexDef {
        /// Its name; PostgreSQL's own unless said.
        name = "name": Option<Box<Text>>,
        /// Its keys, in order: names of columns, or maps.
        columns = "columns" [required]: Vec<IndexColumnDef>,
        /// Whether no two rows may hold the same keys.
        unique = "unique": Option<Flag>,
        /// The access method: `btree` (unless said), `gin`, `gist`, `brin`, `hash`, `hnsw`, …
        method = "method" | "using" => Method: Option<Box<Text>>,
        /// The rows that it covers.
        predicate = "where": Option<Box<SqlText>>,
        /// Columns carried along, for index-only scans.
        include = "include" => Column: Vec<Text>,
        /// Storage parameters: `{fillfactor: 70}`.
        with = "with": Pairs,
        /// Whether two nulls are alike; PostgreSQL 15.
        nulls_not_distinct = "nulls_not_distinct": Option<Flag>,
        /// Whether a migration builds it without blocking writes.
        concurrently = "concurrently": Option<Flag>,
        /// `COMMENT ON INDEX`.
        comment = "comment": Option<Box<Text>>,
    }
}

words! {
    /// The direction of an index key.
    OrderWord {
        /// Ascending.
        Asc = "asc",
        /// Descending.
        Desc = "desc",
    }
}

words! {
    /// Where nulls sort.
    NullsWord {
        /// Before all values.
        First = "first",
        /// After all values.
        Last = "last",
    }
}

record! {
    /// A key of an index. Short: the column's name.
    "index column" IndexColumnDef short Kind::Name(Names::Column) => short_index_column {
        /// The column.
        name = "name" | "column" => Column: Option<Text>,
        /// An expression in place of a column: `lower(email)`.
        expr = "expr": Option<Box<SqlText>>,
        /// Its operator class: `text_pattern_ops`, `gin_trgm_ops`.
        opclass = "opclass": Option<Box<Text>>,
        /// Its collation.
        collation = "collation": Option<Box<Text>>,
        /// `asc` (unless said) or `desc`.
        order = "order": Option<Spanned<OrderWord>>,
        /// `last` unless said, or `first` with `desc`.
        nulls = "nulls": Option<Spanned<NullsWord>>,
    }
}

fn short_index_column(node: &Node, cx: &mut Decoder<'_>) -> Option<IndexColumnDef> {
    let name = Text::decode(node, cx)?;
    Some(IndexColumnDef { name: Some(name), ..IndexColumnDef::empty(node.span) })
}
