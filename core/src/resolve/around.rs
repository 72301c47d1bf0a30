//! What exists around a piece of SQL, for the checks of `sql`.
//!
//! In: the resolved schema, and where the SQL stands. Out: answers about names. Says what it does not
//! know: holes, other owners' objects, a `search_path` that cannot be followed.

use std::borrow::Cow;

use smol_str::SmolStr;

use super::names::Names;
use super::{Resolver, types};
use crate::schema::{
    ArgMode, Function, FunctionId, Name, Ownership, PUBLIC, QualifiedName, RelationId, Returns,
    TableId, TypeKind, Volatility,
};
use crate::sql::BaseType;
use crate::sql::builtins;
use crate::sql::expr::{ColumnLookup, FunctionLookup, Scope, ValueType};

/// What SQL sees beside what it reads itself.
#[derive(Clone, Copy)]
pub(super) enum World {
    /// Nothing that is known: a domain, an argument's default.
    Nothing,
    /// Nothing at all: a view's query.
    Query,
    /// A row of a table.
    Row(TableId),
    /// A function's arguments.
    Arguments(FunctionId),
}

/// A table or view that SQL names.
pub(super) enum Found {
    Relation(RelationId),
    /// It may exist, and its columns are not known.
    Unclear,
    /// It certainly does not exist.
    Missing(QualifiedName),
}

/// What exists around a piece of SQL.
pub(super) struct Around<'a, 'r> {
    cx: &'a Resolver<'r>,
    world: World,
    /// The schemas in which bare names are sought; none where that is not known.
    path: Option<Cow<'a, [SmolStr]>>,
}

const DEFAULT_PATH: &[SmolStr] = &[SmolStr::new_static(PUBLIC)];

impl<'a, 'r> Around<'a, 'r> {
    pub(super) fn new(cx: &'a Resolver<'r>, world: World) -> Self {
        let path = match world {
            World::Arguments(id) => search_path(&cx.schema.functions[id]),
            World::Nothing | World::Query | World::Row(_) => Some(Cow::Borrowed(DEFAULT_PATH)),
        };
        Self { cx, world, path }
    }

    fn names(&self) -> &Names {
        &self.cx.names
    }

    fn table(&self) -> Option<TableId> {
        match self.world {
            World::Row(table) => Some(table),
            World::Nothing | World::Query | World::Arguments(_) => None,
        }
    }

    fn arguments(&self) -> &[crate::schema::Argument] {
        match self.world {
            World::Arguments(id) => &self.cx.schema.functions[id].args,
            World::Nothing | World::Query | World::Row(_) => &[],
        }
    }

    /// Whether bare names are sought in no schema at all but `pg_catalog`.
    pub(super) fn path_is_empty(&self) -> bool {
        self.path.as_ref().is_some_and(|path| path.is_empty())
    }

    /// Whether every object of the schema is declared here.
    fn is_ours(&self, schema: &str) -> bool {
        schema == PUBLIC
            || self.cx.schema.namespaces.values().any(|namespace| {
                namespace.name == schema && namespace.ownership == Ownership::Owned
            })
    }

    /// The table or view of this name.
    pub(super) fn find(&self, schema: Option<&str>, name: &str) -> Found {
        let given = schema.map(|schema| [SmolStr::new(schema)]);
        let schemas = match (&given, &self.path) {
            (Some(given), _) => given.as_slice(),
            // PostgreSQL's own, and what an extension brings into `public`.
            (None, _) if name.starts_with("pg_") || BROUGHT.contains(&name) => {
                return Found::Unclear;
            }
            (None, Some(path)) => path,
            (None, None) => return Found::Unclear,
        };
        let mut unclear = false;
        for schema in schemas {
            let qualified = QualifiedName::new(Name::new(schema.clone()), Name::new(name));
            if let Some(id) = self.names().relation(&qualified) {
                return Found::Relation(id);
            }
            unclear |= self.names().is_relation(&qualified) || !self.is_ours(schema);
        }
        if unclear {
            return Found::Unclear;
        }
        let schema = schemas.first().map_or(PUBLIC, SmolStr::as_str);
        Found::Missing(QualifiedName::new(Name::new(schema), Name::new(name)))
    }
}

/// Tables that `PostGIS` brings into `public`.
const BROUGHT: &[&str] = &[
    "geography_columns",
    "geometry_columns",
    "raster_columns",
    "raster_overviews",
    "spatial_ref_sys",
];

/// The schemas of a function's `search_path`; none where it cannot be followed.
fn search_path<'f>(function: &Function) -> Option<Cow<'f, [SmolStr]>> {
    let set = function.set.iter().find(|(key, _)| key.eq_ignore_ascii_case("search_path"));
    let Some((_, path)) = set else { return Some(Cow::Borrowed(DEFAULT_PATH)) };
    let mut schemas = Vec::new();
    for part in path.split(',') {
        let part = part.trim().trim_matches(['"', '\'']);
        match part {
            "" | "pg_catalog" | "pg_temp" | "$user" => {}
            _ if part.eq_ignore_ascii_case("default") => return None,
            _ => schemas.push(SmolStr::new(part)),
        }
    }
    Some(Cow::Owned(schemas))
}

impl Around<'_, '_> {
    fn overloads(&self, schema: Option<&str>, name: &str) -> &[FunctionId] {
        let of = |schema: &str| {
            self.names().functions(&QualifiedName::new(Name::new(schema), Name::new(name)))
        };
        match (schema, &self.path) {
            (Some(schema), _) => of(schema),
            (None, Some(path)) => {
                path.iter().map(|schema| of(schema)).find(|found| !found.is_empty()).unwrap_or(&[])
            }
            (None, None) => &[],
        }
    }
}

impl Scope for Around<'_, '_> {
    fn column(&self, qualifier: Option<&str>, name: &str) -> ColumnLookup {
        let id = match self.world {
            World::Row(id) => id,
            World::Nothing => return ColumnLookup::Unclear,
            World::Query => return ColumnLookup::Unknown,
            World::Arguments(id) => {
                let is_argument = |name: &str| {
                    self.arguments().iter().any(|arg| arg.name.as_ref().is_some_and(|n| *n == name))
                };
                // Of an argument's row, and of the function's arguments by its name, not all is known.
                let known = match qualifier {
                    None => is_argument(name),
                    Some(qualifier) => {
                        self.cx.schema.functions[id].name.name == qualifier
                            || is_argument(qualifier)
                    }
                };
                return if known { ColumnLookup::Unclear } else { ColumnLookup::Unknown };
            }
        };
        let table = &self.cx.schema.tables[id];
        if table.columns.is_empty() {
            return ColumnLookup::Unclear;
        }
        let own = |qualifier: &str| {
            qualifier == table.name.name.as_str()
                || qualifier == format!("{}.{}", table.name.schema, table.name.name)
        };
        if !qualifier.is_none_or(own) {
            // Another table's column cannot be read without a subquery; a deeper name may be a field.
            let other = qualifier.is_some_and(|qualifier| {
                self.names().is_relation(&super::names::reference(qualifier))
            });
            return if other { ColumnLookup::Unknown } else { ColumnLookup::Unclear };
        }
        match table.column(name) {
            None => ColumnLookup::Unknown,
            Some((_, column)) => {
                let ty = types::underlying(self.cx, &column.ty);
                let boolean = match &ty.kind {
                    TypeKind::Base(base) => Some(base.base == BaseType::Boolean && !ty.is_array()),
                    TypeKind::Enum(_) => Some(false),
                    _ => None,
                };
                ColumnLookup::Known { boolean, generated: column.generated.is_some() }
            }
        }
    }

    fn column_type(&self, _: Option<&str>, name: &str) -> Option<ValueType> {
        let (_, column) = self.cx.schema.tables[self.table()?].column(name)?;
        let ty = types::underlying(self.cx, &column.ty);
        match &ty.kind {
            TypeKind::Base(base) if !ty.is_array() => Some(ValueType::Base(base.base)),
            TypeKind::Enum(_) if !ty.is_array() => Some(ValueType::Enum),
            _ => None,
        }
    }

    fn column_names(&self) -> Vec<&str> {
        let table = self.table().map(|id| &self.cx.schema.tables[id]);
        let columns = table.into_iter().flat_map(|table| &table.columns);
        let arguments = self.arguments().iter().filter_map(|arg| arg.name.as_ref());
        columns.map(|column| &column.name).chain(arguments).map(Name::as_str).collect()
    }

    fn relation_columns(&self, schema: Option<&str>, name: &str) -> Option<Vec<&str>> {
        let Found::Relation(id) = self.find(schema, name) else { return None };
        let columns: Vec<&str> = match id {
            RelationId::Table(id) => self.cx.schema.tables[id]
                .columns
                .iter()
                .map(|column| column.name.as_str())
                .collect(),
            RelationId::View(id) => {
                self.cx.schema.views[id].columns.iter().map(|column| column.name.as_str()).collect()
            }
        };
        (!columns.is_empty()).then_some(columns)
    }

    fn may_have_more_columns(&self, schema: Option<&str>, name: &str) -> bool {
        match self.find(schema, name) {
            Found::Relation(RelationId::Table(id)) => {
                self.cx.schema.tables[id].ownership == Ownership::External
            }
            Found::Relation(RelationId::View(id)) => {
                self.cx.schema.views[id].ownership == Ownership::External
            }
            Found::Unclear | Found::Missing(_) => true,
        }
    }

    fn function_columns<'s>(
        &'s self,
        schema: Option<&str>,
        name: &str,
        alias: &'s str,
    ) -> Option<Vec<&'s str>> {
        if schema.is_none() && builtins::function(name).is_some() {
            return None;
        }
        let [only] = self.overloads(schema, name) else { return None };
        let function = &self.cx.schema.functions[*only];
        if function.args.iter().any(|arg| matches!(arg.mode, ArgMode::Out | ArgMode::InOut)) {
            return None;
        }
        match &function.returns {
            Returns::Table(columns) => {
                Some(columns.iter().map(|column| column.name.as_str()).collect())
            }
            Returns::Value(ty) | Returns::Set(ty) if ty.is_array() => Some(vec![alias]),
            Returns::Value(ty) | Returns::Set(ty) => match &ty.kind {
                TypeKind::Base(base) => (base.base != BaseType::Record).then(|| vec![alias]),
                TypeKind::Enum(_) => Some(vec![alias]),
                TypeKind::TableRow(id) => {
                    let columns = &self.cx.schema.tables[*id].columns;
                    Some(columns.iter().map(|column| column.name.as_str()).collect())
                }
                TypeKind::Domain(_)
                | TypeKind::Composite(_)
                | TypeKind::ViewRow(_)
                | TypeKind::Unknown(_) => None,
            },
            Returns::Nothing => None,
        }
    }

    fn parameters(&self) -> usize {
        self.arguments().iter().filter(|arg| arg.mode != ArgMode::Out).count()
    }

    fn relation(&self) -> Option<&str> {
        self.table().map(|id| self.cx.schema.tables[id].name.name.as_str())
    }

    fn function(&self, schema: Option<&str>, name: &str) -> FunctionLookup {
        let qualified = QualifiedName::new(Name::new(schema.unwrap_or(PUBLIC)), Name::new(name));
        let overloads = self.overloads(schema, name);
        if overloads.is_empty() {
            let ours = match (schema, &self.path) {
                (Some(schema), _) => self.is_ours(schema),
                (None, Some(path)) => path.iter().all(|schema| self.is_ours(schema)),
                (None, None) => false,
            };
            // A type's name called as a function is a cast.
            let cast = self.names().ty(&qualified).is_some();
            let unread = self.names().is_unread(&qualified);
            // Of another owner's functions not all are known; one that is spelt almost like a known one
            // is a slip.
            let slip = !ours
                && schema.is_some()
                && self
                    .names()
                    .closest_function(&qualified)
                    .is_some_and(|close| close.starts_with(&format!("{}.", qualified.schema)));
            return if ((ours && !cast) || slip) && !unread {
                FunctionLookup::Unknown
            } else {
                FunctionLookup::Unclear
            };
        }
        let functions = || overloads.iter().map(|id| &self.cx.schema.functions[*id]);
        FunctionLookup::Known {
            volatility: functions().map(|function| volatility(function.volatility)).min(),
            returns_boolean: all_equal(functions().map(returns_boolean)),
            set_returning: functions()
                .all(|function| matches!(function.returns, Returns::Set(_) | Returns::Table(_))),
        }
    }

    fn has_function(&self, schema: Option<&str>, name: &str) -> bool {
        !self.overloads(schema, name).is_empty()
    }

    fn function_names(&self, schema: Option<&str>) -> Vec<&str> {
        self.cx
            .schema
            .functions
            .values()
            .filter(|function| function.name.schema == schema.unwrap_or(PUBLIC))
            .map(|function| function.name.name.as_str())
            .collect()
    }

    fn extensions(&self) -> Vec<&str> {
        self.cx.schema.extensions.values().map(|extension| extension.name.as_str()).collect()
    }

    fn target_version(&self) -> u16 {
        self.cx.options.target_version
    }
}

const fn volatility(volatility: Volatility) -> builtins::Volatility {
    match volatility {
        Volatility::Immutable => builtins::Volatility::Immutable,
        Volatility::Stable => builtins::Volatility::Stable,
        Volatility::Volatile => builtins::Volatility::Volatile,
    }
}

fn returns_boolean(function: &Function) -> Option<bool> {
    match &function.returns {
        Returns::Value(ty) | Returns::Set(ty) => match &ty.kind {
            TypeKind::Base(base) => Some(base.base == BaseType::Boolean && !ty.is_array()),
            TypeKind::Enum(_)
            | TypeKind::Composite(_)
            | TypeKind::TableRow(_)
            | TypeKind::ViewRow(_) => Some(false),
            TypeKind::Domain(_) | TypeKind::Unknown(_) => None,
        },
        Returns::Table(_) => Some(false),
        Returns::Nothing => None,
    }
}

fn all_equal(mut values: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let first = values.next()??;
    values.all(|value| value == Some(first)).then_some(first)
}
