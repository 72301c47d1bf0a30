// Frameworks on Vite: their own builds and development servers, with the plugin. A page shows what the schema says, by a
// file and by a virtual module; a schema with errors fails the build; a save reaches the page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { BROKEN, eventually, Project, repository, schema } from "./project.mjs";

// Tests talk to nobody.
process.env.ASTRO_TELEMETRY_DISABLED = "1";
process.env.NUXT_TELEMETRY_DISABLED = "1";

const folder = join(repository, "tests/bundlers/frameworks");
const { devDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const packages = new Map(Object.keys(devDependencies).map((name) => [name, join(folder, "node_modules", name)]));

/** What a page imports, with `db` for the file that is generated. */
const imports = (db) => `import { NoteInsertSchema } from "virtual:schemagen/zod";
import { NoteInsertSchema as fromFile } from "${db}";
const takes = (schema, title) => String(schema.safeParse({ title }).success);
`;
const PAGE = '<p>{takes(NoteInsertSchema, "short")} {takes(fromFile, "x".repeat(30))}</p>';

/** How a project of each is written, built, and where its page lies then. */
const FRAMEWORKS = {
  SvelteKit: {
    files: {
      "vite.config.js": `import { sveltekit } from "@sveltejs/kit/vite";
import schemagen from "schemagen/vite";
export default { plugins: [schemagen(), sveltekit()] };
`,
      "src/app.html": "<!doctype html><head>%sveltekit.head%</head><body>%sveltekit.body%</body>",
      "src/routes/+page.js": "export const prerender = true;\n",
      "src/routes/+page.svelte": `<script>\n${imports("../db")}</script>\n${PAGE}\n`,
    },
    program: "node_modules/vite/bin/vite.js",
    page: ".svelte-kit/output/prerendered/pages/index.html",
  },
  Astro: {
    files: {
      "astro.config.mjs": `import schemagen from "schemagen/vite";
export default { vite: { plugins: [schemagen()] }, devToolbar: { enabled: false } };
`,
      "src/pages/index.astro": `---\n${imports("../db")}---\n${PAGE}\n`,
    },
    program: "node_modules/astro/astro.js",
    page: "dist/index.html",
  },
  Nuxt: {
    files: {
      "nuxt.config.ts": `import schemagen from "schemagen/vite";
export default defineNuxtConfig({
  compatibilityDate: "2026-01-01",
  nitro: { preset: "static" },
  sourcemap: false,
  experimental: { payloadExtraction: false }, // Its store takes no \`/\` for a key.
  vite: { plugins: [schemagen()] },
});
`,
      "app/app.vue": `<script setup lang="ts">\n${imports("../src/db")}</script>\n<template>${PAGE.replaceAll("{", "{{ ").replaceAll("}", " }}")}</template>\n`,
    },
    program: "node_modules/nuxt/bin/nuxt.mjs",
    page: ".output/public/index.html",
  },
};

for (const [name, { files, program, page }] of Object.entries(FRAMEWORKS)) {
  describe(name, { timeout: 600_000 }, () => {
    const project = new Project(files, packages);
    after(() => project.remove());

    test("builds a page that validates by the schema", async () => {
      const { code, said } = await project.run(program, "build");
      assert.equal(code, 0, said);
      assert.match(project.read(page), /<p>true false<\/p>/);
    });

    test("fails by a schema with errors, and shows its lines", async () => {
      project.write("schema/notes.yaml", BROKEN);
      const { code, said } = await project.run(program, "build");
      assert.equal(code, 1, said);
      assert.match(said, /there is no type `varcharr`[^]*schema\/notes\.yaml:6:22/);
    });

    test("serves the page, and what it says after a save", async () => {
      project.write("schema/notes.yaml", schema(10));
      const server = project.start(program, "dev", "--host", "127.0.0.1", "--port", "0");
      const [, url] = await server.says(/(http:\/\/127\.0\.0\.1:\d+)/);
      const shows = (text) =>
        eventually(text, async () => (await (await fetch(url)).text()).includes(`<p>${text}</p>`), () => server.said);
      await shows("true false");
      project.write("schema/notes.yaml", schema(40));
      await shows("true true");
    });
  });
}
