// `schemagen dev` and `generate --watch`: rounds of watching, shown as they come. Goes on after errors; ends at Ctrl-C.

import { openProject } from "../project.js";
import { report } from "../report.js";
import { keepGenerated, type Round } from "../watch.js";
import { type ConfigOptions, EXIT, type Exit, type FormatOptions } from "./args.js";
import { colors, hasColor, put, say, sayJson } from "./render.js";

/** What both commands take. */
export interface WatchOptions extends FormatOptions, ConfigOptions {
  force?: boolean;
}

/** Keeps the project generated until the process is told to end. */
export async function watchProject(options: WatchOptions): Promise<Exit> {
  const project = await openProject({ cwd: process.cwd(), config: options.config });
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const { stdout, stderr } = process;
  const width = Math.min(stderr.columns ?? 100, 140);
  let before: Round | undefined;
  const show = (round: Round): void => {
    const { ok, line, findings } = report(round, before, options.format, { color: hasColor(stderr), width });
    before = round;
    if (options.format === "json") {
      const { generation, changed, time } = round;
      const files = generation?.plan.files.map(({ path, target, change }) => ({ path, target, change }));
      sayJson({ ok, changed, time, files, diagnostics: generation?.diagnostics, ...(generation ? {} : { error: findings }) });
      return;
    }
    put(stderr, findings);
    const c = colors(stdout);
    say(stdout, `${c.dim(new Date().toTimeString().slice(0, 8))} ${ok ? line : c.red(line)}`);
  };
  await keepGenerated(project, {
    signal: stop.signal,
    force: options.force === true,
    report: show,
    ready: () => options.format !== "json" && say(stdout, colors(stdout).dim("watching; Ctrl-C ends it")),
  });
  return EXIT.ok;
}
