// Anything at all as input: a clear message, an exit code that is not 0, no output.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { NOTES, TestProject } from "./project.js";

const schemas: [string, string | Uint8Array, RegExp][] = [
  ["broken YAML", "tables: [", /yaml-syntax/],
  ["bytes that are no UTF-8", new Uint8Array([0x61, 0x3a, 0x20, 0xff]), /invalid-utf8/],
  ["ten megabytes of [", "[".repeat(10_000_000), /error\[yaml-/],
  ["ten megabytes of one scalar", `a: ${"x".repeat(10_000_000)}`, /error\[/],
  ["seventeen megabytes", "# long\n".repeat(2_500_000), /yaml-too-large/],
  ["an alias bomb", bomb(), /yaml-too-large/],
  ["a NUL", "tables:\n  a\u0000b: {}\n", /error\[/],
  ["a scalar", "hello", /error\[/],
];
for (const [name, text, message] of schemas) {
  test(`${name}: a message, exit code 1, no output`, async () => {
    const project = new TestProject({ "schema.yaml": text });
    const run = await project.run(["compile", "schema.yaml", "--target", "sql"]);
    assert.equal(run.code, 1, run.stderr.slice(0, 500));
    assert.match(run.stderr, message);
    assert.equal(run.stdout, "");
    assert.ok(run.stderr.length < 100_000);
    project.remove();
  });
}

function bomb(): string {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 12; level += 1) {
    lines.push(`a${level}: &a${level} [${Array(10).fill(`*a${level - 1}`).join(", ")}]`);
  }
  return lines.join("\n");
}

test("files that cannot be read exit with 2", async () => {
  const project = new TestProject({ "schema.yaml": NOTES });
  mkdirSync(project.path("empty"));
  for (const name of ["missing.yaml", "empty", "nothing/*.yaml", "schema.yaml/below", "/dev/zero", "a\nb", "x".repeat(5000)]) {
    const run = await project.run(["check", name]);
    assert.equal(run.code, 2, `${name}: ${run.stdout}`);
    assert.match(run.stderr, /^error: /, name);
  }
  project.remove();
});

test("names in a query of more tables than can be looked through are not checked", async () => {
  const columns = Array.from({ length: 1000 }, (_, at) => `      c${at}: integer\n`).join("");
  const view = (tables: number): string => {
    const chosen = Array.from({ length: 1000 }, (_, at) => `a0.c999 as d${at}`).join(", ");
    const from = Array.from({ length: tables }, (_, at) => `t a${at}`).join(", ");
    return `tables:\n  t:\n    rls: disabled\n    columns:\n${columns}views:\n  v: { query: "select ${chosen}, nonesuch from ${from}" }\n`;
  };
  const project = new TestProject({ "few.yaml": view(1), "many.yaml": view(20_000) });
  assert.match((await project.run(["check", "few.yaml"])).stdout, /has a column `nonesuch`/);
  assert.equal((await project.run(["check", "many.yaml"])).code, 0);
  project.remove();
});
