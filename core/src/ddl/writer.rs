//! The only way to write SQL.
//!
//! In: keywords that this program holds, and names, literals, types and expressions of a schema. Out:
//! a [`Statement`]. Keywords are `&'static str`, so that nothing of the user's reaches a statement
//! unquoted except expressions, which are the user's SQL, and the few words that PostgreSQL wants as
//! they are ([`SqlWriter::verbatim`]).

use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

use super::statement::{Fragment, Phase, Statement};
use crate::schema::{
    ColumnType, DefaultValue, IndexTarget, Literal, Name, ObjectId, QualifiedName, Schema, TableId,
    TypeKind,
};
use crate::source::line_breaks;
use crate::sql::ident::{needs_quotes, quote_ident};
use crate::sql::literal::{dollar_quote, literal_content, quote_literal};
use crate::sql::{ExprId, Modifier, PgType, SqlBody, SqlExpr};

/// A statement under construction.
#[derive(Debug, Clone)]
pub(crate) struct SqlWriter<'a> {
    schema: &'a Schema,
    text: String,
    fragments: Vec<Fragment>,
}

impl<'a> SqlWriter<'a> {
    /// Nothing yet, about objects of `schema`.
    pub(crate) fn new(schema: &'a Schema) -> Self {
        Self { schema, text: String::with_capacity(128), fragments: Vec::new() }
    }

    /// The same for what is shorter than a statement, and kept: it takes no more memory than it is long.
    pub(crate) const fn of_part(schema: &'a Schema) -> Self {
        Self { schema, text: String::new(), fragments: Vec::new() }
    }

    /// Nothing yet, about the same schema.
    pub(crate) const fn fresh(&self) -> Self {
        Self::of_part(self.schema)
    }

    /// The statement.
    pub(crate) fn finish(self, object: ObjectId, phase: Phase) -> Statement {
        let section = phase.section();
        let Self { text, fragments, .. } = self;
        let breaks = line_breaks(&text);
        Statement { text, breaks, object, phase, section, rank: 0, fragments }
    }

    /// What was written, where it is no statement.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// Keywords, spaces and punctuation.
    pub(crate) fn sql(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// `text` where `condition` holds.
    pub(crate) fn sql_if(&mut self, condition: bool, text: &'static str) -> &mut Self {
        if condition { self.sql(text) } else { self }
    }

    /// A word of the user's that has no quoted form: an operator, an operator class with its
    /// parameters, a partition bound.
    pub(crate) fn verbatim(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// An identifier, quoted where it must be.
    pub(crate) fn ident(&mut self, name: &str) -> &mut Self {
        self.text.push_str(&quote_ident(name));
        self
    }

    /// A name with its PostgreSQL schema, which stands there always: the statement then means the
    /// same under every `search_path`.
    pub(crate) fn name(&mut self, name: &QualifiedName) -> &mut Self {
        self.ident(&name.schema).sql(".").ident(&name.name)
    }

    /// A table's name.
    pub(crate) fn table_name(&mut self, id: TableId) -> &mut Self {
        let schema = self.schema;
        self.name(&schema.tables[id].name)
    }

    /// A role, which may be a word of SQL's own.
    pub(crate) fn role(&mut self, name: &Name) -> &mut Self {
        match name.as_str() {
            "public" => self.sql("PUBLIC"),
            "current_user" => self.sql("CURRENT_USER"),
            "current_role" => self.sql("CURRENT_ROLE"),
            "session_user" => self.sql("SESSION_USER"),
            other => self.ident(other),
        }
    }

    /// A text literal.
    pub(crate) fn literal(&mut self, text: &str) -> &mut Self {
        self.text.push_str(&quote_literal(text));
        self
    }

    /// A text literal that holds a quoted name, for the catalog's look-ups.
    pub(crate) fn name_literal(&mut self, name: &QualifiedName) -> &mut Self {
        let mut inner = self.fresh();
        inner.name(name);
        self.literal(&inner.text)
    }

    /// A number.
    pub(crate) fn number(&mut self, value: impl Into<i64>) -> &mut Self {
        self.text.push_str(&value.into().to_string());
        self
    }

    /// What `write` writes for each item, with `separator` between.
    pub(crate) fn list<T>(
        &mut self,
        separator: &'static str,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> &mut Self,
    ) -> &mut Self {
        for (position, item) in items.into_iter().enumerate() {
            self.sql_if(position > 0, separator);
            write(self, item);
        }
        self
    }

    /// `(a, b)`.
    pub(crate) fn columns(&mut self, names: &[Name]) -> &mut Self {
        self.sql("(").list(", ", names, |w, name| w.ident(name)).sql(")")
    }

    /// An expression as the user wrote it.
    pub(crate) fn expr(&mut self, expr: &SqlExpr) -> &mut Self {
        self.fragment(expr.text.trim_end(), expr.id)
    }

    /// An expression in parentheses: its own, if it has them.
    pub(crate) fn wrapped(&mut self, expr: &SqlExpr) -> &mut Self {
        if is_enclosed(&expr.text) { self.expr(expr) } else { self.sql("(").expr(expr).sql(")") }
    }

    /// An expression where PostgreSQL's grammar takes only the simpler ones (`b_expr`), such as after
    /// `DEFAULT`: in parentheses unless it is certainly simple.
    pub(crate) fn simple(&mut self, expr: &SqlExpr) -> &mut Self {
        if is_simple(&expr.text) { self.expr(expr) } else { self.wrapped(expr) }
    }

    /// A body or query as the user wrote it, without white space and semicolons at its end.
    pub(crate) fn query(&mut self, body: &SqlBody) -> &mut Self {
        let text = body.text.trim_end_matches(|c: char| c == ';' || c.is_whitespace());
        self.fragment(text, body.id)
    }

    /// A body between dollar quotes.
    pub(crate) fn quoted_body(&mut self, body: &SqlBody, tag: &'static str) -> &mut Self {
        let mut inner = self.fresh();
        let text = body.text.trim_end();
        let first_line = if text.starts_with('\n') { "" } else { "\n" };
        inner.sql(first_line).fragment_as_is(text, body.id).sql("\n");
        self.dollar_quoted(inner, tag)
    }

    /// `DO` with a block that runs what was written in `then` where `condition` holds.
    pub(crate) fn guarded(&mut self, condition: Self, then: Self) -> &mut Self {
        let mut block = self.fresh();
        block.sql("\nBEGIN\n  IF ").append(condition).sql(" THEN\n    ").append(then);
        block.sql(";\n  END IF;\nEND\n");
        self.sql("DO ").dollar_quoted(block, "")
    }

    /// A constant or expression that something is by default; only the simpler ones unquoted.
    pub(crate) fn default(&mut self, value: &DefaultValue) -> &mut Self {
        match value {
            DefaultValue::Expr(expr) => self.simple(expr),
            DefaultValue::Literal(Literal::Null) => self.sql("NULL"),
            DefaultValue::Literal(Literal::Bool(true)) => self.sql("true"),
            DefaultValue::Literal(Literal::Bool(false)) => self.sql("false"),
            DefaultValue::Literal(Literal::Number(digits)) => self.verbatim(digits),
            DefaultValue::Literal(Literal::Text(text)) => self.literal(text),
        }
    }

    /// A column, or an expression in parentheses unless it is a mere function call.
    pub(crate) fn target(&mut self, target: &IndexTarget) -> &mut Self {
        match target {
            IndexTarget::Column(name) => self.ident(name),
            IndexTarget::Expr(expr) if is_call(&expr.text) => self.expr(expr),
            IndexTarget::Expr(expr) => self.wrapped(expr),
        }
    }

    /// A type.
    pub(crate) fn ty(&mut self, ty: &ColumnType) -> &mut Self {
        let schema = self.schema;
        match &ty.kind {
            TypeKind::Base(base) => self.base(base),
            TypeKind::Enum(id) => self.name(&schema.enums[*id].name),
            TypeKind::Domain(id) => self.name(&schema.domains[*id].name),
            TypeKind::Composite(id) => self.name(&schema.composites[*id].name),
            TypeKind::TableRow(id) => self.name(&schema.tables[*id].name),
            TypeKind::ViewRow(id) => self.name(&schema.views[*id].name),
            TypeKind::Unknown(name) => self.name(name),
        };
        for _ in 0..ty.dimensions {
            self.sql("[]");
        }
        self
    }

    fn base(&mut self, ty: &PgType) -> &mut Self {
        if ty.modifier == Modifier::None {
            return self.sql(ty.name());
        }
        let _ = write!(self.text, "{ty}");
        self
    }

    /// ` COLLATE name`, where there is one.
    pub(crate) fn collate(&mut self, collation: Option<&QualifiedName>) -> &mut Self {
        match collation {
            Some(name) => self.sql(" COLLATE ").name(name),
            None => self,
        }
    }

    /// Takes over what another writer wrote.
    pub(crate) fn append(&mut self, other: Self) -> &mut Self {
        let start = self.text.len() as u32;
        self.text.push_str(&other.text);
        self.fragments.extend(other.fragments.into_iter().map(|fragment| fragment.shift(start)));
        self
    }

    fn dollar_quoted(&mut self, inner: Self, tag: &str) -> &mut Self {
        let quoted = dollar_quote(&inner.text, tag);
        // The two delimiters are alike.
        let delimiter = quoted.len().saturating_sub(inner.text.len()) / 2;
        let start = (self.text.len() + delimiter) as u32;
        self.text.push_str(&quoted);
        self.fragments.extend(inner.fragments.into_iter().map(|fragment| fragment.shift(start)));
        self
    }

    fn fragment(&mut self, text: &str, expr: ExprId) -> &mut Self {
        self.fragment_as_is(text, expr);
        self.sql_if(ends_in_comment(text), AFTER_COMMENT)
    }

    fn fragment_as_is(&mut self, text: &str, expr: ExprId) -> &mut Self {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        self.fragments.push(Fragment { range: start..self.text.len() as u32, expr });
        self
    }
}

impl Fragment {
    fn shift(self, by: u32) -> Self {
        let Range { start, end } = self.range;
        Self { range: start + by..end + by, expr: self.expr }
    }
}

/// What ends a comment, so that it swallows nothing of what follows.
const AFTER_COMMENT: &str = "\n  ";

/// An expression, ended.
pub(super) fn closed(text: &str) -> Cow<'_, str> {
    if ends_in_comment(text) { [text, AFTER_COMMENT].concat().into() } else { text.into() }
}

fn ends_in_comment(text: &str) -> bool {
    let last_line = || text.lines().last().unwrap_or_default();
    text.contains('-') && last_line().contains("--")
}

/// Whether an expression is surely a `b_expr`: a constant, a name, a call, or one of these cast.
fn is_simple(text: &str) -> bool {
    let text = without_casts(text.trim());
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let number = unsigned.starts_with(|c: char| c.is_ascii_digit())
        && unsigned.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    let literal = literal_content(text).is_some();
    let word = ["true", "false", "null", "current_timestamp", "current_date", "current_user"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    let array = text.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("array["))
        && text.find('[').is_some_and(|open| closes_at_end(text, open));
    number || literal || word || array || is_enclosed(text) || is_call(text)
}

/// Whether an expression as a whole stands in parentheses.
fn is_enclosed(text: &str) -> bool {
    text.starts_with('(') && closes_at_end(text, 0)
}

/// Whether an expression is one call of a function of a plain name: `lower(email)`.
fn is_call(text: &str) -> bool {
    let Some(open) = text.find('(') else { return false };
    let Some(name) = text.get(..open) else { return false };
    let plain = |part: &str| !needs_quotes(&part.to_ascii_lowercase());
    name.split('.').all(plain) && closes_at_end(text, open)
}

/// `text` without `::type` at its end, as often as it stands there.
fn without_casts(mut text: &str) -> &str {
    while let Some((before, ty)) = text.rsplit_once("::") {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_.[]".contains(c);
        if before.is_empty() || !ty.chars().all(plain) {
            break;
        }
        text = before;
    }
    text
}

/// Whether the bracket at byte `open` is closed by the last byte of `text`. Says no of text with
/// comments or dollar quotes.
fn closes_at_end(text: &str, open: usize) -> bool {
    let mut depth = 0_u32;
    let mut quote = None;
    let mut previous = '\0';
    for (place, c) in text.char_indices().skip_while(|(place, _)| *place < open) {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => continue,
            (None, '\'' | '"') => quote = Some(c),
            (None, '$') => return false,
            (None, '-') if previous == '-' => return false,
            (None, '*') if previous == '/' => return false,
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return place + c.len_utf8() == text.len();
                }
            }
            (None, _) => {}
        }
        previous = c;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{is_call, is_simple};

    #[test]
    fn simple_expressions_need_no_parentheses() {
        for text in [
            "now()",
            "0",
            "-1.5",
            "'a''b'",
            "'{}'::text[]",
            "TRUE",
            "public.f(1, ')')",
            "ARRAY[1]",
            "(a or b)",
            "nextval('x'::regclass)",
            "'x'::public.kind",
            "current_date",
        ] {
            assert!(is_simple(text), "{text}");
        }
        for text in [
            "now() at time zone 'utc'",
            "'a' || 'b'",
            "(1) + (2)",
            "f(1) + f(2)",
            "not(true)",
            "a is null",
            "f(1 -- )",
            "'a' in ('b')",
            "",
            "case when true then 1 end",
            "$$x$$",
        ] {
            assert!(!is_simple(text), "{text}");
        }
    }

    #[test]
    fn calls_are_told_from_what_looks_like_one() {
        assert!(is_call("lower(email)"));
        assert!(is_call("extensions.unaccent(name)"));
        assert!(!is_call("not(a)"));
        assert!(!is_call("(a)"));
        assert!(!is_call("lower(a) || lower(b)"));
        assert!(!is_call("email"));
    }
}
