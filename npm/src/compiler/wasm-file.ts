// The file that holds the compiler, for Node. In: nothing. Out: where it lies, what it holds, and which one it is.

import { readFileSync, statSync } from "node:fs";

const FILE = new URL("../../wasm/schemagen_bg.wasm", import.meta.url);

/** The WebAssembly. */
export function readWasm(): Uint8Array<ArrayBuffer> {
  return readFileSync(FILE);
}

/** A text that another compiler does not have: what it made of an input, this one may not. */
export function compilerIdentity(): string {
  const { size, mtimeMs } = statSync(FILE);
  return `${size} ${mtimeMs}`;
}
