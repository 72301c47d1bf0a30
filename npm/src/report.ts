// A round of watching in words. In: a round, and the one before. Out: a line that says what changed, what that led to and
// how long it took, and the findings to show with it. Prints nothing.

import { render } from "./compiler/node.js";
import { UserError } from "./errors.js";
import type { Diagnostic, Format, RenderOptions } from "./types.js";
import type { Round } from "./watch.js";

/** A round to show. */
export interface Report {
  /** Whether all is as the schema says. */
  ok: boolean;
  /** What happened, in one line. */
  line: string;
  /** What is wrong: every error, and the warnings that the round before did not have. Empty or with a line end. */
  findings: string;
}

/** Puts `round` in words. */
export function report(round: Round, before: Round | undefined, format: Format, options: RenderOptions): Report {
  const cause = shorten(round.changed, "files");
  const line = (what: string): string => `${cause === "" ? "" : `${cause}: `}${what} (${Math.round(round.time)} ms)`;
  const { generation } = round;
  if (generation === undefined) {
    return { ok: false, line: line("failed, nothing written"), findings: `error: ${failure(round.error)}\n` };
  }
  const { files, diagnostics, plan, ok } = generation;
  const shown = diagnostics.filter((found) => found.severity === "error" || !wasSaid(found, before));
  const all = shown.length === diagnostics.length;
  const findings = shown.length === 0 ? "" : all ? generation.render(format, options) : render({ files, diagnostics: shown }, format, options);
  if (!ok) return { ok, line: line(`${count(errors(diagnostics).length, "error")}, nothing written`), findings };
  if (plan.refusals.length > 0) {
    const refused = plan.refusals.map(({ path, reason }) => `error: will not write \`${path}\`: ${reason}\n`).join("");
    return { ok: false, line: line("nothing written"), findings: findings + refused };
  }
  const changes = plan.files.filter(({ change }) => change !== "unchanged");
  const removed = changes.filter(({ change }) => change === "remove").map(({ path }) => path);
  const written = changes.filter(({ change }) => change !== "remove").map(({ path }) => path);
  const said = [
    ...(written.length > 0 ? [`wrote ${shorten(written, "files")}`] : []),
    ...(removed.length > 0 ? [`removed ${shorten(removed, "files")}`] : []),
    ...(changes.length === 0 ? ["nothing to write"] : []),
    ...(diagnostics.length > 0 ? [count(diagnostics.length, "finding")] : []),
  ];
  return { ok, line: line(said.join(", ")), findings };
}

/** The errors among findings. */
export function errors(diagnostics: Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === "error");
}

/** Why something failed, with what to do about it. */
export function failure(error: unknown): string {
  if (!(error instanceof UserError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  return error.help === undefined ? error.message : `${error.message}\nhelp: ${error.help}`;
}

/** A number of things in words. */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

/** Up to three names, else how many there are. */
function shorten(names: string[], things: string): string {
  return names.length > 3 ? `${names.length} ${things}` : names.join(", ");
}

function wasSaid(found: Diagnostic, before: Round | undefined): boolean {
  const { code, message, file } = found;
  return before?.generation?.diagnostics.some((old) => old.code === code && old.message === message && old.file === file) === true;
}
