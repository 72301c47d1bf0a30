//! Tables that are made of documents: PostgreSQL's `xmltable` and `json_table`.
//!
//! In: the words behind the form's name. Out: the names of its columns. Paths are texts that are not
//! looked into.

use smol_str::SmolStr;

use super::fault::Read;
use super::reader::Reader;
use crate::sql::lex::Kind;

impl Reader<'_> {
    /// The form that begins with the present word, and the names of the columns that it gives; none
    /// where no such form begins.
    pub(super) fn document_table(&mut self) -> Read<Option<(&'static str, Vec<SmolStr>)>> {
        let forms = ["xmltable", "json_table"];
        let Some(form) = forms.into_iter().find(|name| self.sql.is(name)) else {
            return Ok(None);
        };
        if self.sql.sign(1) != "(" {
            return Ok(None);
        }
        self.sql.advance();
        self.sql.advance();
        let mut columns = Vec::new();
        if form == "xmltable" {
            self.xml_table(&mut columns)?;
        } else {
            self.json_table(&mut columns)?;
        }
        self.sql.close()?;
        Ok(Some((form, columns)))
    }

    fn xml_table(&mut self, columns: &mut Vec<SmolStr>) -> Read<()> {
        if self.sql.eat("xmlnamespaces") {
            self.bracketed_list("`xmlnamespaces` takes a list in brackets", |reader| {
                if reader.sql.eat("default") {
                    return reader.bounded_expression().map(|_| ());
                }
                reader.bounded_expression()?;
                reader.sql.word_or("as", "a namespace needs a name: `'uri' as name`")?;
                reader.sql.label("a name must follow `as`").map(|_| ())
            })?;
            self.sql.sign_or(",", "a comma must follow the namespaces")?;
        }
        self.primary()?;
        self.sql.word_or("passing", "`xmltable` has no `passing`")?;
        self.xml_passed()?;
        self.sql.word_or("columns", "`xmltable` has no `columns`")?;
        self.list(|reader| reader.xml_column(columns))?;
        Ok(())
    }

    fn xml_column(&mut self, columns: &mut Vec<SmolStr>) -> Read<()> {
        if self.column_begins(columns)? {
            return Ok(());
        }
        loop {
            if self.sql.eat_any(&["path", "default"]) {
                self.bounded_expression()?;
            } else if !self.sql.eat("null") && !self.sql.eat_all(&["not", "null"]) {
                return Ok(());
            }
        }
    }

    fn json_table(&mut self, columns: &mut Vec<SmolStr>) -> Read<()> {
        self.json_value()?;
        self.sql.sign_or(",", "`json_table` wants a path behind the document")?;
        self.expression()?;
        self.path_name()?;
        if self.sql.eat("passing") {
            self.list(|reader| {
                reader.json_value()?;
                reader.sql.word_or("as", "what is passed needs a name: `1 as x`")?;
                reader.sql.label("a name must follow `as`")
            })?;
        }
        self.json_columns(columns, "`json_table` has no `columns (…)`")?;
        self.behaviours(&["error"])
    }

    fn json_columns(&mut self, columns: &mut Vec<SmolStr>, missing: &str) -> Read<()> {
        self.sql.word_or("columns", missing)?;
        let missing = "`columns` takes a list in brackets";
        self.bracketed_list(missing, |reader| reader.json_column(columns))?;
        Ok(())
    }

    fn json_column(&mut self, columns: &mut Vec<SmolStr>) -> Read<()> {
        if self.sql.is("nested") && (self.sql.word(1) == "path" || self.sql.kind(1) == Kind::Text) {
            self.sql.advance();
            self.sql.eat("path");
            self.path_text()?;
            self.path_name()?;
            return self
                .deeper(|reader| reader.json_columns(columns, "`nested` has no `columns (…)`"));
        }
        if self.column_begins(columns)? {
            return Ok(());
        }
        if self.sql.eat("exists") {
            if self.sql.eat("path") {
                self.path_text()?;
            }
            return self.behaviours(&["error"]);
        }
        self.json_format()?;
        if self.sql.eat("path") {
            self.path_text()?;
        }
        if self.sql.eat_any(&["with", "without"]) {
            self.sql.eat_any(&["conditional", "unconditional"]);
            self.sql.eat("array");
            self.sql.word_or("wrapper", "`wrapper` must stand here")?;
        }
        if self.sql.eat_any(&["keep", "omit"]) {
            self.sql.word_or("quotes", "`quotes` must stand here")?;
            self.sql.eat_all(&["on", "scalar", "string"]);
        }
        self.behaviours(&["empty", "error"])
    }

    /// A column's name and type; whether that is all, as for one that counts the rows.
    fn column_begins(&mut self, columns: &mut Vec<SmolStr>) -> Read<bool> {
        columns.push(self.sql.column_name("a column's name must stand here")?);
        let counts = self.sql.eat_all(&["for", "ordinality"]);
        if !counts {
            self.type_name("a column's type must stand here")?;
        }
        Ok(counts)
    }

    fn json_value(&mut self) -> Read<()> {
        self.expression()?;
        self.json_format()
    }

    fn json_format(&mut self) -> Read<()> {
        if self.sql.eat_all(&["format", "json"]) && self.sql.eat("encoding") {
            self.sql.column_name("an encoding must stand here")?;
        }
        Ok(())
    }

    fn path_text(&mut self) -> Read<()> {
        match self.sql.eat_text() {
            Some(_) => Ok(()),
            None => Err(self.sql.missing("a path must stand here, as a text in quotes")),
        }
    }

    fn path_name(&mut self) -> Read<()> {
        if self.sql.eat("as") {
            self.sql.column_name("a name must follow `as`")?;
        }
        Ok(())
    }

    /// What happens at each of these events, in their order: `null on empty error on error`.
    fn behaviours(&mut self, mut events: &[&str]) -> Read<()> {
        while !events.is_empty() && self.behaviour()? {
            self.sql.word_or("on", "`on` must stand here")?;
            let Some(at) = events.iter().position(|event| self.sql.eat(event)) else {
                return Err(self
                    .sql
                    .missing(&format!("`{}` must stand here", events.join("` or `"))));
            };
            events = events.get(at + 1..).unwrap_or_default();
        }
        Ok(())
    }

    fn behaviour(&mut self) -> Read<bool> {
        if self.sql.eat("default") {
            return self.expression().map(|_| true);
        }
        if self.sql.eat("empty") {
            self.sql.eat_any(&["array", "object"]);
            return Ok(true);
        }
        Ok(self.sql.eat_any(&["error", "false", "null", "true", "unknown"]))
    }
}
