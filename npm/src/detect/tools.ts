// The tools that init knows. In: a part of a project. Out: which tools are there, why we think so, and what each makes
// of a schema: targets, where they are written, with which options. One entry a tool; the order decides where two tools
// want the same target at different places. A target may be named here before the compiler has it.

import { inPart, type Part } from "./parts.js";

/** What a tool makes of the schema. */
export interface Want {
  target: string;
  /** The path relative to the part; none where the tool has no opinion. */
  out?: string;
  options?: Record<string, unknown>;
}

/** A sign of a tool: says what was seen, or nothing. */
type Sign = (part: Part) => string | undefined;

interface Tool {
  /** Its name, as `.kodo/config.json` and our own messages write it. */
  name: string;
  /** Its name as people write it. */
  title: string;
  signs: Sign[];
  wants: (part: Part) => Want[];
}

/** A tool that is there. */
export interface Found {
  name: string;
  title: string;
  /** What it was seen by. */
  evidence: string;
  /** The folder of its part. */
  folder: string;
  /** With `out` relative to the root. */
  wants: Want[];
}

/** Tools that speak to a database themselves. */
export const DIRECT = ["drizzle", "prisma", "node-postgres", "postgres-js", "sqlalchemy", "alembic", "sqlx"];

/** The configuration of Supabase's command line. */
export const SUPABASE_CONFIG = /(^|\/)supabase\/config\.toml$/;

/** Every tool, the more particular before the more general. */
export const TOOLS: readonly Tool[] = [
  {
    name: "supabase",
    title: "Supabase",
    signs: [file(SUPABASE_CONFIG)],
    wants: (part) => {
      const config = part.files.find((path) => SUPABASE_CONFIG.test(path)) ?? "supabase/config.toml";
      return [{ target: "sql", out: config.replace(/config\.toml$/, "schemas/schema.sql"), options: { transaction: false } }];
    },
  },
  {
    name: "sveltekit",
    title: "SvelteKit",
    signs: [dependency("npm", "@sveltejs/kit"), file(/^svelte\.config\.[cm]?[jt]s$/)],
    wants: () => [{ target: "zod", out: "src/lib/db/schema.ts" }],
  },
  {
    name: "nuxt",
    title: "Nuxt",
    signs: [dependency("npm", "nuxt"), file(/^nuxt\.config\.[cm]?[jt]s$/)],
    wants: () => [{ target: "zod", out: "shared/db/schema.ts" }],
  },
  {
    name: "next",
    title: "Next.js",
    signs: [dependency("npm", "next"), file(/^next\.config\.[cm]?[jt]s$/)],
    wants: (part) => [{ target: "zod", out: hasFolder(part, "src") ? "src/lib/db/schema.ts" : "lib/db/schema.ts" }],
  },
  {
    name: "vite",
    title: "Vite",
    signs: [dependency("npm", "vite"), file(/^vite\.config\.[cm]?[jt]s$/)],
    wants: () => [{ target: "zod", out: "src/db/schema.ts" }],
  },
  {
    name: "supabase-js",
    title: "supabase-js",
    signs: [dependency("npm", "@supabase/supabase-js"), dependency("npm", "@supabase/ssr")],
    wants: () => [{ target: "zod", options: { wire: "postgrest" } }, { target: "supabase", out: "src/db/database.ts" }],
  },
  {
    name: "drizzle",
    title: "Drizzle",
    signs: [dependency("npm", "drizzle-orm"), file(/^drizzle\.config\.[cm]?[jt]s$/)],
    wants: (part) => [{ target: "drizzle", out: drizzleSchema(part) ?? "src/db/schema.ts" }],
  },
  {
    name: "prisma",
    title: "Prisma",
    signs: [dependency("npm", "prisma"), dependency("npm", "@prisma/client"), file(/^(prisma\/)?schema\.prisma$/)],
    wants: () => [{ target: "prisma", out: "prisma/models.prisma" }],
  },
  {
    name: "node-postgres",
    title: "node-postgres",
    signs: [dependency("npm", "pg")],
    wants: () => [{ target: "zod", options: { wire: "node-postgres" } }],
  },
  {
    name: "postgres-js",
    title: "Postgres.js",
    signs: [dependency("npm", "postgres")],
    wants: () => [{ target: "zod", options: { wire: "postgres-js" } }],
  },
  {
    name: "zod",
    title: "Zod",
    signs: [dependency("npm", "zod")],
    wants: (part) => [{ target: "zod", ...(isZod3(part) ? { options: { zod: "3" } } : {}) }],
  },
  {
    name: "node",
    title: "Node.js",
    signs: [(part) => (part.isWorkspaceRoot || part.folder !== "" ? undefined : file(/^package\.json$/)(part))],
    wants: () => [{ target: "zod" }],
  },
  {
    name: "sqlalchemy",
    title: "SQLAlchemy",
    signs: [dependency("python", "sqlalchemy"), dependency("python", "sqlmodel")],
    wants: (part) => [{ target: "sqlalchemy", out: `${pythonPackage(part)}models.py` }],
  },
  {
    name: "alembic",
    title: "Alembic",
    signs: [dependency("python", "alembic"), file(/^(alembic\/)?alembic\.ini$/)],
    wants: (part) => [{ target: "sqlalchemy", out: `${pythonPackage(part)}models.py` }],
  },
  {
    name: "pydantic",
    title: "Pydantic",
    signs: [dependency("python", "pydantic"), dependency("python", "fastapi")],
    wants: (part) => [{ target: "pydantic", out: `${pythonPackage(part)}schemas.py` }],
  },
  {
    name: "sqlx",
    title: "sqlx",
    signs: [dependency("rust", "sqlx")],
    wants: () => [{ target: "sqlx", out: "src/db.rs" }],
  },
];

/** The tools of a part. Node.js is one of them only where nothing says more. */
export function toolsOf(part: Part): Found[] {
  const tools = TOOLS.flatMap((tool) => {
    const evidence = tool.signs.map((sign) => sign(part)).find((seen) => seen !== undefined);
    return evidence === undefined ? [] : [found(tool, part, evidence)];
  });
  const saysMore = tools.some(({ name, wants }) => name !== "node" && wants.some(({ target }) => target === "zod"));
  return saysMore ? tools.filter(({ name }) => name !== "node") : tools;
}

/** The tool called `name` in a part, whatever its signs say: something else knows of it. */
export function namedTool(name: string, part: Part, evidence: string): Found | undefined {
  const tool = TOOLS.find((known) => known.name === name);
  return tool && found(tool, part, evidence);
}

function found({ name, title, wants }: Tool, part: Part, evidence: string): Found {
  const placed = wants(part).map((want) => (want.out === undefined ? want : { ...want, out: inPart(part, want.out) }));
  return { name, title, evidence, folder: part.folder, wants: placed };
}

function file(name: RegExp): Sign {
  return (part) => {
    const path = part.files.find((candidate) => name.test(candidate));
    return path === undefined ? undefined : inPart(part, path);
  };
}

function dependency(ecosystem: keyof Part["dependencies"], name: string): Sign {
  const manifest = { npm: "package.json", python: "the Python requirements", rust: "Cargo.toml" }[ecosystem];
  return (part) => {
    if (!part.dependencies[ecosystem].has(name)) return undefined;
    return `\`${name}\` in ${ecosystem === "python" ? `${manifest}${part.folder && ` of ${part.folder}`}` : inPart(part, manifest)}`;
  };
}

function hasFolder(part: Part, folder: string): boolean {
  return part.files.some((path) => path.startsWith(`${folder}/`));
}

/** Where drizzle-kit reads the schema from, if its configuration says so as one text. */
function drizzleSchema(part: Part): string | undefined {
  const config = part.files.find((path) => /^drizzle\.config\.[cm]?[jt]s$/.test(path));
  const schema = config && /\bschema:\s*["'`]([^"'`*{}$]+\.ts)["'`]/.exec(part.read(config) ?? "")?.[1];
  return schema?.replace(/^\.\//, "");
}

/** The folder of the Python package: `app`, `src/NAME`, or the first one with an `__init__.py`. */
function pythonPackage(part: Part): string {
  const packages = part.files.filter((path) => /^(src\/)?[^/]+\/__init__\.py$/.test(path) && !/^tests?\//.test(path));
  const first = packages.find((path) => path.startsWith("app/")) ?? packages[0];
  return first === undefined ? "app/" : first.slice(0, first.lastIndexOf("/") + 1);
}

function isZod3(part: Part): boolean {
  return /^[\^~]?3(\.|$)/.test(part.dependencies.npm.get("zod") ?? "");
}
