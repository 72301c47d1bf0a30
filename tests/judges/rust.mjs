// Rust as the judges run it: a crate made in a temporary folder from tests/judges/rust and generated modules. In: modules
// as texts. Out: what cargo, rustfmt and the crate's program have to say. What is compiled of the dependencies stays in
// .build/rust from run to run.

import { execFile } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./corpus.mjs";

const exec = promisify(execFile);
const target = join(root, ".build/rust");
const DEADLINE = 900_000;

async function run(program, args, options) {
  try {
    return (await exec(program, args, { timeout: DEADLINE, killSignal: "SIGKILL", maxBuffer: 64 << 20, ...options })).stdout;
  } catch (error) {
    throw new Error(`${program} ${args.join(" ").slice(0, 200)}: ${`${error.stdout ?? ""}${error.stderr ?? ""}`.slice(0, 8000) || error.message}`);
  }
}

/** Lays out the crate in `home`; modules come into `src`. */
export const lay = (home) => cpSync(join(root, "tests/judges/rust"), home, { recursive: true });

/** Compiles a program of the crate and gives its path. */
export async function build(home, program = "schemagen-judge") {
  const env = { ...process.env, CARGO_TARGET_DIR: target };
  await run("cargo", ["build", "--locked", "--quiet", "--bin", program], { cwd: home, env });
  return join(target, "debug", program);
}

/** Runs the crate's program; it prints lines of JSON. */
export async function lines(program, args) {
  const printed = await run(program, args, {});
  return printed.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

/** Fails where rustfmt would change one of these files. */
export const formatted = (edition, files) => run("rustfmt", ["--edition", edition, "--check", ...files], {});

/** The structs of a module by name, each its fields with their types. */
export function structs(text) {
  const found = new Map();
  for (const [, name, body] of text.matchAll(/^pub struct (\S+) \{\n([^]*?)^\}$/gm)) {
    const fields = [...body.matchAll(/^ {4}pub ([^\s:]+):\s+(.+),$/gm)].map(([, field, type]) => ({ field, type }));
    found.set(name, fields);
  }
  return found;
}

const LITERAL = /"(?:[^"\\]|\\.)*"/.source;

/** A string literal's text: its escapes are those of JSON, but for the braces. */
const literal = (text) => JSON.parse(text.replaceAll(/\\u\{(\w+)\}/g, (_, code) => `\\u${code.padStart(4, "0")}`));

/**
 * The callers of a module: each its name, its function as PostgreSQL finds it by its types, and what it takes: fields of the
 * struct `args`, with their types.
 */
export function callers(text) {
  const all = structs(text);
  const ident = /(?:"(?:[^"]|"")*"|[^\s".(]+)/.source;
  const named = new RegExp(`(?:^(?:select|call) | from )(${ident}\\.${ident})\\(`);
  const passed = new RegExp(`(?:if let Some\\(value\\) = args\\.(\\S+) \\{\\s*)?pass\\(\\s*&mut given,\\s*${LITERAL},\\s*(?:value|args\\.(\\S+)),\\s*(${LITERAL}),?\\s*\\)`, "g");
  const said = new RegExp(`(?:::new|query\\.push)\\(\\s*(${LITERAL})`, "g");
  return [...text.matchAll(/^pub async fn (\S+)<'e>\(([^]*?)^\}/gm)].map(([, name, body]) => {
    const args = /\bargs: (\w+)/.exec(body)?.[1];
    const types = new Map(all.get(args)?.map(({ field, type }) => [field, type]));
    const fields = [...body.matchAll(passed)].map(([, optional, required, cast]) => {
      const field = optional ?? required;
      return { field, type: types.get(field), isOptional: optional !== undefined, sql: literal(cast).slice(2) };
    });
    const sql = [...body.matchAll(said)].map(([, text]) => literal(text)).join("");
    return { name, args, fields, function: `${named.exec(sql)[1]}(${fields.map((one) => one.sql).join(", ")})` };
  });
}
