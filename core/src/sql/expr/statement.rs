//! Statements that write, and bodies in `language sql`.

use smol_str::SmolStr;

use super::fault::Read;
use super::from::Alias;
use super::reader::{Figure, Reader};
use super::scopes::{Source, SourceKind};
use super::tree::Simple;

/// How the statements begin that name nothing that schemagen orders or checks.
const COMMANDS: &[&str] = &[
    "abort",
    "alter",
    "analyse",
    "analyze",
    "begin",
    "call",
    "checkpoint",
    "close",
    "cluster",
    "comment",
    "commit",
    "copy",
    "create",
    "deallocate",
    "declare",
    "discard",
    "do",
    "drop",
    "end",
    "execute",
    "explain",
    "fetch",
    "grant",
    "import",
    "listen",
    "load",
    "lock",
    "move",
    "notify",
    "prepare",
    "reassign",
    "refresh",
    "reindex",
    "release",
    "reset",
    "revoke",
    "rollback",
    "savepoint",
    "security",
    "set",
    "show",
    "start",
    "truncate",
    "unlisten",
    "vacuum",
];

impl Reader<'_> {
    /// The statements of a body; how many they are. What is no query names nothing that schemagen orders
    /// or checks, and is passed over.
    pub(super) fn statements(&mut self) -> Read<usize> {
        if self.sql.eat("return") {
            self.queries += 1;
            self.expression()?;
            self.sql.eat_sign(";");
            return if self.sql.is_end() { Ok(1) } else { Err(self.sql.unexpected()) };
        }
        let atomic = self.sql.eat_all(&["begin", "atomic"]);
        let mut count = 0;
        loop {
            while self.sql.eat_sign(";") {}
            if self.sql.is_end() {
                return if atomic {
                    Err(self.sql.missing("`begin atomic` has no `end`"))
                } else {
                    Ok(count)
                };
            }
            if atomic && self.sql.is("end") {
                self.sql.advance();
                self.sql.eat_sign(";");
                return if self.sql.is_end() { Ok(count) } else { Err(self.sql.unexpected()) };
            }
            self.statement()?;
            count += 1;
            let last = atomic && self.sql.is("end");
            if !(last || self.sql.at_sign(";") || self.sql.is_end()) {
                return Err(self.after_query());
            }
        }
    }

    fn statement(&mut self) -> Read<()> {
        if self.begins_query() || self.begins_writing() || self.sql.at_sign("(") {
            return self.query().map(|_| ());
        }
        if COMMANDS.contains(&self.sql.word(0)) {
            while !self.sql.at_sign(";") && !self.sql.is_end() {
                self.sql.advance();
            }
            return Ok(());
        }
        let missing = "a statement must stand here: `select`, `insert`, `update`, `delete` …";
        Err(self.sql.missing(missing))
    }

    pub(super) fn begins_writing(&self) -> bool {
        self.sql.is_any(&["insert", "update", "delete", "merge"])
    }

    /// A statement that writes; the scope whose outputs are its result.
    pub(super) fn writing(&mut self) -> Read<usize> {
        let (scope, ()) = self.in_scope(|reader, _| {
            let word = SmolStr::from(reader.sql.word(0));
            reader.sql.advance();
            match &*word {
                "insert" => reader.insert(),
                "update" => reader.update(),
                "delete" => reader.delete(),
                _ => reader.merge(),
            }
        })?;
        Ok(scope)
    }

    fn insert(&mut self) -> Read<()> {
        self.sql.word_or("into", "`into` must follow `insert`")?;
        let path = self.sql.path("a table's name must follow `into`")?;
        let (schema, name) = (path.schema.clone(), path.name.clone());
        let mut alias = Alias::default();
        if self.sql.eat("as") {
            alias.name = Some(self.sql.column_name("a name must follow `as`")?);
        }
        let (alias, _) = self.named_relation(path, alias, true);
        let kind = SourceKind::Relation { schema, name };
        let excluded = SmolStr::new_static("excluded");
        self.source(Source { alias: Some(excluded), renamed: Vec::new(), kind });
        if self.sql.at_sign("(") && self.sql.sign(1) != "(" && !self.query_begins(1) {
            self.target_columns(&alias)?;
        }
        if self.sql.eat("overriding") {
            self.sql.eat_any(&["user", "system"]);
            self.sql.word_or("value", "`value` must stand here")?;
        }
        if self.sql.eat("default") {
            self.sql.word_or("values", "`values` must follow `default`")?;
        } else {
            self.outside(Self::query)?;
        }
        self.partially(|reader| {
            if reader.sql.eat_all(&["on", "conflict"]) {
                reader.conflict(&alias)?;
            }
            reader.returning()
        })
    }

    /// `(a, b.c, d[1])`: columns that are written.
    fn target_columns(&mut self, alias: &SmolStr) -> Read<()> {
        let target = |reader: &mut Self| reader.target(alias);
        self.bracketed_list("columns in brackets must stand here", target).map(|_| ())
    }

    /// A column that is written, or a part of it.
    fn target(&mut self, alias: &SmolStr) -> Read<()> {
        let start = self.sql.start();
        self.target_column(Some(alias))?;
        let node = self.node(Simple::Other, start);
        self.indirection(node, Figure::Nameless).map(|_| ())
    }

    /// What follows `on conflict`.
    fn conflict(&mut self, alias: &SmolStr) -> Read<()> {
        if self.sql.eat_all(&["on", "constraint"]) {
            self.sql.column_name("a constraint's name must stand here")?;
        } else if self.sql.at_sign("(") {
            self.bracketed_list("", |reader| {
                if reader.sql.at_sign("(") || reader.sql.sign(1) == "(" {
                    reader.primary()?;
                } else {
                    reader.target_column(Some(alias))?;
                }
                if reader.sql.eat("collate") {
                    reader.collation()?;
                }
                if reader.sql.is_column_name() {
                    reader.sql.path("an operator class must stand here")?;
                }
                reader.direction()
            })?;
            self.condition()?;
        }
        self.sql.word_or("do", "after `on conflict` comes `do nothing` or `do update set`")?;
        if self.sql.eat("nothing") {
            return Ok(());
        }
        self.sql.word_or("update", "after `do` comes `nothing` or `update`")?;
        self.set(alias)?;
        self.condition()
    }

    /// `set a = 1, (b, c) = (2, 3)`.
    fn set(&mut self, alias: &SmolStr) -> Read<()> {
        self.sql.word_or("set", "`set` must stand here")?;
        self.list(|reader| {
            if reader.sql.at_sign("(") {
                reader.target_columns(alias)?;
            } else {
                reader.target(alias)?;
            }
            reader.sql.sign_or("=", "`=` must follow the column that is set")?;
            reader.expression()
        })
        .map(|_| ())
    }

    fn update(&mut self) -> Read<()> {
        let missing = "a table's name must follow `update`";
        let (alias, _) = self.relation_expression(missing, true)?;
        self.set(&alias)?;
        if self.sql.eat("from") {
            self.tables()?;
        }
        self.where_or_current()?;
        self.returning()
    }

    fn delete(&mut self) -> Read<()> {
        self.sql.word_or("from", "`from` must follow `delete`")?;
        self.relation_expression("a table's name must follow `from`", true)?;
        if self.sql.eat("using") {
            self.tables()?;
        }
        self.where_or_current()?;
        self.returning()
    }

    fn where_or_current(&mut self) -> Read<()> {
        if self.sql.eat_all(&["where", "current", "of"]) {
            return self.sql.column_name("a cursor's name must stand here").map(|_| ());
        }
        self.condition()
    }

    fn returning(&mut self) -> Read<()> {
        if !self.sql.eat("returning") {
            self.outputs(Some(Vec::new()));
            return Ok(());
        }
        if self.sql.is("with") && self.sql.sign(1) == "(" {
            // `returning with (old as o, new as n)`
            self.sql.advance();
            self.bracketed_list("", |reader| {
                reader.sql.eat_any(&["old", "new"]);
                reader.sql.word_or("as", "`as` must stand here")?;
                let alias = Some(reader.sql.column_name("a name must follow `as`")?);
                reader.source(Source { alias, renamed: Vec::new(), kind: SourceKind::Unclear });
                Ok(())
            })?;
        }
        self.targets().map(|_| ())
    }

    fn merge(&mut self) -> Read<()> {
        self.sql.word_or("into", "`into` must follow `merge`")?;
        let (alias, _) = self.relation_expression("a table's name must follow `into`", true)?;
        self.sql.word_or("using", "`merge` has no `using`")?;
        self.table_reference()?;
        self.sql.word_or("on", "`merge` has no `on`")?;
        self.expression()?;
        if !self.sql.is("when") {
            return Err(self.sql.missing("`merge` has no `when`"));
        }
        while self.sql.eat("when") {
            self.partially(|reader| reader.merge_clause(&alias))?;
        }
        self.partially(Self::returning)
    }

    fn merge_clause(&mut self, alias: &SmolStr) -> Read<()> {
        let new = self.sql.eat("not");
        self.sql.word_or("matched", "after `when` comes `matched` or `not matched`")?;
        if new && self.sql.eat("by") && !self.sql.eat_any(&["source", "target"]) {
            return Err(self.sql.missing("`source` or `target` must stand here"));
        }
        if self.sql.eat("and") {
            self.expression()?;
        }
        self.sql.word_or("then", "`when` has no `then`")?;
        if self.sql.eat("update") {
            return self.set(alias);
        }
        if self.sql.eat("delete") || self.sql.eat_all(&["do", "nothing"]) {
            return Ok(());
        }
        let missing = "after `then` comes `insert`, `update`, `delete` or `do nothing`";
        self.sql.word_or("insert", missing)?;
        if !new {
            return Err(self.sql.missing("a row that matched cannot be inserted"));
        }
        if self.sql.at_sign("(") {
            self.target_columns(alias)?;
        }
        if self.sql.eat("overriding") {
            self.sql.eat_any(&["user", "system"]);
            self.sql.word_or("value", "`value` must stand here")?;
        }
        if self.sql.eat_all(&["default", "values"]) {
            return Ok(());
        }
        self.sql.word_or("values", "`insert` has no `values`")?;
        self.bracketed_list("a row in brackets must follow `values`", Self::expression).map(|_| ())
    }
}
