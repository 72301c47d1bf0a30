// `.schemagen/manifest.json`: what the last run wrote and said, so that the next one knows without compiling. In: its text,
// which anybody may have edited. Out: what of it reads as we write it; all else is as if it were not there. Writes nothing.

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { normalize } from "node:path/posix";
import { record } from "./record.js";
import type { Diagnostic, Format, RenderOptions } from "./types.js";

/** What a run wrote, and of what. */
export interface Manifest {
  /** A hash of all that the files were made of. */
  inputs: string;
  /** The files, each with the hash of its text, the target that made it, and its stamp, by which the hash is known to hold. */
  files: Record<string, { hash: string; target: string; stamp?: string }>;
  /** What there was to say besides: no errors. */
  diagnostics: Diagnostic[];
  /** All of that as texts, as it was asked for; the last one first. */
  renderings: Rendering[];
}

/** Diagnostics as text, and what `render` was told. */
export interface Rendering extends Required<RenderOptions> {
  format: Format;
  text: string;
}

/** Where the manifest is kept, relative to the root. It is not to be committed. */
export const MANIFEST = ".schemagen/manifest.json";

/** Bytes that a manifest of ours stays below: 50,000 files, and as many findings. */
const LARGEST = 32_000_000;
/** With colours and without, at two widths; and characters of all together. */
const RENDERINGS = { most: 4, characters: 400_000 };
/** The width of `render` where none is asked for. */
const WIDTH = 100;

/** What the last run in `root` wrote. Without a manifest, or with a broken one, nothing is known to be ours. */
export function readManifest(root: string): Manifest {
  const content = record(parse(join(root, MANIFEST)));
  const { inputs, diagnostics, renderings } = content;
  const isWhole = typeof inputs === "string" && isList(diagnostics, isDiagnostic);
  return {
    inputs: isWhole ? inputs : "",
    files: Object.fromEntries(Object.entries(record(content.files)).filter(isFile)) as Manifest["files"],
    diagnostics: isWhole ? diagnostics : [],
    renderings: isWhole && Array.isArray(renderings) ? bounded(renderings.filter(isRendering)) : [],
  };
}

/** What `render` would say, if it was asked for the same before. */
export function findRendering(manifest: Manifest, format: Format, options: RenderOptions): string | undefined {
  return manifest.renderings.find((kept) => isAnswer(kept, format, options))?.text;
}

/** The manifest with a rendering more. */
export function withRendering(manifest: Manifest, format: Format, options: RenderOptions, text: string): Manifest {
  const others = manifest.renderings.filter((kept) => !isAnswer(kept, format, options));
  const { color = false, width = WIDTH } = options;
  return { ...manifest, renderings: bounded([{ format, color, width, text }, ...others].filter(isRendering)) };
}

function isAnswer(kept: Rendering, format: Format, { color = false, width = WIDTH }: RenderOptions): boolean {
  return kept.format === format && kept.color === color && kept.width === width;
}

/** The first of them, as many as there is room for. */
function bounded(renderings: Rendering[]): Rendering[] {
  let room = RENDERINGS.characters;
  return renderings.slice(0, RENDERINGS.most).filter(({ text }) => (room -= text.length) >= 0);
}

function parse(path: string): unknown {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= LARGEST ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  } catch {
    return undefined;
  }
}

/** A path as we write it, which no other path means too. */
function isFile([path, file]: [string, unknown]): boolean {
  const { hash, target, stamp } = record(file);
  const isPlain = path === normalize(path) && !/^(\/|\.\.(\/|$))|\p{C}/u.test(path);
  return isPlain && isText(hash) && isText(target) && isOptional(stamp, isText);
}

function isDiagnostic(value: unknown): value is Diagnostic {
  const { code, severity, message, file, range, text, labels, help, notes, fixes } = record(value);
  const isNamed = isText(code) && (severity === "warning" || severity === "note") && isText(message);
  const isPlaced = isOptional(file, isText) && isOptional(range, isRange) && isOptional(text, isText) && isOptional(help, isText);
  return isNamed && isPlaced && isOptional(labels, listOf(isPassage)) && isOptional(notes, listOf(isText)) && isOptional(fixes, listOf(isFix));
}

function isFix(value: unknown): boolean {
  const { title, safe, edits } = record(value);
  return isText(title) && typeof safe === "boolean" && isList(edits, isPassage);
}

/** A label or an edit. */
function isPassage(value: unknown): boolean {
  const { file, range, text } = record(value);
  return isText(file) && isRange(range) && isText(text);
}

function isRange(value: unknown): boolean {
  const { start, end } = record(value);
  return [start, end].map(record).every(({ line, column }) => isCount(line) && isCount(column));
}

/** Colours, where they are asked for, are all that a terminal obeys in what the compiler prints. */
function isRendering(value: unknown): value is Rendering {
  const { format, color, width, text } = record(value);
  if (!(format === "rich" || format === "concise" || format === "github") || typeof color !== "boolean" || !isCount(width) || !isText(text)) return false;
  const plain = color ? text.replace(/\u001b\[(0|1|3[1-6]|9[1-6])m/g, "") : text;
  return !/[^\n\t\P{Cc}]|[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u.test(plain);
}

function listOf<T>(isItem: (item: unknown) => boolean): (value: unknown) => value is T[] {
  return (value): value is T[] => isList(value, isItem);
}

function isList<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[];
function isList(value: unknown, isItem: (item: unknown) => boolean): boolean;
function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isOptional(value: unknown, isIt: (value: unknown) => boolean): boolean {
  return value === undefined || isIt(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32;
}
