//! Structs of fields, as sqlx reads and writes them.
//!
//! In: fields, and the types of what they hold. Out: their structs, one line or more for each field, which
//! knows its column. Shared with whoever writes structs beside those of tables: callers of functions.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Settings;
use super::types::{Carried, Types};
use crate::diagnostic::Diagnostics;
use crate::emit::EmitInput;
use crate::emit::exports::check_fields;
use crate::emit::lang::rust;
use crate::emit::shapes::{Field, Presence};
use crate::emit::template::Marked;
use crate::schema::ColumnType;
use crate::sql::ident::quote_ident;

/// What a module needs where [`Structs::reads_given`].
pub(in crate::emit) const GIVEN: &str = "/// A key that is there, `null` or not.
fn given<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}";

/// Writes structs, and notes what they need.
pub(in crate::emit) struct Structs<'a> {
    input: &'a EmitInput<'a>,
    settings: Settings,
    /// The types of fields.
    pub(in crate::emit) types: Types<'a>,
    /// Names of fields as structs have them, as code says them, and as SQL does: most tables have an `id`.
    names: FxHashMap<SmolStr, [SmolStr; 3]>,
    /// Whether serde reads a field by [`GIVEN`].
    pub(in crate::emit) reads_given: bool,
    /// What there is to say of them.
    pub(in crate::emit) sink: &'a mut Diagnostics,
}

/// A field as structs have it.
#[derive(Debug)]
pub(in crate::emit) struct Line<'a> {
    /// What it is.
    pub(in crate::emit) field: &'a Field,
    /// As code says it.
    pub(in crate::emit) ident: SmolStr,
    /// Its column as SQL says it.
    pub(in crate::emit) sql: SmolStr,
    /// Whether serde and sqlx take the name for that of the column: both leave `r#` out, and a name that is
    /// no ASCII may be written in two ways.
    is_own: bool,
    /// Its type.
    pub(in crate::emit) carried: Carried,
    /// What is said of it.
    doc: String,
}

impl<'a> Structs<'a> {
    /// Structs with fields of these types.
    pub(in crate::emit) fn new(
        input: &'a EmitInput<'a>,
        types: Types<'a>,
        settings: Settings,
        sink: &'a mut Diagnostics,
    ) -> Self {
        let names = FxHashMap::default();
        Self { input, settings, types, names, reads_given: false, sink }
    }

    /// The fields of an item. Complains of two that get the same name.
    pub(in crate::emit) fn lines<'b>(
        &mut self,
        fields: &'b [Field],
        types: &[Option<&ColumnType>],
    ) -> Vec<Line<'b>> {
        let mut names = Vec::with_capacity(fields.len());
        let mut lines = Vec::with_capacity(fields.len());
        for (field, ty) in fields.iter().zip(types) {
            let [name, ident, sql] = self.names(field.name());
            let is_alias = *field.name() != field.column;
            let sql = if is_alias { quote_ident(&field.column).into() } else { sql };
            let is_own = name == field.column.as_str() && name.is_ascii();
            names.push(name);
            let carried = match ty {
                Some(ty) => self.types.written(ty),
                None => self.types.of(None),
            };
            let deprecated = field.deprecated.as_ref().map(|why| format!("Deprecated. {why}"));
            let note = carried.cast.is_some().then(|| match ty {
                Some(ty) => as_text(ty, self.input),
                None => "As text: its type is not known.".to_owned(),
            });
            let notes = deprecated.into_iter().chain(note).collect();
            let doc = self.doc(field.comment.as_deref(), notes, 4);
            lines.push(Line { field, ident, sql, is_own, carried, doc });
        }
        check_fields(self.input, names.iter().zip(fields), self.sink);
        lines
    }

    /// A field's name as structs have it, as code says that, and the name as SQL says it.
    fn names(&mut self, field: &SmolStr) -> [SmolStr; 3] {
        if let Some(known) = self.names.get(field) {
            return known.clone();
        }
        let name: SmolStr = rust::field(field).into();
        let made = [name.clone(), rust::ident(&name), quote_ident(field).into()];
        self.names.insert(field.clone(), made.clone());
        made
    }

    /// A struct behind its head, which ends with its name.
    pub(in crate::emit) fn structure(
        &mut self,
        out: &mut Marked,
        head: &str,
        lines: &[Line<'_>],
        kind: Kind,
    ) {
        let mut lines =
            lines.iter().filter(|it| kind.presence(it.field) != Presence::Never).peekable();
        let is_empty = lines.peek().is_none();
        out.write(|text| {
            text.extend([head, if is_empty { " {}\n" } else { " {\n" }]);
        });
        for line in lines {
            let wraps = kind.wraps(line.field);
            let options = usize::from(line.field.nullable) + usize::from(wraps);
            let mut serde = Vec::new();
            let rename =
                (!line.is_own).then(|| format!("rename = {}", rust::string(&line.field.column)));
            if self.settings.serde {
                serde.extend(rename.as_deref());
                if wraps {
                    serde.extend(["default", "skip_serializing_if = \"Option::is_none\""]);
                }
                if wraps && line.field.nullable {
                    self.reads_given = true;
                    serde.push("deserialize_with = \"given\"");
                }
            }
            out.write_for(line.field.object, |text| {
                if kind.is_documented() {
                    text.push_str(&line.doc);
                }
                if let (Some(rename), Kind::Row) = (&rename, kind) {
                    text.push_str(&rust::attribute("sqlx", &[rename], 4));
                }
                if !serde.is_empty() {
                    text.push_str(&rust::attribute("serde", &serde, 4));
                }
                rust::write_member(text, &line.ident, &line.carried.ty, options, 4);
            });
        }
        if !is_empty {
            out.write(|text| text.push_str("}\n"));
        }
    }

    /// The attribute that derives these traits, and serde's where they are asked for.
    pub(in crate::emit) fn derives(&self, common: &[&str], own: &[&str]) -> String {
        let serde: &[&str] = if self.settings.serde { &["Serialize", "Deserialize"] } else { &[] };
        rust::attribute("derive", &[common, serde, own].concat(), 0)
    }

    /// The documentation of an item: its comment, and what else is said of it.
    pub(in crate::emit) fn doc(
        &self,
        comment: Option<&str>,
        notes: Vec<String>,
        indent: usize,
    ) -> String {
        let comment = comment.filter(|_| self.settings.comments);
        rust::doc(comment.into_iter().chain(notes.iter().map(String::as_str)), indent)
    }
}

/// What a struct is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emit) enum Kind {
    /// A value of a composite type.
    Value,
    /// A row as it is read.
    Row,
    /// A row to insert.
    Insert,
    /// Changes of a row.
    Update,
    /// Arguments of a function.
    Args,
}

impl Kind {
    const fn presence(self, field: &Field) -> Presence {
        match self {
            Self::Value | Self::Row => Presence::Required,
            Self::Insert | Self::Args => field.insert,
            Self::Update => field.update,
        }
    }

    /// Whether it says what there is to say of its fields; for others, the row does.
    const fn is_documented(self) -> bool {
        match self {
            Self::Value | Self::Row | Self::Args => true,
            Self::Insert | Self::Update => false,
        }
    }

    /// Whether a field may be left out, and that is not the same as null.
    pub(in crate::emit) fn wraps(self, field: &Field) -> bool {
        match self {
            Self::Value | Self::Row => false,
            Self::Insert | Self::Args => {
                field.insert == Presence::Optional && !(field.nullable && field.null_by_default)
            }
            Self::Update => true,
        }
    }
}

impl Line<'_> {
    /// The cast of what is read.
    pub(in crate::emit) fn read(&self) -> &'static str {
        self.carried.cast.as_ref().map_or("", |cast| cast.read)
    }

    /// The cast of what is written.
    pub(in crate::emit) fn write(&self) -> &str {
        self.carried.cast.as_ref().map_or("", |cast| &cast.write)
    }
}

/// The columns of fields as a query reads them.
pub(in crate::emit) fn columns(lines: &[Line<'_>]) -> String {
    let mut out = String::with_capacity(lines.len() * 16);
    for line in lines {
        out.push_str(if out.is_empty() { "" } else { ", " });
        out.push_str(&line.sql);
        out.push_str(line.read());
    }
    out
}

/// What is said of a type that travels as text.
pub(in crate::emit) fn as_text(ty: &ColumnType, input: &EmitInput<'_>) -> String {
    format!("As text: `{}`.", crate::ddl::part::data_type(input.schema, ty))
}
