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
fn spellings_that_mean_the_same() {
    for (text, expected) in [
        ("(a > 0) = (b > 0)", "((a > 0) = (b > 0))"),
        ("(a = b) = c", "((a = b) = c)"),
        ("a isnull", "(a is null)"),
        ("a notnull", "(a is not null)"),
        ("a operator(pg_catalog.=) 1", "(a = 1)"),
        ("trim(both from a) = ''", "(btrim(a) = '')"),
        ("trim(leading 'x' from a)", "ltrim(a, 'x')"),
        ("substring(a for 2)", "substring(a, 1, 2)"),
        ("a > 0b11", "(a > 3)"),
        ("a > 0x1F + 1_000", "(a > (31 + 1000))"),
        ("a at local", "timezone(a)"),
        ("current_time(3)", "current_time(3)"),
        ("numeric(10, 2) '1.5'", "'1.5'::numeric(10,2)"),
        ("j <@ int4range '[1,5)'", "j <@ int4range '[1,5)'"),
        ("a like all (array['x'])", "a like all ( array [ 'x' ] )"),
        ("A BETWEEN SYMMETRIC 2 AND 1", "a between symmetric 2 and 1"),
        ("- a ^ 2 * 3", "(((-a) ^ 2) * 3)"),
        ("not a is null", "(not (a is null))"),
        ("a = b is null", "((a = b) is null)"),
        ("a between 1 and 2 = b", "((a between 1 and 2) = b)"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn what_is_surely_wrong() {
    for (text, expected) in [
        ("", "the expression is empty @0"),
        ("  -- nothing\n", "the expression is empty @12"),
        ("price >= 0 frob 3", "`frob` cannot follow here @11"),
        ("price >=", "nothing stands after `>=` @8"),
        ("é >= ", "nothing stands after `>=` @5"),
        ("a and", "nothing stands after `and` @5"),
        (">= 0", "nothing stands before `>=` @0"),
        ("(a > 0", "the bracket is never closed @0"),
        ("a > 0)", "`)` closes nothing @5"),
        ("a[1)", "`)` stands where `]` must close @3"),
        ("name = 'a", "the string is never closed @7"),
        ("\"a = 1", "the quoted name is never closed @0"),
        ("\"\" = 1", "a name is empty @0"),
        ("a in ()", "`in` needs at least one value @5"),
        ("a in 1", "`in` takes a list or a query in brackets @5"),
        ("a in (1, )", "nothing stands after the comma @7"),
        ("f(, 1)", "nothing stands before the comma @2"),
        ("a > ()", "nothing stands between the brackets @4"),
        ("a == 1", "`==` is no operator in SQL @2"),
        ("a > 0;", "a semicolon cannot stand in an expression @5"),
        ("a, b", "one expression stands here, not a list @1"),
        ("a = $1", "`$1` stands for nothing: there are no parameters here @4"),
        ("0 < a < 10", "comparisons cannot follow each other @6"),
        ("a > 0 && b > 0", "comparisons cannot follow each other @11"),
        ("a like 'x' like 'y'", "`like` cannot follow this condition @11"),
        ("a 5", "`5` cannot follow here @2"),
        ("12ab", "a name cannot begin with a digit @0"),
        ("a and and b", "`and` cannot follow `and` @6"),
        ("a > > 1", "`>` cannot follow `>` @4"),
        ("b >> > 1", "`>` cannot follow `>>` @5"),
        ("a * * 2", "`*` cannot follow `*` @4"),
        ("a || || b", "`||` cannot follow `||` @5"),
        (
            "a not and b",
            "after this `not` comes `in`, `like`, `ilike`, `similar to` or `between` @2",
        ),
        ("a between 1", "`between` has no `and`: write `between low and high` @11"),
        (
            "a is 5",
            "after `is` comes `null`, `true`, `false`, `unknown`, `json` or `distinct from` @5",
        ),
        ("a::", "a type must follow `::` @3"),
        ("cast(a int)", "`cast` has no `as`: write `cast(value as type)` @7"),
        ("case a end", "`when` must stand here @7"),
        ("case end", "`case` has no `when` @0"),
        ("case when a then 1", "`case` has no `end` @0"),
        ("case when a else 1 end", "`when` has no `then` @5"),
        ("coalesce()", "`coalesce` needs at least one value @9"),
        ("nullif(a)", "`nullif` takes two values @7"),
        ("extract(year, a)", "`extract` has no `from`: write `extract(year from …)` @12"),
        ("position('a', b)", "`position` has no `in`: write `position(part in whole)` @12"),
        ("between(a)", "`between` is a key word and calls no function @0"),
        ("values(a)", "`values` is a key word and calls no function @0"),
        ("select 1", "a query needs brackets here @0"),
        ("where a > 0", "`where` cannot begin an expression @0"),
        ("order > 0", "`order` cannot begin an expression @0"),
        ("a > order", "a value must follow `>` @4"),
        ("a = any (1, 2)", "`any` and `all` take one array or one query @8"),
        ("exists (1)", "`exists` takes a query in brackets @7"),
        ("a = {1}", "`{` means nothing in SQL @4"),
    ] {
        assert_eq!(shown(text), format!("wrong: {expected}"), "{text}");
    }
}

#[test]
fn queries_that_are_surely_wrong() {
    for (text, expected) in [
        ("", "the query is empty @0"),
        ("select a, from t", "nothing stands after the comma @8"),
        ("select a from", "a table's name must stand here @13"),
        ("select a from t where", "nothing stands after `where` @21"),
        ("select a form t", "`t` cannot follow here @14"),
        ("select a from t; select b from t", "one query stands here, not several @17"),
        ("select a where b from t", "`from` cannot follow here @17"),
        ("select a from t limit 1, 2", "PostgreSQL has no `limit a, b` @23"),
        ("select a from t join u", "the join has no `on` and no `using` @22"),
        ("select a from (t)", "the brackets hold neither a query nor a join @14"),
        ("select a from t union", "a query must stand here: `select`, `values` or `with` @21"),
        ("with x as select 1 select 2", "a query in brackets must follow `as` @10"),
        ("values (1), (2, 3)", "the rows of `values` differ in length @18"),
        ("insert into t values (1)", "a view only reads @0"),
        ("with x as (delete from t returning a) select a from x", "a view only reads @11"),
        ("select a into b from t", "a view only reads @9"),
        (
            "select * from graph_table(shop match (n is product) columns (n.price))",
            "unknown: `graph_table` is not read here @14",
        ),
        ("select * from xmltable('/a', x columns y int)", "`xmltable` has no `passing` @27"),
        (
            "select * from json_table(x columns (y int))",
            "`json_table` wants a path behind the document @27",
        ),
        ("select t.not between 1 and 2 from t", "a name must follow the dot @9"),
        ("select b'1''1'", "`'1'` cannot follow here @11"),
    ] {
        assert_eq!(said(ExprCache::default().query(&text.into())), expected, "{text}");
    }
}

#[test]
fn statements_that_are_surely_wrong() {
    for (text, expected) in [
        (
            "insert into t (a) value (1)",
            "a query must stand here: `select`, `values` or `with` @18",
        ),
        ("update t a = 1", "`set` must stand here @11"),
        ("delete t", "`from` must follow `delete` @7"),
    ] {
        assert_eq!(said(ExprCache::default().statements(&text.into())), expected, "{text}");
    }
}

/// What came of reading a text.
fn said<T>(reading: Reading<T>) -> String {
    match reading {
        Reading::Parsed(_) => "read".to_owned(),
        Reading::Unknown { message, offset } => format!("unknown: {message} @{offset}"),
        Reading::Wrong { message, offset, .. } => format!("{message} @{offset}"),
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
    let selection = query.selection().unwrap();
    let items: Vec<_> = selection
        .items
        .iter()
        .map(|item| {
            let source = match &item.source {
                ItemSource::Column { qualifier, name } => format!("{qualifier:?}.{name}"),
                ItemSource::Wildcard { qualifier } => format!("{qualifier:?}.*"),
                ItemSource::Value(node) => match &node.kind {
                    Simple::Cast { ty, .. } => format!("::{ty}"),
                    Simple::Call { name, .. } => format!("{name}()"),
                    Simple::Special { name, args } => format!("{name}({}) with more", args.len()),
                    _ => "?".to_owned(),
                },
            };
            format!("{} {source}", item.name.as_deref().unwrap_or("-"))
        })
        .collect();
    assert_eq!(
        items,
        [
            "id Some(\"u\").id",
            "mail Some(\"u\").email",
            "count count(0) with more",
            "total ::numeric(10,2)",
            "lower lower()",
            "- Some(\"p\").*",
            "one ?"
        ]
    );
    let from: Vec<_> = selection
        .from
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
