// The compiler as JavaScript functions. In: a loader that makes the WebAssembly ready. Out: the API, the same
// in Node and in browsers. Turns a panic into an `InternalError` and has the loader start over with a fresh instance.

import * as wasm from "../../wasm/schemagen.js";
import { foldsOf, highlightsOf, unpacked } from "./unpack.js";
import type {
  Action,
  CheckOptions,
  CheckResult,
  CodeInfo,
  CompileOptions,
  CompileResult,
  Completion,
  Diagnostic,
  DocumentSymbol,
  Format,
  FoundSymbol,
  Hover,
  Location,
  Position,
  Reference,
  Renamable,
  Renaming,
  FormatResult,
  Intent,
  Outline,
  RenderOptions,
  Revision,
  SourceFile,
  StatementsResult,
  TargetInfo,
} from "../types.js";

/** The compiler failed on its own account: a bug in schemagen, whatever the input was. */
export class InternalError extends Error {
  override readonly name = "InternalError";

  constructor(cause: unknown) {
    super(`schemagen's compiler failed, which is a bug in it: ${message(cause)}`, { cause });
  }
}

/** Texts, and what was said of them. */
export interface Findings {
  /** The sources that the diagnostics speak of, for frames of their text. */
  files: SourceFile[];
  /** What there is to say. */
  diagnostics: Diagnostic[];
}

/** A word that a YAML grammar cannot colour, on one line. Lines and columns count from 0, columns in UTF-16 units. */
export interface Highlight {
  line: number;
  column: number;
  length: number;
  /** `keyword`, `string`, `number`, `comment`, `function`, `type`, `relation`, `column`, `label`, `schema` or `variable`. */
  kind: string;
}

/** Lines that can be folded into their first. Lines count from 0. */
export interface Fold {
  firstLine: number;
  lastLine: number;
  kind: "block" | "comment" | "region";
}

/**
 * Sources that change one at a time, and what was understood of them: a file is read again only if its text changed.
 * After any sequence of edits it gives what `compile`, `check` and `statements` give for the same files.
 */
export interface Workspace {
  /** Puts `file` in the place of the one of its name, or behind the others. */
  set(file: SourceFile): void;
  /** Takes the file of this name away, if there is one. */
  remove(name: string): void;
  /** Holds `files` and nothing else from now on, in their order. */
  update(files: SourceFile[]): void;
  /** Everything that the targets write, or what is wrong. */
  compile(options: CompileOptions): CompileResult;
  /** What there is to say. */
  check(options?: CheckOptions): CheckResult;
  /** The SQL, one statement at a time, in an order that applies in one transaction. */
  statements(options?: CheckOptions): StatementsResult;
  /** What could be typed at a position, in the order in which to show it. */
  complete(file: string, position: Position, options?: CheckOptions): Completion[];
  /** What stands at a position: a key of the language, a name, a function, a type. */
  hover(file: string, position: Position, options?: CheckOptions): Hover | undefined;
  /** Where the thing at a position is defined, if that is in the sources. */
  definition(file: string, position: Position, options?: CheckOptions): Location | undefined;
  /** Everywhere the thing at a position is named, inside SQL too. */
  references(file: string, position: Position, options?: CheckOptions): Reference[];
  /** The name at a position that `rename` would change. */
  renamable(file: string, position: Position, options?: CheckOptions): Renamable | undefined;
  /** The edits that name the thing at a position `name`, everywhere, or why that cannot be done safely. */
  rename(file: string, position: Position, name: string, options?: CheckOptions): Renaming | undefined;
  /** The outline of a source. */
  symbols(file: string, options?: CheckOptions): DocumentSymbol[];
  /** What the sources define whose names hold the letters of `query`, at most `limit`. */
  findSymbols(query: string, limit: number, options?: CheckOptions): FoundSymbol[];
  /** What the words of a source are in SQL and by what they name, in the order of the text. */
  highlights(file: string, options?: CheckOptions): Highlight[];
  /** The lines of a source that can be folded, also while it is broken. */
  folds(file: string): Fold[];
  /** What an editor can offer to do at a position, beside the repairs that diagnostics bring. */
  actions(file: string, position: Position, options?: CheckOptions): Action[];
  /** The objects around a position, the innermost first, in the words of the files' provenance. */
  objectsAt(file: string, position: Position, options?: CheckOptions): string[];
  /** Forgets what only the last answer needed, which takes a while: for the time after an answer. The next one comes sooner. */
  rest(): void;
  /** Gives its memory back; it must not be used any more. Without it, the garbage collector does so some time. */
  free(): void;
}

/** The compiler. Every function is pure: the same input gives the same output. */
export interface Compiler {
  /** Everything that the targets write for a schema, or what is wrong with it. */
  compile(files: SourceFile[], options: CompileOptions): CompileResult;
  /** What there is to say about a schema. */
  check(files: SourceFile[], options?: CheckOptions): CheckResult;
  /** What a code means and what to do about it, as Markdown. */
  explain(code: string): string | undefined;
  /** Diagnostics as text. */
  render(findings: Findings, format: Format, options?: RenderOptions): string;
  /** The schema's SQL, one statement at a time, in an order that applies in one transaction. */
  statements(files: SourceFile[], options?: CheckOptions): StatementsResult;
  /** A compiler that remembers `files` between calls, for editors, watchers and servers. */
  createWorkspace(files?: SourceFile[]): Workspace;
  /** Where the UTF-16 units `start..end` of a statement were written, if they stand in the sources. */
  locate(files: SourceFile[], options: CheckOptions, statement: number, start: number, end: number): Location | undefined;
  /**
   * Adds something and keeps everything else as it is written. What is new goes into the source named `file`, else to
   * its like.
   */
  revise(files: SourceFile[], options: CheckOptions, intent: Intent, file?: string): Revision;
  /** The tables, enum types and roles that there are. */
  outline(files: SourceFile[], options?: CheckOptions): Outline;
  /** A source with even indentation and spacing; comments and texts stay as they are. */
  format(file: SourceFile): FormatResult;
  /** SQL that stands for what Supabase provides, for an empty database. */
  platformSql(): string;
  /** Every target and its options. */
  targets(): TargetInfo[];
  /** Every check. */
  codes(): CodeInfo[];
  /** The JSON Schema of schema files, for editors. */
  jsonSchema(): object;
  /** The JSON Schema of the configuration file, for editors. */
  configSchema(): object;
  /** The reference of the schema language, as Markdown. */
  languageReference(): string;
}

/** The API over the WebAssembly that `ready` instantiates, if it is not yet, and `renew` after it failed. */
export function connect(ready: () => void, renew: () => void): Compiler {
  /** Which instance of the WebAssembly runs; workspaces of earlier ones are gone. */
  let instance = 0;
  function call<T>(run: () => T): T {
    ready();
    try {
      return run();
    } catch (cause) {
      if (!isFailure(cause)) throw new TypeError(message(cause), { cause });
      renew();
      instance += 1;
      throw new InternalError(cause);
    }
  }
  function createWorkspace(files: SourceFile[] = []): Workspace {
    const held = new Map<string, SourceFile>();
    let kept: wasm.Workspace | undefined;
    let born: number | undefined;
    /** Runs on the workspace of the present instance, which is made again where the instance is a new one. */
    const use = <T>(run: (kept: wasm.Workspace) => T): T =>
      call(() => {
        if (kept === undefined || born !== instance) {
          kept = new wasm.Workspace();
          born = instance;
          kept.update([...held.values()]);
        }
        return run(kept);
      });
    const workspace: Workspace = {
      set: (file) => {
        const [source] = sources([file]);
        held.set(file.name, source!);
        use((kept) => kept.set(source!));
      },
      remove: (name) => {
        held.delete(name);
        use((kept) => kept.remove(name));
      },
      update: (files) => {
        held.clear();
        for (const file of sources(files)) held.set(file.name, file);
        use((kept) => kept.update([...held.values()]));
      },
      compile: (options) => use((kept) => unpacked(kept.compile(options))),
      check: (options = {}) => use((kept) => kept.check(options)),
      statements: (options = {}) => use((kept) => kept.statements(options)),
      complete: (file, position, options = {}) => use((kept) => kept.complete(file, position, options)),
      hover: (file, position, options = {}) => use((kept) => kept.hover(file, position, options)),
      definition: (file, position, options = {}) => use((kept) => kept.definition(file, position, options)),
      references: (file, position, options = {}) => use((kept) => kept.references(file, position, options)),
      renamable: (file, position, options = {}) => use((kept) => kept.renamable(file, position, options)),
      rename: (file, position, name, options = {}) => use((kept) => kept.rename(file, position, name, options)),
      symbols: (file, options = {}) => use((kept) => kept.symbols(file, options)),
      findSymbols: (query, limit, options = {}) => use((kept) => kept.findSymbols(query, limit, options)),
      highlights: (file, options = {}) => use((kept) => highlightsOf(kept.highlights(file, options), wasm.highlightKinds())),
      folds: (file) => use((kept) => foldsOf(kept.folds(file))),
      actions: (file, position, options = {}) => use((kept) => kept.actions(file, position, options)),
      objectsAt: (file, position, options = {}) => use((kept) => kept.objectsAt(file, position, options)),
      rest: () => {
        if (born === instance) kept?.rest();
      },
      free: () => {
        held.clear();
        if (born === instance) kept?.free();
        kept = undefined;
      },
    };
    workspace.update(files);
    return workspace;
  }
  return {
    compile: (files, options) => call(() => unpacked(wasm.compile(sources(files), options))),
    check: (files, options = {}) => call(() => wasm.check(sources(files), options)),
    explain: (code) => call(() => wasm.explain(code)),
    render: ({ files, diagnostics }, format, options = {}) =>
      call(() => wasm.render(sources(files), diagnostics, format, options)),
    statements: (files, options = {}) => call(() => wasm.statements(sources(files), options)),
    createWorkspace,
    locate: (files, options, statement, start, end) =>
      call(() => wasm.locate(sources(files), options, statement, start, end)),
    revise: (files, options, intent, file) => call(() => wasm.revise(sources(files), options, intent, file)),
    outline: (files, options = {}) => call(() => wasm.outline(sources(files), options)),
    format: (file) => call(() => wasm.format(sources([file])[0] as SourceFile)),
    platformSql: () => call(wasm.platformSql),
    targets: () => call(wasm.targets),
    codes: () => call(wasm.codes),
    jsonSchema: () => call(wasm.jsonSchema),
    configSchema: () => call(wasm.configSchema),
    languageReference: () => call(wasm.languageReference),
  };
}

/** A panic, a trap, an exhausted stack: the instance is not to be trusted any more. */
const FAILURES = ["InternalError", "RuntimeError", "RangeError"];

/** Whether the compiler failed; anything else says that an argument is not of its type. */
function isFailure(cause: unknown): boolean {
  return cause instanceof Error && FAILURES.includes(cause.name);
}

function message(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

const encoder = new TextEncoder();

/** The files as the compiler reads them: the engine makes UTF-8 of a string many times as quickly as the binding's loop. */
function sources(files: SourceFile[]): SourceFile[] {
  if (!Array.isArray(files) || !files.every(isSource)) {
    throw new TypeError("files must be an array of { name: string, text: string | Uint8Array }");
  }
  return files.map(({ name, text }) => ({ name, text: typeof text === "string" ? encoder.encode(text) : text }));
}

function isSource(file: SourceFile): boolean {
  return typeof file?.name === "string" && (typeof file.text === "string" || file.text instanceof Uint8Array);
}
