// `.kodo/config.json`, which describes the workspaces of a project, the ORM of each and how its migrations are numbered.
// In: its text. Out: what it says of databases, and what of that cannot be used. Nothing that it says leads out of a
// workspace.

import { normalize } from "node:path/posix";
import { record } from "../record.js";
import type { Ecosystem } from "./parts.js";

/** A workspace that has a database. */
export interface KodoWorkspace {
  name: string;
  /** `drizzle`, `sqlalchemy` or `sqlx`; none for Supabase alone. */
  orm: string | undefined;
  /** The file of the ORM's schema, relative to the workspace; for a folder or a pattern of files, one of that folder. */
  schemaPath: string | undefined;
  language: Ecosystem | undefined;
  /** Whether migrations are Supabase's, alone or beside those of the ORM. */
  supabase: boolean;
  /** Whether the ORM makes the tables, and Supabase the rest. */
  hybrid: boolean;
  /** Whether Alembic makes the tables of its ORM. */
  alembic: boolean;
  /** The first number of its migrations, if it says so. */
  first: number | undefined;
}

/** What the file says. */
export interface Kodo {
  workspaces: KodoWorkspace[];
  /** What it says that cannot be used, each with its place. */
  broken: string[];
}

const LANGUAGES = new Map<unknown, Ecosystem>([["typescript", "npm"], ["javascript", "npm"], ["python", "python"], ["rust", "rust"]]);
const ORMS = new Map<unknown, { name: string; language: Ecosystem; suffix: string }>(
  [
    { name: "drizzle", language: "npm", suffix: ".ts" } as const,
    { name: "sqlalchemy", language: "python", suffix: ".py" } as const,
    { name: "sqlx", language: "rust", suffix: ".rs" } as const,
  ].map((orm) => [orm.name, orm]),
);

/** Where it lies. */
export const KODO_CONFIG = ".kodo/config.json";

/** Characters of a file that still is a configuration, and of a path in it. */
const LONGEST = { file: 1_000_000, path: 500 };
/** So many have ranges of numbers of their own. */
const MOST_WORKSPACES = 50;
/** The numbers that the first file of a service may have, as the target `sql` takes them. */
export const FIRST = { least: 100, most: 9990 };

/** The workspaces under `stack.workspaces` that speak of a database. */
export function readKodo(text: string | undefined): Kodo {
  const kodo: Kodo = { workspaces: [], broken: [] };
  const unusable = (why: string): number => kodo.broken.push(`${KODO_CONFIG}: ${why}`);
  if (text === undefined) return kodo;
  if (text.length > LONGEST.file) {
    unusable("it is longer than a million characters");
    return kodo;
  }
  let content: Record<string, unknown> = {};
  try {
    content = record(JSON.parse(text));
  } catch (error) {
    unusable((error as Error).message);
  }
  const databases = Object.entries(record(record(content.stack).workspaces)).filter(([, it]) => isGiven(record(it).database));
  if (databases.length > MOST_WORKSPACES) unusable(`of ${databases.length} workspaces more than the first ${MOST_WORKSPACES}`);
  for (const [name, workspace] of databases.slice(0, MOST_WORKSPACES)) {
    const { database, language } = record(workspace);
    const { name: ormName, schemaPath, migrationTool = "alembic" } = record(record(database).orm);
    const { type, serviceRange } = record(record(database).migrationStrategy);
    const orm = ORMS.get(ormName);
    const first = firstOf(serviceRange);
    if (first === undefined && isGiven(serviceRange)) {
      unusable(`the \`serviceRange\` of \`${name}\`: it must start with a number from ${FIRST.least} to ${FIRST.most}, and not end before it`);
    }
    const file = typeof schemaPath === "string" ? fileAt(schemaPath, orm?.suffix ?? "") : undefined;
    if (file === undefined && isGiven(schemaPath)) {
      unusable(`the \`schemaPath\` of \`${name}\`: it must be a file, a folder, or \`*\` in a folder, inside of the workspace`);
    }
    kodo.workspaces.push({
      name,
      orm: orm?.name,
      schemaPath: file,
      language: LANGUAGES.get(language) ?? orm?.language,
      supabase: type === "hybrid" || type === "supabase-only",
      hybrid: type === "hybrid" && orm !== undefined,
      alembic: type === "hybrid" && orm?.name === "sqlalchemy" && migrationTool === "alembic",
      first,
    });
  }
  return kodo;
}

/** The first number of a range as `{ "start": "00100", "end": "00199" }`, the numbers also without quotes. */
function firstOf(range: unknown): number | undefined {
  const { start, end } = record(range);
  const first = number(start);
  const isUsable = first !== undefined && first >= FIRST.least && first <= FIRST.most && (!isGiven(end) || (number(end) ?? 0) >= first);
  return isUsable ? first : undefined;
}

function number(value: unknown): number | undefined {
  const given = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return Number.isInteger(given) ? Number(given) : undefined;
}

/** The file that `path` means: itself, or `schema` where it is a folder, or a pattern of the files of one. */
function fileAt(path: string, suffix: string): string | undefined {
  if (path.length > LONGEST.path || path.startsWith("/")) return undefined;
  const folder = `./${path}`.replace(/\/[*/]*\*\.\w+$/, "/");
  const file = normalize(/[^/]\.\w+$/.test(folder) ? folder : `${folder}/schema${suffix}`);
  // What else means something in a path: patterns, drives, Windows' slashes, what terminals obey.
  return file.split("/").includes("..") || /[*?:<>|"\\\p{C}]/u.test(file) ? undefined : file;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
