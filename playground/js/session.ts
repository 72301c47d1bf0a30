// One visit: the sources in their editor, the compilers, the viewer of what it writes. In: what the page is told to
// do. Out: events. Holds the texts and how each can be undone; the page around it (tabs, lists, menus) holds none.

import { redo, undo, historyField } from "@codemirror/commands";
import { type Diagnostic as Mark, diagnosticCount, lintGutter, nextDiagnostic, setDiagnostics } from "@codemirror/lint";
import { openSearchPanel } from "@codemirror/search";
import { type ChangeSet, EditorState, StateEffect, StateField, type TransactionSpec } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, placeholder } from "@codemirror/view";
import { Compiler, type Said } from "./compiler/client.js";
import { replacements } from "./compiler/difference.js";
import type { Diagnostic, Edit, Location, Questions, Range, Replacement, Settings, TextFile } from "./compiler/protocol.js";
import { assistance } from "./editor/assist.js";
import { DiagramView } from "./diagram/view.js";
import { change, offset, position, span } from "./editor/positions.js";
import { editing, language, styleNonce } from "./editor/setup.js";
import { Viewer } from "./output/viewer.js";
import { load, save, type Kept, type Slot } from "./storage.js";

/** What a project is to the session: its files, which of them is in the editor, what is compiled. */
export interface Project {
  files: TextFile[];
  active: string;
  settings: Settings;
}

/** What the page hears: what the compiler says, but the output, and the rest. */
export type Happened =
  | Exclude<Said, { kind: "compiled" }>
  | Omit<Extract<Said, { kind: "compiled" }>, "shown">
  | { kind: "edited" }
  | { kind: "selected"; file: string }
  | { kind: "went" }
  | { kind: "notice"; text: string };

/** How long the keyboard rests, in milliseconds, before what is typed is kept. */
const REST = 300;

const setLit = StateEffect.define<{ from: number; to: number } | null>();

/** The lines that the selected line of output comes from. */
const lit = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setLit)) continue;
      if (effect.value === null) return Decoration.none;
      const { doc } = transaction.state;
      const [first, last] = [doc.lineAt(effect.value.from).number, doc.lineAt(effect.value.to).number];
      const line = Decoration.line({ class: "line-related" });
      return Decoration.set(Array.from({ length: last - first + 1 }, (_, at) => line.range(doc.line(first + at).from)));
    }
    return transaction.docChanged ? Decoration.none : set;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** A visit. */
export class Session {
  readonly #listen: (happened: Happened) => void;
  readonly #compiler: Compiler;
  /** The files in their order; of the active one, the editor has the newest state. */
  readonly #states = new Map<string, EditorState>();
  #active = "";
  #settings: Settings = { target: "sql", options: {}, check: {} };
  #editor: EditorView | undefined;
  #viewer: Viewer | undefined;
  #diagram: DiagramView | undefined;
  #diagnostics: Diagnostic[] = [];
  /** Counts the changes of the texts. */
  edition = 0;
  /** What a database refused of the texts as they are. */
  #refused: Diagnostic[] = [];
  /** What the compiler said last. */
  #said: Extract<Happened, { kind: "compiled" }> | undefined;
  #saving: ReturnType<typeof setTimeout> | undefined;
  #relating: number | undefined;
  /** The project as text, for the browser to keep; made by the page, which knows all of it. */
  readonly #describe: (files: TextFile[]) => string;

  /** `module` is the page's WebAssembly. */
  constructor(module: WebAssembly.Module, listen: (happened: Happened) => void, describe: (files: TextFile[]) => string) {
    this.#listen = listen;
    this.#describe = describe;
    this.#compiler = new Compiler(
      module,
      (said) => this.#hear(said),
      () => ({ files: this.files(), settings: this.#settings, shown: this.#viewer?.shown ?? { path: "", text: "" } }),
    );
    addEventListener("pagehide", () => this.#keep());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#keep());
  }

  /** Puts the editor into `host`. */
  mountEditor(host: HTMLElement): void {
    this.#editor = new EditorView({
      parent: host,
      state: this.#states.get(this.#active) ?? EditorState.create({ extensions: styleNonce() }),
      dispatchTransactions: (transactions, view) => {
        // The thread compiles while the editor draws.
        for (const { docChanged, changes } of transactions) if (docChanged) this.#told(this.#active, changes);
        view.update(transactions);
        // What a change leads to is related when the compiler has said it.
        if (transactions.some(({ selection, docChanged }) => selection !== undefined && !docChanged)) this.#relateSoon("always");
      },
    });
  }

  /** Puts the viewer into `host`. */
  mountViewer(host: HTMLElement): void {
    this.#viewer = new Viewer(host, (line) => void this.#showSource(line));
    this.#compiler.tell({ kind: "show", path: "" });
  }

  /** Works on `project` from now on. `slot` names what the browser kept of it, whose undo histories go on. */
  async open(project: Project, slot?: Slot): Promise<void> {
    const histories = slot && (await load(slot))?.histories;
    this.#states.clear();
    for (const { name, text } of project.files) this.#states.set(name, this.#state(name, text, histories?.[name]));
    this.#settings = project.settings;
    this.#active = project.active;
    this.#editor?.setState(this.#states.get(this.#active)!);
    this.#diagnostics = [];
    this.#compiler.tell({ kind: "open", files: this.files(), settings: this.#settings });
    this.#rewritten();
  }

  /** The files as they are now. */
  files(): TextFile[] {
    return [...this.#current()].map(([name, { doc }]) => ({ name, text: doc.toString() }));
  }

  /** Shows a file in the editor. */
  select(file: string): void {
    const state = this.#states.get(file);
    if (state === undefined || file === this.#active) return;
    this.#remember();
    this.#active = file;
    this.#editor?.setState(state);
    this.#mark();
    this.#keepSoon();
    this.#listen({ kind: "selected", file });
  }

  /** Adds a file behind the others. */
  add(file: TextFile): void {
    this.#states.set(file.name, this.#state(file.name, file.text));
    this.#compiler.tell({ kind: "put", file });
    this.#rewritten();
    this.select(file.name);
  }

  /** Takes a file away; one must stay. */
  remove(file: string): void {
    const names = [...this.#states.keys()];
    if (names.length < 2) return;
    const at = names.indexOf(file);
    if (file === this.#active) this.select(names[at === 0 ? 1 : at - 1]!);
    this.#states.delete(file);
    this.#compiler.tell({ kind: "remove", file });
    this.#rewritten();
  }

  /** Gives a file another name, in its place. */
  rename(file: string, name: string): void {
    this.#remember();
    const files = this.files().map((it) => (it.name === file ? { name, text: it.text } : it));
    const active = this.#active === file ? name : this.#active;
    const histories = Object.fromEntries([...this.#histories()].map(([key, value]) => [key === file ? name : key, value]));
    this.#states.clear();
    for (const it of files) this.#states.set(it.name, this.#state(it.name, it.text, histories[it.name]));
    this.#active = active;
    this.#editor?.setState(this.#states.get(active)!);
    this.#compiler.tell({ kind: "open", files, settings: this.#settings });
    this.#rewritten();
  }

  /** Compiles with other settings. */
  configure(settings: Settings): void {
    this.#settings = settings;
    this.#compiler.tell({ kind: "configure", settings });
    this.#changed();
  }

  /** Shows a file that the target writes. */
  show(path: string): void {
    this.#compiler.tell({ kind: "show", path });
  }

  /** Asks the compiler. */
  ask<K extends keyof Questions>(question: K, ...details: Parameters<Questions[K]>): Promise<ReturnType<Questions[K]>> {
    return this.#compiler.ask(question, ...details);
  }

  /** Shows a place of the sources, and puts the cursor there. */
  goTo(place: Location): void {
    this.select(place.file);
    const view = this.#editor;
    if (view === undefined || this.#active !== place.file) return;
    const { from, to } = span(view.state.doc, place.range);
    // Of what has many lines, the first says what it is.
    const head = Math.min(to, view.state.doc.lineAt(from).to);
    view.dispatch({ selection: { anchor: from, head }, effects: EditorView.scrollIntoView(from, { y: "center" }), userEvent: "select" });
    this.#listen({ kind: "went" });
    view.focus();
  }

  /** Changes sources, as one step that can be undone in each of them. */
  edit(edits: Edit[]): void {
    for (const file of new Set(edits.map((edit) => edit.file))) {
      const state = this.#current().get(file);
      if (state === undefined) continue;
      const changes = edits.filter((edit) => edit.file === file).map((edit) => change(state.doc, edit));
      this.#update(file, { changes, userEvent: "input.fix" });
    }
  }

  /** Gives the file in the editor even indentation and spacing. */
  async format(): Promise<void> {
    const file = this.#active;
    const before = this.#current().get(file)!.doc;
    const { text } = await this.#compiler.ask("format", file);
    const now = this.#current().get(file)?.doc;
    if (text === undefined) return this.#listen({ kind: "notice", text: "This file cannot be read, so it is not formatted: mend its first error" });
    if (now !== before) return;
    const changes = replacements(before.toString(), text);
    if (changes.length === 0) return this.#listen({ kind: "notice", text: "Already formatted" });
    this.#update(file, { changes, userEvent: "input.format" });
    this.#listen({ kind: "notice", text: "Formatted" });
  }

  /** What can be done where the cursor is: repairs of what is wrong there, and rewrites. */
  async actions(): Promise<{ title: string; edits: Edit[] }[]> {
    const state = this.#current().get(this.#active)!;
    const at = position(state.doc, state.selection.main.head);
    const here = this.#diagnostics.filter(({ file, range }) => file === this.#active && range !== undefined && onLine(range, at.line));
    const fixes = here.flatMap(({ fixes = [] }) => fixes.map(({ title, edits }) => ({ title, edits })));
    return [...fixes, ...(await this.#compiler.ask("actions", this.#active, at))];
  }

  /** Shows what a database refused, beside what the compiler says, until the texts change. */
  refuse(diagnostics: Diagnostic[]): void {
    this.#refused = diagnostics;
    this.#tell();
  }

  /** Puts the diagram into `host`. */
  mountDiagram(host: HTMLElement): void {
    this.#diagram = new DiagramView(host, (place) => this.goTo(place));
    this.draw();
  }

  /** Draws the diagram of what stands there now, where it is seen. */
  draw(): void {
    if (!this.#diagram?.isVisible) return;
    void this.#compiler.ask("drawing").then((drawing) => drawing && this.#diagram!.draw(drawing));
  }

  zoomDiagram(closer: boolean): void {
    this.#diagram?.zoom(closer);
  }

  fitDiagram(): void {
    this.#diagram?.fit();
  }

  /** Hands the diagram to the browser as a download. */
  async saveDiagram(format: "SVG" | "PNG"): Promise<void> {
    if (this.#diagram === undefined) return;
    if (format === "SVG") offer("schema.svg", this.#diagram.svg());
    else offer("schema.png", await this.#diagram.png());
  }

  undo(): void {
    if (this.#editor !== undefined) undo(this.#editor);
  }

  redo(): void {
    if (this.#editor !== undefined) redo(this.#editor);
  }

  find(): void {
    if (this.#editor !== undefined) openSearchPanel(this.#editor);
  }

  nextProblem(): void {
    if (this.#editor === undefined) return;
    nextDiagnostic(this.#editor);
    this.#editor.focus();
  }

  focus(): void {
    this.#editor?.focus();
  }

  /** The text of the file that the viewer shows. */
  output(): string {
    return this.#viewer?.view.state.doc.toString() ?? "";
  }

  /** Hands the shown file to the browser as a download. */
  download(path: string): void {
    offer(path.slice(path.lastIndexOf("/") + 1), new Blob([this.output()], { type: "text/plain" }));
  }

  /** Hands the files of all targets to the browser, and the sources, as one archive. */
  async downloadAll(): Promise<void> {
    const [outputs, { archive }] = await Promise.all([this.#compiler.ask("files"), import("./archive.js")]);
    const sources = this.files().map(({ name, text }) => ({ path: name, text }));
    offer("schemagen.zip", archive([...sources, ...outputs]));
  }

  /** Moves what the browser keeps as the current project aside, to be brought back. */
  async setAside(): Promise<boolean> {
    this.#keep();
    const kept = await load("current");
    return kept !== undefined && (await save("previous", kept));
  }

  #state(name: string, text: string, history?: unknown): EditorState {
    const extensions = [
      styleNonce(),
      editing("Schema"),
      language(name),
      placeholder("Write a schema here, or open an example"),
      lit,
      lintGutter(),
      assistance(this.#compiler, name, (place) => this.goTo(place)),
    ];
    const doc = text.replaceAll(/\r\n?/g, "\n");
    try {
      const json = history as { doc: string };
      if (history !== undefined && json.doc === doc) return EditorState.fromJSON(json, { extensions }, { history: historyField });
    } catch {
      // A history of another version of the editor: the text is there without it.
    }
    return EditorState.create({ doc, extensions });
  }

  /** All states, the newest of each. */
  #current(): Map<string, EditorState> {
    this.#remember();
    return this.#states;
  }

  #remember(): void {
    if (this.#editor !== undefined && this.#states.has(this.#active)) this.#states.set(this.#active, this.#editor.state);
  }

  #update(file: string, spec: TransactionSpec): void {
    if (file === this.#active && this.#editor !== undefined) return this.#editor.dispatch(spec);
    const transaction = this.#states.get(file)!.update(spec);
    this.#states.set(file, transaction.state);
    this.#told(file, transaction.changes);
  }

  #told(file: string, changes: ChangeSet): void {
    const replacements: Replacement[] = [];
    changes.iterChanges((from, to, _, __, inserted) => replacements.push({ from, to, insert: inserted.toString() }));
    this.#rewritten();
    this.#compiler.tell({ kind: "change", file, replacements });
  }

  #rewritten(): void {
    this.edition += 1;
    this.#refused = [];
    this.#changed();
  }

  #changed(): void {
    this.#listen({ kind: "edited" });
    this.#keepSoon();
  }

  #hear(heard: Said): void {
    // What is said of a text that changed since is not true any more; what is true follows.
    if (heard.kind !== "compiled") return this.#listen(heard);
    const { shown, ...said } = heard;
    this.#said = said;
    if (said.current && said.ok) this.draw();
    if (shown !== undefined) this.#viewer?.show(shown);
    this.#relateSoon("where others were");
    this.#tell();
  }

  /** Says what is wrong with the texts, on the page and in the editor. */
  #tell(): void {
    if (this.#said === undefined) return;
    const said = { ...this.#said, diagnostics: [...this.#said.diagnostics, ...this.#refused] };
    if (said.current) {
      this.#diagnostics = said.diagnostics;
      this.#mark();
    }
    this.#listen(said);
  }

  /** Underlines what the compiler said of the file in the editor. */
  #mark(): void {
    const view = this.#editor;
    if (view === undefined) return;
    const { doc } = view.state;
    const marks = this.#diagnostics
      .filter(({ file, range }) => file === this.#active && range !== undefined)
      .map((it): Mark => {
        const { from, to } = span(doc, it.range!);
        const actions = (it.fixes ?? []).map(({ title, edits }) => ({ name: title, apply: () => this.edit(edits) }));
        return { from, to, severity: severity(it), message: [it.message, it.help].filter(Boolean).join("\n"), source: it.code, actions };
      });
    if (marks.length > 0 || diagnosticCount(view.state) > 0) view.dispatch(setDiagnostics(view.state, marks));
  }

  /** Shows, in the next frame, the lines of output about what the cursor is in. */
  #relateSoon(scroll: "always" | "where others were"): void {
    if (this.#relating !== undefined) {
      if (scroll !== "always") return;
      cancelAnimationFrame(this.#relating);
    }
    this.#relating = requestAnimationFrame(() => {
      this.#relating = undefined;
      void this.#relate(scroll);
    });
  }

  async #relate(scroll: "always" | "where others were"): Promise<void> {
    const state = this.#editor?.state;
    if (state === undefined || this.#viewer === undefined) return;
    const found = await this.#compiler.ask("linesOf", this.#active, position(state.doc, state.selection.main.head)).catch(() => undefined);
    this.#viewer?.relate(found?.lines ?? [], scroll);
  }

  async #showSource(line: number): Promise<void> {
    const found = await this.#compiler.ask("sourceOf", line);
    if (found === undefined) return;
    this.select(found.file);
    const view = this.#editor!;
    const range = { from: offset(view.state.doc, found.range.start), to: offset(view.state.doc, found.range.end) };
    view.dispatch({ effects: [setLit.of(range), EditorView.scrollIntoView(range.from, { y: "center" })] });
    this.#viewer?.relate([[line, line]], "never");
  }

  #histories(): Map<string, unknown> {
    return new Map([...this.#current()].map(([name, state]) => [name, state.toJSON({ history: historyField })]));
  }

  #keepSoon(): void {
    document.documentElement.dataset.kept = "false";
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.#keep(), REST);
  }

  #keep(): void {
    if (this.#saving === undefined) return;
    clearTimeout(this.#saving);
    this.#saving = undefined;
    const kept: Kept = { project: this.#describe(this.files()), histories: Object.fromEntries(this.#histories()) };
    void save("current", kept).then((done) => {
      if (this.#saving === undefined) document.documentElement.dataset.kept = String(done);
    });
  }
}

function onLine(range: Range, line: number): boolean {
  return range.start.line <= line && line <= range.end.line;
}

function severity({ severity }: Diagnostic): Mark["severity"] {
  return severity === "note" ? "info" : severity;
}

/** Hands `content` to the browser as a download. */
function offer(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
