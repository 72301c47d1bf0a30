// `schemagen compile FILE… --target T`: without a configuration, to standard output or a folder.

import { existsSync, statSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import type { Command } from "commander";
import { targets } from "../../compiler/node.js";
import { UserError } from "../../errors.js";
import { displayPath } from "../../inputs.js";
import { Project } from "../../project.js";
import { apply, plan } from "../../write.js";
import { collect, collectSetting, EXIT, type Exit, exits, type FormatOptions, withFormat } from "../args.js";
import { put, sayFindings, sayJson, sayPlan, sayRefusals } from "../render.js";

interface Options extends FormatOptions {
  target: string[];
  option?: Record<string, string>;
  out?: string;
  force?: boolean;
}

const AFTER = (): string => `
Targets:
${targets().map(({ name, title, options }) => `  ${name.padEnd(14)} ${title}${options.length > 0 ? `; options: ${options.map((option) => option.name).join(", ")}` : ""}`).join("\n")}

Examples:
  $ schemagen compile schema.yaml --target sql
  $ schemagen compile schema/ --target zod --out src/db/schema.ts
  $ schemagen compile schema/ --target sql,zod --out generated
  $ cat schema.yaml | schemagen compile - --target sql | psql
`;

export function defineCompile(program: Command): void {
  const command = program
    .command("compile")
    .description("compile files without a configuration")
    .argument("<files...>", "files, folders or globs, as one schema; - is standard input")
    .requiredOption("-t, --target <names>", "what to write; may be repeated, or a list with commas", collect)
    .option("-o, --out <path>", "the folder, or for a single output the file, to write (default: standard output)")
    .option("-O, --option <name=value>", "an option of the target; may be repeated", collectSetting)
    .option("-f, --force", "overwrite files that do not carry schemagen's header")
    .addHelpText("after", AFTER)
    .action(exits(run));
  withFormat(command);
}

async function run(files: string[], options: Options): Promise<Exit> {
  const cwd = process.cwd();
  const out = options.out === undefined ? { root: cwd, name: "" } : destination(resolve(cwd, options.out));
  const requests = options.target.map((target) => ({ target, out: out.name, options: settings(target, options.option) }));
  const result = await Project.ofFiles(files, cwd, { targets: requests }).compile();
  const write = result.ok && options.out !== undefined ? plan(out.root, result.outputs, { force: options.force === true }) : undefined;
  const refused = write !== undefined && write.refusals.length > 0;
  if (write !== undefined && !refused) apply(write);
  const shown = (path: string): string => displayPath(resolve(out.root, path), cwd);
  const outputs = result.outputs.map((file) => ({ ...file, path: shown(file.path) }));
  if (options.format === "json") sayJson({ ok: result.ok && !refused, files: outputs, diagnostics: result.diagnostics });
  sayFindings(process.stderr, result, options);
  if (!result.ok) return EXIT.findings;
  if (write !== undefined) {
    sayRefusals(write, shown);
    if (!refused && options.format !== "json") sayPlan(write, shown);
    return refused ? EXIT.usage : EXIT.ok;
  }
  if (options.format === "json") return EXIT.ok;
  const [file, ...rest] = outputs;
  if (rest.length > 0) {
    throw new UserError(`there are ${rest.length + 1} files to write: ${outputs.map(({ path }) => path).join(", ")}`, {
      help: "name a folder for them with `--out`",
    });
  }
  put(process.stdout, file?.text ?? "");
  return EXIT.ok;
}

/** Options as the target takes them: flags and maps as JSON, all else as texts. */
function settings(target: string, given: Record<string, string> = {}): Record<string, unknown> {
  const options = targets().find(({ name }) => name === target)?.options ?? [];
  const isJson = (name: string): boolean => options.some((option) => option.name === name && ["flag", "numbers"].includes(option.kind));
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, isJson(name) ? json(value) : value]));
}

/** A text as JSON; as a text, which the target refuses, where it is none. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A path that names a file of a folder, or a folder. */
function destination(path: string): { root: string; name: string } {
  const isFolder = extname(path) === "" || (existsSync(path) && statSync(path).isDirectory());
  return isFolder ? { root: path, name: "." } : { root: dirname(path), name: basename(path) };
}
