// The text of virtual modules. In: the TypeScript that was generated. Out: JavaScript, as not every bundler reads
// TypeScript by itself. Loaded only for projects that have such modules.

import { readFile } from "node:fs/promises";
import { transform } from "sucrase";

/** The JavaScript of `id`, the file of a virtual module. */
export async function loadVirtual(id: string): Promise<string> {
  const text = await readFile(id.replace(/\?.*$/, ""), "utf8");
  return transform(text, { transforms: ["typescript"], disableESTransforms: true }).code;
}
