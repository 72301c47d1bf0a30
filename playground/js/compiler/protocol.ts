// What the page and the compiler's thread say to each other: types only. Positions are lines and columns in UTF-16 units,
// as everywhere in the package `schemagen`.

import type {
  Action,
  CheckOptions,
  Completion,
  Diagnostic,
  FormatResult,
  Hover,
  Location,
  Position,
  SourceFile,
  StatementsResult,
} from "../../../npm/src/types.js";

export type * from "../../../npm/src/types.js";

/** A source whose content is a string. */
export type TextFile = SourceFile & { text: string };

/** What is to be compiled, beside the files. */
export interface Settings {
  /** The target that is shown. */
  target: string;
  /** The options of each target that has other than its defaults. */
  options: Record<string, Record<string, unknown>>;
  /** What holds for all targets. */
  check: CheckOptions;
}

/** What is told to a compiler of its project. */
export type Work =
  | { kind: "open"; files: TextFile[]; settings: Settings }
  | { kind: "put"; file: TextFile }
  | { kind: "change"; file: string; replacements: Replacement[] }
  | { kind: "remove"; file: string }
  | { kind: "configure"; settings: Settings }
  /** The file to show, and the text that the page has of it already. */
  | { kind: "show"; path: string; text?: string };

/** What the page tells the thread, after the compiler's WebAssembly. */
export type Told =
  | { kind: "work"; work: Work; /** Whether somebody waits for what that means. */ compile: boolean }
  | { kind: "ask"; id: number; question: keyof Questions; details: unknown[] };

/** A replacement in a text, by offsets before all of them. */
export interface Replacement {
  from: number;
  to: number;
  insert: string;
}

/** The output file that is shown, whole, or as what became of the one shown before. */
export type Shown = { path: string; text: string } | { path: string; replacements: Replacement[] };

/** A file that the shown target writes. */
export interface Written {
  path: string;
  lines: number;
}

/** What the files of a project mean. */
export interface Compiled {
  ok: boolean;
  target: string;
  diagnostics: Diagnostic[];
  written: Written[];
  shown?: Shown;
  /** How long it took to find out, in milliseconds. */
  took: number;
}

/** What the thread says. */
export type Heard =
  /** `revision` counts what it was told of files and settings. */
  | ({ kind: "compiled"; revision: number } & Compiled)
  | { kind: "answer"; id: number; value?: unknown; failure?: string }
  | { kind: "failed"; message: string }
  /** The thread must not be used any more. */
  | { kind: "spent" };

/** The lines of an output file that are about an object of the schema. */
export interface ObjectLines {
  object: string;
  /** Pairs of first and last line, from 0. */
  lines: [number, number][];
}

/** Where a line of output comes from. */
export interface LineSource extends Location {
  object: string;
}

/** The diagram of the tables. */
export interface Drawing {
  svg: string;
  /** Which line of it, from 0, begins what is about which object, and where that is written. */
  objects: { line: number; object: string; place: Location }[];
}

/** What can be asked. Answers are about the files as they were told before the question. */
export interface Questions {
  complete(file: string, position: Position): Completion[];
  hover(file: string, position: Position): Hover | undefined;
  definition(file: string, position: Position): Location | undefined;
  actions(file: string, position: Position): Action[];
  format(file: string): FormatResult;
  /** The lines of the shown file about the innermost object at a position that has any. */
  linesOf(file: string, position: Position): ObjectLines | undefined;
  /** What a line of the shown file is about. */
  sourceOf(line: number): LineSource | undefined;
  /** The files of all targets, or of one. */
  files(target?: string): { path: string; text: string }[];
  /** The diagram, if there is no error. */
  drawing(): Drawing | undefined;
  /** The schema as SQL statements that a database can be asked to run, and where each was written. */
  statements(): StatementsResult;
  /** Where UTF-16 units `start..end` of a statement were written. */
  locate(statement: number, start: number, end: number): Location | undefined;
  /** SQL that stands for what Supabase provides. */
  platformSql(): string;
}
