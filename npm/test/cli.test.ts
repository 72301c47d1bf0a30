// The command line as people run it: answers, exit codes, formats.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { BIN, BROKEN, CONFIG, execute, NOTES, TestProject } from "./project.js";

function notes(schema = NOTES): TestProject {
  return new TestProject({ "schemagen.config.json": CONFIG, "schema.yaml": schema });
}

test("help and version", async () => {
  const project = new TestProject();
  const help = await project.run(["--help"]);
  assert.equal(help.code, 0);
  for (const command of ["init", "generate", "compile", "check", "verify", "doctor", "explain", "json-schema"]) {
    assert.match(help.stdout, new RegExp(`^  ${command}`, "m"));
    const own = await project.run([command, "--help"]);
    assert.equal(own.code, 0);
    assert.match(own.stdout, /Examples:/);
  }
  assert.match((await project.run(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
  project.remove();
});

test("a wrong command line exits with 2", async () => {
  const project = notes();
  for (const args of [["nonsense"], ["generate", "--no"], ["compile", "schema.yaml"], ["check", "--format", "xml"], ["compile", "schema.yaml", "-t", ","], ["init", "-t", ""]]) {
    const run = await project.run(args);
    assert.equal(run.code, 2, args.join(" "));
    assert.match(run.stderr, /^error: /);
  }
  project.remove();
});

test("generate writes, then has nothing to do", async () => {
  const project = notes();
  const first = await project.run(["generate"]);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^\+ db\/schema\.sql[^]*\+ src\/schema\.ts[^]*2 files written, 0 unchanged/);
  assert.match((await project.run(["generate"])).stdout, /0 files written, 2 unchanged/);
  project.remove();
});

test("generate --check and --dry-run write nothing", async () => {
  const project = notes();
  assert.equal((await project.run(["generate", "--dry-run"])).code, 0);
  assert.equal((await project.run(["generate", "--check"])).code, 1);
  assert.equal(existsSync(project.path("db")), false);
  await project.run(["generate"]);
  assert.equal((await project.run(["generate", "--check"])).code, 0);
  project.remove();
});

test("a schema with errors writes nothing at all", async () => {
  const project = notes(BROKEN);
  const run = await project.run(["generate"]);
  assert.equal(run.code, 1);
  assert.match(run.stderr, /error\[unknown-type\][^]*schema\.yaml:6:/);
  assert.deepEqual(readdirSync(project.root).sort(), ["schema.yaml", "schemagen.config.json"]);
  project.remove();
});

test("one bad schema of two writes nothing of either", async () => {
  const schemas = ["a", "b"].map((name) => ({ files: `${name}.yaml`, outputs: [{ target: "sql", out: `${name}.sql` }] }));
  const project = new TestProject({
    "schemagen.config.json": JSON.stringify({ schemas }),
    "a.yaml": NOTES,
    "b.yaml": BROKEN,
  });
  assert.equal((await project.run(["generate"])).code, 1);
  assert.equal(existsSync(project.path("a.sql")), false);
  project.write("b.yaml", NOTES);
  assert.equal((await project.run(["generate"])).code, 0);
  assert.ok(existsSync(project.path("a.sql")) && existsSync(project.path("b.sql")));
  project.remove();
});

test("a file of the user's is not overwritten without --force", async () => {
  const project = notes();
  project.write("db/schema.sql", "-- mine\n");
  const run = await project.run(["generate"]);
  assert.equal(run.code, 2);
  assert.match(run.stderr, /will not write `db\/schema\.sql`[^]*--force/);
  assert.equal(project.read("db/schema.sql"), "-- mine\n");
  assert.equal(existsSync(project.path("src")), false);
  assert.equal((await project.run(["generate", "--force"])).code, 0);
  project.remove();
});

test("an output path that leaves the project is refused", async () => {
  for (const out of ["../x.sql", "/etc/x.sql", "C:\\x.sql"]) {
    const project = notes();
    project.write("schemagen.config.json", JSON.stringify({ files: "schema.yaml", outputs: [{ target: "sql", out }] }));
    const run = await project.run(["generate"]);
    assert.equal(run.code, 1);
    assert.match(run.stderr, /path-outside/);
    project.remove();
  }
});

test("--json is one object", async () => {
  const project = notes();
  const answer = JSON.parse((await project.run(["generate", "--json"])).stdout);
  assert.equal(answer.ok, true);
  assert.deepEqual(answer.files[0], { path: "db/schema.sql", target: "sql", change: "create" });
  project.write("schema.yaml", BROKEN);
  const check = await project.run(["check", "--json"]);
  assert.equal(check.code, 1);
  const { diagnostics } = JSON.parse(check.stdout);
  assert.equal(diagnostics[0].code, "unknown-type");
  assert.deepEqual(diagnostics[0].range.start, { line: 5, column: 21 });
  project.remove();
});

test("formats of check", async () => {
  const project = notes(BROKEN);
  const run = async (format: string): Promise<string> => (await project.run(["check", "--format", format])).stdout;
  assert.match(await run("rich"), /^error\[unknown-type\]/);
  assert.match(await run("concise"), /^schema\.yaml:6:22: error\[unknown-type\]/);
  assert.match(await run("github"), /^::error .*file=schema\.yaml,line=6,/);
  project.remove();
});

test("compile writes to standard output, a file or a folder", async () => {
  const project = new TestProject({ "schema/notes.yaml": NOTES });
  const out = await project.run(["compile", "schema", "--target", "sql"]);
  assert.match(out.stdout, /create table/i);
  const stdin = await project.run(["compile", "-", "--target", "sql"], { input: NOTES });
  assert.equal(stdin.stdout, out.stdout);
  assert.equal((await project.run(["compile", "schema/*.yaml", "-t", "zod", "-o", "z/notes.ts"])).code, 0);
  assert.match(project.read("z/notes.ts"), /z\.object/);
  assert.equal((await project.run(["compile", "schema", "-t", "sql,zod", "-o", "all"])).code, 0);
  assert.equal(readdirSync(project.path("all")).length, 2);
  assert.equal((await project.run(["compile", "schema", "-t", "sql,zod"])).code, 2);
  assert.equal((await project.run(["compile", "schema", "-t", "cobol"])).code, 1);
  project.remove();
});

test("explain", async () => {
  const project = new TestProject();
  assert.match((await project.run(["explain", "unknown-type"])).stdout, /^# unknown-type/);
  assert.match((await project.run(["explain"])).stdout, /^yaml-syntax +error$/m);
  const wrong = await project.run(["explain", "type-unknown"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /unknown-type/);
  project.remove();
});

test("json-schema", async () => {
  const project = new TestProject();
  const schema = (await project.run(["json-schema"])).stdout;
  for (const key of ["tables", "functions", "policies", "mixins"]) assert.ok(schema.includes(`"${key}"`), key);
  const config = (await project.run(["json-schema", "--config"])).stdout;
  for (const key of ["files", "outputs", "schemas", "targetVersion", "exposedSchemas", "severities"]) {
    assert.ok(config.includes(`"${key}"`), key);
  }
  project.remove();
});

test("init writes what works, and not twice", async () => {
  for (const format of ["json", "yaml", "ts", "mjs"]) {
    for (const supabase of ["--supabase", "--no-supabase"]) {
      const project = new TestProject();
      const init = await project.run(["init", "--no-install", "--config-format", format, supabase]);
      assert.equal(init.code, 0, init.stderr);
      const generate = await project.run(["generate"]);
      assert.equal(generate.code, 0, generate.stderr);
      assert.doesNotMatch(generate.stderr, /error|warning/);
      assert.equal((await project.run(["init"])).code, 2);
      project.remove();
    }
  }
});

test("colours only where they are wanted", async () => {
  const project = notes(BROKEN);
  const colored = await project.run(["check"], { env: { FORCE_COLOR: "1", NO_COLOR: "" } });
  assert.ok(colored.stdout.includes("\u001b["));
  const plain = await project.run(["check"]);
  assert.ok(!plain.stdout.includes("\u001b["));
  project.remove();
});

test("a disk that is full is said, however much of the answer it takes", async () => {
  const project = new TestProject();
  const command = `"${process.execPath}" "${BIN}" json-schema`;
  for (const args of ["json-schema", "--version", "--help", "compile --help"]) {
    const none = await execute("/bin/sh", ["-c", `"${process.execPath}" "${BIN}" ${args} > /dev/full`], { cwd: project.root });
    assert.equal(none.code, 2, args);
    assert.match(none.stderr, /^error: cannot write `standard output`: the disk is full/);
  }
  // No file may be longer than a block, and the answer is.
  const some = await execute("/bin/sh", ["-c", `ulimit -f 1; ${command} > out.json`], { cwd: project.root });
  assert.equal(some.code, 2);
  assert.match(some.stderr, /^error: cannot write `standard output`/);
  project.remove();
});

test("what cannot be said changes no exit code", async () => {
  const project = notes(BROKEN);
  const run = await execute("/bin/sh", ["-c", `("${process.execPath}" "${BIN}" generate; echo $? > code) 2>&1 >/dev/null | true`], { cwd: project.root });
  assert.equal(run.code, 0);
  assert.equal(project.read("code"), "1\n");
  project.remove();
});

test("--json is one object, also of what stops a command", async () => {
  const project = new TestProject();
  for (const args of [["generate", "--json"], ["check", "missing.yaml", "--format", "json"]]) {
    const run = await project.run(args);
    assert.equal(run.code, 2);
    const { ok, error } = JSON.parse(run.stdout);
    assert.equal(ok, false);
    assert.match(error, /^there is no/);
    assert.match(run.stderr, /^error: there is no/);
  }
  project.remove();
});

test("options of targets on the command line", async () => {
  const project = new TestProject({ "docs/schema.yaml": NOTES });
  const text = await project.run(["compile", "docs", "-t", "docs", "-O", "title=007"]);
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /^# 007$/m);
  const map = await project.run(["compile", "docs", "-t", "sql", "-O", "layout=numbered", "-O", 'services={"docs":100}', "-o", "sql", "--json"]);
  assert.equal(map.code, 0, map.stderr + map.stdout);
  assert.match(JSON.parse(map.stdout).files[0].path, /^sql\/001\d\d_docs/);
  const flag = await project.run(["compile", "docs", "-t", "sql", "-O", "transaction=maybe"]);
  assert.equal(flag.code, 1);
  project.remove();
});

test("compile says where it wrote, as seen from here", async () => {
  const project = new TestProject({ "here/schema.yaml": NOTES });
  const run = (out: string) => project.run(["compile", "schema.yaml", "-t", "sql", "-o", out], { cwd: project.path("here") });
  assert.match((await run("gen/deep")).stdout, /^\+ gen\/deep\/schema\.sql {2}/);
  assert.match((await run("../zz.sql")).stdout, /^\+ \.\.\/zz\.sql {2}/);
  assert.match((await run("gen/notes.psql")).stdout, /^\+ gen\/notes\.psql {2}/);
  project.remove();
});
