// `schemagen format`: even indentation and spacing for schema files. Comments, texts and SQL stay as they are.

import type { Command } from "commander";
import { format } from "../../compiler/node.js";
import { UserError } from "../../errors.js";
import { expand, readSources, textOf } from "../../inputs.js";
import { openProject } from "../../project.js";
import type { Diagnostic, SourceFile } from "../../types.js";
import { apply, type PlannedFile } from "../../write.js";
import { type ConfigOptions, EXIT, type Exit, exits, type FormatOptions, withConfig, withFormat } from "../args.js";
import { colors, put, say, sayFindings, sayJson } from "../render.js";

interface Options extends FormatOptions, ConfigOptions {
  check?: boolean;
}

const AFTER = `
Two columns a level, one space where one belongs, at most one blank line, and no quotes around plain words. Comments,
braces, texts, SQL and line ends stay as they are, and the file says what it said before. - formats standard input.

Examples:
  $ schemagen format                    the schema files of the configuration
  $ schemagen format schema/ --check    in CI: exits with 1 if a file is not formatted
  $ schemagen format - < schema.yaml
`;

export function defineFormat(program: Command): void {
  const command = program
    .command("format")
    .alias("fmt")
    .description("give schema files even indentation and spacing")
    .argument("[files...]", "files, folders or globs; - is standard input (default: the configuration's schemas)")
    .option("--check", "write nothing; exit with 1 if a file is not formatted")
    .addHelpText("after", AFTER)
    .action(exits(run));
  withFormat(withConfig(command));
}

async function run(names: string[], options: Options): Promise<Exit> {
  const cwd = process.cwd();
  if (names.includes("-")) return formatStdin(names, options);
  const files = names.length > 0 ? await readSources(expand(names, cwd), cwd) : await filesOfProject(cwd, options);
  const changed: PlannedFile[] = [];
  let diagnostics: Diagnostic[] = [];
  for (const file of files) {
    const before = textOf(file);
    const { text, diagnostics: found } = format(file);
    diagnostics = diagnostics.concat(found);
    if (text !== undefined && text !== before) changed.push({ path: file.name, target: "", change: "update", text, before });
  }
  const writes = !options.check && changed.length > 0;
  if (writes) apply({ root: cwd, files: changed, refusals: [], kept: [] });

  const ok = diagnostics.length === 0;
  if (options.format === "json") sayJson({ ok, written: writes, files: changed.map(({ path }) => path), diagnostics });
  sayFindings(process.stderr, { files, diagnostics }, options);
  if (options.format !== "json") {
    for (const { path } of changed) say(process.stdout, `${colors(process.stdout).yellow("~")} ${path}`);
    const count = `${changed.length} ${changed.length === 1 ? "file" : "files"} ${options.check ? "not formatted" : "formatted"}`;
    say(process.stdout, `${count}, ${files.length - changed.length} left as they are`);
  }
  return ok && !(options.check && changed.length > 0) ? EXIT.ok : EXIT.findings;
}

/** Standard input to standard output; as it came, where it is no YAML. */
async function formatStdin(names: string[], options: Options): Promise<Exit> {
  if (names.length > 1) throw new UserError("standard input is formatted by itself, not with files", { help: "leave out `-`, or the files" });
  const files = await readSources(["-"], process.cwd());
  const [file] = files as [SourceFile];
  const { text, diagnostics } = format(file);
  const ok = diagnostics.length === 0;
  const isFormatted = text === textOf(file);
  if (options.format === "json") sayJson({ ok, formatted: isFormatted, text, diagnostics });
  else if (!options.check) put(process.stdout, text ?? file.text);
  sayFindings(process.stderr, { files, diagnostics }, options);
  return ok && !(options.check && !isFormatted) ? EXIT.ok : EXIT.findings;
}

async function filesOfProject(cwd: string, { config }: Options): Promise<SourceFile[]> {
  const project = await openProject({ cwd, config });
  const schemas = await project.sources();
  const files = new Map(schemas.flatMap((schema) => schema.files).map((file) => [file.name, file]));
  return [...files.values()];
}
