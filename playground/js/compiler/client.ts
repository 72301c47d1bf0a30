// The page's end of its compilers. In: what to tell and ask. Out: what they say, and promises of answers.
//
// One is in a thread of its own, where it keeps nobody from typing. But a browser draws the frame that shows a key before it
// lets the page hear of a thread. So while keys take less than a frame, the page has a compiler of its own for them: what a
// key means then stands in the frame that shows it. All else, and all that takes longer, is the thread's.

import type { Compiled, Heard, Questions, Settings, TextFile, Told, Work } from "./protocol.js";
import type { Service } from "./service.js";

/** How long the page may compile, in milliseconds. */
const FRAME = 16;

/** How many UTF-16 units are a key, or what is pasted like one. */
const KEY = 1000;

/** What is asked about the shown output, of whoever wrote it. */
const ABOUT_SHOWN = new Set<keyof Questions>(["linesOf", "sourceOf"]);

/** Started before the page asks for it: the compiler loads while the page does. */
const worker = new Worker(new URL("./compiler.js", import.meta.url), { type: "module", name: "compiler" });
/** What it says before anybody listens. */
const early: MessageEvent<Heard>[] = [];
worker.onmessage = (event: MessageEvent<Heard>) => early.push(event);

/** Runs when the browser has nothing to do; in one that does not say when, soon. */
const whenIdle = (run: () => void): void => void (globalThis.requestIdleCallback?.(run) ?? setTimeout(run, 100));

type Answer<K extends keyof Questions> = ReturnType<Questions[K]>;

/** What compilers say beside answers. */
export type Said =
  | Omit<Extract<Heard, { kind: "ready" }>, "module">
  | Extract<Heard, { kind: "failed" }>
  /** `current` says whether it is about what stands there now. */
  | ({ kind: "compiled"; current: boolean } & Compiled);

/** What the page has of a project. */
export interface Page {
  files: TextFile[];
  settings: Settings;
  /** The output that stands there. */
  shown: { path: string; text: string };
}

/** The compilers of a page, which are as one. */
export class Compiler {
  readonly #listen: (said: Said) => void;
  readonly #page: () => Page;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #last = 0;
  /** Counts what was told of files and settings, as the thread does. */
  #revision = 0;
  /** Of what the page's own compiler is made, once it is there. */
  #Service: typeof Service | undefined;
  /** The page's own compiler, which has all that was told; none while the thread compiles. */
  #near: Service | undefined;
  /** Whether it is about to compile. */
  #isDue = false;

  /** `listen` hears what they say; `page` gives what stands there now. */
  constructor(listen: (said: Said) => void, page: () => Page) {
    this.#listen = listen;
    this.#page = page;
    const hear = ({ data }: MessageEvent<Heard>): void => this.#hear(data);
    early.splice(0).forEach(hear);
    worker.onmessage = hear;
    worker.onerror = (event) => listen({ kind: "failed", message: `the compiler does not start: ${event.message ?? "its script is missing"}` });
  }

  tell(work: Work): void {
    if (work.kind !== "show") this.#revision += 1;
    if (this.#near !== undefined && isKey(work)) {
      tellThread(work, false);
      this.#near.hear(work);
      this.#compileSoon();
    } else {
      this.#leave(false);
      tellThread(work, true);
    }
  }

  ask<K extends keyof Questions>(question: K, ...details: Parameters<Questions[K]>): Promise<Answer<K>> {
    if (this.#near !== undefined && ABOUT_SHOWN.has(question)) return this.#askNear(question, details);
    this.#last += 1;
    const id = this.#last;
    worker.postMessage({ kind: "ask", id, question, details } satisfies Told);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Behind the frame that the browser draws now, which need not wait for it. */
  async #askNear<K extends keyof Questions>(question: K, details: Parameters<Questions[K]>): Promise<Answer<K>> {
    await new Promise((done) => setTimeout(done));
    return this.#near === undefined ? this.ask(question, ...details) : this.#near.answer(question, details);
  }

  #hear(heard: Heard): void {
    switch (heard.kind) {
      case "answer": {
        const waiting = this.#waiting.get(heard.id);
        this.#waiting.delete(heard.id);
        if (heard.failure === undefined) waiting?.resolve(heard.value as never);
        else waiting?.reject(new Error(heard.failure));
        break;
      }
      case "ready":
        this.#listen({ kind: "ready", targets: heard.targets });
        whenIdle(() => this.#prepare(heard.module).catch(() => {}));
        break;
      case "compiled": {
        // It was told before the page's own compiler took over.
        if (this.#near !== undefined) break;
        const { revision, ...compiled } = heard;
        const current = revision === this.#revision;
        if (current && compiled.ok && compiled.took < FRAME / 2) whenIdle(() => revision === this.#revision && this.#approach());
        this.#listen({ ...compiled, current });
        break;
      }
      case "failed":
        this.#listen(heard);
    }
  }

  /** Compiles behind what the browser does now, in which several changes may be told. */
  #compileSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      const near = this.#near;
      const compiled = near && attempt(near);
      if (compiled !== undefined) this.#listen({ kind: "compiled", current: true, ...compiled });
      if (compiled === undefined || compiled.took > FRAME) this.#leave(true);
      else setTimeout(() => near === this.#near && near?.rest());
    });
  }

  /** Brings what the page's own compiler is made of; without it, all is the thread's. */
  async #prepare(module: WebAssembly.Module): Promise<void> {
    const { load, Service } = await import("./service.js");
    await load(module);
    this.#Service = Service;
  }

  /** Makes the page's own compiler, with what stands there. */
  #approach(): void {
    if (this.#Service === undefined || this.#near !== undefined) return;
    const { files, settings, shown } = this.#page();
    const near = new this.#Service();
    near.hear({ kind: "open", files, settings });
    near.hear({ kind: "show", ...shown });
    const compiled = near.compile();
    const isSame = compiled.shown !== undefined && "replacements" in compiled.shown && compiled.shown.replacements.length === 0;
    if (isSame) this.#near = near;
    else near.free();
  }

  /** Leaves the work to the thread, which knows of all but the output that stands there. */
  #leave(compile: boolean): void {
    if (this.#near === undefined) return;
    this.#near.free();
    this.#near = undefined;
    tellThread({ kind: "show", ...this.#page().shown }, compile);
  }
}

/** `compile` says whether somebody waits for what it means. */
function tellThread(work: Work, compile: boolean): void {
  worker.postMessage({ kind: "work", work, compile } satisfies Told);
}

/** What the files mean; nothing where the compiler fails, of which the thread says why, or does better. */
function attempt(service: Service): Compiled | undefined {
  try {
    return service.compile();
  } catch {
    return undefined;
  }
}

function isKey(work: Work): boolean {
  return work.kind === "change" && work.replacements.reduce((sum, { insert }) => sum + insert.length, 0) <= KEY;
}
