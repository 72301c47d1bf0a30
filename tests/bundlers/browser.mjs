// The browser of the tests: Debian's Chromium, driven by playwright-core. In: nothing. Out: a browser, which its user closes.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A browser without a window. */
export async function openBrowser() {
  const executablePath = PLACES.find((path) => existsSync(path));
  assert.ok(executablePath, "these tests need Chromium: install the package chromium");
  return chromium.launch({ executablePath, args: FLAGS });
}
