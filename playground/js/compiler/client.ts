// The page's end of the compiler's thread. In: what to tell and ask. Out: what the thread says, and promises of answers.

import type { Heard, Questions, Told } from "./protocol.js";

type Answer<K extends keyof Questions> = ReturnType<Questions[K]>;

/** A thread with a compiler. */
export class Compiler {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #last = 0;

  /** Starts it; `listen` hears all but the answers. */
  constructor(listen: (heard: Exclude<Heard, { kind: "answer" }>) => void) {
    this.#worker = new Worker(new URL("./compiler.js", import.meta.url), { type: "module", name: "compiler" });
    this.#worker.onmessage = ({ data }: MessageEvent<Heard>) => {
      if (data.kind !== "answer") return listen(data);
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.failure === undefined) waiting?.resolve(data.value as never);
      else waiting?.reject(new Error(data.failure));
    };
    this.#worker.onerror = (event) => listen({ kind: "failed", message: `the compiler does not start: ${event.message ?? "its script is missing"}` });
  }

  tell(told: Exclude<Told, { kind: "ask" }>): void {
    this.#worker.postMessage(told);
  }

  ask<K extends keyof Questions>(question: K, ...details: Parameters<Questions[K]>): Promise<Answer<K>> {
    this.#last += 1;
    const id = this.#last;
    this.#worker.postMessage({ kind: "ask", id, question, details } satisfies Told);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }
}
