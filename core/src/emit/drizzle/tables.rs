//! Tables and views as exported constants.
//!
//! In: tables and views with their fields. Out: `export const users = pgTable(…)`, laid out as prettier
//! leaves it; each line knows its object.

use std::fmt::Write;

use smol_str::SmolStr;

use super::columns::{Columns, text};
use super::extras::{Extras, inline_key};
use super::names::column_key;
use crate::emit::lang::layout::{WIDTH, push_spaces, width};
use crate::emit::lang::{Expr, typescript};
use crate::emit::template::Marked;
use crate::schema::{
    Column, ConstraintKind, Name, ObjectId, QualifiedName, RowSecurity, Table, TableId, View,
    ViewId,
};

/// The constructor of a relation: alone, or a method of its PostgreSQL schema.
struct Opening {
    /// `export const users =`.
    head: String,
    /// `pgTable`, or the constant of the schema and its method.
    schema: Option<SmolStr>,
    function: &'static str,
    /// The name in SQL, quoted.
    name: SmolStr,
    /// A call behind the constructor.
    behind: &'static str,
    /// What hangs on the relation.
    extras: Vec<(ObjectId, Expr)>,
}

impl<'a> Columns<'a> {
    /// A table. `later` says of a table whether it is declared behind this one.
    pub(super) fn table(
        &mut self,
        id: TableId,
        table: &'a Table,
        later: impl Fn(TableId) -> bool,
    ) -> Marked {
        let has_policies = self.policies.contains_key(&id);
        let Extras { calls, missing } = self.extras(id, table);
        let is_secured = table.row_security != RowSecurity::Disabled && !has_policies;
        let is_later = table.constraints.iter().any(|it| match &it.kind {
            ConstraintKind::ForeignKey(key) => key.target != id && later(key.target),
            _ => false,
        });
        // TypeScript cannot infer types of tables that speak of each other.
        let closure = if is_later { "(table): PgTableExtraConfigValue[]" } else { "(table)" };
        if is_later && !calls.is_empty() {
            self.imports.insert("type PgTableExtraConfigValue");
        }
        let missing = missing.iter().map(|what| format!("Only in the database: {what}."));
        let missing: Vec<String> = missing.collect();
        let comment = self.comment(table.comment.as_deref()).into_iter();
        let paragraphs: Vec<&str> = comment.chain(missing.iter().map(String::as_str)).collect();
        let opening = self.opening(
            ("Table", &table.name),
            "export ",
            ["pgTable", "table"],
            if is_secured { "enableRLS" } else { "" },
            calls,
        );
        let mut out = Marked::default();
        out.write(|text| text.push_str(&typescript::doc(&paragraphs, 0)));
        let lines = opening.lines(&mut out, table.columns.is_empty());
        let keys = self.keys.get(&id).into_iter().flatten();
        let primary = inline_key(table);
        for (place, (column, key)) in table.columns.iter().zip(keys).enumerate() {
            let instead = column.deprecated.as_ref().map(|it| typescript::deprecated(it));
            let comment = self.comment(column.comment.as_deref()).into_iter();
            let paragraphs: Vec<&str> = comment.chain(instead.as_deref()).collect();
            let object = ObjectId::Column(id, place as u32);
            let is_primary = primary == Some(&column.name);
            out.write_for(object, |text| {
                lines.write(text, &paragraphs, key, |text, at| {
                    self.write(text, column, is_primary, at);
                });
            });
        }
        opening.end(&mut out, lines, closure);
        out.of(ObjectId::Table(id))
    }

    /// A table that others own, with the columns that are spoken of.
    pub(super) fn external(&mut self, id: TableId, table: &Table, columns: &[&Name]) -> Marked {
        let names = ("Table", &table.name);
        let opening = self.opening(names, "", ["pgTable", "table"], "", Vec::new());
        let spoken = |it: &&Column| columns.contains(&&it.name);
        let mut out = Marked::default();
        let lines = opening.lines(&mut out, !table.columns.iter().any(|it| spoken(&it)));
        for column in table.columns.iter().filter(spoken) {
            let key = column_key(&column.name, self.settings.case);
            let code = self.typed(&column.name, &column.ty, false);
            out.write(|text| lines.write(text, &[], &key, |text, at| write(text, &code, at)));
        }
        opening.end(&mut out, lines, "(table)");
        out.of(ObjectId::Table(id))
    }

    /// A view, which drizzle-kit leaves alone.
    pub(super) fn view(&mut self, id: ViewId, view: &View) -> Marked {
        let functions = if view.materialized {
            ["pgMaterializedView", "materializedView"]
        } else {
            ["pgView", "view"]
        };
        let names = ("View", &view.name);
        let opening = self.opening(names, "export ", functions, "existing", Vec::new());
        let mut out = Marked::default();
        out.write(|text| text.push_str(&self.doc(view.comment.as_deref())));
        let lines = opening.lines(&mut out, view.columns.is_empty());
        for column in &view.columns {
            let mut code = match &column.ty {
                Some(ty) => self.typed(&column.name, ty, false),
                None => {
                    self.call("text", vec![text(&column.name)]).then("$type<unknown>", Vec::new())
                }
            };
            if !column.nullable {
                code = code.then("notNull", Vec::new());
            }
            let comment = self.comment(column.comment.as_deref());
            let key = column_key(&column.name, self.settings.case);
            out.write(|text| {
                lines.write(text, comment.as_slice(), &key, |text, at| write(text, &code, at));
            });
        }
        opening.end(&mut out, lines, "(table)");
        out.of(ObjectId::View(id))
    }

    /// A comment, if comments are wanted.
    pub(super) fn comment<'c>(&self, comment: Option<&'c str>) -> Option<&'c str> {
        comment.filter(|_| self.settings.comments)
    }

    /// `pgTable`, or the method of the PostgreSQL schema's constant.
    fn opening(
        &mut self,
        (kind, name): (&'static str, &QualifiedName),
        export: &str,
        [function, method]: [&'static str; 2],
        behind: &'static str,
        extras: Vec<(ObjectId, Expr)>,
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
            head: [export, "const ", &constant, " ="].concat(),
            schema,
            function,
            name: typescript::string(&name.name),
            behind,
            extras,
        }
    }
}

impl Opening {
    /// Whether the constructor is a link of a chain that prettier breaks.
    const fn is_chain(&self) -> bool {
        self.schema.is_some() && !self.behind.is_empty()
    }

    fn constructor(&self) -> String {
        match &self.schema {
            Some(_) if self.is_chain() => format!(".{}", self.function),
            Some(schema) => format!("{schema}.{}", self.function),
            None => self.function.to_owned(),
        }
    }

    /// Writes what stands before the columns, and gives where they stand.
    fn lines(&self, out: &mut Marked, is_empty: bool) -> Lines {
        let constructor = self.constructor();
        let outer = if self.is_chain() { 2 } else { 0 };
        let before = if self.is_chain() { 2 } else { width(&self.head) + 1 };
        let fits = before + width(&constructor) + width(&self.name) + 4 <= WIDTH;
        // The columns' brace stands on the constructor's line.
        let is_hugged = self.extras.is_empty() && fits;
        out.write(|text| {
            text.push_str(&self.head);
            text.push(' ');
            if let (Some(schema), true) = (&self.schema, self.is_chain()) {
                let _ = write!(text, "{schema}\n{:outer$}", "");
            }
            let name = &self.name;
            let _ = if is_hugged {
                let line_end = if is_empty { "" } else { "\n" };
                write!(text, "{constructor}({name}, {{{line_end}")
            } else {
                write!(text, "{constructor}(\n{:outer$}  {name},\n{:outer$}  {{\n", "", "")
            };
        });
        let indent = if is_hugged { outer + 2 } else { outer + 4 };
        Lines { indent, outer: if is_empty { 0 } else { outer }, is_hugged }
    }

    /// Writes what stands behind the columns; `closure` gives the extras.
    fn end(self, out: &mut Marked, lines: Lines, closure: &'static str) {
        let Lines { indent, outer, is_hugged } = lines;
        out.write(|text| {
            push_spaces(text, outer);
            text.push_str(if is_hugged { "})" } else { "  },\n" });
        });
        let behind = self.behind;
        let is_chain = self.is_chain();
        if !self.extras.is_empty() {
            write_extras(out, closure, self.extras, indent - 2);
        }
        out.write(|text| {
            if !is_hugged {
                push_spaces(text, outer);
                text.push(')');
            }
            if is_chain {
                let _ = write!(text, "\n{:outer$}.{behind}()", "");
            } else if !behind.is_empty() {
                text.extend([".", behind, "()"]);
            }
            text.push_str(";\n");
        });
    }
}

/// Where a relation's columns stand.
#[derive(Debug, Clone, Copy)]
struct Lines {
    /// How deep.
    indent: usize,
    /// How deep the relation itself.
    outer: usize,
    /// Whether their brace stands on the constructor's line.
    is_hugged: bool,
}

impl Lines {
    /// Writes a column: its comment, its key, and what `write` gives for its builder, which hears how deep
    /// its line is and where it begins there.
    fn write(
        self,
        text: &mut String,
        doc: &[&str],
        key: &str,
        write: impl FnOnce(&mut String, [usize; 2]),
    ) {
        text.push_str(&typescript::doc(doc, self.indent));
        push_spaces(text, self.indent);
        let start = text.len();
        typescript::push_key(text, key);
        text.push(':');
        let column = self.indent + text.get(start..).map_or(0, width);
        write(text, [self.indent, column]);
        text.push_str(",\n");
    }
}

fn write(text: &mut String, code: &Expr, [indent, column]: [usize; 2]) {
    code.write_assigned(text, indent, column, 1);
}

/// Writes the closure that gives what hangs on a table, behind `indent` spaces.
fn write_extras(
    out: &mut Marked,
    closure: &'static str,
    extras: Vec<(ObjectId, Expr)>,
    indent: usize,
) {
    let pad = " ".repeat(indent);
    let (objects, calls): (Vec<_>, Vec<_>) = extras.into_iter().unzip();
    // No call is shorter than that of a policy.
    let may_fit = calls.len() * "pgPolicy(\"\")".len() <= WIDTH;
    if may_fit && !calls.iter().any(Expr::must_break) {
        let flat: Vec<String> = calls.iter().map(Expr::flat).collect();
        let flat = format!("{pad}{closure} => [{}],\n", flat.join(", "));
        // The line break counts for the comma that closes the line.
        if width(&flat) - 1 <= WIDTH {
            return match objects.as_slice() {
                [only] => out.write_for(*only, |text| text.push_str(&flat)),
                _ => out.write(|text| text.push_str(&flat)),
            };
        }
    }
    out.write(|text| {
        let _ = writeln!(text, "{pad}{closure} => [");
    });
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
