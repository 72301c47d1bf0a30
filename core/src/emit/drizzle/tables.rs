//! Tables and views as exported constants.
//!
//! In: tables and views with their fields. Out: `export const users = pgTable(…)`, laid out as prettier
//! leaves it; each line knows its object.

use std::fmt::Write;

use super::columns::Columns;
use super::extras::{Extras, inline_key};
use super::names::column_key;
use crate::emit::lang::layout::{WIDTH, push_spaces, width};
use crate::emit::lang::{Expr, typescript};
use crate::emit::template::Marked;
use crate::schema::{
    ConstraintKind, Name, ObjectId, QualifiedName, RowSecurity, Table, TableId, View, ViewId,
};

/// The constructor of a relation: alone, or a method of its PostgreSQL schema.
struct Opening {
    /// `export const users =`.
    head: String,
    /// `pgTable`, or the constant of the schema and its method.
    schema: Option<String>,
    function: &'static str,
    /// The name in SQL, quoted.
    name: String,
    /// A call behind the constructor.
    behind: &'static str,
}

/// A line of a relation's columns: its object, its comment, its key, its builder.
type Line = (Option<ObjectId>, String, String, Expr);

impl Columns<'_> {
    /// A table. `later` says of a table whether it is declared behind this one.
    pub(super) fn table(
        &mut self,
        id: TableId,
        table: &Table,
        later: impl Fn(TableId) -> bool,
    ) -> Marked {
        let has_policies = self.policies.contains_key(&id);
        let extras = self.extras(id, table);
        let is_secured = table.row_security != RowSecurity::Disabled && !has_policies;
        let opening = self.opening(
            ("Table", &table.name),
            "export ",
            ["pgTable", "table"],
            if is_secured { "enableRLS" } else { "" },
        );
        let indent = opening.indent(!extras.calls.is_empty());
        let mut lines: Vec<Line> = Vec::new();
        for (place, column) in table.columns.iter().enumerate() {
            let mut paragraphs = Vec::new();
            if self.settings.comments {
                paragraphs.extend(column.comment.as_ref().map(ToString::to_string));
            }
            if let Some(instead) = &column.deprecated {
                paragraphs.push(format!("@deprecated {instead}").trim_end().to_owned());
            }
            let key =
                column_key(column.alias.as_deref().unwrap_or(&column.name), self.settings.case);
            let code = self.column(column, inline_key(table, &column.name));
            lines.push((
                Some(ObjectId::Column(id, place as u32)),
                typescript::doc(&paragraphs, indent),
                typescript::key(&key),
                code,
            ));
        }
        let is_later = table.constraints.iter().any(|it| match &it.kind {
            ConstraintKind::ForeignKey(key) => key.target != id && later(key.target),
            _ => false,
        });
        // TypeScript cannot infer types of tables that speak of each other.
        let closure = if is_later { "(table): PgTableExtraConfigValue[]" } else { "(table)" };
        if is_later && !extras.calls.is_empty() {
            self.imports.insert("type PgTableExtraConfigValue");
        }
        let mut paragraphs = Vec::new();
        if self.settings.comments {
            paragraphs.extend(table.comment.as_ref().map(ToString::to_string));
        }
        let missing = extras.missing.iter();
        paragraphs.extend(missing.map(|what| format!("Only in the database: {what}.")));
        let mut out = Marked::default();
        out.write(|text| text.push_str(&typescript::doc(&paragraphs, 0)));
        write_relation(&mut out, &opening, lines, closure, extras);
        out.of(ObjectId::Table(id))
    }

    /// A table that others own, with the columns that are spoken of.
    pub(super) fn external(&mut self, id: TableId, table: &Table, columns: &[&Name]) -> Marked {
        let opening = self.opening(("Table", &table.name), "", ["pgTable", "table"], "");
        let spoken = table.columns.iter().filter(|it| columns.contains(&&it.name));
        let lines = spoken
            .map(|it| {
                let key = typescript::key(&column_key(&it.name, self.settings.case));
                (None, String::new(), key, self.typed(&it.name, &it.ty, false))
            })
            .collect();
        let mut out = Marked::default();
        write_relation(&mut out, &opening, lines, "(table)", Extras::default());
        out.of(ObjectId::Table(id))
    }

    /// A view, which drizzle-kit leaves alone.
    pub(super) fn view(&mut self, id: ViewId, view: &View) -> Marked {
        let functions = if view.materialized {
            ["pgMaterializedView", "materializedView"]
        } else {
            ["pgView", "view"]
        };
        let opening = self.opening(("View", &view.name), "export ", functions, "existing");
        let indent = opening.indent(false);
        let mut lines: Vec<Line> = Vec::new();
        for column in &view.columns {
            let comment = column.comment.as_ref().filter(|_| self.settings.comments);
            let doc = typescript::doc(
                &comment.map(ToString::to_string).into_iter().collect::<Vec<_>>(),
                indent,
            );
            let mut code = match &column.ty {
                Some(ty) => self.typed(&column.name, ty, false),
                None => {
                    let name = Expr::atom(typescript::string(&column.name));
                    self.call("text", vec![name]).then("$type<unknown>", Vec::new())
                }
            };
            if !column.nullable {
                code = code.then("notNull", Vec::new());
            }
            let key = typescript::key(&column_key(&column.name, self.settings.case));
            lines.push((None, doc, key, code));
        }
        let mut out = Marked::default();
        let comment = view.comment.as_ref().filter(|_| self.settings.comments);
        let paragraphs: Vec<String> = comment.map(ToString::to_string).into_iter().collect();
        out.write(|text| text.push_str(&typescript::doc(&paragraphs, 0)));
        write_relation(&mut out, &opening, lines, "(table)", Extras::default());
        out.of(ObjectId::View(id))
    }

    /// `pgTable`, or the method of the PostgreSQL schema's constant.
    fn opening(
        &mut self,
        (kind, name): (&'static str, &QualifiedName),
        export: &str,
        [function, method]: [&'static str; 2],
        behind: &'static str,
    ) -> Opening {
        let constant = self.names.of(kind, name);
        let schema = (!name.is_public()).then(|| self.names.suffixed("Schema", &name.schema));
        let function = if schema.is_some() {
            method
        } else {
            self.imports.insert(function);
            function
        };
        Opening {
            head: format!("{export}const {constant} ="),
            schema,
            function,
            name: typescript::string(&name.name),
            behind,
        }
    }
}

impl Opening {
    /// Whether the constructor is a link of a chain that prettier breaks.
    const fn is_chain(&self) -> bool {
        self.schema.is_some() && !self.behind.is_empty()
    }

    /// Whether the columns' brace stands on the constructor's line.
    fn is_hugged(&self, has_extras: bool) -> bool {
        let constructor = self.constructor();
        let before = if self.is_chain() { 2 } else { width(&self.head) + 1 };
        !has_extras && before + width(&constructor) + width(&self.name) + 4 <= WIDTH
    }

    fn constructor(&self) -> String {
        match &self.schema {
            Some(_) if self.is_chain() => format!(".{}", self.function),
            Some(schema) => format!("{schema}.{}", self.function),
            None => self.function.to_owned(),
        }
    }

    /// How deep the columns stand.
    fn indent(&self, has_extras: bool) -> usize {
        let chain = if self.is_chain() { 2 } else { 0 };
        chain + if self.is_hugged(has_extras) { 2 } else { 4 }
    }
}

/// Writes the statement of a relation.
fn write_relation(
    out: &mut Marked,
    opening: &Opening,
    lines: Vec<Line>,
    closure: &'static str,
    extras: Extras,
) {
    let has_extras = !extras.calls.is_empty();
    let hugged = opening.is_hugged(has_extras);
    let indent = opening.indent(has_extras);
    let outer = " ".repeat(if opening.is_chain() { 2 } else { 0 });
    out.write(|text| {
        text.push_str(&opening.head);
        text.push(' ');
        if let (Some(schema), true) = (&opening.schema, opening.is_chain()) {
            let _ = write!(text, "{schema}\n{outer}");
        }
        let constructor = opening.constructor();
        let _ = if hugged {
            let line_end = if lines.is_empty() { "" } else { "\n" };
            write!(text, "{constructor}({}, {{{line_end}", opening.name)
        } else {
            write!(text, "{constructor}(\n{outer}  {},\n{outer}  {{\n", opening.name)
        };
    });
    let outer = if lines.is_empty() { String::new() } else { outer };
    for (object, doc, key, code) in lines {
        let write_line = |text: &mut String| {
            text.push_str(&doc);
            push_spaces(text, indent);
            text.push_str(&key);
            text.push(':');
            code.write_assigned(text, indent, indent + width(&key) + 1, 1);
            text.push_str(",\n");
        };
        match object {
            Some(object) => out.write_for(object, write_line),
            None => out.write(write_line),
        }
    }
    out.write(|text| {
        let _ = if hugged { write!(text, "{outer}}})") } else { writeln!(text, "{outer}  }},") };
    });
    if has_extras {
        write_extras(out, closure, extras, indent - 2);
    }
    out.write(|text| {
        if !hugged {
            let _ = write!(text, "{outer})");
        }
        if opening.is_chain() {
            let _ = write!(text, "\n{outer}.{}()", opening.behind);
        } else if !opening.behind.is_empty() {
            let _ = write!(text, ".{}()", opening.behind);
        }
        text.push_str(";\n");
    });
}

/// Writes the closure that gives what hangs on a table, behind `indent` spaces.
fn write_extras(out: &mut Marked, closure: &'static str, extras: Extras, indent: usize) {
    let pad = " ".repeat(indent);
    let (objects, calls): (Vec<_>, Vec<_>) = extras.calls.into_iter().unzip();
    let array = Expr::Array(calls);
    let flat = format!("{pad}{closure} => {},\n", array.flat());
    // The line break counts for the comma that closes the line.
    if width(&flat) - 1 <= WIDTH && !array.must_break() {
        return match objects.as_slice() {
            [only] => out.write_for(*only, |text| text.push_str(&flat)),
            _ => out.write(|text| text.push_str(&flat)),
        };
    }
    out.write(|text| {
        let _ = writeln!(text, "{pad}{closure} => [");
    });
    let Expr::Array(calls) = array else { return };
    for (object, call) in objects.into_iter().zip(calls) {
        out.write_for(object, |text| {
            push_spaces(text, indent + 2);
            call.write(text, indent + 2, indent + 2, 1);
            text.push_str(",\n");
        });
    }
    out.write(|text| {
        let _ = writeln!(text, "{pad}],");
    });
}
