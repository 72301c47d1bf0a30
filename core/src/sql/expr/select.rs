//! Queries: `select`, `values`, `table`, what joins them and what orders their rows.

use std::sync::Arc;

use smol_str::{SmolStr, ToSmolStr};

use super::fault::{Fault, Read};
use super::from::Alias;
use super::query::{FromItem, ItemSource, QueryForm, SelectItem, Selection};
use super::reader::{Cte, Figure, Reader};
use super::scopes::Output;
use super::tree::{Node, Simple};
use crate::sql::lex::Kind;
use crate::sql::types::{catalog_name, parse_type, resolve_base};

/// What is known of a query that was read.
pub(super) struct Shape {
    /// The scope whose outputs are its result.
    pub(super) scope: Option<usize>,
    /// Its columns, of the first branch of a `UNION`; none where it is no `SELECT`.
    pub(super) items: Option<Vec<SelectItem>>,
    /// Its own `FROM`, of the first branch.
    pub(super) from: Vec<FromItem>,
    /// What its other branches select, or its other rows.
    pub(super) others: Vec<Option<Arc<Selection>>>,
    pub(super) form: QueryForm,
}

impl Shape {
    pub(super) const fn of_scope(scope: Option<usize>) -> Self {
        Self { scope, items: None, from: Vec::new(), others: Vec::new(), form: QueryForm::Combined }
    }

    /// The name of its first column.
    pub(super) fn first_name(&self) -> Option<SmolStr> {
        self.items.as_ref()?.first()?.name.clone()
    }

    /// What it gives to whoever speaks of it.
    pub(super) fn selection(self) -> Option<Arc<Selection>> {
        let Self { items, from, others, .. } = self;
        items.map(|items| Arc::new(Selection { items, from, others }))
    }

    fn derive(&mut self) {
        if self.form == QueryForm::Rows {
            self.form = QueryForm::Derived;
        }
    }
}

/// An item of a `select` list, and the columns of the result that it gives.
struct Target {
    item: SelectItem,
    output: Option<Output>,
}

impl Reader<'_> {
    /// Whether a query begins with the present word.
    pub(super) fn begins_query(&self) -> bool {
        self.query_begins(0)
    }

    /// Whether a query begins with the word so many ahead.
    pub(super) fn query_begins(&self, ahead: usize) -> bool {
        match self.sql.word(ahead) {
            "select" | "with" | "table" => true,
            "values" => self.sql.sign(ahead + 1) == "(",
            _ => false,
        }
    }

    /// Whether a query in brackets goes on with the present word.
    pub(super) fn continues_query(&self) -> bool {
        self.sql.is_any(&[
            "union",
            "intersect",
            "except",
            "order",
            "limit",
            "offset",
            "fetch",
            "for",
        ])
    }

    /// Takes the bracket behind a query.
    pub(super) fn close_query(&mut self) -> Read<()> {
        if self.sql.eat_sign(")") { Ok(()) } else { Err(self.after_query()) }
    }

    /// Something stands behind a query that cannot.
    pub(super) fn after_query(&self) -> Fault {
        let fault = self.sql.unexpected();
        match self.sql.sign(0) {
            "," => Fault { message: "a comma cannot stand here".to_owned(), ..fault },
            ";" => Fault { message: "a semicolon cannot stand here".to_owned(), ..fault },
            _ if self.sql.is_any(&["from", "where", "group", "having"]) => {
                let help = "the order is `select`, `from`, `where`, `group by`, `having`, \
                            `order by`, `limit`";
                fault.help(help)
            }
            _ => fault,
        }
    }

    /// A query, or behind `with` a statement that writes.
    pub(super) fn query(&mut self) -> Read<Shape> {
        self.deeper(|reader| {
            reader.queries += 1;
            let visible = reader.ctes.len();
            let with = reader.sql.is("with");
            if with {
                reader.with()?;
            }
            let mut shape = if reader.begins_writing() {
                if reader.reads_only {
                    return Err(reader.sql.missing("a view only reads"));
                }
                Shape::of_scope(Some(reader.writing()?))
            } else {
                let mut shape = reader.branch()?;
                reader.rest_of_query(&mut shape)?;
                shape
            };
            if with {
                shape.derive();
            }
            reader.ctes.truncate(visible);
            reader.queries -= 1;
            Ok(shape)
        })
    }

    /// What follows a query in brackets that is a part of a greater one.
    pub(super) fn continued_query(&mut self, shape: &mut Shape) -> Read<()> {
        self.queries += 1;
        let scope = shape.scope.take();
        let result = self.rest_of_query(shape);
        shape.scope = scope;
        self.queries -= 1;
        result
    }

    fn rest_of_query(&mut self, shape: &mut Shape) -> Read<()> {
        while self.sql.eat_any(&["union", "intersect", "except"]) {
            self.sql.eat_any(&["all", "distinct"]);
            let other = self.branch()?;
            shape.others.push(other.selection());
            shape.form = QueryForm::Combined;
        }
        if self.sql.is("order") {
            let around = (self.scope, self.partial);
            if shape.scope.is_some() {
                (self.scope, self.partial) = (shape.scope, false);
            }
            self.ordered(shape.scope)?;
            (self.scope, self.partial) = around;
        }
        loop {
            match self.sql.word(0) {
                "limit" => {
                    self.sql.advance();
                    if !self.sql.eat("all") {
                        self.expression()?;
                    }
                    if self.sql.at_sign(",") {
                        return Err(self
                            .sql
                            .missing("PostgreSQL has no `limit a, b`")
                            .help("write `limit b offset a`"));
                    }
                }
                "offset" => {
                    self.sql.advance();
                    self.expression()?;
                    self.sql.eat_any(&["row", "rows"]);
                }
                "fetch" => {
                    self.sql.advance();
                    if !self.sql.eat_any(&["first", "next"]) {
                        return Err(self.sql.missing("`first` or `next` must follow `fetch`"));
                    }
                    if !matches!(self.sql.word(1), "only" | "with") {
                        self.expression()?;
                    }
                    if !self.sql.eat_any(&["row", "rows"]) {
                        return Err(self.sql.missing("`rows` must stand here"));
                    }
                    if !self.sql.eat_all(&["with", "ties"]) {
                        self.sql.word_or("only", "`only` or `with ties` must stand here")?;
                    }
                }
                "for" => {
                    self.sql.advance();
                    self.locking()?;
                    continue;
                }
                _ => return Ok(()),
            }
            shape.derive();
        }
    }

    /// `update of t skip locked`, behind `for`.
    fn locking(&mut self) -> Read<()> {
        let is_known = self.sql.eat_all(&["no", "key", "update"])
            || self.sql.eat_all(&["key", "share"])
            || self.sql.eat_all(&["read", "only"])
            || self.sql.eat_any(&["update", "share"]);
        if !is_known {
            return Err(self.sql.missing("after `for` comes `update` or `share`"));
        }
        if self.sql.eat("of") {
            self.list(|reader| reader.sql.path("a table's name must follow `of`"))?;
        }
        if !self.sql.eat("nowait") {
            self.sql.eat_all(&["skip", "locked"]);
        }
        Ok(())
    }

    fn with(&mut self) -> Read<()> {
        self.sql.advance();
        let is_name = self.sql.sign(1) == "(" || self.sql.word(1) == "as";
        let recursive = !is_name && self.sql.eat("recursive");
        self.list(|reader| reader.common_table(recursive)).map(|_| ())
    }

    fn common_table(&mut self, recursive: bool) -> Read<()> {
        let name = self.sql.column_name("a name must follow `with`")?;
        let renamed = self.names_in_brackets()?;
        self.sql.word_or("as", "`as` must follow the name behind `with`")?;
        if self.sql.eat("not") {
            self.sql.word_or("materialized", "`materialized` must follow `not`")?;
        } else {
            self.sql.eat("materialized");
        }
        self.sql.sign_or("(", "a query in brackets must follow `as`")?;
        let place = self.ctes.len();
        if recursive {
            let (name, renamed) = (name.clone(), renamed.clone());
            self.ctes.push(Cte { name, scope: None, query: None, renamed, is_read: false });
        }
        let mut shape = self.query()?;
        if self.ctes.get(place).is_some_and(|itself| itself.is_read) {
            // Its types are those of the first branch; PostgreSQL refuses others.
            shape.others.clear();
        }
        let (mut scope, mut query) = (shape.scope, shape.selection());
        self.close_query()?;
        if self.sql.is("search") || self.sql.is("cycle") {
            // They add columns.
            self.search_and_cycle()?;
            (scope, query) = (None, None);
        }
        self.ctes.truncate(place);
        self.ctes.push(Cte { name, scope, query, renamed, is_read: false });
        Ok(())
    }

    fn search_and_cycle(&mut self) -> Read<()> {
        const NAME: &str = "a column's name must stand here";
        if self.sql.eat("search") {
            self.sql.eat_any(&["depth", "breadth"]);
            self.sql.word_or("first", "`first` must stand here")?;
            self.sql.word_or("by", "`by` must stand here")?;
            self.list(|reader| reader.sql.column_name(NAME))?;
            self.sql.word_or("set", "`set` must stand here")?;
            self.sql.column_name(NAME)?;
        }
        if self.sql.eat("cycle") {
            self.list(|reader| reader.sql.column_name(NAME))?;
            self.sql.word_or("set", "`set` must stand here")?;
            self.sql.column_name(NAME)?;
            if self.sql.eat("to") {
                self.primary()?;
                self.sql.word_or("default", "`default` must stand here")?;
                self.primary()?;
            }
            self.sql.word_or("using", "`using` must stand here")?;
            self.sql.column_name(NAME)?;
        }
        Ok(())
    }

    /// `(a, b)`, if it comes next.
    pub(super) fn names_in_brackets(&mut self) -> Read<Vec<SmolStr>> {
        if !self.sql.at_sign("(") {
            return Ok(Vec::new());
        }
        let missing = "a column's name must stand here";
        self.bracketed_list(missing, |reader| reader.sql.column_name(missing))
    }

    /// One of the queries that `union` joins.
    fn branch(&mut self) -> Read<Shape> {
        match self.sql.word(0) {
            "select" => self.select(),
            "values" => self.values(),
            "table" => {
                self.sql.advance();
                let (scope, ()) = self.in_scope(|reader, _| {
                    let path = reader.relation_path("a table's name must follow `table`")?;
                    reader.named_relation(path, Alias::default(), false);
                    reader.outputs(Some(vec![Output::Wildcard(None)]));
                    Ok(())
                })?;
                Ok(Shape::of_scope(Some(scope)))
            }
            _ if self.sql.at_sign("(") => {
                self.sql.advance();
                let shape = self.query()?;
                self.close_query()?;
                Ok(Shape { form: QueryForm::Combined, ..shape })
            }
            _ => Err(self.sql.missing("a query must stand here: `select`, `values` or `with`")),
        }
    }

    fn values(&mut self) -> Read<Shape> {
        self.sql.advance();
        let (scope, (items, others)) = self.in_scope(|reader, _| {
            let missing = "a row in brackets must follow `values`";
            let first = reader.bracketed_list(missing, Self::expression)?;
            let count = first.len();
            let mut others = Vec::new();
            while reader.sql.eat_sign(",") {
                let row = reader.bracketed_list(missing, Self::expression)?;
                if row.len() != count {
                    let offset = reader.sql.start();
                    return Err(Fault::wrong("the rows of `values` differ in length", offset));
                }
                let items = row.into_iter().map(|node| SelectItem::of(None, node)).collect();
                others.push(Shape { items: Some(items), ..Shape::of_scope(None) }.selection());
            }
            let name = |at| format!("column{at}").to_smolstr();
            reader.outputs(Some((1..=count).map(|at| Output::Named(name(at))).collect()));
            let items = first.into_iter().zip(1..);
            let items = items.map(|(node, at)| SelectItem::of(Some(name(at)), node)).collect();
            Ok((items, others))
        })?;
        Ok(Shape { items: Some(items), others, ..Shape::of_scope(Some(scope)) })
    }

    fn select(&mut self) -> Read<Shape> {
        self.sql.advance();
        let around = std::mem::take(&mut self.gathers);
        let (scope, mut shape) = self.in_scope(Self::selected)?;
        shape.scope = Some(scope);
        if self.gathers {
            shape.derive();
        }
        self.gathers = around;
        Ok(shape)
    }

    /// What follows `select`.
    fn selected(&mut self, scope: usize) -> Read<Shape> {
        let mut form = QueryForm::Rows;
        if self.sql.eat("distinct") {
            form = QueryForm::Derived;
            if self.sql.eat("on") {
                let missing = "`distinct on` takes values in brackets";
                self.bracketed_list(missing, |reader| reader.grouped(scope))?;
            }
        } else {
            self.sql.eat("all");
        }
        // FROM first would be SQL's order; the text's order is what readers expect.
        let none = form == QueryForm::Rows && self.ends_targets();
        let items = if none { Vec::new() } else { self.targets()? };
        if self.reads_only && self.sql.is("into") {
            return Err(self.sql.missing("a view only reads"));
        }
        if self.sql.eat("into") {
            self.sql.eat_any(&["temporary", "temp", "unlogged"]);
            self.sql.eat("table");
            self.sql.path("a table's name must follow `into`")?;
        }
        let mut from = Vec::new();
        if self.sql.eat("from") {
            from = self.tables()?;
        }
        self.condition()?;
        if self.sql.eat("group") {
            form = QueryForm::Derived;
            self.sql.word_or("by", "`by` must follow `group`")?;
            self.sql.eat_any(&["all", "distinct"]);
            self.list(|reader| reader.group(scope))?;
        }
        if self.sql.eat("having") {
            form = QueryForm::Derived;
            self.expression()?;
        }
        if self.sql.eat("window") {
            self.list(|reader| {
                reader.sql.column_name("a window's name must stand here")?;
                reader.sql.word_or("as", "`as` must follow a window's name")?;
                reader.window()
            })?;
        }
        Ok(Shape { scope: None, items: Some(items), from, others: Vec::new(), form })
    }

    /// `where`, if it comes next.
    pub(super) fn condition(&mut self) -> Read<()> {
        if self.sql.eat("where") {
            self.expression()?;
        }
        Ok(())
    }

    fn group(&mut self, scope: usize) -> Read<()> {
        if self.sql.at_sign("(") && self.sql.sign(1) == ")" {
            self.sql.advance();
            self.sql.advance();
            return Ok(());
        }
        if self.sql.are(&["grouping", "sets"]) {
            self.sql.advance();
            self.sql.advance();
            let missing = "`grouping sets` takes them in brackets";
            return self.deeper(|reader| {
                reader.bracketed_list(missing, |reader| reader.group(scope)).map(|_| ())
            });
        }
        if self.sql.is_any(&["rollup", "cube"]) && self.sql.sign(1) == "(" {
            self.sql.advance();
            return self.bracketed_list("", |reader| reader.grouped(scope)).map(|_| ());
        }
        self.grouped(scope)
    }

    /// What rows are grouped by.
    fn grouped(&mut self, scope: usize) -> Read<()> {
        self.result_expression(Some(scope)).map(|_| ())
    }

    /// `order by …`.
    pub(super) fn order_by(&mut self) -> Read<Vec<Node>> {
        self.ordered(None)
    }

    fn ordered(&mut self, result: Option<usize>) -> Read<Vec<Node>> {
        self.sql.word_or("order", "`order by` must stand here")?;
        self.sql.word_or("by", "`by` must follow `order`")?;
        self.list(|reader| {
            let node = reader.result_expression(result)?;
            reader.direction()?;
            Ok(node)
        })
    }

    /// `desc nulls last`.
    pub(super) fn direction(&mut self) -> Read<()> {
        if self.sql.eat("using") {
            self.operator_name()?;
        } else {
            self.sql.eat_any(&["asc", "desc"]);
        }
        if self.sql.eat("nulls") && !self.sql.eat_any(&["first", "last"]) {
            return Err(self.sql.missing("`first` or `last` must follow `nulls`"));
        }
        Ok(())
    }

    /// An expression of which a bare name may be a column of the query's result too.
    fn result_expression(&mut self, result: Option<usize>) -> Read<Node> {
        let node = self.expression()?;
        if let (Simple::Column { qualifier: None, .. }, Some(column)) =
            (&node.kind, self.refs.columns.last_mut())
        {
            column.result = result;
        }
        Ok(node)
    }

    fn ends_targets(&self) -> bool {
        self.sql.is_end()
            || matches!(self.sql.sign(0), ")" | ";")
            || self.continues_query()
            || self.sql.is_any(&["into", "from", "where", "group", "having", "window"])
    }

    /// The items of a `select` list or of `returning`; their columns are the scope's.
    pub(super) fn targets(&mut self) -> Read<Vec<SelectItem>> {
        let targets = self.list(Self::select_item)?;
        let mut items = Vec::with_capacity(targets.len());
        let mut outputs = Some(Vec::with_capacity(targets.len()));
        for Target { item, output } in targets {
            items.push(item);
            outputs = outputs.zip(output).map(|(mut list, output)| {
                list.push(output);
                list
            });
        }
        self.outputs(outputs);
        Ok(items)
    }

    fn select_item(&mut self) -> Read<Target> {
        if self.sql.eat_sign("*") {
            return Ok(wildcard(None));
        }
        let node = self.expression()?;
        let figure = std::mem::take(&mut self.figure);
        let is_alias = match self.sql.kind(0) {
            Kind::Quoted => true,
            Kind::Word => !NEEDS_AS.contains(&self.sql.word(0)),
            _ => false,
        };
        let alias = if self.sql.eat("as") {
            Some(self.sql.label("a name must follow `as`")?)
        } else if is_alias {
            self.sql.any_name()
        } else {
            None
        };
        if let Figure::Columns(qualifier) = figure {
            return Ok(wildcard(Some(qualifier)));
        }
        let fields = figure == Figure::Fields;
        let name = alias.or_else(|| figure_name(figure));
        let output = match (&name, fields) {
            (_, true) => None,
            (Some(name), false) => Some(Output::Named(name.clone())),
            (None, false) => Some(Output::Nameless),
        };
        Ok(Target { item: SelectItem::of(name, node), output })
    }
}

fn wildcard(qualifier: Option<SmolStr>) -> Target {
    let source = ItemSource::Wildcard { qualifier: qualifier.clone() };
    let item = SelectItem { name: None, source };
    Target { item, output: Some(Output::Wildcard(qualifier)) }
}

impl SelectItem {
    pub(super) fn of(name: Option<SmolStr>, node: Node) -> Self {
        let source = match node.kind {
            Simple::Column { qualifier, name } => ItemSource::Column { qualifier, name },
            kind => ItemSource::Value(Node { kind, ..node }),
        };
        Self { name, source }
    }
}

/// The name that PostgreSQL gives a column without `AS`; none for its `?column?`.
pub(super) fn figure_name(figure: Figure) -> Option<SmolStr> {
    match figure {
        Figure::Cast(ty) => {
            let ty = parse_type(&ty).ok()?;
            let base = resolve_base(&ty).ok()?;
            Some(base.map_or(ty.name, |ty| catalog_name(ty.base).into()))
        }
        Figure::Case => Some(SmolStr::new_static("case")),
        figure => figure.firm(),
    }
}

/// The words that name a column only behind `AS`.
const NEEDS_AS: &[&str] = &[
    "array",
    "as",
    "char",
    "character",
    "create",
    "day",
    "except",
    "fetch",
    "filter",
    "for",
    "from",
    "grant",
    "group",
    "having",
    "hour",
    "intersect",
    "into",
    "isnull",
    "limit",
    "minute",
    "month",
    "notnull",
    "offset",
    "on",
    "order",
    "over",
    "overlaps",
    "precision",
    "returning",
    "second",
    "to",
    "union",
    "varying",
    "where",
    "window",
    "with",
    "within",
    "without",
    "year",
];
