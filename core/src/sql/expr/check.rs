//! What PostgreSQL would refuse in an expression that it can read.
//!
//! In: an expression, where it stands, what exists there. Out: findings with bytes of the expression's
//! text. Reports only what is certain: where types decide, and we know none, it is silent.

use std::ops::Range;

use smol_str::SmolStr;

use super::Expr;
use super::check_names::{Holder, Misnamed, Visible};
use super::refs::{CallRef, ColumnRef, Refs};
use super::scope::{ColumnLookup, ExprSite, FunctionLookup, Scope, ValueType};
use super::stability::{Unstable, unstable};
use super::tree::{Arithmetic, Literal, Node, Simple};
use crate::diagnostic::{Code, closest};
use crate::sort;
use crate::sql::BaseType;
use crate::sql::builtins::{self, Builtin, Volatility};
use crate::sql::ident::SYSTEM_COLUMNS;
use crate::sql::types::{parse_type, resolve_base};

/// Something wrong in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlFinding {
    /// Which check.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// Bytes of the expression's text.
    pub range: Range<u32>,
    /// What to do.
    pub help: Option<String>,
    /// The extension that is missing.
    pub extension: Option<&'static str>,
}

/// Everything that is certainly wrong in `expr`, in the order of the text.
pub fn check(expr: &Expr, site: ExprSite, scope: &dyn Scope) -> Vec<SqlFinding> {
    let mut checker = Checker::new(Some(site), expr.refs(), scope);
    for column in &expr.refs().columns {
        match column.scope {
            None => checker.column(column, site),
            Some(_) => checker.inner_column(column),
        }
    }
    if !site.subquery() {
        for range in &expr.refs().subqueries {
            let message = format!("{} cannot hold a subquery", site.phrase());
            checker.report(
                Code::SqlSubquery,
                message,
                range,
                Some("put it into a function".into()),
            );
        }
    }
    for call in &expr.refs().calls {
        checker.call(call);
    }
    checker.namesakes(expr.refs());
    checker.conditions(expr.simple());
    if site.immutable() {
        checker.stable(expr.simple(), site);
    }
    if site.boolean() {
        checker.condition(expr.simple(), site.phrase());
    }
    checker.in_order()
}

/// Everything that is certainly wrong with the names in a view's query or a body.
pub fn check_query(refs: &Refs, scope: &dyn Scope) -> Vec<SqlFinding> {
    let mut checker = Checker::new(None, refs, scope);
    for column in &refs.columns {
        checker.inner_column(column);
    }
    for call in &refs.calls {
        checker.call(call);
    }
    for (name, range) in &refs.parameters {
        checker.parameter(name, range);
    }
    checker.namesakes(refs);
    checker.in_order()
}

struct Checker<'a> {
    /// None for a query, where much more may stand.
    site: Option<ExprSite>,
    scope: &'a dyn Scope,
    visible: Visible<'a>,
    findings: Vec<SqlFinding>,
}

impl<'a> Checker<'a> {
    fn new(site: Option<ExprSite>, refs: &'a Refs, scope: &'a dyn Scope) -> Self {
        Self { site, scope, visible: Visible::new(refs, scope), findings: Vec::new() }
    }

    fn report(&mut self, code: Code, message: String, range: &Range<u32>, help: Option<String>) {
        let range = range.clone();
        self.findings.push(SqlFinding { code, message, range, help, extension: None });
    }

    fn in_order(mut self) -> Vec<SqlFinding> {
        sort::by_key(&mut self.findings, |finding| (finding.range.start, finding.code));
        self.findings.dedup();
        self.findings
    }

    fn column(&mut self, column: &ColumnRef, site: ExprSite) {
        let ColumnRef { qualifier, name, range, .. } = column;
        match site {
            ExprSite::Default => {
                let message = format!("a default cannot read the column `{name}`");
                let help = format!("write `'{name}'` if it is text");
                self.report(Code::SqlUnknownColumn, message, range, Some(help));
                return;
            }
            ExprSite::DomainCheck => {
                let message = format!("a domain's check cannot read the column `{name}`");
                let help = "write `VALUE` for the value".to_owned();
                self.report(Code::SqlUnknownColumn, message, range, Some(help));
                return;
            }
            // The whole row.
            ExprSite::TriggerWhen if qualifier.is_none() && matches!(&**name, "old" | "new") => {
                return;
            }
            ExprSite::TriggerWhen if qualifier.is_none() => {
                if self.lookup(column) != ColumnLookup::Unclear {
                    let message = format!("`{name}` may be the old row's or the new row's");
                    let help = format!("write `NEW.{name}` or `OLD.{name}`");
                    self.report(Code::SqlUnknownColumn, message, range, Some(help));
                }
                return;
            }
            ExprSite::TriggerWhen if qualifier.as_deref() == self.scope.relation() => {
                let message = format!("a trigger's condition does not know `{}`", {
                    qualifier.as_deref().unwrap_or_default()
                });
                let help = format!("write `NEW.{name}` or `OLD.{name}`");
                self.report(Code::SqlUnknownColumn, message, range, Some(help));
                return;
            }
            _ => {}
        }
        match self.lookup(column) {
            ColumnLookup::Known { generated: true, .. } if site == ExprSite::Generated => {
                let message = format!("`{name}` is generated itself");
                let help = "repeat its expression here".to_owned();
                self.report(Code::SqlGeneratedReference, message, range, Some(help));
            }
            ColumnLookup::Known { .. } | ColumnLookup::Unclear => {}
            ColumnLookup::Unknown => {
                let message = match (qualifier, self.scope.relation()) {
                    (Some(qualifier), _) => format!("there is no column `{name}` in `{qualifier}`"),
                    (None, Some(table)) => format!("`{table}` has no column `{name}`"),
                    (None, None) => format!("there is no column `{name}`"),
                };
                let help = self.column_help(column);
                self.report(Code::SqlUnknownColumn, message, range, help);
            }
        }
    }

    /// A column inside a query.
    fn inner_column(&mut self, column: &ColumnRef) {
        let Some(misnamed) = self.visible.misnamed(column) else { return };
        let ColumnRef { qualifier, name, range, .. } = column;
        let (code, message, help) = match misnamed {
            Misnamed::Nowhere { candidates } => {
                let message = match self.scope.relation() {
                    Some(table) => {
                        format!("neither this query's FROM nor `{table}` has a column `{name}`")
                    }
                    None if column.scope.is_none() => format!("there is no column `{name}` here"),
                    None => format!("nothing in this query's FROM has a column `{name}`"),
                };
                let help = word_help(column, &candidates);
                let help = help
                    .or_else(|| Some("correct the name, or add the column to its table".into()));
                (Code::SqlUnknownColumn, message, help)
            }
            Misnamed::NotIn { source, candidates } => {
                let message = format!("`{source}` has no column `{name}`");
                (Code::SqlUnknownColumn, message, word_help(column, &candidates))
            }
            Misnamed::NoSource { candidates, instead } => {
                let qualifier = qualifier.as_deref().unwrap_or_default();
                let message = format!("nothing in this query's FROM is called `{qualifier}`");
                let help = match (instead, closest(qualifier, candidates)) {
                    (Some(alias), _) => {
                        Some(format!("write `{alias}.{name}`: it is called so here"))
                    }
                    (None, Some(near)) => Some(format!("did you mean `{near}`?")),
                    (None, None) => Some("add it to the FROM, or correct the name".to_owned()),
                };
                (Code::SqlUnknownColumn, message, help)
            }
            Misnamed::Ambiguous { first, second } => {
                let message = format!("both `{first}` and `{second}` have a column `{name}`");
                let help = format!("write `{first}.{name}` or `{second}.{name}`");
                (Code::SqlAmbiguousColumn, message, Some(help))
            }
        };
        self.report(code, message, range, help);
    }

    fn parameter(&mut self, name: &str, range: &Range<u32>) {
        let Some(number) = name.strip_prefix('$').and_then(|digits| digits.parse::<usize>().ok())
        else {
            return;
        };
        let count = self.scope.parameters();
        if number == 0 || number > count {
            let are = if count == 1 { "is" } else { "are" };
            let message = format!("`{name}` stands for nothing: there {are} {}", arguments(count));
            self.report(Code::SqlSyntax, message, range, None);
        }
    }

    fn lookup(&self, column: &ColumnRef) -> ColumnLookup {
        let name = column.name.as_str();
        let qualifier = match column.qualifier.as_deref() {
            Some("old" | "new") if self.site == Some(ExprSite::TriggerWhen) => None,
            qualifier => qualifier,
        };
        let whole_row = name == "*" || (qualifier.is_none() && self.scope.relation() == Some(name));
        if whole_row || SYSTEM_COLUMNS.contains(&name) {
            return ColumnLookup::Unclear;
        }
        self.scope.column(qualifier, name)
    }

    /// Columns that are compared with themselves: `m.org_id = org_id`, where the bare name was meant for
    /// a query further out, and the nearest one has it too.
    fn namesakes(&mut self, refs: &Refs) {
        for (left, right) in &refs.namesakes {
            let column =
                |range: &Range<u32>| refs.columns.iter().find(|column| column.range == *range);
            let (Some(left), Some(right)) = (column(left), column(right)) else { continue };
            let holder = self.visible.holder(left);
            if holder.is_none() || holder != self.visible.holder(right) {
                continue;
            }
            let name = &left.name;
            let range = left.range.start..right.range.end;
            let outer = self.scope.relation().filter(|outer| {
                holder != Some(Holder::Outside)
                    && matches!(self.scope.column(Some(outer), name), ColumnLookup::Known { .. })
            });
            let help = match outer {
                Some(outer) => format!("write `{outer}.{name}` for the column of `{outer}`"),
                None => "say of which table each is".to_owned(),
            };
            let message = format!("this compares `{name}` with itself");
            self.report(Code::SqlSelfComparison, message, &range, Some(help));
        }
    }

    fn column_help(&self, column: &ColumnRef) -> Option<String> {
        let name = column.name.as_str();
        let names = self.scope.column_names();
        if names.contains(&name) {
            return None; // its qualifier is what is wrong
        }
        word_help(column, &names).or_else(|| {
            let help = || format!("write `'{name}'` if it is text: double quotes are for names");
            column.quoted.then(help)
        })
    }

    fn call(&mut self, call: &CallRef) {
        let facts = self.facts(call);
        let name = &call.name;
        // `from unnest(a, b)` takes as many arrays as it is given (7.2.1.4, "Table Functions").
        let takes_many = call.from && name == "unnest" && call.args > 0;
        match facts {
            Facts::Unknown => {
                let full = shown(call);
                let help = closest(name, self.function_names(call)).map(|near| {
                    let schema = call.schema.as_ref().map(|schema| format!("{schema}."));
                    format!("did you mean `{}{near}`?", schema.unwrap_or_default())
                });
                let message = format!("there is no function `{full}`");
                self.report(Code::SqlUnknownFunction, message, &call.range, help);
                return;
            }
            Facts::Builtin(builtin)
                if !call.special && !call.aggregate && !takes_many && !builtin.takes(call.args) =>
            {
                let message = format!("`{name}` does not take {}", arguments(call.args));
                let help = match (builtin.min_args, builtin.max_args) {
                    (least, Some(most)) if least == most => format!("it takes {least}"),
                    (least, Some(most)) => format!("it takes {least} to {most}"),
                    (least, None) => format!("it takes {least} or more"),
                };
                self.report(Code::SqlUnknownFunction, message, &call.range, Some(help));
            }
            _ => {}
        }
        let target = self.scope.target_version();
        if let Facts::Builtin(builtin) = facts
            && let Some(since) = builtin.since.filter(|since| target < *since)
        {
            let message = format!("`{name}` needs PostgreSQL {since}; the target is {target}");
            let help = "use another function, or set `targetVersion` if your server has it";
            self.report(Code::NeedsVersion, message, &call.range, Some(help.to_owned()));
        }
        if let Facts::Builtin(Builtin { extension: Some(extension), .. }) = facts
            && builtins::surely_missing(extension, self.scope.extensions())
        {
            self.findings.push(SqlFinding {
                code: Code::MissingExtension,
                message: format!("`{name}` needs the extension `{extension}`"),
                range: call.range.clone(),
                help: Some(format!("add `{extension}` to `extensions`")),
                extension: Some(extension),
            });
        }
        if let Facts::Builtin(builtin) = facts
            && (call.nested || self.site.is_none())
            && let Some((problem, help)) = misused(call, builtin)
        {
            let message = format!("`{name}` is {problem}");
            self.report(Code::SqlAggregate, message, &call.range, Some(help.to_owned()));
        }
        let Some(site) = self.site else { return };
        let aggregate = call.aggregate || matches!(facts, Facts::Builtin(b) if b.aggregate);
        let window = call.window || matches!(facts, Facts::Builtin(b) if b.window);
        if !call.nested && (aggregate || window) {
            let kind = if window { "a window function" } else { "an aggregate" };
            let message = format!("`{name}` is {kind}, which {} cannot hold", site.phrase());
            self.report(Code::SqlAggregate, message, &call.range, None);
        } else if !call.nested && !call.from && facts.set_returning() {
            let message =
                format!("`{name}` gives many rows, where {} needs one value", site.phrase());
            self.report(Code::SqlSetReturning, message, &call.range, None);
        }
        if site.immutable() && facts.volatility().is_some_and(|much| much > Volatility::Immutable) {
            let message = format!("`{name}` does not always give the same result, and {} must", {
                site.phrase()
            });
            self.report(Code::SqlVolatile, message, &call.range, None);
        }
    }

    fn facts(&self, call: &CallRef) -> Facts {
        let schema = match call.schema.as_deref() {
            Some("pg_catalog") => {
                return builtins::function(&call.name).map_or(Facts::Unclear, Facts::Builtin);
            }
            schema => schema,
        };
        let builtin = if schema.is_none() { builtins::function(&call.name) } else { None };
        if let Some(builtin) = builtin {
            // The arguments' types decide which of the two is meant.
            let is_users = self.scope.has_function(schema, &call.name);
            return if is_users { Facts::Unclear } else { Facts::Builtin(builtin) };
        }
        match self.scope.function(schema, &call.name) {
            FunctionLookup::Known { volatility, returns_boolean, set_returning } => {
                Facts::User { volatility, returns_boolean, set_returning }
            }
            FunctionLookup::Unknown if !call.special => {
                let surely = schema.is_some()
                    || builtins::surely_unknown(&call.name, self.scope.extensions());
                // `name(row)` reads a column too.
                let column = call.args == 1
                    && (self.scope.column(None, &call.name) != ColumnLookup::Unknown
                        || self.visible.anywhere(&call.name));
                if surely && !column { Facts::Unknown } else { Facts::Unclear }
            }
            FunctionLookup::Unknown | FunctionLookup::Unclear => Facts::Unclear,
        }
    }

    fn function_names(&self, call: &CallRef) -> Vec<&str> {
        let mut names = self.scope.function_names(call.schema.as_deref());
        if call.schema.is_none() {
            names.extend(builtins::function_names().map(|name| -> &str { name }));
        }
        names
    }

    /// Operations that are not immutable for the types of their operands.
    fn stable(&mut self, node: &Node, site: ExprSite) {
        if let Some(Unstable { reason, help }) = unstable(node, self.scope) {
            let message = format!("this depends on {reason}, which {} must not", site.phrase());
            self.report(Code::SqlVolatile, message, &node.range, help.map(str::to_owned));
        }
        for part in node.parts() {
            self.stable(part, site);
        }
    }

    /// The operands of `AND`, `OR` and `NOT` and the conditions of `CASE`, wherever they stand.
    fn conditions(&mut self, node: &Node) {
        match &node.kind {
            Simple::And(parts) => self.each_condition(parts, "`AND`"),
            Simple::Or(parts) => self.each_condition(parts, "`OR`"),
            Simple::Not(part) => self.condition(part, "`NOT`"),
            Simple::IsTruth { expr, .. } => self.condition(expr, "this test"),
            Simple::Case { branches, .. } => {
                self.each_condition(branches.iter().map(|(condition, _)| condition), "`WHEN`");
            }
            _ => {}
        }
        for part in node.parts() {
            self.conditions(part);
        }
    }

    fn each_condition<'n>(&mut self, nodes: impl IntoIterator<Item = &'n Node>, needer: &str) {
        for node in nodes {
            self.condition(node, needer);
        }
    }

    fn condition(&mut self, node: &Node, needer: &str) {
        if self.boolean(node) == Some(false) {
            let found = self.type_of(node);
            let found = found.map_or_else(|| "neither".to_owned(), |ty| format!("of type `{ty}`"));
            let message = format!("{needer} must be true or false, and this is {found}");
            let help = match &node.kind {
                Simple::Column { name, .. } => Some(format!("compare it: `{name} = …`")),
                _ => None,
            };
            self.report(Code::SqlNotBoolean, message, &node.range, help);
        }
    }

    /// The type of `node` as SQL names it, where it is certain.
    fn type_of(&self, node: &Node) -> Option<SmolStr> {
        match &node.kind {
            Simple::Column { qualifier, name } => {
                match self.scope.column_type(qualifier.as_deref(), name)? {
                    ValueType::Base(base) => Some(base.as_str().into()),
                    ValueType::Enum => None,
                }
            }
            Simple::Cast { ty, .. } => Some(ty.clone()),
            Simple::Arith { op: Arithmetic::Concat, left, .. } => {
                let text = matches!(left.kind, Simple::Literal(Literal::String(_)));
                text.then(|| "text".into())
            }
            Simple::Call { name, args } => match self.call_facts(name, args) {
                Facts::Builtin(builtin) => {
                    let ty = parse_type(builtin.returns?).ok()?;
                    Some(resolve_base(&ty).ok()??.base.as_str().into())
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether `node` is a boolean, where that is certain.
    fn boolean(&self, node: &Node) -> Option<bool> {
        match &node.kind {
            Simple::Column { qualifier, name } => {
                let column = ColumnRef {
                    qualifier: qualifier.clone(),
                    name: name.clone(),
                    range: node.range.clone(),
                    scope: None,
                    partial: false,
                    result: None,
                    quoted: false,
                };
                match self.lookup(&column) {
                    ColumnLookup::Known { boolean, .. } => boolean,
                    ColumnLookup::Unknown | ColumnLookup::Unclear => None,
                }
            }
            Simple::Cast { ty, .. } => is_boolean(ty),
            Simple::Typed(ty) => Some(*ty == "boolean"),
            Simple::Literal(Literal::Number(_))
            | Simple::Neg(_)
            | Simple::Arith { .. }
            | Simple::Array(_) => Some(false),
            Simple::Literal(Literal::Bool(_))
            | Simple::Compare { .. }
            | Simple::Distinct { .. }
            | Simple::Between { .. }
            | Simple::In { .. }
            | Simple::AnyArray { .. }
            | Simple::Like { .. }
            | Simple::Regex { .. }
            | Simple::IsNull { .. }
            | Simple::IsTruth { .. }
            | Simple::And(_)
            | Simple::Or(_)
            | Simple::Not(_) => Some(true),
            Simple::Call { name, args } => self.call_boolean(name, args),
            Simple::Case { branches, otherwise } => {
                let results = branches.iter().map(|(_, result)| result);
                self.any_boolean(results.chain(otherwise.as_deref()))
            }
            // A string takes the type that is needed: `'t'`.
            Simple::Literal(Literal::String(_) | Literal::Null)
            | Simple::Value
            | Simple::Special { .. }
            | Simple::Member(_)
            | Simple::Query(_)
            | Simple::Other => None,
        }
    }

    fn call_boolean(&self, name: &SmolStr, args: &[Node]) -> Option<bool> {
        match (name.as_str(), args) {
            ("coalesce" | "greatest" | "least", _) => return self.any_boolean(args),
            ("nullif", [value, ..]) => return self.boolean(value),
            _ => {}
        }
        match self.call_facts(name, args) {
            Facts::Builtin(builtin) => builtin.returns_boolean,
            Facts::User { returns_boolean, .. } => returns_boolean,
            Facts::Unknown | Facts::Unclear => None,
        }
    }

    fn call_facts(&self, name: &SmolStr, args: &[Node]) -> Facts {
        let (schema, bare) = match name.split_once('.') {
            Some((schema, bare)) => (Some(SmolStr::new(schema)), bare),
            None => (None, name.as_str()),
        };
        let call = CallRef {
            schema,
            name: bare.into(),
            args: args.len(),
            range: 0..0,
            window: false,
            aggregate: false,
            nested: false,
            from: false,
            special: false,
        };
        self.facts(&call)
    }

    /// All of these have one type, so that the first that is certain speaks for all.
    fn any_boolean<'n>(&self, nodes: impl IntoIterator<Item = &'n Node>) -> Option<bool> {
        nodes.into_iter().find_map(|node| self.boolean(node))
    }
}

/// What is known of the function that a call means.
#[derive(Clone, Copy)]
enum Facts {
    Builtin(builtins::Builtin),
    User { volatility: Option<Volatility>, returns_boolean: Option<bool>, set_returning: bool },
    Unknown,
    Unclear,
}

impl Facts {
    fn volatility(self) -> Option<Volatility> {
        match self {
            Self::Builtin(builtin) => Some(builtin.volatility),
            Self::User { volatility, .. } => volatility,
            Self::Unknown | Self::Unclear => None,
        }
    }

    fn set_returning(self) -> bool {
        match self {
            Self::Builtin(builtin) => builtin.set_returning,
            Self::User { set_returning, .. } => set_returning,
            Self::Unknown | Self::Unclear => false,
        }
    }
}

/// What is wrong with a call in a query that is written as one of another kind of function is, and what to do
/// (4.2.7 "Aggregate Expressions", 4.2.8 "Window Function Calls").
fn misused(call: &CallRef, builtin: Builtin) -> Option<(&'static str, &'static str)> {
    let is_plain = builtin.is_plain() && !call.special;
    if builtin.window && !call.window {
        Some(("a window function, without a window", "add `over (…)`"))
    } else if is_plain && call.aggregate {
        let help = "`*`, `distinct`, `order by`, `filter` and `within group` are for aggregates";
        Some(("no aggregate", help))
    } else if is_plain && call.window {
        Some(("neither an aggregate nor a window function", "remove `over`"))
    } else {
        None
    }
}

fn is_boolean(ty: &str) -> Option<bool> {
    let ty = parse_type(ty).ok()?;
    let base = resolve_base(&ty).ok()??;
    Some(base.base == BaseType::Boolean && ty.dimensions == 0)
}

fn shown(call: &CallRef) -> String {
    match &call.schema {
        Some(schema) => format!("{schema}.{}", call.name),
        None => call.name.to_string(),
    }
}

fn arguments(count: usize) -> String {
    match count {
        0 => "no arguments".to_owned(),
        1 => "one argument".to_owned(),
        _ => format!("{count} arguments"),
    }
}

/// What may have been meant by a column's name.
fn word_help(column: &ColumnRef, names: &[&str]) -> Option<String> {
    let name = column.name.as_str();
    if let Some(cased) = names.iter().find(|known| known.eq_ignore_ascii_case(name)) {
        return Some(if column.quoted {
            format!("write `{cased}`")
        } else {
            format!("write `\"{cased}\"`: without quotes it is read in lower case")
        });
    }
    let near = closest(name, names.iter().copied());
    near.map(|near| format!("did you mean `{near}`?"))
}
