#!/usr/bin/env node
const module = process.getBuiltinModule("module");
const v8 = process.getBuiltinModule("v8");

module.enableCompileCache?.();
// One compilation does not pay for optimising the WebAssembly first, and the process would wait for it at its end; the
// commands that stay and compile again and again do.
const stays = ["dev", "lsp"].includes(process.argv[2]) || process.argv.some((arg) => arg === "--watch" || arg === "-w");
if (!stays) v8.setFlagsFromString("--liftoff-only");
// The compiler was validated when it was built; what is never called need not be looked at.
v8.setFlagsFromString("--wasm-lazy-validation");
const { main } = await import("../dist/esm/cli.js");
await main(process.argv.slice(2));
process.stdout.write("", () => process.stderr.write("", () => process.exit()));
