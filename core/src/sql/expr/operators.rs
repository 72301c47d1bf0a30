//! Operators, by their precedence: PostgreSQL's `a_expr` and `b_expr`.
//!
//! An operand is read with the least level that may still go into it; whatever binds looser is left to
//! the caller. Operators that do not associate close their level: none of it may follow.

use smol_str::SmolStr;

use super::fault::{Fault, Read};
use super::primary::Bracketed;
use super::reader::{Figure, Reader};
use super::tree::{Arithmetic, Comparison, Node, Simple};
use crate::sql::lex::Kind;

/// Which operators an expression may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// All of them.
    Any,
    /// Those that the words of `BETWEEN … AND` and `POSITION (… IN …)` leave.
    Bounded,
}

/// How tightly operators bind, from `OR` to `::`; section 4.1.6 of PostgreSQL's manual.
mod level {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const IS: u8 = 4;
    pub(super) const COMPARE: u8 = 5;
    pub(super) const MATCH: u8 = 6;
    pub(super) const OTHER: u8 = 7;
    pub(super) const ADD: u8 = 8;
    pub(super) const MULTIPLY: u8 = 9;
    pub(super) const POWER: u8 = 10;
    pub(super) const AT: u8 = 11;
    pub(super) const COLLATE: u8 = 12;
    pub(super) const SIGN: u8 = 13;
    pub(super) const CAST: u8 = 14;
}

/// Operators of PostgreSQL that need something on both sides. Any other may be a prefix.
const BINARY: &[&str] = &[
    "<", ">", "=", "<=", ">=", "<>", "!=", "*", "/", "%", "^", "||", "&&", "->", "->>", "<<", ">>",
    "@>", "<@",
];

/// What stands between operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Infix {
    And,
    Or,
    Is,
    IsNull { negated: bool },
    Like { case_insensitive: bool },
    Similar,
    Between,
    In,
    At,
    Collate,
    Cast,
    Operator,
}

impl Reader<'_> {
    /// An expression: PostgreSQL's `a_expr`.
    #[inline(never)]
    pub(super) fn expression(&mut self) -> Read<Node> {
        self.operand(0, Form::Any)
    }

    /// An expression up to a word that an operator begins with: PostgreSQL's `b_expr`.
    pub(super) fn bounded_expression(&mut self) -> Read<Node> {
        self.operand(0, Form::Bounded)
    }

    /// An expression whose first operand was read.
    pub(super) fn expression_from(&mut self, first: Node) -> Read<Node> {
        self.operators(first, 0, Form::Any)
    }

    fn boxed(&mut self, least: u8) -> Read<Box<Node>> {
        self.operand(least, Form::Any).map(Box::new)
    }

    fn operand(&mut self, least: u8, form: Form) -> Read<Node> {
        let around = std::mem::take(&mut self.height);
        let first = self.prefixed(form)?;
        self.higher()?;
        let node = self.operators(first, least, form)?;
        self.height = self.height.max(around);
        Ok(node)
    }

    /// An operand with what stands before it.
    fn prefixed(&mut self, form: Form) -> Read<Node> {
        let start = self.sql.start();
        if form == Form::Any && self.sql.eat("not") {
            let expr = self.deeper(|reader| reader.boxed(level::NOT))?;
            self.figure = Figure::Nameless;
            return Ok(self.node(Simple::Not(expr), start));
        }
        if self.sql.kind(0) != Kind::Operator && !self.is_named_operator() {
            return self.primary();
        }
        if BINARY.contains(&self.sql.sign(0)) {
            return Err(self.sql.no_value());
        }
        let operator = self.operator_name()?;
        let least = if matches!(&*operator, "+" | "-") { level::SIGN } else { level::OTHER + 1 };
        let expr = self.deeper(|reader| reader.operand(least, form))?;
        self.figure = Figure::Nameless;
        Ok(match &*operator {
            "-" => self.node(Simple::Neg(Box::new(expr)), start),
            "+" => expr,
            _ => self.node(Simple::Other, start),
        })
    }

    /// What follows an operand, as far as it binds as tightly as `least`.
    fn operators(&mut self, mut left: Node, least: u8, form: Form) -> Read<Node> {
        let mut closed = 0;
        while let Some((infix, negated, level)) = self.infix(form) {
            if level < least {
                break;
            }
            if level == closed {
                return Err(self.not_associative(level));
            }
            let figure = std::mem::take(&mut self.figure);
            let (node, ends_open) = self.infixed(left, infix, negated, level, form)?;
            left = node;
            closed = if ends_open { level } else { 0 };
            self.figure = match (infix, figure) {
                (Infix::Collate, figure) => figure,
                (Infix::Cast, figure) => match (figure.firm(), &left.kind) {
                    (Some(name), _) => Figure::Named(name),
                    (None, Simple::Cast { ty, .. }) => Figure::Cast(ty.clone()),
                    (None, _) => Figure::Nameless,
                },
                (Infix::At, _) => Figure::named("timezone"),
                _ => Figure::Nameless,
            };
            if !matches!(infix, Infix::And | Infix::Or) {
                self.higher()?;
            }
        }
        Ok(left)
    }

    fn not_associative(&self, level: u8) -> Fault {
        let offset = self.sql.start();
        if level == level::COMPARE {
            return Fault::wrong("comparisons cannot follow each other", offset)
                .help("write `a < b and b < c`; `and` is no `&&` in SQL");
        }
        let word = self.sql.written(offset..self.sql.peek(0).end);
        Fault::wrong(format!("`{word}` cannot follow this condition"), offset)
            .help("put brackets around the condition before it")
    }

    /// The operator that comes next, whether `not` stands before it, and its level.
    fn infix(&self, form: Form) -> Option<(Infix, bool, u8)> {
        let sql = &self.sql;
        let plain = |infix, level| Some((infix, false, level));
        match sql.kind(0) {
            Kind::Operator => plain(Infix::Operator, operator_level(sql.sign(0))),
            Kind::Symbol if sql.at_sign("::") => plain(Infix::Cast, level::CAST),
            Kind::Word if form == Form::Bounded => match (sql.word(0), sql.word(1), sql.word(2)) {
                ("is", "distinct" | "document", _) | ("is", "not", "distinct" | "document") => {
                    plain(Infix::Is, level::IS)
                }
                ("operator", ..) if self.is_named_operator() => {
                    plain(Infix::Operator, level::OTHER)
                }
                _ => None,
            },
            Kind::Word => match sql.word(0) {
                "and" => plain(Infix::And, level::AND),
                "or" => plain(Infix::Or, level::OR),
                "is" => plain(Infix::Is, level::IS),
                "isnull" => plain(Infix::IsNull { negated: false }, level::IS),
                "notnull" => plain(Infix::IsNull { negated: true }, level::IS),
                "at" if sql.word(1) == "local" || sql.are(&["at", "time", "zone"]) => {
                    plain(Infix::At, level::AT)
                }
                "collate" => plain(Infix::Collate, level::COLLATE),
                "operator" if self.is_named_operator() => plain(Infix::Operator, level::OTHER),
                "not" => self.matching(1).map(|infix| (infix, true, level::MATCH)),
                _ => self.matching(0).map(|infix| (infix, false, level::MATCH)),
            },
            _ => None,
        }
    }

    fn matching(&self, ahead: usize) -> Option<Infix> {
        Some(match self.sql.word(ahead) {
            "like" => Infix::Like { case_insensitive: false },
            "ilike" => Infix::Like { case_insensitive: true },
            "similar" if self.sql.word(ahead + 1) == "to" => Infix::Similar,
            "between" => Infix::Between,
            "in" => Infix::In,
            _ => return None,
        })
    }

    /// Whether `OPERATOR(schema.+)` comes next.
    fn is_named_operator(&self) -> bool {
        self.sql.is("operator") && self.sql.sign(1) == "("
    }

    /// Takes an operator; gives its name where it is PostgreSQL's own, else nothing.
    pub(super) fn operator_name(&mut self) -> Read<SmolStr> {
        let mut is_known = true;
        if self.sql.eat("operator") {
            self.sql.sign_or("(", "`operator` takes an operator in brackets")?;
            while self.sql.kind(0) != Kind::Operator {
                is_known = self.sql.is("pg_catalog");
                self.sql.label("an operator must stand here")?;
                self.sql.sign_or(".", "an operator must stand here")?;
            }
            let name = SmolStr::from(self.sql.sign(0));
            self.sql.advance();
            self.sql.close()?;
            return Ok(if is_known { name } else { SmolStr::default() });
        }
        if self.sql.kind(0) != Kind::Operator {
            return Err(self.sql.missing("an operator must stand here"));
        }
        let name = SmolStr::from(self.sql.sign(0));
        self.sql.advance();
        Ok(name)
    }

    /// `left` with an operator and what follows it; whether this ends in an operand.
    fn infixed(
        &mut self,
        left: Node,
        infix: Infix,
        negated: bool,
        level: u8,
        form: Form,
    ) -> Read<(Node, bool)> {
        let start = left.range.start;
        if infix == Infix::Operator {
            return self.operation(left, level, form);
        }
        self.sql.advance();
        if negated {
            self.sql.advance();
        }
        let (kind, ends_open) = match infix {
            Infix::Operator => (Simple::Other, false),
            Infix::And | Infix::Or => {
                let right = self.operand(level + 1, form)?;
                let list = flat(left, right, infix == Infix::And);
                (if infix == Infix::And { Simple::And(list) } else { Simple::Or(list) }, false)
            }
            Infix::Is => return self.is(left, form),
            Infix::IsNull { negated } => (Simple::IsNull { expr: Box::new(left), negated }, false),
            Infix::Like { case_insensitive } => {
                return self.like(left, negated, case_insensitive);
            }
            Infix::Similar => {
                self.sql.advance();
                self.operand(level::MATCH + 1, Form::Any)?;
                self.escape()?;
                (Simple::Typed("boolean"), true)
            }
            Infix::Between => {
                let symmetric = self.sql.eat("symmetric");
                self.sql.eat("asymmetric");
                let low = Box::new(self.bounded_expression()?);
                self.sql.word_or("and", "`between` has no `and`: write `between low and high`")?;
                let high = self.boxed(level::MATCH + 1)?;
                let expr = Box::new(left);
                if symmetric {
                    (Simple::Typed("boolean"), true)
                } else {
                    (Simple::Between { expr, low, high, negated }, true)
                }
            }
            Infix::In => (self.in_list(left, negated)?, false),
            Infix::At => {
                let place = self.refs.calls.len();
                let args = if self.sql.eat("local") {
                    self.note_call(None, "timezone", start);
                    vec![left]
                } else {
                    self.sql.advance();
                    self.sql.advance();
                    self.note_call(None, "timezone", start);
                    vec![self.operand(level::AT + 1, form)?, left]
                };
                if let Some(call) = self.refs.calls.get_mut(place) {
                    (call.special, call.args) = (true, args.len());
                }
                (Simple::Call { name: "timezone".into(), args }, false)
            }
            Infix::Collate => {
                self.collation()?;
                (Simple::Other, false)
            }
            Infix::Cast => {
                let ty = self.type_name("a type must follow `::`")?;
                let range = self.sql.since(start);
                self.refs.types.push((ty.clone(), range));
                (Simple::Cast { expr: Box::new(left), ty }, false)
            }
        };
        Ok((self.node(kind, start), ends_open))
    }

    /// A collation's name.
    pub(super) fn collation(&mut self) -> Read<()> {
        self.sql.path("a collation's name must follow `collate`").map(|_| ())
    }

    fn operation(&mut self, left: Node, level: u8, form: Form) -> Read<(Node, bool)> {
        let start = left.range.start;
        let operator = self.operator_name()?;
        if form == Form::Any && self.is_quantified() {
            let op = comparison(&operator);
            let kind = self.quantified(left, op)?;
            return Ok((self.node(kind, start), false));
        }
        let right = self.operand(level + 1, form)?;
        let (left, right) = (Box::new(left), Box::new(right));
        let negated = operator.starts_with('!');
        let case_insensitive = operator.ends_with('*');
        let kind = match &*operator {
            "~" | "~*" | "!~" | "!~*" => {
                Simple::Regex { expr: left, pattern: right, negated, case_insensitive }
            }
            "~~" | "~~*" | "!~~" | "!~~*" => {
                Simple::Like { expr: left, pattern: right, escape: None, negated, case_insensitive }
            }
            name => match (comparison(name), arithmetic(name)) {
                (Some(op), _) => {
                    self.note_comparison(&left, &right);
                    Simple::Compare { op, left, right }
                }
                (None, Some(op)) => Simple::Arith { op, left, right },
                (None, None) if matches!(name, "->" | "#>") => Simple::Member(left),
                (None, None) => result(name).map_or(Simple::Other, Simple::Typed),
            },
        };
        Ok((self.node(kind, start), level == level::COMPARE))
    }

    /// Notes that two columns of one name are compared.
    fn note_comparison(&mut self, left: &Node, right: &Node) {
        if let (Simple::Column { name, .. }, Simple::Column { name: other, .. }) =
            (&left.kind, &right.kind)
            && name == other
        {
            self.refs.namesakes.push((left.range.clone(), right.range.clone()));
        }
    }

    fn is_quantified(&self) -> bool {
        self.sql.is_any(&["any", "some", "all"]) && self.sql.sign(1) == "("
    }

    /// `any (…)`, `all (…)` behind an operator: an array or a query.
    fn quantified(&mut self, left: Node, op: Option<Comparison>) -> Read<Simple> {
        let all = self.sql.is("all");
        self.sql.advance();
        let start = self.sql.start();
        let value = match self.bracketed()? {
            Bracketed::Row(_) => {
                let fault = Fault::wrong("`any` and `all` take one array or one query", start);
                return Err(fault.help("write `any (array[…])`"));
            }
            Bracketed::Query(_) => {
                self.note_subquery(start);
                return Ok(Simple::Typed("boolean"));
            }
            Bracketed::Value(value) => value,
        };
        let list = match value.kind {
            Simple::Cast { expr, .. } => expr.kind,
            kind => kind,
        };
        Ok(match (op, list) {
            (Some(op), Simple::Array(list)) => {
                Simple::AnyArray { left: Box::new(left), op, list, all }
            }
            _ => Simple::Typed("boolean"),
        })
    }

    fn in_list(&mut self, left: Node, negated: bool) -> Read<Simple> {
        let start = self.sql.start();
        if !self.sql.at_sign("(") {
            let missing = "`in` takes a list or a query in brackets";
            return Err(self.sql.missing(missing));
        }
        if self.sql.sign(1) == ")" {
            return Err(Fault::wrong("`in` needs at least one value", start)
                .help("write `in (1, 2)`; for an array `= any (…)`, which may be empty"));
        }
        let list = match self.bracketed()? {
            Bracketed::Query(_) => {
                self.note_subquery(start);
                return Ok(Simple::Typed("boolean"));
            }
            Bracketed::Row(list) => list,
            Bracketed::Value(value) => vec![value],
        };
        Ok(Simple::In { expr: Box::new(left), list, negated })
    }

    fn like(&mut self, left: Node, negated: bool, case_insensitive: bool) -> Read<(Node, bool)> {
        let start = left.range.start;
        if self.is_quantified() {
            let kind = self.quantified(left, None)?;
            return Ok((self.node(kind, start), false));
        }
        let pattern = self.boxed(level::MATCH + 1)?;
        let escape = self.escape()?;
        let expr = Box::new(left);
        let kind = Simple::Like { expr, pattern, escape, negated, case_insensitive };
        Ok((self.node(kind, start), true))
    }

    fn escape(&mut self) -> Read<Option<Box<Node>>> {
        if self.sql.eat("escape") { self.boxed(level::MATCH + 1).map(Some) } else { Ok(None) }
    }

    /// What follows `is`.
    fn is(&mut self, left: Node, form: Form) -> Read<(Node, bool)> {
        let start = left.range.start;
        let expr = Box::new(left);
        let negated = self.sql.eat("not");
        let kind = match self.sql.word(0) {
            "null" => Simple::IsNull { expr, negated },
            "true" => Simple::IsTruth { expr, value: Some(true), negated },
            "false" => Simple::IsTruth { expr, value: Some(false), negated },
            "unknown" => Simple::IsTruth { expr, value: None, negated },
            "document" | "normalized" => Simple::Typed("boolean"),
            "nfc" | "nfd" | "nfkc" | "nfkd" if self.sql.word(1) == "normalized" => {
                self.sql.advance();
                Simple::Typed("boolean")
            }
            "json" => {
                self.sql.advance();
                self.sql.eat_any(&["value", "array", "object", "scalar"]);
                if self.sql.eat_any(&["with", "without"]) {
                    self.sql.word_or("unique", "`unique keys` must follow")?;
                    self.sql.eat("keys");
                }
                return Ok((self.node(Simple::Typed("boolean"), start), false));
            }
            "distinct" => {
                self.sql.advance();
                self.sql.word_or("from", "`is distinct` has no `from`")?;
                let right = Box::new(self.operand(level::IS + 1, form)?);
                let kind = Simple::Distinct { left: expr, right, negated };
                return Ok((self.node(kind, start), true));
            }
            _ => {
                let missing = "after `is` comes `null`, `true`, `false`, `unknown`, `json` or \
                               `distinct from`";
                return Err(self.sql.missing(missing));
            }
        };
        self.sql.advance();
        Ok((self.node(kind, start), false))
    }
}

/// Two operands of `and` (or `or`), with those of the same operator taken apart.
fn flat(left: Node, right: Node, and: bool) -> Vec<Node> {
    let mut list = Vec::new();
    for Node { kind, range } in [left, right] {
        match kind {
            Simple::And(parts) if and => append(&mut list, parts),
            Simple::Or(parts) if !and => append(&mut list, parts),
            kind => list.push(Node { kind, range }),
        }
    }
    list
}

fn append(list: &mut Vec<Node>, parts: Vec<Node>) {
    if list.is_empty() {
        *list = parts;
    } else {
        list.extend(parts);
    }
}

fn operator_level(operator: &str) -> u8 {
    match operator {
        "<" | ">" | "=" | "<=" | ">=" | "<>" | "!=" => level::COMPARE,
        "+" | "-" => level::ADD,
        "*" | "/" | "%" => level::MULTIPLY,
        "^" => level::POWER,
        _ => level::OTHER,
    }
}

fn comparison(operator: &str) -> Option<Comparison> {
    Some(match operator {
        "=" => Comparison::Eq,
        "<>" | "!=" => Comparison::Ne,
        "<" => Comparison::Lt,
        "<=" => Comparison::Le,
        ">" => Comparison::Gt,
        ">=" => Comparison::Ge,
        _ => return None,
    })
}

fn arithmetic(operator: &str) -> Option<Arithmetic> {
    Some(match operator {
        "+" => Arithmetic::Add,
        "-" => Arithmetic::Sub,
        "*" => Arithmetic::Mul,
        "/" => Arithmetic::Div,
        "%" => Arithmetic::Rem,
        "^" => Arithmetic::Pow,
        "||" => Arithmetic::Concat,
        _ => return None,
    })
}

/// The type of what an operator gives, where PostgreSQL and its extensions know no other of its name.
fn result(operator: &str) -> Option<&'static str> {
    match operator {
        "->>" | "#>>" => Some("text"),
        "#-" => Some("jsonb"),
        "@>" | "<@" | "@@" | "@?" | "?" | "?|" | "?&" | "&<" | "&>" | "-|-" | "^@" | "<%"
        | "%>" | "<<%" | "%>>" => Some("boolean"),
        _ => None,
    }
}
