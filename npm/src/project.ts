// A project: its inputs, what they compile to, what that does to the disk. In: a configuration. Out: results to show.
// The command line, watching and the bundler plugin all go through it. Prints nothing.

import { dirname, resolve } from "node:path";
import { compile, explain, statements } from "./compiler/node.js";
import type { SchemaEntry } from "./config.js";
import { findConfig, loadConfig } from "./config-file.js";
import { UserError } from "./errors.js";
import { expand, readSources } from "./inputs.js";
import type { CheckOptions, Diagnostic, OutputFile, SourceFile, StatementsResult } from "./types.js";
import { apply, plan, type Plan } from "./write.js";

/** What compiling all schemas of a project gave. */
export interface Compilation {
  ok: boolean;
  outputs: OutputFile[];
  /** All sources, for frames of their text. */
  files: SourceFile[];
  diagnostics: Diagnostic[];
}

/** A schema as statements, with what is needed to find their places. */
export interface Program extends StatementsResult {
  files: SourceFile[];
  options: CheckOptions;
}

/** Where to look for a project. */
export interface ProjectOptions {
  /** The folder that paths are shown relative to. */
  cwd: string;
  /** The configuration, if it is not to be searched for. */
  config?: string | undefined;
  /** Whether the configuration is read anew, past the module cache. */
  fresh?: boolean;
}

/** Opens the project of `options.cwd`. */
export async function openProject(options: ProjectOptions): Promise<Project> {
  const file = options.config === undefined ? findConfig(options.cwd) : resolve(options.cwd, options.config);
  if (file === undefined) {
    throw new UserError("there is no schemagen.config.{ts,js,mjs,json,yaml} here or in a folder above", {
      help: "write one with `schemagen init`, or name files: `schemagen compile FILE… --target sql`",
    });
  }
  const { schemas } = await loadConfig(file, { cwd: options.cwd, fresh: options.fresh ?? false });
  for (const code of schemas.flatMap((schema) => Object.keys(schema.options.severities ?? {}))) {
    if (explain(code) === undefined) {
      throw new UserError(`\`severities\` names the code \`${code}\`, which does not exist`, {
        help: "list all codes with `schemagen explain`",
      });
    }
  }
  return new Project(dirname(file), file, schemas, options.cwd);
}

/** The schemas of one configuration. */
export class Project {
  /** The folder of the configuration, which nothing is written outside of. */
  readonly root: string;
  /** The configuration; none for files that were named. */
  readonly configFile: string | undefined;
  readonly schemas: SchemaEntry[];
  /** The folder that paths are shown relative to. */
  readonly cwd: string;

  constructor(root: string, configFile: string | undefined, schemas: SchemaEntry[], cwd: string) {
    this.root = root;
    this.configFile = configFile;
    this.schemas = schemas;
    this.cwd = cwd;
  }

  /** A project without a configuration: one schema, made of `files`. */
  static ofFiles(files: string[], cwd: string, entry: Partial<SchemaEntry> = {}): Project {
    return new Project(cwd, undefined, [{ targets: [], options: {}, ...entry, files }], cwd);
  }

  /** The sources of each schema. */
  async sources(): Promise<{ entry: SchemaEntry; files: SourceFile[] }[]> {
    return Promise.all(
      this.schemas.map(async (entry) => {
        const named = entry.files.filter((file) => file !== "-");
        const paths = [...(named.length < entry.files.length ? ["-"] : []), ...expand(named, this.root)];
        return { entry, files: await readSources(paths, this.cwd) };
      }),
    );
  }

  /** Compiles every schema to its targets. Without `ok` there are no outputs of any. */
  async compile(): Promise<Compilation> {
    const all: Compilation = { ok: true, outputs: [], files: [], diagnostics: [] };
    for (const { entry, files } of await this.sources()) {
      const result = compile(files, { ...entry.options, targets: entry.targets });
      all.ok &&= result.ok;
      all.outputs.push(...result.files);
      all.files.push(...files);
      all.diagnostics.push(...result.diagnostics);
    }
    if (!all.ok) all.outputs = [];
    return all;
  }

  /** Every schema as SQL statements. */
  async programs(): Promise<Program[]> {
    return (await this.sources()).map(({ entry, files }) => ({
      ...statements(files, entry.options),
      files,
      options: entry.options,
    }));
  }

  /** What writing `outputs` would do to the disk. */
  plan(outputs: OutputFile[], options: { force?: boolean }): Plan {
    return plan(this.root, outputs, { ...options, tidy: this.configFile !== undefined });
  }

  /** Does it: all or nothing. */
  write(plan: Plan): void {
    apply(plan, { tidy: this.configFile !== undefined });
  }
}
