// `schemagen generate`: what the configuration asks for, written to disk.

import type { Command } from "commander";
import { openProject, type Project } from "../../project.js";
import { type ConfigOptions, EXIT, type Exit, exits, type FormatOptions, withConfig, withFormat } from "../args.js";
import { colors, progress, say, sayFailure, sayFindings, sayJson, sayPlan, sayRefusals } from "../render.js";

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
  $ schemagen generate --watch
  $ schemagen generate --check      in CI: exits with 1 if a file is not what the schema says
`;

export function defineGenerate(program: Command): void {
  const command = program
    .command("generate")
    .alias("gen")
    .description("write what the configuration asks for")
    .option("--check", "write nothing; exit with 1 if something would change")
    .option("--dry-run", "write nothing; show what would change")
    .option("-w, --watch", "write again whenever a schema file or the configuration changes")
    .option("-f, --force", "overwrite files that do not carry schemagen's header")
    .addHelpText("after", AFTER)
    .action(exits((options: Options) => (options.watch ? watchProject(options) : generate(options))));
  withFormat(withConfig(command));
}

async function generate(options: Options): Promise<Exit> {
  return run(await openProject({ cwd: process.cwd(), config: options.config }), options);
}

async function run(project: Project, options: Options): Promise<Exit> {
  const started = performance.now();
  const busy = progress("compiling");
  const result = await project.compile().finally(busy.done);
  const plan = project.plan(result.outputs, options.force ? { force: true } : {});
  const changes = plan.files.filter(({ change }) => change !== "unchanged");
  const ok = result.ok && plan.refusals.length === 0;
  const writes = ok && !options.check && !options.dryRun;
  if (writes) project.write(plan);

  if (options.format === "json") {
    const files = plan.files.map(({ path, target, change }) => ({ path, target, change }));
    sayJson({ ok, written: writes, files, refused: plan.refusals, kept: plan.kept, diagnostics: result.diagnostics });
  } else {
    sayFindings(process.stderr, result, options);
    sayRefusals(plan);
    if (ok) {
      sayPlan(plan);
      const count = `${changes.length} ${changes.length === 1 ? "file" : "files"} ${writes ? "written" : "would change"}`;
      const time = colors(process.stdout).dim(`(${Math.round(performance.now() - started)} ms)`);
      say(process.stdout, `${count}, ${plan.files.length - changes.length} unchanged ${time}`);
    }
  }
  if (!result.ok) return EXIT.findings;
  if (!ok) return EXIT.usage;
  return options.check && changes.length > 0 ? EXIT.findings : EXIT.ok;
}

async function watchProject(options: Options): Promise<Exit> {
  const { watchGenerate } = await import("../watching.js");
  return watchGenerate(options.config, (project) => run(project, options).catch(sayFailure));
}
