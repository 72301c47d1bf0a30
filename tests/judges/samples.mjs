// A row for every table, and arguments for every function. In: a database that our SQL made. Out: one row in each of its
// tables, and a value for each argument. Checks, keys to other tables and triggers are put out of force before: here it is
// types that are judged.

/** A literal of each type of PostgreSQL and its extensions. */
const LITERALS = {
  bool: "true", int2: "-7", int4: "70000", int8: "9007199254740991", float4: "1.5", float8: "-2.25", money: "'12.34'", text: "'it''s \"text\" \\ 😀'",
  varchar: "'a'", bpchar: "'a'", name: "'a name'", char: "'x'", citext: "'MiXed'", date: "'2024-02-29'", time: "'12:34:56.789'", timetz: "'12:34:56+02'",
  timestamp: "'2024-01-01 12:34:56.123456'", timestamptz: "'2024-01-01 12:34:56.123456+00'", interval: "'1 mon 2 days 03:00:00'",
  uuid: "'00000000-0000-0000-0000-00000000000f'", json: "'{\"a\": [1, null]}'", jsonb: "'{\"a\": [1, null]}'", jsonpath: "'$.\"a\"'", xml: "'<a/>'", bytea: "'\\xdeadbeef'",
  inet: "'10.0.0.1/8'", cidr: "'10.0.0.0/8'", macaddr: "'08:00:2b:01:02:03'", macaddr8: "'08:00:2b:01:02:03:04:05'", point: "'(1,2)'", line: "'{1,2,3}'",
  lseg: "'[(1,2),(3,4)]'", box: "'(3,4),(1,2)'", path: "'((1,2),(3,4))'", polygon: "'((1,2),(3,4),(5,0))'", circle: "'<(1,2),3>'", tsvector: "'a:1 b'", tsquery: "'a & b'",
  int4range: "'[1,5)'", int8range: "'(,5)'", numrange: "'[1.5,2.5]'", tsrange: "'[2024-01-01,)'", tstzrange: "'[2024-01-01 00:00:00+00,2024-02-01 00:00:00+00)'",
  daterange: "'empty'", int4multirange: "'{[1,2),[4,5)}'", int8multirange: "'{}'", nummultirange: "'{[1,2]}'", tsmultirange: "'{}'", tstzmultirange: "'{}'",
  datemultirange: "'{}'", oid: "42", regclass: "'pg_class'", regproc: "'pg_typeof'", regprocedure: "'lower(text)'", regtype: "'integer'", regrole: "'judge'",
  regnamespace: "'pg_catalog'", regconfig: "'english'", pg_lsn: "'16/B374D848'", xid8: "'7'", hstore: "'a=>1, b=>NULL'", ltree: "'a.b'", lquery: "'a.*'",
  ltxtquery: "'a & b'", cube: "'(1,2)'",
};

const bits = (length) => `B'${"10".repeat(length).slice(0, length)}'`;

/** A value of a type, as SQL. */
function sample(types, oid, modifier) {
  const type = types.get(oid);
  if (type.kind === "e") return `${quoted(type.label)}::${type.name}`;
  if (type.kind === "d") return `(${sample(types, type.base, type.modifier)})::${type.name}`;
  if (type.kind === "c") return `row(${type.attributes.map((one) => sample(types, one.type, one.modifier)).join(", ")})::${type.name}`;
  // `bit[]` would cut to one bit.
  if (type.category === "A") return `array[${sample(types, type.element, modifier)}, null]::${type.name === "bit[]" ? "varbit[]" : type.name}`;
  // `numeric(2,4)` has no digit before the point.
  if (type.own === "numeric") return modifier === -1 ? "12345.678" : "0";
  if (type.own === "bit") return bits(Math.max(modifier, 1));
  if (type.own === "varbit") return bits(1);
  if (!(type.own in LITERALS)) throw new Error(`there is no sample of the type ${type.name}`);
  return `${LITERALS[type.own]}::${type.name}`;
}

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

/** The types of a database by their numbers, as `sample` reads them. */
async function typesOf(rows) {
  return new Map(
    (await rows(`
      select oid::integer, typname as own, typtype as kind, typcategory as category, typelem::integer as element, typbasetype::integer as base,
        typtypmod as modifier, format_type(oid, null) as name, (select enumlabel from pg_enum where enumtypid = t.oid order by enumsortorder limit 1) as label,
        (select coalesce(json_agg(json_build_object('type', atttypid::integer, 'modifier', atttypmod) order by attnum), '[]')
          from pg_attribute where attrelid = typrelid and attnum > 0 and not attisdropped) as attributes
      from pg_type t`)).map((type) => [type.oid, type]),
  );
}

/** Drops all checks of tables and domains. */
async function loosen(rows) {
  for (const { drop } of await rows(`
    select format('alter %s %s drop constraint %I', case when conrelid = 0 then 'domain' else 'table' end,
      case when conrelid = 0 then contypid::regtype::text else conrelid::regclass::text end, conname) as drop
    from pg_constraint c join pg_namespace n on n.oid = connamespace
    where contype = 'c' and coninhcount = 0 and nspname not in ('pg_catalog', 'information_schema')`)) {
    await rows(drop);
  }
}

/** What PostgreSQL says where the call is wrong, and not what the function makes of it: no such function, no such type. */
export const WRONG_CALL = /^(42883|42704|42601|42804|42P0.|42725|22P02)$/;

/** Every function and procedure that the schema declares, by its name: its arguments, each with a value as SQL and as JSON. */
export async function calls(rows) {
  await loosen(rows);
  const types = await typesOf(rows);
  const functions = await rows(`
    select p.oid::integer, nspname as schema, proname as name, proretset as "isSet", prorettype::regtype::text as returns,
      coalesce(proargmodes::text[] && '{t,b,o}', false) as "isRow", pronargdefaults as defaults,
      (select coalesce(json_agg(json_build_object('name', coalesce(proargnames[at], ''), 'type', type::integer, 'sql', format_type(type, null),
          'variadic', coalesce(proargmodes[at] = 'v', false)) order by at), '[]')
        from unnest(coalesce(proallargtypes, proargtypes::oid[])) with ordinality as one (type, at)
        where proargmodes is null or proargmodes[at] in ('i', 'b', 'v')) as args
    from pg_proc p join pg_namespace n on n.oid = pronamespace
    where prokind in ('f', 'p') and nspname not in ('pg_catalog', 'information_schema') and prorettype <> 'trigger'::regtype
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`);
  for (const { args } of functions) {
    for (const arg of args) {
      // Nothing calls a function that takes values of any type.
      if (types.get(arg.type).kind === "p") continue;
      arg.sample = sample(types, arg.type, -1);
      arg.value = (await rows(`select to_jsonb(${arg.sample}) as value`))[0].value;
    }
  }
  return functions;
}

/** Puts rules out of force and a row into every table. Gives what could get none, and why. */
export async function fill(client) {
  const rows = async (sql) => (await client.query(sql)).rows;
  const types = await typesOf(rows);
  await loosen(rows);
  await client.query("set session_replication_role = replica");
  const left = [];
  for (const table of await rows(`
    select c.oid::regclass::text as name, (select coalesce(json_agg(json_build_object('name', quote_ident(attname), 'type', atttypid::integer,
        'modifier', atttypmod) order by attnum), '[]') from pg_attribute
        where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '' and attidentity <> 'a') as columns
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind in ('r', 'p') and not relispartition and nspname not in ('pg_catalog', 'information_schema')`)) {
    const { name, columns } = table;
    const list = columns.map((column) => column.name).join(", ");
    try {
      const values = columns.map((column) => sample(types, column.type, column.modifier)).join(", ");
      await client.query(columns.length === 0 ? `insert into ${name} default values` : `insert into ${name} (${list}) values (${values})`);
    } catch (error) {
      left.push(`${name}: ${error.message}`);
    }
  }
  return left;
}
