// Vite's development servers. In: those that run with one plugin, and where to search for a configuration. Out: a project
// that is kept generated while one of them runs; what is wrong stands in the terminal and in the browser's overlay. Hot updates are
// Vite's own: it sees the files that were written, and only those that changed are; what it overlooks, it is told.

import { statSync } from "node:fs";
import { resolve } from "node:path";
import pc from "picocolors";
import type { ErrorPayload, ViteDevServer } from "vite";
import { report } from "../report.js";
import { keepGenerated, type Round } from "../watch.js";
import { type Problem, problemOf, problemOfFailure } from "./problem.js";
import type { Session } from "./session.js";

/** How long Vite may take to see a file that was written, in milliseconds. */
const NOTICE = 250;

/** The servers that run over one project: some frameworks run two, others one more to look around in. */
export class Served {
  readonly #servers = new Set<ViteDevServer>();
  /** Ends the loop that keeps the project generated. */
  #stop = new AbortController();
  #first: Promise<void> | undefined;
  #before: Round | undefined;
  /** When each output was written that the servers know of, in milliseconds since 1970. */
  readonly #known = new Map<string, number>();
  #problem: Problem | undefined;

  /** Keeps the project of `session` generated while `server`, or another one, runs. Gives back when the first round is over. */
  async join(server: ViteDevServer, session: Session): Promise<void> {
    this.#servers.add(server);
    // A page that is loaded while something is wrong says so too.
    server.ws.on("connection", (socket) => {
      if (this.#problem !== undefined) socket.send(JSON.stringify(overlay(this.#problem)));
    });
    this.#first ??= this.#keep(session);
    await this.#first;
  }

  /** Ends the work for `server`. */
  leave(server: ViteDevServer): void {
    this.#servers.delete(server);
    if (this.#servers.size > 0) return;
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#first = undefined;
    this.#before = undefined;
    this.#known.clear();
  }

  async #keep(session: Session): Promise<void> {
    const { signal } = this.#stop;
    const project = await session.project();
    await new Promise<void>((first) => {
      void keepGenerated(project, {
        signal,
        persistent: false, // The servers decide how long the process lives.
        report: (round) => {
          this.#show(round, project.cwd);
          first();
        },
      });
    });
  }

  #show(round: Round, cwd: string): void {
    const { ok, line, findings } = report(round, this.#before, "rich", { color: pc.isColorSupported, width: 100 });
    const [speaker] = this.#servers;
    const logger = speaker?.config.logger;
    if (findings !== "") (ok ? logger?.warn : logger?.error)?.(`\n${findings}`, { timestamp: true });
    if (this.#before !== undefined || !ok) logger?.info(`[schemagen] ${line}`, { timestamp: true });
    setTimeout(() => this.#remind(round), NOTICE).unref();
    this.#before = round;
    const had = this.#problem !== undefined;
    this.#problem = round.generation === undefined ? problemOfFailure(round.error) : problemOf(round.generation, cwd);
    for (const server of this.#servers) {
      if (this.#problem !== undefined) server.ws.send(overlay(this.#problem));
      else if (had) server.ws.send({ type: "update", updates: [] }); // Takes the overlay away.
    }
  }

  /**
   * Tells Vite of outputs that were written, by us or by a server of another process, and that it has not updated by itself:
   * its watcher overlooks one of two changes in quick succession. And of those that no module of a server is made of: a
   * framework may know more of them, by the events of its watcher.
   */
  #remind({ generation }: Round): void {
    if (generation?.written !== true) return;
    const { root, files } = generation.plan;
    for (const { path: shown, change } of files) {
      const path = resolve(root, shown);
      // A file is written, and then renamed into its place, which changes the file and not its text.
      const written = statSync(path, { throwIfNoEntry: false })?.ctimeMs;
      if (written === undefined) continue;
      const before = this.#known.get(path);
      this.#known.set(path, written);
      if (change !== "update" && (before ?? written) === written) continue;
      for (const { moduleGraph, watcher } of this.#servers) {
        const modules = [...(moduleGraph.getModulesByFile(path) ?? [])];
        if (modules.length > 0 && modules.every((module) => module.lastHMRTimestamp >= written)) continue;
        watcher.emit("change", path);
        watcher.emit("all", "change", path);
      }
    }
  }
}

function overlay(problem: Problem): ErrorPayload {
  return { type: "error", err: { ...problem } };
}
