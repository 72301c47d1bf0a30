// The compiler that remembers, as imported by its users: what it gives after edits is what a call from nothing gives.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as esm from "schemagen";
import { BROKEN, NOTES } from "./project.js";

const cjs = createRequire(import.meta.url)("schemagen") as typeof esm;
const options = { targets: [{ target: "sql" }, { target: "zod" }] };
const notes = { name: "notes.yaml", text: NOTES };
const tags = { name: "tags.yaml", text: "tables: { tags: { rls: enabled, columns: { id: { type: uuid, primary_key: true } } } }\n" };

for (const [name, api] of [["ESM", esm], ["CommonJS", cjs]] as const) {
  test(`${name}: edits, one after the other`, () => {
    const workspace = api.createWorkspace([notes]);
    const holds = (...files: esm.SourceFile[]): void => {
      assert.deepEqual(workspace.compile(options), api.compile(files, options));
      assert.deepEqual(workspace.check(), api.check(files));
      assert.deepEqual(workspace.statements(), api.statements(files));
    };
    holds(notes);
    workspace.set(tags);
    holds(notes, tags);
    const broken = { name: "notes.yaml", text: new TextEncoder().encode(BROKEN) };
    workspace.set(broken);
    holds(broken, tags);
    workspace.remove("notes.yaml");
    workspace.remove("no such file");
    holds(tags);
    workspace.update([notes, tags]);
    holds(notes, tags);
    workspace.update([]);
    holds();
    workspace.free();
  });
}

test("wrong arguments are type errors, and the workspace goes on", () => {
  const workspace = esm.createWorkspace([notes]);
  assert.throws(() => workspace.set({ name: "x" } as esm.SourceFile), TypeError);
  assert.throws(() => workspace.update("x" as unknown as esm.SourceFile[]), TypeError);
  assert.throws(() => workspace.compile({ targets: [{ target: 1 }] } as unknown as esm.CompileOptions), TypeError);
  assert.throws(() => esm.createWorkspace(NOTES as unknown as esm.SourceFile[]), TypeError);
  assert.deepEqual(workspace.compile(options), esm.compile([notes], options));
  workspace.free();
});

test("a workspace outlives a failure of the compiler", () => {
  const workspace = esm.createWorkspace([notes, tags]);
  const other = esm.createWorkspace([tags]);
  // What looks like an exhausted stack costs the WebAssembly its instance, and with it everything that lies there.
  const fails = { name: "x.yaml", get text(): string { throw new RangeError("too much recursion"); } };
  assert.throws(() => esm.check([fails]), esm.InternalError);
  assert.deepEqual(workspace.compile(options), esm.compile([notes, tags], options));
  assert.deepEqual(other.check(), esm.check([tags]));
  workspace.free();
  other.free();
});
