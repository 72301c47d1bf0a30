// The compiler as JavaScript functions. In: a loader that makes the WebAssembly ready. Out: the API, the same
// in Node and in browsers. Turns a panic into an `InternalError` and starts over with a fresh instance.

import * as wasm from "../../wasm/schemagen.js";
import type {
  CheckOptions,
  CheckResult,
  CodeInfo,
  CompileOptions,
  CompileResult,
  Diagnostic,
  Format,
  Location,
  RenderOptions,
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
  /** Where the UTF-16 units `start..end` of a statement were written, if they stand in the sources. */
  locate(files: SourceFile[], options: CheckOptions, statement: number, start: number, end: number): Location | undefined;
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

/** The API over the WebAssembly that `ready` instantiates, if it is not yet. */
export function connect(ready: () => void): Compiler {
  function call<T>(run: () => T): T {
    ready();
    try {
      return run();
    } catch (cause) {
      wasm.__wbg_reset_state();
      throw isFailure(cause) ? new InternalError(cause) : new TypeError(message(cause), { cause });
    }
  }
  return {
    compile: (files, options) => call(() => wasm.compile(sources(files), options)),
    check: (files, options = {}) => call(() => wasm.check(sources(files), options)),
    explain: (code) => call(() => wasm.explain(code)),
    render: ({ files, diagnostics }, format, options = {}) =>
      call(() => wasm.render(sources(files), diagnostics, format, options)),
    statements: (files, options = {}) => call(() => wasm.statements(sources(files), options)),
    locate: (files, options, statement, start, end) =>
      call(() => wasm.locate(sources(files), options, statement, start, end)),
    platformSql: () => call(wasm.platformSql),
    targets: () => call(wasm.targets),
    codes: () => call(wasm.codes),
    jsonSchema: () => call(wasm.jsonSchema),
    configSchema: () => call(wasm.configSchema),
    languageReference: () => call(wasm.languageReference),
  };
}

/** A panic, a trap or an exhausted stack; anything else says that an argument is not of its type. */
function isFailure(cause: unknown): boolean {
  return cause instanceof Error && (cause.name === "InternalError" || /^R(untime|ange)Error$/.test(cause.name));
}

function message(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function sources(files: SourceFile[]): SourceFile[] {
  if (!Array.isArray(files) || !files.every(isSource)) {
    throw new TypeError("files must be an array of { name: string, text: string | Uint8Array }");
  }
  return files;
}

function isSource(file: SourceFile): boolean {
  return typeof file?.name === "string" && (typeof file.text === "string" || file.text instanceof Uint8Array);
}
