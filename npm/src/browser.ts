// The public API in browsers and bundlers.

export { InternalError } from "./compiler/api.js";
export type { Compiler, Findings, Fold, Highlight, Workspace } from "./compiler/api.js";
export * from "./compiler/browser.js";
export { defineConfig } from "./config.js";
export type { Config, Output, SchemaConfig } from "./config.js";
export type * from "./types.js";
