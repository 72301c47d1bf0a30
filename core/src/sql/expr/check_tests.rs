//! What is found in expressions, and what is not.

use super::{
    ColumnLookup, ExprCache, ExprSite, FunctionLookup, Reading, Scope, SqlFinding, ValueType, check,
};
use crate::sql::BaseType;
use crate::sql::builtins::Volatility;

/// A table `orders` with the functions of its schema.
struct Orders;

impl Scope for Orders {
    fn column(&self, qualifier: Option<&str>, name: &str) -> ColumnLookup {
        let boolean = match name {
            "id" | "total" | "net" | "createdAt" => Some(false),
            "paid" => Some(true),
            "status" => None,
            _ => return ColumnLookup::Unknown,
        };
        match qualifier {
            None | Some("orders" | "public.orders") => {
                ColumnLookup::Known { boolean, generated: name == "net" }
            }
            Some(_) => ColumnLookup::Unknown,
        }
    }

    fn column_type(&self, _: Option<&str>, name: &str) -> Option<ValueType> {
        Some(match name {
            "id" | "total" | "net" => ValueType::Base(BaseType::Integer),
            "createdAt" => ValueType::Base(BaseType::TimestampTz),
            "paid" => ValueType::Base(BaseType::Boolean),
            _ => return None,
        })
    }

    fn column_names(&self) -> Vec<&str> {
        vec!["id", "total", "net", "createdAt", "paid", "status"]
    }

    fn relation(&self) -> Option<&str> {
        Some("orders")
    }

    fn function(&self, schema: Option<&str>, name: &str) -> FunctionLookup {
        let known = |volatility, returns_boolean, set_returning| FunctionLookup::Known {
            volatility: Some(volatility),
            returns_boolean: Some(returns_boolean),
            set_returning,
        };
        match (schema, name) {
            (None | Some("public"), "is_admin") => known(Volatility::Stable, true, false),
            (None | Some("public"), "tax") => known(Volatility::Immutable, false, false),
            (None | Some("public"), "members") => known(Volatility::Stable, false, true),
            (None | Some("public"), _) => FunctionLookup::Unknown,
            _ => FunctionLookup::Unclear,
        }
    }

    fn function_names(&self, _: Option<&str>) -> Vec<&str> {
        vec!["is_admin", "tax", "members"]
    }

    fn extensions(&self) -> Vec<&str> {
        vec!["pgcrypto"]
    }

    fn target_version(&self) -> u16 {
        15
    }
}

fn findings(site: ExprSite, text: &str) -> Vec<SqlFinding> {
    let reading = ExprCache::default().expr(&text.into());
    let Reading::Parsed(expr) = reading else { panic!("{text}: {reading:?}") };
    check(&expr, site, &Orders)
}

/// `code: the text it points at: help`.
fn shown(site: ExprSite, text: &str) -> Vec<String> {
    findings(site, text)
        .into_iter()
        .map(|finding| {
            let at = &text[finding.range.start as usize..finding.range.end as usize];
            format!("{}: {at}: {}", finding.code.as_str(), finding.help.unwrap_or_default())
        })
        .collect()
}

#[test]
fn what_is_wrong_is_found_in_its_place() {
    for (site, text, expected) in [
        (ExprSite::Check, "totl > 0", "sql-unknown-column: totl: did you mean `total`?"),
        (
            ExprSite::Check,
            "createdAt > 0",
            "sql-unknown-column: createdAt: write `\"createdAt\"`: without quotes it is read in lower case",
        ),
        (
            ExprSite::Check,
            "status = \"shipped\"",
            "sql-unknown-column: \"shipped\": write `'shipped'` if it is text: double quotes are for names",
        ),
        (ExprSite::Check, "users.total > 0", "sql-unknown-column: users.total: "),
        (ExprSite::Check, "total", "sql-not-boolean: total: compare it: `total = …`"),
        (ExprSite::Check, "total + 1", "sql-not-boolean: total + 1: "),
        (ExprSite::Check, "paid and total", "sql-not-boolean: total: compare it: `total = …`"),
        (ExprSite::Check, "char_length(status)", "sql-not-boolean: char_length(status): "),
        (ExprSite::Check, "lower(status)", "sql-not-boolean: lower(status): "),
        (ExprSite::Using, "upper(status)", "sql-not-boolean: upper(status): "),
        (ExprSite::IndexWhere, "nullif(total, 1)", "sql-not-boolean: nullif(total, 1): "),
        (
            ExprSite::TriggerWhen,
            "greatest(new.total, 1)",
            "sql-not-boolean: greatest(new.total, 1): ",
        ),
        (ExprSite::Check, "'a' || status", "sql-not-boolean: 'a' || status: "),
        (ExprSite::Check, "tax(total)", "sql-not-boolean: tax(total): "),
        (ExprSite::Check, "coalesce(total, 0)", "sql-not-boolean: coalesce(total, 0): "),
        (ExprSite::Check, "not total::text", "sql-not-boolean: total::text: "),
        (
            ExprSite::Generated,
            "case when total then 1 end",
            "sql-not-boolean: total: compare it: `total = …`",
        ),
        (
            ExprSite::Default,
            "total * 2",
            "sql-unknown-column: total: write `'total'` if it is text",
        ),
        (
            ExprSite::Check,
            "total < (select 100)",
            "sql-subquery: (select 100): put it into a function",
        ),
        (ExprSite::Using, "sum(total) > 0", "sql-aggregate: sum: "),
        (ExprSite::Check, "count(*) > 0", "sql-aggregate: count: "),
        (ExprSite::Check, "rank() over () > 0", "sql-aggregate: rank: "),
        (ExprSite::Check, "generate_series(1, 2) > 0", "sql-set-returning: generate_series: "),
        (ExprSite::Using, "members() = 1", "sql-set-returning: members: "),
        (ExprSite::Generated, "total + random()", "sql-volatile: random: "),
        (ExprSite::IndexWhere, "\"createdAt\" > now()", "sql-volatile: now: "),
        (
            ExprSite::IndexKey,
            "\"createdAt\"::date",
            "sql-volatile: \"createdAt\"::date: say the zone: `(column at time zone 'utc')`",
        ),
        (
            ExprSite::IndexKey,
            "date_trunc('day', \"createdAt\")",
            "sql-volatile: date_trunc('day', \"createdAt\"): say the zone: `(column at time zone 'utc')`",
        ),
        (
            ExprSite::Generated,
            "to_tsvector(status)",
            "sql-volatile: to_tsvector(status): name the configuration first: `'english'`",
        ),
        (
            ExprSite::Generated,
            "'N' || \"createdAt\"",
            "sql-volatile: 'N' || \"createdAt\": say the zone: `(column at time zone 'utc')`",
        ),
        (ExprSite::IndexKey, "current_date", "sql-volatile: current_date: "),
        (ExprSite::IndexWhere, "is_admin()", "sql-volatile: is_admin: "),
        (
            ExprSite::Generated,
            "net * 2",
            "sql-generated-reference: net: repeat its expression here",
        ),
        (ExprSite::Check, "lowr(status) = ''", "sql-unknown-function: lowr: did you mean `lower`?"),
        (ExprSite::Using, "is_admn()", "sql-unknown-function: is_admn: did you mean `is_admin`?"),
        (ExprSite::Using, "public.nothing()", "sql-unknown-function: public.nothing: "),
        (ExprSite::Check, "lower(status, 1) = ''", "sql-unknown-function: lower: it takes 1"),
        (
            ExprSite::TriggerWhen,
            "total > 0",
            "sql-unknown-column: total: write `NEW.total` or `OLD.total`",
        ),
        (
            ExprSite::TriggerWhen,
            "new.totl > 0",
            "sql-unknown-column: new.totl: did you mean `total`?",
        ),
    ] {
        assert_eq!(shown(site, text), [expected], "{text}");
    }
}

#[test]
fn what_may_be_right_is_left_alone() {
    for (site, text) in [
        (ExprSite::Check, "total > 0 and paid and status"),
        (ExprSite::Check, "orders.total > 0 and public.orders.id > 0"),
        (ExprSite::Check, "orders is not null and ctid is not null"),
        (ExprSite::Check, "num_nonnulls(orders.*) > 1"),
        (ExprSite::Check, "'t'"),
        (ExprSite::Check, "null"),
        (ExprSite::Check, "status::mood"),
        (ExprSite::Check, "total::boolean"),
        (ExprSite::Check, "coalesce(status, true)"),
        (ExprSite::Check, "is_admin()"),
        (ExprSite::Check, "now() > \"createdAt\""),
        (ExprSite::Check, "crypt(status, 'x') = ''"),
        (ExprSite::Check, "extensions.anything(1) = 2"),
        (ExprSite::Check, "status similar to 'a'"),
        (ExprSite::Check, "tsrange(null, null) && tsrange(null, null)"),
        (ExprSite::Check, "uuid('x') = status"),
        (ExprSite::Check, "paid(orders)"),
        (ExprSite::Default, "nextval('s'::regclass)"),
        (ExprSite::Default, "gen_random_uuid()"),
        (ExprSite::Default, "current_user"),
        (ExprSite::Default, "timezone('utc', now())"),
        (ExprSite::Default, "array[]::text[]"),
        (ExprSite::Generated, "to_tsvector('english', coalesce(status, ''))"),
        (ExprSite::Generated, "total::text || status"),
        (ExprSite::Generated, "'N' || total"),
        (ExprSite::Generated, "(\"createdAt\" at time zone 'utc')::date"),
        (ExprSite::Generated, "date_trunc('day', status)"),
        (ExprSite::IndexWhere, "\"createdAt\" > '2020-01-01'::timestamptz"),
        (ExprSite::Check, "\"createdAt\"::date > '2020-01-01'"),
        (ExprSite::Using, "exists (select 1 from t where x = y and count(*) > 1)"),
        (ExprSite::Using, "id in (select members())"),
        (ExprSite::Using, "(select auth.uid()) = id"),
        (ExprSite::TriggerWhen, "old.* is distinct from new.*"),
        (ExprSite::TriggerWhen, "new.total > old.total and pg_trigger_depth() = 0"),
    ] {
        assert_eq!(findings(site, text), [], "{text}");
    }
}
