// The packages that a project needs beside schemagen, and the package manager that installs them.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** A package by the target that needs it; `verify` needs PGlite. */
const NEEDED: { name: string; version: string; target?: string }[] = [
  { name: "@electric-sql/pglite", version: "0.5.14" },
  { name: "zod", version: "^4", target: "zod" },
];

const MANAGERS = [
  { lock: "pnpm-lock.yaml", command: ["pnpm", "add", "--save-dev"] },
  { lock: "yarn.lock", command: ["yarn", "add", "--dev"] },
  { lock: "bun.lock", command: ["bun", "add", "--dev"] },
];

/** What is not installed in `cwd`, as `name@version`. */
export function missingPackages(cwd: string, targets: string[]): string[] {
  return NEEDED.filter(({ target }) => target === undefined || targets.includes(target))
    .filter(({ name }) => !isInstalled(name, cwd))
    .map(({ name, version }) => `${name}@${version}`);
}

/** The command that installs `packages` with the project's package manager. */
export function installCommand(cwd: string, packages: string[]): string[] {
  const manager = MANAGERS.find(({ lock }) => existsSync(join(cwd, lock)));
  return [...(manager?.command ?? ["npm", "install", "--save-dev"]), ...packages];
}

/** Runs it; gives whether it went well. */
export async function install(cwd: string, [program = "npm", ...args]: string[]): Promise<boolean> {
  const child = spawn(program, args, { cwd, stdio: ["ignore", "ignore", "inherit"], shell: process.platform === "win32" });
  return new Promise((resolve) => {
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
  });
}

function isInstalled(name: string, cwd: string): boolean {
  try {
    createRequire(join(cwd, "package.json")).resolve(name);
    return true;
  } catch {
    return false;
  }
}
