// Mermaid's own parser and an XML parser read the diagrams, and find in them what the schema says. In: every schema of
// the repository. Nothing that a schema says may be markup, a directive or a script.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { JSDOM } from "jsdom";
import { compileText } from "./compiler.mjs";
import { schemas } from "./corpus.mjs";
import { expected } from "./expected.mjs";

const { window } = new JSDOM("");
const ELEMENTS = ["circle", "g", "path", "rect", "style", "svg", "text", "title"];
const ATTRIBUTES = /^(aria-label|class|c[xy]|d|height|r|role|rx|transform|viewBox|width|x|xmlns|y)$/;
const PUBLIC = /^public\./;

describe("diagrams", () => {
  let mermaid;
  before(async () => {
    // Mermaid asks for a document even where it only reads.
    Object.assign(globalThis, { window, document: window.document });
    mermaid = (await import("mermaid")).default;
  });

  for (const schema of schemas()) {
    const { tables } = expected(schema);
    const keys = tables.reduce((sum, one) => sum + one.constraints.f, 0);

    test(`${schema.name}: Mermaid reads its tables, columns and keys`, async () => {
      const text = compileText(schema, "erd", { format: "mermaid" });
      await mermaid.parse(text);
      const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
      const entities = [...db.getEntities().values()];
      const found = entities.map((one) => one.attributes.length);
      for (const { name, columns } of tables) {
        const at = found.indexOf(columns.length);
        assert.ok(at >= 0, `no entity has the ${columns.length} columns of ${name}`);
        found.splice(at, 1);
      }
      assert.ok(found.length <= keys, "an entity that no key leads to");
      assert.equal(db.getRelationships().length, keys);
      for (const { schema: home, name } of tables.filter((one) => /^\w+$/.test(one.name))) {
        const full = `${home}.${name}`.replace(PUBLIC, "");
        assert.ok(entities.some((one) => [one.label, one.alias].includes(full)), full);
      }
    });

    for (const columns of ["all", "keys"]) {
      test(`${schema.name}: the SVG with ${columns} columns shows its tables and nothing that it should not`, () => {
        const text = compileText(schema, "erd", { columns });
        const svg = new window.DOMParser().parseFromString(text, "image/svg+xml");
        assert.equal(svg.querySelector("parsererror"), null);
        for (const element of svg.querySelectorAll("*")) {
          assert.ok(ELEMENTS.includes(element.localName), element.localName);
          for (const { name } of element.attributes) assert.match(name, ATTRIBUTES);
        }
        const own = svg.querySelectorAll(".table:not(.external)");
        assert.equal(own.length, tables.length);
        assert.equal(svg.querySelectorAll(".way").length, keys);
        const rows = [...own].reduce((sum, one) => sum + one.querySelectorAll(".column").length, 0);
        const meant = tables.reduce((sum, one) => sum + one.columns.length, 0);
        if (columns === "all") assert.equal(rows, meant);
        else assert.ok(rows <= meant);
      });
    }
  }
});
