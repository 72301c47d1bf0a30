// `init`: what it proposes for each tool, on a terminal and without one, and that what it writes works.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { compile, platformSql, targets } from "../src/compiler/node.js";
import type { Database } from "../src/db/apply.js";
import { openDatabase } from "../src/db/index.js";
import { verify } from "../src/db/verify.js";
import { detect } from "../src/detect/index.js";
import { propose } from "../src/detect/propose.js";
import { TOOLS } from "../src/detect/tools.js";
import { treeOf } from "../src/detect/tree.js";
import { openProject } from "../src/project.js";
import { NOTES, PACKAGE, TestProject } from "./project.js";
import { KEYS, Terminal } from "./terminal.js";

interface Case {
  /** What the project is. */
  name: string;
  /** Its files. */
  files: Record<string, string>;
  /** The tools that are found, by their folder where they have one. */
  found: string[];
  /** `target: out` of each output that its tools want; those whose target does not exist yet are not proposed. */
  outputs: string[];
  /** What the configuration holds besides. */
  config?: object;
  layout?: string;
  /** The options of the SQL, and the first words of its files. */
  sql?: { options: object; files: string[] };
}

const npm = (...names: string[]): string => versioned(Object.fromEntries(names.map((name) => [name, "*"])));
const versioned = (dependencies: Record<string, string>): string => JSON.stringify({ dependencies });
const kodo = (workspaces: object): string => JSON.stringify({ stack: { workspaces } });
const orm = (name: string, schemaPath: string, serviceRange?: object): object => ({
  database: { orm: { name, schemaPath }, migrationStrategy: { type: "hybrid", serviceRange } },
});

const SQL = "sql: db/schema.sql";
const CASES: Case[] = [
  { name: "nothing", files: {}, found: [], outputs: [SQL, "zod: src/db/schema.ts"] },
  { name: "a package", files: { "package.json": "{}" }, found: ["node"], outputs: [SQL, "zod: src/db/schema.ts"] },
  { name: "Vite", files: { "package.json": npm("vite") }, found: ["vite"], outputs: [SQL, "zod: src/db/schema.ts"] },
  { name: "Vite by its configuration", files: { "vite.config.ts": "" }, found: ["vite"], outputs: [SQL, "zod: src/db/schema.ts"] },
  { name: "Next.js", files: { "package.json": npm("next") }, found: ["next"], outputs: [SQL, "zod: lib/db/schema.ts"] },
  {
    name: "Next.js with src",
    files: { "package.json": npm("next"), "src/app/page.tsx": "" },
    found: ["next"],
    outputs: [SQL, "zod: src/lib/db/schema.ts"],
  },
  {
    name: "SvelteKit",
    files: { "package.json": npm("@sveltejs/kit", "vite") },
    found: ["sveltekit", "vite"],
    outputs: [SQL, "zod: src/lib/db/schema.ts"],
  },
  { name: "Nuxt", files: { "nuxt.config.ts": "", "package.json": npm("nuxt") }, found: ["nuxt"], outputs: [SQL, "zod: shared/db/schema.ts"] },
  {
    name: "Supabase and its settings",
    files: { "supabase/config.toml": '[db]\nmajor_version = 17\n[api]\nschemas = ["public", "graphql_public", "api"]\n' },
    found: ["supabase"],
    outputs: ["sql: supabase/schemas/schema.sql"],
    config: { targetVersion: 17, exposedSchemas: ["public", "api"] },
  },
  {
    name: "Supabase below another folder, with a configuration that cannot be read",
    files: { "backend/supabase/config.toml": "[db" },
    found: ["supabase"],
    outputs: ["sql: backend/supabase/schemas/schema.sql"],
  },
  {
    name: "supabase-js",
    files: { "package.json": npm("@supabase/supabase-js", "vite") },
    found: ["vite", "supabase-js"],
    outputs: [SQL, "zod: src/db/schema.ts", "supabase: src/db/database.ts"],
  },
  {
    name: "Drizzle, whose schema is the user's",
    files: {
      "package.json": npm("drizzle-orm", "pg", "zod"),
      "drizzle.config.ts": 'export default { schema: "./src/db/schema.ts" };',
      "src/db/schema.ts": "export const mine = 1;",
    },
    found: ["drizzle", "node-postgres", "zod"],
    outputs: [SQL, "zod: src/db/schema.zod.ts", "drizzle: src/db/schema.drizzle.ts"],
  },
  {
    name: "Prisma",
    files: { "package.json": npm("@prisma/client"), "prisma/schema.prisma": "" },
    found: ["prisma", "node"],
    outputs: [SQL, "zod: src/db/schema.ts", "prisma: prisma/models.prisma"],
  },
  { name: "Postgres.js", files: { "package.json": npm("postgres") }, found: ["postgres-js"], outputs: [SQL, "zod: src/db/schema.ts"], config: { exposedSchemas: [] } },
  { name: "zod 3", files: { "package.json": versioned({ zod: "^3.24.0" }) }, found: ["zod"], outputs: [SQL, "zod: src/db/schema.ts"] },
  {
    name: "SQLAlchemy and Alembic",
    files: { "pyproject.toml": '[project]\ndependencies = ["SQLAlchemy[asyncio]>=2", "alembic"]\n', "app/__init__.py": "" },
    found: ["sqlalchemy", "alembic"],
    outputs: [SQL, "sqlalchemy: app/models.py"],
  },
  {
    name: "Alembic by its file, with Supabase: the hybrid",
    files: { "alembic.ini": "", "supabase/config.toml": "" },
    found: ["supabase", "alembic"],
    outputs: ["pydantic: schemas/schema.py", "sql: migrations/supabase", "sqlalchemy: models/schema.py", "zod: schemas/schema.ts"],
    layout: "hybrid",
  },
  {
    name: "Pydantic by requirements and by Poetry",
    files: { "requirements.txt": "fastapi==0.1 # web\n-r more.txt\n", "svc/pyproject.toml": '[tool.poetry.dependencies]\npydantic = { version = "^2" }\n' },
    found: ["pydantic", "svc/pydantic"],
    outputs: [SQL, "pydantic: app/schemas.py", "pydantic: svc/app/schemas.py"],
  },
  {
    name: "sqlx, where the module of the user's own has the place",
    files: { "Cargo.toml": '[dependencies]\nsqlx = "0.8"\n', "src/db.rs": "pub fn pool() {}\n" },
    found: ["sqlx"],
    outputs: [SQL, "sqlx: src/db_sqlx.rs"],
  },
  { name: "sqlx", files: { "Cargo.toml": '[dependencies]\nsqlx = { version = "0.8" }\n' }, found: ["sqlx"], outputs: [SQL, "sqlx: src/db.rs"] },
  {
    name: "a workspace of npm",
    files: {
      "package.json": '{ "workspaces": ["apps/*"] }',
      "apps/web/package.json": npm("vite"),
      "apps/site/package.json": npm("next"),
      "packages/config/package.json": "{}",
    },
    found: ["apps/site/next", "apps/web/vite"],
    outputs: [SQL, "zod: apps/site/lib/db/schema.ts", "zod: apps/web/src/db/schema.ts"],
  },
  {
    name: "a workspace of pnpm, where one part has zod",
    files: {
      "package.json": "{}",
      "pnpm-workspace.yaml": "packages: ['*/*']",
      "apps/web/package.json": npm("vite"),
      "packages/model/package.json": npm("zod"),
    },
    found: ["apps/web/vite", "packages/model/zod"],
    outputs: [SQL, "zod: packages/model/src/db/schema.ts"],
  },
  {
    name: "services of three languages",
    files: {
      "services/node-service/package.json": npm("drizzle-orm", "pg"),
      "services/python-service/pyproject.toml": '[dependency-groups]\nmain = ["sqlalchemy"]\n',
      "services/rust-service/Cargo.toml": '[dependencies]\nsqlx = "0.8"\n',
      "supabase/config.toml": "",
    },
    found: ["supabase", "services/node-service/drizzle", "services/node-service/node-postgres", "services/python-service/sqlalchemy", "services/rust-service/sqlx"],
    outputs: ["sql: supabase/migrations", "drizzle: services/node-service/src/db/schema.ts", "zod: services/node-service/src/db/schema.zod.ts", "sqlalchemy: services/python-service/app/models.py", "sqlx: services/rust-service/src/db.rs"],
    layout: "services",
  },
  {
    name: "services beside migrations of the user's",
    files: {
      "services/web/package.json": npm("vite"),
      "supabase/config.toml": "",
      "supabase/migrations/20240101000000_init.sql": "create table mine ();",
    },
    found: ["supabase", "services/web/vite"],
    outputs: ["sql: supabase/schemas/schema.sql", "zod: services/web/src/db/schema.ts"],
    layout: "services",
  },
  {
    name: "the workspaces of .kodo",
    files: {
      ".kodo/config.json": kodo({ server: orm("drizzle", "src/db/tables.ts"), jobs: orm("sqlalchemy", "src/db/models/*.py"), site: {} }),
      "server/package.json": npm("pg"),
      "jobs/pyproject.toml": "",
    },
    found: ["server/node-postgres", "server/drizzle", "jobs/sqlalchemy"],
    outputs: ["sql: supabase/migrations", "zod: server/src/db/schema.ts", "drizzle: server/src/db/tables.ts", "sqlalchemy: jobs/src/db/models/schema.py"],
    layout: "services",
  },
  {
    name: "one workspace of .kodo, with a range of migrations and nothing else there",
    files: { ".kodo/config.json": kodo({ server: { language: "typescript", ...orm("drizzle", "src/db/schema.ts", { start: "00700", end: "00799" }) } }) },
    found: ["drizzle"],
    outputs: ["sql: supabase/migrations", "drizzle: src/db/schema.ts"],
    layout: "services",
    sql: {
      options: { layout: "numbered", services: { server: 700 } },
      files: ["00002_functions", "00005_comments", "00700_server_tables", "00702_server_triggers", "00703_server_rls", "00704_server_comments"],
    },
  },
  {
    name: "one workspace of .kodo with SQLAlchemy and a range: Alembic makes the tables, whose number stays free",
    files: { ".kodo/config.json": kodo({ server: orm("sqlalchemy", "./src/db/models/*.py", { start: "00240", end: "00249" }) }) },
    found: ["sqlalchemy"],
    outputs: ["sql: supabase/migrations", "sqlalchemy: src/db/models/schema.py"],
    layout: "services",
    sql: {
      options: { layout: "numbered", services: { server: 240 }, tables: "alembic" },
      files: ["00000_extensions", "00002_functions", "00005_comments", "00241_server_functions", "00242_server_triggers", "00243_server_rls"],
    },
  },
  {
    name: "one workspace of .kodo beside a package: no services' folders are made up for its code",
    files: { ".kodo/config.json": kodo({ server: orm("sqlalchemy", "app/models.py", { start: "00200", end: "00299" }) }), "package.json": "{}" },
    found: ["node", "sqlalchemy"],
    outputs: ["sql: supabase/migrations", "zod: src/db/schema.ts", "sqlalchemy: app/models.py"],
    layout: "services",
  },
  {
    name: "one workspace of .kodo with SQLAlchemy and without a range: the usual one of Python",
    files: { ".kodo/config.json": kodo({ server: orm("sqlalchemy", "app/models.py") }), "server/pyproject.toml": "" },
    found: ["server/sqlalchemy"],
    outputs: ["sql: supabase/migrations", "sqlalchemy: server/app/models.py"],
    layout: "services",
    sql: {
      options: { layout: "numbered", services: { server: 200 }, tables: "alembic" },
      files: ["00000_extensions", "00002_functions", "00005_comments", "00201_server_functions", "00202_server_triggers", "00203_server_rls"],
    },
  },
  {
    name: "one workspace of .kodo with SQLAlchemy whose migrations are not Alembic's",
    files: {
      ".kodo/config.json": kodo({
        server: { database: { orm: { name: "sqlalchemy", migrationTool: null }, migrationStrategy: { type: "hybrid", serviceRange: { start: 300 } } } },
      }),
    },
    found: ["sqlalchemy"],
    outputs: ["sql: supabase/migrations", "sqlalchemy: app/models.py"],
    layout: "services",
    sql: {
      options: { layout: "numbered", services: { server: 300 } },
      files: ["00002_functions", "00005_comments", "00300_server_tables", "00302_server_triggers", "00303_server_rls", "00304_server_comments"],
    },
  },
  {
    name: "one workspace of .kodo with sqlx and a range",
    files: { ".kodo/config.json": kodo({ core: orm("sqlx", "src/db/models", { start: "00300", end: "00399" }) }), "Cargo.toml": '[dependencies]\nsqlx = "0.8"\n' },
    found: ["sqlx"],
    outputs: ["sql: supabase/migrations", "sqlx: src/db/models/schema.rs"],
    layout: "services",
    sql: {
      options: { layout: "numbered", services: { core: 300 } },
      files: ["00002_functions", "00005_comments", "00300_core_tables", "00302_core_triggers", "00303_core_rls", "00304_core_comments"],
    },
  },
  {
    name: "one workspace of .kodo without an ORM",
    files: { ".kodo/config.json": kodo({ db: { database: { orm: { name: null }, migrationStrategy: { type: "supabase-only" } } } }) },
    found: [],
    outputs: [SQL, "zod: src/db/schema.ts"],
  },
  {
    name: "workspaces of .kodo with ranges, of which the second asks for the usual one of the first",
    files: {
      ".kodo/config.json": kodo({
        server: orm("drizzle", "src/db/schema.ts"),
        jobs: orm("sqlalchemy", "app/models.py", { start: "00100", end: "00149" }),
        core: orm("sqlx", "src/db.rs", { start: "00400", end: "00499" }),
      }),
    },
    found: ["server/drizzle", "jobs/sqlalchemy", "core/sqlx"],
    outputs: ["sql: supabase/migrations", "drizzle: server/src/db/schema.ts", "sqlalchemy: jobs/app/models.py", "sqlx: core/src/db.rs"],
    layout: "services",
    sql: {
      options: { layout: "numbered", services: { jobs: 100, core: 400, shared: 500, server: 600 } },
      files: [
        ...["00001_tables", "00002_functions", "00003_triggers", "00004_rls", "00005_comments"],
        ...["00100_jobs_tables", "00102_jobs_triggers", "00103_jobs_rls", "00104_jobs_comments"],
        ...["00400_core_tables", "00402_core_triggers", "00403_core_rls", "00404_core_comments"],
        ...["00501_shared_functions", "00504_shared_comments"],
        ...["00600_server_tables", "00603_server_rls", "00604_server_comments"],
      ],
    },
  },
  {
    name: "one workspace of .kodo beside schemas of the user's: all are in its range",
    files: { ".kodo/config.json": kodo({ server: orm("sqlalchemy", "app/models.py", { start: "00200", end: "00299" }) }), "schema/mine.yaml": NOTES },
    found: ["sqlalchemy"],
    outputs: ["sql: supabase/migrations", "sqlalchemy: app/models.py"],
    layout: "services",
    sql: { options: { layout: "numbered", range: "python", tables: "alembic" }, files: ["00204_python_rls"] },
  },
  {
    name: "one workspace of .kodo beside schemas of its own",
    files: { ".kodo/config.json": kodo({ server: orm("drizzle", "db.ts", { start: 100 }) }), "schema/server.yaml": NOTES },
    found: ["drizzle"],
    outputs: ["sql: supabase/migrations", "drizzle: db.ts"],
    layout: "services",
    sql: { options: { layout: "numbered", services: { server: 100 } }, files: ["00100_server_tables", "00103_server_rls"] },
  },
  {
    name: "one workspace of .kodo in a project that has the hybrid's folders",
    files: { ".kodo/config.json": kodo({ server: orm("sqlalchemy", "models/*.py", { start: "00200", end: "00299" }) }), "dsl/notes.yaml": NOTES },
    found: ["sqlalchemy"],
    outputs: ["sql: migrations/supabase", "zod: schemas/schema.ts", "pydantic: schemas/schema.py", "sqlalchemy: models/schema.py"],
    layout: "hybrid",
    sql: { options: { layout: "numbered", range: "python", tables: "alembic" }, files: ["00204_python_rls"] },
  },
  {
    name: "a workspace of .kodo beside migrations of the user's",
    files: {
      ".kodo/config.json": kodo({ server: orm("drizzle", "src/db/schema.ts", { start: "00100", end: "00199" }) }),
      "supabase/config.toml": "",
      "supabase/migrations/00000_extensions.sql": "create extension vector;",
    },
    found: ["supabase", "drizzle"],
    outputs: ["sql: supabase/schemas/schema.sql", "drizzle: src/db/schema.ts"],
    layout: "services",
  },
  {
    name: "workspaces of .kodo whose folders are not there yet",
    files: { ".kodo/config.json": kodo({ api: orm("sqlalchemy", "app/models.py"), worker: orm("sqlx", "src/*.rs") }) },
    found: ["api/sqlalchemy", "worker/sqlx"],
    outputs: ["sql: supabase/migrations", "sqlalchemy: api/app/models.py", "sqlx: worker/src/schema.rs"],
    layout: "services",
  },
  {
    name: "a .kodo of another form",
    files: { ".kodo/config.json": '{ "stack": [{ "workspaces": 1 }] }', "package.json": "{}" },
    found: ["node"],
    outputs: [SQL, "zod: src/db/schema.ts"],
  },
  {
    name: "a folder schema/ that is somebody else's",
    files: { "package.json": "{}", "schema/api.yaml": "openapi: 3.1.0\n" },
    found: ["node"],
    outputs: [SQL, "zod: src/db/schema.ts"],
    config: { files: "schemagen/**/*.yaml" },
  },
];

let database: Database;
before(async () => {
  ({ database } = await openDatabase({ extensions: [], root: PACKAGE }));
});
after(() => database.close());

const known = targets();
const isKnown = (output: string): boolean => known.some(({ name }) => output.startsWith(`${name}: `));
const targetsOf = (outputs: string[]): string[] => [...new Set(outputs.map((output) => output.split(":", 1)[0] ?? ""))].sort();
/** The targets of today, and those that the tools wait for. */
const wanted = ["supabase", "drizzle", "prisma", "sqlalchemy", "pydantic", "sqlx"].filter((name) => !isKnown(`${name}: `));
const future = [...known, ...wanted.map((name) => ({ name, title: name, docs: "", defaultOut: name, options: [] }))];

for (const { name, files, found, outputs, config = {}, layout = "plain", sql } of CASES) {
  test(`${name}: is recognised, and what is written works`, async () => {
    const detected = detect(treeOf(files));
    assert.deepEqual(detected.found.map((tool) => [tool.folder, tool.name].filter((part) => part !== "").join("/")), found);
    const proposal = propose(detected, known, {});
    const all = propose(detected, future, {});
    assert.equal(proposal.layout, layout);
    assert.deepEqual(all.outputs.map(({ target, out }) => `${target}: ${out}`).sort(), outputs.toSorted());
    assert.deepEqual(proposal.outputs, all.outputs.filter(({ target }) => isKnown(`${target}: `)));
    assert.deepEqual(all.absent, []);
    assert.deepEqual(proposal.absent.map(({ target }) => target).sort(), targetsOf(outputs.filter((output) => !isKnown(output))));
    assert.deepEqual({ ...proposal.config, ...config }, proposal.config);
    if (sql !== undefined) assert.deepEqual(proposal.outputs.find(({ target }) => target === "sql")?.options, sql.options);

    const project = new TestProject(files);
    const init = await project.run(["init", "--yes", "--no-install"]);
    assert.equal(init.code, 0, init.stderr);
    const generate = await project.run(["generate"]);
    assert.equal(generate.code, 0, generate.stderr);
    assert.doesNotMatch(generate.stderr, /error|warning/);
    for (const { out, target } of proposal.outputs) {
      const files = /\.\w+$/.test(out) ? [out] : readdirSync(project.path(out)).map((name) => `${out}/${name}`);
      assert.ok(files.length === 1 || target === "sql");
      for (const file of files) assert.match(project.read(file), /generated by schemagen/i);
      if (target === "sql" && sql !== undefined) assert.deepEqual(files.map((file) => /[^/]+(?=\.sql$)/.exec(file)?.[0]).sort(), sql.files);
    }
    const [program] = await (await openProject({ cwd: project.root })).programs();
    assert.ok(program?.ok);
    assert.deepEqual((await verify(database, program, () => {})).diagnostics, []);
    for (const [path, text] of Object.entries(files)) assert.equal(project.read(path), text);
    project.remove();
  });
}

test("each tool has a case", () => {
  const seen = CASES.flatMap(({ found }) => found.map((tool) => tool.split("/").at(-1)));
  assert.deepEqual(TOOLS.map(({ name }) => name).filter((name) => !seen.includes(name)), []);
});

test("the driver and the version of zod decide its options", () => {
  const options = (dependencies: Record<string, string>): unknown =>
    propose(detect(treeOf({ "package.json": versioned(dependencies) })), known, {}).outputs.find(({ target }) => target === "zod")?.options;
  assert.deepEqual(options({ pg: "8" }), { wire: "node-postgres" });
  assert.deepEqual(options({ postgres: "3" }), { wire: "postgres-js" });
  assert.deepEqual(options({ "@supabase/supabase-js": "2", pg: "8", zod: "^3.25.0" }), { wire: "postgrest", zod: "3" });
  assert.equal(options({ zod: "^4.1.0" }), undefined);
});

test("the hybrid: models of which Alembic makes the tables, and SQL for all else", async () => {
  const project = new TestProject();
  const { stdout } = await project.run(["init", "--layout", "hybrid", "--no-install"]);
  assert.match(stdout, /pip install pydantic sqlalchemy[^]*from models\.schema import Base, include_name, include_object/);
  assert.equal((await project.run(["generate"])).code, 0);
  const sql = (): string => readdirSync(project.path("migrations/supabase")).map((name) => project.read(`migrations/supabase/${name}`)).join("");
  assert.match(sql(), /CREATE FUNCTION[^]*CREATE TRIGGER[^]*CREATE POLICY/);
  assert.doesNotMatch(sql(), /CREATE TABLE/);
  for (const path of ["dsl/app.yaml", "models/schema.py", "schemas/schema.ts", "schemas/schema.py"]) assert.ok(project.read(path), path);
  project.remove();
  const alone = new TestProject();
  await alone.run(["init", "--layout", "hybrid", "--target", "sql", "--no-install"]);
  assert.deepEqual(JSON.parse(alone.read("schemagen.config.json")).outputs, [{ target: "sql", out: "migrations/supabase", options: { layout: "supabase" } }]);
  alone.remove();
});

test("the services of a project, and the range of each", () => {
  const services = (files: Record<string, string>): object | undefined => propose(detect(treeOf(files)), known, { layout: "services" }).services;
  assert.deepEqual(services({}), { node: 100, python: 200, rust: 300, shared: 400 });
  const some = { "services/mail_svc/go.mod": "", "services/web/package.json": "{}", "services/ml-service/pyproject.toml": "", "services/bff/package.json": "{}" };
  assert.deepEqual(services(some), { bff: 100, ml: 200, shared: 400, web: 500 });
  const apps = { "apps/site/package.json": npm("vite"), "apps/api/package.json": npm("pg"), "jobs/Cargo.toml": '[dependencies]\nsqlx = "0.8"\n' };
  assert.deepEqual(services(apps), { api: 100, jobs: 300, shared: 400 });
  assert.deepEqual(services({ "services/web/package.json": "{}" }), { web: 100 });
  const ranges = kodo({
    "@acme/server": orm("drizzle", "", { start: "00600", end: "00699" }),
    jobs: orm("sqlalchemy", "", { start: 600 }),
    odd: orm("sqlx", "", { start: "../1" }),
  });
  assert.deepEqual(services({ ".kodo/config.json": ranges }), { odd: 300, shared: 400, server: 600, jobs: 700 });
});

test("what .kodo says that cannot be used is named, and leads nowhere", async () => {
  const workspace = (schemaPath: unknown, serviceRange?: unknown): object => orm("drizzle", schemaPath as string, serviceRange as object);
  const cases: [string, RegExp][] = [
    ["{ nonsense", /\.kodo\/config\.json: .*JSON/],
    [`${" ".repeat(1_000_000)}{}`, /longer than a million characters/],
    [JSON.stringify("no object"), /^$/],
    [kodo({ constructor: 1, a: { database: null }, b: { database: [] } }), /^$/],
    ...["../../../x.ts", "/etc/x.ts", "a/../../x.ts", "C:\\x.ts", "..\\x.ts", "src/**/db/*/x.ts", "a\u001b[31m.ts", "a\0.ts", "*".repeat(5000), 7].map(
      (path): [string, RegExp] => [kodo({ a: workspace(path) }), /the `schemaPath` of `a`: it must be a file/],
    ),
    ...[{ start: "x" }, { start: "99" }, { start: 1e9 }, { start: "00100; drop" }, { start: 100.5 }, { start: "00200", end: "00100" }, {}, "00100"].map(
      (range): [string, RegExp] => [kodo({ a: workspace("x.ts", range) }), /the `serviceRange` of `a`: it must start with a number/],
    ),
    [kodo({ "\u001b[2J\n": workspace("x.ts", 1) }), /the `serviceRange` of ` \[2J `/],
    [kodo(Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`w${index}`, workspace("x.ts", { start: 9990 })]))), /of 2000 workspaces more than the first 50/],
  ];
  const project = new TestProject();
  for (const [text, said] of cases) {
    project.write(".kodo/config.json", text);
    const init = await project.run(["init", "--yes", "--dry-run"]);
    assert.equal(init.code, 0, init.stderr);
    assert.match(init.stderr, said, text.slice(0, 200));
    assert.ok(!init.stderr.includes("\u001b") && !init.stdout.includes("\u001b"));
    const { outputs, services = {} } = propose(detect(treeOf({ ".kodo/config.json": text })), known, {});
    for (const { out } of outputs) assert.match(out, /^(supabase\/migrations|(w\d+\/)?(src\/db\/schema|x)\.ts|db\/schema\.sql)$/);
    const numbers = Object.values(services).sort((a, b) => a - b);
    assert.ok(numbers.every((first, index) => first >= (index === 0 ? 100 : numbers[index - 1]! + 10) && first <= 9990), String(numbers));
  }
  project.remove();
});

test("the SQL of a workspace of .kodo applies around the tables that Alembic makes", async () => {
  const project = new TestProject({ ".kodo/config.json": kodo({ server: orm("sqlalchemy", "app/models.py", { start: "00200", end: "00299" }) }), "server/pyproject.toml": "" });
  const { stdout } = await project.run(["init", "--yes", "--no-install"]);
  assert.match(stdout, /server from 00200; all but the tables, which Alembic makes/);
  assert.match(stdout, /pip install sqlalchemy[^]*set it up with `alembic init alembic`[^]*from app\.models import Base[^]*belongs into supabase\/migrations\/00200_server_tables\.sql/);
  assert.equal((await project.run(["generate"])).code, 0);
  const folder = project.path("supabase/migrations");
  const files = readdirSync(folder).sort().map((name) => project.read(`supabase/migrations/${name}`));
  const [before, after] = [files.slice(0, 3).join("\n"), files.slice(3).join("\n")];
  assert.match(before, /CREATE TYPE public\.task_status[^]*CREATE FUNCTION/);
  assert.match(after, /CREATE TRIGGER[^]*CREATE POLICY/);
  const options = { layout: "numbered", services: { server: 200 } };
  const all = compile([{ name: "server/app.yaml", text: project.read("schema/server/app.yaml") }], { targets: [{ target: "sql", options }] });
  const made = all.files.find(({ path }) => path.includes("00200_server_tables.sql"))?.text ?? "";
  const tables = made.replace(/CREATE TYPE[^;]*;/g, "");
  await database.run("begin");
  for (const script of [platformSql(), before, tables, after]) await database.script(script);
  await database.run("rollback");
  project.remove();
});

for (const flag of ["--supabase", "--no-supabase"]) {
  test(`several services, ${flag}: the SQL of each applies in the order of the files' names`, async () => {
    const project = new TestProject();
    await project.run(["init", "--layout", "services", flag, "--no-install"]);
    assert.equal((await project.run(["generate"])).code, 0);
    const folder = flag === "--supabase" ? "supabase/migrations" : "db/migrations";
    const files = readdirSync(project.path(folder)).sort();
    assert.match(project.read(`${folder}/00001_tables.sql`), /CREATE TABLE public\.projects/);
    assert.match(project.read(`${folder}/00100_node_tables.sql`), /CREATE TABLE public\.tasks[^]*REFERENCES public\.projects/);
    assert.match(project.read(`${folder}/00200_python_tables.sql`), /CREATE TABLE public\.reports/);
    assert.match(project.read(`${folder}/00300_rust_tables.sql`), /CREATE TABLE public\.events[^]*REFERENCES public\.tasks/);
    assert.match(project.read(`${folder}/00401_shared_functions.sql`), /FUNCTION public\.project_progress/);
    await database.run("begin");
    await database.script(platformSql());
    for (const name of files) await database.script(project.read(`${folder}/${name}`));
    assert.deepEqual(await database.run("select * from project_progress(gen_random_uuid())"), [{ tasks: 0, done: 0, reports: 0 }]);
    await database.run("rollback");
    for (const path of ["src/db/schema.ts", "src/db/schema.zod.ts"]) assert.ok(project.read(`services/node-service/${path}`), path);
    project.remove();
  });
}

test("--dry-run writes nothing, --script adds one line, and nothing is done twice", async () => {
  const manifest = '{\n\t"name": "x",\n\t"scripts": {\n\t\t"build": "true"\n\t}\n}\n';
  const project = new TestProject({ "package.json": manifest });
  const dry = await project.run(["init", "--dry-run", "--script"]);
  assert.match(dry.stdout, /\+ schemagen\.config\.json[^]*Nothing was written/);
  assert.throws(() => project.read("schemagen.config.json"));
  assert.equal(project.read("package.json"), manifest);
  await project.run(["init", "--script", "--no-install"]);
  assert.equal(project.read("package.json"), manifest.replace('"true"', '"true",\n\t\t"schema": "schemagen generate"'));
  const again = await project.run(["init"]);
  assert.equal(again.code, 2);
  assert.match(again.stderr, /there is a configuration already/);
  project.remove();
});

test("--script leaves package.json as it was written, and says where it cannot be added", async () => {
  const written = '\uFEFF{\r\n  "name": "x"\r\n}\r\n';
  const project = new TestProject({ "package.json": written });
  await project.run(["init", "--script", "--no-install"]);
  const script = '"x",\r\n  "scripts": {\r\n    "schema": "schemagen generate"\r\n  }';
  assert.equal(project.read("package.json"), written.replace('"x"', script));
  project.remove();
  for (const [manifest, reason] of [['{ "scripts": { "schema": "mine" } }', /has a script `schema`/], [undefined, /there is no package\.json/]] as const) {
    const other = new TestProject(manifest === undefined ? {} : { "package.json": manifest });
    const run = await other.run(["init", "--script", "--no-install"]);
    assert.equal(run.code, 0);
    assert.match(run.stderr, /^warning: the script `schema` is not added: /);
    assert.match(run.stderr, reason);
    other.remove();
  }
});

test("where a file cannot be written, none is", async () => {
  const project = new TestProject({ schema: "a file" });
  const run = await project.run(["init", "--no-install"]);
  assert.equal(run.code, 2);
  assert.match(run.stderr, /cannot write `schema\/app\.yaml`/);
  assert.deepEqual(readdirSync(project.root), ["schema"]);
  project.remove();
});

test("what a first schema says of its SQL holds also where that is one script", async () => {
  const project = new TestProject({ "services/a/package.json": "{}", "services/b/package.json": "{}", "supabase/migrations/1.sql": "select 1;" });
  await project.run(["init", "--no-install"]);
  assert.match(project.read("schema/a/tasks.yaml"), /^# What the service `a` owns\.$/m);
  assert.deepEqual(JSON.parse(project.read("schemagen.config.json")).outputs[0], { target: "sql", out: "db/schema.sql" });
  project.remove();
});

test("schemas that are there are kept, and a manifest that cannot be read is named", async () => {
  const project = new TestProject({ "package.json": "{ nonsense", "schema/mine.yaml": "tables: {}\n" });
  const init = await project.run(["init", "--no-install", "--script"]);
  assert.equal(init.code, 0);
  assert.match(init.stderr, /warning: cannot read package\.json/);
  assert.match(init.stdout, /schema\/\*\*\/\*\.yaml +your schemas/);
  assert.throws(() => project.read("schema/app.yaml"));
  assert.equal(project.read("package.json"), "{ nonsense");
  project.remove();
});

test("an editor's settings are written where there are none, and named where there are", async () => {
  const setting = '"yaml.schemas": { "./node_modules/schemagen/dist/schema.json": "schema/**/*.yaml" }';
  const without = new TestProject({ ".vscode/launch.json": "{}" });
  await without.run(["init", "--no-install"]);
  assert.equal(without.read(".vscode/settings.json"), `{\n  ${setting}\n}\n`);
  without.remove();
  const having = new TestProject({ ".vscode/settings.json": "{}", "schema/mine.yaml": NOTES });
  assert.ok((await having.run(["init", "--no-install"])).stdout.includes(setting));
  assert.equal(having.read(".vscode/settings.json"), "{}");
  having.remove();
  const none = new TestProject();
  await none.run(["init", "--no-install"]);
  assert.equal(existsSync(none.path(".vscode")), false);
  none.remove();
});

test("a target or layout that does not exist is refused", async () => {
  const project = new TestProject();
  for (const args of [["--target", "cobol"], ["--layout", "round"], ["--config-format", "ini"]]) {
    assert.equal((await project.run(["init", "--yes", ...args])).code, 2, args.join(" "));
  }
  project.remove();
});

test("what is not installed is named with the project's package manager", async () => {
  const project = new TestProject({ "pnpm-workspace.yaml": "", "package.json": "{}", "apps/web/package.json": npm("vite", "drizzle-orm") });
  const { stdout } = await project.run(["init", "--no-install"]);
  assert.match(stdout, /cd apps\/web && pnpm add drizzle-orm zod@\^4\n +pnpm add --workspace-root --save-dev schemagen @electric-sql\/pglite@/);
  assert.match(stdout, /pnpm exec schemagen generate/);
  project.remove();
});

test("the questions, on a terminal", { timeout: 60_000 }, async (t) => {
  const project = new TestProject({ "package.json": npm("vite", "@supabase/supabase-js") });
  const terminal = new Terminal(["init"], project.root);
  t.after(() => {
    terminal.close();
    project.remove();
  });
  await terminal.press("How is the project laid out?", KEYS.enter);
  await terminal.press("What should the schema become?", KEYS.enter);
  await terminal.press("Is the database on Supabase?", KEYS.enter);
  await terminal.press("How should the configuration be written?", KEYS.down + KEYS.enter);
  await terminal.press("Add the script `schema`", KEYS.enter);
  await terminal.press("Install the packages", KEYS.left + KEYS.enter);
  assert.equal(await terminal.end(), 0, terminal.screen);
  assert.match(terminal.screen, /Found:[^]*Vite[^]*\+ schemagen\.config\.yaml[^]*To be installed:[^]*schemagen\/vite/);
  assert.match(project.read("schemagen.config.yaml"), /target: zod, out: src\/db\/schema\.ts, options: \{wire: postgrest\}/);
  assert.match(project.read("package.json"), /"schema": "schemagen generate"/);
  assert.match(project.read("schema/app.yaml"), /auth\.uid\(\)/);
  assert.equal((await project.run(["generate", "--check"])).code, 1);
});

test("answers of its own, on a terminal", { timeout: 60_000 }, async (t) => {
  const project = new TestProject();
  const terminal = new Terminal(["init", "--no-install", "--config-format", "mjs"], project.root);
  t.after(() => {
    terminal.close();
    project.remove();
  });
  await terminal.press("How is the project laid out?", KEYS.down + KEYS.enter);
  await terminal.press("What should the schema become?", KEYS.space + KEYS.enter);
  await terminal.press("Is the database on Supabase?", KEYS.left + KEYS.enter);
  assert.equal(await terminal.end(), 0, terminal.screen);
  const config = project.read("schemagen.config.mjs");
  assert.match(config, /files: "dsl\/\*\*\/\*\.yaml"/);
  assert.doesNotMatch(config, /target: "sql"/);
  assert.doesNotMatch(project.read("dsl/app.yaml"), /auth\./);
});

test("giving up on a terminal writes nothing", { timeout: 60_000 }, async (t) => {
  const project = new TestProject();
  const terminal = new Terminal(["init"], project.root);
  t.after(() => {
    terminal.close();
    project.remove();
  });
  await terminal.press("How is the project laid out?", KEYS.enter);
  await terminal.press("What should the schema become?", KEYS.interrupt);
  assert.equal(await terminal.end(), 2, terminal.screen);
  assert.match(terminal.screen, /nothing was written/);
  assert.throws(() => project.read("schemagen.config.json"));
});
