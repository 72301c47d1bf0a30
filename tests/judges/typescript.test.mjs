// TypeScript takes the generated modules in its strictest mode, and prettier would not write them otherwise. In: every
// schema of the repository, for every zod. Compiles all modules of one zod in one run of tsc, as tsc is slow to start.
// Validators that the user wrote stand in the output as they are, and were written for zod 4: only there they are judged,
// and their layout is the user's.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { promisify } from "node:util";
import * as prettier from "prettier";
import { compile } from "./compiler.mjs";
import { root, schemas, withoutOverrides } from "./corpus.mjs";

const modules = join(root, "tests/node_modules");
const VARIANTS = [
  { name: "zod 4", options: {}, package: "zod" },
  { name: "zod/mini", options: { zod: "mini" }, package: "zod" },
  { name: "zod 3", options: { zod: "3" }, package: "zod3" },
  { name: "zod 4 for node-postgres", options: { wire: "node-postgres", case: "camel", bigint: "bigint", unknown_keys: "strict" }, package: "zod" },
  { name: "zod/mini for postgres.js", options: { zod: "mini", wire: "postgres-js", dates: "string", uuid: "uuid", unknown_keys: "loose" }, package: "zod" },
];

const compiled = (schema, variant) => ({ schema, files: compile(schema, "zod", variant.options) });

/** The first lines that differ, with their number. */
function firstDifference(ours, theirs) {
  const [left, right] = [ours.split("\n"), theirs.split("\n")];
  const at = left.findIndex((line, index) => line !== right[index]);
  return ours === theirs ? undefined : { line: at + 1, ours: left.slice(at, at + 3), prettier: right.slice(at, at + 3) };
}

const CONFIG = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    noPropertyAccessFromIndexSignature: true,
    noUnusedLocals: true,
    isolatedModules: true,
    verbatimModuleSyntax: true,
    module: "esnext",
    moduleResolution: "bundler",
    target: "es2022",
    lib: ["es2022"],
    types: [],
    skipLibCheck: true,
  },
  include: ["**/*.ts"],
};

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** What the compiler has to say; nothing if all is well. */
async function tsc(project) {
  const program = join(modules, ".bin/tsc");
  try {
    await promisify(execFile)(program, ["--project", project, "--pretty", "false"], { cwd: project, maxBuffer: 1 << 26 });
    return "";
  } catch (error) {
    return (error.stdout || error.message).slice(0, 5_000);
  }
}

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
          const formatted = await prettier.format(file.text, { parser: "typescript" });
          assert.equal(firstDifference(file.text, formatted), undefined, schema.name);
        }
      }
    });
  }
});
