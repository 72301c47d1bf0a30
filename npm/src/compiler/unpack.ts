// What crosses the boundary packed. In: the compiler's result, in which the texts of files are UTF-8, and which of their
// lines come from which objects is numbers. Out: the same result with texts and objects, made when they are first asked
// for: texts of megabytes are mostly written as they came, and few callers look at any of the objects, of which there are
// as many as lines. Of what editors show, words and lines as numbers.

import type { CompileResult, OutputFile, Provenance } from "../types.js";
import type { Fold, Highlight } from "./api.js";

/** `PackedProvenance` of wasm/src/types.rs. */
interface Packed {
  objects: { words: string; sources: string[]; places: Uint32Array };
  entries: Uint32Array;
}

const NOWHERE = 0xffff_ffff;

/** What files came with, as far as nobody put other things in its place. */
const came = new WeakMap<OutputFile, { text?: Uint8Array; provenance?: Packed }>();

/** `result`, with what its type says. */
export function unpacked(result: CompileResult): CompileResult {
  for (const file of result.files) {
    const text = file.text as unknown as Uint8Array;
    const provenance = file.provenance as unknown as Packed;
    came.set(file, { text, provenance });
    // What looks like a byte-order mark is the text's own.
    later(file, "text", () => new TextDecoder("utf-8", { ignoreBOM: true }).decode(text));
    later(file, "provenance", () => entries(provenance));
  }
  return result;
}

/** The text of a file in UTF-8. */
export function utf8(file: OutputFile): Uint8Array {
  return came.get(file)?.text ?? new TextEncoder().encode(file.text);
}

/** The first and last lines of a file that come from `object`, without making objects of all that do from others. */
export function linesOf(file: OutputFile, object: string): [number, number][] {
  const packed = came.get(file)?.provenance;
  if (packed === undefined) {
    const found = file.provenance.filter((entry) => entry.object === object);
    return found.map(({ firstLine, lastLine }) => [firstLine, lastLine]);
  }
  const { entries } = packed;
  const index = packed.objects.words.split("\0").indexOf(object);
  const found: [number, number][] = [];
  for (let at = 0; at < entries.length; at += 3) {
    if (entries[at + 2] === index) found.push([entries[at]!, entries[at + 1]!]);
  }
  return found;
}

/** The highlights of `numbers`, four each, the last of them the place of a kind among `kinds`. */
export function highlightsOf(numbers: Uint32Array, kinds: string[]): Highlight[] {
  return chunks(numbers, 4).map(([line, column, length, kind]) => ({ line: line!, column: column!, length: length!, kind: kinds[kind!]! }));
}

/** The folds of `numbers`, three each, the last of them the place of a kind. */
export function foldsOf(numbers: Uint32Array): Fold[] {
  const kinds = ["block", "comment", "region"] as const;
  return chunks(numbers, 3).map(([firstLine, lastLine, kind]) => ({ firstLine: firstLine!, lastLine: lastLine!, kind: kinds[kind!]! }));
}

function chunks(numbers: Uint32Array, size: number): Uint32Array[] {
  return Array.from({ length: numbers.length / size }, (_, at) => numbers.subarray(size * at, size * (at + 1)));
}

/** Gives `file` a property whose value is made when it is first asked for. */
function later<K extends "text" | "provenance">(file: OutputFile, key: K, make: () => OutputFile[K]): void {
  let value: OutputFile[K] | undefined;
  Object.defineProperty(file, key, {
    enumerable: true,
    configurable: true,
    get: () => (value ??= make()),
    set(given: OutputFile[K]) {
      delete came.get(file)?.[key];
      value = given;
    },
  });
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
