// The embedded PostgreSQL: PGlite, in memory, with the extensions that a schema creates.

import type { Extension, PGlite } from "@electric-sql/pglite";
import type { Database } from "./apply.js";
import { importPeer, missingPeer } from "./peers.js";
import { EXTENSION_PACKAGES } from "./packages.js";

type Module = { PGlite: typeof PGlite };

/** Starts one. Takes a few seconds. */
export async function start(extensions: string[], root: string): Promise<{ database: Database; missing: string[] }> {
  const module = await importPeer<Module>("@electric-sql/pglite", root);
  if (module === undefined) throw missingPeer("@electric-sql/pglite", "0.5.14", "the embedded PostgreSQL");
  const loaded: Record<string, Extension> = {};
  const missing: string[] = [];
  for (const name of extensions) {
    if (name === "plpgsql") continue;
    const extension = await loadExtension(name, root);
    if (extension === undefined) missing.push(name);
    else loaded[exportName(name)] = extension;
  }
  const db = await module.PGlite.create({ extensions: loaded });
  const { rows } = await db.query<{ server_version: string }>("show server_version");
  const database: Database = {
    name: `PostgreSQL ${rows[0]?.server_version.split(" ")[0] ?? ""} (PGlite)`,
    run: async (sql) => (await db.query<Record<string, unknown>>(sql)).rows,
    script: async (sql) => void (await db.exec(sql)),
    close: () => db.close(),
  };
  return { database, missing };
}

async function loadExtension(name: string, root: string): Promise<Extension | undefined> {
  if (!/^[\w-]+$/.test(name)) return undefined;
  const path = EXTENSION_PACKAGES[name]?.name ?? `@electric-sql/pglite/contrib/${exportName(name)}`;
  return (await importPeer<Record<string, Extension>>(path, root))?.[exportName(name)];
}

function exportName(extension: string): string {
  return extension.replaceAll("-", "_");
}
