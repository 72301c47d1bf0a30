// The claim to prove: the generated validators, zod's, pydantic's and JSON Schema's, and PostgreSQL accept and refuse the
// same values, wherever a rule was carried. In: zod.yaml, a table a rule, and values by the thousand, the same in every run. Each value
// goes to the insert schemas and, as PostgREST would bring it, into the table. Then:
//
// - what the insert schema accepts, PostgreSQL accepts;
// - what PostgreSQL accepts in the wire's own form, the insert schema accepts. Not of that form is a number given as a
//   string, or a date that PostgreSQL reads but would write otherwise; there validators are meant to be stricter;
// - what PostgreSQL gives back, the row schema accepts.
//
// `JUDGE_VALUES` says how many different rows are drawn for each kind of constraint on the server, PGlite takes a tenth;
// `JUDGE_SEED` another seed.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { transform } from "esbuild";
import fc from "fast-check";
import { load } from "js-yaml";
import { compileText, schemagen } from "./compiler.mjs";
import { root, schema } from "./corpus.mjs";
import { startEmbedded } from "./embedded.mjs";
import { converse, write } from "./python.mjs";
import { startServer } from "./server.mjs";
import { valuesFor } from "./values.mjs";

const VALUES = Number(process.env.JUDGE_VALUES ?? 10_000);
const SEED = Number(process.env.JUDGE_SEED ?? 20260101);
const MODULES = [
  { name: "zod 4", options: {}, package: "zod" },
  { name: "zod/mini", options: { zod: "mini" }, package: "zod" },
  { name: "zod 3", options: { zod: "3" }, package: "zod3" },
  { name: "zod 4 with NaN", options: { non_finite: true }, package: "zod" },
];

const MODELS = [
  { name: "pydantic", options: {} },
  { name: "pydantic with NaN", options: { non_finite: true } },
];

const source = schema("judges/zod", ["tests/judges/zod.yaml"]);
const document = load(source.files[0].text);
const tables = Object.entries(document.tables).map(([name, table]) => ({ name, ...table, columns: columnsOf(table) }));

/** The rules of each kind. */
const kinds = new Map(tables.map(({ comment: kind }) => [kind, tables.filter((table) => table.comment === kind)]));

/** How many rows are drawn for a rule, so that its kind gets enough of them. */
const share = (table, values) => Math.ceil(values / kinds.get(table.comment).length);

function columnsOf(table) {
  return Object.entries(table.columns).map(([name, spec]) => (typeof spec === "string" ? { name, type: spec } : { name, ...spec }));
}

/** The checks that the compiler says it did not carry. */
function notCarried(target, options) {
  const { diagnostics } = schemagen.compile(source.files, { targets: [{ target, options }] });
  return diagnostics.filter((one) => one.code === "check-not-carried").map((one) => one.message);
}

/** Texts whose grammar validators leave to PostgreSQL. */
const GRAMMAR_LEFT = /^(interval|inet|cidr|macaddr|int4range|tstzrange|hstore|ltree)/;

/**
 * Times are ISO 8601's in validators. PostgreSQL knows no year 0 and no offset of 16 hours, but infinity, years before
 * Christ or of five digits, and the hour 24.
 */
const TIMES = /^(date|time)/;
const NOT_ISO = /infinity|BC|^\d{5}|^0000|T?24:|[+-](1[6-9]|2\d):/;

/** The declared type of this name. */
function declared(name) {
  if (document.enums[name]) return { labels: document.enums[name] };
  const domain = document.domains[name];
  if (domain) return { type: domain.type, checks: domain.check ?? "" };
  return document.types[name];
}

describe("validators and PostgreSQL", () => {
  const home = mkdtempSync(join(tmpdir(), "schemagen-judge-"));
  const modules = [];
  /** @type {ReturnType<typeof converse>[]} */
  const models = [];
  before(async () => {
    for (const variant of MODULES) modules.push({ ...variant, verdicts: await zod(home, variant), left: notCarried("zod", variant.options) });
    for (const { name, options } of MODELS) {
      const path = write(join(home, `${name.replaceAll(" ", "_")}.py`), compileText(source, "pydantic", options));
      const process = converse("validate.py", [path]);
      models.push(process);
      modules.push({ name, options, verdicts: pydantic(process), left: notCarried("pydantic", options) });
    }
    modules.push({ name: "JSON Schema", options: {}, verdicts: jsonSchema(), left: notCarried("json-schema", {}), leaves: leftByJsonSchema });
  });
  after(() => {
    for (const process of models) process.close();
    rmSync(home, { recursive: true, force: true });
  });

  for (const target of ["zod", "pydantic"]) {
    test(`every check of the schema is carried into ${target}`, () => assert.deepEqual(notCarried(target, {}), []));
  }

  test("what JSON Schema has no words for is said", () => {
    const named = notCarried("json-schema", {}).map((message) => /`(\w+)`.*: (.*)$/.exec(message).slice(1).join(": "));
    assert.deepEqual(named, [
      "c_octets_v_check: JSON Schema counts characters, and not bytes",
      "m_order_check: JSON Schema compares no two fields",
      "m_texts_check: JSON Schema compares no two fields",
      "m_dates_check: JSON Schema compares no two fields",
      "m_required_check: JSON Schema compares no two fields",
    ]);
  });

  for (const start of [startServer, startEmbedded]) {
    describe(start === startServer ? "a server" : "PGlite", () => {
      /** @type {Awaited<ReturnType<typeof start>>} */
      let db;
      before(async () => {
        db = await start();
        await db.run(schemagen.platformSql());
        await db.run(compileText(source, "sql"));
        await db.run(INSERT);
      });
      const values = start === startServer ? VALUES : VALUES / 10;
      const judged = new Map([...kinds.keys()].map((kind) => [kind, 0]));
      after(() => db?.close());

      for (const table of tables) {
        test(`${table.name}: ${JSON.stringify(document.tables[table.name].constraints?.[0].expr ?? table.columns[0].check ?? table.columns[0].type)}`, async () => {
          const rows = draw(table, share(table, values));
          const answers = await insert(db, table, rows);
          const found = [];
          for (const module of modules) found.push(...(await disagreements(module, table, rows, answers)));
          judged.set(table.comment, judged.get(table.comment) + rows.length);
          assert.ok(found.length === 0, found.slice(0, 12).join("\n"));
        });
      }

      test(`${values} different rows of each kind of constraint, each before every validator`, (t) => {
        for (const [kind, count] of judged) {
          t.diagnostic(`${kind}: ${count} rows`);
          assert.ok(count >= values, kind);
        }
        t.diagnostic(`each before ${modules.map((module) => module.name).join(", ")}`);
      });
    });
  }
});

/** How the zod schemas of a variant judge: for each row nothing where they take it, else their complaints. */
async function zod(home, variant) {
  const exports = await loaded(home, variant);
  return async ({ model }, purpose, rows) => {
    const schema = exports[`${model}${purpose}Schema`];
    return rows.map((row) => {
      const verdict = schema.safeParse(row);
      return verdict.success ? null : verdict.error.issues.map((issue) => issue.message).join(", ");
    });
  };
}

/** How the pydantic models judge, in the same words. */
function pydantic(models) {
  return ({ model }, purpose, rows) => models.ask({ model: `${model}${purpose && "Create"}`, rows: rows.map((row) => JSON.stringify(row)) });
}

/** How the JSON Schemas judge. */
function jsonSchema() {
  const ajv = new Ajv({ strict: true });
  addFormats(ajv);
  ajv.addSchema(JSON.parse(compileText(source, "json-schema")), "models");
  return ({ model }, purpose, rows) => {
    const validate = ajv.getSchema(`models#/$defs/${model}${purpose}`);
    return rows.map((row) => (validate(row) ? null : ajv.errorsText(validate.errors)));
  };
}

/** What JSON Schema does not mean to judge: texts that cannot be stored, spaces beyond a length, what 32 bits do not hold. */
function leftByJsonSchema(base, value) {
  const text = JSON.stringify(value ?? null);
  if (/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.test(text)) return true;
  if (base.startsWith("varchar") || base.startsWith("char") || document.types[base]) return / "/.test(text);
  return base === "real" && typeof value === "number" && Math.fround(value) !== value;
}

/** A generated module, as JavaScript. */
async function loaded(home, variant) {
  const folder = join(home, variant.name.replaceAll(/\W/g, "-"));
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(join(root, "tests/node_modules", variant.package), join(folder, "node_modules/zod"));
  const { code } = await transform(compileText(source, "zod", variant.options), { loader: "ts" });
  const path = join(folder, "zod.mjs");
  writeFileSync(path, code);
  return import(pathToFileURL(path).href);
}

/** So many different rows to try, as JSON has them. */
function draw(table, count) {
  const checks = [...table.columns.map((column) => column.check), ...(table.constraints ?? []).map((one) => one.expr)].filter(Boolean).join(" ");
  const row = fc.record(Object.fromEntries(table.columns.map((column) => [column.name, valuesFor(column, checks, declared)])));
  const texts = new Set();
  for (let round = 0; round < 100 && texts.size < count; round += 1) {
    for (const one of fc.sample(row, { numRuns: count, seed: SEED + round })) texts.add(JSON.stringify(one));
  }
  return [...texts].slice(0, count).map((one) => JSON.parse(one));
}

/**
 * Inserts one row as PostgREST does: the keys that are there name the columns, JSON is read into the table's row type.
 * Gives the state of the error, or the row as it was stored.
 */
const INSERT = `
  create function judge_insert(target text, candidates text[]) returns table (state text, message text, stored text) language plpgsql as $$
  declare
    candidate text;
    names text;
  begin
    foreach candidate in array candidates loop
      state := null; message := null; stored := null;
      begin
        select string_agg(quote_ident(key), ', ') into names from json_object_keys(candidate::json) as key;
        if names is null then
          execute format('insert into %I as t default values returning row_to_json(t)::text', target) into stored;
        else
          execute format('insert into %1$I as t (%2$s) select %2$s from json_populate_record(null::%1$I, $1) returning row_to_json(t)::text', target, names)
            into stored using candidate::json;
        end if;
      exception when others then
        state := sqlstate;
        message := sqlerrm;
      end;
      return next;
    end loop;
  end $$;`;

async function insert(db, table, rows) {
  const answers = await db.rows("select * from judge_insert($1, $2)", [table.name, rows.map((row) => JSON.stringify(row))]);
  return answers.map((answer) => ({ ...answer, stored: answer.stored === null ? undefined : JSON.parse(answer.stored) }));
}

/** Where a module and PostgreSQL are not of one mind. */
async function disagreements(module, table, rows, answers) {
  const found = [];
  const complaints = await module.verdicts(table, "Insert", rows);
  const kept = answers.filter(({ stored }) => stored !== undefined);
  const complaintsOfStored = await module.verdicts(table, "", kept.map(({ stored }) => stored));
  for (const [at, row] of rows.entries()) {
    const { state, message, stored } = answers[at];
    const say = (what, more) => found.push(`${module.name}: ${JSON.stringify(row)}: ${what}: ${more}`);
    const carried = !module.left.some((note) => note.includes(`\`${table.name}_`)) && !table.columns.some((column) => GRAMMAR_LEFT.test(column.type) || outOfReach(module, column, row));
    if (complaints[at] === null && stored === undefined && carried) say("only the validator accepts it", `${state} ${message}`);
    if (complaints[at] !== null && stored !== undefined && table.columns.every((column) => wireForm(column, row, stored) && !outOfReach(module, column, row))) {
      say("only PostgreSQL accepts it", complaints[at]);
    }
  }
  for (const [at, { stored }] of kept.entries()) {
    if (complaintsOfStored[at] !== null && table.columns.every((column) => !outOfReach(module, column, stored))) {
      found.push(`${module.name}: the row schema refuses what is stored: ${JSON.stringify(stored)}: ${complaintsOfStored[at]}`);
    }
  }
  return found;
}

/** Whether a value is of the form that the wire has for the column, so that both must judge it alike. */
function wireForm({ name, type }, row, stored) {
  const [value, back] = [row[name], stored[name]];
  if (value === undefined || value === null) return true;
  return sameKind(type, value, back);
}

function sameKind(type, value, back) {
  const base = baseOf(type);
  if (base.endsWith("[]")) {
    return Array.isArray(value) && value.every((one, at) => !Array.isArray(one) && (one === null || sameKind(base.slice(0, -2), one, back[at])));
  }
  if (document.types[base]) return typeof value === "object" && !Array.isArray(value) && Object.entries(document.types[base].fields).every(([field, of]) => value[field] === null || sameKind(of, value[field], back[field]));
  if (NUMERIC.test(base)) return typeof value === "number";
  if (/^json/.test(base)) return true;
  if (base === "boolean") return typeof value === "boolean";
  if (/^(text|varchar|char|citext)/.test(base) || document.enums[base]) return typeof value === "string";
  return value === back;
}

const NUMERIC = /^(smallint|integer|bigint|serial|numeric|real|double precision|point2)/;

const baseOf = (type) => (document.domains[type] ? baseOf(document.domains[type].type) : type);

/** Whether a value is one that the module does not mean to judge as PostgreSQL does. */
function outOfReach(module, { name, type }, row) {
  const [value, base] = [row[name], baseOf(type)];
  if (module.leaves?.(base, value)) return true;
  // Numbers of JavaScript do not hold a bigint beyond 2^53.
  if (base === "bigint" && typeof value === "number") return !Number.isSafeInteger(value);
  // PostgreSQL binds no array to its declared dimensions; validators do.
  if (base.endsWith("[]") && Array.isArray(value) && value.some(Array.isArray)) return true;
  if (TIMES.test(base)) return typeof value === "string" && NOT_ISO.test(value);
  return NUMERIC.test(base) && module.options.non_finite !== true && /"(NaN|-?Infinity)"/.test(JSON.stringify(value ?? null));
}
