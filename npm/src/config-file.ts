// Finds the configuration file and loads it. In: a folder or a path. Out: the schemas that it asks for. The loaders
// of YAML and TypeScript are imported only for files that need them.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, extname, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readConfig, type SchemaEntry } from "./config.js";
import { fileError, UserError } from "./errors.js";

/** A configuration that was loaded. */
export interface LoadedConfig {
  /** Its absolute path. */
  file: string;
  schemas: SchemaEntry[];
}

/** The names that a configuration may have. */
export const CONFIG_NAMES = ["ts", "mts", "js", "mjs", "json", "yaml", "yml"].map((end) => `schemagen.config.${end}`);

/** The configuration of `cwd`: there or in the nearest folder above. */
export function findConfig(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = configIn(folder);
    if (found !== undefined || dirname(folder) === folder) return found;
  }
}

/** The configuration that lies in `folder`. */
export function configIn(folder: string): string | undefined {
  const present = new Set(existsSync(folder) ? readdirSync(folder) : []);
  const [first, second] = CONFIG_NAMES.filter((name) => present.has(name));
  if (first !== undefined && second !== undefined) {
    throw new UserError(`there are two configurations in ${folder}: ${first} and ${second}`, {
      help: "remove one, or name one with `--config`",
    });
  }
  return first === undefined ? undefined : resolve(folder, first);
}

/** Loads the configuration `file`. `fresh` reads it anew, past the module cache. */
export async function loadConfig(file: string, options: { cwd: string; fresh?: boolean }): Promise<LoadedConfig> {
  const name = relative(options.cwd, file) || basename(file);
  return { file, schemas: readConfig(await load(file, name, options.fresh ?? false), name) };
}

async function load(file: string, name: string, fresh: boolean): Promise<unknown> {
  const extension = extname(file).slice(1);
  switch (extension) {
    case "json":
      return parse(name, () => JSON.parse(read(file, name)));
    case "yaml":
    case "yml": {
      const { load } = await import("js-yaml");
      return parse(name, () => load(read(file, name)));
    }
    case "js":
    case "mjs":
    case "ts":
    case "mts":
      read(file, name);
      return run(file, name, fresh);
    default:
      throw new UserError(`\`${name}\` is no configuration: its name must end in .ts, .js, .mjs, .json or .yaml`);
  }
}

function read(file: string, name: string): string {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw fileError(error, "read the configuration", name);
  }
}

function parse(name: string, run: () => unknown): unknown {
  try {
    return run();
  } catch (cause) {
    throw new UserError(`cannot read the configuration ${name}: ${(cause as Error).message}`, { cause });
  }
}

async function run(file: string, name: string, fresh: boolean): Promise<unknown> {
  try {
    if (/\.m?ts$/.test(file)) {
      const { createJiti } = await import("jiti");
      const here = fileURLToPath(import.meta.url);
      const jiti = createJiti(here, { moduleCache: !fresh, alias: { schemagen: resolve(dirname(here), "index.js") } });
      return await jiti.import(file, { default: true });
    }
    const url = pathToFileURL(file).href;
    const loaded = (await import(fresh ? `${url}?${Date.now()}` : url)) as { default?: unknown };
    return await loaded.default;
  } catch (cause) {
    const at = cause instanceof Error ? cause.stack?.split("\n").find((line) => line.includes(basename(file))) : undefined;
    const where = at === undefined ? "" : `\n  ${at.trim()}`;
    throw new UserError(`the configuration ${name} failed: ${cause instanceof Error ? cause.message : String(cause)}${where}`, {
      cause,
    });
  }
}
