// The page's end of the database's thread. In: questions. Out: promises of answers; an error of PostgreSQL is an `Error`
// with its fields. A thread that cannot start, or is ended, fails all that waits.

import type { Asked, Heard, Questions } from "./protocol.js";

/** A thread with a PostgreSQL. */
export class Database {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #last = 0;

  /** Starts it; `loading` hears which part of its files is there, from 0 to 1. */
  constructor(loading: (fraction: number) => void) {
    this.#worker = new Worker(new URL("./postgres/database.js", import.meta.url), { type: "module", name: "database" });
    this.#worker.onmessage = ({ data }: MessageEvent<Heard>) => {
      if (data.kind === "loading") return loading(data.fraction);
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.failure === undefined) waiting?.resolve(data.value as never);
      else waiting?.reject(Object.assign(new Error(data.failure.message), data.failure));
    };
    this.#worker.onerror = (event) => this.end(event.message || "its script does not load");
  }

  ask<K extends keyof Questions>(question: K, ...details: Parameters<Questions[K]>): Promise<ReturnType<Questions[K]>> {
    this.#last += 1;
    const id = this.#last;
    this.#worker.postMessage({ id, question, details } satisfies Asked);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Ends it, in the middle of whatever it does. */
  end(reason: string): void {
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }
}
