// src and wasm to dist: ESM for Node (library, command line, plugin) and browsers, CommonJS for Node, declarations for
// each, and the JSON Schemas for editors.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const { version } = JSON.parse(readFileSync("package.json", "utf8"));

execFileSync(process.execPath, ["scripts/types.mjs"], { stdio: "inherit" });
rmSync("dist", { recursive: true, force: true });

const plugins = readdirSync("src/plugin/entries").map((file) => file.replace(/\.ts$/, ""));
const pluginEntries = Object.fromEntries(plugins.map((name) => [`plugin/entries/${name}`, `src/plugin/entries/${name}.ts`]));

const shared = {
  bundle: true,
  target: "es2022",
  define: { __VERSION__: JSON.stringify(version) },
  external: ["jiti", "pg", "@electric-sql/*", "schemagen", "unplugin"],
  logLevel: "warning",
};
await Promise.all([
  build({
    ...shared,
    entryPoints: { index: "src/index.ts", cli: "src/cli/main.ts", ...pluginEntries },
    outdir: "dist/esm",
    format: "esm",
    platform: "node",
    target: "node20",
    splitting: true,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    // Bundled CommonJS dependencies ask for Node's modules by `require`.
    banner: {
      js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
    },
  }),
  build({ ...shared, entryPoints: ["src/browser.ts"], outdir: "dist/esm", format: "esm", platform: "neutral" }),
  build({
    ...shared,
    entryPoints: ["src/index.ts"],
    outdir: "dist/cjs",
    format: "cjs",
    platform: "node",
    target: "node20",
    banner: { js: 'const __importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
    define: { ...shared.define, "import.meta.url": "__importMetaUrl" },
  }),
]);

execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
cpSync("dist/esm", "dist/cjs", { recursive: true, filter: (path) => path === "dist/esm" || path.endsWith(".d.ts") || !/\.\w+$/.test(path) });
mkdirSync("dist/cjs", { recursive: true });
// unplugin is an ES module: whoever requires the plugin has a Node that can require those.
for (const name of plugins) {
  const lines = ['"use strict";', 'exports.__esModule = true;', `exports.default = require("../../../esm/plugin/entries/${name}.js").default;`];
  writeFileSync(`dist/cjs/plugin/entries/${name}.js`, `${lines.join("\n")}\n`);
}
writeFileSync("dist/cjs/package.json", '{ "type": "commonjs" }\n');

const { codes, configSchema, jsonSchema } = await import("../dist/esm/index.js");
writeFileSync("dist/config.schema.json", `${JSON.stringify(configSchema(), null, 2)}\n`);
writeFileSync("dist/schema.json", `${JSON.stringify(jsonSchema(), null, 2)}\n`);

// What each code means: where editors lead who asks about a diagnostic.
mkdirSync("dist/codes");
for (const { code, docs } of codes()) writeFileSync(`dist/codes/${code}.md`, docs);
