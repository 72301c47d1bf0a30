// The compiler's thread. In: the WebAssembly, then what the page tells and asks. Out: after the changes that wait, what they
// mean; answers. Never touches the page, so a schema that takes long to compile keeps nobody from typing.

import { InternalError } from "../../../npm/src/compiler/api.js";
import { initSync } from "../../../npm/wasm/schemagen.js";
import type { Heard, Told } from "./protocol.js";
import { Service } from "./service.js";

declare const self: DedicatedWorkerGlobalScope;

let service: Service;
/** Counts what the page told about files and settings. */
let revision = 0;

const say = (heard: Heard): void => self.postMessage(heard);

/** Compiles once all messages are read that wait already: whoever types faster than that gets one compilation. */
const compileSoon = (() => {
  const { port1, port2 } = new MessageChannel();
  let due = false;
  port1.onmessage = () => {
    due = false;
    compile();
  };
  return () => {
    if (!due) port2.postMessage(0);
    due = true;
  };
})();

function compile(): void {
  attempt(
    () => {
      say({ kind: "compiled", revision, ...service.compile() });
      service.rest();
    },
    (message) => say({ kind: "failed", message }),
  );
}

/** Runs what may fail, and says by `fail` why it did. Where the compiler itself failed, this thread has come to its end. */
function attempt(run: () => void, fail: (message: string) => void): void {
  try {
    run();
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
    if (error instanceof InternalError) say({ kind: "spent" });
  }
}

function hear(told: Told): void {
  if (told.kind === "ask") {
    const { id, question, details } = told;
    attempt(
      () => say({ kind: "answer", id, value: service.answer(question, details as never) }),
      (failure) => say({ kind: "answer", id, failure }),
    );
    return;
  }
  service.hear(told.work);
  if (told.work.kind !== "show") revision += 1;
  if (told.compile) compileSoon();
}

self.onmessage = ({ data: module }: MessageEvent<WebAssembly.Module>) => {
  self.onmessage = null;
  attempt(
    () => {
      initSync({ module });
      service = new Service();
      self.onmessage = ({ data }: MessageEvent<Told>) => hear(data);
    },
    (message) => say({ kind: "failed", message: `the compiler does not start: ${message}` }),
  );
};
