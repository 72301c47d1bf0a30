//! What names stand for.
//!
//! PostgreSQL has one namespace a schema for relations and indexes (`pg_class`), one for types
//! (`pg_type`, in which every relation has its row type), and one for functions by argument types.

use std::borrow::Borrow;

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::errors;
use crate::diagnostic::{Diagnostic, Near};
use crate::grammar::Text;
use crate::schema::{
    CompositeId, DomainId, EnumId, FunctionId, Name, PUBLIC, PolicyId, QualifiedName, RelationId,
    SequenceId, Table, TableId, TriggerId, ViewId,
};
use crate::source::Span;
use crate::sql::ident::{MAX_IDENT_BYTES, default_name_numbered};

/// What a name in a schema is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Table(TableId),
    View(ViewId),
    Sequence(SequenceId),
    /// An index, of this table, or of a materialized view.
    Index(Option<TableId>),
    /// A partition of this table.
    Partition(TableId),
    Enum(EnumId),
    Domain(DomainId),
    Composite(CompositeId),
}

impl Symbol {
    pub(super) const fn noun(self) -> &'static str {
        match self {
            Self::Table(_) => "table",
            Self::View(_) => "view",
            Self::Sequence(_) => "sequence",
            Self::Index(_) => "index",
            Self::Partition(_) => "partition",
            Self::Enum(_) => "enum",
            Self::Domain(_) => "domain",
            Self::Composite(_) => "composite type",
        }
    }

    /// The table that it is a part of.
    const fn table(self) -> Option<TableId> {
        match self {
            Self::Index(table) => table,
            Self::Table(_)
            | Self::View(_)
            | Self::Sequence(_)
            | Self::Partition(_)
            | Self::Enum(_)
            | Self::Domain(_)
            | Self::Composite(_) => None,
        }
    }

    /// Whether it takes a name among the relations.
    const fn is_relation(self) -> bool {
        !matches!(self, Self::Enum(_) | Self::Domain(_))
    }

    /// Whether it takes a name among the types.
    fn is_type(self) -> bool {
        !matches!(self, Self::Sequence(_) | Self::Index(_))
    }
}

/// What takes a name for itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// The table that it is a part of; none for a materialized view's.
    pub(super) table: Option<TableId>,
    pub(super) is_constraint: bool,
    pub(super) is_index: bool,
}

/// What has a name, in order. Of the names that are looked for most are free, which such a map says by hashes
/// that lie close together, where those of others lie among names.
type ByName<T> = IndexMap<QualifiedName, T, FxBuildHasher>;

/// All names of a schema.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    relations: ByName<(Symbol, Option<Span>)>,
    types: ByName<(Symbol, Option<Span>)>,
    functions: FxHashMap<QualifiedName, Vec<FunctionId>>,
    /// Names of constraints, with the first table that has one: PostgreSQL makes no default name that any
    /// constraint of the schema has.
    constraints: ByName<TableId>,
    /// Names that parts of more than one table have, or would have if they were free.
    contested: FxHashSet<QualifiedName>,
    /// How often it came to that.
    contests: usize,
    policies: FxHashMap<(TableId, Name), PolicyId>,
    triggers: FxHashMap<(RelationId, Name), TriggerId>,
    /// What was declared in a way that could not be read, of whatever kind.
    unread: FxHashSet<QualifiedName>,
}

impl Names {
    /// Who holds a name that `symbol` would take, and where.
    pub(super) fn holder(
        &self,
        name: &QualifiedName,
        symbol: Symbol,
    ) -> Option<(Symbol, Option<Span>)> {
        let relation = symbol.is_relation().then(|| self.relations.get(name)).flatten();
        let ty = symbol.is_type().then(|| self.types.get(name)).flatten();
        relation.or(ty).copied()
    }

    /// Takes a name; the caller asked [`holder`](Self::holder) before.
    pub(super) fn insert(&mut self, name: QualifiedName, symbol: Symbol, span: Option<Span>) {
        if symbol.is_relation() {
            self.relations.insert(name.clone(), (symbol, span));
        }
        if symbol.is_type() {
            self.types.insert(name, (symbol, span));
        }
    }

    /// Makes room for so many more names, which maps would come to by growing many times.
    pub(super) fn reserve(&mut self, relations: usize, types: usize, constraints: usize) {
        self.relations.reserve(relations);
        self.types.reserve(types);
        self.constraints.reserve(constraints);
    }

    /// Notes that something of this name was declared and left out.
    pub(super) fn insert_unread(&mut self, name: QualifiedName) {
        self.unread.insert(name);
    }

    pub(super) fn is_unread(&self, name: &QualifiedName) -> bool {
        self.unread.contains(name)
    }

    /// Adds an overload.
    pub(super) fn insert_function(&mut self, name: QualifiedName, id: FunctionId) {
        self.functions.entry(name).or_default().push(id);
    }

    /// Takes the name that the user gave to a constraint of `table`.
    pub(super) fn insert_constraint(&mut self, name: QualifiedName, table: TableId) {
        let holder = *self.constraints.entry(name.clone()).or_insert(table);
        if holder != table {
            self.contest(name);
        }
    }

    /// Takes PostgreSQL's own name for a part of `relation` that has none, numbered on collision as PostgreSQL
    /// does.
    pub(super) fn take_default(
        &mut self,
        part: Part,
        relation: &QualifiedName,
        columns: &[impl Borrow<str>],
        label: &str,
    ) -> Name {
        let mut contested = Vec::new();
        let name = free_name(relation, columns, label, |name| {
            let constraint = self.constraints.get(name).map(|table| Some(*table));
            let other = self.relations.get(name).filter(|_| part.is_index);
            let holders = [constraint, other.map(|(symbol, _)| symbol.table())];
            let mut holders = holders.into_iter().flatten().peekable();
            let taken = holders.peek().is_some();
            if holders.any(|table| table.is_none() || table != part.table) {
                contested.push(name.clone());
            }
            taken
        });
        for name in contested {
            self.contest(name);
        }
        if part.is_index {
            self.insert(name.clone(), Symbol::Index(part.table), None);
        }
        if let Some(table) = part.table.filter(|_| part.is_constraint) {
            self.constraints.insert(name.clone(), table);
        }
        name.name
    }

    fn contest(&mut self, name: QualifiedName) {
        self.contests += 1;
        self.contested.insert(name);
    }

    /// How often a table wanted a name for a part that another's has.
    pub(super) const fn contests(&self) -> usize {
        self.contests
    }

    /// Whether a part of a table has a name that another table's has or wanted.
    pub(super) fn is_contested(&self, table: &Table) -> bool {
        part_names(table).any(|name| self.contested.contains(&name))
    }

    /// Gives back the names of the parts of a table; gives whether nobody else wanted one of them.
    pub(super) fn give_back(&mut self, id: TableId, table: &Table) -> bool {
        for name in part_names(table) {
            if self.constraints.get(&name) == Some(&id) {
                self.constraints.swap_remove(&name);
            }
            if self.relations.get(&name).is_some_and(|(symbol, _)| symbol.table() == Some(id)) {
                self.relations.swap_remove(&name);
            }
        }
        !self.is_contested(table)
    }

    /// Takes the name of a policy, which is its own on its table.
    pub(super) fn insert_policy(&mut self, on: TableId, name: Name, id: PolicyId) {
        self.policies.insert((on, name), id);
    }

    /// Gives the name of a policy back.
    pub(super) fn remove_policy(&mut self, on: TableId, name: &Name) {
        self.policies.remove(&(on, name.clone()));
    }

    pub(super) fn policy(&self, on: TableId, name: Name) -> Option<PolicyId> {
        self.policies.get(&(on, name)).copied()
    }

    /// Takes the name of a trigger, which is its own on its table or view.
    pub(super) fn insert_trigger(&mut self, on: RelationId, name: Name, id: TriggerId) {
        self.triggers.insert((on, name), id);
    }

    /// Gives the name of a trigger back.
    pub(super) fn remove_trigger(&mut self, on: RelationId, name: &Name) {
        self.triggers.remove(&(on, name.clone()));
    }

    pub(super) fn trigger(&self, on: RelationId, name: Name) -> Option<TriggerId> {
        self.triggers.get(&(on, name)).copied()
    }

    pub(super) fn relation(&self, name: &QualifiedName) -> Option<RelationId> {
        match self.relations.get(name)?.0 {
            Symbol::Table(id) => Some(RelationId::Table(id)),
            Symbol::View(id) => Some(RelationId::View(id)),
            Symbol::Sequence(_)
            | Symbol::Index(_)
            | Symbol::Partition(_)
            | Symbol::Enum(_)
            | Symbol::Domain(_)
            | Symbol::Composite(_) => None,
        }
    }

    /// The table of which something of this name is a partition.
    pub(super) fn partitioned(&self, name: &QualifiedName) -> Option<TableId> {
        match self.relations.get(name)?.0 {
            Symbol::Partition(table) => Some(table),
            _ => None,
        }
    }

    /// Whether anything that can stand in `FROM` has the name.
    pub(super) fn is_relation(&self, name: &QualifiedName) -> bool {
        self.relations.contains_key(name)
    }

    pub(super) fn table(&self, name: &QualifiedName) -> Option<TableId> {
        match self.relation(name)? {
            RelationId::Table(id) => Some(id),
            RelationId::View(_) => None,
        }
    }

    pub(super) fn sequence(&self, name: &QualifiedName) -> Option<SequenceId> {
        match self.relations.get(name)?.0 {
            Symbol::Sequence(id) => Some(id),
            _ => None,
        }
    }

    pub(super) fn ty(&self, name: &QualifiedName) -> Option<Symbol> {
        self.types.get(name).map(|(symbol, _)| *symbol)
    }

    pub(super) fn functions(&self, name: &QualifiedName) -> &[FunctionId] {
        self.functions.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The relation whose name is most like `name`, as the user would write it.
    pub(super) fn closest_relation(&self, name: &QualifiedName) -> Option<String> {
        let only = |symbol: &Symbol| matches!(symbol, Symbol::Table(_) | Symbol::View(_));
        closest_name(name, self.relations.iter().filter(|(_, (s, _))| only(s)).map(|(n, _)| n))
    }

    /// The type whose name is most like `name`.
    pub(super) fn closest_type(&self, name: &QualifiedName) -> Option<String> {
        closest_name(name, self.types.keys())
    }

    /// The function whose name is most like `name`.
    pub(super) fn closest_function(&self, name: &QualifiedName) -> Option<String> {
        closest_name(name, self.functions.keys())
    }
}

/// The names of a table's constraints and indexes.
fn part_names(table: &Table) -> impl Iterator<Item = QualifiedName> {
    let constraints = table.constraints.iter().map(|constraint| &constraint.name);
    let names = constraints.chain(table.indexes.iter().map(|index| &index.name));
    names.map(|name| QualifiedName::new(table.name.schema.clone(), name.clone()))
}

/// The same name in another schema, else the closest in spelling; of several the first by name, as maps
/// have no order.
fn closest_name<'n>(
    wanted: &QualifiedName,
    names: impl Iterator<Item = &'n QualifiedName>,
) -> Option<String> {
    let text = wanted.to_string();
    let near = Near::new(&text);
    let rank = |name: &'n QualifiedName| {
        let elsewhere = name.name == wanted.name && name != wanted;
        let distance = if elsewhere { 0 } else { 1 + near.distance(&name.to_string())? };
        Some((distance, name))
    };
    names.filter_map(rank).min().map(|(_, name)| name.to_string())
}

/// Reads `users`, `billing.invoices`, `"odd.name"`: the parts of a name, unquoted. More than two parts,
/// or an unclosed quote, give the whole text as one name.
pub(crate) fn split(text: &str) -> (Option<Name>, Name) {
    let whole = || (None, Name::new(text));
    if !text.contains(['.', '"']) {
        return whole();
    }
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                push(&mut parts, '"');
            }
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            _ => push(&mut parts, c),
        }
    }
    match (quoted, parts.as_slice()) {
        (false, [name]) => (None, Name::new(name)),
        (false, [schema, name]) => (Some(Name::new(schema)), Name::new(name)),
        _ => whole(),
    }
}

fn push(parts: &mut [String], c: char) {
    if let Some(part) = parts.last_mut() {
        part.push(c);
    }
}

/// The qualified name of a reference: unqualified means `public`.
pub(crate) fn reference(text: &str) -> QualifiedName {
    reference_in(text, PUBLIC)
}

/// The qualified name of a reference that means `schema` where it is unqualified.
pub(super) fn reference_in(text: &str, schema: &str) -> QualifiedName {
    let (qualifier, name) = split(text);
    QualifiedName::new(qualifier.unwrap_or_else(|| schema.into()), name)
}

/// The qualified name of a declaration: by its key, else by its `schema:`, else in `public`.
pub(crate) fn declared(key: &str, schema: Option<&str>) -> QualifiedName {
    let (qualifier, name) = split(key);
    let schema = qualifier.or_else(|| schema.map(Name::new));
    QualifiedName::new(schema.unwrap_or_else(|| PUBLIC.into()), name)
}

/// The text of a key that may be missing.
pub(super) fn said(text: Option<&Text>) -> Option<&str> {
    text.map(|text| text.value.as_str())
}

/// What is wrong with a name, if anything: empty, too long, or with a character that PostgreSQL refuses.
pub(super) fn invalid(name: &str, span: Span) -> Option<Diagnostic> {
    if name.is_empty() {
        Some(errors::empty_name(span))
    } else if name.contains('\0') {
        Some(errors::nul_in_name(span))
    } else if name.len() > MAX_IDENT_BYTES {
        Some(errors::name_too_long(name, span))
    } else {
        None
    }
}

/// PostgreSQL's own name for an object of `owner` that has none, numbered on collision as PostgreSQL
/// does.
pub(super) fn free_name(
    owner: &QualifiedName,
    columns: &[impl Borrow<str>],
    label: &str,
    mut taken: impl FnMut(&QualifiedName) -> bool,
) -> QualifiedName {
    let mut pass = 0;
    loop {
        let name = Name::new(default_name_numbered(&owner.name, columns, label, pass));
        let name = QualifiedName::new(owner.schema.clone(), name);
        if !taken(&name) {
            return name;
        }
        pass += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_names_as_people_write_them() {
        let show = |text| {
            let (schema, name) = split(text);
            format!("{}|{name}", schema.map(|s| s.to_string()).unwrap_or_default())
        };
        assert_eq!(show("users"), "|users");
        assert_eq!(show("billing.invoices"), "billing|invoices");
        assert_eq!(show("\"odd.name\""), "|odd.name");
        assert_eq!(show("a.\"say \"\"hi\"\"\""), "a|say \"hi\"");
        assert_eq!(show("a.b.c"), "|a.b.c");
        assert_eq!(show("\"open"), "|\"open");
    }
}
