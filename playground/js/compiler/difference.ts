// What became of a text. In: the text before and after. Out: replacements that lead from one to the other, narrow enough to
// mark; and the other way round. Work is bounded: where the texts have little in common, one replacement covers the rest.

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

/** What becomes of `text` by replacements in order. */
export function replaced(text: string, replacements: Replacement[]): string {
  let [made, at] = ["", 0];
  for (const { from, to, insert } of replacements) {
    made += text.slice(at, from) + insert;
    at = to;
  }
  return made + text.slice(at);
}

/** How many units are compared at once, which is many times quicker than one by one. */
const STEP = 1024;

/** How many units both begin with, up to a line's beginning. */
function commonStart(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let at = 0;
  while (at + STEP <= limit && a.slice(at, at + STEP) === b.slice(at, at + STEP)) at += STEP;
  while (at < limit && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return a.lastIndexOf("\n", at - 1) + 1;
}

/** How many units both end with, down to a line's end, beside the first `start`. */
function commonEnd(a: string, b: string, start: number): number {
  const limit = Math.min(a.length, b.length) - start;
  const end = (text: string, from: number, to: number): string => text.slice(text.length - to, text.length - from);
  let count = 0;
  while (count + STEP <= limit && end(a, count, count + STEP) === end(b, count, count + STEP)) count += STEP;
  while (count < limit && a.charCodeAt(a.length - 1 - count) === b.charCodeAt(b.length - 1 - count)) count += 1;
  const line = a.indexOf("\n", a.length - count);
  return line < 0 ? 0 : a.length - line;
}
