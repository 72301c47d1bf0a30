// The development loop. In: a number of tables and of saves. Out: how long each save took in a running `schemagen dev`, in
// milliseconds, from the moment at which it heard of the change to the written output, as it says itself.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../judges/corpus.mjs";
import { yaml } from "./schemas.mjs";

/** How long one round may take before the benchmark gives up, in milliseconds. */
const PATIENCE = 60_000;

/** A project of `count` tables that writes SQL and Zod. */
export function project(count) {
  const folder = mkdtempSync(join(tmpdir(), "schemagen-bench-"));
  const outputs = [{ target: "sql", out: "out/schema.sql" }, { target: "zod", out: "out/zod.ts" }];
  writeFileSync(join(folder, "schema.yaml"), yaml(count));
  writeFileSync(join(folder, "schemagen.config.json"), JSON.stringify({ files: "schema.yaml", outputs }));
  return folder;
}

/** The times of `saves` saves, each of which changes one column of the table in the middle. */
export async function saves(count, saves) {
  const folder = project(count);
  const dev = spawn(process.execPath, [join(root, "npm/bin/schemagen.mjs"), "dev"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: dev.stdout })[Symbol.asyncIterator]();
  const stuck = setTimeout(() => dev.kill(), PATIENCE * (saves + 1));
  /** What the next line says that matches `pattern`. */
  const said = async (pattern) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`schemagen dev ended before it said ${pattern}`);
      const found = pattern.exec(value);
      if (found !== null) return found;
    }
  };
  try {
    await said(/^watching/);
    const times = [];
    const parts = yaml(count).split("varchar(120)");
    const middle = Math.floor(parts.length / 2);
    for (let save = 0; save < saves; save += 1) {
      const text = `${parts.slice(0, middle).join("varchar(120)")}varchar(${130 + save})${parts.slice(middle).join("varchar(120)")}`;
      writeFileSync(join(folder, "schema.yaml"), text);
      times.push(Number((await said(/wrote .+ \((\d+) ms\)$/))[1]));
    }
    return times;
  } finally {
    clearTimeout(stuck);
    dev.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
