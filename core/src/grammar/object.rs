//! The smaller sections: enums, domains, types, sequences, extensions, roles, publications, grants.

use super::decode::is_empty;
use super::macros::{record, words};
use super::value::{DefaultSpec, TypeSpec};
use super::{
    Decode, Decoder, Field, Flag, Integer, Kind, NamedMap, Names, Pairs, SqlText, Text, errors,
};
use crate::source::{Span, Spanned};
use crate::syntax::{Node, NodeKind, ScalarKind};

/// A label of an enum; its text is kept as written, and one that is no string is remarked on.
#[derive(Debug, Clone)]
pub struct Label(pub Text);

impl Decode for Label {
    const NULLABLE: bool = true;

    fn kind() -> Kind {
        Kind::Scalar
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let scalar = cx.scalar(node, Kind::Text)?;
        if scalar.kind != ScalarKind::Str {
            if node.span.range().is_empty() {
                return cx.wrong_kind(node, Kind::Text);
            }
            cx.report(errors::label_not_string(&scalar.text, node.span));
        }
        Some(Self(Spanned::new(scalar.text.clone(), node.span)))
    }
}

record! {
    /// An enum type. Short: its values.
    "enum" EnumDef short Kind::List(|| Kind::Scalar) => short_enum {
        /// The PostgreSQL schema that it lies in; `public` unless said.
        schema = "schema" => Schema: Option<Text>,
        /// Its labels, in sort order.
        values = "values" [required]: Vec<Label>,
        /// `old: new` labels; a migration renames them.
        renames = "renames": Pairs,
        /// Whether a migration may rebuild the type to reorder or remove labels.
        reorder = "reorder": Option<Flag>,
        /// `COMMENT ON TYPE`; documentation in every target.
        comment = "comment": Option<Text>,
    }
}

fn short_enum(node: &Node, cx: &mut Decoder<'_>) -> Option<EnumDef> {
    let NodeKind::Seq(_) = &node.kind else { return cx.wrong_kind(node, EnumDef::kind()) };
    let mut def = EnumDef::empty(node.span);
    def.values.set(node, cx);
    if is_empty(node)
        && let Some(key) = EnumDef::RECORD.key("values")
    {
        cx.report(errors::missing_key(EnumDef::RECORD, key, node.span));
    }
    Some(def)
}

record! {
    /// A domain: a type with conditions of its own. Short: its type.
    "domain" DomainDef short Kind::Type => short_domain {
        /// The PostgreSQL schema that it lies in; `public` unless said.
        schema = "schema" => Schema: Option<Text>,
        /// The type that it is made of.
        ty = "type" [required]: Option<TypeSpec>,
        /// Whether null is a value of it; true unless said.
        nullable = "nullable": Option<Flag>,
        /// The value when none is given.
        default = "default": Option<DefaultSpec>,
        /// A condition; speaks of `VALUE`.
        check = "check": Option<SqlText>,
        /// Several conditions.
        checks = "checks": Vec<DomainCheckDef>,
        /// The collation that it sorts by.
        collation = "collation": Option<Text>,
        /// `COMMENT ON DOMAIN`; documentation in every target.
        comment = "comment": Option<Text>,
    }
}

fn short_domain(node: &Node, cx: &mut Decoder<'_>) -> Option<DomainDef> {
    let ty = TypeSpec::decode(node, cx)?;
    Some(DomainDef { ty: Some(ty), ..DomainDef::empty(node.span) })
}

record! {
    /// A condition of a domain. Short: the expression.
    "domain check" DomainCheckDef short Kind::Sql => short_domain_check {
        /// Its name; PostgreSQL's own unless said.
        name = "name": Option<Text>,
        /// A boolean expression over `VALUE`.
        expr = "expr" [required]: Option<SqlText>,
    }
}

fn short_domain_check(node: &Node, cx: &mut Decoder<'_>) -> Option<DomainCheckDef> {
    let expr = SqlText::decode(node, cx)?;
    Some(DomainCheckDef { expr: Some(expr), ..DomainCheckDef::empty(node.span) })
}

record! {
    /// A composite type.
    "composite type" CompositeDef {
        /// The PostgreSQL schema that it lies in; `public` unless said.
        schema = "schema" => Schema: Option<Text>,
        /// Its fields, in order.
        fields = "fields" [required]: NamedMap<CompositeFieldDef>,
        /// `COMMENT ON TYPE`; documentation in every target.
        comment = "comment": Option<Text>,
    }
}

record! {
    /// A field of a composite type. Short: its type.
    "field" CompositeFieldDef short Kind::Type => short_field {
        /// Its type.
        ty = "type" [required]: Option<TypeSpec>,
        /// The collation that it sorts by.
        collation = "collation": Option<Text>,
        /// `COMMENT ON COLUMN`.
        comment = "comment": Option<Text>,
    }
}

fn short_field(node: &Node, cx: &mut Decoder<'_>) -> Option<CompositeFieldDef> {
    let ty = TypeSpec::decode(node, cx)?;
    Some(CompositeFieldDef { ty: Some(ty), ..CompositeFieldDef::empty(node.span) })
}

record! {
    /// A sequence.
    "sequence" SequenceDef {
        /// The PostgreSQL schema that it lies in; `public` unless said.
        schema = "schema" => Schema: Option<Text>,
        /// `smallint`, `integer` or `bigint` (unless said).
        ty = "type": Option<TypeSpec>,
        /// First value.
        start = "start": Option<Integer>,
        /// Step; 1 unless said.
        increment = "increment": Option<Integer>,
        /// Least value.
        min = "min": Option<Integer>,
        /// Greatest value.
        max = "max": Option<Integer>,
        /// Values taken ahead; 1 unless said.
        cache = "cache": Option<Integer>,
        /// Whether it starts again at the end.
        cycle = "cycle": Option<Flag>,
        /// The column that it is dropped with: `table.column`.
        owned_by = "owned_by" => Reference: Option<Text>,
        /// `COMMENT ON SEQUENCE`.
        comment = "comment": Option<Text>,
    }
}

record! {
    /// An extension. Short: its name.
    "extension" ExtensionDef short Kind::Name(Names::Extension) => short_extension {
        /// Its name: `pgcrypto`, `vector`, `postgis`.
        name = "name" [required] => Extension: Option<Text>,
        /// The PostgreSQL schema that its objects go into.
        schema = "schema" => Schema: Option<Text>,
        /// Its version; the newest unless said.
        version = "version": Option<Text>,
        /// `COMMENT ON EXTENSION`.
        comment = "comment": Option<Text>,
    }
}

fn short_extension(node: &Node, cx: &mut Decoder<'_>) -> Option<ExtensionDef> {
    let name = Text::decode(node, cx)?;
    Some(ExtensionDef { name: Some(name), ..ExtensionDef::empty(node.span) })
}

record! {
    /// A role, so that policies and grants can be checked.
    "role" RoleDef {
        /// Whether it exists already; it is created if missing otherwise.
        exists = "exists" | "external": Option<Flag>,
        /// Whether it may log in.
        login = "login": Option<Flag>,
        /// Whether it has the rights of the roles that it is in; true unless said.
        inherit = "inherit": Option<Flag>,
        /// Whether policies do not apply to it.
        bypass_rls = "bypass_rls": Option<Flag>,
        /// The roles that it is a member of.
        member_of = "in" => Role: Vec<Text>,
        /// `COMMENT ON ROLE`.
        comment = "comment": Option<Text>,
    }
}

words! {
    /// What a publication publishes.
    OperationWord {
        /// New rows.
        Insert = "insert",
        /// Changed rows.
        Update = "update",
        /// Removed rows.
        Delete = "delete",
        /// Emptied tables.
        Truncate = "truncate",
    }
}

record! {
    /// A publication, for logical replication and realtime. Short: its tables.
    "publication" PublicationDef short Kind::List(<PublicationTableDef as Decode>::kind) => short_publication {
        /// Its tables.
        tables = "tables": Vec<PublicationTableDef>,
        /// Whether it publishes every table.
        all_tables = "all_tables": Option<Flag>,
        /// Whole PostgreSQL schemas; PostgreSQL 15.
        schemas = "schemas" => Schema: Vec<Text>,
        /// What it publishes; everything unless said.
        operations = "operations": Vec<Spanned<OperationWord>>,
        /// `false` for one that exists, such as `supabase_realtime`: tables are only added to it.
        owned = "owned": Option<Flag>,
        /// `COMMENT ON PUBLICATION`.
        comment = "comment": Option<Text>,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of every short form")]
fn short_publication(node: &Node, cx: &mut Decoder<'_>) -> Option<PublicationDef> {
    let mut def = PublicationDef::empty(node.span);
    def.tables.set(node, cx);
    Some(def)
}

record! {
    /// A table of a publication. Short: its name.
    "published table" PublicationTableDef short Kind::Name(Names::Table) => short_published {
        /// The table.
        table = "table" [required] => Table: Option<Text>,
        /// Its columns; all unless said. PostgreSQL 15.
        columns = "columns" => OtherColumn: Vec<Text>,
        /// Its rows; all unless said. PostgreSQL 15.
        predicate = "where": Option<SqlText>,
    }
}

fn short_published(node: &Node, cx: &mut Decoder<'_>) -> Option<PublicationTableDef> {
    let table = Text::decode(node, cx)?;
    Some(PublicationTableDef { table: Some(table), ..PublicationTableDef::empty(node.span) })
}

record! {
    /// A grant or revoke.
    "grant" GrantDef {
        /// Who gets it: roles, or `public`.
        to = "to" | "from" [required] => Role: Vec<Text>,
        /// What: `select`, `insert`, `usage`, `execute`, …, or `all`.
        privileges = "privileges" | "grant" => Privilege: Vec<Text>,
        /// What is taken, in place of `privileges`.
        revoke = "revoke" => Privilege: Vec<Text>,
        /// On what: a table's name, or a map; implied inside an object.
        on = "on": Option<GrantOn>,
        /// Only on these columns.
        columns = "columns" => OtherColumn: Vec<Text>,
        /// Whether they may pass it on.
        grant_option = "grant_option": Option<Flag>,
        /// Whether it is about objects that will be created (`ALTER DEFAULT PRIVILEGES`).
        default = "default": Option<Flag>,
    }
}

/// What a grant is on, as written.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a handful in a schema")]
pub enum GrantOn {
    /// A table or view by name.
    Relation(Text),
    /// A kind and a name.
    Object(GrantOnDef),
}

record! {
    /// What a grant is on; one of these. Short: a table's name.
    "grant object" GrantOnDef {
        /// A table or view.
        table = "table" | "view" => Relation: Option<Text>,
        /// A PostgreSQL schema; with `default`, the one that the objects will lie in.
        schema = "schema" => Schema: Option<Text>,
        /// A sequence.
        sequence = "sequence" => Sequence: Option<Text>,
        /// A function: `name` or `name(types)`.
        function = "function" | "procedure" => Function: Option<Text>,
        /// An enum, domain or composite type.
        ty = "type" | "domain" => Type: Option<Text>,
        /// All tables of a PostgreSQL schema.
        tables_in = "tables_in" => Schema: Option<Text>,
        /// All sequences of a PostgreSQL schema.
        sequences_in = "sequences_in" => Schema: Option<Text>,
        /// All functions of a PostgreSQL schema.
        functions_in = "functions_in" => Schema: Option<Text>,
        /// All types of a PostgreSQL schema; with `default` only.
        types_in = "types_in" => Schema: Option<Text>,
    }
}

fn grant_name() -> Kind {
    Kind::Name(Names::Relation)
}

fn grant_map() -> Kind {
    Kind::Record(GrantOnDef::RECORD)
}

impl Decode for GrantOn {
    fn kind() -> Kind {
        Kind::Either(&[grant_name, grant_map])
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        match &node.kind {
            NodeKind::Map(_) => GrantOnDef::decode(node, cx).map(Self::Object),
            NodeKind::Scalar(_) | NodeKind::Seq(_) => Text::decode(node, cx).map(Self::Relation),
        }
    }
}

impl GrantOn {
    /// Where it stands.
    pub const fn span(&self) -> Span {
        match self {
            Self::Relation(name) => name.span,
            Self::Object(def) => def.span,
        }
    }
}
