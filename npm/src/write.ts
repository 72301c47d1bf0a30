// Output files to disk. In: what the compiler made, and the project's root. Out: a plan that says what would happen to
// each file, and then the files, all or none. Never leaves the root, also not through symbolic links; never overwrites
// a file that does not carry our header, unless forced; removes only what it wrote before and nobody changed since.

import { createHash, randomUUID } from "node:crypto";
import { type BigIntStats, chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { utf8 } from "./compiler/unpack.js";
import { fileError, UserError } from "./errors.js";
import { MANIFEST, type Manifest, readManifest } from "./manifest.js";
import { stampAt, stampOf } from "./stamp.js";
import type { OutputFile } from "./types.js";

/** What happens to a file. */
export type Change = "create" | "update" | "unchanged" | "remove";

/** One file of a plan. */
export interface PlannedFile {
  /** Relative to the root, `/`-separated. */
  path: string;
  /** The target that makes it; none for a file to remove. */
  target?: string;
  change: Change;
  /** What it will hold; none for a file to remove, or where a former run is known to have written it. */
  text?: string | Buffer;
  /** What it holds now; none for a new file, or where a former run is known to have written it. */
  before?: string | Buffer;
  /** The stamp of a file that stays as it is. */
  stamp?: string;
}

/** A file that must not be written, and why. */
export interface Refusal {
  path: string;
  reason: string;
  /** Whether `--force` would write it. */
  forceable: boolean;
}

/** What a run would do to the disk. */
export interface Plan {
  root: string;
  files: PlannedFile[];
  refusals: Refusal[];
  /** Files of former runs that nobody makes any more, yet somebody changed. */
  kept: string[];
}

/** Plans to write `outputs` under `root`. With `tidy`, files that former runs wrote and this one does not are removed. */
export function plan(root: string, outputs: OutputFile[], options: { force?: boolean; tidy?: boolean }): Plan {
  const result: Plan = { root, files: [], refusals: [], kept: [] };
  const seen = new Map<string, string>();
  for (const output of outputs) {
    const { path, target } = output;
    const { buffer, byteOffset, byteLength } = utf8(output);
    const text = Buffer.from(buffer, byteOffset, byteLength);
    const other = seen.get(path);
    seen.set(path, target);
    const file = inspect(root, path);
    if (other !== undefined) {
      const reason = `two outputs write it: ${other} and ${target}`;
      result.refusals.push({ path, reason, forceable: false });
    } else if ("reason" in file) {
      result.refusals.push({ path, reason: file.reason, forceable: false });
    } else if (file.stamp === undefined) {
      result.files.push({ path, target, change: "create", text });
    } else {
      const before = file.read();
      if (text.equals(before) || text.equals(withoutReturns(before))) {
        result.files.push({ path, target, change: "unchanged", text, before: text, stamp: file.stamp });
      } else if (options.force || isOurs(before)) {
        result.files.push({ path, target, change: "update", text, before });
      } else {
        const reason = "it exists and does not carry schemagen's header, so it may be yours";
        result.refusals.push({ path, reason, forceable: true });
      }
    }
  }
  if (options.tidy) planRemovals(result, seen);
  return result;
}

function planRemovals(result: Plan, made: Map<string, string>): void {
  for (const [path, written] of Object.entries(readManifest(result.root).files)) {
    if (made.has(path)) continue;
    const file = inspect(result.root, path);
    if ("reason" in file || file.stamp === undefined) continue;
    const before = file.read();
    if (hash(before) === written.hash && isOurs(before)) result.files.push({ path, change: "remove", before });
    else result.kept.push(path);
  }
}

/** The plan of a run that would write what the last one wrote; none if that is not what stands there. */
export function planOfLastRun(root: string, manifest: Manifest): Plan | undefined {
  const files: PlannedFile[] = [];
  for (const [path, { hash: written, target, stamp }] of Object.entries(manifest.files)) {
    const file = inspect(root, path);
    if ("reason" in file || file.stamp === undefined) return undefined;
    if (file.stamp !== stamp && hash(file.read()) !== written) return undefined;
    files.push({ path, target, change: "unchanged" });
  }
  return { root, files, refusals: [], kept: [] };
}

/** Carries out a plan: all of it, or, where something fails, none of it; and says in the manifest of what it was made. */
export function apply(plan: Plan, made?: Omit<Manifest, "files">): void {
  const undo: (() => void)[] = [];
  try {
    const written = plan.files.filter(({ change }) => change === "create" || change === "update");
    const renames = written.map((file) =>
      attempt("write", file.path, () => {
        const to = place(plan.root, file.path);
        return { file, to, from: writeBeside(to, file.text ?? "", undo) };
      }),
    );
    for (const { file, from, to } of renames) {
      attempt("write", file.path, () => renameSync(from, to));
      undo.push(() => restore(to, file.before));
    }
    for (const file of plan.files.filter(({ change }) => change === "remove")) {
      const path = place(plan.root, file.path);
      attempt("remove", file.path, () => rmSync(path, { force: true }));
      undo.push(() => restore(path, file.before));
    }
    if (made !== undefined) attempt("write", MANIFEST, () => writeManifest(plan, made, undo));
  } catch (error) {
    for (const step of undo.reverse()) swallow(step); // What cannot be undone must not hide why.
    throw error;
  }
}

/** Whether a file's text carries the header that every target writes. */
export function isOurs(text: string | Buffer): boolean {
  return /generated by schemagen/i.test(text.slice(0, 1000).toString());
}

/** What may be written: a file, of which there is a stamp if it exists. */
interface Place {
  stamp?: string;
  read: () => Buffer;
}

/** What stands at `path` now, or why nothing may be written there. */
function inspect(root: string, path: string): Place | { reason: string } {
  const absolute = resolve(root, path);
  if (!contains(root, absolute)) return { reason: "it lies outside of the project" };
  try {
    const stat = lstatSync(absolute, { throwIfNoEntry: false });
    const target: BigIntStats | undefined = statSync(absolute, { bigint: true, throwIfNoEntry: false });
    if (stat !== undefined && target === undefined) return { reason: "it is a symbolic link to nothing" };
    if (!contains(realpathSync(nearest(root)), realpathSync(nearest(absolute)))) {
      return { reason: "a symbolic link leads out of the project" };
    }
    const read = (): Buffer => attempt("read", path, () => readFileSync(absolute));
    if (target === undefined) return { read };
    if (target.isDirectory()) return { reason: "it is a folder" };
    if (!target.isFile()) return { reason: "it is not a regular file" };
    return { stamp: stampOf(target), read };
  } catch (error) {
    throw fileError(error, "write", path);
  }
}

/** The file to write for `path`: what a symbolic link leads to, so that the link stays. */
function place(root: string, path: string): string {
  const absolute = resolve(root, path);
  return lstatSync(absolute, { throwIfNoEntry: false })?.isSymbolicLink() ? realpathSync(absolute) : absolute;
}

/** The nearest folder or file above or at `path` that exists. */
export function nearest(path: string): string {
  let at = path;
  while (lstatSync(at, { throwIfNoEntry: false }) === undefined) at = dirname(at);
  return at;
}

function contains(root: string, path: string): boolean {
  const inside = relative(root, path);
  return inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}

/** Writes a temporary file beside `to` and gives its path. */
function writeBeside(to: string, text: string | Buffer, undo: (() => void)[]): string {
  const made = mkdirSync(dirname(to), { recursive: true });
  if (made !== undefined) undo.push(() => rmSync(made, { recursive: true, force: true }));
  const from = join(dirname(to), `.${basename(to)}.${randomUUID()}.tmp`);
  undo.push(() => rmSync(from, { force: true }));
  writeFileSync(from, text);
  const mode = statSync(to, { throwIfNoEntry: false })?.mode;
  if (mode !== undefined) chmodSync(from, mode & 0o777);
  return from;
}

function restore(path: string, before: string | Buffer | undefined): void {
  if (before === undefined) rmSync(path, { force: true });
  else writeFileSync(path, before);
}

function attempt<T>(doing: string, path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw fileError(error, doing, path);
  }
}

/** Puts `manifest` in the place of the one that is there. */
export function replaceManifest(root: string, manifest: Manifest): void {
  const undo: (() => void)[] = [];
  try {
    putManifest(root, manifest, undo);
  } catch (error) {
    for (const step of undo.reverse()) swallow(step);
    throw error;
  }
}

function writeManifest(plan: Plan, made: Omit<Manifest, "files">, undo: (() => void)[]): void {
  const present = plan.files.filter(({ change }) => change !== "remove");
  const files = present.map(({ path, text, target = "", stamp = stampAt(resolve(plan.root, path)) }) => {
    return [path, { hash: hash(text ?? ""), target, ...(stamp === undefined ? {} : { stamp }) }] as const;
  });
  putManifest(plan.root, { ...made, files: Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1))) }, undo);
}

function putManifest(root: string, manifest: Manifest, undo: (() => void)[]): void {
  const { inputs, files, diagnostics, renderings } = manifest;
  const text = `${JSON.stringify({ inputs, files, diagnostics, renderings }, null, 2)}\n`;
  const present = inspect(root, MANIFEST);
  if ("reason" in present) throw new UserError(`cannot write \`${MANIFEST}\`: ${present.reason}`);
  const to = join(root, MANIFEST);
  if (existsSync(to) && readFileSync(to, "utf8") === text) return;
  const from = writeBeside(to, text, undo);
  const ignored = join(dirname(to), ".gitignore");
  if (!existsSync(ignored)) writeFileSync(ignored, "*\n", { flag: "wx" });
  renameSync(from, to);
}

/** The hash of a text as the manifest has it. */
export function hash(text: string | Buffer): string {
  return createHash("sha256").update(withoutReturns(text)).digest("hex");
}

/** The text with the line ends that we write, whatever a check-out on Windows made of them. */
function withoutReturns(text: string | Buffer): Buffer {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  return bytes.includes("\r\n") ? Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1") : bytes;
}

function swallow(step: () => void): void {
  try {
    step();
  } catch {}
}
