// Vite's development server. In: the server, and where to search for a configuration. Out: a project that is kept
// generated while the server runs; what is wrong stands in the terminal and in the browser's overlay. Hot updates are
// Vite's own: it sees the files that were written, and only those that changed are; what it overlooks, it is told.

import { resolve } from "node:path";
import pc from "picocolors";
import type { ErrorPayload, ViteDevServer } from "vite";
import { report } from "../report.js";
import { keepGenerated, type Round } from "../watch.js";
import { type Problem, problemOf, problemOfFailure } from "./problem.js";
import type { Session } from "./session.js";

/** How long Vite may take to see a file that was written, in milliseconds. */
const NOTICE = 250;

/** Generates, then keeps the project generated until `signal` ends it. Gives back when the first round is over. */
export async function serve(server: ViteDevServer, session: Session, signal: AbortSignal): Promise<void> {
  const project = await session.project();
  const { logger } = server.config;
  let before: Round | undefined;
  let problem: Problem | undefined;

  const show = (round: Round): void => {
    const { ok, line, findings } = report(round, before, "rich", { color: pc.isColorSupported, width: 100 });
    if (findings !== "") (ok ? logger.warn : logger.error)(`\n${findings}`, { timestamp: true });
    if (before !== undefined || !ok) logger.info(`[schemagen] ${line}`, { timestamp: true });
    before = round;
    remind(server, round);
    const had = problem !== undefined;
    problem = round.generation === undefined ? problemOfFailure(round.error) : problemOf(round.generation, project.cwd);
    if (problem !== undefined) server.ws.send(overlay(problem));
    else if (had) server.ws.send({ type: "update", updates: [] }); // Takes the overlay away.
  };

  // A page that is loaded while something is wrong says so too.
  server.ws.on("connection", (socket) => {
    if (problem !== undefined) socket.send(JSON.stringify(overlay(problem)));
  });
  await new Promise<void>((first) => {
    void keepGenerated(project, {
      signal,
      persistent: false, // The server decides how long the process lives.
      report(round) {
        show(round);
        first();
      },
    });
  });
}

/** Tells Vite of files that it has not updated by itself: its watcher overlooks one of two changes in quick succession. */
function remind(server: ViteDevServer, { generation }: Round): void {
  if (generation?.written !== true) return;
  const { root, files } = generation.plan;
  const changed = files.filter((file) => file.change === "update").map((file) => resolve(root, file.path));
  const written = Date.now();
  const look = (): void => {
    for (const path of changed) {
      const modules = [...(server.moduleGraph.getModulesByFile(path) ?? [])];
      if (modules.some((module) => module.lastHMRTimestamp < written)) server.watcher.emit("change", path);
    }
  };
  setTimeout(look, NOTICE).unref();
}

function overlay(problem: Problem): ErrorPayload {
  return { type: "error", err: { ...problem } };
}
