// `.schemagen/manifest.json`: what the next run is spared by it, and that it is nobody's word but the compiler's that is
// believed.

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { test } from "node:test";
import { check, render } from "../src/compiler/node.js";
import { findRendering, readManifest, withRendering } from "../src/manifest.js";
import { type Generation, openProject } from "../src/project.js";
import { BIN, CONFIG, execute, NOTES, PACKAGE, type Run, TestProject } from "./project.js";

const MANIFEST = ".schemagen/manifest.json";
/** A schema with warnings: a name that is kept for SQL, a table without row-level security, a body that is long. */
const WARNS = `${NOTES}  "Order":
    columns:
      id: { type: uuid, primary_key: true }
      "naïve\\u001b[31m": text
`;

/** Says so when the compiler is loaded, by which nothing is loaded. */
const PROBE = `data:text/javascript,${encodeURIComponent(
  "const Module = WebAssembly.Module; WebAssembly.Module = class extends Module { constructor(bytes) { if (bytes.length > 1e6) process.stderr.write('the compiler was loaded\\n'); super(bytes); } };",
)}`;

/** A project with warnings; `run` also gives whether it loaded the compiler. */
function warning(): { project: TestProject; run: (args: string[], env?: Record<string, string>) => Promise<Run & { loaded: boolean }> } {
  const project = new TestProject({ "schemagen.config.json": CONFIG, "schema.yaml": WARNS });
  const run = async (args: string[], env: Record<string, string> = {}): Promise<Run & { loaded: boolean }> => {
    const { stderr, ...rest } = await execute(process.execPath, ["--import", PROBE, ...args], { cwd: project.root, env });
    const said = stderr.replace(/the compiler was loaded\n/, "");
    return { ...rest, stderr: said, loaded: said !== stderr };
  };
  return { project, run };
}

const FORMS: { name: string; args: string[]; env?: Record<string, string>; says: RegExp; loads?: false }[] = [
  { name: "as text", args: [], says: /^warning[^\u001b]*table-without-rls[^\u001b]*$/ },
  { name: "as text in colours", args: [], env: { FORCE_COLOR: "1", NO_COLOR: "" }, says: /\u001b\[1m\u001b\[33mwarning/ },
  { name: "a line each", args: ["--format", "concise"], says: /^schema\.yaml:\d+:\d+: warning/ },
  { name: "for GitHub", args: ["--format", "github"], says: /^::warning file=schema\.yaml/ },
  { name: "as JSON", args: ["--json"], says: /^$/, loads: false },
];

for (const { name, args, env, says, loads } of FORMS) {
  test(`warnings ${name} are said again without the compiler`, async () => {
    const { project, run } = warning();
    const generate = (): ReturnType<typeof run> => run([BIN, "generate", ...args], env);
    const first = await generate();
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stderr, says);
    assert.ok(first.loaded);
    const again = await generate();
    assert.equal(again.loaded, false);
    assert.equal(again.stderr, first.stderr);
    if (loads === false) assert.deepEqual(JSON.parse(again.stdout).diagnostics, JSON.parse(first.stdout).diagnostics);
    project.write("schema.yaml", WARNS.replace("Order", "Orders"));
    const other = await generate();
    assert.ok(other.loaded);
    assert.notEqual(other.stderr + other.stdout, first.stderr + first.stdout);
    project.remove();
  });
}

test("a build of the bundler's says warnings again without the compiler", async () => {
  const { project, run } = warning();
  project.write("main.js", "export {};\n");
  const entry = (path: string): string => JSON.stringify(pathToFileURL(join(PACKAGE, path)).href);
  const build = `import { build } from ${entry("node_modules/vite/dist/node/index.js")};
import schemagen from ${entry("dist/esm/plugin/entries/vite.js")};
await build({ configFile: false, logLevel: "silent", plugins: [schemagen()], build: { lib: { entry: "main.js", formats: ["es"] } } });`;
  project.write("build.mjs", build);
  const first = await run(["build.mjs"]);
  assert.match(first.stderr, /^warning[^]*table-without-rls/);
  assert.ok(first.loaded);
  const again = await run(["build.mjs"]);
  assert.equal(again.loaded, false);
  assert.equal(again.stderr, first.stderr);
  project.remove();
});

test("nothing is kept by a run that is to write nothing", async () => {
  const { project, run } = warning();
  await run([BIN, "generate", "--json"]);
  const before = project.read(MANIFEST);
  for (const flag of ["--check", "--dry-run"]) {
    const { code, stderr } = await run([BIN, "generate", flag]);
    assert.equal(code, 0);
    assert.match(stderr, /table-without-rls/);
    assert.equal(project.read(MANIFEST), before);
  }
  project.remove();
});

test("a manifest that somebody edited says nothing that the compiler would not", async () => {
  const { project } = warning();
  const generate = async (): Promise<Generation> => (await openProject({ cwd: project.root })).generate();
  const said = (generation: Generation): string[] => [false, true].map((color) => generation.render("rich", { color }));
  const expected = said(await generate());
  const whole = JSON.parse(project.read(MANIFEST));
  assert.equal(whole.renderings.length, 2);
  const [first] = whole.diagnostics;
  const text = (text: unknown): object => ({ renderings: whole.renderings.map((kept: object) => ({ ...kept, text })) });
  const diagnostics = (...list: unknown[]): object => ({ diagnostics: list, renderings: [] });
  const edits: (object | string)[] = [
    ...["\u001b]0;title\u0007", "\u001b[2J", "\u001b[8m hidden", "\u001b[31;8m", "\u009b31m", "over\rwritten", "\u202elluf", "\0", 7, null, [], { length: 1 }].map(text),
    ...[null, {}, "none", 7, [null], [{ text: "x" }], [{ ...whole.renderings[0], width: "100" }], Array(9).fill({ ...whole.renderings[0], text: "\u001b[2J" })].map((renderings) => ({ renderings })),
    ...[null, 7, "x", { ...first, severity: "error" }, { ...first, severity: "fatal" }, { ...first, code: "no-such-code" }, { ...first, message: "\u001b[2J" }, { ...first, message: 1 }].map((it) => diagnostics(it)),
    diagnostics({ ...first, range: { start: { line: -1, column: 0 }, end: {} } }),
    diagnostics({ ...first, range: { start: { line: 4e9, column: 4e9 }, end: { line: 9e9, column: 1 } } }),
    diagnostics({ ...first, labels: [null] }),
    { diagnostics: null },
    { files: null },
    { files: { "src/schema.ts": null } },
    { files: { ...whole.files, "x\u001b[2J/../schema.yaml": { hash: "", target: "sql", stamp: "" } } },
    { inputs: null },
    "{",
    "[]",
    `"${"x".repeat(40_000_000)}"`,
  ];
  for (const edit of edits) {
    project.write(MANIFEST, typeof edit === "string" ? edit : JSON.stringify({ ...whole, ...edit }));
    const shown = JSON.stringify(edit).slice(0, 200);
    const generation = await generate();
    assert.ok(generation.ok, shown);
    assert.deepEqual(generation.plan.kept, [], shown);
    assert.deepEqual(said(generation), expected, shown);
  }
  project.remove();
});

test("what is kept stays small, and the last that was asked for is kept", async () => {
  const { project } = warning();
  const opened = await openProject({ cwd: project.root });
  const generation = await opened.generate();
  for (let width = 60; width < 80; width += 1) generation.render("rich", { width });
  const kept = readManifest(project.root);
  assert.deepEqual(kept.renderings.map(({ width }) => width), [79, 78, 77, 76]);
  assert.equal(findRendering(kept, "rich", { width: 60 }), undefined);
  const long = withRendering(kept, "rich", { width: 90 }, "x".repeat(300_000));
  const longer = withRendering(long, "rich", { width: 91 }, "x".repeat(300_000));
  assert.deepEqual([long, longer].map(({ renderings }) => renderings[0]?.width), [90, 91]);
  assert.ok(JSON.stringify(longer.renderings).length < 500_000);
  assert.equal(findRendering(withRendering(kept, "rich", {}, "x".repeat(1_000_000)), "rich", {}), undefined);
  project.remove();
});

test("what the compiler prints can be kept, in every form", () => {
  const files = [{ name: "a.yaml", text: WARNS }, { name: "b\u001b[2J.yaml", text: NOTES.replaceAll("notes", "notes2") }];
  const { diagnostics, ok } = check(files, { severities: { "table-without-rls": "warning" } });
  assert.ok(ok && diagnostics.length > 1);
  const none = { inputs: "", files: {}, diagnostics: [], renderings: [] };
  for (const format of ["rich", "concise", "github"] as const) {
    for (const options of [{}, { color: true }, { width: 40 }]) {
      const text = render({ files, diagnostics }, format, options);
      assert.equal(findRendering(withRendering(none, format, options, text), format, options), text);
    }
  }
});
