// The tables of a database, and their rows. In: a database. Out: texts, as PostgreSQL writes the values.

import type { PGlite } from "@electric-sql/pglite";
import type { Cell, Rows, TableInfo } from "./protocol.js";

/** How many rows a page has. */
const PAGE = 50;

/** A name as SQL takes it in any case. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A table's name as SQL takes it anywhere. */
export const qualified = (schema: string, name: string): string => `${quoted(schema)}.${quoted(name)}`;

/** Parsers that leave every value the text that it came as. */
export function texts(db: PGlite): Record<number, (text: string) => string> {
  return Object.fromEntries(Object.keys(db.parsers).map((oid) => [oid, (text: string) => text]));
}

/** A text as SQL takes it. */
export const literal = (text: string): string => `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

/** The schemas in which Supabase keeps its own tables. */
const SUPABASE = ["auth", "realtime", "storage", "supabase_functions", "supabase_migrations", "vault"].map(literal).join(", ");

/** The condition of tables that policies of the schema are about: its own, and others' that have some. */
export const GUARDED = `(n.nspname not in (${SUPABASE}) or exists (select from pg_policy where polrelid = c.oid))`;

/** Every table that is not PostgreSQL's own and meets `condition`, in which `details` are $1 and so on. */
export async function list(db: PGlite, condition = "true", details: unknown[] = []): Promise<TableInfo[]> {
  const { rows } = await db.query<Omit<TableInfo, "count">>(`
    select n.nspname as schema, c.relname as name,
      case n.nspname when 'public' then quote_ident(c.relname) else format('%I.%I', n.nspname, c.relname) end as label
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition
      and n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'extensions') and ${condition}
    order by n.nspname <> 'public', 1, 2`, details);
  const counted: TableInfo[] = [];
  for (const table of rows) counted.push({ ...table, count: await count(db, table.schema, table.name) });
  return counted;
}

/** A table by its name. */
export async function tableOf(db: PGlite, schema: string, name: string): Promise<TableInfo> {
  const [table] = await list(db, "n.nspname = $1 and c.relname = $2", [schema, name]);
  if (table === undefined) throw new Error(`there is no table ${name} any more`);
  return table;
}

async function count(db: PGlite, schema: string, name: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(`select count(*)::int as count from ${qualified(schema, name)}`);
  return rows[0]?.count ?? 0;
}

/** A page of rows from `offset` on, in the order of the primary key. */
export async function rows(db: PGlite, schema: string, name: string, offset: number): Promise<Rows> {
  const table = await tableOf(db, schema, name);
  const sql = qualified(schema, name);
  const order = await orderOf(db, sql);
  const found = await db.query<Cell[]>(
    `select * from ${sql} ${order} limit ${PAGE} offset $1`,
    [offset],
    { rowMode: "array", parsers: texts(db) },
  );
  return { table, offset, columns: found.fields.map((it) => it.name), rows: found.rows };
}

/** The clause that orders the rows of a table by its primary key; nothing where it has none. */
export async function orderOf(db: PGlite, table: string): Promise<string> {
  const { rows } = await db.query<{ name: string }>(
    `select a.attname as name from pg_index i
     join unnest(i.indkey) with ordinality as k(number, place) on true
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
     where i.indrelid = $1::regclass and i.indisprimary order by k.place`,
    [table],
  );
  return rows.length === 0 ? "" : `order by ${rows.map(({ name }) => quoted(name)).join(", ")}`;
}
