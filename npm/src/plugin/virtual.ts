// The text of virtual modules. In: the file of one, which holds the TypeScript that was generated. Out: that, or
// JavaScript for bundlers that read no TypeScript by themselves.

import { readFile } from "node:fs/promises";

/** The TypeScript of `id`, the file of a virtual module. */
export function readVirtual(id: string): Promise<string> {
  return readFile(id.replace(/\?.*$/, ""), "utf8");
}

/** The JavaScript of `id`. */
export async function compileVirtual(id: string): Promise<string> {
  const { transform } = await import("sucrase");
  return transform(await readVirtual(id), { transforms: ["typescript"], disableESTransforms: true }).code;
}
