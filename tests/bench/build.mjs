// Builds whose schema did not change. In: a number of tables and of rounds. Out: how long `vite build` took for the same
// small application without and with the plugin, in turns, in milliseconds.

import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../judges/corpus.mjs";
import { project } from "./save.mjs";

const vite = join(root, "tests/node_modules/vite/bin/vite.js");

/** The times of `rounds` builds of either kind, after one that generates. */
export function builds(count, rounds) {
  const folder = project(count);
  writeFileSync(join(folder, "index.html"), '<script type="module" src="/main.js"></script>');
  writeFileSync(join(folder, "main.js"), "document.title = 'built';\n");
  writeFileSync(join(folder, "without.mjs"), "export default {};\n");
  writeFileSync(join(folder, "with.mjs"), "import schemagen from 'schemagen/vite';\nexport default { plugins: [schemagen()] };\n");
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(root, "npm"), join(folder, "node_modules/schemagen"));
  const timed = (kind) => {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [vite, "build", "--config", `${kind}.mjs`], { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return performance.now() - start;
  };
  try {
    timed("with");
    const times = { without: [], with: [] };
    for (let round = 0; round < rounds; round += 1) for (const [kind, list] of Object.entries(times)) list.push(timed(kind));
    return times;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
