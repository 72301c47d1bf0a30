// A PostgreSQL server, by its address. Statements go one by one through the extended protocol, which takes no second
// statement: text in a schema cannot end the transaction that is to be rolled back.

import type pg from "pg";
import { UserError } from "../errors.js";
import { type Database, isDatabaseError } from "./apply.js";
import { importPeer, missingPeer } from "./peers.js";

/** Connects to the server at `url`. */
export async function connect(url: string, root: string): Promise<Database> {
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new UserError("`--db` takes the address of a server, such as postgres://user:password@localhost:5432/name");
  }
  const driver = await importPeer<{ default: typeof pg }>("pg", root);
  if (driver === undefined) throw missingPeer("pg", "8", "a database server");
  const client = await open(driver.default, url);
  const { rows } = await client.query<{ server_version: string }>("show server_version");
  return {
    name: `PostgreSQL ${rows[0]?.server_version ?? ""}`,
    run: async (sql) => (await answer(client.query({ text: sql, queryMode: "extended" } as pg.QueryConfig))).rows,
    script: async (sql) => void (await answer(client.query(sql))),
    close: () => client.end(),
  };
}

async function open({ Client }: typeof pg, url: string): Promise<pg.Client> {
  try {
    const client = new Client({ connectionString: url, application_name: "schemagen" });
    client.on("error", () => {}); // A lost connection also fails the statement that waits for it.
    await client.connect();
    return client;
  } catch (cause) {
    const isUnread = cause instanceof URIError || (cause as NodeJS.ErrnoException).code === "ERR_INVALID_URL";
    const help = "a `/`, `#`, `?`, `@`, `:` or `%` of the password is written percent-encoded, such as %23 for `#`";
    throw new UserError(`cannot connect to the database: ${reason(cause)}`, { cause, ...(isUnread ? { help } : {}) });
  }
}

/** The answer; a connection that breaks, or a server that has no room or time, is not the schema's fault. */
async function answer<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (cause) {
    if (isDatabaseError(cause) && !/^(08|53|57|58)/.test(cause.code)) throw cause;
    throw new UserError(`the database did not answer: ${reason(cause)}`, { cause });
  }
}

function reason(cause: unknown): string {
  const errors = cause instanceof AggregateError ? cause.errors : [cause];
  return errors.map((error) => (error instanceof Error ? error.message || error.name : String(error))).join("; ");
}
