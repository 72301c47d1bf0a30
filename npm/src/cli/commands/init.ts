// `schemagen init`: a configuration and a first schema that fit the project.

import { type Command, Option } from "commander";
import { LAYOUTS } from "../../detect/layouts.js";
import { collect, EXIT, type Exit, exits } from "../args.js";
import { CONFIG_FORMATS, type InitOptions } from "../choices.js";

const AFTER = `
It looks at the files and manifests of the project: Vite, Next.js, SvelteKit, Nuxt, Supabase, Drizzle, Prisma,
SQLAlchemy, Alembic, sqlx, workspaces, and .kodo/config.json. What it proposes follows from what it finds, and it says
why. On a terminal it asks; elsewhere, and with --yes, it does what it proposes. No file that is there is overwritten.

Examples:
  $ schemagen init
  $ schemagen init --dry-run
  $ schemagen init --yes --target sql --no-supabase --no-install
  $ schemagen init --layout services --config-format ts --script
`;

export function defineInit(program: Command): void {
  program
    .command("init")
    .description("write a configuration and a first schema that fit the project")
    .option("-y, --yes", "take what is proposed, ask nothing")
    .option("-n, --dry-run", "write and install nothing; show what would be")
    .addOption(new Option("--layout <layout>", "where things lie").choices(Object.keys(LAYOUTS)))
    .option("-t, --target <names>", "what to generate; may be repeated, or a list with commas", collect)
    .option("--supabase", "a first schema for Supabase, with row-level security")
    .option("--no-supabase", "a first schema for a plain PostgreSQL")
    .addOption(new Option("--config-format <format>", "how to write the configuration").choices([...CONFIG_FORMATS]))
    .option("--script", "add the script `schema` to package.json")
    .option("--no-script", "leave package.json as it is")
    .option("--install", "install the packages that are needed")
    .option("--no-install", "only name the packages that are needed")
    .addHelpText("after", AFTER)
    .action(exits(run));
}

async function run(options: InitOptions): Promise<Exit> {
  const { setUp } = await import("../setup.js");
  return (await setUp(process.cwd(), options)) ? EXIT.ok : EXIT.usage;
}
