// Python's own tools take the SQLAlchemy models of every schema of the repository; and held against a database that our
// SQL made, alembic has nothing to propose, and every relationship is joined once. What needs an extension that the server
// has no package for is left out there, and said.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { compileText, schemagen } from "./compiler.mjs";
import { schemas } from "./corpus.mjs";
import { converse, run, write } from "./python.mjs";
import { startServer } from "./server.mjs";
import { without } from "./suite.mjs";

const slug = (schema) => schema.name.replaceAll(/\W/g, "_");

describe("SQLAlchemy models", { timeout: 600_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), "schemagen-judge-"));
  const files = [];
  before(() => {
    for (const schema of schemas()) files.push(write(join(home, `${slug(schema)}.py`), compileText(schema, "sqlalchemy")));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  test("import and map, warning of nothing", () =>
    run("python", ["-W", "error", join(import.meta.dirname, "python/load.py"), ...files]));

  test("hold no code that no schema meant", () => run("python", [join(import.meta.dirname, "python/parse.py"), ...files]));

  test("ruff format changes nothing", () => run("ruff", ["format", "--isolated", "--no-cache", "--diff", ...files]));

  test("ruff check finds nothing", () => run("ruff", ["check", "--isolated", "--no-cache", ...files]));

  test("mypy --strict finds nothing", () => run("mypy", ["--strict", "--cache-dir", join(home, "mypy"), ...files], { cwd: home }));

  describe("against PostgreSQL", () => {
    /** @type {Awaited<ReturnType<typeof startServer>>} */
    let db;
    /** @type {ReturnType<typeof converse>} */
    let alembic;
    before(async () => {
      db = await startServer();
      alembic = converse("alembic_check.py", [db.address.host]);
    });
    after(async () => {
      alembic?.close();
      await db?.close();
    });

    for (const schema of schemas()) {
      test(`${schema.name}: alembic proposes nothing, relationships load`, async (t) => {
        const kept = without(schema, db, t);
        if (kept.files.length === 0) return;
        const module = write(join(home, "kept", `${slug(schema)}.py`), compileText(kept, "sqlalchemy"));
        const sql = [schemagen.platformSql(), compileText(kept, "sql", { transaction: false })];
        const { error, proposed, loaded } = await alembic.ask({ database: slug(schema), roles: kept.roles, sql, module });
        assert.ok(error === undefined, error);
        assert.deepEqual(proposed, []);
        t.diagnostic(`${loaded} relationships`);
      });
    }
  });
});
