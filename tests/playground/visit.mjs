// A visit of the playground, as its visitors have it: the release build, served from localhost, in Chromium. In: nothing.
// Out: pages, and what a hand does on them. Whatever is waited for has a deadline; a page that reports an error or that its
// policy stops fails the test.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { openBrowser } from "../bundlers/browser.mjs";
import { serve } from "./server.mjs";

/** The repository. */
export const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** How long anything may take, in milliseconds. A machine that builds besides is slow. */
export const DEADLINE = 30_000;

/** The release build. */
export const DIST = join(repository, "playground/dist");

/** A server and a browser. */
export class House {
  static async open() {
    return new House().begin();
  }

  async begin() {
    this.server = await serve(DIST);
    this.browser = await openBrowser();
    return this;
  }

  /** A page of a visitor who was never here. `path` is what stands behind the address. */
  async visit({ path = "", width = 1440, height = 900, ...options } = {}) {
    const context = await this.browser.newContext({ viewport: { width, height }, acceptDownloads: true, ...options });
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: this.server.url }).catch(() => {});
    context.setDefaultTimeout(DEADLINE);
    return this.open(context, path);
  }

  /** Another page of the same visitor. */
  async open(context, path = "") {
    const page = await context.newPage();
    page.errors = [];
    page.on("pageerror", (error) => page.errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && page.errors.push(message.text()));
    await page.goto(this.server.url + path);
    await settled(page);
    return page;
  }

  async close() {
    await this.browser?.close();
    await this.server?.close();
  }
}

/** A house for the tests of the suite that asks for it. */
export function openHouse() {
  const house = new House();
  before(() => house.begin());
  after(() => house.close());
  return house;
}

/** Waits until the compiler has said what it thinks of the text that stands there. */
export async function settled(page) {
  await page.locator(".page[data-settled=true]").waitFor();
}

/** Pastes `text` into the editor in place of what it holds. */
export async function paste(page, text) {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.locator(".editor .cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("ControlOrMeta+v");
}

/** The same, and waits for what the compiler says. */
export async function write(page, text) {
  await paste(page, text);
  await settled(page);
}

/** The text of the editor, or of the viewer: `host` is ".editor" or ".viewer". */
export async function text(page, host) {
  return page.locator(`${host} .cm-content`).evaluate((content) => content.cmTile.root.view.state.doc.toString());
}

/** The middle of `word` in the first line of the editor that holds `line`, for the mouse. */
export async function spot(page, line, word) {
  return page.locator(".editor .cm-content").evaluate(
    (content, [line, word]) => {
      const { view } = content.cmTile.root;
      const text = view.state.doc.toString();
      const at = text.indexOf(word, text.indexOf(line)) + Math.floor(word.length / 2);
      const { left, top, bottom } = view.coordsAtPos(at);
      return { x: left, y: (top + bottom) / 2 };
    },
    [line, word],
  );
}

/** Waits until the shown output holds `part`. */
export async function outputHolds(page, part) {
  await eventually(`${part} in the output`, async () => (await text(page, ".viewer")).includes(part));
}

/** Asks until the answer is yes. */
export async function eventually(what, question) {
  for (const end = Date.now() + DEADLINE; Date.now() < end; ) {
    if (await question()) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  assert.fail(`waited in vain for ${what}`);
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Walks in light and in dark, at a desk and on a phone. `walk` gets a page, how wide it is, and `judge`, which asks axe-core
 * of what is seen, and whether the page is no wider than the window.
 */
export async function inEveryLook(house, walk) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1440, 390]) {
      const page = await house.visit({ colorScheme, width, bypassCSP: true });
      await page.addScriptTag({ content: axe });
      const judge = async (what) => {
        const { violations } = await page.evaluate(() => window.axe.run());
        const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
        assert.deepEqual(said, [], `${what}, ${colorScheme}, ${width}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} is wider than ${width}`);
      };
      await walk(page, width, judge);
      await page.context().close();
    }
  }
}

/** Shows the panel of this name; on a phone, by the buttons below. */
export async function openPanel(page, name, width) {
  if (width === 390) await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name }).click();
  else await page.getByRole("tab", { name, exact: true }).click();
}

/** Nothing went wrong on the page. */
export function isSound(page) {
  assert.deepEqual(page.errors, []);
}
