// The policy tester. In: a database with a schema in it, who asks. Out: for each table what they may read and write, row by
// row, and which policy decided. Everything is tried for real by the database's thread, which undoes it; loaded when it is
// first looked at.

import type { Session } from "../../session.js";
import type { Command, Examination, Filled, Policy, TableInfo } from "../protocol.js";
import type { Runner } from "../runner.js";
import { AskerForm } from "./asker.js";
import { element } from "./element.js";
import { OwnRow } from "./own-row.js";
import { extent, matrix, policies, stateOf, tabs, TITLES } from "./table.js";

/** How long the keyboard rests, in milliseconds, before what is written is tried. */
const REST = 250;

/** How many rows of a table are tried at first, and how many more when somebody asks. */
const STEP = 20;

/** Why there are no samples to insert. */
const FULL = "No table is empty: samples are for those that are.";

const COMMANDS: Command[] = ["select", "insert", "update", "delete"];

/** The tester in `host`. */
export class Tester {
  readonly #session: Session;
  readonly #runner: Runner;
  /** Says that there are other rows now. */
  readonly #touched: () => void;
  readonly #form: AskerForm;
  readonly #fill: HTMLButtonElement;
  readonly #stop: HTMLElement;
  /** How far it is; what it came to, which screen readers say. */
  readonly #progress: HTMLElement;
  readonly #status: HTMLElement;
  readonly #filled: HTMLElement;
  readonly #body: HTMLElement;
  #tables: TableInfo[] = [];
  #found = new Map<string, Examination>();
  /** The cells of each table's line, which are filled as answers come. */
  #lines = new Map<string, HTMLTableRowElement>();
  #open: { table: TableInfo; own: OwnRow; most: number } | undefined;
  #command: Command = "select";
  /** Which of the runner's databases that is about. */
  #database = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  /** Whether a failure stands where the tables were. */
  #isBroken = false;
  /** Counts the rounds: an answer of an earlier one is not shown. */
  #round = 0;

  constructor(host: HTMLElement, session: Session, runner: Runner, touched: () => void) {
    this.#session = session;
    this.#runner = runner;
    this.#touched = touched;
    this.#fill = element("button", { class: "button small", type: "button", click: () => void this.#fillTables() }, "Insert sample rows");
    this.#form = new AskerForm(() => this.#soon());
    this.#progress = element("p", { class: "faint" });
    this.#status = element("p", { class: "faint", role: "status" });
    this.#stop = element("button", { class: "button small", type: "button", hidden: true, click: () => runner.stop() }, "Stop");
    this.#filled = element("div", { class: "trial-filled" });
    this.#body = element("div", { class: "trial-body" });
    host.replaceChildren(this.#form.root, element("div", { class: "trial-status" }, this.#progress, this.#status, this.#stop, element("span", { class: "spread" }), this.#fill), this.#filled, this.#body);
  }

  /** Looks again at what there is, and tries all of it. */
  async refresh(): Promise<void> {
    const round = this.#begin("Looking at the tables…");
    try {
      const askers = await this.#runner.ask("askers", []);
      const tables = await this.#runner.ask("guarded", []);
      if (round !== this.#round) return;
      if (this.#database !== this.#runner.databases) this.#filled.replaceChildren();
      this.#database = this.#runner.databases;
      this.#form.offer(askers);
      this.#tables = tables;
      const isFull = tables.every(({ count }) => count > 0);
      // Not disabled: whoever pressed it by the keyboard would lose their place.
      this.#fill.setAttribute("aria-disabled", String(isFull));
      this.#fill.title = isFull ? FULL : "A few rows for each table that is empty";
      this.#found.clear();
      const open = tables.find((it) => this.#isOpen(it));
      if (open === undefined) this.#showAll();
      else this.#openTable(open);
      await this.#try();
    } catch (error) {
      this.#fail(error, round);
    }
  }

  #soon(): void {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => void this.#try(), REST);
  }

  /** Tries every table, the one that is open first. */
  async #try(): Promise<void> {
    const asker = this.#form.chosen;
    if (asker === undefined) {
      this.#begin("");
      return this.#end("The claims cannot be read: mend them, and the tables are tried.");
    }
    const round = this.#begin("Trying…");
    if (this.#isBroken) this.#show();
    const order = [...this.#tables].sort((a, b) => Number(this.#isOpen(b)) - Number(this.#isOpen(a)));
    try {
      for (const [at, table] of order.entries()) {
        this.#progress.textContent = `Trying ${at + 1} of ${order.length} tables…`;
        const most = this.#isOpen(table) ? this.#open!.most : STEP;
        const examination = await this.#runner.ask("examine", [table.schema, table.name, asker, most]);
        if (round !== this.#round) return;
        this.#found.set(keyOf(table), examination);
        this.#write(table);
        // Another may be open by now.
        const own = this.#isOpen(table) ? this.#open?.own : undefined;
        if (own === undefined) continue;
        this.#showTable();
        await own.ask(asker, this.#askedNames(table, "insert"));
      }
      if (round === this.#round) this.#end(`Tried as ${asker.role}. Nothing of it stays.`);
    } catch (error) {
      this.#fail(error, round);
    }
  }

  #begin(progress: string): number {
    clearTimeout(this.#waiting);
    this.#progress.textContent = progress;
    this.#status.textContent = "";
    this.#stop.hidden = false;
    this.#body.setAttribute("aria-busy", "true");
    return (this.#round += 1);
  }

  #end(status: string): void {
    this.#progress.textContent = "";
    // What somebody was answered meanwhile stays.
    this.#status.textContent ||= status;
    this.#stop.hidden = true;
    this.#body.removeAttribute("aria-busy");
  }

  #fail(error: unknown, round: number): void {
    if (round !== this.#round) return;
    this.#end("");
    this.#isBroken = true;
    const message = error instanceof Error ? error.message : String(error);
    this.#body.replaceChildren(element("div", { class: "refusal", role: "alert" }, element("p", { class: "bad" }, message)));
  }

  async #fillTables(): Promise<void> {
    if (this.#fill.getAttribute("aria-disabled") === "true") {
      this.#status.textContent = FULL;
      return;
    }
    const round = this.#begin("Inserting sample rows…");
    try {
      this.#report(await this.#runner.ask("fill", []));
      this.#touched();
    } catch (error) {
      this.#fail(error, round);
    }
  }

  #isOpen(table: TableInfo): boolean {
    return this.#open !== undefined && keyOf(this.#open.table) === keyOf(table);
  }

  #show(): void {
    if (this.#open === undefined) this.#showAll();
    else this.#showTable();
  }

  /** Says which tables have rows now, and why others have none. */
  #report({ filled, left }: Filled): void {
    const rows = filled.reduce((sum, { count }) => sum + count, 0);
    const said = element("p", {}, `Inserted ${rows} ${rows === 1 ? "row" : "rows"} into ${filled.length} ${filled.length === 1 ? "table" : "tables"}.`);
    const reasons = left.map(({ label, reason }) => element("li", {}, element("code", {}, label), ` ${reason}`));
    const title = `${left.length} ${left.length === 1 ? "table takes" : "tables take"} no sample: insert rows in the console`;
    const rest = left.length === 0 ? null : element("details", {}, element("summary", {}, title), element("ul", {}, ...reasons));
    this.#filled.hidden = false;
    this.#filled.replaceChildren(said, ...(rest === null ? [] : [rest]));
  }

  /** All tables, a line for each. */
  #showAll(): void {
    this.#isBroken = false;
    this.#open = undefined;
    this.#filled.hidden = false;
    if (this.#tables.length === 0) {
      const nothing = [element("p", { class: "nothing-title" }, "No tables"), element("p", { class: "faint" }, "Declare one, and run the schema again.")];
      return this.#body.replaceChildren(element("div", { class: "nothing" }, ...nothing));
    }
    const head = ["Table", "Rows", ...COMMANDS.map((it) => TITLES[it]), "Row security"].map((it) => element("th", { scope: "col" }, it));
    this.#lines = new Map(this.#tables.map((table) => [keyOf(table), element("tr", {}, this.#name(table), ...head.slice(1).map(() => element("td", { class: "faint" }, "…")))]));
    const empty = this.#tables.every(({ count }) => count === 0);
    const hint = element("p", { class: "banner" }, "Nothing is in the tables yet: insert sample rows, or rows of your own in the console.");
    const table = element("table", { class: "grid trial-all" }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...this.#lines.values()));
    this.#body.replaceChildren(...(empty ? [hint] : []), element("div", { class: "grid-scroll", tabindex: "0", role: "region", "aria-label": "What each table lets through" }, table));
    for (const table of this.#tables) this.#write(table);
  }

  #name(table: TableInfo): HTMLElement {
    const open = (): void => {
      this.#openTable(table);
      this.#body.querySelector<HTMLElement>("#trial-back")?.focus();
    };
    return element("th", { scope: "row" }, element("button", { class: "link", type: "button", click: open }, table.label));
  }

  /** Writes what was found out into the line of a table. */
  #write(table: TableInfo): void {
    const examination = this.#found.get(keyOf(table));
    const line = this.#lines.get(keyOf(table));
    if (examination === undefined || line === undefined) return;
    const state = element("td", { class: examination.rls === "off" ? "fair" : "" }, stateOf(examination));
    const cells = examination.views.map((view) => {
      const { words, kind } = extent(view);
      return element("td", { class: kind === "none" ? "faint" : kind === "all" ? "good" : "note", title: view.standing?.why }, words);
    });
    line.replaceChildren(line.cells[0]!, element("td", {}, String(examination.table.count)), ...cells, state);
  }

  #openTable(table: TableInfo): void {
    this.#lines.clear();
    const isOpen = this.#isOpen(table);
    const [own, most] = isOpen ? [this.#open!.own, this.#open!.most] : [new OwnRow(this.#runner, table), STEP];
    this.#open = { table, own, most };
    this.#filled.hidden = true;
    this.#showTable();
    const asker = this.#form.chosen;
    if (!isOpen && asker !== undefined && this.#found.has(keyOf(table))) void own.ask(asker, this.#askedNames(table, "insert"));
  }

  /** The open table, by one command. */
  #showTable(): void {
    this.#isBroken = false;
    const { table, own } = this.#open!;
    const back = (): void => {
      this.#showAll();
      this.#lines.get(keyOf(table))?.querySelector("button")?.focus();
    };
    const head = [element("button", { class: "button small", type: "button", id: "trial-back", click: back }, "← All tables"), element("span", { class: "path" }, table.label)];
    const focused = document.activeElement?.id;
    const examination = this.#found.get(keyOf(table));
    if (examination === undefined) {
      this.#body.replaceChildren(element("div", { class: "toolbar" }, ...head), element("p", { class: "outcome-head faint" }, "Trying…"));
    } else {
      const view = examination.views.find(({ command }) => command === this.#command)!;
      const choose = (command: Command): void => {
        this.#command = command;
        this.#showTable();
        this.#body.querySelector<HTMLElement>(`#trial-tab-${command}`)?.focus();
      };
      this.#body.replaceChildren(
        element("div", { class: "toolbar" }, ...head, element("span", { class: "faint" }, `row security ${stateOf(examination)}`)),
        element("div", { class: "bar" }, tabs(examination.views, this.#command, choose)),
        element(
          "div",
          { class: "trial-view", id: "trial-view", role: "tabpanel", "aria-labelledby": `trial-tab-${this.#command}` },
          policies(examination, view, (policy) => void this.#goTo(policy)),
          this.#command === "insert" ? own.root : null,
          element("p", { class: "outcome-head faint" }, question(examination, this.#command)),
          examination.rows.length === 0 ? null : matrix(examination, view),
          examination.rows.length < examination.table.count ? this.#more() : null,
        ),
      );
    }
    // What had the focus was made anew, or is not needed any more.
    if (focused?.startsWith("trial-")) (document.getElementById(focused) ?? document.getElementById("trial-back"))?.focus();
  }

  /** Tries more rows of the open table. */
  #more(): HTMLElement {
    const click = (): void => {
      this.#open!.most += STEP;
      void this.#try();
    };
    return element("p", { class: "trial-more" }, element("button", { class: "button small", type: "button", id: "trial-more", click }, `Try ${STEP} more`));
  }

  #askedNames(table: TableInfo, command: Command): string[] {
    const examination = this.#found.get(keyOf(table));
    const view = examination?.views.find((it) => it.command === command);
    return view?.policies.map((at) => examination!.policies[at]!.name) ?? [];
  }

  /** Shows where a policy is written, in the sources as they are now. */
  async #goTo({ name, object }: Policy): Promise<void> {
    const found = await this.#session.ask("statements").catch(() => undefined);
    const { file, range } = found?.statements.find((it) => it.object === object) ?? {};
    if (file !== undefined && range !== undefined) this.#session.goTo({ file, range });
    else this.#status.textContent = `“${name}” is not in the schema any more.`;
  }
}

function keyOf({ schema, name }: TableInfo): string {
  return JSON.stringify([schema, name]);
}

/** What the lines of a table are about. */
function question({ table, rows }: Examination, command: Command): string {
  if (rows.length === 0) return "No rows to try: insert sample rows, or rows of your own in the console.";
  const which = rows.length < table.count ? `Each of the first ${rows.length} of ${table.count} rows` : rows.length === 1 ? "The one row" : `Each of the ${rows.length} rows`;
  switch (command) {
    case "select":
      return `${which}: can it be read?`;
    case "insert":
      return `${which}: were it not there, could it be inserted?`;
    case "update":
      return `${which}: can it be updated, to what it is?`;
    case "delete":
      return `${which}: can it be deleted?`;
  }
}
