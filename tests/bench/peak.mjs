// One job in a process of its own. In: a job and a number of tables, as arguments. Out: on standard output, the most
// memory that the process held, in KiB.

import { existsSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import { schemagen } from "../judges/compiler.mjs";
import { yaml } from "./schemas.mjs";

const [job, count] = process.argv.slice(2);
const text = yaml(Number(count));
const jobs = {
  nothing: () => text.length,
  "js-yaml": () => load(text),
  compile: () => schemagen.compile([{ name: "schema.yaml", text }], { targets: [{ target: "sql" }, { target: "zod" }], provenance: false }),
};
jobs[job]();
process.stdout.write(String(most()));

/** Linux counts in `maxRSS` also what the process held that started this one, which here is a benchmark's. */
function most() {
  const status = "/proc/self/status";
  if (!existsSync(status)) return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(status, "utf8"))[1]);
}
