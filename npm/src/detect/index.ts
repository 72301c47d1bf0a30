// What a project is made of. In: a tree. Out: its parts, the tools in them with the reason why we think so, and what
// Supabase's configuration says of the database. Pure over the tree: `readTree` is the only file here that knows disks.

import { parse as parseToml } from "smol-toml";
import { KODO_CONFIG, type KodoWorkspace, readKodo } from "./kodo.js";
import { record } from "../record.js";
import { inPart, type Part, partsOf } from "./parts.js";
import { type Found, namedTool, SUPABASE_CONFIG, toolsOf } from "./tools.js";
import type { Tree } from "./tree.js";

/** What is known of a project. */
export interface Detected {
  tree: Tree;
  parts: Part[];
  found: Found[];
  /** What Supabase's configuration says; none without Supabase. */
  supabase: { targetVersion?: number; exposedSchemas?: string[] } | undefined;
  /** What `.kodo/config.json` says. */
  workspaces: KodoWorkspace[];
  /** Manifests that cannot be read, and what in `.kodo/config.json` cannot be used, with the reason. */
  broken: string[];
}

/** Looks at a project. */
export function detect(tree: Tree): Detected {
  const parts = partsOf(tree);
  const { workspaces, broken } = readKodo(tree.read(KODO_CONFIG));
  const found = parts.flatMap(toolsOf);
  for (const { name, orm, schemaPath } of workspaces) {
    const part = parts.find(({ folder }) => folder.split("/").at(-1) === name) ?? partToBe(workspaces, name, parts);
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
    workspaces,
    broken: [...parts.flatMap((part) => part.broken), ...broken],
  };
}

/** The part that a workspace without a manifest is: the root if it is the only one, else a folder of its name. */
function partToBe(workspaces: KodoWorkspace[], name: string, [root]: Part[]): Part | undefined {
  return root && (workspaces.length === 1 || !/^\w[\w-]*$/.test(name) ? root : { ...root, folder: name, files: [], ecosystems: [] });
}

/** Whether the tool called `name` is there. */
export function has({ found }: Detected, name: string): boolean {
  return found.some((tool) => tool.name === name);
}

function supabaseSettings(tree: Tree): Detected["supabase"] {
  const path = tree.files.find((file) => SUPABASE_CONFIG.test(file));
  if (path === undefined) return undefined;
  try {
    const { db, api } = record(parseToml(tree.read(path) ?? ""));
    const version = record(db).major_version;
    const { schemas } = record(api);
    const exposed = Array.isArray(schemas) ? schemas.filter((name) => typeof name === "string" && name !== "graphql_public") : [];
    return {
      ...(typeof version === "number" && version !== 15 ? { targetVersion: version } : {}),
      ...(exposed.length > 0 && exposed.join() !== "public" ? { exposedSchemas: exposed as string[] } : {}),
    };
  } catch {
    return {}; // Supabase's own command line says what is wrong with it.
  }
}
