// What the targets write: a tab for each, their options, copies and downloads.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { unzipSync } from "fflate";
import { schemagen } from "../judges/compiler.mjs";
import { eventually, isSound, openHouse, outputHolds, settled, text, write } from "./visit.mjs";

describe("the outputs", { timeout: 300_000 }, () => {
  const house = openHouse();

  test("has a tab for each target, which shows what the package writes", async () => {
    const page = await house.visit();
    const source = await text(page, ".editor");
    const targets = page.getByRole("tablist", { name: "Targets" }).getByRole("tab");
    assert.deepEqual(await targets.allTextContents(), schemagen.targets().map(({ title }) => title));
    for (const { name, title } of schemagen.targets()) {
      await targets.getByText(title, { exact: true }).click();
      const { files } = schemagen.compile([{ name: "schema.yaml", text: source }], { targets: [{ target: name }] });
      await eventually(`the output of ${name}`, async () => (await text(page, ".viewer")) === files[0].text);
      await page.locator(".viewer .cm-line span[class^=tok-]").first().waitFor();
    }
    await page.getByRole("tab", { name: schemagen.targets().find(({ name }) => name === "erd").title, exact: true }).click();
    await page.getByRole("button", { name: "Options" }).click();
    await page.getByLabel("format", { exact: true }).selectOption("mermaid");
    await page.locator(".viewer .tok-keyword", { hasText: "erDiagram" }).waitFor();
    isSound(page);
  });

  test("colours the words of SQL, and not names of columns that are words of it too", async () => {
    const page = await house.visit();
    await page.locator(".viewer .tok-keyword", { hasText: /^CREATE$/i }).first().waitFor();
    const words = await page.locator(".viewer .tok-keyword").allTextContents();
    const names = ["id", "name"];
    for (const name of names) assert.match(await text(page, ".viewer"), new RegExp(`^ +${name} `, "m"));
    assert.deepEqual(words.filter((word) => names.includes(word)), []);
    isSound(page);
  });

  test("has a control for each option of each target", async () => {
    const page = await house.visit();
    await page.getByRole("button", { name: "Options" }).click();
    for (const { title, options } of schemagen.targets()) {
      await page.getByRole("tablist", { name: "Targets" }).getByText(title, { exact: true }).click();
      for (const { name, kind, choices = [] } of options) {
        const control = page.locator(`#option-of-target-${name}`);
        await control.waitFor();
        assert.ok(await control.isEnabled(), `${title}: ${name}`);
        if (kind === "choice") assert.deepEqual(await control.locator("option").allTextContents(), choices);
      }
    }
    isSound(page);
  });

  test("folds what is long about an option behind its first sentence", async () => {
    const page = await house.visit();
    await page.getByRole("button", { name: "Options" }).click();
    const about = page.locator(".option-docs", { hasText: "The services that share the database" });
    assert.ok(!(await about.innerText()).includes("at least 10 apart"));
    await about.locator("summary").click();
    assert.ok((await about.innerText()).includes("at least 10 apart"));
    isSound(page);
  });

  test("takes the options of a target, and keeps them", async () => {
    const page = await house.visit();
    await page.getByRole("button", { name: "Options" }).click();
    const { options } = schemagen.targets().find(({ name }) => name === "sql");
    for (const { name } of options) await page.locator(`#option-of-target-${name}`).waitFor();
    await page.getByLabel("idempotent").check();
    await outputHolds(page, "IF NOT EXISTS");
    await page.locator("html[data-kept=true]").waitFor({ state: "attached" });
    await page.reload();
    await settled(page);
    await outputHolds(page, "IF NOT EXISTS");
    await page.getByRole("button", { name: "Options" }).click();
    await page.getByLabel("idempotent").uncheck();
    await eventually("the SQL as it was", async () => !(await text(page, ".viewer")).includes("IF NOT EXISTS"));
    isSound(page);
  });

  test("copies", async () => {
    const page = await house.visit();
    await page.getByRole("button", { name: "Copy the output" }).click();
    await page.getByText("Copied").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await text(page, ".viewer"));
    isSound(page);
  });

  test("downloads one file, and all as an archive", async () => {
    const page = await house.visit();
    const [one] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download this output" }).click()]);
    assert.equal(readFileSync(await one.path(), "utf8"), await text(page, ".viewer"));
    const [all] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download", exact: true }).click()]);
    assert.equal(all.suggestedFilename(), "schemagen.zip");
    const entries = unzipSync(readFileSync(await all.path()));
    const source = await text(page, ".editor");
    const targets = schemagen.targets().map(({ name }) => ({ target: name }));
    const { files } = schemagen.compile([{ name: "schema.yaml", text: source }], { targets });
    const decoder = new TextDecoder();
    const expected = { "schema.yaml": source, ...Object.fromEntries(files.map(({ path, text }) => [path, text])) };
    assert.deepEqual(Object.fromEntries(Object.entries(entries).map(([path, bytes]) => [path, decoder.decode(bytes)])), expected);
    isSound(page);
  });

  test("says why there is nothing to download", async () => {
    const page = await house.visit();
    await write(page, "tables: [");
    await page.getByRole("button", { name: "Download", exact: true }).click();
    await page.locator(".notice", { hasText: "the schema has errors" }).waitFor();
    isSound(page);
  });

  test("shows nothing where nothing is declared, and says so", async () => {
    const page = await house.visit();
    await write(page, "tables: { a: { columns: { b: frob } } }\n");
    await page.locator("html[data-kept=true]").waitFor({ state: "attached" });
    await page.reload();
    await page.getByText("The schema has errors: mend them, and the output is here.").waitFor();
    isSound(page);
  });
});
