// The texts that `init` writes: the configuration and the first schema. In: data. Out: texts. Knows no files.

import { dump } from "js-yaml";
import type { SchemaConfig } from "../config.js";
import type { ConfigFormat } from "./commands/init.js";

/** A configuration as a file; `$schema` is the path of its JSON Schema. */
export function configText(config: SchemaConfig, format: ConfigFormat, $schema: string): string {
  switch (format) {
    case "json":
      return `${JSON.stringify({ $schema, ...config }, null, 2)}\n`;
    case "yaml":
      return `# yaml-language-server: $schema=${$schema}\n${dump(config, { flowLevel: 2, lineWidth: 120 })}`;
    case "ts":
      return `import { defineConfig } from "schemagen";\n\nexport default defineConfig(${literal(config)});\n`;
    case "mjs":
      return `/** @type {import("schemagen").Config} */\nexport default ${literal(config)};\n`;
  }
}

/** A value as JavaScript: the top and its lists a line an entry, all else on one line. */
function literal(value: object): string {
  const lines = Object.entries(value).map(([key, entry]) => {
    const isLong = Array.isArray(entry) && entry.some((item) => typeof item === "object");
    const text = isLong ? `[\n${entry.map((item) => `    ${inline(item)},\n`).join("")}  ]` : inline(entry);
    return `  ${key}: ${text},\n`;
  });
  return `{\n${lines.join("")}}`;
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value).map(([key, entry]) => `${key}: ${inline(entry)}`).join(", ")} }`;
}

/** A schema that works, for Supabase or for a plain PostgreSQL; `$schema` is the path of its JSON Schema. */
export function schemaText(supabase: boolean, $schema: string): string {
  const owner = supabase
    ? "owner_id: { type: uuid, nullable: false, default: auth.uid(), references: { table: auth.users, on_delete: cascade } }"
    : "owner: { type: text, nullable: false }";
  const key = supabase ? "owner_id" : "owner";
  return `# yaml-language-server: $schema=${$schema}
# The database, declared. \`npx schemagen generate\` writes what it says; \`npx schemagen explain\` knows every message.

enums:
  task_status: [open, done, dropped]

tables:
  projects:
    comment: What tasks belong to.
    use: [timestamps]
    columns:
      id: { type: uuid, primary_key: true, default: gen_random_uuid() }
      ${owner}
      name: { type: text, nullable: false, check: "char_length(name) between 1 and 120" }
      archived: { type: boolean, nullable: false, default: false }
    indexes:
      - { columns: [${key}] }
${supabase ? policy("owners do everything", "(select auth.uid()) = owner_id") : ""}
  tasks:
    comment: Something to do.
    use: [timestamps]
    columns:
      id: { type: bigint, primary_key: true, identity: always }
      project_id: { type: uuid, nullable: false, references: { table: projects, on_delete: cascade } }
      title: { type: text, nullable: false, check: "char_length(title) between 1 and 200" }
      status: { type: task_status, nullable: false, default: open }
      priority: { type: smallint, nullable: false, default: 3, check: priority between 1 and 5 }
      due: date
    indexes:
      - { columns: [project_id, status] }
${supabase ? policy("owners of the project do everything", OWNS_PROJECT) : ""}`;
}

const OWNS_PROJECT = "exists (select 1 from projects p where p.id = project_id and p.owner_id = (select auth.uid()))";

function policy(name: string, condition: string): string {
  return `    policies:
      - name: ${name}
        command: all
        to: authenticated
        using: ${condition}
        with_check: ${condition}
`;
}

/** The text of a package.json with a script more, indented as it was; none if it has a script of that name. */
export function withScript(text: string, name: string, command: string): string | undefined {
  const manifest = JSON.parse(text) as { scripts?: Record<string, string> };
  if (manifest.scripts?.[name] !== undefined) return undefined;
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
  const scripts = { ...manifest.scripts, [name]: command };
  return `${JSON.stringify({ ...manifest, scripts }, null, indent)}${text.endsWith("\n") ? "\n" : ""}`;
}
