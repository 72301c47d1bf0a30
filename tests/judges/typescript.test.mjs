// TypeScript takes the generated modules in its strictest mode, and prettier would not write them otherwise. In: every
// schema of the repository, for every zod. Compiles all modules of one zod in one run of tsc, as tsc is slow to start.
// Validators that the user wrote stand in the output as they are, and were written for zod 4: only there they are judged,
// and their layout is the user's.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { compile } from "./compiler.mjs";
import { schemas, withoutOverrides } from "./corpus.mjs";
import { CONFIG, modules, reformatted, tsc, write } from "./tools.mjs";

const VARIANTS = [
  { name: "zod 4", options: {}, package: "zod" },
  { name: "zod/mini", options: { zod: "mini" }, package: "zod" },
  { name: "zod 3", options: { zod: "3" }, package: "zod3" },
  { name: "zod 4 for node-postgres", options: { wire: "node-postgres", case: "camel", bigint: "bigint", unknown_keys: "strict" }, package: "zod" },
  { name: "zod/mini for postgres.js", options: { zod: "mini", wire: "postgres-js", dates: "string", uuid: "uuid", unknown_keys: "loose" }, package: "zod" },
];

const compiled = (schema, variant) => ({ schema, files: compile(schema, "zod", variant.options) });

describe("TypeScript", () => {
  const home = mkdtempSync(join(tmpdir(), "schemagen-judge-"));
  after(() => rmSync(home, { recursive: true, force: true }));

  for (const variant of VARIANTS) {
    const plain = schemas().map((schema) => compiled(withoutOverrides(schema), variant));

    test(`tsc --strict takes every module for ${variant.name}`, async () => {
      const project = join(home, variant.name.replaceAll(/\W+/g, "-"));
      const overridden = variant.package === "zod" && variant.options.zod === undefined ? schemas().map((schema) => compiled(schema, variant)) : plain;
      for (const { schema, files } of overridden) {
        for (const file of files) write(join(project, schema.name, file.path), file.text);
      }
      write(join(project, "tsconfig.json"), JSON.stringify(CONFIG));
      mkdirSync(join(project, "node_modules"));
      symlinkSync(join(modules, variant.package), join(project, "node_modules/zod"));
      assert.equal(await tsc(project), "");
    });

    test(`prettier changes no module for ${variant.name}`, async () => {
      for (const { schema, files } of plain) {
        for (const file of files.filter((one) => one.path.endsWith(".ts"))) {
          assert.equal(await reformatted(file.text), undefined, schema.name);
        }
      }
    });
  }
});
