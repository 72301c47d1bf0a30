// A compiler at work on the project of a page. In: what the page says of files, settings and the output that it shows, and
// questions. Out: what the files mean: diagnostics, and the shown output as replacements in the one before. Asks the page's
// WebAssembly by the API of the package `schemagen`; knows neither the page nor in which thread it is.

import { connect } from "../../../npm/src/compiler/api.js";
import { linesOf } from "../../../npm/src/compiler/unpack.js";
import { replaced, replacements } from "./difference.js";
import type { Compiled, OutputFile, Questions, Settings, Shown, TextFile, Work } from "./protocol.js";

/** The WebAssembly is there before any service. One that failed is left alone by whoever has the service. */
const schemagen = connect(() => {}, () => {});

/** A compiler that has one project. */
export class Service {
  readonly #workspace = schemagen.createWorkspace();
  readonly #documents = new Map<string, string>();
  /** Documents whose text the workspace does not have yet. */
  readonly #changed = new Set<string>();
  #settings: Settings = { target: "sql", options: {}, check: {} };
  /** What the shown target wrote last, while the schema was right. */
  #written: OutputFile[] = [];
  #shownPath = "";
  /** The text that the page has of the shown file; absent where it has none. */
  #shownText: string | undefined;

  /** Takes in what the page says. */
  hear(work: Work): void {
    switch (work.kind) {
      case "show":
        this.#shownPath = work.path;
        this.#shownText = work.text;
        break;
      case "open":
        this.#documents.clear();
        this.#changed.clear();
        for (const { name, text } of work.files) this.#documents.set(name, text);
        this.#workspace.update(work.files);
        this.#written = [];
        this.#shownText = undefined;
        this.#settings = work.settings;
        break;
      case "put":
        this.#put(work.file);
        break;
      case "change":
        this.#put({ name: work.file, text: replaced(this.#documents.get(work.file)!, work.replacements) });
        break;
      case "remove":
        this.#documents.delete(work.file);
        this.#changed.delete(work.file);
        this.#workspace.remove(work.file);
        break;
      case "configure":
        if (work.settings.target !== this.#settings.target) {
          this.#written = [];
          this.#shownText = undefined;
        }
        this.#settings = work.settings;
        break;
    }
  }

  /** What the files mean now. */
  compile(): Compiled {
    const start = performance.now();
    this.#refresh();
    const { target, check } = this.#settings;
    const { ok, files, diagnostics } = this.#workspace.compile({ ...check, targets: [this.#request(target)] });
    if (ok) this.#written = files;
    const shown = ok ? this.#difference() : undefined;
    const written = this.#written.map(({ path, text }) => ({ path, lines: lines(text) }));
    const took = performance.now() - start;
    return { ok, target, diagnostics, written, ...(shown && { shown }), took };
  }

  /** Lets go of what only the last compilation needed. */
  rest(): void {
    this.#workspace.rest();
  }

  /** Ends it. */
  free(): void {
    this.#workspace.free();
  }

  /** Answers about the files as they are now. */
  answer<K extends keyof Questions>(question: K, details: Parameters<Questions[K]>): ReturnType<Questions[K]> {
    this.#refresh();
    const answer = this.#answers[question] as (...details: Parameters<Questions[K]>) => ReturnType<Questions[K]>;
    return answer(...details);
  }

  readonly #answers: Questions = {
    complete: (file, position) => this.#workspace.complete(file, position, this.#settings.check),
    hover: (file, position) => this.#workspace.hover(file, position, this.#settings.check),
    definition: (file, position) => this.#workspace.definition(file, position, this.#settings.check),
    actions: (file, position) => this.#workspace.actions(file, position, this.#settings.check),
    format: (file) => schemagen.format({ name: file, text: this.#documents.get(file) ?? "" }),
    linesOf: (file, position) => {
      const shown = this.#shown();
      if (shown === undefined) return undefined;
      for (const object of this.#workspace.objectsAt(file, position, this.#settings.check)) {
        const lines = linesOf(shown, object);
        if (lines.length > 0) return { object, lines };
      }
      return undefined;
    },
    sourceOf: (line) => {
      const provenance = this.#shown()?.provenance ?? [];
      const around = provenance.filter(({ firstLine, lastLine }) => firstLine <= line && line <= lastLine);
      // The narrowest says most.
      const [found] = around.sort((a, b) => a.lastLine - a.firstLine - (b.lastLine - b.firstLine));
      if (found?.file === undefined || found.range === undefined) return undefined;
      return { object: found.object, file: found.file, range: found.range };
    },
    files: (target) => {
      const names = target === undefined ? schemagen.targets().map(({ name }) => name) : [target];
      const { ok, files } = this.#workspace.compile({ ...this.#settings.check, targets: names.map((name) => this.#request(name)) });
      if (!ok) throw new Error("the schema has errors: mend them first, then there is something to download");
      return files.map(({ path, text }) => ({ path, text }));
    },
    drawing: () => {
      const { files } = this.#workspace.compile({ ...this.#settings.check, targets: [{ target: "erd", options: { format: "svg" } }] });
      const [file] = files;
      if (file === undefined) return undefined;
      const objects = file.provenance.flatMap(({ firstLine: line, object, file, range }) =>
        file === undefined || range === undefined ? [] : [{ line, object, place: { file, range } }],
      );
      return { svg: file.text, objects };
    },
    statements: () => this.#workspace.statements(this.#settings.check),
    locate: (statement, start, end) => {
      const files = [...this.#documents].map(([name, text]) => ({ name, text }));
      return schemagen.locate(files, this.#settings.check, statement, start, end);
    },
    platformSql: () => schemagen.platformSql(),
  };

  #put({ name, text }: TextFile): void {
    this.#documents.set(name, text);
    this.#changed.add(name);
  }

  /** Brings the workspace up to date. */
  #refresh(): void {
    for (const name of this.#changed) this.#workspace.set({ name, text: this.#documents.get(name)! });
    this.#changed.clear();
  }

  #request(target: string): { target: string; options: Record<string, unknown> } {
    return { target, options: this.#settings.options[target] ?? {} };
  }

  #shown(): OutputFile | undefined {
    return this.#written.find(({ path }) => path === this.#shownPath);
  }

  /** The shown file as the page needs it. */
  #difference(): Shown | undefined {
    const file = this.#shown() ?? this.#written[0];
    if (file === undefined) return undefined;
    const { path, text } = file;
    const before = path === this.#shownPath ? this.#shownText : undefined;
    this.#shownPath = path;
    this.#shownText = text;
    return before === undefined ? { path, text } : { path, replacements: replacements(before, text) };
  }
}

function lines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
