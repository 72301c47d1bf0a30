// Whether a file was written since one last looked. In: a path. Out: a text that is another after that. Reads no file.

import { type BigIntStats, statSync } from "node:fs";

/** The stamp of what `path` leads to; none without a file. */
export function stampAt(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && stampOf(stat);
}

/** The stamp of a file. No program can set back the time at which its entry changed. */
export function stampOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}
