// What schemagen calls wrong SQL, PostgreSQL refuses, and the other way round; so too the names in it. In: `sql/*.txt`,
// expressions, queries and bodies by the hundred, and the same with words missing, doubled and exchanged by a seeded
// generator. PostgreSQL is asked of each; nobody wrote down what it should say.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "./corpus.mjs";
import { startEmbedded } from "./embedded.mjs";
import { startServer } from "./server.mjs";

const COLUMNS = { a: "int", b: "text", c: "timestamptz", d: "date", e: "jsonb", f: "numeric", g: "text[]", h: "boolean", i: "uuid", j: "int4range" };

const TABLES = { t: { columns: COLUMNS }, u: { columns: { a: "int", x: "int", y: "text" } } };

const SETUP = `
  create table t (${Object.entries(COLUMNS).map(([name, type]) => `${name} ${type}`).join(", ")});
  create table u (a int, x int, y text);`;

/** For each kind of text: the schema that holds it, and the SQL that has PostgreSQL read it. */
const KINDS = {
  expressions: {
    schema: (text) => ({ tables: { t: { columns: COLUMNS, policies: [{ name: "p", command: "all", using: text }] } } }),
    sql: (text) => `create policy p on t using (${text}\n)`,
  },
  queries: {
    schema: (text) => ({ functions: { f: { language: "sql", returns: "void", args: [{ type: "int" }, { type: "text" }], body: text } } }),
    sql: (text) => `prepare p (int, text) as ${text.replace(/;\s*$/, "")}\n`,
  },
  names: {
    schema: (text) => ({ tables: TABLES, functions: { f: { language: "sql", returns: "void", args: [{ type: "int" }, { type: "text" }], body: text } } }),
    sql: (text) => `prepare p (int, text) as ${text.replace(/;\s*$/, "")}\n`,
  },
  bodies: {
    schema: (text) => ({ functions: { f: { language: "sql", returns: "int", args: [{ type: "int" }], body: text } } }),
    sql: (text) => {
      const body = /^(begin atomic|return)\b/.test(text) ? text : `as $body$${text}$body$`;
      return `create function f(int) returns int language sql ${body}\n`;
    },
  },
};

/** What schemagen calls wrong as it is never right, though PostgreSQL could read it: it refuses it for another reason. */
const NEVER_RIGHT = [
  /^`==` is no operator/,
  /^`(\|\||&&|->>?|<<|>>|@>|<@)` cannot follow|^nothing stands before `(\|\||&&|->>?|<<|>>|@>|<@)`/,
  /stands for nothing/,
  /^the rows of `values` differ in length/,
];

/** PostgreSQL's codes of columns and tables that do not exist, and of columns that could be two. */
const MISNAMED = ["42703", "42702", "42P01"];

/** What schemagen passes over: relations of schemas that are not declared, and the rows of PostgreSQL 18's `returning old.*`. */
const ELSEWHERE = /relation "\w+\.\w+" does not exist|entry for table "old"/;

/** What PostgreSQL refuses only when it plans: whole rows among the columns of a conflict. */
const PLANNED = /on conflict \(t\b/;

/** What schemagen reads without looking at each word. */
const NOT_LOOKED_AT = /\bjson_(array|arrayagg|exists|object|objectagg|query|scalar|serialize|value) *\(/i;

/** Numbers below a limit, the same for the same seed. */
function dice(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Texts of a kind. */
function written(kind) {
  const lines = readFileSync(join(root, `tests/judges/sql/${kind}.txt`), "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "" && !line.startsWith("#"));
}

/** `count` texts that begin so, each one of `texts` with one or two of its words left out, doubled, or exchanged for another's. */
function mutated(texts, count, begins, seed) {
  const words = texts.map((text) => text.match(/'[^']*'|"[^"]*"|\w+|\s+|[^\w\s]/g) ?? []);
  const below = dice(seed);
  const made = new Set();
  while (made.size < count) {
    const list = [...words[below(words.length)]];
    for (let times = below(2); times >= 0 && list.length > 0; times -= 1) {
      const at = below(list.length);
      const other = words[below(words.length)];
      const found = other[below(other.length)] ?? "";
      const kind = below(4);
      if (kind === 0) list.splice(at, 1);
      else if (kind === 1) list.splice(at, 0, list[at], " ");
      else if (kind === 2) list.splice(at, 1, found);
      else list.splice(at, 0, " ", found, " ");
    }
    const text = list.join("");
    if (begins.test(text) && !/[;\\]/.test(text)) made.add(text);
  }
  return [...made];
}

/** `count` texts, each one of `texts` with one or two of its names exchanged for others. */
function renamed(texts, count, seed) {
  const names = ["a", "b", "x", "y", "n", "zz", "t.a", "u.a", "u.x", "k.a", "v.a", "x.a", "public.t.a", "excluded.a", "t", "u", "old.a", "ctid", "t.*", "m", "p"];
  const below = dice(seed);
  const made = new Set();
  while (made.size < count) {
    const pieces = texts[below(texts.length)].split(/('[^']*'|"[^"]*"|\b[a-z]\w?(?:\.\w+)*\b(?! *\())/);
    const places = pieces.flatMap((piece, at) => (at % 2 === 1 && /^(?!as|by|in|is|on|or|do|of|to|at)[a-z]/.test(piece) ? [at] : []));
    if (places.length === 0) continue;
    for (let times = below(2); times >= 0; times -= 1) pieces[places[below(places.length)]] = names[below(names.length)];
    made.add(pieces.join(""));
  }
  return [...made];
}

/** What schemagen says of each: `read`, `unknown` or `wrong`, and its words. */
function ours(kind, texts) {
  const jobs = texts.map((text) => ({ files: [{ name: "schema.json", text: JSON.stringify(KINDS[kind].schema(text)) }], options: {} }));
  const program = process.env.SCHEMAGEN_COMPILE ?? "cargo";
  const args = program === "cargo" ? ["run", "--quiet", "--package", "schemagen-tests", "--bin", "compile"] : [];
  const answer = execFileSync(program, args, { cwd: root, input: JSON.stringify(jobs), maxBuffer: 1 << 28 });
  return JSON.parse(answer).results.map(({ json }) => {
    const found = JSON.parse(json).diagnostics ?? JSON.parse(json);
    const wrong = found.find((one) => one.code === "sql-syntax");
    const unknown = found.find((one) => one.code === "sql-not-checked");
    const misnamed = found.find((one) => ["sql-unknown-column", "sql-ambiguous-column", "unknown-table"].includes(one.code));
    return { misnamed: misnamed?.message, verdict: wrong ? "wrong" : unknown ? "unknown" : "read", message: (wrong ?? unknown)?.message };
  });
}

/** What a PostgreSQL says of a text: nothing, or its error. */
async function asked(db, kind, text) {
  await db.run("begin");
  try {
    await db.run(KINDS[kind].sql(text));
    return undefined;
  } catch (error) {
    return { syntax: error.code === "42601", misnamed: MISNAMED.includes(error.code), message: error.message };
  } finally {
    await db.run("rollback; deallocate all");
  }
}

describe("SQL that users write", () => {
  const databases = [];
  before(async () => {
    for (const start of [startServer, startEmbedded]) databases.push(await start());
    for (const db of databases) await db.run(SETUP);
  });
  after(() => Promise.all(databases.map((db) => db.close())));

  /** Holds what schemagen says of texts against what PostgreSQL says. */
  async function judge(t, kind, texts) {
    const said = ours(kind, texts);
    const disagreements = [];
    const unknown = [];
    for (const [index, text] of texts.entries()) {
      const { verdict, message } = said[index];
      const errors = [];
      for (const db of databases) errors.push(await asked(db, kind, text));
      const taken = errors.some((error) => error === undefined);
      // A word that a younger PostgreSQL gave a form of its own is to an older one a name, which nothing has.
      const nameless = errors.some((error) => error?.syntax) ? / does not exist$/ : undefined;
      const refused = errors.every((error) => error && (error.syntax || nameless?.test(error.message) || NEVER_RIGHT.some((known) => known.test(message))));
      const unreadable = errors.every((error) => /^(syntax error|unterminated|trailing junk|zero-length)/.test(error?.message));
      if (verdict === "wrong" && !refused) disagreements.push(`wrong, but taken: ${text}\n    ours: ${message}\n    PostgreSQL: ${errors.map((error) => error?.message)}`);
      if (verdict === "read" && unreadable && !NOT_LOOKED_AT.test(text)) disagreements.push(`read, but a syntax error: ${text}\n    PostgreSQL: ${errors.map((error) => error?.message)}`);
      if (verdict === "unknown" && taken) unknown.push(text);
    }
    t.diagnostic(`${texts.length} texts, of which ${said.filter((one) => one.verdict === "wrong").length} are wrong; not followed: ${unknown.join(" | ") || "none"}`);
    assert.deepEqual(disagreements, []);
    return unknown;
  }

  for (const kind of Object.keys(KINDS)) {
    test(`${kind}`, async (t) => {
      const unknown = await judge(t, kind, written(kind));
      assert.ok(unknown.length <= 5, "few of them are not followed");
    });
  }

  const begins = { expressions: /\S/, queries: /^ *(\(|(select|values|table|with|insert|update|delete|merge)\b)/ };
  for (const kind of ["expressions", "queries"]) {
    test(`${kind} with words missing, doubled and exchanged`, async (t) => {
      const count = Number(process.env.JUDGE_SQL ?? 2_000);
      await judge(t, kind, mutated(written(kind), count, begins[kind], Number(process.env.JUDGE_SEED ?? 20_260_101)));
    });
  }

  test("names that stand for nothing, or for two things", async (t) => {
    const db = databases[0];
    const right = [];
    for (const text of [...written("names"), ...written("queries")]) if ((await asked(db, "names", text)) === undefined) right.push(text);
    const texts = [...written("names"), ...renamed(right, Number(process.env.JUDGE_SQL ?? 2_000), Number(process.env.JUDGE_SEED ?? 20_260_101))];
    const said = ours("names", texts);
    const disagreements = [];
    const missed = [];
    let found = 0;
    for (const [index, text] of texts.entries()) {
      const { misnamed, message } = said[index];
      const error = await asked(db, "names", text);
      if (misnamed && !error && !PLANNED.test(text)) disagreements.push(`misnamed, but taken: ${text}\n    ours: ${misnamed}`);
      if (misnamed && error?.misnamed) found += 1;
      if (!misnamed && !message && error?.misnamed && !ELSEWHERE.test(error.message)) missed.push(`${text} -- ${error.message}`);
    }
    t.diagnostic(`${texts.length} texts, ${found} misnamed in both, ${missed.length} only in PostgreSQL`);
    assert.deepEqual(disagreements, []);
    assert.ok(missed.length * 10 <= found, `nine of ten misnamed are found; not: ${missed.join("\n")}`);
  });
});
