// What can be tried without consequences: in a transaction that is rolled back, as somebody else. In: a database, who asks,
// what to do. Out: what came of it. What a rollback forgets to bring back, the sequences, is brought back too.

import type { PGlite } from "@electric-sql/pglite";
import { isDatabaseError, type DatabaseError } from "../../../npm/src/db/apply.js";
import type { Asker } from "./protocol.js";
import { quoted } from "./tables.js";

/** What was done, or what PostgreSQL says against it. */
export type Attempt<T> = { value: T } | { refusal: DatabaseError };

/** Runs `run` in a transaction that knows what `asker` brings, and undoes all that it did. */
export async function rolledBack<T>(db: PGlite, asker: Asker, run: () => Promise<T>): Promise<T> {
  const before = await sequences(db);
  await db.exec("begin");
  try {
    await introduce(db, asker);
    return await run();
  } finally {
    await db.exec("rollback");
    const moved = (await sequences(db)).filter(({ state }, at) => state !== before[at]?.state);
    for (const { oid } of moved) {
      const { last, called } = before.find((it) => it.oid === oid)!;
      await db.query("select setval($1::oid::regclass, $2::bigint, $3)", [oid, last, called]);
    }
  }
}

/** Lets the transaction know the claims of the token of `asker`, and the other settings. */
export async function introduce(db: PGlite, { claims, settings }: Asker): Promise<void> {
  const all = Object.entries({ ...settings, "request.jwt.claims": claims });
  for (const [name, value] of all) await db.query("select set_config($1, $2, true)", [name, value]);
}

/** Runs `run` in another role. Where it throws, whoever catches must roll back. */
export async function inRole<T>(db: PGlite, role: string, run: () => Promise<T>): Promise<T> {
  await db.exec(`set local role ${quoted(role)}`);
  const value = await run();
  await db.exec("reset role");
  return value;
}

/** What `run` gives; what it did is undone, or kept if it does not fail. */
export async function attempt<T>(db: PGlite, run: () => Promise<T>, then: "undo" | "keep" = "undo"): Promise<Attempt<T>> {
  await db.exec("savepoint attempt");
  try {
    const value = await run();
    await db.exec(then === "keep" ? "release savepoint attempt" : "rollback to savepoint attempt; release savepoint attempt");
    return { value };
  } catch (error) {
    await db.exec("rollback to savepoint attempt; release savepoint attempt");
    if (isDatabaseError(error)) return { refusal: error };
    throw error;
  }
}

interface Sequence {
  oid: number;
  last: string;
  called: boolean;
  /** Both, to be compared. */
  state: string;
}

async function sequences(db: PGlite): Promise<Sequence[]> {
  const { rows } = await db.query<Sequence>(
    `select s.seqrelid::int as oid, d.last_value::text as last, d.is_called as called, concat(s.seqrelid, d.last_value, d.is_called) as state
     from pg_sequence s, pg_get_sequence_data(s.seqrelid) as d order by s.seqrelid`,
  );
  return rows;
}
