// `.kodo/config.json`, which describes the workspaces of a project and the ORM of each. In: its text. Out: what it says
// of databases. A file of another form says nothing.

import { type Ecosystem, map } from "./parts.js";

/** A workspace that has a database. */
export interface KodoWorkspace {
  name: string;
  /** `drizzle`, `sqlalchemy` or `sqlx`; none for Supabase alone. */
  orm: string | undefined;
  /** The file of the ORM's schema, relative to the workspace; for a pattern of files, one of that folder. */
  schemaPath: string | undefined;
  language: Ecosystem | undefined;
  /** Whether migrations are Supabase's, alone or beside those of the ORM. */
  supabase: boolean;
  /** Whether the ORM makes the tables, and Supabase the rest. */
  hybrid: boolean;
  /** The first number of its migrations. */
  first: number | undefined;
}

const LANGUAGES: Record<string, Ecosystem> = { typescript: "npm", javascript: "npm", python: "python", rust: "rust" };
const ORMS: Record<string, Ecosystem> = { drizzle: "npm", sqlalchemy: "python", sqlx: "rust" };

/** Where it lies. */
export const KODO_CONFIG = ".kodo/config.json";

/** The workspaces under `stack.workspaces` that speak of a database. */
export function kodoWorkspaces(text: string | undefined): KodoWorkspace[] {
  const workspaces = map(map(map(parse(text ?? "{}")).stack).workspaces);
  return Object.entries(workspaces).flatMap(([name, workspace]) => {
    const { database, language } = map(workspace);
    if (database === undefined) return [];
    const { orm, migrationStrategy } = map(database);
    const path = word(map(orm).schemaPath);
    const file = path?.replace(/\*\*?(\.\w+)$/, "schema$1");
    const schemaPath = file === undefined || /[*?]|^\/|(^|\/)\.\.(\/|$)/.test(file) ? undefined : file;
    const { type, serviceRange } = map(migrationStrategy);
    const tool = word(map(orm).name);
    return [
      {
        name,
        orm: tool,
        schemaPath,
        language: LANGUAGES[word(language) ?? ""] ?? ORMS[tool ?? ""],
        supabase: type === "hybrid" || type === "supabase-only",
        hybrid: type === "hybrid",
        first: range(map(serviceRange).start),
      },
    ];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A number, as `00100` or 100, that the files of a service can begin with. */
function range(start: unknown): number | undefined {
  const first = typeof start === "string" && /^\d+$/.test(start) ? Number(start) : start;
  return Number.isInteger(first) && Number(first) >= 100 && Number(first) <= 9990 ? Number(first) : undefined;
}

function word(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
