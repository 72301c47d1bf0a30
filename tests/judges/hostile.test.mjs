// No text of a schema becomes code. In: one schema with a text in each place that takes one, written again and again: once
// with tame texts, once with each of those that would end a comment, a string or a statement in some language. Every
// output is read by the parser of its language, and must have the shape of the tame one: the same nodes in the same order,
// and in their leaves the same, but for the schema's own texts.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Parser as Dbml } from "@dbml/core";
import { JSDOM } from "jsdom";
import { parse as parseSql } from "libpg-query";
import MarkdownIt from "markdown-it";
import { schemagen } from "./compiler.mjs";
import { converse, converseWith } from "./python.mjs";
import { build, lay } from "./rust.mjs";
import { parse as parseTypeScript } from "./tools.mjs";

/** What would break out of some place in some language, if it were printed as it stands. */
const HOSTILE = [
  `"`, `'`, "`", `\\`, `\\"`, `\\'`, `""" + evil() + """`, `''' + evil() + '''`, "` + evil() + `", `" + evil() + "`, `' + evil() + '`,
  `*/ evil(); /*`, `/* `, `// `, `-- `, `--\\`, `; drop table evil; --`, `'; drop table evil; --`, `"; drop table evil; --`,
  "${evil()}", "#{evil()}", "{{ evil() }}", "{% raw %}", "{# ", "%(evil)s %s %%", ":evil ::evil $1", " $$", "$body$; evil; $body$",
  `\nevil()\n`, `\r\nevil()`, `"\nevil()\n`, `"""\nimport evil\n"""`, `*/\nevil()\n/*`, `\u2028evil()`, `\u2029`, `\u0085evil()`, `\u202eevil`, `\u000bevil()`, `\tevil`,
  `"# evil() r#"`, `"##`, `)] fn evil() {}`, `) evil(`, `} evil {`, `] evil [`, `]]>`, `--> evil <!--`, `<script>evil()</script>`, `<img src=x onerror=evil()>`,
  "```\nevil\n```", `| evil |`, `[evil](javascript:evil())`, `# evil`, `@evil`, `&lt;`, `\\u002a/`, `\\x22`, `\\N{QUOTATION MARK}`, `\\`.repeat(3), `é"😀`,
];

const TAME = " tame";
const STEM = "zq";

/** How a language's parser reads a text, and in which forms a target of it writes. */
const TYPESCRIPT = { shape: (text) => shapeOf(parseTypeScript(text)), options: [{}] };
const PYTHON = { shape: (text) => python.ask(text), options: [{}] };
const RUST = { shape: async (text) => rustShape(await rust.ask(text)), options: [{}] };
const SQL = { shape: async (text) => shapeOf((await parseSql(text)).stmts), options: [{}] };

/**
 * A line a target, or several: the parser of its language, the options that make it write otherwise, and texts that its language has no
 * words for: what holds them may be missing, and still nothing else may be there.
 */
const TARGETS = {
  sql: { ...SQL, options: [{}, { idempotent: true }] },
  supabase: { ...TYPESCRIPT, options: [{}, { precision: "schema", schemas: "all" }] },
  drizzle: { ...TYPESCRIPT, options: [{}, { case: "column" }] },
  zod: { ...TYPESCRIPT, options: [{}, { zod: "mini", wire: "node-postgres", case: "camel" }, { zod: "3" }] },
  pydantic: { ...PYTHON, options: [{}, { enums: "literal" }] },
  sqlalchemy: PYTHON,
  sqlx: { ...RUST, options: [{}, { serde: true }] },
  rpc: [
    { ...TYPESCRIPT, least: 4 },
    { ...PYTHON, options: [{ language: "python" }], least: 4 },
    { ...RUST, options: [{ language: "rust" }, { language: "rust", serde: true }] },
  ],
  redis: { shape: (text) => shapeOf(JSON.parse(text)), options: [{ comments: true }] },
  "json-schema": { shape: (text) => shapeOf(JSON.parse(text)), options: [{}] },
  erd: { shape: diagram, options: [{}, { format: "mermaid" }] },
  docs: { shape: markdown, options: [{}] },
  dbml: { shape: (text) => shapeOf(new Dbml().parse(text, "dbmlv2").export()), options: [{}], unsaid: /`/ },
};

let python;
let rust;

/** The tokens of a module, where it can be read. */
function rustShape(answer) {
  if (answer.error) throw new Error(answer.error);
  return answer;
}

describe("hostile texts", { timeout: 600_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), "schemagen-judge-"));
  before(async () => {
    python = converse("shape.py", []);
    lay(home);
    rust = converseWith(await build(home, "shape"), []);
  });
  after(() => {
    python?.close();
    rust?.close();
    rmSync(home, { recursive: true, force: true });
  });

  test("every target has its parser here", () => {
    assert.deepEqual(schemagen.targets().map((target) => target.name).sort(), Object.keys(TARGETS).sort());
  });

  const lines = Object.entries(TARGETS).flatMap(([target, one]) => [one].flat().map((line) => ({ target, ...line })));
  for (const { target, shape, options, unsaid, least = 8 } of lines) {
    for (const option of options) {
      test(`break out of nothing in ${target} ${JSON.stringify(option)}`, async () => {
        const request = { target, options: option };
        const tame = await shapes(request, TAME, shape);
        assert.ok(tame.flat().filter((leaf) => leaf === STEM).length > least, "the schema's texts are in the output");
        for (const text of HOSTILE) {
          const hostile = await shapes(request, text, shape);
          const compare = unsaid?.test(text) ? noMore : same;
          for (const [file, leaves] of hostile.entries()) compare(leaves, tame[file], JSON.stringify(text));
        }
      });
    }
  }

  test("the comparison finds what broke out", async () => {
    const leaves = (code) => shapeOf(parseTypeScript(code)).map(masked);
    assert.throws(() => same(leaves(`/* zq */ evil(); /* */ export const zq = "zq";`), leaves(`/* zq */ export const zq = "zq";`), "one"));
  });
});

/** The shape of every file that a target writes for the schema with this text in all places. */
async function shapes(request, text, shape) {
  const files = [{ name: "schema.yaml", text: JSON.stringify(everywhere(text)) }];
  const result = schemagen.compile(files, { targets: [request] });
  assert.ok(result.ok, JSON.stringify(result.diagnostics.filter((one) => one.severity === "error").slice(0, 3), null, 1));
  const all = [];
  for (const file of result.files) {
    try {
      all.push((await shape(file.text)).map(masked));
    } catch (error) {
      const line = file.text.split("\n")[(error.loc?.start?.line ?? error.loc?.line ?? 0) - 1];
      throw new Error(`${JSON.stringify(text)} breaks ${file.path}: ${error.message}\n${line ?? ""}`, { cause: error });
    }
  }
  return all;
}

/** A leaf that holds a text of the schema, without it. */
const masked = (leaf) => (leaf.toLowerCase().includes(STEM) ? STEM : leaf);

function same(hostile, tame, text) {
  const at = tame.findIndex((leaf, index) => leaf !== hostile[index]);
  if (at < 0 && tame.length === hostile.length) return;
  const around = (leaves) => leaves.slice(Math.max(0, at - 12), at + 12).join(" ");
  assert.fail(`${text} changes what is written:\n  tame:    ${around(tame)}\n  hostile: ${around(hostile)}`);
}

function noMore(hostile, tame, text) {
  const more = hostile.filter((leaf) => !tame.includes(leaf));
  assert.deepEqual(more, [], `${text} changes what is written`);
}

/** The elements of an SVG, with the names of their attributes and with their texts; or the parts of a Mermaid diagram. */
async function diagram(text) {
  if (!text.startsWith("<")) return shapeOf(await entities(text));
  const svg = new window.DOMParser().parseFromString(text, "image/svg+xml");
  return [...svg.querySelectorAll("*")].flatMap((one) => {
    const texts = [...one.childNodes].filter((child) => child.nodeType === 3 && child.data.trim() !== "").map((child) => child.data);
    return [one.localName, ...[...one.attributes].map((attribute) => attribute.name), ...texts];
  });
}

const { window } = new JSDOM("");

async function entities(text) {
  // Mermaid asks for a document even where it only reads.
  Object.assign(globalThis, { window, document: window.document });
  const { default: mermaid } = await import("mermaid");
  await mermaid.parse(text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const all = [...db.getEntities().values()].map(({ label, alias, attributes }) => ({ label, alias, attributes }));
  return [all, db.getRelationships().map((one) => one.roleA)];
}

/** The tokens of Markdown, those within lines too. */
function markdown(text) {
  const tokens = new MarkdownIt({ html: true, linkify: true }).parse(text, {});
  return tokens.flatMap((one) => [one, ...(one.children ?? [])]).flatMap(({ type, tag, content }) => [type, tag, content]);
}

/** Where a parser says that something stands, which is not what it is. */
const PLACE = /^(range|loc|.*(start|end|location|_len)|comments|tokens|raw)$/i;

/** A syntax tree of plain objects: the names of its parts and what stands in its leaves, in order. */
function shapeOf(node) {
  if (Array.isArray(node)) return ["[", ...node.flatMap(shapeOf), "]"];
  if (typeof node !== "object" || node === null) return [String(node)];
  return Object.entries(node).flatMap(([name, part]) => (PLACE.test(name) ? [] : [name, ...shapeOf(part)]));
}

/** A schema with the text in every place that takes one, behind a stem by which it is known again. */
function everywhere(hostile) {
  const say = (word) => `${STEM}${word}${hostile}`;
  const name = (word) => `"${say(word).replaceAll('"', '""')}"`;
  const literal = (word) => (say(word).includes("\\") ? `E'${say(word).replaceAll("\\", "\\\\").replaceAll("'", "''")}'` : `'${say(word).replaceAll("'", "''")}'`);
  const value = (word) => ({ value: say(word) });
  const table = name("table");
  return {
    roles: { [say("role")]: { comment: say("r") } },
    enums: { [name("enum")]: { values: [say("one"), say("two")], comment: say("e") } },
    domains: { [name("domain")]: { type: "text", check: `VALUE <> ${literal("d1")}`, default: value("d2"), comment: say("d3") } },
    types: { [name("type")]: { fields: { [say("f1")]: { type: "text", comment: say("f2") }, [say("f3")]: name("enum") }, comment: say("t1") } },
    sequences: { [name("seq")]: { comment: say("s1") } },
    tables: {
      [table]: {
        comment: say("c1"),
        columns: {
          id: { type: "bigint", primary_key: true, identity: "always", comment: say("c2") },
          [say("plain")]: { type: "text", nullable: false, default: value("v1"), comment: say("c3") },
          [say("old")]: { type: "text", deprecated: say("c4"), check: `${name("old")} in (${literal("v2")}, ${literal("v3")})` },
          [say("kind")]: { type: name("enum"), default: say("one"), nullable: false },
          [say("many")]: { type: `${name("enum")}[]` },
          [say("held")]: { type: name("domain") },
          [say("whole")]: { type: name("type") },
          [say("up")]: { type: "bigint", references: { table, column: "id", name: say("key") } },
          [say("made")]: { type: "text", generated: { expr: `lower(${name("plain")}) || ${literal("v4")}` } },
          [say("text")]: { type: "text", default: { expr: `upper(${literal("v5")})` }, check: `${name("text")} <> ${literal("v6")}` },
        },
        constraints: [
          { type: "check", name: say("check"), expr: `${name("plain")} <> ${literal("v7")} or ${name("old")} is not null`, comment: say("c5") },
          { type: "check", name: say("left"), expr: `upper(${name("plain")}) <> ${literal("v8")}` },
          { type: "unique", name: say("unique"), columns: [say("plain"), say("old")] },
        ],
        indexes: [{ name: say("index"), columns: [{ expr: `lower(${name("old")} || ${literal("v9")})` }], where: `${name("old")} <> ${literal("va")}`, comment: say("c6") }],
        policies: [{ name: say("policy"), command: "select", to: say("role"), using: `${name("plain")} <> ${literal("vb")}`, comment: say("c7") }],
        triggers: [{ name: say("trigger"), function: name("fires"), events: ["insert"], condition: `new.${name("plain")} <> ${literal("vc")}`, args: [say("vd")], comment: say("c8") }],
        grants: [{ to: say("role"), privileges: ["select"], columns: [say("plain")] }],
      },
    },
    views: { [name("view")]: { query: `select id, ${name("plain")} from ${name("table")} where ${name("plain")} <> ${literal("ve")}`, columns: { id: "bigint", [say("plain")]: { type: "text", comment: say("c9") } }, comment: say("ca") } },
    functions: {
      [name("fires")]: { language: "plpgsql", returns: "trigger", body: "begin return new; end" },
      [name("fn")]: {
        language: "sql",
        args: [{ name: say("arg"), type: "text", default: value("vf") }],
        returns: { table: { [say("out")]: { type: "text" }, [say("more")]: { type: name("enum") } } },
        body: `select ${literal("vg")}, ${literal("one")}::${name("enum")}`,
        comment: say("cb"),
      },
      [name("proc")]: {
        kind: "procedure",
        language: "sql",
        args: [{ type: name("type") }, { name: say("given"), type: name("enum") }, { name: say("got"), type: "text", mode: "out" }],
        body: `select ${literal("vi")}`,
        comment: say("cd"),
      },
    },
    publications: { [say("pub")]: { tables: [{ table, columns: ["id"], where: `${name("plain")} <> ${literal("vh")}` }], comment: say("cc") } },
  };
}
