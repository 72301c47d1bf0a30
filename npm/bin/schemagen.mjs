#!/usr/bin/env node
import module from "node:module";
import v8 from "node:v8";

module.enableCompileCache?.();
// One compilation does not pay for optimising the WebAssembly first, and the process would wait for it at its end; the
// commands that stay and compile again and again do.
const stays = ["dev", "lsp"].includes(process.argv[2]) || process.argv.some((arg) => arg === "--watch" || arg === "-w");
if (!stays) v8.setFlagsFromString("--liftoff-only");
const { main } = await import("../dist/esm/cli.js");
await main(process.argv.slice(2));
process.stdout.write("", () => process.stderr.write("", () => process.exit()));
