// Which files a pattern stands for.

import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { test } from "node:test";
import { globRegExp } from "../src/glob.js";
import { displayPath, expand, isInput } from "../src/inputs.js";
import { asAnybody, TestProject } from "./project.js";

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
  for (const out of ["!s/b", "!s/b/", "!./s/b/**", `!${project.path("s/b")}`]) {
    assert.deepEqual(names("s", out), ["s/a.yaml", "s/linked.yaml"], out);
    assert.equal(isInput(project.path("s/b/new.yaml"), ["s", out], project.root), false, out);
  }
  assert.deepEqual(names("s", "!s/*"), ["s/b/c.yml", "s/b/draft.yml"]);
  assert.deepEqual(names("odd[1].yaml"), ["odd[1].yaml"]);
  assert.deepEqual(names("*.yaml", "s/a.yaml", "!odd[1].yaml"), ["s/a.yaml"]);
  assert.throws(() => names("s", "!s"), /every schema file is left out/);
  assert.throws(() => names("!s"), /no schema file is named/);
  assert.throws(() => names(), /no schema file is named/);
  assert.throws(() => names("s/*.toml"), /no file matches/);
  project.remove();
});

test("links that lead nowhere hold nothing", () => {
  const project = new TestProject({ "s/a.yaml": "" });
  project.link("s/loop.yaml", project.path("s/loop.yaml"));
  project.link("s/gone", project.path("nowhere"));
  assert.deepEqual(expand(["s"], project.root), [project.path("s/a.yaml")]);
  project.remove();
});

test("a folder that cannot be read is an error where it matters", () =>
  asAnybody(() => {
    const project = new TestProject({ "s/a.yaml": "", "s/locked/b.yaml": "" });
    chmodSync(project.path("s/locked"), 0);
    assert.throws(() => expand(["s"], project.root), /cannot read `[^`]*s\/locked`: permission denied/);
    assert.deepEqual(expand(["s", "!s/locked"], project.root), [project.path("s/a.yaml")]);
    assert.deepEqual(expand(["s/*.yaml"], project.root), [project.path("s/a.yaml")]);
    chmodSync(project.path("s/locked"), 0o700);
    project.remove();
  }));
