//! From the parser's queries and statements to what is known of them.
//!
//! In: sqlparser's queries. Out: [`Query`] and [`Statements`], with every name in their [`Refs`].

use smol_str::SmolStr;
use sqlparser::ast::{
    self, ConflictTarget, Distinct, FunctionArg, FunctionArgExpr, GroupByExpr, JoinConstraint,
    JoinOperator, LimitClause, MergeAction, MergeInsertKind, MergeUpdateKind, NamedWindowExpr,
    ObjectName, OnConflictAction, OnInsert, OrderByKind, Select, SelectItemQualifiedWildcardKind,
    SetExpr, Statement, TableAlias, TableFactor, TableObject, TableWithJoins, UpdateTableFromKind,
};

use super::parse::Fault;
use super::query::{FromItem, ItemSource, Query, QueryForm, SelectItem, Statements};
use super::read::{Reader, folded, name_range, object_parts};
use super::read_scope::{Cte, factor_alias, outputs, renamed, table_alias, values_outputs};
use super::refs::{CallRef, Refs, RelationRef};
use super::scopes::{Source, SourceKind};
use super::tokens::bytes;
use crate::sql::builtins;

impl Reader<'_> {
    pub(super) fn query(mut self, tree: &ast::Query) -> Result<Query, Fault> {
        self.inner_query(tree);
        let ctes = cte_names(tree);
        let select = first_select(&tree.body);
        let items = select.map(|select| select.projection.iter().map(select_item).collect());
        let mut from = Vec::new();
        for table in select.map_or(&[][..], |select| &select.from) {
            from.extend(from_items(table, &ctes));
        }
        let normalized = self.tokens.normalized();
        let refs = self.finish()?;
        let form = form(tree, &refs);
        Ok(Query { refs, items, from, form, normalized })
    }

    pub(super) fn statements(
        mut self,
        list: &[ast::Query],
        count: usize,
    ) -> Result<Statements, Fault> {
        for query in list {
            self.inner_query(query);
        }
        let normalized = self.tokens.normalized();
        Ok(Statements { refs: self.finish()?, count, normalized })
    }

    /// A query wherever it stands; the scope whose outputs are its result.
    pub(super) fn inner_query(&mut self, query: &ast::Query) -> Option<usize> {
        self.queries += 1;
        let visible = self.ctes.len();
        let result = self.deeper(None, |reader| {
            if let Some(with) = &query.with {
                for cte in &with.cte_tables {
                    reader.cte(cte, with.recursive);
                }
            }
            let result = reader.set_expr(&query.body);
            let around = (reader.scope, reader.partial);
            if result.is_some() {
                (reader.scope, reader.partial) = (result, false);
            }
            if let Some(order) = &query.order_by {
                match &order.kind {
                    OrderByKind::Expressions(list) => {
                        reader.result_exprs(list.iter().map(|term| &term.expr), result);
                    }
                    OrderByKind::All(_) => {}
                }
            }
            (reader.scope, reader.partial) = around;
            match &query.limit_clause {
                Some(LimitClause::LimitOffset { limit, offset, .. }) => {
                    reader.exprs(limit.iter().chain(offset.iter().map(|offset| &offset.value)));
                }
                Some(LimitClause::OffsetCommaLimit { offset, limit }) => {
                    reader.exprs([offset, limit]);
                }
                None => {}
            }
            reader.exprs(query.fetch.iter().filter_map(|fetch| fetch.quantity.as_ref()));
            result
        });
        self.ctes.truncate(visible);
        self.queries -= 1;
        result
    }

    fn cte(&mut self, cte: &ast::Cte, recursive: bool) {
        let name = folded(&cte.alias.name);
        let entry = Cte { name, scope: None, renamed: renamed(Some(&cte.alias)) };
        if recursive {
            let place = self.ctes.len();
            self.ctes.push(entry);
            let scope = self.inner_query(&cte.query);
            if let Some(entry) = self.ctes.get_mut(place) {
                entry.scope = scope;
            }
        } else {
            let scope = self.inner_query(&cte.query);
            self.ctes.push(Cte { scope, ..entry });
        }
    }

    /// Expressions of which a bare name may be a column of the query's result too.
    fn result_exprs<'e>(
        &mut self,
        list: impl IntoIterator<Item = &'e ast::Expr>,
        result: Option<usize>,
    ) {
        for mut expr in list {
            self.expr(expr);
            while let ast::Expr::Nested(inner) = expr {
                expr = inner;
            }
            if let (ast::Expr::Identifier(_), Some(column)) = (expr, self.refs.columns.last_mut()) {
                column.result = result;
            }
        }
    }

    fn set_expr(&mut self, body: &SetExpr) -> Option<usize> {
        self.deeper(None, |reader| match body {
            SetExpr::Select(select) => Some(reader.in_scope(|reader, scope| {
                reader.outputs(outputs(&select.projection));
                reader.select(select, scope);
            })),
            SetExpr::Query(query) => reader.inner_query(query),
            SetExpr::SetOperation { left, right, .. } => {
                let result = reader.set_expr(left);
                reader.set_expr(right);
                result
            }
            SetExpr::Values(values) => Some(reader.in_scope(|reader, _| {
                let columns = values.rows.first().map_or(0, |row| row.content.len());
                reader.outputs(Some(values_outputs(columns)));
                reader.exprs(values.rows.iter().flat_map(|row| &row.content));
            })),
            SetExpr::Insert(statement)
            | SetExpr::Update(statement)
            | SetExpr::Delete(statement)
            | SetExpr::Merge(statement) => reader.statement(statement),
            SetExpr::Table(table) => {
                if let Some(name) = &table.table_name {
                    let schema = table.schema_name.as_deref().map(SmolStr::new);
                    let range = 0..reader.text.len() as u32;
                    reader.relation(RelationRef {
                        schema,
                        name: SmolStr::new(name),
                        range,
                        written: false,
                    });
                }
                None
            }
        })
    }

    fn select(&mut self, select: &Select, scope: usize) {
        if let Some(Distinct::On(list)) = &select.distinct {
            self.result_exprs(list, Some(scope));
        }
        // FROM first would be SQL's order; the text's order is what readers expect.
        self.projection(&select.projection);
        self.tables(&select.from, false);
        self.exprs(&select.selection);
        if let GroupByExpr::Expressions(list, _) = &select.group_by {
            self.result_exprs(list, Some(scope));
        }
        self.exprs(&select.having);
        for window in &select.named_window {
            match &window.1 {
                NamedWindowExpr::WindowSpec(spec) => self.window(spec),
                NamedWindowExpr::NamedWindow(_) => {}
            }
        }
    }

    fn projection(&mut self, items: &[ast::SelectItem]) {
        for item in items {
            match item {
                ast::SelectItem::UnnamedExpr(expr)
                | ast::SelectItem::ExprWithAlias { expr, .. }
                | ast::SelectItem::ExprWithAliases { expr, .. }
                | ast::SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::Expr(expr),
                    _,
                ) => {
                    self.expr(expr);
                }
                ast::SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    _,
                ) => {
                    self.wildcard(name);
                }
                ast::SelectItem::Wildcard(_) => {}
            }
        }
    }

    fn tables<'t>(&mut self, list: impl IntoIterator<Item = &'t TableWithJoins>, written: bool) {
        for table in list {
            self.table(table, written);
        }
    }

    /// `written`: its first relation is what a statement writes to.
    fn table(&mut self, table: &TableWithJoins, written: bool) {
        self.factor(&table.relation, written);
        for join in &table.joins {
            self.factor(&join.relation, false);
            self.joined(&join.relation, constraint(&join.join_operator));
        }
    }

    fn factor(&mut self, factor: &TableFactor, written: bool) {
        self.deeper((), |reader| match factor {
            TableFactor::Table { name, args: None, alias, .. } => {
                let source = reader.named_source(name, alias.as_ref());
                reader.source(source);
                reader.named_relation(name, written);
            }
            TableFactor::Table { name, args: Some(args), alias, with_ordinality, .. } => {
                reader.partially(|reader| reader.rows_from(name, &args.args));
                reader.function_source(name, alias.as_ref(), *with_ordinality);
            }
            TableFactor::Function { name, args, alias, with_ordinality, .. } => {
                reader.partially(|reader| reader.rows_from(name, args));
                reader.function_source(name, alias.as_ref(), *with_ordinality);
            }
            TableFactor::TableFunction { expr, alias } => {
                reader.partially(|reader| reader.expr(expr));
                reader.unclear_source(alias.as_ref());
            }
            TableFactor::UNNEST { array_exprs, alias, .. } => {
                reader.partially(|reader| reader.exprs(array_exprs));
                reader.unclear_source(alias.as_ref());
            }
            TableFactor::Derived { subquery, lateral, alias, .. } => {
                let scope = if *lateral {
                    reader.partially(|reader| reader.inner_query(subquery))
                } else {
                    reader.outside(|reader| reader.inner_query(subquery))
                };
                reader.query_source(scope, alias.as_ref());
            }
            TableFactor::NestedJoin { table_with_joins, alias } => {
                reader.table(table_with_joins, written);
                if alias.is_some() {
                    reader.unclear_source(alias.as_ref());
                }
            }
            TableFactor::JsonTable { json_expr, alias, .. } => {
                reader.partially(|reader| reader.expr(json_expr));
                reader.unclear_source(alias.as_ref());
            }
            TableFactor::XmlTable { row_expression, alias, .. } => {
                reader.partially(|reader| reader.expr(row_expression));
                reader.unclear_source(alias.as_ref());
            }
            // Other dialects' forms.
            _ => reader.unclear_source(None),
        });
    }

    fn rows_from(&mut self, name: &ObjectName, args: &[FunctionArg]) {
        let parts = object_parts(name);
        let Some((last, before)) = parts.split_last() else { return };
        self.refs.calls.push(CallRef {
            schema: before.last().cloned(),
            name: last.clone(),
            args: args.len(),
            range: name_range(name).unwrap_or(0..0),
            window: false,
            aggregate: false,
            nested: self.queries > 0,
            from: true,
            special: false,
        });
        for arg in args {
            let (FunctionArg::Named { arg, .. }
            | FunctionArg::ExprNamed { arg, .. }
            | FunctionArg::Unnamed(arg)) = arg;
            match arg {
                FunctionArgExpr::Expr(expr) => {
                    self.expr(expr);
                }
                FunctionArgExpr::QualifiedWildcard(name) => {
                    self.wildcard(name);
                }
                FunctionArgExpr::Wildcard | FunctionArgExpr::WildcardWithOptions(_) => {}
            }
        }
    }

    fn named_relation(&mut self, name: &ObjectName, written: bool) {
        let parts = object_parts(name);
        let Some((last, before)) = parts.split_last() else { return };
        let range = name_range(name).unwrap_or(0..self.text.len() as u32);
        self.relation(RelationRef {
            schema: before.last().cloned(),
            name: last.clone(),
            range,
            written,
        });
    }

    fn relation(&mut self, relation: RelationRef) {
        let cte = !relation.written
            && relation.schema.is_none()
            && self.ctes.iter().any(|cte| cte.name == relation.name);
        if !cte {
            self.refs.relations.push(relation);
        }
    }

    /// A statement; the scope whose outputs are its result.
    fn statement(&mut self, statement: &Statement) -> Option<usize> {
        if let Statement::Query(query) = statement {
            return self.inner_query(query);
        }
        self.queries += 1;
        let scope = self.in_scope(|reader, _| reader.writing(statement));
        self.queries -= 1;
        Some(scope)
    }

    fn writing(&mut self, statement: &Statement) {
        match statement {
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) => {
                self.table(&update.table, true);
                let alias = table_alias(&update.table);
                for set in &update.assignments {
                    self.assigned(alias.as_ref(), &set.target);
                    self.expr(&set.value);
                }
                match &update.from {
                    Some(
                        UpdateTableFromKind::BeforeSet(list) | UpdateTableFromKind::AfterSet(list),
                    ) => self.tables(list, false),
                    None => {}
                }
                self.exprs(&update.selection);
                self.returning(update.returning.as_deref());
            }
            Statement::Delete(delete) => {
                let (ast::FromTable::WithFromKeyword(list) | ast::FromTable::WithoutKeyword(list)) =
                    &delete.from;
                self.tables(list, true);
                self.tables(delete.using.iter().flatten(), false);
                self.exprs(&delete.selection);
                self.returning(delete.returning.as_deref());
            }
            Statement::Merge(merge) => {
                self.factor(&merge.table, true);
                self.factor(&merge.source, false);
                self.expr(&merge.on);
                let alias = factor_alias(&merge.table);
                for clause in &merge.clauses {
                    self.partially(|reader| reader.merge_clause(clause, alias.as_ref()));
                }
            }
            // Statements that name nothing that schemagen orders or checks.
            _ => {}
        }
    }

    fn merge_clause(&mut self, clause: &ast::MergeClause, alias: Option<&SmolStr>) {
        self.exprs(&clause.predicate);
        match &clause.action {
            MergeAction::Insert(insert) => {
                for column in &insert.columns {
                    self.target(alias, column);
                }
                if let MergeInsertKind::Values(values) = &insert.kind {
                    self.exprs(values.rows.iter().flat_map(|row| &row.content));
                }
            }
            MergeAction::Update(update) => {
                if let MergeUpdateKind::Set(list) = &update.kind {
                    for set in list {
                        self.assigned(alias, &set.target);
                        self.expr(&set.value);
                    }
                }
            }
            MergeAction::Delete { .. } | MergeAction::DoNothing { .. } => {}
        }
    }

    fn insert(&mut self, insert: &ast::Insert) {
        let TableObject::TableName(name) = &insert.table else { return };
        self.named_relation(name, true);
        if let Some(source) = &insert.source {
            self.outside(|reader| reader.inner_query(source));
        }
        let mut parts = object_parts(name);
        let (own, schema) = (parts.pop().unwrap_or_default(), parts.pop());
        let alias = insert.table_alias.as_ref().map_or_else(|| own.clone(), |a| folded(&a.alias));
        for alias in [alias.clone(), SmolStr::new_static("excluded")] {
            let kind = SourceKind::Relation { schema: schema.clone(), name: own.clone() };
            self.source(Source { alias: Some(alias), renamed: Vec::new(), kind });
        }
        let alias = Some(alias);
        for column in &insert.columns {
            self.target(alias.as_ref(), column);
        }
        self.partially(|reader| {
            if let Some(OnInsert::OnConflict(conflict)) = &insert.on {
                if let Some(ConflictTarget::Columns(columns)) = &conflict.conflict_target {
                    for column in columns {
                        reader.target_ident(alias.as_ref(), column);
                    }
                }
                if let OnConflictAction::DoUpdate(update) = &conflict.action {
                    for set in &update.assignments {
                        reader.assigned(alias.as_ref(), &set.target);
                        reader.expr(&set.value);
                    }
                    reader.exprs(&update.selection);
                }
            }
            reader.returning(insert.returning.as_deref());
        });
    }

    fn returning(&mut self, items: Option<&[ast::SelectItem]>) {
        let items = items.unwrap_or_default();
        self.outputs(outputs(items));
        self.projection(items);
    }
}

/// Where a query's text begins, as far as the parser knows.
pub(super) fn query_start(query: &ast::Query) -> Option<u32> {
    match &query.with {
        Some(with) => bytes(with.with_token.0.span).map(|range| range.start),
        None => body_start(&query.body),
    }
}

fn body_start(body: &SetExpr) -> Option<u32> {
    match body {
        SetExpr::Select(select) => bytes(select.select_token.0.span).map(|range| range.start),
        SetExpr::Query(query) => query_start(query),
        SetExpr::SetOperation { left, .. } => body_start(left),
        SetExpr::Values(values) => values
            .rows
            .first()
            .and_then(|row| bytes(row.opening_token.0.span))
            .map(|range| range.start),
        _ => None,
    }
}

fn constraint(operator: &JoinOperator) -> Option<&JoinConstraint> {
    match operator {
        JoinOperator::Join(on)
        | JoinOperator::Inner(on)
        | JoinOperator::Left(on)
        | JoinOperator::LeftOuter(on)
        | JoinOperator::Right(on)
        | JoinOperator::RightOuter(on)
        | JoinOperator::FullOuter(on)
        | JoinOperator::CrossJoin(on) => Some(on),
        _ => None,
    }
}

/// What a query makes of its rows. PostgreSQL's rule for views that can be written through
/// (`view_query_is_auto_updatable`).
fn form(query: &ast::Query, refs: &Refs) -> QueryForm {
    let SetExpr::Select(select) = &*query.body else { return QueryForm::Combined };
    let gathers = |call: &CallRef| {
        let known = builtins::function(&call.name);
        let said = known.is_some_and(|it| it.aggregate || it.window || it.set_returning);
        !call.nested && !call.from && (call.aggregate || call.window || said)
    };
    let is_derived = query.with.is_some()
        || query.limit_clause.is_some()
        || query.fetch.is_some()
        || select.distinct.is_some()
        || select.having.is_some()
        || !matches!(&select.group_by, GroupByExpr::Expressions(list, _) if list.is_empty())
        || refs.calls.iter().any(gathers);
    if is_derived { QueryForm::Derived } else { QueryForm::Rows }
}

fn cte_names(query: &ast::Query) -> Vec<SmolStr> {
    query.with.iter().flat_map(|with| &with.cte_tables).map(|cte| folded(&cte.alias.name)).collect()
}

fn first_select(body: &SetExpr) -> Option<&Select> {
    match body {
        SetExpr::Select(select) => Some(select),
        SetExpr::Query(query) => first_select(&query.body),
        SetExpr::SetOperation { left, .. } => first_select(left),
        _ => None,
    }
}

pub(super) fn select_item(item: &ast::SelectItem) -> SelectItem {
    match item {
        ast::SelectItem::UnnamedExpr(expr) => {
            SelectItem { name: implied_name(expr), source: source(expr) }
        }
        ast::SelectItem::ExprWithAlias { expr, alias } => {
            SelectItem { name: Some(folded(alias)), source: source(expr) }
        }
        ast::SelectItem::QualifiedWildcard(
            SelectItemQualifiedWildcardKind::ObjectName(name),
            _,
        ) => {
            let qualifier = Some(SmolStr::from(object_parts(name).join(".")));
            SelectItem { name: None, source: ItemSource::Wildcard { qualifier } }
        }
        ast::SelectItem::Wildcard(_) => {
            SelectItem { name: None, source: ItemSource::Wildcard { qualifier: None } }
        }
        ast::SelectItem::ExprWithAliases { .. } | ast::SelectItem::QualifiedWildcard(..) => {
            SelectItem { name: None, source: ItemSource::Other }
        }
    }
}

fn source(expr: &ast::Expr) -> ItemSource {
    match expr {
        ast::Expr::Nested(inner) => source(inner),
        ast::Expr::Identifier(name) => ItemSource::Column { qualifier: None, name: folded(name) },
        ast::Expr::CompoundIdentifier(parts) => {
            let names: Vec<SmolStr> = parts.iter().map(folded).collect();
            match names.split_last() {
                Some((name, before)) => ItemSource::Column {
                    qualifier: (!before.is_empty()).then(|| SmolStr::from(before.join("."))),
                    name: name.clone(),
                },
                None => ItemSource::Other,
            }
        }
        ast::Expr::Cast { data_type, .. } => {
            ItemSource::Cast { ty: SmolStr::from(data_type.to_string()) }
        }
        ast::Expr::Function(function) => {
            let parts = object_parts(&function.name);
            let parts = parts.strip_prefix(&[SmolStr::new("pg_catalog")]).unwrap_or(&parts);
            ItemSource::Call { name: SmolStr::from(parts.join(".")) }
        }
        _ => ItemSource::Other,
    }
}

/// The name that PostgreSQL gives a column without `AS`; none for its `?column?`.
fn implied_name(expr: &ast::Expr) -> Option<SmolStr> {
    match expr {
        ast::Expr::Nested(inner) | ast::Expr::Collate { expr: inner, .. } => implied_name(inner),
        ast::Expr::Identifier(name) => Some(folded(name)),
        ast::Expr::CompoundIdentifier(parts) => parts.last().map(folded),
        ast::Expr::Function(function) => object_parts(&function.name).pop(),
        ast::Expr::Cast { expr, data_type, .. } => implied_name(expr).or_else(|| {
            let ty = crate::sql::types::parse_type(&data_type.to_string()).ok()?;
            let base = crate::sql::types::resolve_base(&ty).ok()?;
            Some(base.map_or(ty.name, |ty| crate::sql::types::catalog_name(ty.base).into()))
        }),
        ast::Expr::Case { else_result, .. } => {
            let named = else_result.as_deref().and_then(implied_name);
            Some(named.unwrap_or_else(|| SmolStr::new_static("case")))
        }
        ast::Expr::Exists { .. } => Some(SmolStr::new_static("exists")),
        ast::Expr::Array(_) => Some(SmolStr::new_static("array")),
        ast::Expr::Extract { .. } => Some(SmolStr::new_static("extract")),
        ast::Expr::Subquery(query) => {
            let item = first_select(&query.body)?.projection.first()?;
            select_item(item).name
        }
        _ => None,
    }
}

/// The items of one element of `FROM`, in order.
fn from_items(table: &TableWithJoins, ctes: &[SmolStr]) -> Vec<FromItem> {
    let mut items = factor_items(&table.relation, ctes);
    for join in &table.joins {
        let mut joined = factor_items(&join.relation, ctes);
        let (left, right) = match &join.join_operator {
            JoinOperator::Left(_) | JoinOperator::LeftOuter(_) => (false, true),
            JoinOperator::Right(_) | JoinOperator::RightOuter(_) => (true, false),
            JoinOperator::FullOuter(_) => (true, true),
            _ => (false, false),
        };
        for item in &mut items {
            item.nullable_side |= left;
        }
        for item in &mut joined {
            item.nullable_side |= right;
        }
        items.append(&mut joined);
    }
    items
}

fn factor_items(factor: &TableFactor, ctes: &[SmolStr]) -> Vec<FromItem> {
    let named = |alias: Option<&TableAlias>, relation: Option<(Option<SmolStr>, SmolStr)>| {
        let own = relation.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
        let alias = alias.map_or(own, |alias| folded(&alias.name));
        vec![FromItem { alias, relation, nullable_side: false }]
    };
    match factor {
        TableFactor::Table { name, alias, args, .. } => {
            let mut parts = object_parts(name);
            let Some(last) = parts.pop() else { return Vec::new() };
            let schema = parts.pop();
            let cte = schema.is_none() && ctes.contains(&last);
            if cte || args.is_some() {
                let mut items = named(alias.as_ref(), None);
                if let (Some(item), None) = (items.first_mut(), alias) {
                    item.alias = last;
                }
                items
            } else {
                named(alias.as_ref(), Some((schema, last)))
            }
        }
        TableFactor::NestedJoin { table_with_joins, alias: None } => {
            from_items(table_with_joins, ctes)
        }
        TableFactor::Derived { alias, .. }
        | TableFactor::TableFunction { alias, .. }
        | TableFactor::Function { alias, .. }
        | TableFactor::UNNEST { alias, .. }
        | TableFactor::NestedJoin { alias, .. } => named(alias.as_ref(), None),
        _ => named(None, None),
    }
}
