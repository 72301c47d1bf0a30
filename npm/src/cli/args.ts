// What several commands share of their command line: options, exit codes, and how an action's answer becomes one.

import { type Command, InvalidArgumentError, Option } from "commander";
import type { Format } from "../types.js";

/** How a command ends. */
export const EXIT = {
  /** All is well. */
  ok: 0,
  /** There are errors in the schema, or `--check` would change something. */
  findings: 1,
  /** The command line, the configuration or a file is not as it must be. */
  usage: 2,
  /** A bug in schemagen. */
  internal: 3,
} as const;

/** An exit code. */
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** What `withFormat` adds. */
export interface FormatOptions {
  format: Format;
  json?: boolean;
}

/** What `withConfig` adds. */
export interface ConfigOptions {
  config?: string;
}

/** Adds `--format` and `--json`. */
export function withFormat(command: Command): Command {
  return command
    .addOption(
      new Option("--format <format>", "how to show what was found")
        .choices(["rich", "concise", "json", "github"])
        .default("rich"),
    )
    .addOption(new Option("--json", "one JSON object on standard output; the same as --format json").implies({ format: "json" }));
}

/** Adds `--config`. */
export function withConfig(command: Command): Command {
  return command.option("-c, --config <file>", "the configuration (default: found here or in a folder above)");
}

/** Runs an action and takes its answer as the exit code. */
export function exits<A extends unknown[]>(action: (...args: A) => Promise<Exit>): (...args: A) => Promise<void> {
  return async (...args) => {
    process.exitCode = await action(...args);
  };
}

/** Collects the values of an option that may be repeated. */
export function collect(value: string, before: string[] = []): string[] {
  const names = value.split(",").map((part) => part.trim()).filter((part) => part !== "");
  if (names.length === 0) throw new InvalidArgumentError("It must be a name, or several with commas.");
  return [...before, ...names];
}

/** Collects `name=value`. */
export function collectSetting(setting: string, before: Record<string, string> = {}): Record<string, string> {
  const at = setting.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It must be name=value.");
  return { ...before, [setting.slice(0, at)]: setting.slice(at + 1) };
}
