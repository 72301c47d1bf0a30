// `schemagen lsp`: the language server, for editors.

import type { Command } from "commander";

declare const __VERSION__: string;

const AFTER = `
It speaks the Language Server Protocol on standard input and output, and ends when the editor says so or goes away.
docs/editors.md says how editors are told of it.

Examples:
  $ schemagen lsp --stdio
`;

export function defineLsp(program: Command): void {
  program
    .command("lsp")
    .description("the language server, for editors")
    .option("--stdio", "speak on standard input and output; the only way, so it may be left out")
    .addHelpText("after", AFTER)
    .action(async () => {
      const { serve } = await import("../../lsp/server.js");
      await serve(__VERSION__);
    });
}
