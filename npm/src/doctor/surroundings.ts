// Checks of what surrounds the project: packages, Git, TypeScript, formatters, editors, bundlers, CI. In: a set-up.
// Out: a verdict, or none where the check does not apply. Formatters and Git are asked themselves: only they know what
// they ignore.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { createFilesMatcher, parseTsconfig } from "get-tsconfig";
import { EXTENSION_PACKAGES } from "../db/packages.js";
import { extensionsOf } from "../db/apply.js";
import { inPart } from "../detect/parts.js";
import { installedVersion, list, madeFiles, OWN_FOLDER, type Setup } from "./setup.js";
import { error, ok, type Verdict, warn } from "./verdict.js";

/** There is one schemagen, and all parts of the project use it. */
export function oneVersion({ root, own, detected }: Setup): Verdict {
  const folders = detected.parts.map(({ folder }) => join(root, folder));
  const versions = new Set([own.version, ...folders.flatMap((folder) => installedVersion("schemagen", folder) ?? [])]);
  return versions.size === 1
    ? ok(`schemagen ${own.version}`)
    : warn(`there are the versions ${[...versions].sort().join(", ")}`, "install one version in all parts of the project, and run that one: `npx schemagen`");
}

/** `verify` has a PostgreSQL to ask, with the extensions that the schema creates. */
export async function verifyPackages({ root, project, compilation }: Setup): Promise<Verdict | undefined> {
  if (project === undefined || !compilation?.ok) return undefined;
  const installed = (name: string): string | undefined => installedVersion(name, root) ?? installedVersion(name, OWN_FOLDER);
  const version = installed(PGLITE);
  if (version === undefined) {
    return installed("pg") === undefined
      ? warn("no PostgreSQL to verify on is installed", `npm install --save-dev ${PGLITE}@${PGLITE_VERSION}`)
      : ok("pg is installed: `schemagen verify --db URL`");
  }
  if (version !== PGLITE_VERSION) return warn(`PGlite ${version} is installed`, `npm install --save-dev ${PGLITE}@${PGLITE_VERSION}`);
  const programs = await project.programs();
  const extensions = extensionsOf(programs.flatMap(({ statements }) => statements.map(({ sql }) => sql)));
  const missing = extensions.flatMap((name) => EXTENSION_PACKAGES[name] ?? []).find(({ name }) => installed(name) === undefined);
  return missing === undefined
    ? ok(`PGlite ${version}`)
    : warn(`the package ${missing.name} is not installed, whose extension the schema creates`, `npm install --save-dev ${missing.name}@${missing.version}`);
}

const PGLITE = "@electric-sql/pglite";
const PGLITE_VERSION = "0.5.14";

/** The zod that is installed is the one that the generated code is written for. */
export function zodVersion({ root, project }: Setup): Verdict | undefined {
  const requests = project?.schemas.flatMap(({ targets }) => targets).filter(({ target }) => target === "zod") ?? [];
  if (requests.length === 0) return undefined;
  for (const { out = "zod.ts", options = {} } of requests) {
    const wanted = options.zod === "3" ? "3" : "4";
    const version = installedVersion("zod", dirname(resolve(root, out)));
    if (version === undefined) return error(`zod is not installed, which \`${out}\` imports`, `npm install zod@^${wanted}`);
    if (!version.startsWith(`${wanted}.`)) {
      const other = version.split(".", 1)[0] === "3" ? 'set its option `zod` to "3"' : "remove its option `zod`";
      return error(`\`${out}\` is written for zod ${wanted}, but zod ${version} is installed`, `npm install zod@^${wanted}, or ${other}`);
    }
  }
  return ok("the installed zod is the one that the code is written for");
}

/** Git does not hide what is generated. */
export function gitIgnores(setup: Setup): Verdict | undefined {
  const paths = madeFiles(setup).map(({ path }) => path);
  if (paths.length === 0) return undefined;
  const git = spawnSync("git", ["check-ignore", "--", ...paths], { cwd: setup.root, encoding: "utf8" });
  if (git.status === 1) return ok("none is ignored");
  const ignored = git.status === 0 ? git.stdout.split("\n").filter((line) => line !== "") : [];
  return ignored.length === 0 // Not a repository, or no Git.
    ? undefined
    : warn(`Git ignores ${list(ignored)}`, "commit generated files, so that reviews show what a change does; or generate before every build");
}

/** TypeScript checks what is generated. */
export function tsconfig(setup: Setup): Verdict | undefined {
  const { root } = setup;
  const modules = madeFiles(setup).map(({ path }) => path).filter((path) => path.endsWith(".ts"));
  for (const path of modules) {
    const configs = tsconfigsAbove(resolve(root, path), root);
    const included = configs.some((config) => {
      try {
        return createFilesMatcher({ path: config, config: parseTsconfig(config) })(resolve(root, path)) !== undefined;
      } catch {
        return true; // TypeScript says what is wrong with it.
      }
    });
    if (configs.length > 0 && !included) {
      const names = configs.map((config) => relative(root, config)).join(", ");
      return warn(`${names} does not include \`${path}\``, "add it to `include`");
    }
    if (configs.length === 0) return undefined;
  }
  return modules.length === 0 ? undefined : ok("includes what is generated");
}

/** The `tsconfig*.json` of the nearest folder that has any. */
function tsconfigsAbove(path: string, root: string): string[] {
  for (let at = dirname(path); ; at = dirname(at)) {
    const names = existsSync(at) ? readdirSync(at).filter((name) => /^tsconfig[\w.-]*\.json$/.test(name)) : [];
    if (names.length > 0) return names.map((name) => join(at, name));
    if (at === root || dirname(at) === at) return [];
  }
}

/** A program that rewrites or judges code, asked about what is generated; exit code 1 says that it would change it. */
export function formatter(name: string, args: string[], ignore: (paths: string[]) => string): (setup: Setup) => Verdict | undefined {
  return (setup) => {
    const made = madeFiles(setup).filter(({ path, before }) => path.endsWith(".ts") && before !== undefined);
    const paths = made.map(({ path }) => path);
    const program = join(setup.root, "node_modules/.bin", name);
    if (paths.length === 0 || !existsSync(program)) return undefined;
    const isCommand = process.platform === "win32";
    const disturbed = paths.filter(
      (path) => spawnSync(program, [...args, path], { cwd: setup.root, stdio: "ignore", timeout: 60_000, shell: isCommand }).status === 1,
    );
    return disturbed.length === 0 ? ok("leaves what is generated alone") : warn(`it does not like ${list(disturbed)}`, ignore(disturbed));
  };
}

/** Editors complete and check the schema files. */
export function editor({ cwd, root, sources, detected }: Setup): Verdict | undefined {
  const yaml = sources?.filter(({ name }) => /\.ya?ml$/.test(name)) ?? [];
  if (yaml.length === 0 || detected.tree.read(".vscode/settings.json")?.includes("schemagen")) return undefined;
  const line = "# yaml-language-server: $schema=";
  for (const { name, text } of yaml) {
    const head = (typeof text === "string" ? text : new TextDecoder().decode(text)).slice(0, 2000);
    const schema = /^#\s*yaml-language-server:\s*\$schema=(\S+)/m.exec(head)?.[1];
    const to = relative(dirname(resolve(cwd, name)), join(root, "node_modules/schemagen/dist/schema.json")).replaceAll("\\", "/");
    if (schema === undefined) return warn(`editors do not know what \`${name}\` is`, `begin it with: ${line}${to}`);
    if (!/^\w+:/.test(schema) && !existsSync(resolve(dirname(resolve(cwd, name)), schema))) {
      return warn(`\`${name}\` names a JSON Schema that is not there: ${schema}`, schema.replace(/^\.\//, "") === to ? "npm install --save-dev schemagen" : `begin it with: ${line}${to}`);
    }
  }
  return ok("schema files name their JSON Schema");
}

/** Vite generates on every save. */
export function vitePlugin({ detected }: Setup): Verdict | undefined {
  const parts = detected.parts.filter(({ folder }) => detected.found.some((tool) => tool.name === "vite" && tool.folder === folder));
  const configs = parts.flatMap((part) => part.files.filter((path) => /^vite\.config\.[cm]?[jt]s$/.test(path)).map((path) => inPart(part, path)));
  if (configs.length === 0) return undefined;
  return configs.some((path) => detected.tree.read(path)?.includes("schemagen/vite"))
    ? ok("generates on every save")
    : warn(`\`${configs[0]}\` does not have it`, 'import schemagen from "schemagen/vite", and add schemagen() to `plugins`');
}

/** CI refuses a change whose generated files are not what the schema says. */
export function ci({ detected: { tree } }: Setup): Verdict | undefined {
  const pipelines = tree.files.filter((path) => CI.test(path));
  if (pipelines.length === 0) return undefined;
  const scripts = tree.files.filter((path) => /(^|\/)(package\.json|Makefile|justfile|Taskfile\.ya?ml)$/.test(path));
  return [...pipelines, ...scripts].some((path) => /schemagen[^\n]*--check\b/.test(tree.read(path) ?? ""))
    ? ok("checks what is generated")
    : warn(`${list(pipelines)} does not check what is generated`, "add the step: npx schemagen generate --check");
}

const CI = /^(\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.circleci\/config\.ya?ml|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml)$/;
