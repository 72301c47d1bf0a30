//! TypeScript's types, laid out as prettier leaves them at 80 columns.
//!
//! In: a type as a tree, whose leaves are code. Out: its text, on one line where it fits and broken by
//! prettier's rules where it does not. Knows no PostgreSQL.

use smol_str::SmolStr;

use super::layout::{WIDTH, new_line, width};
use super::push_joined;

/// A TypeScript type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Anything without a place to break: a name, a literal, `Database["public"]`.
    Atom(SmolStr),
    /// `Name<A, B>`.
    Generic(&'static str, Vec<Type>),
    /// `T[]`.
    Array(Box<Type>),
    /// `[A, B]`.
    Tuple(Vec<Type>),
    /// `A | B`; one member is itself.
    Union(Vec<Type>),
    /// `A & B`, of an object and an atom.
    Both(Box<Type>, SmolStr),
    /// `{ key: T }`; keys are written as they stand, a `?` among them.
    Object(Vec<(SmolStr, Type)>),
}

impl Type {
    /// A name or literal.
    pub fn atom(text: impl Into<SmolStr>) -> Self {
        Self::Atom(text.into())
    }

    /// `T[]`.
    #[must_use]
    pub fn array(self) -> Self {
        Self::Array(Box::new(self))
    }

    /// `T | null`.
    #[must_use]
    pub fn or_null(self) -> Self {
        let null = Self::atom("null");
        match self {
            Self::Union(mut members) => {
                members.push(null);
                Self::Union(members)
            }
            other => Self::Union(vec![other, null]),
        }
    }

    /// The type on one line.
    pub fn flat(&self) -> String {
        let mut out = String::new();
        self.write_flat(&mut out);
        out
    }

    /// Writes `key: type;` and ends the line, whose indent is already there; `sign` is `:` or `?:`.
    pub fn write_member(&self, out: &mut String, [key, sign]: [&str; 2], indent: usize) {
        out.push_str(key);
        out.push_str(sign);
        self.write_behind(out, indent, indent + width(key) + sign.len(), 1);
        out.push_str(";\n");
    }

    /// Writes ` type` behind a `key:` or `name =` that ends at `column` of a line indented by `indent`;
    /// `after` characters follow it on its last line.
    pub fn write_behind(&self, out: &mut String, indent: usize, column: usize, after: usize) {
        let start = out.len();
        out.push(' ');
        self.write_flat(out);
        let flat = out.get(start + 1..).map_or(0, width);
        if column + 1 + flat + after <= WIDTH {
            return;
        }
        out.truncate(start);
        match self {
            Self::Union(members) if !self.is_hugged() => {
                new_line(out, indent + 2);
                if indent + 2 + flat + after <= WIDTH {
                    self.write_flat(out);
                } else {
                    write_members(out, members, indent + 2);
                }
            }
            _ => {
                out.push(' ');
                self.write_broken(out, indent);
            }
        }
    }

    /// prettier's `shouldHug`: an object or nothing stands where the object would.
    fn is_hugged(&self) -> bool {
        let Self::Union(members) = self else { return false };
        matches!(members.as_slice(), [Self::Object(_), Self::Atom(null)] if null == "null")
    }

    fn write(&self, out: &mut String, indent: usize, column: usize, after: usize) {
        let start = out.len();
        self.write_flat(out);
        if column + out.get(start..).map_or(0, width) + after > WIDTH {
            out.truncate(start);
            self.write_broken(out, indent);
        }
    }

    fn write_broken(&self, out: &mut String, indent: usize) {
        match self {
            Self::Atom(text) => out.push_str(text),
            Self::Generic(name, arguments) => match arguments.as_slice() {
                [only @ Self::Atom(_)] => {
                    out.push_str(name);
                    out.push('<');
                    only.write_flat(out);
                    out.push('>');
                }
                [only @ Self::Object(_)] => {
                    out.push_str(name);
                    out.push('<');
                    only.write_broken(out, indent);
                    out.push('>');
                }
                _ => {
                    out.push_str(name);
                    out.push('<');
                    for (index, argument) in arguments.iter().enumerate() {
                        out.push_str(if index > 0 { "," } else { "" });
                        new_line(out, indent + 2);
                        argument.write(out, indent + 2, indent + 2, 1);
                    }
                    new_line(out, indent);
                    out.push('>');
                }
            },
            Self::Array(element) => {
                if let Self::Union(members) = &**element {
                    out.push('(');
                    new_line(out, indent + 2);
                    let flat = element.flat();
                    if indent + 2 + width(&flat) <= WIDTH {
                        out.push_str(&flat);
                    } else {
                        write_members(out, members, indent + 2);
                    }
                    new_line(out, indent);
                    out.push(')');
                } else {
                    element.write_broken(out, indent);
                }
                out.push_str("[]");
            }
            Self::Tuple(items) => {
                out.push('[');
                for item in items {
                    new_line(out, indent + 2);
                    item.write(out, indent + 2, indent + 2, 1);
                    out.push(',');
                }
                new_line(out, indent);
                out.push(']');
            }
            Self::Union(members) => match members.as_slice() {
                [object, null] if self.is_hugged() => {
                    object.write_broken(out, indent);
                    out.push_str(" | ");
                    null.write_flat(out);
                }
                _ => write_members(out, members, indent),
            },
            Self::Both(left, right) => {
                left.write_broken(out, indent);
                out.push_str(" & ");
                out.push_str(right);
            }
            Self::Object(members) => {
                out.push('{');
                for (key, ty) in members {
                    new_line(out, indent + 2);
                    out.push_str(key);
                    out.push(':');
                    ty.write_behind(out, indent + 2, indent + 2 + width(key) + 1, 1);
                    out.push(';');
                }
                new_line(out, indent);
                out.push('}');
            }
        }
    }

    fn write_flat(&self, out: &mut String) {
        match self {
            Self::Atom(text) => out.push_str(text),
            Self::Generic(name, arguments) => {
                out.push_str(name);
                out.push('<');
                write_list(out, arguments, ", ");
                out.push('>');
            }
            Self::Array(element) => {
                let bracketed = matches!(**element, Self::Union(_) | Self::Both(..));
                out.push_str(if bracketed { "(" } else { "" });
                element.write_flat(out);
                out.push_str(if bracketed { ")[]" } else { "[]" });
            }
            Self::Tuple(items) => {
                out.push('[');
                write_list(out, items, ", ");
                out.push(']');
            }
            Self::Union(members) => write_list(out, members, " | "),
            Self::Both(left, right) => {
                left.write_flat(out);
                out.push_str(" & ");
                out.push_str(right);
            }
            Self::Object(members) => {
                out.push_str("{ ");
                for (index, (key, ty)) in members.iter().enumerate() {
                    out.push_str(if index > 0 { "; " } else { "" });
                    out.push_str(key);
                    out.push_str(": ");
                    ty.write_flat(out);
                }
                out.push_str(" }");
            }
        }
    }
}

fn write_list(out: &mut String, types: &[Type], separator: &str) {
    push_joined(out, types, separator, |out, ty| ty.write_flat(out));
}

/// The members of a union, one a line behind its `|`; the first stands where the line already is.
fn write_members(out: &mut String, members: &[Type], indent: usize) {
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            new_line(out, indent);
        }
        out.push_str("| ");
        member.write(out, indent + 2, indent + 2, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::Type;

    fn member(key: &str, ty: &Type) -> String {
        let mut out = String::new();
        ty.write_member(&mut out, [key, ":"], 0);
        out
    }

    #[test]
    fn what_fits_stays_on_one_line() {
        let object = Type::Object(vec![
            (
                "Args".into(),
                Type::Generic("Record", vec![Type::atom("PropertyKey"), Type::atom("never")]),
            ),
            ("Returns".into(), Type::atom("string").or_null().array()),
        ]);
        let text = "f: { Args: Record<PropertyKey, never>; Returns: (string | null)[] };\n";
        assert_eq!(member("f", &object), text);
    }

    #[test]
    fn what_does_not_fit_breaks_as_prettier_breaks_it() {
        let word = |c: &str| Type::atom(format!("\"{}\"", c.repeat(30)));
        let labels = Type::Union(vec![word("a"), word("b"), word("c")]);
        let (a, b, c) = ("a".repeat(30), "b".repeat(30), "c".repeat(30));
        assert_eq!(member("k", &labels), format!("k:\n  | \"{a}\"\n  | \"{b}\"\n  | \"{c}\";\n"));
        assert_eq!(
            member("k", &labels.clone().array()),
            format!("k: (\n  | \"{a}\"\n  | \"{b}\"\n  | \"{c}\"\n)[];\n")
        );
        assert_eq!(
            member(&"k".repeat(40), &Type::Union(vec![word("a"), Type::atom("null")])),
            format!("{}:\n  \"{a}\" | null;\n", "k".repeat(40))
        );
        let object = Type::Object(vec![("a".into(), word("a")), ("b".into(), labels)]);
        assert_eq!(
            member("k", &object.or_null()),
            format!(
                "k: {{\n  a: \"{a}\";\n  b:\n    | \"{a}\"\n    | \"{b}\"\n    | \"{c}\";\n}} | null;\n"
            )
        );
    }
}
