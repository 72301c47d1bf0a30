// examples/vite-react-supabase, built by Vite, in a real browser: the form says what the schema refuses before anything
// is sent, and what is sent is written under the policies of the schema.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { chromium } from "playwright-core";
import { schemagen } from "../judges/compiler.mjs";
import { folderOf, run } from "./app.mjs";
import { serve } from "./supabase.mjs";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", process.env.CHROME_PATH];
const folder = folderOf("vite-react-supabase");

describe("examples/vite-react-supabase", { timeout: 300_000 }, () => {
  let db;
  let server;
  let browser;
  let page;

  before(async () => {
    const executablePath = BROWSERS.find((path) => path !== undefined && existsSync(path));
    assert.ok(executablePath, "this test needs Chromium: install the package chromium");
    db = await PGlite.create();
    server = await serve(join(folder, "dist"), db);
    await run(folder, ["npm", "run", "build"], { VITE_SUPABASE_URL: server.url, VITE_SUPABASE_ANON_KEY: "anon" });
    await db.exec(schemagen.platformSql());
    await db.exec(readFileSync(join(folder, "supabase/schemas/schema.sql"), "utf8"));
    browser = await chromium.launch({ executablePath, args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"] });
    page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(server.url);
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    await db?.close();
  });

  /** Fills the form in and sends it. */
  async function sign(name, message, mood = "curious") {
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Message").fill(message);
    await page.getByLabel("Mood").selectOption(mood);
    await page.getByRole("button", { name: "Sign" }).click();
  }
  const problems = () => page.getByRole("alert").allInnerTexts();

  test("what the schema refuses is said in the form, and not sent", async () => {
    await sign("x", "");
    await page.getByRole("alert").nth(1).waitFor();
    assert.equal((await problems()).length, 2);
    await sign("Ann", "😀".repeat(281));
    await page.getByText("must have at most 280 characters").waitFor();
    assert.deepEqual(server.requests.filter((request) => request.startsWith("POST")), []);
  });

  test("what the schema takes is written, and stands on the page, also after it is loaded again", async () => {
    await sign("Ann", "😀".repeat(280), "delighted");
    await page.getByRole("listitem").waitFor();
    await sign("Ben", "Hello there");
    await page.getByText("Ben, curious: Hello there").waitFor();
    assert.deepEqual(await problems(), []);
    const { rows } = await db.query("select name, mood from entries order by id");
    assert.deepEqual(rows, [{ name: "Ann", mood: "delighted" }, { name: "Ben", mood: "curious" }]);
    await page.reload();
    await page.getByRole("listitem").nth(1).waitFor();
    assert.match((await page.getByRole("listitem").allInnerTexts())[0], /^Ben, curious/);
  });

  test("what the database says against all odds is said on the page", async () => {
    await db.exec("revoke insert on entries from anon; revoke insert (name, message, mood) on entries from anon");
    await sign("Eve", "Me too");
    await page.getByText("permission denied for table entries").waitFor();
  });
});
