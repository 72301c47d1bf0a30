// `schemagen dev` and `generate --watch`: the real command, and real events of the file system. Whatever it goes through,
// in the end the files say what the schema says, and then it is quiet.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BIN, CONFIG, NOTES, TestProject } from "./project.js";

const DEADLINE = { timeout: 90_000 };
/** When a test that waits in vain says for what: before it is ended. In milliseconds. */
const IN_VAIN = 80_000;

/** The schema with the column `name` instead of `title`. */
const naming = (name: string): string => NOTES.replaceAll("title", name);

/** A command that watches. */
class Watcher {
  said = "";
  readonly child: ChildProcess;
  readonly #signal: AbortSignal;

  constructor(t: TestContext, project: TestProject, args: string[], cwd = project.root) {
    const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { ...process.env, NO_COLOR: "1" } });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (this.said += chunk));
    t.after(async () => {
      if (child.exitCode === null && child.kill("SIGKILL")) await once(child, "exit");
      project.remove(); // Not before: what still runs may write into it.
    });
    this.child = child;
    this.#signal = AbortSignal.any([t.signal, AbortSignal.timeout(IN_VAIN)]);
  }

  /** Waits until `isSo`. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await sleep(20, undefined, { signal: this.#signal }).catch(() => assert.fail(`not ${what}; it said:\n${this.said}`));
    }
  }

  /** Waits until it says `pattern`, and forgets what it said up to there. */
  async says(pattern: RegExp): Promise<string> {
    let found: RegExpExecArray | null = null;
    await this.until(`${pattern}`, () => (found = pattern.exec(this.said)) !== null);
    const { index, 0: text } = found as unknown as RegExpExecArray;
    this.said = this.said.slice(index + text.length);
    return text;
  }

  /** Waits until `path` holds `text`. */
  async writes(path: string, text: string): Promise<void> {
    await this.until(`${text} in ${path}`, () => existsSync(path) && readFileSync(path, "utf8").includes(text));
  }
}

/** A project with `files`, and `schemagen dev` in it, which has generated. */
async function dev(t: TestContext, files: Record<string, string | Uint8Array> = {}, args = ["dev"]) {
  const project = new TestProject({ "schemagen.config.json": CONFIG, "schema.yaml": NOTES, ...files });
  const watcher = new Watcher(t, project, args);
  await watcher.says(/watching/);
  return { project, watcher };
}

test("says in one line what changed, what was written and how long it took", DEADLINE, async (t) => {
  const { project, watcher } = await dev(t);
  project.write("schema.yaml", naming("headline"));
  await watcher.says(/\d schema\.yaml: wrote db\/schema\.sql, src\/schema\.ts \(\d+ ms\)\n/);
  project.write("schema.yaml", `${naming("headline")}# a comment\n`);
  await watcher.says(/\d schema\.yaml: nothing to write \(\d+ ms\)\n/);
});

test("generate --watch is the same, and ends at Ctrl-C", DEADLINE, async (t) => {
  const { project, watcher } = await dev(t, {}, ["generate", "--watch"]);
  project.write("schema.yaml", naming("headline"));
  await watcher.says(/schema\.yaml: wrote/);
  const ended = new Promise((done) => watcher.child.once("exit", done));
  watcher.child.kill("SIGINT");
  assert.equal(await ended, 0);
});

test("a broken file shows its lines and writes nothing; a mended one is written", DEADLINE, async (t) => {
  const { project, watcher } = await dev(t);
  const before = project.read("src/schema.ts");
  project.write("schema.yaml", naming("headline").replace("type: text", "type: txet"));
  await watcher.says(/error\[unknown-type\][^]*schema\.yaml:6[^]*schema\.yaml: 1 error, nothing written/);
  project.write("schema.yaml", naming("headline").replace("columns:", "columns: ["));
  await watcher.says(/error\[yaml-syntax\][^]*schema\.yaml: \d+ errors?, nothing written/);
  assert.equal(project.read("src/schema.ts"), before);
  project.write("schema.yaml", naming("headline"));
  await watcher.says(/schema\.yaml: wrote/);
});

test("a file that is saved in halves ends up whole", DEADLINE, async (t) => {
  const { project, watcher } = await dev(t);
  for (let round = 0; round < 5; round += 1) {
    const text = naming(`half${round}`);
    project.write("schema.yaml", "");
    await sleep(15);
    project.write("schema.yaml", text.slice(0, text.length / 2));
    await sleep(30);
    project.write("schema.yaml", text);
    await watcher.writes(project.path("src/schema.ts"), `half${round}`);
  }
});

test("files that are added, renamed and removed", DEADLINE, async (t) => {
  const config = CONFIG.replace('"schema.yaml"', '["schema.yaml", "more/**/*.yaml"]');
  const { project, watcher } = await dev(t, { "schemagen.config.json": config, "more/a.yaml": "enums: { color: [red] }\n" });
  project.write("more/deep/b.yaml", "enums: { size: [small] }\n");
  await watcher.says(/more\/deep\/b\.yaml: wrote/);
  renameSync(project.path("more/deep/b.yaml"), project.path("more/c.yaml"));
  await watcher.says(/more\/c\.yaml, more\/deep\/b\.yaml: /);
  assert.match(project.read("db/schema.sql"), /small/);
  rmSync(project.path("more/c.yaml"));
  await watcher.says(/more\/c\.yaml: wrote/);
  assert.doesNotMatch(project.read("db/schema.sql"), /small/);
  rmSync(project.path("more"), { recursive: true });
  await watcher.says(/no file matches `more[^]*nothing written/);
  project.write("more/d.yaml", "enums: { taste: [sweet] }\n");
  await watcher.writes(project.path("db/schema.sql"), "sweet");
});

test("a check-out of hundreds of files is few rounds, not hundreds", DEADLINE, async (t) => {
  const config = CONFIG.replace('"schema.yaml"', '"schema/**/*.yaml"');
  const files = (count: number, label: string): [string, string][] =>
    Array.from({ length: count }, (_, at) => [`schema/${at % 20}/${at}.yaml`, `enums: { enum_${at}: [${label}] }\n`]);
  const { project, watcher } = await dev(t, { "schemagen.config.json": config, ...Object.fromEntries(files(300, "before")) });
  watcher.said = "";
  for (const [path, text] of files(400, "after")) project.write(path, text);
  for (const [path] of files(100, "")) rmSync(project.path(path));
  await watcher.until("all 300 of the new ones", () => {
    const sql = project.read("db/schema.sql");
    return sql.split("'after'").length === 301 && !sql.includes("'before'");
  });
  const rounds = watcher.said.match(/\(\d+ ms\)/g)?.length ?? 0;
  assert.ok(rounds <= 20, `${rounds} rounds:\n${watcher.said}`);
});

test("an output folder that vanishes is made again with the next save", DEADLINE, async (t) => {
  const { project, watcher } = await dev(t);
  rmSync(project.path("src"), { recursive: true });
  rmSync(project.path(".schemagen"), { recursive: true });
  project.write("schema.yaml", naming("headline"));
  await watcher.writes(project.path("src/schema.ts"), "headline");
});

test("a configuration that changes, breaks, is gone, and gets another name", DEADLINE, async (t) => {
  const { project, watcher } = await dev(t);
  project.write("schemagen.config.json", CONFIG.replace("db/schema.sql", "db/other.sql"));
  await watcher.says(/schemagen\.config\.json: wrote db\/other\.sql, removed db\/schema\.sql/);
  project.write("schemagen.config.json", "{");
  await watcher.says(/cannot read the configuration[^]*nothing written/);
  project.write("schema.yaml", naming("headline"));
  await watcher.says(/cannot read the configuration[^]*nothing written/);
  rmSync(project.path("schemagen.config.json"));
  await watcher.says(/the configuration is gone[^]*nothing written/);
  project.write("schemagen.config.yaml", "files: moved\noutputs: [{ target: sql, out: db/moved.sql }]\n");
  await watcher.says(/no file or folder `moved`/);
  project.write("moved/schema.yaml", naming("moved"));
  await watcher.writes(project.path("db/moved.sql"), "moved");
});

test("what the configuration imports changes, breaks, and is mended", DEADLINE, async (t) => {
  const shared = (out: string): string => `export const out: string = "${out}";\n`;
  const project = new TestProject({
    "shared/outputs.ts": shared("db/schema.sql"),
    "app/schemagen.config.ts": 'import { out } from "../shared/outputs";\nexport default { files: "schema.yaml", outputs: [{ target: "sql", out }] };\n',
    "app/schema.yaml": NOTES,
  });
  const watcher = new Watcher(t, project, ["dev"], project.path("app"));
  await watcher.says(/watching/);
  project.write("shared/outputs.ts", shared("db/other.sql"));
  await watcher.says(/\.\.\/shared\/outputs\.ts: wrote db\/other\.sql, removed db\/schema\.sql/);
  project.write("shared/outputs.ts", "export const out = (;\n");
  await watcher.says(/the configuration schemagen\.config\.ts failed[^]*nothing written/);
  project.write("shared/outputs.ts", shared("db/third.sql"));
  await watcher.says(/wrote db\/third\.sql, removed db\/other\.sql/);
});

test("templates change, break, are mended, and are joined by another", DEADLINE, async (t) => {
  const manifest = (...templates: string[]): string =>
    JSON.stringify({ files: templates.map((name) => ({ template: `${name}.jinja`, each: "table", path: `{{ table.name }}.${name}` })) });
  const { project, watcher } = await dev(t, {
    "schemagen.config.json": JSON.stringify({ files: "schema.yaml", outputs: [{ target: "./templates/list", out: "docs" }] }),
    "templates/list/target.json": manifest("txt"),
    "templates/list/txt.jinja": "# {{ header }}\nthe table {{ table.name | line }}\n",
  });
  project.write("templates/list/txt.jinja", "# {{ header }}\na table called {{ table.name | line }}\n");
  await watcher.says(/txt\.jinja: wrote docs\/notes\.txt/);
  project.write("templates/list/txt.jinja", "# {{ header }}\na table called {{ table.nam | line }}\n");
  await watcher.says(/there is no field `nam` here[\s\S]*txt\.jinja:2:25/);
  assert.match(project.read("docs/notes.txt"), /a table called notes/);
  project.write("templates/list/txt.jinja", "# {{ header }}\nall of {{ table.name | line }}\n");
  await watcher.writes(project.path("docs/notes.txt"), "all of notes");
  project.write("templates/list/md.jinja", "<!-- {{ header }} -->\n{{ table.name | line }}\n");
  project.write("templates/list/target.json", manifest("txt", "md"));
  await watcher.writes(project.path("docs/notes.md"), "notes");
});

test("outputs among the inputs do not set it off again", DEADLINE, async (t) => {
  const config = { files: "schema/**/*", outputs: [{ target: "sql", out: "schema/schema.sql" }] };
  const { project, watcher } = await dev(t, {
    "schemagen.config.json": JSON.stringify(config),
    "schema/notes.yaml": NOTES,
  });
  project.write("schema/notes.yaml", naming("headline"));
  await watcher.says(/schema\/notes\.yaml: wrote schema\/schema\.sql.*\n/);
  await sleep(500);
  assert.equal(watcher.said.trim(), "");
  project.write("schema/notes.yaml", NOTES);
  assert.doesNotMatch(await watcher.says(/[^]*schema\/notes\.yaml: wrote schema\/schema\.sql/), /nothing to write|error/);
});

test("two of them on one project", DEADLINE, async (t) => {
  const { project, watcher } = await dev(t);
  const other = new Watcher(t, project, ["dev"]);
  await other.says(/watching/);
  for (let round = 0; round < 10; round += 1) {
    project.write("schema.yaml", naming(`name${round}`));
    await Promise.all([watcher, other].map((one) => one.says(/schema\.yaml: (wrote|nothing to write)[^\n]*\n/)));
    assert.match(project.read("src/schema.ts"), new RegExp(`name${round}`));
  }
  assert.doesNotMatch(watcher.said + other.said, /error/);
});

test("Windows line ends and a byte-order mark", DEADLINE, async (t) => {
  const windows = (text: string): string => `\uFEFF${text.replaceAll("\n", "\r\n")}`;
  const { project, watcher } = await dev(t, {
    "schemagen.config.json": windows(CONFIG),
    "schema.yaml": windows(NOTES),
    "db/schema.sql": "-- Generated by schemagen. Do not edit.\r\n",
  });
  assert.doesNotMatch(project.read("db/schema.sql"), /\r/);
  project.write("schema.yaml", windows(naming("headline")));
  await watcher.says(/schema\.yaml: wrote db\/schema\.sql, src\/schema\.ts/);
  assert.doesNotMatch(project.read("db/schema.sql") + project.read("src/schema.ts"), /[\r\uFEFF]/);
});

test("a folder of schemas that is a link", DEADLINE, async (t) => {
  const elsewhere = new TestProject({ "notes.yaml": NOTES });
  t.after(() => elsewhere.remove());
  const project = new TestProject({ "schemagen.config.json": CONFIG.replace('"schema.yaml"', '"schema"') });
  project.link("schema", elsewhere.root);
  const watcher = new Watcher(t, project, ["dev"]);
  await watcher.says(/watching/);
  elsewhere.write("notes.yaml", naming("headline"));
  await watcher.says(/schema\/notes\.yaml: wrote/);
  elsewhere.write("more.yaml", "enums: { color: [red] }\n");
  await watcher.says(/schema\/more\.yaml: wrote/);
});

test("a path with spaces and letters beyond ASCII, from a folder below it", DEADLINE, async (t) => {
  const project = new TestProject({ "mein Projekt/schemagen.config.json": CONFIG.replace('"schema.yaml"', '"Schemata für alle/*.yaml"') });
  project.write("mein Projekt/Schemata für alle/нотатки 1.yaml", NOTES);
  mkdirSync(project.path("mein Projekt/src"));
  const watcher = new Watcher(t, project, ["dev"], project.path("mein Projekt/src"));
  await watcher.says(/watching/);
  writeFileSync(project.path("mein Projekt/Schemata für alle/нотатки 1.yaml"), naming("headline"));
  await watcher.says(/Schemata für alle\/нотатки 1\.yaml: wrote db\/schema\.sql/);
});
