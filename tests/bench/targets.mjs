// Targets, alone and all together, and beside generators of the same kind. In: numbers of tables. Out: times of rounds, by
// name. Rivals get what they read ready made: a JSON Schema in memory, a database that was read already.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateTypescript, sortGeneratorMetadata } from "@supabase/postgrest-typegen/generation";
import { introspect } from "@supabase/postgrest-typegen/introspection";
import { load } from "js-yaml";
import { schemagen } from "../judges/compiler.mjs";
import { root } from "../judges/corpus.mjs";
import { startEmbedded } from "../judges/embedded.mjs";
import { jsonSchemas, yaml } from "./schemas.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const python = join(root, ".build/bench-python/bin/python");

/** Compiles the benchmark's schema to these targets, from its text to theirs. */
function compiler(count) {
  const files = [{ name: "schema.yaml", text: yaml(count) }];
  return (names) => () => {
    const result = schemagen.compile(files, { targets: names.map((target) => ({ target, out: `${target}.out` })) });
    if (!result.ok) throw new Error(schemagen.render({ files, diagnostics: result.diagnostics.slice(0, 3) }, "concise"));
  };
}

/** What to time of every target that needs no template: parsing alone, all together, each alone. */
export function everyTarget(count) {
  const names = schemagen.targets().map((target) => target.name).filter((name) => name !== "template");
  const compile = compiler(count);
  const text = yaml(count);
  return {
    "js-yaml 5, parsing alone": () => load(text),
    "all targets together": compile(names),
    "  parse and check": () => schemagen.check([{ name: "schema.yaml", text }]),
    ...Object.fromEntries(names.map((name) => [`  ${name} alone`, compile([name])])),
  };
}

/** What to time of the target `supabase`, beside the template that Supabase's postgres-meta and CLI use. */
export async function supabaseTypes(count) {
  const db = await startEmbedded();
  try {
    const [sql] = schemagen.compile([{ name: "schema.yaml", text: yaml(count) }], { targets: [{ target: "sql" }] }).files;
    await db.run(sql.text);
    const metadata = await introspect({ query: async (text) => ({ rows: await db.rows(text) }) }, { includedSchemas: ["public"] });
    const sorted = sortGeneratorMetadata(metadata);
    return {
      "@supabase/postgrest-typegen, its template alone": () => generateTypescript(sorted, { detectOneToOneRelationships: true }),
      "schemagen, supabase": compiler(count)(["supabase"]),
    };
  } finally {
    await db.close();
  }
}

/** What to time of the target `pydantic`. */
export const pydanticModels = (count) => ({ "schemagen, pydantic": compiler(count)(["pydantic"]) });

/** The times of datamodel-code-generator, which runs in a process of its own. */
export function datamodelCodeGenerator(count, rounds) {
  if (!existsSync(python)) throw new Error(`there is no ${python}: run \`make bench\``);
  const folder = mkdtempSync(join(tmpdir(), "schemagen-bench-"));
  try {
    const path = join(folder, "schema.json");
    const $defs = Object.fromEntries(jsonSchemas(count).map((schema, at) => [`Table${at}`, schema]));
    writeFileSync(path, JSON.stringify({ $schema: "https://json-schema.org/draft/2020-12/schema", $defs }));
    const { status, stdout, stderr } = spawnSync(python, [join(here, "datamodel.py"), path, String(rounds)], { encoding: "utf8", timeout: 600_000 });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
