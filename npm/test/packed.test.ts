// The package as it is published: packed, installed in an empty project, and used.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Client } from "./client.js";
import { BROKEN, execute, PACKAGE, TestProject } from "./project.js";

const LIMIT = { timeout: 300_000 };
const project = new TestProject({ "package.json": '{ "name": "empty", "private": true }' });
after(() => project.remove());

async function shell(command: string, cwd = project.root): Promise<string> {
  const run = await execute("sh", ["-c", command], { cwd });
  assert.equal(run.code, 0, `${command}\n${run.stdout}${run.stderr}`);
  return run.stdout;
}

before(async () => {
  const tarball = (await shell(`npm pack --silent --pack-destination "${project.root}"`, PACKAGE)).trim();
  const install = await shell(`npm install --save-dev ./${tarball} 2>&1`);
  assert.doesNotMatch(install, /npm warn (?!Unknown (user|env) config)/);
}, LIMIT);

test("npx schemagen lsp, before there is a configuration", LIMIT, async (t) => {
  project.write("first.yaml", BROKEN);
  const client = new Client(project.root, project.path("node_modules/.bin/schemagen"));
  t.after(() => {
    client.kill();
    project.delete("first.yaml");
  });
  await client.start();
  const uri = await client.open(project.path("first.yaml"), BROKEN);
  const [found] = await client.diagnostics(uri, (all) => all.length > 0);
  assert.match(String(found?.message), /^there is no type `txet`/);
  assert.deepEqual(found?.range.start, { line: 5, character: 21 });
  assert.equal(await client.stop(), 0);
});

test("npx schemagen init && npx schemagen generate && npx schemagen verify", LIMIT, async () => {
  await shell("npx schemagen init");
  await shell("npx schemagen generate");
  assert.match(await shell("npx schemagen verify"), /^ok: PostgreSQL/);

  project.write("use.mjs", 'import { compile } from "schemagen"; console.log(compile([], { targets: [] }).ok);');
  project.write("use.cjs", 'console.log(require("schemagen").compile([], { targets: [] }).ok);');
  assert.equal(await shell("node use.mjs && node use.cjs"), "true\ntrue\n");
  for (const bundler of ["vite", "rollup", "rolldown", "webpack", "rspack", "esbuild", "plugin"]) {
    const say = "console.log(typeof plugin, typeof (plugin.vite ?? plugin()));";
    project.write("use.mjs", `import plugin from "schemagen/${bundler}"; ${say}`);
    project.write("use.cjs", `const plugin = require("schemagen/${bundler}").default; ${say}`);
    const kind = bundler === "plugin" ? "object function" : "function object";
    assert.equal(await shell("node use.mjs 2>&1 && node use.cjs 2>&1"), `${kind}\n${kind}\n`);
  }
  assert.ok(await shell("node -p 'require.resolve(\"schemagen/schemagen.wasm\")'"));
});

test("the WebAssembly names no folder of the machine that built it", () => {
  const wasm = readFileSync(project.path("node_modules/schemagen/wasm/schemagen_bg.wasm"), "latin1");
  assert.match(wasm, /\bcrates\/[^\0]*\/minijinja-/);
  assert.doesNotMatch(wasm, /registry\/src/);
});
