// `generate --watch`: writes again when a schema or the configuration changes, goes on after errors, ends when told.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BIN, CONFIG, NOTES, TestProject } from "./project.js";

test("watch", { timeout: 60_000 }, async (t) => {
  const project = new TestProject({ "schemagen.config.json": CONFIG, "schema.yaml": NOTES });
  const child = spawn(process.execPath, [BIN, "generate", "--watch"], { cwd: project.root });
  t.after(() => {
    child.kill("SIGKILL");
    project.remove();
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      said += chunk;
    });
  }
  const until = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(said)) {
      await sleep(20, undefined, { signal: t.signal }).catch(() => assert.fail(`no ${pattern} in:\n${said}`));
    }
    said = "";
  };
  await until(/watching/);
  project.write("schema.yaml", NOTES.replaceAll("title", "headline"));
  await until(/2 files written/);
  project.write("schema.yaml", "tables: [");
  await until(/yaml-syntax/);
  project.write("schema.yaml", NOTES);
  await until(/2 files written/);
  project.write("schemagen.config.json", "{");
  await until(/cannot read the configuration/);
  project.write("schemagen.config.json", CONFIG.replace("db/schema.sql", "db/other.sql"));
  await until(/\+ db\/other\.sql[^]*- db\/schema\.sql/);
  child.kill("SIGINT");
  const code = await new Promise((done) => child.on("exit", done));
  assert.equal(code, 0);
});
