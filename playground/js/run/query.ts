// What is typed into the console. In: a database and SQL, a statement or several. Out: what each statement gave; where one
// fails, which it was. Speaks PostgreSQL's own protocol, as PGlite's methods say nothing of the statements before a failure.

import { messages, type PGlite, protocol } from "@electric-sql/pglite";
import type { Outcome } from "./protocol.js";

/** More rows than anybody reads of a query; the rest is counted. */
const MOST_ROWS = 500;

/** What statements that change rows say when they are done. */
const CHANGED = /^(?:INSERT 0|UPDATE|DELETE|MERGE) (\d+)$/;

const nothing = (): Outcome => ({ columns: [], rows: [], count: 0, affected: 0 });

/** What each statement gives. Throws what PostgreSQL says, with the number of the `statement` that it says it of. */
export async function query(db: PGlite, sql: string): Promise<Outcome[]> {
  const heard = await db.runExclusive(() => db.execProtocol(protocol.serialize.query(sql), { throwOnError: false }));
  const outcomes: Outcome[] = [];
  let outcome = nothing();
  for (const message of heard.messages) {
    if (message instanceof messages.RowDescriptionMessage) {
      outcome.columns = message.fields.map(({ name }) => name);
    } else if (message instanceof messages.DataRowMessage) {
      outcome.count += 1;
      if (outcome.count <= MOST_ROWS) outcome.rows.push(message.fields);
    } else if (message instanceof messages.CommandCompleteMessage) {
      outcome.affected = Number(CHANGED.exec(message.text)?.[1] ?? 0);
      outcomes.push(outcome);
      outcome = nothing();
    } else if (message instanceof messages.DatabaseError) {
      throw Object.assign(message, { statement: outcomes.length + 1 });
    }
  }
  return outcomes;
}
