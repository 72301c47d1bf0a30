//! One spelling for expressions that mean the same by their syntax alone.
//!
//! In: a tree. Out: SQL with brackets around every operation, built-in types by one name, words in
//! lower case; none where the tree lacks a part. Never judges whether two spellings compute the same.

use std::fmt::Write as _;

use super::tree::{Literal, Node, Simple};
use crate::sql::ident::quote_ident;
use crate::sql::literal::quote_literal;
use crate::sql::types::{parse_type, resolve_base};

/// The tree's one spelling.
pub(super) fn normalized(node: &Node) -> Option<String> {
    let mut text = String::new();
    write(&mut text, node)?;
    Some(text)
}

fn write(out: &mut String, node: &Node) -> Option<()> {
    let not = |negated: bool| if negated { "not " } else { "" };
    match &node.kind {
        Simple::Column { qualifier, name } => {
            if let Some(qualifier) = qualifier {
                for part in qualifier.split('.') {
                    out.push_str(&quote_ident(part));
                    out.push('.');
                }
            }
            out.push_str(&quote_ident(name));
        }
        Simple::Literal(Literal::Number(text)) => out.push_str(text),
        Simple::Literal(Literal::String(text)) => out.push_str(&quote_literal(text)),
        Simple::Literal(Literal::Bool(true)) => out.push_str("true"),
        Simple::Literal(Literal::Bool(false)) => out.push_str("false"),
        Simple::Literal(Literal::Null) => out.push_str("null"),
        Simple::Value => out.push_str("value"),
        Simple::Cast { expr, ty } => {
            write(out, expr)?;
            out.push_str("::");
            out.push_str(&type_name(ty));
        }
        Simple::Neg(expr) => prefixed(out, "-", expr)?,
        Simple::Not(expr) => prefixed(out, "not ", expr)?,
        Simple::Compare { op, left, right } => infix(out, left, op.as_str(), right)?,
        Simple::Arith { op, left, right } => infix(out, left, op.as_str(), right)?,
        Simple::Distinct { left, right, negated } => {
            infix(
                out,
                left,
                if *negated { "is not distinct from" } else { "is distinct from" },
                right,
            )?;
        }
        Simple::Between { expr, low, high, negated } => {
            out.push('(');
            write(out, expr)?;
            let _ = write!(out, " {}between ", not(*negated));
            write(out, low)?;
            out.push_str(" and ");
            write(out, high)?;
            out.push(')');
        }
        Simple::In { expr, list: items, negated } => {
            out.push('(');
            write(out, expr)?;
            let _ = write!(out, " {}in (", not(*negated));
            list(out, items, ", ")?;
            out.push_str("))");
        }
        Simple::AnyArray { left, op, list: items, all } => {
            out.push('(');
            write(out, left)?;
            let _ = write!(out, " {} {} (array[", op.as_str(), if *all { "all" } else { "any" });
            list(out, items, ", ")?;
            out.push_str("]))");
        }
        Simple::Like { expr, pattern, escape, negated, case_insensitive } => {
            out.push('(');
            write(out, expr)?;
            let word = if *case_insensitive { "ilike" } else { "like" };
            let _ = write!(out, " {}{word} ", not(*negated));
            write(out, pattern)?;
            if let Some(escape) = escape {
                out.push_str(" escape ");
                write(out, escape)?;
            }
            out.push(')');
        }
        Simple::Regex { expr, pattern, negated, case_insensitive } => {
            let op = match (*negated, *case_insensitive) {
                (false, false) => "~",
                (false, true) => "~*",
                (true, false) => "!~",
                (true, true) => "!~*",
            };
            infix(out, expr, op, pattern)?;
        }
        Simple::IsNull { expr, negated } => {
            out.push('(');
            write(out, expr)?;
            let _ = write!(out, " is {}null)", not(*negated));
        }
        Simple::IsTruth { expr, value, negated } => {
            out.push('(');
            write(out, expr)?;
            let value = match value {
                Some(true) => "true",
                Some(false) => "false",
                None => "unknown",
            };
            let _ = write!(out, " is {}{value})", not(*negated));
        }
        Simple::And(parts) => bracketed(out, "(", parts, " and ", ")")?,
        Simple::Or(parts) => bracketed(out, "(", parts, " or ", ")")?,
        Simple::Array(parts) => bracketed(out, "array[", parts, ", ", "]")?,
        Simple::Call { name, args } => {
            // The name's parts are not quoted again: this is for comparison, not for PostgreSQL.
            out.push_str(name);
            bracketed(out, "(", args, ", ", ")")?;
        }
        Simple::Case { branches, otherwise } => {
            out.push_str("case");
            for (condition, result) in branches {
                out.push_str(" when ");
                write(out, condition)?;
                out.push_str(" then ");
                write(out, result)?;
            }
            if let Some(otherwise) = otherwise {
                out.push_str(" else ");
                write(out, otherwise)?;
            }
            out.push_str(" end");
        }
        Simple::Special { .. }
        | Simple::Member(_)
        | Simple::Query(_)
        | Simple::Typed(_)
        | Simple::Other => return None,
    }
    Some(())
}

fn prefixed(out: &mut String, op: &str, expr: &Node) -> Option<()> {
    let _ = write!(out, "({op}");
    write(out, expr)?;
    out.push(')');
    Some(())
}

fn infix(out: &mut String, left: &Node, op: &str, right: &Node) -> Option<()> {
    out.push('(');
    write(out, left)?;
    let _ = write!(out, " {op} ");
    write(out, right)?;
    out.push(')');
    Some(())
}

fn bracketed(
    out: &mut String,
    open: &str,
    parts: &[Node],
    between: &str,
    close: &str,
) -> Option<()> {
    out.push_str(open);
    list(out, parts, between)?;
    out.push_str(close);
    Some(())
}

fn list(out: &mut String, parts: &[Node], between: &str) -> Option<()> {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(between);
        }
        write(out, part)?;
    }
    Some(())
}

/// The one name of a built-in type; others as written.
fn type_name(text: &str) -> String {
    match parse_type(text) {
        Ok(ty) => match resolve_base(&ty) {
            Ok(Some(base)) => format!("{base}{}", "[]".repeat(ty.dimensions.into())),
            _ => text.to_ascii_lowercase(),
        },
        Err(_) => text.to_ascii_lowercase(),
    }
}
