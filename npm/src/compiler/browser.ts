// The compiler in browsers and bundlers: the WebAssembly is fetched by URL, once, by `init`.

import wasm, { __wbg_reset_state } from "../../wasm/schemagen.js";
import { type Compiler, connect } from "./api.js";

/** The WebAssembly, or where it is. */
export type InitInput = string | URL | Response | BufferSource | WebAssembly.Module;

let ready = false;

/**
 * Makes the compiler ready; to be awaited before anything else is called.
 * `input` is the WebAssembly, its URL, or a response that brings it; by default, the file of this package.
 */
export async function init(input?: InitInput | Promise<InitInput>): Promise<void> {
  await wasm({ module_or_path: input ?? new URL("../../wasm/schemagen_bg.wasm", import.meta.url) });
  ready = true;
}

const compiler: Compiler = connect(() => {
  if (!ready) throw new Error("schemagen is not ready: call `await init()` first");
}, __wbg_reset_state);

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
