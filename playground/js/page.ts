// What the page's Rust sees of JavaScript: the session, and the browser's gifts that Rust has no names for.

import type { Runner, Status } from "./run/runner.js";
import type { Tester } from "./run/tester/tester.js";
import type { Session } from "./session.js";

export { Session } from "./session.js";
export { pack, unpack } from "./share.js";
export { load } from "./storage.js";
export { SqlConsole } from "./run/console.js";

/** Writes Markdown into `host`; what reads it comes when it is first asked for. */
export async function write(markdown: string, host: Element): Promise<void> {
  const read = await import("./editor/markdown.js");
  host.replaceChildren(read.markdown(markdown));
}

/** What runs the schema of a session; comes when it is first asked for. */
export async function openRunner(session: Session, listen: (status: Status) => void): Promise<Runner> {
  const { Runner } = await import("./run/runner.js");
  return new Runner(session, listen);
}

/** What tries the policies of what was run, in `host`; comes when it is first looked at. */
export async function openTester(host: HTMLElement, session: Session, runner: Runner, touched: () => void): Promise<Tester> {
  const { Tester } = await import("./run/tester/tester.js");
  return new Tester(host, session, runner, touched);
}

// Before the WebAssembly is there, nobody else can say that it does not come.
for (const failure of ["error", "unhandledrejection"]) {
  addEventListener(failure, () => {
    const loading = document.getElementById("loading");
    if (loading !== null) loading.textContent = "The playground does not load. Reload the page to try again: what you wrote is kept.";
  });
}

// A build that is served for development changes too often to be kept.
if (import.meta.env.RELEASE) void navigator.serviceWorker?.register(new URL("./service-worker.js", import.meta.url));
