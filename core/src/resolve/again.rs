//! A table resolved again by itself, after a change within its lines.
//!
//! In: what a resolution ended with, and the change. Out: the same with the table as it is written now, by
//! the passes of [`resolve`](super::resolve), which are told of this table alone. None where that is not
//! sure to be what resolving everything gives: the table wants a name that another has or wanted, what
//! others refer to is another, it has more or fewer objects of its own.

use super::declare::{self, Declared, DeclaredTable};
use super::mixins::{self, Contents, Mixins, Parts};
use super::{Resolver, grants, names, policies, references, tables, triggers};
use crate::diagnostic::{Diagnostics, Severity};
use crate::grammar::{Document, GrantDef, PolicyDef, TableChange, TableDef, Text};
use crate::schema::{
    Arena, ConstraintKind, Grant, GrantObject, Id, Name, ObjectId, Origins, Overrides, Ownership,
    PolicyId, RelationId, Returns, Schema, Table, TableId, TriggerEvent, TriggerId, TypeKind,
};

/// Resolves the table of `change`. What there is to say of it comes into the sink.
pub(super) fn table(
    cx: &mut Resolver<'_>,
    document: &Document,
    change: &TableChange,
) -> Option<()> {
    let named = document.files.get(change.file.index())?.tables.entries.get(change.position)?;
    let def = &named.value;
    let name = names::declared(&named.name.value, names::said(def.schema.as_deref()));
    let id = cx.names.table(&name)?;
    let before = cx.schema.tables[id].clone();
    if !outline_is_kept(&change.before, def) || before.overrides != Overrides::default() {
        return None;
    }
    let builtin = mixins::builtin(document);
    let mixins = Mixins::of([document, &builtin]);
    let parts = mixins::expand(cx, def, Contents::of(def), &name.name, &mixins);
    let own = Own::of(&cx.schema, id, &parts, &def.grants)?;

    own.forget(cx, id);
    let uncontested = cx.names.give_back(id, &before);
    if !cx.origins.moved(|span| change.place(span)) || !uncontested {
        return None;
    }
    cx.origins.set(ObjectId::Table(id), named.name.span);
    *cx.schema.tables.get_mut(id)? = declare::table_shell(name, Ownership::Owned, def);

    let Schema { triggers, policies, grants, .. } = &cx.schema;
    let counts = [triggers.len(), policies.len(), grants.len()];
    let tables = cx.schema.tables.len();
    let contests = cx.names.contests();
    let Parts { contents, policies, triggers } = parts;
    let only = vec![DeclaredTable { id, named, policies, triggers }];
    let declared = Declared { tables: only, ..Declared::default() };
    let foreign = tables::tables(cx, &declared.tables, vec![contents]);
    references::references(cx, foreign);
    triggers::triggers(cx, &declared);
    policies::policies(cx, &declared);
    grants::grants(cx, &declared);
    own.settle(cx, id, counts)?;
    if def.rls.is_none() && cx.schema.policies.values().any(|policy| policy.table == id) {
        policies::enable(cx, id);
    }
    let now = &cx.schema.tables[id];
    let is_alone = cx.schema.tables.len() == tables
        && cx.names.contests() == contests
        && !cx.names.is_contested(now)
        && keys_hold(&cx.schema, id, &before)
        && mentions_hold(&cx.schema, id)
        && views_hold(&cx.schema, id, &before);
    is_alone.then_some(())
}

/// What there is to say of each object after `change`, beside what is said of the whole schema: of the others
/// what was said `before`, and `now` of the table. None where it cannot be told which is which.
pub(super) fn findings(
    before: Diagnostics,
    now: Diagnostics,
    change: &TableChange,
) -> Option<Diagnostics> {
    let mut findings = Diagnostics::new();
    for mut finding in before {
        if change.place(finding.primary.span).is_none() {
            continue;
        }
        for span in finding.places_mut() {
            *span = change.place(*span)?;
        }
        findings.push(finding);
    }
    for finding in now {
        if finding.severity == Severity::Error || !change.holds(finding.primary.span) {
            return None;
        }
        findings.push(finding);
    }
    Some(findings)
}

/// Whether the table is where it was, of the same mixins, and has as many objects of its own; partitions are
/// tables themselves.
fn outline_is_kept(before: &TableDef, now: &TableDef) -> bool {
    let texts = |list: &[Text]| list.iter().map(|text| text.value.clone()).collect::<Vec<_>>();
    let schema = |def: &TableDef| def.schema.as_ref().map(|schema| schema.value.clone());
    let counts = |def: &TableDef| (def.triggers.len(), def.policies.len(), def.grants.len());
    let has_partitions =
        |def: &TableDef| def.partition_by.is_some() || !def.partitions.entries.is_empty();
    schema(before) == schema(now)
        && texts(&before.uses) == texts(&now.uses)
        && counts(before) == counts(now)
        && !has_partitions(before)
        && !has_partitions(now)
}

/// The objects that are written inside a table, in their order.
struct Own {
    triggers: Vec<TriggerId>,
    policies: Vec<PolicyId>,
    grants: Vec<Id<Grant>>,
}

impl Own {
    /// Those of the table `id`; none where others of their kinds are on it too.
    fn of(schema: &Schema, id: TableId, parts: &Parts<'_>, grants: &[GrantDef]) -> Option<Self> {
        // What is switched off, or given to nobody, is no object.
        let is_made = |policy: &&PolicyDef| policy.enabled.is_none_or(|it| it.value);
        let policies = parts.policies.iter().filter(is_made).count();
        let grants = grants.iter().filter(|grant| !grant.to.is_empty()).count();
        let triggers_of = schema.triggers_of(RelationId::Table(id)).map(|(id, _)| id);
        let policies_of = schema.policies_of(id).map(|(id, _)| id);
        let grants_of = schema.grants.iter().filter(|(_, grant)| is_on(grant, id));
        Some(Self {
            triggers: exactly(parts.triggers.len(), triggers_of)?,
            policies: exactly(policies, policies_of)?,
            grants: exactly(grants, grants_of.map(|(id, _)| id))?,
        })
    }

    /// Forgets where they and the parts of their table stand, and what they are called.
    fn forget(&self, cx: &mut Resolver<'_>, table: TableId) {
        let parts = [
            ObjectId::Table(table),
            ObjectId::Column(table, 0),
            ObjectId::Constraint(table, 0),
            ObjectId::Index(table, 0),
        ];
        let triggers = self.triggers.iter().map(|id| ObjectId::Trigger(*id));
        let policies = self.policies.iter().map(|id| ObjectId::Policy(*id));
        let grants = self.grants.iter().map(|id| ObjectId::Grant(*id));
        for object in parts.into_iter().chain(triggers).chain(policies).chain(grants) {
            cx.origins.forget(object);
        }
        for id in &self.triggers {
            cx.names.remove_trigger(RelationId::Table(table), &cx.schema.triggers[*id].name);
        }
        for id in &self.policies {
            cx.names.remove_policy(table, &cx.schema.policies[*id].name);
        }
    }

    /// Puts those that were resolved last in their places; none if they are not as many. `counts` is how many
    /// of each kind there were in all.
    fn settle(&self, cx: &mut Resolver<'_>, table: TableId, counts: [usize; 3]) -> Option<()> {
        let [triggers, policies, grants] = counts;
        let origins = &mut cx.origins;
        settle(&mut cx.schema.triggers, triggers, &self.triggers, origins, ObjectId::Trigger)?;
        settle(&mut cx.schema.policies, policies, &self.policies, origins, ObjectId::Policy)?;
        settle(&mut cx.schema.grants, grants, &self.grants, origins, ObjectId::Grant)?;
        for id in &self.triggers {
            let name = cx.schema.triggers[*id].name.clone();
            cx.names.insert_trigger(RelationId::Table(table), name, *id);
        }
        for id in &self.policies {
            cx.names.insert_policy(table, cx.schema.policies[*id].name.clone(), *id);
        }
        Some(())
    }
}

/// Puts the objects that came behind the first `count` in the places of `ids`; none if they are not as many.
fn settle<T>(
    arena: &mut Arena<T>,
    count: usize,
    ids: &[Id<T>],
    origins: &mut Origins,
    object: fn(Id<T>) -> ObjectId,
) -> Option<()> {
    if arena.len() != count + ids.len() {
        return None;
    }
    for (id, new) in ids.iter().zip(count..) {
        let new = object(Id::new(new as u32));
        origins.set(object(*id), origins.of(new)?);
        origins.forget(new);
    }
    arena.settle(ids).then_some(())
}

/// All of `ids`, if they are so many; none of them where there should be none.
fn exactly<T>(count: usize, ids: impl Iterator<Item = Id<T>>) -> Option<Vec<Id<T>>> {
    if count == 0 {
        return Some(Vec::new());
    }
    let ids: Vec<_> = ids.collect();
    (ids.len() == count).then_some(ids)
}

/// Whether a grant is on a table, or on what it makes beside itself.
fn is_on(grant: &Grant, table: TableId) -> bool {
    match &grant.on {
        GrantObject::Relation(RelationId::Table(id)) | GrantObject::Part { of: id, .. } => {
            *id == table
        }
        _ => false,
    }
}

/// Whether the foreign keys of other tables find in the table what they found in `before`.
fn keys_hold(schema: &Schema, id: TableId, before: &Table) -> bool {
    let now = &schema.tables[id];
    let others = schema.tables.iter().filter(|(other, _)| *other != id);
    let constraints = others.flat_map(|(_, table)| &table.constraints);
    let mut keys = constraints.filter_map(|constraint| match &constraint.kind {
        ConstraintKind::ForeignKey(key) if key.target == id => Some(key),
        _ => None,
    });
    let ty = |table: &Table, name: &Name| table.column(name).map(|(_, column)| column.ty.clone());
    // What a reference means that names no column.
    let default_is_kept = before.primary_key() == now.primary_key()
        && before.column("id").is_some() == now.column("id").is_some();
    keys.all(|key| {
        default_is_kept
            && before.unlogged == now.unlogged
            && references::is_unique(now, &key.target_columns)
            && key.target_columns.iter().all(|name| ty(before, name) == ty(now, name))
    })
}

/// Whether the table has the columns that objects outside of it name.
fn mentions_hold(schema: &Schema, id: TableId) -> bool {
    let table = &schema.tables[id];
    let published = schema.publications.values().flat_map(|publication| &publication.tables);
    let published = published.filter(|it| it.table == id).flat_map(|it| &it.columns);
    let granted = schema.grants.values().filter(|grant| is_on(grant, id));
    let granted = granted.flat_map(|grant| &grant.columns);
    let events = schema.triggers_of(RelationId::Table(id)).flat_map(|(_, it)| &it.events);
    let watched = events.filter_map(|event| match event {
        TriggerEvent::Update(columns) => Some(columns),
        TriggerEvent::Insert | TriggerEvent::Delete | TriggerEvent::Truncate => None,
    });
    let owners = schema.sequences.values().filter_map(|sequence| sequence.owned_by.as_ref());
    let owners = owners.filter(|(owner, _)| *owner == id).map(|(_, column)| column);
    let mut names = published.chain(granted).chain(watched.flatten()).chain(owners);
    names.all(|name| table.column(name).is_some())
}

/// Whether views may have the columns that they had when the table was as `before`.
fn views_hold(schema: &Schema, id: TableId, before: &Table) -> bool {
    let now = &schema.tables[id];
    let columns = |table: &Table| {
        table.columns.iter().map(|it| (it.name.clone(), it.ty.clone())).collect::<Vec<_>>()
    };
    if schema.views.is_empty() || columns(before) == columns(now) {
        return true;
    }
    let rows = TypeKind::TableRow(id);
    let gives_rows = schema.functions.values().any(|function| match &function.returns {
        Returns::Value(ty) | Returns::Set(ty) => ty.kind == rows,
        Returns::Table(_) | Returns::Nothing => false,
    });
    let queries = schema.views.values().filter_map(|view| view.query.parsed.as_ref());
    let mut read = queries.flat_map(|query| &query.refs().relations);
    !gives_rows && !read.any(|relation| relation.name == now.name.name.as_str())
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Diagnostics;
    use crate::grammar::{self, Document};
    use crate::resolve::{Memory, ResolveOptions, Resolved, resolve, resolve_again};
    use crate::source::{FileId, Sources};
    use crate::syntax;
    use std::sync::Arc;

    const BEFORE: &str = "\
enums:
  mood: [calm, cross]
tables:
  people:
    columns:
      id: {type: uuid, primary_key: true}
      email: {type: text, unique: true}
      name: {type: varchar(80), check: length(name) > 1}
      mood: {type: mood, default: calm}
    indexes:
      - columns: [name]
  posts:
    columns:
      id: {type: bigint, identity: always, primary_key: true}
      author: {type: uuid, references: people}
      title: {type: text}
    policies:
      - {command: select, using: author = auth.uid()}
    grants:
      - {privileges: [select], to: [anon]}
  tags:
    columns:
      name: {type: text, primary_key: true}
      colour: {type: text, default: red}
    constraints:
      - {name: posts_title_idx, type: check, expr: length(name) < 9}
  rest:
    columns:
      id: {type: uuid, primary_key: true}
policies:
  tags_all: {table: tags, command: all, using: 'true'}
views:
  titles: {query: 'select id, title from posts'}
publications:
  feed: {tables: [{table: tags, columns: [name]}]}
";

    /// Whether the table that an edit lies in is resolved by itself. What that gives is held against what
    /// resolving everything gives.
    fn is_alone(from: &str, to: &str) -> bool {
        let after = BEFORE.replacen(from, to, 1);
        assert_ne!(after, BEFORE);
        let options = ResolveOptions::default();
        let sources_of = |text: &str| {
            let mut sources = Sources::new();
            sources.add("a.yaml", text);
            sources
        };
        let document_of = |file| Document { files: vec![Arc::new(file)] };
        let read = |sources: &Sources, text: &str| {
            let (tree, _) = syntax::parse(FileId::new(0), text);
            grammar::decode(sources, &tree, &mut Diagnostics::new())
        };
        let whole = |text: &str, memory: &mut Memory, sink: &mut Diagnostics| {
            let sources = sources_of(text);
            resolve(&sources, document_of(read(&sources, text)), &options, memory, sink)
        };
        let (mut memory, mut sink) = (Memory::default(), Diagnostics::new());
        let known = whole(BEFORE, &mut memory, &mut sink);
        let file = Arc::new(read(&sources_of(BEFORE), BEFORE));
        let sources = sources_of(&after);
        let again = grammar::decode_again(&sources, FileId::new(0), BEFORE, file);
        let (file, change) = again.expect("a change within a table");
        let (document, mut said) = (document_of(file), Diagnostics::new());
        let known = (known, &change);
        let again = resolve_again(&sources, &document, &options, &mut memory, known, &mut said);
        let Some(Resolved { schema, .. }) = again else { return false };
        let (mut memory, mut sink) = (Memory::default(), Diagnostics::new());
        let fresh = whole(&after, &mut memory, &mut sink);
        assert_eq!(schema, fresh.schema);
        assert_eq!(said.finish(), sink.finish());
        true
    }

    #[test]
    fn what_only_concerns_a_table_is_resolved_with_it() {
        for (from, to) in [
            ("varchar(80)", "varchar(90)"),
            ("length(name) > 1", "length(name) > 2"),
            ("default: calm", "default: cross"),
            ("type: text, unique: true", "type: text"),
            ("columns: [name]\n", "columns: [mood, name]\n"),
            (
                "      name: {type: varchar(80)",
                "      nick: {type: text}\n      name: {type: varchar(80)",
            ),
            ("references: people", "references: {table: people, on_delete: cascade}"),
            ("command: select", "command: delete"),
            ("author = auth.uid()", "'true'"),
            ("to: [anon]", "to: [authenticated]"),
            ("default: red", "default: blue"),
            ("default: red", "default: current_user"),
            ("colour:", "color:"),
        ] {
            assert!(is_alone(from, to), "{from} → {to}");
        }
    }

    #[test]
    fn what_may_concern_others_is_not() {
        for (from, to) in [
            // Another's key refers to it.
            ("id: {type: uuid", "id: {type: bigint"),
            ("primary_key: true}\n      email", "unique: true}\n      email"),
            // A view reads it.
            ("title: {type: text}", "title: {type: varchar(9)}"),
            // A publication names it.
            ("name: {type: text, primary", "label: {type: text, primary"),
            // Another table has the name that PostgreSQL would give it.
            (
                "    policies:\n      - {",
                "    indexes:\n      - {columns: [title]}\n    policies:\n      - {",
            ),
            // One policy more.
            ("auth.uid()}\n", "auth.uid()}\n      - {command: delete, using: 'false'}\n"),
            // Something is wrong.
            ("type: mood", "type: mod"),
        ] {
            assert!(!is_alone(from, to), "{from} → {to}");
        }
    }
}
