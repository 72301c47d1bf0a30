//! What names stand for.
//!
//! In: a name as written, what the grammar says that it names, the scope around. Out: a [`Symbol`].
//! One reading for completion, hover, definition, references and rename; reports nothing.

use std::cell::OnceCell;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::Project;
use super::place::{Home, Scope};
use super::sql::{FromSource, NameKind, Sql, SqlName};
use crate::grammar::Names;
use crate::resolve::reference;
use crate::schema::{FunctionId, FunctionRef, Id, ObjectId, QualifiedName, RelationId, Schema};
use crate::source::Span;
use crate::sql::BaseType;
use crate::sql::builtins::{self, Builtin};
use crate::sql::types::{parse_type, resolve_base};
use crate::syntax::{Entry, Node, NodeKind};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// An object of the schema.
    Object(ObjectId),
    /// A column of a view, by its position.
    ViewColumn(Id<crate::schema::View>, u32),
    /// A mixin, or a column of one that no table uses: by its key.
    Key(Span),
    /// A function of PostgreSQL's or of an extension.
    Builtin(Builtin),
    /// A type of PostgreSQL's or of an extension.
    Type(BaseType),
}

/// What became of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It is this.
    Known(Symbol),
    /// It is this, if nothing else that cannot be looked into has the name.
    Likely(Symbol),
    /// It may be one of several things.
    Unclear,
    /// It is nothing that is known here.
    Unknown,
}

/// What makes two symbols the same thing: where it is written, else which it is. A column that a mixin
/// brings to many tables is one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Identity {
    /// Written here.
    Place(Span),
    /// Of somebody else's.
    Object(ObjectId),
}

/// The names of a project.
pub(crate) struct Lookup<'a> {
    pub(crate) project: &'a Project<'a>,
    relations: FxHashMap<&'a QualifiedName, RelationId>,
    types: FxHashMap<&'a QualifiedName, Symbol>,
    functions: FxHashMap<&'a QualifiedName, Vec<FunctionId>>,
    by_origin: OnceCell<FxHashMap<Span, ObjectId>>,
}

impl<'a> Lookup<'a> {
    pub(crate) fn new(project: &'a Project<'a>) -> Self {
        let schema = &project.resolved.schema;
        let tables = schema.tables.iter().map(|(id, table)| (&table.name, RelationId::Table(id)));
        let views = schema.views.iter().map(|(id, view)| (&view.name, RelationId::View(id)));
        let object = Symbol::Object;
        let mut types: FxHashMap<_, _> =
            schema.enums.iter().map(|(id, it)| (&it.name, object(ObjectId::Enum(id)))).collect();
        types
            .extend(schema.domains.iter().map(|(id, it)| (&it.name, object(ObjectId::Domain(id)))));
        types.extend(
            schema.composites.iter().map(|(id, it)| (&it.name, object(ObjectId::Composite(id)))),
        );
        let mut functions: FxHashMap<_, Vec<FunctionId>> = FxHashMap::default();
        for (id, function) in schema.functions.iter() {
            functions.entry(&function.name).or_default().push(id);
        }
        Self {
            project,
            relations: tables.chain(views).collect(),
            types,
            functions,
            by_origin: OnceCell::new(),
        }
    }

    pub(crate) fn schema(&self) -> &'a Schema {
        &self.project.resolved.schema
    }

    /// Where a symbol is written; none for what comes with PostgreSQL or the platform.
    pub(crate) fn definition(&self, symbol: Symbol) -> Option<Span> {
        let span = match symbol {
            Symbol::Object(object) => self.project.resolved.origins.of(object)?,
            Symbol::ViewColumn(view, _) => {
                self.project.resolved.origins.of(ObjectId::View(view))?
            }
            Symbol::Key(span) => span,
            Symbol::Builtin(_) | Symbol::Type(_) => return None,
        };
        self.project.sources.get(span.file).map(|_| span)
    }

    /// See [`Identity`]; none for what PostgreSQL brings, and for what a view derives.
    pub(crate) fn identity(&self, symbol: Symbol) -> Option<Identity> {
        match symbol {
            Symbol::ViewColumn(..) | Symbol::Builtin(_) | Symbol::Type(_) => None,
            // Its place is that of the first object in it.
            Symbol::Object(object @ ObjectId::Namespace(_)) => Some(Identity::Object(object)),
            Symbol::Object(object) => {
                Some(self.definition(symbol).map_or(Identity::Object(object), Identity::Place))
            }
            Symbol::Key(span) => Some(Identity::Place(span)),
        }
    }

    /// The object whose name is written at `span`.
    pub(crate) fn written_at(&self, span: Span) -> Option<ObjectId> {
        self.by_origin.get_or_init(|| self.origins()).get(&span).copied()
    }

    fn origins(&self) -> FxHashMap<Span, ObjectId> {
        let origins = &self.project.resolved.origins;
        let mut found = FxHashMap::default();
        for object in self.project.objects() {
            if let Some(span) = origins.of(object) {
                // A column's key is the place of its constraints too; the column comes later.
                found.insert(span, object);
            }
        }
        found
    }

    pub(crate) fn relation(&self, name: &QualifiedName) -> Option<RelationId> {
        self.relations.get(name).copied()
    }

    /// The column of a relation.
    pub(crate) fn column(&self, relation: RelationId, name: &str) -> Option<Symbol> {
        match relation {
            RelationId::Table(id) => {
                let (at, _) = self.schema().tables.find(id)?.column(name)?;
                Some(Symbol::Object(ObjectId::Column(id, at as u32)))
            }
            RelationId::View(id) => {
                let columns = &self.schema().views.find(id)?.columns;
                let at = columns.iter().position(|column| column.name == name)?;
                Some(Symbol::ViewColumn(id, at as u32))
            }
        }
    }

    /// The table or view that a home is.
    pub(crate) fn home(&self, home: &Home) -> Option<RelationId> {
        match home {
            Home::Relation(name) => self.relation(name),
            Home::None | Home::Mixin(_) | Home::Function(_) | Home::Enum(_) | Home::Domain(_) => {
                None
            }
        }
    }

    /// The columns at home.
    fn home_column(&self, home: &Home, name: &str) -> Option<Symbol> {
        match home {
            Home::Relation(relation) => self.column(self.relation(relation)?, name),
            Home::Mixin(mixin) => self.mixin_column(mixin, name),
            Home::None | Home::Function(_) | Home::Enum(_) | Home::Domain(_) => None,
        }
    }

    /// The entries of a section in all files.
    pub(crate) fn section(&self, section: &str) -> impl Iterator<Item = &'a Entry> {
        let below = move |tree: &'a Node| child(tree, section).map(entries).unwrap_or_default();
        self.project.trees.iter().flat_map(move |tree| below(tree))
    }

    pub(crate) fn mixin(&self, name: &str) -> Option<&'a Entry> {
        self.section("mixins").find(|mixin| mixin.key == name)
    }

    /// The tables that use a mixin.
    pub(crate) fn users(&self, mixin: &str) -> Vec<RelationId> {
        let uses = |table: &&Entry| match child(&table.value, "use").map(|node| &node.kind) {
            Some(NodeKind::Seq(items)) => items.iter().any(|item| is_text(item, mixin)),
            Some(NodeKind::Scalar(scalar)) => scalar.text == mixin,
            Some(NodeKind::Map(_)) | None => false,
        };
        let tables = self.section("tables").filter(uses);
        tables.filter_map(|table| self.relation(&table_name(table))).collect()
    }

    /// A mixin's own column, else one that all its users have in the same place.
    fn mixin_column(&self, mixin: &str, name: &str) -> Option<Symbol> {
        let columns = self.mixin(mixin).and_then(|mixin| child(&mixin.value, "columns"));
        let own =
            columns.and_then(|columns| entries(columns).iter().find(|entry| entry.key == name));
        if let Some(own) = own {
            let object = self.written_at(own.key_span).map(Symbol::Object);
            return Some(object.unwrap_or(Symbol::Key(own.key_span)));
        }
        self.shared(self.users(mixin).into_iter().filter_map(|user| self.column(user, name)))
    }

    /// The one thing that several symbols are.
    fn shared(&self, mut symbols: impl Iterator<Item = Symbol>) -> Option<Symbol> {
        let first = symbols.next()?;
        symbols.all(|other| self.identity(other) == self.identity(first)).then_some(first)
    }

    pub(crate) fn functions(&self, name: &QualifiedName) -> &[FunctionId] {
        self.functions.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    fn function(&self, parts: &[&str]) -> Option<Symbol> {
        let found = self.functions(&qualified(parts)?).first().copied();
        if let Some(id) = found {
            return Some(Symbol::Object(ObjectId::Function(id)));
        }
        let (name, schema) = parts.split_last()?;
        let visible = matches!(schema, [] | ["pg_catalog" | "extensions"]);
        builtins::function(name).filter(|_| visible).map(Symbol::Builtin)
    }

    /// The type of a name.
    pub(crate) fn ty(&self, name: &QualifiedName) -> Option<Symbol> {
        let relation = || match self.relation(name)? {
            RelationId::Table(id) => Some(Symbol::Object(ObjectId::Table(id))),
            RelationId::View(id) => Some(Symbol::Object(ObjectId::View(id))),
        };
        self.types.get(name).copied().or_else(relation)
    }

    fn namespace(&self, name: &str) -> Option<Symbol> {
        let found = self.schema().namespaces.iter().find(|(_, it)| it.name == name);
        found.map(|(id, _)| Symbol::Object(ObjectId::Namespace(id)))
    }

    /// What the words of a name of this kind stand for, with their bytes.
    pub(crate) fn meanings(
        &self,
        names: Names,
        scope: &Scope,
        text: &str,
    ) -> Vec<(Range<usize>, Symbol)> {
        match names {
            Names::Event => {
                let Some((_, list)) = text.split_once(" of ") else { return Vec::new() };
                let start = text.len() - list.len();
                words_of(list)
                    .filter_map(|(range, word)| {
                        let column = self.home_column(&scope.home, word)?;
                        Some((start + range.start..start + range.end, column))
                    })
                    .collect()
            }
            Names::Type => self.type_meaning(text),
            Names::Function => {
                let name = text.split('(').next().unwrap_or_default().trim_end();
                let parts = parts(name);
                let texts: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
                self.with_schema(&parts, self.function(&texts))
            }
            Names::Column => whole(text, self.home_column(&scope.home, text)),
            Names::OtherColumn => {
                let column = match scope.other() {
                    Some(name) => self.relation(&name).and_then(|it| self.column(it, text)),
                    None => self.home_column(&scope.home, text),
                };
                whole(text, column)
            }
            Names::Table | Names::Relation => {
                let parts = parts(text);
                self.with_schema(&parts, self.relation(&reference(text)).map(relation_symbol))
            }
            Names::Reference => self.reference(text),
            Names::Sequence => {
                let found =
                    self.schema().sequences.iter().find(|(_, it)| it.name == reference(text));
                let parts = parts(text);
                self.with_schema(
                    &parts,
                    found.map(|(id, _)| Symbol::Object(ObjectId::Sequence(id))),
                )
            }
            Names::Schema => whole(text, self.namespace(text)),
            Names::Role => {
                let found = self.schema().roles.iter().find(|(_, it)| it.name == text);
                whole(text, found.map(|(id, _)| Symbol::Object(ObjectId::Role(id))))
            }
            Names::Extension => {
                let found = self.schema().extensions.iter().find(|(_, it)| it.name == text);
                whole(text, found.map(|(id, _)| Symbol::Object(ObjectId::Extension(id))))
            }
            Names::Method | Names::Privilege => Vec::new(),
            Names::Mixin => whole(text, self.mixin(text).map(|mixin| Symbol::Key(mixin.key_span))),
        }
    }

    /// The name is the last part, the schema the one before.
    fn with_schema(
        &self,
        parts: &[(Range<usize>, String)],
        symbol: Option<Symbol>,
    ) -> Vec<(Range<usize>, Symbol)> {
        let (Some(symbol), Some(((range, _), before))) = (symbol, parts.split_last()) else {
            return Vec::new();
        };
        let schema =
            before.last().and_then(|(range, name)| Some((range.clone(), self.namespace(name)?)));
        schema.into_iter().chain([(range.clone(), symbol)]).collect()
    }

    /// `users`, `users.id`, `auth.users`, `auth.users.id`.
    fn reference(&self, text: &str) -> Vec<(Range<usize>, Symbol)> {
        let all = parts(text);
        if let Some(relation) = self.relation(&reference(text)) {
            return self.with_schema(&all, Some(relation_symbol(relation)));
        }
        let Some(((range, column), table)) = all.split_last() else { return Vec::new() };
        let names: Vec<&str> = table.iter().map(|(_, name)| name.as_str()).collect();
        let Some(relation) = qualified(&names).and_then(|name| self.relation(&name)) else {
            return Vec::new();
        };
        let mut found = self.with_schema(table, Some(relation_symbol(relation)));
        found.extend(self.column(relation, column).map(|column| (range.clone(), column)));
        found
    }

    pub(crate) fn type_meaning(&self, text: &str) -> Vec<(Range<usize>, Symbol)> {
        let lower = text.to_ascii_lowercase();
        let setof = lower.strip_prefix("setof ").map_or(0, |rest| lower.len() - rest.len());
        let Some(Ok(ty)) = text.get(setof..).map(parse_type) else { return Vec::new() };
        let range = setof + ty.range.start as usize..setof + ty.range.end as usize;
        let name = match &ty.schema {
            Some(schema) => QualifiedName::new(schema.as_str(), ty.name.as_str()),
            None => reference(&ty.name),
        };
        if let Some(symbol) = self.ty(&name) {
            let written: Vec<(Range<usize>, String)> =
                parts(text.get(range.clone()).unwrap_or_default())
                    .into_iter()
                    .map(|(part, text)| (range.start + part.start..range.start + part.end, text))
                    .collect();
            return self.with_schema(&written, Some(symbol));
        }
        match resolve_base(&ty) {
            Ok(Some(known)) => vec![(range, Symbol::Type(known.base))],
            Ok(None) | Err(_) => Vec::new(),
        }
    }

    /// What a name in SQL stands for, part by part.
    pub(crate) fn sql_meaning(
        &self,
        sql: &Sql,
        name: &SqlName,
        home: &Home,
    ) -> Vec<(Range<usize>, Meaning)> {
        let texts: Vec<&str> = name.parts.iter().map(|part| part.text.as_str()).collect();
        let ranged: Vec<(Range<usize>, String)> =
            name.parts.iter().map(|part| (part.range.clone(), part.text.clone())).collect();
        let known = |list: Vec<(Range<usize>, Symbol)>| {
            list.into_iter().map(|(range, symbol)| (range, Meaning::Known(symbol))).collect()
        };
        match name.kind {
            NameKind::Relation => {
                let relation = qualified(&texts).and_then(|name| self.relation(&name));
                known(self.with_schema(&ranged, relation.map(relation_symbol)))
            }
            NameKind::Call => known(self.with_schema(&ranged, self.function(&texts))),
            NameKind::Type => {
                let own = qualified(&texts).and_then(|name| self.ty(&name));
                let base = || match self.type_meaning(&texts.join(".")).as_slice() {
                    [(_, symbol)] => Some(*symbol),
                    _ => None,
                };
                known(self.with_schema(&ranged, own.or_else(base)))
            }
            NameKind::Word => self.column_meaning(sql, name, home),
        }
    }

    fn column_meaning(
        &self,
        sql: &Sql,
        name: &SqlName,
        home: &Home,
    ) -> Vec<(Range<usize>, Meaning)> {
        let Some((column, qualifier)) = name.parts.split_last() else { return Vec::new() };
        if qualifier.is_empty() {
            return vec![(
                column.range.clone(),
                self.bare_column(sql, name.level, home, &column.text),
            )];
        }
        let texts: Vec<&str> = qualifier.iter().map(|part| part.text.as_str()).collect();
        let (relations, own_name) = self.qualifier(sql, name.level, home, &texts);
        let columns = relations.iter().filter_map(|relation| self.column(*relation, &column.text));
        let meaning = match (self.shared(columns.clone()), columns.count()) {
            (Some(symbol), _) => Meaning::Known(symbol),
            (None, 0) => Meaning::Unknown,
            (None, _) => Meaning::Unclear,
        };
        let mut found = vec![(column.range.clone(), meaning)];
        if let ([relation], true, Some(last)) = (relations.as_slice(), own_name, qualifier.last()) {
            found.insert(0, (last.range.clone(), Meaning::Known(relation_symbol(*relation))));
        }
        found
    }

    /// The relations that a qualifier stands for, and whether it is the relation's own name.
    fn qualifier(
        &self,
        sql: &Sql,
        level: usize,
        home: &Home,
        texts: &[&str],
    ) -> (Vec<RelationId>, bool) {
        let found = sql.visible(level).flatten().find(|source| match texts {
            [one] => source.alias == *one,
            _ => source.relation.as_deref().is_some_and(|parts| parts == texts),
        });
        if let Some(source) = found {
            let relation = self.source_relation(source);
            let own =
                source.relation.as_ref().and_then(|parts| parts.last()) == Some(&source.alias);
            return (relation.into_iter().collect(), own);
        }
        match texts {
            ["new" | "old"] => (self.rows(home), false),
            ["excluded"] => {
                let first = sql.visible(level).flatten().next();
                (first.and_then(|source| self.source_relation(source)).into_iter().collect(), false)
            }
            _ => {
                let own = qualified(texts).and_then(|name| self.relation(&name));
                let own = own.filter(|own| Some(*own) == self.home(home));
                (own.into_iter().collect(), own.is_some())
            }
        }
    }

    /// The relations that a qualifier stands for at a level of `sql`.
    pub(crate) fn qualified(
        &self,
        sql: &Sql,
        level: usize,
        home: &Home,
        texts: &[&str],
    ) -> Vec<RelationId> {
        self.qualifier(sql, level, home, texts).0
    }

    /// The tables whose rows `NEW` and `OLD` are.
    pub(crate) fn rows(&self, home: &Home) -> Vec<RelationId> {
        match home {
            Home::Function(name) => {
                let own = self.functions(name);
                let calls = |function: &FunctionRef| matches!(function, FunctionRef::Declared(id) if own.contains(id));
                self.schema()
                    .triggers
                    .values()
                    .filter(|it| calls(&it.function))
                    .map(|it| it.on)
                    .collect()
            }
            Home::Mixin(mixin) => self.users(mixin),
            Home::None | Home::Relation(_) | Home::Enum(_) | Home::Domain(_) => {
                self.home(home).into_iter().collect()
            }
        }
    }

    pub(crate) fn source_relation(&self, source: &FromSource) -> Option<RelationId> {
        let parts: Vec<&str> = source.relation.as_ref()?.iter().map(String::as_str).collect();
        self.relation(&qualified(&parts)?)
    }

    fn bare_column(&self, sql: &Sql, level: usize, home: &Home, name: &str) -> Meaning {
        for sources in sql.visible(level) {
            let mut found = sources
                .iter()
                .filter_map(|source| self.source_relation(source))
                .filter_map(|relation| self.column(relation, name));
            if let Some(first) = found.next() {
                let same = found.all(|other| self.identity(other) == self.identity(first));
                let is_open = sources.iter().any(|source| self.source_relation(source).is_none());
                return match (same, is_open) {
                    (true, false) => Meaning::Known(first),
                    (true, true) => Meaning::Likely(first),
                    (false, _) => Meaning::Unclear,
                };
            }
            let own_name = sources.iter().find(|source| source.alias == name);
            if let Some(relation) = own_name.and_then(|source| self.source_relation(source)) {
                let own = own_name
                    .and_then(|source| source.relation.as_ref()?.last())
                    .is_some_and(|last| last == name);
                return if own {
                    Meaning::Known(relation_symbol(relation))
                } else {
                    Meaning::Unknown
                };
            }
            if sources.iter().any(|source| self.source_relation(source).is_none()) {
                return Meaning::Unclear;
            }
        }
        self.home_column(home, name).map_or(Meaning::Unknown, Meaning::Known)
    }
}

/// The name of a table of the section `tables`.
fn table_name(table: &Entry) -> QualifiedName {
    let schema = child(&table.value, "schema").and_then(text);
    crate::resolve::declared(&table.key, schema)
}

/// The symbol of a table or view.
pub(crate) const fn relation_symbol(relation: RelationId) -> Symbol {
    match relation {
        RelationId::Table(id) => Symbol::Object(ObjectId::Table(id)),
        RelationId::View(id) => Symbol::Object(ObjectId::View(id)),
    }
}

/// A text that is one name.
fn whole(text: &str, symbol: Option<Symbol>) -> Vec<(Range<usize>, Symbol)> {
    symbol.map(|symbol| (0..text.len(), symbol)).into_iter().collect()
}

fn qualified(parts: &[&str]) -> Option<QualifiedName> {
    match parts {
        [name] => Some(QualifiedName::new(crate::schema::PUBLIC, *name)),
        [.., schema, name] => Some(QualifiedName::new(*schema, *name)),
        [] => None,
    }
}

/// The parts of a dotted name, unquoted, with their bytes, quotes included.
pub(crate) fn parts(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut quoted = false;
    let mut start = 0;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '.' if !quoted => {
                found.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(start..text.len());
    let part = |range: Range<usize>| {
        let raw = text.get(range.clone()).unwrap_or_default();
        let inner = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        (range, inner.map_or_else(|| raw.to_owned(), |inner| inner.replace("\"\"", "\"")))
    };
    found.into_iter().map(part).collect()
}

/// The words of a list that is separated by commas.
fn words_of(list: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    list.split(',').map(move |item| {
        let start = at + item.len() - item.trim_start().len();
        at += item.len() + 1;
        (start..start + item.trim().len(), item.trim())
    })
}

/// The value behind a key.
pub(crate) fn child<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    entries(node).iter().find(|entry| entry.key == key).map(|entry| &entry.value)
}

/// The entries of a map; none of anything else.
pub(crate) fn entries(node: &Node) -> &[Entry] {
    match &node.kind {
        NodeKind::Map(entries) => entries,
        NodeKind::Seq(_) | NodeKind::Scalar(_) => &[],
    }
}

fn text(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Scalar(scalar) => Some(&scalar.text),
        NodeKind::Seq(_) | NodeKind::Map(_) => None,
    }
}

fn is_text(node: &Node, wanted: &str) -> bool {
    text(node) == Some(wanted)
}
