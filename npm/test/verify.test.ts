// `verify` on the embedded PostgreSQL: what it takes, and where it says that it does not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CONFIG, NOTES, TestProject } from "./project.js";

test("a schema that PostgreSQL takes", async () => {
  const project = new TestProject({ "schemagen.config.json": CONFIG, "schema.yaml": NOTES });
  const run = await project.run(["verify"]);
  assert.equal(run.code, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /^ok: PostgreSQL [\d.]+ \(PGlite\) took \d+ statements/);
  project.remove();
});

test("both first schemas of init", async () => {
  for (const flag of ["--supabase", "--no-supabase"]) {
    const project = new TestProject();
    await project.run(["init", "--no-install", flag]);
    const run = await project.run(["verify"]);
    assert.equal(run.code, 0, run.stdout + run.stderr);
    project.remove();
  }
});

test("PostgreSQL's errors stand at their place in the YAML", async () => {
  const project = new TestProject({
    "schema.yaml": `functions:
  answer:
    returns: integer
    language: plpgsql
    body: |
      DECLARE
        result no_such_type;
      BEGIN
        RETURN 42;
      END;
  other:
    returns: integer
    language: plpgsql
    body: |
      BEGIN
        RETRUN 42;
      END;
`,
  });
  const run = await project.run(["verify", "schema.yaml", "--json"]);
  assert.equal(run.code, 1, run.stderr);
  const found: { code: string; range: { start: object } }[] = JSON.parse(run.stdout).diagnostics;
  const places = found.filter(({ code }) => code === "database-error").map(({ range }) => range.start);
  assert.deepEqual(places, [
    { line: 6, column: 15 },
    { line: 15, column: 8 },
  ]);
  const text = await project.run(["verify", "schema.yaml"]);
  assert.match(text.stdout, /error\[database-error\]: PostgreSQL says: type "no_such_type" does not exist[^]*schema\.yaml:7:16/);
  project.remove();
});

test("extensions come from PGlite, and what it does not have is said", async () => {
  const project = new TestProject({ "schema.yaml": `extensions: [citext, vector, pg_trgm]\n${NOTES}` });
  const taken = await project.run(["verify", "schema.yaml"]);
  assert.equal(taken.code, 0, taken.stdout + taken.stderr);
  project.write("schema.yaml", `extensions: [pg_cron]\n${NOTES}`);
  const refused = await project.run(["verify", "schema.yaml"]);
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /error\[extension-unavailable\][^]*`pg_cron`[^]*schema\.yaml:1:14[^]*--db/);
  project.remove();
});

test("a database that is not there exits with 2", async () => {
  const project = new TestProject({ "schema.yaml": NOTES });
  const run = await project.run(["verify", "schema.yaml", "--db", "postgres://nobody@127.0.0.1:1/none"]);
  assert.equal(run.code, 2);
  assert.match(run.stderr, /cannot connect to the database/);
  assert.equal((await project.run(["verify", "schema.yaml", "--db", "nonsense"])).code, 2);
  const password = await project.run(["verify", "schema.yaml", "--db", "postgres://me:pass#word@localhost/none"]);
  assert.equal(password.code, 2);
  assert.match(password.stderr, /Invalid URL\n+help: .*percent-encoded/);
  const certificate = await project.run(["verify", "schema.yaml", "--db", "postgres://me@localhost/none?sslrootcert=/none.pem"]);
  assert.equal(certificate.code, 2);
  assert.match(certificate.stderr, /cannot connect to the database: .*none\.pem/);
  project.remove();
});
