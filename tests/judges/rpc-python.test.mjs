// The callers of every schema's functions in Python. Python's own tools take them beside the models of the target
// `pydantic`; and each calls its function on a server, through SQLAlchemy. What a body makes of the arguments is its own
// affair: an error that it raises, or that a rule does, is told; an error of any other kind fails. What needs an extension
// that the server has no package for is left out there, and said.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { compileText } from "./compiler.mjs";
import { schemas } from "./corpus.mjs";
import { converse, run, write } from "./python.mjs";
import { calls, WRONG_CALL } from "./samples.mjs";
import { startServer } from "./server.mjs";
import { inDatabase, without } from "./suite.mjs";

const PYTHON = { language: "python" };
const slug = (schema) => schema.name.replaceAll(/\W/g, "_").toLowerCase();

/** Writes a package of callers and models, and gives the callers' path. */
function lay(home, schema, options) {
  write(join(home, slug(schema), "__init__.py"), "");
  write(join(home, slug(schema), "models.py"), compileText(schema, "pydantic"));
  return write(join(home, slug(schema), "rpc.py"), compileText(schema, "rpc", options));
}

describe("callers in Python", { timeout: 600_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), "schemagen-judge-"));
  const files = [];
  before(() => {
    for (const schema of schemas()) files.push(lay(join(home, "all"), schema, PYTHON));
    for (const schema of schemas()) files.push(lay(join(home, "bare"), schema, { ...PYTHON, comments: false }));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  test("hold no code that no schema meant", () => run("python", [join(import.meta.dirname, "python/parse.py"), ...files]));

  test("ruff format changes nothing", () => run("ruff", ["format", "--isolated", "--no-cache", "--diff", ...files]));

  test("ruff check finds nothing", () => run("ruff", ["check", "--isolated", "--no-cache", ...files]));

  test("mypy --strict finds nothing", () => run("mypy", ["--strict", "--cache-dir", join(home, "mypy"), "."], { cwd: join(home, "all") }));

  describe("on PostgreSQL, through SQLAlchemy", () => {
    let db;
    let python;
    before(async () => {
      db = await startServer();
      python = converse("call.py", [db.address.host, join(home, "kept")]);
    });
    after(async () => {
      python?.close();
      await db?.close();
    });

    for (const schema of schemas()) {
      test(`${schema.name}: each calls its function`, async (t) => {
        const kept = without(schema, db, t);
        if (!/^async def (?!_call\()/m.test(compileText(kept, "rpc", PYTHON))) return;
        lay(join(home, "kept"), kept, PYTHON);
        const functions = await inDatabase(db, slug(schema), kept.roles, [compileText(kept, "sql", { transaction: false })], (client) =>
          calls(async (sql) => (await client.query(sql)).rows));
        const called = await python.ask({ package: slug(schema), functions });
        const isOurs = schema.name === "emit/rpc/python";
        const wrong = called.filter((one) => one.wrong || WRONG_CALL.test(one.code ?? "") || (isOurs && (one.code || one.refused)));
        assert.deepEqual(wrong, []);
        for (const one of called) if (one.code || one.refused) t.diagnostic(`refused: ${one.name}: ${one.error ?? one.refused}`);
        t.diagnostic(`${called.length} calls`);
      });
    }
  });
});
