// Applies a schema to a PostgreSQL, in a transaction that is rolled back. In: statements that know where their parts
// were written. Out: PostgreSQL's errors as diagnostics at those places.

import { locate, platformSql } from "../compiler/node.js";
import { UserError } from "../errors.js";
import type { Program } from "../project.js";
import type { Diagnostic, Location, Statement } from "../types.js";
import { type Database, type DatabaseError, isDatabaseError } from "./index.js";
import { EXTENSION_PACKAGES } from "./packages.js";

/** What PostgreSQL said of a schema. */
export interface Verdict {
  /** How many statements it took. */
  applied: number;
  diagnostics: Diagnostic[];
}

/** Applies `program` and rolls it back. `progress` is told how many statements were done. */
export async function verify(
  database: Database,
  program: Program,
  progress: (done: number) => void,
): Promise<Verdict> {
  const failed = await attempt(database, program, progress);
  return failed ? examine(database, program, progress) : { applied: program.statements.length, diagnostics: [] };
}

/** The names of the extensions that a script creates. */
export function extensionsOf(statements: string[]): string[] {
  const found = statements.map((sql) => /^\s*create extension\s+(?:if not exists\s+)?"?([\w-]+)/i.exec(sql)?.[1]);
  return [...new Set(found.filter((name) => name !== undefined))];
}

/** Everything at once, which is fast; gives whether something failed. */
async function attempt(database: Database, program: Program, progress: (done: number) => void): Promise<boolean> {
  return transaction(database, async () => {
    for (const [index, statement] of program.statements.entries()) {
      try {
        await database.run(statement.sql);
      } catch (error) {
        if (isDatabaseError(error)) return true;
        throw error;
      }
      progress(index + 1);
    }
    return false;
  });
}

/** Each statement on its own savepoint, so that one error does not hide the next. */
async function examine(database: Database, program: Program, progress: (done: number) => void): Promise<Verdict> {
  return transaction(database, async () => {
    const verdict: Verdict = { applied: 0, diagnostics: [] };
    const broken: string[] = [];
    const said = new Set<string>();
    for (const [index, statement] of program.statements.entries()) {
      await database.run("savepoint schemagen");
      try {
        await database.run(statement.sql);
        await database.run("release savepoint schemagen");
        verdict.applied += 1;
      } catch (error) {
        if (!isDatabaseError(error)) throw error;
        await database.run("rollback to savepoint schemagen");
        const again = isMissing(error) && (said.has(error.message) || broken.some((name) => names(error, name)));
        if (!again) verdict.diagnostics.push(diagnose(error, statement, index, program));
        said.add(error.message);
        broken.push(statement.object.split(/[ .]/).at(-1) ?? statement.object);
      }
      progress(index + 1);
    }
    return verdict;
  });
}

async function transaction<T>(database: Database, run: () => Promise<T>): Promise<T> {
  await database.run("begin");
  try {
    await layPlatform(database);
    return await run();
  } finally {
    await database.run("rollback");
  }
}

/** What Supabase provides, where the database does not have it. */
async function layPlatform(database: Database): Promise<void> {
  const [row] = await database.run("select to_regnamespace('auth') is null as bare");
  if (!row?.bare) return;
  try {
    await database.script(platformSql());
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

function diagnose(error: DatabaseError, statement: Statement, index: number, program: Program): Diagnostic {
  const offset = error.position === undefined ? undefined : utf16Offset(statement.sql, Number(error.position) - 1);
  const exact = offset === undefined ? undefined : locateWord(program, index, statement.sql, offset);
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
function locateWord(program: Program, index: number, sql: string, offset: number): Location | undefined {
  const word = /^(?:[\w$]+|"[^"]*"|'[^']*')/.exec(sql.slice(offset))?.[0].length ?? 1;
  return locate(program.files, program.options, index, offset, offset + word);
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

/** One error for each statement that creates an extension which the database cannot have. */
export function unavailable(program: Program, missing: string[]): Diagnostic[] {
  return program.statements.flatMap((statement) => {
    const name = extensionsOf([statement.sql]).find((extension) => missing.includes(extension));
    if (name === undefined) return [];
    const known = EXTENSION_PACKAGES[name];
    const help = known === undefined
      ? "verify with `--db` on a server that has it"
      : `install it: npm install --save-dev ${known.name}@${known.version}`;
    const message = `the embedded PostgreSQL does not have the extension \`${name}\`${known === undefined ? "" : " yet"}`;
    return [{ code: "extension-unavailable", severity: "error", message, ...whole(statement), labels: [], help, notes: [], fixes: [] }];
  });
}
