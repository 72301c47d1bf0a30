// `doctor`: for each check a set-up that it finds fault with, and one close by that it does not.

import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CHECKS, examine, type Finding } from "../src/doctor/index.js";
import { BROKEN, CONFIG, execute, NOTES, PACKAGE, TestProject } from "./project.js";

const MODELINE = "# yaml-language-server: $schema=node_modules/schemagen/dist/schema.json\n";
const installed = (version: string): string => JSON.stringify({ version });

/** A set-up without a fault, generated. */
const HEALTHY = {
  "schemagen.config.json": CONFIG,
  "schema.yaml": MODELINE + NOTES,
  "package.json": "{}",
  "tsconfig.json": '{ "include": ["src"] }',
  "vite.config.ts": 'import schemagen from "schemagen/vite";',
  ".github/workflows/ci.yml": "run: npx schemagen generate --check",
  "node_modules/schemagen/dist/schema.json": "{}",
  "node_modules/zod/package.json": installed("4.6.7"),
};

interface Case {
  check: string;
  /** The fault. */
  name: string;
  /** Written over the healthy set-up before it is generated. */
  files?: Record<string, string>;
  /** What is done after. */
  then?: (project: TestProject) => unknown;
  node?: string;
  level: Finding["level"];
  says: RegExp;
}

const CASES: Case[] = [
  { check: "node", name: "an old Node.js", node: "18.20.0", level: "error", says: /18\.20\.0/ },
  {
    check: "schemagen",
    name: "another version below",
    files: { "apps/web/package.json": "{}", "apps/web/node_modules/schemagen/package.json": installed("0.0.1") },
    level: "warn",
    says: /the versions 0\.0\.1, /,
  },
  { check: "configuration", name: "none", then: (project) => project.delete("schemagen.config.json"), level: "error", says: /no configuration/ },
  { check: "configuration", name: "one that is not valid", then: (project) => project.write("schemagen.config.json", '{ "file": 1 }'), level: "error", says: /unknown key `file`/ },
  { check: "files", name: "none that match", then: (project) => project.delete("schema.yaml"), level: "error", says: /there is no file or folder `schema\.yaml`/ },
  { check: "schema", name: "an error", then: (project) => project.write("schema.yaml", MODELINE + BROKEN), level: "error", says: /errors: 1/ },
  { check: "schema", name: "a warning", then: (project) => project.write("schema.yaml", `${MODELINE}tables: { notes: { columns: { id: uuid } } }\n`), level: "warn", says: /warnings: 1/ },
  {
    check: "outputs",
    name: "one outside",
    then: (project) => project.write("schemagen.config.json", CONFIG.replace("db/schema.sql", "../schema.sql")),
    level: "error",
    says: /\.\.\/schema\.sql/,
  },
  { check: "outputs", name: "a file of the user's", then: (project) => project.write("db/schema.sql", "-- mine\n"), level: "error", says: /`db\/schema\.sql` cannot be written/ },
  { check: "outputs", name: "none", then: (project) => project.write("schemagen.config.json", '{ "files": "schema.yaml", "outputs": [] }'), level: "warn", says: /none/ },
  { check: "outputs by hand", name: "an edit", then: (project) => project.write("src/schema.ts", `${project.read("src/schema.ts")}\n// mine\n`), level: "warn", says: /`src\/schema\.ts` was changed/ },
  { check: "outputs fresh", name: "a schema that went on", then: (project) => project.write("schema.yaml", MODELINE + NOTES.replace("title:", "name:").replace("(title)", "(name)")), level: "warn", says: /`db\/schema\.sql`, `src\/schema\.ts`/ },
  { check: "outputs fresh", name: "nothing generated yet", then: (project) => project.delete("db/schema.sql"), level: "warn", says: /`db\/schema\.sql` is not/ },
  { check: "manifest", name: "half a file", then: (project) => project.write(".schemagen/manifest.json", "{"), level: "warn", says: /cannot be read/ },
  { check: "git", name: "an output that is ignored", files: { ".gitignore": "db/\n" }, level: "warn", says: /ignores `db\/schema\.sql`/ },
  { check: "zod", name: "zod 3 for code of zod 4", files: { "node_modules/zod/package.json": installed("3.24.1") }, level: "error", says: /for zod 4, but zod 3\.24\.1/ },
  {
    check: "zod",
    name: "zod 4 for code of zod 3",
    files: { "schemagen.config.json": CONFIG.replace('"src/schema.ts"', '"src/schema.ts", "options": { "zod": "3" }') },
    level: "error",
    says: /for zod 3, but zod 4/,
  },
  { check: "zod", name: "none", then: (project) => project.delete("node_modules/zod"), level: "error", says: /not installed/ },
  { check: "tsconfig", name: "one that includes other folders", files: { "tsconfig.json": '{ "include": ["lib"] } // all' }, level: "warn", says: /tsconfig\.json does not include `src\/schema\.ts`/ },
  { check: "prettier", name: "another style", files: { ".prettierrc": '{ "semi": false }' }, level: "warn", says: /`src\/schema\.ts`/ },
  { check: "eslint", name: "rules that do not fit", files: { "eslint.config.mjs": 'export default [{ files: ["**/*.ts"] }];' }, level: "warn", says: /`src\/schema\.ts`/ },
  { check: "biome", name: "another style", files: { "biome.json": '{ "formatter": { "indentStyle": "tab" } }' }, level: "warn", says: /`src\/schema\.ts`/ },
  { check: "editor", name: "a schema that names none", files: { "schema.yaml": NOTES }, level: "warn", says: /do not know what `.*schema\.yaml` is/ },
  { check: "editor", name: "a schema that names one that is not there", files: { "schema.yaml": MODELINE.replace("dist", "dust") + NOTES }, level: "warn", says: /not there: node_modules\/schemagen\/dust/ },
  { check: "vite plugin", name: "Vite without it", files: { "package.json": '{ "devDependencies": { "vite": "8" } }', "vite.config.ts": "" }, level: "warn", says: /`vite\.config\.ts` does not have it/ },
  { check: "ci", name: "a pipeline that checks nothing", files: { ".github/workflows/ci.yml": "run: npm test" }, level: "warn", says: /ci\.yml` does not check/ },
  { check: "verify", name: "another PGlite", files: { "node_modules/@electric-sql/pglite/package.json": installed("0.1.0") }, level: "warn", says: /PGlite 0\.1\.0/ },
];

/** What the formatters need to be asked, and to leave the output alone. */
const IGNORING = {
  ".prettierignore": "src/schema.ts\n",
  "eslint.config.mjs": 'export default [{ ignores: ["src/schema.ts"] }];',
  "biome.json": '{ "files": { "includes": ["**", "!src/schema.ts"] } }',
};

async function setUp({ files = {}, then }: Pick<Case, "files" | "then">): Promise<TestProject> {
  const project = new TestProject({ ...HEALTHY, ...files });
  mkdirSync(project.path("node_modules/.bin"));
  for (const name of ["prettier", "eslint", "biome"]) project.link(`node_modules/.bin/${name}`, join(PACKAGE, "node_modules/.bin", name));
  await execute("git", ["init", "--quiet"], { cwd: project.root });
  await project.run(["generate"]);
  then?.(project);
  return project;
}

test("a set-up without a fault: every check speaks, and says that all is well", async () => {
  const project = await setUp({ files: IGNORING });
  const findings = await examine(project.root);
  assert.deepEqual(findings.filter(({ level }) => level !== "ok"), []);
  assert.deepEqual(findings.map(({ check }) => check), Object.keys(CHECKS));
  project.remove();
});

for (const { check, name, level, says, node, ...rest } of CASES) {
  test(`${check}: ${name}`, async () => {
    const project = await setUp(rest);
    const finding = (await examine(project.root, node === undefined ? {} : { node })).find((found) => found.check === check);
    assert.equal(finding?.level, level);
    assert.match(finding?.message ?? "", says);
    assert.ok(finding?.help);
    project.remove();
  });
}

test("a JSON Schema that comes with the package is not to be named anew: the package is missing", async () => {
  const project = await setUp({});
  rmSync(project.path("node_modules/schemagen"), { recursive: true });
  const finding = (await examine(project.root)).find(({ check }) => check === "editor");
  assert.equal(finding?.level, "warn");
  assert.equal(finding.help, "npm install --save-dev schemagen");
  project.remove();
});

test("each check has a case", () => {
  const tested = CASES.map(({ check }) => check);
  assert.deepEqual(Object.keys(CHECKS).filter((check) => !tested.includes(check)), []);
});

test("where there is nothing, checks that do not apply keep silent", async () => {
  const project = new TestProject();
  const findings = await examine(project.root);
  assert.deepEqual(findings.map(({ check, level }) => `${check}: ${level}`), ["node: ok", "schemagen: ok", "configuration: error"]);
  project.remove();
});

test("the command: a line a check, JSON, and exit codes", async () => {
  const project = await setUp({});
  const fine = await project.run(["doctor"]);
  assert.equal(fine.code, 0, fine.stdout + fine.stderr);
  assert.match(fine.stdout, /^ok +node +Node\.js \d+/);
  project.write("schema.yaml", MODELINE + BROKEN);
  const broken = await project.run(["doctor"]);
  assert.equal(broken.code, 1);
  assert.match(broken.stdout, /^error +schema +errors: 1\n +→ see them/m);
  const json = await project.run(["doctor", "--json"]);
  assert.equal(json.code, 1);
  const answer = JSON.parse(json.stdout) as { ok: boolean; checks: Finding[] };
  assert.equal(answer.ok, false);
  assert.deepEqual(answer.checks.find(({ check }) => check === "schema"), {
    check: "schema",
    level: "error",
    message: "errors: 1",
    help: "see them with `schemagen generate`",
  });
  project.remove();
});

test("after init and generate nothing is an error", async () => {
  const project = new TestProject({ "package.json": "{}", "node_modules/zod/package.json": installed("4.1.0") });
  await project.run(["init", "--no-install"]);
  await project.run(["generate"]);
  assert.deepEqual((await examine(project.root)).filter(({ level }) => level === "error"), []);
  project.remove();
});
