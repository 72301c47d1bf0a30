// The schema in a real PostgreSQL, in the page: applied, refused, queried, looked into.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cells, query, run, type } from "./database.mjs";
import { inEveryLook, isSound, openHouse, openPanel, write } from "./visit.mjs";

describe("running the schema", { timeout: 600_000 }, () => {
  const house = openHouse();

  test("fetches nothing of PostgreSQL before it is asked for", async () => {
    house.server.sent.length = 0;
    const page = await house.visit();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await page.getByRole("tab", { name: "Run", exact: true }).click();
    await page.getByText("Run the schema in a real PostgreSQL").waitFor();
    assert.deepEqual(house.server.sent.filter(({ path }) => path.startsWith("/postgres/")), []);
    isSound(page);
  });

  test("applies an example, queries it and shows its tables", async () => {
    const page = await house.visit();
    assert.match(await run(page), /^PostgreSQL \d+\.\d+ took \d+ statements in \d+\.\d s$/);
    const outcomes = await query(
      page,
      `insert into auth.users (id) select gen_random_uuid() from generate_series(1, 60);
       insert into authors (user_id, name) select id, 'author ' || row_number() over () from auth.users;
       select count(*) as authors, null as nothing from authors;
       select name from authors order by name limit 2`,
    );
    assert.match(await outcomes.innerText(), /^60 rows changed\s+60 rows changed\s+1 row\b/);
    assert.deepEqual(await cells(outcomes), [["60", "null"], ["author 1"], ["author 10"]]);
    await page.getByRole("tab", { name: "Tables" }).click();
    await page.getByRole("button", { name: "authors 60" }).click();
    await page.getByText("1–50 of 60").waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("51–60 of 60").waitFor();
    assert.equal((await cells(page.locator(".table-rows"))).length, 10);
    isSound(page);
  });

  test("shows what PostgreSQL says of a query, and brings queries back by the arrow keys", async () => {
    const page = await house.visit();
    await run(page);
    const outcomes = await query(page, "select 1;\nselect frob");
    assert.match(await outcomes.getByRole("alert").innerText(), /column "frob" does not exist[^]*SQLSTATE 42703, statement 2, line 2/);
    const several = await query(page, "create table few (n integer check (n < 3));\ninsert into few values (1), (2);\ninsert into few values (3)");
    assert.match(await several.getByRole("alert").innerText(), /violates check constraint "few_n_check"[^]*SQLSTATE 23514, statement 3$/);
    await query(page, "begin; set role anon; select 2 as two");
    assert.deepEqual(await cells(await query(page, "select current_user, 'three'")), [["postgres", "three"]]);
    const editor = page.locator(".console-editor .cm-content");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    assert.equal(await editor.innerText(), "begin; set role anon; select 2 as two");
    await page.keyboard.press("ArrowDown");
    assert.match(await editor.innerText(), /three/);
    isSound(page);
  });

  test("leads from what PostgreSQL refuses to the line of the schema", async () => {
    const page = await house.visit();
    await write(
      page,
      "tables:\n  kept:\n    columns: { id: integer }\nfunctions:\n  answer:\n    returns: integer\n    language: plpgsql\n    body: |\n      DECLARE\n        result no_such_type;\n      BEGIN\n        RETURN 42;\n      END;\n",
    );
    assert.equal(await page.locator(".summary .bad").count(), 0);
    assert.match(await run(page, /refused/), /refused 1 of \d+ statements/);
    const finding = page.locator(".finding", { hasText: "no_such_type" });
    assert.match(await finding.innerText(), /database-error[^]*schema\.yaml:10:\d+/);
    await page.locator(".editor .cm-lintRange-error").waitFor();
    // What it did not refuse is there.
    assert.deepEqual(await cells(await query(page, "select count(*) from kept")), [["0"]]);
    // A schema that is mended is not blamed any more.
    await write(page, "tables:\n  kept:\n    columns: { id: integer }\n");
    await finding.waitFor({ state: "detached" });
    await page.getByText("The schema has changed since it was run.").waitFor();
    await run(page);
    isSound(page);
  });

  test("stops a query that does not end", async () => {
    const page = await house.visit();
    await run(page);
    await type(page, "select count(*) from generate_series(1, 1000000000000)");
    await page.getByText("Running…").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("The database was stopped").waitFor();
    await run(page);
    isSound(page);
  });

  test("works without PostgreSQL where it does not load, and tries again", async () => {
    const page = await house.visit({ serviceWorkers: "block" });
    await page.context().route("**/postgres/pglite.wasm", (route) => route.abort());
    await run(page, /did not start/);
    await page.getByText("Everything else on this page works without it.").waitFor();
    await write(page, "enums:\n  still: [here]\n");
    await page.getByRole("tab", { name: "Output" }).click();
    await page.locator(".viewer .cm-line", { hasText: "public.still" }).first().waitFor();
    await page.context().unroute("**/postgres/pglite.wasm");
    await page.getByRole("tab", { name: "Run", exact: true }).click();
    await run(page);
  });

  test("says that the schema has errors in place of running it", async () => {
    const page = await house.visit();
    await write(page, "tables: { a: { columns: { b: frob } } }\n");
    await run(page, /mend them first/);
    isSound(page);
  });

  test("has no violation that axe-core knows, and fits on a phone", async () => {
    await inEveryLook(house, async (page, width, judge) => {
      await openPanel(page, "Run", width);
      await judge("nothing yet");
      await run(page);
      await query(page, "select * from pg_class; select frob");
      await judge("a refused query");
      await query(page, "select * from pg_class limit 20");
      await judge("a query");
      await page.getByRole("tab", { name: "Tables" }).click();
      await page.locator(".table-item").first().waitFor();
      await judge("the tables");
    });
  });
});
