// Vite's development server with a page in a real browser: a save of the schema reaches the page without a reload, an error
// stands in the overlay until it is mended, and the server stays up whatever happens to the schema.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { openBrowser } from "./browser.mjs";
import { BROKEN, eventually, Project, schema } from "./project.mjs";

const PAGE = '<!doctype html><title>notes</title><p id="max"></p><script type="module" src="/src/main.ts"></script>';

/** Shows how many characters a title may have, by what the schema's validator takes. */
const main = (module) => `import { NoteInsertSchema } from "${module}";

type Insert = { NoteInsertSchema: typeof NoteInsertSchema };

function show({ NoteInsertSchema: insert }: Insert): void {
  let length = 0;
  while (length < 100 && insert.safeParse({ title: "x".repeat(length + 1) }).success) length += 1;
  document.querySelector("#max")!.textContent = String(length);
}

show({ NoteInsertSchema });
import.meta.hot?.accept("${module}", (changed) => show(changed as unknown as Insert));
`;

const SERVER = `import { createServer } from "vite";
import schemagen from "schemagen/vite";

const server = await createServer({
  configFile: false,
  plugins: [schemagen()],
  server: { port: 0, host: "127.0.0.1" },
  optimizeDeps: { include: ["zod"] },
});
await server.listen();
console.log("listening on", server.resolvedUrls.local[0]);
`;

describe("Vite's development server", { timeout: 300_000 }, () => {
  let browser;
  const projects = [];

  before(async () => {
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    for (const project of projects) await project.remove();
  });

  /** A project whose page is open. */
  async function open(module, files = {}) {
    const project = new Project({ "index.html": PAGE, "src/main.ts": main(module), "serve.mjs": SERVER, ...files });
    projects.push(project);
    const server = project.start("serve.mjs");
    const [, url] = await server.says(/listening on (\S+)/);
    const page = await browser.newPage();
    let loads = 0;
    page.on("load", () => (loads += 1));
    await page.goto(url);
    const shows = (text) =>
      eventually(`${text} on the page`, async () => (await page.locator("#max").textContent().catch(() => "")) === text, () => server.said);
    const overlay = page.locator("vite-error-overlay");
    return { project, server, page, shows, overlay, loads: () => loads };
  }

  for (const module of ["./db", "virtual:schemagen/zod"]) {
    test(`a save reaches the page by a hot update: ${module}`, async () => {
      const { project, server, shows, loads } = await open(module);
      await shows("10");
      const before = loads();
      project.write("schema/notes.yaml", schema(20));
      await server.says(/\[schemagen\] schema\/notes\.yaml: wrote src\/db\.ts, \.schemagen\/virtual\/zod\.ts/);
      await shows("20");
      project.write("schema/more.yaml", "enums: { color: [red] }\n");
      await server.says(/\[schemagen\] schema\/more\.yaml: wrote/);
      project.write("schema/notes.yaml", schema(30));
      await shows("30");
      assert.equal(loads(), before, "the page was loaded again");
    });
  }

  test("an error stands in the overlay, with its place and lines, until it is mended", async () => {
    const { project, server, page, shows, overlay } = await open("./db");
    await shows("10");
    project.write("schema/notes.yaml", BROKEN);
    await server.says(/error\[unknown-type\][^]*schema\/notes\.yaml:6:22/);
    await overlay.waitFor({ state: "attached", timeout: 60_000 });
    const said = (part) => overlay.locator(`.${part}`).innerText();
    assert.match(await said("message"), /there is no type `varcharr`/);
    assert.match(await said("plugin"), /schemagen/);
    assert.match(await said("file"), /schema\/notes\.yaml:6:21/);
    assert.match(await said("frame"), /6 \| +title: \{ type: varcharr[^]*did you mean `varchar`/);
    await page.reload();
    await overlay.waitFor({ state: "attached", timeout: 60_000 });
    project.write("schema/notes.yaml", `${schema(10)}enums: [`);
    await server.says(/error\[yaml-syntax\][^]*schema\/notes\.yaml/);
    project.write("schema/notes.yaml", schema(10));
    await overlay.waitFor({ state: "detached", timeout: 60_000 });
    await shows("10");
    project.write("schema/notes.yaml", schema(40));
    await shows("40");
  });

  test("a schema that is broken from the start, a configuration that breaks, outputs that vanish", async () => {
    const { project, server, shows, overlay } = await open("./db", { "schema/notes.yaml": BROKEN });
    await overlay.waitFor({ state: "attached", timeout: 60_000 });
    project.write("schema/notes.yaml", schema(15));
    await shows("15");
    const config = project.read("schemagen.config.json");
    project.write("schemagen.config.json", "{");
    await server.says(/cannot read the configuration/);
    await overlay.waitFor({ state: "attached", timeout: 60_000 });
    project.write("schemagen.config.json", config);
    await overlay.waitFor({ state: "detached", timeout: 60_000 });
    rmSync(project.path(".schemagen"), { recursive: true });
    rmSync(project.path("src/db.ts"));
    project.write("schema/notes.yaml", schema(25));
    await shows("25");
  });

  test("two servers on one project", async () => {
    const one = await open("./db");
    const second = one.project.start("serve.mjs");
    await second.says(/listening/);
    for (const length of [11, 12, 13, 14]) {
      one.project.write("schema/notes.yaml", schema(length));
      await one.shows(String(length));
    }
    assert.doesNotMatch(one.server.said + second.said, /error/i);
  });
});
