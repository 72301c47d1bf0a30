//! Parts of a mixin, taken over for one table.
//!
//! In: a part as written, and the table. Out: the part with `{table}` replaced in names. SQL keeps its
//! text and notes the table, so that its characters can still be found in the mixin.

use smol_str::SmolStr;

use super::{
    DefaultSpec, FunctionList, GrantOn, IdentitySpec, Label, NamedMap, NullableScalar, Pairs,
    ReturnsSpec, SqlText, Text, TypeSpec,
};
use crate::grammar::document::OverrideDef;
use crate::source::{Span, Spanned};
use crate::syntax::Scalar;

/// The placeholder for the table's name.
pub const TABLE_PLACEHOLDER: &str = "{table}";

/// A use of a mixin.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The name of the table that uses it, unqualified.
    pub table: SmolStr,
    /// Where the table names the mixin.
    pub via: Span,
    /// Whether the mixin is built in: nobody can look at its text, so all of it stands at `via`.
    pub built_in: bool,
}

impl Instance {
    /// `text` with the placeholder replaced.
    pub fn apply(&self, text: &SmolStr) -> SmolStr {
        if text.contains(TABLE_PLACEHOLDER) {
            text.replace(TABLE_PLACEHOLDER, &self.table).into()
        } else {
            text.clone()
        }
    }

    /// Where a part of the mixin stands, as far as findings are concerned.
    pub const fn place(&self, span: Span) -> Span {
        if self.built_in { self.via } else { span }
    }
}

/// A thing that a mixin may hold.
pub trait Instantiate {
    /// Replaces the placeholder in it.
    fn instantiate(&mut self, instance: &Instance);
}

impl Instantiate for Text {
    fn instantiate(&mut self, instance: &Instance) {
        self.value = instance.apply(&self.value);
        self.span = instance.place(self.span);
    }
}

impl Instantiate for SqlText {
    fn instantiate(&mut self, instance: &Instance) {
        self.instance = Some(Box::new(instance.clone()));
        self.span = instance.place(self.span);
    }
}

impl Instantiate for Spanned<Scalar> {
    fn instantiate(&mut self, instance: &Instance) {
        self.value.text = instance.apply(&self.value.text);
        self.span = instance.place(self.span);
    }
}

impl<T: Instantiate> Instantiate for Option<T> {
    fn instantiate(&mut self, instance: &Instance) {
        if let Some(value) = self {
            value.instantiate(instance);
        }
    }
}

impl<T: Instantiate> Instantiate for Box<T> {
    fn instantiate(&mut self, instance: &Instance) {
        (**self).instantiate(instance);
    }
}

impl<T: Instantiate> Instantiate for Vec<T> {
    fn instantiate(&mut self, instance: &Instance) {
        for value in self {
            value.instantiate(instance);
        }
    }
}

impl<T: Instantiate> Instantiate for NamedMap<T> {
    fn instantiate(&mut self, instance: &Instance) {
        for entry in &mut self.entries {
            entry.name.instantiate(instance);
            entry.span = instance.place(entry.span);
            entry.value.instantiate(instance);
        }
    }
}

impl Instantiate for Pairs {
    fn instantiate(&mut self, instance: &Instance) {
        for (key, value) in &mut self.entries {
            key.instantiate(instance);
            value.instantiate(instance);
        }
    }
}

impl Instantiate for Spanned<bool> {
    fn instantiate(&mut self, instance: &Instance) {
        self.span = instance.place(self.span);
    }
}

impl Instantiate for Spanned<i64> {
    fn instantiate(&mut self, instance: &Instance) {
        self.span = instance.place(self.span);
    }
}

impl Instantiate for TypeSpec {
    fn instantiate(&mut self, instance: &Instance) {
        match self {
            Self::Text(text) => text.instantiate(instance),
            Self::Call { span, name, args } => {
                *span = instance.place(*span);
                name.instantiate(instance);
                args.instantiate(instance);
            }
            Self::Domain(name) => name.instantiate(instance),
        }
    }
}

impl Instantiate for DefaultSpec {
    fn instantiate(&mut self, instance: &Instance) {
        match self {
            Self::Bare(text) | Self::Expr(text) => text.instantiate(instance),
            Self::Value(value) => value.instantiate(instance),
            Self::Call { span, func, args } => {
                *span = instance.place(*span);
                func.instantiate(instance);
                args.instantiate(instance);
            }
        }
    }
}

impl Instantiate for NullableScalar {
    fn instantiate(&mut self, instance: &Instance) {
        self.0.instantiate(instance);
    }
}

impl Instantiate for IdentitySpec {
    fn instantiate(&mut self, instance: &Instance) {
        self.span = instance.place(self.span);
        self.kind.instantiate(instance);
        self.sequence.instantiate(instance);
    }
}

impl Instantiate for Label {
    fn instantiate(&mut self, instance: &Instance) {
        self.0.instantiate(instance);
    }
}

impl Instantiate for ReturnsSpec {
    fn instantiate(&mut self, instance: &Instance) {
        match self {
            Self::Type(ty) | Self::Set(ty) => ty.instantiate(instance),
            Self::Table(span, columns) => {
                *span = instance.place(*span);
                columns.instantiate(instance);
            }
        }
    }
}

impl Instantiate for FunctionList {
    fn instantiate(&mut self, instance: &Instance) {
        self.0.instantiate(instance);
    }
}

impl Instantiate for GrantOn {
    fn instantiate(&mut self, instance: &Instance) {
        match self {
            Self::Relation(name) => name.instantiate(instance),
            Self::Object(def) => def.instantiate(instance),
        }
    }
}

impl Instantiate for OverrideDef {
    fn instantiate(&mut self, instance: &Instance) {
        self.0.instantiate(instance);
    }
}
