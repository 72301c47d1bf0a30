// Questions for what a command line left open. In: a draft and what the schema has. Out: what to add, or nothing if the
// user cancels. Where nobody can be asked, what is missing is named.

import { UserError } from "../errors.js";
import type { ColumnDraft, Intent, Outline } from "../types.js";
import { collectColumn, type Draft } from "./drafts.js";

/** Types that are offered; any other can be typed. */
const TYPES = ["text", "uuid", "integer", "bigint", "boolean", "numeric(10,2)", "timestamptz", "date", "jsonb", "text[]"];
const MIXINS = ["timestamps", "soft_delete", "tenant", "audit"];
const KEY: ColumnDraft = { name: "id", type: "uuid", primaryKey: true, default: "gen_random_uuid()" };

/** The user pressed escape. */
class Cancelled extends Error {}

/** The whole of `draft`, with what is missing asked for. */
export async function complete(draft: Draft, schema: Outline): Promise<Intent | undefined> {
  const ask = process.stdin.isTTY === true && process.stdout.isTTY === true ? await questions(schema) : undefined;
  try {
    return await fill(draft, ask);
  } catch (error) {
    if (error instanceof Cancelled) return undefined;
    throw error;
  }
}

type Values = Record<string, unknown>;

async function fill(draft: Draft, ask: Questions | undefined): Promise<Intent> {
  const values: Values = { ...draft };
  const need = async (name: string, what: string, question: (ask: Questions) => Promise<unknown>, into: Values = values): Promise<void> => {
    const value = into[name];
    if (value !== undefined && (!Array.isArray(value) || value.length > 0)) return;
    if (ask === undefined) {
      throw new UserError(`${what} is missing`, { help: `name it; \`schemagen add ${draft.kind} --help\` says how` });
    }
    into[name] = await question(ask);
  };
  const offer = async (name: string, question: (ask: Questions) => Promise<unknown>, into: Values = values): Promise<void> => {
    if (into[name] === undefined && ask !== undefined) into[name] = await question(ask);
  };
  switch (draft.kind) {
    case "table": {
      await need("name", "the table's name", (ask) => ask.text("What is the table called?"));
      await offer("columns", (ask) => ask.columns());
      const columns = (values.columns ?? []) as ColumnDraft[];
      values.columns = columns.some(({ name }) => name === "id" || name === undefined) ? columns : [KEY, ...columns];
      await offer("uses", (ask) => ask.several("Which mixins does it use?", MIXINS));
      break;
    }
    case "column": {
      const column = { ...(values.column as Values) };
      values.column = column;
      await need("table", "the table", (ask) => ask.table("To which table?"));
      await need("name", "the column's name", (ask) => ask.text("What is the column called?"), column);
      const asksAll = column.type === undefined;
      await need("type", "the column's type", (ask) => ask.type(), column);
      if (asksAll) {
        await offer("notNull", async (ask) => !(await ask.confirm("May it be null?")), column);
        await offer("unique", (ask) => ask.confirm("Is it unique?", false), column);
        await offer("default", (ask) => ask.optional("Its default, as SQL"), column);
      }
      break;
    }
    case "index":
      await need("table", "the table", (ask) => ask.table("Of which table?"));
      await need("columns", "the columns", (ask) => ask.columnsOf(values.table as string));
      await offer("unique", (ask) => ask.confirm("Is it unique?", false));
      break;
    case "relation": {
      await need("table", "the table that refers", (ask) => ask.table("Which table refers?"));
      const asksAll = values.target === undefined;
      await need("target", "the table referred to", (ask) => ask.anyTable("To which table?"));
      if (asksAll) {
        await offer("notNull", (ask) => ask.confirm("Must each row refer to one?"));
        await offer("onDelete", (ask) => ask.one("When the row referred to is deleted?", ["no_action", "cascade", "set_null", "restrict"]));
        if (values.onDelete === "no_action") delete values.onDelete;
      }
      break;
    }
    case "enum":
      await need("name", "the enum's name", (ask) => ask.text("What is the enum called?"));
      await need("labels", "the labels", (ask) => ask.list("Its labels, separated by commas"));
      break;
    case "label":
      await need("name", "the enum", (ask) => ask.enumType("To which enum?"));
      await need("label", "the label", (ask) => ask.text("Which label?"));
      break;
    case "policy": {
      await need("table", "the table", (ask) => ask.table("On which table?"));
      const asksAll = values.command === undefined;
      await need("command", "the command (--command)", (ask) => ask.one("What may be done?", ["select", "insert", "update", "delete", "all"]));
      if (asksAll) {
        await offer("roles", (ask) => ask.roles());
        if (values.command !== "insert") await offer("using", (ask) => ask.optional("Which rows? (SQL, empty for all)", "true"));
        if (["insert", "update", "all"].includes(values.command as string)) {
          await offer("withCheck", (ask) => ask.optional("Which rows may be written? (SQL, empty for all)", "true"));
        }
      }
      break;
    }
    case "mixin":
      await need("table", "the table", (ask) => ask.table("In which table?"));
      await need("mixin", "the mixin", (ask) => ask.one("Which mixin?", MIXINS));
      break;
  }
  return said(values) as unknown as Intent;
}

/** What was said of it, without what was left open. */
function said(values: Values): Values {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(entries.map(([name, value]) => [name, name === "column" && typeof value === "object" ? said(value as Values) : value]));
}

type Questions = Awaited<ReturnType<typeof questions>>;

/** The questions, on a terminal. */
async function questions({ tables, enums, roles }: Outline) {
  const prompts = await import("@clack/prompts");
  const take = <T>(answer: T): Exclude<T, symbol> => {
    if (!prompts.isCancel(answer)) return answer as Exclude<T, symbol>;
    prompts.cancel("Nothing was written.");
    throw new Cancelled();
  };
  const options = (values: string[]) => values.map((value) => ({ value, label: value }));
  const text = async (message: string): Promise<string> =>
    take(await prompts.text({ message, validate: (value) => (value?.trim() ? undefined : "It needs a value.") })).trim();
  const optional = async (message: string, empty?: string): Promise<string | undefined> =>
    take(await prompts.text({ message, placeholder: empty ?? "none" }))?.trim() || empty;
  const one = async (message: string, values: string[]): Promise<string> =>
    values.length === 0 ? text(message) : take(await prompts.select({ message, options: options(values) }));
  const several = async (message: string, values: string[]): Promise<string[]> =>
    take(await prompts.multiselect({ message, options: options(values), required: false }));
  const own = tables.filter((table) => table.owned);
  return {
    text,
    optional,
    one,
    several,
    confirm: async (message: string, initialValue = true): Promise<boolean> => take(await prompts.confirm({ message, initialValue })),
    list: async (message: string): Promise<string[]> => (await text(message)).split(",").map((part) => part.trim()).filter(Boolean),
    table: (message: string) => one(message, own.map((table) => table.name)),
    anyTable: (message: string) => one(message, [...own, ...tables.filter((table) => table.name === "auth.users")].map((table) => table.name)),
    enumType: (message: string) => one(message, enums.map((found) => found.name)),
    roles: () => several("For whom? (nobody chosen: everybody)", roles),
    columnsOf: (name: string) => several("Which columns?", tables.find((table) => table.name === name)?.columns ?? []),
    async type(): Promise<string> {
      const other = "another one";
      const type = await one("Its type?", [...TYPES, ...enums.map((found) => found.name), other]);
      return type === other ? text("Its type, as in SQL") : type;
    },
    async columns(): Promise<ColumnDraft[]> {
      let columns: ColumnDraft[] = [];
      for (;;) {
        const validate = (value = ""): string | undefined => (value === "" || value.includes(":") ? undefined : "Write it as name:type, such as title:text!");
        const message = "A column beside `id`, as name:type (`!` behind it: not null; empty: no more)";
        const answer = take(await prompts.text({ message, validate })) ?? "";
        if (answer.trim() === "") return columns;
        columns = collectColumn(answer, columns);
      }
    },
  };
}
