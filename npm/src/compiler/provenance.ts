// Which lines of a file come from which objects. In: the compiler's result, in which that is packed into numbers. Out:
// the same result, in which it is objects, made when they are first asked for: there are as many as lines, and few
// callers look at any.

import type { CompileResult, OutputFile, Provenance } from "../types.js";

/** `PackedProvenance` of wasm/src/types.rs. */
interface Packed {
  objects: { words: string; sources: string[]; places: Uint32Array };
  entries: Uint32Array;
}

const NOWHERE = 0xffff_ffff;

/** `result`, with `provenance` as its type says. */
export function unpacked(result: CompileResult): CompileResult {
  for (const file of result.files) {
    const packed = file.provenance as unknown as Packed;
    const define = (property: PropertyDescriptor): OutputFile =>
      Object.defineProperty(file, "provenance", { enumerable: true, configurable: true, ...property });
    define({
      get: () => define({ value: entries(packed), writable: true }).provenance,
      set: (value) => define({ value, writable: true }),
    });
  }
  return result;
}

function entries({ objects: { words, sources, places }, entries }: Packed): Provenance[] {
  const objects = words.split("\0");
  return Array.from({ length: entries.length / 3 }, (_, at) => {
    const [firstLine, lastLine, index] = entries.subarray(3 * at, 3 * at + 3) as unknown as [number, number, number];
    const object = objects[index]!;
    const [source, line, column, endLine, endColumn] = places.subarray(5 * index, 5 * index + 5) as unknown as [
      number, number, number, number, number,
    ];
    if (source === NOWHERE) return { firstLine, lastLine, object };
    const range = { start: { line, column }, end: { line: endLine, column: endColumn } };
    return { firstLine, lastLine, object, file: sources[source]!, range };
  });
}
