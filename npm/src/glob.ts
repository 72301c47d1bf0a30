// Globs, resolved on disk. In: a pattern and a folder. Out: files. Knows `*`, `**`, `?`, `[…]` and `{…,…}`; looks into
// no folder whose name begins with a dot, and into no node_modules.

import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { fileError } from "./errors.js";

/** Whether a text is a pattern and not merely a path. */
export function isGlob(text: string): boolean {
  return /[*?[\]{}]/.test(text);
}

/** The folder that all matches of a pattern lie in. */
export function globBase(pattern: string): string {
  const special = pattern.search(/[*?[\]{}]/);
  return special < 0 ? pattern : pattern.slice(0, pattern.lastIndexOf("/", special) + 1) || ".";
}

/** The absolute paths of the files under `root` that match. A folder that cannot be read is an error, unless it `isExcluded`. */
export function glob(pattern: string, root: string, isExcluded: (folder: string) => boolean = () => false): string[] {
  const { folder, rest } = split(pattern, root);
  const matches = globRegExp(rest);
  const depth = rest.includes("**") ? Number.POSITIVE_INFINITY : rest.split("/").length - 1;
  return walk(folder, { depth, isExcluded, seen: new Set() }).filter((path) => matches.test(path)).map((path) => join(folder, path));
}

/** Whether `glob` finds a path, absolute, where it is a file. */
export function globMatcher(pattern: string, root: string): (path: string) => boolean {
  const { folder, rest } = split(pattern, root);
  const matches = globRegExp(rest);
  return (path) => {
    const inside = relative(folder, path).split(sep);
    return matches.test(inside.join("/")) && !inside.some(isHidden);
  };
}

/** The folder that all matches lie in, and the pattern from there. */
function split(pattern: string, root: string): { folder: string; rest: string } {
  const base = globBase(pattern);
  const rest = base === "." ? pattern.replace(/^(\.\/)+/, "") : pattern.slice(base.length);
  return { folder: resolve(root, base), rest };
}

/** Whether no pattern looks at what is called `name`, nor into it. */
export function isHidden(name: string): boolean {
  return name.startsWith(".") || name === "node_modules";
}

/** The regular expression of a pattern, for `/`-separated paths. */
export function globRegExp(pattern: string): RegExp {
  let depth = 0;
  const source = pattern.replace(/\*\*\/|\*\*|\[!?[^\]/]+\]|[^]/g, (token) => {
    switch (token) {
      case "**/":
        return "(?:[^/]+/)*";
      case "**":
        return ".*";
      case "*":
        return "[^/]*";
      case "?":
        return "[^/]";
      case "{":
        depth += 1;
        return "(?:";
      case "}":
        depth -= 1;
        return ")";
      case ",":
        return depth > 0 ? "|" : ",";
    }
    if (token.length > 1) return token.replace(/^\[!/, "[^").replaceAll("\\", "\\\\");
    return token.replace(/[\\^$.+()|[\]]/, "\\$&");
  });
  try {
    return new RegExp(`^${source}$`, "u");
  } catch {
    return /(?!)/; // A brace that is not closed: a pattern that nothing matches.
  }
}

interface Walk {
  /** How many folders further down there may be matches. */
  depth: number;
  isExcluded: (folder: string) => boolean;
  /** The real paths of the folders that were looked into. */
  seen: Set<string>;
}

/** The files below `folder`, relative to it, `/`-separated. Follows symbolic links, each folder once. */
function walk(folder: string, { depth, isExcluded, seen }: Walk): string[] {
  let entries: Dirent[];
  try {
    const real = realpathSync(folder);
    if (seen.has(real)) return [];
    seen.add(real);
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error) || isExcluded(folder)) return [];
    throw fileError(error, "read", folder, "leave it out with a pattern that begins with `!`");
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (isHidden(entry.name)) return [];
    const stat = entry.isSymbolicLink() ? followed(path) : entry;
    if (stat?.isFile()) return [entry.name];
    if (stat?.isDirectory() !== true || depth === 0) return [];
    return walk(path, { depth: depth - 1, isExcluded, seen }).map((inside) => `${entry.name}/${inside}`);
  });
}

/** What a symbolic link leads to, if that is a file or a folder within reach. */
function followed(link: string): Stats | undefined {
  try {
    return statSync(link, { throwIfNoEntry: false });
  } catch {
    return undefined; // A loop, or behind a folder that is not ours to enter.
  }
}

function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}
