//! What targets are called and may be told: described as data, decoded once for all of them.

use serde_json::{Map, Value};

use super::errors::{did_you_mean, listed};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::sort;
use crate::source::Span;

/// What a target is called and takes. The command line's help, the schema of the configuration file
/// and the documentation are made from it.
#[derive(Debug, PartialEq, Eq)]
pub struct TargetInfo {
    /// The name that requests use: `sql`, `zod`.
    pub name: &'static str,
    /// Its name as people write it.
    pub title: &'static str,
    /// What it writes, in a few sentences of Markdown.
    pub docs: &'static str,
    /// What it may be told.
    pub options: &'static [OptionInfo],
    /// Where it writes unless told otherwise: a file, or a folder for targets of many files.
    pub default_out: &'static str,
}

/// One option of a target.
#[derive(Debug, PartialEq, Eq)]
pub struct OptionInfo {
    /// Its name, in snake case.
    pub name: &'static str,
    /// What it does, in a sentence or two of Markdown.
    pub docs: &'static str,
    /// What it takes, and what it is when not given.
    pub kind: OptionKind,
}

impl OptionInfo {
    /// One that takes a word of `T`.
    pub const fn one_of<T: Choice>(name: &'static str, docs: &'static str) -> Self {
        Self { name, docs, kind: OptionKind::Choice(T::WORDS) }
    }

    /// One that is `true` or `false`.
    pub const fn flag(name: &'static str, docs: &'static str, default: bool) -> Self {
        Self { name, docs, kind: OptionKind::Flag { default } }
    }

    /// One that takes any text.
    pub const fn text(name: &'static str, docs: &'static str, default: &'static str) -> Self {
        Self { name, docs, kind: OptionKind::Text { default } }
    }

    /// One that takes a map of names to numbers.
    pub const fn numbers(name: &'static str, docs: &'static str) -> Self {
        Self { name, docs, kind: OptionKind::Numbers }
    }
}

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionKind {
    /// `true` or `false`.
    Flag {
        /// When not given.
        default: bool,
    },
    /// One of these words; the first when not given. A number may stand for its digits.
    Choice(&'static [&'static str]),
    /// Any text.
    Text {
        /// When not given.
        default: &'static str,
    },
    /// A map of names, of letters, digits, `_` and `-`, to whole numbers; empty when not given.
    Numbers,
}

impl OptionKind {
    /// What the option is when not given.
    pub fn default(self) -> Value {
        match self {
            Self::Flag { default } => Value::Bool(default),
            Self::Choice(words) => Value::from(words.first().copied().unwrap_or_default()),
            Self::Text { default } => Value::from(default),
            Self::Numbers => Value::Object(Map::new()),
        }
    }
}

/// A set of words as an enum, for [`OptionKind::Choice`].
pub trait Choice: Copy + 'static {
    /// The words, in the order of the variants; the first is the default.
    const WORDS: &'static [&'static str];
    /// The variants, in the order of the words.
    const ALL: &'static [Self];
}

/// Declares an enum with one word a variant, the default first.
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $crate::emit::options::Choice for $name {
            const WORDS: &'static [&'static str] = &[$($word,)*];
            const ALL: &'static [Self] = &[$(Self::$variant,)*];
        }
    };
}
pub(crate) use choice;

/// A target's options with their defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    info: &'static TargetInfo,
    values: Vec<Value>,
}

impl Options {
    /// Every option's default.
    pub fn defaults(info: &'static TargetInfo) -> Self {
        Self { info, values: info.options.iter().map(|option| option.kind.default()).collect() }
    }

    /// What the host gave. Unknown names and wrong values are reported and left at their defaults.
    pub fn decode(
        info: &'static TargetInfo,
        given: &Map<String, Value>,
        sink: &mut Diagnostics,
    ) -> Self {
        let mut options = Self::defaults(info);
        for (name, value) in given {
            let found = info.options.iter().zip(&mut options.values);
            let Some((option, slot)) = found.into_iter().find(|(option, _)| option.name == name)
            else {
                sink.push(unknown_option(info, name));
                continue;
            };
            match accept(option.kind, value) {
                Some(value) => *slot = value,
                None => sink.push(wrong_option(info.name, option, value)),
            }
        }
        options
    }

    /// The value of a flag; false for a name that is no flag of the target.
    pub fn flag(&self, name: &str) -> bool {
        self.value(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// The value of a text or choice; empty for a name that is none of the target.
    pub fn text(&self, name: &str) -> &str {
        self.value(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The value of a choice, declared with the words of `T`; `None` if it was declared with others.
    pub fn choice<T: Choice>(&self, name: &str) -> Option<T> {
        let word = self.text(name);
        let place = T::WORDS.iter().position(|known| *known == word)?;
        T::ALL.get(place).copied()
    }

    /// The names and numbers of a map, by number; none for a name that is no map of the target.
    pub fn numbers(&self, name: &str) -> Vec<(u64, &str)> {
        let map = self.value(name).and_then(Value::as_object);
        let mut numbers: Vec<(u64, &str)> = map
            .into_iter()
            .flatten()
            .filter_map(|(name, number)| Some((number.as_u64()?, name.as_str())))
            .collect();
        sort::by_key(&mut numbers, |(number, _)| *number);
        numbers
    }

    fn value(&self, name: &str) -> Option<&Value> {
        let place = self.info.options.iter().position(|option| option.name == name)?;
        self.values.get(place)
    }
}

/// The value as the option keeps it, if it is of its kind.
fn accept(kind: OptionKind, value: &Value) -> Option<Value> {
    match (kind, value) {
        (OptionKind::Flag { .. }, Value::Bool(_)) | (OptionKind::Text { .. }, Value::String(_)) => {
            Some(value.clone())
        }
        (OptionKind::Choice(words), Value::String(_) | Value::Number(_)) => {
            let word = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            words.iter().find(|known| **known == word).map(|word| Value::from(*word))
        }
        (OptionKind::Numbers, Value::Object(map)) => {
            let fits = |(name, number): (&String, &Value)| is_word(name) && number.is_u64();
            map.iter().all(fits).then(|| value.clone())
        }
        (
            OptionKind::Flag { .. }
            | OptionKind::Choice(_)
            | OptionKind::Text { .. }
            | OptionKind::Numbers,
            _,
        ) => None,
    }
}

/// Whether a name can be a part of a file's.
fn is_word(name: &str) -> bool {
    let is_part = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-');
    !name.is_empty() && name.chars().all(is_part)
}

/// A request gives an option that its target does not have.
fn unknown_option(info: &TargetInfo, name: &str) -> Diagnostic {
    let names: Vec<&str> = info.options.iter().map(|option| option.name).collect();
    let found = Diagnostic::new(
        Code::UnknownOption,
        Span::NOWHERE,
        format!("the target `{}` has no option `{name}`", info.name),
    );
    did_you_mean(found, name, &names)
}

/// A request gives an option a value that it does not take.
fn wrong_option(target: &str, option: &OptionInfo, value: &Value) -> Diagnostic {
    let found = Diagnostic::new(
        Code::UnknownOption,
        Span::NOWHERE,
        format!("the option `{}` of the target `{target}` does not take `{value}`", option.name),
    );
    match option.kind {
        OptionKind::Flag { .. } => found.help("say `true` or `false`"),
        OptionKind::Text { .. } => found.help("give a text"),
        OptionKind::Numbers => found.help(
            "give a map of names, of letters, digits, `_` and `-`, to numbers: `{ \"node\": 100 }`",
        ),
        OptionKind::Choice(words) => match value.as_str() {
            Some(word) => did_you_mean(found, word, words),
            None => found.help(format!("use one of {}", listed(words))),
        },
    }
}
