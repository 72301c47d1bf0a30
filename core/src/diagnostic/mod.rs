//! What the compiler has to say, as data.
//!
//! In: findings of every room, collected in [`Diagnostics`]. Out: one sorted, deduplicated list.
//! How they look is `render`'s business; what each code means stands in [`code`].
//!
//! Manners: the message says what is wrong, in lower case, without a full stop, and names the user's
//! words in backticks. A label says what its place is. The help is a command ("add …", "quote …").
//! A fix says whether it is safe.

pub mod code;
pub mod render;
mod suggest;

pub use code::Code;
pub use suggest::{Near, closest};

use crate::sort;
use crate::source::Span;

/// How bad it is. Errors prevent output; the others do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is emitted.
    Error,
    /// Output is emitted, and is probably not what was meant.
    Warning,
    /// Something that the user may want to know.
    Note,
}

impl Severity {
    /// `error`, `warning` or `note`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A place and what it is in this finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What this place is ("first defined here"); may be empty for the primary label.
    pub text: String,
}

/// Whether a fix can be applied without looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// Keeps or restores what was clearly meant.
    Safe,
    /// One of several repairs, or changes the meaning.
    Suggestion,
}

/// Replaces the text at `span` by `text`; an empty span inserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What to replace.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// A repair that a machine can make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command.
    pub title: String,
    /// Whether it needs a look.
    pub safety: Safety,
    /// Edits that do not overlap.
    pub edits: Vec<Edit>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which check; stable.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The place to look at.
    pub primary: Label,
    /// Other places that explain it.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// Background that helps to understand.
    pub notes: Vec<String>,
    /// Repairs, the most likely first. More than one where the intent is open.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A finding of `code` at `span`, with the code's own severity.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::of(code, span, message.into())
    }

    fn of(code: Code, span: Span, message: String) -> Self {
        Self {
            code,
            severity: code.severity(),
            message,
            primary: Label { span, text: String::new() },
            labels: Vec::new(),
            help: None,
            notes: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Every place that it names: its own, those of its labels, those of its repairs.
    pub fn places_mut(&mut self) -> impl Iterator<Item = &mut Span> {
        let labels = self.labels.iter_mut().map(|label| &mut label.span);
        let edits = self.fixes.iter_mut().flat_map(|fix| &mut fix.edits);
        let others = labels.chain(edits.map(|edit| &mut edit.span));
        std::iter::once(&mut self.primary.span).chain(others)
    }

    /// Says what the primary place is.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Adds background.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds a repair made of one edit.
    #[must_use]
    pub fn fix(
        self,
        title: impl Into<String>,
        safety: Safety,
        span: Span,
        text: impl Into<String>,
    ) -> Self {
        self.fix_edits(title, safety, vec![Edit { span, text: text.into() }])
    }

    /// Adds a repair made of several edits.
    #[must_use]
    pub fn fix_edits(mut self, title: impl Into<String>, safety: Safety, edits: Vec<Edit>) -> Self {
        self.fixes.push(Fix { title: title.into(), safety, edits });
        self
    }
}

/// The findings of one compilation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// Whether output must be refused.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The findings in their present order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// Sorts by place (then severity, code) and drops findings that say the same of the same place.
    /// Called once, by the façade.
    #[must_use]
    pub fn finish(mut self) -> Self {
        let key = |d: &Diagnostic| (d.primary.span, d.severity, d.code);
        sort::by(&mut self.list, |a, b| {
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        self.list.dedup_by(|a, b| key(a) == key(b) && a.message == b.message);
        self
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(findings: I) -> Self {
        Self { list: findings.into_iter().collect() }
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}
