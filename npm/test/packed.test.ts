// The package as it is published: packed, installed in an empty project, and used.

import assert from "node:assert/strict";
import { test } from "node:test";
import { execute, PACKAGE, TestProject } from "./project.js";

test("npx schemagen init && npx schemagen generate && npx schemagen verify", { timeout: 300_000 }, async () => {
  const project = new TestProject({ "package.json": '{ "name": "empty", "private": true }' });
  const shell = async (command: string, cwd = project.root): Promise<string> => {
    const run = await execute("sh", ["-c", command], { cwd });
    assert.equal(run.code, 0, `${command}\n${run.stdout}${run.stderr}`);
    return run.stdout;
  };
  const tarball = (await shell(`npm pack --silent --pack-destination "${project.root}"`, PACKAGE)).trim();
  await shell(`npm install --save-dev ./${tarball}`);
  await shell("npx schemagen init");
  await shell("npx schemagen generate");
  assert.match(await shell("npx schemagen verify"), /^ok: PostgreSQL/);

  project.write("use.mjs", 'import { compile } from "schemagen"; console.log(compile([], { targets: [] }).ok);');
  project.write("use.cjs", 'console.log(require("schemagen").compile([], { targets: [] }).ok);');
  assert.equal(await shell("node use.mjs && node use.cjs"), "true\ntrue\n");
  assert.ok(await shell("node -p 'require.resolve(\"schemagen/schemagen.wasm\")'"));
  project.remove();
});
