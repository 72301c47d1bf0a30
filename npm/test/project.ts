// Projects in temporary folders, and the real command line run in them.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The package's folder. */
export const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)));

/** The command line. */
export const BIN = join(PACKAGE, "bin/schemagen.mjs");

/** What a run of a program left behind. */
export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** How a program is run. */
export interface RunOptions {
  cwd?: string;
  input?: string | Uint8Array;
  env?: Record<string, string>;
}

/** A folder with files, where commands can be run. */
export class TestProject {
  readonly root = mkdtempSync(join(tmpdir(), "schemagen-test-"));

  constructor(files: Record<string, string | Uint8Array> = {}) {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string | Uint8Array): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  link(path: string, target: string): void {
    symlinkSync(target, this.path(path));
  }

  delete(path: string): void {
    rmSync(this.path(path), { recursive: true });
  }

  path(path: string): string {
    return join(this.root, path);
  }

  /** Runs `schemagen ARGS` here. */
  run(args: string[], options: RunOptions = {}): Promise<Run> {
    return execute(process.execPath, [BIN, ...args], { cwd: this.root, ...options });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs something as a user whose rights count: for root, as one who has none. Folders are to be made in it too. */
export async function asAnybody(run: () => unknown): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    await run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

/** Runs a program to its end. */
export function execute(program: string, args: string[], options: RunOptions): Promise<Run> {
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const env = { ...inherited, NO_COLOR: "1", ...options.env };
  const child = spawn(program, args, { cwd: options.cwd, env });
  const run: Run = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    run.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    run.stderr += chunk;
  });
  child.stdin.on("error", () => {}); // A program that does not read its input closes it.
  child.stdin.end(options.input ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...run, code }));
  });
}

/** A schema without findings. */
export const NOTES = `tables:
  notes:
    rls: enabled
    columns:
      id: { type: uuid, primary_key: true, default: gen_random_uuid() }
      title: { type: text, nullable: false, check: char_length(title) > 0 }
    policies:
      - { name: everybody reads, command: select, to: authenticated, using: "true" }
`;

/** The same with a type that does not exist. */
export const BROKEN = NOTES.replace("type: text", "type: txet");

/** A configuration that writes SQL and Zod of `schema.yaml`. */
export const CONFIG = JSON.stringify({
  files: "schema.yaml",
  outputs: [
    { target: "sql", out: "db/schema.sql" },
    { target: "zod", out: "src/schema.ts" },
  ],
});
