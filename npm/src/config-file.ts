// Finds the configuration file and loads it. In: a folder or a path. Out: the schemas that it asks for. The loaders
// of YAML and TypeScript are imported only for files that need them.

import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readConfig, type SchemaEntry } from "./config.js";
import { fileError, UserError } from "./errors.js";

/** A configuration that was loaded. */
export interface LoadedConfig {
  /** Its absolute path; none where files were named instead. */
  file: string | undefined;
  schemas: SchemaEntry[];
  /** The modules of the project that it imports, absolute. */
  imports: string[];
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
  const [first, second] = CONFIG_NAMES.filter((name) => existsSync(resolve(folder, name)));
  if (first !== undefined && second !== undefined) {
    throw new UserError(`there are two configurations in ${folder}: ${first} and ${second}`, {
      help: "remove one, or name one with `--config`",
    });
  }
  return first === undefined ? undefined : resolve(folder, first);
}

/** Loads the configuration `file` as it is now. */
export async function loadConfig(file: string, cwd: string): Promise<LoadedConfig> {
  const name = relative(cwd, file) || basename(file);
  const { value, imports = [] } = await load(file, name);
  return { file, schemas: readConfig(value, name), imports };
}

/** What a configuration holds, and the modules that it imports. */
interface Loaded {
  value: unknown;
  imports?: string[];
}

async function load(file: string, name: string): Promise<Loaded> {
  const text = read(file, name);
  switch (extname(file)) {
    case ".json":
      return { value: parse(name, () => JSON.parse(text)) };
    case ".yaml":
    case ".yml": {
      const { load } = await import("js-yaml");
      return { value: parse(name, () => load(text)) };
    }
    case ".js":
    case ".mjs":
    case ".ts":
    case ".mts":
      return run(file, text, name);
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

/** Runs a module, and those of the project that it imports, past every cache: they may have changed. */
async function run(file: string, text: string, name: string): Promise<Loaded> {
  try {
    const { createJiti } = await import("jiti");
    const here = fileURLToPath(import.meta.url);
    const jiti = createJiti(here, { moduleCache: false, interopDefault: false, alias: { schemagen: resolve(dirname(here), "index.js") } });
    const cache = {};
    const loaded = (await jiti.evalModule(text, { filename: file, ext: extname(file), async: true, cache })) as object;
    const imports = Object.keys(cache).filter((path) => path !== file && !/[\\/]node_modules[\\/]/.test(path));
    return { value: await ("default" in loaded ? loaded.default : loaded), imports };
  } catch (cause) {
    const at = cause instanceof Error ? cause.stack?.split("\n").find((line) => line.includes(basename(file))) : undefined;
    const where = at === undefined ? "" : `\n  ${at.trim()}`;
    throw new UserError(`the configuration ${name} failed: ${cause instanceof Error ? cause.message : String(cause)}${where}`, {
      cause,
    });
  }
}
