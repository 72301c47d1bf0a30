//! Types of columns as sqlx reads and writes them.
//!
//! In: types of the schema. Out: Rust's types, and the casts that stand in the SQL around what sqlx has
//! no type for. Notes the names that a module has to import.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use smol_str::{SmolStr, format_smolstr};

use super::{Calendar, Numeric, Settings};
use crate::ddl::part::data_type;
use crate::emit::lang::rust;
use crate::emit::shapes::{ItemId, Shapes};
use crate::schema::{ColumnType, QualifiedName, RelationId, Schema, TypeKind};
use crate::sql::BaseType;
use crate::sql::ident::{qualified, quote_ident};
use crate::sql::types::{RustFacts, rust as facts};

/// Names that types are made of, by the modules that bring them.
const MODULES: &[(&str, &[&str])] = &[
    ("bigdecimal", &["BigDecimal"]),
    ("chrono", &["DateTime", "FixedOffset", "NaiveDate", "NaiveDateTime", "NaiveTime", "Utc"]),
    ("ipnetwork", &["IpNetwork"]),
    ("mac_address", &["MacAddress"]),
    ("pgvector", &["HalfVector", "SparseVector", "Vector"]),
    ("rust_decimal", &["Decimal"]),
    ("serde_json", &["Value"]),
    ("time", &["Date", "OffsetDateTime", "PrimitiveDateTime", "Time", "UtcOffset"]),
    ("uuid", &["Uuid"]),
];

/// The type of what travels as text.
const TEXT: SmolStr = SmolStr::new_static("String");

/// Types within types deeper than this are not followed.
pub(in crate::emit) const DEPTH_LIMIT: u32 = 50;

/// A type of PostgreSQL as Rust has it.
#[derive(Debug)]
pub(in crate::emit) struct Carried {
    /// The type of values that are not null.
    pub(in crate::emit) ty: SmolStr,
    /// The casts of a value that travels as text.
    pub(in crate::emit) cast: Option<Cast>,
}

/// Casts, each behind its value.
#[derive(Debug)]
pub(in crate::emit) struct Cast {
    /// Of what is read: `::text`.
    pub(in crate::emit) read: &'static str,
    /// Of what is written: `::xml`.
    pub(in crate::emit) write: String,
}

/// Makes types, and notes what they need.
#[derive(Debug)]
pub(in crate::emit) struct Types<'a> {
    schema: &'a Schema,
    shapes: &'a Shapes,
    settings: Settings,
    /// Modules, and names in them.
    pub(in crate::emit) imports: BTreeSet<(&'static str, &'static str)>,
    /// Types that were made already.
    bases: FxHashMap<BaseType, SmolStr>,
    /// What stands before the names of items: nothing in their own module.
    path: &'static str,
    /// Whether an item was named.
    pub(in crate::emit) names_items: bool,
}

impl<'a> Types<'a> {
    /// Types of this schema.
    pub(in crate::emit) fn new(schema: &'a Schema, shapes: &'a Shapes, settings: Settings) -> Self {
        Self {
            schema,
            shapes,
            settings,
            imports: BTreeSet::new(),
            bases: FxHashMap::default(),
            path: "",
            names_items: false,
        }
    }

    /// The same for a module that knows items by this path.
    #[must_use]
    pub(in crate::emit) fn beside(self, path: &'static str) -> Self {
        Self { path, ..self }
    }

    /// An item as the module names it.
    pub(in crate::emit) fn item(&mut self, id: ItemId) -> String {
        self.names_items = true;
        format!("{}{}", self.path, self.class(id))
    }

    /// A type; of no type that is known, text.
    pub(in crate::emit) fn of(&mut self, ty: Option<&ColumnType>) -> Carried {
        let Some(ty) = ty else {
            let cast = Cast { read: "::text", write: String::new() };
            return Carried { ty: TEXT, cast: Some(cast) };
        };
        let native = self.is_native(ty, DEPTH_LIMIT);
        let element = self.element(&ty.kind);
        let (ty, read) = match (ty.dimensions, native) {
            (0, true) => return Carried { ty: element, cast: None },
            (1, true) => return Carried { ty: array(&element), cast: None },
            (0, false) => (element, "::text"),
            (1, false) => (array(&element), "::text[]"),
            (2.., _) => (TEXT, "::text"),
        };
        Carried { ty, cast: Some(Cast { read, write: String::new() }) }
    }

    /// The same with the cast of what is written.
    pub(in crate::emit) fn written(&mut self, ty: &ColumnType) -> Carried {
        let mut carried = self.of(Some(ty));
        if let Some(cast) = &mut carried.cast {
            cast.write = format!("::{}", cast_name(self.schema, ty));
        }
        carried
    }

    /// The name of an item of the module.
    pub(in crate::emit) fn class(&self, id: ItemId) -> String {
        rust::class(self.shapes.name(id))
    }

    /// An import of this module.
    pub(in crate::emit) fn import(&mut self, module: &'static str, name: &'static str) {
        self.imports.insert((module, name));
    }

    /// Whether sqlx reads and writes values of the type as they are.
    pub(in crate::emit) fn is_native(&self, ty: &ColumnType, depth: u32) -> bool {
        ty.dimensions < 2
            && match &ty.kind {
                TypeKind::Base(base) => self.facts(base.base).is_some(),
                TypeKind::Enum(_) => true,
                TypeKind::Domain(id) => self
                    .schema
                    .domains
                    .find(*id)
                    .is_some_and(|it| depth > 0 && self.is_native(&it.base, depth - 1)),
                TypeKind::Composite(_) | TypeKind::TableRow(_) | TypeKind::ViewRow(_) => {
                    self.is_native_row(&ty.kind, depth)
                }
                TypeKind::Unknown(_) => false,
            }
    }

    /// Whether sqlx reads and writes rows of the type: PostgreSQL wants attributes of the very type.
    pub(in crate::emit) fn is_native_row(&self, kind: &TypeKind, depth: u32) -> bool {
        let attributes = self.attributes(kind);
        let is_exact = |ty: &ColumnType| match &ty.kind {
            TypeKind::Base(base) => self.facts(base.base).is_some_and(|it| it.exact),
            _ => true,
        };
        // sqlx writes each JSON as jsonb, which begins with a byte that json does not take.
        let is_json = |ty: &ColumnType| matches!(&ty.kind, TypeKind::Base(base) if base.base == BaseType::Json);
        depth > 0
            && !attributes.is_empty()
            && attributes.iter().all(|ty| {
                ty.is_some_and(|ty| {
                    self.is_native(ty, depth - 1)
                        && !is_json(ty)
                        && (ty.dimensions == 0 || is_exact(ty))
                })
            })
    }

    /// The types of a row's attributes.
    pub(in crate::emit) fn attributes(&self, kind: &TypeKind) -> Vec<Option<&'a ColumnType>> {
        let schema = self.schema;
        match kind {
            TypeKind::Composite(id) => {
                let fields = schema.composites.find(*id).map_or(&[][..], |it| &it.fields);
                fields.iter().map(|it| Some(&it.ty)).collect()
            }
            TypeKind::TableRow(id) => {
                let columns = schema.tables.find(*id).map_or(&[][..], |it| &it.columns);
                columns.iter().map(|it| Some(&it.ty)).collect()
            }
            TypeKind::ViewRow(id) => {
                let columns = schema.views.find(*id).map_or(&[][..], |it| &it.columns);
                columns.iter().map(|it| it.ty.as_ref()).collect()
            }
            TypeKind::Base(_) | TypeKind::Enum(_) | TypeKind::Domain(_) | TypeKind::Unknown(_) => {
                Vec::new()
            }
        }
    }

    /// The name by which PostgreSQL finds the type of an attribute that sqlx would write as another;
    /// empty where it would not.
    pub(super) fn attribute_type(&self, ty: &ColumnType) -> String {
        match &ty.kind {
            TypeKind::Base(base) if self.facts(base.base).is_some_and(|it| !it.exact) => {
                base.base.as_str().to_owned()
            }
            _ => String::new(),
        }
    }

    /// The type of elements, or the type where it is no array.
    fn element(&mut self, kind: &TypeKind) -> SmolStr {
        let id = match kind {
            TypeKind::Base(base) => return self.base(base.base),
            TypeKind::Enum(id) => ItemId::Enum(*id),
            TypeKind::Domain(id) => ItemId::Domain(*id),
            TypeKind::Composite(id) => ItemId::Composite(*id),
            // The struct of a relation is one, whether sqlx reads it as a value or not.
            TypeKind::TableRow(_) | TypeKind::ViewRow(_)
                if !self.is_native_row(kind, DEPTH_LIMIT) =>
            {
                return TEXT;
            }
            TypeKind::TableRow(id) => ItemId::Relation(RelationId::Table(*id)),
            TypeKind::ViewRow(id) => ItemId::Relation(RelationId::View(*id)),
            TypeKind::Unknown(_) => return TEXT,
        };
        self.item(id).into()
    }

    fn base(&mut self, base: BaseType) -> SmolStr {
        if let Some(known) = self.bases.get(&base) {
            return known.clone();
        }
        let made = self.make_base(base);
        self.bases.insert(base, made.clone());
        made
    }

    fn make_base(&mut self, base: BaseType) -> SmolStr {
        let Some(facts) = self.facts(base) else { return TEXT };
        let ty = match self.settings.calendar {
            Calendar::Chrono => facts.ty,
            Calendar::Time => facts.with_time,
        };
        let ty = match self.settings.numeric {
            Numeric::RustDecimal => ty.into(),
            Numeric::BigDecimal => SmolStr::from(ty.replace("Decimal", "BigDecimal")),
        };
        for word in ty.split(['<', '>', ',', ' ']) {
            let known = MODULES.iter().find_map(|(module, names)| {
                Some((*module, *names.iter().find(|name| **name == word)?))
            });
            self.imports.extend(known);
        }
        if let Some(own) = rust::POSTGRES_TYPES.iter().find(|name| ty.starts_with(**name)) {
            self.import("sqlx::postgres::types", own);
        }
        ty
    }

    fn facts(&self, base: BaseType) -> Option<RustFacts> {
        facts(base).filter(|it| it.serde || !self.settings.serde)
    }
}

/// An array, whose elements may be null.
fn array(element: &str) -> SmolStr {
    format_smolstr!("Vec<Option<{element}>>")
}

/// The name by which a connection finds a type, and by which PostgreSQL calls it then.
pub(in crate::emit) fn type_name(name: &QualifiedName) -> String {
    if name.is_public() {
        quote_ident(&name.name).into_owned()
    } else {
        qualified(&name.schema, &name.name)
    }
}

/// The type that a text is cast to. A cast to `bit(3)` would cut what is longer; the column refuses it.
fn cast_name(schema: &Schema, ty: &ColumnType) -> SmolStr {
    match &ty.kind {
        TypeKind::Base(base) if matches!(base.base, BaseType::Bit | BaseType::Varbit) => {
            format_smolstr!("varbit{}", "[]".repeat(usize::from(ty.dimensions)))
        }
        _ => data_type(schema, ty),
    }
}
