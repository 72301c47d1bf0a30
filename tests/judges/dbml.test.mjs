// @dbml/core reads the DBML, and finds in it what the schema says. In: every schema of the repository. What DBML has no
// words for must be said in a comment.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Parser } from "@dbml/core";
import { compileText } from "./compiler.mjs";
import { schemas } from "./corpus.mjs";
import { expected } from "./expected.mjs";

/** What the parser reads, flat: lists of tables, enums and references, whose schemas stand in their names. */
function parsed(text) {
  try {
    const { schemas } = new Parser().parse(text, "dbmlv2").export();
    const all = (kind) => schemas.flatMap((one) => one[kind].map((it) => ({ ...it, name: it.name, schema: one.name })));
    return { tables: all("tables"), enums: all("enums"), refs: all("refs"), groups: all("tableGroups") };
  } catch (error) {
    throw new Error(JSON.stringify(error.diags?.slice(0, 5) ?? error.message));
  }
}

const full = ({ schema, name }) => `${schema}.${name}`;
const sorted = (list) => [...list].sort();

describe("DBML", () => {
  for (const schema of schemas()) {
    const text = compileText(schema, "dbml");
    const found = parsed(text);
    const { tables, enums } = expected(schema);
    const left = (text.match(/^\/\/ Only in the database: .*$/gm) ?? []).map((line) => line.slice(3));
    const leftOf = (word) => left.filter((line) => line.includes(`: the ${word} `)).length;
    const own = found.tables.filter((one) => one.note !== "Made by others.");

    test(`${schema.name}: has its tables with their columns, and no other`, () => {
      const meant = tables.filter((one) => one.columns.length > 0);
      assert.deepEqual(sorted(own.map(full)), sorted(meant.map(full)));
      for (const table of meant) {
        const columns = own.find((one) => full(one) === full(table)).fields;
        assert.deepEqual(sorted(columns.map((one) => one.name)), sorted(table.columns.map((one) => one.name)), table.name);
        const notNull = (one) => one.not_null === true || one.pk === true;
        for (const column of table.columns.filter((one) => one.notNull)) assert.ok(notNull(columns.find((one) => one.name === column.name)), `${table.name}.${column.name}`);
        if (table.comment) assert.equal(own.find((one) => full(one) === full(table)).note, table.comment);
      }
    });

    test(`${schema.name}: has its enums with their labels`, () => {
      const meant = enums.map((one) => ({ ...one, labels: one.labels.filter((label) => label !== "") })).filter((one) => one.labels.length > 0);
      const shown = (list, labels) => sorted(list.map((one) => JSON.stringify([full(one), ...labels(one)])));
      assert.deepEqual(shown(found.enums, (one) => one.values.map((value) => value.name)), shown(meant, (one) => one.labels));
    });

    test(`${schema.name}: has its keys, checks and indexes`, () => {
      const count = (list, of) => list.reduce((sum, one) => sum + of(one), 0);
      assert.equal(found.refs.length + leftOf("foreign key"), count(tables, (one) => one.constraints.f));
      const indexes = count(own, (one) => one.indexes.filter((index) => !index.pk).length);
      const unique = count(own, (one) => one.fields.filter((field) => field.unique).length);
      assert.equal(indexes + unique + leftOf("index"), count(tables, (one) => one.indexes + one.constraints.u));
      for (const name of tables.flatMap((one) => one.indexNames)) {
        assert.ok(own.some((one) => one.indexes.some((index) => index.name === name)) || left.some((line) => line.includes(name)), name);
      }
      assert.equal(found.groups.length, 0);
    });
  }
});
