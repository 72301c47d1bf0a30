//! Whole files, and what they say together.

use std::sync::Arc;

use super::function::{FunctionList, TriggerDef};
use super::macros::record;
use super::object::{
    CompositeDef, DomainDef, EnumDef, ExtensionDef, GrantDef, PublicationDef, RoleDef, SequenceDef,
};
use super::policy::PolicyDef;
use super::table::TableDef;
use super::view::ViewDef;
use super::{ColumnDef, ConstraintDef, Decode, Decoder, Flag, IndexDef, Kind, NamedMap, Text};
use crate::diagnostic::Diagnostics;
use crate::source::Sources;
use crate::syntax::{Node, NodeKind, Scalar, ScalarKind};

record! {
    /// A schema file. Several files make one schema; a section may stand in any of them.
    "schema file" FileDef {
        /// Where editors find the JSON Schema; ignored by the compiler.
        json_schema = "$schema": Option<Text>,
        /// Extensions that the database must have.
        extensions = "extensions": Vec<ExtensionDef>,
        /// Roles that exist or must exist.
        roles = "roles": NamedMap<RoleDef>,
        /// Enum types.
        enums = "enums": NamedMap<EnumDef>,
        /// Domains: types with conditions of their own.
        domains = "domains": NamedMap<DomainDef>,
        /// Composite types.
        types = "types": NamedMap<CompositeDef>,
        /// Sequences that stand on their own.
        sequences = "sequences": NamedMap<SequenceDef>,
        /// Parts that tables share.
        mixins = "mixins": NamedMap<MixinDef>,
        /// Tables.
        tables = "tables": NamedMap<TableDef>,
        /// Views and materialized views.
        views = "views": NamedMap<ViewDef>,
        /// Functions and procedures.
        functions = "functions": NamedMap<FunctionList>,
        /// Triggers that do not stand inside their table.
        triggers = "triggers": NamedMap<TriggerDef>,
        /// Policies that do not stand inside their table.
        policies = "policies": NamedMap<PolicyDef>,
        /// Publications.
        publications = "publications": NamedMap<PublicationDef>,
        /// Grants and revokes.
        grants = "grants": Vec<GrantDef>,
        /// Validators by hand, for the fields of tables.
        schemas = "schemas" => Relation: NamedMap<OverridesDef>,
    }
}

record! {
    /// Parts that tables share. `{table}` in names and SQL stands for the table's name.
    "mixin" MixinDef {
        /// Columns, added after the table's own.
        columns = "columns": NamedMap<ColumnDef>,
        /// Indexes.
        indexes = "indexes": Vec<IndexDef>,
        /// Constraints.
        constraints = "constraints": Vec<ConstraintDef>,
        /// Policies.
        policies = "policies": Vec<PolicyDef>,
        /// Triggers.
        triggers = "triggers": Vec<TriggerDef>,
        /// What it is for.
        comment = "comment": Option<Text>,
    }
}

record! {
    /// Validators by hand for one table.
    "validator override" OverridesDef {
        /// Fields of the zod schemas, in TypeScript.
        zod = "zod" => Column: NamedMap<OverrideDef>,
        /// Fields of the pydantic models, in Python.
        pydantic = "pydantic" => Column: NamedMap<OverrideDef>,
        /// What it is for.
        comment = "comment": Option<Text>,
    }
}

record! {
    /// A field's validator by hand.
    "field override" OverrideFieldDef {
        /// The expression, in the target's language.
        ty = "type" [required]: Option<Text>,
        /// Whether the field may be absent.
        optional = "optional": Option<Flag>,
        /// Whether the field may be null.
        nullable = "nullable": Option<Flag>,
        /// Whether the rules that the database has are kept beside it.
        extend = "extend": Option<Flag>,
    }
}

/// A field's validator: an expression, or a map.
#[derive(Debug, Clone)]
pub struct OverrideDef(pub OverrideFieldDef);

fn override_text() -> Kind {
    Kind::Text
}

fn override_map() -> Kind {
    Kind::Record(OverrideFieldDef::RECORD)
}

impl Decode for OverrideDef {
    fn kind() -> Kind {
        Kind::Either(&[override_text, override_map])
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        match &node.kind {
            NodeKind::Map(_) => OverrideFieldDef::decode(node, cx).map(Self),
            NodeKind::Scalar(_) | NodeKind::Seq(_) => {
                let ty = Text::decode(node, cx)?;
                Some(Self(OverrideFieldDef { ty: Some(ty), ..OverrideFieldDef::empty(node.span) }))
            }
        }
    }
}

/// What all files say.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The files, in order; shared with whoever keeps them for the next time.
    pub files: Vec<Arc<FileDef>>,
}

/// Reads the tree of a file by the grammar. What one file says depends on no other.
pub fn decode(sources: &Sources, tree: &Node, sink: &mut Diagnostics) -> FileDef {
    let said = match &tree.kind {
        NodeKind::Scalar(Scalar { kind: ScalarKind::Null, .. }) => None,
        NodeKind::Scalar(_) | NodeKind::Seq(_) | NodeKind::Map(_) => {
            FileDef::decode(tree, &mut Decoder::new(sources, sink))
        }
    };
    said.unwrap_or_else(|| FileDef::empty(tree.span))
}
