// `schemagen dev`: writes what the configuration asks for, now and after every save.

import type { Command } from "commander";
import { exits, withConfig, withFormat } from "../args.js";
import type { WatchOptions } from "../watching.js";

const AFTER = `
Says in one line what changed, what was written and how long it took. Only files whose content changed are written, so
what watches them, such as a bundler, has no more to do than it must. Errors are shown and nothing is written until they
are gone; warnings are shown once.

Examples:
  $ schemagen dev
  $ schemagen dev --format concise
`;

export function defineDev(program: Command): void {
  const command = program
    .command("dev")
    .description("write what the configuration asks for, again after every save")
    .option("-f, --force", "overwrite files that do not carry schemagen's header")
    .addHelpText("after", AFTER)
    .action(
      exits(async (options: WatchOptions) => {
        const { watchProject } = await import("../watching.js");
        return watchProject(options);
      }),
    );
  withFormat(withConfig(command));
}
