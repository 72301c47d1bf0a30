// Schema files from disk. In: files, folders and globs. Out: their paths in a stable order, which paths would be among
// them, and their contents as bytes under the names that diagnostics show.

import { readFileSync, type Stats, statSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { fileError, UserError } from "./errors.js";
import { glob, globBase, globMatcher, isGlob } from "./glob.js";
import type { SourceFile } from "./types.js";

/** The schema files of a folder that is given as a whole. */
const IN_FOLDER = "**/*.{yaml,yml}";
/** Our own configuration, which is no schema although a pattern may match it. */
const CONFIGURATION = /(^|\/)schemagen\.config\.\w+$/;

/**
 * The absolute paths that `patterns`, relative to `root`, stand for; sorted, each once, and at least one. What a pattern
 * that begins with `!` stands for is left out, and folders and globs do not stand for the files of `except`.
 */
export function expand(patterns: string[], root: string, except: ReadonlySet<string> = new Set()): string[] {
  const isExcluded = exclusion(patterns, root);
  const found = inclusions(patterns).flatMap((pattern) => expandOne(pattern, root, isExcluded, except));
  const kept = found.filter((file) => !isExcluded(file));
  if (kept.length === 0) {
    throw new UserError(found.length === 0 ? "no schema file is named" : "every schema file is left out", {
      help: "name a file, a folder or a glob; what begins with `!` only leaves files out",
    });
  }
  return [...new Set(kept)].sort((a, b) => (a < b ? -1 : 1));
}

/** Whether `expand` may give `path`, absolute, once there is such a file. */
export function isInput(path: string, patterns: string[], root: string): boolean {
  if (exclusion(patterns, root)(path)) return false;
  return inclusions(patterns).some((pattern) => {
    if (resolve(root, pattern) === path) return true;
    if (CONFIGURATION.test(displayPath(path, root))) return false;
    return globMatcher(pattern, root)(path) || globMatcher(IN_FOLDER, resolve(root, pattern))(path);
  });
}

/** The absolute paths at or below which all that `patterns` stand for lies. */
export function inputBases(patterns: string[], root: string): string[] {
  return inclusions(patterns).map((pattern) => resolve(root, globBase(pattern)));
}

function inclusions(patterns: string[]): string[] {
  return patterns.filter((pattern) => !pattern.startsWith("!"));
}

/** Whether a pattern with `!` stands for a path, absolute, or for a folder that it lies in. */
function exclusion(patterns: string[], root: string): (path: string) => boolean {
  const excluded = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => {
    const place = resolve(root, pattern.slice(1));
    const matches = globMatcher(pattern.slice(1), root);
    return (path: string): boolean => path === place || path.startsWith(place + sep) || matches(path);
  });
  return (path) => excluded.some((isExcluded) => isExcluded(path));
}

function expandOne(pattern: string, root: string, isExcluded: (path: string) => boolean, except: ReadonlySet<string>): string[] {
  const path = resolve(root, pattern);
  const stat = statOf(path, pattern);
  if (stat === undefined && !isGlob(pattern)) {
    throw new UserError(`there is no file or folder \`${pattern}\``, {
      help: root === process.cwd() ? "check the name" : `check the name; it is relative to ${root}`,
    });
  }
  if (stat !== undefined && !stat.isDirectory()) return [path];
  const matches = stat === undefined ? glob(pattern, root, isExcluded) : glob(IN_FOLDER, path, isExcluded);
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
