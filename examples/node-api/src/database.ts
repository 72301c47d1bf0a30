// The database, as one who asks. In: a pool, and who asks. Out: what a piece of work gives, done in one transaction in
// that role: the policies of the schema decide what it sees and writes.

import type { Pool, PoolClient } from "pg";

/** The roles that the schema declares. */
export type Role = "member" | "moderator";

/** Who asks. */
export interface Caller {
  id: string;
  role: Role;
}

/** Runs `work` in a transaction as `caller`. */
export async function as<T>(pool: Pool, caller: Caller, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("select set_config('role', $1, true), set_config('app.member', $2, true)", [caller.role, caller.id]);
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}
