// A visit of the playground, as its visitors have it: the release build, served from localhost, in Chromium. In: nothing.
// Out: pages, and what a hand does on them. Whatever is waited for has a deadline; a page that reports an error or that its
// policy stops fails the test.

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openBrowser } from "../bundlers/browser.mjs";
import { serve } from "./server.mjs";

/** The repository. */
export const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** How long anything may take, in milliseconds. A machine that builds besides is slow. */
export const DEADLINE = 30_000;

/** The release build. */
export const DIST = join(repository, "playground/dist");

/** A server and a browser for the tests of one file. */
export class House {
  static async open() {
    const house = new House();
    house.server = await serve(DIST);
    house.browser = await openBrowser();
    return house;
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

/** Nothing went wrong on the page. */
export function isSound(page) {
  assert.deepEqual(page.errors, []);
}
