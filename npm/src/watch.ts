// Keeps a project generated. In: a project, and a signal that ends it. Out: one round at the start and one for each burst
// of changes. The command line and the bundler plugin show rounds, each in its way.
//
// Events only wake it up: what changed is found by comparing the inputs with those of the round before. So it does not
// matter which events an editor or a check-out brings, which are lost, and which a written output causes; a round that
// changed no input is never followed by another. While it waits whether more follows, what stands there is compiled already.

import { type Stats, statSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import { isHidden } from "./glob.js";
import { displayPath } from "./inputs.js";
import type { Generation, Project } from "./project.js";
import { nearest } from "./write.js";

/** What one change, or the start, led to. */
export interface Round {
  /** The inputs that changed, as people see their paths; none at the start. */
  changed: string[];
  /** What generating gave; none if it could not be tried. */
  generation?: Generation;
  /** Why it could not be tried. */
  error?: unknown;
  /** How long it took, in milliseconds, from the moment when the first of the changes was heard of. */
  time: number;
}

/** How a project is kept generated. */
export interface KeepOptions {
  /** Ends it. */
  signal: AbortSignal;
  /** Overwrites files that do not carry our header. */
  force?: boolean;
  /** Whether watching keeps the process alive. */
  persistent?: boolean;
  /** Shows a round. */
  report: (round: Round) => void;
  /** Called once, after the first round, when every change from now on will be seen. */
  ready?: () => void;
}

/** How long to wait for more of the same burst after `paths` were heard of, in milliseconds: a save is one, a check-out many. */
function quiet(paths: number): number {
  if (paths <= 1) return 10;
  return paths < 10 ? 60 : 200;
}

/** How long after a save what it left is compiled ahead, in milliseconds: it may be written in parts. */
const AHEAD = 2;

/** How long a file that is gone or empty is left to whoever writes it, and how long after a round to look again. */
const SETTLE = 120;

/** How long after the start the compiler is made ready, where the first round had nothing to compile. */
const IDLE = 1000;

/** Generates now and whenever an input changes, until told to end. Never throws: what goes wrong is reported. */
export async function keepGenerated(project: Project, options: KeepOptions): Promise<void> {
  let current = project;
  let seen = current.stamps();
  let watcher = open();
  let heard = new Set<string>();
  /** When the first change was heard of that no round is about yet. */
  let noticed: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ahead: NodeJS.Timeout | undefined;
  let running = false;
  let patient = false;
  /** Whether the configuration on disk is not the current project's, because it could not be read. */
  let outdated = false;

  function open(): FSWatcher {
    const { paths, ignored } = scope(current);
    const made = watch(paths, { ignoreInitial: true, atomic: false, ignored, persistent: options.persistent !== false });
    made.on("all", (_event, path) => {
      noticed ??= performance.now();
      heard.add(path);
      clearTimeout(ahead);
      if (heard.size === 1 && !running && !current.isConfig(resolve(path))) ahead = setTimeout(prepare, AHEAD).unref();
      wakeIn(quiet(heard.size));
    });
    made.on("error", (error) => options.report({ changed: [], error, time: 0 }));
    return made;
  }

  function wakeIn(delay: number): void {
    clearTimeout(timer);
    if (options.signal.aborted) return;
    timer = setTimeout(() => void check(), delay);
    if (options.persistent === false) timer.unref();
  }

  async function check(): Promise<void> {
    if (running) return; // A round looks again when it ends.
    clearTimeout(ahead);
    heard = new Set();
    const now = current.stamps();
    const changed = differences(seen, now);
    if (!patient && changed.some(isUnsettled)) {
      patient = true;
      wakeIn(SETTLE);
      return;
    }
    patient = false;
    if (changed.length === 0) {
      noticed = undefined;
      current.rest();
      return;
    }
    seen = now;
    await round(changed);
  }

  async function round(changed: string[]): Promise<void> {
    running = true;
    const started = noticed ?? performance.now();
    noticed = undefined;
    const outcome: Pick<Round, "generation" | "error"> = {};
    try {
      outdated ||= changed.some((path) => current.isConfig(path));
      if (outdated) await reload();
      outcome.generation = await current.generate({ force: options.force === true });
    } catch (error) {
      outcome.error = error;
    }
    const shown = changed.map((path) => displayPath(path, current.cwd));
    options.report({ changed: shown, ...outcome, time: performance.now() - started });
    running = false;
    wakeIn(SETTLE); // What was written meanwhile may have had its event swallowed as part of the same burst.
  }

  async function reload(): Promise<void> {
    current = await current.reload();
    outdated = false;
    seen = current.stamps();
    await watcher.close();
    watcher = open();
  }

  /** Compiles what stands there now. At the first time this loads the compiler, for which the first save need not wait then. */
  function prepare(): void {
    current.prepare().catch(() => {}); // What is wrong was reported by the round before, or will be by the next.
  }

  const watching = new Promise<void>((done) => watcher.once("ready", done));
  await round([]);
  await watching;
  if (!options.signal.aborted) {
    options.ready?.();
    const idle = setTimeout(prepare, IDLE).unref();
    await new Promise<void>((done) => options.signal.addEventListener("abort", () => done(), { once: true }));
    clearTimeout(idle);
  }
  clearTimeout(timer);
  clearTimeout(ahead);
  await watcher.close();
}

/** What to watch: the folders that hold the configuration, its modules and the bases of the inputs, and of these only what matters. */
function scope(project: Project): { paths: string[]; ignored: (path: string, stats?: Stats) => boolean } {
  const bases = [...project.inputBases(), ...project.configImports];
  const paths = [...new Set([project.root, ...bases.map((base) => nearest(dirname(base)))])];
  const ignored = (given: string, stats?: Stats): boolean => {
    const path = resolve(given);
    if (paths.includes(path) || project.isConfig(path)) return false;
    if (stats?.isFile()) return !project.isInput(path);
    return !bases.some((base) => {
      if (base === path || base.startsWith(path + sep)) return true;
      return path.startsWith(base + sep) && !relative(base, path).split(sep).some(isHidden);
    });
  };
  return { paths, ignored };
}

function differences(before: Map<string, string>, now: Map<string, string>): string[] {
  const paths = new Set([...before.keys(), ...now.keys()]);
  return [...paths].filter((path) => before.get(path) !== now.get(path)).sort((a, b) => (a < b ? -1 : 1));
}

/** Whether a file looks as if whoever replaces it had not finished. */
function isUnsettled(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;
}
