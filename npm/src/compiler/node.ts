// The compiler in Node: the WebAssembly is read from disk and instantiated at the first call.

import { __wbg_reset_state, initSync } from "../../wasm/schemagen.js";
import { type Compiler, connect } from "./api.js";
import { readWasm } from "./wasm-file.js";

let ready = false;

function load(): void {
  if (ready) return;
  initSync({ module: new WebAssembly.Module(readWasm()) });
  ready = true;
}

const compiler: Compiler = connect(load, __wbg_reset_state);

export const {
  compile,
  check,
  explain,
  render,
  statements,
  createWorkspace,
  locate,
  revise,
  outline,
  format,
  platformSql,
  targets,
  codes,
  jsonSchema,
  configSchema,
  languageReference,
} = compiler;

/** Makes the compiler ready. Needed in browsers only; here, for code that runs in both. */
export async function init(): Promise<void> {
  load();
}
