// The diagram: it shows the tables, moves, leads to the source, follows the schema and can be taken along.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { eventually, isSound, openHouse, openPanel, write } from "./visit.mjs";

describe("the diagram", { timeout: 300_000 }, () => {
  const house = openHouse();

  /** A page that shows it. */
  async function drawn() {
    const page = await house.visit();
    await page.getByRole("tab", { name: "Diagram", exact: true }).click();
    await page.locator(".diagram .table", { hasText: "authors" }).waitFor();
    return page;
  }

  test("leads to the source", async () => {
    const page = await drawn();
    await page.locator(".diagram .table", { hasText: "posts" }).locator(".column", { hasText: "title" }).click();
    await eventually("the column in the editor", async () => /title: \{/.test(await page.locator(".editor .cm-activeLine").textContent()));
    await page.locator(".diagram .table[role=button]", { hasText: "authors" }).focus();
    await page.keyboard.press("Enter");
    await eventually("the table in the editor", async () => /authors/.test(await page.locator(".editor .cm-activeLine").textContent()));
    isSound(page);
  });

  test("is zoomed and moved", async () => {
    const page = await drawn();
    const width = async () => (await page.locator(".diagram svg").boundingBox()).width;
    const before = await width();
    await page.getByRole("button", { name: "Closer" }).click();
    assert.ok((await width()) > before);
    await page.locator(".diagram").hover();
    await page.mouse.wheel(0, 400);
    await eventually("a smaller diagram", async () => (await width()) < before);
    const { x } = await page.locator(".diagram svg").boundingBox();
    const host = await page.locator(".diagram").boundingBox();
    await page.mouse.move(host.x + 20, host.y + host.height - 20);
    await page.mouse.down();
    await page.mouse.move(host.x + 120, host.y + host.height - 20);
    await page.mouse.up();
    assert.ok(Math.abs((await page.locator(".diagram svg").boundingBox()).x - x - 100) < 2);
    await page.getByRole("button", { name: "Show all" }).click();
    assert.ok(Math.abs((await width()) - before) < 1);
    isSound(page);
  });

  test("is zoomed by two fingers, moved by one and opened by a tap", async () => {
    const page = await house.visit({ width: 390, height: 800, hasTouch: true });
    await openPanel(page, "Diagram", 390);
    const column = page.locator(".diagram .table", { hasText: "posts" }).locator(".column", { hasText: "title" });
    await column.waitFor();
    const hand = await page.context().newCDPSession(page);
    const touch = (type, ...touchPoints) => hand.send("Input.dispatchTouchEvent", { type, touchPoints });
    const box = (what) => page.locator(what).boundingBox();
    const host = await box(".diagram");
    const [x, y] = [host.x + host.width / 2, host.y + host.height / 2];
    const fingers = (apart) => [{ x: x - apart, y, id: 1 }, { x: x + apart, y, id: 2 }];

    const before = await box(".diagram svg");
    await touch("touchStart", ...fingers(40));
    for (const apart of [50, 60, 70, 80]) await touch("touchMove", ...fingers(apart));
    await touch("touchEnd");
    await eventually("a diagram twice as large", async () => Math.abs((await box(".diagram svg")).width / before.width - 2) < 0.02);
    const closer = await box(".diagram svg");
    // What was between the fingers is there still.
    assert.ok(Math.abs((x - closer.x) / closer.width - (x - before.x) / before.width) < 0.01);

    await touch("touchStart", { x, y });
    for (const way of [10, 20, 30]) await touch("touchMove", { x, y: y + way });
    await touch("touchEnd");
    await eventually("a diagram further down", async () => Math.abs((await box(".diagram svg")).y - closer.y - 30) < 1);
    assert.equal(await page.locator(".page").getAttribute("data-side"), "results");

    await page.getByRole("button", { name: "Show all" }).tap();
    await column.tap();
    await eventually("the column in the editor", async () => /title: \{/.test(await page.locator(".editor .cm-activeLine").textContent()));
    assert.equal(await page.locator(".page").getAttribute("data-side"), "schema");
    isSound(page);
  });

  test("follows the schema", async () => {
    const page = await drawn();
    await write(page, "tables:\n  planets:\n    columns:\n      id: { type: uuid, primary_key: true }\n");
    await page.locator(".diagram .table", { hasText: "planets" }).waitFor();
    assert.equal(await page.locator(".diagram .table").count(), 1);
    isSound(page);
  });

  test("is saved as SVG and as PNG", async () => {
    const page = await drawn();
    const save = async (name) => {
      const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
      return readFileSync(await file.path());
    };
    assert.match((await save("Save as SVG")).toString(), /^<!--[^]*<svg [^]*authors[^]*<\/svg>/);
    const png = await save("Save as PNG");
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    // More than a plain ground.
    assert.ok(png.length > 10_000, `${png.length} bytes`);
    isSound(page);
  });
});
