//! Types and values, as columns, fields, domains and arguments say them.

use super::macros::record;
use super::{Decode, Decoder, Kind, SqlText, Text, errors};
use crate::source::{Span, Spanned};
use crate::syntax::{Node, NodeKind, Scalar};

/// A single value of any kind, as written.
pub type ScalarText = Spanned<Scalar>;

impl Decode for ScalarText {
    fn kind() -> Kind {
        Kind::Scalar
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let scalar = cx.scalar(node, Kind::Scalar)?;
        Some(Self::new(scalar.clone(), node.span))
    }
}

/// A name with arguments, written as a map.
#[derive(Debug, Clone)]
pub struct Call<A> {
    /// Where the map stands.
    pub span: Span,
    /// The name, qualified where it must be.
    pub name: Text,
    /// What stands in its parentheses.
    pub args: Vec<A>,
}

/// A type, as written.
#[derive(Debug, Clone)]
pub enum TypeSpec {
    /// `varchar(255)`.
    Text(SqlText),
    /// `{name: varchar, args: [255]}`.
    Call(Box<Call<Text>>),
    /// `{domain: status}`: a domain, enum or composite type.
    Domain(Text),
}

impl TypeSpec {
    /// Where it stands.
    pub const fn span(&self) -> Span {
        match self {
            Self::Text(text) => text.span,
            Self::Call(call) => call.span,
            Self::Domain(name) => name.span,
        }
    }
}

record! {
    /// A type with arguments, or a declared one.
    "type" TypeDef {
        /// The type's name: `varchar`.
        name = "name" => Type: Option<Text>,
        /// Its arguments: `[255]`.
        args = "args": Vec<Text>,
        /// A declared domain, enum or composite type.
        domain = "domain" => Type: Option<Text>,
    }
}

fn type_text() -> Kind {
    Kind::Type
}

fn type_map() -> Kind {
    Kind::Record(TypeDef::RECORD)
}

impl Decode for TypeSpec {
    fn kind() -> Kind {
        Kind::Either(&[type_text, type_map])
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(_) => SqlText::decode(node, cx).map(Self::Text),
            NodeKind::Map(_) => {
                let map = TypeDef::decode(node, cx)?;
                match (map.domain, map.name) {
                    (Some(domain), _) => Some(Self::Domain(domain)),
                    (None, Some(name)) => {
                        let call = Call { span: map.span, name, args: map.args };
                        Some(Self::Call(Box::new(call)))
                    }
                    (None, None) => cx.wrong_kind(node, Kind::Type),
                }
            }
            NodeKind::Seq(_) => cx.wrong_kind(node, Kind::Type),
        }
    }
}

/// A default, as written.
#[derive(Debug, Clone)]
pub enum DefaultSpec {
    /// A bare scalar: an expression or a constant, which only the column's type can tell.
    Bare(SqlText),
    /// `{value: …}`: a constant.
    Value(ScalarText),
    /// `{expr: …}`: an expression.
    Expr(SqlText),
    /// `{func: now, args: […]}`: a call with constants.
    Call(Box<Call<ScalarText>>),
}

impl DefaultSpec {
    /// Where it stands.
    pub const fn span(&self) -> Span {
        match self {
            Self::Bare(text) | Self::Expr(text) => text.span,
            Self::Value(value) => value.span,
            Self::Call(call) => call.span,
        }
    }
}

record! {
    /// A default that says what it is.
    "default" DefaultDef {
        /// A constant, in any case.
        value = "value": Option<NullableScalar>,
        /// A SQL expression, in any case.
        expr = "expr": Option<SqlText>,
        /// A function to call: `now`, `gen_random_uuid`.
        func = "func" => Function: Option<Text>,
        /// The function's arguments.
        args = "args": Vec<ScalarText>,
    }
}

/// A scalar in a place where null is a value.
#[derive(Debug, Clone)]
pub struct NullableScalar(pub ScalarText);

impl Decode for NullableScalar {
    const NULLABLE: bool = true;

    fn kind() -> Kind {
        Kind::Scalar
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        ScalarText::decode(node, cx).map(Self)
    }
}

fn default_bare() -> Kind {
    Kind::Scalar
}

fn default_sql() -> Kind {
    Kind::Sql
}

fn default_map() -> Kind {
    Kind::Record(DefaultDef::RECORD)
}

impl Decode for DefaultSpec {
    const NULLABLE: bool = true;

    fn kind() -> Kind {
        Kind::Either(&[default_bare, default_sql, default_map])
    }

    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(_) => SqlText::decode(node, cx).map(Self::Bare),
            NodeKind::Map(_) => {
                let map = DefaultDef::decode(node, cx)?;
                match (map.value, map.expr, map.func) {
                    (Some(value), None, None) => Some(Self::Value(value.0)),
                    (None, Some(expr), None) => Some(Self::Expr(expr)),
                    (None, None, Some(name)) => {
                        let call = Call { span: map.span, name, args: map.args };
                        Some(Self::Call(Box::new(call)))
                    }
                    _ => {
                        let keys = ["value", "expr", "func"];
                        cx.report(errors::not_one_of(DefaultDef::RECORD, &keys, node.span));
                        None
                    }
                }
            }
            NodeKind::Seq(_) => cx.wrong_kind(node, Self::kind()),
        }
    }
}
