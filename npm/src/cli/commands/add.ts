// `schemagen add …`: a table, a column, an index, … written into the schema files, and everything generated anew.
// Here stand the words of the command line; `adding.ts` does the work.

import { type Command, Option } from "commander";
import { collect, type Exit, exits, withConfig, withFormat } from "../args.js";
import { type AddOptions, collectColumn, type Draft } from "../drafts.js";

const AFTER = `
What is missing is asked for on a terminal. The file keeps its comments, layout and quotes; the change is shown, and what
the configuration asks for is generated again. Nothing is written that would make the schema wrong.

Examples:
  $ schemagen add table products --column "name:text!" --column "price:numeric(10,2)" --use timestamps
  $ schemagen add column products sku --type text --unique
  $ schemagen add relation products organisations --not-null --on-delete cascade
  $ schemagen add index products name --dry-run
  $ schemagen add enum product_status draft published
`;

const ACTIONS = ["cascade", "restrict", "set_null", "set_default", "no_action"];
const COMMANDS = ["select", "insert", "update", "delete", "all"];

export function defineAdd(program: Command): void {
  const add = program
    .command("add")
    .description("add a table, a column, an index, … to the schema files")
    .addHelpText("after", AFTER);

  subcommand(add, "table", "[name]", "a table; with a uuid as its key unless a column `id` is given", ([name], { column, use, comment }) => ({
    kind: "table",
    name,
    columns: column,
    uses: use,
    comment,
  }))
    .option("--column <name:type>", "a column; `!` behind its type makes it not null; may be repeated", collectColumn)
    .option("--use <mixins>", "mixins that it uses; may be repeated, or a list with commas", collect)
    .option("--comment <text>", "what the table is for");

  const flags = (options: Record<string, unknown>) => ({ notNull: options.notNull, unique: options.unique });
  subcommand(add, "column", "[table] [name]", "a column of a table", ([table, name], options) => ({
    kind: "column",
    table,
    column: { name, ...flags(options), ...pick(options, ["type", "primaryKey", "default", "check", "references", "comment"]) },
  }))
    .option("--type <type>", "its type, as in SQL")
    .option("--not-null", "null may not be stored")
    .option("--unique", "no two rows may hold the same value")
    .option("--primary-key", "it is the primary key")
    .option("--default <expr>", "the value when none is given: SQL, or a constant")
    .option("--check <expr>", "a condition on its values")
    .option("--references <table>", "the table, or table.column, that it refers to")
    .option("--comment <text>", "what it is for");

  subcommand(add, "index", "[table] [columns...]", "an index of a table", ([table, columns], options) => ({
    kind: "index",
    table,
    columns,
    unique: options.unique,
    ...pick(options, ["name", "method", "where"]),
  }))
    .option("--unique", "no two rows may hold the same keys")
    .option("--method <method>", "the access method: btree, gin, gist, …")
    .option("--where <expr>", "the rows that it covers")
    .option("--name <name>", "its name (default: PostgreSQL's own)");

  subcommand(add, "relation", "[table] [target]", "a column that refers to another table, with its index", ([table, target], options) => ({
    kind: "relation",
    table,
    target,
    ...flags(options),
    withoutIndex: options.index === false,
    ...pick(options, ["column", "targetColumn", "onDelete"]),
  }))
    .option("--column <name>", "the column that refers; one that exists gets the reference (default: as the target is called)")
    .option("--target-column <name>", "the column referred to (default: `id`, or the primary key)")
    .option("--not-null", "each row must refer to one")
    .option("--unique", "no two rows may refer to the same one")
    .addOption(new Option("--on-delete <action>", "what happens when the row referred to is deleted").choices(ACTIONS))
    .option("--no-index", "without an index");

  subcommand(add, "enum", "[name] [labels...]", "an enum type", ([name, labels]) => ({ kind: "enum", name, labels }));

  subcommand(add, "label", "[enum] [label]", "a label of an enum type", ([name, label], { before }) => ({ kind: "label", name, label, before }))
    .option("--before <label>", "the label that it sorts before (default: at the end)");

  subcommand(add, "policy", "[table]", "a row-level security policy", ([table], options) => ({
    kind: "policy",
    table,
    roles: options.to,
    ...pick(options, ["name", "command", "using", "withCheck"]),
  }))
    .option("--name <name>", "its name (default: TABLE_COMMAND)")
    .addOption(new Option("--command <command>", "what it speaks about").choices(COMMANDS))
    .option("--to <roles>", "whom it speaks about; may be repeated, or a list with commas (default: everybody)", collect)
    .option("--using <expr>", "the rows that the command sees")
    .option("--with-check <expr>", "the rows that may be written");

  subcommand(add, "mixin", "[table] [mixin]", "the use of a mixin in a table", ([table, mixin]) => ({ kind: "mixin", table, mixin }));

  for (const command of add.commands) command.copyInheritedSettings(add);
}

type Values = Record<string, unknown>;

/** Declares `add NAME`; `read` turns its arguments and options into a draft. */
function subcommand(add: Command, name: string, args: string, description: string, read: (args: unknown[], options: Values) => Draft): Command {
  const command = add.command(`${name} ${args}`).description(description);
  command.action(
    exits(async (...all: unknown[]): Promise<Exit> => {
      const options = command.opts<AddOptions & Values>();
      const { runAdd } = await import("../adding.js");
      return runAdd(read(all.slice(0, -2), options), options);
    }),
  );
  withFormat(withConfig(command))
    .option("--file <file>", "the file to write to (default: where the section stands)")
    .option("--dry-run", "show the change; write nothing")
    .option("--no-generate", "generate nothing");
  return command;
}

function pick(options: Values, names: string[]): Values {
  return Object.fromEntries(names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]));
}
