//! The page's parts: what the template prints, as finished DBML.
//!
//! In: the schema. Out: enums, tables and references, each with its lines.

use std::cell::RefCell;
use std::fmt::Write;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

use crate::ddl::part;
use crate::emit::lang::{dbml, push_joined};
use crate::emit::shapes::{PlainColumn, is_unique};
use crate::emit::template::Marked;
use crate::predicate::Decimal;
use crate::schema::{
    Column, ColumnType, ConstraintKind, DefaultValue, EnumId, EnumType, ForeignKey, Index,
    IndexElement, IndexTarget, Literal, Name, ObjectId, Ownership, QualifiedName, RefAction,
    Schema, Table, TableId, TypeKind,
};

/// Everything that the file says, in order.
pub(super) fn items(schema: &Schema, comments: bool) -> Vec<Marked> {
    let shown = shown(schema);
    let page = Page { schema, comments, referred: referred(schema), laid: RefCell::default() };
    let mut items: Vec<Marked> = Vec::new();
    for (id, it) in schema.enums.iter().filter(|(_, it)| it.ownership == Ownership::Owned) {
        items.push(page.enumeration(id, it));
    }
    for id in &shown {
        items.extend(schema.tables.find(*id).map(|table| page.table(*id, table)));
    }
    items.extend(page.references(&shown));
    items
}

/// The tables that the schema owns, in order, and those of others that keys lead to.
fn shown(schema: &Schema) -> Vec<TableId> {
    let mut shown: Vec<TableId> = schema.owned_tables().map(|(id, _)| id).collect();
    let mut known: FxHashSet<_> = shown.iter().copied().collect();
    for (_, table) in schema.owned_tables() {
        for constraint in &table.constraints {
            if let ConstraintKind::ForeignKey(key) = &constraint.kind
                && known.insert(key.target)
            {
                shown.push(key.target);
            }
        }
    }
    // DBML has no table without columns.
    shown.retain(|id| schema.tables.find(*id).is_some_and(|table| !table.columns.is_empty()));
    shown
}

/// The columns that keys of the schema's own tables lead to.
fn referred(schema: &Schema) -> FxHashSet<(TableId, &Name)> {
    let keys = schema.owned_tables().flat_map(|(_, table)| &table.constraints);
    let keys = keys.filter_map(|constraint| match &constraint.kind {
        ConstraintKind::ForeignKey(key) => Some(key),
        _ => None,
    });
    keys.flat_map(|key| key.target_columns.iter().map(|name| (key.target, name))).collect()
}

struct Page<'a> {
    schema: &'a Schema,
    comments: bool,
    referred: FxHashSet<(TableId, &'a Name)>,
    /// What stands behind the names of columns that are alike: also in whether they are a key by themselves,
    /// and unique by themselves.
    laid: RefCell<FxHashMap<(PlainColumn<'a>, bool, bool), String>>,
}

impl<'a> Page<'a> {
    fn enumeration(&self, id: EnumId, it: &EnumType) -> Marked {
        let mut out = Marked::default();
        let name = qualified(&it.name);
        // DBML has no enum without labels, and no label without letters.
        let labels: Vec<&str> =
            it.values.iter().map(SmolStr::as_str).filter(|it| !it.is_empty()).collect();
        let note = self.note(it.comment.as_deref(), &[]);
        let left = if labels.len() < it.values.len() { "the empty label of" } else { "" };
        out.write(|out| {
            if labels.is_empty() {
                let said =
                    format!("Only in the database: the enum {}.{}.", it.name.schema, it.name.name);
                out.push_str(&dbml::comment(&said, 0));
                return;
            }
            if !left.is_empty() {
                out.push_str(&dbml::comment(&format!("Only in the database: {left} the enum."), 0));
            }
            // The notes of an enum are comments.
            if let Some(comment) = it.comment.as_deref().filter(|_| note.is_some()) {
                out.push_str(&dbml::comment(comment, 0));
            }
            let _ = writeln!(out, "Enum {name} {{");
            for label in labels {
                let _ = writeln!(out, "  {}", dbml::name(label));
            }
            out.push_str("}\n");
        });
        out.of(ObjectId::Enum(id))
    }

    fn table(&self, id: TableId, table: &'a Table) -> Marked {
        let mut out = Marked::default();
        if table.ownership == Ownership::External {
            return self.external(id, table);
        }
        let mut left: Vec<String> = Vec::new();
        for constraint in &table.constraints {
            if let ConstraintKind::Exclude(_) = constraint.kind {
                left.push(format!("the exclusion {}", constraint.name));
            }
        }
        let indexes = self.indexes(id, table, &mut left);
        let checks = checks(id, table, &mut left);
        let mut columns = Lines::default();
        for (at, column) in (0..).zip(&table.columns) {
            columns.add(ObjectId::Column(id, at), |out| {
                self.column(out, table, column, &mut left);
                Some(())
            });
        }
        let note = self.note(table.comment.as_deref(), &[]);
        out.write(|out| {
            for said in left {
                out.push_str(&dbml::comment(&format!("Only in the database: {said}."), 0));
            }
            out.push_str("Table ");
            push_qualified(out, &table.name);
            if let Some(note) = note {
                out.extend([" [note: ", &note, "]"]);
            }
            out.push_str(" {\n");
        });
        columns.write(&mut out, "  ");
        for (title, lines) in [("indexes", indexes), ("checks", checks)] {
            if !lines.ends.is_empty() {
                out.write(|out| out.extend(["\n  ", title, " {\n"]));
                lines.write(&mut out, "    ");
                out.write(|out| out.push_str("  }\n"));
            }
        }
        out.write(|out| out.push_str("}\n"));
        out.of(ObjectId::Table(id))
    }

    /// A table of others, with the columns that keys lead to.
    fn external(&self, id: TableId, table: &Table) -> Marked {
        let mut out = Marked::default();
        out.write(|out| {
            let _ = writeln!(out, "Table {} [note: 'Made by others.'] {{", qualified(&table.name));
        });
        for (index, column) in table.columns.iter().enumerate() {
            if !self.referred.contains(&(id, &column.name)) {
                continue;
            }
            out.write_for(ObjectId::Column(id, index as u32), |out| {
                let (name, ty) = (dbml::name(&column.name), self.data_type(&column.ty));
                let _ = writeln!(out, "  {name} {ty}");
            });
        }
        out.write(|out| out.push_str("}\n"));
        out.of(ObjectId::Table(id))
    }

    fn column(&self, out: &mut String, table: &Table, column: &'a Column, left: &mut Vec<String>) {
        let is_key = matches!(table.primary_key(), [only] if *only == column.name);
        let is_unique = table.constraints.iter().any(|it| match &it.kind {
            ConstraintKind::Unique { columns, .. } => {
                matches!(columns.as_slice(), [only] if *only == column.name)
            }
            _ => false,
        });
        dbml::push_name(out, &column.name);
        out.push(' ');
        let is_own = column.comment.is_some() || column.deprecated.is_some();
        let plain = PlainColumn::of(column).filter(|_| !is_own);
        let said = plain.map(|plain| (plain, is_key, is_unique));
        let mut laid = self.laid.borrow_mut();
        if let Some(known) = said.as_ref().and_then(|said| laid.get(said)) {
            return out.push_str(known);
        }
        let known = left.len();
        let behind = self.behind(column, [is_key, is_unique], left);
        out.push_str(&behind);
        // What DBML cannot say is said of each column.
        if let (Some(said), true) = (said, left.len() == known) {
            laid.insert(said, behind);
        }
    }

    /// What stands behind a column's name: its type, and its settings.
    fn behind(
        &self,
        column: &Column,
        [is_key, is_unique]: [bool; 2],
        left: &mut Vec<String>,
    ) -> String {
        let mut settings: Vec<SmolStr> = Vec::new();
        if is_key {
            settings.push("pk".into());
        }
        if column.identity.is_some() || column.serial {
            settings.push("increment".into());
        }
        if !column.nullable && !is_key {
            settings.push("not null".into());
        }
        if is_unique {
            settings.push("unique".into());
        }
        match column.default.as_ref().map(|value| self.default(value)) {
            None | Some(Ok(None)) => {}
            Some(Ok(Some(default))) => settings.push(format_smolstr!("default: {default}")),
            Some(Err(())) => left.push(format!("the default of {}", column.name)),
        }
        let mut notes = Vec::new();
        if let Some(generated) = &column.generated {
            let expr = part::expression(&generated.expr);
            notes.push(format!("Generated: {expr}"));
        }
        if let Some(text) = &column.deprecated {
            notes.push(format!("Deprecated: {text}").trim_end_matches([' ', ':']).to_owned());
        }
        if let Some(note) = self.note(column.comment.as_deref(), &notes) {
            settings.push(format_smolstr!("note: {note}"));
        }
        let ty = self.data_type(&column.ty);
        if settings.is_empty() {
            ty.into()
        } else {
            [&*ty, " [", &settings.join(", "), "]"].concat()
        }
    }

    /// A default; none for null, an error for what DBML cannot quote.
    fn default(&self, value: &DefaultValue) -> Result<Option<SmolStr>, ()> {
        match value {
            DefaultValue::Literal(Literal::Null) => Ok(None),
            DefaultValue::Literal(Literal::Bool(value)) => Ok(Some(value.to_smolstr())),
            DefaultValue::Literal(Literal::Text(text)) => Ok(Some(dbml::string(text))),
            DefaultValue::Literal(Literal::Number(number)) if Decimal::parse(number).is_some() => {
                Ok(Some(number.to_smolstr()))
            }
            DefaultValue::Literal(Literal::Number(_)) | DefaultValue::Expr(_) => {
                let said = dbml::expression(&part::default(self.schema, value));
                said.map(|said| Some(said.into())).ok_or(())
            }
        }
    }

    /// A type: names of enums as DBML knows them, others as SQL writes them.
    fn data_type(&self, ty: &ColumnType) -> SmolStr {
        let declared = match &ty.kind {
            TypeKind::Enum(id) => self.schema.enums.find(*id).map(|it| &it.name),
            _ => None,
        };
        if let Some(name) = declared {
            return format_smolstr!(
                "{}{}",
                qualified(name),
                "[]".repeat(usize::from(ty.dimensions))
            );
        }
        let text = part::data_type(self.schema, ty);
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if text.chars().all(is_word) { text } else { dbml::name(&text) }
    }

    fn indexes(&self, id: TableId, table: &Table, left: &mut Vec<String>) -> Lines {
        let mut lines = Lines::default();
        for (at, it) in (0..).zip(&table.constraints) {
            let (columns, word) = match &it.kind {
                ConstraintKind::PrimaryKey { columns } => (columns, "pk"),
                ConstraintKind::Unique { columns, .. } => (columns, "unique"),
                _ => continue,
            };
            if columns.len() > 1 {
                lines.add(ObjectId::Constraint(id, at), |out| {
                    out.push('(');
                    push_names(out, columns);
                    out.extend([") [", word, ", name: "]);
                    dbml::push_string(out, &it.name);
                    out.push(']');
                    Some(())
                });
            }
        }
        for (at, it) in (0..).zip(&table.indexes) {
            let said = lines.add(ObjectId::Index(id, at), |out| self.index(out, it));
            if said.is_none() {
                left.push(format!("the index {}", it.name));
            }
        }
        lines
    }

    /// `("a", `lower(b)`) [unique, name: 'c']`; none where DBML cannot say an element.
    fn index(&self, out: &mut String, it: &Index) -> Option<()> {
        for (at, element) in it.elements.iter().enumerate() {
            out.push_str(if at == 0 { "(" } else { ", " });
            match element {
                IndexElement {
                    target: IndexTarget::Column(name),
                    opclass: None,
                    collation: None,
                    order: None,
                    nulls: None,
                } => dbml::push_name(out, name),
                other => {
                    out.push_str(&dbml::expression(&part::index_element(self.schema, other))?);
                }
            }
        }
        out.push_str(if it.unique { ") [unique, " } else { ") [" });
        let is_plain = it.method.chars().all(|c| c.is_ascii_lowercase());
        if is_plain && it.method.as_str() != "btree" {
            out.extend(["type: ", &it.method, ", "]);
        }
        out.push_str("name: ");
        dbml::push_string(out, &it.name);
        let mut notes = Vec::new();
        if !is_plain {
            notes.push(format!("Method: {}", it.method));
        }
        if let Some(predicate) = &it.predicate {
            notes.push(format!("Where: {}", part::expression(predicate)));
        }
        if !it.include.is_empty() {
            let names: Vec<&str> = it.include.iter().map(Name::as_str).collect();
            notes.push(format!("Includes: {}", names.join(", ")));
        }
        if let Some(note) = self.note(it.comment.as_deref(), &notes) {
            out.extend([", note: ", &note]);
        }
        out.push(']');
        Some(())
    }

    fn references(&self, shown: &[TableId]) -> Vec<Marked> {
        let shown: FxHashSet<_> = shown.iter().copied().collect();
        let mut said = FxHashSet::default();
        let mut references = Vec::new();
        for (id, table) in self.schema.owned_tables().filter(|(id, _)| shown.contains(id)) {
            for (index, constraint) in table.constraints.iter().enumerate() {
                let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
                let Some(target) = self.schema.tables.find(key.target) else { continue };
                if !shown.contains(&key.target) {
                    continue;
                }
                let is_new = said.insert((id, key.target, &key.columns, &key.target_columns));
                let mut out = Marked::default();
                out.write(|out| {
                    if is_new {
                        out.push_str("Ref ");
                        dbml::push_name(out, &constraint.name);
                        out.push_str(": ");
                        push_ends(out, table, target, key);
                        out.push('\n');
                    } else {
                        // DBML takes two ways between the same columns for a mistake.
                        let name = &constraint.name;
                        out.push_str(&dbml::comment(
                            &format!(
                                "Only in the database: the foreign key {name}, as the one before."
                            ),
                            0,
                        ));
                    }
                });
                references.push(out.of(ObjectId::Constraint(id, index as u32)));
            }
        }
        references
    }

    /// A comment and what else there is to say, as one quoted text.
    fn note(&self, comment: Option<&str>, more: &[String]) -> Option<SmolStr> {
        match (comment.filter(|_| self.comments), more) {
            (None, []) => None,
            (Some(comment), []) => Some(dbml::string(comment)),
            (comment, more) => {
                let parts = comment.into_iter().chain(more.iter().map(String::as_str));
                Some(dbml::string(&parts.collect::<Vec<_>>().join("\n")))
            }
        }
    }
}

/// Lines that are made before what stands above them is known.
#[derive(Default)]
struct Lines {
    text: String,
    /// Of which object each is, and where it ends.
    ends: Vec<(ObjectId, usize)>,
}

impl Lines {
    /// Adds the line of `object` that `write` writes; none where that gives nothing.
    fn add(
        &mut self,
        object: ObjectId,
        write: impl FnOnce(&mut String) -> Option<()>,
    ) -> Option<()> {
        let start = self.text.len();
        if write(&mut self.text).is_none() {
            self.text.truncate(start);
            return None;
        }
        self.ends.push((object, self.text.len()));
        Some(())
    }

    /// Writes all lines behind `indent`.
    fn write(&self, out: &mut Marked, indent: &str) {
        let mut start = 0;
        for (object, end) in &self.ends {
            let line = self.text.get(start..*end).unwrap_or_default();
            out.write_for(*object, |out| out.extend([indent, line, "\n"]));
            start = *end;
        }
    }
}

/// `public` is DBML's default as well.
fn push_qualified(out: &mut String, name: &QualifiedName) {
    if !name.is_public() {
        dbml::push_name(out, &name.schema);
        out.push('.');
    }
    dbml::push_name(out, &name.name);
}

fn qualified(name: &QualifiedName) -> String {
    let mut out = String::new();
    push_qualified(&mut out, name);
    out
}

fn push_names(out: &mut String, names: &[Name]) {
    push_joined(out, names, ", ", |out, name| dbml::push_name(out, name));
}

fn checks(id: TableId, table: &Table, left: &mut Vec<String>) -> Lines {
    let mut lines = Lines::default();
    for (at, it) in (0..).zip(&table.constraints) {
        let ConstraintKind::Check { expr } = &it.kind else { continue };
        let said = lines.add(ObjectId::Constraint(id, at), |out| {
            out.extend([&*dbml::expression(&part::expression(expr))?, " [name: "]);
            dbml::push_string(out, &it.name);
            out.push(']');
            Some(())
        });
        if said.is_none() {
            left.push(format!("the check {}", it.name));
        }
    }
    lines
}

/// `a.x > b.y [delete: cascade]`.
fn push_ends(out: &mut String, table: &Table, target: &Table, key: &ForeignKey) {
    let end = |out: &mut String, table: &Table, columns: &[Name]| {
        let [open, close] = if columns.len() == 1 { [".", ""] } else { [".(", ")"] };
        push_qualified(out, &table.name);
        out.push_str(open);
        push_names(out, columns);
        out.push_str(close);
    };
    end(out, table, &key.columns);
    out.push_str(if is_unique(table, key) { " - " } else { " > " });
    end(out, target, &key.target_columns);
    let action = |action| match action {
        RefAction::NoAction => None,
        RefAction::Restrict => Some("restrict"),
        RefAction::Cascade => Some("cascade"),
        RefAction::SetNull => Some("set null"),
        RefAction::SetDefault => Some("set default"),
    };
    let events = [("delete: ", key.on_delete), ("update: ", key.on_update)];
    let events = events.into_iter().filter_map(|(event, of)| Some((event, action(of)?)));
    let mut close = "";
    for (event, action) in events {
        out.extend([if close.is_empty() { " [" } else { ", " }, event, action]);
        close = "]";
    }
    out.push_str(close);
}
