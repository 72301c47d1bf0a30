// PGlite, the PostgreSQL that runs inside of Node. In: nothing. Out: a `Database` in memory, with all extensions that
// PGlite and its pgvector package bring.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";

/** Starts a PGlite. */
export async function startEmbedded() {
  const extensions = { vector, ...(await contributed()) };
  const db = await PGlite.create({ extensions });
  const [{ server_version: version }] = (await db.query("show server_version")).rows;
  const available = await db.query("select name from pg_available_extensions");
  const names = new Set(available.rows.map((row) => row.name));
  return {
    name: `PGlite, PostgreSQL ${version}`,
    has: (extension) => names.has(extension),
    run: async (sql) => void (await db.exec(sql)),
    rows: async (sql, values) => (await db.query(sql, values)).rows,
    close: () => db.close(),
  };
}

/** What lies in PGlite's `contrib` folder. */
async function contributed() {
  const folder = join(dirname(fileURLToPath(import.meta.resolve("@electric-sql/pglite"))), "contrib");
  const files = readdirSync(folder).filter((file) => file.endsWith(".js"));
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(join(folder, file)).href)));
  return Object.assign({}, ...modules.map((module) => ({ ...module })));
}
