// What `init` does: looks, proposes, asks, writes, installs. Never overwrites a file.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { targets } from "../compiler/node.js";
import { findConfig } from "../config-file.js";
import { type Detected, detect, has } from "../detect/index.js";
import { LAYOUTS, type LayoutName } from "../detect/layouts.js";
import { likelyLayout, type Proposal, type ProposedOutput, propose } from "../detect/propose.js";
import { fileNumber, type Services } from "../detect/services.js";
import { toolsOf } from "../detect/tools.js";
import { readTree } from "../detect/tree.js";
import { fileError, UserError } from "../errors.js";
import { apply, type PlannedFile } from "../write.js";
import { CONFIG_FORMATS, type InitOptions } from "./choices.js";
import { install, installCommands, runner } from "./packages.js";
import { colors, printable, say } from "./render.js";
import { configText, firstSchema, type NewFile, withScript } from "./scaffold.js";

/** A file to write, and what to say of it. */
type SetUpFile = PlannedFile & NewFile;

/** What is to be set up, once all is answered. */
type Answers = Required<Pick<InitOptions, "configFormat" | "script" | "install">> & { proposal: Proposal };

/** Sets up the project of `cwd`; gives whether it was done, not cancelled. */
export async function setUp(cwd: string, options: InitOptions): Promise<boolean> {
  const present = findConfig(cwd);
  if (present !== undefined && dirname(present) === cwd) {
    throw new UserError(`there is a configuration already: ${relative(cwd, present)}`, {
      help: "generate with `schemagen generate`, look for what is wrong with `schemagen doctor`, or remove it to start over",
    });
  }
  checkTargets(options.target);
  const detected = detect(readTree(cwd));
  sayFound(detected);
  const asks = !options.yes && !options.dryRun && process.stdin.isTTY === true && process.stdout.isTTY === true;
  const answers = asks ? await ask(cwd, options, detected) : answer(options, detected);
  if (answers === undefined) return false;

  const script = answers.script ? scriptIn(cwd) : undefined;
  const files: SetUpFile[] = newFiles(cwd, answers, detected).map((file) => ({ ...file, change: "create" }));
  if (script !== undefined && "text" in script) files.push({ ...script, change: "update" });
  const c = colors(process.stdout);
  if (!options.dryRun) apply({ root: cwd, files, refusals: [], kept: [] });
  for (const { change, path, what } of files) {
    say(process.stdout, `${change === "create" ? c.green("+") : c.yellow("~")} ${path}  ${c.dim(what)}`);
  }
  if (script !== undefined && "reason" in script) warn(`the script \`schema\` is not added: ${script.reason}`);
  sayOutputs(answers.proposal);
  if (options.dryRun) {
    say(process.stdout, "\nNothing was written.");
    return true;
  }
  await offerPackages(cwd, answers);
  sayNext(cwd, detected, answers.proposal);
  return true;
}

function checkTargets(names: string[] = []): void {
  const known = targets().map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UserError(`there is no target \`${unknown}\`: there are ${known.join(", ")}`);
}

/** What is done where nobody is asked. */
function answer(options: InitOptions, detected: Detected): Answers {
  const { layout, target, supabase, configFormat = "json", script = false, install = true } = options;
  return { proposal: propose(detected, targets(), { layout, targets: target, supabase }), configFormat, script, install };
}

async function ask(cwd: string, options: InitOptions, detected: Detected): Promise<Answers | undefined> {
  const { cancel, confirm, group, intro, multiselect, outro, select } = await import("@clack/prompts");
  const known = targets();
  const usual = answer(options, detected);
  intro("schemagen");
  const cancelled = new Error("cancelled"); // `group` would go on to the next question.
  const given = await group(
    {
      layout: () =>
        options.layout ? Promise.resolve(options.layout) : select<LayoutName>({
          message: "How is the project laid out?",
          options: Object.entries(LAYOUTS).map(([value, { title }]) => ({ value: value as LayoutName, label: title })),
          initialValue: likelyLayout(detected),
        }),
      targets: ({ results: { layout } }: { results: { layout?: LayoutName } }) =>
        options.target ? Promise.resolve(options.target) : multiselect({
          message: "What should the schema become?",
          options: known.map(({ name, title }) => ({ value: name, label: title })),
          initialValues: propose(detected, known, { layout }).outputs.map(({ target }) => target),
        }),
      supabase: () =>
        options.supabase !== undefined ? Promise.resolve(options.supabase) : confirm({
          message: "Is the database on Supabase?",
          initialValue: usual.proposal.supabase,
        }),
      configFormat: () =>
        options.configFormat ? Promise.resolve(options.configFormat) : select({
          message: "How should the configuration be written?",
          options: CONFIG_FORMATS.map((value) => ({ value, label: `schemagen.config.${value}` })),
        }),
      script: () =>
        options.script !== undefined || "reason" in scriptIn(cwd)
          ? Promise.resolve(usual.script)
          : confirm({ message: "Add the script `schema` to package.json?" }),
      install: () =>
        options.install !== undefined ? Promise.resolve(options.install) : confirm({
          message: "Install the packages that `verify` and the generated code need?",
        }),
    },
    {
      onCancel: () => {
        throw cancelled;
      },
    },
  ).catch((error: unknown) => {
    if (error !== cancelled) throw error;
  });
  if (given === undefined) {
    cancel("nothing was written");
    return undefined;
  }
  outro("writing");
  const { configFormat, script, install, ...wishes } = given;
  return { proposal: propose(detected, known, wishes), configFormat, script, install };
}

/** The files to write; none of them is there. */
function newFiles(cwd: string, { proposal, configFormat }: Answers, { tree }: Detected): NewFile[] {
  const config = `schemagen.config.${configFormat}`;
  const files = [{ path: config, text: configText(proposal.config, configFormat, jsonSchema(cwd, ".", "config.schema.json")), what: "the configuration" }];
  if (proposal.schemaFile !== undefined) {
    const numbered = proposal.outputs.some(({ options }) => options?.services !== undefined);
    const path = proposal.schemaFile;
    files.push(...firstSchema({ ...proposal, path, numbered, jsonSchema: (folder) => jsonSchema(cwd, folder, "schema.json") }));
  }
  if (tree.files.some((path) => path.startsWith(".vscode/")) && !existsSync(join(cwd, EDITOR_SETTINGS))) {
    files.push({ path: EDITOR_SETTINGS, text: `{\n${editorSetting(cwd, proposal)}\n}\n`, what: "which files are schemas, for the YAML extension" });
  }
  return files;
}

const EDITOR_SETTINGS = ".vscode/settings.json";

/** The line of Visual Studio Code's settings that says which files are schemas. */
function editorSetting(cwd: string, { config }: Proposal): string {
  return `  "yaml.schemas": { ${JSON.stringify(jsonSchema(cwd, ".", "schema.json"))}: ${JSON.stringify(config.files)} }`;
}

/** The project's package.json with the script `schema`, or why it cannot be. */
function scriptIn(cwd: string): (NewFile & { before: string }) | { reason: string } {
  const path = "package.json";
  if (!existsSync(join(cwd, path))) return { reason: "there is no package.json" };
  try {
    const before = readFileSync(join(cwd, path), "utf8");
    const after = withScript(before, "schema", "schemagen generate");
    return "reason" in after ? after : { path, what: "the script `schema`", before, text: after.text };
  } catch (error) {
    throw fileError(error, "read", path);
  }
}

/** The path, from `folder`, of a JSON Schema of the package: where the project has it, or will have it. */
function jsonSchema(cwd: string, folder: string, name: string): string {
  const inPackage = join("node_modules/schemagen/dist", name);
  let root = cwd;
  while (!existsSync(join(root, inPackage)) && dirname(root) !== root) root = dirname(root);
  const path = relative(join(cwd, folder), join(existsSync(join(root, inPackage)) ? root : cwd, inPackage)).replaceAll("\\", "/");
  return path.startsWith(".") ? path : `./${path}`;
}

function warn(text: string): void {
  say(process.stderr, `${colors(process.stderr).yellow("warning")}: ${text}`);
}

function sayFound({ found, broken }: Detected): void {
  const c = colors(process.stdout);
  const titles = new Map<string, string[]>();
  for (const { title, evidence } of found) titles.set(title, [...(titles.get(title) ?? []), evidence]);
  if (titles.size > 0) say(process.stdout, "Found:");
  for (const [title, evidence] of titles) say(process.stdout, `  ${title}  ${c.dim(printable(evidence.join(", ")))}`);
  for (const problem of broken) warn(`cannot read ${printable(problem)}`);
  if (titles.size > 0) say(process.stdout);
}

function sayOutputs({ config, outputs, absent, schemaFile }: Proposal): void {
  const c = colors(process.stdout);
  if (schemaFile === undefined) say(process.stdout, `${c.dim("=")} ${config.files}  ${c.dim("your schemas, as they are")}`);
  say(process.stdout, "\nThe schema will become:");
  for (const { target, out, why } of outputs) say(process.stdout, `  ${target} → ${out}  ${c.dim(why)}`);
  for (const { tool, target } of absent) say(process.stdout, `  ${c.dim(`nothing for ${tool}: there is no target \`${target}\` yet`)}`);
}

async function offerPackages(cwd: string, { proposal, install: wanted }: Answers): Promise<void> {
  const c = colors(process.stdout);
  const left: string[] = [];
  for (const { folder, command } of installCommands(cwd, proposal.outputs)) {
    const line = `${folder === "." ? "" : `cd ${folder} && `}${command.join(" ")}`;
    if (wanted) say(process.stdout, c.dim(`$ ${line}`));
    if (wanted && (await install(join(cwd, folder), command))) continue;
    if (wanted) warn("that could not be installed");
    left.push(line);
  }
  if (left.length > 0) say(process.stdout, `\nTo be installed:\n${left.map((line) => `  ${c.bold(line)}`).join("\n")}`);
}

function sayNext(cwd: string, detected: Detected, proposal: Proposal): void {
  const run = runner(cwd);
  const next = [
    [`${run} schemagen generate`, "write what the schema says"],
    [`${run} schemagen verify`, "let a real PostgreSQL judge it"],
    [`${run} schemagen doctor`, "look at the whole set-up"],
  ];
  const width = Math.max(...next.map(([command = ""]) => command.length));
  say(process.stdout, `\nNext: edit the schema, then\n${next.map(([command = "", does]) => `  ${command.padEnd(width)}  ${does}`).join("\n")}`);
  for (const hint of hints(cwd, detected, proposal)) say(process.stdout, `\n${hint}`);
}

/** How what Alembic makes gets the number among the files that stays free for it. */
function tablesFile(services: Services | undefined, { out, options = {} }: ProposedOutput): string {
  const [[name, first] = ["", 0]] = Object.entries(services ?? {});
  if (services === undefined) return "";
  const file = options.range === undefined ? `${fileNumber(first)}_${name}` : `${fileNumber(first + 1)}_${options.range}`;
  return `\nWhere all are applied as files, what \`alembic upgrade head --sql\` prints belongs into ${out}/${file}_tables.sql.`;
}

/** What else may be done, by hand, in files that are not ours. */
function hints(cwd: string, detected: Detected, proposal: Proposal): string[] {
  const outs = proposal.outputs.map(({ out }) => out);
  const lines = (template: (out: string) => string): string => outs.map((out) => `  ${template(out)}`).join("\n");
  const list: string[] = [];
  if (has(detected, "vite") || has(detected, "sveltekit") || has(detected, "nuxt")) {
    const plugins = has(detected, "nuxt") ? "vite: { plugins: [schemagen()] }" : "plugins: [schemagen()]";
    list.push(`Vite can generate on every save. In its configuration:\n  import schemagen from "schemagen/vite";\n  ${plugins}`);
  }
  const settings = detected.tree.read(EDITOR_SETTINGS);
  if (settings !== undefined && !settings.includes("schemagen") && proposal.schemaFile === undefined) {
    list.push(`Visual Studio Code completes and checks your schemas. In ${EDITOR_SETTINGS}:\n${editorSetting(cwd, proposal)}`);
  }
  if (detected.parts.some(({ dependencies }) => dependencies.npm.has("prettier"))) {
    list.push(`Keep Prettier away from what is generated. In .prettierignore:\n${lines((out) => out)}`);
  }
  if (detected.tree.files.some((path) => path.startsWith(".github/"))) {
    list.push(`GitHub folds generated files in reviews. In .gitattributes:\n${lines((out) => `${out} linguist-generated`)}`);
  }
  const required = new Set(detected.parts.flatMap(toolsOf).map(({ name }) => name));
  const python = ["pydantic", "sqlalchemy"].filter((name) => proposal.outputs.some(({ target }) => target === name) && !required.has(name));
  if (python.length > 0) list.push(`What is generated for Python imports:\n  pip install ${python.join(" ")}`);
  const models = proposal.outputs.find(({ target }) => target === "sqlalchemy");
  const sql = proposal.outputs.find(({ options }) => options?.tables === "alembic");
  if (models !== undefined && sql !== undefined) {
    const inPart = detected.found.find(({ name, folder }) => name === "sqlalchemy" && models.out.startsWith(`${folder}/`))?.folder ?? "";
    const module = relative(inPart, models.out).replace(/\.py$/, "").replaceAll(/[\\/]/g, ".");
    const folder = proposal.layout === "hybrid" ? "migrations/alembic" : "alembic";
    const toSetUp = has(detected, "alembic") ? "" : ` (set it up with \`alembic init ${folder}\`)`;
    list.push(
      `Alembic makes the tables of the models${toSetUp}. In its env.py:
  from ${module} import Base, include_name, include_object
  context.configure(…, target_metadata=Base.metadata, include_schemas=True, include_name=include_name, include_object=include_object)
${sql.out}/*_extensions.sql goes before its migrations, the other files behind them.${tablesFile(proposal.services, sql)}`,
    );
  }
  const numbered = proposal.outputs.find(({ target, options }) => target === "sql" && options?.layout === "numbered");
  if (numbered !== undefined) {
    list.push(
      `The files in ${numbered.out} apply in the order of their names, to an empty database${proposal.supabase ? " (`supabase db reset`)" : ""}.
One that has data needs, for each change of the schema, a migration of your own as well.`,
    );
  }
  if (outs.some((out) => out.includes("supabase/schemas/"))) {
    list.push("Supabase makes a migration of what changed in supabase/schemas:\n  supabase db diff -f NAME");
  }
  return list;
}
