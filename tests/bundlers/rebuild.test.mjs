// Watch modes of every bundler: a save of the schema leads to a new build, an error is that build's, and mending it leads to
// the next one. Then it is quiet: a build does not lead to the next.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BROKEN, eventually, Project, schema } from "./project.mjs";
import { RECIPES } from "./recipes.mjs";

const MAIN = `import { NoteInsertSchema } from "virtual:schemagen/zod";
console.log(NoteInsertSchema.safeParse({ title: "x".repeat(15) }).success);
`;

for (const [bundler, script] of Object.entries(RECIPES)) {
  describe(bundler, { timeout: 300_000 }, () => {
    const project = new Project({ "src/main.js": MAIN, "build.mjs": script });
    after(() => project.remove());

    test("builds again on save", async () => {
      const built = async (answer) =>
        eventually(`a build that says ${answer}`, async () => (await project.run("dist/main.js")).said === `${answer}\n`, () => program.said);
      const save = async (path, text) => {
        await sleep(500); // Bundlers take saves in one instant for one; nobody is that fast.
        project.write(path, text);
      };
      const program = project.start("build.mjs", "--watch");
      await program.says(/built/);
      await built(false);
      await save("schema/notes.yaml", schema(20));
      await built(true);
      await save("schema/notes.yaml", BROKEN);
      await program.says(/failed[^]*there is no type `varcharr`/);
      await save("schema/notes.yaml", schema(10));
      await built(false);
      await save("schema/more.yaml", "enums: { color: [red] }\n");
      await eventually("the new file in the output", () => project.read("src/db.ts").includes("red"), () => program.said);
      const isQuiet = async () => {
        program.said = "";
        await sleep(2000);
        return program.said === "";
      };
      await eventually("an end of building", isQuiet, () => program.said);
    });
  });
}
