// `.kodo/config.json`, which describes the workspaces of a project and the ORM of each. In: its text. Out: what it says
// of databases. A file of another form says nothing.

import { map } from "./parts.js";

/** A workspace that has a database. */
export interface KodoWorkspace {
  name: string;
  /** `drizzle`, `sqlalchemy` or `sqlx`; none for Supabase alone. */
  orm: string | undefined;
  /** The file of the ORM's schema, relative to the workspace. */
  schemaPath: string | undefined;
  /** Whether the ORM makes the tables, and Supabase the rest. */
  hybrid: boolean;
}

/** Where it lies. */
export const KODO_CONFIG = ".kodo/config.json";

/** The workspaces under `stack.workspaces` that speak of a database. */
export function kodoWorkspaces(text: string | undefined): KodoWorkspace[] {
  const workspaces = map(map(map(parse(text ?? "{}")).stack).workspaces);
  return Object.entries(workspaces).flatMap(([name, workspace]) => {
    const { database } = map(workspace);
    if (database === undefined) return [];
    const { orm, migrationStrategy } = map(database);
    const path = word(map(orm).schemaPath);
    const schemaPath = path === undefined || /[*?]|^\/|(^|\/)\.\.(\/|$)/.test(path) ? undefined : path;
    return [{ name, orm: word(map(orm).name), schemaPath, hybrid: map(migrationStrategy).type === "hybrid" }];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function word(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
