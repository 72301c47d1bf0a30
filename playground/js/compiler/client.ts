// The page's end of its compilers. In: what to tell and ask. Out: what they say, and promises of answers.
//
// One is in a thread of its own, where it keeps nobody from typing. But a browser draws the frame that shows a key before it
// lets the page hear of a thread. So while keys take less than a frame, the page compiles them itself: what a key means then
// stands in the frame that shows it. All else, and all that takes longer, is the thread's.

import type { Compiled, Heard, Questions, Settings, TextFile, Told, Work } from "./protocol.js";
import { Service } from "./service.js";

/** How long the page may compile, in milliseconds. */
const FRAME = 16;

/** How many UTF-16 units are a key, or what is pasted like one. */
const KEY = 1000;

/** What is asked about the shown output, of whoever wrote it. */
const ABOUT_SHOWN = new Set<keyof Questions>(["linesOf", "sourceOf"]);

const thread = (): Worker => new Worker(new URL("./compiler.js", import.meta.url), { type: "module", name: "compiler" });

/** Begun before the page asks for it: its script loads while the page's WebAssembly does. */
const first = thread();
/** Why it does not start, if that is known before anybody listens. */
const early: Event[] = [];
first.onerror = (event) => early.push(event);

/** Runs when the browser has nothing to do; in one that does not say when, soon. */
const whenIdle = (run: () => void): void => void (globalThis.requestIdleCallback?.(run) ?? setTimeout(run, 100));

type Answer<K extends keyof Questions> = ReturnType<Questions[K]>;

/** What compilers say beside answers. */
export type Said =
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
  readonly #module: WebAssembly.Module;
  readonly #listen: (said: Said) => void;
  readonly #page: () => Page;
  #thread: Worker;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #last = 0;
  /** Counts what was told of files and settings, as the thread does. */
  #revision = 0;
  /** The page's own compiler, which has all that was told; none while the thread compiles. */
  #near: Service | undefined;
  /** Whether the page's compiler never failed. */
  #isSound = true;
  /** Whether it is about to compile. */
  #isDue = false;

  /** `module` is the page's WebAssembly; `listen` hears what they say; `page` gives what stands there now. */
  constructor(module: WebAssembly.Module, listen: (said: Said) => void, page: () => Page) {
    this.#module = module;
    this.#listen = listen;
    this.#page = page;
    this.#thread = this.#begun(first);
    early.forEach((event) => this.#broke(event));
  }

  tell(work: Work): void {
    if (work.kind !== "show") this.#revision += 1;
    if (this.#near !== undefined && isKey(work)) {
      this.#tellThread(work, false);
      this.#near.hear(work);
      this.#compileSoon();
    } else {
      this.#leave(false);
      this.#tellThread(work, true);
    }
  }

  ask<K extends keyof Questions>(question: K, ...details: Parameters<Questions[K]>): Promise<Answer<K>> {
    if (this.#near !== undefined && ABOUT_SHOWN.has(question)) return this.#askNear(question, details);
    this.#last += 1;
    const id = this.#last;
    this.#thread.postMessage({ kind: "ask", id, question, details } satisfies Told);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Behind the frame that the browser draws now, which need not wait for it. */
  async #askNear<K extends keyof Questions>(question: K, details: Parameters<Questions[K]>): Promise<Answer<K>> {
    await new Promise((done) => setTimeout(done));
    const answer = this.#attempt((near) => near.answer(question, details));
    return answer === undefined ? this.ask(question, ...details) : answer.is;
  }

  /** The thread, with what it compiles by. */
  #begun(thread: Worker): Worker {
    thread.onmessage = ({ data }: MessageEvent<Heard>) => this.#hear(data);
    thread.onerror = (event) => this.#broke(event);
    thread.postMessage(this.#module);
    return thread;
  }

  #broke({ message = "its script is missing" }: Partial<ErrorEvent>): void {
    this.#listen({ kind: "failed", message: `the compiler does not start: ${message}` });
  }

  /** Puts a thread into the place of the one that failed, for the next change. */
  #beginAgain(): void {
    this.#thread.terminate();
    for (const { reject } of this.#waiting.values()) reject(new Error("the compiler failed, and was started again"));
    this.#waiting.clear();
    this.#thread = this.#begun(thread());
    this.#revision = 1;
    for (const work of this.#everything()) this.#tellThread(work, false);
  }

  /** What a compiler is told that knows nothing yet. */
  #everything(): Work[] {
    const { files, settings, shown } = this.#page();
    return [
      { kind: "open", files, settings },
      { kind: "show", ...shown },
    ];
  }

  /** `compile` says whether somebody waits for what it means. */
  #tellThread(work: Work, compile: boolean): void {
    this.#thread.postMessage({ kind: "work", work, compile } satisfies Told);
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
      case "compiled": {
        // It was told before the page took over.
        if (this.#near !== undefined) break;
        const { revision, ...compiled } = heard;
        const current = revision === this.#revision;
        if (current && compiled.ok && compiled.took < FRAME / 2) whenIdle(() => revision === this.#revision && this.#approach());
        this.#listen({ ...compiled, current });
        break;
      }
      case "failed":
        this.#listen(heard);
        break;
      case "spent":
        this.#beginAgain();
    }
  }

  /** Compiles behind what the browser does now, in which several changes may be told. */
  #compileSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      const compiled = this.#attempt((near) => near.compile())?.is;
      if (compiled === undefined) return;
      this.#listen({ kind: "compiled", current: true, ...compiled });
      if (compiled.took > FRAME) this.#leave(true);
      else setTimeout(() => this.#attempt((near) => near.rest()));
    });
  }

  /** What the page's own compiler says. Nothing where it fails: then all is the thread's, which says why, or does better. */
  #attempt<T>(run: (near: Service) => T): { is: T } | undefined {
    if (this.#near === undefined) return undefined;
    try {
      return { is: run(this.#near) };
    } catch {
      this.#isSound = false;
      this.#leave(true);
      return undefined;
    }
  }

  /** Makes the page's own compiler, with what stands there. */
  #approach(): void {
    if (!this.#isSound || this.#near !== undefined) return;
    this.#near = new Service();
    const compiled = this.#attempt((near) => {
      for (const work of this.#everything()) near.hear(work);
      return near.compile();
    })?.is;
    const isSame = compiled?.shown !== undefined && "replacements" in compiled.shown && compiled.shown.replacements.length === 0;
    if (!isSame) this.#leave(false);
  }

  /** Leaves the work to the thread, which knows of all but the output that stands there. */
  #leave(compile: boolean): void {
    if (this.#near === undefined) return;
    this.#near.free();
    this.#near = undefined;
    this.#tellThread({ kind: "show", ...this.#page().shown }, compile);
  }
}

function isKey(work: Work): boolean {
  return work.kind === "change" && work.replacements.reduce((sum, { insert }) => sum + insert.length, 0) <= KEY;
}
