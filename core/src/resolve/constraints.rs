//! Keys, checks and exclusions of tables; foreign keys are `references`' business, indexes `indexes`'.

use std::borrow::{Borrow, Cow};

use super::columns::{known, known_list, needs};
use super::declare::{DeclaredTable, comment, flag};
use super::indexes::{Owner, index, operator_class, take_index_name, target_name};
use super::mixins::{Contents, List};
use super::names::{self, Part};
use super::types::with_extension_fix;
use super::{Resolver, errors, expressions};
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::{
    ColumnDef, ConstraintDef, ConstraintWord, ExclusionElementDef, Flag, Named, Text,
};
use crate::schema::{
    ColumnType, Constraint, ConstraintKind, Deferrability, Exclusion, ExclusionElement, Index,
    IndexElement, IndexTarget, Name, ObjectId, QualifiedName, TableId, TypeKind,
};
use crate::source::Span;
use crate::sql::lex::{Kind, Lexer, Token};
use crate::sql::types::{Family, facts, lacks_operator_class};

/// Resolves keys, checks, exclusions and indexes of a table.
pub(super) fn constraints(
    cx: &mut Resolver<'_>,
    table: &DeclaredTable<'_>,
    contents: &Contents<'_>,
) {
    let count = constraint_count(table, contents);
    cx.origins.expect(ObjectId::Constraint(table.id, 0), count);
    cx.origins.expect(ObjectId::Index(table.id, 0), contents.indexes.len());
    let mut building = Building {
        id: table.id,
        constraints: Vec::with_capacity(count),
        indexes: Vec::with_capacity(contents.indexes.len()),
        spans: Vec::with_capacity(count),
        index_spans: Vec::with_capacity(contents.indexes.len()),
    };
    primary_key(cx, table, &contents.columns, &mut building);
    column_constraints(cx, &contents.columns, &mut building);
    for def in &contents.constraints {
        table_constraint(cx, def, &mut building);
    }
    for def in &contents.indexes {
        if let Some(index) = index(cx, def, &Owner::Table(table.id)) {
            building.indexes.push(index);
            building.index_spans.push(def.name.as_ref().map_or(def.span, |name| name.span));
        }
    }
    keys_compare(cx, &building);
    partition_key(cx, &building);
    building.finish(cx);
}

/// How many constraints a table is written with, foreign keys among them.
fn constraint_count(table: &DeclaredTable<'_>, contents: &Contents<'_>) -> usize {
    let of_column = |column: &ColumnDef| {
        let said = [flag(column.primary_key.as_deref()), flag(column.unique.as_deref())];
        let given = [column.check.is_some(), column.references.is_some()];
        said.into_iter().chain(given).filter(|it| *it).count()
    };
    let columns = contents.columns.iter().map(|column| of_column(&column.value));
    let key = usize::from(!table.named.value.primary_key.is_empty());
    columns.sum::<usize>() + contents.constraints.len() + key
}

/// What is being built for one table.
struct Building {
    id: TableId,
    constraints: Vec<Constraint>,
    spans: Vec<Span>,
    indexes: Vec<Index>,
    index_spans: Vec<Span>,
}

impl Building {
    fn push(&mut self, span: Span, name: Name, kind: ConstraintKind) {
        self.push_full(
            span,
            Constraint {
                name,
                kind,
                deferrable: Deferrability::default(),
                not_valid: false,
                comment: None,
            },
        );
    }

    fn push_full(&mut self, span: Span, constraint: Constraint) {
        self.constraints.push(constraint);
        self.spans.push(span);
    }

    fn finish(self, cx: &mut Resolver<'_>) {
        let Some(table) = cx.schema.tables.get_mut(self.id) else { return };
        table.constraints = self.constraints;
        table.indexes = self.indexes;
        for (position, span) in self.spans.into_iter().enumerate() {
            cx.origins.set(ObjectId::Constraint(self.id, position as u32), span);
        }
        for (position, span) in self.index_spans.into_iter().enumerate() {
            cx.origins.set(ObjectId::Index(self.id, position as u32), span);
        }
    }
}

/// Takes the names that the user gave; reports those that are taken.
pub(super) fn take_given_names(cx: &mut Resolver<'_>, table: TableId, contents: &Contents<'_>) {
    let schema = cx.schema.tables[table].name.schema.clone();
    let mut on_table: Vec<&Text> = Vec::new();
    for def in &contents.constraints {
        let Some(name) = &def.name else { continue };
        let with_index = def.ty.is_some_and(|ty| match ty.value {
            ConstraintWord::Unique | ConstraintWord::PrimaryKey | ConstraintWord::Exclude => true,
            ConstraintWord::Check | ConstraintWord::ForeignKey => false,
        });
        if let Some(first) = on_table.iter().find(|first| first.value == name.value) {
            cx.report(errors::duplicate("constraint", &name.value, name.span, Some(first.span)));
            continue;
        }
        on_table.push(name);
        if with_index {
            take_index_name(cx, &schema, name, Some(table));
        }
        let name = QualifiedName::new(schema.clone(), Name::new(name.value.clone()));
        cx.names.insert_constraint(name, table);
    }
    for def in &contents.indexes {
        if let Some(name) = &def.name {
            take_index_name(cx, &schema, name, Some(table));
        }
    }
}

/// The columns in the name of a primary key.
const NO_COLUMNS: &[Name] = &[];

/// The name of a constraint: the user's, or PostgreSQL's own.
pub(super) fn constraint_name(
    cx: &mut Resolver<'_>,
    table: TableId,
    given: Option<&Text>,
    columns: &[impl Borrow<str>],
    label: &str,
    with_index: bool,
) -> Name {
    if let Some(given) = given {
        if let (Some(error), false) = (names::invalid(&given.value, given.span), with_index) {
            cx.report(error);
        }
        return Name::new(given.value.clone());
    }
    let part = Part { table: Some(table), is_constraint: true, is_index: with_index };
    cx.names.take_default(part, &cx.schema.tables[table].name, columns, label)
}

fn primary_key(
    cx: &mut Resolver<'_>,
    table: &DeclaredTable<'_>,
    columns: &List<'_, Named<ColumnDef>>,
    building: &mut Building,
) {
    let def = &table.named.value;
    let mut found: Option<Span> = None;
    let flagged = columns.iter().filter(|column| flag(column.value.primary_key.as_deref()));
    for column in flagged {
        if let Some(first) = found {
            cx.report(many_primary_keys(column.name.span, first));
            continue;
        }
        found = Some(column.name.span);
        let columns = vec![Name::new(column.name.value.clone())];
        let name = constraint_name(cx, table.id, None, NO_COLUMNS, "pkey", true);
        building.push(column.name.span, name, ConstraintKind::PrimaryKey { columns });
    }
    if let (Some(first), Some(last)) = (def.primary_key.first(), def.primary_key.last()) {
        let span = first.span.to(last.span);
        if let Some(first) = found {
            cx.report(many_primary_keys(span, first));
            return;
        }
        let columns = known_list(cx, table.id, &def.primary_key);
        if !columns.is_empty() {
            let name = constraint_name(cx, table.id, None, NO_COLUMNS, "pkey", true);
            building.push(span, name, ConstraintKind::PrimaryKey { columns });
        }
    }
}

fn many_primary_keys(span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        Code::ManyPrimaryKeys,
        span,
        "a table has one primary key, and this is a second",
    )
    .label(first, "the first")
    .help("for a key of several columns, remove these and say `primary_key: [a, b]` on the table")
}

fn column_constraints(
    cx: &mut Resolver<'_>,
    columns: &List<'_, Named<ColumnDef>>,
    building: &mut Building,
) {
    let table = building.id;
    for column in columns {
        let name = Name::new(column.name.value.clone());
        if flag(column.value.unique.as_deref()) {
            let columns = vec![name.clone()];
            let constraint = constraint_name(cx, table, None, &columns, "key", true);
            let kind = ConstraintKind::Unique { columns, nulls_not_distinct: false };
            building.push(column.name.span, constraint, kind);
        }
        if let Some(check) = &column.value.check {
            let constraint = constraint_name(cx, table, None, &[name], "check", false);
            let expr = expressions::expr(cx, check);
            building.push(check.span, constraint, ConstraintKind::Check { expr });
        }
    }
}

/// `deferrable` and `initially_deferred` as one.
pub(super) fn deferrability(
    cx: &mut Resolver<'_>,
    deferrable: Option<Flag>,
    initially: Option<Flag>,
) -> Deferrability {
    if let (Some(not), Some(initially)) =
        (deferrable.filter(|d| !d.value), initially.filter(|i| i.value))
    {
        cx.report(
            Diagnostic::new(
                Code::ConflictingKeys,
                initially.span,
                "what is not deferrable cannot be deferred",
            )
            .label(not.span, "not deferrable")
            .help("remove one of the two"),
        );
    }
    if flag(initially) {
        Deferrability::InitiallyDeferred
    } else if flag(deferrable) {
        Deferrability::Deferrable
    } else {
        Deferrability::NotDeferrable
    }
}

fn missing(def: &ConstraintDef, key: &str, help: &str) -> Diagnostic {
    let ty = def.ty.map_or("foreign_key", |ty| word_of(ty.value));
    Diagnostic::new(
        Code::MissingKey,
        def.span,
        format!("a constraint of type `{ty}` needs `{key}`"),
    )
    .help(help)
}

fn table_constraint(cx: &mut Resolver<'_>, def: &ConstraintDef, building: &mut Building) {
    let Some(ty) = def.ty else { return };
    let table = building.id;
    let span = def.name.as_ref().map_or(def.span, |name| name.span);
    only_own_keys(cx, def, ty.value);
    let given = def.name.as_ref();
    let (name, kind) = match ty.value {
        // The references pass writes these, when all keys are known.
        ConstraintWord::ForeignKey => return,
        ConstraintWord::Check => {
            let Some(written) = &def.expr else {
                cx.report(missing(def, "expr", "add `expr: …`, a condition over the row"));
                return;
            };
            let expr = expressions::expr(cx, written);
            // PostgreSQL names a check after its column where it speaks of one only.
            let columns = match expressions::columns_of(&expr).as_slice() {
                [only] => vec![Name::new(only.clone())],
                _ => Vec::new(),
            };
            (
                constraint_name(cx, table, given, &columns, "check", false),
                ConstraintKind::Check { expr },
            )
        }
        ConstraintWord::Unique | ConstraintWord::PrimaryKey => {
            if def.columns.is_empty() {
                cx.report(missing(def, "columns", "add `columns: [a, b]`"));
                return;
            }
            let columns = known_list(cx, table, &def.columns);
            if columns.len() < def.columns.len() {
                return;
            }
            if let Some(distinct) = def.nulls_not_distinct.filter(|distinct| distinct.value) {
                needs(cx, 15, "`nulls_not_distinct`", distinct.span, "remove it");
            }
            if ty.value == ConstraintWord::PrimaryKey {
                let first = building
                    .constraints
                    .iter()
                    .position(|c| matches!(c.kind, ConstraintKind::PrimaryKey { .. }));
                if let Some(first) = first.and_then(|first| building.spans.get(first)) {
                    cx.report(many_primary_keys(span, *first));
                    return;
                }
                let name = constraint_name(cx, table, given, NO_COLUMNS, "pkey", true);
                not_null(cx, table, &columns);
                (name, ConstraintKind::PrimaryKey { columns })
            } else if let Some(predicate) = &def.predicate {
                // SQL has no partial unique constraint; a unique index does the same.
                let index = partial_unique(cx, def, &columns, predicate, table);
                building.indexes.push(index);
                building.index_spans.push(span);
                return;
            } else {
                let name = constraint_name(cx, table, given, &columns, "key", true);
                (
                    name,
                    ConstraintKind::Unique {
                        columns,
                        nulls_not_distinct: flag(def.nulls_not_distinct),
                    },
                )
            }
        }
        ConstraintWord::Exclude => {
            if def.elements.is_empty() {
                cx.report(missing(def, "elements", "add `elements: [{column: …, with: \"&&\"}]`"));
                return;
            }
            if cx.schema.tables[table].partitioning.is_some() {
                let help = "remove it, and exclude within each partition";
                needs(cx, 17, "an exclusion on a partitioned table", span, help);
            }
            let is_gist = def.using.as_ref().is_none_or(|method| method.value == "gist");
            let elements: Vec<_> = def
                .elements
                .iter()
                .filter_map(|element| exclusion_element(cx, table, element, is_gist))
                .collect();
            if elements.len() < def.elements.len() {
                return;
            }
            let columns: Vec<Cow<'_, str>> =
                elements.iter().map(|element| target_name(&element.target)).collect();
            let name = constraint_name(cx, table, given, &columns, "excl", true);
            let predicate =
                def.predicate.as_ref().map(|predicate| expressions::expr(cx, predicate));
            let method = def
                .using
                .as_ref()
                .map_or_else(|| "gist".into(), |method| Name::new(method.value.clone()));
            let exclusion = Exclusion { method, elements, predicate };
            (name, ConstraintKind::Exclude(Box::new(exclusion)))
        }
    };
    let comment = comment(def.comment.as_ref());
    let deferrable = deferrability(cx, def.deferrable, def.initially_deferred);
    building.push_full(
        span,
        Constraint { name, kind, deferrable, not_valid: flag(def.not_valid), comment },
    );
}

/// Reports keys that belong to another kind of constraint: nobody would read them.
fn only_own_keys(cx: &mut Resolver<'_>, def: &ConstraintDef, ty: ConstraintWord) {
    use ConstraintWord::{Check, Exclude, ForeignKey, PrimaryKey, Unique};
    let flagged = |written: Option<Flag>| written.map(|written| written.span);
    let keys: [(&str, Option<Span>, &[ConstraintWord]); 10] = [
        ("expr", def.expr.as_ref().map(|expr| expr.span), &[Check]),
        (
            "columns",
            def.columns.first().map(|column| column.span),
            &[Unique, PrimaryKey, ForeignKey],
        ),
        ("where", def.predicate.as_ref().map(|predicate| predicate.span), &[Unique, Exclude]),
        ("elements", def.elements.first().map(|element| element.span), &[Exclude]),
        ("using", def.using.as_ref().map(|using| using.span), &[Exclude]),
        ("references", def.references.as_ref().map(|target| target.span), &[ForeignKey]),
        ("not_valid", flagged(def.not_valid), &[Check, ForeignKey]),
        ("nulls_not_distinct", flagged(def.nulls_not_distinct), &[Unique]),
        ("deferrable", flagged(def.deferrable), &[Unique, PrimaryKey, Exclude, ForeignKey]),
        (
            "initially_deferred",
            flagged(def.initially_deferred),
            &[Unique, PrimaryKey, Exclude, ForeignKey],
        ),
    ];
    for (key, span, owners) in keys {
        let Some(span) = span else { continue };
        let partial = ty == Unique && def.predicate.is_some() && key.contains("defer");
        if owners.contains(&ty) && !partial {
            continue;
        }
        let message = if partial {
            format!("a unique constraint with `where` has no `{key}`")
        } else {
            format!("a constraint of type `{}` has no `{key}`", word_of(ty))
        };
        cx.report(Diagnostic::new(Code::ConflictingKeys, span, message).help("remove it"));
    }
}

const fn word_of(ty: ConstraintWord) -> &'static str {
    match ty {
        ConstraintWord::Check => "check",
        ConstraintWord::Unique => "unique",
        ConstraintWord::Exclude => "exclude",
        ConstraintWord::PrimaryKey => "primary_key",
        ConstraintWord::ForeignKey => "foreign_key",
    }
}

/// A primary key says not null of its columns.
fn not_null(cx: &mut Resolver<'_>, table: TableId, columns: &[Name]) {
    if let Some(table) = cx.schema.tables.get_mut(table) {
        for column in table.columns.iter_mut().filter(|column| columns.contains(&column.name)) {
            column.nullable = false;
        }
    }
}

fn partial_unique(
    cx: &mut Resolver<'_>,
    def: &ConstraintDef,
    columns: &[Name],
    predicate: &crate::grammar::SqlText,
    table: TableId,
) -> Index {
    let name = constraint_name(cx, table, def.name.as_ref(), columns, "idx", true);
    let element = |column: &Name| IndexElement {
        target: IndexTarget::Column(column.clone()),
        opclass: None,
        collation: None,
        order: None,
        nulls: None,
    };
    Index {
        name,
        elements: columns.iter().map(element).collect(),
        unique: true,
        nulls_not_distinct: flag(def.nulls_not_distinct),
        method: "btree".into(),
        predicate: Some(expressions::expr(cx, predicate)),
        include: Vec::new(),
        with: Vec::new(),
        concurrently: false,
        comment: comment(def.comment.as_ref()),
    }
}

fn exclusion_element(
    cx: &mut Resolver<'_>,
    table: TableId,
    def: &ExclusionElementDef,
    is_gist: bool,
) -> Option<ExclusionElement> {
    let target = match (&def.expr, &def.column) {
        (Some(expr), _) => IndexTarget::Expr(expressions::expr(cx, expr)),
        (None, Some(column)) => {
            let name = known(cx, table, column)?;
            if is_gist {
                needs_btree_gist(cx, table, &name, def, column.span);
            }
            IndexTarget::Column(name)
        }
        (None, None) => {
            cx.report(
                Diagnostic::new(
                    Code::MissingKey,
                    def.span,
                    "an exclusion element needs `column` or `expr`",
                )
                .help("add `column: …`"),
            );
            return None;
        }
    };
    let operator = def.with.as_ref()?;
    if !is_operator(&operator.value) {
        let message = format!("`{}` is not an operator", operator.value);
        cx.report(
            Diagnostic::new(Code::SqlSyntax, operator.span, message)
                .help("use one such as `=` or `&&`"),
        );
        return None;
    }
    Some(ExclusionElement {
        target,
        opclass: operator_class(cx, def.opclass.as_ref()),
        operator: operator.value.clone(),
    })
}

/// `=` in a `GiST` exclusion of a plain column needs the extension `btree_gist`.
fn needs_btree_gist(
    cx: &mut Resolver<'_>,
    table: TableId,
    name: &Name,
    def: &ExclusionElementDef,
    span: Span,
) {
    let equal = def.with.as_ref().is_some_and(|with| with.value == "=");
    let declared = cx.schema.extensions.values().any(|extension| extension.name == "btree_gist");
    let Some((_, column)) = cx.schema.tables[table].column(name) else { return };
    let scalar = match &*super::types::underlying(cx, &column.ty) {
        ColumnType { kind: TypeKind::Base(base), dimensions: 0 } => !matches!(
            facts(base.base).family,
            Family::Range(_) | Family::Multirange(_) | Family::Geometric | Family::Geo
        ),
        ColumnType { kind: TypeKind::Enum(_), dimensions: 0 } => true,
        _ => false,
    };
    if equal && scalar && !declared {
        let error = errors::missing_extension("=", "btree_gist", span)
            .here("a single value, compared by a GiST index");
        let error = with_extension_fix(cx, error, "btree_gist", span);
        cx.report(error);
    }
}

/// Whether a text is an operator as it stands in SQL: `&&`, `OPERATOR(pg_catalog.&&)`.
fn is_operator(text: &str) -> bool {
    let tokens: Vec<Token> = Lexer::new(text).collect();
    let is = |token: &Token, word: &str| {
        text.get(token.range()).is_some_and(|it| it.eq_ignore_ascii_case(word))
    };
    // A comment behind it would hide what follows.
    tokens.last().is_some_and(|last| last.range().end == text.len())
        && match tokens.as_slice() {
            [only] => only.kind == Kind::Operator,
            [keyword, open, schema, dot, operator, close] => {
                is(keyword, "operator")
                    && is(open, "(")
                    && matches!(schema.kind, Kind::Word | Kind::Quoted)
                    && is(dot, ".")
                    && operator.kind == Kind::Operator
                    && is(close, ")")
            }
            _ => false,
        }
}

/// Keys are of values that have an order.
fn keys_compare(cx: &mut Resolver<'_>, building: &Building) {
    let mut found = Vec::new();
    for (constraint, span) in building.constraints.iter().zip(&building.spans) {
        let (ConstraintKind::PrimaryKey { columns } | ConstraintKind::Unique { columns, .. }) =
            &constraint.kind
        else {
            continue;
        };
        for name in columns {
            let Some((_, column)) = cx.schema.tables[building.id].column(name) else { continue };
            let ty = super::types::underlying(cx, &column.ty);
            if let TypeKind::Base(base) = &ty.kind
                && !ty.is_array()
                && lacks_operator_class("btree", base.base)
            {
                let message = format!("`{name}` is {base}, whose values have no order for a key");
                let error = Diagnostic::new(Code::IndexMethod, *span, message);
                found.push(error.help("use another type, or another column"));
            }
        }
    }
    for error in found {
        cx.report(error);
    }
}

/// Keys of a partitioned table hold all of its partition key.
fn partition_key(cx: &mut Resolver<'_>, building: &Building) {
    let table = &cx.schema.tables[building.id];
    let Some(partitioning) = &table.partitioning else { return };
    let constraints =
        building.constraints.iter().zip(&building.spans).filter_map(|(constraint, span)| {
            let columns = match &constraint.kind {
                ConstraintKind::PrimaryKey { columns } | ConstraintKind::Unique { columns, .. } => {
                    columns.clone()
                }
                ConstraintKind::Check { .. }
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Exclude(_) => return None,
            };
            Some((*span, &constraint.name, columns))
        });
    let unique =
        building.indexes.iter().zip(&building.index_spans).filter(|(index, _)| index.unique);
    let indexes = unique.map(|(index, span)| {
        let columns = index.elements.iter().filter_map(|element| match &element.target {
            IndexTarget::Column(name) => Some(name.clone()),
            IndexTarget::Expr(_) => None,
        });
        (*span, &index.name, columns.collect())
    });
    let mut found = Vec::new();
    for (span, name, columns) in constraints.chain(indexes) {
        for key in &partitioning.columns {
            let (message, help) = match &key.target {
                IndexTarget::Column(key) if columns.contains(key) => continue,
                IndexTarget::Column(key) => (
                    format!("`{name}` must hold the partition key `{key}`"),
                    format!("add `{key}` to its columns"),
                ),
                IndexTarget::Expr(_) => (
                    format!("`{name}` cannot hold the partition key, which is an expression"),
                    "partition by a column, or do without this key".to_owned(),
                ),
            };
            let error = Diagnostic::new(Code::PartitionKey, span, message).help(help);
            found.push(error.note("PostgreSQL can keep a key unique only within one partition"));
        }
    }
    for error in found {
        cx.report(error);
    }
}
