// What somebody may do with a table, and why. In: a table, who asks. Out: for each row and command whether PostgreSQL does
// it, and what decided. Everything is really tried, in that role, and rolled back; policies are asked besides, to say why.

import type { PGlite } from "@electric-sql/pglite";
import { decide, isAsked, policiesOf, type Decision, type Place } from "./policies.js";
import type { Asker, Cell, Command, Examination, Policy, Verdict, View } from "./protocol.js";
import { literal, orderOf, qualified, quoted, tableOf, texts } from "./tables.js";
import { attempt, inRole, rolledBack, type Attempt } from "./trial.js";

const COMMANDS: Command[] = ["select", "insert", "update", "delete"];

/** Where a row is, across partitions: nothing that it holds says that for certain. */
const ADDRESS = "concat_ws(' ', tableoid, ctid)";
/** An alias that is no column. */
const ROW = quoted("the row");

/** What there is to know of a table and a role, besides rows. */
interface Facts {
  role: string;
  place: Place;
  enabled: boolean;
  forced: boolean;
  /** Whether row security applies to the role; if not, why. */
  isActive: boolean;
  exemption: string;
  usage: boolean;
  granted: Record<Command, boolean>;
  columns: Column[];
  policies: Policy[];
}

interface Column {
  name: string;
  /** Whether a statement may give it a value. */
  writable: boolean;
  insert: boolean;
  update: boolean;
}

/** A row, as PostgreSQL writes it, and where it is. */
interface Row {
  address: string;
  text: string;
}

/** What a statement came to: how many rows it did something with. */
type Came = Attempt<number>;

/** What `asker` may do with a table, tried on its first `most` rows. */
export async function examine(db: PGlite, schema: string, name: string, asker: Asker, most: number): Promise<Examination> {
  const table = await tableOf(db, schema, name);
  return rolledBack(db, asker, async () => {
    const facts = await learn(db, schema, name, asker.role);
    const { place } = facts;
    const order = await orderOf(db, place.sql);
    const found = await db.query<Cell[]>(
      `select ${ADDRESS}, ${ROW}::text, ${ROW}.* from ${place.sql} as ${ROW} ${order} limit $1`,
      [most],
      { rowMode: "array", parsers: texts(db) },
    );
    const rows = found.rows.map(([address, text]): Row => ({ address: address!, text: text! }));
    const visible = await readable(db, facts, rows);
    const views: View[] = [];
    for (const command of COMMANDS) views.push(await view(db, facts, command, rows, visible));
    return {
      table,
      rls: facts.forced ? "forced" : facts.enabled ? "on" : "off",
      columns: found.fields.slice(2).map((it) => it.name),
      rows: found.rows.map(([, , ...cells]) => cells),
      policies: facts.policies,
      views,
    };
  });
}

/** Whether `asker` may insert a row, given as JSON by column. */
export async function tryInsert(db: PGlite, schema: string, name: string, asker: Asker, row: string): Promise<Verdict> {
  return rolledBack(db, asker, async () => {
    const facts = await learn(db, schema, name, asker.role);
    const { sql } = facts.place;
    const columns = Object.keys(JSON.parse(row) as object);
    const from = `from json_populate_record(null::${sql}, ${literal(row)}::json) as ${ROW}`;
    const insert = insertion(sql, columns, from);
    const came = await attempt(db, () => inRole(db, facts.role, () => changed(db, insert)));
    const policies = asked(facts, "insert");
    const made = (await inserted(db, insert)) ?? (await insertedFreely(db, facts, columns, from));
    const unknown = { allowed: false, why: "", said: policies.map(() => ({ value: "not asked", decided: false })) };
    if (made === undefined) return verdict(facts, "insert", came, true, unknown);
    const [decision] = await decide(db, facts.place, facts.role, "insert", policies, [made]);
    const [isReadBack] = await readBack(db, facts, [made]);
    return verdict(facts, "insert", came, isReadBack!, decision!);
  });
}

/** What there is to know of a table and a role. */
async function learn(db: PGlite, schema: string, name: string, role: string): Promise<Facts> {
  const place = { schema, name, sql: qualified(schema, name) };
  const { rows: tables } = await db.query<{ oid: number; enabled: boolean; forced: boolean; bypasses: boolean; usage: boolean } & Record<Command, boolean>>(
    `select c.oid::int, c.relrowsecurity as enabled, c.relrowsecurity and c.relforcerowsecurity as forced,
       (select rolbypassrls from pg_roles where rolname = $2) as bypasses,
       has_schema_privilege($2, c.relnamespace, 'usage') as usage,
       has_any_column_privilege($2, c.oid, 'select') as select,
       has_any_column_privilege($2, c.oid, 'insert') as insert,
       has_any_column_privilege($2, c.oid, 'update') as update,
       has_table_privilege($2, c.oid, 'delete') as delete
     from pg_class c where c.oid = $1::regclass`,
    [place.sql, role],
  );
  const { oid, enabled, forced, bypasses, usage, ...granted } = tables[0]!;
  const { rows: columns } = await db.query<Column>(
    `select attname as name, attgenerated = '' and attidentity <> 'a' as writable,
       has_column_privilege($2, attrelid, attnum, 'insert') as insert,
       has_column_privilege($2, attrelid, attnum, 'update') as update
     from pg_attribute where attrelid = $1::oid and attnum > 0 and not attisdropped order by attnum`,
    [oid, role],
  );
  const { rows: active } = await inRole(db, role, () => db.query<{ active: boolean }>("select row_security_active($1::oid) as active", [oid]));
  // Rows are found by their addresses, whatever columns of them the role may read.
  if (granted.select) await db.exec(`grant select on ${place.sql} to ${quoted(role)}`);
  const exemption = !enabled ? "row security is off" : bypasses ? `${role} bypasses row security` : `${role} owns the table`;
  const policies = await policiesOf(db, place, role);
  return { role, place, enabled, forced, isActive: active[0]!.active, exemption, usage, granted, columns, policies };
}

/** What becomes of a command on each of `rows`; `visible` are those that can be read. */
async function view(db: PGlite, facts: Facts, command: Command, rows: Row[], visible: Attempt<Set<string>>): Promise<View> {
  const { place, role } = facts;
  const policies = asked(facts, command);
  const cames: Came[] = [];
  const texts: string[] = [];
  for (const row of rows) {
    const [came, text] = command === "insert" ? await insertAgain(db, facts, row) : [await come(db, facts, command, row, visible), row.text];
    cames.push(came);
    texts.push(text);
  }
  const decisions = await decide(db, place, role, command, policies, texts);
  const read = command === "insert" ? await readBack(db, facts, texts) : rows.map(({ address }) => "value" in visible && visible.value.has(address));
  return {
    command,
    standing: standing(facts, command, policies),
    policies: policies.map((it) => facts.policies.indexOf(it)),
    verdicts: rows.map((_, at) => verdict(facts, command, cames[at]!, read[at]!, decisions[at]!)),
  };
}

/** Whether the role may read rows that it inserts, as whoever adds RETURNING does. */
async function readBack(db: PGlite, facts: Facts, texts: string[]): Promise<boolean[]> {
  if (!facts.isActive || !facts.granted.select) return texts.map(() => facts.granted.select);
  const decisions = await decide(db, facts.place, facts.role, "select", asked(facts, "select"), texts);
  return decisions.map(({ allowed }) => allowed);
}

/** The addresses of the rows that the role reads. */
function readable(db: PGlite, { place, role }: Facts, rows: Row[]): Promise<Attempt<Set<string>>> {
  return attempt(db, async () => {
    const addresses = rows.map(({ address }) => address);
    const sql = `select ${ADDRESS} as address from ${place.sql} where ${ADDRESS} = any($1)`;
    const found = await inRole(db, role, () => db.query<{ address: string }>(sql, [addresses]));
    return new Set(found.rows.map(({ address }) => address));
  });
}

/** Reads a row, changes a column of it to what it is, or deletes it. */
async function come(db: PGlite, { place, role, columns }: Facts, command: "select" | "update" | "delete", { address }: Row, visible: Attempt<Set<string>>): Promise<Came> {
  if (command === "select") return "value" in visible ? { value: visible.value.has(address) ? 1 : 0 } : visible;
  const column = quoted((columns.find((it) => it.writable && it.update) ?? columns[0]!).name);
  const statement = command === "update" ? `update ${place.sql} set ${column} = ${column}` : `delete from ${place.sql}`;
  return attempt(db, () => inRole(db, role, () => changed(db, `${statement} where ${at(address)}`)));
}

/** Takes a row away and inserts it as the role; gives also the row as it would stand there then. */
async function insertAgain(db: PGlite, facts: Facts, { address, text }: Row): Promise<[Came, string]> {
  const { place, role, columns } = facts;
  const written = columns.filter((it) => it.writable && it.insert);
  const names = (written.length > 0 ? written : columns.filter((it) => it.writable)).map((it) => it.name);
  const insert = insertion(place.sql, names, `from unnest(array[${literal(text)}::${place.sql}]) as ${ROW}`);
  const tried = await attempt(db, async (): Promise<[Came, string]> => {
    // Without triggers: nothing goes with it.
    await db.exec(`set local session_replication_role = replica; delete from ${place.sql} where ${at(address)}; set local session_replication_role = origin`);
    const came = await attempt(db, () => inRole(db, role, () => changed(db, insert)));
    return [came, (await inserted(db, insert)) ?? text];
  });
  return "value" in tried ? tried.value : [tried, text];
}

/** The statement that inserts `columns` of a row. */
function insertion(into: string, columns: string[], from: string): string {
  if (columns.length === 0) return `insert into ${into} as ${ROW} default values`;
  const names = columns.map(quoted).join(", ");
  return `insert into ${into} as ${ROW} (${names}) select ${names} ${from}`;
}

/** The row that an insertion makes, with its defaults and after its triggers; nothing where it fails. */
async function inserted(db: PGlite, insert: string): Promise<string | undefined> {
  const made = await attempt(db, async () => (await db.query<{ text: string }>(`${insert} returning ${ROW}::text as text`)).rows[0]?.text);
  return "value" in made ? made.value : undefined;
}

/** The row that an insertion would make if no constraint stopped it, and no trigger saw it. */
async function insertedFreely(db: PGlite, { place, columns: all }: Facts, columns: string[], from: string): Promise<string | undefined> {
  const made = await attempt(db, async () => {
    const free = all.map(({ name }) => `alter column ${quoted(name)} drop not null`).join(", ");
    await db.exec(`create table pg_temp."free" (like ${place.sql} including defaults including generated); alter table pg_temp."free" ${free}`);
    return inserted(db, insertion(`pg_temp."free"`, columns, from));
  });
  return "value" in made ? made.value : undefined;
}

/** Runs a statement, with what constraints put off to the end; gives how many rows it changed. */
async function changed(db: PGlite, sql: string): Promise<number> {
  const { affectedRows } = await db.query(sql);
  await db.exec("set constraints all immediate");
  return affectedRows ?? 0;
}

function at(address: string): string {
  const [table, place] = address.split(" ");
  return `tableoid = ${table} and ctid = ${literal(place!)}::tid`;
}

function asked({ policies, isActive }: Facts, command: Command): Policy[] {
  return isActive ? policies.filter((it) => isAsked(it, command)) : [];
}

/** Which privilege is missing. */
function missing({ role, place, usage, granted }: Facts, command: Command): string | undefined {
  if (!usage) return `${role} has no USAGE of the schema ${place.schema}`;
  if (!granted[command]) return `${role} has no privilege to ${command.toUpperCase()}`;
  const isFound = command === "update" || command === "delete";
  return isFound && !granted.select ? `${role} has no privilege to SELECT, which it takes to find a row` : undefined;
}

/** What holds for every row. */
function standing(facts: Facts, command: Command, policies: Policy[]): View["standing"] {
  const privilege = missing(facts, command);
  if (privilege !== undefined) return { allows: false, why: privilege };
  if (!facts.isActive) return { allows: true, why: facts.exemption };
  return policies.some((it) => it.permissive) ? null : { allows: false, why: `no policy lets ${facts.role} ${command.toUpperCase()}` };
}

/** What became of a command on a row, and what decided; `isReadable`: the row that is there, or that an insertion makes. */
function verdict(facts: Facts, command: Command, came: Came, isReadable: boolean, { allowed, why, said }: Decision): Verdict {
  const privilege = missing(facts, command);
  if (privilege !== undefined) return { outcome: "no", why: privilege, said: said.map(({ value }) => ({ value, decided: false })) };
  const passes = !facts.isActive || allowed;
  const by = facts.isActive ? why : facts.exemption;
  if ("refusal" in came) {
    const { code, message } = came.refusal;
    if (passes && command !== "select") return { outcome: "but", why: `${by}; then PostgreSQL says: ${message}`, said };
    if (code === "42501" && message.includes("row-level security")) return { outcome: "no", why: by, said };
    const failing = said.map(({ value }) => ({ value, decided: value === message }));
    return { outcome: "no", why: `PostgreSQL says: ${message}`, said: failing };
  }
  if (came.value > 0) {
    const done = passes ? by : "PostgreSQL lets it through";
    return { outcome: "yes", why: command === "insert" && !isReadable ? `${done}, but not with RETURNING: it cannot be read` : done, said };
  }
  if (!passes) return { outcome: "no", why: by, said };
  if (command !== "select" && !isReadable) return { outcome: "no", why: "it cannot be read, so it is not found", said };
  return { outcome: "but", why: `${by}; yet nothing comes of it: a trigger may leave it out`, said };
}
