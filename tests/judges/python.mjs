// Python as the judges run it: the virtual environment that `make judges` makes. In: arguments of a program there. Out:
// what it prints. Installs nothing; every process has a deadline and is killed with its test.

import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { root } from "./corpus.mjs";

const bin = join(root, ".build/python/bin");
const DEADLINE = 300_000;

/** A program of the environment. */
export function program(name) {
  const path = join(bin, name);
  if (!existsSync(path)) throw new Error(`there is no ${path}: run \`make judges\` once`);
  return path;
}

/** Runs a program to its end. Its output is the error where it fails. */
export async function run(name, args, options = {}) {
  try {
    const settings = { timeout: DEADLINE, killSignal: "SIGKILL", maxBuffer: 64 << 20, ...options };
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONUTF8: "1" };
    return (await promisify(execFile)(program(name), args, { env, ...settings })).stdout;
  } catch (error) {
    const said = `${error.stdout ?? ""}${error.stderr ?? ""}`.slice(0, 8000);
    throw new Error(`${name} ${args.join(" ").slice(0, 200)}: ${said || error.message}`);
  }
}

/** Starts a script that answers each line of JSON with one. */
export const converse = (script, args) => converseWith(program("python"), [join(root, "tests/judges/python", script), ...args]);

/** Starts any program that answers each line of JSON with one. */
export function converseWith(path, args) {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONUTF8: "1" };
  const child = spawn(path, args, { env, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const deadline = setTimeout(() => child.kill("SIGKILL"), 2 * DEADLINE);
  // A process that has died is told of by the missing answer.
  child.stdin.on("error", () => {});
  return {
    ask: async (request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${[path, ...args].join(" ")} ended without an answer`);
      return JSON.parse(value);
    },
    close: () => {
      clearTimeout(deadline);
      child.kill();
    },
  };
}

/** Writes a file, with the folders above it, and gives its path. */
export function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}
