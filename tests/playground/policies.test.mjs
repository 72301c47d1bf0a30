// The policy tester, as somebody uses it who has just written policies: sample rows, roles, claims, and for each row what is
// allowed and which policy decided.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cells, query, run } from "./database.mjs";
import { inEveryLook, isSound, openHouse, openPanel, write } from "./visit.mjs";

/** Documents of their owners, of which some are public; deleting takes a second factor. */
const DOCUMENTS = `functions:
  private.owns:
    args: [{ name: id, type: bigint }]
    returns: boolean
    language: sql
    volatility: stable
    security: definer
    body: select exists (select from public.documents as d where d.id = owns.id and d.owner = auth.uid())
enums:
  state: [draft, published]
tables:
  documents:
    columns:
      id: { type: bigint, primary_key: true, identity: by_default }
      owner: { type: uuid, nullable: false, default: auth.uid(), references: auth.users }
      title: { type: text, nullable: false, check: char_length(title) <= 40 }
      state: { type: state, nullable: false, default: draft }
    policies:
      - name: own documents
        command: all
        to: authenticated
        using: owner = auth.uid()
      - { name: published documents, command: select, using: state = 'published' }
      - name: second factor
        command: delete
        to: authenticated
        permissive: false
        using: auth.jwt() ->> 'aal' = 'aal2'
  notes:
    columns:
      id: { type: bigint, primary_key: true, identity: by_default }
      document: { type: bigint, nullable: false, references: { table: documents, on_delete: cascade } }
      body: { type: text, nullable: false }
    policies:
      - { name: notes of own documents, command: all, to: authenticated, using: private.owns(document) }
  odd:
    columns:
      code: { type: text, primary_key: true, check: "code ~ '^[b-d]{11}z$'" }
    policies:
      - { name: everybody, command: select, using: length(code) / (length(code) - 12) > 0 }
  suggestions:
    columns:
      id: { type: bigint, primary_key: true, identity: by_default }
      text: { type: text, nullable: false }
    policies:
      - { name: anybody suggests, command: insert, with_check: "true" }
  unguarded:
    rls: disabled
    columns:
      id: { type: bigint, primary_key: true, identity: by_default }
`;

/** A policy that counts and counts. */
const ENDLESS = `tables:
  a:
    columns: { id: { type: bigint, primary_key: true } }
    policies:
      - name: endless
        command: select
        using: id < (select count(*) from generate_series(1, 1000000000000))
`;

/** Runs the documents and opens the tester. */
async function opened(page, width = 1440) {
  await write(page, DOCUMENTS);
  await openPanel(page, "Run", width);
  await run(page);
  await page.getByRole("tab", { name: "Policies", exact: true }).click();
  await tried(page);
}

/** Waits until all tables were tried as `role`. */
async function tried(page, role = "") {
  await page.getByText(`Tried as ${role}`).waitFor();
  await page.locator(".trial-body:not([aria-busy])").waitFor();
}

/** Does `what`, which has the tables tried again, and waits for that. */
async function again(page, role, what) {
  await page.locator(".trial-status [role=status]").evaluate((it) => it.replaceChildren("before"));
  await what();
  await tried(page, role);
}

/** Does `what`, which has the tables tried again, and presses `button` as soon as the first of them is. */
async function pressWhileTrying(page, button, what) {
  const pressed = button.evaluate(
    (button) =>
      new Promise((done) => {
        const press = (_, observer) => {
          if (!button.parentElement.textContent.includes("Trying 1 of")) return;
          observer.disconnect();
          done(button.click());
        };
        new MutationObserver(press).observe(button.parentElement, { childList: true, subtree: true });
      }),
  );
  await what();
  await pressed;
}

/** Inserts the samples. */
const fill = (page) => again(page, "", () => page.getByRole("button", { name: "Insert sample rows" }).click());

/** Asks as a user of this address. */
const as = (page, label) => again(page, "authenticated", () => page.getByLabel("User", { exact: true }).selectOption({ label }));

/** The lines of all tables: name, rows, what may be read, inserted, updated, deleted, and row security. */
async function all(page) {
  const lines = await cells(page.locator(".trial-body"));
  return Object.fromEntries(lines.map(([name, ...rest]) => [name, rest.join(" | ")]));
}

/** Opens a table, by one command: what becomes of each row. */
async function look(page, table, command) {
  if (table !== undefined) await page.locator(".trial-body").getByRole("button", { name: table, exact: true }).click();
  await page.getByRole("tab", { name: command }).click();
  return page.locator(".trial-outcome").filter({ visible: true }).allTextContents();
}

/** Everything that is in the database, as PostgreSQL stores it, and how far its sequences are. */
async function stored(page) {
  const outcomes = await query(
    page,
    `select xmin, ctid, * from documents; select xmin, ctid, * from notes; select xmin, ctid, * from unguarded;
     select schemaname, sequencename, last_value from pg_sequences;
     select oid, relacl, relrowsecurity from pg_class where relnamespace = 'public'::regnamespace order by oid`,
  );
  const found = await cells(outcomes);
  await page.getByRole("tab", { name: "Policies", exact: true }).click();
  return found;
}

describe("trying policies", { timeout: 900_000 }, () => {
  const house = openHouse();

  test("fills empty tables, and says why one takes no sample", async () => {
    const page = await house.visit();
    await opened(page);
    await page.getByText("Nothing is in the tables yet").waitFor();
    assert.equal((await all(page)).notes, "0 | no | no | no | no | on, 1 policy");
    await fill(page);
    await page.getByText("Inserted 15 rows into 5 tables.").waitFor();
    await page.getByText("1 table takes no sample").click();
    await page.getByText(/odd new row for relation "odd" violates check constraint/).waitFor();
    assert.deepEqual(await all(page), {
      documents: "3 | 1 of 3 | none | none | none | on, 3 policies",
      notes: "3 | none | none | none | none | on, 1 policy",
      odd: "0 | – | no | no | no | on, 1 policy",
      suggestions: "3 | none | all | none | none | on, 1 policy",
      unguarded: "3 | all | all | all | all | off",
    });
    assert.equal((await look(page, "suggestions", "Insert"))[0], "yes: by “anybody suggests”, but not with RETURNING: it cannot be read");
    await page.getByRole("button", { name: "← All tables" }).click();
    // What was typed is looked at too.
    await query(page, "insert into odd values ('bcdbcdbcdbcz')");
    await page.getByRole("tab", { name: "Policies", exact: true }).click();
    await page.locator("tr", { hasText: "odd" }).getByText("none").first().waitFor();
    const samples = page.getByRole("button", { name: "Insert sample rows" });
    assert.equal(await samples.getAttribute("aria-disabled"), "true");
    await samples.focus();
    await page.keyboard.press("Enter");
    await page.locator(".trial-status", { hasText: "No table is empty" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Insert sample rows");
    // Whoever presses it while the tables are tried reads the answer after that, too.
    await pressWhileTrying(page, samples, () => page.getByLabel("Role", { exact: true }).selectOption("service_role"));
    await page.locator(".trial-body:not([aria-busy])").waitFor();
    assert.match(await page.locator(".trial-status [role=status]").textContent(), /^No table is empty/);
    await again(page, "anon", () => page.getByLabel("Role", { exact: true }).selectOption("anon"));
    assert.deepEqual(await look(page, "odd", "Read"), ["no: PostgreSQL says: division by zero"]);
    assert.equal(await page.locator(".trial-said").textContent(), "division by zero");
    isSound(page);
  });

  test("says for each row which policy decided, and changes nothing", async () => {
    const page = await house.visit();
    await opened(page);
    await fill(page);
    const before = await stored(page);
    assert.ok(before.length > 12);
    await as(page, "alice@example.com");
    assert.deepEqual(await look(page, "documents", "Read"), ["yes: by “own documents”", "yes: by “published documents”", "no: no policy lets it through"]);
    assert.deepEqual(await page.locator(".trial-grid tbody tr").nth(1).locator(".trial-said").allTextContents(), ["false", "true"]);
    assert.deepEqual(await look(page, undefined, "Update"), ["yes: by “own documents”", "no: no policy lets it through", "no: no policy lets it through"]);
    assert.equal((await look(page, undefined, "Delete"))[0], "no: stopped by “second factor”");
    await page.getByRole("button", { name: "Claims" }).click();
    await again(page, "authenticated", () => page.getByRole("button", { name: "Add the claim aal2" }).click());
    assert.equal((await look(page, undefined, "Delete"))[0], "yes: by “own documents”");
    await page.getByRole("button", { name: "← All tables" }).click();
    // A function in a schema that the role has no way to: policies may call it nevertheless.
    assert.deepEqual(await look(page, "notes", "Read"), ["yes: by “notes of own documents”", "no: no policy lets it through", "no: no policy lets it through"]);
    await page.getByRole("button", { name: "← All tables" }).click();
    await again(page, "service_role", () => page.getByLabel("Role", { exact: true }).selectOption("service_role"));
    assert.equal((await all(page)).documents, "3 | all | all | all | all | on, 3 policies");
    assert.match((await look(page, "documents", "Read"))[0], /^yes: service_role bypasses row security$/);
    await again(page, "supabase_auth_admin", () => page.getByLabel("Role", { exact: true }).selectOption("supabase_auth_admin"));
    await page.locator(".trial-standing", { hasText: "supabase_auth_admin has no privilege to SELECT" }).waitFor();
    assert.deepEqual(await stored(page), before);
    isSound(page);
  });

  test("tries the first rows of a long table, and more of them when it is asked", async () => {
    const page = await house.visit();
    await opened(page);
    await query(page, "insert into unguarded (id) select generate_series(1, 45)");
    await page.getByRole("tab", { name: "Policies", exact: true }).click();
    await look(page, "unguarded", "Read");
    await page.getByText("Each of the first 20 of 45 rows: can it be read?").waitFor();
    assert.equal(await page.locator(".trial-outcome").count(), 20);
    await page.getByRole("button", { name: "Try 20 more" }).click();
    await page.getByText("Each of the first 40 of 45 rows: can it be read?").waitFor();
    await page.locator("#trial-more:focus").press("Enter");
    await page.getByText("Each of the 45 rows: can it be read?").waitFor();
    await page.locator("#trial-back:focus").waitFor();
    isSound(page);
  });

  test("tries a row that is typed, and says what is wrong with the JSON", async () => {
    const page = await house.visit();
    await opened(page);
    await fill(page);
    await as(page, "bob@example.com");
    await look(page, "documents", "Insert");
    const answer = page.locator(".own-answer");
    await answer.getByText("yes: by “own documents”").waitFor();
    const row = page.getByLabel("A row of your own");
    assert.match(await row.inputValue(), /"owner": "22222222-/);
    await row.fill('{ "title": "mine" }');
    await answer.getByText("yes: by “own documents”").waitFor();
    await row.fill('{ "owner": "11111111-1111-4111-8111-111111111111", "title": "hers" }');
    await answer.getByText("no: no policy lets it through").waitFor();
    await row.fill('{ "title": "far too long for any document of this kind, is it not" }');
    await answer.getByText(/yes, but: by “own documents”; then PostgreSQL says: .* violates check constraint/).waitFor();
    await row.fill('{ "title" }');
    await answer.getByText(/JSON/).waitFor();
    await page.getByRole("button", { name: "Claims" }).click();
    const claims = page.getByLabel("JWT claims");
    await claims.fill('{ "sub": ');
    await page.getByText("The claims cannot be read").waitFor();
    assert.match(await page.locator("#asker-mistake").textContent(), /JSON/);
    await again(page, "authenticated", () => claims.fill('{ "sub": "33333333-3333-4333-8333-333333333333" }'));
    assert.equal(await page.getByLabel("User", { exact: true }).locator("option:checked").textContent(), "carol@example.com");
    isSound(page);
  });

  test("leads to the policy in the schema, where it stands by then", async () => {
    const page = await house.visit();
    await opened(page);
    await look(page, "documents", "Delete");
    await page.locator(".trial-body").getByRole("button", { name: "second factor" }).click();
    const line = page.locator(".editor .cm-activeLine");
    await line.getByText("second factor").waitFor();
    await write(page, `# One line more.\n${DOCUMENTS.replace("name: second factor", "name: another factor")}`);
    await page.locator(".trial-body").getByRole("button", { name: "own documents" }).click();
    await line.getByText("own documents").waitFor();
    await page.locator(".trial-body").getByRole("button", { name: "second factor" }).click();
    await page.getByText("“second factor” is not in the schema any more.").waitFor();
    isSound(page);
  });

  test("asks for the settings that a schema without Supabase reads", async () => {
    const page = await house.visit();
    await page.getByRole("button", { name: "Examples" }).click();
    await page.locator(".card", { hasText: "Notes behind an API" }).click();
    await run(page);
    await page.getByRole("tab", { name: "Policies", exact: true }).click();
    await tried(page);
    await fill(page);
    await again(page, "member", () => page.getByLabel("Role", { exact: true }).selectOption("member"));
    await page.getByRole("button", { name: "Claims" }).click();
    await again(page, "member", () => page.getByLabel("app.member").fill("11111111-1111-4111-8111-111111111111"));
    // Their ids are random, and so is their order.
    const no = "no: no policy lets it through";
    assert.deepEqual((await look(page, "notes", "Update")).sort(), [no, no, "yes: by “members do everything with their own”"]);
    await again(page, "moderator", () => page.getByLabel("Role", { exact: true }).selectOption("moderator"));
    assert.deepEqual((await look(page, undefined, "Update")).sort(), [no, no, "yes: by “moderators hide”"]);
    isSound(page);
  });

  test("fills most of the largest example", async () => {
    const page = await house.visit();
    await page.getByRole("button", { name: "Examples" }).click();
    await page.locator(".card", { hasText: "A SaaS product" }).click();
    await run(page);
    await page.getByRole("tab", { name: "Policies", exact: true }).click();
    await tried(page);
    await fill(page);
    const [, rows, tables] = /Inserted (\d+) rows into (\d+) tables/.exec(await page.locator(".trial-filled").textContent());
    assert.ok(Number(tables) >= 25 && Number(rows) >= 75, `${rows} rows in ${tables} tables`);
    isSound(page);
  });

  test("is used by the keyboard alone", async () => {
    const page = await house.visit();
    await opened(page);
    await fill(page);
    await page.locator(".trial-body").getByRole("button", { name: "documents" }).focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "← All tables");
    await page.getByRole("tab", { name: "Read" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.locator("#trial-tab-insert:focus").waitFor();
    await page.getByRole("button", { name: "← All tables" }).focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "documents");
    isSound(page);
  });

  test("stops a policy that does not end", async () => {
    const page = await house.visit();
    await write(page, ENDLESS);
    await run(page);
    await query(page, "insert into a values (1)");
    await page.getByRole("tab", { name: "Policies", exact: true }).click();
    await page.getByText("Trying 1 of 1 tables…").waitFor();
    await page.locator(".trial-status").getByRole("button", { name: "Stop" }).click();
    await page.getByText("The database was stopped").waitFor();
    await write(page, DOCUMENTS);
    await run(page);
    await page.getByRole("tab", { name: "Policies", exact: true }).click();
    await tried(page);
    isSound(page);
  });

  test("keeps out of the way while the schema is run again", async () => {
    const page = await house.visit();
    await opened(page);
    await fill(page);
    await page.locator(".run-head .button").click();
    await page.getByLabel("Role", { exact: true }).selectOption("service_role");
    await page.locator(".run-status", { hasText: "took" }).waitFor();
    await page.locator(".trial-filled:empty").waitFor({ state: "attached" });
    await tried(page, "service_role");
    assert.equal((await all(page)).documents, "0 | yes | yes | yes | yes | on, 3 policies");
    assert.deepEqual(await cells(await query(page, "select count(*) from notes")), [["0"]]);
    isSound(page);
  });

  test("has no violation that axe-core knows, and fits on a phone", async () => {
    await inEveryLook(house, async (page, width, judge) => {
      await opened(page, width);
      await judge("nothing to try");
      await fill(page);
      await page.getByRole("button", { name: "Claims" }).click();
      await page.getByLabel("JWT claims").fill("{");
      await page.getByText("The claims cannot be read").waitFor();
      await judge("wrong claims");
      await as(page, "alice@example.com");
      await judge("all tables");
      await page.getByRole("button", { name: "Claims" }).click();
      for (const [table, command] of [["documents", "Read"], [undefined, "Insert"], [undefined, "Delete"]]) {
        await look(page, table, command);
        await judge(command);
      }
    });
  });
});
