// The page around the editor: examples, links, themes, the palette, narrow screens, screen readers, no network.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { eventually, inEveryLook, isSound, openHouse, openPanel, outputHolds, settled, spot, text, write } from "./visit.mjs";

const link = (content) => `#s=${deflateRawSync(typeof content === "string" ? content : JSON.stringify(content)).toString("base64url")}`;

const SHARED = {
  version: 1,
  files: [{ name: "shared.yaml", text: "enums:\n  shared_by: [link]\n" }],
  active: "shared.yaml",
  target: "zod",
  options: {},
  targetVersion: null,
};

/** Lets the first compilation of a thread end in a trap. */
const FAILING = `{
  const { Instance } = WebAssembly;
  WebAssembly.Instance = function (...given) {
    const { exports } = new Instance(...given);
    return { exports: { ...exports, workspace_compile: () => { throw new WebAssembly.RuntimeError("unreachable"); } } };
  };
}\n`;

describe("the page", { timeout: 300_000 }, () => {
  const house = openHouse();

  /** A visitor, and a page, for whom `answer` gives the files that are like `pattern`. */
  const visitWith = async (pattern, answer) => {
    const context = await house.browser.newContext({ serviceWorkers: "block" });
    await context.route(pattern, answer);
    const page = await context.newPage();
    await page.goto(house.server.url);
    return { context, page };
  };

  test("opens each example, and brings back what was there", async () => {
    const page = await house.visit();
    await write(page, "enums:\n  mine: [kept]\n");
    for (const [title, sign] of [["A SaaS product", "organisation"], ["A guestbook on Supabase", "entries"], ["Notes behind an API", "notes"], ["A blog", "authors"]]) {
      await page.getByRole("button", { name: "Examples" }).click();
      await page.locator(".card", { hasText: title }).click();
      await settled(page);
      await outputHolds(page, sign);
      assert.equal(await page.locator(".summary .bad").count(), 0);
      if (title === "A SaaS product") {
        assert.equal(await page.getByRole("tablist", { name: "Files" }).getByRole("tab").count(), 10);
        await page.getByRole("button", { name: "Bring it back" }).click();
        await outputHolds(page, "CREATE TYPE public.mine");
      }
    }
    isSound(page);
  });

  test("shares everything in a link", async () => {
    const page = await house.visit();
    await write(page, "enums:\n  café: [\"<script>alert(1)</script>\", ☕]\n");
    await page.getByRole("button", { name: "Share" }).click();
    const address = await page.getByLabel("Link").inputValue();
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByText("Link copied").waitFor();
    const other = await house.visit({ path: new URL(address).hash });
    assert.equal(await text(other, ".editor"), await text(page, ".editor"));
    await outputHolds(other, "<script>alert(1)</script>");
    assert.equal(new URL(other.url()).hash, "");
    isSound(other);
  });

  test("opens a link beside work of one's own, which can be brought back", async () => {
    const page = await house.visit();
    await write(page, "enums:\n  mine: [kept]\n");
    await page.locator("html[data-kept=true]").waitFor({ state: "attached" });
    const again = await house.open(page.context(), link(SHARED));
    await again.getByRole("tab", { name: "shared.yaml" }).waitFor();
    await outputHolds(again, "SharedBy");
    await again.getByRole("button", { name: "Bring it back" }).click();
    await eventually("the own schema", async () => (await text(again, ".editor")).includes("mine"));
    isSound(again);
  });

  test("says of a broken link that it is broken, runs nothing of it and fetches nothing", async () => {
    const broken = {
      "damaged letters": "#s=%3Cscript%3E",
      "damaged data": "#s=AAAA",
      "no JSON": link("<script>alert(1)</script>"),
      "another version": link({ ...SHARED, version: 2 }),
      "a path out of the project": link({ ...SHARED, files: [{ name: "../shared.yaml", text: "" }], active: "../shared.yaml" }),
      "an unknown key": link({ ...SHARED, fetch: "https://example.com" }),
      "more than fits": link(JSON.stringify({ ...SHARED, files: [{ name: "shared.yaml", text: "x".repeat(9_000_000) }] })),
    };
    for (const [what, path] of Object.entries(broken)) {
      const page = await house.visit({ path });
      await page.getByText("This link is broken").waitFor();
      assert.match(await text(page, ".editor"), /A blog in two tables/, what);
      isSound(page);
      await page.context().close();
    }
    const page = await house.visit({ path: link({ ...SHARED, target: "frob", options: { frob: { a: 1 }, sql: { frob: true } } }) });
    await outputHolds(page, "shared_by");
    const outside = house.server.sent.filter(({ path }) => !/^\/[\w.-]*$/.test(path));
    assert.deepEqual(outside, []);
    isSound(page);
  });

  test("lets no script in by what a schema says", async () => {
    const page = await house.visit();
    const nasty = "<img src=x onerror=alert(1)>";
    await write(page, `tables:\n  t:\n    comment: "${nasty} [x](javascript:alert(1))"\n    columns:\n      id: { type: uuid, primary_key: true, comment: "${nasty}" }\n`);
    const over = await spot(page, "id:", "id");
    await page.mouse.move(over.x, over.y);
    await page.locator(".cm-tooltip .docs", { hasText: "onerror" }).waitFor();
    assert.equal(await page.locator(".docs img").count(), 0);
    // Later, as the driver itself may evaluate texts.
    await page.evaluate(() => void setTimeout("window.isBroken = true"));
    const isRefused = (error) => /Content Security Policy/.test(error);
    await eventually("the policy's refusal", () => page.errors.some(isRefused));
    assert.equal(await page.evaluate(() => window.isBroken), undefined);
    page.errors = page.errors.filter((error) => !isRefused(error));
    isSound(page);
  });

  test("does by the palette what buttons do", async () => {
    const page = await house.visit();
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("output zod");
    await page.keyboard.press("Enter");
    await outputHolds(page, 'from "zod"');
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("no such thing");
    await page.getByText("Nothing of that name").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("ControlOrMeta+Shift+e");
    await page.getByRole("heading", { name: "Examples" }).waitFor();
    isSound(page);
  });

  test("is used by the keyboard alone", async () => {
    const page = await house.visit();
    await page.getByRole("tab", { name: "SQL", exact: true }).focus();
    await page.keyboard.press("End");
    const last = page.getByRole("tablist", { name: "Targets" }).getByRole("tab").last();
    assert.equal(await last.getAttribute("aria-selected"), "true");
    await page.keyboard.press("Home");
    await outputHolds(page, "CREATE TABLE");
    await page.getByRole("separator").focus();
    const before = await page.locator(".sources").boundingBox();
    await page.keyboard.press("ArrowRight");
    await eventually("a wider schema", async () => (await page.locator(".sources").boundingBox()).width > before.width);
    isSound(page);
  });

  test("is light or dark as the system is, or as one chooses", async () => {
    const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await house.visit({ colorScheme: "dark" });
    const light = await house.visit({ colorScheme: "light" });
    const [atNight, atDay] = [await ground(dark), await ground(light)];
    assert.notEqual(atNight, atDay);
    await light.getByRole("button", { name: "Switch between light and dark" }).click();
    await eventually("a dark page", async () => (await ground(light)) === atNight);
    await light.reload();
    await settled(light);
    assert.equal(await ground(light), atNight);
    isSound(light);
  });

  test("shows one side at a time on a phone, and nothing wider than it", async () => {
    const page = await house.visit({ width: 390, height: 844, hasTouch: true, isMobile: true });
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    assert.ok(await fits());
    assert.ok(await page.locator(".editor").isVisible());
    assert.ok(!(await page.locator(".viewer").isVisible()));
    await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Output" }).click();
    await outputHolds(page, "CREATE TABLE");
    assert.ok(await page.locator(".viewer").isVisible());
    assert.ok(await fits());
    await page.getByRole("button", { name: "Options" }).click();
    assert.ok(await fits());
    await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Schema" }).click();
    await write(page, "tables: { a: { columns: { b: { type: tetx, check: a_rather_long_function_name(b) } } } }\n");
    await page.locator(".finding-foot .link").first().click();
    const examples = page.locator(".dialog .docs pre");
    await examples.first().waitFor();
    const right = await page.locator(".dialog").evaluate((dialog) => dialog.getBoundingClientRect().right);
    for (const example of await examples.all()) assert.ok((await example.evaluate((it) => it.getBoundingClientRect().right)) <= right);
    isSound(page);
  });

  test("has no violation that axe-core knows", async () => {
    await inEveryLook(house, async (page, width, judge) => {
      await judge("the page");
      await write(page, "tables: { a: { columns: { b: { type: tetx } } } }\n");
      await judge("errors");
      for (const keys of ["ControlOrMeta+k", "ControlOrMeta+Shift+e", "ControlOrMeta+Shift+l"]) {
        await page.keyboard.press(keys);
        await page.locator("dialog").waitFor();
        await judge(keys);
        await page.keyboard.press("Escape");
        await page.locator("dialog").waitFor({ state: "detached" });
      }
      if (width === 390) await openPanel(page, "Output", width);
      await page.getByRole("button", { name: "Options" }).click();
      await judge("options");
      if (width === 390) await openPanel(page, "Schema", width);
      await write(page, "tables: { a: { columns: { b: { type: text } } } }\n");
      await openPanel(page, "Diagram", width);
      await page.locator(".diagram .table").waitFor();
      await judge("the diagram");
    });
  });

  test("works without a network after the first visit", async () => {
    const page = await house.visit();
    await page.evaluate(async () => {
      const { active } = await navigator.serviceWorker.ready;
      if (active.state !== "activated") await new Promise((done) => active.addEventListener("statechange", done));
    });
    await page.context().setOffline(true);
    await page.reload();
    await settled(page);
    await write(page, "enums:\n  offline: [\"yes\"]\n");
    await outputHolds(page, "CREATE TYPE public.offline");
    isSound(page);
  });

  test("says that the page does not load", async () => {
    const { context, page } = await visitWith("**/*.wasm", (route) => route.abort());
    await page.getByText("The playground does not load. Reload the page to try again").waitFor();
    await context.unroute("**/*.wasm");
    await page.reload();
    await settled(page);
    assert.equal(await page.getByRole("status").getByText("The playground does not load").count(), 0);
  });

  test("goes on with another compiler where one fails, at the next change", async () => {
    let threads = 0;
    const { page } = await visitWith("**/compiler.js", async (route) => {
      threads += 1;
      const response = await route.fetch();
      await route.fulfill({ response, body: (threads === 1 ? FAILING : "") + (await response.text()) });
    });
    await page.getByText("schemagen's compiler failed, which is a bug in it: unreachable").waitFor();
    await page.getByText("The compiler is not there").waitFor();
    await write(page, "enums:\n  again: [\"yes\"]\n");
    await outputHolds(page, "CREATE TYPE public.again");
    assert.equal(await page.getByText("which is a bug in it").count(), 0);
    assert.equal(threads, 2);
  });

  test("says that the compiler does not start, and keeps what is typed", async () => {
    const { context, page } = await visitWith("**/compiler.js", (route) => route.abort());
    await page.getByText("The compiler is not there").waitFor();
    await page.locator(".editor .cm-content").click();
    await page.keyboard.type("# typed all the same\n");
    await page.locator("html[data-kept=true]").waitFor({ state: "attached" });
    await context.unroute("**/compiler.js");
    await page.reload();
    await settled(page);
    assert.match(await text(page, ".editor"), /typed all the same/);
  });
});
