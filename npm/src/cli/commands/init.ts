// `schemagen init`: a configuration and a first schema that works.

import type { Command } from "commander";
import { collect, EXIT, type Exit, exits } from "../args.js";

/** What a new project is to be. */
export interface InitOptions {
  /** Take the defaults, ask nothing. */
  yes?: boolean;
  target?: string[];
  supabase?: boolean;
  configFormat?: string;
  install?: boolean;
  force?: boolean;
}

const AFTER = `
On a terminal it asks for what no flag says; elsewhere it takes the defaults: SQL and Zod, for Supabase, a JSON
configuration, and the packages that \`schemagen verify\` and the generated code need.

Examples:
  $ schemagen init
  $ schemagen init --yes --target sql --no-supabase --no-install
`;

export function defineInit(program: Command): void {
  program
    .command("init")
    .description("write a configuration and a first schema")
    .option("-y, --yes", "take the defaults, ask nothing")
    .option("-t, --target <names>", "what to generate; may be repeated, or a list with commas", collect)
    .option("--supabase", "a first schema for Supabase, with row-level security")
    .option("--no-supabase", "a first schema for a plain PostgreSQL")
    .option("--config-format <format>", "json, yaml, ts or mjs")
    .option("--install", "install the packages that are needed")
    .option("--no-install", "only name the packages that are needed")
    .option("-f, --force", "overwrite files that are there")
    .addHelpText("after", AFTER)
    .action(exits(run));
}

async function run(options: InitOptions): Promise<Exit> {
  const { setUp } = await import("../setup.js");
  return (await setUp(process.cwd(), options)) ? EXIT.ok : EXIT.usage;
}
