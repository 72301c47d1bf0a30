// What a project is made of. In: a tree. Out: its parts, the tools in them with the reason why we think so, and what
// Supabase's configuration says of the database. Pure over the tree: `readTree` is the only file here that knows disks.

import { parse as parseToml } from "smol-toml";
import { KODO_CONFIG, kodoWorkspaces } from "./kodo.js";
import { inPart, map, type Part, partsOf } from "./parts.js";
import { type Found, namedTool, SUPABASE_CONFIG, toolsOf } from "./tools.js";
import type { Tree } from "./tree.js";

/** What is known of a project. */
export interface Detected {
  tree: Tree;
  parts: Part[];
  found: Found[];
  /** What Supabase's configuration says; none without Supabase. */
  supabase: { targetVersion?: number; exposedSchemas?: string[] } | undefined;
  /** Whether an ORM makes the tables, and SQL of ours the rest. */
  hybrid: boolean;
  /** Manifests that cannot be read, with the reason. */
  broken: string[];
}

/** Looks at a project. */
export function detect(tree: Tree): Detected {
  const parts = partsOf(tree);
  const workspaces = kodoWorkspaces(tree.read(KODO_CONFIG));
  const found = parts.flatMap(toolsOf);
  for (const { name, orm, schemaPath } of workspaces) {
    const part = parts.find(({ folder }) => folder.split("/").at(-1) === name) ?? parts[0];
    const tool = orm && part && namedTool(orm, part, `the workspace \`${name}\` in ${KODO_CONFIG}`);
    if (!tool) continue;
    const seen = found.find((other) => other.name === tool.name && other.folder === tool.folder) ?? tool;
    if (seen === tool) found.push(tool);
    if (schemaPath !== undefined) seen.wants = seen.wants.map((want) => ({ ...want, out: inPart(part, schemaPath) }));
  }
  return {
    tree,
    parts,
    found,
    supabase: supabaseSettings(tree),
    hybrid: workspaces.some(({ hybrid }) => hybrid),
    broken: parts.flatMap((part) => part.broken),
  };
}

/** Whether the tool called `name` is there. */
export function has({ found }: Detected, name: string): boolean {
  return found.some((tool) => tool.name === name);
}

function supabaseSettings(tree: Tree): Detected["supabase"] {
  const path = tree.files.find((file) => SUPABASE_CONFIG.test(file));
  if (path === undefined) return undefined;
  try {
    const { db, api } = map(parseToml(tree.read(path) ?? ""));
    const version = map(db).major_version;
    const { schemas } = map(api);
    const exposed = Array.isArray(schemas) ? schemas.filter((name) => typeof name === "string" && name !== "graphql_public") : [];
    return {
      ...(typeof version === "number" && version !== 15 ? { targetVersion: version } : {}),
      ...(exposed.length > 0 && exposed.join() !== "public" ? { exposedSchemas: exposed as string[] } : {}),
    };
  } catch {
    return {}; // Supabase's own command line says what is wrong with it.
  }
}
