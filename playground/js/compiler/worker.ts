// The compiler's thread. In: what the page tells and asks. Out: after the changes that wait, what they mean; answers. Never
// touches the page, so a schema that takes long to compile keeps nobody from typing.

import type { Heard, Told } from "./protocol.js";
import { load, Service } from "./service.js";

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

/** A failure of the compiler is told; the next change finds a fresh instance. */
function compile(): void {
  try {
    say({ kind: "compiled", revision, ...service.compile() });
    service.rest();
  } catch (error) {
    say({ kind: "failed", message: message(error) });
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function hear(told: Told): void {
  if (told.kind === "ask") {
    try {
      say({ kind: "answer", id: told.id, value: service.answer(told.question, told.details as never) });
    } catch (error) {
      say({ kind: "answer", id: told.id, failure: message(error) });
    }
    return;
  }
  service.hear(told.work);
  if (told.work.kind !== "show") revision += 1;
  if (told.compile) compileSoon();
}

/** What the page says before the compiler is there. */
const early: Told[] = [];
self.onmessage = ({ data }: MessageEvent<Told>) => early.push(data);

try {
  const module = await fetched(new URL("./schemagen.wasm", self.location.href));
  const targets = await load(module);
  service = new Service();
  say({ kind: "ready", targets, module });
  early.forEach(hear);
  self.onmessage = ({ data }: MessageEvent<Told>) => hear(data);
} catch (error) {
  say({ kind: "failed", message: `the compiler does not load: ${message(error)}` });
}

/** WebAssembly, compiled while it comes; where a server does not say what it is, once it is there. */
async function fetched(url: URL): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const isNamed = response.headers.get("Content-Type") === "application/wasm";
  return isNamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
