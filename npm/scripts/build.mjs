// src and wasm to dist: ESM for Node (library, command line, plugin) and browsers, CommonJS for Node, declarations for
// each, and the JSON Schemas for editors.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const { version } = JSON.parse(readFileSync("package.json", "utf8"));

execFileSync(process.execPath, ["scripts/types.mjs"], { stdio: "inherit" });
rmSync("dist", { recursive: true, force: true });

const plugins = readdirSync("src/plugin/entries").map((file) => file.replace(/\.ts$/, ""));
const pluginEntries = Object.fromEntries(plugins.map((name) => [`plugin/entries/${name}`, `src/plugin/entries/${name}.ts`]));

/** commander asks for `child_process` at every start, for programs as subcommands, of which there are none here. */
const withoutPrograms = {
  name: "without-programs",
  resolveId: (id, importer = "") => (id === "node:child_process" && importer.includes("/commander/") ? "\0none" : null),
  load: (id) => (id === "\0none" ? "module.exports = {};" : null),
};

/**
 * Asks Node for its modules as `require` would: at an `import` of one, Node looks at every property of it, and so loads
 * streams, flags and more behind them.
 */
const builtinsAtOnce = {
  name: "builtins-at-once",
  renderChunk(code) {
    const get = (id) => `process.getBuiltinModule("${id}")`;
    return code
      .replace(/^import \{ createRequire \} .+\n([^]*)createRequire\(import\.meta\.url\)/m, "$1process.getBuiltinModule")
      .replace(/^import (.+) from "([\w:/]+)";$/gm, (line, names, id) => {
        if (!isBuiltin(id)) return line;
        const parts = names.replaceAll("* as ", "").replaceAll(" as ", ": ").split(/, (?=\{)/);
        return `const ${parts.map((part) => `${part} = ${get(id)}`).join(", ")};`;
      });
  },
};

const shared = {
  platform: "node",
  transform: { target: "node20", define: { __VERSION__: JSON.stringify(version) } },
  external: ["jiti", "pg", /^@electric-sql\//, "schemagen", "unplugin"],
};
await build([
  {
    ...shared,
    input: { index: "src/index.ts", cli: "src/cli/main.ts", ...pluginEntries },
    plugins: [withoutPrograms, builtinsAtOnce],
    output: { dir: "dist/esm", format: "esm", minify: { compress: true, mangle: false }, comments: false },
  },
  { ...shared, platform: "neutral", input: "src/browser.ts", output: { file: "dist/esm/browser.js", format: "esm" } },
  { ...shared, input: "src/index.ts", output: { file: "dist/cjs/index.js", format: "cjs" } },
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
