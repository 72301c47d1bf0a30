// The schemas that open files belong to. In: open files and what changes on disk. Out: for each file a schema, a
// workspace of the compiler that holds all its files, with what is open in place of what is on disk. A file that no
// configuration names is a schema of its own.

import { realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { createWorkspace, jsonSchema } from "../compiler/node.js";
import type { Workspace } from "../compiler/api.js";
import { findConfig } from "../config-file.js";
import { UserError } from "../errors.js";
import { openProject, Project } from "../project.js";
import type { CheckOptions, Diagnostic, SourceFile } from "../types.js";

/** A schema and its files. */
export interface Schema {
  workspace: Workspace;
  options: CheckOptions;
  /** The names of its sources: paths, or the URI of what is no file. */
  names: string[];
  /** What was last found. */
  diagnostics: Diagnostic[];
}

/** A configuration, as it was when it was read. */
interface Loaded {
  /** That of its modules; empty where it is to be read again. */
  stamp: string;
  /** The modules that it imports. */
  imports: string[];
  schemas: Schema[];
  /** Why it cannot be used. */
  problem?: string;
}

/** What is open, and the schemas of it. */
export class Session {
  private readonly open = new Map<string, TextDocument>();
  private readonly uris = new Map<string, string>();
  private readonly configs = new Map<string, Loaded>();
  private readonly alone = new Map<string, Schema>();

  /** A file was opened, or its text changed. */
  put(document: TextDocument): void {
    const name = nameOf(document.uri);
    this.open.set(name, document);
    this.uris.set(name, document.uri);
    const file = { name, text: document.getText() };
    for (const schema of this.schemas()) if (schema.names.includes(name)) schema.workspace.set(file);
  }

  /** A file was closed: what is on disk counts again. */
  drop(uri: string): void {
    const name = nameOf(uri);
    this.open.delete(name);
    this.alone.get(name)?.workspace.free();
    this.alone.delete(name);
  }

  /** The URI of a source, as the client writes it. */
  uriOf = (name: string): string => this.uris.get(name) ?? (name.includes("://") || name.startsWith("untitled:") ? name : pathToFileURL(name).href);

  /** The name of the source at `uri`, and the schema that it belongs to. */
  async find(uri: string): Promise<{ name: string; schema: Schema } | undefined> {
    const name = nameOf(uri);
    const loaded = await this.configOf(name);
    const schema = loaded?.schemas.find((schema) => schema.names.includes(name)) ?? this.lone(name);
    return schema && { name, schema };
  }

  /** Reads configurations and files again, and checks every schema. Gives what there is to say of each URI. */
  async check(): Promise<Map<string, { diagnostics: Diagnostic[] } | { problem: string }>> {
    const said = new Map<string, { diagnostics: Diagnostic[] } | { problem: string }>();
    const used = new Set<Schema>();
    for (const name of this.open.keys()) {
      const loaded = await this.configOf(name);
      if (loaded?.problem !== undefined) said.set(this.uriOf(loaded.file), { problem: loaded.problem });
      const owner = loaded?.schemas.find((schema) => schema.names.includes(name));
      if (owner !== undefined) {
        this.alone.get(name)?.workspace.free();
        this.alone.delete(name);
      }
      const schema = owner ?? this.lone(name);
      if (schema !== undefined) used.add(schema);
    }
    for (const schema of used) {
      const isSchema = !this.isAlone(schema) || looksLikeSchema(this.open.get(schema.names[0] ?? "")?.getText() ?? "");
      schema.diagnostics = isSchema ? schema.workspace.check(schema.options).diagnostics : [];
      for (const name of schema.names) {
        const diagnostics = schema.diagnostics.filter((found) => (found.file ?? schema.names[0]) === name);
        said.set(this.uriOf(name), { diagnostics });
      }
    }
    return said;
  }

  /** All schemas in use. */
  schemas(): Schema[] {
    return [...[...this.configs.values()].flatMap(({ schemas }) => schemas), ...this.alone.values()];
  }

  /** Something changed on disk: everything is read again when it is next asked for. */
  forgetDisk(): void {
    for (const loaded of this.configs.values()) loaded.stamp = "";
  }

  private isAlone(schema: Schema): boolean {
    return [...this.alone.values()].includes(schema);
  }

  /** The open file as a schema of its own. */
  private lone(name: string): Schema | undefined {
    const document = this.open.get(name);
    if (document === undefined) return undefined;
    let schema = this.alone.get(name);
    if (schema === undefined) {
      schema = { workspace: createWorkspace([{ name, text: document.getText() }]), options: {}, names: [name], diagnostics: [] };
      this.alone.set(name, schema);
    }
    return schema;
  }

  /** The configuration that governs a file, read again where it changed. */
  private async configOf(name: string): Promise<(Loaded & { file: string }) | undefined> {
    if (name.includes("://") || name.startsWith("untitled:")) return undefined;
    let file: string | undefined;
    try {
      file = findConfig(dirname(name));
    } catch (error) {
      return { file: dirname(name), stamp: "", imports: [], schemas: [], problem: problemOf(error) };
    }
    if (file === undefined) return undefined;
    let loaded = this.configs.get(file);
    if (loaded === undefined || loaded.stamp !== stampOf([file, ...loaded.imports])) {
      loaded = await this.load(file, loaded);
      this.configs.set(file, loaded);
    }
    return { file, ...loaded };
  }

  private async load(file: string, before: Loaded | undefined): Promise<Loaded> {
    let imports = before?.imports ?? [];
    const stamp = stampOf([file, ...imports]);
    try {
      const opened = await openProject({ cwd: dirname(file), config: file });
      imports = opened.configImports;
      // Standard input is the protocol's, whatever a configuration wants of it.
      const entries = opened.schemas.map((entry) => ({ ...entry, files: entry.files.filter((name) => name !== "-") }));
      const project = new Project(opened.root, { file, schemas: entries, imports }, { cwd: opened.root });
      const schemas = (await project.sources()).map(({ entry, files }, index): Schema => {
        const sources = files.map((source) => this.asOpen({ ...source, name: realPath(resolve(opened.root, source.name)) }));
        const workspace = before?.schemas[index]?.workspace ?? createWorkspace();
        workspace.update(sources);
        workspace.check(entry.options); // Says what is wrong with the options.
        return { workspace, options: entry.options, names: sources.map(({ name }) => name), diagnostics: [] };
      });
      for (const left of before?.schemas.slice(schemas.length) ?? []) left.workspace.free();
      return { stamp: stampOf([file, ...imports]), imports, schemas };
    } catch (error) {
      return { stamp, imports, schemas: [], problem: problemOf(error) };
    }
  }

  /** A source with the text that is open, if it is. */
  private asOpen(source: SourceFile): SourceFile {
    const document = this.open.get(source.name);
    return document === undefined ? source : { name: source.name, text: document.getText() };
  }
}

/** The path of a file, links resolved; the URI of anything else. */
export function nameOf(uri: string): string {
  return uri.startsWith("file:") ? realPath(fileURLToPath(uri)) : uri;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function stampOf(files: string[]): string {
  const stats = files.map((file) => statSync(file, { throwIfNoEntry: false }));
  return stats.map((stat) => (stat === undefined ? "gone" : `${stat.mtimeMs} ${stat.size}`)).join(", ");
}

function problemOf(error: unknown): string {
  if (error instanceof UserError) return error.help === undefined ? error.message : `${error.message}\nhelp: ${error.help}`;
  return error instanceof Error ? error.message : String(error);
}

/** Whether a text that no configuration names is meant for us: it has a section, and is not some other YAML. */
function looksLikeSchema(text: string): boolean {
  const { $defs } = jsonSchema() as { $defs: { schema_file: { properties: object } } };
  const sections = Object.keys($defs.schema_file.properties).filter((name) => name !== "$schema");
  return new RegExp(`(^|\\n|^\\s*\\{\\s*)["']?(${sections.join("|")})["']?\\s*:`).test(text.replace(/^\uFEFF/, ""));
}
