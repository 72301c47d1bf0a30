// The parts of a project: its root, and each folder that has a manifest of its own (package.json, pyproject.toml,
// requirements.txt, Cargo.toml), as in monorepos and in projects of several services. In: a tree. Out: parts with
// their files and what they depend on. A manifest that cannot be read has no dependencies, and is named.

import { parse as parseToml } from "smol-toml";
import { record } from "../record.js";
import type { Tree } from "./tree.js";

/** Where a package comes from. */
export type Ecosystem = "npm" | "python" | "rust";

/** One part of a project. */
export interface Part {
  /** Relative to the root; empty for the root itself. */
  folder: string;
  /** Paths relative to `folder`; files of parts further down belong to those. */
  files: string[];
  /** The ecosystems whose manifests it has. */
  ecosystems: Ecosystem[];
  /** What it depends on, with the wanted versions. */
  dependencies: Record<Ecosystem, Map<string, string>>;
  /** Whether it only holds other parts together, as the root of a workspace. */
  isWorkspaceRoot: boolean;
  /** Manifests that could not be read, with the reason. */
  broken: string[];
  read(path: string): string | undefined;
}

const MANIFEST = /(^|\/)(package\.json|pyproject\.toml|requirements[\w.-]*\.txt|Cargo\.toml)$/;

/** The parts of a project, the root first. */
export function partsOf(tree: Tree): Part[] {
  const manifests = tree.files.filter((path) => MANIFEST.test(path));
  const folders = [...new Set(["", ...manifests.map(folderOf)])].sort();
  const owner = (path: string): string =>
    folders.findLast((folder) => folder === "" || path.startsWith(`${folder}/`)) ?? "";
  const owned = new Map<string, string[]>(folders.map((folder) => [folder, []]));
  for (const path of tree.files) owned.get(owner(path))?.push(path);
  return [...owned].map(([folder, paths]) => readPart(tree, folder, paths));
}

/** `path`, which is relative to a part, relative to the root. */
export function inPart(part: Pick<Part, "folder">, path: string): string {
  return part.folder === "" ? path : `${part.folder}/${path}`;
}

function readPart(tree: Tree, folder: string, owned: string[]): Part {
  const part: Part = {
    folder,
    files: owned.map((path) => (folder === "" ? path : path.slice(folder.length + 1))),
    ecosystems: [],
    dependencies: { npm: new Map(), python: new Map(), rust: new Map() },
    isWorkspaceRoot: false,
    broken: [],
    read: (path) => tree.read(inPart({ folder }, path)),
  };
  for (const path of part.files.filter((file) => !file.includes("/") && MANIFEST.test(file))) {
    const ecosystem = path.endsWith(".json") ? "npm" : path === "Cargo.toml" ? "rust" : "python";
    if (!part.ecosystems.includes(ecosystem)) part.ecosystems.push(ecosystem);
    try {
      readManifest(part, path, part.read(path) ?? "");
    } catch (error) {
      part.broken.push(`${inPart(part, path)}: ${String((error as Error).message).split("\n", 1)[0]}`);
    }
  }
  part.isWorkspaceRoot ||= part.files.includes("pnpm-workspace.yaml");
  return part;
}

function readManifest(part: Part, path: string, text: string): void {
  const { npm, python, rust } = part.dependencies;
  if (path === "package.json") {
    const manifest = record(JSON.parse(text));
    for (const key of ["dependencies", "devDependencies"]) versions(manifest[key], npm);
    part.isWorkspaceRoot ||= "workspaces" in manifest;
  } else if (path === "Cargo.toml") {
    const manifest = record(parseToml(text));
    for (const key of ["dependencies", "dev-dependencies"]) versions(manifest[key], rust);
    versions(record(manifest.workspace).dependencies, rust);
    part.isWorkspaceRoot ||= "workspace" in manifest && !("package" in manifest);
  } else if (path === "pyproject.toml") {
    const manifest = record(parseToml(text));
    const project = record(manifest.project);
    const lists = [project.dependencies, ...Object.values(record(project["optional-dependencies"])), ...Object.values(record(manifest["dependency-groups"]))];
    requirements(lists.flat(), python);
    const poetry = record(record(manifest.tool).poetry);
    for (const group of [poetry, ...Object.values(record(poetry.group)).map(record)]) versions(group.dependencies, python);
  } else {
    requirements(text.split(/\r?\n/), python);
  }
}

/** `{ name: "1.0" }`, or `{ name: { version: "1.0", … } }` as Cargo and Poetry write it. */
function versions(value: unknown, into: Map<string, string>): void {
  for (const [name, wanted] of Object.entries(record(value))) {
    const version = typeof wanted === "string" ? wanted : record(wanted).version;
    into.set(name.toLowerCase(), typeof version === "string" ? version : "*");
  }
}

/** Lines as PEP 508 has them: `SQLAlchemy[asyncio]>=2.0; python_version > "3.9"`. */
function requirements(lines: unknown[], into: Map<string, string>): void {
  for (const line of lines) {
    const found = typeof line === "string" ? /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([^;#]*)/.exec(line) : null;
    if (found?.[1] !== undefined) into.set(found[1].toLowerCase(), found[2]?.trim() || "*");
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
