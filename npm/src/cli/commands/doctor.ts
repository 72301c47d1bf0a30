// `schemagen doctor`: what is wrong with a set-up, and what to do about it.

import type { Command } from "commander";
import { type ConfigOptions, EXIT, type Exit, exits, withConfig } from "../args.js";
import { colors, progress, say, sayJson } from "../render.js";

interface Options extends ConfigOptions {
  json?: boolean;
}

const AFTER = `
It looks at the configuration, the schema, what is generated, and what surrounds them: Node.js, packages, Git,
TypeScript, Prettier, ESLint, Biome, editors, Vite, CI. It writes nothing, and exits with 1 if something does not work.

Examples:
  $ schemagen doctor
  $ schemagen doctor --json
`;

export function defineDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .description("say what is wrong with a set-up")
    .option("--json", "one JSON object on standard output")
    .addHelpText("after", AFTER)
    .action(exits(run));
  withConfig(command);
}

async function run(options: Options): Promise<Exit> {
  const { examine } = await import("../../doctor/index.js");
  const busy = progress("looking");
  const checks = await examine(process.cwd(), options).finally(busy.done);
  const isFine = !checks.some(({ level }) => level === "error");
  if (options.json) {
    sayJson({ ok: isFine, checks });
  } else {
    const c = colors(process.stdout);
    const marks = { ok: c.green("ok   "), warn: c.yellow("warn "), error: c.red("error") };
    const width = Math.max(...checks.map(({ check }) => check.length));
    for (const { check, level, message, help } of checks) {
      say(process.stdout, `${marks[level]}  ${check.padEnd(width)}  ${message.replaceAll("\n", `\n${" ".repeat(width + 9)}`)}`);
      if (help !== undefined) say(process.stdout, `${" ".repeat(width + 9)}${c.cyan("→")} ${help}`);
    }
  }
  return isFine ? EXIT.ok : EXIT.findings;
}
