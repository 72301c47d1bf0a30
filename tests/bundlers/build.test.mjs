// Production builds of every bundler: what they build runs and validates by the schema; a schema with errors fails them;
// a build whose schema did not change writes nothing.

import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { after, describe, test } from "node:test";
import { BROKEN, Project, schema } from "./project.mjs";
import { RECIPES } from "./recipes.mjs";

const MAIN = `import { NoteInsertSchema } from "virtual:schemagen/zod";
for (const title of ["short enough", "x".repeat(30)]) console.log(NoteInsertSchema.safeParse({ title }).success);
`;

for (const [bundler, script] of Object.entries(RECIPES)) {
  describe(bundler, { timeout: 180_000 }, () => {
    const project = new Project({ "src/main.js": MAIN, "build.mjs": script, "schema/notes.yaml": schema(20) });
    after(() => project.remove());

    test("builds what runs", async () => {
      const { code, said } = await project.run("build.mjs");
      assert.equal(code, 0, said);
      assert.equal((await project.run("dist/main.js")).said, "true\nfalse\n");
      assert.match(project.read("src/db.ts"), /NoteInsertSchema/);
    });

    test("writes nothing where nothing changed", async () => {
      const before = statSync(project.path("src/db.ts")).mtimeMs;
      assert.equal((await project.run("build.mjs")).code, 0);
      assert.equal(statSync(project.path("src/db.ts")).mtimeMs, before);
    });

    test("shows a warning, and builds", async () => {
      project.write("schema/notes.yaml", schema(20).replace(/    rls: enabled\n|    policies:[^]*/g, ""));
      const { code, said } = await project.run("build.mjs");
      assert.equal(code, 0, said);
      assert.match(said, /warning\[table-without-rls\][^]*schema\/notes\.yaml/);
    });

    test("fails by a schema with errors, and shows its lines", async () => {
      project.write("schema/notes.yaml", BROKEN);
      const { code, said } = await project.run("build.mjs");
      assert.equal(code, 1, said);
      assert.match(said, /there is no type `varcharr`[^]*schema\/notes\.yaml:6:22[^]*title: \{ type: varcharr/);
    });

    test("fails by a configuration that is broken", async () => {
      project.write("schema/notes.yaml", schema(20));
      const config = project.read("schemagen.config.json");
      project.write("schemagen.config.json", "{");
      const { code, said } = await project.run("build.mjs");
      project.write("schemagen.config.json", config);
      assert.equal(code, 1, said);
      assert.match(said, /cannot read the configuration schemagen\.config\.json/);
    });

    test("names what is to be done where no output is the module", async () => {
      project.write("src/main.js", 'import "virtual:schemagen/nothing";\n');
      const { code, said } = await project.run("build.mjs");
      assert.equal(code, 1, said);
      assert.match(said, /there is no module `virtual:schemagen\/nothing`[^]*"out": "virtual:schemagen\/nothing"/);
      assert.equal(existsSync(project.path(".schemagen/virtual/nothing.ts")), false);
    });
  });
}
