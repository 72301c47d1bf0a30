// The editor and what stands beside it: output as one types, problems where they are, their repairs, what editors know.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DEADLINE, eventually, isSound, openHouse, outputHolds, paste, settled, spot, text, write } from "./visit.mjs";

const NOTES = `tables:
  notes:
    columns:
      id: { type: uuid, primary_key: true, default: gen_random_uuid() }
      title: { type: text, nullable: false }
    policies:
      - { name: everybody reads, command: select, using: "true" }
`;

/**
 * A schema with the cursor before the name of a column, and what types a letter there: it says whether the name stood in the
 * output when the browser made ready to draw the letter.
 */
async function typing(page) {
  await write(page, NOTES);
  await page.locator(".editor .cm-line", { hasText: "title" }).click();
  await page.keyboard.press("Home");
  await page.evaluate(() => {
    const text = (host) => document.querySelector(`${host} .cm-content`).cmTile.root.view.state.doc.toString();
    const inTime = () => {
      const [, name] = /(\w+): \{ type: text/.exec(text(".editor"));
      return new RegExp(`\\b${name}\\b`).test(text(".viewer"));
    };
    addEventListener("keydown", () => requestAnimationFrame(() => (window.inTime = inTime())), { capture: true });
  });
  return async (letter) => {
    await page.evaluate(() => (window.inTime = undefined));
    await page.keyboard.press(letter);
    await page.waitForFunction(() => window.inTime !== undefined);
    await settled(page);
    return page.evaluate(() => window.inTime);
  };
}

describe("the editor", { timeout: 300_000 }, () => {
  const house = openHouse();

  test("shows the first example, and what it becomes", async () => {
    const page = await house.visit();
    assert.match(await text(page, ".editor"), /A blog in two tables/);
    await outputHolds(page, "CREATE TABLE public.authors");
    await page.getByText("No problems").waitFor();
    isSound(page);
  });

  test("writes the output as one types, and marks what changed", async () => {
    const page = await house.visit();
    await write(page, NOTES);
    await outputHolds(page, "title text NOT NULL");
    await page.locator(".editor .cm-line", { hasText: "title" }).click();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.keyboard.type("done: { type: boolean, nullable: false, default: false }");
    await outputHolds(page, "done boolean");
    const marked = await page.locator(".viewer .line-changed").allTextContents();
    assert.ok(marked.some((line) => line.includes("done boolean")), marked.join("\n"));
    assert.ok(!marked.some((line) => line.includes("CREATE TABLE")), marked.join("\n"));
    isSound(page);
  });

  test("shows what a key means in the frame that shows the key", async () => {
    const page = await house.visit();
    const type = await typing(page);
    await eventually("an answer within the frame of three keys", async () => {
      for (let key = 0; key < 3; key += 1) if (!(await type("a"))) return false;
      return true;
    });
    isSound(page);
  });

  test("has one answer, whether the page gives it or the compiler's thread", async () => {
    const page = await house.visit();
    const type = await typing(page);
    const name = async () => /(\w+): \{ type: text/.exec(await text(page, ".editor"))[1];
    const near = () => eventually("an answer within the frame", () => type("b"));
    await near();
    // The thread knows what was typed since it was asked last: the diagram, the other targets, what is under the pointer.
    await page.getByRole("tab", { name: "Diagram", exact: true }).click();
    await page.locator(".diagram .table", { hasText: await name() }).waitFor();
    await page.getByRole("tab", { name: "Output", exact: true }).click();
    await page.getByRole("tab", { name: "Zod", exact: true }).click();
    await outputHolds(page, `${await name()}: text`);
    await page.locator(".editor .cm-line", { hasText: await name() }).click({ position: { x: 60, y: 5 } });
    await page.keyboard.press("Home");
    await near();
    await outputHolds(page, `${await name()}: text`);
    // What takes longer is the thread's, and what was typed here stands in it.
    await page.keyboard.press("ControlOrMeta+End");
    const more = Array.from({ length: 300 }, (_, at) => `  more_${at}:\n    columns:\n      id: uuid\n`).join("");
    await page.evaluate((more) => navigator.clipboard.writeText(more), more);
    await page.keyboard.press("ControlOrMeta+v");
    await outputHolds(page, "More299Schema");
    await outputHolds(page, `${await name()}: text`);
    await page.keyboard.press("ControlOrMeta+z");
    await eventually("the output without it", async () => !(await text(page, ".viewer")).includes("More299Schema"));
    await page.getByRole("tab", { name: "SQL", exact: true }).click();
    await page.locator(".editor .cm-line", { hasText: await name() }).click({ position: { x: 60, y: 5 } });
    await page.keyboard.press("Home");
    await near();
    await page.locator(".viewer .line-related", { hasText: `${await name()} text` }).waitFor();
    isSound(page);
  });

  test("colours what is typed as it colours what is opened", async () => {
    const many = Array.from({ length: 12 }, (_, at) => NOTES.replace("tables:\n", "").replace("notes", `notes_${at}`)).join("");
    const page = await house.visit();
    await write(page, `tables:\n${many}`);
    await page.keyboard.press("ControlOrMeta+Home");
    for (const [line, typed, taken] of [[4, " # why", 3], [3, "\ndone: { type: boolean", 2], [9, "\n\"", 1], [2, " x", 2]]) {
      for (let down = 0; down < line; down += 1) await page.keyboard.press("ArrowDown");
      await page.keyboard.press("End");
      for (const letters of typed.split(/(\n)/)) await (letters === "\n" ? page.keyboard.press("Enter") : page.keyboard.type(letters));
      for (let back = 0; back < taken; back += 1) await page.keyboard.press("Backspace");
      // No list of completions takes the arrows.
      await page.keyboard.press("Escape");
    }
    const opened = await house.visit();
    await write(opened, await text(page, ".editor"));
    const colours = (page) =>
      page.locator(".editor .cm-line").evaluateAll((lines) => {
        const words = (line) => [...line.querySelectorAll("[class^=tok-]")].map((it) => `${it.className}: ${it.textContent}`);
        return lines.slice(0, 30).map(words).join("\n");
      });
    await page.keyboard.press("ControlOrMeta+Home");
    await opened.keyboard.press("ControlOrMeta+Home");
    await eventually("tables in the first line", async () => [await colours(page), await colours(opened)].every((all) => all.includes("tables")));
    assert.equal(await colours(page), await colours(opened));
    isSound(page);
  });

  test("lets the screen rest while nobody types", async () => {
    const page = await house.visit();
    for (const host of [".editor", ".viewer"]) {
      await page.locator(`${host} .cm-line`).first().click();
      await page.locator(`${host} .cm-focused`).waitFor();
      await eventually(`no animation in ${host}`, () => page.evaluate(() => document.getAnimations().length === 0));
    }
    const caret = await page.locator(".editor .cm-line").first().evaluate((line) => getComputedStyle(line).caretColor);
    assert.doesNotMatch(caret, /, 0\)$|transparent/);
    isSound(page);
  });

  test("underlines what is wrong, says it on hover and in the list, and repairs it", async () => {
    const page = await house.visit();
    await write(page, NOTES.replace("type: text", "type: tetx"));
    const underlined = page.locator(".editor .cm-lintRange-error");
    assert.equal(await underlined.first().textContent(), "tetx");
    await page.getByText("1 error", { exact: true }).waitFor();
    await page.getByText("The schema has errors. This is what it wrote before.").waitFor();
    await underlined.first().hover();
    await page.locator(".cm-tooltip-lint", { hasText: "there is no type" }).waitFor();
    await page.mouse.move(0, 0);
    await page.getByRole("button", { name: "there is no type tetx" }).click();
    assert.equal(await page.evaluate(() => getSelection().toString()), "tetx");
    await page.locator(".finding").getByRole("button", { name: "change it to text" }).click();
    await settled(page);
    assert.match(await text(page, ".editor"), /type: text/);
    await page.getByText("No problems").waitFor();
    isSound(page);
  });

  test("leaves no documentation behind where the mouse has left before the compiler answered", async () => {
    const page = await house.visit();
    await page.evaluate(() => {
      const send = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (message) {
        if (message.question !== "hover") return send.call(this, message);
        window.answered = () =>
          new Promise((done) => {
            this.addEventListener("message", ({ data }) => data.id === message.id && requestAnimationFrame(() => done(data.value.text)));
            send.call(this, message);
          });
      };
    });
    const at = await spot(page, "columns:", "columns:");
    await page.mouse.move(at.x, at.y);
    await page.waitForFunction(() => window.answered);
    await page.mouse.move(1100, 20);
    assert.match(await page.evaluate(() => window.answered()), /column/i);
    assert.equal(await page.locator(".cm-tooltip").count(), 0);
    isSound(page);
  });

  test("explains a code", async () => {
    const page = await house.visit();
    await write(page, NOTES.replace("type: text", "type: tetx"));
    await page.locator(".finding .link").click();
    await page.locator("dialog .docs", { hasText: /type/ }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    isSound(page);
  });

  test("repairs by the keyboard", async () => {
    const page = await house.visit();
    await write(page, NOTES.replace("type: text", "type: tetx"));
    await page.locator(".editor .cm-line", { hasText: "tetx" }).click();
    await page.keyboard.press("ControlOrMeta+.");
    await page.getByRole("option", { name: /change it to text/ }).waitFor();
    await page.keyboard.type("change it to text");
    await page.keyboard.press("Enter");
    await outputHolds(page, "title text NOT NULL");
    isSound(page);
  });

  test("completes keys and names", async () => {
    const page = await house.visit();
    await write(page, NOTES);
    await page.locator(".editor .cm-line", { hasText: "title" }).click();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.type(", uni");
    await page.locator(".cm-tooltip-autocomplete li", { hasText: "unique" }).first().waitFor();
    const documentation = page.locator(".cm-completionInfo .docs");
    await documentation.waitFor();
    const isSeen = (element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    };
    await eventually("the documentation, before all else", () => documentation.evaluate(isSeen));
    // By the mouse: CodeMirror ignores keys for an instant after the list appears.
    await page.locator(".cm-tooltip-autocomplete li", { hasText: "unique" }).first().click();
    await eventually("the key in the text", async () => /title: \{.*unique:/.test(await text(page, ".editor")));
    isSound(page);
  });

  test("documents what is under the pointer, and goes to definitions", async () => {
    const page = await house.visit();
    const over = await spot(page, "author_id:", "authors");
    await page.mouse.move(over.x, over.y);
    await page.locator(".cm-tooltip .docs", { hasText: /table .*authors/ }).waitFor();
    const use = await spot(page, "status: {", "post_status");
    await page.mouse.click(use.x, use.y);
    await page.keyboard.press("F12");
    await eventually("the definition", async () => (await page.evaluate(() => getSelection().toString())) === "post_status");
    const at = await page.locator(".editor .cm-activeLine").textContent();
    assert.match(at, /post_status: \[draft/);
    isSound(page);
  });

  test("formats", async () => {
    const page = await house.visit();
    await write(page, NOTES.replace("{ type: text, nullable: false }", "{type:   text,nullable: false}"));
    await page.keyboard.press("Shift+Alt+F");
    await eventually("the formatted line", async () => (await text(page, ".editor")) === NOTES);
    isSound(page);
  });

  test("leads from the schema to the output and back", async () => {
    const page = await house.visit();
    const source = page.locator(".editor .cm-line", { hasText: "title: { type: varchar(200)" });
    const title = page.locator(".viewer .line-related", { hasText: "title varchar(200)" });
    await source.click();
    await title.waitFor();
    await page.locator(".viewer .cm-line", { hasText: "CREATE TYPE public.post_status" }).click();
    await page.locator(".editor .line-related", { hasText: "post_status" }).waitFor();
    // Whoever scrolled the output away sees the lines again when they select once more what they are about.
    await source.click();
    await title.waitFor();
    const scroller = page.locator(".viewer .cm-scroller");
    const away = await scroller.evaluate((it) => (it.scrollTo(0, it.scrollHeight), it.scrollTop));
    await source.click({ position: { x: 100, y: 5 } });
    await eventually("the lines in view", async () => (await scroller.evaluate((it) => it.scrollTop)) < away);
    isSound(page);
  });

  test("has several files in tabs", async () => {
    const page = await house.visit();
    await page.getByRole("button", { name: "New file" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("../out.yaml");
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByText("is no name for a file").waitFor();
    await page.getByRole("textbox", { name: "Name" }).fill("tags.yaml");
    await page.getByRole("button", { name: "Add" }).click();
    await write(page, "enums:\n  colour: [red, blue]\n");
    await outputHolds(page, "CREATE TYPE public.colour");
    await page.getByRole("tab", { name: "schema.yaml" }).click();
    assert.match(await text(page, ".editor"), /A blog in two tables/);
    await page.getByRole("tab", { name: "tags.yaml" }).dblclick();
    await page.getByRole("textbox", { name: "Name" }).fill("colours.yaml");
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByRole("tab", { name: "colours.yaml" }).waitFor();
    await settled(page);
    await page.getByRole("button", { name: "Remove colours.yaml" }).click();
    await eventually("the output without it", async () => !(await text(page, ".viewer")).includes("colour"));
    isSound(page);
  });

  test("keeps the text and what can be undone over a reload", async () => {
    const page = await house.visit();
    await write(page, NOTES);
    await write(page, NOTES.replaceAll("notes", "letters"));
    await page.locator("html[data-kept=true]").waitFor({ state: "attached" });
    await page.reload();
    await settled(page);
    assert.equal(await text(page, ".editor"), NOTES.replaceAll("notes", "letters"));
    await page.locator(".editor .cm-content").click();
    await page.keyboard.press("ControlOrMeta+z");
    await eventually("the text before", async () => (await text(page, ".editor")) === NOTES);
    isSound(page);
  });

  test("stays responsive with 5 MB of schema", async () => {
    const page = await house.visit();
    const table = (index) => `  t${index}:\n    columns:\n      id: { type: uuid, primary_key: true }\n${"      # a comment as long as comments are in schemas that are written by hand\n".repeat(60)}`;
    const big = `tables:\n${Array.from({ length: 1100 }, (_, index) => table(index)).join("")}`;
    assert.ok(big.length > 4_500_000);
    await paste(page, big);
    // While the compiler is at it, letters arrive.
    const slowest = await page.evaluate(async () => {
      let worst = 0;
      for (let last = performance.now(), round = 0; round < 60; round += 1) {
        await new Promise(requestAnimationFrame);
        worst = Math.max(worst, performance.now() - last);
        last = performance.now();
      }
      return worst;
    });
    assert.ok(slowest < 2_000, `a frame took ${slowest} ms`);
    await page.keyboard.press("ControlOrMeta+Home");
    await page.keyboard.type("# typed\n");
    assert.match(await page.locator(".editor .cm-line").first().textContent(), /typed/);
    await page.locator(".page[data-settled=true]").waitFor({ timeout: 4 * DEADLINE });
    isSound(page);
  });
});
