// Rows to begin with. In: a database whose tables are empty. Out: a few rows in each, made of what the tables say of
// themselves: types, defaults, enums, keys, and checks as far as a likely value passes them. PostgreSQL judges every value and
// row; where it takes none, what it says is the answer. Rows that are there already stay as they are.

import type { PGlite } from "@electric-sql/pglite";
import { people } from "./askers.js";
import { candidates, isVaried, type Column } from "./values.js";
import type { Asker, Filled, Person, Sample } from "./protocol.js";
import { GUARDED, list, literal, qualified, quoted } from "./tables.js";
import { attempt, introduce, rolledBack } from "./trial.js";

/** How many rows each table gets. */
const ROWS = 3;

/** Who signs up. */
const NAMES = ["Alice", "Bob", "Carol"];

/** A key that leads to rows of another table. */
interface ForeignKey {
  columns: string[];
  /** The table, as SQL has it, and as people say it. */
  target: string;
  label: string;
  /** The columns there. */
  keys: string[];
  isSelf: boolean;
}

/** What a table says of itself. */
interface Shape {
  sql: string;
  columns: Column[];
  foreignKeys: ForeignKey[];
}

/** A row: what each column gets. */
type Values = Record<string, string | null>;

/** Fills the tables that are empty. */
export async function fill(db: PGlite): Promise<Filled> {
  const done: Filled = { filled: [], left: [] };
  await db.exec("begin");
  try {
    await signUp(db, done);
    const all = await people(db);
    let waiting = (await list(db, GUARDED)).filter(({ count }) => count === 0);
    // Tables that others refer to come first; those that are left over are tried nevertheless, for what PostgreSQL says.
    for (let isLast = false; waiting.length > 0; ) {
      const later: typeof waiting = [];
      for (const table of waiting) {
        const shape = await shapeOf(db, table.schema, table.name);
        const lacking = await unmet(db, shape);
        if (lacking !== undefined && !isLast) later.push(table);
        else await fillTable(db, table, shape, all, lacking, done);
      }
      isLast = later.length === waiting.length;
      waiting = later;
    }
    await db.exec("commit");
  } catch (error) {
    await db.exec("rollback");
    throw error;
  }
  return done;
}

/** A row that `asker` might insert: it is theirs, as far as a row says whose it is. */
export async function sample(db: PGlite, schema: string, name: string, asker: Asker): Promise<Sample> {
  return rolledBack(db, asker, async () => {
    const shape = await shapeOf(db, schema, name);
    const lacking = await unmet(db, shape);
    const all = await people(db);
    const own = all.filter(({ id }) => id === (JSON.parse(asker.claims) as { sub?: unknown }).sub);
    const { rows } = await db.query<{ count: number }>(`select count(*)::int as count from ${shape.sql}`);
    const made = await make(db, shape, rows[0]!.count, own.length > 0 ? own : all);
    if ("refusal" in made) return { reason: lacking ?? made.refusal };
    return { row: JSON.stringify(await asJson(db, shape, made.values), null, 2) };
  });
}

/** Lets a few people sign up, if nobody has. */
async function signUp(db: PGlite, done: Filled): Promise<void> {
  const { rows } = await db.query<{ empty: boolean }>("select not exists (select from auth.users) as empty");
  if (!rows[0]?.empty) return;
  const label = "auth.users";
  const users = NAMES.map((name, at) => {
    const values = [idOf(at), emailOf(at), '{"provider": "email", "providers": ["email"]}', JSON.stringify({ name })];
    return `(${values.map(literal).join(", ")}, 'authenticated', 'authenticated', now() + ${at} * interval '1 ms')`;
  });
  const columns = "id, email, raw_app_meta_data, raw_user_meta_data, aud, role, created_at";
  const signed = await attempt(db, () => db.exec(`insert into auth.users (${columns}) values ${users.join(", ")}`), "keep");
  if ("value" in signed) done.filled.push({ label, count: users.length });
  else done.left.push({ label, reason: signed.refusal.message });
}

/** Ids that are told apart at a glance, in the order of the names. */
function idOf(person: number): string {
  const digit = String(person + 1);
  return `${digit.repeat(8)}-${digit.repeat(4)}-4${digit.repeat(3)}-8${digit.repeat(3)}-${digit.repeat(12)}`;
}

function emailOf(person: number): string {
  return `${NAMES[person]!.toLowerCase()}@example.com`;
}

async function fillTable(db: PGlite, table: { label: string }, shape: Shape, people: Person[], lacking: string | undefined, done: Filled): Promise<void> {
  let count = 0;
  let reason = "";
  for (let index = 0; index < ROWS; index += 1) {
    const person = people[index % people.length];
    if (person !== undefined) await introduce(db, { role: "", claims: person.claims, settings: {} });
    const made = await make(db, shape, index, person === undefined ? [] : [person]);
    if ("values" in made) count += 1;
    else reason ||= made.refusal;
  }
  if (count > 0) done.filled.push({ label: table.label, count });
  else done.left.push({ label: table.label, reason: lacking ?? reason });
}

/** Inserts a row, by whichever values PostgreSQL takes; or says what it has against the likeliest. */
async function make(db: PGlite, shape: Shape, index: number, people: Person[]): Promise<{ values: Values } | { refusal: string }> {
  const person = people[index % people.length];
  const about = { id: person?.id ?? idOf(index % NAMES.length), email: person?.label ?? emailOf(index % NAMES.length) };
  const all = await valuesOf(db, shape, index, about);
  let refusal: string | undefined;
  for (const names of drafts(shape)) {
    const values = Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
    const tried = await attempt(db, () => insert(db, shape, values), "keep");
    if ("value" in tried) return { values };
    refusal ??= tried.refusal.message;
  }
  return { refusal: refusal ?? "" };
}

/** Which columns to give values, in the order of trying: most of them, then what is necessary, and one more at a time. */
function drafts({ columns, foreignKeys }: Shape): Set<string>[] {
  const referring = new Set(foreignKeys.flatMap((it) => it.columns));
  const named = (those: Column[]): Set<string> => new Set(those.map(({ name }) => name));
  const free = columns.filter((it) => it.default === null);
  const needed = free.filter((it) => it.notNull);
  const optional = free.filter((it) => !it.notNull);
  const varied = columns.filter((it) => it.default === null || isVaried(it) || referring.has(it.name));
  return [varied, free, needed, ...optional.map((it) => [...needed, it])].map(named);
}

async function insert(db: PGlite, { sql, columns }: Shape, values: Values): Promise<void> {
  const given = columns.filter(({ name }) => name in values);
  const names = given.map(({ name }) => quoted(name)).join(", ");
  const what = given.length === 0 ? "default values" : `(${names}) values (${given.map((it) => typed(it, values[it.name]!)).join(", ")})`;
  await db.exec(`insert into ${sql} ${what}; set constraints all immediate`);
}

function typed({ type }: Column, value: string | null): string {
  return value === null ? "null" : `${literal(value)}::${type}`;
}

/** A value for every column: keys lead to rows that are there, and rather to those that are about the same person. */
async function valuesOf(db: PGlite, { columns, foreignKeys }: Shape, index: number, about: { id: string; email: string }): Promise<Values> {
  const values: Values = {};
  for (const [place, { columns: names, target, keys, isSelf }] of foreignKeys.entries()) {
    const before = foreignKeys.slice(0, place).filter((it) => it.target === target).length;
    const fixed = names.flatMap((name, at) => (values[name] == null ? [] : [`${quoted(keys[at]!)}::text = ${literal(values[name])}`]));
    const { rows } = await db.query<{ key: string[]; own: boolean }>(
      `select array[${keys.map((key) => `${quoted(key)}::text`).join(", ")}] as key, strpos(t::text, $1) > 0 as own
       from ${target} as t ${fixed.length > 0 ? `where ${fixed.join(" and ")}` : ""} order by tableoid, ctid limit 100`,
      [about.id],
    );
    const own = rows.filter((it) => it.own);
    // Two keys that lead to one table lead to two rows of it, if there are so many.
    const among = isSelf ? [] : own.length > before ? own : rows;
    const chosen = among[(index + before) % among.length]?.key;
    for (const [at, name] of names.entries()) values[name] ??= chosen?.[at] ?? null;
  }
  for (const column of columns) if (!(column.name in values)) values[column.name] = await valueOf(db, column, index, about);
  return values;
}

/** The first value that the column takes. */
async function valueOf(db: PGlite, column: Column, index: number, about: { id: string; email: string }): Promise<string | null> {
  const all = candidates(column, index, about);
  if (!column.isChecked) return all[0] ?? null;
  const conditions = column.checks.map((it) => `and (${it}) is not false`).join(" ");
  for (const value of all) {
    const sql = `select * from (select ${typed(column, value)} as ${quoted(column.name)}) as t where true ${conditions}`;
    const tried = await attempt(db, async () => (await db.query(sql)).rows.length);
    if ("value" in tried && tried.value > 0) return value;
  }
  return all[0] ?? null;
}

/** The values as JSON writes those of their types. */
async function asJson(db: PGlite, { columns }: Shape, values: Values): Promise<object> {
  const pairs = columns.filter(({ name }) => name in values).map((it) => `${literal(it.name)}, ${typed(it, values[it.name]!)}`);
  const { rows } = await db.query<{ row: object }>(`select json_build_object(${pairs.join(", ")}) as row`);
  return rows[0]!.row;
}

/** Which rows of other tables it cannot be without, that are not there. */
async function unmet(db: PGlite, { columns, foreignKeys }: Shape): Promise<string | undefined> {
  const needed = new Set(columns.filter(({ notNull }) => notNull).map(({ name }) => name));
  for (const { columns: names, target, label, isSelf } of foreignKeys) {
    if (isSelf || !names.every((name) => needed.has(name))) continue;
    const { rows } = await db.query<{ empty: boolean }>(`select not exists (select from ${target}) as empty`);
    if (rows[0]?.empty) return `it refers to ${label}, which has no rows`;
  }
  return undefined;
}

/** What a table says of itself; columns that take no value are left out. */
async function shapeOf(db: PGlite, schema: string, name: string): Promise<Shape> {
  const sql = qualified(schema, name);
  const { rows: columns } = await db.query<Column>(
    `with bare as (
       select a.*, pg_basetype(a.atttypid)::oid as below from pg_attribute a
       where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
     )
     select a.attname as name, a.attnum as place, format_type(a.atttypid, a.atttypmod) as type, b.typname as base, t.typcategory = 'A' as "isArray",
       b.typcategory as category,
       array(select enumlabel::text from pg_enum where enumtypid = b.oid order by enumsortorder) as labels,
       a.attnotnull or (select typnotnull from pg_type where oid = a.atttypid) as "notNull",
       exists (select from pg_index where indrelid = a.attrelid and indisprimary and a.attnum = any(indkey)) as "isKey",
       pg_get_expr(d.adbin, d.adrelid) as default, checks.own as checks,
       checks.own || array(select pg_get_constraintdef(oid) from pg_constraint where contypid = a.atttypid and contype = 'c') as hints,
       checks.own <> '{}' or a.atttypmod >= 0 or a.below <> a.atttypid as "isChecked"
     from bare a
     join pg_type t on t.oid = a.below
     join pg_type b on b.oid = pg_basetype(case t.typcategory when 'A' then t.typelem else t.oid end)
     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     cross join lateral (
       select array(select pg_get_expr(conbin, conrelid) from pg_constraint where conrelid = a.attrelid and contype = 'c' and conkey = array[a.attnum]) as own
     ) as checks
     order by a.attnum`,
    [sql],
  );
  const { rows: foreignKeys } = await db.query<ForeignKey>(
    `select array(select attname::text from unnest(k.conkey) with ordinality as u(number, place) join pg_attribute on attrelid = k.conrelid and attnum = u.number order by u.place) as columns,
       array(select attname::text from unnest(k.confkey) with ordinality as u(number, place) join pg_attribute on attrelid = k.confrelid and attnum = u.number order by u.place) as keys,
       format('%I.%I', n.nspname, c.relname) as target,
       case n.nspname when 'public' then c.relname::text else format('%s.%s', n.nspname, c.relname) end as label,
       k.conrelid = k.confrelid as "isSelf"
     from pg_constraint k join pg_class c on c.oid = k.confrelid join pg_namespace n on n.oid = c.relnamespace
     where k.conrelid = $1::regclass and k.contype = 'f' and k.conparentid = 0
     order by cardinality(k.conkey) desc, k.conname`,
    [sql],
  );
  return { sql, columns, foreignKeys };
}
