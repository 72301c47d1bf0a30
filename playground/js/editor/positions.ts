// The compiler counts lines and columns from 0, CodeMirror offsets. In: one. Out: the other, cut to what the text has.

import type { ChangeSpec, Text } from "@codemirror/state";
import type { Edit, Position, Range } from "../compiler/protocol.js";

export function offset(doc: Text, { line, column }: Position): number {
  if (line >= doc.lines) return doc.length;
  const { from, to } = doc.line(line + 1);
  return Math.min(from + column, to);
}

export function position(doc: Text, offset: number): Position {
  const { number, from } = doc.lineAt(offset);
  return { line: number - 1, column: offset - from };
}

export function span(doc: Text, range: Range): { from: number; to: number } {
  const from = offset(doc, range.start);
  return { from, to: Math.max(from, offset(doc, range.end)) };
}

export function change(doc: Text, edit: Edit): ChangeSpec {
  return { ...span(doc, edit.range), insert: edit.text };
}
