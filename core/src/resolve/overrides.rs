//! Validators by hand: the section `schemas`.

use super::declare::{Declared, flag};
use super::{Resolver, errors, names};
use crate::diagnostic::{Code, Diagnostic, Safety, closest};
use crate::grammar::{Named, OverrideDef, OverridesDef};
use crate::schema::{FieldOverride, Name, Overrides, Ownership, TableId, TypeKind};
use crate::sql::BaseType;

/// Resolves all overrides.
pub(super) fn overrides(cx: &mut Resolver<'_>, declared: &Declared<'_>) {
    for (file, ownership) in &declared.files {
        if *ownership == Ownership::External {
            continue;
        }
        for named in &file.schemas {
            let name = names::reference(&named.name.value);
            let Some(table) = cx.names.table(&name) else {
                let close = cx.names.closest_relation(&name);
                let mut error = errors::unknown_table(&name, named.name.span, close.as_deref());
                // Renaming it would only make a second entry of that name.
                let taken =
                    |other: &Named<OverridesDef>| Some(&*other.name.value) == close.as_deref();
                if file.schemas.iter().any(taken) {
                    error.fixes.clear();
                }
                cx.report_missing(&name, error);
                continue;
            };
            let def = &named.value;
            let zod = def
                .zod
                .iter()
                .filter_map(|field| field_override(cx, table, field, Language::Zod))
                .collect();
            let pydantic = def
                .pydantic
                .iter()
                .filter_map(|field| field_override(cx, table, field, Language::Pydantic))
                .collect();
            if let Some(table) = cx.schema.tables.get_mut(table) {
                table.overrides =
                    merge(std::mem::take(&mut table.overrides), Overrides { zod, pydantic });
            }
        }
    }
}

fn merge(mut first: Overrides, second: Overrides) -> Overrides {
    first.zod.extend(second.zod);
    first.pydantic.extend(second.pydantic);
    first
}

/// The language of an override's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Zod,
    Pydantic,
}

fn field_override(
    cx: &mut Resolver<'_>,
    table: TableId,
    named: &Named<OverrideDef>,
    language: Language,
) -> Option<FieldOverride> {
    let def = &named.value.0;
    let code = def.ty.as_ref()?;
    if let Some(problem) = wrong(&code.value, language) {
        cx.report(Diagnostic::new(Code::OverrideSyntax, code.span, problem.0).help(problem.1));
        return None;
    }
    let found = cx.schema.tables[table].clone();
    let field = &named.name;
    match found.column(&field.value) {
        None => {
            let close =
                closest(&field.value, found.columns.iter().map(|column| column.name.as_str()));
            let message = format!(
                "`{}` has no column `{}`; the override adds a field that the database does not have",
                found.name, field.value
            );
            let warning = Diagnostic::new(Code::OverrideExtraField, field.span, message);
            let warning = match close {
                Some(close) => warning.help(format!("did you mean `{close}`?")).fix(
                    format!("change it to `{close}`"),
                    Safety::Suggestion,
                    field.span,
                    close,
                ),
                None => warning.help("keep it if the field is meant, or add the column"),
            };
            cx.report(warning);
        }
        Some((_, column)) => {
            // PostgREST sends dates as text: `z.date()` refuses every row that it reads.
            let temporal = matches!(&column.ty.kind, TypeKind::Base(base) if matches!(base.base, BaseType::Date | BaseType::Timestamp | BaseType::TimestampTz));
            if language == Language::Zod && temporal && code.value.starts_with("z.date()") {
                let replacement = code.value.replacen("z.date()", "z.coerce.date()", 1);
                cx.report(
                    Diagnostic::new(
                        Code::OverrideJsonDate,
                        code.span,
                        "JSON has no dates: `z.date()` refuses what PostgREST sends",
                    )
                    .help(
                        "use `z.coerce.date()`, or `z.iso.datetime({ offset: true })` for the text",
                    )
                    .fix(
                        "use `z.coerce.date()`",
                        Safety::Suggestion,
                        code.span,
                        replacement,
                    ),
                );
            }
            let nullable_here = def.nullable.map(|nullable| nullable.value);
            if !column.nullable
                && (nullable_here == Some(true)
                    || code.value.contains(".nullable()")
                    || code.value.contains(".nullish()"))
            {
                cx.report(
                    Diagnostic::new(
                        Code::OverrideWeakens,
                        code.span,
                        format!(
                            "this lets null through, and `{}` is not null in the database",
                            field.value
                        ),
                    )
                    .help("remove the null, or make the column nullable"),
                );
            }
        }
    }
    Some(FieldOverride {
        field: Name::new(field.value.clone()),
        code: code.value.clone(),
        optional: def.optional.map(|optional| optional.value),
        nullable: def.nullable.map(|nullable| nullable.value),
        extend: flag(def.extend),
    })
}

/// What is wrong with an override's code, and what to do: it must be one balanced expression, since it
/// is emitted as it stands.
fn wrong(code: &str, language: Language) -> Option<(String, String)> {
    let trimmed = code.trim();
    if trimmed.is_empty() {
        return Some((
            "this override is empty".to_owned(),
            "write the validator, or remove the field".to_owned(),
        ));
    }
    if language == Language::Zod && !trimmed.starts_with("z.") {
        return Some((
            "a zod override begins with `z.`".to_owned(),
            "write a zod expression, such as `z.string().email()`".to_owned(),
        ));
    }
    unbalanced(trimmed, language)
        .map(|what| (what, "close what is open: the expression is emitted as it stands".to_owned()))
}

/// Walks an expression: brackets match, strings end, and no comment or statement begins.
fn unbalanced(code: &str, language: Language) -> Option<String> {
    let mut open: Vec<char> = Vec::new();
    let mut chars = code.chars().peekable();
    // A slash after one of these begins a regular expression, not a division.
    let mut before = '(';
    while let Some(c) = chars.next() {
        match c {
            '"' | '\'' | '`' if c != '`' || language == Language::Zod => {
                let ended = skip_quoted(&mut chars, c);
                if !ended {
                    return Some(format!("the string that begins with {c} does not end"));
                }
            }
            '/' if language == Language::Zod => match chars.peek() {
                Some('/' | '*') => return Some("an override holds no comments".to_owned()),
                _ if matches!(
                    before,
                    '(' | ',' | '[' | '=' | ':' | '!' | '&' | '|' | '?' | '{' | '>'
                ) =>
                {
                    let ended = skip_regex(&mut chars);
                    if !ended {
                        return Some("the regular expression does not end".to_owned());
                    }
                }
                _ => {}
            },
            '#' if language == Language::Pydantic => {
                return Some("an override holds no comments".to_owned());
            }
            '(' | '[' | '{' => open.push(c),
            ')' | ']' | '}' => {
                let matching = match c {
                    ')' => '(',
                    ']' => '[',
                    _ => '{',
                };
                if open.pop() != Some(matching) {
                    return Some(format!("`{c}` closes nothing"));
                }
            }
            ';' | ',' if open.is_empty() => return Some(format!("`{c}` ends the expression")),
            ';' if !open.contains(&'{') => return Some("`;` ends the expression".to_owned()),
            '\n' if open.is_empty() && language == Language::Pydantic => {
                return Some("a line break ends the expression".to_owned());
            }
            _ => {}
        }
        if !c.is_whitespace() {
            before = c;
        }
    }
    open.last().map(|open| format!("`{open}` is not closed"))
}

fn skip_quoted(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, quote: char) -> bool {
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '\n' if quote != '`' => return false,
            // An interpolation may hold anything; such code belongs into a file of its own.
            '$' if quote == '`' && chars.peek() == Some(&'{') => return false,
            _ if c == quote => return true,
            _ => {}
        }
    }
    false
}

fn skip_regex(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '\n' => return false,
            '/' if !in_class => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_expressions_pass() {
        for good in [
            "z.string().email()",
            "z.string().regex(/^[/)]+$/)",
            "z.enum(['a', \"b)\"])",
            "z.object({ a: z.number() }).refine((v) => { return v.a > 0; })",
            "z.string().refine((s) => s.length / 2 > 1)",
        ] {
            assert_eq!(wrong(good, Language::Zod), None, "{good}");
        }
        for bad in [
            "string()",
            "z.string(",
            "z.string())",
            "z.string(); alert(1)",
            "z.string(), x: z.any()",
            "z.string() // }",
            "z.string(/* */)",
            "z.literal('a)",
            "z.literal(`${x}`)",
            "",
        ] {
            assert!(wrong(bad, Language::Zod).is_some(), "{bad}");
        }
        assert_eq!(wrong("Literal['a', 'b']", Language::Pydantic), None);
        assert!(wrong("str\nimport os", Language::Pydantic).is_some());
        assert!(wrong("str # x", Language::Pydantic).is_some());
    }
}
