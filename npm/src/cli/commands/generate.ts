// `schemagen generate`: what the configuration asks for, written to disk.

import { type Command, Option } from "commander";
import { type Generation, openProject } from "../../project.js";
import { type ConfigOptions, EXIT, type Exit, exits, type FormatOptions, withConfig, withFormat } from "../args.js";
import { colors, progress, say, sayFindings, sayJson, sayPlan, sayRefusals } from "../render.js";

interface Options extends FormatOptions, ConfigOptions {
  check?: boolean;
  dryRun?: boolean;
  watch?: boolean;
  force?: boolean;
}

const AFTER = `
All files are planned first and written together, each by a temporary file and a rename. A file that does not carry
schemagen's header is not overwritten. A file that is no output any more is removed if schemagen wrote it and nobody
changed it since.

Examples:
  $ schemagen generate
  $ schemagen generate --dry-run    shows what would change
  $ schemagen generate --check      in CI: exits with 1 if a file is not what the schema says
`;

export function defineGenerate(program: Command): void {
  const command = program
    .command("generate")
    .alias("gen")
    .description("write what the configuration asks for")
    .option("--check", "write nothing; exit with 1 if something would change")
    .option("--dry-run", "write nothing; show what would change")
    .addOption(new Option("-w, --watch", "the same as `schemagen dev`").conflicts(["check", "dryRun"]))
    .option("-f, --force", "overwrite files that do not carry schemagen's header")
    .addHelpText("after", AFTER)
    .action(exits((options: Options) => (options.watch ? watch(options) : generate(options))));
  withFormat(withConfig(command));
}

async function generate(options: Options): Promise<Exit> {
  const started = Date.now();
  const project = await openProject({ cwd: process.cwd(), config: options.config });
  const busy = progress("compiling");
  const settings = { force: options.force === true, write: !options.check && !options.dryRun };
  const result = await project.generate(settings).finally(busy.done);
  const { plan, written } = result;
  const changes = plan.files.filter(({ change }) => change !== "unchanged");
  const ok = result.ok && plan.refusals.length === 0;

  if (options.format === "json") {
    const files = plan.files.map(({ path, target, change }) => ({ path, target, change }));
    sayJson({ ok, written, files, refused: plan.refusals, kept: plan.kept, diagnostics: result.diagnostics });
  } else {
    sayGeneration(result, options, Date.now() - started);
  }
  const exit = exitOf(result);
  return exit === EXIT.ok && options.check && changes.length > 0 ? EXIT.findings : exit;
}

/** Says what generating did. */
export function sayGeneration(generation: Generation, options: FormatOptions, milliseconds: number): void {
  const { plan, written } = generation;
  sayFindings(process.stderr, generation, options);
  sayRefusals(plan);
  if (exitOf(generation) !== EXIT.ok) return;
  sayPlan(plan);
  const changes = plan.files.filter(({ change }) => change !== "unchanged").length;
  const count = `${changes} ${changes === 1 ? "file" : "files"} ${written ? "written" : "would change"}`;
  say(process.stdout, `${count}, ${plan.files.length - changes} unchanged ${colors(process.stdout).dim(`(${milliseconds} ms)`)}`);
}

/** How a command that generates ends. */
export function exitOf({ ok, plan }: Generation): Exit {
  if (!ok) return EXIT.findings;
  return plan.refusals.length === 0 ? EXIT.ok : EXIT.usage;
}

async function watch(options: Options): Promise<Exit> {
  const { watchProject } = await import("../watching.js");
  return watchProject(options);
}
