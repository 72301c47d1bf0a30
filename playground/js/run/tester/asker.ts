// Who asks: a role, somebody of auth.users, claims, settings. In: what there is to choose from. Out: who was chosen, whenever
// that changes. Claims that are no JSON are said to be wrong, and nobody is asked with them.

import type { Asker, Askers, Person } from "../protocol.js";
import { mistake, PRESETS, subject, withClaims } from "./claims.js";
import { element } from "./element.js";

/** The roles of requests that nobody has signed in for. */
const NOBODY = ["anon", "service_role"];

/** The form in which somebody is chosen. */
export class AskerForm {
  readonly root: HTMLElement;
  readonly #changed: () => void;
  readonly #role: HTMLSelectElement;
  readonly #person: HTMLSelectElement;
  readonly #claims: HTMLTextAreaElement;
  readonly #mistake: HTMLElement;
  readonly #settings: HTMLElement;
  #people: Person[] = [];

  constructor(changed: () => void) {
    this.#changed = changed;
    this.#role = element("select", { class: "field", id: "asker-role", change: () => this.#takeRole() });
    this.#person = element("select", { class: "field", id: "asker-person", change: () => this.#takePerson() });
    this.#claims = element("textarea", {
      class: "field asker-json",
      id: "asker-claims",
      rows: 9,
      spellcheck: "false",
      "aria-describedby": "asker-mistake",
      input: () => this.#taken(),
    });
    this.#mistake = element("p", { class: "bad", id: "asker-mistake", role: "alert" });
    this.#settings = element("div", { class: "asker-settings" });
    const presets = PRESETS.map(({ label, claims }) =>
      element("button", { class: "button small", type: "button", "aria-label": `Add the claim ${label}`, click: () => this.#set(withClaims(this.#claims.value, claims)) }, `+ ${label}`),
    );
    const more = element(
      "div",
      { class: "asker-more", id: "asker-more", hidden: true },
      element("label", { for: "asker-claims" }, "JWT claims"),
      this.#claims,
      this.#mistake,
      element("div", { class: "asker-presets" }, ...presets),
      this.#settings,
    );
    const open: HTMLButtonElement = element(
      "button",
      {
        class: "button quiet",
        type: "button",
        "aria-expanded": "false",
        "aria-controls": "asker-more",
        click: () => {
          more.hidden = !more.hidden;
          open.setAttribute("aria-expanded", String(!more.hidden));
        },
      },
      "Claims",
    );
    this.root = element(
      "div",
      { class: "asker", role: "group", "aria-label": "Who asks" },
      element(
        "div",
        { class: "toolbar" },
        element("label", { for: "asker-role" }, "Role"),
        this.#role,
        element("label", { for: "asker-person" }, "User"),
        this.#person,
        open,
      ),
      more,
    );
  }

  /** Offers what there is; whoever is chosen stays, if they are still there. */
  offer({ roles, people, settings }: Askers): void {
    const chosen = this.#role.value;
    this.#people = people;
    this.#role.replaceChildren(...roles.map((name) => element("option", {}, name)));
    this.#person.replaceChildren(
      element("option", { value: "" }, people.length === 0 ? "nobody in auth.users" : "nobody"),
      ...people.map(({ id, label }) => element("option", { value: id }, label)),
    );
    const before = new Map([...this.#settings.querySelectorAll("input")].map((it) => [it.name, it.value]));
    this.#settings.replaceChildren(
      ...settings.map((name) =>
        element(
          "label",
          {},
          name,
          element("input", { class: "field", name, value: before.get(name) ?? "", placeholder: "not set", spellcheck: "false", input: () => this.#changed() }),
        ),
      ),
    );
    if (roles.includes(chosen)) this.#role.value = chosen;
    if (this.#claims.value === "") this.#claims.value = bare(this.#role.value);
    this.#show();
  }

  /** Who was chosen; nobody while the claims are wrong. */
  get chosen(): Asker | undefined {
    if (mistake(this.#claims.value) !== undefined) return undefined;
    const settings = [...this.#settings.querySelectorAll("input")].map((it) => [it.name, it.value] as const);
    return { role: this.#role.value, claims: this.#claims.value, settings: Object.fromEntries(settings.filter(([, value]) => value !== "")) };
  }

  #takeRole(): void {
    const role = this.#role.value;
    const isSomebody = subject(this.#claims.value) !== undefined;
    const [first] = this.#people;
    if (NOBODY.includes(role)) this.#set(bare(role));
    else if (role === "authenticated" && !isSomebody && first !== undefined) this.#set(first.claims);
    else this.#set(withClaims(this.#claims.value, { role }));
  }

  #takePerson(): void {
    const person = this.#people.find(({ id }) => id === this.#person.value);
    if (person === undefined) return this.#set(bare(this.#role.value));
    if (NOBODY.includes(this.#role.value)) this.#role.value = "authenticated";
    this.#set(withClaims(person.claims, { role: this.#role.value }));
  }

  #set(claims: string): void {
    this.#claims.value = claims;
    this.#taken();
  }

  #taken(): void {
    this.#show();
    this.#changed();
  }

  /** What follows from the claims: who that is, and whether they are right. */
  #show(): void {
    const wrong = mistake(this.#claims.value);
    this.#mistake.textContent = wrong ?? "";
    this.#claims.toggleAttribute("aria-invalid", wrong !== undefined);
    if (wrong !== undefined) return;
    const sub = subject(this.#claims.value);
    const known = this.#people.some(({ id }) => id === sub);
    this.#person.value = known ? sub! : "";
  }
}

/** The claims of a role that is nobody. */
function bare(role: string): string {
  return JSON.stringify({ role }, null, 2);
}
