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
use crate::source::{FileId, Source, Sources};
use crate::syntax::{self, Node, NodeKind, Reading, Scalar, ScalarKind};

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
    /// Parts that tables share. `{table}` in names and SQL stands for the table's name, in SQL with quotes where it needs them.
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

/// Reads one source by the grammar. Gives what it says, what there is to say of it, and whether it is written
/// in the usual way throughout: then each table is decoded as soon as it is read, and its tree forgotten.
pub fn read(sources: &Sources, file: FileId, source: &Source) -> (FileDef, Diagnostics, bool) {
    let (mut tables, mut said) = (NamedMap::default(), Diagnostics::new());
    let reading = syntax::read_each(file, source, &mut |section, entry| {
        if section == TABLES {
            tables.add(entry, &mut Decoder::new(sources, &mut said));
            entry.value.kind = NodeKind::NULL;
        }
    });
    let Reading { mut tree, mut findings, is_usual } = reading;
    let is_taken = is_usual && !(tables.entries.is_empty() && tables.unread.is_empty());
    if !is_taken {
        return (decode(sources, &tree, &mut findings), findings, is_usual);
    }
    if let NodeKind::Map(sections) = &mut tree.kind {
        let taken = sections.iter_mut().filter(|section| section.key == TABLES);
        taken.for_each(|section| section.value.kind = NodeKind::NULL);
    }
    let mut definition = decode(sources, &tree, &mut findings);
    let span = definition.tables.span;
    definition.tables = NamedMap { span, ..tables };
    findings.extend(said);
    (definition, findings, true)
}

/// The key of the tables.
const TABLES: &str = "tables";

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

#[cfg(test)]
mod tests {
    use super::*;

    /// What a text says, and what there is to say of it: read table by table, or as a whole tree.
    fn both(text: &str) -> [String; 2] {
        let (file, source) = (FileId::new(0), Source::new("a.yaml", text));
        let mut sources = Sources::new();
        sources.push(source.clone());
        let (definition, findings, is_usual) = read(&sources, file, &source);
        let by_table = format!("{definition:#?} {:#?} {is_usual}", findings.finish());
        let Reading { tree, mut findings, is_usual } = syntax::read(file, &source);
        let definition = decode(&sources, &tree, &mut findings);
        [by_table, format!("{definition:#?} {:#?} {is_usual}", findings.finish())]
    }

    #[test]
    fn tables_read_one_by_one_are_those_of_the_tree() {
        let texts = [
            "enums: { e: [a] }\ntables:\n  a:\n    columns:\n      id: uuid\n  b: { columns: { id: int } }\nviews:\n  v: { query: select 1 }\n",
            "tables:\n  a: text\n  b:\n  c:\n    colums: {}\n    rls: maybe\n",
            "tables: { a: { columns: { id: uuid } } }\n",
            "tables:\n",
            "tables: [a]\n",
            "Tables:\n  a: { columns: { id: uuid } }\n",
            "table:\n  a: { columns: { id: uuid } }\ntables:\n  b: { columns: { id: uuid } }\n",
            "mixins:\n  tables:\n    columns:\n      id: uuid\n",
            "- tables:\n    a: { columns: { id: uuid } }\n",
            // Not usual, behind a table that is.
            "tables:\n  a: { columns: { id: maybe no } }\n  b: &b { columns: { id: uuid } }\n  c: *b\n",
            "tables:\n  a: { columns: { id: uuid } }\n  a: { columns: { id: text } }\n",
            "tables:\n  a: { columns: { id: uuid } }\ntables:\n  b: { columns: { id: text } }\n",
        ];
        for text in texts {
            let [by_table, whole] = both(text);
            assert_eq!(by_table, whole, "{text}");
        }
    }
}
