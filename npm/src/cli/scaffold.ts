// The texts that `init` writes: the configuration and the first schema. In: data. Out: texts. Knows no files.

import { basename, dirname } from "node:path/posix";
import { dump } from "js-yaml";
import type { SchemaConfig } from "../config.js";
import { fileNumber, SHARED, type Services } from "../detect/services.js";
import { record } from "../record.js";
import type { ConfigFormat } from "./choices.js";

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

/** What the first schema is for. */
export interface FirstSchema {
  /** Where its first file goes. */
  path: string;
  supabase: boolean;
  /** The services that share the database, if it has any. */
  services: Services | undefined;
  /** Whether the SQL of each has numbers of its own. */
  numbered: boolean;
  /** The path of the JSON Schema from a folder. */
  jsonSchema: (folder: string) => string;
}

/** A file to write. */
export interface NewFile {
  path: string;
  text: string;
  /** What to say of it. */
  what: string;
}

/** A schema that works, for Supabase or for a plain PostgreSQL: one file, or one for each of several services and two for all. */
export function firstSchema({ path, supabase, services, numbered, jsonSchema }: FirstSchema): NewFile[] {
  const folder = dirname(path);
  const file = (name: string, what: string, head: string, ...sections: string[]): NewFile => {
    const place = `${folder}/${name}`;
    return { path: place, what, text: [`# yaml-language-server: $schema=${jsonSchema(dirname(place))}\n${head}`, ...sections].join("\n") };
  };
  const [first = "", ...others] = Object.keys(services ?? {});
  const sql = (owner: string): string => (numbered ? ` Its SQL: *_${owner}_*.sql, from ${fileNumber(services?.[owner] ?? 0)}.` : "");
  if (services === undefined || others.length === 0) {
    const whose = services === undefined ? "" : `# What lies in a folder called \`${first}\` is the service's of that name.${sql(first)}\n`;
    const head = "# The database, declared. `npx schemagen generate` writes what it says; `npx schemagen explain` knows every message.\n";
    return [file(basename(path), "a first schema", head + whose, ENUMS, `tables:\n${projects(supabase)}`, tasks(supabase))];
  }
  const owners = Object.keys(services).filter((name) => name !== SHARED);
  const own = [
    { name: "tasks", sections: [ENUMS, `tables:\n${tasks(supabase)}`] },
    { name: "reports", sections: [`tables:\n${reports("reports", supabase)}`] },
    { name: "events", sections: [`tables:\n${events(supabase)}`] },
  ];
  const other = (owner: string): { name: string; sections: string[] } => ({
    name: "reports",
    sections: [`tables:\n${reports(`${owner.replace(/\W/g, "_").toLowerCase()}_reports`, supabase)}`],
  });
  const base = `# What no service owns${numbered ? ": its SQL stands before that of all services" : ""}. A service (${owners.join(", ")}) owns what lies in the folder
# that is called after it${numbered ? "; the configuration gives each a range of numbers" : ""}.
`;
  const all = [file(basename(path), "what no service owns", base, `tables:\n${projects(supabase)}`)];
  for (const [index, owner] of owners.entries()) {
    const { name, sections } = own[index] ?? other(owner);
    all.push(file(`${owner}/${name}.yaml`, `what \`${owner}\` owns`, `# What the service \`${owner}\` owns.${sql(owner)}\n`, ...sections));
  }
  if (SHARED in services) {
    const head = `# What needs the tables of several services.${sql(SHARED)}\n`;
    all.push(file(`${SHARED}/progress.yaml`, "what needs several services", head, PROGRESS));
  }
  return all;
}

const ENUMS = `enums:
  task_status: [open, done, dropped]
`;

function projects(supabase: boolean): string {
  const owner = supabase
    ? "owner_id: { type: uuid, nullable: false, default: auth.uid(), references: { table: auth.users, on_delete: cascade } }"
    : "owner: { type: text, nullable: false }";
  return `  projects:
    comment: What tasks belong to.
    use: [timestamps]
    columns:
      id: { type: uuid, primary_key: true, default: gen_random_uuid() }
      ${owner}
      name: { type: text, nullable: false, check: "char_length(name) between 1 and 120" }
      archived: { type: boolean, nullable: false, default: false }
    indexes:
      - { columns: [${supabase ? "owner_id" : "owner"}] }
${supabase ? policy("owners do everything", "(select auth.uid()) = owner_id") : ""}`;
}

function tasks(supabase: boolean): string {
  return `  tasks:
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

function reports(name: string, supabase: boolean): string {
  return `  ${name}:
    comment: What was found out about a project.
    use: [timestamps]
    columns:
      id: { type: bigint, primary_key: true, identity: always }
      project_id: { type: uuid, nullable: false, references: { table: projects, on_delete: cascade } }
      title: { type: text, nullable: false, check: "char_length(title) between 1 and 200" }
      findings: { type: jsonb, nullable: false, default: "{}" }
    indexes:
      - { columns: [project_id] }
${supabase ? policy("owners of the project do everything", OWNS_PROJECT) : ""}`;
}

function events(supabase: boolean): string {
  return `  events:
    comment: What happened to a task.
    columns:
      id: { type: bigint, primary_key: true, identity: always }
      # A table of another service.
      task_id: { type: bigint, nullable: false, references: { table: tasks, on_delete: cascade } }
      kind: { type: text, nullable: false }
      details: jsonb
      happened_at: { type: timestamptz, nullable: false, default: now() }
    indexes:
      - { columns: [task_id, happened_at] }
${supabase ? policy("owners of the project do everything", OWNS_TASK) : ""}`;
}

const PROGRESS = `functions:
  project_progress:
    comment: How far a project is.
    language: sql
    volatility: stable
    args: [{ name: project, type: uuid }]
    returns: { table: { tasks: bigint, done: bigint, reports: bigint } }
    body: |
      select
        (select count(*) from tasks t where t.project_id = project),
        (select count(*) from tasks t where t.project_id = project and t.status = 'done'),
        (select count(*) from reports r where r.project_id = project)
`;

const OWNS_PROJECT = "exists (select 1 from projects p where p.id = project_id and p.owner_id = (select auth.uid()))";
const OWNS_TASK =
  "exists (select 1 from tasks t join projects p on p.id = t.project_id where t.id = task_id and p.owner_id = (select auth.uid()))";

function policy(name: string, condition: string): string {
  return `    policies:
      - name: ${name}
        command: all
        to: authenticated
        using: ${condition}
        with_check: ${condition}
`;
}

/** The text of a package.json with a script more, written as it was; or why not, where that cannot be. */
export function withScript(text: string, name: string, command: string): { text: string } | { reason: string } {
  const [mark = ""] = /^\uFEFF?/.exec(text) ?? [];
  const manifest = parsed(text.slice(mark.length));
  if (manifest === undefined) return { reason: "package.json cannot be read" };
  if (record(manifest.scripts)[name] !== undefined) return { reason: `package.json has a script \`${name}\` already` };
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
  const json = JSON.stringify({ ...manifest, scripts: { ...record(manifest.scripts), [name]: command } }, null, indent);
  const written = mark + json + (text.endsWith("\n") ? "\n" : "");
  return { text: text.includes("\r\n") ? written.replaceAll("\n", "\r\n") : written };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return record(JSON.parse(text));
  } catch {
    return undefined;
  }
}
