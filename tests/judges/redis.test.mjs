// The cache schema of every schema of the repository, held against the JSON Schema that stands beside the target, and against
// the tables as the schema's facts have them. prettier changes nothing.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { compileText } from "./compiler.mjs";
import { read, schemas } from "./corpus.mjs";
import { expected } from "./expected.mjs";
import { reformatted } from "./tools.mjs";

describe("cache schemas", () => {
  const validate = new Ajv({ strict: true, allErrors: true }).compile(JSON.parse(read("core/src/emit/redis/cache.schema.json")));

  for (const schema of schemas()) {
    for (const options of [{}, { comments: true }]) {
      test(`${schema.name} ${JSON.stringify(options)}`, async () => {
        const text = compileText(schema, "redis", options);
        const document = JSON.parse(text);
        assert.ok(validate(document), JSON.stringify(validate.errors));
        assert.equal(await reformatted(text, "json"), undefined);
        const tables = Object.values(document.tables);
        for (const { schema: namespace, name, columns } of expected(schema).tables) {
          const table = document.tables[namespace === "public" ? name : `${namespace}.${name}`];
          // A partition is cached as a part of its table.
          if (table === undefined) continue;
          assert.deepEqual(Object.keys(table.fields), columns.map((column) => column.name));
          for (const key of table.primary_key) assert.equal(table.fields[key].indexed, true);
        }
        for (const { fields, primary_key: key } of tables) for (const name of key) assert.ok(name in fields);
      });
    }
  }
});
