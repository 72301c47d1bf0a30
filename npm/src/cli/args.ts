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
  return [...before, ...value.split(",").filter((part) => part !== "")];
}

/** Collects `name=value`, as JSON where it is JSON, else as text. */
export function collectSetting(setting: string, before: Record<string, unknown> = {}): Record<string, unknown> {
  const at = setting.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It must be name=value.");
  const value = setting.slice(at + 1);
  return { ...before, [setting.slice(0, at)]: /^(true|false|\d+)$/.test(value) ? JSON.parse(value) : value };
}
