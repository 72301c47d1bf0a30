// `schemagen json-schema`: the language as a JSON Schema, for editors.

import type { Command } from "commander";
import { configSchema, jsonSchema } from "../../compiler/node.js";
import { EXIT, type Exit, exits } from "../args.js";
import { sayJson } from "../render.js";

const AFTER = `
Editors with a YAML language server complete and check schema files that start with
  # yaml-language-server: $schema=./node_modules/schemagen/dist/schema.json

Examples:
  $ schemagen json-schema > schema.json
  $ schemagen json-schema --config
`;

export function defineJsonSchema(program: Command): void {
  program
    .command("json-schema")
    .description("print the JSON Schema of schema files")
    .option("--config", "print that of the configuration file")
    .addHelpText("after", AFTER)
    .action(exits(run));
}

async function run(options: { config?: boolean }): Promise<Exit> {
  sayJson(options.config ? configSchema() : jsonSchema());
  return EXIT.ok;
}
