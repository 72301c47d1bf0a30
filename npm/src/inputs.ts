// Schema files from disk. In: files, folders and globs. Out: their paths in a stable order, which paths would be among
// them, and their contents as bytes under the names that diagnostics show.

import { readFileSync, type Stats, statSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { fileError, UserError } from "./errors.js";
import { glob, globBase, globMatches, globRegExp, isGlob } from "./glob.js";
import type { SourceFile } from "./types.js";

/** The schema files of a folder that is given as a whole. */
const IN_FOLDER = "**/*.{yaml,yml}";
/** Our own configuration, which is no schema although a pattern may match it. */
const CONFIGURATION = /(^|\/)schemagen\.config\.\w+$/;

/**
 * The absolute paths that `patterns`, relative to `root`, stand for; sorted, each once. Files that match a pattern
 * which begins with `!` are left out, and folders and globs do not stand for those of `except`.
 */
export function expand(patterns: string[], root: string, except: ReadonlySet<string> = new Set()): string[] {
  const excluded = exclusions(patterns);
  const found = inclusions(patterns).flatMap((pattern) => expandOne(pattern, root, except));
  const kept = found.filter((file) => !excluded.some((matches) => matches.test(displayPath(file, root))));
  return [...new Set(kept)].sort((a, b) => (a < b ? -1 : 1));
}

/** Whether `expand` may give `path`, absolute, once there is such a file. */
export function isInput(path: string, patterns: string[], root: string): boolean {
  const shown = displayPath(path, root);
  if (exclusions(patterns).some((matches) => matches.test(shown))) return false;
  return inclusions(patterns).some((pattern) => {
    if (resolve(root, pattern) === path) return true;
    if (CONFIGURATION.test(shown)) return false;
    return globMatches(pattern, root, path) || globMatches(IN_FOLDER, resolve(root, pattern), path);
  });
}

/** The absolute paths at or below which all that `patterns` stand for lies. */
export function inputBases(patterns: string[], root: string): string[] {
  return inclusions(patterns).map((pattern) => resolve(root, globBase(pattern)));
}

function inclusions(patterns: string[]): string[] {
  return patterns.filter((pattern) => !pattern.startsWith("!"));
}

function exclusions(patterns: string[]): RegExp[] {
  return patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => globRegExp(pattern.slice(1)));
}

function expandOne(pattern: string, root: string, except: ReadonlySet<string>): string[] {
  const path = resolve(root, pattern);
  const stat = statOf(path, pattern);
  if (stat === undefined && !isGlob(pattern)) {
    throw new UserError(`there is no file or folder \`${pattern}\``, {
      help: root === process.cwd() ? "check the name" : `check the name; it is relative to ${root}`,
    });
  }
  if (stat !== undefined && !stat.isDirectory()) return [path];
  const matches = stat === undefined ? glob(pattern, root) : glob(IN_FOLDER, path);
  const found = matches.filter((file) => !CONFIGURATION.test(displayPath(file, root)) && !except.has(file));
  if (found.length > 0) return found;
  throw new UserError(
    stat === undefined
      ? `no file matches \`${pattern}\``
      : `the folder \`${pattern}\` holds no .yaml or .yml file; JSON is named by a glob, such as *.json`,
  );
}

function statOf(path: string, name: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw fileError(error, "read", name);
  }
}

/** The contents of `files`, named relative to `cwd`. `-` is standard input. */
export async function readSources(files: string[], cwd: string): Promise<SourceFile[]> {
  return Promise.all(files.map((file) => readSource(file, cwd)));
}

async function readSource(file: string, cwd: string): Promise<SourceFile> {
  if (file === "-") {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return { name: "<stdin>", text: Buffer.concat(chunks) };
  }
  const name = displayPath(file, cwd);
  try {
    if (statSync(file).isCharacterDevice()) throw new UserError(`\`${name}\` is a device, not a file`);
    return { name, text: readFileSync(file) };
  } catch (error) {
    throw fileError(error, "read", name);
  }
}

/** The text of a source, its byte-order mark included. */
export function textOf({ text }: SourceFile): string {
  return typeof text === "string" ? text : new TextDecoder("utf-8", { ignoreBOM: true }).decode(text);
}

/** The path as people see it: relative to `cwd`, with slashes. */
export function displayPath(file: string, cwd: string): string {
  return relative(cwd, file).split(sep).join("/") || ".";
}
