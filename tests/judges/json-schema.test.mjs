// ajv takes the JSON Schemas in its strictest mode, and prettier would not write them otherwise. In: every schema of the
// repository, as one file and as a file for each model. What they accept and refuse is judged beside zod and pydantic, in
// `zod.test.mjs`.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { compile } from "./compiler.mjs";
import { schemas } from "./corpus.mjs";
import { expected } from "./expected.mjs";
import { reformatted } from "./tools.mjs";

const VARIANTS = [
  { name: "one file", options: {} },
  { name: "a file for each model", options: { files: "model", additional_properties: true, comments: false } },
];

/** A validator that warns of nothing: what it would warn of is an error. */
function strict() {
  const fail = (message) => assert.fail(message);
  const ajv = new Ajv({ strict: true, allErrors: true, logger: { log: fail, warn: fail, error: fail } });
  addFormats(ajv);
  return ajv;
}

describe("JSON Schema", () => {
  for (const { name, options } of VARIANTS) {
    for (const schema of schemas()) {
      const files = compile(schema, "json-schema", options);

      test(`${schema.name}, ${name}: ajv compiles every definition`, () => {
        for (const file of files) {
          const ajv = strict();
          const document = JSON.parse(file.text);
          ajv.addSchema(document, "it");
          ajv.compile(document);
          for (const key of Object.keys(document.$defs ?? {})) assert.ok(ajv.getSchema(`it#/$defs/${encodeURIComponent(key)}`), key);
        }
      });

      test(`${schema.name}, ${name}: prettier changes nothing`, async () => {
        for (const file of files) assert.equal(await reformatted(file.text, "json"), undefined, file.path);
      });
    }
  }

  for (const schema of schemas()) {
    test(`${schema.name}: each table has its row, insert and update`, () => {
      const [file] = compile(schema, "json-schema");
      const { $defs = {} } = JSON.parse(file.text);
      const rows = Object.keys($defs).filter((key) => $defs[`${key}Insert`] && $defs[`${key}Update`]);
      const counts = rows.map((key) => Object.keys($defs[key].properties).length);
      for (const { name, columns } of expected(schema).tables) {
        const at = counts.indexOf(columns.length);
        assert.ok(at >= 0, `no model has the ${columns.length} columns of ${name}`);
        counts.splice(at, 1);
      }
    });
  }
});
