// docs/vite.md, walked as it stands: its files in an empty project, its form in a browser, its virtual modules under tsc.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { openBrowser } from "./browser.mjs";
import { eventually, Project, repository } from "./project.mjs";

const page = readFileSync(join(repository, "docs/vite.md"), "utf8");

/** The code block behind the line that begins with `path` in backticks. */
function block(path) {
  const found = new RegExp(`^\`${path.replaceAll(".", "\\.")}\`[^\n]*:\n\n\`\`\`\\w+\n([^]*?)^\`\`\`$`, "m").exec(page);
  assert.ok(found, `docs/vite.md has no block for ${path}`);
  return found[1];
}

const FILES = ["vite.config.ts", "schemagen.config.json", "schema/app.yaml", "src/main.ts"];

/** What Vite's template has besides. */
const TEMPLATE = {
  "index.html": '<!doctype html><title>my-app</title><div id="app"></div><script type="module" src="/src/main.ts"></script>',
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      target: "es2023",
      module: "esnext",
      lib: ["ES2023", "DOM"],
      types: [],
      moduleResolution: "bundler",
      verbatimModuleSyntax: true,
      strict: true,
      noEmit: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      erasableSyntaxOnly: true,
    },
    include: ["src"],
  }),
};

const VITE = "node_modules/vite/bin/vite.js";
const TSC = "node_modules/typescript/bin/tsc";

describe("docs/vite.md", { timeout: 240_000 }, () => {
  const project = new Project({ ...TEMPLATE, ...Object.fromEntries(FILES.map((path) => [path, block(path)])) });
  let browser;
  after(async () => {
    await browser?.close();
    await project.remove();
  });

  test("its form refuses what its table would, and takes a changed rule on save", async () => {
    const server = project.start(VITE, "--host", "127.0.0.1", "--port", "0");
    const [, url] = await server.says(/(http:\/\/127\.0\.0\.1:\d+)/);
    browser = await openBrowser();
    const form = await browser.newPage();
    await form.goto(url);
    // Until the form says it: the page may be loaded again in between.
    const signUp = (name, age, says) =>
      eventually(`${says} in the form`, async () => {
        await form.getByLabel("Name").fill(name);
        await form.getByLabel("Age").fill(age);
        await form.getByRole("button").click();
        return says.test(await form.locator("form").innerText());
      });
    await signUp("X", "2", /at least 2|too small/i);
    await signUp("Ada", "17", /18/);
    await signUp("Ada", "36", /Ada, 36, may be inserted/);
    project.write("schema/app.yaml", block("schema/app.yaml").replace("18", "16"));
    await server.says(/\[schemagen\] schema\/app\.yaml: wrote db\/schema\.sql, src\/db\.ts/);
    await signUp("Ada", "17", /Ada, 17, may be inserted/);
  });

  test("its build: generated, type checked, bundled", async () => {
    const [, build] = /"build": "([^"]+)"/.exec(page);
    assert.equal(build, "schemagen generate && tsc && vite build");
    for (const args of [["node_modules/schemagen/bin/schemagen.mjs", "generate"], [TSC], [VITE, "build"]]) {
      const { code, said } = await project.run(...args);
      assert.equal(code, 0, said);
    }
  });

  test("its virtual module has its types under tsc --strict, however modules are resolved", async () => {
    const output = /^\{ "target": "zod", "out": "virtual:[^\n]+\}$/m.exec(page)?.[0];
    const paths = /^"paths": (\{.*\})$/m.exec(page)?.[1];
    const imported = /^import \{ (\w+) \} from "virtual:schemagen\/zod";$/m.exec(page);
    assert.ok(output && paths && imported);
    const config = JSON.parse(project.read("schemagen.config.json"));
    project.write("schemagen.config.json", JSON.stringify({ ...config, outputs: [JSON.parse(output)] }));
    const [statement, name] = imported;
    const use = (age) => `${statement}\nimport type { SignupInsert } from "virtual:schemagen/zod";
const signup: SignupInsert = ${name}.parse({});
export const age: ${age} = signup.age;
`;
    await project.run("node_modules/schemagen/bin/schemagen.mjs", "generate");
    for (const [module, moduleResolution] of [["esnext", "bundler"], ["node16", "node16"], ["nodenext", "nodenext"]]) {
      const { compilerOptions } = JSON.parse(TEMPLATE["tsconfig.json"]);
      const options = { ...compilerOptions, module, moduleResolution, paths: JSON.parse(paths) };
      project.write("tsconfig.json", JSON.stringify({ compilerOptions: options, include: ["src"] }));
      project.write("src/main.ts", use("number"));
      const right = await project.run(TSC);
      assert.equal(right.code, 0, right.said);
      project.write("src/main.ts", use("string"));
      const wrong = await project.run(TSC);
      assert.match(wrong.said, /src\/main\.ts\(4,14\): error TS2322: Type 'number' is not assignable to type 'string'/);
    }
  });
});
