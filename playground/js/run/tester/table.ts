// What somebody may do with one table: a tab for each command, the policies that are asked, a line for each row. In: what was
// found out. Out: elements; what is clicked is told.

import type { Command, Examination, Policy, Said, Verdict, View } from "../protocol.js";
import { element } from "./element.js";

/** What each command is called. */
export const TITLES: Record<Command, string> = { select: "Read", insert: "Insert", update: "Update", delete: "Delete" };

/** What it is like that rows are there, in the words of a table's head. */
export function stateOf({ rls, policies }: Examination): string {
  const count = `${policies.length} ${policies.length === 1 ? "policy" : "policies"}`;
  return rls === "off" ? "off" : rls === "forced" ? `forced, ${count}` : `on, ${count}`;
}

/** How many of the rows: in words, and whether that is all, some or none. */
export function extent({ verdicts, standing }: View): { words: string; kind: "all" | "some" | "none" } {
  const allowed = verdicts.filter(({ outcome }) => outcome !== "no").length;
  if (verdicts.length === 0) return standing?.allows ? { words: "yes", kind: "all" } : { words: standing === null ? "–" : "no", kind: "none" };
  if (allowed === 0) return { words: "none", kind: "none" };
  return allowed === verdicts.length ? { words: "all", kind: "all" } : { words: `${allowed} of ${verdicts.length}`, kind: "some" };
}

/** The tabs of the commands. */
export function tabs(views: View[], chosen: Command, choose: (command: Command) => void): HTMLElement {
  const made = views.map((view) =>
    element(
      "span",
      { class: view.command === chosen ? "tab active" : "tab", role: "presentation" },
      element(
        "button",
        {
          class: "tab-name",
          type: "button",
          role: "tab",
          id: `trial-tab-${view.command}`,
          "aria-controls": "trial-view",
          "aria-selected": String(view.command === chosen),
          tabindex: view.command === chosen ? "0" : "-1",
          click: () => choose(view.command),
        },
        TITLES[view.command],
        " ",
        element("span", { class: "faint" }, extent(view).words),
      ),
    ),
  );
  const list = element("div", { class: "tabs", role: "tablist", "aria-label": "Commands" }, ...made);
  list.addEventListener("keydown", ({ key }) => {
    const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    const at = views.findIndex(({ command }) => command === chosen);
    if (step !== 0) choose(views[(at + step + views.length) % views.length]!.command);
  });
  return list;
}

/** The policies of a table: those that a command asks, then the others. */
export function policies(examination: Examination, view: View, goTo: (policy: Policy) => void): HTMLElement {
  const link = (policy: Policy): HTMLElement => element("button", { class: "link", type: "button", title: "Show it in the schema", click: () => goTo(policy) }, policy.name);
  const asked = view.policies.map((at) => examination.policies[at]!);
  const others = examination.policies.filter((it) => !asked.includes(it));
  const item = (policy: Policy): HTMLElement => {
    const sides = sidesOf(policy, view.command);
    return element(
      "li",
      {},
      link(policy),
      element("span", { class: policy.permissive ? "faint" : "fair" }, policy.permissive ? "permissive" : "restrictive"),
      ...sides.map(([name, text]) => element("code", {}, `${name} ${text}`)),
    );
  };
  const rest = others.flatMap((policy, at) => [at === 0 ? "Not asked: " : ", ", link(policy), ` (${policy.command === "all" ? "" : `for ${policy.command.toUpperCase()} `}to ${policy.roles})`]);
  return element(
    "div",
    { class: "trial-policies" },
    view.standing === null ? null : element("p", { class: "trial-standing" }, view.standing.why),
    asked.length === 0 ? null : element("ul", { "aria-label": "Policies that are asked" }, ...asked.map(item)),
    rest.length === 0 ? null : element("p", { class: "faint" }, ...rest),
  );
}

/** The expressions of a policy that a command asks. */
function sidesOf({ using, check }: Policy, command: Command): [string, string][] {
  const sides: [string, string | null][] = [
    ["using", command === "insert" && check !== null ? null : using],
    ["with check", command === "insert" || command === "update" ? check : null],
  ];
  return sides.filter((it): it is [string, string] => it[1] !== null);
}

/** A line for each row: what becomes of it and why, what each policy says, what is in it. */
export function matrix(examination: Examination, view: View): HTMLElement {
  const asked = view.policies.map((at) => examination.policies[at]!.name);
  const head = (name: string, kind = ""): HTMLElement => element("th", { scope: "col", class: kind, title: name }, name);
  const line = (verdict: Verdict, at: number): HTMLElement =>
    element(
      "tr",
      {},
      verdictCell(verdict),
      ...verdict.said.map(saidCell),
      ...examination.rows[at]!.map((cell) => (cell === null ? element("td", { class: "faint" }, "null") : element("td", { title: cell }, cell))),
    );
  return element(
    "div",
    { class: "grid-scroll", tabindex: "0", role: "region", "aria-label": `${TITLES[view.command]}, row by row` },
    element(
      "table",
      { class: "grid trial-grid" },
      element("thead", {}, element("tr", {}, head(TITLES[view.command]), ...asked.map((name) => head(name, "trial-policy")), ...examination.columns.map((name) => head(name)))),
      element("tbody", {}, ...view.verdicts.map(line)),
    ),
  );
}

const OUTCOMES: Record<Verdict["outcome"], { word: string; kind: string }> = {
  yes: { word: "yes", kind: "good" },
  no: { word: "no", kind: "bad" },
  but: { word: "yes, but", kind: "fair" },
};

/** What becomes of a row, and why. */
export function outcome({ outcome, why }: Verdict): HTMLElement {
  const { word, kind } = OUTCOMES[outcome];
  return element("span", { class: "trial-outcome" }, element("strong", { class: kind }, word), ": ", element("span", { class: "faint" }, why));
}

function verdictCell(verdict: Verdict): HTMLElement {
  return element("th", { scope: "row", title: verdict.why }, outcome(verdict));
}

/** What a policy says. */
export function saidCell({ value, decided }: Said): HTMLElement {
  const kind = !decided ? "faint" : value === "true" ? "good" : "bad";
  return element("td", { class: `trial-said ${kind}`, title: decided ? `${value}: this decided` : value }, decided ? element("strong", {}, value) : value);
}
