// `schemagen verify` beside the database: applies a program in a transaction that is rolled back.

import { locate, platformSql } from "../compiler/node.js";
import type { Program } from "../project.js";
import { apply, type Database, type Verdict } from "./apply.js";
import { EXTENSION_PACKAGES } from "./packages.js";

/** Applies `program` and rolls it back. `progress` is told how many statements were done. */
export function verify(database: Database, program: Program, progress: (done: number) => void): Promise<Verdict> {
  const { files, options, statements } = program;
  const script = {
    statements,
    platform: platformSql(),
    locate: (statement: number, start: number, end: number) => locate(files, options, statement, start, end),
  };
  return apply(database, script, "rollback", progress);
}

/** How to come by an extension that the embedded PostgreSQL does not have. */
export function extensionHelp(name: string): string {
  const known = EXTENSION_PACKAGES[name];
  if (known === undefined) return "verify with `--db` on a server that has it";
  return `install it: npm install --save-dev ${known.name}@${known.version}`;
}
