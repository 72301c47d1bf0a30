//! Editing schema files: additions that keep the layout, and the formatter.

use js_sys::Reflect;
use schemagen_core::edit;
use schemagen_core::schema::{EnumType, Ownership, Table};
use schemagen_core::source::FileId;
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::from_value;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::convert::{self, Places};
use crate::types::{CheckOptions, Diagnostic, SourceFile};
use crate::workspace;

/// Something to add to a schema. Names of tables and enums may be qualified.
#[derive(Debug, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Intent {
    /// A table.
    Table(TableDraft),
    /// A column of a table.
    Column(ColumnOfTable),
    /// An index of a table.
    Index(IndexDraft),
    /// A column that refers to another table, with its index.
    Relation(RelationDraft),
    /// An enum type.
    Enum(EnumDraft),
    /// A label of an enum type.
    Label(LabelDraft),
    /// A row-level security policy.
    Policy(PolicyDraft),
    /// The use of a mixin.
    Mixin(MixinUse),
}

/// A column and where to add it.
#[derive(Debug, Deserialize, Tsify)]
pub struct ColumnOfTable {
    /// The table.
    pub table: String,
    /// The column.
    pub column: ColumnDraft,
}

/// An enum type to add.
#[derive(Debug, Deserialize, Tsify)]
pub struct EnumDraft {
    /// Its name.
    pub name: String,
    /// Its labels, in sort order.
    pub labels: Vec<String>,
}

/// A label to add.
#[derive(Debug, Deserialize, Tsify)]
pub struct LabelDraft {
    /// The enum type.
    pub name: String,
    /// The label.
    pub label: String,
    /// The label that it sorts before; at the end without one.
    #[tsify(optional)]
    #[serde(default)]
    pub before: Option<String>,
}

/// A mixin that a table shall use.
#[derive(Debug, Deserialize, Tsify)]
pub struct MixinUse {
    /// The table.
    pub table: String,
    /// The mixin.
    pub mixin: String,
}

/// A table to add.
#[derive(Debug, Deserialize, Tsify)]
pub struct TableDraft {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<ColumnDraft>,
    /// The mixins that it uses.
    #[tsify(optional)]
    #[serde(default)]
    pub uses: Vec<String>,
    /// Its comment.
    #[tsify(optional)]
    #[serde(default)]
    pub comment: Option<String>,
}

/// A column to add.
#[derive(Debug, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ColumnDraft {
    /// Its name.
    pub name: String,
    /// Its type, as in SQL.
    #[serde(rename = "type")]
    pub ty: String,
    /// Whether null may not be stored.
    #[tsify(optional)]
    #[serde(default)]
    pub not_null: bool,
    /// Whether it is the primary key.
    #[tsify(optional)]
    #[serde(default)]
    pub primary_key: bool,
    /// Whether no two rows may hold the same value.
    #[tsify(optional)]
    #[serde(default)]
    pub unique: bool,
    /// Its default: a SQL expression or a constant.
    #[tsify(optional)]
    #[serde(default)]
    pub default: Option<String>,
    /// A condition on its values.
    #[tsify(optional)]
    #[serde(default)]
    pub check: Option<String>,
    /// `table` or `table.column` that it refers to.
    #[tsify(optional)]
    #[serde(default)]
    pub references: Option<String>,
    /// Its comment.
    #[tsify(optional)]
    #[serde(default)]
    pub comment: Option<String>,
}

/// An index to add.
#[derive(Debug, Deserialize, Tsify)]
pub struct IndexDraft {
    /// The table.
    pub table: String,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its name; PostgreSQL's own unless said.
    #[tsify(optional)]
    #[serde(default)]
    pub name: Option<String>,
    /// Whether no two rows may hold the same keys.
    #[tsify(optional)]
    #[serde(default)]
    pub unique: bool,
    /// The access method.
    #[tsify(optional)]
    #[serde(default)]
    pub method: Option<String>,
    /// The rows that it covers.
    #[tsify(optional)]
    #[serde(default, rename = "where")]
    pub predicate: Option<String>,
}

/// A foreign key of one column to add.
#[derive(Debug, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RelationDraft {
    /// The table that refers.
    pub table: String,
    /// The table referred to.
    pub target: String,
    /// The column that refers; named after the target unless said. One that exists gets the reference.
    #[tsify(optional)]
    #[serde(default)]
    pub column: Option<String>,
    /// The column referred to; the target's `id` or primary key unless said.
    #[tsify(optional)]
    #[serde(default)]
    pub target_column: Option<String>,
    /// Whether each row must refer to one.
    #[tsify(optional)]
    #[serde(default)]
    pub not_null: bool,
    /// Whether no two rows may refer to the same one.
    #[tsify(optional)]
    #[serde(default)]
    pub unique: bool,
    /// `cascade`, `set_null`, …
    #[tsify(optional)]
    #[serde(default)]
    pub on_delete: Option<String>,
    /// Whether it gets no index.
    #[tsify(optional)]
    #[serde(default)]
    pub without_index: bool,
}

/// A policy to add.
#[derive(Debug, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct PolicyDraft {
    /// The table.
    pub table: String,
    /// Its name; `TABLE_COMMAND` unless said.
    #[tsify(optional)]
    #[serde(default)]
    pub name: Option<String>,
    /// `select`, `insert`, `update`, `delete` or `all`.
    pub command: String,
    /// Whom it speaks about; everybody unless said.
    #[tsify(optional)]
    #[serde(default)]
    pub roles: Vec<String>,
    /// The rows that the command sees.
    #[tsify(optional)]
    #[serde(default)]
    pub using: Option<String>,
    /// The rows that may be written.
    #[tsify(optional)]
    #[serde(default)]
    pub with_check: Option<String>,
}

/// What there is to build upon.
#[derive(Debug, Serialize, Tsify)]
pub struct Outline {
    /// The tables, in order of declaration.
    pub tables: Vec<TableOutline>,
    /// The enum types.
    pub enums: Vec<EnumOutline>,
    /// The roles.
    pub roles: Vec<String>,
}

/// A table that there is.
#[derive(Debug, Serialize, Tsify)]
pub struct TableOutline {
    /// Its name, qualified where it is not in `public`.
    pub name: String,
    /// Whether the sources declare it; else it is Supabase's.
    pub owned: bool,
    /// The names of its columns.
    pub columns: Vec<String>,
}

/// An enum type that there is.
#[derive(Debug, Serialize, Tsify)]
pub struct EnumOutline {
    /// Its name, qualified where it is not in `public`.
    pub name: String,
    /// Its labels, in sort order.
    pub labels: Vec<String>,
}

/// What adding something gives.
#[derive(Debug, Serialize, Tsify)]
pub struct Revision {
    /// Whether it was added.
    pub ok: bool,
    /// The name of the file that the diagnostics speak of in a new form, and that changed if `ok`.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Its new text.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Why it was refused, or what the compiler newly says of the sources with the addition.
    pub diagnostics: Vec<Diagnostic>,
}

/// What formatting a file gives.
#[derive(Debug, Serialize, Tsify)]
pub struct FormatResult {
    /// The text, formatted; absent where it cannot be read.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Why it cannot be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Adds something to the sources and keeps everything else as it is written. What is new goes into the
/// source named `file`, else to its like.
#[wasm_bindgen]
pub fn revise(
    files: Vec<Ts<SourceFile>>,
    options: Ts<CheckOptions>,
    intent: Ts<Intent>,
    file: Option<String>,
) -> Result<Ts<Revision>, JsError> {
    let sources = workspace::sources(files)?;
    let options = convert::options(options.to_rust()?)?;
    let is_named = |name: &str| file.as_deref() == Some(name);
    let place = sources.iter().find(|(_, source)| is_named(&source.name)).map(|(id, _)| id);
    let revision = edit::revise(&sources, &options, &read(&intent)?, place);
    let new = &revision.sources;
    let is_new = |id: FileId| sources.get(id).map(|it| &it.text) != new.get(id).map(|it| &it.text);
    let source = new.iter().find(|(id, _)| is_new(*id)).map(|(_, source)| source);
    Ok(Revision {
        ok: revision.changed.is_some(),
        file: source.map(|source| source.name.to_string()),
        text: source.map(|source| source.text.to_string()),
        diagnostics: Places::new(new).diagnostics(revision.diagnostics),
    }
    .into_ts()?)
}

/// The tables, enum types and roles that there are, also where the sources have errors.
#[wasm_bindgen]
pub fn outline(
    files: Vec<Ts<SourceFile>>,
    options: Ts<CheckOptions>,
) -> Result<Ts<Outline>, JsError> {
    let sources = workspace::sources(files)?;
    let options = convert::options(options.to_rust()?)?;
    let analysis = schemagen_core::Workspace::new(sources).analyze(&options.resolve);
    let schema = &analysis.resolved.schema;
    let table = |table: &Table| TableOutline {
        name: table.name.to_string(),
        owned: table.ownership == Ownership::Owned,
        columns: table.columns.iter().map(|column| column.name.to_string()).collect(),
    };
    let labels = |found: &EnumType| EnumOutline {
        name: found.name.to_string(),
        labels: found.values.iter().map(ToString::to_string).collect(),
    };
    Ok(Outline {
        tables: schema.tables.values().map(table).collect(),
        enums: schema.enums.values().map(labels).collect(),
        roles: schema.roles.values().map(|role| role.name.to_string()).collect(),
    }
    .into_ts()?)
}

/// The source with even indentation and spacing; comments and texts stay as they are.
#[wasm_bindgen]
pub fn format(file: Ts<SourceFile>) -> Result<Ts<FormatResult>, JsError> {
    let sources = workspace::sources(vec![file])?;
    let file = FileId::new(0);
    let formatted =
        sources.get(file).map_or(Ok(String::new()), |source| edit::format(file, source));
    let (text, diagnostics) = match formatted {
        Ok(text) => (Some(text), Vec::new()),
        Err(findings) => (None, Places::new(&sources).diagnostics(findings)),
    };
    Ok(FormatResult { text, diagnostics }.into_ts()?)
}

/// An intent, read by its kind. What serde derives for a tagged enum reads everything into a tree of its
/// own first, in twice the code.
fn read(intent: &Ts<Intent>) -> Result<edit::Intent, JsError> {
    let intent = intent.js_value();
    let kind = Reflect::get(&intent, &"kind".into()).ok().and_then(|kind| kind.as_string());
    Ok(match kind.as_deref() {
        Some("table") => {
            let TableDraft { name, columns, uses, comment } = from_value(intent)?;
            let columns = columns.into_iter().map(Into::into).collect();
            edit::Intent::Table { name, columns, uses, comment }
        }
        Some("column") => {
            let ColumnOfTable { table, column } = from_value(intent)?;
            edit::Intent::Column { table, column: column.into() }
        }
        Some("index") => {
            let from: IndexDraft = from_value(intent)?;
            edit::Intent::Index(edit::IndexDraft {
                table: from.table,
                columns: from.columns,
                name: from.name,
                unique: from.unique,
                method: from.method,
                predicate: from.predicate,
            })
        }
        Some("relation") => {
            let from: RelationDraft = from_value(intent)?;
            edit::Intent::Relation(edit::RelationDraft {
                table: from.table,
                target: from.target,
                column: from.column,
                target_column: from.target_column,
                not_null: from.not_null,
                unique: from.unique,
                on_delete: from.on_delete,
                without_index: from.without_index,
            })
        }
        Some("enum") => {
            let EnumDraft { name, labels } = from_value(intent)?;
            edit::Intent::Enum { name, labels }
        }
        Some("label") => {
            let LabelDraft { name, label, before } = from_value(intent)?;
            edit::Intent::Label { name, label, before }
        }
        Some("policy") => {
            let from: PolicyDraft = from_value(intent)?;
            edit::Intent::Policy(edit::PolicyDraft {
                table: from.table,
                name: from.name,
                command: from.command,
                roles: from.roles,
                using: from.using,
                with_check: from.with_check,
            })
        }
        Some("mixin") => {
            let MixinUse { table, mixin } = from_value(intent)?;
            edit::Intent::Mixin { table, mixin }
        }
        _ => return Err(JsError::new("an intent is an object whose `kind` says what to add")),
    })
}

impl From<ColumnDraft> for edit::ColumnDraft {
    fn from(from: ColumnDraft) -> Self {
        Self {
            name: from.name,
            ty: from.ty,
            not_null: from.not_null,
            primary_key: from.primary_key,
            unique: from.unique,
            default: from.default,
            check: from.check,
            references: from.references,
            comment: from.comment,
        }
    }
}
