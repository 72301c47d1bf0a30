// The language as a JSON Schema, for editors that know no more than YAML. In: `schema.json` of the built package. ajv must
// compile it, take every schema of the repository that the compiler takes, and refuse what is misspelt.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { CORE_SCHEMA, load } from "js-yaml";
import { read, schemas } from "./corpus.mjs";

// `markdownDescription` and its kin are VS Code's.
const ajv = new Ajv({ strict: true, allowUnionTypes: true, keywords: ["markdownDescription", "markdownEnumDescriptions"] });
const validate = ajv.compile(JSON.parse(read("npm/dist/schema.json")));

/** What the JSON Schema says against a text, a line each. */
function complaints(text) {
  const document = load(text, { schema: CORE_SCHEMA }) ?? {};
  return validate(document) ? [] : validate.errors.map((error) => `${error.instancePath} ${error.message}`);
}

describe("the language's JSON Schema", () => {
  for (const schema of schemas()) {
    test(`${schema.name}: every file is taken`, () => {
      for (const file of schema.files) assert.deepEqual(complaints(file.text), [], file.name);
    });
  }

  const refused = {
    "a section": "tabels: {}",
    "a key of a column": "tables: { t: { columns: { id: { type: uuid, primary: true } } } }",
    "a word": "tables: { t: { columns: { id: uuid }, policies: [{ command: read }] } }",
    "a key behind a name": "tables: { t: { columns: { id: uuid }, policies: { readers: { comand: select } } } }",
    "a list in place of a map": "tables: { t: { columns: [id] } }",
  };
  for (const [what, text] of Object.entries(refused)) {
    test(`refused: ${what}`, () => assert.notDeepEqual(complaints(text), []));
  }
});
