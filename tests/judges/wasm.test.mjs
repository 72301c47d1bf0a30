// The compiler in wasm and the native one are the same function. In: every schema of the repository, right and wrong, with
// every target and several options. Demands the same bytes: files, which lines come from which object, and all findings.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";
import { schemagen } from "./compiler.mjs";
import { brokenSchemas, root, schema, schemas } from "./corpus.mjs";

const TARGETS = [
  schemagen.targets().map((target) => ({ target: target.name, out: "" })),
  [
    { target: "sql", out: "b.sql", options: { idempotent: true, transaction: false } },
    { target: "zod", out: "b.ts", options: { zod: "mini", wire: "node-postgres", case: "camel", bigint: "bigint" } },
  ],
];

const sources = [...schemas(), schema("judges/zod", ["tests/judges/zod.yaml"]), ...brokenSchemas()];
const jobs = sources.flatMap((source) => TARGETS.map((targets) => ({ name: source.name, files: source.files, options: { ...source.options, targets } })));

describe("native and wasm", () => {
  const native = JSON.parse(
    execFileSync("cargo", ["run", "--quiet", "--package", "schemagen-tests", "--bin", "compile"], {
      cwd: root,
      input: JSON.stringify(jobs),
      encoding: "utf8",
      maxBuffer: 1 << 30,
    }),
  );

  test("the platform is the same", () => assert.ok(native.platformSql === schemagen.platformSql()));

  test(`${jobs.length} compilations give the same files and findings`, () => {
    for (const [at, job] of jobs.entries()) {
      const wasm = schemagen.compile(job.files, job.options);
      const files = wasm.files.map((file) => ({
        path: file.path,
        target: file.target,
        text: file.text,
        lines: file.provenance.map((one) => [one.firstLine, one.lastLine + 1]),
      }));
      const findings = { files: job.files, diagnostics: wasm.diagnostics };
      const expected = native.results[at];
      same(job.name, "files", files.map((file) => file.path).join(), expected.files.map((file) => file.path).join());
      for (const [index, file] of files.entries()) {
        same(job.name, file.path, file.text, expected.files[index].text);
        same(job.name, `provenance of ${file.path}`, JSON.stringify(file.lines), JSON.stringify(expected.files[index].lines));
      }
      same(job.name, "findings", schemagen.render(findings, "json"), expected.json);
      same(job.name, "frames", schemagen.render(findings, "rich", { width: 140 }), expected.rich);
    }
  });

  test("compiling again gives the same bytes", () => {
    const run = () => JSON.stringify(jobs.slice(0, 12).map((job) => schemagen.compile(job.files, job.options)));
    assert.ok(run() === run());
  });
});

function same(name, what, wasm, native) {
  if (wasm === native) return;
  const at = [...wasm].findIndex((character, index) => character !== native[index]);
  assert.fail(`${name}: ${what}: wasm ${JSON.stringify(wasm.slice(at, at + 200))}, native ${JSON.stringify(native.slice(at, at + 200))}`);
}
