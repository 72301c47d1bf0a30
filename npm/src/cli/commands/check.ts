// `schemagen check`: what there is to say about a schema. Writes nothing.

import type { Command } from "commander";
import { openProject, Project } from "../../project.js";
import { type ConfigOptions, EXIT, type Exit, exits, type FormatOptions, withConfig, withFormat } from "../args.js";
import { colors, progress, say, sayFindings, sayJson } from "../render.js";

interface Options extends FormatOptions, ConfigOptions {}

const AFTER = `
Examples:
  $ schemagen check                       the schemas of the configuration
  $ schemagen check schema/               all files of a folder, as one schema
  $ schemagen check "db/*.yaml" --format github
  $ cat schema.yaml | schemagen check -
`;

export function defineCheck(program: Command): void {
  const command = program
    .command("check")
    .description("report what is wrong with a schema; write nothing")
    .argument("[files...]", "files, folders or globs; - is standard input (default: the configuration's schemas)")
    .addHelpText("after", AFTER)
    .action(exits(run));
  withFormat(withConfig(command));
}

async function run(names: string[], options: Options): Promise<Exit> {
  const cwd = process.cwd();
  const project = names.length > 0 ? Project.ofFiles(names, cwd) : await openProject({ cwd, config: options.config });
  const busy = progress("checking");
  const { ok, files, diagnostics } = await project.check().finally(busy.done);
  if (options.format === "json") sayJson({ ok, diagnostics });
  sayFindings(process.stdout, { files, diagnostics }, options);
  if (options.format === "rich" && diagnostics.length === 0) {
    const count = files.length === 1 ? "1 file" : `${files.length} files`;
    say(process.stdout, `${colors(process.stdout).green("ok")}: nothing to say about ${count}`);
  }
  return ok ? EXIT.ok : EXIT.findings;
}
