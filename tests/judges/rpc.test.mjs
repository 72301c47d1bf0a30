// The callers of every schema's functions. In: every schema of the repository. TypeScript, prettier and supabase-js judge
// the callers in TypeScript: they compile beside the modules of the targets `zod` and `supabase`, and each calls its function
// on a server through supabase-js, whose requests are answered as PostgREST answers them. What goes there and comes back is
// also before the target `json-schema`, which has to say what zod says. What a body makes of the arguments
// is its own affair: an error that it raises, or that a rule does, is told; an error of any other kind fails. What needs an extension that the
// server has no package for is left out there, and said.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { createClient } from "@supabase/supabase-js";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { transform } from "esbuild";
import { compileText, schemagen } from "./compiler.mjs";
import { schemas } from "./corpus.mjs";
import { calls, WRONG_CALL } from "./samples.mjs";
import { startServer } from "./server.mjs";
import { undone, without } from "./suite.mjs";
import { CONFIG, exported, modules, parse, reformatted, tsc, write } from "./tools.mjs";

const VARIANTS = [
  { name: "rpc", options: {} },
  { name: "rpc-database", options: { database: "./database.types", comments: false } },
];

/** What is called: the caller's name, and its function's. */
function callers(text) {
  const pattern = /^export async function (\S+?)\(([^]*?)^\}/gm;
  return [...text.matchAll(pattern)].map(([, name, rest]) => {
    const [, schema, own] = /call\(\s*client,\s*("[^"]*"|'[^']*'),\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'),/.exec(rest);
    const [, model] = /schemas\.(\w+)ResultSchema/.exec(rest);
    return { name, schema: evaluated(schema), function: evaluated(own), model };
  });
}

const evaluated = (literal) => new Function(`return ${literal}`)();
const ident = (name) => `"${name.replaceAll('"', '""')}"`;

/** Answers a request of supabase-js as PostgREST does. */
async function answer(db, functions, url, init) {
  const name = decodeURIComponent(/\/rpc\/(.*)$/.exec(new URL(url).pathname)[1]);
  const schema = new Headers(init.headers).get("content-profile");
  const given = JSON.parse(init.body);
  const names = Object.keys(given);
  const fits = functions.filter((one) => {
    const known = one.args.map((arg) => arg.name);
    const required = known.slice(0, known.length - one.defaults);
    return one.schema === schema && one.name === name && names.every((arg) => known.includes(arg)) && required.every((arg) => names.includes(arg));
  });
  if (fits.length !== 1) return json(300, { code: "PGRST203", message: `${fits.length} functions ${schema}.${name}(${names.join(", ")})` });
  const [{ args, isSet, isRow }] = fits;
  const used = args.filter((arg) => names.includes(arg.name));
  const list = used.map((arg) => `${arg.variadic ? "variadic " : ""}${ident(arg.name)} => given.${ident(arg.name)}`).join(", ");
  const call = `${ident(schema)}.${ident(name)}(${list})`;
  const from = used.length === 0 ? "" : `jsonb_to_record($1) as given(${used.map((arg) => `${ident(arg.name)} ${arg.sql}`).join(", ")})`;
  const value = isRow
    ? `select to_jsonb(one.*) as value from ${from === "" ? "" : `${from}, lateral `}(select * from ${call}) as one`
    : `select to_jsonb(${call}) as value ${from && `from ${from}`}`;
  await db.run("savepoint call");
  try {
    const rows = await db.rows(value, used.length === 0 ? [] : [given]);
    const values = rows.map((row) => row.value);
    return json(200, isSet ? values : (values[0] ?? null));
  } catch (error) {
    return json(400, { code: error.code, message: error.message, details: null, hint: null });
  } finally {
    await db.run("rollback to savepoint call");
  }
}

/** The JSON Schemas of a schema's models, by name. */
function jsonSchemas(schema) {
  const ajv = new Ajv({ strict: true, validateFormats: true });
  addFormats(ajv);
  ajv.addSchema(JSON.parse(compileText(schema, "json-schema")), "models");
  return (name, value) => {
    const validate = ajv.getSchema(`models#/$defs/${encodeURIComponent(name)}`);
    return validate(value) ? null : ajv.errorsText(validate.errors);
  };
}

const json = (status, body) => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

const slug = (schema) => schema.name.replaceAll("/", "-");


describe("callers in TypeScript", { timeout: 900_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), "schemagen-judge-"));
  const all = schemas();
  const texts = new Map();
  before(() => {
    symlinkSync(modules, join(home, "node_modules"));
    for (const schema of all) {
      write(join(home, slug(schema), "zod.ts"), compileText(schema, "zod"));
      write(join(home, slug(schema), "database.types.ts"), compileText(schema, "supabase"));
      for (const { name, options } of VARIANTS) {
        const text = compileText(schema, "rpc", options);
        write(join(home, slug(schema), `${name}.ts`), text);
        texts.set(`${schema.name} ${name}`, text);
      }
    }
    write(join(home, "tsconfig.json"), JSON.stringify({ ...CONFIG, compilerOptions: { ...CONFIG.compilerOptions, lib: ["es2022", "dom"] } }));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  test("tsc --strict takes every module", async () => assert.equal(await tsc(home), ""));

  test("prettier changes none, and nothing in them breaks out", async () => {
    for (const [name, text] of texts) {
      assert.equal(await reformatted(text), undefined, name);
      const statements = parse(text);
      const functions = statements.filter((one) => one.type === "ExportNamedDeclaration" && one.declaration);
      assert.equal(exported(functions).length, callers(text).length, name);
    }
  });

  describe("on PostgreSQL, through supabase-js", () => {
    let db;
    before(async () => {
      db = await startServer();
      await db.run(schemagen.platformSql());
    });
    after(() => db?.close());

    for (const schema of all) {
      test(`${schema.name}: each calls its function`, async (t) => {
        const kept = without(schema, db, t);
        const text = compileText(kept, "rpc");
        const callables = callers(text);
        if (callables.length === 0) return;
        const folder = join(home, slug(schema));
        for (const name of ["zod", "rpc"]) {
          const source = name === "zod" ? compileText(kept, "zod") : text;
          const { code } = await transform(source.replace('"./zod"', '"./zod.mjs"'), { loader: "ts", format: "esm" });
          write(join(folder, `${name}.mjs`), code);
        }
        const [module, zod] = await Promise.all(["rpc", "zod"].map((name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href)));
        const raised = [];
        await undone(db, schema.roles, async () => {
          await db.run(compileText(kept, "sql", { transaction: false }));
          const functions = await calls((sql) => db.rows(sql));
          const answers = [];
          const fetch = async (url, init) => {
            const response = await answer(db, functions, url, init);
            answers.push(await response.clone().json());
            return response;
          };
          const complaint = jsonSchemas(kept);
          const client = createClient("http://postgrest", "key", { global: { fetch }, realtime: { transport: class {} } });
          for (const { name, schema: namespace, function: own, model } of callables) {
            const names = Object.keys(zod[`${model}ArgsSchema`].shape);
            const called = functions.find((one) => one.schema === namespace && one.name === own && one.args.every((arg) => names.includes(arg.name)) && one.args.length === names.length);
            assert.ok(called, `${name}: there is no ${namespace}.${own}(${names.join(", ")})`);
            const args = Object.fromEntries(called.args.map((arg) => [arg.name, arg.value]));
            const required = Object.fromEntries(called.args.slice(0, called.args.length - called.defaults).map((arg) => [arg.name, arg.value]));
            for (const given of called.defaults > 0 ? [args, required] : [args]) {
              const refused = zod[`${model}ArgsSchema`].safeParse(given).error;
              const complained = complaint(`${model}Args`, given);
              assert.equal(complained === null, refused === undefined, `${model}Args: ${complained} but ${refused}`);
              if (refused && schema.name !== "emit/rpc/typescript") {
                raised.push(`${name}: ${refused.issues[0].message}`);
                continue;
              }
              try {
                await module[name](client, given);
                assert.equal(complaint(`${model}Result`, answers.at(-1)), null, `${model}Result`);
              } catch (error) {
                assert.ok(typeof error.code === "string" && !WRONG_CALL.test(error.code) && schema.name !== "emit/rpc/typescript", `${name}: ${error.stack ?? error.message}`);
                raised.push(`${name}: ${error.message}`);
              }
            }
          }
        });
        for (const line of raised) t.diagnostic(`refused: ${line}`);
        t.diagnostic(`${callables.length} functions called`);
      });
    }
  });
});
