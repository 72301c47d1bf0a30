// `schemagen add` and `schemagen format`, as people run them.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test, type TestContext } from "node:test";
import { CONFIG, NOTES, TestProject } from "./project.js";
import { KEYS, Terminal } from "./terminal.js";

const SCHEMA = `# What people write down.\n\n${NOTES}`;

function project(files: Record<string, string> = { "schemagen.config.json": CONFIG, "schema.yaml": SCHEMA }): TestProject {
  return new TestProject(files);
}

test("add writes into the file, shows the change and generates", async () => {
  const notes = project();
  const run = await notes.run(["add", "column", "notes", "body", "--type", "text", "--not-null", "--default", "''"]);
  assert.equal(run.code, 0, run.stderr);
  const line = "      body: { type: text, nullable: false, default: \"''\" }\n";
  assert.equal(notes.read("schema.yaml"), SCHEMA.replace("    policies:", `${line}    policies:`));
  assert.match(run.stdout, /^--- schema\.yaml[^]*\n\+ {6}body: [^]*2 files written/);
  assert.match(notes.read("db/schema.sql"), /\bbody text\b/);
  notes.remove();
});

test("--dry-run and --json write nothing and everything", async () => {
  const notes = project();
  const dry = await notes.run(["add", "table", "tags", "--column", "name:text!", "--dry-run"]);
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(dry.stdout, /\+ {2}tags:/);
  assert.equal(notes.read("schema.yaml"), SCHEMA);
  assert.equal(existsSync(notes.path("db")), false);
  const run = await notes.run(["add", "table", "tags", "--column", "name:text!", "--json"]);
  const answer = JSON.parse(run.stdout);
  assert.deepEqual([answer.ok, answer.written, answer.file], [true, true, "schema.yaml"]);
  assert.deepEqual(answer.generated.map(({ path }: { path: string }) => path), ["db/schema.sql", "src/schema.ts"]);
  assert.match(notes.read("schema.yaml"), /\n {2}tags:\n {4}columns:\n {6}id: [^\n]*\n {6}name: \{ type: text, nullable: false \}\n$/);
  notes.remove();
});

test("each kind of thing can be added", async () => {
  const notes = project();
  for (const args of [
    ["table", "people", "--comment", "Who writes"],
    ["relation", "notes", "people", "--not-null", "--on-delete", "cascade"],
    ["index", "notes", "title", "--unique"],
    ["enum", "mood", "good", "bad"],
    ["label", "mood", "so so", "--before", "bad"],
    ["column", "notes", "mood", "--type", "mood"],
    ["policy", "people", "--command", "select", "--to", "authenticated,anon", "--using", "true"],
    ["mixin", "notes", "timestamps"],
  ]) {
    const run = await notes.run(["add", ...args, "--no-generate"]);
    assert.equal(run.code, 0, `${args.join(" ")}\n${run.stdout}${run.stderr}`);
  }
  const text = notes.read("schema.yaml");
  for (const line of [
    "person_id: { type: uuid, nullable: false, references: { table: people, on_delete: cascade } }",
    "- { columns: [title], unique: true }",
    "mood: [good, so so, bad]",
    "- { command: select, to: [authenticated, anon], using: \"true\" }",
    "use: [timestamps]",
  ]) {
    assert.ok(text.includes(line), `${line}\nin\n${text}`);
  }
  assert.ok(text.startsWith("# What people write down.\n"));
  assert.equal((await notes.run(["generate"])).code, 0);
  notes.remove();
});

test("what would be wrong is not written", async () => {
  const notes = project();
  for (const [args, code, message] of [
    [["column", "notes", "title", "--type", "text"], 1, /error\[duplicate-object\]: there is a column `title` already[^]*schema\.yaml:8:/],
    [["column", "note", "x", "--type", "text"], 1, /error\[unknown-table\][^]*did you mean `notes`\?/],
    [["column", "notes", "x", "--type", "txet"], 1, /error\[unknown-type\][^]*schema\.yaml:9:/],
    [["column", "notes", "x"], 2, /the column's type is missing/],
    [["table", "t", "--column", "nonsense"], 2, /name:type/],
    [["column", "notes", "x", "--type", "text", "--file", "other.yaml"], 2, /`other\.yaml` is no file of the schema/],
  ] as const) {
    const run = await notes.run(["add", ...args]);
    assert.equal(run.code, code, `${args.join(" ")}\n${run.stdout}${run.stderr}`);
    assert.match(run.stderr, message);
    assert.equal(notes.read("schema.yaml"), SCHEMA);
  }
  notes.remove();
});

test("of several files, the one that has the section, or the one that is named", async () => {
  const config = JSON.stringify({ files: "schema", outputs: ["sql"] });
  const notes = project({ "schemagen.config.json": config, "schema/a.yaml": "enums:\n  kind: [a]\n", "schema/b.yaml": NOTES });
  await notes.run(["add", "table", "one", "--no-generate"]);
  assert.match(notes.read("schema/b.yaml"), /\n {2}one:\n/);
  await notes.run(["add", "table", "two", "--file", "schema/a.yaml", "--no-generate"]);
  assert.match(notes.read("schema/a.yaml"), /^enums:\n {2}kind: \[a\]\n\ntables:\n {2}two:\n|^enums:\n {2}kind: \[a\]\ntables:\n {2}two:\n/);
  notes.remove();
});

test("without a configuration, in the file that is named", async () => {
  const notes = project({ "my schema é.yaml": "\uFEFFtables:\r\n  t:\r\n    rls: enabled\r\n    columns:\r\n      id: uuid\r\n" });
  const run = await notes.run(["add", "column", "t", "name", "--type", "text", "--file", "my schema é.yaml"]);
  assert.equal(run.code, 0, run.stderr);
  assert.equal(notes.read("my schema é.yaml"), "\uFEFFtables:\r\n  t:\r\n    rls: enabled\r\n    columns:\r\n      id: uuid\r\n      name: text\r\n");
  notes.remove();
});

test("format mends, then has nothing to do", async () => {
  const untidy = SCHEMA.replaceAll("  ", "    ").replace("{ name", "{name");
  const notes = project({ "schemagen.config.json": CONFIG, "schema.yaml": untidy });
  const check = await notes.run(["format", "--check"]);
  assert.equal(check.code, 1);
  assert.match(check.stdout, /^~ schema\.yaml\n1 file not formatted/);
  assert.equal(notes.read("schema.yaml"), untidy);
  assert.equal((await notes.run(["format"])).code, 0);
  assert.equal(notes.read("schema.yaml"), SCHEMA);
  assert.equal((await notes.run(["format", "--check"])).code, 0);
  assert.equal((await notes.run(["format", "-"], { input: untidy })).stdout, SCHEMA);
  const { text } = JSON.parse((await notes.run(["format", "-", "--json"], { input: untidy })).stdout);
  assert.equal(text, SCHEMA);
  assert.equal((await notes.run(["format", "-", "schema.yaml"], { input: untidy })).code, 2);
  notes.write("schema.yaml", "tables: {");
  const broken = await notes.run(["format"]);
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /error\[yaml-syntax\]/);
  assert.equal(notes.read("schema.yaml"), "tables: {");
  notes.remove();
});

/** Runs `add ARGS` on a terminal and answers each question; gives the project, the exit code and the screen. */
async function answered(t: TestContext, args: string[], answers: [string, string][]) {
  const notes = project();
  const terminal = new Terminal(["add", ...args], notes.root);
  t.after(() => {
    terminal.close();
    notes.remove();
  });
  for (const [question, keys] of answers) await terminal.press(question, keys);
  return { notes, code: await terminal.end(), screen: terminal.screen };
}

const ON_A_TERMINAL: { args: string[]; answers: [string, string][]; schema: RegExp }[] = [
  {
    args: ["table"],
    answers: [
      ["What is the table called?", `products${KEYS.enter}`],
      ["A column beside `id`", `title:text!${KEYS.enter}`],
      ["A column beside `id`", KEYS.enter],
      ["Which mixins", KEYS.space + KEYS.enter],
    ],
    schema: /  products:\n    columns:\n      id: \{ type: uuid, [^]*title: \{ type: text, nullable: false \}\n    use:\n      - timestamps\n$/,
  },
  {
    args: ["column"],
    answers: [
      ["To which table?", KEYS.enter],
      ["What is the column called?", `rank${KEYS.enter}`],
      ["Its type?", KEYS.down + KEYS.down + KEYS.enter],
      ["May it be null?", KEYS.left + KEYS.enter],
      ["Is it unique?", KEYS.enter],
      ["Its default", `7${KEYS.enter}`],
    ],
    schema: /rank: \{ type: integer, nullable: false, default: 7 \}/,
  },
  {
    args: ["relation", "notes"],
    answers: [
      ["To which table?", KEYS.down + KEYS.enter],
      ["Must each row refer to one?", KEYS.left + KEYS.enter],
      ["When the row referred to is deleted?", KEYS.down + KEYS.enter],
    ],
    schema: /references: \{ table: auth\.users, on_delete: cascade \}/,
  },
  {
    args: ["index"],
    answers: [
      ["Of which table?", KEYS.enter],
      ["Which columns?", KEYS.down + KEYS.space + KEYS.enter],
      ["Is it unique?", KEYS.left + KEYS.enter],
    ],
    schema: /indexes:\n      - \{ columns: \[title\], unique: true \}/,
  },
  {
    args: ["policy"],
    answers: [
      ["On which table?", KEYS.enter],
      ["What may be done?", KEYS.down + KEYS.enter],
      ["For whom?", KEYS.enter],
      ["Which rows may be written?", `char_length(title) < 9${KEYS.enter}`],
    ],
    schema: /command: insert, with_check: char_length\(title\) < 9 \}/,
  },
];
for (const { args, answers, schema } of ON_A_TERMINAL) {
  test(`the questions of add ${args.join(" ")}, on a terminal`, { timeout: 60_000 }, async (t) => {
    const { notes, code, screen } = await answered(t, args, answers);
    assert.equal(code, 0, screen);
    assert.match(notes.read("schema.yaml"), schema);
    assert.match(screen, /@@[^]*2 files written/);
  });
}

test("giving up on a question writes nothing", { timeout: 60_000 }, async (t) => {
  const { notes, code, screen } = await answered(t, ["enum"], [
    ["What is the enum called?", `color${KEYS.enter}`],
    ["Its labels", KEYS.interrupt],
  ]);
  assert.equal(code, 2, screen);
  assert.match(screen, /Nothing was written/);
  assert.equal(notes.read("schema.yaml"), SCHEMA);
  assert.equal(existsSync(notes.path("db")), false);
});
