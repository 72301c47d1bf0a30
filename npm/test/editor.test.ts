// What editors ask, through the package: positions in UTF-16, plain objects, a workspace that changes.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as schemagen from "schemagen";

const PEOPLE = `tables:
  people:
    columns:
      id: { type: uuid, primary_key: true }
      "na\u{1F600}me": text
`;
const POSTS = `tables:
  posts: # \u{1F600}
    columns:
      author: { type: uuid, references: people.id }
    policies:
      - { name: "\u{1F600}", command: select, using: author = auth.uid() }
`;

/** The place of `needle` in a text, and `more` units into it. */
function at(text: string, needle: string, more = 0): schemagen.Position {
  const before = text.slice(0, text.indexOf(needle) + more).split("\n");
  return { line: before.length - 1, column: before.at(-1)!.length };
}

function workspace(posts = POSTS): schemagen.Workspace {
  return schemagen.createWorkspace([
    { name: "people.yaml", text: PEOPLE },
    { name: "posts.yaml", text: posts },
  ]);
}

/** The texts with the edits made. */
function edited(text: string, edits: schemagen.Edit[]): string {
  const offset = ({ line, column }: schemagen.Position): number =>
    text.split("\n").slice(0, line).reduce((sum, before) => sum + before.length + 1, column);
  const inOrder = [...edits].sort((a, b) => offset(b.range.start) - offset(a.range.start));
  return inOrder.reduce((now, { range, text }) => now.slice(0, offset(range.start)) + text + now.slice(offset(range.end)), text);
}

test("completes behind characters of two units, in a text that cannot be read", () => {
  const broken = POSTS.replace("author = auth.uid() }", "aut");
  const found = workspace(broken).complete("posts.yaml", at(broken, "using: aut", 10));
  const author = found.find(({ label }) => label === "author");
  assert.equal(author?.kind, "column");
  assert.equal(author.detail, "uuid");
  assert.deepEqual(author.edit.range, { start: at(broken, "using: aut", 7), end: at(broken, "using: aut", 10) });
});

test("hovers over names and leads to their definitions, in other files", () => {
  const editor = workspace();
  const hover = editor.hover("posts.yaml", at(POSTS, "people.id", 1));
  assert.match(hover!.text, /table people/);
  const definition = editor.definition("posts.yaml", at(POSTS, "people.id", 8));
  assert.deepEqual(definition, {
    file: "people.yaml",
    range: { start: at(PEOPLE, "id:"), end: at(PEOPLE, "id:", 2) },
  });
  assert.match(editor.hover("posts.yaml", at(POSTS, "auth.uid", 6))!.text, /auth\.uid\(\)/);
  assert.equal(editor.definition("posts.yaml", at(POSTS, "auth.uid", 6)), undefined);
});

test("finds and renames everywhere, or says why not", () => {
  const editor = workspace();
  const references = editor.references("people.yaml", at(PEOPLE, "people"));
  assert.deepEqual(references.map(({ file, definition }) => [file, definition]), [["people.yaml", true], ["posts.yaml", false]]);
  const renaming = editor.rename("people.yaml", at(PEOPLE, "people"), "persons")!;
  assert.equal(renaming.refused, undefined);
  const posts = edited(POSTS, renaming.edits.filter(({ file }) => file === "posts.yaml"));
  assert.match(posts, /references: persons\.id/);
  assert.match(editor.rename("posts.yaml", at(POSTS, "auth.uid", 6), "x")!.refused!, /somebody else/);
  assert.match(editor.renamable("posts.yaml", at(POSTS, "uuid"))!.refused!, /PostgreSQL/);
});

test("outlines, finds, offers, and knows what is around", () => {
  const editor = workspace();
  const [table] = editor.symbols("posts.yaml");
  assert.deepEqual([table!.kind, table!.name, table!.children.map(({ name }) => name)], ["table", "posts", ["author", "\u{1F600}"]]);
  assert.deepEqual(editor.findSymbols("auth", 5).map(({ name, container }) => [name, container]), [["author", "posts"]]);
  const [action] = editor.actions("posts.yaml", at(POSTS, "author"));
  assert.equal(action!.title, "add an index on `author`");
  assert.equal(schemagen.check([{ name: "people.yaml", text: PEOPLE }, { name: "posts.yaml", text: edited(POSTS, action!.edits) }]).ok, true);
  const [innermost] = editor.objectsAt("posts.yaml", at(POSTS, "author"));
  assert.equal(innermost, "column public.posts.author");
  const { files } = editor.compile({ targets: [{ target: "sql" }] });
  const objects = files[0]!.provenance.map(({ object }) => object);
  assert.ok(editor.objectsAt("posts.yaml", at(POSTS, "author")).some((object) => objects.includes(object)));
});

test("colours words in UTF-16, each of its kinds, and folds lines", () => {
  const text = `# \u{1F600}
# comment
enums: { mood: [good] }
tables:
  people:
    columns: { "na\u{1F600}me": { type: text, check: "\u{1F600}", default: "'\u{1F600}' || lower('x') -- why\\n" }, mood: { type: mood, check: mood <> 1 } }
views:
  all_people: { query: select p.mood from public.people p }
`;
  const editor = schemagen.createWorkspace([{ name: "a.yaml", text }]);
  const lines = text.split("\n");
  const words = editor.highlights("a.yaml").map(({ line, column, length, kind }) => `${lines[line]!.slice(column, column + length)} ${kind}`);
  for (const word of ["mood type", "good label", "people relation", "na\u{1F600}me column", "'\u{1F600}' string", "lower function", "1 number", "select keyword", "public schema", "p variable"]) {
    assert.ok(words.includes(word), `${word} in ${words.join(", ")}`);
  }
  assert.ok(words.some((word) => word.startsWith("-- why") && word.endsWith(" comment")), words.join(", "));
  assert.deepEqual(editor.folds("a.yaml"), [
    { firstLine: 0, lastLine: 1, kind: "comment" },
    { firstLine: 3, lastLine: 5, kind: "block" },
    { firstLine: 4, lastLine: 5, kind: "block" },
    { firstLine: 6, lastLine: 7, kind: "block" },
  ]);
});

test("a source that is not there has no answers", () => {
  const editor = workspace();
  assert.deepEqual(editor.complete("none.yaml", { line: 0, column: 0 }), []);
  assert.equal(editor.hover("none.yaml", { line: 0, column: 0 }), undefined);
  assert.equal(editor.rename("none.yaml", { line: 0, column: 0 }, "x"), undefined);
  assert.deepEqual(editor.symbols("none.yaml"), []);
  assert.deepEqual(editor.highlights("none.yaml"), []);
  assert.deepEqual(editor.folds("none.yaml"), []);
  assert.deepEqual(editor.complete("people.yaml", { line: 9_999, column: 9_999 }).length > 0, true);
});
