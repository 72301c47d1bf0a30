// `make bench`. In: nothing. Out: on standard output, tables of times and of ratios between what was measured in this run,
// each with the aim that it is held against. Asserts nothing: a busy machine is no failure.
//
// Rivals take turns (A B A B …), once they are warm, and the median of each is shown: of the more rounds the shorter they
// are. `BENCH_TABLES` gives other sizes, `BENCH_ROUNDS` another number of rounds, `BENCH_PARTS` some of `PARTS` instead of all.

import * as dbmlCore from "@dbml/core";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { load } from "js-yaml";
import { jsonSchemaToZod } from "json-schema-to-zod";
import { schemagen } from "../judges/compiler.mjs";
import { root } from "../judges/corpus.mjs";
import { builds } from "./build.mjs";
import { visit } from "./page.mjs";
import { project, saves } from "./save.mjs";
import { dbml, jsonSchemas, yaml } from "./schemas.mjs";
import { datamodelCodeGenerator, everyTarget, pydanticModels, supabaseTypes } from "./targets.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const SIZES = (process.env.BENCH_TABLES ?? "10,100,1000,10000").split(",").map(Number);
const ROUNDS = process.env.BENCH_ROUNDS;

/** What is measured of a schema of so many tables: names and functions. */
function rivals(count) {
  const files = [{ name: "schema.yaml", text: yaml(count) }];
  const [text] = [files[0].text];
  const compile = (...targets) => () => {
    const result = schemagen.compile(files, { targets: targets.map((target) => ({ target })), provenance: false });
    if (!result.ok) throw new Error(schemagen.render({ files, diagnostics: result.diagnostics.slice(0, 3) }, "concise"));
  };
  const all = {
    "js-yaml 5, parsing alone": () => load(text),
    "parse, check, SQL and Zod": compile("sql", "zod"),
    "  parse and check": () => schemagen.check(files),
    "  parse, check and SQL": compile("sql"),
    "  parse, check and Zod": compile("zod"),
  };
  // They take minutes beyond a thousand tables.
  if (count <= 1000) {
    const source = dbml(count);
    const schemas = jsonSchemas(count);
    all["@dbml/core to PostgreSQL"] = () => dbmlCore.ModelExporter.export(new dbmlCore.Parser().parse(source, "dbmlv2"), "postgres");
    all["json-schema-to-zod"] = () => schemas.map((schema) => jsonSchemaToZod(schema));
  }
  return { all, bytes: text.length };
}

/** How long a thing runs before it is measured, in milliseconds, if its first round does not take longer. */
const WARM = 1000;

/**
 * The times of each of `all`, by name, the first of which is that of the first run ever: they take turns. Engines compile
 * what is hot by how often it ran, so what is small runs again behind the first round until it is as warm as what is large.
 */
async function inTurns(all, rounds) {
  const times = new Map(Object.keys(all).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, run] of Object.entries(all)) {
      const start = performance.now();
      await run();
      times.get(name).push(performance.now() - start);
      while (round === 0 && performance.now() - start < WARM) await run();
    }
  }
  return times;
}

const mediansOf = (times) => Object.fromEntries([...times].map(([name, list]) => [name, median(list.slice(1))]));

async function compare(count) {
  const { all, bytes } = rivals(count);
  const names = Object.keys(all);
  const rounds = Number(ROUNDS ?? (count >= 1000 ? 7 : count >= 100 ? 25 : 100));
  const times = await inTurns(all, rounds);
  const medians = mediansOf(times);
  const yardstick = medians["js-yaml 5, parsing alone"];
  const rows = names.map((name) => {
    const ratio = medians[name] / yardstick;
    const aimed = name === "parse, check, SQL and Zod";
    return [name, ms(times.get(name)[0]), ms(medians[name]), ratio.toFixed(2), aimed ? "< 1.00" : "", aimed ? verdict(ratio < 1) : ""];
  });
  print(`${count} tables, ${(bytes / 1e6).toFixed(2)} MB of YAML`, ["", "first", "median", "of js-yaml", "aim", ""], rows);
  return medians;
}

/** Schemas of each size, beside rivals. */
async function compilations() {
  const results = new Map();
  for (const count of SIZES) results.set(count, await compare(count));
  growth(results);
}

/** Every target of a thousand tables, alone and all together. */
async function targets() {
  const medians = mediansOf(await inTurns(everyTarget(1000), Number(ROUNDS ?? 7)));
  const [yardstick] = Object.values(medians);
  const rows = Object.entries(medians).map(([name, time]) => {
    const aimed = name === "all targets together";
    return [name, ms(time), (time / yardstick).toFixed(2), aimed ? "< 2.00" : "", aimed ? verdict(time / yardstick < 2) : ""];
  });
  print("Targets, 1000 tables, from YAML to files", ["", "median", "of js-yaml", "aim", ""], rows);
}

/** Generators of the same kind, on the same hundred tables. */
async function generators() {
  const rounds = Number(ROUNDS ?? 7);
  const pydantic = await inTurns(pydanticModels(100), rounds);
  pydantic.set("datamodel-code-generator, from JSON Schema", datamodelCodeGenerator(100, rounds + 1));
  for (const times of [pydantic, await inTurns(await supabaseTypes(100), rounds)]) {
    const medians = Object.entries(mediansOf(times)).sort(([, a], [, b]) => a - b);
    const [[, fastest]] = medians;
    print("Generators of the same kind, 100 tables", ["", "median", "of the fastest"], medians.map(([name, time]) => [name, ms(time), (time / fastest).toFixed(1)]));
  }
}

/** The whole command, started cold, on ten tables. */
function cold() {
  const folder = project(10);
  const generate = [join(root, "npm/bin/schemagen.mjs"), "generate"];
  const commands = { "node -e 0": ["-e", "0"], "schemagen generate, 10 tables": generate, "  again, nothing changed": generate };
  const times = new Map(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round <= Number(ROUNDS ?? 15); round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      if (!name.includes("again")) rmSync(join(folder, "out"), { recursive: true, force: true });
      const start = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
      if (status !== 0) throw new Error(`${name}: ${stderr}`);
      times.get(name).push(performance.now() - start);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  const [floor, ours, again] = [...times.values()].map((list) => median(list.slice(1)));
  const names = Object.keys(commands);
  print("A cold start", ["", "median", "of node", "aim", ""], [
    [names[0], ms(floor), "1.00", "", ""],
    [names[1], ms(ours), (ours / floor).toFixed(2), "< 2.50", verdict(ours / floor < 2.5)],
    [names[2], ms(again), (again / floor).toFixed(2), "", ""],
  ]);
}

/** From a save to the written output, in a running `schemagen dev`. */
async function development() {
  const rows = [];
  for (const [count, aim] of [[100, 20], [1000, 60]]) {
    const times = await saves(count, Number(ROUNDS ?? 15) + 1);
    const typical = median(times.slice(1));
    rows.push([`${count} tables`, ms(times[0]), ms(typical), `< ${aim} ms`, verdict(typical < aim)]);
  }
  print("A save, SQL and Zod written again", ["", "first", "median", "aim", ""], rows);
}

/** What the plugin costs a build where neither the schema nor the outputs changed. */
function unchanged() {
  const rows = [];
  for (const count of [100, 1000]) {
    const times = builds(count, Number(ROUNDS ?? 15) + 1);
    const [without, having] = [times.without, times.with].map((list) => median(list.slice(1)));
    // Of neighbours: what else the machine does slows both.
    const ratio = median(times.with.map((time, round) => time / times.without[round]).slice(1));
    rows.push([`${count} tables`, ms(without), ms(having), ratio.toFixed(2), "< 1.10", verdict(ratio < 1.1)]);
  }
  print("vite build, nothing changed", ["", "without the plugin", "with it", "ratio", "aim", ""], rows);
}

/** How much memory a process of its own needs at most. */
function memory() {
  const peak = (job, count) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(here, "peak.mjs"), job, String(count)], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return Number(stdout) / 1024;
  };
  const counts = SIZES.filter((count) => count >= 1000);
  const jobs = [["nothing", "nothing but the text"], ["js-yaml", "js-yaml 5, parsing alone"], ["compile", "parse, check, SQL and Zod"]];
  const rows = jobs.map(([job, name]) => [name, ...counts.map((count) => `${peak(job, count).toFixed(0)} MB`)]);
  print("Peak memory", ["", ...counts.map((count) => `${count} tables`)], rows);
}

function size() {
  const bytes = readFileSync(join(root, "npm/wasm/schemagen_bg.wasm"));
  const zipped = gzipSync(bytes, { level: 9 }).length;
  print("Size of the .wasm", ["", "bytes", "aim", ""], [
    ["raw", mb(bytes.length), "", ""],
    ["gzipped", mb(zipped), "< 1.10 MB", verdict(zipped < 1.1e6)],
  ]);
}

/** The playground, in a browser. */
async function playground() {
  const { bytes, starts, there, painted } = await visit();
  const [typical, worst, start] = [median(there), Math.max(...there), median(starts)];
  print("The playground", ["", "measured", "aim", ""], [
    ["a key to output and diagnostics, 100 tables, median", ms(typical), "< 16 ms", verdict(typical < 16)],
    ["  the slowest of " + there.length, ms(worst), "< 50 ms", verdict(worst < 50)],
    ["  until they are painted, median", ms(median(painted)), "", ""],
    ["first visit, until one can type", ms(start), "< 1500 ms", verdict(start < 1500)],
    ["  over the wire, brotli", mb(bytes), "< 1.60 MB", verdict(bytes < 1.6e6)],
  ]);
}

function growth(results) {
  const [small, large] = [results.get(1000), results.get(10_000)];
  if (small === undefined || large === undefined) return;
  const rows = Object.keys(large).map((name) => {
    const times = large[name] / small[name];
    const aimed = name === "parse, check, SQL and Zod";
    return [name, times.toFixed(1), aimed ? "≤ 11.0" : "", aimed ? verdict(times <= 11) : ""];
  });
  print("Growth from 1000 to 10000 tables", ["", "times", "aim", ""], rows);
}

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const ms = (time) => `${time.toFixed(time < 10 ? 1 : 0)} ms`;
const mb = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
const verdict = (within) => (within ? "within aim" : "over aim");

function print(title, head, rows) {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at].length)));
  const line = (row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join("  ").trimEnd();
  process.stdout.write(`\n${title}\n${[head, ...rows].map((row) => `  ${line(row)}\n`).join("")}`);
}

/** All there is to measure, in the order of the report. */
const PARTS = { compilations, targets, generators, cold, development, unchanged, memory, size, playground };
for (const part of process.env.BENCH_PARTS?.split(",") ?? Object.keys(PARTS)) await PARTS[part]();
