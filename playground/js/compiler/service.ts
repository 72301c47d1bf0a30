// The compiler's thread. In: files and their changes, settings, questions. Out: after the changes that wait, what they
// mean: diagnostics and the shown output, as replacements in the one before. Holds the same WebAssembly as the package
// `schemagen`; never touches the page, so a schema that takes long to compile keeps nobody from typing.

import * as schemagen from "../../../npm/src/browser.js";
import { linesOf } from "../../../npm/src/compiler/unpack.js";
import { replaced, replacements } from "./difference.js";
import type { Heard, OutputFile, Questions, Settings, Shown, Told } from "./protocol.js";

declare const self: DedicatedWorkerGlobalScope;

let workspace: schemagen.Workspace;
const documents = new Map<string, string>();
/** Documents whose text the workspace does not have yet. */
const changed = new Set<string>();

let settings: Settings = { target: "sql", options: {}, check: {} };
/** Counts what the page told about files and settings. */
let revision = 0;
/** What the shown target wrote last, while the schema was right. */
let written: OutputFile[] = [];
let shownPath = "";
/** The text that the page has of the shown file; absent where it has none. */
let shownText: string | undefined;

const say = (heard: Heard): void => self.postMessage(heard);

/** Compiles once all messages are read that wait already: whoever types faster than that gets one compilation. */
const compileSoon = (() => {
  const { port1, port2 } = new MessageChannel();
  let due = false;
  port1.onmessage = () => {
    due = false;
    guarded(compile);
  };
  return () => {
    if (!due) port2.postMessage(0);
    due = true;
  };
})();

/** A failure of the compiler is told; the next change finds a fresh instance. */
function guarded(run: () => void): void {
  try {
    run();
  } catch (error) {
    say({ kind: "failed", message: message(error) });
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Brings the workspace up to date. */
function refresh(): void {
  for (const name of changed) workspace.set({ name, text: documents.get(name)! });
  changed.clear();
}

function request(target: string): { target: string; options: Record<string, unknown> } {
  return { target, options: settings.options[target] ?? {} };
}

function compile(): void {
  const start = performance.now();
  refresh();
  const { target, check } = settings;
  const { ok, files, diagnostics } = workspace.compile({ ...check, targets: [request(target)] });
  if (ok) written = files;
  const shown = ok ? difference() : undefined;
  const sizes = written.map(({ path, text }) => ({ path, lines: lines(text) }));
  const took = performance.now() - start;
  say({ kind: "compiled", revision, ok, target, diagnostics, written: sizes, ...(shown && { shown }), took });
  workspace.rest();
}

function lines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** The shown file as the page needs it. */
function difference(): Shown | undefined {
  const file = written.find(({ path }) => path === shownPath) ?? written[0];
  if (file === undefined) return undefined;
  const { path, text } = file;
  const before = path === shownPath ? shownText : undefined;
  shownPath = path;
  shownText = text;
  return before === undefined ? { path, text } : { path, replacements: replacements(before, text) };
}

const answers: Questions = {
  complete: (file, position) => workspace.complete(file, position, settings.check),
  hover: (file, position) => workspace.hover(file, position, settings.check),
  definition: (file, position) => workspace.definition(file, position, settings.check),
  actions: (file, position) => workspace.actions(file, position, settings.check),
  format: (file) => schemagen.format({ name: file, text: documents.get(file) ?? "" }),
  linesOf(file, position) {
    const shown = written.find(({ path }) => path === shownPath);
    if (shown === undefined) return undefined;
    for (const object of workspace.objectsAt(file, position, settings.check)) {
      const lines = linesOf(shown, object);
      if (lines.length > 0) return { object, lines };
    }
    return undefined;
  },
  sourceOf(line) {
    const provenance = written.find(({ path }) => path === shownPath)?.provenance ?? [];
    const around = provenance.filter(({ firstLine, lastLine }) => firstLine <= line && line <= lastLine);
    // The narrowest says most.
    const [found] = around.sort((a, b) => a.lastLine - a.firstLine - (b.lastLine - b.firstLine));
    if (found?.file === undefined || found.range === undefined) return undefined;
    return { object: found.object, file: found.file, range: found.range };
  },
  files(target) {
    const names = target === undefined ? schemagen.targets().map(({ name }) => name) : [target];
    const { ok, files } = workspace.compile({ ...settings.check, targets: names.map(request) });
    if (!ok) throw new Error("the schema has errors: mend them first, then there is something to download");
    return files.map(({ path, text }) => ({ path, text }));
  },
  drawing() {
    const { files } = workspace.compile({ ...settings.check, targets: [{ target: "erd", options: { format: "svg" } }] });
    const [file] = files;
    if (file === undefined) return undefined;
    const objects = file.provenance.flatMap(({ firstLine: line, object, file, range }) =>
      file === undefined || range === undefined ? [] : [{ line, object, place: { file, range } }],
    );
    return { svg: file.text, objects };
  },
  explain: (code) => schemagen.explain(code),
  statements: () => workspace.statements(settings.check),
  locate(statement, start, end) {
    const files = [...documents].map(([name, text]) => ({ name, text }));
    return schemagen.locate(files, settings.check, statement, start, end);
  },
  platformSql: () => schemagen.platformSql(),
};

function answer(id: number, question: keyof Questions, details: unknown[]): void {
  try {
    refresh();
    const ask = answers[question] as (...details: unknown[]) => unknown;
    say({ kind: "answer", id, value: ask(...details) });
  } catch (error) {
    say({ kind: "answer", id, failure: message(error) });
  }
}

function hear(told: Told): void {
  switch (told.kind) {
    case "ask":
      return answer(told.id, told.question, told.details);
    case "show":
      shownPath = told.path;
      shownText = undefined;
      return compileSoon();
    case "open":
      documents.clear();
      changed.clear();
      for (const { name, text } of told.files) documents.set(name, text);
      workspace.update(told.files);
      written = [];
      shownText = undefined;
      settings = told.settings;
      break;
    case "put":
      documents.set(told.file.name, told.file.text);
      changed.add(told.file.name);
      break;
    case "change":
      documents.set(told.file, replaced(documents.get(told.file)!, told.replacements));
      changed.add(told.file);
      break;
    case "remove":
      documents.delete(told.file);
      changed.delete(told.file);
      workspace.remove(told.file);
      break;
    case "configure":
      if (told.settings.target !== settings.target) {
        written = [];
        shownText = undefined;
      }
      settings = told.settings;
      break;
  }
  revision += 1;
  compileSoon();
}

/** What the page says before the compiler is there. */
const early: Told[] = [];
self.onmessage = ({ data }: MessageEvent<Told>) => early.push(data);

try {
  await schemagen.init(new URL("./schemagen.wasm", self.location.href));
  workspace = schemagen.createWorkspace();
  say({ kind: "ready", targets: schemagen.targets() });
  early.forEach(hear);
  self.onmessage = ({ data }: MessageEvent<Told>) => hear(data);
} catch (error) {
  say({ kind: "failed", message: `the compiler does not load: ${message(error)}` });
}
