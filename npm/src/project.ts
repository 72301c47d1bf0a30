// A project: its inputs, what they compile to, what that does to the disk. In: a configuration. Out: results to show.
// The command line, watching, the bundler plugin and the language server all go through it. Prints nothing.

import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import type { Workspace } from "./compiler/api.js";
import { check, createWorkspace, explain, render as renderFindings, statements, targets } from "./compiler/node.js";
import { compilerIdentity } from "./compiler/wasm-file.js";
import { isVirtual, type SchemaEntry } from "./config.js";
import { CONFIG_NAMES, configIn, findConfig, type LoadedConfig, loadConfig } from "./config-file.js";
import { UserError } from "./errors.js";
import { expand, inputBases, isInput, readSources } from "./inputs.js";
import { findRendering, type Manifest, readManifest, withRendering } from "./manifest.js";
import { stampAt } from "./stamp.js";
import { isTemplateFile, resolved, templateFolders, templateInputs, templatesIn } from "./templates.js";
import type { CheckOptions, Diagnostic, Format, OutputFile, RenderOptions, SourceFile, StatementsResult } from "./types.js";
import { apply, plan, type Plan, planOfLastRun, replaceManifest } from "./write.js";

/** What there is to say about all schemas of a project. */
export interface Verdict {
  ok: boolean;
  /** All sources, for frames of their text. */
  files: SourceFile[];
  diagnostics: Diagnostic[];
}

/** What compiling all schemas of a project gave. */
export interface Compilation extends Verdict {
  outputs: OutputFile[];
}

/** What generating did. */
export interface Generation extends Verdict {
  plan: Plan;
  /** Whether the plan was carried out. */
  written: boolean;
  /** All diagnostics as text. What a former run with the same inputs was asked for is not made again. */
  render(format: Format, options: RenderOptions): string;
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
}

interface Schema {
  entry: SchemaEntry;
  files: SourceFile[];
  /** The templates of its outputs that are the user's own. */
  templates: SourceFile[];
}

/** What was compiled ahead of being asked for. */
interface Ahead {
  /** What `stamps` gave before anything was read. */
  stamps: Map<string, string>;
  sources: Schema[];
  /** Their fingerprint. */
  inputs: string;
  compiled: Compilation;
}

/** Opens the project of `options.cwd`. */
export async function openProject(options: ProjectOptions): Promise<Project> {
  const file = options.config === undefined ? findConfig(options.cwd) : resolve(options.cwd, options.config);
  if (file === undefined) {
    throw new UserError("there is no schemagen.config.{ts,js,mjs,json,yaml} here or in a folder above", {
      help: "write one with `schemagen init`, or name files: `schemagen compile FILE… --target sql`",
    });
  }
  return new Project(dirname(file), await loadConfig(file, options.cwd), options);
}

/** The schemas of one configuration. */
export class Project {
  /** The folder of the configuration, which nothing is written outside of. */
  readonly root: string;
  /** The configuration; none for files that were named. */
  readonly configFile: string | undefined;
  /** The modules that the configuration imports, absolute. */
  readonly configImports: string[];
  readonly schemas: SchemaEntry[];
  /** The folder that paths are shown relative to. */
  readonly cwd: string;
  readonly #options: ProjectOptions;
  /** What was read of each schema's sources, so that the next compilation reads only what changed. */
  #workspaces: Workspace[] = [];
  #ahead: Ahead | undefined;

  constructor(root: string, { file, schemas, imports }: LoadedConfig, options: ProjectOptions) {
    this.root = root;
    this.configFile = file;
    this.configImports = imports;
    this.schemas = schemas;
    this.cwd = options.cwd;
    this.#options = options;
  }

  /** A project without a configuration: one schema, made of `files`. */
  static ofFiles(files: string[], cwd: string, entry: Partial<SchemaEntry> = {}): Project {
    return new Project(cwd, { file: undefined, schemas: [{ targets: [], options: {}, ...entry, files }], imports: [] }, { cwd });
  }

  /**
   * The project as its configuration is now. Where the configuration was searched for, it
   * may have another name by now, but it is not searched for in other folders: they may hold a project of their own.
   */
  async reload(): Promise<Project> {
    const file = this.#options.config === undefined ? configIn(this.root) : this.configFile;
    if (file === undefined) throw new UserError(`the configuration is gone from ${this.root}`);
    const project = new Project(this.root, await loadConfig(file, this.cwd), this.#options);
    project.#workspaces = this.#workspaces;
    return project;
  }

  /** The sources of each schema. */
  async sources(): Promise<Schema[]> {
    const outputs = this.#outputs();
    return Promise.all(
      this.schemas.map(async (entry) => {
        const named = entry.files.filter((file) => file !== "-");
        const stdin = named.length < entry.files.length ? ["-"] : [];
        const found = named.length === 0 && stdin.length > 0 ? [] : expand(named, this.root, outputs);
        const targets = entry.targets.map((target) => resolved(target, this.root, this.cwd));
        const templates = templateFolders(entry.targets, this.root).flatMap(templatesIn);
        return {
          entry: { ...entry, targets },
          files: await readSources([...stdin, ...found], this.cwd),
          templates: await readSources([...new Set(templates)], this.cwd),
        };
      }),
    );
  }

  /** What there is to say about every schema. */
  async check(): Promise<Verdict> {
    this.#validate();
    const all: Verdict = { ok: true, files: [], diagnostics: [] };
    for (const { entry, files } of await this.sources()) {
      const { ok, diagnostics } = check(files, entry.options);
      all.ok &&= ok;
      all.files = all.files.concat(files);
      all.diagnostics = all.diagnostics.concat(diagnostics);
    }
    return all;
  }

  /** Compiles every schema to its targets. Without `ok` there are no outputs of any. */
  async compile(): Promise<Compilation> {
    return this.#compile(await this.sources(), { provenance: true });
  }

  /**
   * Compiles, and writes what changed: everything, or, where there are errors or refusals, nothing. If neither the
   * inputs nor what was written changed since the last time, nothing is compiled: the manifest knows the answer.
   */
  async generate(options: { force?: boolean; write?: boolean } = {}): Promise<Generation> {
    const ahead = this.#takeAhead();
    const sources = ahead?.sources ?? (await this.sources());
    const inputs = ahead?.inputs ?? fingerprint(sources);
    const manifest = readManifest(this.root);
    const isKnown = manifest.inputs === inputs;
    const same = isKnown ? planOfLastRun(this.root, manifest) : undefined;
    if (same !== undefined) {
      const files = sources.flatMap((schema) => [...schema.files, ...schema.templates]);
      const again = (): Diagnostic[] => this.#compile(sources, { provenance: false }).diagnostics;
      return this.#generation({ ok: true, files, diagnostics: manifest.diagnostics }, same, options.write !== false, manifest, again);
    }
    const { outputs, ...verdict } = ahead?.compiled ?? this.#compile(sources, { provenance: false });
    const planned = plan(this.root, outputs, { force: options.force === true, tidy: true });
    const written = verdict.ok && planned.refusals.length === 0 && options.write !== false;
    const made = { inputs, diagnostics: verdict.diagnostics, renderings: isKnown ? manifest.renderings : [] };
    if (written) apply(planned, made);
    return this.#generation(verdict, planned, written, { ...made, files: {} });
  }

  /** What generating did, of which `manifest` speaks. `compiled` gives the diagnostics first-hand: a manifest may be anybody's. */
  #generation(verdict: Verdict, plan: Plan, written: boolean, manifest: Manifest, compiled = () => verdict.diagnostics): Generation {
    const render: Generation["render"] = (format, options) => {
      const kept = verdict.ok ? findRendering(manifest, format, options) : undefined;
      if (kept !== undefined) return kept;
      const text = renderFindings({ files: verdict.files, diagnostics: compiled() }, format, options);
      const now = readManifest(this.root);
      if (written && now.inputs === manifest.inputs) keep(this.root, withRendering(now, format, options, text));
      return text;
    };
    return { ...verdict, plan, written, render };
  }

  /** Compiles what stands in the files now, so that `generate` need not, if it still stands there then. Writes nothing. */
  async prepare(): Promise<void> {
    this.#ahead = undefined;
    const stamps = this.stamps();
    const sources = await this.sources();
    this.#ahead = { stamps, sources, inputs: fingerprint(sources), compiled: this.#compile(sources, { provenance: false }) };
  }

  /** Does what need not be done while somebody waits. */
  rest(): void {
    for (const workspace of this.#workspaces) workspace.rest();
  }

  /** Every schema as SQL statements. */
  async programs(): Promise<Program[]> {
    this.#validate();
    return (await this.sources()).map(({ entry, files }) => ({
      ...statements(files, entry.options),
      files,
      options: entry.options,
    }));
  }

  /** Whether `path`, absolute, is or may become a schema file or a template. Outputs that a pattern matches are not told apart. */
  isInput(path: string): boolean {
    return this.schemas.some(
      ({ files, targets }) => isInput(path, files, this.root) || templateFolders(targets, this.root).some((folder) => isTemplateFile(path, folder)),
    );
  }

  /** Whether `path`, absolute, is or may become the configuration or a module of it. */
  isConfig(path: string): boolean {
    return this.#configFiles().includes(path);
  }

  /** The absolute paths at or below which all schema files and templates lie. */
  inputBases(): string[] {
    return [...new Set(this.schemas.flatMap(({ files, targets }) => [...inputBases(files, this.root), ...templateFolders(targets, this.root)]))];
  }

  /** The configuration, schema files and templates that there are, each with a text that differs once the file was written. */
  stamps(): Map<string, string> {
    const outputs = this.#outputs();
    const schemas = this.schemas.flatMap(({ files }) => {
      try {
        return expand(files, this.root, outputs);
      } catch {
        return []; // A pattern that nothing matches: `sources` says so.
      }
    });
    const stamps = new Map<string, string>();
    const templates = this.schemas.flatMap(({ targets }) => templateFolders(targets, this.root).flatMap(templateInputs));
    for (const path of [...this.#configFiles(), ...schemas, ...templates]) {
      const stamp = stampAt(path);
      if (stamp !== undefined) stamps.set(path, stamp);
    }
    return stamps;
  }

  /** The paths that the configuration may have, and those of its modules. */
  #configFiles(): string[] {
    if (this.configFile === undefined) return [];
    const own = this.#options.config === undefined ? CONFIG_NAMES.map((name) => join(this.root, name)) : [this.configFile];
    return [...own, ...this.configImports];
  }

  /** What was compiled ahead, if no input was written since. */
  #takeAhead(): Ahead | undefined {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead === undefined) return undefined;
    const now = this.stamps();
    const isSame = now.size === ahead.stamps.size && [...now].every(([path, stamp]) => ahead.stamps.get(path) === stamp);
    return isSame ? ahead : undefined;
  }

  #compile(sources: Schema[], { provenance }: { provenance: boolean }): Compilation {
    this.#validate();
    const all: Compilation = { ok: true, outputs: [], files: [], diagnostics: [] };
    for (const [index, { entry, files, templates }] of sources.entries()) {
      const workspace = (this.#workspaces[index] ??= createWorkspace());
      workspace.update([...files, ...templates]);
      const result = workspace.compile({ ...entry.options, targets: entry.targets, provenance });
      all.ok &&= result.ok;
      all.outputs = all.outputs.concat(result.files);
      all.files = all.files.concat(files, templates);
      all.diagnostics = all.diagnostics.concat(result.diagnostics);
    }
    if (!all.ok) all.outputs = [];
    return all;
  }

  /** Refuses what the configuration names and only the compiler knows to be wrong. */
  #validate(): void {
    for (const code of this.schemas.flatMap((schema) => Object.keys(schema.options.severities ?? {}))) {
      if (explain(code) === undefined) {
        throw new UserError(`\`severities\` names the code \`${code}\`, which does not exist`, {
          help: "list all codes with `schemagen explain`",
        });
      }
    }
    for (const { target } of this.schemas.flatMap((schema) => schema.targets).filter(isVirtual)) {
      const info = targets().find(({ name }) => name === target);
      if (info !== undefined && !info.defaultOut.endsWith(".ts")) {
        throw new UserError(`the target \`${target}\` writes no TypeScript, so it cannot be a virtual module`, {
          help: `give it a file, such as \`${info.defaultOut}\``,
        });
      }
    }
  }

  /** The absolute paths of what the project writes: no inputs, although a pattern may match them. */
  #outputs(): Set<string> {
    if (this.configFile === undefined) return new Set();
    const named = this.schemas.flatMap(({ targets }) => targets.flatMap(({ out }) => out ?? []));
    return new Set([...named, ...Object.keys(readManifest(this.root).files)].map((path) => resolve(this.root, path)));
  }
}

/** Keeps what can be made again, if that is possible. */
function keep(root: string, manifest: Manifest): void {
  try {
    replaceManifest(root, manifest);
  } catch {} // A disk that is full, or read only: the next run makes it again.
}

function fingerprint(sources: Schema[]): string {
  const hash = createHash("sha256").update(compilerIdentity());
  for (const { entry, files: schemas, templates } of sources) {
    const files = [...schemas, ...templates];
    hash.update(`\n${JSON.stringify([entry, files.map(({ name, text }) => [name, text.length])])}\n`);
    for (const { text } of files) hash.update(text);
  }
  return hash.digest("hex");
}
