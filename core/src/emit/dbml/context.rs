//! The page's parts: what the template prints, as finished DBML.
//!
//! In: the schema. Out: enums, tables and references, each with its lines.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write;

use minijinja::Value as Context;
use rustc_hash::FxHashMap;
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

use crate::ddl::part;
use crate::emit::lang::dbml;
use crate::emit::shapes::{PlainColumn, is_unique};
use crate::emit::template::{Marked, Marks};
use crate::predicate::Decimal;
use crate::schema::{
    Column, ColumnType, ConstraintKind, DefaultValue, EnumId, EnumType, ForeignKey, Index,
    IndexElement, IndexTarget, Literal, Name, ObjectId, Ownership, QualifiedName, RefAction,
    Schema, Table, TableId, TypeKind,
};
use crate::sort;

/// Everything that the file says, in order.
pub(super) fn items(schema: &Schema, comments: bool, marks: &mut Marks) -> Vec<Context> {
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
    items.into_iter().map(|item| marks.place(item)).collect()
}

/// The tables that the schema owns, in order, and those of others that keys lead to.
fn shown(schema: &Schema) -> Vec<TableId> {
    let mut shown: Vec<TableId> = schema.owned_tables().map(|(id, _)| id).collect();
    let mut known = sort::set(shown.iter().copied());
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
fn referred(schema: &Schema) -> BTreeSet<(TableId, &Name)> {
    let keys = schema.owned_tables().flat_map(|(_, table)| &table.constraints);
    let keys = keys.filter_map(|constraint| match &constraint.kind {
        ConstraintKind::ForeignKey(key) => Some(key),
        _ => None,
    });
    sort::set(keys.flat_map(|key| key.target_columns.iter().map(|name| (key.target, name))))
}

struct Page<'a> {
    schema: &'a Schema,
    comments: bool,
    referred: BTreeSet<(TableId, &'a Name)>,
    /// What stands behind the names of columns that are alike: also in whether they are a key by themselves,
    /// and unique by themselves.
    laid: RefCell<FxHashMap<(PlainColumn, bool, bool), String>>,
}

impl Page<'_> {
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
            if let Some(comment) = it.comment.as_ref().filter(|_| note.is_some()) {
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

    fn table(&self, id: TableId, table: &Table) -> Marked {
        let mut out = Marked::default();
        if table.ownership == Ownership::External {
            return self.external(id, table);
        }
        let mut left: Vec<String> = Vec::new();
        for constraint in &table.constraints {
            if let ConstraintKind::Exclude { .. } = constraint.kind {
                left.push(format!("the exclusion {}", constraint.name));
            }
        }
        let indexes = self.indexes(id, table, &mut left);
        let checks = checks(id, table, &mut left);
        let columns: Vec<String> =
            table.columns.iter().map(|column| self.column(table, column, &mut left)).collect();
        let note = self.note(table.comment.as_deref(), &[]);
        out.write(|out| {
            for said in left {
                out.push_str(&dbml::comment(&format!("Only in the database: {said}."), 0));
            }
            let note = note.map_or_else(String::new, |note| format!(" [note: {note}]"));
            let _ = writeln!(out, "Table {}{note} {{", qualified(&table.name));
        });
        for (index, line) in columns.iter().enumerate() {
            out.write_for(ObjectId::Column(id, index as u32), |out| {
                out.extend(["  ", line, "\n"]);
            });
        }
        for (title, lines) in [("indexes", indexes), ("checks", checks)] {
            if lines.is_empty() {
                continue;
            }
            out.write(|out| {
                let _ = writeln!(out, "\n  {title} {{");
            });
            for (object, line) in lines {
                out.write_for(object, |out| out.extend(["    ", &line, "\n"]));
            }
            out.write(|out| out.push_str("  }\n"));
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

    fn column(&self, table: &Table, column: &Column, left: &mut Vec<String>) -> String {
        let is_key = matches!(table.primary_key(), [only] if *only == column.name);
        let is_unique = table.constraints.iter().any(|it| match &it.kind {
            ConstraintKind::Unique { columns, .. } => {
                matches!(columns.as_slice(), [only] if *only == column.name)
            }
            _ => false,
        });
        let name = dbml::name(&column.name);
        let is_own = column.comment.is_some() || column.deprecated.is_some();
        let plain = PlainColumn::of(column).filter(|_| !is_own);
        let said = plain.map(|plain| (plain, is_key, is_unique));
        let mut laid = self.laid.borrow_mut();
        if let Some(known) = said.as_ref().and_then(|said| laid.get(said)) {
            return [&*name, " ", known].concat();
        }
        let known = left.len();
        let behind = self.behind(column, [is_key, is_unique], left);
        let line = [&*name, " ", &behind].concat();
        // What DBML cannot say is said of each column.
        if let (Some(said), true) = (said, left.len() == known) {
            laid.insert(said, behind);
        }
        line
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
                dbml::expression(&part::default(self.schema, value)).map(Some).ok_or(())
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

    fn indexes(
        &self,
        id: TableId,
        table: &Table,
        left: &mut Vec<String>,
    ) -> Vec<(ObjectId, String)> {
        let mut lines = Vec::new();
        let columns = |names: &[Name]| -> String {
            let names: Vec<SmolStr> = names.iter().map(|name| dbml::name(name)).collect();
            format!("({})", names.join(", "))
        };
        for (index, it) in table.constraints.iter().enumerate() {
            let word = match &it.kind {
                ConstraintKind::PrimaryKey { columns } if columns.len() > 1 => "pk",
                ConstraintKind::Unique { columns, .. } if columns.len() > 1 => "unique",
                _ => continue,
            };
            if let ConstraintKind::PrimaryKey { columns: names }
            | ConstraintKind::Unique { columns: names, .. } = &it.kind
            {
                let line = format!("{} [{word}, name: {}]", columns(names), dbml::string(&it.name));
                lines.push((ObjectId::Constraint(id, index as u32), line));
            }
        }
        for (index, it) in table.indexes.iter().enumerate() {
            match self.index(it) {
                Some(line) => lines.push((ObjectId::Index(id, index as u32), line)),
                None => left.push(format!("the index {}", it.name)),
            }
        }
        lines
    }

    fn index(&self, it: &Index) -> Option<String> {
        let element = |element: &IndexElement| match element {
            IndexElement {
                target: IndexTarget::Column(name),
                opclass: None,
                collation: None,
                order: None,
                nulls: None,
            } => Some(dbml::name(name)),
            other => dbml::expression(&part::index_element(self.schema, other)),
        };
        let elements: Option<Vec<SmolStr>> = it.elements.iter().map(element).collect();
        let mut settings: Vec<SmolStr> = Vec::new();
        if it.unique {
            settings.push("unique".into());
        }
        let is_plain = it.method.chars().all(|c| c.is_ascii_lowercase());
        if is_plain && it.method.as_str() != "btree" {
            settings.push(format_smolstr!("type: {}", it.method));
        }
        settings.push(format_smolstr!("name: {}", dbml::string(&it.name)));
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
            settings.push(format_smolstr!("note: {note}"));
        }
        Some(format!("({}) [{}]", elements?.join(", "), settings.join(", ")))
    }

    fn references(&self, shown: &[TableId]) -> Vec<Marked> {
        let shown = sort::set(shown.iter().copied());
        let mut said = BTreeSet::new();
        let mut references = Vec::new();
        for (id, table) in self.schema.owned_tables().filter(|(id, _)| shown.contains(id)) {
            for (index, constraint) in table.constraints.iter().enumerate() {
                let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
                let Some(target) = self.schema.tables.find(key.target) else { continue };
                if !shown.contains(&key.target) {
                    continue;
                }
                let ends =
                    format!("{}: {}", dbml::name(&constraint.name), ends(table, target, key));
                let same = (id, key.target, key.columns.clone(), key.target_columns.clone());
                let is_new = said.insert(same);
                let mut out = Marked::default();
                out.write(|out| {
                    if is_new {
                        let _ = writeln!(out, "Ref {ends}");
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
        let comment = comment.filter(|_| self.comments);
        let parts: Vec<&str> = comment.into_iter().chain(more.iter().map(String::as_str)).collect();
        (!parts.is_empty()).then(|| dbml::string(&parts.join("\n")))
    }
}

/// `public` is DBML's default as well.
fn qualified(name: &QualifiedName) -> SmolStr {
    if name.is_public() {
        dbml::name(&name.name)
    } else {
        format_smolstr!("{}.{}", dbml::name(&name.schema), dbml::name(&name.name))
    }
}

fn checks(id: TableId, table: &Table, left: &mut Vec<String>) -> Vec<(ObjectId, String)> {
    let mut lines = Vec::new();
    for (index, it) in table.constraints.iter().enumerate() {
        let ConstraintKind::Check { expr } = &it.kind else { continue };
        match dbml::expression(&part::expression(expr)) {
            Some(expr) => {
                let line = format!("{expr} [name: {}]", dbml::string(&it.name));
                lines.push((ObjectId::Constraint(id, index as u32), line));
            }
            None => left.push(format!("the check {}", it.name)),
        }
    }
    lines
}

/// `a.x > b.y [delete: cascade]`.
fn ends(table: &Table, target: &Table, key: &ForeignKey) -> String {
    let end = |table: &Table, columns: &[Name]| {
        let names: Vec<SmolStr> = columns.iter().map(|name| dbml::name(name)).collect();
        let names = names.join(", ");
        let name = qualified(&table.name);
        if columns.len() == 1 { format!("{name}.{names}") } else { format!("{name}.({names})") }
    };
    let sign = if is_unique(table, key) { '-' } else { '>' };
    let action = |action| match action {
        RefAction::NoAction => None,
        RefAction::Restrict => Some("restrict"),
        RefAction::Cascade => Some("cascade"),
        RefAction::SetNull => Some("set null"),
        RefAction::SetDefault => Some("set default"),
    };
    let settings: Vec<String> = [("delete", key.on_delete), ("update", key.on_update)]
        .into_iter()
        .filter_map(|(event, of)| Some(format!("{event}: {}", action(of)?)))
        .collect();
    let settings =
        if settings.is_empty() { String::new() } else { format!(" [{}]", settings.join(", ")) };
    format!("{} {sign} {}{settings}", end(table, &key.columns), end(target, &key.target_columns))
}
