//! What views show, and what can be written through them.
//!
//! In: views with their queries read. Out: where each column comes from, and which columns take
//! values. PostgreSQL writes through a view that shows rows of one table as they are
//! (`view_query_is_auto_updatable`), and wherever an `INSTEAD OF` trigger says how.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::schema::{
    Name, PUBLIC, QualifiedName, RelationId, Schema, TriggerEvent, TriggerTiming, ViewId,
};
use crate::sql::expr::{FromItem, ItemSource, QueryForm, Selection};
use crate::sql::{ParsedBody, Query};

/// A column of a view, and the column that it shows.
#[derive(Debug)]
pub(super) struct Shown<'a> {
    pub(super) name: &'a Name,
    pub(super) from: Option<(RelationId, SmolStr)>,
}

/// What can be written through a view.
#[derive(Debug, Clone, Default)]
pub(super) struct Writable {
    pub(super) insert: bool,
    pub(super) update: bool,
    /// For each column, whether a write may give it.
    pub(super) columns: Vec<bool>,
}

/// Knows the views of a schema.
#[derive(Debug)]
pub(super) struct Views<'a> {
    schema: &'a Schema,
    relations: FxHashMap<&'a QualifiedName, RelationId>,
}

impl<'a> Views<'a> {
    /// The views of `schema`.
    pub(super) fn new(schema: &'a Schema) -> Self {
        let tables = schema.tables.iter().map(|(id, it)| (&it.name, RelationId::Table(id)));
        let views = schema.views.iter().map(|(id, it)| (&it.name, RelationId::View(id)));
        Self { schema, relations: tables.chain(views).collect() }
    }

    /// The columns of a view, with what each shows as it is.
    pub(super) fn shown(&self, id: ViewId) -> Vec<Shown<'a>> {
        let Some(view) = self.schema.views.find(id) else { return Vec::new() };
        let sources = self.query(id).and_then(|query| self.sources(query)).unwrap_or_default();
        let known = sources.len() == view.columns.len();
        let mut sources = sources.into_iter();
        let columns = view.columns.iter();
        columns
            .map(|column| Shown {
                name: &column.name,
                from: sources.next().flatten().filter(|_| known),
            })
            .collect()
    }

    /// What can be written through a view.
    pub(super) fn writable(&self, id: ViewId) -> Writable {
        let Some(view) = self.schema.views.find(id) else { return Writable::default() };
        if view.materialized {
            return Writable::default();
        }
        let mut writable = self.through(id, 0);
        for (_, trigger) in self.schema.triggers_of(RelationId::View(id)) {
            if trigger.timing != TriggerTiming::InsteadOf {
                continue;
            }
            for event in &trigger.events {
                match event {
                    TriggerEvent::Insert => writable.insert = true,
                    TriggerEvent::Update(_) => writable.update = true,
                    TriggerEvent::Delete | TriggerEvent::Truncate => continue,
                }
                writable.columns = vec![true; view.columns.len()];
            }
        }
        writable
    }

    /// What PostgreSQL writes through by itself.
    fn through(&self, id: ViewId, depth: usize) -> Writable {
        let columns: Vec<bool> = match self.query(id) {
            Some(query)
                if query.form() == QueryForm::Rows
                    && query.selection().is_some_and(|it| it.from.len() == 1)
                    && depth <= self.schema.views.len() =>
            {
                let shown = self.shown(id);
                shown.iter().map(|it| self.reaches_table(it, depth)).collect()
            }
            _ => Vec::new(),
        };
        let any = columns.contains(&true);
        Writable { insert: any, update: any, columns }
    }

    fn reaches_table(&self, shown: &Shown<'_>, depth: usize) -> bool {
        match &shown.from {
            Some((RelationId::Table(_), _)) => true,
            Some((RelationId::View(id), name)) => {
                let columns = self.schema.views.find(*id).map_or(&[][..], |view| &view.columns);
                let place = columns.iter().position(|column| column.name == name.as_str());
                let below = self.through(*id, depth + 1).columns;
                place.and_then(|place| below.get(place).copied()).unwrap_or_default()
            }
            None => false,
        }
    }

    fn query(&self, id: ViewId) -> Option<&'a Query> {
        match &self.schema.views.find(id)?.query.parsed {
            Some(ParsedBody::Query(query)) => Some(query),
            Some(ParsedBody::Statements(_)) | None => None,
        }
    }

    /// What each column of a query shows; `None` where they cannot be told apart.
    fn sources(&self, query: &Query) -> Option<Vec<Option<(RelationId, SmolStr)>>> {
        if query.form() == QueryForm::Combined {
            return None;
        }
        let Selection { items, from, .. } = query.selection()?;
        let mut sources = Vec::new();
        for item in items {
            match &item.source {
                ItemSource::Wildcard { qualifier } => {
                    for item in from.iter().filter(|item| is_named(item, qualifier.as_deref())) {
                        let relation = self.relation(item)?;
                        let columns = self.columns(relation).into_iter();
                        sources.extend(columns.map(|name| Some((relation, name.as_str().into()))));
                    }
                }
                ItemSource::Column { qualifier, name } => {
                    let found = from.iter().find_map(|item| {
                        let relation =
                            self.relation(item).filter(|_| is_named(item, qualifier.as_deref()))?;
                        let has = self.columns(relation).into_iter().any(|own| *own == **name);
                        has.then(|| (relation, name.clone()))
                    });
                    sources.push(found);
                }
                ItemSource::Value(_) => sources.push(None),
            }
        }
        Some(sources)
    }

    fn relation(&self, item: &FromItem) -> Option<RelationId> {
        let (schema, name) = item.relation.as_ref()?;
        let schema = schema.as_deref().unwrap_or(PUBLIC);
        self.relations.get(&QualifiedName::new(schema, name.as_str())).copied()
    }

    fn columns(&self, relation: RelationId) -> Vec<&'a Name> {
        match relation {
            RelationId::Table(id) => {
                let table = self.schema.tables.find(id);
                table.map_or(&[][..], |it| &it.columns).iter().map(|it| &it.name).collect()
            }
            RelationId::View(id) => {
                let view = self.schema.views.find(id);
                view.map_or(&[][..], |it| &it.columns).iter().map(|it| &it.name).collect()
            }
        }
    }
}

fn is_named(item: &FromItem, qualifier: Option<&str>) -> bool {
    qualifier.is_none_or(|qualifier| {
        item.alias == qualifier || qualifier.rsplit('.').next() == Some(item.alias.as_str())
    })
}
