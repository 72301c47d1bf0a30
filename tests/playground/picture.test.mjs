// The README's picture of the playground: a visit to the largest example, one column in. `UPDATE=1` takes it again.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { isSound, openHouse, outputHolds, repository, settled, spot } from "./visit.mjs";

const PICTURE = join(repository, "docs/playground.png");

describe("the picture of the README", { timeout: 120_000 }, () => {
  const house = openHouse();

  test("shows the page as it is", async () => {
    const page = await house.visit({ width: 1440, height: 900, colorScheme: "light" });
    await page.getByRole("button", { name: "Examples" }).click();
    await page.locator(".card", { hasText: "A SaaS product" }).click();
    await settled(page);
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("tab", { name: "identity.yaml" }).click();
    const at = await spot(page, "columns:", "columns:");
    await page.mouse.click(at.x, at.y);
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.keyboard.type("nickname: { type: text");
    await page.keyboard.press("Escape");
    await page.mouse.move(1100, 20);
    await settled(page);
    await outputHolds(page, "nickname text");
    await page.locator(".cm-tooltip").waitFor({ state: "detached" });
    await page.locator(".viewer .line-related.line-changed", { hasText: "nickname" }).waitFor();
    const picture = await page.screenshot();
    if (process.env.UPDATE === "1") writeFileSync(PICTURE, picture);
    const size = (png) => [png.readUInt32BE(16), png.readUInt32BE(20)];
    assert.deepEqual(size(readFileSync(PICTURE)), size(picture));
    isSound(page);
  });
});
