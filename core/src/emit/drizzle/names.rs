//! The names of a module's constants: each legal, each once.
//!
//! In: names in SQL. Out: names in camel case that are no words of TypeScript, no imports and no
//! parameters of the module's closures.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::{SmolStr, format_smolstr};

use crate::emit::lang::typescript;
use crate::emit::shapes::naming;
use crate::schema::{Name, QualifiedName, Schema, TableId};

/// What the module may import.
const IMPORTS: [&str; 46] = [
    "PgTableExtraConfigValue",
    "bigint",
    "bigserial",
    "bit",
    "boolean",
    "char",
    "check",
    "cidr",
    "customType",
    "date",
    "doublePrecision",
    "foreignKey",
    "halfvec",
    "index",
    "inet",
    "integer",
    "interval",
    "json",
    "jsonb",
    "line",
    "macaddr",
    "macaddr8",
    "numeric",
    "pgEnum",
    "pgMaterializedView",
    "pgPolicy",
    "pgRole",
    "pgSchema",
    "pgSequence",
    "pgTable",
    "pgView",
    "point",
    "primaryKey",
    "real",
    "relations",
    "serial",
    "smallint",
    "smallserial",
    "sparsevec",
    "sql",
    "text",
    "time",
    "timestamp",
    "unique",
    "uniqueIndex",
    "uuid",
];

/// More imports, and the parameters of closures.
const TAKEN: [&str; 5] = ["varchar", "vector", "table", "one", "many"];

/// Names given so far, by what they stand for.
#[derive(Debug)]
pub(super) struct Names {
    taken: FxHashSet<SmolStr>,
    given: FxHashMap<Key, SmolStr>,
}

/// A kind of object, the PostgreSQL schema where one of its kind lies in one, and its name.
type Key = (&'static str, Option<Name>, Name);

impl Default for Names {
    fn default() -> Self {
        let taken = IMPORTS.iter().chain(&TAKEN).map(|name| SmolStr::new_static(name));
        Self { taken: taken.collect(), given: FxHashMap::default() }
    }
}

impl Names {
    /// The constant of an object of `kind`: its name behind its PostgreSQL schema's where that is not
    /// `public`, with the kind behind it where the bare name is taken.
    pub(super) fn of(&mut self, kind: &'static str, name: &QualifiedName) -> SmolStr {
        let base = || {
            if name.is_public() {
                naming::camel(&name.name)
            } else {
                naming::camel(&format!("{}_{}", name.schema, name.name))
            }
        };
        self.choose((kind, Some(name.schema.clone()), name.name.clone()), base, kind)
    }

    /// The constant of something that is always called by its kind.
    pub(super) fn suffixed(&mut self, kind: &'static str, name: &Name) -> SmolStr {
        let base = || format!("{}{kind}", naming::camel(name));
        self.choose((kind, None, name.clone()), base, "")
    }

    fn choose(&mut self, key: Key, base: impl FnOnce() -> String, kind: &str) -> SmolStr {
        if let Some(known) = self.given.get(&key) {
            return known.clone();
        }
        let base = base();
        let others = (1..u32::MAX).map(|number| match number {
            1 => format_smolstr!("{base}{kind}"),
            _ => format_smolstr!("{base}{kind}{number}"),
        });
        let name = std::iter::once(base.as_str().into())
            .chain(others)
            .find(|name| !typescript::is_reserved(name) && !self.taken.contains(name))
            .unwrap_or_default();
        self.taken.insert(name.clone());
        self.given.insert(key, name.clone());
        name
    }
}

/// What a table of drizzle-orm has of its own, which no column may hide.
const OWN: [&str; 7] = [
    "_",
    "$inferSelect",
    "$inferInsert",
    "enableRLS",
    "getSQL",
    "shouldOmitSQLParens",
    "__proto__",
];

/// The key of a column.
pub(super) fn column_key(name: &str, case: super::Case) -> SmolStr {
    let key: SmolStr = match case {
        super::Case::Camel => naming::camel(name).into(),
        super::Case::Column => name.into(),
    };
    if OWN.contains(&key.as_str()) { format_smolstr!("{key}_") } else { key }
}

/// The keys of all tables' columns. Most tables have an `id`: each name is cased once.
pub(super) fn column_keys(schema: &Schema, case: super::Case) -> FxHashMap<TableId, Vec<SmolStr>> {
    let mut known: FxHashMap<&str, SmolStr> = FxHashMap::default();
    let keys = schema.tables.iter().map(|(id, table)| {
        let names = table
            .columns
            .iter()
            .map(|it| it.alias.as_deref().map_or(it.name.as_str(), SmolStr::as_str));
        let keys =
            names.map(|name| known.entry(name).or_insert_with(|| column_key(name, case)).clone());
        (id, keys.collect())
    });
    keys.collect()
}
