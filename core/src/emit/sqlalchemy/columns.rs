//! Columns: their types, annotations, defaults.
//!
//! In: a column. Out: `sa.…` types and the annotation of their values, as trees of Python.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::defaults::server_default;
use crate::emit::lang::{Py, python};
use crate::emit::shapes::ItemId;
use crate::schema::{Column, ColumnType, GeneratedKind, IdentityKind, Schema, Table, TypeKind};
use crate::sql::ident::qualified;
use crate::sql::types::python as facts;
use crate::sql::{BaseType, Modifier, PgType};

/// Makes types, and notes what they need.
#[derive(Debug)]
pub(super) struct Types<'a> {
    pub(super) schema: &'a Schema,
    /// The class names of the module.
    pub(super) names: FxHashMap<ItemId, String>,
    /// Modules, and names in them; no name for the module itself.
    pub(super) imports: BTreeSet<(&'static str, &'static str)>,
    /// Annotations whose imports are noted.
    pub(super) annotations: FxHashSet<&'static str>,
    /// Whether a type is one that SQLAlchemy does not have.
    pub(super) foreign: bool,
    /// Whether a type is an enum.
    pub(super) enums: bool,
}

/// Domains over domains deeper than this are not followed.
pub(super) const DEPTH_LIMIT: u32 = 50;

impl Types<'_> {
    /// SQLAlchemy's type of a column.
    pub(super) fn ty(&mut self, ty: &ColumnType) -> Py {
        let element = self.element(&ty.kind, DEPTH_LIMIT);
        if ty.dimensions == 0 { element } else { Py::call(self.pg("ARRAY"), vec![element]) }
    }

    fn pg(&mut self, name: &str) -> String {
        self.imports.insert(("sqlalchemy.dialects", "postgresql as pg"));
        format!("pg.{name}")
    }

    fn element(&mut self, kind: &TypeKind, depth: u32) -> Py {
        let schema = self.schema;
        match kind {
            TypeKind::Base(base) => self.base(base),
            TypeKind::Enum(id) => {
                let it = &schema.enums[*id];
                let class = self.names.get(&ItemId::Enum(*id)).cloned().unwrap_or_default();
                self.enums = true;
                let mut args = vec![
                    Py::atom(class),
                    Py::named("name", Py::atom(python::string(&it.name.name))),
                    Py::named("values_callable", Py::atom("_labels")),
                    Py::named("create_type", Py::atom("False")),
                ];
                if !it.name.is_public() {
                    args.push(Py::named("schema", Py::atom(python::string(&it.name.schema))));
                }
                Py::call(self.pg("ENUM"), args)
            }
            TypeKind::Domain(id) => {
                let it = &schema.domains[*id];
                let Some(depth) = depth.checked_sub(1) else { return self.named("text") };
                let base = self.element(&it.base.kind, depth);
                let base =
                    if it.base.is_array() { Py::call(self.pg("ARRAY"), vec![base]) } else { base };
                let mut args = vec![
                    Py::atom(python::string(&it.name.name)),
                    base,
                    Py::named("create_type", Py::atom("False")),
                ];
                if !it.name.is_public() {
                    args.push(Py::named("schema", Py::atom(python::string(&it.name.schema))));
                }
                Py::call(self.pg("DOMAIN"), args)
            }
            TypeKind::Composite(id) => {
                let name = &schema.composites[*id].name;
                self.named(&qualified(&name.schema, &name.name))
            }
            TypeKind::TableRow(id) => {
                let name = &schema.tables[*id].name;
                self.named(&qualified(&name.schema, &name.name))
            }
            TypeKind::ViewRow(id) => {
                let name = &schema.views[*id].name;
                self.named(&qualified(&name.schema, &name.name))
            }
            TypeKind::Unknown(name) => self.named(&qualified(&name.schema, &name.name)),
        }
    }

    /// A type that SQLAlchemy does not have.
    fn named(&mut self, name: &str) -> Py {
        self.foreign = true;
        Py::call("_Type", vec![Py::atom(python::string(name))])
    }

    fn base(&mut self, ty: &PgType) -> Py {
        let Some(name) = facts(ty.base).sqlalchemy else { return self.named(&ty.to_string()) };
        if name.starts_with("pg.") {
            self.pg("");
        } else if !name.starts_with("sa.") {
            self.imports.insert(("pgvector.sqlalchemy", name));
        }
        let number = |number: u32| Py::atom(number.to_string());
        let mut args = Vec::new();
        match &ty.modifier {
            Modifier::None | Modifier::Other(_) => {}
            Modifier::Length(length) | Modifier::Dimensions(length) => args.push(number(*length)),
            Modifier::Numeric { precision, scale } => {
                args.extend([precision.to_string(), scale.to_string()].map(Py::atom));
            }
            Modifier::Precision(digits) => {
                args.push(Py::named("precision", number(u32::from(*digits))));
            }
            Modifier::Interval { fields, precision } => {
                if !fields.is_empty() {
                    args.push(Py::named("fields", Py::atom(python::string(fields))));
                }
                args.extend(precision.map(|it| Py::named("precision", number(u32::from(it)))));
            }
        }
        match ty.base {
            BaseType::Varbit => args.push(Py::named("varying", Py::atom("True"))),
            BaseType::TimeTz | BaseType::TimestampTz => {
                args.insert(0, Py::named("timezone", Py::atom("True")));
            }
            _ => {}
        }
        if args.is_empty() { Py::atom(name) } else { Py::call(name, args) }
    }

    /// The annotation of a column's values that are not null.
    pub(super) fn annotation(&mut self, ty: &ColumnType) -> Py {
        let mut element = match &ty.kind {
            TypeKind::Base(base) => self.known(facts(base.base).annotation),
            TypeKind::Enum(id) => {
                Py::atom(self.names.get(&ItemId::Enum(*id)).cloned().unwrap_or_default())
            }
            TypeKind::Domain(id) => {
                let base = self.domain_base(*id);
                return match base {
                    Some(base) if ty.dimensions == 0 => self.annotation(&base),
                    _ => self.known("Any"),
                };
            }
            TypeKind::Composite(_)
            | TypeKind::TableRow(_)
            | TypeKind::ViewRow(_)
            | TypeKind::Unknown(_) => self.known("Any"),
        };
        if ty.dimensions > 0 {
            if element != Py::atom("Any") {
                element = element.or_none();
            }
            for _ in 0..ty.dimensions {
                element = Py::subscript("list", vec![element]);
            }
        }
        element
    }

    /// What a domain, or a domain over domains, restricts.
    fn domain_base(&self, id: crate::schema::DomainId) -> Option<ColumnType> {
        let mut ty = &self.schema.domains.find(id)?.base;
        for _ in 0..DEPTH_LIMIT {
            match ty {
                ColumnType { kind: TypeKind::Domain(id), dimensions: 0 } => {
                    ty = &self.schema.domains.find(*id)?.base;
                }
                _ => return Some(ty.clone()),
            }
        }
        None
    }

    fn known(&mut self, annotation: &'static str) -> Py {
        if !self.annotations.insert(annotation) {
            return Py::atom(annotation);
        }
        for (word, import) in [
            ("Any", ("typing", "Any")),
            ("Decimal", ("decimal", "Decimal")),
            ("UUID", ("uuid", "UUID")),
            ("dt.", ("datetime as dt", "")),
            ("pg.", ("sqlalchemy.dialects", "postgresql as pg")),
        ] {
            if annotation.contains(word) {
                self.imports.insert(import);
            }
        }
        Py::atom(annotation)
    }

    /// The arguments of a column behind its name: its type, and what computes its values.
    pub(super) fn arguments(&mut self, table: &Table, column: &Column) -> Vec<Py> {
        let mut args = vec![self.ty(&column.ty)];
        if let Some(identity) = &column.identity {
            let always = if identity.kind == IdentityKind::Always { "True" } else { "False" };
            let options = &identity.sequence;
            let numbers = [
                ("start", options.start),
                ("increment", options.increment),
                ("minvalue", options.min),
                ("maxvalue", options.max),
                ("cache", options.cache),
            ];
            let mut own = vec![Py::named("always", Py::atom(always))];
            own.extend(
                numbers.into_iter().filter_map(|(name, value)| {
                    Some(Py::named(name, Py::atom(value?.to_string())))
                }),
            );
            if options.cycle {
                own.push(Py::named("cycle", Py::atom("True")));
            }
            args.push(Py::call("sa.Identity", own));
        }
        if let Some(generated) = &column.generated {
            let stored = if generated.kind == GeneratedKind::Stored { "True" } else { "False" };
            let expr = sql(&generated.expr.text);
            args.push(Py::call(
                "sa.Computed",
                vec![expr, Py::named("persisted", Py::atom(stored))],
            ));
        }
        args.extend(server_default(self.schema, table, column));
        args
    }
}

/// `sa.text("…")`.
pub(super) fn text(expr: &str) -> Py {
    Py::call("sa.text", vec![sql(expr)])
}

/// SQL as a string that SQLAlchemy takes as it stands: a colon before a word would be a parameter.
pub(super) fn sql(expr: &str) -> Py {
    let has_comment = expr.contains('-') && expr.contains("--");
    if !expr.contains(':') && !has_comment {
        return Py::string(expr);
    }
    let mut out = String::with_capacity(expr.len());
    let mut last = ' ';
    for (at, c) in expr.char_indices() {
        let rest = expr.get(at + 1..).unwrap_or_default();
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let behind = rest.get(word..).unwrap_or_default();
        if c == ':' && word > 0 && !behind.starts_with(':') && last != ':' && !is_word(last) {
            out.push('\\');
        }
        out.push(c);
        last = c;
    }
    // A comment must not hide what follows.
    if has_comment {
        out.push('\n');
    }
    Py::string(out)
}
