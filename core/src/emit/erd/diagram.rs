//! What the diagram shows: the schema's tables, those of others that keys lead to, and the keys.
//!
//! In: the schema. Out: a [`Diagram`] with texts and cardinalities, and with it a place for everything,
//! for whoever draws it: the SVG here, a canvas elsewhere. Draws nothing.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::layout::{self, Block, Layout, Link};
use crate::ddl::part;
use crate::emit::shapes::is_unique;
use crate::schema::{
    Column, ConstraintKind, Name, ObjectId, Ownership, QualifiedName, RefAction, Schema, Table,
    TableId,
};
use crate::sort;

/// Which columns are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// All of them.
    All,
    /// Those of primary and foreign keys.
    Keys,
}

/// Tables and how they refer to each other.
#[derive(Debug, Clone, Default)]
pub struct Diagram {
    /// The PostgreSQL schemas that tables are of, and an empty name for all that others made; the group
    /// of a table is a position here.
    pub groups: Vec<String>,
    /// The tables.
    pub entities: Vec<Entity>,
    /// The foreign keys.
    pub relations: Vec<Relation>,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Entity {
    /// Which one.
    pub table: TableId,
    /// Its full name.
    pub name: QualifiedName,
    /// Its group.
    pub group: usize,
    /// Whether it is made by others; then only the columns that keys lead to are shown.
    pub is_external: bool,
    /// Its columns.
    pub rows: Vec<Row>,
    /// `COMMENT ON TABLE`; may be empty.
    pub comment: String,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where it is declared.
    pub object: ObjectId,
    /// Its name.
    pub name: SmolStr,
    /// Its type, as SQL writes it, without `public`.
    pub ty: SmolStr,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether it is of the primary key.
    pub is_primary: bool,
    /// Whether it is of a foreign key.
    pub is_foreign: bool,
    /// Whether it is unique by itself.
    pub is_unique: bool,
    /// `COMMENT ON COLUMN`; may be empty.
    pub comment: String,
}

/// A foreign key.
#[derive(Debug, Clone)]
pub struct Relation {
    /// The constraint.
    pub object: ObjectId,
    /// Its name.
    pub name: String,
    /// The entity that refers, and its row.
    pub from: (usize, usize),
    /// The entity that is referred to, and its row.
    pub to: (usize, usize),
    /// The referring columns.
    pub columns: Vec<String>,
    /// Whether no two rows refer to the same one.
    pub is_unique: bool,
    /// Whether rows may refer to none.
    pub is_optional: bool,
    /// What happens when the row referred to is deleted.
    pub on_delete: RefAction,
}

impl Diagram {
    /// The diagram of a schema.
    pub fn new(schema: &Schema, shown: Shown) -> Self {
        let keys = || {
            let constraints = schema.owned_tables().flat_map(|(id, table)| {
                table.constraints.iter().enumerate().map(move |(at, it)| (id, table, at, it))
            });
            constraints.filter_map(|(id, table, at, it)| match &it.kind {
                ConstraintKind::ForeignKey(key) => Some((id, table, at, it, key)),
                _ => None,
            })
        };
        let referred = sort::set(
            keys().flat_map(|(.., key)| key.target_columns.iter().map(|name| (key.target, name))),
        );
        let mut diagram = Self::default();
        let mut tables: Vec<TableId> = schema.owned_tables().map(|(id, _)| id).collect();
        let known = sort::set(tables.iter().copied());
        let others = sort::set(referred.iter().map(|(id, _)| *id));
        tables.extend(others.difference(&known));
        for id in tables {
            let Some(table) = schema.tables.find(id) else { continue };
            let is_shown = |name: &Name| referred.contains(&(id, name));
            let entity = diagram.entity(schema, id, table, shown, is_shown);
            diagram.entities.push(entity);
        }
        let places: FxHashMap<TableId, usize> =
            diagram.entities.iter().enumerate().map(|(at, it)| (it.table, at)).collect();
        for (id, table, at, constraint, key) in keys() {
            let end = |id: TableId, column: Option<&Name>| {
                let entity = *places.get(&id)?;
                let rows = &diagram.entities.get(entity)?.rows;
                Some((
                    entity,
                    rows.iter()
                        .position(|it| column.is_some_and(|name| it.name == name.as_str()))?,
                ))
            };
            let (Some(from), Some(to)) =
                (end(id, key.columns.first()), end(key.target, key.target_columns.first()))
            else {
                continue;
            };
            let nullable = |name: &Name| table.column(name).is_some_and(|(_, it)| it.nullable);
            diagram.relations.push(Relation {
                object: ObjectId::Constraint(id, at as u32),
                name: constraint.name.to_string(),
                from,
                to,
                columns: key.columns.iter().map(ToString::to_string).collect(),
                is_unique: is_unique(table, key),
                is_optional: key.columns.iter().any(nullable),
                on_delete: key.on_delete,
            });
        }
        diagram
    }

    fn entity(
        &mut self,
        schema: &Schema,
        id: TableId,
        table: &Table,
        shown: Shown,
        is_referred: impl Fn(&Name) -> bool,
    ) -> Entity {
        let is_external = table.ownership == Ownership::External;
        let group = if is_external { "" } else { table.name.schema.as_str() };
        let group = self.groups.iter().position(|known| known == group).unwrap_or_else(|| {
            self.groups.push(group.to_owned());
            self.groups.len() - 1
        });
        let keys = table.constraints.iter().filter_map(|it| match &it.kind {
            ConstraintKind::ForeignKey(key) => Some(&key.columns),
            _ => None,
        });
        let foreign = sort::set(keys.flatten());
        let unique = |name: &Name| {
            table.constraints.iter().any(|it| match &it.kind {
                ConstraintKind::Unique { columns, .. } => {
                    matches!(columns.as_slice(), [only] if only == name)
                }
                _ => false,
            })
        };
        let row = |(at, column): (usize, &Column)| {
            let name = &column.name;
            let (is_primary, is_foreign) =
                (table.primary_key().contains(name), foreign.contains(name));
            let is_shown = match shown {
                _ if is_external => is_referred(name),
                Shown::All => true,
                Shown::Keys => is_primary || is_foreign || is_referred(name),
            };
            is_shown.then(|| Row {
                object: ObjectId::Column(id, at as u32),
                name: name.clone().into_text(),
                ty: shown_type(part::data_type(schema, &column.ty)),
                nullable: column.nullable,
                is_primary,
                is_foreign,
                is_unique: unique(name),
                comment: column.comment.as_deref().unwrap_or_default().to_owned(),
            })
        };
        Entity {
            table: id,
            name: table.name.clone(),
            group,
            is_external,
            rows: table.columns.iter().enumerate().filter_map(row).collect(),
            comment: table.comment.as_deref().unwrap_or_default().to_owned(),
        }
    }

    /// A place for everything: blocks are the entities, routes the relations.
    pub fn layout(&self) -> Layout {
        let blocks: Vec<Block> = self
            .entities
            .iter()
            .map(|it| Block { group: it.group, width: it.width(), height: it.height() })
            .collect();
        let port = |row: usize| row_top(row) + ROW_HEIGHT / 2;
        let links: Vec<Link> = self
            .relations
            .iter()
            .map(|it| Link {
                from: it.from.0,
                from_port: port(it.from.1),
                to: it.to.0,
                to_port: port(it.to.1),
            })
            .collect();
        layout::place(&blocks, &links)
    }
}

/// How high the name of a table is.
pub const HEADER_HEIGHT: i32 = 34;
/// How high a column is.
pub const ROW_HEIGHT: i32 = 22;
/// Between the frame of a table and its texts.
pub const PADDING: i32 = 12;
/// What stands before the name of a column: `PK`, `FK`.
pub const BADGE_WIDTH: i32 = 26;
/// Between a column's name and its type.
const TYPE_GAP: i32 = 20;
const WIDEST: i32 = 420;

impl Entity {
    /// Its name; of a table of others, which has no frame, behind its schema's.
    pub fn title(&self) -> String {
        let name = &self.name;
        if self.is_external {
            format!("{}.{}", name.schema, name.name)
        } else {
            name.name.to_string()
        }
    }

    fn width(&self) -> i32 {
        let rows = self.rows.iter().map(|row| {
            BADGE_WIDTH + width(&row.name, 13.0) + TYPE_GAP + width(&row.type_text(), 12.0)
        });
        let title = width(&self.title(), 14.5);
        (rows.chain([title]).max().unwrap_or_default() + 2 * PADDING).clamp(140, WIDEST)
    }

    fn height(&self) -> i32 {
        row_top(self.rows.len()) + if self.rows.is_empty() { 0 } else { 6 }
    }
}

impl Row {
    /// Its type, with a mark where it may be null.
    pub fn type_text(&self) -> SmolStr {
        if self.nullable { [&self.ty, "?"].concat().into() } else { self.ty.clone() }
    }
}

/// Where a row begins, below the top of its table. PostgreSQL's tables end at 1600 columns.
pub fn row_top(row: usize) -> i32 {
    HEADER_HEIGHT + ROW_HEIGHT * i32::try_from(row.min(1600)).unwrap_or_default()
}

fn shown_type(ty: SmolStr) -> SmolStr {
    match ty.strip_prefix("public.") {
        Some(short) => short.into(),
        None => ty,
    }
}

/// About how wide a text is in a sans-serif font of a size.
pub fn width(text: &str, size: f64) -> i32 {
    let em: f64 = if text.is_ascii() {
        text.bytes().filter_map(|byte| EM.get(usize::from(byte))).sum()
    } else {
        text.chars().map(em).sum()
    };
    (em * size).ceil() as i32
}

/// About how wide a character is, of what the size of its font is.
const fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '\'' | '|' | '!' | '.' | ',' | ':' | ';' => 0.27,
        'f' | 'r' | 't' | 'I' | '(' | ')' | '[' | ']' | '-' | ' ' | '/' => 0.36,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.86,
        'A'..='Z' => 0.68,
        '_' | '0'..='9' | '?' => 0.57,
        '\u{1100}'.. => 1.0,
        _ => 0.56,
    }
}

/// [`em`] of ASCII, which most texts are.
#[expect(clippy::indexing_slicing, reason = "a constant")]
const EM: [f64; 128] = {
    let mut all = [0.0; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        all[byte as usize] = em(byte as char);
        byte += 1;
    }
    all
};

/// As much of a text as fits, with an ellipsis where that is not all.
pub fn fitted(text: &str, size: f64, room: i32) -> Cow<'_, str> {
    if width(text, size) <= room {
        return text.into();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if width(&kept, size) + width("…", size) + size as i32 > room {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept.into()
}
