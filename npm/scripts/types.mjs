// Cuts the data types out of wasm-bindgen's declarations into src/types.ts, which is committed.
// `--check` only compares.
import { readFileSync, writeFileSync } from "node:fs";

const declarations = readFileSync(new URL("../wasm/schemagen.d.ts", import.meta.url), "utf8");
const file = new URL("../src/types.ts", import.meta.url);
const blocks = declarations
  .split(/\n(?=\/\*\*|export )/)
  .filter((block) => /^(\/\*\*[\s\S]*?\*\/\n)?export (interface|type) (?!InitInput|InitOutput|SyncInitInput)/.test(block))
  .map((block) => block.trim())
  .sort((a, b) => name(a).localeCompare(name(b), "en"));
const text = `// Generated from wasm/src/types.rs by \`npm run build\`. Do not edit.\n\n${blocks.join("\n\n")}\n`;

if (process.argv.includes("--check")) {
  if (readFileSync(file, "utf8") !== text) {
    console.error("src/types.ts is not what wasm/src/types.rs says: run `make build` and commit it");
    process.exit(1);
  }
} else {
  writeFileSync(file, text);
}

function name(block) {
  return /export (?:interface|type) (\w+)/.exec(block)[1];
}
