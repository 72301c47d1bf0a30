// Applies a schema to a PostgreSQL. In: statements that know where their parts were written. Out: PostgreSQL's errors as
// diagnostics at those places. Knows no Node.js: the playground applies by it too.

import { UserError } from "../errors.js";
import type { Diagnostic, Location, Statement } from "../types.js";

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

/** A schema to apply, and who knows where it was written. */
export interface Script {
  statements: Statement[];
  /** SQL that stands for what Supabase provides. */
  platform: string;
  /** Where UTF-16 units `start..end` of a statement were written. */
  locate(statement: number, start: number, end: number): Location | undefined | Promise<Location | undefined>;
}

/** What PostgreSQL said of a schema. */
export interface Verdict {
  /** How many statements it took. */
  applied: number;
  diagnostics: Diagnostic[];
}

/** Applies `script`, all or what of it can be, and ends with `end`. `progress` is told how many statements were done. */
export async function apply(
  database: Database,
  script: Script,
  end: "commit" | "rollback",
  progress: (done: number) => void,
): Promise<Verdict> {
  const failed = await attempt(database, script, end, progress);
  return failed ? examine(database, script, end, progress) : { applied: script.statements.length, diagnostics: [] };
}

/** The names of the extensions that a script creates. */
export function extensionsOf(statements: string[]): string[] {
  const found = statements.map((sql) => /^\s*create extension\s+(?:if not exists\s+)?"?([\w-]+)/i.exec(sql)?.[1]);
  return [...new Set(found.filter((name) => name !== undefined))];
}

/** Everything at once, which is fast; gives whether something failed. */
async function attempt(
  database: Database,
  script: Script,
  end: string,
  progress: (done: number) => void,
): Promise<boolean> {
  return transaction(database, script, async (finish) => {
    for (const [index, statement] of script.statements.entries()) {
      try {
        await database.run(statement.sql);
      } catch (error) {
        if (isDatabaseError(error)) return true;
        throw error;
      }
      progress(index + 1);
    }
    await finish(end);
    return false;
  });
}

/** Each statement on its own savepoint, so that one error does not hide the next. */
async function examine(
  database: Database,
  script: Script,
  end: string,
  progress: (done: number) => void,
): Promise<Verdict> {
  return transaction(database, script, async (finish) => {
    const verdict: Verdict = { applied: 0, diagnostics: [] };
    const broken: string[] = [];
    const said = new Set<string>();
    for (const [index, statement] of script.statements.entries()) {
      await database.run("savepoint schemagen");
      try {
        await database.run(statement.sql);
        await database.run("release savepoint schemagen");
        verdict.applied += 1;
      } catch (error) {
        if (!isDatabaseError(error)) throw error;
        await database.run("rollback to savepoint schemagen");
        const again = isMissing(error) && (said.has(error.message) || broken.some((name) => names(error, name)));
        if (!again) verdict.diagnostics.push(await diagnose(error, statement, index, script));
        said.add(error.message);
        broken.push(statement.object.split(/[ .]/).at(-1) ?? statement.object);
      }
      progress(index + 1);
    }
    await finish(end);
    return verdict;
  });
}

/** `run` ends the transaction by what it is given; one that it leaves open is rolled back. */
async function transaction<T>(
  database: Database,
  script: Script,
  run: (finish: (end: string) => Promise<unknown>) => Promise<T>,
): Promise<T> {
  await database.run("begin");
  let isOpen = true;
  const finish = (end: string): Promise<unknown> => {
    isOpen = false;
    return database.run(end);
  };
  try {
    await layPlatform(database, script.platform);
    return await run(finish);
  } finally {
    if (isOpen) await database.run("rollback");
  }
}

/** What Supabase provides, where the database does not have it. */
async function layPlatform(database: Database, platform: string): Promise<void> {
  const [row] = await database.run("select to_regnamespace('auth') is null as bare");
  if (!row?.bare) return;
  try {
    await database.script(platform);
  } catch (cause) {
    if (!isDatabaseError(cause)) throw cause;
    throw new UserError(`cannot lay the stand-ins for Supabase's roles and schemas: ${cause.message}`, {
      help: "verify as a role that may create roles and schemas, or on a database of Supabase",
      cause,
    });
  }
}

/** Whether the error says that an object does not exist: that is said once of an object, and not of one that failed. */
function isMissing(error: DatabaseError): boolean {
  return ["42P01", "42703", "42704", "42883", "3F000"].includes(error.code);
}

function names(error: DatabaseError, object: string): boolean {
  return new RegExp(`(?<![\\w])${escape(object)}(?![\\w])`).test(error.message);
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

async function diagnose(error: DatabaseError, statement: Statement, index: number, script: Script): Promise<Diagnostic> {
  const offset = error.position === undefined ? undefined : utf16Offset(statement.sql, Number(error.position) - 1);
  const exact = offset === undefined ? undefined : await locateWord(script, index, statement.sql, offset);
  const place = exact ?? whole(statement);
  const notes = [`SQLSTATE ${error.code}, in the statement for ${statement.object}`];
  if (error.detail) notes.push(error.detail);
  if (exact === undefined && offset !== undefined) notes.push(`at: ${lineAt(statement.sql, offset)}`);
  if (error.where) notes.push(error.where);
  return {
    code: "database-error",
    severity: "error",
    message: `PostgreSQL says: ${error.message}`,
    ...place,
    labels: [],
    notes,
    fixes: [],
    ...help(error),
  };
}

function help(error: DatabaseError): { help?: string } {
  if (error.hint) return { help: error.hint };
  const exists = ["42P06", "42P07", "42710", "42723"].includes(error.code);
  return exists ? { help: "verify on a database that does not have the schema yet: it applies all of it" } : {};
}

function whole({ file, range }: Statement): { file: string; range: Location["range"] } | Record<string, never> {
  return file !== undefined && range !== undefined ? { file, range } : {};
}

/** PostgreSQL gives the start alone: the place is the word there. */
function locateWord(script: Script, index: number, sql: string, offset: number): ReturnType<Script["locate"]> {
  const word = /^(?:[\w$]+|"[^"]*"|'[^']*')/.exec(sql.slice(offset))?.[0].length ?? 1;
  return script.locate(index, offset, offset + word);
}

/** PostgreSQL counts characters, JavaScript UTF-16 units. */
function utf16Offset(sql: string, characters: number): number {
  return Array.from(sql).slice(0, characters).join("").length;
}

function lineAt(sql: string, offset: number): string {
  const start = sql.lastIndexOf("\n", offset - 1) + 1;
  const end = sql.indexOf("\n", offset);
  return sql.slice(start, end < 0 ? undefined : end).trim();
}

/** Whether PostgreSQL itself said it. */
export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && /^[0-9A-Z]{5}$/.test((error as Partial<DatabaseError>).code ?? "");
}

/** One error for each statement that creates an extension which the database cannot have; `help` says what to do. */
export function unavailable(statements: Statement[], missing: string[], help: (name: string) => string): Diagnostic[] {
  return statements.flatMap((statement) => {
    const name = extensionsOf([statement.sql]).find((extension) => missing.includes(extension));
    if (name === undefined) return [];
    const message = `the embedded PostgreSQL does not have the extension \`${name}\``;
    return [{ code: "extension-unavailable", severity: "error", message, ...whole(statement), labels: [], help: help(name), notes: [], fixes: [] }];
  });
}
