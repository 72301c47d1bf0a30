// The JavaScript API, as imported by its users: ESM and CommonJS, typed errors, positions in UTF-16.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as esm from "schemagen";
import { BROKEN, NOTES } from "./project.js";

const cjs = createRequire(import.meta.url)("schemagen") as typeof esm;

for (const [name, api] of [["ESM", esm], ["CommonJS", cjs]] as const) {
  test(`${name}: compile, check, render`, () => {
    const files = [{ name: "notes.yaml", text: NOTES }];
    const targets = [{ target: "sql" }, { target: "zod", out: "z.ts" }];
    const result = api.compile(files, { targets });
    assert.equal(result.ok, true);
    assert.deepEqual(result.files.map((file) => file.target), ["sql", "zod"]);
    assert.equal(result.files[1]?.path, "z.ts");
    const bytes = [{ name: "notes.yaml", text: new TextEncoder().encode(NOTES) }];
    assert.deepEqual(api.compile(bytes, { targets }), result);

    const broken = [{ name: "x.yaml", text: BROKEN }];
    const { ok, diagnostics } = api.check(broken);
    assert.equal(ok, false);
    assert.match(api.render({ files: broken, diagnostics }, "concise"), /^x\.yaml:6:22: error\[unknown-type\]/);
  });
}

test("columns count UTF-16 units, through render and back", () => {
  const files = [{ name: "x.yaml", text: 'tables: { "😀😀": { columns: { a: txet } } }\n' }];
  const found = esm.check(files).diagnostics.find(({ code }) => code === "unknown-type");
  assert.deepEqual(found?.range?.start, { line: 0, column: 34 });
  assert.match(esm.render({ files, diagnostics: found ? [found] : [] }, "concise"), /^x\.yaml:1:33: /);
});

test("provenance knows lines and objects", () => {
  const [file] = esm.compile([{ name: "notes.yaml", text: NOTES }], { targets: [{ target: "sql" }] }).files;
  const lines = file?.text.split("\n") ?? [];
  const table = file?.provenance.find(({ object }) => object === "table public.notes");
  assert.match(lines[table?.firstLine ?? -1] ?? "", /create table/i);
  assert.equal(table?.file, "notes.yaml");
  assert.equal(table?.range?.start.line, 1);
  const options = { targets: [{ target: "sql" }], provenance: false };
  const [plain] = esm.compile([{ name: "notes.yaml", text: NOTES }], options).files;
  assert.deepEqual([plain?.text, plain?.provenance], [file?.text, []]);
});

test("severities", () => {
  const policy = '{ name: p, command: select, using: "true", enabled: false }';
  const files = [{ name: "x.yaml", text: `tables: { a: { columns: { id: uuid }, policies: [${policy}] } }` }];
  const codes = (severities: Record<string, esm.Level>): string[] =>
    esm.check(files, { severities }).diagnostics.map(({ code }) => code);
  assert.ok(codes({}).includes("policy-disabled"));
  assert.ok(!codes({ "policy-disabled": "off" }).includes("policy-disabled"));
  assert.equal(esm.check(files, { severities: { "policy-disabled": "error" } }).ok, false);
  const failed = esm.compile(files, { severities: { "policy-disabled": "error" }, targets: [{ target: "sql" }] });
  assert.deepEqual(failed.files, []);
});

test("wrong arguments are type errors, and the compiler goes on", () => {
  const wrong: unknown[] = [undefined, "tables: {}", [{ name: "x" }], [{ name: 1, text: "" }], [null]];
  for (const files of wrong) assert.throws(() => esm.check(files as esm.SourceFile[]), TypeError);
  const targets = [{ target: 1 }] as unknown as esm.TargetRequest[];
  assert.throws(() => esm.compile([], { targets }), TypeError);
  assert.equal(esm.check([{ name: "x", text: NOTES }]).ok, true);
});

test("everything that describes", () => {
  assert.ok(esm.targets().some(({ name, options }) => name === "zod" && options.length > 0));
  assert.ok(esm.codes().length > 50);
  assert.match(esm.explain("unknown-type") ?? "", /^# unknown-type/);
  assert.equal(esm.explain("no-such-code"), undefined);
  assert.match(esm.platformSql(), /auth/);
  assert.match(esm.languageReference(), /tables/);
  assert.deepEqual(JSON.parse(JSON.stringify(esm.jsonSchema())), esm.jsonSchema());
});
