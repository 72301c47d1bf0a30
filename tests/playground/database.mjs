// The panel that runs the schema, as a hand uses it. In: a page. Out: what the panel says then.

import assert from "node:assert/strict";

/** PostgreSQL starts in seconds; on a busy machine, in many. */
const START = 120_000;

/** Opens the panel, runs the schema and waits for how that ended: the words that the panel says. */
export async function run(page, end = /took \d+ statement/) {
  if (!(await page.locator(".run-head").isVisible())) await page.getByRole("tab", { name: "Run", exact: true }).click();
  await page.locator(".run-head .button").click();
  const status = page.locator(".run-status", { hasText: /took|refused|did not|mend/ });
  await status.waitFor({ timeout: START });
  assert.match(await status.textContent(), end);
  return status.textContent();
}

/** Pastes `sql` into the console in place of what it holds, and runs it. */
export async function type(page, sql) {
  await page.evaluate((sql) => navigator.clipboard.writeText(sql), sql);
  await page.locator(".console-editor .cm-content").click();
  for (const keys of ["a", "v", "Enter"]) await page.keyboard.press(`ControlOrMeta+${keys}`);
}

/** Runs `sql` in the console, and gives what stands below it. */
export async function query(page, sql) {
  await page.getByRole("tab", { name: "Console" }).click();
  await type(page, sql);
  await page.locator(".outcomes .outcome-head, .outcomes .refusal").filter({ hasText: /ms|SQLSTATE/ }).last().waitFor();
  return page.locator(".outcomes");
}

/** The texts of the cells of a grid in `place`. */
export const cells = (place) => place.locator(".grid tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
