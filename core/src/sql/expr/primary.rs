//! What operators stand between: names, constants, brackets, `case`, `array`. PostgreSQL's `c_expr`.

use smol_str::{SmolStr, format_smolstr};

use super::fault::{Fault, Read};
use super::reader::{Figure, Named, Reader};
use super::select::Shape;
use super::tree::{Comparison, Literal, Node, Simple};
use crate::sql::lex::Kind;

/// Bytes of the longest operand of `case` that is repeated in each condition.
const LONGEST_REPEATED: usize = 500;

/// What stands in brackets.
pub(super) enum Bracketed {
    /// A query.
    Query(Box<Shape>),
    /// Several values.
    Row(Vec<Node>),
    /// One value.
    Value(Node),
}

impl Reader<'_> {
    pub(super) fn primary(&mut self) -> Read<Node> {
        let start = self.sql.start();
        let (node, figure) = match self.sql.kind(0) {
            Kind::Number => {
                let literal = number(self.sql.written(start..self.sql.peek(0).end));
                self.sql.advance();
                let kind = literal.map_or(Simple::Other, Simple::Literal);
                (self.node(kind, start), Figure::Nameless)
            }
            Kind::Text => {
                let text = self.sql.eat_text().unwrap_or_default();
                let kind = Simple::Literal(Literal::String(text));
                (self.node(kind, start), Figure::Nameless)
            }
            Kind::Bits => {
                self.sql.advance();
                (self.node(Simple::Other, start), Figure::Nameless)
            }
            Kind::Parameter => self.parameter(start)?,
            Kind::Quoted => self.named(start)?,
            Kind::Word => self.word(start)?,
            Kind::Symbol if self.sql.at_sign("(") => {
                let bracketed = self.bracketed()?;
                let node = self.bracket_value(bracketed, start)?;
                let figure = std::mem::take(&mut self.figure);
                (node, figure)
            }
            _ => return Err(self.sql.no_value()),
        };
        self.figure = figure;
        Ok(node)
    }

    fn parameter(&mut self, start: u32) -> Read<(Node, Figure)> {
        let name = self.sql.written(start..self.sql.peek(0).end);
        if !self.parameters {
            let message = format!("`{name}` stands for nothing: there are no parameters here");
            return Err(Fault::wrong(message, start));
        }
        self.sql.advance();
        self.refs.parameters.push((name.into(), self.sql.since(start)));
        let node = self.node(Simple::Other, start);
        self.indirection(node, Figure::Nameless)
    }

    fn word(&mut self, start: u32) -> Read<(Node, Figure)> {
        let literal = match self.sql.word(0) {
            "null" => Some(Literal::Null),
            "true" => Some(Literal::Bool(true)),
            "false" => Some(Literal::Bool(false)),
            "case" => return self.deeper(|reader| reader.case(start)),
            "array" => return self.deeper(|reader| reader.array(start)),
            "default" => {
                self.sql.advance();
                return Ok((self.node(Simple::Other, start), Figure::Nameless));
            }
            "exists" if self.sql.sign(1) == "(" => {
                self.sql.advance();
                self.subquery("`exists` takes a query in brackets")?;
                return Ok((self.node(Simple::Typed("boolean"), start), Figure::named("exists")));
            }
            _ => None,
        };
        if let Some(literal) = literal {
            self.sql.advance();
            return Ok((self.node(Simple::Literal(literal), start), Figure::Nameless));
        }
        if let Some(found) = self.deeper(|reader| reader.special(start))? {
            return Ok(found);
        }
        self.named(start)
    }

    /// A column, a call, or a type's name with a constant: all begin with a name.
    fn named(&mut self, start: u32) -> Read<(Node, Figure)> {
        let is_column = self.sql.is_column_name();
        let mut is_type = self.sql.is_type_name();
        let opens_call = self.sql.sign(1) == "(" || self.sql.kind(1) == Kind::Text;
        if !(is_column || is_type && opens_call) {
            return Err(self.sql.no_value());
        }
        let mut quoted = self.sql.kind(0) == Kind::Quoted;
        let is_value = self.domain && self.sql.is("value");
        let (mut qualifier, mut schema): (Option<SmolStr>, Option<SmolStr>) = (None, None);
        let mut name = self.sql.label("a name must stand here")?;
        while self.sql.eat_sign(".") {
            let before = match qualifier {
                Some(qualifier) => format_smolstr!("{qualifier}.{name}"),
                None => name.clone(),
            };
            if self.sql.eat_sign("*") {
                let named = Named {
                    qualifier: Some(before.clone()),
                    name: "*".into(),
                    start,
                    quoted: false,
                };
                self.note_column(named);
                return Ok((self.node(Simple::Other, start), Figure::Columns(before)));
            }
            is_type = true;
            quoted = self.sql.kind(0) == Kind::Quoted;
            let next = self.sql.label("a name must follow the dot")?;
            qualifier = Some(before);
            schema = Some(std::mem::replace(&mut name, next));
        }
        if self.sql.at_sign("(") {
            if !is_type {
                let message = format!("`{name}` is a key word and calls no function");
                let help = format!("write `\"{name}\"(…)` for a function of that name");
                return Err(Fault::wrong(message, start).help(help));
            }
            return self.call(schema, name, start, false);
        }
        if is_type && self.sql.kind(0) == Kind::Text {
            let ty = SmolStr::from(self.sql.written(self.sql.since(start)));
            return Ok(self.typed_literal(ty, start));
        }
        if is_value && qualifier.is_none() {
            let node = self.node(Simple::Value, start);
            return self.indirection(node, Figure::Named(name));
        }
        let column = Named { qualifier: qualifier.clone(), name: name.clone(), start, quoted };
        self.note_column(column);
        let figure = Figure::Named(name.clone());
        let node = self.node(Simple::Column { qualifier, name }, start);
        self.indirection(node, figure)
    }

    /// The constant behind a type's name.
    pub(super) fn typed_literal(&mut self, ty: SmolStr, start: u32) -> (Node, Figure) {
        let at = self.sql.start();
        let text = self.sql.eat_text().unwrap_or_default();
        let expr = Box::new(self.node(Simple::Literal(Literal::String(text)), at));
        self.refs.types.push((ty.clone(), self.sql.since(start)));
        let node = self.node(Simple::Cast { expr, ty: ty.clone() }, start);
        (node, Figure::Cast(ty))
    }

    /// `[1]`, `[1:2]` and `.field` behind a value.
    pub(super) fn indirection(&mut self, node: Node, mut figure: Figure) -> Read<(Node, Figure)> {
        let start = node.range.start;
        let mut node = node;
        loop {
            let mut kind = Simple::Other;
            if self.sql.at_sign("[") {
                let mut slice = false;
                while self.sql.eat_sign("[") {
                    slice |= self.deeper(Self::subscript)?;
                }
                if !slice {
                    kind = Simple::Member(Box::new(node));
                }
            } else if self.sql.eat_sign(".") {
                figure = if self.sql.eat_sign("*") {
                    Figure::Fields
                } else {
                    Figure::Named(self.sql.label("a name must follow the dot")?)
                };
            } else {
                return Ok((node, figure));
            }
            node = self.node(kind, start);
        }
    }

    /// What stands behind `[`; whether it is a slice.
    fn subscript(&mut self) -> Read<bool> {
        if !self.sql.at_sign(":") {
            self.expression()?;
        }
        let slice = self.sql.eat_sign(":");
        if slice && !self.sql.at_sign("]") {
            self.expression()?;
        }
        if self.sql.eat_sign("]") { Ok(slice) } else { Err(self.sql.unexpected()) }
    }

    /// Takes what stands in brackets, and the brackets.
    pub(super) fn bracketed(&mut self) -> Read<Bracketed> {
        self.deeper(|reader| {
            reader.sql.advance();
            if reader.begins_query() {
                let query = reader.query()?;
                reader.close_query()?;
                return Ok(Bracketed::Query(Box::new(query)));
            }
            let first = if reader.sql.at_sign("(") {
                let inside = reader.sql.start();
                match reader.bracketed()? {
                    Bracketed::Query(query) if reader.sql.eat_sign(")") => {
                        return Ok(Bracketed::Query(query));
                    }
                    Bracketed::Query(mut query) if reader.continues_query() => {
                        reader.continued_query(&mut query)?;
                        reader.close_query()?;
                        return Ok(Bracketed::Query(query));
                    }
                    inner => {
                        let left = reader.bracket_value(inner, inside)?;
                        reader.expression_from(left)?
                    }
                }
            } else {
                reader.expression()?
            };
            if reader.sql.eat_sign(")") {
                return Ok(Bracketed::Value(first));
            }
            let mut row = vec![first];
            while reader.sql.eat_sign(",") {
                row.push(reader.expression()?);
            }
            reader.sql.close()?;
            Ok(Bracketed::Row(row))
        })
    }

    /// Brackets as an operand; leaves its name in `figure`.
    pub(super) fn bracket_value(&mut self, inside: Bracketed, start: u32) -> Read<Node> {
        let figure = std::mem::take(&mut self.figure);
        let (node, figure) = match inside {
            Bracketed::Query(query) => {
                self.note_subquery(start);
                let figure = query.first_name().map_or(Figure::Nameless, Figure::Named);
                let kind = query.selection().map_or(Simple::Other, Simple::Query);
                let node = self.node(kind, start);
                self.indirection(node, figure)?
            }
            Bracketed::Row(_) => self.overlaps(start)?,
            Bracketed::Value(mut node) => {
                node.range = self.sql.since(start);
                self.indirection(node, figure)?
            }
        };
        self.figure = figure;
        Ok(node)
    }

    /// A row that was read, and perhaps another that it overlaps.
    pub(super) fn overlaps(&mut self, start: u32) -> Read<(Node, Figure)> {
        if !self.sql.is("overlaps") {
            return Ok((self.node(Simple::Other, start), Figure::named("row")));
        }
        self.sql.advance();
        self.sql.eat("row");
        if !self.sql.at_sign("(") {
            return Err(self.sql.missing("`overlaps` stands between two periods in brackets"));
        }
        match self.bracketed()? {
            Bracketed::Row(_) => Ok((self.node(Simple::Other, start), Figure::named("overlaps"))),
            Bracketed::Query(_) | Bracketed::Value(_) => {
                Err(Fault::wrong("`overlaps` stands between two periods in brackets", start)
                    .help("write `(from, to) overlaps (from, to)`"))
            }
        }
    }

    /// A query in brackets.
    pub(super) fn subquery(&mut self, missing: &str) -> Read<Box<Shape>> {
        let start = self.sql.start();
        if !self.sql.at_sign("(") {
            return Err(self.sql.missing(missing));
        }
        match self.bracketed()? {
            Bracketed::Query(query) => {
                self.note_subquery(start);
                Ok(query)
            }
            Bracketed::Row(_) | Bracketed::Value(_) => Err(Fault::wrong(missing, start)),
        }
    }

    /// Notes a subquery from the bracket at `start` to the one that was just taken.
    pub(super) fn note_subquery(&mut self, start: u32) {
        if self.queries == 0 {
            let range = self.sql.since(start);
            self.refs.subqueries.push(range);
        }
    }

    fn array(&mut self, start: u32) -> Read<(Node, Figure)> {
        self.sql.advance();
        let figure = Figure::named("array");
        if self.sql.at_sign("(") {
            let query = self.subquery("`array(…)` takes a query")?.selection();
            let element = query.map(|query| self.node(Simple::Query(query), start));
            let kind = element.map_or(Simple::Other, |element| Simple::Array(vec![element]));
            return Ok((self.node(kind, start), figure));
        }
        let list = self.elements()?;
        Ok((self.node(Simple::Array(list), start), figure))
    }

    /// `[a, b]`, `[[a], [b]]`.
    fn elements(&mut self) -> Read<Vec<Node>> {
        self.sql.sign_or("[", "`array` takes its elements in square brackets")?;
        if self.sql.eat_sign("]") {
            return Ok(Vec::new());
        }
        let nested = self.sql.at_sign("[");
        let list = self.list(|reader| {
            if !nested {
                return reader.expression();
            }
            if !reader.sql.at_sign("[") {
                return Err(reader
                    .sql
                    .missing("either all elements are arrays in brackets, or none"));
            }
            let start = reader.sql.start();
            let list = reader.deeper(Self::elements)?;
            reader.higher()?;
            Ok(reader.node(Simple::Array(list), start))
        })?;
        if self.sql.eat_sign("]") { Ok(list) } else { Err(self.sql.unexpected()) }
    }

    fn case(&mut self, start: u32) -> Read<(Node, Figure)> {
        self.sql.advance();
        let operand = if self.sql.is("when") {
            None
        } else if self.sql.is("end") || self.sql.is("else") {
            return Err(Fault::wrong("`case` has no `when`", start)
                .help("write `case when condition then value end`"));
        } else {
            Some(self.expression()?)
        };
        let mut branches = Vec::new();
        while self.sql.is("when") {
            let when = self.sql.start();
            self.sql.advance();
            let mut condition = self.expression()?;
            if let Some(operand) = &operand {
                let range = condition.range.clone();
                let kind = if operand.range.len() > LONGEST_REPEATED {
                    Simple::Other
                } else {
                    let (left, right) = (Box::new(operand.clone()), Box::new(condition));
                    Simple::Compare { op: Comparison::Eq, left, right }
                };
                condition = Node { kind, range };
            }
            if !self.sql.eat("then") {
                let missing = Fault::wrong("`when` has no `then`", when);
                return Err(if self.sql.is_any(&["when", "else", "end"]) || self.sql.is_end() {
                    missing.help("write `when condition then value`")
                } else {
                    self.sql.missing("`then` must stand here")
                });
            }
            branches.push((condition, self.expression()?));
        }
        if branches.is_empty() {
            return Err(self.sql.missing("`when` must stand here"));
        }
        self.figure = Figure::Nameless;
        let otherwise =
            if self.sql.eat("else") { Some(Box::new(self.expression()?)) } else { None };
        let named = std::mem::take(&mut self.figure);
        if !self.sql.eat("end") {
            let is_open = self.sql.is_end() || matches!(self.sql.sign(0), ")" | "]" | "," | ";");
            return Err(if is_open {
                Fault::wrong("`case` has no `end`", start).help("add `end` behind its last value")
            } else {
                self.sql.missing("`when`, `else` or `end` must stand here")
            });
        }
        self.higher()?;
        let figure = match (&otherwise, named.firm()) {
            (Some(_), Some(name)) => Figure::Named(name),
            _ => Figure::Case,
        };
        Ok((self.node(Simple::Case { branches, otherwise }, start), figure))
    }
}

/// A number as plain decimal digits; none where it has too many of another base.
fn number(written: &str) -> Option<Literal> {
    let plain = if written.contains('_') { written.replace('_', "") } else { written.to_owned() };
    let radix = match plain.get(..2) {
        Some("0x" | "0X") => 16,
        Some("0o" | "0O") => 8,
        Some("0b" | "0B") => 2,
        _ => return Some(Literal::Number(plain.into())),
    };
    let value = u64::from_str_radix(plain.get(2..)?, radix).ok()?;
    Some(Literal::Number(value.to_string().into()))
}
