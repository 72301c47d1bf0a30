// Names that nobody gave. In: a database in a transaction. Out: an assertion that our SQL and PostgreSQL, told to choose
// for itself, end with the same names for the same constraints, indexes and sequences: over long names, names of many
// bytes a character, and names that collide.

import assert from "node:assert/strict";
import fc from "fast-check";
import { compileText } from "./compiler.mjs";

const EXPRESSIONS = [
  (a, b) => `lower(${a})`,
  (a, b) => `(${a} || ${b})`,
  (a, b) => `coalesce(${a}, ${b})`,
  (a, b) => `(${a}::varchar)`,
  (a, b) => `upper(lower(${a}))`,
  (a, b) => `nullif(${a}, ${b})`,
  (a, b) => `greatest(${a}, ${b})`,
  (a, b) => `(case when ${a} is null then ${b} else ${a} end)`,
  (a, b) => `(case when ${a} is null then ${b} end)`,
  (a, b) => `(array[${a}, ${b}])`,
  (a, b) => `(${a} is null)`,
  (a) => `(length(${a}) + 1)`,
  (a) => `((length(${a}) + 1)::bigint)`,
  (a, b) => `((${a} || ${b})::character varying(5))`,
  (a, b) => `((case when ${a} is null then ${b} end)::character(3))`,
  (a) => `substring(${a} from 1 for 2)`,
  (a) => `trim(both 'x' from ${a})`,
  (a) => `position('x' in ${a})`,
  (a) => `overlay(${a} placing 'x' from 1)`,
  (a) => `(${a} like 'x%')`,
  (a) => `to_tsvector('english', ${a})`,
  (a) => `pg_catalog.lower(${a})`,
  (a) => `extract(year from (length(${a}) * interval '1 year'))`,
];

const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("a", "b", "a_b", "b_c", "c", "order", "user", "Mixed", "a b", "é") },
  { weight: 2, arbitrary: fc.integer({ min: 20, max: 63 }).map((length) => "long_name_".repeat(7).slice(0, length)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom("é", "日", "😀", "ß"), fc.integer({ min: 18, max: 63 }))
      .map(([shift, character, bytes]) => cut("x".repeat(shift) + character.repeat(63), bytes)),
  },
);

const table = fc.record({
  name,
  columns: fc.uniqueArray(name, { minLength: 2, maxLength: 4 }),
  expression: fc.nat(EXPRESSIONS.length - 1),
  twice: fc.boolean(),
});

const schema = fc.uniqueArray(table, { minLength: 1, maxLength: 3, selector: (one) => one.name });

/** Demands the same names of 80 schemas, or as many as `JUDGE_NAMES` says. */
export async function defaultNames(db) {
  const count = Number(process.env.JUDGE_NAMES ?? 80);
  for (const tables of fc.sample(schema, { numRuns: count, seed: 20260101 })) {
    const source = { name: "generated", files: [{ name: "schema.yaml", text: JSON.stringify(document(tables)) }], options: {} };
    const ours = await namesAfter(db, compileText(source, "sql", { transaction: false }));
    const theirs = await namesAfter(db, plainSql(tables));
    const onlyIn = (a, b) => a.filter((one) => !b.includes(one));
    assert.deepEqual(onlyIn(ours, theirs), onlyIn(theirs, ours), JSON.stringify(tables));
  }
}

/** The tables as a schema that names nothing. */
function document(tables) {
  const entries = tables.map((table) => {
    const { columns: all, expression } = table;
    const [a, b] = all;
    const columns = Object.fromEntries(all.map((column) => [column, { type: "text" }]));
    columns[a] = { type: "text", primary_key: true, check: `${quoted(a)} <> ''` };
    columns[b] = { type: "text", unique: true };
    columns.numbered = { type: "bigint", identity: "always" };
    columns.counted = { type: "bigserial" };
    columns.parent = { type: "text", references: { table: `${table.name}`, column: a } };
    const constraints = [
      { type: "unique", columns: [b, a] },
      { type: "check", expr: `${quoted(a)} <> ${quoted(b)}` },
      { type: "check", expr: `${quoted(b)} <> ''` },
      { type: "foreign_key", columns: [b, "parent"], references: { table: table.name, columns: [b, a] } },
      { type: "exclude", elements: [{ column: b, with: "=" }] },
    ];
    const indexes = [{ columns: [a] }, { columns: [b, a], unique: true }, { columns: [a, { expr: EXPRESSIONS[expression](quoted(a), quoted(b)) }] }];
    if (table.twice) indexes.push({ columns: [a] }, { columns: [b, a] });
    return [table.name, { columns, constraints, indexes }];
  });
  return { extensions: ["btree_gist"], tables: Object.fromEntries(entries) };
}

/** The same tables in SQL that names nothing. */
function plainSql(tables) {
  const created = tables.map((table) => {
    const { columns, expression } = table;
    const [name, a, b] = [table.name, columns[0], columns[1]].map(quoted);
    const rest = columns.slice(2).map((column) => `${quoted(column)} text, `).join("");
    const indexes = [
      `create index on ${name} (${a});`,
      `create unique index on ${name} (${b}, ${a});`,
      `create index on ${name} (${a}, (${EXPRESSIONS[expression](a, b)}));`,
      ...(table.twice ? [`create index on ${name} (${a});`, `create index on ${name} (${b}, ${a});`] : []),
    ];
    const create = `create table ${name} (${a} text primary key check (${a} <> ''), ${b} text unique, ${rest}
      numbered bigint generated always as identity, counted bigserial, parent text,
      unique (${b}, ${a}), check (${a} <> ${b}), check (${b} <> ''), exclude using gist (${b} with =));`;
    const keys = `alter table ${name} add foreign key (parent) references ${name} (${a});
      alter table ${name} add foreign key (${b}, parent) references ${name} (${b}, ${a});`;
    return { create, keys, indexes: indexes.join("\n") };
  });
  const steps = ["create", "indexes", "keys"].flatMap((step) => created.map((one) => one[step]));
  return ["create extension btree_gist;", ...steps].join("\n");
}

/** The names that a script leaves in `public`. */
async function namesAfter(db, sql) {
  await db.run("savepoint named");
  await db.run(sql);
  const rows = await db.rows(`
    select c.relname as owner, o.conname as name, pg_get_constraintdef(o.oid) as what
      from pg_constraint o join pg_class c on c.oid = o.conrelid where c.relnamespace = 'public'::regnamespace and o.contype <> 'n'
    union all
    select t.relname, i.relname, regexp_replace(pg_get_indexdef(i.oid), ' INDEX .* ON ', ' ON ')
      from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid where i.relnamespace = 'public'::regnamespace
    union all
    select t.relname, s.relname, a.attname
      from pg_class s join pg_depend d on d.objid = s.oid and d.deptype in ('a', 'i') and d.refobjsubid > 0
        join pg_class t on t.oid = d.refobjid join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
      where s.relkind = 'S' and s.relnamespace = 'public'::regnamespace
    order by 1, 3, 2`);
  await db.run("rollback to named");
  return rows.map((row) => `${row.owner}: ${row.what}: ${row.name}`);
}

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

/** The first characters of `text` that fit into so many bytes. */
function cut(text, bytes) {
  let kept = "";
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > bytes) break;
    kept += character;
  }
  return kept;
}
