// `schemagen explain CODE`: what a diagnostic means and what to do about it.

import type { Command } from "commander";
import { codes } from "../../compiler/node.js";
import { UserError } from "../../errors.js";
import { EXIT, type Exit, exits } from "../args.js";
import { colors, say, sayJson } from "../render.js";

export function defineExplain(program: Command): void {
  program
    .command("explain")
    .description("say what a diagnostic's code means and what to do about it")
    .argument("[code]", "the code, as diagnostics show it (default: list all codes)")
    .option("--json", "one JSON object on standard output")
    .addHelpText("after", "\nExamples:\n  $ schemagen explain reference-not-unique\n  $ schemagen explain\n")
    .action(exits(run));
}

async function run(code: string | undefined, { json }: { json?: boolean }): Promise<Exit> {
  const all = codes();
  if (code === undefined) {
    if (json) sayJson(all);
    else for (const info of all) say(process.stdout, `${info.code.padEnd(30)} ${info.severity}`);
    return EXIT.ok;
  }
  const found = all.find((info) => info.code === code.toLowerCase());
  if (found === undefined) {
    const close = closest(code.toLowerCase(), all.map((info) => info.code));
    throw new UserError(`there is no code \`${code}\``, {
      help: close.length > 0 ? `close to it: ${close.join(", ")}` : "list all with `schemagen explain`",
    });
  }
  if (json) sayJson(found);
  else say(process.stdout, paint(found.docs));
  return EXIT.ok;
}

/** The codes that share most words with `code`. */
function closest(code: string, all: string[]): string[] {
  const words = code.split("-");
  const shared = (other: string): number => other.split("-").filter((word) => words.includes(word)).length;
  return all.filter((other) => shared(other) > 0).sort((a, b) => shared(b) - shared(a)).slice(0, 5);
}

/** Markdown for a terminal: headings bold, fences dim. */
function paint(markdown: string): string {
  const c = colors(process.stdout);
  const line = (text: string): string => (text.startsWith("#") ? c.bold(text) : text.startsWith("```") ? c.dim(text) : text);
  return markdown.trimEnd().split("\n").map(line).join("\n");
}
