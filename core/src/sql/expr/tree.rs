//! Expressions as a small tree, for whoever needs their meaning: validators, checks, comparison.
//!
//! What the tree has no word for is [`Simple::Other`], or [`Simple::Typed`]; a reader that meets it knows nothing of that
//! part and must act accordingly.

use std::ops::Range;
use std::sync::Arc;

use smol_str::SmolStr;

use super::query::Selection;

/// A part of an expression and where it stands in the expression's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Simple,
    /// Bytes of the text; brackets around it and trailing words may be left out.
    pub range: Range<u32>,
}

impl Node {
    /// The nodes directly inside.
    pub fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            Simple::Column { .. }
            | Simple::Literal(_)
            | Simple::Value
            | Simple::Typed(_)
            | Simple::Query(_)
            | Simple::Other => Vec::new(),
            Simple::Cast { expr, .. }
            | Simple::Neg(expr)
            | Simple::Member(expr)
            | Simple::IsNull { expr, .. }
            | Simple::IsTruth { expr, .. }
            | Simple::Not(expr) => vec![expr],
            Simple::Compare { left, right, .. }
            | Simple::Distinct { left, right, .. }
            | Simple::Arith { left, right, .. } => vec![left, right],
            Simple::Between { expr, low, high, .. } => vec![expr, low, high],
            Simple::In { expr, list, .. } | Simple::AnyArray { left: expr, list, .. } => {
                std::iter::once(&**expr).chain(list).collect()
            }
            Simple::Like { expr, pattern, escape, .. } => {
                [&**expr, &**pattern].into_iter().chain(escape.as_deref()).collect()
            }
            Simple::Regex { expr, pattern, .. } => vec![expr, pattern],
            Simple::And(list) | Simple::Or(list) | Simple::Array(list) => list.iter().collect(),
            Simple::Call { args, .. } | Simple::Special { args, .. } => args.iter().collect(),
            Simple::Case { branches, otherwise } => branches
                .iter()
                .flat_map(|(condition, result)| [condition, result])
                .chain(otherwise.as_deref())
                .collect(),
        }
    }
}

/// What a part of an expression is. Brackets are gone: the tree says what they said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Simple {
    /// `name`, `users.name`, `NEW.name`; unquoted names are in lower case.
    Column {
        /// All before the last dot, its parts joined by dots.
        qualifier: Option<SmolStr>,
        /// The column.
        name: SmolStr,
    },
    /// A number, string, boolean or null.
    Literal(Literal),
    /// The value that a domain's check speaks of.
    Value,
    /// `expr::ty`, `CAST(expr AS ty)`, `ty 'text'`.
    Cast {
        /// What is cast.
        expr: Box<Node>,
        /// The type's text, for `types::parse_type`.
        ty: SmolStr,
    },
    /// `-x`.
    Neg(Box<Node>),
    /// `left op right`.
    Compare {
        /// Which comparison.
        op: Comparison,
        /// The left operand.
        left: Box<Node>,
        /// The right operand.
        right: Box<Node>,
    },
    /// `expr IS [NOT] DISTINCT FROM right`.
    Distinct {
        /// The left operand.
        left: Box<Node>,
        /// The right operand.
        right: Box<Node>,
        /// With `NOT`.
        negated: bool,
    },
    /// `expr [NOT] BETWEEN low AND high`, both included.
    Between {
        /// What is compared.
        expr: Box<Node>,
        /// The lower bound.
        low: Box<Node>,
        /// The upper bound.
        high: Box<Node>,
        /// With `NOT`.
        negated: bool,
    },
    /// `expr [NOT] IN (a, b)`; a list, never a subquery.
    In {
        /// What is sought.
        expr: Box<Node>,
        /// Where it is sought.
        list: Vec<Node>,
        /// With `NOT`.
        negated: bool,
    },
    /// `left op ANY (ARRAY[a, b])` and `left op ALL (ARRAY[a, b])`, a cast of the array left out.
    AnyArray {
        /// What is compared with each element.
        left: Box<Node>,
        /// How.
        op: Comparison,
        /// The elements.
        list: Vec<Node>,
        /// `ALL` in place of `ANY`.
        all: bool,
    },
    /// `expr [NOT] LIKE pattern ESCAPE escape`, also as `~~` and its kin.
    Like {
        /// The text.
        expr: Box<Node>,
        /// The pattern.
        pattern: Box<Node>,
        /// The character that takes meaning away; a backslash where none is given.
        escape: Option<Box<Node>>,
        /// With `NOT`.
        negated: bool,
        /// `ILIKE`.
        case_insensitive: bool,
    },
    /// `expr ~ pattern` and its kin: PostgreSQL's regular expressions.
    Regex {
        /// The text.
        expr: Box<Node>,
        /// The pattern.
        pattern: Box<Node>,
        /// `!~`, `!~*`.
        negated: bool,
        /// `~*`, `!~*`.
        case_insensitive: bool,
    },
    /// `expr IS [NOT] NULL`.
    IsNull {
        /// What is tested.
        expr: Box<Node>,
        /// With `NOT`.
        negated: bool,
    },
    /// `expr IS [NOT] TRUE`, `FALSE`, `UNKNOWN`.
    IsTruth {
        /// What is tested.
        expr: Box<Node>,
        /// Which truth value; none for `UNKNOWN`.
        value: Option<bool>,
        /// With `NOT`.
        negated: bool,
    },
    /// All of these, at least two, none of them an `And` itself.
    And(Vec<Node>),
    /// Any of these, at least two, none of them an `Or` itself.
    Or(Vec<Node>),
    /// `NOT expr`.
    Not(Box<Node>),
    /// `name(args)`. SQL's special forms too: `EXTRACT(field FROM x)` is `extract('field', x)`,
    /// `CURRENT_DATE` a call without arguments.
    Call {
        /// In lower case unless quoted; `schema.name` where qualified.
        name: SmolStr,
        /// The arguments in order.
        args: Vec<Node>,
    },
    /// A call that says more than its arguments: `sum(x) FILTER (…)`, `rank() OVER w`, `f(name => x)`.
    Special {
        /// As a [`Simple::Call`]'s.
        name: SmolStr,
        /// The arguments in order, those of `WITHIN GROUP` behind the others; none where the function's own words stand
        /// between them.
        args: Vec<Node>,
    },
    /// `left op right`.
    Arith {
        /// Which operator.
        op: Arithmetic,
        /// The left operand.
        left: Box<Node>,
        /// The right operand.
        right: Box<Node>,
    },
    /// `ARRAY[a, b]`; `ARRAY(query)`, whose only element is the query.
    Array(Vec<Node>),
    /// What an array or a JSON value holds: `expr[1]`, `expr -> 'a'`, `expr #> '{a}'`.
    Member(Box<Node>),
    /// A query in brackets, for the value that it gives.
    Query(Arc<Selection>),
    /// `CASE`, without operand: `CASE x WHEN 1 …` has comparisons as conditions.
    Case {
        /// Condition and result.
        branches: Vec<(Node, Node)>,
        /// `ELSE`.
        otherwise: Option<Box<Node>>,
    },
    /// Anything else whose type is certain: `EXISTS (…)`, `a @> b`, `a ->> 'b'`.
    Typed(&'static str),
    /// Anything else.
    Other,
}

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// A number as written, without sign.
    Number(SmolStr),
    /// A string's value, without quotes and escapes.
    String(SmolStr),
    /// `TRUE` or `FALSE`.
    Bool(bool),
    /// `NULL`.
    Null,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Eq,
    /// `<>`, `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl Comparison {
    /// The operator's SQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "<>",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }
}

/// An operator on values that gives no boolean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
    /// `^`
    Pow,
    /// `||`
    Concat,
}

impl Arithmetic {
    /// The operator's SQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Rem => "%",
            Self::Pow => "^",
            Self::Concat => "||",
        }
    }
}
