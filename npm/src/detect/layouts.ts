// How projects may be laid out, as data. The command line names them in its help, at every start.

/** How a project may be laid out. */
export type LayoutName = "plain" | "hybrid" | "services";

/** Where things lie. */
export interface Layout {
  title: string;
  /** The folder of the schema. */
  schema: string;
  /** What is generated whatever tools there are. */
  targets?: string[];
  /** Where targets are written. */
  places: Record<string, Place>;
}

/** Where a target is written. */
export interface Place {
  out: string;
  /** What the target is told, where these are generated. */
  options?: (targets: string[]) => Record<string, unknown>;
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
    places: { sql: { out: "db/schema.sql" }, zod: { out: "src/db/schema.ts" } },
  },
  hybrid: {
    title: "hybrid: dsl/, schemas/, models/ of which Alembic makes the tables, and all else in migrations/supabase/",
    schema: "dsl",
    targets: ["zod", "pydantic", "sqlalchemy"],
    places: {
      sql: {
        out: "migrations/supabase",
        options: (targets) => ({ layout: "supabase", ...(targets.includes("sqlalchemy") ? { tables: "alembic" } : {}) }),
        decides: true,
      },
      zod: { out: "schemas/schema.ts", decides: true },
      pydantic: { out: "schemas/schema.py", decides: true },
      sqlalchemy: { out: "models/schema.py", decides: true },
    },
  },
  services: {
    title: "several services: one schema/, outputs in each of services/*, SQL in supabase/migrations/",
    schema: "schema",
    places: {
      sql: { out: "supabase/migrations", options: () => ({ layout: "numbered" }), decides: true },
      zod: { out: `${NODE}/src/db/schema.ts` },
      pydantic: { out: `${PYTHON}/app/schemas.py` },
      sqlalchemy: { out: `${PYTHON}/app/models.py` },
      sqlx: { out: "services/rust-service/src/db.rs" },
    },
  },
};
