// The example applications, as their READMEs build them. In: a name. Out: its folder, and its commands run there; a
// command that fails fails the test with what it said.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

/** How long a command may take, in milliseconds. */
const DEADLINE = 240_000;

/** The folder of an example. */
export function folderOf(name) {
  return join(examples, name);
}

/** Runs a command in `cwd` to its end; gives what it said. */
export async function run(cwd, [program, ...args], env = {}) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, timeout: DEADLINE, killSignal: "SIGKILL" });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  assert.equal(code, 0, `${program} ${args.join(" ")}\n${said}`);
  return said;
}
