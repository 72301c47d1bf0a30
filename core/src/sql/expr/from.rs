//! What stands in `FROM`: tables, functions, subqueries and their joins.

use std::sync::Arc;

use smol_str::SmolStr;

use super::cursor::Path;
use super::fault::{Fault, Read};
use super::query::{FromItem, Join, SelectItem, Selection};
use super::reader::{Named, Reader};
use super::refs::RelationRef;
use super::scopes::{Output, Source, SourceKind};
use super::select::Shape;
use super::tree::{Node, Simple};

/// A table, a function or a join that was read.
struct Factor {
    /// The name by which the query speaks of it; none for a join.
    alias: Option<SmolStr>,
    items: Vec<FromItem>,
    joined: bool,
}

/// What stands in brackets.
enum Inside {
    /// A query that may yet go on.
    Query(Shape),
    Join(Factor),
}

/// A function in `FROM`.
struct Rows {
    name: SmolStr,
    /// What it is, and the call; none where it is a form of SQL's own, which gives one value.
    function: Option<(SourceKind, Node)>,
}

/// `AS alias (a, b)`.
#[derive(Default)]
pub(super) struct Alias {
    pub(super) name: Option<SmolStr>,
    pub(super) columns: Vec<SmolStr>,
    /// The types of the columns, where they have any.
    types: Vec<SmolStr>,
}

impl Reader<'_> {
    /// The elements of `FROM` or `USING`.
    pub(super) fn tables(&mut self) -> Read<Vec<FromItem>> {
        let mut items = self.table_reference()?;
        while self.sql.eat_sign(",") {
            items.append(&mut self.table_reference()?);
        }
        Ok(items)
    }

    /// An element of `FROM` with its joins.
    pub(super) fn table_reference(&mut self) -> Read<Vec<FromItem>> {
        let first = self.factor()?;
        Ok(self.joins(first)?.items)
    }

    fn joins(&mut self, mut left: Factor) -> Read<Factor> {
        while self.begins_join() {
            left = self.join(left)?;
        }
        Ok(left)
    }

    fn begins_join(&self) -> bool {
        self.sql.is_any(&["join", "inner", "left", "right", "full", "cross", "natural"])
    }

    fn join(&mut self, mut left: Factor) -> Read<Factor> {
        let natural = self.sql.eat("natural");
        let cross = self.sql.eat("cross");
        let (left_null, right_null) = match self.sql.word(0) {
            "left" => (false, true),
            "right" => (true, false),
            "full" => (true, true),
            _ => (false, false),
        };
        if !cross && self.sql.eat_any(&["left", "right", "full"]) {
            self.sql.eat("outer");
        } else if !cross {
            self.sql.eat("inner");
        }
        self.sql.word_or("join", "`join` must stand here")?;
        let mut right = self.factor()?;
        let join = if natural {
            self.merges();
            Join::Natural
        } else if cross {
            Join::On
        } else {
            // `a join b join c on … on …`
            while self.begins_join() {
                right = self.deeper(|reader| reader.join(right))?;
            }
            self.joined(right.alias.as_ref())?
        };
        if let Some(first) = right.items.first_mut() {
            first.join = join;
        }
        for item in &mut left.items {
            item.nullable_side |= left_null;
        }
        for item in &mut right.items {
            item.nullable_side |= right_null;
        }
        left.items.append(&mut right.items);
        Ok(Factor { alias: None, items: left.items, joined: true })
    }

    fn merges(&mut self) {
        if let Some(scope) = self.opened() {
            scope.merged = true;
        }
    }

    /// What a join's condition says of columns.
    fn joined(&mut self, right: Option<&SmolStr>) -> Read<Join> {
        if self.sql.eat("on") {
            return self.partially(Self::expression).map(|_| Join::On);
        }
        if !self.sql.eat("using") {
            let fault = self.sql.missing("the join has no `on` and no `using`");
            return Err(fault.help("write `join t on condition`, or `cross join t`"));
        }
        self.merges();
        let columns = self.bracketed_list("`using` takes columns in brackets", |reader| {
            reader.target_column(right)
        })?;
        if self.sql.eat("as") {
            let alias = self.sql.column_name("a name must follow `as`")?;
            self.source(Source {
                alias: Some(alias),
                renamed: Vec::new(),
                kind: SourceKind::Unclear,
            });
        }
        Ok(Join::Using(columns))
    }

    /// A column that is named where only a certain source's can be: `insert into t (column)`.
    pub(super) fn target_column(&mut self, alias: Option<&SmolStr>) -> Read<SmolStr> {
        let start = self.sql.start();
        let quoted = self.sql.written(start..start + 1) == "\"";
        let name = self.sql.column_name("a column's name must stand here")?;
        if let Some(alias) = alias {
            let around = std::mem::replace(&mut self.partial, true);
            let qualifier = Some(alias.clone());
            self.note_column(Named { qualifier, name: name.clone(), start, quoted });
            self.partial = around;
        }
        Ok(name)
    }

    fn factor(&mut self) -> Read<Factor> {
        let lateral = self.sql.eat("lateral");
        if self.sql.at_sign("(") {
            return match self.bracketed_factor(lateral)? {
                Inside::Query(query) => self.derived(query),
                Inside::Join(factor) => Ok(factor),
            };
        }
        if self.sql.eat_all(&["rows", "from"]) {
            let missing = "`rows from` takes functions in brackets";
            self.partially(|reader| {
                reader.bracketed_list(missing, |reader| {
                    reader.rows_from()?;
                    if reader.sql.eat("as") { reader.column_definitions() } else { Ok(()) }
                })
            })?;
            self.sql.eat_all(&["with", "ordinality"]);
            let alias = self.alias_of(true)?;
            return Ok(self.unclear(alias));
        }
        if self.sql.is("graph_table") && self.sql.sign(1) == "(" {
            return Err(Fault::unknown("`graph_table` is not read here", self.sql.start()));
        }
        if let Some((form, columns)) = self.partially(Self::document_table)? {
            let Alias { name, columns: renamed, .. } = self.alias()?;
            let kind = self.rows_of(columns)?;
            return Ok(self.sourced(Some(name.unwrap_or(form.into())), renamed, kind));
        }
        if self.is_function() {
            return self.function_factor();
        }
        if lateral {
            return Err(self.sql.missing("a query or a function must follow `lateral`"));
        }
        let (alias, item) = self.relation_expression("a table's name must stand here", false)?;
        Ok(Factor { alias: Some(alias), items: vec![item], joined: false })
    }

    /// `(select …)`, `(a join b on …)`.
    fn bracketed_factor(&mut self, lateral: bool) -> Read<Inside> {
        self.deeper(|reader| {
            let start = reader.sql.start();
            reader.sql.advance();
            if reader.begins_query() {
                let query = if lateral {
                    reader.partially(Self::query)?
                } else {
                    reader.outside(Self::query)?
                };
                reader.close_query()?;
                return Ok(Inside::Query(query));
            }
            let first = if reader.sql.at_sign("(") {
                match reader.bracketed_factor(lateral)? {
                    Inside::Query(query) if reader.sql.eat_sign(")") => {
                        return Ok(Inside::Query(query));
                    }
                    Inside::Query(mut query) if reader.continues_query() => {
                        reader.outside(|reader| reader.continued_query(&mut query))?;
                        reader.close_query()?;
                        return Ok(Inside::Query(query));
                    }
                    Inside::Query(query) => reader.derived(query)?,
                    Inside::Join(factor) => factor,
                }
            } else {
                reader.factor()?
            };
            let inside = reader.joins(first)?;
            if !inside.joined {
                let message = "the brackets hold neither a query nor a join";
                return Err(Fault::wrong(message, start).help("remove them"));
            }
            reader.sql.close()?;
            let alias = reader.alias()?;
            let is_named = alias.name.is_some();
            Ok(Inside::Join(if is_named { reader.unclear(alias) } else { inside }))
        })
    }

    /// The alias of a query in brackets.
    fn derived(&mut self, query: Shape) -> Read<Factor> {
        let Alias { name, columns, .. } = self.alias()?;
        let kind = query.scope.map_or(SourceKind::Unclear, SourceKind::Query);
        // PostgreSQL calls a subquery without an alias by no name that anyone could write.
        let shown = name.clone().unwrap_or_default();
        self.source(Source { alias: Some(shown.clone()), renamed: columns.clone(), kind });
        let query = query.selection();
        let item = FromItem { query, renamed: columns, ..FromItem::named(shown) };
        Ok(Factor { alias: name, items: vec![item], joined: false })
    }

    fn unclear(&mut self, alias: Alias) -> Factor {
        self.sourced(alias.name, Vec::new(), SourceKind::Unclear)
    }

    fn sourced(
        &mut self,
        alias: Option<SmolStr>,
        renamed: Vec<SmolStr>,
        kind: SourceKind,
    ) -> Factor {
        self.source(Source { alias: alias.clone(), renamed, kind });
        let shown = alias.clone().unwrap_or_default();
        let item = FromItem::named(shown);
        Factor { alias, items: vec![item], joined: false }
    }

    /// Whether a function comes next, and no table.
    fn is_function(&self) -> bool {
        let mut ahead = 0;
        while self.sql.sign(ahead + 1) == "." && ahead < 8 {
            ahead += 2;
        }
        !self.sql.is("only") && self.sql.sign(ahead + 1) == "(" || self.session_value().is_some()
    }

    /// Whether what comes next is PostgreSQL's `func_name`.
    fn names_function(&self) -> bool {
        self.sql.sign(1) == "." || self.sql.is_type_name()
    }

    /// A call where rows are expected; what its alias would stand for.
    fn rows_from(&mut self) -> Read<Rows> {
        let start = self.sql.start();
        let place = self.refs.calls.len();
        if !self.names_function() {
            // A form such as `current_date`: one row of one value.
            let Some((_, figure)) = self.special(start)? else {
                return Err(self.sql.missing("a function must stand here"));
            };
            if let Some(call) = self.refs.calls.get_mut(place) {
                call.from = true;
            }
            return Ok(Rows { name: figure.firm().unwrap_or_default(), function: None });
        }
        let mut name = self.sql.label("a function's name must stand here")?;
        let mut schema = None;
        while self.sql.eat_sign(".") {
            let next = self.sql.label("a name must follow the dot")?;
            schema = Some(std::mem::replace(&mut name, next));
        }
        let (call, _) = self.call(schema.clone(), name.clone(), start, true)?;
        let kind = SourceKind::Function { schema, name: name.clone() };
        Ok(Rows { name, function: Some((kind, call)) })
    }

    fn function_factor(&mut self) -> Read<Factor> {
        let Rows { name, function } = self.partially(Self::rows_from)?;
        let ordinality = self.sql.eat_all(&["with", "ordinality"]);
        let Alias { name: alias, columns: renamed, types } = self.alias_of(true)?;
        let shown = alias.unwrap_or(name);
        let mut item = FromItem { renamed: renamed.clone(), ..FromItem::named(shown.clone()) };
        let kind = match function {
            Some((_, call)) if !types.is_empty() => {
                item.query = Some(defined(&renamed, types, &call));
                SourceKind::Unclear
            }
            Some((kind, call)) if !ordinality => {
                item.call = Some(call);
                kind
            }
            None if !ordinality => self.rows_of(vec![shown.clone()])?,
            Some(_) | None => SourceKind::Unclear,
        };
        self.source(Source { alias: Some(shown.clone()), renamed, kind });
        Ok(Factor { alias: Some(shown), items: vec![item], joined: false })
    }

    /// Rows of these columns, as those of a query.
    fn rows_of(&mut self, columns: Vec<SmolStr>) -> Read<SourceKind> {
        let (scope, ()) = self.in_scope(|reader, _| {
            reader.outputs(Some(columns.into_iter().map(Output::Named).collect()));
            Ok(())
        })?;
        Ok(SourceKind::Query(scope))
    }

    /// A table's name with its alias; `written`: a statement writes to it.
    pub(super) fn relation_expression(
        &mut self,
        missing: &str,
        written: bool,
    ) -> Read<(SmolStr, FromItem)> {
        let path = self.relation_path(missing)?;
        let alias = if written && self.sql.is("set") { Alias::default() } else { self.alias()? };
        if self.sql.eat("tablesample") {
            let missing = "a method must follow `tablesample`";
            if !self.names_function() {
                return Err(self.sql.missing(missing));
            }
            self.sql.path(missing)?;
            self.bracketed_list("a method's arguments must follow", Self::expression)?;
            if self.sql.eat("repeatable") {
                self.bracketed_list("`repeatable` takes a seed in brackets", Self::expression)?;
            }
        }
        Ok(self.named_relation(path, alias, written))
    }

    /// `t`, `only t`, `t *`.
    pub(super) fn relation_path(&mut self, missing: &str) -> Read<Path> {
        let only = self.sql.eat("only");
        let brackets = only && self.sql.eat_sign("(");
        let path = self.sql.path(missing)?;
        if brackets {
            self.sql.close()?;
        } else if !only {
            self.sql.eat_sign("*");
        }
        Ok(path)
    }

    /// What a name in `FROM` means: a `WITH` query or a relation.
    pub(super) fn named_relation(
        &mut self,
        path: Path,
        alias: Alias,
        written: bool,
    ) -> (SmolStr, FromItem) {
        let Path { schema, name, range } = path;
        let mut ctes = self.ctes.iter_mut().rev();
        let cte = ctes.find(|cte| !written && schema.is_none() && cte.name == name);
        let mut renamed = alias.columns;
        let shown = alias.name.unwrap_or_else(|| name.clone());
        let mut item = FromItem::named(shown.clone());
        let kind = match cte {
            Some(cte) => {
                cte.is_read = true;
                renamed.extend(cte.renamed.iter().skip(renamed.len()).cloned());
                item.query.clone_from(&cte.query);
                cte.scope.map_or(SourceKind::Unclear, SourceKind::Query)
            }
            None => {
                let kind = SourceKind::Relation { schema: schema.clone(), name: name.clone() };
                item.relation = Some((schema.clone(), name.clone()));
                self.refs.relations.push(RelationRef { schema, name, range, written });
                kind
            }
        };
        item.renamed.clone_from(&renamed);
        self.source(Source { alias: Some(shown.clone()), renamed, kind });
        (shown, item)
    }

    /// `AS t (a, b)`, if it comes next.
    pub(super) fn alias(&mut self) -> Read<Alias> {
        self.alias_of(false)
    }

    /// The same; behind a `function` the columns may have types: `AS t (a int, b text)`.
    fn alias_of(&mut self, function: bool) -> Read<Alias> {
        let said = self.sql.eat("as");
        if said && function && self.sql.at_sign("(") {
            self.sql.advance();
            let (columns, types) = self.column_definitions_inside()?;
            return Ok(Alias { name: None, columns, types });
        }
        if !said && !self.sql.is_column_name() {
            return Ok(Alias::default());
        }
        let name = Some(self.sql.column_name("a name must follow `as`")?);
        if !self.sql.eat_sign("(") {
            return Ok(Alias { name, ..Alias::default() });
        }
        if !function || matches!(self.sql.sign(1), "," | ")") {
            let missing = "a column's name must stand here";
            let columns = self.list(|reader| reader.sql.column_name(missing))?;
            self.sql.close()?;
            return Ok(Alias { name, columns, types: Vec::new() });
        }
        let (columns, types) = self.column_definitions_inside()?;
        Ok(Alias { name, columns, types })
    }

    fn column_definitions(&mut self) -> Read<()> {
        self.sql.sign_or("(", "columns in brackets must follow `as`")?;
        self.column_definitions_inside().map(|_| ())
    }

    /// `a int, b text)`: names and types.
    fn column_definitions_inside(&mut self) -> Read<(Vec<SmolStr>, Vec<SmolStr>)> {
        let mut types = Vec::new();
        let names = self.list(|reader| {
            let name = reader.sql.column_name("a column's name must stand here")?;
            types.push(reader.type_name("a column's type must stand here")?);
            if reader.sql.eat("collate") {
                reader.collation()?;
            }
            Ok(name)
        })?;
        self.sql.close()?;
        Ok((names, types))
    }
}

/// What a call gives whose columns and their types stand behind it.
fn defined(names: &[SmolStr], types: Vec<SmolStr>, call: &Node) -> Arc<Selection> {
    let items = names.iter().zip(types).map(|(name, ty)| {
        let part = |kind| Node { kind, range: call.range.clone() };
        let kind = Simple::Cast { expr: Box::new(part(Simple::Other)), ty };
        SelectItem::of(Some(name.clone()), part(kind))
    });
    Arc::new(Selection { items: items.collect(), from: Vec::new(), others: Vec::new() })
}
