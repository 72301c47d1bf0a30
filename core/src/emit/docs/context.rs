//! The page's parts: what the template prints, as finished Markdown.
//!
//! In: the schema. Out: contents, the diagram, and parts of items, each with its lines.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;

use minijinja::{Value as Context, context};
use rustc_hash::FxHashMap;
use smol_str::{SmolStr, format_smolstr};

use super::words;
use crate::ddl::part;
use crate::emit::erd::{self, Diagram, Shown};
use crate::emit::lang::Code;
use crate::emit::lang::markdown::{self, Anchors, code, text};
use crate::emit::template::{Marked, Marks};
use crate::schema::{
    ArgMode, Column, ColumnType, Constraint, ConstraintKind, ForeignKey, Function, FunctionKind,
    FunctionRef, GeneratedKind, IdentityKind, Index, Name, ObjectId, Ownership, Policy, PolicyId,
    QualifiedName, RelationId, Returns, RowSecurity, Schema, Security, Table, TableId, Trigger,
    TriggerEvent, TriggerId, TypeKind, View,
};

/// Everything that the template prints.
pub(super) fn page(schema: &Schema, title: &str, marks: &mut Marks) -> Context {
    let mut page = Page {
        schema,
        anchors: BTreeMap::new(),
        referrers: referrers(schema),
        policies: schema.policies_by_table(),
        triggers: schema.triggers_by_relation(),
        types: RefCell::default(),
    };
    let parts = page.parts();
    let mut anchors = Anchors::default();
    anchors.take(title);
    anchors.take("Contents");
    let mut contents = format!("- [Diagram](#{})\n", anchors.take("Diagram"));
    for part in &parts {
        let _ = writeln!(contents, "- [{}](#{})", part.title, anchors.take(part.title));
        for (object, name) in &part.objects {
            let shown = full(name);
            let anchor = anchors.take(&shown);
            let _ = writeln!(contents, "  - [{}](#{anchor})", code(&shown));
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
                marks.place(out.of(*object))
            });
            let items: Vec<Context> = items.collect();
            context! { title => Code::new(part.title), items }
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
    anchors: BTreeMap<ObjectId, String>,
    /// The tables that refer to each, with their keys.
    referrers: BTreeMap<TableId, Vec<(TableId, &'a ForeignKey)>>,
    policies: BTreeMap<TableId, Vec<(PolicyId, &'a Policy)>>,
    triggers: BTreeMap<RelationId, Vec<(TriggerId, &'a Trigger)>>,
    /// Types that were shown already.
    types: RefCell<FxHashMap<&'a ColumnType, SmolStr>>,
}

/// The tables that refer to each, with their keys.
fn referrers(schema: &Schema) -> BTreeMap<TableId, Vec<(TableId, &ForeignKey)>> {
    let mut referrers: BTreeMap<TableId, Vec<(TableId, &ForeignKey)>> = BTreeMap::new();
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
    fn link(&self, object: ObjectId, name: &QualifiedName) -> SmolStr {
        let shown = code(&full(name));
        match self.anchors.get(&object) {
            Some(anchor) => format_smolstr!("[{shown}](#{anchor})"),
            None => shown,
        }
    }

    fn item(&self, out: &mut String, object: ObjectId, name: &QualifiedName) {
        let _ = writeln!(out, "### {}", code(&full(name)));
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
                    list(out, "", it.values.iter().map(|it| label(it)).collect());
                }
            }
            ObjectId::Domain(id) => {
                if let Some(it) = schema.domains.find(id) {
                    paragraph(out, it.comment.as_deref());
                    let mut facts = vec![format!("Restricts {}", self.ty(&it.base))];
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
                    list(out, "", facts);
                }
            }
            ObjectId::Composite(id) => {
                if let Some(it) = schema.composites.find(id) {
                    paragraph(out, it.comment.as_deref());
                    let rows = it.fields.iter().map(|field| {
                        vec![
                            code(&field.name),
                            self.ty(&field.ty),
                            text(field.comment.as_deref().unwrap_or_default()).into(),
                        ]
                    });
                    table(out, &["field", "type", "description"], rows.collect());
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

    fn ty(&self, ty: &'a ColumnType) -> SmolStr {
        self.types.borrow_mut().entry(ty).or_insert_with(|| self.linked_type(ty)).clone()
    }

    fn linked_type(&self, ty: &ColumnType) -> SmolStr {
        let shown = part::data_type(self.schema, ty);
        let shown = code(shown.strip_prefix("public.").unwrap_or(&shown));
        let object = match &ty.kind {
            TypeKind::Enum(id) => ObjectId::Enum(*id),
            TypeKind::Domain(id) => ObjectId::Domain(*id),
            TypeKind::Composite(id) => ObjectId::Composite(*id),
            TypeKind::TableRow(id) => ObjectId::Table(*id),
            TypeKind::ViewRow(id) => ObjectId::View(*id),
            TypeKind::Base(_) | TypeKind::Unknown(_) => return shown,
        };
        match self.anchors.get(&object) {
            Some(anchor) => format_smolstr!("[{shown}](#{anchor})"),
            None => shown,
        }
    }

    fn table(&self, out: &mut String, id: TableId, it: &'a Table) {
        paragraph(out, it.comment.as_deref());
        let rows = it.columns.iter().map(|column| {
            vec![
                code(&column.name),
                self.ty(&column.ty),
                SmolStr::new_static(if column.nullable { "yes" } else { "no" }),
                self.default(column),
                described(column),
            ]
        });
        table(out, &["column", "type", "null", "default", "description"], rows.collect());
        let constraints = &it.constraints;
        list(out, "Keys and checks", constraints.iter().filter_map(rule).collect());
        list(out, "References", constraints.iter().filter_map(|it| self.reference(it)).collect());
        list(out, "Referenced by", self.referrers(id));
        list(out, "Indexes", it.indexes.iter().map(|it| self.index(it)).collect());
        self.policies(out, id, it);
        let triggers = self.triggers.get(&RelationId::Table(id)).into_iter().flatten();
        let triggers = triggers.map(|(_, trigger)| {
            let updates = trigger.events.iter().find_map(|event| match event {
                TriggerEvent::Update(columns) if !columns.is_empty() => Some(columns),
                _ => None,
            });
            let mut line = format!("{}: {}", code(&trigger.name), words::firing(trigger));
            if let Some(columns) = updates {
                let _ = write!(line, ", when {} change", names(columns));
            }
            if let Some(condition) = &trigger.condition {
                let _ = write!(line, ", if {}", code(&part::expression(condition)));
            }
            let function = match &trigger.function {
                FunctionRef::Declared(id) => self
                    .schema
                    .functions
                    .find(*id)
                    .map(|it| self.link(ObjectId::Function(*id), &it.name))
                    .unwrap_or_default(),
                FunctionRef::Known(name) => code(&full(name)),
            };
            let _ = write!(line, ", runs {function}");
            line
        });
        list(out, "Triggers", triggers.collect());
    }

    fn default(&self, column: &Column) -> SmolStr {
        if let Some(generated) = &column.generated {
            let kind = match generated.kind {
                GeneratedKind::Stored => "stored",
                GeneratedKind::Virtual => "virtual",
            };
            let expr = code(&part::expression(&generated.expr));
            return format_smolstr!("{kind}: {expr}");
        }
        if let Some(identity) = &column.identity {
            return SmolStr::new_static(match identity.kind {
                IdentityKind::Always => "identity, always",
                IdentityKind::ByDefault => "identity",
            });
        }
        if column.serial {
            return SmolStr::new_static("serial");
        }
        let default = column.default.as_ref();
        default.map(|value| code(&part::default(self.schema, value))).unwrap_or_default()
    }

    fn reference(&self, it: &Constraint) -> Option<String> {
        let ConstraintKind::ForeignKey(key) = &it.kind else { return None };
        let target = &self.schema.tables.find(key.target)?.name;
        let link = self.link(ObjectId::Table(key.target), target);
        let more = words::deferrability(it.deferrable);
        Some(format!(
            "{} → {link} ({}){}{more}",
            names(&key.columns),
            names(&key.target_columns),
            actions(key)
        ))
    }

    fn referrers(&self, to: TableId) -> Vec<String> {
        let found = self.referrers.get(&to).into_iter().flatten();
        let line = |(id, key): &(TableId, &ForeignKey)| {
            let link = self.link(ObjectId::Table(*id), &self.schema.tables[*id].name);
            format!("{link} ({}){}", names(&key.columns), actions(key))
        };
        found.map(line).collect()
    }

    fn index(&self, it: &Index) -> String {
        let elements: Vec<SmolStr> =
            it.elements.iter().map(|it| code(&part::index_element(self.schema, it))).collect();
        let unique = if it.unique { "unique, " } else { "" };
        let mut line =
            format!("{}: {unique}{} on {}", code(&it.name), it_method(it), elements.join(", "));
        if !it.include.is_empty() {
            let _ = write!(line, ", with {}", names(&it.include));
        }
        if let Some(predicate) = &it.predicate {
            let _ = write!(line, ", where {}", code(&part::expression(predicate)));
        }
        if let Some(comment) = &it.comment {
            let _ = write!(line, ". {}", text(comment));
        }
        line
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
        let policies: Vec<String> = self
            .policies
            .get(&id)
            .into_iter()
            .flatten()
            .map(|(_, policy)| {
                let roles = match policy.roles.as_slice() {
                    [] => SmolStr::new_static("everybody"),
                    roles => names(roles),
                };
                let kind = if policy.permissive { "allows" } else { "restricts" };
                let command = words::command(policy.command);
                let mut line = format!("{}: {kind} {command} for {roles}", code(&policy.name));
                if let Some(expr) = &policy.using {
                    let expr = code(&part::expression(expr));
                    let _ = write!(line, ", on rows where {expr}");
                }
                if let Some(expr) = &policy.with_check {
                    let expr = code(&part::expression(expr));
                    let _ = write!(line, ", to rows where {expr}");
                }
                if let Some(comment) = &policy.comment {
                    let _ = write!(line, ". {}", text(comment));
                }
                line
            })
            .collect();
        let _ = writeln!(out, "\n{security}");
        list(out, "Policies", policies);
    }

    fn view(&self, out: &mut String, it: &'a View) {
        paragraph(out, it.comment.as_deref());
        let mut facts = Vec::new();
        if it.materialized {
            facts.push("Its rows are stored, until it is refreshed".to_owned());
        }
        if it.security_invoker {
            facts.push("Reads with the rights of its reader".to_owned());
        }
        list(out, "", facts);
        let rows = it.columns.iter().map(|column| {
            vec![
                code(&column.name),
                column.ty.as_ref().map(|ty| self.ty(ty)).unwrap_or_default(),
                SmolStr::new_static(if column.nullable { "yes" } else { "no" }),
                text(column.comment.as_deref().unwrap_or_default()).into(),
            ]
        });
        table(out, &["column", "type", "null", "description"], rows.collect());
        list(out, "Indexes", it.indexes.iter().map(|it| self.index(it)).collect());
        let _ = write!(out, "\n{}", markdown::block("sql", &it.query.text));
    }

    fn function(&self, out: &mut String, it: &'a Function) {
        paragraph(out, it.comment.as_deref());
        let rows = it.args.iter().map(|arg| {
            let mode = match arg.mode {
                ArgMode::In => "in",
                ArgMode::Out => "out",
                ArgMode::InOut => "in, out",
                ArgMode::Variadic => "variadic",
            };
            vec![
                arg.name.as_ref().map(|name| code(name)).unwrap_or_default(),
                self.ty(&arg.ty),
                SmolStr::new_static(mode),
                arg.default
                    .as_ref()
                    .map(|it| code(&part::default(self.schema, it)))
                    .unwrap_or_default(),
            ]
        });
        table(out, &["argument", "type", "mode", "default"], rows.collect());
        let mut facts = Vec::new();
        match &it.returns {
            Returns::Nothing => {}
            Returns::Value(ty) => facts.push(format!("Returns {}", self.ty(ty))),
            Returns::Set(ty) => facts.push(format!("Returns any number of {}", self.ty(ty))),
            Returns::Table(columns) => {
                let columns: Vec<String> = columns
                    .iter()
                    .map(|column| format!("{} {}", code(&column.name), self.ty(&column.ty)))
                    .collect();
                facts.push(format!("Returns rows of {}", columns.join(", ")));
            }
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
        list(out, "", facts);
    }
}

/// A name, behind its schema's where that is not `public`.
fn full(name: &QualifiedName) -> String {
    if name.is_public() { name.name.to_string() } else { format!("{}.{}", name.schema, name.name) }
}

fn names(names: &[Name]) -> SmolStr {
    match names {
        [only] => code(only),
        _ => names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ").into(),
    }
}

/// A label, in quotes where it would not be seen.
fn label(label: &str) -> SmolStr {
    if label.trim().is_empty() { code(&format!("'{label}'")) } else { code(label) }
}

fn it_method(it: &Index) -> String {
    text(it.method.as_str())
}

fn rule(it: &Constraint) -> Option<String> {
    let name = code(&it.name);
    let more = words::deferrability(it.deferrable);
    let comment = it.comment.as_deref().map(|it| format!(". {}", text(it))).unwrap_or_default();
    let (kind, said) = match &it.kind {
        ConstraintKind::PrimaryKey { columns } => ("Primary key ", names(columns)),
        ConstraintKind::Unique { columns, .. } => ("Unique ", names(columns)),
        ConstraintKind::Check { expr } => ("Check ", code(&part::expression(expr))),
        ConstraintKind::Exclude { .. } => ("Exclusion ", SmolStr::default()),
        ConstraintKind::ForeignKey(_) => return None,
    };
    let colon = if said.is_empty() { "" } else { ": " };
    Some([kind, &name, colon, &said, more, &comment].concat())
}

fn actions(key: &ForeignKey) -> String {
    let said = [("delete", key.on_delete), ("update", key.on_update)];
    let said = said
        .into_iter()
        .filter_map(|(event, of)| Some(format!(", {event} {}", words::action(of)?)));
    said.collect()
}

fn described(column: &Column) -> SmolStr {
    let mut parts = Vec::new();
    if let Some(why) = &column.deprecated {
        parts.push(if why.is_empty() {
            "Deprecated.".to_owned()
        } else {
            format!("Deprecated: {}", text(why))
        });
    }
    parts.extend(column.comment.as_deref().map(text));
    parts.join(" ").into()
}

fn paragraph(out: &mut String, comment: Option<&str>) {
    for part in comment.unwrap_or_default().split("\n\n").map(text).filter(|it| !it.is_empty()) {
        let _ = writeln!(out, "\n{part}");
    }
}

fn list(out: &mut String, title: &str, lines: Vec<impl AsRef<str>>) {
    if lines.is_empty() {
        return;
    }
    out.push('\n');
    if !title.is_empty() {
        let _ = writeln!(out, "**{title}**\n");
    }
    for line in lines {
        for part in ["- ", line.as_ref(), "\n"] {
            out.push_str(part);
        }
    }
}

fn table(out: &mut String, head: &[&str], rows: Vec<Vec<SmolStr>>) {
    if !rows.is_empty() {
        out.push('\n');
        markdown::write_table(out, head, rows);
    }
}
