// What `schemagen add` does: asks for what is missing, has the compiler write it into the text, shows the change, writes
// the file, and generates what the configuration asks for. Nothing is written if the schema would be wrong.

import { relative, resolve } from "node:path";
import { createTwoFilesPatch } from "diff";
import { outline, revise } from "../compiler/node.js";
import type { SchemaEntry } from "../config.js";
import { findConfig } from "../config-file.js";
import { UserError } from "../errors.js";
import { displayPath, textOf } from "../inputs.js";
import { openProject, Project } from "../project.js";
import type { Revision, SourceFile } from "../types.js";
import { apply } from "../write.js";
import { EXIT, type Exit } from "./args.js";
import { exitOf, sayGeneration } from "./commands/generate.js";
import type { AddOptions, Draft } from "./drafts.js";
import { complete } from "./questions.js";
import { colors, say, sayFindings, sayJson } from "./render.js";

/** Adds what `draft` says. */
export async function runAdd(draft: Draft, options: AddOptions): Promise<Exit> {
  const cwd = process.cwd();
  const project = await open(cwd, options);
  const schemas = await project.sources();
  const { entry, files } = choose(schemas, draft, cwd, options.file);
  const intent = await complete(draft, outline(files, entry.options));
  if (intent === undefined) return EXIT.usage;

  const place = options.file === undefined ? undefined : displayPath(resolve(cwd, options.file), cwd);
  const revision = revise(files, entry.options, intent, place);
  const change = changeOf(files, revision);
  const writes = revision.ok && !options.dryRun;
  if (writes && change !== undefined) {
    const file = { path: relative(project.root, resolve(cwd, change.name)), target: "", change: "update" as const };
    apply({ root: project.root, files: [{ ...file, text: change.after, before: change.before }], refusals: [], kept: [] });
  }
  const generates = writes && options.generate && project.configFile !== undefined;
  const started = Date.now();
  const generated = generates ? await project.generate() : undefined;

  if (options.format === "json") {
    const { ok, diagnostics } = revision;
    const outputs = generated?.plan.files.map(({ path, target, change }) => ({ path, target, change }));
    sayJson({ ok, written: writes, file: change?.name, diff: change?.diff, generated: outputs, diagnostics });
  } else {
    if (revision.ok && change !== undefined) sayDiff(change.diff);
    const texts = files.map((file) => (file.name === change?.name ? { ...file, text: change.after } : file));
    sayFindings(process.stderr, { files: texts, diagnostics: revision.diagnostics }, options);
    if (generated !== undefined) sayGeneration(generated, options, Date.now() - started);
  }
  if (!revision.ok) return EXIT.findings;
  return generated === undefined ? EXIT.ok : exitOf(generated);
}

/** The project of the configuration; without one, the file that was named. */
async function open(cwd: string, { config, file }: AddOptions): Promise<Project> {
  if (file !== undefined && config === undefined && findConfig(cwd) === undefined) return Project.ofFiles([file], cwd);
  return openProject({ cwd, config });
}

type Sources = { entry: SchemaEntry; files: SourceFile[] };

/** Of several schemas, the one that has the file, else the one that has the table or enum. */
function choose(schemas: Sources[], draft: Draft, cwd: string, file: string | undefined): Sources {
  const [first] = schemas;
  if (first === undefined) throw new UserError("the configuration has no schema");
  if (file !== undefined) {
    const name = displayPath(resolve(cwd, file), cwd);
    const holder = schemas.find(({ files }) => files.some((source) => source.name === name));
    if (holder !== undefined) return holder;
    throw new UserError(`\`${name}\` is no file of the schema`, {
      help: `name one of ${first.files.map((source) => source.name).join(", ")}`,
    });
  }
  if (schemas.length === 1) return first;
  const wanted = draft.kind === "label" ? draft.name : draft.table;
  const has = ({ entry, files }: Sources): boolean => {
    const { tables, enums } = outline(files, entry.options);
    return [...tables.filter((table) => table.owned), ...enums].some((object) => object.name === wanted);
  };
  return schemas.find(has) ?? first;
}

interface FileChange {
  name: string;
  before: string;
  after: string;
  diff: string;
}

function changeOf(files: SourceFile[], { file: name, text: after }: Revision): FileChange | undefined {
  const file = files.find((file) => file.name === name);
  if (file === undefined || after === undefined) return undefined;
  const before = textOf(file);
  const diff = createTwoFilesPatch(file.name, file.name, before, after, undefined, undefined, { context: 3 });
  return { name: file.name, before, after, diff: diff.replace(/^Index: .*\n=+\n/, "") };
}

/** The lines of a diff, coloured as git colours them. */
function sayDiff(diff: string): void {
  const c = colors(process.stdout);
  for (const line of diff.trimEnd().split("\n")) {
    const paint = line.startsWith("@@") ? c.cyan : /^(\+\+\+|---)/.test(line) ? c.bold : line.startsWith("+") ? c.green : line.startsWith("-") ? c.red : String;
    say(process.stdout, paint(line.replace(/\r$/, "")));
  }
}

