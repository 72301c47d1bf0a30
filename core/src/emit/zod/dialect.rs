//! The three zods: the same validator in the words of each.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::Version;
use crate::emit::lang::layout::{WIDTH, push_spaces, width};
use crate::emit::lang::{Call, Expr};

/// A validator under construction.
#[derive(Debug, Clone)]
pub(super) struct Validator {
    base: Expr,
    checks: Vec<Check>,
}

#[derive(Debug, Clone)]
enum Check {
    /// A check that zod has a name for: a method, and in `zod/mini` a function.
    Named { method: &'static str, function: &'static str, args: Vec<Expr> },
    /// A function of ours, and what it demands.
    Refine { test: Expr, message: String },
}

impl Validator {
    /// Whatever `base` takes.
    pub(super) const fn new(base: Expr) -> Self {
        Self { base, checks: Vec::new() }
    }

    /// A number at least, or above, `bound`.
    pub(super) fn lower(self, bound: String, inclusive: bool, message: Option<String>) -> Self {
        let (method, function) = if inclusive { ("min", "gte") } else { ("gt", "gt") };
        self.named(method, function, bound, message)
    }

    /// A number at most, or below, `bound`.
    pub(super) fn upper(self, bound: String, inclusive: bool, message: Option<String>) -> Self {
        let (method, function) = if inclusive { ("max", "lte") } else { ("lt", "lt") };
        self.named(method, function, bound, message)
    }

    /// A text or array of at least `count` units.
    pub(super) fn min_length(self, count: u32) -> Self {
        self.named("min", "minLength", count.to_string(), None)
    }

    /// An array of at most `count` elements.
    pub(super) fn max_length(self, count: u32) -> Self {
        self.named("max", "maxLength", count.to_string(), None)
    }

    /// A text that a pattern matches.
    pub(super) fn regex(self, literal: String, message: Option<String>) -> Self {
        self.named("regex", "regex", literal, message)
    }

    /// A value for which `test` holds.
    #[must_use]
    pub(super) fn refine(mut self, test: Expr, message: impl Into<String>) -> Self {
        self.checks.push(Check::Refine { test, message: message.into() });
        self
    }

    #[must_use]
    fn named(
        mut self,
        method: &'static str,
        function: &'static str,
        arg: String,
        message: Option<String>,
    ) -> Self {
        let mut args = vec![Expr::atom(arg)];
        args.extend(message.map(|message| text(&message)));
        self.checks.push(Check::Named { method, function, args });
        self
    }

    /// The validator's code. Refinements come last: in zod 3 no other check may follow them.
    pub(super) fn finish(self, version: Version) -> Expr {
        let (named, refined): (Vec<_>, Vec<_>) =
            self.checks.into_iter().partition(|check| matches!(check, Check::Named { .. }));
        let calls = named.into_iter().chain(refined).map(|check| match check {
            Check::Named { method, function, args } => (method, function, args),
            Check::Refine { test, message } => ("refine", "refine", vec![test, text(&message)]),
        });
        match version {
            Version::Four | Version::Three => {
                calls.fold(self.base, |base, (method, _, args)| base.then(method, args))
            }
            Version::Mini => {
                let checks: Vec<Expr> =
                    calls.map(|(_, function, args)| Expr::call("z", function, args)).collect();
                if checks.is_empty() { self.base } else { self.base.then("check", checks) }
            }
        }
    }
}

/// A validator with its form on one line, as most fields have it.
#[derive(Debug)]
pub(super) struct Laid {
    expr: Expr,
    flat: String,
    width: usize,
    /// Whether it must break by itself, and with its absence.
    must_break: [bool; 2],
    /// Its forms that do not fit behind their keys, by absence, indent and column.
    broken: RefCell<FxHashMap<(Absence, usize, usize), String>>,
}

impl Laid {
    /// Lays `expr` out.
    pub(super) fn new(expr: Expr, version: Version) -> Self {
        let flat = expr.flat();
        let width = width(&flat);
        let alone = expr.must_break();
        let wrapped = match version {
            Version::Four | Version::Three => expr.must_break_with_call(),
            Version::Mini => alone,
        };
        Self { flat, width, must_break: [alone, wrapped], broken: RefCell::default(), expr }
    }

    /// The validator.
    pub(super) const fn expr(&self) -> &Expr {
        &self.expr
    }

    /// Writes `key: validator,` as lines of their own.
    pub(super) fn write_entry(
        &self,
        out: &mut String,
        version: Version,
        key: &str,
        absence: Absence,
        indent: usize,
    ) {
        push_spaces(out, indent);
        out.push_str(key);
        out.push(':');
        let column = indent + key.chars().count() + 1;
        let name = absence.name();
        let around = match (name, version) {
            (None, _) => ["", "", "", ""],
            (Some(name), Version::Four | Version::Three) => ["", ".", name, "()"],
            (Some(name), Version::Mini) => ["z.", name, "(", ")"],
        };
        let added: usize = around.iter().map(|part| part.len()).sum();
        let [alone, wrapped] = self.must_break;
        let must_break = if name.is_some() { wrapped } else { alone };
        if must_break || column + 1 + self.width + added + 1 > WIDTH {
            let mut broken = self.broken.borrow_mut();
            out.push_str(broken.entry((absence, indent, column)).or_insert_with(|| {
                let mut text = String::new();
                let expr = version.wrap(self.expr.clone(), absence);
                expr.write_assigned(&mut text, indent, column, 1);
                text
            }));
        } else {
            out.push(' ');
            let [one, two, three, four] = around;
            let parts = match version {
                Version::Four | Version::Three => [&self.flat, one, two, three, four],
                Version::Mini => [one, two, three, &self.flat, four],
            };
            for part in parts {
                out.push_str(part);
            }
        }
        out.push_str(",\n");
    }
}

/// What may stand in a field's place beside its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Absence {
    /// `null`.
    pub(super) null: bool,
    /// Nothing at all.
    pub(super) nothing: bool,
}

impl Absence {
    /// zod's name for it, if there is any.
    const fn name(self) -> Option<&'static str> {
        match (self.null, self.nothing) {
            (false, false) => None,
            (true, false) => Some("nullable"),
            (false, true) => Some("optional"),
            (true, true) => Some("nullish"),
        }
    }
}

impl Version {
    /// `schema`, which also takes what `absence` says.
    pub(super) fn wrap(self, schema: Expr, absence: Absence) -> Expr {
        match (absence.name(), self) {
            (None, _) => schema,
            (Some(name), Self::Four | Self::Three) => schema.then(name, Vec::new()),
            (Some(name), Self::Mini) => Expr::call("z", name, vec![schema]),
        }
    }

    /// `schema` in an array whose elements may be null.
    pub(super) fn array(self, element: Expr) -> Expr {
        let element = self.wrap(element, Absence { null: true, nothing: false });
        Expr::call("z", "array", vec![element])
    }

    /// `first`, whose result `second` validates.
    pub(super) fn pipe(self, first: Expr, second: Expr) -> Expr {
        match self {
            Self::Four | Self::Three => first.then("pipe", vec![second]),
            Self::Mini => Expr::call("z", "pipe", vec![first, second]),
        }
    }

    /// The import of `z`.
    pub(super) const fn import(self) -> &'static str {
        match self {
            Self::Four => "import * as z from \"zod\";",
            Self::Mini => "import * as z from \"zod/mini\";",
            Self::Three => "import { z } from \"zod\";",
        }
    }
}

/// `z.name(args)`.
pub(super) fn z(name: &'static str, args: Vec<Expr>) -> Expr {
    Expr::call("z", name, args)
}

/// `z.first(…).second(…)…`, each without arguments.
pub(super) fn z_chain(names: &[&'static str]) -> Expr {
    Expr::Chain("z".into(), names.iter().map(|name| Call::new(name, Vec::new())).collect())
}

/// A string literal.
pub(super) fn text(text: &str) -> Expr {
    Expr::Text(text.into())
}
