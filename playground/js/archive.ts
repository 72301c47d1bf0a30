// Files as one archive. In: paths and texts. Out: a ZIP file. Loaded when it is first asked for.

import { zipSync } from "fflate";

/** `files`, zipped. */
export function archive(files: readonly { path: string; text: string }[]): Blob {
  const encoder = new TextEncoder();
  const entries = files.map(({ path, text }) => [path, encoder.encode(text)] as const);
  return new Blob([zipSync(Object.fromEntries(entries), { level: 6 })], { type: "application/zip" });
}
