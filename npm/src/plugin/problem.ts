// What a bundler is told of a failed generation. In: a generation. Out: an error whose message holds the frames of the
// schema's text, with the place in the fields that bundlers read.

import { resolve } from "node:path";
import { render } from "../compiler/node.js";
import type { Generation } from "../project.js";
import { errors, failure } from "../report.js";
import type { Diagnostic } from "../types.js";

/** What is wrong, as Vite's overlay and the terminals of bundlers show it. */
export interface Problem {
  plugin: "schemagen";
  message: string;
  /** The frames of all errors. */
  frame?: string;
  /** The file of the first error. */
  id?: string;
  /** Its place: the line from 1, the column from 0. */
  loc?: { file: string; line: number; column: number };
  stack: string;
}

/** Why `generation` wrote nothing; none if all is well. Paths of diagnostics are relative to `cwd`. */
export function problemOf(generation: Generation, cwd: string): Problem | undefined {
  const { ok, files, diagnostics, plan } = generation;
  const [refusal] = plan.refusals;
  if (!ok) return ofFindings(errors(diagnostics), render({ files, diagnostics: errors(diagnostics) }, "rich"), cwd);
  return refusal && { plugin: "schemagen", message: `will not write \`${refusal.path}\`: ${refusal.reason}`, stack: "" };
}

/** Why generating could not be tried. */
export function problemOfFailure(error: unknown): Problem {
  return { plugin: "schemagen", message: failure(error), stack: "" };
}

/** The same for those who take errors: all there is to say stands in the message. */
export function asError({ message, frame, ...place }: Problem): Error {
  const text = frame === undefined ? message : `${message}\n\n${frame}`;
  return Object.assign(new Error(text), { ...place, stack: text });
}

function ofFindings(found: Diagnostic[], frame: string, cwd: string): Problem {
  const [first] = found;
  const more = found.length > 1 ? ` (and ${found.length - 1} more)` : "";
  const problem: Problem = { plugin: "schemagen", message: `${first?.message ?? "the schema has errors"}${more}`, frame, stack: "" };
  if (first?.file !== undefined) {
    problem.id = resolve(cwd, first.file);
    const { line, column } = first.range?.start ?? { line: 0, column: 0 };
    problem.loc = { file: problem.id, line: line + 1, column };
  }
  return problem;
}
