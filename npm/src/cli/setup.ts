// What `init` does: asks, writes, installs.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { targets } from "../compiler/node.js";
import { findConfig } from "../config-file.js";
import { fileError, UserError } from "../errors.js";
import type { TargetInfo } from "../types.js";
import type { InitOptions } from "./commands/init.js";
import { install, installCommand, missingPackages } from "./packages.js";
import { colors, say } from "./render.js";
import { configText, SCHEMA_FILE, schemaText } from "./scaffold.js";

const FORMATS = ["json", "yaml", "ts", "mjs"] as const;

/** How a configuration may be written. */
export type ConfigFormat = (typeof FORMATS)[number];

/** What is to be set up. */
interface Answers {
  targets: TargetInfo[];
  supabase: boolean;
  format: ConfigFormat;
  install: boolean;
}

/** Sets up the project of `cwd`; gives whether it was done, not cancelled. */
export async function setUp(cwd: string, options: InitOptions): Promise<boolean> {
  const present = findConfig(cwd);
  if (present !== undefined && dirname(present) === cwd && !options.force) {
    throw new UserError(`there is a configuration already: ${relative(cwd, present)}`, {
      help: "generate with `schemagen generate`, or start over with `schemagen init --force`",
    });
  }
  const asks = !options.yes && process.stdin.isTTY === true && process.stdout.isTTY === true;
  const defaults = readFlags(options);
  const answers = asks ? await ask(options, defaults) : defaults;
  if (answers === undefined) return false;

  const files = [
    { path: `schemagen.config.${answers.format}`, text: configText(answers.targets, answers.format, answers.supabase) },
    { path: SCHEMA_FILE, text: schemaText(answers.supabase) },
  ];
  const c = colors(process.stdout);
  for (const { path, text } of files) {
    const kept = existsSync(join(cwd, path)) && !options.force;
    if (!kept) create(join(cwd, path), path, text);
    say(process.stdout, kept ? `${c.dim("=")} ${path}  ${c.dim("kept as it is")}` : `${c.green("+")} ${path}`);
  }
  await offerPackages(cwd, answers);
  say(process.stdout, "\nNext: edit the schema, then\n  npx schemagen generate   write what it says\n  npx schemagen verify     let a real PostgreSQL judge it");
  return true;
}

function readFlags(options: InitOptions): Answers {
  const all = targets();
  const format = options.configFormat ?? "json";
  if (!FORMATS.some((known) => known === format)) {
    throw new UserError(`\`--config-format\` must be one of ${FORMATS.join(", ")}, not \`${format}\``);
  }
  const chosen = (options.target ?? ["sql", "zod"]).map((name) => {
    const info = all.find((target) => target.name === name);
    if (info === undefined) throw new UserError(`there is no target \`${name}\`: there are ${all.map((target) => target.name).join(", ")}`);
    return info;
  });
  return { targets: chosen, supabase: options.supabase ?? true, format: format as ConfigFormat, install: options.install ?? true };
}

async function ask(options: InitOptions, defaults: Answers): Promise<Answers | undefined> {
  const { cancel, group, intro, multiselect, outro, select, confirm } = await import("@clack/prompts");
  intro("schemagen");
  let cancelled = false;
  const names = defaults.targets.map((target) => target.name);
  const answers = await group(
    {
      targets: () =>
        options.target
          ? Promise.resolve(names)
          : multiselect({
              message: "What should the schema become?",
              options: targets().map(({ name, title }) => ({ value: name, label: title })),
              initialValues: names,
            }),
      supabase: () =>
        options.supabase === undefined ? confirm({ message: "Is the database on Supabase?" }) : Promise.resolve(options.supabase),
      format: () =>
        options.configFormat
          ? Promise.resolve(defaults.format)
          : select<ConfigFormat>({ message: "How should the configuration be written?", options: FORMATS.map((value) => ({ value, label: value })) }),
      install: () =>
        options.install === undefined
          ? confirm({ message: "Install the packages that `verify` and the generated code need?" })
          : Promise.resolve(options.install),
    },
    {
      onCancel: () => {
        cancelled = true;
      },
    },
  );
  if (cancelled) {
    cancel("nothing was written");
    return undefined;
  }
  outro("writing");
  return { ...answers, targets: targets().filter(({ name }) => answers.targets.includes(name)) };
}

function create(path: string, name: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw fileError(error, "write", name);
  }
}

async function offerPackages(cwd: string, answers: Answers): Promise<void> {
  const packages = missingPackages(cwd, answers.targets.map((target) => target.name));
  if (packages.length === 0) return;
  const c = colors(process.stdout);
  const command = installCommand(cwd, packages);
  if (answers.install) {
    say(process.stdout, c.dim(`$ ${command.join(" ")}`));
    if (await install(cwd, command)) return;
    say(process.stderr, `${colors(process.stderr).yellow("warning")}: the packages could not be installed`);
  }
  say(process.stdout, `To be installed: ${c.bold(command.join(" "))}`);
}
