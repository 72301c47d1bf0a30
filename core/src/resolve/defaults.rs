//! Defaults: which of `pending`, `now()` and `'{}'` is a constant and which an expression.
//!
//! The same slot holds both in what people write (`default: "pending"`, `default: now()`). The type of
//! the column decides; what could be either is remarked on, with a fix for each meaning.

use smol_str::SmolStr;

use super::{Resolver, expressions, names, types};
use crate::diagnostic::{Code, Diagnostic, Safety, closest};
use crate::grammar::{Call, DefaultSpec, ScalarText, SqlText, meant_boolean, old_boolean};
use crate::schema::{ColumnType, DefaultValue, EnumId, Literal, TypeKind};
use crate::source::Span;
use crate::sql::builtins;
use crate::sql::ident::{qualified, quote_ident};
use crate::sql::literal::{literal_content, quote_literal};
use crate::sql::types::{Family, facts};
use crate::sql::{Modifier, PgType};
use crate::syntax::{Scalar, ScalarKind};

/// The default of a column or argument of type `ty`.
pub(super) fn resolve(
    cx: &mut Resolver<'_>,
    spec: &DefaultSpec,
    ty: &ColumnType,
) -> Option<DefaultValue> {
    let value = match spec {
        DefaultSpec::Value(written) => constant(cx, written, ty),
        DefaultSpec::Expr(written) => Some(DefaultValue::Expr(expressions::expr(cx, written))),
        DefaultSpec::Call(written) => call(cx, written),
        DefaultSpec::Bare(written) => bare(cx, written, ty),
    }?;
    if let DefaultValue::Literal(literal) = &value
        && let ColumnType { kind: TypeKind::Base(base), dimensions: 0 } =
            &*types::underlying(cx, ty)
        && let Some(problem) = too_much(literal, base)
    {
        let error = Diagnostic::new(Code::DefaultMismatch, spec.span(), problem);
        cx.report(error.help("every insert that relies on it would fail"));
        return None;
    }
    Some(value)
}

/// What is wrong with a constant that is of the kind of `ty`, but beyond what it holds.
fn too_much(literal: &Literal, ty: &PgType) -> Option<String> {
    let text = match literal {
        Literal::Number(text) | Literal::Text(text) => text,
        Literal::Null | Literal::Bool(_) => return None,
    };
    let number = || text.trim().parse::<f64>().ok();
    let beyond = match (facts(ty.base).family, &ty.modifier) {
        (Family::Text, Modifier::Length(most)) => {
            text.trim_end_matches(' ').chars().count() > *most as usize
        }
        (Family::Integer { min, max }, _) => match text.trim().parse::<i128>() {
            Ok(number) => number < i128::from(min) || number > i128::from(max),
            Err(_) => number().is_some_and(|it| !it.is_finite()),
        },
        (Family::Numeric, Modifier::Numeric { precision, scale }) => number().is_some_and(|it| {
            let unit = 10_f64.powi(-i32::from(*scale));
            let digits = i32::from(*precision) - i32::from(*scale);
            // NaN fits each; infinity none.
            ((it / unit).round() * unit).abs() >= 10_f64.powi(digits)
        }),
        _ => false,
    };
    beyond.then(|| format!("`{text}` does not fit {ty}"))
}

/// What kind of constants a type has.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Domain {
    /// Any text.
    Text,
    /// One of the labels of an enum.
    Labels(EnumId),
    /// `true` and `false`.
    Bool,
    /// Numbers.
    Number,
    /// Texts with a form of their own that looks like arithmetic or like nothing: dates, uuids, JSON,
    /// arrays.
    Formatted,
    /// Not known.
    Other,
}

fn domain_of(cx: &Resolver<'_>, ty: &ColumnType) -> Domain {
    let ty = types::underlying(cx, ty);
    if ty.is_array() {
        return Domain::Formatted;
    }
    match &ty.kind {
        TypeKind::Enum(id) => Domain::Labels(*id),
        TypeKind::Base(base) => match facts(base.base).family {
            Family::Text => Domain::Text,
            Family::Boolean => Domain::Bool,
            Family::Integer { .. } | Family::Numeric | Family::Float => Domain::Number,
            Family::Date
            | Family::Time
            | Family::TimeTz
            | Family::Timestamp
            | Family::TimestampTz
            | Family::Interval
            | Family::Uuid
            | Family::Json
            | Family::Network
            | Family::MacAddr
            | Family::Bytes
            | Family::Vector
            | Family::Hstore
            | Family::Ltree
            | Family::Bits
            | Family::Range(_)
            | Family::Multirange(_) => Domain::Formatted,
            Family::Money
            | Family::Xml
            | Family::Geometric
            | Family::TextSearch
            | Family::ObjectId
            | Family::Cube
            | Family::Geo
            | Family::Pseudo
            | Family::Other => Domain::Other,
        },
        TypeKind::Domain(_)
        | TypeKind::Composite(_)
        | TypeKind::TableRow(_)
        | TypeKind::ViewRow(_)
        | TypeKind::Unknown(_) => Domain::Other,
    }
}

/// `{value: …}`: a constant whatever it looks like.
fn constant(cx: &mut Resolver<'_>, written: &ScalarText, ty: &ColumnType) -> Option<DefaultValue> {
    match domain_of(cx, ty) {
        Domain::Labels(id) => label(cx, &written.value.text, written.span, id),
        Domain::Text | Domain::Formatted | Domain::Other
            if written.value.kind != ScalarKind::Null =>
        {
            Some(DefaultValue::Literal(Literal::Text(written.value.text.clone())))
        }
        Domain::Text | Domain::Formatted | Domain::Other | Domain::Bool | Domain::Number => {
            Some(DefaultValue::Literal(plain(&written.value)))
        }
    }
}

/// The constant that YAML takes a scalar for.
pub(super) fn plain(scalar: &Scalar) -> Literal {
    match scalar.kind {
        ScalarKind::Null => Literal::Null,
        ScalarKind::Bool(value) => Literal::Bool(value),
        ScalarKind::Int | ScalarKind::Float => number(&scalar.text),
        ScalarKind::Str => Literal::Text(scalar.text.clone()),
    }
}

/// The constant of type `ty` that is written where no expression may be; SQL's quotes around it are none of it. None
/// where it is no such constant, as far as can be told.
pub(super) fn value(cx: &Resolver<'_>, written: &Scalar, ty: &ColumnType) -> Option<Literal> {
    let domain = domain_of(cx, ty);
    let literal = match (written.kind, &domain) {
        (ScalarKind::Str, _) => {
            Literal::Text(quoted(&written.text).unwrap_or_else(|| written.text.clone()))
        }
        (ScalarKind::Int | ScalarKind::Float, Domain::Labels(_) | Domain::Formatted) => {
            Literal::Text(written.text.clone())
        }
        _ => plain(written),
    };
    let fits = match (domain, &literal) {
        (Domain::Labels(id), Literal::Text(text)) => cx.schema.enums[id].values.contains(text),
        (Domain::Number, Literal::Text(text)) => is_number(text.trim()) || is_special_number(text),
        (Domain::Labels(_) | Domain::Formatted | Domain::Number, Literal::Bool(_))
        | (Domain::Bool, Literal::Number(_)) => false,
        _ => true,
    };
    fits.then_some(literal)
}

/// A number of YAML, of which SQL writes some otherwise (YAML 1.2, 10.3.2): `0x1f`, `0o17`, `.inf`.
fn number(text: &SmolStr) -> Literal {
    if is_number(text) {
        return Literal::Number(text.clone());
    }
    let radix = |prefix, radix| u128::from_str_radix(text.strip_prefix(prefix)?, radix).ok();
    if let Some(value) = radix("0x", 16).or_else(|| radix("0o", 8)) {
        return Literal::Number(value.to_string().into());
    }
    let word = match text.to_ascii_lowercase().as_str() {
        ".inf" | "+.inf" => "Infinity",
        "-.inf" => "-Infinity",
        ".nan" => "NaN",
        _ => return Literal::Text(text.clone()),
    };
    Literal::Text(word.into())
}

/// Whether a text is a decimal number as SQL writes it.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut parts = digits.splitn(2, ['e', 'E']);
    let mantissa = parts.next().unwrap_or_default();
    let exponent = parts.next();
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_ok = mantissa.bytes().any(|byte| byte.is_ascii_digit())
        && mantissa.bytes().filter(|byte| *byte == b'.').count() <= 1
        && all_digits(&mantissa.replace('.', ""));
    let exponent_ok = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    mantissa_ok && exponent_ok
}

fn call(
    cx: &mut Resolver<'_>,
    Call { span, name: func, args }: &Call<ScalarText>,
) -> Option<DefaultValue> {
    let name = func.value.trim().trim_end_matches("()");
    let (schema, name) = names::split(name);
    if let Some(error) = names::invalid(&name, func.span) {
        cx.report(error);
        return None;
    }
    let args: Vec<String> = args
        .iter()
        .map(|arg| match plain(&arg.value) {
            Literal::Null => "NULL".to_owned(),
            Literal::Bool(value) => value.to_string(),
            Literal::Number(number) => number.to_string(),
            Literal::Text(text) => quote_literal(&text),
        })
        .collect();
    let function = match &schema {
        Some(schema) => qualified(schema, &name),
        None => quote_ident(&name).into_owned(),
    };
    let text = format!("{function}({})", args.join(", "));
    Some(DefaultValue::Expr(expressions::made(cx, text.into(), *span)))
}

/// A bare scalar.
fn bare(cx: &mut Resolver<'_>, written: &SqlText, ty: &ColumnType) -> Option<DefaultValue> {
    let text = expressions::instantiated(written);
    let domain = domain_of(cx, ty);
    if written.scalar.kind != ScalarKind::Str {
        let fits = match (&domain, written.scalar.kind) {
            (Domain::Bool, ScalarKind::Int | ScalarKind::Float)
            | (Domain::Number, ScalarKind::Bool(_)) => false,
            (
                Domain::Text
                | Domain::Labels(_)
                | Domain::Bool
                | Domain::Number
                | Domain::Formatted
                | Domain::Other,
                _,
            ) => true,
        };
        if !fits {
            cx.report(not_a_value(&text, written.span, ty, cx));
            return None;
        }
        return match domain {
            Domain::Labels(id) if written.scalar.kind != ScalarKind::Null => {
                label(cx, &text, written.span, id)
            }
            Domain::Text if written.scalar.kind != ScalarKind::Null => {
                Some(DefaultValue::Literal(Literal::Text(text)))
            }
            _ => Some(DefaultValue::Literal(plain(&written.scalar))),
        };
    }
    let shape = shape(&text);
    match (&domain, shape) {
        (_, Shape::Quoted(value)) => match domain {
            Domain::Labels(id) => label(cx, &value, written.span, id),
            Domain::Number if !is_number(value.trim()) && !is_special_number(&value) => {
                cx.report(not_a_value(&text, written.span, ty, cx));
                None
            }
            Domain::Text | Domain::Number | Domain::Bool | Domain::Formatted | Domain::Other => {
                Some(DefaultValue::Literal(Literal::Text(value)))
            }
        },
        (Domain::Labels(id), _) if cx.schema.enums[*id].values.contains(&text) => {
            Some(DefaultValue::Literal(Literal::Text(text)))
        }
        (Domain::Labels(id), Shape::Word | Shape::Text) => label(cx, &text, written.span, *id),
        (Domain::Text, Shape::Keyword) => {
            cx.report(ambiguous(&text, written.span));
            Some(DefaultValue::Literal(Literal::Text(text)))
        }
        // What cannot be an expression is a text in a text column: `Hello (world)`.
        (Domain::Text, Shape::Expression) if cx.exprs.expr(&text).parsed().is_none() => {
            Some(DefaultValue::Literal(Literal::Text(text)))
        }
        (Domain::Text, Shape::Word | Shape::Text | Shape::Number)
        | (Domain::Formatted, Shape::Text | Shape::Number) => {
            Some(DefaultValue::Literal(Literal::Text(text)))
        }
        (Domain::Bool, Shape::Word)
            if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") =>
        {
            Some(DefaultValue::Literal(Literal::Bool(text.eq_ignore_ascii_case("true"))))
        }
        (Domain::Number, Shape::Number) => Some(DefaultValue::Literal(Literal::Number(text))),
        (Domain::Formatted, Shape::Word) if formatted_word(&text) => {
            if let Some((_, meant)) =
                MOMENTS.iter().find(|(word, _)| text.eq_ignore_ascii_case(word))
            {
                cx.report(of_creation(&text, written.span, meant));
            }
            Some(DefaultValue::Literal(Literal::Text(text)))
        }
        (Domain::Bool | Domain::Number | Domain::Formatted, Shape::Word) => {
            cx.report(not_a_value(&text, written.span, ty, cx));
            None
        }
        (
            Domain::Text
            | Domain::Labels(_)
            | Domain::Bool
            | Domain::Number
            | Domain::Formatted
            | Domain::Other,
            _,
        ) => Some(DefaultValue::Expr(expressions::expr(cx, written))),
    }
}

/// Numbers that are written as words.
fn is_special_number(text: &str) -> bool {
    matches!(
        text.trim().to_ascii_lowercase().as_str(),
        "nan" | "infinity" | "-infinity" | "inf" | "-inf"
    )
}

/// Words that are values of dates and ranges.
fn formatted_word(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "infinity" | "epoch" | "today" | "tomorrow" | "yesterday" | "empty" | "allballs" | "now"
    )
}

/// What a bare text looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    /// `'pending'`: a quoted constant, unquoted here.
    Quoted(SmolStr),
    /// `CURRENT_USER`, `null`: words that are expressions by themselves.
    Keyword,
    /// `pending`: a word that is no expression where no column may stand.
    Word,
    /// `42`, `-1.5`.
    Number,
    /// `now()`, `'a' || 'b'`, `x::text`: has a call, a quote or a cast.
    Expression,
    /// Anything else: `hello world`, `2024-01-01`, `{}`.
    Text,
}

/// Words that SQL reads as a value without a call.
const KEYWORDS: [&str; 12] = [
    "CURRENT_CATALOG",
    "CURRENT_DATE",
    "CURRENT_ROLE",
    "CURRENT_SCHEMA",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "NULL",
    "SESSION_USER",
    "USER",
];

fn shape(text: &str) -> Shape {
    let trimmed = text.trim();
    if let Some(value) = quoted(trimmed) {
        return Shape::Quoted(value);
    }
    if is_number(trimmed) {
        return Shape::Number;
    }
    if KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(trimmed)) {
        return Shape::Keyword;
    }
    let mut chars = trimmed.chars();
    let word = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_');
    if word {
        return Shape::Word;
    }
    // A brace or bracket at the start is an array or JSON text, whatever stands inside.
    let expression = !trimmed.starts_with(['{', '['])
        && (trimmed.contains(['(', '\'']) || trimmed.contains("::") || trimmed.contains("||"));
    let array = trimmed.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("array["));
    if expression || array { Shape::Expression } else { Shape::Text }
}

/// The text of a single SQL string literal.
fn quoted(text: &str) -> Option<SmolStr> {
    literal_content(text).map(|content| content.replace("''", "'").into())
}

/// A label of an enum.
fn label(cx: &mut Resolver<'_>, text: &str, span: Span, id: EnumId) -> Option<DefaultValue> {
    if cx.schema.enums[id].values.iter().any(|label| label == text) {
        return Some(DefaultValue::Literal(Literal::Text(text.into())));
    }
    cx.report(not_a_label(cx, Code::DefaultMismatch, text, span, id));
    None
}

fn not_a_label(cx: &Resolver<'_>, code: Code, text: &str, span: Span, id: EnumId) -> Diagnostic {
    let labels = &cx.schema.enums[id].values;
    let message = format!("`{text}` is not one of the enum's labels");
    let diagnostic = Diagnostic::new(code, span, message);
    match closest(text, labels.iter().map(SmolStr::as_str)) {
        Some(close) => diagnostic.help(format!("did you mean `{close}`?")).fix(
            format!("change it to `{close}`"),
            Safety::Suggestion,
            span,
            close,
        ),
        None => diagnostic.help(format!("use one of: {}", labels.join(", "))),
    }
}

fn ambiguous(text: &str, span: Span) -> Diagnostic {
    let message = format!(
        "`{text}` could be the text '{text}' or the SQL expression {text}; it is taken as the text"
    );
    Diagnostic::new(Code::DefaultAmbiguous, span, message)
        .help("say which: `{value: …}` for the text, `{expr: …}` for the expression")
        .fix("take it as the text", Safety::Suggestion, span, format!("{{ value: \"{text}\" }}"))
        .fix(
            "take it as an expression",
            Safety::Suggestion,
            span,
            format!("{{ expr: \"{text}\" }}"),
        )
}

/// Words that PostgreSQL turns into a moment as it reads them, and what says the same of each insert.
const MOMENTS: [(&str, &str); 4] = [
    ("now", "now()"),
    ("today", "current_date"),
    ("tomorrow", "current_date + 1"),
    ("yesterday", "current_date - 1"),
];

fn of_creation(text: &str, span: Span, meant: &str) -> Diagnostic {
    let message = format!("`{text}` is read once, when the table is made, not at each insert");
    Diagnostic::new(Code::DefaultAmbiguous, span, message).help(format!("write `{meant}`")).fix(
        format!("change it to `{meant}`"),
        Safety::Suggestion,
        span,
        meant,
    )
}

/// A bound of a partition that is no constant of its column's type.
pub(super) fn not_a_bound(cx: &Resolver<'_>, written: &ScalarText, ty: &ColumnType) -> Diagnostic {
    let (text, span, code) = (&written.value.text, written.span, Code::PartitionBounds);
    match domain_of(cx, ty) {
        Domain::Labels(id) => not_a_label(cx, code, text, span, id),
        _ => {
            let message = format!("`{text}` is not a value of type {}", type_name(cx, ty));
            Diagnostic::new(code, span, message).help("give a constant of the key column's type")
        }
    }
}

fn type_name(cx: &Resolver<'_>, ty: &ColumnType) -> &'static str {
    match &types::underlying(cx, ty).kind {
        TypeKind::Base(base) if !ty.is_array() => base.base.as_str(),
        _ => "array",
    }
}

fn not_a_value(text: &str, span: Span, ty: &ColumnType, cx: &Resolver<'_>) -> Diagnostic {
    let ty_name = type_name(cx, ty);
    let message = format!("`{text}` is not a value of type {ty_name}");
    let diagnostic = Diagnostic::new(Code::DefaultMismatch, span, message);
    if builtins::function(text).is_some() || !cx.names.functions(&names::reference(text)).is_empty()
    {
        return diagnostic.help(format!("call the function: `{text}()`")).fix(
            "add the parentheses",
            Safety::Safe,
            span,
            format!("{text}()"),
        );
    }
    match old_boolean(text).filter(|_| ty_name == "boolean") {
        Some(word) => meant_boolean(diagnostic, text, word, span),
        None => {
            diagnostic.help("give a constant of that type, or `{expr: …}` for a SQL expression")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_words_from_expressions() {
        assert_eq!(shape("pending"), Shape::Word);
        assert_eq!(shape("now()"), Shape::Expression);
        assert_eq!(shape("'it''s'"), Shape::Quoted("it's".into()));
        assert_eq!(shape("'a' || 'b'"), Shape::Expression);
        assert_eq!(shape("2024-01-01"), Shape::Text);
        assert_eq!(shape("{}"), Shape::Text);
        assert_eq!(shape("current_user"), Shape::Keyword);
        assert_eq!(shape("-1.5e3"), Shape::Number);
    }

    #[test]
    fn knows_the_numbers_of_sql() {
        for number in ["1", "-1", "1.5", ".5", "5.", "1e10", "1.5E-3"] {
            assert!(is_number(number), "{number}");
        }
        for other in ["", ".", "0x1f", ".inf", "1e", "1.2.3", "1_000", "-"] {
            assert!(!is_number(other), "{other}");
        }
    }
}
