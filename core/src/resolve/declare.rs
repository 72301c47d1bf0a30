//! First pass: who is there. Every named object gets its id and its name, checked.
//!
//! In: the documents. Out: shells in the schema's arenas, and [`Declared`], which leads from each id
//! back to what was written. Nothing is referred to yet.

use std::borrow::Borrow;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::mixins::{self, Contents, List, Mixins, Parts};
use super::names::{self, Symbol};
use super::platform::{EXTERNAL_SCHEMAS, SYSTEM_SCHEMAS};
use super::{Resolver, errors, expressions};
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::{
    CompositeDef, Document, DomainDef, EnumDef, ExtensionDef, FileDef, Flag, Named, PolicyDef,
    RoleDef, SequenceDef, TableDef, Text, TriggerDef, ViewDef,
};
use crate::schema::{
    ColumnType, Composite, CompositeId, Domain, DomainId, EnumType, Extension, Name, Namespace,
    ObjectId, Overrides, Ownership, PUBLIC, QualifiedName, Role, RowSecurity, Sequence, SequenceId,
    SequenceOptions, Table, TableId, TypeKind, View, ViewId,
};
use crate::source::{Span, Spanned};
use crate::sql::types::{Family, facts};
use crate::sql::{BaseType, Modifier, PgType};

/// From ids back to what was written.
#[derive(Default)]
pub(super) struct Declared<'d> {
    pub(super) files: Vec<(&'d FileDef, Ownership)>,
    /// How many of the files are the user's; they come first.
    pub(super) own_files: usize,
    pub(super) domains: Vec<(DomainId, &'d Named<DomainDef>)>,
    pub(super) composites: Vec<(CompositeId, &'d Named<CompositeDef>)>,
    pub(super) sequences: Vec<(SequenceId, &'d Named<SequenceDef>)>,
    pub(super) tables: Vec<DeclaredTable<'d>>,
    pub(super) views: Vec<(ViewId, &'d Named<ViewDef>)>,
}

/// A table, of which the contents are handed on beside it, with the parts that its mixins bring.
pub(super) struct DeclaredTable<'d> {
    pub(super) id: TableId,
    pub(super) named: &'d Named<TableDef>,
    pub(super) policies: List<'d, PolicyDef>,
    pub(super) triggers: List<'d, TriggerDef>,
}

/// A document, who owns what it declares, and whether it gives way to earlier ones.
pub(super) type Layer<'d> = (&'d Document, Ownership);

/// Declares every object of the layers; an earlier layer's object wins over a later one's. Gives the contents of
/// the tables that were declared too; `taken` are those of the first tables that do not hold them any more.
pub(super) fn declare<'d>(
    cx: &mut Resolver<'_>,
    layers: &[Layer<'d>],
    taken: Vec<Option<Contents<'d>>>,
) -> (Declared<'d>, Vec<Contents<'d>>) {
    let (mut declared, mut all_contents) = (Declared::default(), Vec::new());
    let mut taken = taken.into_iter();
    let mixins = Mixins::of(layers.iter().map(|(document, _)| *document));
    namespace(cx, &PUBLIC.into(), None);
    for (position, (document, ownership)) in layers.iter().enumerate() {
        let layer = Declare { ownership: *ownership, yields: position > 0 };
        let count = |of: fn(&FileDef) -> usize| document.files.iter().map(|file| of(file)).sum();
        let relations = count(|file| file.tables.entries.len() + file.views.entries.len());
        let types = count(|file| file.enums.entries.len() + file.domains.entries.len());
        cx.names.reserve(relations, relations + types, 0);
        for file in &document.files {
            declared.files.push((file, *ownership));
            declared.own_files += usize::from(position == 0);
            unread(cx, file);
            layer.extensions(cx, &file.extensions);
            for named in &file.roles {
                layer.role(cx, named);
            }
            for named in &file.enums {
                layer.enumeration(cx, named);
            }
            for named in &file.domains {
                declared.domains.extend(layer.domain(cx, named));
            }
            for named in &file.types {
                declared.composites.extend(layer.composite(cx, named));
            }
            for named in &file.sequences {
                declared.sequences.extend(layer.sequence(cx, named));
            }
            for named in &file.tables {
                let contents = taken.next().flatten();
                if named.value.columns.is_unread {
                    continue;
                }
                let Some(id) = layer.table(cx, named) else { continue };
                let name = cx.schema.tables[id].name.name.clone();
                let contents = contents.unwrap_or_else(|| Contents::of(&named.value));
                let parts = mixins::expand(cx, &named.value, contents, &name, &mixins);
                let Parts { contents, policies, triggers } = parts;
                declared.tables.push(DeclaredTable { id, named, policies, triggers });
                all_contents.push(contents);
            }
            for named in &file.views {
                declared.views.extend(layer.view(cx, named));
            }
        }
    }
    duplicate_mixins(cx, layers);
    (declared, all_contents)
}

/// Notes the names of what could not be read, so that whoever refers to it stays silent.
fn unread(cx: &mut Resolver<'_>, file: &FileDef) {
    let without_columns = file.tables.iter().filter(|named| named.value.columns.is_unread);
    let without_columns = without_columns.map(|named| &named.name);
    let lists = [
        &file.enums.unread,
        &file.domains.unread,
        &file.types.unread,
        &file.sequences.unread,
        &file.mixins.unread,
        &file.tables.unread,
        &file.views.unread,
        &file.functions.unread,
    ];
    for name in lists.into_iter().flatten().chain(without_columns) {
        cx.names.insert_unread(names::declared(&name.value, None));
    }
}

/// Two mixins of one name are one too many; the user's may replace a built-in one.
fn duplicate_mixins(cx: &mut Resolver<'_>, layers: &[Layer<'_>]) {
    let Some((document, _)) = layers.first() else { return };
    let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
    for Named { name, .. } in document.files.iter().flat_map(|file| file.mixins.iter()) {
        if let Some(first) = seen.get(&*name.value) {
            cx.report(errors::duplicate("mixin", &name.value, name.span, Some(*first)));
        } else {
            seen.insert(&name.value, name.span);
        }
    }
}

/// Makes sure that a PostgreSQL schema is known; `span` is where it is first named.
pub(super) fn namespace(cx: &mut Resolver<'_>, name: &Name, span: Option<Span>) {
    if cx.schema.namespaces.values().any(|namespace| namespace.name == *name) {
        return;
    }
    let on_platform = cx.options.platform == super::Platform::Supabase;
    let external = name == PUBLIC
        || SYSTEM_SCHEMAS.contains(&name.as_str())
        || (on_platform && EXTERNAL_SCHEMAS.contains(&name.as_str()));
    if let Some(span) = span {
        if name.starts_with("pg_") && !external {
            cx.report(errors::reserved_schema(name, span));
        }
        if let Some(error) = names::invalid(name, span) {
            cx.report(error);
        }
    }
    let exposed = cx.options.exposed_schemas.iter().any(|exposed| name == exposed.as_str());
    let ownership = if external { Ownership::External } else { Ownership::Owned };
    let id = cx.schema.namespaces.push(Namespace { name: name.clone(), ownership, exposed });
    if let Some(span) = span {
        cx.origins.set(ObjectId::Namespace(id), span);
    }
}

/// How the objects of one layer are declared.
struct Declare {
    ownership: Ownership,
    yields: bool,
}

impl Declare {
    /// The place of an object, if a finding may point at it: the user's, not what comes with us.
    fn place(&self, span: Span) -> Option<Span> {
        (!self.yields).then_some(span)
    }

    /// Takes a name for `symbol`; reports why not.
    fn take(
        &self,
        cx: &mut Resolver<'_>,
        key: &Text,
        schema: Option<&Text>,
        symbol: Symbol,
    ) -> Option<QualifiedName> {
        let name = names::declared(&key.value, names::said(schema));
        if let Some(schema) = schema.filter(|schema| name.schema != schema.value.as_str()) {
            cx.report(
                Diagnostic::new(
                    Code::ConflictingKeys,
                    schema.span,
                    format!(
                        "`{}` lies in `{}` by its name, and in `{}` by this",
                        key.value, name.schema, schema.value
                    ),
                )
                .label(key.span, "the name")
                .help("remove one of the two"),
            );
        }
        if let Some((holder, first)) = cx.names.holder(&name, symbol) {
            if self.yields {
                return None;
            }
            cx.report(if holder.noun() == symbol.noun() {
                errors::duplicate(symbol.noun(), &name, key.span, first)
            } else {
                errors::collision(symbol.noun(), &name, key.span, holder.noun(), first)
            });
            return None;
        }
        if let Some(error) = names::invalid(&name.name, key.span) {
            cx.report(error);
            return None;
        }
        namespace(cx, &name.schema, self.place(schema.map_or(key.span, |schema| schema.span)));
        cx.names.insert(name.clone(), symbol, self.place(key.span));
        Some(name)
    }

    /// Notes where an object stands, unless it came with us.
    fn origin(&self, cx: &mut Resolver<'_>, object: ObjectId, span: Span) {
        if let Some(span) = self.place(span) {
            cx.origins.set(object, span);
        }
    }

    fn extensions(&self, cx: &mut Resolver<'_>, extensions: &[ExtensionDef]) {
        for def in extensions {
            let Some(name) = &def.name else { continue };
            let known =
                cx.schema.extensions.iter().find(|(_, known)| known.name == name.value.as_str());
            if let Some((id, _)) = known {
                if !self.yields {
                    let first = cx.origins.of(ObjectId::Extension(id));
                    cx.report(errors::duplicate("extension", &name.value, name.span, first));
                }
                continue;
            }
            let schema = def.schema.as_ref().map(|schema| Name::new(schema.value.clone()));
            if let (Some(schema), Some(written)) = (&schema, &def.schema) {
                namespace(cx, schema, self.place(written.span));
            }
            let id = cx.schema.extensions.push(Extension {
                name: Name::new(name.value.clone()),
                schema,
                version: text(def.version.as_ref()),
                comment: comment(def.comment.as_ref()),
            });
            self.origin(cx, ObjectId::Extension(id), name.span);
        }
    }

    fn role(&self, cx: &mut Resolver<'_>, named: &Named<RoleDef>) {
        let key = &named.name;
        let known = cx.schema.roles.iter().find(|(_, role)| role.name == key.value.as_str());
        if let Some((id, _)) = known {
            if !self.yields {
                let first = cx.origins.of(ObjectId::Role(id));
                cx.report(errors::duplicate("role", &key.value, key.span, first));
            }
            return;
        }
        let def = &named.value;
        let exists = flag(def.exists) || self.ownership == Ownership::External;
        let reserved = || {
            let taken = matches!(&*key.value, "public" | "none") || key.value.starts_with("pg_");
            (taken && !exists).then(|| errors::reserved_role(&key.value, key.span))
        };
        if let Some(error) = names::invalid(&key.value, key.span).or_else(reserved) {
            cx.report(error);
            return;
        }
        let id = cx.schema.roles.push(Role {
            name: Name::new(key.value.clone()),
            ownership: if exists { Ownership::External } else { Ownership::Owned },
            login: flag(def.login),
            inherit: def.inherit.is_none_or(|inherit| inherit.value),
            bypass_rls: flag(def.bypass_rls),
            member_of: def.member_of.iter().map(|role| Name::new(role.value.clone())).collect(),
            comment: comment(def.comment.as_ref()),
        });
        self.origin(cx, ObjectId::Role(id), key.span);
    }

    fn enumeration(&self, cx: &mut Resolver<'_>, named: &Named<EnumDef>) {
        let def = &named.value;
        let id = cx.schema.enums.next_id();
        let Some(name) = self.take(cx, &named.name, def.schema.as_ref(), Symbol::Enum(id)) else {
            return;
        };
        let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
        for (position, label) in def.values.iter().enumerate() {
            let label = &label.0;
            self.origin(cx, ObjectId::EnumLabel(id, position as u32), label.span);
            if let Some(error) =
                names::invalid(&label.value, label.span).filter(|_| !label.value.is_empty())
            {
                cx.report(error);
            } else if let Some(first) = seen.get(&*label.value) {
                cx.report(errors::duplicate_label(&label.value, label.span, *first));
            } else {
                seen.insert(&label.value, label.span);
            }
        }
        cx.schema.enums.push(EnumType {
            name,
            ownership: self.ownership,
            values: def.values.iter().map(|label| label.0.value.clone()).collect(),
            renames: def
                .renames
                .entries
                .iter()
                .map(|(old, new)| (old.value.clone(), new.value.clone()))
                .collect(),
            reorder: flag(def.reorder),
            comment: comment(def.comment.as_ref()),
        });
        self.origin(cx, ObjectId::Enum(id), named.name.span);
    }

    fn domain<'d>(
        &self,
        cx: &mut Resolver<'_>,
        named: &'d Named<DomainDef>,
    ) -> Option<(DomainId, &'d Named<DomainDef>)> {
        let def = &named.value;
        let id = cx.schema.domains.next_id();
        let name = self.take(cx, &named.name, def.schema.as_ref(), Symbol::Domain(id))?;
        cx.schema.domains.push(Domain {
            name,
            ownership: self.ownership,
            base: text_type(),
            nullable: def.nullable.is_none_or(|nullable| nullable.value),
            default: None,
            checks: Vec::new(),
            collation: def
                .collation
                .as_ref()
                .map(|name| names::reference_in(&name.value, "pg_catalog")),
            comment: comment(def.comment.as_ref()),
        });
        self.origin(cx, ObjectId::Domain(id), named.name.span);
        Some((id, named))
    }

    fn composite<'d>(
        &self,
        cx: &mut Resolver<'_>,
        named: &'d Named<CompositeDef>,
    ) -> Option<(CompositeId, &'d Named<CompositeDef>)> {
        let def = &named.value;
        let id = cx.schema.composites.next_id();
        let name = self.take(cx, &named.name, def.schema.as_ref(), Symbol::Composite(id))?;
        let comment = comment(def.comment.as_ref());
        cx.schema.composites.push(Composite {
            name,
            ownership: self.ownership,
            fields: Vec::new(),
            comment,
        });
        self.origin(cx, ObjectId::Composite(id), named.name.span);
        Some((id, named))
    }

    fn sequence<'d>(
        &self,
        cx: &mut Resolver<'_>,
        named: &'d Named<SequenceDef>,
    ) -> Option<(SequenceId, &'d Named<SequenceDef>)> {
        let def = &named.value;
        let id = cx.schema.sequences.next_id();
        let name = self.take(cx, &named.name, def.schema.as_ref(), Symbol::Sequence(id))?;
        cx.schema.sequences.push(Sequence {
            name,
            ownership: self.ownership,
            ty: base_type(BaseType::Bigint),
            options: sequence_options(def),
            owned_by: None,
            comment: comment(def.comment.as_ref()),
        });
        self.origin(cx, ObjectId::Sequence(id), named.name.span);
        Some((id, named))
    }

    fn table(&self, cx: &mut Resolver<'_>, named: &Named<TableDef>) -> Option<TableId> {
        let def = &named.value;
        let id = cx.schema.tables.next_id();
        let name = self.take(cx, &named.name, def.schema.as_deref(), Symbol::Table(id))?;
        cx.schema.tables.push(table_shell(name, self.ownership, def));
        self.origin(cx, ObjectId::Table(id), named.name.span);
        Some(id)
    }

    fn view<'d>(
        &self,
        cx: &mut Resolver<'_>,
        named: &'d Named<ViewDef>,
    ) -> Option<(ViewId, &'d Named<ViewDef>)> {
        let def = &named.value;
        let id = cx.schema.views.next_id();
        let name = self.take(cx, &named.name, def.schema.as_ref(), Symbol::View(id))?;
        cx.schema.views.push(View {
            name,
            ownership: self.ownership,
            materialized: flag(def.materialized),
            query: expressions::nothing(),
            columns: Vec::new(),
            declared_columns: false,
            security_invoker: false,
            security_barrier: flag(def.security_barrier),
            check_option: None,
            indexes: Vec::new(),
            model: text(def.model.as_ref()),
            comment: comment(def.comment.as_ref()),
        });
        self.origin(cx, ObjectId::View(id), named.name.span);
        Some((id, named))
    }
}

/// A table before its parts are known.
pub(super) fn table_shell(name: QualifiedName, ownership: Ownership, def: &TableDef) -> Table {
    Table {
        renamed_from: def.renamed_from.as_ref().map(|old| {
            let (schema, old) = names::split(&old.value);
            Box::new(QualifiedName::new(schema.unwrap_or_else(|| name.schema.clone()), old))
        }),
        name,
        ownership,
        columns: Vec::new(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        row_security: RowSecurity::Disabled,
        partitioning: None,
        unlogged: flag(def.unlogged.as_deref()),
        model: text(def.model.as_deref()).map(Box::new),
        comment: comment(def.comment.as_deref()),
        overrides: Overrides::default(),
    }
}

/// The text of an optional key.
pub(super) fn text(written: Option<&Text>) -> Option<smol_str::SmolStr> {
    written.map(|written| written.value.clone())
}

/// What `COMMENT ON` says of an object.
pub(super) fn comment(written: Option<&Text>) -> Option<Arc<str>> {
    written.map(|written| written.value.clone().into())
}

/// An optional switch; off unless said.
pub(super) fn flag(written: Option<impl Borrow<Flag>>) -> bool {
    written.is_some_and(|written| written.borrow().value)
}

/// The names of a list.
pub(super) fn names_of(written: &[Text]) -> Vec<Name> {
    written.iter().map(|name| Name::new(name.value.clone())).collect()
}

/// A base type without modifier.
pub(super) const fn base_type(base: BaseType) -> ColumnType {
    ColumnType::scalar(TypeKind::Base(PgType { base, modifier: Modifier::None }))
}

/// What a shell has for a type until the types are resolved.
pub(super) const fn text_type() -> ColumnType {
    base_type(BaseType::Text)
}

/// The options of a sequence or identity column.
pub(super) fn sequence_options(def: &SequenceDef) -> SequenceOptions {
    let value = |written: Option<Spanned<i64>>| written.map(|written| written.value);
    SequenceOptions {
        start: value(def.start),
        increment: value(def.increment),
        min: value(def.min),
        max: value(def.max),
        cache: value(def.cache),
        cycle: flag(def.cycle),
    }
}

/// Reports what a sequence of numbers of this type may not be: a step of 0, an empty range, bounds or a start beyond
/// (PostgreSQL, `CREATE SEQUENCE`).
pub(super) fn check_sequence(cx: &mut Resolver<'_>, def: &SequenceDef, ty: &ColumnType) {
    if let Some(increment) = def.increment.filter(|increment| increment.value == 0) {
        cx.report(out_of_range(increment, "use a step other than 0"));
    }
    if let Some(cache) = def.cache.filter(|cache| cache.value < 1) {
        cx.report(out_of_range(cache, "use at least 1"));
    }
    let TypeKind::Base(base) = &ty.kind else { return };
    let Family::Integer { min: lowest, max: highest } = facts(base.base).family else { return };
    for bound in [def.min, def.max].into_iter().flatten() {
        if bound.value < lowest || bound.value > highest {
            let help = format!("its numbers lie between {lowest} and {highest}");
            cx.report(out_of_range(bound, &help));
            return;
        }
    }
    let falls = def.increment.is_some_and(|increment| increment.value < 0);
    let (usual_min, usual_max) = if falls { (lowest, -1) } else { (1, highest) };
    let min = def.min.map_or(usual_min, |min| min.value);
    let max = def.max.map_or(usual_max, |max| max.value);
    if min >= max {
        let (bound, help) = match (def.max, def.min) {
            (Some(bound), _) => (bound, format!("use a maximum above the minimum, {min}")),
            (None, Some(bound)) => (bound, format!("use a minimum below the maximum, {max}")),
            (None, None) => return,
        };
        cx.report(out_of_range(bound, &help));
        return;
    }
    if let Some(start) = def.start.filter(|start| start.value < min || start.value > max) {
        cx.report(out_of_range(start, &format!("start between {min} and {max}")));
    }
}

fn out_of_range(number: Spanned<i64>, help: &str) -> Diagnostic {
    let message = format!("`{}` is out of range", number.value);
    Diagnostic::new(Code::NumberOutOfRange, number.span, message).help(help)
}
