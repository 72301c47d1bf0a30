// Watches a project's files. In: folders and files. Out: one call a burst of changes.

import type { Stats } from "node:fs";
import { watch as watchFiles } from "chokidar";

/** How long to wait for more changes of the same burst, in milliseconds. */
const QUIET = 60;

/** What is looked at, and for how long. */
export interface WatchOptions {
  /** Paths that are not looked at. */
  ignored: (path: string, stats?: Stats) => boolean;
  /** Ends the watch. */
  signal: AbortSignal;
  /** Called once when every change from now on will be seen. */
  ready: () => void;
}

/** Calls `changed` with the paths that changed in `paths`, never while a former call still runs, until it is told to end. */
export async function watch(
  paths: string[],
  options: WatchOptions,
  changed: (paths: string[]) => Promise<void>,
): Promise<void> {
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  const fire = async (): Promise<void> => {
    if (running || pending.size === 0) return;
    running = true;
    const burst = [...pending].sort();
    pending.clear();
    await changed(burst);
    running = false;
    void fire();
  };
  const watcher = watchFiles(paths, { ignoreInitial: true, ignored: options.ignored });
  watcher.on("all", (_event, path) => {
    pending.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => void fire(), QUIET);
  });
  watcher.once("ready", options.ready);
  await new Promise<void>((done) => options.signal.addEventListener("abort", () => done(), { once: true }));
  clearTimeout(timer);
  await watcher.close();
}
