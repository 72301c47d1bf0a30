// A PostgreSQL to apply statements on: the embedded one, or a server. Imported by commands only, and lazily: the
// drivers are optional peers of this package.

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../errors.js";

/** A session on a PostgreSQL. */
export interface Database {
  /** What it is, for people: `PostgreSQL 18.1 (PGlite)`. */
  readonly name: string;
  /** Runs one statement. Throws a `DatabaseError` where PostgreSQL refuses it. */
  run(sql: string): Promise<Record<string, unknown>[]>;
  /** Runs a script of many statements. */
  script(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** What PostgreSQL says of a statement; the fields of its protocol that are read here. */
export interface DatabaseError extends Error {
  /** The SQLSTATE. */
  code: string;
  /** Where in the statement, in characters from 1. */
  position?: string;
  detail?: string;
  hint?: string;
  where?: string;
}

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

/** Whether PostgreSQL itself said it. */
export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && /^[0-9A-Z]{5}$/.test((error as Partial<DatabaseError>).code ?? "");
}

/** Imports a peer from the project, else from where schemagen is installed; `undefined` if it is in neither. */
export async function importPeer<T>(name: string, root: string): Promise<T | undefined> {
  const tried = [join(root, "package.json"), import.meta.url];
  for (const from of tried) {
    try {
      return (await import(pathToFileURL(createRequire(from).resolve(name)).href)) as T;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== "MODULE_NOT_FOUND" && code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw error;
    }
  }
  return undefined;
}

/** What to say of a peer that is not installed. */
export function missingPeer(name: string, version: string, purpose: string): UserError {
  return new UserError(`${purpose} needs the package ${name}, which is not installed`, {
    help: `install it: npm install --save-dev ${name}@${version}`,
  });
}
