// A project's folder as data. In: a folder on disk, or texts by path. Out: the paths of its files, and their texts when
// they are asked for. Looks into no folder of dependencies or build outputs, and no further down than tools are set up.

import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** The files of a project. */
export interface Tree {
  /** Paths relative to the root, `/`-separated, sorted. */
  readonly files: readonly string[];
  /** The text of a file, without a byte-order mark; none if it cannot be read. */
  read(path: string): string | undefined;
}

const DEEPEST = 5;
const MOST_FILES = 20_000;
const DOT_FOLDERS = [".github", ".kodo", ".schemagen", ".vscode", ".circleci"];
const SKIPPED = ["node_modules", "target", "dist", "build", "out", "coverage", "vendor", "venv", "__pycache__"];

/** The files below `root`. */
export function readTree(root: string): Tree {
  const files: string[] = [];
  const pending = [{ folder: "", depth: 0 }];
  for (let at = pending.shift(); at !== undefined && files.length < MOST_FILES; at = pending.shift()) {
    for (const entry of entries(join(root, at.folder))) {
      const path = at.folder === "" ? entry.name : `${at.folder}/${entry.name}`;
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory() && at.depth < DEEPEST && isOfInterest(entry.name)) {
        pending.push({ folder: path, depth: at.depth + 1 });
      }
    }
  }
  return { files: files.sort(), read: (path) => readText(join(root, path)) };
}

/** A tree of texts by path, in memory. */
export function treeOf(texts: Record<string, string>): Tree {
  return { files: Object.keys(texts).sort(), read: (path) => (Object.hasOwn(texts, path) ? texts[path] : undefined) };
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // Not ours to read: there is nothing for us in it.
  }
}

function isOfInterest(name: string): boolean {
  return name.startsWith(".") ? DOT_FOLDERS.includes(name) : !SKIPPED.includes(name);
}

function readText(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return undefined; // Reading a pipe would wait for who writes into it.
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch {
    return undefined;
  }
}
