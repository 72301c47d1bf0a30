// `schemagen`: the command line. In: arguments. Out: an exit code. Each command is a file of `commands`.

import { Command, CommanderError } from "commander";
import { fileError } from "../errors.js";
import { failure } from "../report.js";
import { EXIT, type FormatOptions } from "./args.js";
import { defineAdd } from "./commands/add.js";
import { defineCheck } from "./commands/check.js";
import { defineCompile } from "./commands/compile.js";
import { defineDev } from "./commands/dev.js";
import { defineDoctor } from "./commands/doctor.js";
import { defineExplain } from "./commands/explain.js";
import { defineFormat } from "./commands/format.js";
import { defineGenerate } from "./commands/generate.js";
import { defineInit } from "./commands/init.js";
import { defineJsonSchema } from "./commands/json-schema.js";
import { defineLsp } from "./commands/lsp.js";
import { defineVerify } from "./commands/verify.js";
import { put, sayFailure, sayJson } from "./render.js";

declare const __VERSION__: string;

const AFTER = `
A first project:
  $ schemagen init                  writes a configuration and a schema that works
  $ schemagen generate              writes what the schema says: SQL, Zod, …
  $ schemagen dev                   writes it again after every save
  $ schemagen verify                lets a real PostgreSQL judge the SQL, without a server

Without a configuration:
  $ schemagen compile schema.yaml --target sql > schema.sql

Exit codes:
  0  all is well
  1  the schema has errors, or \`generate --check\` would change a file
  2  the command line, the configuration or a file is not as it must be
  3  a bug in schemagen
`;

/** Every command, in the order of help. */
const COMMANDS = new Map([
  ["init", defineInit],
  ["generate", defineGenerate],
  ["dev", defineDev],
  ["compile", defineCompile],
  ["check", defineCheck],
  ["verify", defineVerify],
  ["doctor", defineDoctor],
  ["add", defineAdd],
  ["format", defineFormat],
  ["lsp", defineLsp],
  ["explain", defineExplain],
  ["json-schema", defineJsonSchema],
]);

/** Runs the command line `argv` and sets the exit code. */
export async function main(argv: string[]): Promise<void> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? EXIT.ok); // The reader, such as `head`, has enough.
    process.exit(sayFailure(fileError(error, "write", "standard output")));
  });
  process.stderr.on("error", () => {}); // The exit code still says what cannot be said.
  const program = new Command("schemagen")
    .description("One declared PostgreSQL or Supabase schema in; SQL, Zod and everything that a project keeps in step with it out.")
    .version(__VERSION__, "-v, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help of a command")
    .configureOutput({ writeOut: (text) => put(process.stdout, text) })
    .configureHelp({ sortOptions: false, showGlobalOptions: false })
    .addHelpText("after", AFTER)
    .showHelpAfterError("(run with --help for help)")
    .exitOverride();
  // Of the commands, only the one that is named has to be ready; help and mistakes are about all.
  const named = COMMANDS.get(argv[0] ?? "");
  for (const define of named === undefined ? COMMANDS.values() : [named]) define(program);
  for (const command of program.commands) command.copyInheritedSettings(program);
  let options: Partial<FormatOptions> = {};
  program.hook("preAction", (_, command) => {
    options = command.opts();
  });
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else process.exitCode = sayFailure(error);
    if (options.format === "json" || options.json) sayJson({ ok: false, error: failure(error) });
  }
}
