// Python's own tools take the pydantic models of every schema of the repository. In: the modules that the compiler
// writes. Runs each tool once over all of them, as Python is slow to start. Validators that the user wrote stand in the
// output as they are: their layout is the user's.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { compileText } from "./compiler.mjs";
import { schemas, withoutOverrides } from "./corpus.mjs";
import { program, run, write } from "./python.mjs";

const VARIANTS = [
  { name: "defaults", options: {} },
  { name: "literals", options: { enums: "literal", unknown_keys: "forbid", non_finite: true, comments: false } },
];

describe("pydantic models", { timeout: 600_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), "schemagen-judge-"));
  const files = [];
  const formatted = [];
  before(() => {
    program("python");
    for (const { name, options } of VARIANTS) {
      for (const schema of schemas()) {
        const title = `${schema.name}_${name}`.replaceAll(/\W/g, "_");
        files.push(write(join(home, `${title}.py`), compileText(schema, "pydantic", options)));
        formatted.push(write(join(home, `${title}_without_overrides.py`), compileText(withoutOverrides(schema), "pydantic", options)));
      }
    }
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  test("import, warning of nothing", () =>
    run("python", ["-W", "error", join(import.meta.dirname, "python/load.py"), ...files]));

  test("hold no code that no schema meant", () => run("python", [join(import.meta.dirname, "python/parse.py"), ...formatted]));

  test("ruff format changes nothing", () => run("ruff", ["format", "--isolated", "--no-cache", "--diff", ...formatted]));

  test("ruff check finds nothing", () => run("ruff", ["check", "--isolated", "--no-cache", ...formatted]));

  test("mypy --strict finds nothing", () => run("mypy", ["--strict", "--cache-dir", join(home, "mypy"), ...files], { cwd: home }));
});
