//! Where lines break: Python expressions laid out as `ruff format` leaves them, at 88 columns.
//!
//! In: an expression as a tree. Out: its text, on one line where it fits, else broken by ruff's rules. A
//! list that is broken ends in a comma, which ruff then keeps as it is. The only place that decides on
//! line breaks of Python.

use std::cell::{OnceCell, RefCell};

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::layout::{new_line, push_spaces, width};
use super::{joined, python};

/// ruff's `line-length`.
pub const WIDTH: usize = 88;

/// A Python expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Py {
    /// Anything without a place to break: a name, a literal.
    Atom(SmolStr),
    /// A text that is the same within the quotes of a string literal; see [`Py::string`].
    Text(SmolStr),
    /// `head(a, b)`, `head[a, b]`, `(a, b)`, `[a, b]`.
    List(SmolStr, Brackets, Vec<Py>),
    /// `name=value`, an argument.
    Named(&'static str, Box<Py>),
    /// `key: value` in a dict.
    Entry(SmolStr, Box<Py>),
    /// `a or b`, `a and b`, `A | B`: at least two operands; one that is another such expression is put
    /// into parentheses.
    Operation(&'static str, Vec<Py>),
    /// `a < b`, `a in b`, and their like.
    Compare(Box<Py>, &'static str, Box<Py>),
    /// `lambda value: body`.
    Lambda(Box<Py>),
}

/// The brackets of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brackets {
    /// `(…)`.
    Round,
    /// `[…]` of a list display.
    Square,
    /// `[…]` of a subscript: a comma behind its only item would make it a tuple.
    Subscript,
    /// `{…}`.
    Curly,
}

impl Py {
    /// A name or literal.
    pub fn atom(text: impl Into<SmolStr>) -> Self {
        Self::Atom(text.into())
    }

    /// A text as a string literal.
    pub fn string(text: impl Into<SmolStr>) -> Self {
        let text = text.into();
        if python::is_plain(&text) { Self::Text(text) } else { Self::Atom(python::string(&text)) }
    }

    /// `head(args)`.
    pub fn call(head: impl Into<SmolStr>, args: Vec<Self>) -> Self {
        Self::List(head.into(), Brackets::Round, args)
    }

    /// `head[args]`.
    pub fn subscript(head: impl Into<SmolStr>, args: Vec<Self>) -> Self {
        Self::List(head.into(), Brackets::Subscript, args)
    }

    /// `name=value`.
    pub fn named(name: &'static str, value: Self) -> Self {
        Self::Named(name, Box::new(value))
    }

    /// `left op right`.
    pub fn compare(left: Self, op: &'static str, right: Self) -> Self {
        Self::Compare(Box::new(left), op, Box::new(right))
    }

    /// `a or b`; operands that are such expressions themselves are taken in. Of one operand it is that
    /// one, of none the word `empty`.
    pub fn operation(operator: &'static str, empty: &'static str, parts: Vec<Self>) -> Self {
        let inner = |part| match part {
            Self::Operation(inner, parts) if inner == operator => Ok(parts),
            other => Err(other),
        };
        joined(parts, inner, |operands| Self::Operation(operator, operands))
            .unwrap_or_else(|| Self::atom(empty))
    }

    /// `self | None`.
    #[must_use]
    pub fn or_none(self) -> Self {
        Self::operation("|", "None", vec![self, Self::atom("None")])
    }

    /// The expression on one line.
    pub fn flat(&self) -> String {
        let mut out = String::new();
        self.write_flat(&mut out);
        out
    }

    fn write_flat(&self, out: &mut String) {
        match self {
            Self::Atom(text) => out.push_str(text),
            Self::Text(text) => out.extend(["\"", text, "\""]),
            Self::List(head, brackets, items) => {
                let [open, close] = brackets.signs();
                out.push_str(head);
                out.push(open);
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    item.write_flat(out);
                }
                // `(a,)` is a tuple, `(a)` is not.
                if head.is_empty() && *brackets == Brackets::Round && items.len() == 1 {
                    out.push(',');
                }
                out.push(close);
            }
            Self::Named(name, value) => {
                out.push_str(name);
                out.push('=');
                value.write_flat(out);
            }
            Self::Entry(key, value) => {
                out.push_str(key);
                out.push_str(": ");
                value.write_flat(out);
            }
            Self::Operation(operator, operands) => {
                for (index, operand) in operands.iter().enumerate() {
                    if index > 0 {
                        out.extend([" ", operator, " "]);
                    }
                    let inner = matches!(operand, Self::Operation(..));
                    out.push_str(if inner { "(" } else { "" });
                    operand.write_flat(out);
                    out.push_str(if inner { ")" } else { "" });
                }
            }
            Self::Compare(left, operator, right) => {
                left.write_flat(out);
                out.extend([" ", operator, " "]);
                right.write_flat(out);
            }
            Self::Lambda(body) => {
                out.push_str("lambda value: ");
                body.write_flat(out);
            }
        }
    }

    /// How much of so many columns is left behind the expression on one line; none where it does not fit.
    fn room_behind(&self, room: usize) -> Option<usize> {
        match self {
            Self::Atom(text) => room.checked_sub(width(text)),
            Self::Text(text) => room.checked_sub(text.len() + 2),
            Self::List(head, brackets, items) => {
                let is_lone = items.len() == 1 && head.is_empty();
                let is_tuple = is_lone && *brackets == Brackets::Round;
                let commas = items.len().saturating_sub(1) * ", ".len() + usize::from(is_tuple);
                let room = room.checked_sub(width(head) + commas + "()".len())?;
                items.iter().try_fold(room, |room, item| item.room_behind(room))
            }
            Self::Named(name, value) => value.room_behind(room.checked_sub(name.len() + 1)?),
            Self::Entry(key, value) => value.room_behind(room.checked_sub(width(key) + 2)?),
            Self::Operation(operator, operands) => {
                let between = operands.len().saturating_sub(1) * (operator.len() + 2);
                let room = room.checked_sub(between)?;
                operands.iter().try_fold(room, |room, operand| {
                    let signs = if matches!(operand, Self::Operation(..)) { 2 } else { 0 };
                    operand.room_behind(room.checked_sub(signs)?)
                })
            }
            Self::Compare(left, operator, right) => {
                right.room_behind(left.room_behind(room.checked_sub(operator.len() + 2)?)?)
            }
            Self::Lambda(body) => body.room_behind(room.checked_sub("lambda value: ".len())?),
        }
    }

    /// Whether so many columns and the expression fit on one line.
    fn fits_beside(&self, columns: usize) -> bool {
        WIDTH.checked_sub(columns).and_then(|room| self.room_behind(room)).is_some()
    }

    /// Writes the expression where a line already has `column` characters and what it stands in is
    /// indented by `indent`; `after` characters follow it on its last line.
    pub fn write(&self, out: &mut String, indent: usize, column: usize, after: usize) {
        if self.fits_beside(column + after) {
            self.write_flat(out);
        } else {
            self.write_broken(out, indent, column, after);
        }
    }

    fn write_broken(&self, out: &mut String, indent: usize, column: usize, after: usize) {
        match self {
            Self::Atom(_) | Self::Text(_) => self.write_flat(out),
            Self::List(head, brackets, items) => {
                let [open, close] = brackets.signs();
                out.push_str(head);
                out.push(open);
                for item in items {
                    new_line(out, indent + 4);
                    let comma = usize::from(*brackets != Brackets::Subscript || items.len() > 1);
                    item.write(out, indent + 4, indent + 4, comma);
                    out.push_str(if comma == 1 { "," } else { "" });
                }
                if !items.is_empty() {
                    new_line(out, indent);
                }
                out.push(close);
            }
            Self::Named(name, value) => {
                out.push_str(name);
                out.push('=');
                value.write(out, indent, column + name.len() + 1, after);
            }
            Self::Entry(key, value) => {
                out.push_str(key);
                out.push_str(": ");
                value.write(out, indent, column + width(key) + 2, after);
            }
            Self::Operation(operator, operands) => {
                for (index, operand) in operands.iter().enumerate() {
                    let mut column = column;
                    if index > 0 {
                        new_line(out, indent);
                        out.extend([*operator, " "]);
                        column = indent + operator.len() + 1;
                    }
                    let after = if index + 1 == operands.len() { after } else { 0 };
                    if matches!(operand, Self::Operation(..)) {
                        operand.write_in_parentheses(out, indent, column, after);
                    } else {
                        operand.write(out, indent, column, after);
                    }
                }
            }
            Self::Compare(left, operator, right) => {
                left.write(out, indent, column, 0);
                new_line(out, indent);
                out.extend([*operator, " "]);
                right.write(out, indent, indent + operator.len() + 1, after);
            }
            Self::Lambda(body) => {
                out.push_str("lambda value: ");
                match **body {
                    Self::Operation(..) | Self::Compare(..) => {
                        body.write_in_parentheses(out, indent, WIDTH, after);
                    }
                    _ => body.write(out, indent, column + "lambda value: ".len(), after),
                }
            }
        }
    }

    /// `(expression)`, its lines deeper by one level where it does not fit.
    fn write_in_parentheses(&self, out: &mut String, indent: usize, column: usize, after: usize) {
        out.push('(');
        if self.fits_beside(column + 2 + after) {
            self.write_flat(out);
        } else {
            new_line(out, indent + 4);
            self.write(out, indent + 4, indent + 4, 0);
            new_line(out, indent);
        }
        out.push(')');
    }

    /// Writes `name: self = value` as a line of its own behind `indent` spaces; without `= value` where
    /// there is none.
    pub fn write_field(&self, out: &mut String, indent: usize, name: &str, value: Option<&Self>) {
        push_spaces(out, indent);
        out.push_str(name);
        out.push_str(": ");
        self.write_behind(out, indent, indent + width(name) + 2, value);
    }

    /// Writes `self = value` behind a `name: ` that ends at `column`, and ends the line.
    fn write_behind(&self, out: &mut String, indent: usize, column: usize, value: Option<&Self>) {
        let start = out.len();
        self.write_flat(out);
        let column_behind = column + out.get(start..).map_or(0, width);
        let end = out.len();
        if let Some(value) = value {
            out.push_str(" = ");
            value.write_flat(out);
        }
        let fits = column_behind + out.get(end..).map_or(0, width) <= WIDTH;
        let opened = match value {
            Some(Self::List(head, _, items)) if !items.is_empty() => Some(3 + width(head) + 1),
            _ => None,
        };
        if fits {
            out.push('\n');
            return;
        }
        out.truncate(end);
        if let (Some(value), true) =
            (value, opened.is_some_and(|opened| column_behind + opened <= WIDTH))
        {
            out.push_str(" = ");
            value.write(out, indent, column_behind + 3, 0);
        } else if let (Some(value), true) = (value, column_behind + " = (".len() <= WIDTH) {
            out.push_str(" = (");
            new_line(out, indent + 4);
            value.write(out, indent + 4, indent + 4, 0);
            new_line(out, indent);
            out.push(')');
        } else {
            out.truncate(start);
            let column_behind = match self {
                // A name has none, and stays where its value can break.
                Self::Atom(name) if value.is_some() => {
                    out.push_str(name);
                    column_behind
                }
                // A subscript has a place to break of its own.
                Self::List(..) => {
                    self.write_broken(out, indent, column, 0);
                    indent + 1
                }
                _ => {
                    out.push('(');
                    new_line(out, indent + 4);
                    self.write(out, indent + 4, indent + 4, 0);
                    new_line(out, indent);
                    out.push(')');
                    indent + 1
                }
            };
            if let Some(value) = value {
                out.push_str(" = ");
                value.write(out, indent, column_behind + 3, 0);
            }
        }
        out.push('\n');
    }

    /// Writes `name = self` as a line of its own behind `indent` spaces.
    pub fn write_assignment(&self, out: &mut String, indent: usize, name: &str) {
        push_spaces(out, indent);
        out.push_str(name);
        out.push_str(" = ");
        let column = indent + width(name) + 3;
        match self {
            // ruff gives what has no place to break a line of its own where it fits there.
            Self::Atom(_) | Self::Text(_)
                if !self.fits_beside(column) && self.fits_beside(indent + 4) =>
            {
                out.push('(');
                new_line(out, indent + 4);
                self.write_flat(out);
                new_line(out, indent);
                out.push(')');
            }
            // Without brackets, a line ends the statement.
            Self::Operation(..) if !self.fits_beside(column) => {
                self.write_in_parentheses(out, indent, WIDTH, 0);
            }
            _ => self.write(out, indent, column, 0),
        }
        out.push('\n');
    }

    /// Writes the expression as a line of its own behind `indent` spaces.
    pub fn write_statement(&self, out: &mut String, indent: usize) {
        push_spaces(out, indent);
        self.write(out, indent, indent, 0);
        out.push('\n');
    }
}

/// An expression that several names are given, laid out once.
#[derive(Debug)]
pub struct Laid {
    value: Py,
    /// Its form on one line.
    pub flat: String,
    /// Its form on several lines, if it was needed: where brackets break, no name matters.
    broken: OnceCell<String>,
}

impl Laid {
    /// Lays `value` out.
    pub fn new(value: Py) -> Self {
        let flat = value.flat();
        Self { value, flat, broken: OnceCell::new() }
    }

    /// The expression.
    pub const fn value(&self) -> &Py {
        &self.value
    }

    /// Writes what [`Py::write_assignment`] writes where nothing is indented.
    pub fn write_assignment(&self, out: &mut String, name: &str) {
        let start = out.len();
        out.extend([name, " = ", &self.flat]);
        if out.get(start..).map_or(0, width) <= WIDTH {
            return out.push('\n');
        }
        out.truncate(start);
        if matches!(self.value, Py::List(..)) {
            let broken = self.broken.get_or_init(|| {
                let mut broken = String::new();
                self.value.write_broken(&mut broken, 0, 0, 0);
                broken
            });
            out.extend([name, " = ", broken, "\n"]);
        } else {
            self.value.write_assignment(out, 0, name);
        }
    }
}

/// A field that many classes have alike, laid out once.
#[derive(Debug)]
pub struct LaidField {
    annotation: Py,
    value: Py,
    /// `annotation = value` on one line, and how wide that is.
    flat: String,
    width: usize,
    /// What stands behind the name where that does not fit, by the indent and the column there.
    broken: RefCell<FxHashMap<(usize, usize), String>>,
}

impl LaidField {
    /// Lays out `annotation = value`.
    pub fn new(annotation: Py, value: Py) -> Self {
        let mut flat = annotation.flat();
        flat.push_str(" = ");
        value.write_flat(&mut flat);
        let width = width(&flat);
        Self { annotation, value, flat, width, broken: RefCell::default() }
    }

    /// Writes what [`Py::write_field`] writes.
    pub fn write(&self, out: &mut String, indent: usize, name: &str) {
        push_spaces(out, indent);
        out.push_str(name);
        out.push_str(": ");
        let column = indent + width(name) + 2;
        if column + self.width <= WIDTH {
            out.push_str(&self.flat);
            out.push('\n');
            return;
        }
        let mut broken = self.broken.borrow_mut();
        out.push_str(broken.entry((indent, column)).or_insert_with(|| {
            let mut text = String::new();
            self.annotation.write_behind(&mut text, indent, column, Some(&self.value));
            text
        }));
    }
}

impl Brackets {
    const fn signs(self) -> [char; 2] {
        match self {
            Self::Round => ['(', ')'],
            Self::Square | Self::Subscript => ['[', ']'],
            Self::Curly => ['{', '}'],
        }
    }
}
