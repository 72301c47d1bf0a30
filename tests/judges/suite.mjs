// What both PostgreSQLs must hold. In: a way to start a database. Out: tests of Node's runner, one a schema. Every schema
// is applied in a transaction that is rolled back, so that each finds the database empty but for the platform.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import pg from "pg";
import { differences, viewDifferences } from "./catalog.mjs";
import { compile, compileText, schemagen, viewsOf } from "./compiler.mjs";
import { schema, schemas } from "./corpus.mjs";
import { dealt, SERVICES } from "./dealt.mjs";
import { defaultNames } from "./default-names.mjs";
import { expected } from "./expected.mjs";
import { policiesHold } from "./roles.mjs";

/** Of the sql target's layouts, those whose files differ by more than their names. */
const LAYOUTS = [{ layout: "supabase" }, { layout: "numbered", range: "node" }];

/** Tests that the database that `start` opens takes every schema as it is meant. */
export function judgeDatabase(title, start) {
  describe(title, () => {
    /** @type {Awaited<ReturnType<typeof start>>} */
    let db;
    before(async () => {
      db = await start();
      await db.run(schemagen.platformSql());
    });
    after(() => db?.close());

    test("the platform can be laid twice", () => db.run(schemagen.platformSql()));

    for (const one of schemas()) {
      test(`${one.name} applies, and the catalog says what the schema says`, async (t) => {
        const kept = without(one, db, t);
        await undone(db, kept.roles, async () => {
          await applied(db, compileText(kept, "sql", { transaction: false }));
          assert.deepEqual(await differences(db, expected(kept)), []);
          assert.deepEqual(await viewDifferences(db, viewsOf(kept)), []);
        });
      });

      test(`${one.name} applies twice in its idempotent form`, async (t) => {
        const kept = without(one, db, t);
        const sql = compileText(kept, "sql", { transaction: false, idempotent: true });
        await undone(db, kept.roles, async () => {
          await applied(db, sql);
          await applied(db, sql);
          assert.deepEqual(await differences(db, expected(kept)), []);
        });
      });

      test(`${one.name} applies file by file, cut for a migration tool, to the same`, async (t) => {
        const kept = without(one, db, t);
        for (const layout of LAYOUTS) await cutIsWhole(db, kept, layout);
      });

      test(`${one.name}, declared by several services, applies service by service to the same`, async (t) => {
        const several = dealt(without(one, db, t));
        await cutIsWhole(db, several, { layout: "numbered", services: SERVICES });
      });
    }

    test("the policies of examples/saas let members in and nobody else", async (t) => {
      const kept = without(schema("examples/saas", ["examples/saas"]), db, t);
      await undone(db, [], async () => {
        await applied(db, compileText(kept, "sql", { transaction: false }));
        await policiesHold(db);
      });
    });

    test("what has no name gets the name that PostgreSQL would give", () => undone(db, [], () => defaultNames(db)));
  });
}

/** Holds the files of a layout, in the order of their names, against the single script, and what they make against the schema. */
async function cutIsWhole(db, schema, layout) {
  const statements = (text) => text.split("\n").filter((line) => !/^(--.*|SET .*|)$/.test(line)).sort();
  const files = compile(schema, "sql", layout);
  const sql = compileText(schema, "sql", { transaction: false });
  assert.deepEqual(statements(files.map(({ text }) => text).join("")), statements(sql));
  await undone(db, schema.roles, async () => {
    for (const { text } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
      await applied(db, text);
      await db.run("reset search_path; reset check_function_bodies");
    }
    assert.deepEqual(await differences(db, expected(schema)), []);
  });
}

/** Runs `body` in a transaction in which these roles exist, and undoes it. */
export async function undone(db, roles, body) {
  await db.run("begin");
  try {
    for (const role of roles) await db.run(`create role "${role}"`);
    return await body();
  } finally {
    await db.run("rollback");
  }
}

/** Makes a database of its own by these scripts, with these roles, and gives `body` a connection to it. */
export async function inDatabase(db, name, roles, scripts, body) {
  await db.run(`create database ${name}`);
  const client = new pg.Client({ ...db.address, user: "judge", database: name });
  await client.connect();
  try {
    for (const role of roles) await client.query(`do $$ begin create role "${role}"; exception when duplicate_object then null; end $$`);
    for (const script of [schemagen.platformSql(), ...scripts]) await client.query(script);
    return await body(client);
  } finally {
    await client.end();
  }
}

/** Applies a script; deferred checks too. PostgreSQL's error says the statement. */
async function applied(db, sql) {
  try {
    await db.run(sql);
    await db.run("set constraints all immediate");
  } catch (error) {
    const place = Number(error.position ?? 0);
    const near = place > 0 ? `\nnear: ${sql.slice(Math.max(0, place - 300), place)}⟨here⟩${sql.slice(place, place + 200)}` : "";
    throw new Error(`${error.message}${error.where ? `\n${error.where}` : ""}${near}`, { cause: error });
  }
}

/** The schema without the files that create an extension which the server has no package for; says so. */
export function without(schema, db, t) {
  const missing = ["vector"].filter((extension) => !db.has(extension));
  const needs = (file) => missing.some((extension) => new RegExp(`^extensions:[^]*?\\b${extension}\\b`, "m").test(file.text));
  if (!schema.files.some(needs)) return schema;
  t.diagnostic(`left out of ${schema.name}: ${missing.join(", ")} (no package on this server)`);
  return { ...schema, files: schema.files.filter((file) => !needs(file)) };
}
