// What `add` is told, as far as the command line says it; `questions.ts` asks for the rest, `adding.ts` does the work.

import { InvalidArgumentError } from "commander";
import type { ColumnDraft, Intent } from "../types.js";
import type { ConfigOptions, FormatOptions } from "./args.js";

/** What every `add` may be told. */
export interface AddOptions extends FormatOptions, ConfigOptions {
  file?: string;
  dryRun?: boolean;
  generate: boolean;
}

/** What is to be added, as far as the command line says it. Questions fill in the rest. */
export type Draft = Partial<Record<string, unknown>> & { kind: Intent["kind"] };

/** Collects columns written `name:type` or `name:type!`. */
export function collectColumn(text: string, before: ColumnDraft[] = []): ColumnDraft[] {
  const [, name, type, bang] = /^\s*([^:]+?)\s*:\s*(.+?)\s*(!?)\s*$/.exec(text) ?? [];
  if (name === undefined || type === undefined) throw new InvalidArgumentError("It must be name:type, such as title:text! for a text that is not null.");
  return [...before, { name, type, notNull: bang === "!" }];
}
