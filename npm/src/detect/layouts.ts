// How projects may be laid out, as data. The command line names them in its help, at every start.

import { fileNumber, type Numbering, type Services } from "./services.js";

/** How a project may be laid out. */
export type LayoutName = "plain" | "hybrid" | "services";

/** Where things lie. */
export interface Layout {
  title: string;
  /** The folder of the schema. */
  schema: string;
  /** What is generated whatever tools there are. */
  targets?: string[];
  /** What is generated besides where there are no tools yet. */
  first: string[];
  /** Where targets are written. */
  places: Record<string, Place>;
}

/** What is to be generated, and for whom. */
export interface Planned {
  targets: string[];
  services: Services | undefined;
  /** How the SQL of the services is numbered. */
  numbering: Numbering | undefined;
  /** Whether Alembic makes the tables, as far as the layout does not say so. */
  alembic: boolean;
}

/** Where a target is written. */
export interface Place {
  out: string;
  /** Where it is written if the database is not on Supabase. */
  elsewhere?: string;
  /** What the target is told. */
  options?: (planned: Planned) => Record<string, unknown>;
  /** Why it is written there, if there is more to say than that it is the layout's place. */
  why?: (planned: Planned) => string;
  /** Whether it goes before the place that a tool has for the target. */
  decides?: true;
}

const NODE = "services/node-service";
const PYTHON = "services/python-service";

/** The layouts, the usual one first. */
export const LAYOUTS: Record<LayoutName, Layout> = {
  plain: {
    title: "one application: schema/, and each output where its tool looks for it",
    schema: "schema",
    first: ["zod"],
    places: { sql: { out: "db/schema.sql" }, zod: { out: "src/db/schema.ts" } },
  },
  hybrid: {
    title: "hybrid: dsl/, schemas/, models/ of which Alembic makes the tables, and all else in migrations/supabase/",
    schema: "dsl",
    targets: ["zod", "pydantic", "sqlalchemy"],
    first: [],
    places: {
      sql: {
        out: "migrations/supabase",
        options: (planned) => sqlOptions({ ...planned, alembic: true }),
        why: (planned) => whySql({ ...planned, alembic: true }),
        decides: true,
      },
      zod: { out: "schemas/schema.ts", decides: true },
      pydantic: { out: "schemas/schema.py", decides: true },
      sqlalchemy: { out: "models/schema.py", decides: true },
    },
  },
  services: {
    title: "several services: schema/ with a folder for each, its SQL in numbers of its own, code in services/*",
    schema: "schema",
    first: ["drizzle", "zod", "pydantic", "sqlalchemy", "sqlx"],
    places: {
      sql: {
        out: "supabase/migrations",
        elsewhere: "db/migrations",
        options: sqlOptions,
        why: whySql,
        decides: true,
      },
      drizzle: { out: `${NODE}/src/db/schema.ts` },
      zod: { out: `${NODE}/src/db/schema.ts` },
      pydantic: { out: `${PYTHON}/app/schemas.py` },
      sqlalchemy: { out: `${PYTHON}/app/models.py` },
      sqlx: { out: "services/rust-service/src/db.rs" },
    },
  },
};

function sqlOptions(planned: Planned): Record<string, unknown> {
  const { numbering } = planned;
  const names = numbering === undefined ? { layout: "supabase" } : { layout: "numbered", ...numbering };
  return { ...names, ...(leavesTables(planned) ? { tables: "alembic" } : {}) };
}

function whySql(planned: Planned): string {
  const numbers = Object.entries(planned.services ?? {}).map(([name, first]) => `${name} from ${fileNumber(first)}`);
  const reasons = [numbers.join(", "), leavesTables(planned) ? "all but the tables, which Alembic makes" : ""].filter((reason) => reason !== "");
  return reasons.join("; ") || "the layout's place";
}

/** Whether Alembic makes the tables, of models that there will be. */
function leavesTables({ targets, alembic }: Planned): boolean {
  return alembic && targets.includes("sqlalchemy");
}
