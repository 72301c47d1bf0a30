//! What an object of a table's fields is for, and what that says of each field.

use super::{Field, IntWidth, Presence, Scalar};
use crate::predicate::{Constant, Decimal};
use crate::schema::Literal;

/// What an object is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Rows as they are read.
    Row,
    /// Rows to insert.
    Insert,
    /// Changes of a row.
    Update,
    /// Arguments of a function.
    Args,
}

/// What a rule between fields reads of one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What the database stores where the field is absent, and no rule need guard it.
    pub default: Option<Constant>,
    /// Whether it may be null or absent.
    pub guarded: bool,
    /// Whether its absence means that the database decides, and not null.
    pub absent_is_open: bool,
}

impl Purpose {
    /// Whether such an object has a field.
    pub const fn presence(self, field: &Field) -> Presence {
        match self {
            Self::Row => Presence::Required,
            Self::Insert | Self::Args => field.insert,
            Self::Update => field.update,
        }
    }

    /// What a rule reads of a field that such an object has.
    pub fn reading(self, field: &Field) -> Reading {
        let default = field.default.as_ref().filter(|_| self == Self::Insert);
        let default = default.and_then(|literal| match literal {
            Literal::Bool(value) => Some(Constant::Bool(*value)),
            Literal::Text(value) => Some(Constant::Text(value.clone())),
            // Other numbers are rounded before they are stored, or travel as texts.
            Literal::Number(number) if is_small_integer(field) => {
                Decimal::parse(number).filter(|it| it.as_whole().is_some()).map(Constant::Number)
            }
            Literal::Number(_) | Literal::Null => None,
        });
        if default.is_some() {
            return Reading { default, guarded: false, absent_is_open: false };
        }
        let presence = self.presence(field);
        Reading {
            default,
            guarded: field.nullable || presence == Presence::Optional,
            absent_is_open: match self {
                Self::Update => true,
                Self::Row | Self::Insert | Self::Args => {
                    presence == Presence::Optional && !field.null_by_default
                }
            },
        }
    }
}

const fn is_small_integer(field: &Field) -> bool {
    matches!(field.value.scalar(), Some(Scalar::Integer(IntWidth::Small | IntWidth::Normal)))
}
