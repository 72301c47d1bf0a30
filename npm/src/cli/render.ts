// How commands speak: diagnostics, plans and progress, as text or JSON. Colours follow NO_COLOR, FORCE_COLOR and
// whether the stream is a terminal. Standard output holds what was asked for, standard error what happened.

import { fstatSync, writeFileSync } from "node:fs";
import pc from "picocolors";
import type { Findings } from "../compiler/api.js";
import { InternalError } from "../compiler/api.js";
import { render } from "../compiler/node.js";
import { UserError } from "../errors.js";
import type { Generation } from "../project.js";
import type { Plan, PlannedFile } from "../write.js";
import { EXIT, type Exit, type FormatOptions } from "./args.js";

/** Where a text goes. */
export type Stream = NodeJS.WriteStream & { fd: number };

/** Whether to colour what goes to `stream`. */
export function hasColor(stream: Stream): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = process.env;
  if (force !== undefined) return force !== "0" && force !== "false";
  return !no && stream.isTTY === true && term !== "dumb";
}

/** The colours for `stream`. */
export function colors(stream: Stream): ReturnType<typeof pc.createColors> {
  return pc.createColors(hasColor(stream));
}

/** A text of somebody else's on one line, without what a terminal would obey. */
export function printable(text: string): string {
  return text.replace(/\p{C}+/gu, " ");
}

/** Writes a text, all of it: Node's own stream for a file leaves out, unsaid, what the disk has no room for. */
export function put(stream: Stream, text: string | Uint8Array): void {
  const stat = fstatSync(stream.fd);
  if (!stat.isFile() && (stream.isTTY || !stat.isCharacterDevice())) return void stream.write(text);
  try {
    writeFileSync(stream.fd, text);
  } catch (error) {
    stream.emit("error", error);
  }
}

/** Writes a line. */
export function say(stream: Stream, line = ""): void {
  put(stream, `${line}\n`);
}

/** Writes one JSON value on standard output. */
export function sayJson(value: unknown): void {
  say(process.stdout, JSON.stringify(value, null, 2));
}

/** Writes diagnostics, which may know how they are rendered. JSON is left to the command, whose answer holds them. */
export function sayFindings(stream: Stream, findings: Findings & Partial<Pick<Generation, "render">>, { format }: FormatOptions): void {
  if (format === "json" || findings.diagnostics.length === 0) return;
  const options = { color: hasColor(stream), width: Math.min(stream.columns ?? 100, 140) };
  put(stream, findings.render?.(format, options) ?? render(findings, format, options));
}

/** Writes what a plan does, a line a file. `shown` gives a path as people see it. */
export function sayPlan(plan: Plan, shown = (path: string): string => path): void {
  const c = colors(process.stdout);
  for (const file of plan.files) {
    const line = `${shown(file.path)}  ${c.dim(extent(file))}`;
    if (file.change === "create") say(process.stdout, `${c.green("+")} ${line}`);
    if (file.change === "update") say(process.stdout, `${c.yellow("~")} ${line}`);
    if (file.change === "remove") say(process.stdout, `${c.red("-")} ${line}`);
  }
  for (const path of plan.kept) {
    say(process.stderr, `${colors(process.stderr).yellow("kept")} ${shown(path)}: it is no output any more, but was changed by hand`);
  }
}

/** Writes which files a plan must not touch, and why. */
export function sayRefusals(plan: Plan, shown = (path: string): string => path): void {
  const c = colors(process.stderr);
  for (const { path, reason } of plan.refusals) say(process.stderr, `${c.red("error")}: will not write \`${shown(path)}\`: ${reason}`);
  if (plan.refusals.some(({ forceable }) => forceable)) {
    say(process.stderr, `${c.cyan("help")}: move the file away, choose another \`out\`, or overwrite it with \`--force\``);
  }
}

function extent({ change, text = "", before = "" }: PlannedFile): string {
  if (change === "create") return `new, ${lines(text).length} lines`;
  if (change === "remove") return "removed";
  const [old, now] = [lines(before), lines(text)];
  let same = 0;
  while (same < Math.min(old.length, now.length) && old[same] === now[same]) same += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - same && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return `+${now.length - same - tail} -${old.length - same - tail} lines`;
}

function lines(text: string | Buffer): string[] {
  return text.toString().replace(/\n$/, "").split("\n");
}

/** What a command failed of, and the exit code for it. */
export function sayFailure(error: unknown): Exit {
  const c = colors(process.stderr);
  const help = (text: string): void => say(process.stderr, `${c.cyan("help")}: ${text}`);
  if (error instanceof UserError) {
    say(process.stderr, `${c.red("error")}: ${error.message}`);
    if (error.help !== undefined) help(error.help);
    return EXIT.usage;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(process.stderr, `${c.red("internal error")}: ${error instanceof InternalError ? error.message : stack}`);
  help("please report it with the schema that caused it; nothing was written");
  return EXIT.internal;
}

/** Shows on a terminal what goes on, once it takes longer than half a second, until `done` is called. */
export function progress(label: string): { update: (label: string) => void; done: () => void } {
  const stream = process.stderr;
  if (!stream.isTTY) return { update: () => {}, done: () => {} };
  const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
  const started = performance.now();
  let text = label;
  let frame = 0;
  let shown = false;
  const draw = (): void => {
    if (performance.now() - started < 500) return;
    shown = true;
    frame = (frame + 1) % frames.length;
    stream.write(`\r\u001b[2K${colors(stream).cyan(frames[frame] ?? "")} ${text}`);
  };
  const timer = setInterval(draw, 80);
  return {
    update(label) {
      text = label;
      draw();
    },
    done() {
      clearInterval(timer);
      if (shown) stream.write("\r\u001b[2K");
    },
  };
}
