// Python's own tools take the SQLAlchemy models of every schema of the repository; and held against a database that our
// SQL made, alembic has nothing to propose, and every relationship is joined once. Where alembic makes the tables, our SQL
// beside it makes the rest of the same database. What needs an extension that the server
// has no package for is left out there, and said.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { differences } from "./catalog.mjs";
import { compile, compileText, schemagen } from "./compiler.mjs";
import { schemas } from "./corpus.mjs";
import { dealt, SERVICES } from "./dealt.mjs";
import { expected } from "./expected.mjs";
import { converse, run, write } from "./python.mjs";
import { startServer } from "./server.mjs";
import { undone, without } from "./suite.mjs";

const slug = (schema) => schema.name.replaceAll(/\W/g, "_");

/**
 * Whether alembic's table says otherwise what is the same: that a column of a domain is not null, or has the default, that
 * the domain has; or what SQLAlchemy has no words for: types of PostgreSQL's catalogs, a tab in a comment.
 */
const isOtherwise = (difference, domains) =>
  ["bpchar", "name", '\\"char\\"', ...domains].some((type) => difference.includes(`"type":"${type}"`)) || difference.includes("\\t tab");

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

      test(`${schema.name}: alembic makes the tables, and SQL beside it all else`, async (t) => {
        const kept = without(schema, db, t);
        if (kept.files.length === 0) return;
        const module = write(join(home, "beside", `${slug(schema)}.py`), compileText(kept, "sqlalchemy"));
        // One way to declare a schema will do for most; those that hold the most are declared by services.
        const several = /^(torture|examples\/saas|seeds\/.*)$/.test(schema.name);
        const files = several
          ? compile(dealt(kept), "sql", { layout: "numbered", tables: "alembic", services: SERVICES })
          : compile(kept, "sql", { layout: "numbered", tables: "alembic" });
        const isBefore = ({ path }) => path.endsWith("_extensions.sql");
        const before = [schemagen.platformSql(), ...files.filter(isBefore).map(({ text }) => text)];
        const { error, migration } = await alembic.ask({ database: `${slug(schema)}_beside`, roles: kept.roles, sql: before, module });
        assert.ok(error === undefined, error);
        await undone(db, [], async () => {
          for (const sql of [...before, migration]) await db.run(sql);
          for (const { text } of files.filter((file) => !isBefore(file))) {
            await db.run("reset search_path; reset check_function_bodies");
            await db.run(text);
          }
          const facts = expected(kept);
          const domains = facts.domains.map(({ name }) => name);
          assert.deepEqual((await differences(db, facts)).filter((one) => !isOtherwise(one, domains)), []);
        });
      });
    }
  });
});
