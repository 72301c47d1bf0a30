//! Where lines break: TypeScript expressions laid out as prettier leaves them, at 80 columns.
//!
//! In: an expression as a tree. Out: its text, on one line where it fits and broken by prettier's rules
//! where it does not. The only place that decides on line breaks of TypeScript.

use smol_str::SmolStr;

use super::literal::{push_best_quoted, push_unicode};
use super::{joined, push_joined};

/// prettier's `printWidth`.
pub const WIDTH: usize = 80;

/// A TypeScript expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// Anything without a place to break: a name, a literal.
    Atom(SmolStr),
    /// A text, without its quotes.
    Text(SmolStr),
    /// `[a, b]`.
    Array(Vec<Expr>),
    /// `{ key: value }`; keys are written as they stand.
    Object(Vec<(SmolStr, Expr)>),
    /// `(params) => body`.
    Arrow(&'static str, Box<Expr>),
    /// `a && b`, `a || b`; at least two operands. One that is another such expression is put into
    /// parentheses.
    Logical(&'static str, Vec<Expr>),
    /// `a < b`, and its like, of atoms.
    Compare(String, &'static str, String),
    /// `head.call(…).call(…)`, or `head(…)` for a first call without a name.
    Chain(SmolStr, Vec<Call>),
    /// Text that prettier is not asked about: code of the user's.
    Verbatim(String),
}

/// Writes ` head<argument>` behind a `type Name =` that ends at `column`, with `;` to follow: a type, laid out
/// as prettier leaves it.
pub fn write_generic(out: &mut String, head: &str, argument: &str, column: usize) {
    let flat = width(head) + "<>".len() + width(argument);
    let parts = if column + 1 + flat < WIDTH {
        [" ", head, "<", argument, ">"]
    } else if column + " <".len() + width(head) <= WIDTH {
        [" ", head, "<\n  ", argument, "\n>"]
    } else if 2 + flat < WIDTH {
        ["\n  ", head, "<", argument, ">"]
    } else {
        ["\n  ", head, "<\n    ", argument, "\n  >"]
    };
    out.extend(parts);
}

/// One call of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The method; empty to call the head itself.
    pub name: &'static str,
    /// Its arguments.
    pub args: Vec<Expr>,
}

impl Call {
    /// `.name(args)`.
    pub const fn new(name: &'static str, args: Vec<Expr>) -> Self {
        Self { name, args }
    }
}

impl Expr {
    /// A name or literal.
    pub fn atom(text: impl Into<SmolStr>) -> Self {
        Self::Atom(text.into())
    }

    /// `a && b`; operands that are such expressions themselves are taken in. Of one operand it is that
    /// one, of none the word `empty`.
    pub fn logical(operator: &'static str, empty: &'static str, parts: Vec<Self>) -> Self {
        let inner = |part| match part {
            Self::Logical(inner, parts) if inner == operator => Ok(parts),
            other => Err(other),
        };
        joined(parts, inner, |operands| Self::Logical(operator, operands))
            .unwrap_or_else(|| Self::atom(empty))
    }

    /// `head.name(args)`, or `head(args)` for a call without a name.
    pub fn call(head: impl Into<SmolStr>, name: &'static str, args: Vec<Self>) -> Self {
        // Most chains get more calls.
        let mut calls = Vec::with_capacity(4);
        calls.push(Call::new(name, args));
        Self::Chain(head.into(), calls)
    }

    /// The same with one more call at its end.
    #[must_use]
    pub fn then(self, name: &'static str, args: Vec<Self>) -> Self {
        match self {
            Self::Chain(head, mut calls) => {
                calls.push(Call::new(name, args));
                Self::Chain(head, calls)
            }
            Self::Atom(head) => Self::call(head, name, args),
            Self::Verbatim(head) => Self::call(head, name, args),
            other => Self::call(other.flat(), name, args),
        }
    }

    /// The expression on one line.
    pub fn flat(&self) -> String {
        let mut out = String::new();
        self.write_flat(&mut out);
        out
    }

    /// Writes the expression where a line already has `column` characters and its statement or entry is
    /// indented by `indent`; `after` characters follow it on its last line.
    pub fn write(&self, out: &mut String, indent: usize, column: usize, after: usize) {
        // They have no place to break.
        if let Self::Atom(_) | Self::Text(_) = self {
            return self.write_flat(out);
        }
        let start = out.len();
        self.write_flat(out);
        let width = out.get(start..).map_or(0, width);
        if column + width + after <= WIDTH && !self.must_break() {
            return;
        }
        out.truncate(start);
        self.write_broken(out, indent, column, after);
    }

    /// Writes ` expression` behind a `key:` or `name =` that ends the line at `column`: on the next
    /// line where it does not fit and has no good place to break.
    pub fn write_assigned(&self, out: &mut String, indent: usize, column: usize, after: usize) {
        let start = out.len();
        out.push(' ');
        self.write_flat(out);
        let fits = column + out.get(start..).map_or(0, width) + after <= WIDTH;
        if fits && !self.must_break() {
            return;
        }
        out.truncate(start);
        // prettier leaves a word or string beside a key that is no wider than an indent, and a template
        // beside any.
        let short_key = column - indent <= 3;
        let word = match self {
            Self::Text(_) => true,
            Self::Atom(text) => text.starts_with(['"', '\'']) || !text.contains('`'),
            _ => false,
        };
        // Not even what stands before the first place to break fits.
        let crowded = column + 1 + self.head_width() > WIDTH;
        if !fits && (crowded || self.is_poorly_breakable() || (word && !short_key)) {
            new_line(out, indent + 2);
            self.write(out, indent + 2, indent + 2, after);
        } else {
            out.push(' ');
            self.write_broken(out, indent, column + 1, after);
        }
    }

    /// How much of it stands before the first place to break; nothing for what never moves to the next
    /// line.
    fn head_width(&self) -> usize {
        match self {
            Self::Array(_) | Self::Object(_) => 1,
            // A head with brackets of its own is code of the user's.
            Self::Chain(head, _) if head.contains(['(', '\n']) => 0,
            Self::Chain(head, calls) => {
                let first = match calls.first().map(|call| call.name) {
                    Some("") => "(".len(),
                    Some(name) if calls.len() <= calls_beside(head) => name.len() + ".(".len(),
                    Some(_) | None => 0,
                };
                width(head) + first
            }
            Self::Atom(_)
            | Self::Text(_)
            | Self::Verbatim(_)
            | Self::Arrow(..)
            | Self::Logical(..)
            | Self::Compare(..) => 0,
        }
    }

    /// prettier's `isPoorlyBreakableMemberOrCallChain`: calls without arguments, or with one short one.
    fn is_poorly_breakable(&self) -> bool {
        let Self::Chain(head, calls) = self else { return false };
        let lone = calls.len() <= calls_beside(head);
        lone && !head.contains('\n')
            && calls.iter().all(|call| match call.args.as_slice() {
                [] => true,
                [Self::Atom(text)] => width(text) <= WIDTH / 4,
                [text @ Self::Text(_)] => width(&text.flat()) <= WIDTH / 4,
                _ => false,
            })
    }

    fn write_flat(&self, out: &mut String) {
        match self {
            Self::Atom(text) => out.push_str(text),
            Self::Text(text) => push_best_quoted(out, text, push_unicode),
            Self::Verbatim(text) => out.push_str(text),
            Self::Array(items) => {
                out.push('[');
                write_list(out, items);
                out.push(']');
            }
            Self::Object(entries) => {
                out.push_str("{ ");
                for (index, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    out.push_str(key);
                    out.push_str(": ");
                    value.write_flat(out);
                }
                out.push_str(" }");
            }
            Self::Arrow(params, body) => {
                out.push_str(params);
                out.push_str(" => ");
                body.write_flat(out);
            }
            Self::Logical(operator, operands) => {
                for (index, operand) in operands.iter().enumerate() {
                    if index > 0 {
                        out.push(' ');
                        out.push_str(operator);
                        out.push(' ');
                    }
                    let (open, close) =
                        if let Self::Logical(..) = operand { ("(", ")") } else { ("", "") };
                    out.push_str(open);
                    operand.write_flat(out);
                    out.push_str(close);
                }
            }
            Self::Compare(left, operator, right) => {
                for part in [left, " ", *operator, " ", right] {
                    out.push_str(part);
                }
            }
            Self::Chain(head, calls) => {
                out.push_str(head);
                for call in calls {
                    call.write_beside(out);
                }
            }
        }
    }

    fn write_broken(&self, out: &mut String, indent: usize, column: usize, after: usize) {
        match self {
            Self::Atom(_) | Self::Text(_) => self.write_flat(out),
            Self::Verbatim(text) => write_verbatim(out, text, indent),
            Self::Array(items) => write_lines(out, "[", items, "]", indent),
            Self::Object(entries) => {
                out.push('{');
                for (key, value) in entries {
                    new_line(out, indent + 2);
                    out.push_str(key);
                    out.push(':');
                    value.write_assigned(out, indent + 2, indent + 2 + width(key) + 1, 1);
                    out.push(',');
                }
                new_line(out, indent);
                out.push('}');
            }
            Self::Arrow(params, body) => {
                out.push_str(params);
                out.push_str(" =>");
                if matches!(**body, Self::Array(_) | Self::Object(_)) {
                    out.push(' ');
                    body.write(out, indent, column + width(params) + 4, after);
                } else {
                    new_line(out, indent + 2);
                    body.write(out, indent + 2, indent + 2, after);
                }
            }
            Self::Logical(operator, operands) => {
                for (index, operand) in operands.iter().enumerate() {
                    if index > 0 {
                        out.push(' ');
                        out.push_str(operator);
                        new_line(out, indent);
                    }
                    let last = index + 1 == operands.len();
                    let after = if last { after } else { operator.len() + 1 };
                    if let Self::Logical(..) = operand {
                        out.push('(');
                        operand.write(out, indent + 2, indent + 1, after + 1);
                        out.push(')');
                    } else if let Self::Compare(..) = operand {
                        operand.write(out, indent + 2, indent, after);
                    } else {
                        operand.write(out, indent, indent, after);
                    }
                }
            }
            Self::Compare(left, operator, right) => {
                out.push_str(left);
                out.push(' ');
                out.push_str(operator);
                new_line(out, indent);
                out.push_str(right);
            }
            Self::Chain(head, calls) => write_chain(out, head, calls, indent, column, after),
        }
    }

    /// Whether prettier breaks it even where it would fit: a chain of three calls with an argument that
    /// is not trivial.
    pub fn must_break(&self) -> bool {
        match self {
            Self::Atom(_) | Self::Text(_) | Self::Compare(..) => false,
            Self::Verbatim(text) => text.contains('\n'),
            Self::Array(items) | Self::Logical(_, items) => items.iter().any(Self::must_break),
            Self::Object(entries) => entries.iter().any(|(_, value)| value.must_break()),
            Self::Arrow(_, body) => body.must_break(),
            Self::Chain(head, calls) => {
                let mut args = calls.iter().flat_map(|call| &call.args);
                is_long_chain(calls)
                    || head.contains('\n')
                    || calls.iter().any(|call| is_composition(&call.args))
                    || args.any(Self::must_break)
            }
        }
    }

    /// The same with one more call behind it that takes no arguments.
    pub fn must_break_with_call(&self) -> bool {
        let Self::Chain(_, calls) = self else { return self.must_break() };
        let simple = || calls.iter().all(|call| call.args.iter().all(Self::is_simple));
        self.must_break() || (calls.len() > 1 && !simple())
    }

    /// prettier's `isSimpleCallArgument`, for what is written here.
    fn is_simple(&self) -> bool {
        match self {
            // A regular expression is simple up to five characters.
            Self::Atom(text) => match text.as_bytes().first() {
                Some(b'/') => text.len() <= 5 + 3,
                // A tagged template is none.
                Some(b's') => !text.starts_with("sql`"),
                _ => true,
            },
            Self::Text(_) => true,
            Self::Verbatim(_) | Self::Arrow(..) | Self::Logical(..) | Self::Compare(..) => false,
            Self::Array(items) => items.iter().all(Self::is_simple),
            Self::Object(entries) => entries.iter().all(|(_, value)| value.is_simple()),
            Self::Chain(_, calls) => calls.iter().all(|call| call.args.iter().all(Self::is_simple)),
        }
    }
}

impl Call {
    /// Writes the call on a line of its own, in a chain that is broken.
    pub fn write_on_own_line(&self, out: &mut String, indent: usize) {
        new_line(out, indent);
        self.write_name(out);
        write_args(out, &self.args, indent, indent + 1 + self.name.len(), 0);
    }

    /// Writes the call on the line of its chain.
    pub fn write_beside(&self, out: &mut String) {
        self.write_name(out);
        out.push('(');
        write_list(out, &self.args);
        out.push(')');
    }

    fn write_name(&self, out: &mut String) {
        if !self.name.is_empty() {
            out.push('.');
            out.push_str(self.name);
        }
    }
}

/// prettier's `isFunctionCompositionArgs`: several arguments, with closures among those of one. They
/// always stand one a line.
fn is_composition(args: &[Expr]) -> bool {
    let closures = |args: &[Expr]| args.iter().filter(|arg| matches!(arg, Expr::Arrow(..))).count();
    args.len() > 1
        && (closures(args) > 1
            || args.iter().any(|arg| match arg {
                Expr::Chain(_, calls) => calls.last().is_some_and(|call| closures(&call.args) > 0),
                _ => false,
            }))
}

fn is_long_chain(calls: &[Call]) -> bool {
    calls.len() > 2 && !calls.iter().all(|call| call.args.iter().all(Expr::is_simple))
}

/// How many calls prettier keeps beside the head of a chain without calling it one: a capitalised head
/// is a factory to it, whose first call comes for free.
fn calls_beside(head: &str) -> usize {
    if head.starts_with(|c: char| c.is_ascii_uppercase()) { 2 } else { 1 }
}

/// A chain that does not fit: one call stays with its head and breaks within, more stand one a line.
fn write_chain(
    out: &mut String,
    head: &str,
    calls: &[Call],
    indent: usize,
    column: usize,
    after: usize,
) {
    let beside = calls_beside(head);
    // Code of the user's that has several lines is broken already.
    let only = calls.len() <= beside
        || head.contains('\n')
        || (calls.len() == 2
            && calls.last().is_some_and(|call| is_composition(&call.args))
            && column + width(head) + beside_width(calls, 0) <= WIDTH)
        || (calls.len() <= 2 && calls.first().is_some_and(|call| call.name.is_empty()));
    write_verbatim(out, head, indent);
    let mut column = column + width(head);
    for (index, call) in calls.iter().enumerate() {
        let own_line = !only && index + 1 >= beside && !call.name.is_empty();
        let inner = if own_line { indent + 2 } else { indent };
        if own_line {
            new_line(out, inner);
            column = inner;
        }
        let start = out.len();
        call.write_name(out);
        column += out.get(start..).map_or(0, width);
        let rest = calls.get(index + 1..).unwrap_or_default();
        let beside = if only { beside_width(rest, after) } else { 0 };
        let start = out.len();
        write_args(out, &call.args, inner, column, if rest.is_empty() { after } else { beside });
        let written = out.get(start..).unwrap_or_default();
        column = match written.rsplit_once('\n') {
            Some((_, line)) => width(line),
            None => column + width(written),
        };
    }
}

/// How much of the calls behind one must stand on its line: all until the first place to break.
fn beside_width(calls: &[Call], after: usize) -> usize {
    let mut taken = 0;
    for call in calls {
        taken += ".(".len() + call.name.len();
        if !call.args.is_empty() {
            return taken;
        }
        taken += ")".len();
    }
    taken + after
}

/// `(…)`: on one line, else with the last argument's brackets open on it, else one argument a line.
fn write_args(out: &mut String, args: &[Expr], indent: usize, column: usize, after: usize) {
    if is_composition(args) {
        return write_lines(out, "(", args, ")", indent);
    }
    let start = out.len();
    out.push('(');
    write_list(out, args);
    out.push(')');
    let flat = out.get(start..).map_or(0, width);
    let fits = column + flat + after <= WIDTH && !args.iter().any(Expr::must_break);
    if fits || args.is_empty() {
        return;
    }
    out.truncate(start);
    if let Some((last @ (Expr::Array(_) | Expr::Object(_)), before)) = args.split_last() {
        let lead: usize = before.iter().map(|arg| width(&arg.flat()) + 2).sum();
        if column + 1 + lead < WIDTH && !before.iter().any(Expr::must_break) {
            out.push('(');
            for arg in before {
                arg.write_flat(out);
                out.push_str(", ");
            }
            last.write_broken(out, indent, column + 1 + lead, after + 1);
            out.push(')');
            return;
        }
    }
    write_lines(out, "(", args, ")", indent);
}

/// The user's code: its further lines are indented like their place, unless that could change a
/// template literal.
fn write_verbatim(out: &mut String, text: &str, indent: usize) {
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            out.push('\n');
            if !text.contains('`') && !line.is_empty() {
                push_spaces(out, indent);
            }
        }
        out.push_str(line);
    }
}

fn write_list(out: &mut String, items: &[Expr]) {
    push_joined(out, items, ", ", |out, item| item.write_flat(out));
}

fn write_lines(out: &mut String, open: &str, items: &[Expr], close: &str, indent: usize) {
    out.push_str(open);
    for item in items {
        new_line(out, indent + 2);
        item.write(out, indent + 2, indent + 2, 1);
        out.push(',');
    }
    new_line(out, indent);
    out.push_str(close);
}

/// Starts a line behind `indent` spaces.
pub fn new_line(out: &mut String, indent: usize) {
    out.push('\n');
    push_spaces(out, indent);
}

/// Appends so many spaces.
pub fn push_spaces(out: &mut String, count: usize) {
    const SPACES: &str = "                                ";
    for _ in 0..count / SPACES.len() {
        out.push_str(SPACES);
    }
    out.push_str(SPACES.get(..count % SPACES.len()).unwrap_or_default());
}

/// Columns that a text takes, as prettier counts them.
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(columns).sum() }
}

/// Two columns for what East Asian fonts and emoji draw wide, none for combining marks.
fn columns(c: char) -> usize {
    match u32::from(c) {
        0x0300..=0x036f | 0x200b..=0x200d | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}
