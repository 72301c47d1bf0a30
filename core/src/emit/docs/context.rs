//! The page's parts: what the template prints, as finished Markdown.
//!
//! In: the schema. Out: contents, the diagram, and parts of items, each with its lines.

use std::cell::RefCell;
use std::fmt::Write;

use minijinja::{Value as Context, context};
use rustc_hash::FxHashMap;

use super::words;
use crate::ddl::part;
use crate::emit::erd::{self, Diagram, Shown};
use crate::emit::lang::markdown::{self, Anchors, Table as Rows, code, push_code, push_text};
use crate::emit::lang::{Code, push_joined};
use crate::emit::template::{Marked, Marks};
use crate::schema::{
    ArgMode, Column, ColumnType, Constraint, ConstraintKind, DefaultValue, ForeignKey, Function,
    FunctionKind, FunctionRef, GeneratedKind, IdentityKind, Index, Literal, Name, ObjectId,
    Ownership, Policy, PolicyId, QualifiedName, RelationId, Returns, RowSecurity, Schema, Security,
    Table, TableId, Trigger, TriggerEvent, TriggerId, TypeKind, View,
};

/// Everything that the template prints.
pub(super) fn page(schema: &Schema, title: &str, marks: &mut Marks) -> Context {
    let mut page = Page {
        schema,
        anchors: FxHashMap::default(),
        referrers: referrers(schema),
        policies: schema.policies_by_table(),
        triggers: schema.triggers_by_relation(),
        types: RefCell::default(),
        defaults: RefCell::default(),
    };
    let parts = page.parts();
    let mut anchors = Anchors::default();
    anchors.take(title);
    anchors.take("Contents");
    let mut contents = format!("- [Diagram](#{})\n", anchors.take("Diagram"));
    for part in &parts {
        let _ = writeln!(contents, "- [{}](#{})", part.title, anchors.take(part.title));
        for (object, name) in &part.objects {
            let shown = name.shown();
            let anchor = anchors.take(&shown);
            contents.push_str("  - ");
            push_link(&mut contents, &shown, &anchor);
            contents.push('\n');
            page.anchors.insert(*object, anchor);
        }
    }
    let mut diagram = String::from("erDiagram\n");
    for line in erd::mermaid::lines(&Diagram::new(schema, Shown::Keys)) {
        diagram.push_str(line.as_str());
    }
    let parts: Vec<Context> = parts
        .iter()
        .map(|part| {
            let items = part.objects.iter().map(|(object, name)| {
                let mut out = Marked::default();
                out.write(|out| page.item(out, *object, name));
                out.of(*object)
            });
            context! { title => Code::new(part.title), items => marks.place_all(items) }
        })
        .collect();
    context! {
        contents => Code::new(contents),
        diagram => Code::new(markdown::block("mermaid", &diagram)),
        parts,
    }
}

/// Objects of one kind.
struct Part<'a> {
    title: &'static str,
    objects: Vec<(ObjectId, &'a QualifiedName)>,
}

struct Page<'a> {
    schema: &'a Schema,
    /// Where each object is described.
    anchors: FxHashMap<ObjectId, String>,
    /// The tables that refer to each, with their keys.
    referrers: FxHashMap<TableId, Vec<(TableId, &'a ForeignKey)>>,
    policies: FxHashMap<TableId, Vec<(PolicyId, &'a Policy)>>,
    triggers: FxHashMap<RelationId, Vec<(TriggerId, &'a Trigger)>>,
    /// Types that were shown already.
    types: RefCell<FxHashMap<&'a ColumnType, String>>,
    /// Constants, or the SQL of others, that were shown already.
    defaults: RefCell<FxHashMap<Result<&'a Literal, &'a str>, String>>,
}

/// The tables that refer to each, with their keys.
fn referrers(schema: &Schema) -> FxHashMap<TableId, Vec<(TableId, &ForeignKey)>> {
    let mut referrers: FxHashMap<_, Vec<_>> = FxHashMap::default();
    for (id, table) in schema.owned_tables() {
        for constraint in &table.constraints {
            if let ConstraintKind::ForeignKey(key) = &constraint.kind {
                referrers.entry(key.target).or_default().push((id, key));
            }
        }
    }
    referrers
}

impl<'a> Page<'a> {
    fn parts(&self) -> Vec<Part<'a>> {
        let schema = self.schema;
        let owned = |it: Ownership| it == Ownership::Owned;
        let tables = schema.owned_tables().map(|(id, it)| (ObjectId::Table(id), &it.name));
        let views = schema.views.iter().filter(|(_, it)| owned(it.ownership));
        let enums = schema.enums.iter().filter(|(_, it)| owned(it.ownership));
        let domains = schema.domains.iter().filter(|(_, it)| owned(it.ownership));
        let composites = schema.composites.iter().filter(|(_, it)| owned(it.ownership));
        let functions = schema.functions.iter().filter(|(_, it)| owned(it.ownership));
        let parts = [
            Part { title: "Tables", objects: tables.collect() },
            Part {
                title: "Views",
                objects: views.map(|(id, it)| (ObjectId::View(id), &it.name)).collect(),
            },
            Part {
                title: "Enums",
                objects: enums.map(|(id, it)| (ObjectId::Enum(id), &it.name)).collect(),
            },
            Part {
                title: "Domains",
                objects: domains.map(|(id, it)| (ObjectId::Domain(id), &it.name)).collect(),
            },
            Part {
                title: "Composite types",
                objects: composites.map(|(id, it)| (ObjectId::Composite(id), &it.name)).collect(),
            },
            Part {
                title: "Functions",
                objects: functions.map(|(id, it)| (ObjectId::Function(id), &it.name)).collect(),
            },
        ];
        parts.into_iter().filter(|part| !part.objects.is_empty()).collect()
    }

    /// A link to an object that the page describes, else its name.
    fn link(&self, out: &mut String, object: ObjectId, name: &QualifiedName) {
        match self.anchors.get(&object) {
            Some(anchor) => push_link(out, &name.shown(), anchor),
            None => push_code(out, &name.shown()),
        }
    }

    fn item(&self, out: &mut String, object: ObjectId, name: &QualifiedName) {
        out.push_str("### ");
        push_code(out, &name.shown());
        out.push('\n');
        let schema = self.schema;
        match object {
            ObjectId::Table(id) => {
                if let Some(table) = schema.tables.find(id) {
                    self.table(out, id, table);
                }
            }
            ObjectId::View(id) => {
                if let Some(view) = schema.views.find(id) {
                    self.view(out, view);
                }
            }
            ObjectId::Enum(id) => {
                if let Some(it) = schema.enums.find(id) {
                    paragraph(out, it.comment.as_deref());
                    list(out, "", &it.values, |out, it| label(out, it));
                }
            }
            ObjectId::Domain(id) => {
                if let Some(it) = schema.domains.find(id) {
                    paragraph(out, it.comment.as_deref());
                    let mut base = "Restricts ".to_owned();
                    self.ty(&mut base, &it.base);
                    let mut facts = vec![base];
                    if !it.nullable {
                        facts.push("Never null".to_owned());
                    }
                    facts.extend(
                        it.default.as_ref().map(|value| {
                            format!("Default {}", code(&part::default(schema, value)))
                        }),
                    );
                    facts.extend(it.checks.iter().map(|check| {
                        let expr = code(&part::expression(&check.expr));
                        format!("Check {}: {expr}", code(&check.name))
                    }));
                    list(out, "", facts, |out, fact| out.push_str(&fact));
                }
            }
            ObjectId::Composite(id) => {
                if let Some(it) = schema.composites.find(id) {
                    paragraph(out, it.comment.as_deref());
                    let mut rows = Rows::new(&["field", "type", "description"]);
                    for field in &it.fields {
                        rows.cell(|out| push_code(out, &field.name));
                        rows.cell(|out| self.ty(out, &field.ty));
                        rows.cell(|out| {
                            push_text(out, field.comment.as_deref().unwrap_or_default());
                        });
                    }
                    rows.write(out);
                }
            }
            ObjectId::Function(id) => {
                if let Some(it) = schema.functions.find(id) {
                    self.function(out, it);
                }
            }
            _ => {}
        }
    }

    fn ty(&self, out: &mut String, ty: &'a ColumnType) {
        let mut types = self.types.borrow_mut();
        out.push_str(types.entry(ty).or_insert_with(|| self.linked_type(ty)));
    }

    fn linked_type(&self, ty: &ColumnType) -> String {
        let shown = part::data_type(self.schema, ty);
        let shown = shown.strip_prefix("public.").unwrap_or(&shown);
        let object = match &ty.kind {
            TypeKind::Enum(id) => ObjectId::Enum(*id),
            TypeKind::Domain(id) => ObjectId::Domain(*id),
            TypeKind::Composite(id) => ObjectId::Composite(*id),
            TypeKind::TableRow(id) => ObjectId::Table(*id),
            TypeKind::ViewRow(id) => ObjectId::View(*id),
            TypeKind::Base(_) | TypeKind::Unknown(_) => return code(shown),
        };
        let Some(anchor) = self.anchors.get(&object) else { return code(shown) };
        let mut out = String::new();
        push_link(&mut out, shown, anchor);
        out
    }

    fn table(&self, out: &mut String, id: TableId, it: &'a Table) {
        paragraph(out, it.comment.as_deref());
        let mut rows = Rows::new(&["column", "type", "null", "default", "description"]);
        for column in &it.columns {
            rows.cell(|out| push_code(out, &column.name));
            rows.cell(|out| self.ty(out, &column.ty));
            rows.cell(|out| out.push_str(if column.nullable { "yes" } else { "no" }));
            rows.cell(|out| self.default(out, column));
            rows.cell(|out| described(out, column));
        }
        rows.write(out);
        let is_rule = |it: &&Constraint| !matches!(it.kind, ConstraintKind::ForeignKey(_));
        list(out, "Keys and checks", it.constraints.iter().filter(is_rule), rule);
        let references = it.constraints.iter().filter_map(|it| match &it.kind {
            ConstraintKind::ForeignKey(key) => {
                Some((it, key, &self.schema.tables.find(key.target)?.name))
            }
            _ => None,
        });
        list(out, "References", references, |out, (it, key, target)| {
            push_names(out, &key.columns);
            out.push_str(" → ");
            self.link(out, ObjectId::Table(key.target), target);
            end(out, key, &key.target_columns);
            out.push_str(words::deferrability(it.deferrable));
        });
        let referrers = self.referrers.get(&id).into_iter().flatten();
        list(out, "Referenced by", referrers, |out, (id, key)| {
            self.link(out, ObjectId::Table(*id), &self.schema.tables[*id].name);
            end(out, key, &key.columns);
        });
        list(out, "Indexes", &it.indexes, |out, it| self.index(out, it));
        self.policies(out, id, it);
        let triggers = self.triggers.get(&RelationId::Table(id)).into_iter().flatten();
        list(out, "Triggers", triggers, |out, (_, trigger)| {
            push_code(out, &trigger.name);
            out.extend([": ", &words::firing(trigger)]);
            let updates = trigger.events.iter().find_map(|event| match event {
                TriggerEvent::Update(columns) if !columns.is_empty() => Some(columns),
                _ => None,
            });
            if let Some(columns) = updates {
                out.push_str(", when ");
                push_names(out, columns);
                out.push_str(" change");
            }
            if let Some(condition) = &trigger.condition {
                out.push_str(", if ");
                push_code(out, &part::expression(condition));
            }
            out.push_str(", runs ");
            match &trigger.function {
                FunctionRef::Declared(id) => {
                    if let Some(it) = self.schema.functions.find(*id) {
                        self.link(out, ObjectId::Function(*id), &it.name);
                    }
                }
                FunctionRef::Known(name) => push_code(out, &name.shown()),
            }
        });
    }

    fn default(&self, out: &mut String, column: &'a Column) {
        if let Some(generated) = &column.generated {
            out.push_str(match generated.kind {
                GeneratedKind::Stored => "stored: ",
                GeneratedKind::Virtual => "virtual: ",
            });
            push_code(out, &part::expression(&generated.expr));
        } else if let Some(identity) = &column.identity {
            out.push_str(match identity.kind {
                IdentityKind::Always => "identity, always",
                IdentityKind::ByDefault => "identity",
            });
        } else if column.serial {
            out.push_str("serial");
        } else if let Some(value) = &column.default {
            let said = match value {
                DefaultValue::Literal(literal) => Ok(literal),
                DefaultValue::Expr(expr) => Err(expr.text.as_str()),
            };
            let shown = || code(&part::default(self.schema, value));
            out.push_str(self.defaults.borrow_mut().entry(said).or_insert_with(shown));
        }
    }

    fn index(&self, out: &mut String, it: &Index) {
        push_code(out, &it.name);
        out.push_str(if it.unique { ": unique, " } else { ": " });
        push_text(out, &it.method);
        out.push_str(" on ");
        push_joined(out, &it.elements, ", ", |out, element| {
            push_code(out, &part::index_element(self.schema, element));
        });
        if !it.include.is_empty() {
            out.push_str(", with ");
            push_names(out, &it.include);
        }
        if let Some(predicate) = &it.predicate {
            out.push_str(", where ");
            push_code(out, &part::expression(predicate));
        }
        sentence(out, it.comment.as_deref());
    }

    fn policies(&self, out: &mut String, id: TableId, it: &Table) {
        let security = match it.row_security {
            RowSecurity::Disabled => "Row-level security is off: privileges alone decide.",
            RowSecurity::Enabled => {
                "Row-level security is on: what no policy allows is refused, except to the owner."
            }
            RowSecurity::Forced => {
                "Row-level security is on, for the owner too: what no policy allows is refused."
            }
        };
        out.extend(["\n", security, "\n"]);
        let policies = self.policies.get(&id).into_iter().flatten();
        list(out, "Policies", policies, |out, (_, policy)| {
            push_code(out, &policy.name);
            out.push_str(if policy.permissive { ": allows " } else { ": restricts " });
            out.extend([words::command(policy.command), " for "]);
            match policy.roles.as_slice() {
                [] => out.push_str("everybody"),
                roles => push_names(out, roles),
            }
            for (words, expr) in
                [(", on rows where ", &policy.using), (", to rows where ", &policy.with_check)]
            {
                if let Some(expr) = expr {
                    out.push_str(words);
                    push_code(out, &part::expression(expr));
                }
            }
            sentence(out, policy.comment.as_deref());
        });
    }

    fn view(&self, out: &mut String, it: &'a View) {
        paragraph(out, it.comment.as_deref());
        let facts = [
            (it.materialized, "Its rows are stored, until it is refreshed"),
            (it.security_invoker, "Reads with the rights of its reader"),
        ];
        let facts = facts.into_iter().filter(|(is, _)| *is);
        list(out, "", facts, |out, (_, fact)| out.push_str(fact));
        let mut rows = Rows::new(&["column", "type", "null", "description"]);
        for column in &it.columns {
            rows.cell(|out| push_code(out, &column.name));
            rows.cell(|out| {
                if let Some(ty) = &column.ty {
                    self.ty(out, ty);
                }
            });
            rows.cell(|out| out.push_str(if column.nullable { "yes" } else { "no" }));
            rows.cell(|out| push_text(out, column.comment.as_deref().unwrap_or_default()));
        }
        rows.write(out);
        list(out, "Indexes", &it.indexes, |out, it| self.index(out, it));
        let _ = write!(out, "\n{}", markdown::block("sql", &it.query.text));
    }

    fn function(&self, out: &mut String, it: &'a Function) {
        paragraph(out, it.comment.as_deref());
        let mut rows = Rows::new(&["argument", "type", "mode", "default"]);
        for arg in &it.args {
            rows.cell(|out| push_code(out, arg.name.as_deref().unwrap_or_default()));
            rows.cell(|out| self.ty(out, &arg.ty));
            rows.cell(|out| {
                out.push_str(match arg.mode {
                    ArgMode::In => "in",
                    ArgMode::Out => "out",
                    ArgMode::InOut => "in, out",
                    ArgMode::Variadic => "variadic",
                });
            });
            rows.cell(|out| {
                if let Some(value) = &arg.default {
                    push_code(out, &part::default(self.schema, value));
                }
            });
        }
        rows.write(out);
        let mut facts = Vec::new();
        let (words, types) = match &it.returns {
            Returns::Nothing => ("", Vec::new()),
            Returns::Value(ty) => ("Returns ", vec![(None, ty)]),
            Returns::Set(ty) => ("Returns any number of ", vec![(None, ty)]),
            Returns::Table(columns) => {
                ("Returns rows of ", columns.iter().map(|it| (Some(&it.name), &it.ty)).collect())
            }
        };
        if !words.is_empty() {
            let mut fact = words.to_owned();
            push_joined(&mut fact, types, ", ", |out, (name, ty)| {
                if let Some(name) = name {
                    push_code(out, name);
                    out.push(' ');
                }
                self.ty(out, ty);
            });
            facts.push(fact);
        }
        let kind = match it.kind {
            FunctionKind::Function => "Function",
            FunctionKind::Procedure => "Procedure",
        };
        facts.push(format!(
            "{kind} in {}, {}",
            code(&it.language),
            words::volatility(it.volatility)
        ));
        if it.security == Security::Definer {
            facts.push("Runs with the rights of its owner".to_owned());
        }
        if it.strict {
            facts.push("Gives null for null, without a call".to_owned());
        }
        list(out, "", facts, |out, fact| out.push_str(&fact));
    }
}

fn push_link(out: &mut String, shown: &str, anchor: &str) {
    out.push('[');
    push_code(out, shown);
    out.extend(["](#", anchor, ")"]);
}

fn push_names(out: &mut String, names: &[Name]) {
    push_joined(out, names, ", ", |out, name| push_code(out, name));
}

/// A label, in quotes where it would not be seen.
fn label(out: &mut String, label: &str) {
    if label.trim().is_empty() {
        push_code(out, &format!("'{label}'"));
    } else {
        push_code(out, label);
    }
}

fn rule(out: &mut String, it: &Constraint) {
    let (kind, columns, expr) = match &it.kind {
        ConstraintKind::PrimaryKey { columns } => ("Primary key ", columns.as_slice(), None),
        ConstraintKind::Unique { columns, .. } => ("Unique ", columns.as_slice(), None),
        ConstraintKind::Check { expr } => ("Check ", [].as_slice(), Some(expr)),
        ConstraintKind::Exclude(_) => ("Exclusion ", [].as_slice(), None),
        ConstraintKind::ForeignKey(key) => ("Foreign key ", key.columns.as_slice(), None),
    };
    out.push_str(kind);
    push_code(out, &it.name);
    if !columns.is_empty() {
        out.push_str(": ");
        push_names(out, columns);
    }
    if let Some(expr) = expr {
        out.push_str(": ");
        push_code(out, &part::expression(expr));
    }
    out.push_str(words::deferrability(it.deferrable));
    sentence(out, it.comment.as_deref());
}

/// The columns at an end of a key, and what its actions are.
fn end(out: &mut String, key: &ForeignKey, columns: &[Name]) {
    out.push_str(" (");
    push_names(out, columns);
    out.push(')');
    for (event, of) in [(", delete ", key.on_delete), (", update ", key.on_update)] {
        if let Some(action) = words::action(of) {
            out.extend([event, action]);
        }
    }
}

fn described(out: &mut String, column: &Column) {
    if let Some(why) = &column.deprecated {
        out.push_str(if why.is_empty() { "Deprecated." } else { "Deprecated: " });
        push_text(out, why);
        out.push_str(if column.comment.is_some() { " " } else { "" });
    }
    push_text(out, column.comment.as_deref().unwrap_or_default());
}

/// A comment behind a line.
fn sentence(out: &mut String, comment: Option<&str>) {
    if let Some(comment) = comment {
        out.push_str(". ");
        push_text(out, comment);
    }
}

fn paragraph(out: &mut String, comment: Option<&str>) {
    for part in comment.unwrap_or_default().split("\n\n") {
        let start = out.len();
        out.push('\n');
        push_text(out, part);
        if out.len() > start + 1 {
            out.push('\n');
        } else {
            out.truncate(start);
        }
    }
}

/// A list of items, each of which `write` writes; its title stands above the first one.
fn list<T>(
    out: &mut String,
    title: &str,
    items: impl IntoIterator<Item = T>,
    write: impl Fn(&mut String, T),
) {
    for (at, item) in items.into_iter().enumerate() {
        match (at, title) {
            (0, "") => out.push('\n'),
            (0, title) => out.extend(["\n**", title, "**\n\n"]),
            _ => {}
        }
        out.push_str("- ");
        write(out, item);
        out.push('\n');
    }
}
