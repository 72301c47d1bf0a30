// The page's end of the compiler's thread. In: what to tell and ask. Out: what the thread says, and promises of answers.

import type { Heard, Questions, Told } from "./protocol.js";

/** Started before the page asks for it: the compiler loads while the page does. */
const worker = new Worker(new URL("./compiler.js", import.meta.url), { type: "module", name: "compiler" });
/** What it says before anybody listens. */
const early: MessageEvent<Heard>[] = [];
worker.onmessage = (event: MessageEvent<Heard>) => early.push(event);

type Answer<K extends keyof Questions> = ReturnType<Questions[K]>;

/** A thread with a compiler. */
export class Compiler {
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #last = 0;

  /** There is one; `listen` hears all but the answers. */
  constructor(listen: (heard: Exclude<Heard, { kind: "answer" }>) => void) {
    const hear = ({ data }: MessageEvent<Heard>): void => {
      if (data.kind !== "answer") return listen(data);
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.failure === undefined) waiting?.resolve(data.value as never);
      else waiting?.reject(new Error(data.failure));
    };
    early.splice(0).forEach(hear);
    worker.onmessage = hear;
    worker.onerror = (event) => listen({ kind: "failed", message: `the compiler does not start: ${event.message ?? "its script is missing"}` });
  }

  tell(told: Exclude<Told, { kind: "ask" }>): void {
    worker.postMessage(told);
  }

  ask<K extends keyof Questions>(question: K, ...details: Parameters<Questions[K]>): Promise<Answer<K>> {
    this.#last += 1;
    const id = this.#last;
    worker.postMessage({ kind: "ask", id, question, details } satisfies Told);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }
}
