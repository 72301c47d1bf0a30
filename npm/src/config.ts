// The configuration as data: its types, its short forms, and what is wrong with one. In: what a configuration
// file holds. Out: schemas to compile, normalised. Knows no files; `config-file.ts` finds and loads them.

import { UserError } from "./errors.js";
import type { CheckOptions, TargetRequest } from "./types.js";

/** One output: a target's name, or a target with its place and options. */
export type Output = string | TargetRequest;

/** One schema: its files and what is made of them. */
export interface SchemaConfig extends CheckOptions {
  /** Files, folders or globs, relative to the configuration. */
  files: string | string[];
  /** What to write. */
  outputs: Output[];
}

/** The configuration: one schema, or several that may share options. */
export type Config = (SchemaConfig | (CheckOptions & { schemas: SchemaConfig[] })) & {
  /** The JSON Schema of this file, for editors. */
  $schema?: string;
};

/** Gives editors the type of a configuration in TypeScript or JavaScript. */
export function defineConfig(config: Config): Config {
  return config;
}

/** How `out` begins where an output is no file of the project but a module of the bundler's. */
export const VIRTUAL = "virtual:schemagen/";

/** Where the texts of virtual modules are kept, relative to the configuration. */
const VIRTUAL_FOLDER = ".schemagen/virtual";

/** Where the text of the virtual module `name` is kept, relative to the configuration. */
export function virtualPath(name: string): string {
  return `${VIRTUAL_FOLDER}/${name}.ts`;
}

/** Whether an output is a virtual module. */
export function isVirtual({ out }: TargetRequest): boolean {
  return out?.startsWith(`${VIRTUAL_FOLDER}/`) === true;
}

/** A schema to compile, with every short form written out. */
export interface SchemaEntry {
  files: string[];
  targets: TargetRequest[];
  options: CheckOptions;
}

/** The schemas that `value`, read from the file called `name`, asks for. */
export function readConfig(value: unknown, name: string): SchemaEntry[] {
  const problems: string[] = [];
  const root = record(value, "the configuration", problems);
  const shared = root === undefined ? {} : checkOptions(root, "", problems);
  let entries: SchemaEntry[] = [];
  if (root && "schemas" in root) {
    unknownKeys(root, ["$schema", "schemas", ...OPTION_KEYS], "", problems);
    const list = array(root.schemas, "schemas", problems);
    entries = list.map((item, index) => schemaEntry(item, `schemas[${index}]`, shared, problems));
    if (list.length === 0 && problems.length === 0) problems.push("`schemas` is empty: add a schema");
  } else if (root) {
    entries = [schemaEntry(root, "", shared, problems)];
  }
  if (problems.length > 0) {
    throw new UserError(`the configuration ${name} is not valid:\n${problems.map((line) => `  - ${line}`).join("\n")}`);
  }
  return entries;
}

const OPTION_KEYS = ["targetVersion", "exposedSchemas", "severities"];
const LEVELS = ["off", "note", "warning", "error"];
/** The major versions of PostgreSQL that `targetVersion` may name; the JSON Schema of the configuration says the same. */
const VERSIONS = { oldest: 12, newest: 18 };

function schemaEntry(value: unknown, at: string, shared: CheckOptions, problems: string[]): SchemaEntry {
  const entry: SchemaEntry = { files: [], targets: [], options: shared };
  const fields = record(value, at, problems);
  if (fields === undefined) return entry;
  unknownKeys(fields, ["files", "outputs", ...(at === "" ? ["$schema", "schemas"] : []), ...OPTION_KEYS], at, problems);
  entry.files = texts(fields.files, path(at, "files"), problems);
  entry.targets = array(fields.outputs, path(at, "outputs"), problems).map((output, index) =>
    targetRequest(output, `${path(at, "outputs")}[${index}]`, problems),
  );
  if (at !== "") entry.options = { ...shared, ...checkOptions(fields, at, problems) };
  return entry;
}

function targetRequest(value: unknown, at: string, problems: string[]): TargetRequest {
  if (typeof value === "string") return { target: value };
  const request: TargetRequest = { target: "" };
  const fields = record(value, at, problems, "a target's name or a map");
  if (fields === undefined) return request;
  unknownKeys(fields, ["target", "out", "options"], at, problems);
  request.target = text(fields.target, path(at, "target"), problems) ?? "";
  if (fields.out !== undefined) request.out = place(text(fields.out, path(at, "out"), problems) ?? "", path(at, "out"), problems);
  if (fields.options !== undefined) request.options = data(record(fields.options, path(at, "options"), problems) ?? {}, path(at, "options"), problems);
  return request;
}

function place(out: string, at: string, problems: string[]): string {
  if (!out.startsWith(VIRTUAL)) return out;
  const name = out.slice(VIRTUAL.length);
  if (!/^\w[\w-]*(\/\w[\w-]*)*$/.test(name)) {
    problems.push(`\`${at}\` must be ${VIRTUAL} and a name of letters, digits, \`-\`, \`_\` and \`/\``);
  }
  return virtualPath(name);
}

function checkOptions(fields: Record<string, unknown>, at: string, problems: string[]): CheckOptions {
  const options: CheckOptions = {};
  if (fields.targetVersion !== undefined) {
    const version = fields.targetVersion as number;
    if (Number.isInteger(version) && version >= VERSIONS.oldest && version <= VERSIONS.newest) options.targetVersion = version;
    else problems.push(`\`${path(at, "targetVersion")}\` must be a major version of PostgreSQL, from ${VERSIONS.oldest} to ${VERSIONS.newest}`);
  }
  if (fields.exposedSchemas !== undefined) {
    options.exposedSchemas = texts(fields.exposedSchemas, path(at, "exposedSchemas"), problems);
  }
  if (fields.severities !== undefined) {
    const severities = record(fields.severities, path(at, "severities"), problems) ?? {};
    for (const [code, level] of Object.entries(severities)) {
      if (!LEVELS.includes(level as string)) {
        problems.push(`\`${path(at, "severities")}.${code}\` must be one of ${LEVELS.join(", ")}`);
      }
    }
    options.severities = severities as NonNullable<CheckOptions["severities"]>;
  }
  return options;
}

function record(
  value: unknown,
  at: string,
  problems: string[],
  kind = "a map",
): Record<string, unknown> | undefined {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  problems.push(`${quoted(at)} must be ${kind}, not ${kindOf(value)}`);
  return undefined;
}

/** A map as JSON would hold it; what JSON cannot hold, which code may give, is a problem. */
function data(map: Record<string, unknown>, at: string, problems: string[]): Record<string, unknown> {
  const refuse = (_: string, value: unknown): unknown => {
    const isLost = typeof value === "number" ? !Number.isFinite(value) : ["function", "symbol"].includes(typeof value);
    if (isLost) throw new TypeError("JSON would leave it out");
    return value;
  };
  try {
    return JSON.parse(JSON.stringify(map, refuse)) as Record<string, unknown>;
  } catch {
    problems.push(`\`${at}\` must hold texts, numbers, booleans, lists and maps only`);
    return {};
  }
}

function array(value: unknown, at: string, problems: string[]): unknown[] {
  if (Array.isArray(value)) return value;
  problems.push(value === undefined ? `\`${at}\` is missing` : `\`${at}\` must be a list, not ${kindOf(value)}`);
  return [];
}

function text(value: unknown, at: string, problems: string[]): string | undefined {
  if (typeof value === "string") return value;
  problems.push(value === undefined ? `\`${at}\` is missing` : `\`${at}\` must be a text, not ${kindOf(value)}`);
  return undefined;
}

function texts(value: unknown, at: string, problems: string[]): string[] {
  if (typeof value === "string") return [value];
  return array(value, at, problems).flatMap((item, index) => text(item, `${at}[${index}]`, problems) ?? []);
}

function unknownKeys(fields: Record<string, unknown>, known: string[], at: string, problems: string[]): void {
  for (const key of Object.keys(fields).filter((key) => !known.includes(key))) {
    const close = known.find((word) => word.toLowerCase().replace(/s$/, "") === key.toLowerCase().replace(/[_-]|s$/g, ""));
    const hint = close === undefined ? `known are ${known.filter((word) => word !== "$schema").join(", ")}` : `did you mean \`${close}\`?`;
    problems.push(`unknown key \`${path(at, key)}\`: ${hint}`);
  }
}

function path(at: string, key: string): string {
  return at === "" ? key : `${at}.${key}`;
}

function quoted(at: string): string {
  return at === "" || at.startsWith("the ") ? at || "the configuration" : `\`${at}\``;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a map" : `a ${typeof value}`;
}
