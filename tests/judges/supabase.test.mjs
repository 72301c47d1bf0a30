// The generated `Database` is what Supabase's own generator says of the database. In: every schema of the repository. Each
// is applied to PGlite, where @supabase/postgrest-typegen reads it; then TypeScript compares the two types, an object at a
// time, so that a difference has a name. The one thing that a schema may not know is the type of a view's column; such views
// are named and left out.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { generateTypescript, sortGeneratorMetadata } from "@supabase/postgrest-typegen/generation";
import { introspect } from "@supabase/postgrest-typegen/introspection";
import { compileText, schemagen } from "./compiler.mjs";
import { read, schemas } from "./corpus.mjs";
import { startEmbedded } from "./embedded.mjs";
import { expected } from "./expected.mjs";
import { undone } from "./suite.mjs";
import { CONFIG, exported, members, modules, parse, reformatted, tsc, write } from "./tools.mjs";

const VERSION = "13";
const EXPORTS = ["Json", "Database", "Tables", "TablesInsert", "TablesUpdate", "Enums", "CompositeTypes", "Constants"];
const HELPERS = { Tables: ["Tables", "TablesInsert", "TablesUpdate"], Views: ["Tables"], Enums: ["Enums"], CompositeTypes: ["CompositeTypes"], Functions: [] };
const EQUAL = "type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;";

/** What Supabase's generator says of the database that the schema's SQL makes. */
async function generated(db, schema, included) {
  return undone(db, schema.roles, async () => {
    await db.run(compileText(schema, "sql", { transaction: false }));
    const queryable = { query: async (sql) => ({ rows: await db.rows(sql) }) };
    const metadata = await introspect(queryable, { includedSchemas: included });
    // What an extension brings is nobody's schema.
    const brought = await db.rows("select objid::integer as id from pg_depend where deptype = 'e' and classid = 'pg_proc'::regclass");
    const extensions = new Set(brought.map((row) => row.id));
    metadata.functions = metadata.functions.filter((one) => !extensions.has(one.id));
    return generateTypescript(sortGeneratorMetadata(metadata), { detectOneToOneRelationships: true, postgrestVersion: VERSION });
  });
}

/** The PostgreSQL schemas in which a schema declares something, by simple means. */
function included(schema) {
  const { tables, views, enums, composites, functions } = expected(schema);
  return [...new Set(["public", ...[tables, views, enums, composites, functions].flat().map((one) => one.schema)])].sort();
}

/** Every object that a module's `Database` describes: its PostgreSQL schema, its group, its name, its type. */
function objects(text) {
  const database = parse(text).find((one) => one.declaration?.id?.name === "Database").declaration.typeAnnotation;
  return [...members(database)].flatMap(([schema, groups]) =>
    schema === "__InternalSupabase" ? [] : [...members(groups)].flatMap(([group, all]) => [...members(all)].map(([name, type]) => ({ schema, group, name, type }))),
  );
}

/** The views of which a schema does not tell the type of every column. */
function untold(text) {
  const unknown = ({ type }) => [...members(members(type).get("Row")).values()].some((column) => column.type === "TSUnknownKeyword");
  return objects(text).filter((one) => one.group === "Views" && unknown(one)).map(key);
}

const key = ({ schema, group, name }) => `[${[schema, group, name].map((one) => JSON.stringify(one)).join("][")}]`;

/** A module that compiles only if both types are the same, and what each of its lines compares. */
function comparison(ours, theirs) {
  const lines = ['import type * as Ours from "./database.types.js";', 'import type * as Theirs from "./reference.js";', EQUAL];
  const compared = new Map();
  const compare = (what) => {
    lines.push(`export const c${lines.length}: Equal<Ours.${what}, Theirs.${what}> = true;`);
    compared.set(lines.length, what);
  };
  const all = new Map([...objects(ours), ...objects(theirs)].map((one) => [key(one), one]));
  for (const path of untold(ours)) all.delete(path);
  for (const [path, { schema, group, name }] of all) {
    compare(`Database${path}`);
    for (const helper of HELPERS[group]) {
      compare(`${helper}<{ schema: ${JSON.stringify(schema)} }, ${JSON.stringify(name)}>`);
      if (schema === "public") compare(`${helper}<${JSON.stringify(name)}>`);
    }
  }
  for (const what of ['Database["__InternalSupabase"]', "Json"]) compare(what);
  lines.push("export const constants: Equal<typeof Ours.Constants, typeof Theirs.Constants> = true;");
  compared.set(lines.length, "Constants");
  return { text: lines.join("\n"), compared };
}

describe("Supabase", () => {
  const home = mkdtempSync(join(tmpdir(), "schemagen-judge-"));
  let db;
  before(async () => {
    symlinkSync(modules, join(home, "node_modules"));
    db = await startEmbedded();
    await db.run(schemagen.platformSql());
  });
  after(async () => {
    await db?.close();
    rmSync(home, { recursive: true, force: true });
  });

  const all = schemas().map((one) => ({ ...one, options: { ...one.options, exposedSchemas: included(one) } }));

  /** In what the two modules differ, as TypeScript sees it. */
  async function differences(folder, ours, theirs) {
    const project = join(home, folder.replaceAll("/", "-"));
    const { text, compared } = comparison(ours, theirs);
    write(join(project, "database.types.ts"), ours);
    write(join(project, "reference.ts"), theirs);
    write(join(project, "comparison.ts"), text);
    write(join(project, "tsconfig.json"), JSON.stringify(CONFIG));
    const said = (await tsc(project)).split("\n").filter((line) => line !== "");
    return said.map((line) => compared.get(Number(/^comparison\.ts\((\d+),/.exec(line)?.[1])) ?? line);
  }

  for (const schema of all) {
    test(`${schema.name}: type for type what Supabase's generator says`, async (t) => {
      const ours = compileText(schema, "supabase");
      const theirs = await generated(db, schema, schema.options.exposedSchemas);
      for (const view of untold(ours)) t.diagnostic(`not compared, since the schema does not tell all of its types: Database${view}`);
      assert.deepEqual(await differences(schema.name, ours, theirs), []);
    });

    test(`${schema.name}: nothing in it breaks out, and prettier changes nothing`, async () => {
      for (const options of [{}, { precision: "schema", schemas: "all", postgrest_version: "" }]) {
        const text = compileText(schema, "supabase", options);
        const statements = parse(text);
        assert.deepEqual(exported(statements), EXPORTS);
        const own = statements.filter((one) => one.type !== "ExportNamedDeclaration").map((one) => one.type);
        assert.deepEqual(own, Array.from({ length: 6 }, () => "TSTypeAliasDeclaration"));
        assert.equal(await reformatted(text), undefined);
      }
    });
  }

  test("the comparison finds a difference", async () => {
    const text = compileText(all.find((one) => one.name === "examples/hello"), "supabase");
    const [{ schema, name }] = objects(text).filter((one) => one.group === "Tables");
    const altered = text.replace("Relationships: [", "Relationships: [1, ");
    assert.deepEqual(await differences("altered", text, altered), [`Database${key({ schema, group: "Tables", name })}`]);
  });

  test("a client of examples/saas is typed by it", async () => {
    const project = join(home, "client");
    const schema = all.find((one) => one.name === "examples/saas");
    write(join(project, "database.types.ts"), compileText(schema, "supabase"));
    write(join(project, "client.ts"), read("tests/judges/supabase-client.ts"));
    const lib = [...CONFIG.compilerOptions.lib, "dom"];
    write(join(project, "tsconfig.json"), JSON.stringify({ ...CONFIG, compilerOptions: { ...CONFIG.compilerOptions, lib } }));
    assert.equal(await tsc(project), "");
  });
});
