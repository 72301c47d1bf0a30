// The packages that a project needs beside schemagen, and the package manager that installs them.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ProposedOutput } from "../detect/propose.js";

/** What a package manager calls things. */
interface Manager {
  /** The files that it is known by. */
  marks: string[];
  add: string[];
  dev: string;
  /** Said to install at the root of a workspace. */
  root: string[];
  /** What runs a package's command. */
  exec: string;
}

const NPM: Manager = { marks: ["package-lock.json"], add: ["npm", "install"], dev: "--save-dev", root: [], exec: "npx" };
const MANAGERS: Manager[] = [
  { marks: ["pnpm-lock.yaml", "pnpm-workspace.yaml"], add: ["pnpm", "add"], dev: "--save-dev", root: ["--workspace-root"], exec: "pnpm exec" },
  { marks: ["yarn.lock"], add: ["yarn", "add"], dev: "--dev", root: [], exec: "yarn" },
  { marks: ["bun.lock", "bun.lockb"], add: ["bun", "add"], dev: "--dev", root: [], exec: "bunx" },
  NPM,
];

/** A command, and the folder to run it in, relative to the project. */
export interface InstallCommand {
  folder: string;
  command: string[];
}

/** The commands that install what the outputs and `verify` need and the project does not have. */
export function installCommands(cwd: string, outputs: ProposedOutput[]): InstallCommand[] {
  const manager = managerOf(cwd);
  const at = (folder: string, words: string[]): InstallCommand => {
    const isWorkspaceRoot = folder === "." && existsSync(join(cwd, "pnpm-workspace.yaml"));
    return { folder, command: [...manager.add, ...(isWorkspaceRoot ? manager.root : []), ...words] };
  };
  const commands = new Map<string, InstallCommand>();
  for (const { target, out, options } of outputs) {
    const wanted = importedBy(target, options);
    const folder = packageFolder(cwd, out);
    if (wanted === undefined || isInstalled(wanted.replace(/@.*/, ""), join(cwd, folder))) continue;
    const { command } = commands.get(folder) ?? at(folder, []);
    commands.set(folder, { folder, command: [...command, wanted] });
  }
  const tools = [
    ...(isPresent("schemagen", cwd) ? [] : ["schemagen"]),
    ...(isInstalled("@electric-sql/pglite", cwd) ? [] : ["@electric-sql/pglite@0.5.14"]),
  ];
  return [...commands.values(), ...(tools.length > 0 ? [at(".", [manager.dev, ...tools])] : [])];
}

/** The package that the code of a target imports, as npm is asked for it. */
function importedBy(target: string, options: ProposedOutput["options"]): string | undefined {
  if (target === "zod") return options?.zod === "3" ? "zod@^3" : "zod@^4";
  return target === "drizzle" ? "drizzle-orm" : undefined;
}

/** Whether a package lies in a node_modules that `folder` sees. */
function isPresent(name: string, folder: string): boolean {
  const above = dirname(folder);
  return existsSync(join(folder, "node_modules", name)) || (above !== folder && isPresent(name, above));
}

/** The nearest folder at or above a file that has a package.json, relative to the project; the project's own if none has. */
function packageFolder(cwd: string, file: string): string {
  let folder = dirname(file);
  while (folder !== "." && !existsSync(join(cwd, folder, "package.json"))) folder = dirname(folder);
  return folder;
}

/** What runs a package's command in the project: `npx`, `pnpm exec`, … */
export function runner(cwd: string): string {
  return managerOf(cwd).exec;
}

/** Runs one; gives whether it went well. */
export async function install(cwd: string, [program = "npm", ...args]: string[]): Promise<boolean> {
  const child = spawn(program, args, { cwd, stdio: ["ignore", "ignore", "inherit"], shell: process.platform === "win32" });
  return new Promise((resolve) => {
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
  });
}

function managerOf(cwd: string): Manager {
  return MANAGERS.find(({ marks }) => marks.some((mark) => existsSync(join(cwd, mark)))) ?? NPM;
}

function isInstalled(name: string, folder: string): boolean {
  try {
    createRequire(join(folder, "package.json")).resolve(name);
    return true;
  } catch {
    return false;
  }
}
