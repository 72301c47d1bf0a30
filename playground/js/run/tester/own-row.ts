// A row of one's own: JSON that is tried as an insertion while it is written. In: a table, who asks, a row to begin with. Out:
// what becomes of it and why.

import type { Asker, TableInfo, Verdict } from "../protocol.js";
import type { Runner } from "../runner.js";
import { mistake } from "./claims.js";
import { element } from "./element.js";
import { outcome, saidCell } from "./table.js";

/** How long the keyboard rests, in milliseconds, before what is written is tried. */
const REST = 250;

export class OwnRow {
  readonly root: HTMLElement;
  readonly #runner: Runner;
  readonly #table: TableInfo;
  readonly #text: HTMLTextAreaElement;
  readonly #answer: HTMLElement;
  #asker: Asker | undefined;
  #policies: string[] = [];
  #isWritten = false;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  /** Counts what was asked: only the last answer is shown. */
  #asked = 0;

  constructor(runner: Runner, table: TableInfo) {
    this.#runner = runner;
    this.#table = table;
    this.#text = element("textarea", { class: "field asker-json", id: "own-row", rows: 6, spellcheck: "false", input: () => this.#written() });
    this.#answer = element("div", { class: "own-answer", role: "status" });
    this.root = element("div", { class: "own-row" }, element("label", { for: "own-row" }, "A row of your own, as JSON"), this.#text, this.#answer);
  }

  /** Tries as somebody else; until something is written, with a row that could be theirs. */
  async ask(asker: Asker, policies: string[]): Promise<void> {
    this.#asker = asker;
    this.#policies = policies;
    if (!this.#isWritten) {
      const { schema, name } = this.#table;
      const asked = (this.#asked += 1);
      const sample = await this.#runner.ask("sample", [schema, name, asker]).catch(reasonOf);
      if (asked !== this.#asked) return;
      this.#text.value = "row" in sample ? sample.row : "{}";
      if ("reason" in sample) return this.#say(element("p", { class: "faint" }, `There is no sample: ${sample.reason}`));
    }
    await this.#try();
  }

  #written(): void {
    this.#isWritten = true;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => void this.#try(), REST);
  }

  async #try(): Promise<void> {
    const row = this.#text.value;
    const asked = (this.#asked += 1);
    const wrong = mistake(row);
    this.#text.toggleAttribute("aria-invalid", wrong !== undefined);
    if (wrong !== undefined) return this.#say(element("p", { class: "bad" }, wrong));
    const { schema, name } = this.#table;
    const verdict = await this.#runner.ask("tryInsert", [schema, name, this.#asker!, row]).catch(reasonOf);
    if (asked !== this.#asked) return;
    if ("reason" in verdict) this.#say(element("p", { class: "bad" }, verdict.reason));
    else this.#say(...this.#shown(verdict));
  }

  #shown(verdict: Verdict): HTMLElement[] {
    const line = element("p", {}, outcome(verdict));
    const said = verdict.said.map((it, at) => element("tr", {}, element("th", { scope: "row" }, this.#policies[at] ?? ""), saidCell(it)));
    return said.length === 0 ? [line] : [line, element("table", { class: "grid" }, element("tbody", {}, ...said))];
  }

  #say(...what: HTMLElement[]): void {
    this.#answer.replaceChildren(...what);
  }
}

function reasonOf(error: unknown): { reason: string } {
  return { reason: error instanceof Error ? error.message : String(error) };
}
