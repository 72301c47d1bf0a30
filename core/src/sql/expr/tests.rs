//! Expressions and queries as people write them.

use super::{ExprCache, ItemSource, Node, Reading, Simple};

fn read(text: &str) -> Reading<super::Expr> {
    ExprCache::default().expr(&text.into())
}

/// The normal form, or what is wrong and where.
fn shown(text: &str) -> String {
    match read(text) {
        Reading::Parsed(expr) => expr.normalized().to_owned(),
        Reading::Unknown { message, offset } => format!("unknown: {message} @{offset}"),
        Reading::Wrong { message, offset, .. } => format!("wrong: {message} @{offset}"),
    }
}

#[test]
fn expressions_in_their_one_spelling() {
    for (text, expected) in [
        ("price >= 0", "(price >= 0)"),
        ("PRICE>=0", "(price >= 0)"),
        ("((price)) >= (0)", "(price >= 0)"),
        ("\"Price\" >= 0", "(\"Price\" >= 0)"),
        ("a AND b and (c AND d)", "(a and b and c and d)"),
        ("a or b and c", "(a or (b and c))"),
        ("not a = b", "(not (a = b))"),
        ("age between 0 and 150", "(age between 0 and 150)"),
        ("age not between -1 and +5", "(age not between (-1) and 5)"),
        ("status in ('a', 'b')", "(status in ('a', 'b'))"),
        (
            "status = ANY (ARRAY['a'::text, 'b'::character varying])",
            "(status = any (array['a'::text, 'b'::varchar]))",
        ),
        ("x = any ((array['a'])::text[])", "(x = any (array['a']))"),
        ("email ~* '^[^@]+@[^@]+$'", "(email ~* '^[^@]+@[^@]+$')"),
        ("name not ilike 'a\\_%' escape '\\'", "(name not ilike 'a\\_%' escape '\\')"),
        ("name ~~ 'a%'", "(name like 'a%')"),
        ("deleted_at IS NULL", "(deleted_at is null)"),
        ("active is not true", "(active is not true)"),
        ("a is distinct from b", "(a is distinct from b)"),
        ("char_length(name) <= 10", "(char_length(name) <= 10)"),
        ("pg_catalog.lower(name)", "lower(name)"),
        ("auth.uid() = user_id", "(auth.uid() = user_id)"),
        ("now()", "now()"),
        ("CURRENT_TIMESTAMP", "current_timestamp()"),
        ("current_date - 1", "(current_date() - 1)"),
        ("'it''s'", "'it''s'"),
        ("E'a\\nb'", "'a\nb'"),
        ("$$x$$", "'x'"),
        ("cast(a as int)", "a::integer"),
        ("'{}'::jsonb", "'{}'::jsonb"),
        ("timestamptz '2020-01-01'", "'2020-01-01'::timestamptz"),
        ("interval '1 day'", "'1 day'::interval"),
        ("extract(year from born) > 1900", "(extract('year', born) > 1900)"),
        ("trim(name) <> ''", "(btrim(name) <> '')"),
        ("substring(code from 1 for 2)", "substring(code, 1, 2)"),
        ("position('@' in email) > 1", "(position('@', email) > 1)"),
        ("a at time zone 'utc'", "timezone('utc', a)"),
        ("a || ' ' || b", "((a || ' ') || b)"),
        ("a + b * c - d", "((a + (b * c)) - d)"),
        ("case kind when 'a' then 1 else 2 end", "case when (kind = 'a') then 1 else 2 end"),
        ("array['a', 'b']", "array['a', 'b']"),
        ("coalesce(a, b, 0)", "coalesce(a, b, 0)"),
        ("new.a is distinct from OLD.a", "(new.a is distinct from old.a)"),
        ("true", "true"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn postgresql_that_has_no_node_is_still_read() {
    for text in [
        "data -> 'a' ->> 'b' = 'c'",
        "data #>> '{a,b}' is not null",
        "data @> '{\"a\": 1}'",
        "data ? 'key'",
        "tags && array['a']",
        "tags @> array['a']::text[]",
        "to_tsvector('english', body) @@ plainto_tsquery('x')",
        "exists (select 1 from members m where m.user_id = auth.uid())",
        "id in (select team_id from members)",
        "(select auth.uid()) = id",
        "name similar to '[a-z]+'",
        "name collate \"C\" < 'b'",
        "(address).city = 'x'",
        "matrix[1][2] = 0",
        "tags[1:2]",
        "a << 2",
        "during && tstzrange(now(), null)",
        "location <-> point '(0,0)' < 5",
        "count(*) filter (where a > 0) > 1",
        "row_number() over (partition by a order by b)",
        "string_agg(a, ',' order by b)",
        "make_interval(days => 3)",
        "row(a, b) = row(1, 2)",
        "(a, b) = (1, 2)",
        "(starts_at, ends_at) overlaps (now(), now())",
        "array(select 1)",
        "b'101' = bits",
        "num_nonnulls(a, b) = 1",
        "a operator(pg_catalog.=) b",
        "jsonb_path_exists(data, '$.a ? (@ > 1)')",
        "1 = all (select 1)",
        "date_trunc('day', created_at)::date",
        "x is json object",
        "(t.*) is not null",
    ] {
        assert!(matches!(read(text), Reading::Parsed(_)), "{text}: {}", shown(text));
    }
}

#[test]
fn what_is_surely_wrong_and_what_is_only_unknown() {
    for (text, expected) in [
        ("", "wrong: the expression is empty @0"),
        ("  -- nothing\n", "wrong: the expression is empty @0"),
        ("price >= 0 frob 3", "wrong: `frob` cannot follow here @11"),
        ("price >=", "wrong: nothing stands after `>=` @8"),
        ("é >= ", "wrong: nothing stands after `>=` @5"),
        ("a and", "wrong: nothing stands after `AND` @5"),
        (">= 0", "wrong: nothing stands before `>=` @0"),
        ("(a > 0", "wrong: the bracket is never closed @0"),
        ("a > 0)", "wrong: `)` closes nothing @5"),
        ("a[1)", "wrong: `)` stands where `]` must close @3"),
        ("name = 'a", "wrong: the string is never closed @7"),
        ("\"a = 1", "wrong: the quoted name is never closed @0"),
        ("a in (1, )", "wrong: nothing stands after the comma @7"),
        ("f(, 1)", "wrong: nothing stands before the comma @2"),
        ("a == 1", "wrong: `==` is no operator in SQL @2"),
        ("a > 0;", "wrong: a semicolon cannot stand in an expression @5"),
        ("a = $1", "wrong: `$1` stands for nothing: there are no parameters here @4"),
        ("0 < a < 10", "wrong: comparisons cannot follow each other @8"),
        ("a > 0 && b > 0", "wrong: comparisons cannot follow each other @13"),
        ("(a > 0) = (b > 0)", "((a > 0) = (b > 0))"),
        ("(a = b) = c", "((a = b) = c)"),
        ("a 5", "wrong: `5` cannot follow here @2"),
        ("a isnull", "(a is null)"),
        ("a notnull", "(a is not null)"),
        ("trim(both from a) = ''", "(btrim(a, ' ') = '')"),
        ("a and and b", "wrong: `and` cannot follow `AND` @6"),
        ("a > > 1", "wrong: `>` cannot follow `>` @4"),
        ("a = = 1", "wrong: `=` cannot follow `=` @4"),
        ("b >> > 1", "wrong: `>` cannot follow `>>` @5"),
        ("a not and b", "wrong: `and` cannot follow `NOT` @6"),
        ("a > 0b11", "unknown: `b11` was not expected here @5"),
        ("a like all (array['x'])", "(a like all(array['x']))"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn places_are_bytes_of_the_text() {
    let text = "größe > 0 and\n  lower(\"ñ\") = 'x' and a in (1, 2)";
    let Reading::Parsed(expr) = read(text) else { panic!("{}", shown(text)) };
    let at = |range: &std::ops::Range<u32>| &text[range.start as usize..range.end as usize];
    let columns: Vec<_> = expr.refs().columns.iter().map(|column| at(&column.range)).collect();
    assert_eq!(columns, ["größe", "\"ñ\"", "a"]);
    assert_eq!(at(&expr.refs().calls[0].range), "lower");
    let Simple::And(parts) = &expr.simple().kind else { panic!() };
    let parts: Vec<_> = parts.iter().map(|part| at(&part.range)).collect();
    assert_eq!(parts, ["größe > 0", "lower(\"ñ\") = 'x'", "a in (1, 2)"]);
}

#[test]
fn names_in_expressions() {
    let text = "auth.uid() = owner and exists (select max(m.x) from members m join \
                app.teams using (id) where m.a = b) and count(*) > 1";
    let Reading::Parsed(expr) = read(text) else { panic!("{}", shown(text)) };
    let refs = expr.refs();
    let columns: Vec<_> = refs
        .columns
        .iter()
        .map(|c| {
            format!("{}{} {}", c.qualifier.as_deref().unwrap_or(""), c.name, c.scope.is_none())
        })
        .collect();
    assert_eq!(columns, ["owner true", "mx false", "teamsid false", "ma false", "b false"]);
    let calls: Vec<_> = refs
        .calls
        .iter()
        .map(|c| format!("{:?} {} {} {}", c.schema.as_deref(), c.name, c.nested, c.aggregate))
        .collect();
    assert_eq!(
        calls,
        ["Some(\"auth\") uid false false", "None max true false", "None count false true"]
    );
    let relations: Vec<_> =
        refs.relations.iter().map(|r| (r.schema.as_deref(), r.name.as_str())).collect();
    assert_eq!(relations, [(None, "members"), (Some("app"), "teams")]);
    assert_eq!(refs.subqueries.len(), 1);
    let range = &refs.subqueries[0];
    assert!(text[range.start as usize..range.end as usize].starts_with("(select max"));
}

#[test]
fn queries() {
    let text = "with recent as (select * from orders where at > now())
        select u.id, u.email as mail, count(*), r.total::numeric(10,2), lower(u.name), p.*, 1 as one
        from users u
        left join recent r on r.user_id = u.id
        full join app.profiles p using (id)
        group by u.id;";
    let Reading::Parsed(query) = ExprCache::default().query(&text.into()) else { panic!() };
    let relations: Vec<_> = query.refs().relations.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(relations, ["orders", "users", "profiles"]);
    let items: Vec<_> = query
        .select_items()
        .unwrap()
        .iter()
        .map(|item| {
            let source = match &item.source {
                ItemSource::Column { qualifier, name } => format!("{qualifier:?}.{name}"),
                ItemSource::Cast { ty } => format!("::{ty}"),
                ItemSource::Call { name } => format!("{name}()"),
                ItemSource::Wildcard { qualifier } => format!("{qualifier:?}.*"),
                ItemSource::Other => "?".to_owned(),
            };
            format!("{} {source}", item.name.as_deref().unwrap_or("-"))
        })
        .collect();
    assert_eq!(
        items,
        [
            "id Some(\"u\").id",
            "mail Some(\"u\").email",
            "count count()",
            "total ::NUMERIC(10,2)",
            "lower lower()",
            "- Some(\"p\").*",
            "one ?"
        ]
    );
    let from: Vec<_> = query
        .from()
        .iter()
        .map(|item| format!("{} {} {}", item.alias, item.relation.is_some(), item.nullable_side))
        .collect();
    assert_eq!(from, ["u true true", "r false true", "p true true"]);
}

#[test]
fn bodies_in_sql() {
    let text = "insert into audit.log (who) values (auth.uid()); update users set a = f($1) \
                where id = $2 returning id";
    let Reading::Parsed(body) = ExprCache::default().statements(&text.into()) else { panic!() };
    assert_eq!(body.count(), 2);
    let relations: Vec<_> =
        body.refs().relations.iter().map(|r| (r.name.as_str(), r.written)).collect();
    assert_eq!(relations, [("log", true), ("users", true)]);
    assert_eq!(body.refs().calls.len(), 2);
}

#[test]
fn bodies_of_the_standard() {
    for text in [
        "begin atomic\n select count(*) from users;\n update t set a = 1;\nend",
        "return case when true then lower('A') end",
    ] {
        let reading = ExprCache::default().statements(&text.into());
        let Reading::Parsed(body) = reading else { panic!("{reading:?}") };
        assert_eq!(body.refs().calls.len(), 1, "{text}");
    }
}

#[test]
fn value_is_a_column_except_in_a_domain() {
    let mut cache = ExprCache::default();
    let text = "value > 0".into();
    let Reading::Parsed(column) = cache.expr(&text) else { panic!() };
    let Reading::Parsed(domain) = cache.domain_check(&text) else { panic!() };
    let left = |node: &Node| match &node.kind {
        Simple::Compare { left, .. } => left.kind.clone(),
        _ => panic!(),
    };
    assert!(matches!(left(column.simple()), Simple::Column { .. }));
    assert_eq!(left(domain.simple()), Simple::Value);
    assert!(domain.refs().columns.is_empty());
}

#[test]
fn equal_texts_are_read_once() {
    let mut cache = ExprCache::default();
    let (first, second) = (cache.expr(&"a > 0".into()), cache.expr(&"a > 0".into()));
    assert!(std::sync::Arc::ptr_eq(&first.parsed().unwrap(), &second.parsed().unwrap()));
}

#[test]
fn hostile_texts_neither_hang_nor_overflow() {
    let nest = |open: &str, close: &str, times: usize| {
        format!("{}1{}", open.repeat(times), close.repeat(times))
    };
    for text in [
        nest("(", ")", 48),
        nest("(", ")", 100_000),
        nest("((((((a and ", "))))))", 8),
        nest("[", "]", 10_000),
        nest("not ", "", 10_000),
        nest("- ", "", 10_000),
        nest("f(", ")", 45),
        nest("array[", "]", 45),
        nest("case when ", " then 1 end", 45),
        nest("(select ", ")", 45),
        nest("(select * from (", "))", 20),
        nest("exists (", ")", 45),
        nest("interval ", "", 45),
        nest("cast(", " as int)", 45),
        nest("x -> (", ")", 45),
        "a + ".repeat(100_000) + "a",
        "a + ".repeat(900) + "a",
        "a::".repeat(900) + "a",
        "a and b or ".repeat(90_000) + "a",
        "a is null ".repeat(400),
        "select 1 union ".repeat(900) + "select 1",
        "a,".repeat(100_000),
        "'".repeat(9_999),
        "$".repeat(9_999),
        "/*".repeat(9_999),
        "\"".repeat(9_999),
        "é\n".repeat(9_999),
        "\0".to_owned(),
        "\u{feff}a".to_owned(),
    ] {
        let mut cache = ExprCache::default();
        let text = text.into();
        cache.expr(&text);
        cache.query(&text);
        cache.statements(&text);
    }
}
