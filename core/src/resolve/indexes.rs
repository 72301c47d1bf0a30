//! Indexes of tables and materialized views: their keys, names, and what their access methods can do.
//!
//! In: an index as written. Out: the index, and findings. Whether the names are free was decided by
//! `constraints`, which takes all given names first.

use std::borrow::Cow;

use smol_str::SmolStr;

use super::columns::{known, known_list, needs};
use super::declare::{comment, flag};
use super::names::{self, Part, Symbol};
use super::types::with_extension_fix;
use super::{Resolver, errors, expressions, sql_words};
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::{IndexColumnDef, IndexDef, NullsWord, OrderWord, Text};
use crate::schema::{
    Index, IndexElement, IndexTarget, Name, NullsOrder, QualifiedName, SortOrder, TableId, TypeKind,
};
use crate::sql::builtins;
use crate::sql::ident::index_column_names;
use crate::sql::types::{Family, facts, lacks_operator_class};

/// The index methods of PostgreSQL and pgvector.
pub(crate) const METHODS: [&str; 8] =
    ["btree", "hash", "gin", "gist", "spgist", "brin", "hnsw", "ivfflat"];

/// What an index belongs to.
pub(super) enum Owner {
    /// A table, whose columns are known.
    Table(TableId),
    /// A materialized view, whose columns may not be.
    View(QualifiedName),
}

/// What PostgreSQL calls a key in a name it makes.
pub(super) fn target_name(target: &IndexTarget) -> Cow<'_, str> {
    match target {
        IndexTarget::Column(name) => Cow::Borrowed(name),
        IndexTarget::Expr(expr) => expressions::figure_name(expr)
            .map_or(Cow::Borrowed("expr"), |name| Cow::Owned(name.into())),
    }
}

/// Takes a given name for an index, in its relation's schema; `table` is that relation if it is one.
pub(super) fn take_index_name(
    cx: &mut Resolver<'_>,
    schema: &Name,
    name: &Text,
    table: Option<TableId>,
) {
    if let Some(error) = names::invalid(&name.value, name.span) {
        cx.report(error);
        return;
    }
    let qualified = QualifiedName::new(schema.clone(), Name::new(name.value.clone()));
    let symbol = Symbol::Index(table);
    if let Some((holder, first)) = cx.names.holder(&qualified, symbol) {
        cx.report(if holder.noun() == symbol.noun() {
            errors::duplicate("index", &qualified, name.span, first)
        } else {
            errors::collision("index", &qualified, name.span, holder.noun(), first)
        });
        return;
    }
    cx.names.insert(qualified, symbol, Some(name.span));
}

/// An index of a table or materialized view.
pub(super) fn index(cx: &mut Resolver<'_>, def: &IndexDef, owner: &Owner) -> Option<Index> {
    let mut elements = Vec::with_capacity(def.columns.len());
    for column in &def.columns {
        elements.push(element(cx, column, owner)?);
    }
    if elements.is_empty() {
        return None; // reported
    }
    let include: Vec<Name> = match owner {
        Owner::Table(table) => known_list(cx, *table, &def.include),
        Owner::View(_) => super::declare::names_of(&def.include),
    };
    for (included, written) in include.iter().zip(&def.include) {
        let is_key = |element: &IndexElement| matches!(&element.target, IndexTarget::Column(name) if name == included);
        if elements.iter().any(is_key) {
            let message = format!("`{included}` is a key of the index already");
            cx.report(
                Diagnostic::new(Code::IncludeKeyColumn, written.span, message)
                    .help("remove it from `include`"),
            );
        }
    }
    let method = def
        .method
        .as_ref()
        .map_or_else(|| "btree".into(), |method| Name::new(method.value.to_lowercase()));
    method_fits(cx, def, &method, &elements, owner);
    if let Some(distinct) = def.nulls_not_distinct.filter(|distinct| distinct.value) {
        needs(cx, 15, "`nulls_not_distinct`", distinct.span, "remove it");
    }
    let name = index_name(cx, def, &elements, &include, owner);
    Some(Index {
        name,
        elements,
        unique: flag(def.unique),
        nulls_not_distinct: flag(def.nulls_not_distinct),
        method,
        predicate: def.predicate.as_ref().map(|predicate| expressions::expr(cx, predicate)),
        include,
        with: def
            .with
            .entries
            .iter()
            .map(|(key, value)| (Name::new(key.value.clone()), value.value.clone()))
            .collect(),
        concurrently: flag(def.concurrently),
        comment: comment(def.comment.as_deref()),
    })
}

pub(super) fn element(
    cx: &mut Resolver<'_>,
    def: &IndexColumnDef,
    owner: &Owner,
) -> Option<IndexElement> {
    if let (Some(name), Some(expr)) = (&def.name, &def.expr) {
        cx.report(errors::either(name.span, "a column", expr.span, "an expression"));
    }
    let target = match (&def.expr, &def.name) {
        (Some(expr), _) => IndexTarget::Expr(expressions::expr(cx, expr)),
        (None, Some(name)) => match owner {
            Owner::Table(table) => IndexTarget::Column(key_column(cx, *table, name)?),
            Owner::View(_) => IndexTarget::Column(Name::new(name.value.clone())),
        },
        (None, None) => {
            cx.report(
                Diagnostic::new(
                    Code::MissingKey,
                    def.span,
                    "an index column needs `name` or `expr`",
                )
                .help("add `name: …`"),
            );
            return None;
        }
    };
    Some(IndexElement {
        target,
        opclass: operator_class(cx, def.opclass.as_deref()).map(Box::new),
        collation: def
            .collation
            .as_ref()
            .map(|name| Box::new(names::reference_in(&name.value, "pg_catalog"))),
        order: def.order.map(|order| match order.value {
            OrderWord::Asc => SortOrder::Asc,
            OrderWord::Desc => SortOrder::Desc,
        }),
        nulls: def.nulls.map(|nulls| match nulls.value {
            NullsWord::First => NullsOrder::First,
            NullsWord::Last => NullsOrder::Last,
        }),
    })
}

/// An operator class, with its schema and its parameters, as SQL has it: it is written as it stands.
pub(super) fn operator_class(cx: &mut Resolver<'_>, written: Option<&Text>) -> Option<SmolStr> {
    let written = written?;
    let text = written.value.trim();
    let (name, parameters) = text.split_once('(').unwrap_or((text, ")"));
    let is_word = |word: &str| {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        word.chars().all(is_part) && !word.is_empty() && !word.starts_with(|c: char| c.is_numeric())
    };
    let is_parameter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '=' | ',' | '.' | ' ');
    let inside = parameters.strip_suffix(')');
    if name.trim_end().split('.').all(is_word)
        && inside.is_some_and(|it| it.chars().all(is_parameter))
    {
        let class = name.trim_end().rsplit('.').next().unwrap_or_default();
        let declared = cx.schema.extensions.values().map(|extension| &*extension.name);
        if let Some(extension) = builtins::extension_of_operator_class(class)
            && builtins::surely_missing(extension, declared)
        {
            let error = errors::missing_extension(class, extension, written.span);
            let error = with_extension_fix(cx, error, extension, written.span);
            cx.report(error);
        }
        return Some(text.into());
    }
    let message = format!("`{text}` is not an operator class");
    cx.report(
        Diagnostic::new(Code::SqlSyntax, written.span, message)
            .help("write its name, such as `gin_trgm_ops` or `gist_trgm_ops(siglen=32)`"),
    );
    None
}

/// A column that an index has for a key; reports one that the table does not have.
fn key_column(cx: &mut Resolver<'_>, table: TableId, name: &Text) -> Option<Name> {
    if cx.schema.tables[table].column(&name.value).is_none()
        && let Some(keys) = sql_words::index_key(&name.value)
    {
        cx.report(errors::in_sql_words(Code::UnknownColumn, "an index key", name, keys));
        return None;
    }
    known(cx, table, name)
}

fn index_name(
    cx: &mut Resolver<'_>,
    def: &IndexDef,
    elements: &[IndexElement],
    include: &[Name],
    owner: &Owner,
) -> Name {
    if let Some(given) = &def.name {
        return Name::new(given.value.clone());
    }
    let (table, relation) = match owner {
        Owner::Table(table) => (Some(*table), &cx.schema.tables[*table].name),
        Owner::View(name) => (None, name),
    };
    // Included columns go into PostgreSQL's default name too.
    let mut names = Vec::with_capacity(elements.len() + include.len());
    names.extend(elements.iter().map(|element| target_name(&element.target)));
    names.extend(include.iter().map(|name| Cow::Borrowed(name.as_str())));
    let names = index_column_names(names);
    let part = Part { table, is_constraint: false, is_index: true };
    cx.names.take_default(part, relation, &names, "idx")
}

/// What the access method cannot do.
fn method_fits(
    cx: &mut Resolver<'_>,
    def: &IndexDef,
    method: &Name,
    elements: &[IndexElement],
    owner: &Owner,
) {
    let span = def.method.as_ref().map_or(def.span, |method| method.span);
    let mut problem = |message: String, help: &str| {
        cx.sink.push(Diagnostic::new(Code::IndexMethod, span, message).help(help));
    };
    let unique = flag(def.unique);
    match method.as_str() {
        "hash" if elements.len() > 1 => {
            problem("a hash index has one column".to_owned(), "use `btree`");
        }
        "hash" | "gin" | "gist" | "spgist" | "brin" | "hnsw" | "ivfflat" if unique => {
            problem(
                format!("a {method} index cannot be unique"),
                "use `btree`, or remove `unique`",
            );
        }
        "spgist" if elements.len() > 1 => {
            problem("an spgist index has one column".to_owned(), "use `gist`");
        }
        "hash" | "gin" | "brin" | "hnsw" | "ivfflat" if !def.include.is_empty() => {
            problem(
                format!("a {method} index has no further columns"),
                "remove `include`, or use `btree` or `gist`",
            );
        }
        "btree" | "hash" | "gin" | "gist" | "spgist" | "brin" | "hnsw" | "ivfflat" | "rum"
        | "bloom" | "pgroonga" => {}
        other => {
            if let Some(close) = crate::diagnostic::closest(other, METHODS) {
                problem(
                    format!("there is no index method `{other}`"),
                    &format!("did you mean `{close}`?"),
                );
            }
        }
    }
    for written in def.columns.iter().filter(|_| method != "btree") {
        let order = written.order.map(|order| order.span).or(written.nulls.map(|nulls| nulls.span));
        if let Some(span) = order {
            let message = format!("a {method} index keeps no order");
            cx.report(
                Diagnostic::new(Code::IndexMethod, span, message).help("remove it, or use `btree`"),
            );
        }
    }
    let Owner::Table(table) = owner else { return };
    needs_opclass(cx, *table, def, method, elements);
}

/// GIN and `GiST` have no operator class of their own for plain scalars, and vectors none at all.
fn needs_opclass(
    cx: &mut Resolver<'_>,
    table: TableId,
    def: &IndexDef,
    method: &Name,
    elements: &[IndexElement],
) {
    let extensions = &cx.schema.extensions;
    let extended = extensions.values().any(|e| e.name == "btree_gin" || e.name == "btree_gist");
    for (element, written) in elements.iter().zip(&def.columns) {
        let IndexTarget::Column(name) = &element.target else { continue };
        let Some((_, column)) = cx.schema.tables[table].column(name) else { continue };
        let ty = super::types::underlying(cx, &column.ty);
        let TypeKind::Base(base) = &ty.kind else { continue };
        let family = facts(base.base).family;
        let advice = match (method.as_str(), family) {
            _ if element.opclass.is_some() || ty.is_array() => None,
            ("gin" | "gist", Family::Text) if !extended => Some(
                "add `opclass: gin_trgm_ops` (extension pg_trgm) for searches inside a text, or use `btree`",
            ),
            ("hnsw" | "ivfflat", Family::Vector) => {
                Some("add `opclass: vector_cosine_ops`, `vector_l2_ops` or `vector_ip_ops`")
            }
            (
                "gin",
                Family::Integer { .. }
                | Family::Numeric
                | Family::Boolean
                | Family::Uuid
                | Family::Timestamp
                | Family::TimestampTz
                | Family::Date,
            ) if !extended => Some("use `btree`, or declare the extension `btree_gin`"),
            (method, _) if lacks_operator_class(method, base.base) => {
                Some("index an expression over it, or use another method")
            }
            _ => None,
        };
        if let Some(advice) = advice {
            let message = format!(
                "{method} has no default operator class for `{name}`, which is {}",
                base.base.as_str()
            );
            cx.report(Diagnostic::new(Code::IndexMethod, written.span, message).help(advice));
        }
    }
}
