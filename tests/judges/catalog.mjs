// Holds a database against what its schema says. In: a database to which a schema was applied, and the schema's facts.
// Out: a list of sentences, one a difference. Reads only PostgreSQL's own catalog.

/** Every way in which the catalog differs from the facts. */
export async function differences(db, facts) {
  const found = [];
  const say = (object, what, expected, actual) => {
    const [left, right] = [JSON.stringify(expected), JSON.stringify(actual)];
    if (left !== right) found.push(`${object}: ${what} should be ${left} and is ${right}`);
  };
  const columns = facts.tables.flatMap((table) => table.columns);
  const types = await typeReader(db, [...columns, ...facts.domains, ...facts.composites.flatMap((type) => type.fields)]);
  await tables(db, facts.tables, types, say);
  await enums(db, facts.enums, say);
  await domains(db, facts.domains, types, say);
  await composites(db, facts.composites, types, say);
  await others(db, facts, say);
  return found;
}

/** Every way in which the columns of views differ from `views`, of which not every column's type is known. */
export async function viewDifferences(db, views) {
  const known = views.filter(({ columns }) => columns.length > 0);
  const types = await typeReader(db, known.flatMap(({ columns }) => columns).filter(({ type }) => type));
  const rows = await db.rows(`
    select n.nspname as schema, c.relname as name,
      json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) order by attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute on attrelid = c.oid and attnum > 0
    where c.relkind in ('v', 'm') group by 1, 2`);
  return known.flatMap((view) => {
    const actual = find(rows, view)?.columns ?? [];
    const columns = view.columns.map(({ name, type }, at) => ({ name, type: type ? types(type) : actual[at]?.type }));
    const wrong = [...columns.keys()].filter((at) => JSON.stringify(columns[at]) !== JSON.stringify(actual[at]));
    const count = columns.length === actual.length ? [] : [`${view.name}: ${columns.length} columns should be ${actual.length}`];
    return [...wrong.map((at) => `${view.name}: ${JSON.stringify(columns[at])} should be ${JSON.stringify(actual[at])}`), ...count];
  });
}

/** Reads types as PostgreSQL does: a temporary table has a column of each. */
async function typeReader(db, columns) {
  const distinct = [...new Set(columns.map(({ type }) => type))];
  const read = new Map();
  await db.run("create schema if not exists extensions; set local search_path = public, extensions");
  for (let start = 0; start < distinct.length; start += 500) {
    const part = distinct.slice(start, start + 500);
    await db.run(`create temporary table types (${part.map((type, at) => `c${at} ${type}`).join(", ")})`);
    const rows = await db.rows("select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = 'pg_temp.types'::regclass and attnum > 0 order by attnum");
    part.forEach((type, at) => read.set(type, rows[at].type));
    await db.run("drop table pg_temp.types");
  }
  return (type) => read.get(type);
}

async function tables(db, tables, types, say) {
  const relations = await db.rows(`
    select n.nspname as schema, c.relname as name, c.relkind::text as kind, c.relpersistence::text as persistence,
      c.relrowsecurity as rls, c.relforcerowsecurity as forced, obj_description(c.oid, 'pg_class') as comment,
      (select coalesce(json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod), 'notNull', attnotnull,
        'identity', attidentity, 'generated', attgenerated, 'default', atthasdef, 'comment', col_description(attrelid, attnum)) order by attnum), '[]')
        from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as columns,
      (select coalesce(json_agg(json_build_object('name', conname, 'kind', contype)), '[]')
        from pg_constraint where conrelid = c.oid and contype in ('p', 'u', 'f', 'c', 'x') and conparentid = 0) as constraints,
      (select coalesce(json_agg(i.relname), '[]') from pg_index x join pg_class i on i.oid = x.indexrelid
        where x.indrelid = c.oid and not exists (select from pg_constraint where conindid = x.indexrelid and contype in ('p', 'u', 'x'))) as indexes,
      (select coalesce(json_agg(polname), '[]') from pg_policy where polrelid = c.oid) as policies,
      (select coalesce(json_agg(tgname), '[]') from pg_trigger where tgrelid = c.oid and not tgisinternal) as triggers
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p')`);
  const byName = new Map(relations.map((one) => [`${one.schema}.${one.name}`, one]));
  for (const table of tables) {
    const object = `table ${table.schema}.${table.name}`;
    const actual = byName.get(`${table.schema}.${table.name}`);
    say(object, "there", true, actual !== undefined);
    if (actual === undefined) continue;
    say(object, "partitioned", table.partitioned, actual.kind === "p");
    say(object, "unlogged", table.unlogged, actual.persistence === "u");
    say(object, "row level security", [table.rls, table.forced], [actual.rls, actual.forced]);
    say(object, "comment", table.comment ?? null, actual.comment);
    const names = (list) => list.map((one) => one.name);
    say(object, "columns", names(table.columns).sort(), names(actual.columns).sort());
    for (const column of table.columns) {
      const held = actual.columns.find((one) => one.name === column.name);
      if (held === undefined) continue;
      say(`column ${table.name}.${column.name}`, "definition", { ...column, type: types(column.type), comment: column.comment ?? null }, held);
    }
    const counts = { p: 0, u: 0, f: 0, c: 0, x: 0 };
    for (const one of actual.constraints) counts[one.kind] += 1;
    say(object, "number of constraints", table.constraints, counts);
    contains(object, "constraint", table.constraintNames, names(actual.constraints), say);
    contains(object, "index", table.indexNames, actual.indexes, say);
    contains(object, "policy", table.policyNames, actual.policies, say);
    contains(object, "trigger", table.triggerNames, actual.triggers, say);
    say(object, "number of indexes", table.indexes, actual.indexes.length);
    say(object, "number of policies", table.policies, actual.policies.length);
    say(object, "number of triggers", table.triggers, actual.triggers.length);
  }
}

function contains(object, kind, names, held, say) {
  for (const name of names) say(object, `${kind} ${name}`, true, held.includes(name));
}

async function enums(db, enums, say) {
  const rows = await db.rows(`
    select n.nspname as schema, t.typname as name, obj_description(t.oid, 'pg_type') as comment,
      (select json_agg(enumlabel order by enumsortorder) from pg_enum where enumtypid = t.oid) as labels
    from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'e'`);
  for (const one of enums) {
    const actual = find(rows, one);
    say(`enum ${one.name}`, "labels", one.labels, actual?.labels);
    say(`enum ${one.name}`, "comment", one.comment ?? null, actual?.comment);
  }
}

async function domains(db, domains, types, say) {
  const rows = await db.rows(`
    select n.nspname as schema, t.typname as name, format_type(t.typbasetype, t.typtypmod) as type, t.typnotnull as "notNull",
      (select count(*)::integer from pg_constraint where contypid = t.oid and contype = 'c') as checks, obj_description(t.oid, 'pg_type') as comment
    from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'd'`);
  for (const one of domains) {
    say(`domain ${one.name}`, "definition", { ...one, type: types(one.type), comment: one.comment ?? null }, find(rows, one));
  }
}

async function composites(db, composites, types, say) {
  const rows = await db.rows(`
    select n.nspname as schema, c.relname as name, obj_description(c.reltype, 'pg_type') as comment,
      (select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) order by attnum)
        from pg_attribute where attrelid = c.oid and attnum > 0) as fields
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'c'`);
  for (const one of composites) {
    const actual = find(rows, one);
    say(`type ${one.name}`, "fields", one.fields.map((field) => ({ ...field, type: types(field.type) })), actual?.fields);
    say(`type ${one.name}`, "comment", one.comment ?? null, actual?.comment);
  }
}

async function others(db, facts, say) {
  const relations = await db.rows(`
    select n.nspname as schema, c.relname as name, c.relkind::text as kind, obj_description(c.oid, 'pg_class') as comment
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm', 'S')`);
  for (const view of facts.views) {
    const actual = find(relations, view);
    say(`view ${view.name}`, "kind", view.materialized ? "m" : "v", actual?.kind);
    say(`view ${view.name}`, "comment", view.comment ?? null, actual?.comment);
  }
  for (const sequence of facts.sequences) say(`sequence ${sequence.name}`, "kind", "S", find(relations, sequence)?.kind);
  const functions = await db.rows(`
    select n.nspname as schema, p.proname as name, json_agg(json_build_object('kind', p.prokind, 'definer', p.prosecdef,
      'volatility', p.provolatile, 'language', l.lanname)) as overloads
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang group by 1, 2`);
  const sorted = (list) => (list ?? []).map((one) => JSON.stringify(one)).sort();
  for (const one of facts.functions) say(`function ${one.name}`, "overloads", sorted(one.overloads), sorted(find(functions, one)?.overloads));
  const extensions = (await db.rows("select extname from pg_extension")).map((row) => row.extname);
  contains("the database", "extension", facts.extensions, extensions, say);
  const publications = (await db.rows("select pubname from pg_publication")).map((row) => row.pubname);
  contains("the database", "publication", facts.publications, publications, say);
}

const find = (rows, { schema, name }) => rows.find((row) => row.schema === schema && row.name === name);
