// Globs, resolved on disk. In: a pattern and a folder. Out: files. Knows `*`, `**`, `?`, `[…]` and `{…,…}`; looks into
// no folder whose name begins with a dot, and into no node_modules.

import { type Dirent, readdirSync, realpathSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";

/** Whether a text is a pattern and not merely a path. */
export function isGlob(text: string): boolean {
  return /[*?[\]{}]/.test(text);
}

/** The folder that all matches of a pattern lie in. */
export function globBase(pattern: string): string {
  const special = pattern.search(/[*?[\]{}]/);
  return special < 0 ? pattern : pattern.slice(0, pattern.lastIndexOf("/", special) + 1) || ".";
}

/** The absolute paths of the files under `root` that match. */
export function glob(pattern: string, root: string): string[] {
  const { folder, matches } = split(pattern, root);
  return walk(folder, new Set()).filter((path) => matches.test(path)).map((path) => join(folder, path));
}

/** Whether `glob` finds `path`, absolute, where it is a file. */
export function globMatches(pattern: string, root: string, path: string): boolean {
  const { folder, matches } = split(pattern, root);
  const inside = relative(folder, path).split(sep);
  return matches.test(inside.join("/")) && !inside.some(isHidden);
}

function split(pattern: string, root: string): { folder: string; matches: RegExp } {
  const base = globBase(pattern);
  const rest = base === "." ? pattern.replace(/^(\.\/)+/, "") : pattern.slice(base.length);
  return { folder: resolve(root, base), matches: globRegExp(rest) };
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

/** The files below `folder`, relative to it, `/`-separated. Follows symbolic links, each folder once. */
function walk(folder: string, seen: Set<string>): string[] {
  let entries: Dirent[];
  try {
    const real = realpathSync(folder);
    if (seen.has(real)) return [];
    seen.add(real);
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // It is no folder, or not ours to read: nothing matches there.
  }
  return entries.flatMap((entry) => {
    if (isHidden(entry.name)) return [];
    const stat = entry.isSymbolicLink() ? statSync(join(folder, entry.name), { throwIfNoEntry: false }) : entry;
    if (stat?.isDirectory()) return walk(join(folder, entry.name), seen).map((path) => `${entry.name}/${path}`);
    return stat?.isFile() ? [entry.name] : [];
  });
}
