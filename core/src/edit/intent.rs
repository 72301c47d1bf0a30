//! What to add, and the changes that add it.
//!
//! In: an [`Intent`] and the schema as it stands. Out: the changes of one file, or why there are none:
//! what it builds on is missing, or it exists already. Whether the result is a right schema is not
//! decided here; the compiler checks it as it checks everything.

use smol_str::SmolStr;

use super::errors;
use super::insert::{Change, Step};
use super::value::Value;
use crate::diagnostic::{Diagnostic, closest};
use crate::emit::shapes::singular;
use crate::grammar::{FileDef, Key, Kind, Record, TableDef, is_by_name};
use crate::resolve::Resolved;
use crate::schema::{ColumnType, EnumId, IndexTarget, ObjectId, Schema, Table, TableId, TypeKind};
use crate::source::{FileId, Sources, Span};
use crate::sql::ident::default_name;
use crate::syntax::{Node, NodeKind};

/// Something to add to a schema. Names of tables and enums may be qualified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// A table.
    Table {
        /// Its name.
        name: String,
        /// Its columns.
        columns: Vec<ColumnDraft>,
        /// The mixins that it uses.
        uses: Vec<String>,
        /// Its comment.
        comment: Option<String>,
    },
    /// A column of a table.
    Column {
        /// The table.
        table: String,
        /// The column.
        column: ColumnDraft,
    },
    /// An index of a table.
    Index(IndexDraft),
    /// A column that refers to another table, with its index.
    Relation(RelationDraft),
    /// An enum type.
    Enum {
        /// Its name.
        name: String,
        /// Its labels, in sort order.
        labels: Vec<String>,
    },
    /// A label of an enum type.
    Label {
        /// The enum type.
        name: String,
        /// The label.
        label: String,
        /// The label that it sorts before; at the end without one.
        before: Option<String>,
    },
    /// A row-level security policy.
    Policy(PolicyDraft),
    /// The use of a mixin.
    Mixin {
        /// The table.
        table: String,
        /// The mixin.
        mixin: String,
    },
}

/// A column to add.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnDraft {
    /// Its name.
    pub name: String,
    /// Its type, as in SQL.
    pub ty: String,
    /// Whether null may not be stored.
    pub not_null: bool,
    /// Whether it is the primary key.
    pub primary_key: bool,
    /// Whether no two rows may hold the same value.
    pub unique: bool,
    /// Its default: a SQL expression or a constant.
    pub default: Option<String>,
    /// A condition on its values.
    pub check: Option<String>,
    /// `table` or `table.column` that it refers to.
    pub references: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// An index to add.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexDraft {
    /// The table.
    pub table: String,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its name; PostgreSQL's own unless said.
    pub name: Option<String>,
    /// Whether no two rows may hold the same keys.
    pub unique: bool,
    /// The access method.
    pub method: Option<String>,
    /// The rows that it covers.
    pub predicate: Option<String>,
}

/// A foreign key of one column to add.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RelationDraft {
    /// The table that refers.
    pub table: String,
    /// The table referred to.
    pub target: String,
    /// The column that refers; named after the target unless said. One that exists gets the reference.
    pub column: Option<String>,
    /// The column referred to; the target's `id` or primary key unless said.
    pub target_column: Option<String>,
    /// Whether each row must refer to one.
    pub not_null: bool,
    /// Whether no two rows may refer to the same one.
    pub unique: bool,
    /// `cascade`, `set_null`, …
    pub on_delete: Option<String>,
    /// Whether it gets no index.
    pub without_index: bool,
}

/// A policy to add.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyDraft {
    /// The table.
    pub table: String,
    /// Its name; `TABLE_COMMAND` unless said.
    pub name: Option<String>,
    /// `select`, `insert`, `update`, `delete` or `all`.
    pub command: String,
    /// Whom it speaks about; everybody unless said.
    pub roles: Vec<String>,
    /// The rows that the command sees.
    pub using: Option<String>,
    /// The rows that may be written.
    pub with_check: Option<String>,
}

/// What an intent is read against.
pub(super) struct Reader<'a> {
    pub sources: &'a Sources,
    pub trees: &'a [(FileId, Node)],
    pub resolved: &'a Resolved,
    /// Where new sections and objects go, if the user said so.
    pub file: Option<FileId>,
}

/// The changes, and the file that they belong to.
pub(super) type Planned = Result<(FileId, Vec<Change>), Box<Diagnostic>>;

impl Reader<'_> {
    pub(super) fn plan(&self, intent: &Intent) -> Planned {
        match intent {
            Intent::Table { name, columns, uses, comment } => {
                if let Some((id, _)) = self.find_table(name) {
                    return Err(errors::exists("table", name, self.origin(ObjectId::Table(id))));
                }
                let mut entries = Entries::default();
                entries.open(
                    "columns",
                    columns
                        .iter()
                        .map(|column| (SmolStr::new(&column.name), column.value()))
                        .collect(),
                );
                entries.texts("use", uses);
                entries.text("comment", comment.as_deref());
                let path = vec![key(FileDef::RECORD, "tables"), Step::Name(SmolStr::new(name))];
                Ok((
                    self.section_file("tables"),
                    vec![Change::Insert(path, Value::Open(entries.0))],
                ))
            }
            Intent::Column { table, column } => {
                let place = self.table(table)?;
                if let Some((index, _)) = place.table.column(&column.name) {
                    let origin = self.origin(ObjectId::Column(place.id, index as u32));
                    return Err(errors::exists("column", &column.name, origin));
                }
                Ok((place.file, vec![place.column(column)]))
            }
            Intent::Index(index) => {
                let place = self.table(&index.table)?;
                let is_unknown = |name: &&String| place.table.column(name).is_none();
                if let Some(name) = index.columns.iter().find(is_unknown) {
                    return Err(unknown_column(place.table, name));
                }
                if let Some(found) = place.find_index(index) {
                    let origin = self.origin(ObjectId::Index(place.id, found));
                    return Err(errors::exists("index", &index.columns.join(", "), origin));
                }
                Ok((place.file, vec![place.index(index)]))
            }
            Intent::Relation(relation) => self.relation(relation),
            Intent::Enum { name, labels } => {
                if let Some(id) = self.find_enum(name) {
                    return Err(errors::exists("enum", name, self.origin(ObjectId::Enum(id))));
                }
                let path = vec![key(FileDef::RECORD, "enums"), Step::Name(SmolStr::new(name))];
                let labels =
                    Value::List(labels.iter().map(|label| Value::Text(label.into())).collect());
                Ok((self.section_file("enums"), vec![Change::Insert(path, labels)]))
            }
            Intent::Label { name, label, before } => self.label(name, label, before.as_deref()),
            Intent::Policy(policy) => {
                let place = self.table(&policy.table)?;
                let mut policies = self.resolved.schema.policies_of(place.id);
                let named = |name: &String| policies.find(|(_, found)| found.name == name.as_str());
                if let Some((id, found)) = policy.name.as_ref().and_then(named) {
                    return Err(errors::exists(
                        "policy",
                        &found.name,
                        self.origin(ObjectId::Policy(id)),
                    ));
                }
                let name = format!("{}_{}", place.table.name.name, policy.command);
                Ok((place.file, vec![place.named_item("policies", policy.value(), &name)]))
            }
            Intent::Mixin { table, mixin } => {
                let place = self.table(table)?;
                let uses = place.node.get("use");
                let written = match uses.map(|node| &node.kind) {
                    Some(NodeKind::Seq(items)) => items.iter().find(|item| is_text(item, mixin)),
                    Some(NodeKind::Scalar(_)) => uses.filter(|node| is_text(node, mixin)),
                    Some(NodeKind::Map(_)) | None => None,
                };
                if let Some(found) = written {
                    return Err(errors::exists("mixin", mixin, Some(found.span)));
                }
                let change = match uses.map(|node| &node.kind) {
                    Some(NodeKind::Scalar(scalar)) if !scalar.text.is_empty() => Change::Replace(
                        place.path("use"),
                        Value::List(vec![
                            Value::Text(scalar.text.clone()),
                            Value::Text(mixin.into()),
                        ]),
                    ),
                    _ => place.item("use", Value::Text(mixin.into())),
                };
                Ok((place.file, vec![change]))
            }
        }
    }

    fn relation(&self, relation: &RelationDraft) -> Planned {
        let place = self.table(&relation.table)?;
        let Some((_, target)) = self.find_table(&relation.target) else {
            return Err(self.unknown_table(&relation.target));
        };
        let target_column = match &relation.target_column {
            Some(name) => name.as_str(),
            None => match (target.column("id"), target.primary_key()) {
                (Some(_), _) => "id",
                (None, [single]) => single.as_str(),
                (None, _) => return Err(errors::no_single_key(&relation.target)),
            },
        };
        let Some((_, referred)) = target.column(target_column) else {
            return Err(unknown_column(target, target_column));
        };
        let reference = relation.reference();
        let name = relation.column.clone().unwrap_or_else(|| {
            let last = relation.target.rsplit('.').next().unwrap_or_default();
            format!("{}_{target_column}", singular(last))
        });
        let mut changes = Vec::new();
        if place.table.column(&name).is_some() {
            changes.push(place.refer(&name, &reference).ok_or_else(|| {
                let index = place.table.column(&name).map(|(index, _)| index as u32);
                let origin = index.and_then(|index| self.origin(ObjectId::Column(place.id, index)));
                errors::exists("column", &name, origin)
            })?);
        } else {
            let ty = self.resolved.schema.type_in_words(&referred.ty);
            let draft = ColumnDraft {
                name: name.clone(),
                ty,
                not_null: relation.not_null,
                unique: relation.unique,
                ..ColumnDraft::default()
            };
            let mut entries = draft.entries();
            entries.0.push(("references".into(), reference));
            changes.push(Change::Insert(place.column_path(&name), Value::Map(entries.0)));
        }
        let index = IndexDraft { columns: vec![name], ..IndexDraft::default() };
        if !relation.without_index && !relation.unique && place.find_index(&index).is_none() {
            changes.push(place.index(&index));
        }
        Ok((place.file, changes))
    }

    fn label(&self, name: &str, label: &str, before: Option<&str>) -> Planned {
        let Some(id) = self.find_enum(name) else {
            let schema = &self.resolved.schema;
            let names: Vec<String> =
                schema.enums.values().map(|found| found.name.to_string()).collect();
            return Err(errors::unknown_enum(
                name,
                closest(name, names.iter().map(String::as_str)),
            ));
        };
        let labels = &self.resolved.schema.enums[id].values;
        if let Some(at) = labels.iter().position(|found| found == label) {
            return Err(errors::exists(
                "label",
                label,
                self.origin(ObjectId::EnumLabel(id, at as u32)),
            ));
        }
        let at = match before {
            None => None,
            Some(before) => {
                Some(labels.iter().position(|found| found == before).ok_or_else(|| {
                    errors::unknown_label(
                        name,
                        before,
                        closest(before, labels.iter().map(SmolStr::as_str)),
                    )
                })?)
            }
        };
        let (file, written, node) =
            self.written("enums", ObjectId::Enum(id)).ok_or_else(|| errors::not_declared(name))?;
        let mut path = vec![key(FileDef::RECORD, "enums"), Step::Name(written)];
        if matches!(node.kind, NodeKind::Map(_)) {
            path.push(Step::Key { name: "values", before: &[] });
        }
        path.push(Step::Item(at));
        Ok((file, vec![Change::Insert(path, Value::Text(label.into()))]))
    }

    fn find_table(&self, name: &str) -> Option<(TableId, &Table)> {
        self.resolved.schema.tables.iter().find(|(_, table)| table.name.to_string() == name)
    }

    fn find_enum(&self, name: &str) -> Option<EnumId> {
        let enums = &self.resolved.schema.enums;
        enums.iter().find(|(_, found)| found.name.to_string() == name).map(|(id, _)| id)
    }

    fn unknown_table(&self, name: &str) -> Box<Diagnostic> {
        let tables = self.resolved.schema.tables.values();
        let names: Vec<String> = tables.map(|table| table.name.to_string()).collect();
        errors::unknown_table(name, closest(name, names.iter().map(String::as_str)))
    }

    /// A table of these files.
    fn table(&self, name: &str) -> Result<TablePlace<'_>, Box<Diagnostic>> {
        let Some((id, table)) = self.find_table(name) else { return Err(self.unknown_table(name)) };
        let found = self.written("tables", ObjectId::Table(id));
        let (file, written, node) = found.ok_or_else(|| errors::not_declared(name))?;
        Ok(TablePlace { id, table, file, written, node })
    }

    /// The file, key and value of an object of `section`.
    fn written(&self, section: &str, object: ObjectId) -> Option<(FileId, SmolStr, &Node)> {
        let span = self.origin(object)?;
        let (file, tree) = self.trees.iter().find(|(file, _)| *file == span.file)?;
        let NodeKind::Map(entries) = &tree.get(section)?.kind else { return None };
        let entry = entries.iter().find(|entry| entry.key_span == span)?;
        Some((*file, entry.key.clone(), &entry.value))
    }

    /// Where an object was written, if in these files.
    fn origin(&self, object: ObjectId) -> Option<Span> {
        self.resolved.origins.of(object).filter(|span| self.sources.get(span.file).is_some())
    }

    /// The file for a new object: the user's choice, else the first that has the section, else the first.
    fn section_file(&self, section: &str) -> FileId {
        let holder = self.trees.iter().find(|(_, tree)| tree.get(section).is_some());
        self.file.or(holder.map(|(file, _)| *file)).unwrap_or(FileId::new(0))
    }
}

fn unknown_column(table: &Table, name: &str) -> Box<Diagnostic> {
    let names = table.columns.iter().map(|column| column.name.as_str());
    errors::unknown_column(&table.name.to_string(), name, closest(name, names))
}

/// A table and where it is written.
struct TablePlace<'a> {
    id: TableId,
    table: &'a Table,
    file: FileId,
    written: SmolStr,
    node: &'a Node,
}

impl TablePlace<'_> {
    fn path(&self, name: &'static str) -> Vec<Step> {
        let tables = key(FileDef::RECORD, "tables");
        vec![tables, Step::Name(self.written.clone()), key(TableDef::RECORD, name)]
    }

    fn column_path(&self, name: &str) -> Vec<Step> {
        let mut path = self.path("columns");
        path.push(Step::Name(name.into()));
        path
    }

    fn column(&self, column: &ColumnDraft) -> Change {
        Change::Insert(self.column_path(&column.name), column.value())
    }

    fn item(&self, list: &'static str, value: Value) -> Change {
        let mut path = self.path(list);
        path.push(Step::Item(None));
        Change::Insert(path, value)
    }

    /// An item of a list of things with names. Where these lead to them, its own does, or else `default`.
    fn named_item(&self, list: &'static str, value: Value, default: &str) -> Change {
        let kind = TableDef::RECORD.key(list).map(|key| (key.kind)());
        let by_name = match (self.node.get(list).map(|node| &node.kind), kind) {
            (Some(NodeKind::Map(entries)), Some(Kind::List(item))) => is_by_name(item(), entries),
            _ => false,
        };
        match value {
            Value::Map(mut entries) if by_name => {
                let at = entries.iter().position(|(key, _)| key == "name");
                let name = match at.map(|at| entries.remove(at).1) {
                    Some(Value::Text(name)) => name,
                    _ => SmolStr::new(default),
                };
                let mut path = self.path(list);
                path.push(Step::Name(name));
                Change::Insert(path, Value::Map(entries))
            }
            value => self.item(list, value),
        }
    }

    fn index(&self, index: &IndexDraft) -> Change {
        let columns: Vec<&str> = index.columns.iter().map(String::as_str).collect();
        let name = default_name(&self.table.name.name, &columns, "idx");
        self.named_item("indexes", index.value(), &name)
    }

    /// Gives a column of this table a reference. None where it is not written here or has one.
    fn refer(&self, column: &str, reference: &Value) -> Option<Change> {
        let node = self.node.get("columns")?.get(column)?;
        let mut path = self.column_path(column);
        match &node.kind {
            NodeKind::Scalar(scalar) => {
                let entries = vec![
                    ("type".into(), Value::Sql(scalar.text.clone())),
                    ("references".into(), reference.clone()),
                ];
                Some(Change::Replace(path, Value::Map(entries)))
            }
            NodeKind::Map(_) if node.get("references").is_none() => {
                path.push(Step::Key { name: "references", before: &[] });
                Some(Change::Insert(path, reference.clone()))
            }
            NodeKind::Map(_) | NodeKind::Seq(_) => None,
        }
    }

    /// An index of exactly these columns.
    fn find_index(&self, wanted: &IndexDraft) -> Option<u32> {
        let is_same = |index: &crate::schema::Index| {
            let names = index.elements.iter().map(|element| match &element.target {
                IndexTarget::Column(name) => name.as_str(),
                IndexTarget::Expr(_) => "",
            });
            names.eq(wanted.columns.iter().map(String::as_str))
                && index.unique == wanted.unique
                && index.predicate.is_none()
                && wanted.predicate.is_none()
                && index.method == wanted.method.as_deref().unwrap_or("btree")
        };
        self.table.indexes.iter().position(is_same).map(|at| at as u32)
    }
}

/// The key `name` of `record`, placed behind those that the record names before it.
fn key(record: &'static Record, name: &'static str) -> Step {
    let at = record.keys.iter().position(|key| key.name == name).unwrap_or_default();
    let before: &'static [Key] = record.keys.get(..at).unwrap_or_default();
    Step::Key { name, before }
}

fn is_text(node: &Node, text: &str) -> bool {
    matches!(&node.kind, NodeKind::Scalar(scalar) if scalar.text == text)
}

/// The entries of a map, as far as they say something.
#[derive(Default)]
struct Entries(Vec<(SmolStr, Value)>);

impl Entries {
    fn text(&mut self, key: &str, value: Option<&str>) {
        self.0.extend(value.map(|value| (key.into(), Value::Text(value.into()))));
    }

    fn sql(&mut self, key: &str, value: Option<&str>) {
        self.0.extend(value.map(|value| (key.into(), Value::Sql(value.into()))));
    }

    fn flag(&mut self, key: &str, is_said: bool, value: bool) {
        self.0.extend(is_said.then(|| (key.into(), Value::Flag(value))));
    }

    fn texts(&mut self, key: &str, values: &[String]) {
        if !values.is_empty() {
            let values = values.iter().map(|value| Value::Text(value.into())).collect();
            self.0.push((key.into(), Value::List(values)));
        }
    }

    fn open(&mut self, key: &str, entries: Vec<(SmolStr, Value)>) {
        self.0.push((key.into(), Value::Open(entries)));
    }
}

impl ColumnDraft {
    fn entries(&self) -> Entries {
        let mut entries = Entries::default();
        entries.text("type", Some(&self.ty));
        entries.flag("primary_key", self.primary_key, true);
        entries.flag("nullable", self.not_null && !self.primary_key, false);
        entries.flag("unique", self.unique, true);
        entries.sql("default", self.default.as_deref());
        entries.text("check", self.check.as_deref());
        entries.text("references", self.references.as_deref());
        entries.text("comment", self.comment.as_deref());
        entries
    }

    fn value(&self) -> Value {
        let entries = self.entries().0;
        match entries.as_slice() {
            [(_, ty)] => ty.clone(),
            _ => Value::Map(entries),
        }
    }
}

impl IndexDraft {
    fn value(&self) -> Value {
        let mut entries = Entries::default();
        entries.text("name", self.name.as_deref());
        entries.texts("columns", &self.columns);
        entries.flag("unique", self.unique, true);
        entries.text("method", self.method.as_deref());
        entries.text("where", self.predicate.as_deref());
        Value::Map(entries.0)
    }
}

impl RelationDraft {
    fn reference(&self) -> Value {
        let mut entries = Entries::default();
        entries.text("table", Some(&self.target));
        entries.text("column", self.target_column.as_deref());
        entries.text("on_delete", self.on_delete.as_deref());
        match entries.0.as_slice() {
            [(_, table)] => table.clone(),
            _ => Value::Map(entries.0),
        }
    }
}

impl PolicyDraft {
    fn value(&self) -> Value {
        let mut entries = Entries::default();
        entries.text("name", self.name.as_deref());
        entries.text("command", Some(&self.command));
        match self.roles.as_slice() {
            [role] => entries.text("to", Some(role)),
            roles => entries.texts("to", roles),
        }
        entries.text("using", self.using.as_deref());
        entries.text("with_check", self.with_check.as_deref());
        Value::Map(entries.0)
    }
}

impl Schema {
    /// A type as the language writes it.
    fn type_in_words(&self, ty: &ColumnType) -> String {
        let name = match &ty.kind {
            TypeKind::Base(ty) => ty.to_string(),
            TypeKind::Enum(id) => self.enums[*id].name.to_string(),
            TypeKind::Domain(id) => self.domains[*id].name.to_string(),
            TypeKind::Composite(id) => self.composites[*id].name.to_string(),
            TypeKind::TableRow(id) => self.tables[*id].name.to_string(),
            TypeKind::ViewRow(id) => self.views[*id].name.to_string(),
            TypeKind::Unknown(name) => name.to_string(),
        };
        format!("{name}{}", "[]".repeat(usize::from(ty.dimensions)))
    }
}
