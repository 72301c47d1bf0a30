//! Tables and partitions.

use super::column::ColumnDef;
use super::constraint::{ConstraintDef, IndexColumnDef, IndexDef};
use super::function::TriggerDef;
use super::macros::{record, words};
use super::object::GrantDef;
use super::policy::PolicyDef;
use super::value::ScalarText;
use super::{Decode, Decoder, Flag, Integer, NamedMap, Text};
use crate::source::Spanned;
use crate::syntax::Node;

record! {
    /// A table.
    "table" TableDef {
        /// The PostgreSQL schema that it lies in; `public` unless said.
        schema = "schema" => Schema: Option<Box<Text>>,
        /// Its columns, in order.
        columns = "columns": NamedMap<ColumnDef>,
        /// The columns of its primary key, where there are several.
        primary_key = "primary_key" => Column: Vec<Text>,
        /// Mixins whose parts it takes over: `[timestamps, soft_delete]`.
        uses = "use" => Mixin: Vec<Text>,
        /// Its indexes.
        indexes = "indexes": Vec<IndexDef>,
        /// Its constraints.
        constraints = "constraints": Vec<ConstraintDef>,
        /// Row-level security: `enabled` as soon as it has a policy, unless said.
        rls = "rls": Option<Spanned<RowSecurityWord>>,
        /// Its policies.
        policies = "policies": Vec<PolicyDef>,
        /// Its triggers.
        triggers = "triggers": Vec<TriggerDef>,
        /// Grants on it.
        grants = "grants": Vec<GrantDef>,
        /// How it is partitioned.
        partition_by = "partition_by": Option<Box<PartitionByDef>>,
        /// Its partitions, by name.
        partitions = "partitions": NamedMap<PartitionDef>,
        /// Whether it is left out of the write-ahead log.
        unlogged = "unlogged": Option<Box<Flag>>,
        /// The class name that code targets use: `Person`.
        model = "model": Option<Box<Text>>,
        /// The name it had before; a migration renames instead of dropping.
        renamed_from = "renamed_from": Option<Box<Text>>,
        /// `COMMENT ON TABLE`; documentation in every target.
        comment = "comment": Option<Box<Text>>,
    }
}

words! {
    /// Row-level security of a table.
    RowSecurityWord {
        /// On, for all but the owner.
        Enabled = "enabled",
        /// On, for the owner too.
        Forced = "forced",
        /// Off.
        Disabled = "disabled",
    }
}

words! {
    /// How rows are spread over partitions.
    StrategyWord {
        /// By ranges of the key.
        Range = "range",
        /// By listed keys.
        List = "list",
        /// By a hash of the key.
        Hash = "hash",
    }
}

record! {
    /// How a table is partitioned.
    "partitioning" PartitionByDef {
        /// How rows find their partition.
        strategy = "strategy" [required]: Option<Spanned<StrategyWord>>,
        /// The partition key: columns, or `{expr: …}`.
        columns = "columns" [required]: Vec<IndexColumnDef>,
        /// The partitions, by name; they may stand beside `partition_by` too.
        partitions = "partitions": NamedMap<PartitionDef>,
    }
}

words! {
    /// The rest.
    DefaultWord {
        /// All rows that no other partition takes.
        Default = "default",
    }
}

record! {
    /// The rows of one partition. Short: `default`.
    "partition" PartitionDef short <Spanned<DefaultWord> as Decode>::kind() => short_partition {
        /// The schema that it lies in; the table's unless said.
        schema = "schema" => Schema: Option<Text>,
        /// Inclusive lower bound of a range, one value a key column.
        from = "from": Vec<ScalarText>,
        /// Exclusive upper bound of a range, one value a key column.
        to = "to": Vec<ScalarText>,
        /// The keys of a list partition.
        values = "values" | "in": Vec<ScalarText>,
        /// The modulus of a hash partition.
        modulus = "modulus": Option<Integer>,
        /// The remainder of a hash partition.
        remainder = "remainder": Option<Integer>,
        /// Whether it takes all that no other partition takes.
        default = "default": Option<Flag>,
    }
}

fn short_partition(node: &Node, cx: &mut Decoder<'_>) -> Option<PartitionDef> {
    let _: Spanned<DefaultWord> = cx.word(node)?;
    let default = Some(Spanned::new(true, node.span));
    Some(PartitionDef { default, ..PartitionDef::empty(node.span) })
}
