// Vite's development server. In: the server, and where to search for a configuration. Out: a project that is kept
// generated while the server runs; what is wrong stands in the terminal and in the browser's overlay. Hot updates need
// nothing from here: Vite sees the files that were written, and only those that changed are.

import pc from "picocolors";
import type { ErrorPayload, ViteDevServer } from "vite";
import { report } from "../report.js";
import { keepGenerated, type Round } from "../watch.js";
import { type Problem, problemOf, problemOfFailure } from "./problem.js";
import type { Session } from "./session.js";

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

function overlay(problem: Problem): ErrorPayload {
  return { type: "error", err: { ...problem } };
}
