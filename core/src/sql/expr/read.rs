//! From the parser's tree to ours: what an expression means and what it names.
//!
//! In: sqlparser's expressions. Out: [`Node`]s, and on the way every column, call and relation in
//! [`Refs`]. What has no node of its own becomes [`Simple::Other`]; its parts are read all the same.

use std::ops::Range;

use smol_str::{SmolStr, StrExt, ToSmolStr};
use sqlparser::ast::{
    self, AccessExpr, BinaryOperator, Ident, ObjectName, ObjectNamePart, Subscript, TrimWhereField,
    UnaryOperator, Value,
};

use super::Expr;
use super::normal::normalized;
use super::parse::Fault;
use super::read_scope::Cte;
use super::refs::{ColumnRef, Refs};
use super::tokens::{Tokens, bytes};
use super::tree::{Arithmetic, Comparison, Literal, Node, Simple};

/// How deep our own functions follow the parser's tree; its own limit does not count chains such as
/// `a::b::c` and `a union b union c`.
const MAX_DEPTH: usize = 150;

/// Reads one text.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a Tokens,
    /// Whether `value` is a domain's value.
    domain: bool,
    pub(super) refs: Refs,
    /// How many queries are around.
    pub(super) queries: usize,
    /// The innermost query around.
    pub(super) scope: Option<usize>,
    /// Whether only some of its sources are seen: in a join's condition, in `LATERAL`.
    pub(super) partial: bool,
    /// `WITH` queries that are visible.
    pub(super) ctes: Vec<Cte>,
    depth: usize,
    /// The first thing that the parser takes and PostgreSQL surely refuses.
    fault: Option<Fault>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a Tokens, domain: bool) -> Self {
        Self {
            text,
            tokens,
            domain,
            refs: Refs::default(),
            queries: 0,
            scope: None,
            partial: false,
            ctes: Vec::new(),
            depth: 0,
            fault: None,
        }
    }

    pub(super) fn expression(mut self, tree: &ast::Expr) -> Result<Expr, Fault> {
        let simple = self.expr(tree);
        let normalized = normalized(&simple).unwrap_or_else(|| self.tokens.normalized());
        Ok(Expr { simple, refs: self.finish()?, normalized })
    }

    pub(super) fn finish(self) -> Result<Refs, Fault> {
        self.fault.map_or(Ok(self.refs), Err)
    }

    /// Runs `read` one level down, unless that is too deep.
    pub(super) fn deeper<T>(&mut self, otherwise: T, read: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= MAX_DEPTH {
            self.fault.get_or_insert_with(|| Fault::unknown("it nests too deeply", 0));
            return otherwise;
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    pub(super) fn expr(&mut self, expr: &ast::Expr) -> Node {
        let other = self.other(&[]);
        self.deeper(other, |reader| match expr {
            ast::Expr::BinaryOp { .. } => reader.chain(expr),
            _ => reader.single(expr),
        })
    }

    fn boxed(&mut self, expr: &ast::Expr) -> Box<Node> {
        Box::new(self.expr(expr))
    }

    pub(super) fn exprs<'e>(&mut self, list: impl IntoIterator<Item = &'e ast::Expr>) -> Vec<Node> {
        list.into_iter().map(|expr| self.expr(expr)).collect()
    }

    /// Something without a node of its own, in the place of its parts.
    pub(super) fn other(&self, parts: &[&Node]) -> Node {
        Node { kind: Simple::Other, range: self.cover(parts) }
    }

    pub(super) fn cover(&self, parts: &[&Node]) -> Range<u32> {
        let start = parts.iter().map(|part| part.range.start).min();
        let end = parts.iter().map(|part| part.range.end).max();
        start.unwrap_or(0)..end.unwrap_or(self.text.len() as u32)
    }

    /// A chain of binary operators, which the parser nests to the left without limit.
    fn chain(&mut self, expr: &ast::Expr) -> Node {
        let mut rest = expr;
        let mut steps = Vec::new();
        while let ast::Expr::BinaryOp { left, op, right } = rest {
            steps.push((op, right.as_ref()));
            rest = left;
        }
        let mut node = self.expr(rest);
        let mut compared = false;
        for (op, right) in steps.into_iter().rev() {
            let right = self.expr(right);
            let is_comparison = comparison(op).is_some();
            if compared && is_comparison {
                let offset = right.range.start;
                self.fault.get_or_insert_with(|| {
                    Fault::wrong("comparisons cannot follow each other", offset)
                        .help("write `a < b and b < c`; `and` is no `&&` in SQL")
                });
            }
            compared = is_comparison;
            node = self.binary(node, op, right);
        }
        node
    }

    fn binary(&self, left: Node, op: &BinaryOperator, right: Node) -> Node {
        let range = self.cover(&[&left, &right]);
        let pair = |left: Node, right: Node| (Box::new(left), Box::new(right));
        let kind = match op {
            BinaryOperator::And => Simple::And(flat(left, right, |kind| match kind {
                Simple::And(list) => Ok(list),
                kind => Err(kind),
            })),
            BinaryOperator::Or => Simple::Or(flat(left, right, |kind| match kind {
                Simple::Or(list) => Ok(list),
                kind => Err(kind),
            })),
            BinaryOperator::PGRegexMatch
            | BinaryOperator::PGRegexIMatch
            | BinaryOperator::PGRegexNotMatch
            | BinaryOperator::PGRegexNotIMatch => {
                let (expr, pattern) = pair(left, right);
                Simple::Regex {
                    expr,
                    pattern,
                    negated: matches!(
                        op,
                        BinaryOperator::PGRegexNotMatch | BinaryOperator::PGRegexNotIMatch
                    ),
                    case_insensitive: matches!(
                        op,
                        BinaryOperator::PGRegexIMatch | BinaryOperator::PGRegexNotIMatch
                    ),
                }
            }
            BinaryOperator::PGLikeMatch
            | BinaryOperator::PGILikeMatch
            | BinaryOperator::PGNotLikeMatch
            | BinaryOperator::PGNotILikeMatch => {
                let (expr, pattern) = pair(left, right);
                Simple::Like {
                    expr,
                    pattern,
                    escape: None,
                    negated: matches!(
                        op,
                        BinaryOperator::PGNotLikeMatch | BinaryOperator::PGNotILikeMatch
                    ),
                    case_insensitive: matches!(
                        op,
                        BinaryOperator::PGILikeMatch | BinaryOperator::PGNotILikeMatch
                    ),
                }
            }
            op => match (comparison(op), arithmetic(op)) {
                (Some(op), _) => {
                    let (left, right) = pair(left, right);
                    Simple::Compare { op, left, right }
                }
                (None, Some(op)) => {
                    let (left, right) = pair(left, right);
                    Simple::Arith { op, left, right }
                }
                (None, None) => Simple::Other,
            },
        };
        Node { kind, range }
    }

    fn single(&mut self, expr: &ast::Expr) -> Node {
        match expr {
            ast::Expr::Identifier(name) => self.identifier(name),
            ast::Expr::CompoundIdentifier(parts) => self.column(parts),
            ast::Expr::Value(value) => {
                let range = bytes(value.span).unwrap_or_else(|| self.cover(&[]));
                if let Value::Placeholder(name) = &value.value {
                    self.refs.parameters.push((name.into(), range.clone()));
                }
                Node { kind: literal(&value.value), range }
            }
            ast::Expr::Nested(inner) => self.expr(inner),
            ast::Expr::Function(function) => self.function(function, false),
            ast::Expr::Cast { expr, data_type, .. } => {
                let expr = self.boxed(expr);
                let range = expr.range.start..self.cast_end(expr.range.end);
                self.cast(expr, data_type.to_smolstr(), range)
            }
            ast::Expr::TypedString(typed) => {
                let range = bytes(typed.value.span).unwrap_or_else(|| self.cover(&[]));
                let text = literal(&typed.value.value);
                let text = Box::new(Node { kind: text, range: range.clone() });
                self.cast(text, typed.data_type.to_smolstr(), range)
            }
            ast::Expr::Interval(interval) => {
                let value = self.boxed(&interval.value);
                let range = value.range.clone();
                if interval.leading_field.is_some()
                    || interval.fractional_seconds_precision.is_some()
                {
                    return Node { kind: Simple::Other, range };
                }
                self.cast(value, "interval".into(), range)
            }
            ast::Expr::UnaryOp { op, expr } => {
                let expr = self.boxed(expr);
                let range = expr.range.clone();
                let kind = match op {
                    UnaryOperator::Not => Simple::Not(expr),
                    UnaryOperator::Minus => Simple::Neg(expr),
                    UnaryOperator::Plus => return *expr,
                    _ => Simple::Other,
                };
                Node { kind, range }
            }
            ast::Expr::IsNull(expr) => self.is_null(expr, false),
            ast::Expr::IsNotNull(expr) => self.is_null(expr, true),
            ast::Expr::IsTrue(expr) => self.is_truth(expr, Some(true), false),
            ast::Expr::IsNotTrue(expr) => self.is_truth(expr, Some(true), true),
            ast::Expr::IsFalse(expr) => self.is_truth(expr, Some(false), false),
            ast::Expr::IsNotFalse(expr) => self.is_truth(expr, Some(false), true),
            ast::Expr::IsUnknown(expr) => self.is_truth(expr, None, false),
            ast::Expr::IsNotUnknown(expr) => self.is_truth(expr, None, true),
            ast::Expr::IsDistinctFrom(left, right) => self.distinct(left, right, false),
            ast::Expr::IsNotDistinctFrom(left, right) => self.distinct(left, right, true),
            ast::Expr::Between { expr, negated, low, high } => {
                let (expr, low, high) = (self.boxed(expr), self.boxed(low), self.boxed(high));
                let range = self.cover(&[&expr, &high]);
                Node { kind: Simple::Between { expr, low, high, negated: *negated }, range }
            }
            ast::Expr::InList { expr, list, negated } => {
                let expr = self.boxed(expr);
                let list = self.exprs(list);
                let end =
                    self.tokens.brackets.after(expr.range.end).map_or(expr.range.end, |at| at.end);
                let range = expr.range.start..end;
                Node { kind: Simple::In { expr, list, negated: *negated }, range }
            }
            ast::Expr::InSubquery { expr, subquery, .. } => {
                let expr = self.expr(expr);
                self.subquery(subquery);
                self.other(&[&expr])
            }
            ast::Expr::Exists { subquery, .. } | ast::Expr::Subquery(subquery) => {
                let range = self.subquery(subquery);
                Node { kind: Simple::Other, range }
            }
            ast::Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                self.like(expr, pattern, escape_char.as_deref(), *negated, false)
            }
            ast::Expr::ILike { negated, any: false, expr, pattern, escape_char } => {
                self.like(expr, pattern, escape_char.as_deref(), *negated, true)
            }
            ast::Expr::AnyOp { left, compare_op, right, .. } => {
                self.any_array(left, compare_op, right, false)
            }
            ast::Expr::AllOp { left, compare_op, right } => {
                self.any_array(left, compare_op, right, true)
            }
            ast::Expr::Array(array) => {
                let list = self.exprs(&array.elem);
                let range = self.cover(&list.iter().collect::<Vec<_>>());
                Node { kind: Simple::Array(list), range }
            }
            ast::Expr::Case { case_token, end_token, operand, conditions, else_result } => {
                let operand = operand.as_deref().map(|operand| self.expr(operand));
                let mut branches = Vec::with_capacity(conditions.len());
                for branch in conditions {
                    let mut condition = self.expr(&branch.condition);
                    if let Some(operand) = &operand {
                        let range = condition.range.clone();
                        let (left, right) = (Box::new(operand.clone()), Box::new(condition));
                        let kind = Simple::Compare { op: Comparison::Eq, left, right };
                        condition = Node { kind, range };
                    }
                    branches.push((condition, self.expr(&branch.result)));
                }
                let otherwise = else_result.as_deref().map(|result| self.boxed(result));
                let range = bytes(case_token.0.span)
                    .zip(bytes(end_token.0.span))
                    .map_or_else(|| self.cover(&[]), |(start, end)| start.start..end.end);
                Node { kind: Simple::Case { branches, otherwise }, range }
            }
            ast::Expr::Extract { field, expr, .. } => {
                let expr = self.expr(expr);
                let field = field.to_smolstr().to_lowercase_smolstr();
                let kind = Simple::Literal(Literal::String(field));
                let field = Node { kind, range: expr.range.clone() };
                self.special("extract", vec![field, expr])
            }
            ast::Expr::Ceil { expr, .. } => self.special_of("ceil", [Some(&**expr)]),
            ast::Expr::Floor { expr, .. } => self.special_of("floor", [Some(&**expr)]),
            ast::Expr::Position { expr, r#in } => {
                self.special_of("position", [Some(&**expr), Some(&**r#in)])
            }
            ast::Expr::Substring { expr, substring_from, substring_for, .. } => self.special_of(
                "substring",
                [Some(&**expr), substring_from.as_deref(), substring_for.as_deref()],
            ),
            ast::Expr::Trim { trim_where, trim_what, expr, trim_characters } => {
                let name = match trim_where {
                    None | Some(TrimWhereField::Both) => "btrim",
                    Some(TrimWhereField::Leading) => "ltrim",
                    Some(TrimWhereField::Trailing) => "rtrim",
                };
                let set = trim_characters.iter().flatten().chain(trim_what.as_deref());
                let parts: Vec<_> = std::iter::once(&**expr).chain(set).map(Some).collect();
                self.special_of(name, parts)
            }
            ast::Expr::Overlay { expr, overlay_what, overlay_from, overlay_for } => self
                .special_of(
                    "overlay",
                    [
                        Some(&**expr),
                        Some(&**overlay_what),
                        Some(&**overlay_from),
                        overlay_for.as_deref(),
                    ],
                ),
            ast::Expr::AtTimeZone { timestamp, time_zone } => {
                self.special_of("timezone", [Some(&**time_zone), Some(&**timestamp)])
            }
            ast::Expr::Wildcard(token) => {
                let range = bytes(token.0.span).unwrap_or_else(|| self.cover(&[]));
                Node { kind: Simple::Other, range }
            }
            ast::Expr::QualifiedWildcard(name, _) => {
                let range = self.wildcard(name);
                Node { kind: Simple::Other, range }
            }
            _ => self.parts(expr),
        }
    }

    /// The expressions inside of one that has no node.
    fn parts(&mut self, expr: &ast::Expr) -> Node {
        let parts: Vec<Node> = match expr {
            ast::Expr::CompoundFieldAccess { root, access_chain } => {
                let mut parts = vec![self.expr(root)];
                for access in access_chain {
                    match access {
                        AccessExpr::Dot(_) => {}
                        AccessExpr::Subscript(Subscript::Index { index }) => {
                            parts.push(self.expr(index));
                        }
                        AccessExpr::Subscript(Subscript::Slice {
                            lower_bound,
                            upper_bound,
                            stride,
                        }) => {
                            let bounds = [lower_bound, upper_bound, stride];
                            parts.extend(self.exprs(bounds.into_iter().flatten()));
                        }
                    }
                }
                parts
            }
            ast::Expr::Like { expr, pattern, escape_char, .. }
            | ast::Expr::ILike { expr, pattern, escape_char, .. }
            | ast::Expr::SimilarTo { expr, pattern, escape_char, .. } => {
                let escape = escape_char.as_deref();
                self.exprs([&**expr, &**pattern].into_iter().chain(escape))
            }
            ast::Expr::RLike { expr, pattern, .. } => self.exprs([&**expr, &**pattern]),
            ast::Expr::InUnnest { expr, array_expr, .. } => self.exprs([&**expr, &**array_expr]),
            ast::Expr::IsJson { expr, .. }
            | ast::Expr::IsNormalized { expr, .. }
            | ast::Expr::Collate { expr, .. }
            | ast::Expr::Convert { expr, .. }
            | ast::Expr::Named { expr, .. }
            | ast::Expr::OuterJoin(expr)
            | ast::Expr::Prior(expr)
            | ast::Expr::JsonAccess { value: expr, .. }
            | ast::Expr::Prefixed { value: expr, .. } => vec![self.expr(expr)],
            ast::Expr::Tuple(list) => self.exprs(list),
            ast::Expr::GroupingSets(lists) | ast::Expr::Cube(lists) | ast::Expr::Rollup(lists) => {
                self.exprs(lists.iter().flatten())
            }
            // Other dialects' forms, which the parser does not give for PostgreSQL.
            _ => Vec::new(),
        };
        self.other(&parts.iter().collect::<Vec<_>>())
    }

    fn is_null(&mut self, expr: &ast::Expr, negated: bool) -> Node {
        let expr = self.boxed(expr);
        let range = expr.range.clone();
        Node { kind: Simple::IsNull { expr, negated }, range }
    }

    fn is_truth(&mut self, expr: &ast::Expr, value: Option<bool>, negated: bool) -> Node {
        let expr = self.boxed(expr);
        let range = expr.range.clone();
        Node { kind: Simple::IsTruth { expr, value, negated }, range }
    }

    fn distinct(&mut self, left: &ast::Expr, right: &ast::Expr, negated: bool) -> Node {
        let (left, right) = (self.boxed(left), self.boxed(right));
        let range = self.cover(&[&left, &right]);
        Node { kind: Simple::Distinct { left, right, negated }, range }
    }

    fn like(
        &mut self,
        expr: &ast::Expr,
        pattern: &ast::Expr,
        escape: Option<&ast::Expr>,
        negated: bool,
        case_insensitive: bool,
    ) -> Node {
        let (expr, pattern) = (self.boxed(expr), self.boxed(pattern));
        let escape = escape.map(|escape| self.boxed(escape));
        let range = self.cover(&[&expr, &pattern]);
        Node { kind: Simple::Like { expr, pattern, escape, negated, case_insensitive }, range }
    }

    fn any_array(
        &mut self,
        left: &ast::Expr,
        op: &BinaryOperator,
        right: &ast::Expr,
        all: bool,
    ) -> Node {
        let (left, right) = (self.boxed(left), self.expr(right));
        let range = self.cover(&[&left, &right]);
        let list = match right.kind {
            Simple::Cast { expr, .. } => expr.kind,
            kind => kind,
        };
        let kind = match (comparison(op), list) {
            (Some(op), Simple::Array(list)) => Simple::AnyArray { left, op, list, all },
            _ => Simple::Other,
        };
        Node { kind, range }
    }

    fn cast(&mut self, expr: Box<Node>, ty: SmolStr, range: Range<u32>) -> Node {
        self.refs.types.push((ty.clone(), range.clone()));
        Node { kind: Simple::Cast { expr, ty }, range }
    }

    /// The end of `::type` after `operand`; of a name of several words, the first's.
    fn cast_end(&self, operand: u32) -> u32 {
        let text = self.text.get(operand as usize..).unwrap_or("");
        let rest = text.trim_start_matches(|c: char| c == ')' || c.is_whitespace());
        let Some(rest) = rest.strip_prefix("::") else { return operand };
        let name = rest.trim_start();
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '$');
        let after = name.trim_start_matches(part);
        let after = after.trim_start_matches("[]");
        operand + (text.len() - after.len()) as u32
    }

    fn identifier(&mut self, name: &Ident) -> Node {
        let lower = name.value.to_lowercase_smolstr();
        let range = bytes(name.span).unwrap_or_else(|| self.cover(&[]));
        if name.quote_style.is_none() {
            match lower.as_str() {
                "value" if self.domain => return Node { kind: Simple::Value, range },
                "current_role" | "current_schema" | "system_user" | "localtime"
                | "localtimestamp" => {
                    self.call(None, lower.clone(), 0, range.clone(), |call| call.special = true);
                    return Node { kind: Simple::Call { name: lower, args: Vec::new() }, range };
                }
                "default" => return Node { kind: Simple::Other, range },
                _ => {}
            }
        }
        self.column(std::slice::from_ref(name))
    }

    fn column(&mut self, parts: &[Ident]) -> Node {
        let names: Vec<SmolStr> = parts.iter().map(folded).collect();
        let range = idents_range(parts).unwrap_or_else(|| self.cover(&[]));
        let Some((name, qualifier)) = names.split_last() else { return self.other(&[]) };
        let qualifier = (!qualifier.is_empty()).then(|| SmolStr::from(qualifier.join(".")));
        self.refs.columns.push(ColumnRef {
            qualifier: qualifier.clone(),
            name: name.clone(),
            range: range.clone(),
            scope: self.scope,
            partial: self.partial,
            result: None,
            quoted: parts.last().is_some_and(|part| part.quote_style.is_some()),
        });
        Node { kind: Simple::Column { qualifier, name: name.clone() }, range }
    }

    pub(super) fn wildcard(&mut self, name: &ObjectName) -> Range<u32> {
        let parts = object_parts(name);
        let range = name_range(name).unwrap_or_else(|| self.cover(&[]));
        self.refs.columns.push(ColumnRef {
            qualifier: (!parts.is_empty()).then(|| SmolStr::from(parts.join("."))),
            name: "*".into(),
            range: range.clone(),
            scope: self.scope,
            partial: self.partial,
            result: None,
            quoted: false,
        });
        range
    }

    /// A query inside an expression; its place, brackets included.
    pub(super) fn subquery(&mut self, query: &ast::Query) -> Range<u32> {
        let start = super::read_query::query_start(query);
        let range = start
            .and_then(|start| self.tokens.brackets.around(start))
            .unwrap_or_else(|| self.cover(&[]));
        if self.queries == 0 {
            self.refs.subqueries.push(range.clone());
        }
        self.inner_query(query);
        range
    }
}

/// Two operands of `AND` or `OR`, with those of the same operator taken apart.
fn flat(left: Node, right: Node, open: fn(Simple) -> Result<Vec<Node>, Simple>) -> Vec<Node> {
    let mut list = Vec::new();
    for Node { kind, range } in [left, right] {
        match open(kind) {
            Ok(parts) if list.is_empty() => list = parts,
            Ok(parts) => list.extend(parts),
            Err(kind) => list.push(Node { kind, range }),
        }
    }
    list
}

fn comparison(op: &BinaryOperator) -> Option<Comparison> {
    Some(match op {
        BinaryOperator::Eq => Comparison::Eq,
        BinaryOperator::NotEq => Comparison::Ne,
        BinaryOperator::Lt => Comparison::Lt,
        BinaryOperator::LtEq => Comparison::Le,
        BinaryOperator::Gt => Comparison::Gt,
        BinaryOperator::GtEq => Comparison::Ge,
        _ => return None,
    })
}

fn arithmetic(op: &BinaryOperator) -> Option<Arithmetic> {
    Some(match op {
        BinaryOperator::Plus => Arithmetic::Add,
        BinaryOperator::Minus => Arithmetic::Sub,
        BinaryOperator::Multiply => Arithmetic::Mul,
        BinaryOperator::Divide => Arithmetic::Div,
        BinaryOperator::Modulo => Arithmetic::Rem,
        BinaryOperator::PGExp => Arithmetic::Pow,
        BinaryOperator::StringConcat => Arithmetic::Concat,
        _ => return None,
    })
}

fn literal(value: &Value) -> Simple {
    Simple::Literal(match value {
        Value::Number(text, _) => Literal::Number(text.into()),
        Value::SingleQuotedString(text)
        | Value::EscapedStringLiteral(text)
        | Value::UnicodeStringLiteral(text)
        | Value::NationalStringLiteral(text) => Literal::String(text.into()),
        Value::DollarQuotedString(text) => Literal::String((&text.value).into()),
        Value::Boolean(value) => Literal::Bool(*value),
        Value::Null => Literal::Null,
        _ => return Simple::Other,
    })
}

/// An identifier as the catalog holds it.
pub(super) fn folded(ident: &Ident) -> SmolStr {
    match ident.quote_style {
        Some(_) => SmolStr::from(&ident.value),
        None => SmolStr::from(ident.value.to_ascii_lowercase()),
    }
}

pub(super) fn object_parts(name: &ObjectName) -> Vec<SmolStr> {
    name.0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(ident) => folded(ident),
            ObjectNamePart::Function(function) => folded(&function.name),
        })
        .collect()
}

pub(super) fn name_range(name: &ObjectName) -> Option<Range<u32>> {
    let spans = name.0.iter().filter_map(|part| match part {
        ObjectNamePart::Identifier(ident) => bytes(ident.span),
        ObjectNamePart::Function(function) => bytes(function.name.span),
    });
    spans.reduce(|first, last| first.start..last.end)
}

fn idents_range(parts: &[Ident]) -> Option<Range<u32>> {
    parts.iter().filter_map(|part| bytes(part.span)).reduce(|first, last| first.start..last.end)
}
