// A Drizzle schema makes the database that our SQL makes, for all that Drizzle has words for. In: every schema of the
// repository. TypeScript and prettier judge the modules; then drizzle-kit makes SQL of each, which is applied beside the
// statements that Drizzle has no words for, and PostgreSQL's catalog is compared with that of our own SQL.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import { drizzle } from "drizzle-orm/pglite";
import { transform } from "esbuild";
import { compileText, schemagen } from "./compiler.mjs";
import { schemas } from "./corpus.mjs";
import { startEmbedded } from "./embedded.mjs";
import { expected } from "./expected.mjs";
import { undone } from "./suite.mjs";
import { CONFIG, modules, parse, reformatted, tsc, write } from "./tools.mjs";

const VARIANTS = [
  { name: "the defaults", options: {} },
  { name: "names of columns, exact values", options: { case: "column", bigint: "bigint", dates: "string" } },
];

/** What a module declares, by the function that declares it: names in SQL. */
function declared(text) {
  const found = { table: [], view: [], enum: [] };
  for (const { type, declaration } of parse(text)) {
    if (type !== "ExportNamedDeclaration") continue;
    const [{ init }] = declaration.declarations;
    const call = init.callee.type === "MemberExpression" && init.callee.object.type === "CallExpression" ? init.callee.object : init;
    const callee = call.callee.name ?? call.callee.property.name;
    const kind = { pgTable: "table", pgView: "view", pgMaterializedView: "view", materializedView: "view", pgEnum: "enum" }[callee] ?? callee;
    found[kind]?.push(call.arguments[0].value);
  }
  return Object.fromEntries(Object.entries(found).map(([kind, names]) => [kind, names.sort()]));
}

/** What only our SQL makes, and Drizzle's columns, checks and policies need, or the functions among that. */
const NEEDED = /^(extension|domain|type|view|function) /;

/**
 * What drizzle-kit cannot make a database of, by schema: files that are left out, or all of it. It quotes names by hand,
 * packs its snapshots with `;` and `--`, and loses a column `__proto__`; and it knows nothing of functions, so that some
 * statements work in no order.
 */
const LEFT_OUT = new Map([
  ["torture", /\/hostile\.yaml$/],
  ["emit/dbml/hostile", /./],
  ["emit/docs/hostile", /./],
  ["emit/erd/hostile", /./],
  ["emit/erd/mermaid", /./],
  ["emit/json-schema/models", /./],
  ["emit/pydantic/traps", /./],
  ["emit/sql/knots", /./],
  ["emit/sql/numbered", /./],
  ["emit/sql/torture", /./],
  ["emit/sqlalchemy/torture", /./],
  ["emit/sqlx/traps", /./],
  ["emit/supabase/hostile", /./],
]);

/** The statements of our SQL that Drizzle has no words for. */
function needed(schema) {
  const { statements } = schemagen.statements(schema.files, schema.options);
  return statements.filter((one) => NEEDED.test(one.object) && !/^(COMMENT|GRANT|REVOKE)/.test(one.sql)).map((one) => one.sql);
}

/** Runs statements in whichever order works: drizzle-kit knows nothing of functions and domains. */
async function applyAll(db, statements) {
  for (let waiting = statements; waiting.length > 0; ) {
    const failed = [];
    for (const sql of waiting) {
      await db.run("savepoint one");
      try {
        await db.run(sql);
        await db.run("release savepoint one");
      } catch (error) {
        await db.run("rollback to savepoint one");
        failed.push({ sql, error });
      }
    }
    if (failed.length === waiting.length) throw new Error(failed.map(({ sql, error }) => `${error.message}: ${sql}`).join("\n").slice(0, 5000));
    waiting = failed.map((one) => one.sql);
  }
}

/** Names and texts that drizzle-kit cannot carry: it quotes by hand, and packs its snapshots with `;` and `--`. */
function unsayable(snapshot) {
  const found = [];
  JSON.stringify(snapshot, (key, value) => {
    if (typeof value === "string" && (/;|--/.test(value) || (key === "name" && /["',]/.test(value)))) found.push(value);
    return value;
  });
  return found;
}

/** What Drizzle has words for, as PostgreSQL's catalog says it: a line an object. */
async function catalog(db, schemas) {
  const lines = await db.rows(
    `with relations as (
      select c.oid, c.relname, n.nspname, c.relrowsecurity from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = any($1)
    )
    select format('column %s.%s.%s', nspname, relname, attname) as object,
      concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, pg_get_expr(adbin, adrelid)) as text
      from relations join pg_attribute a on attrelid = relations.oid left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attnum > 0 and not attisdropped
    union all select format('constraint %s', conname), format('%s.%s %s', nspname, relname, pg_get_constraintdef(c.oid))
      from relations join pg_constraint c on conrelid = relations.oid where contype in ('p', 'u', 'f', 'c')
    union all select format('index %s', i.relname), replace(pg_get_indexdef(i.oid), ' ON ONLY ', ' ON ')
      from relations join pg_index x on indrelid = relations.oid join pg_class i on i.oid = indexrelid
      where not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))
    union all select format('security %s.%s', nspname, relname), relrowsecurity::text from relations
    union all select format('policy %s.%s.%s', schemaname, tablename, policyname), concat_ws(' ', permissive, (select array_agg(role order by role) from unnest(roles) role), cmd, qual, '/', with_check)
      from pg_policies where schemaname = any($1)
    union all select format('enum %s.%s', nspname, typname), (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid)
      from pg_type t join pg_namespace n on n.oid = typnamespace where typtype = 'e' and nspname = any($1)
    union all select format('sequence %s.%s', schemaname, sequencename), concat_ws(' ', data_type, start_value, min_value, max_value, increment_by, cycle, cache_size)
      from pg_sequences where schemaname = any($1)
    order by 1`,
    [schemas],
  );
  return new Map(lines.map((line) => [line.object, line.text]));
}

/** In what two catalogs differ, beside what the module says that it leaves out. */
function differences(ours, theirs, text) {
  const notes = [...text.matchAll(/Only in the database: (.*)\./g)].map((match) => match[1]);
  const isSaid = (object) => notes.some((note) => note.split(" ").includes(object.split(/[ .]/).at(-1)));
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((object) => ours.get(object) !== theirs.get(object) && !isSaid(object))
    .map((object) => ({ object, ours: ours.get(object), drizzle: theirs.get(object) }));
}

describe("Drizzle", () => {
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

  /** The module, as a program that runs. */
  async function loaded(schema) {
    const path = join(home, `${schema.name.replaceAll("/", "-")}.mjs`);
    write(path, (await transform(compileText(schema, "drizzle"), { loader: "ts", format: "esm" })).code);
    return import(pathToFileURL(path).href);
  }

  for (const variant of VARIANTS) {
    test(`tsc --strict takes every module with ${variant.name}`, async () => {
      const project = join(home, variant.name.replaceAll(/\W+/g, "-"));
      for (const schema of schemas()) write(join(project, schema.name, "drizzle.ts"), compileText(schema, "drizzle", variant.options));
      write(join(project, "tsconfig.json"), JSON.stringify(CONFIG));
      assert.equal(await tsc(project), "");
    });

    test(`prettier changes no module with ${variant.name}`, async () => {
      for (const schema of schemas()) assert.equal(await reformatted(compileText(schema, "drizzle", variant.options)), undefined, schema.name);
    });
  }

  for (const schema of schemas()) {
    test(`${schema.name}: the module declares what the schema means, and nothing else`, () => {
      const { tables, views, enums } = expected(schema);
      const names = (list) => list.map((one) => one.name).sort();
      assert.deepEqual(declared(compileText(schema, "drizzle")), { table: names(tables), view: names(views), enum: names(enums) });
    });

    test(`${schema.name}: every relation can be followed, both ways`, async () => {
      const { query, _: { schema: tables } } = drizzle.mock({ schema: await loaded(schema) });
      for (const [name, { relations }] of Object.entries(tables)) {
        const all = Object.fromEntries(Object.keys(relations).map((relation) => [relation, true]));
        assert.match(query[name].findMany({ with: all }).toSQL().sql, /^select /, name);
      }
    });

    test(`${schema.name}: drizzle-kit makes the database that our SQL makes`, async (t) => {
      const left = schema.files.filter((file) => LEFT_OUT.get(schema.name)?.test(file.name));
      const kept = { ...schema, name: `${schema.name}-kept`, files: schema.files.filter((file) => !left.includes(file)) };
      for (const file of left) t.diagnostic(`left out: ${file.name}`);
      if (kept.files.length === 0) return;
      const snapshot = generateDrizzleJson(await loaded(kept));
      assert.deepEqual(unsayable(snapshot), [], "what drizzle-kit cannot carry is listed");
      const migration = await generateMigration(generateDrizzleJson({}), snapshot);
      const { tables, enums, sequences } = expected(kept);
      const included = [...new Set([...tables, ...enums, ...sequences].map((one) => one.schema))];
      const ours = await undone(db, kept.roles, async () => {
        await db.run(compileText(kept, "sql", { transaction: false }));
        return catalog(db, included);
      });
      const theirs = await undone(db, kept.roles, async () => {
        await applyAll(db, [...needed(kept), ...migration]);
        return catalog(db, included);
      });
      assert.deepEqual(differences(ours, theirs, compileText(kept, "drizzle")), []);
    });
  }
});
