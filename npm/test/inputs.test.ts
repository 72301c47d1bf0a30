// Which files a pattern stands for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { globRegExp } from "../src/glob.js";
import { displayPath, expand } from "../src/inputs.js";
import { TestProject } from "./project.js";

const cases: [string, string[], string[]][] = [
  ["*.yaml", ["a.yaml", ".yaml"], ["a/b.yaml", "a.yaml.bak"]],
  ["**/*.yaml", ["a.yaml", "a/b/c.yaml"], ["a.yml"]],
  ["a/**", ["a/b", "a/b/c"], ["b/a", "a"]],
  ["a?.{yaml,yml}", ["ab.yaml", "ab.yml"], ["a.yaml", "a/.yaml"]],
  ["[ab]+(1).yaml", ["a+(1).yaml"], ["c+(1).yaml", "aa1.yaml"]],
  ["[!a].yaml", ["b.yaml"], ["a.yaml"]],
  ["{a,b/**/c}/d.yaml", ["a/d.yaml", "b/c/d.yaml", "b/x/c/d.yaml"], ["b/d.yaml"]],
  ["{a", [], ["{a", "a"]],
];
for (const [pattern, yes, no] of cases) {
  test(pattern, () => {
    for (const path of yes) assert.match(path, globRegExp(pattern));
    for (const path of no) assert.doesNotMatch(path, globRegExp(pattern));
  });
}

test("files, folders and globs, sorted, each once, without what is excluded", () => {
  const project = new TestProject({
    "s/a.yaml": "",
    "s/b/c.yml": "",
    "s/b/schemagen.config.yaml": "",
    "s/b/draft.yml": "",
    "s/readme.md": "",
    "s/node_modules/x.yaml": "",
    "s/.hidden/x.yaml": "",
    "odd[1].yaml": "",
  });
  project.link("s/loop", project.path("s"));
  project.link("s/linked.yaml", project.path("s/a.yaml"));
  const names = (...patterns: string[]): string[] =>
    expand(patterns, project.root).map((file) => displayPath(file, project.root));
  const all = ["s/a.yaml", "s/b/c.yml", "s/b/draft.yml", "s/linked.yaml"];
  assert.deepEqual(names("s"), all);
  assert.deepEqual(names("s/b", "s/**/*", "s/a.yaml").filter((name) => !name.endsWith(".md")), all);
  assert.deepEqual(names("./s/**/*.y*ml", "!**/draft.*"), ["s/a.yaml", "s/b/c.yml", "s/linked.yaml"]);
  assert.deepEqual(names("odd[1].yaml"), ["odd[1].yaml"]);
  assert.throws(() => names("s/*.toml"), /no file matches/);
  project.remove();
});
