// The playground's speed, in Chromium. In: the release build. Out: times in milliseconds of keystrokes in a schema of a
// hundred tables, each from the key to diagnostics and output of the new text; what a first visit fetches, and how long it
// takes until one can type.

import { settled, House, write } from "../playground/visit.mjs";
import { yaml } from "./schemas.mjs";

/** The time of each of `rounds` keystrokes, half of which take a letter back, so that the line stays as long as lines are. */
async function keystrokes(page, rounds) {
  await write(page, yaml(100));
  // The editor reads a long text for its colours when nobody types, which it has done before anybody does.
  await page.waitForTimeout(1000);
  await page.locator(".editor .cm-content").evaluate((content) => {
    const { view } = content.cmTile.root;
    const at = view.state.doc.toString().indexOf("Where to write to", view.state.doc.length / 2);
    view.dispatch({ selection: { anchor: at + 5 }, scrollIntoView: true });
    view.focus();
    const [root] = document.getElementsByClassName("page");
    window.times = [];
    let pressed;
    addEventListener("keydown", ({ timeStamp }) => (pressed = timeStamp), { capture: true });
    const told = () => {
      if (root.dataset.settled === "true" && pressed !== undefined) {
        window.times.push(performance.now() - pressed);
        pressed = undefined;
      }
    };
    new MutationObserver(told).observe(root, { attributes: true, attributeFilter: ["data-settled"] });
  });
  for (let round = 1; round <= rounds; round += 1) {
    await page.keyboard.press(round % 16 < 8 ? "abcdefgh"[round % 8] : "Backspace");
    await page.waitForFunction((count) => window.times.length >= count, round);
  }
  return page.evaluate(() => window.times);
}

/** Measures; the first keystrokes are not counted. */
export async function visit(rounds = 120) {
  const house = await House.open();
  try {
    const starts = [];
    let bytes = 0;
    for (let round = 0; round < 5; round += 1) {
      house.server.sent.length = 0;
      const before = performance.now();
      const page = await house.visit({ serviceWorkers: "block" });
      starts.push(performance.now() - before);
      bytes = house.server.sent.reduce((sum, file) => sum + file.bytes, 0);
      await page.context().close();
    }
    const page = await house.visit();
    await settled(page);
    const times = await keystrokes(page, rounds + 20);
    return { bytes, starts, times: times.slice(20) };
  } finally {
    await house.close();
  }
}
