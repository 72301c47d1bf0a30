// The playground's speed, in Chromium. In: the release build. Out: times in milliseconds of keystrokes in a schema of a
// hundred tables, each from the key until diagnostics and output of the new text are in the page, and until they are
// painted; what a first visit fetches, and how long it takes until one can type.
//
// Chromium draws the frame that shows a key before it lets the page hear of anything else, the compiler's answer too. So
// a time depends on when in the screen's interval the key is pressed, of which a hand knows nothing: keys must come at
// moments that have nothing to do with frames. Whoever waits for a result frame by frame and then presses the next key
// presses each just behind a frame, which is the worst moment there is.

import { settled, House, write } from "../playground/visit.mjs";
import { yaml } from "./schemas.mjs";

/** How long the hand rests between two keys, in milliseconds: who types fast presses ten or twelve in a second. */
const rest = (round) => 60 + (round % 7) * 5;

/**
 * The times of each of `rounds` keystrokes, until its results are `there` and `painted`. Half of them take a letter back, so
 * that the line stays as long as lines are.
 */
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
    window.times = { there: [], painted: [] };
    let pressed;
    addEventListener("keydown", ({ timeStamp }) => (pressed = timeStamp), { capture: true });
    const told = () => {
      if (root.dataset.settled !== "true" || pressed === undefined) return;
      const since = pressed;
      pressed = undefined;
      window.times.there.push(performance.now() - since);
      // The first message after a frame's callbacks comes when the frame is painted.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.times.painted.push(performance.now() - since);
      requestAnimationFrame(() => port2.postMessage(0));
    };
    new MutationObserver(told).observe(root, { attributes: true, attributeFilter: ["data-settled"] });
  });
  for (let round = 1; round <= rounds; round += 1) {
    await page.keyboard.press(round % 16 < 8 ? "abcdefgh"[round % 8] : "Backspace");
    await page.waitForFunction((count) => window.times.painted.length >= count, round, { polling: 10 });
    await new Promise((done) => setTimeout(done, rest(round)));
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
    const { there, painted } = await keystrokes(page, rounds + 20);
    return { bytes, starts, there: there.slice(20), painted: painted.slice(20) };
  } finally {
    await house.close();
  }
}
