//! From the parser's calls to ours.
//!
//! In: sqlparser's calls, SQL's own forms such as `EXTRACT(year FROM x)` among them. Out: nodes, and the
//! [`CallRef`]s on the way.

use std::ops::Range;

use smol_str::{SmolStr, format_smolstr};
use sqlparser::ast::{
    self, BinaryOperator, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArguments, OrderByExpr, WindowSpec, WindowType,
};

use super::read::{Reader, folded, name_range, object_parts};
use super::refs::CallRef;
use super::tree::{Node, Simple};

impl Reader<'_> {
    pub(super) fn special_of<'e>(
        &mut self,
        name: &str,
        args: impl IntoIterator<Item = Option<&'e ast::Expr>>,
    ) -> Node {
        let args = self.exprs(args.into_iter().flatten());
        self.special(name, args)
    }

    /// A call in SQL's own syntax.
    pub(super) fn special(&mut self, name: &str, args: Vec<Node>) -> Node {
        let range = self.cover(&args.iter().collect::<Vec<_>>());
        self.call(None, name.into(), args.len(), range.clone(), |call| call.special = true);
        Node { kind: Simple::Call { name: name.into(), args }, range }
    }

    pub(super) fn call(
        &mut self,
        schema: Option<SmolStr>,
        name: SmolStr,
        args: usize,
        range: Range<u32>,
        adjust: impl FnOnce(&mut CallRef),
    ) {
        let mut call = CallRef {
            schema,
            name,
            args,
            range,
            window: false,
            aggregate: false,
            nested: self.queries > 0,
            from: false,
            special: false,
        };
        adjust(&mut call);
        self.refs.calls.push(call);
    }

    /// A call; `from`: it stands in `FROM`.
    pub(super) fn function(&mut self, function: &Function, from: bool) -> Node {
        let names = object_parts(&function.name);
        let at = name_range(&function.name).unwrap_or_else(|| self.cover(&[]));
        let Some((name, before)) = names.split_last() else { return self.other(&[]) };
        let schema = before.last().cloned();
        let mut aggregate = function.filter.is_some() || !function.within_group.is_empty();
        let mut plain = function.filter.is_none()
            && function.over.is_none()
            && function.within_group.is_empty();
        // The call comes before what is in its arguments, as in the text.
        let place = self.refs.calls.len();
        let special = schema.is_none() && SPECIAL.binary_search(&name.as_str()).is_ok();
        self.call(schema.clone(), name.clone(), 0, at.clone(), |call| {
            call.window = function.over.is_some();
            call.from = from;
            call.special = special || matches!(function.args, FunctionArguments::None);
        });
        let mut args = Vec::new();
        match &function.args {
            FunctionArguments::None => {}
            FunctionArguments::Subquery(query) => {
                self.subquery(query);
                plain = false;
            }
            FunctionArguments::List(list) => {
                aggregate |= list.duplicate_treatment.is_some();
                plain &= list.duplicate_treatment.is_none() && list.clauses.is_empty();
                for arg in &list.args {
                    let (value, by_name) = match arg {
                        FunctionArg::Named { arg, .. } | FunctionArg::ExprNamed { arg, .. } => {
                            (arg, true)
                        }
                        FunctionArg::Unnamed(arg) => (arg, false),
                    };
                    plain &= !by_name;
                    match value {
                        // `name := value`, which the parser takes for an operator.
                        FunctionArgExpr::Expr(ast::Expr::BinaryOp {
                            op: BinaryOperator::Assignment,
                            right,
                            ..
                        }) => {
                            args.push(self.expr(right));
                            plain = false;
                        }
                        FunctionArgExpr::Expr(expr) if special && is_form(name, expr) => {}
                        FunctionArgExpr::Expr(expr) => args.push(self.expr(expr)),
                        FunctionArgExpr::QualifiedWildcard(name) => {
                            self.wildcard(name);
                            plain = false;
                        }
                        FunctionArgExpr::Wildcard | FunctionArgExpr::WildcardWithOptions(_) => {
                            aggregate = true;
                            plain = false;
                        }
                    }
                }
                for clause in &list.clauses {
                    match clause {
                        FunctionArgumentClause::OrderBy(order) => {
                            aggregate = true;
                            self.order_by(order);
                        }
                        FunctionArgumentClause::Where(expr)
                        | FunctionArgumentClause::Limit(expr) => {
                            self.expr(expr);
                        }
                        _ => {}
                    }
                }
            }
        }
        self.order_by(&function.within_group);
        if let Some(filter) = &function.filter {
            self.expr(filter);
        }
        match &function.over {
            Some(WindowType::WindowSpec(spec)) => self.window(spec),
            Some(WindowType::NamedWindow(_)) | None => {}
        }
        if let Some(call) = self.refs.calls.get_mut(place) {
            call.args = args.len();
            call.aggregate = aggregate;
        }
        let end = match function.args {
            FunctionArguments::None => at.end,
            _ => self.tokens.brackets.after(at.end).map_or(at.end, |pair| pair.end),
        };
        let name = match schema.as_deref() {
            None | Some("pg_catalog") => name.clone(),
            Some(schema) => format_smolstr!("{schema}.{name}"),
        };
        let kind = if plain { Simple::Call { name, args } } else { Simple::Other };
        Node { kind, range: at.start..end }
    }

    pub(super) fn window(&mut self, spec: &WindowSpec) {
        self.exprs(&spec.partition_by);
        self.order_by(&spec.order_by);
    }

    pub(super) fn order_by(&mut self, order: &[OrderByExpr]) {
        for term in order {
            self.expr(&term.expr);
        }
    }
}

/// Whether `expr` is the form in `normalize(text, NFC)`, which is no column.
fn is_form(function: &str, expr: &ast::Expr) -> bool {
    function == "normalize"
        && matches!(expr, ast::Expr::Identifier(name) if name.quote_style.is_none()
            && ["nfc", "nfd", "nfkc", "nfkd"].contains(&folded(name).as_str()))
}

/// SQL's own forms that the parser gives as calls; no function bears these names.
const SPECIAL: &[&str] = &[
    "all",
    "any",
    "array",
    "coalesce",
    "current_catalog",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "exists",
    "greatest",
    "grouping",
    "json_array",
    "json_exists",
    "json_object",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_value",
    "least",
    "localtime",
    "localtimestamp",
    "merge_action",
    "normalize",
    "nullif",
    "row",
    "session_user",
    "some",
    "system_user",
    "treat",
    "user",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
];
