// A PostgreSQL to apply statements on: the embedded one, or a server. Imported by commands only, and lazily.

import type { Database } from "./apply.js";

/** Which PostgreSQL to open. */
export interface DatabaseOptions {
  /** A server's address; without it, the embedded PostgreSQL. */
  url?: string | undefined;
  /** The extensions that the schemas create. */
  extensions: string[];
  /** The project's folder, whose installed packages are preferred. */
  root: string;
}

/** Opens a session, and says which of the extensions it cannot have. */
export async function openDatabase(options: DatabaseOptions): Promise<{ database: Database; missing: string[] }> {
  if (options.url !== undefined) {
    const { connect } = await import("./pg.js");
    return { database: await connect(options.url, options.root), missing: [] };
  }
  const { start } = await import("./pglite.js");
  return start(options.extensions, options.root);
}
