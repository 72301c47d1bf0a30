//! Names as PostgreSQL stores them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::Serialize;
use smol_str::SmolStr;

/// The schema of unqualified names.
pub const PUBLIC: &str = "public";

/// A PostgreSQL identifier as stored: unquoted, case kept, 1 to 63 bytes once resolved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Name(SmolStr);

impl Name {
    /// The identifier `text`, taken as it stands.
    pub fn new(text: impl Into<SmolStr>) -> Self {
        Self(text.into())
    }

    /// Its text, unquoted.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as a shared string.
    pub fn into_text(self) -> SmolStr {
        self.0
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<&Name> for SmolStr {
    fn from(name: &Name) -> Self {
        name.0.clone()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name in a PostgreSQL schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct QualifiedName {
    /// The PostgreSQL schema.
    pub schema: Name,
    /// The name in it.
    pub name: Name,
}

impl QualifiedName {
    /// `schema.name`.
    pub fn new(schema: impl Into<Name>, name: impl Into<Name>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }

    /// Whether it lies in `public`.
    pub fn is_public(&self) -> bool {
        self.schema == PUBLIC
    }

    /// As people write it: `users`, `billing.invoices`; unquoted.
    pub fn shown(&self) -> Cow<'_, str> {
        if self.is_public() {
            self.name.as_str().into()
        } else {
            [&*self.schema, ".", &*self.name].concat().into()
        }
    }
}

/// As [`QualifiedName::shown`] gives it, for messages.
impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_public() { self.name.fmt(f) } else { write!(f, "{}.{}", self.schema, self.name) }
    }
}
