// What became of a text. In: the text before and after. Out: replacements that lead from one to the other, narrow enough to
// mark. Work is bounded: where the texts have little in common, one replacement covers the rest.

import { diff } from "@codemirror/merge";
import type { Replacement } from "./protocol.js";

/** Replacements that make `after` of `before`, in order. */
export function replacements(before: string, after: string): Replacement[] {
  const start = commonStart(before, after);
  const end = commonEnd(before, after, start);
  const [a, b] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  if (a === "" && b === "") return [];
  return diff(a, b, { scanLimit: 200 }).map(({ fromA, toA, fromB, toB }) => ({
    from: start + fromA,
    to: start + toA,
    insert: b.slice(fromB, toB),
  }));
}

/** How many units both begin with, up to a line's beginning. */
function commonStart(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let at = 0;
  while (at < limit && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return a.lastIndexOf("\n", at - 1) + 1;
}

/** How many units both end with, down to a line's end, beside the first `start`. */
function commonEnd(a: string, b: string, start: number): number {
  const limit = Math.min(a.length, b.length) - start;
  let count = 0;
  while (count < limit && a.charCodeAt(a.length - 1 - count) === b.charCodeAt(b.length - 1 - count)) count += 1;
  const line = a.indexOf("\n", a.length - count);
  return line < 0 ? 0 : a.length - line;
}
