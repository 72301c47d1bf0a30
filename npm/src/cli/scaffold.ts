// The files that `init` writes.

import type { TargetInfo } from "../types.js";
import type { ConfigFormat } from "./setup.js";

/** The first schema's path. */
export const SCHEMA_FILE = "schema/app.yaml";

/** A configuration that generates `targets` from the files in `schema/`. Without Supabase, no API shows the tables. */
export function configText(targets: TargetInfo[], format: ConfigFormat, supabase: boolean): string {
  const files = "schema/**/*.yaml";
  const outputs = targets.map(({ name, defaultOut }) => ({ target: name, out: PLACES[name] ?? defaultOut }));
  const $schema = "./node_modules/schemagen/dist/config.schema.json";
  switch (format) {
    case "json":
      return `${JSON.stringify({ $schema, files, ...(supabase ? {} : { exposedSchemas: [] }), outputs }, null, 2)}\n`;
    case "yaml":
      return [
        `# yaml-language-server: $schema=${$schema}`,
        `files: ${files}`,
        ...(supabase ? [] : ["exposedSchemas: []"]),
        "outputs:",
        ...outputs.map(({ target, out }) => `  - { target: ${target}, out: ${out} }`),
        "",
      ].join("\n");
    case "ts":
      return `import { defineConfig } from "schemagen";\n\nexport default defineConfig(${literal(files, outputs, supabase)});\n`;
    case "mjs":
      return `/** @type {import("schemagen").Config} */\nexport default ${literal(files, outputs, supabase)};\n`;
  }
}

function literal(files: string, outputs: { target: string; out: string }[], supabase: boolean): string {
  const list = outputs.map(({ target, out }) => `    { target: "${target}", out: "${out}" },\n`).join("");
  const exposed = supabase ? "" : "  exposedSchemas: [],\n";
  return `{\n  files: "${files}",\n${exposed}  outputs: [\n${list}  ],\n}`;
}

const PLACES: Record<string, string> = {
  sql: "db/schema.sql",
  zod: "src/db/schema.ts",
};

/** A schema that works, for Supabase or for a plain PostgreSQL. */
export function schemaText(supabase: boolean): string {
  const owner = supabase
    ? 'owner_id: { type: uuid, nullable: false, default: auth.uid(), references: { table: auth.users, on_delete: cascade } }'
    : "owner: { type: text, nullable: false }";
  const key = supabase ? "owner_id" : "owner";
  const policies = supabase
    ? `
    policies:
      - name: owners do everything
        command: all
        to: authenticated
        using: (select auth.uid()) = owner_id
        with_check: (select auth.uid()) = owner_id
`
    : "";
  return `# yaml-language-server: $schema=../node_modules/schemagen/dist/schema.json
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
${policies.trimStart() === "" ? "" : policies.slice(1)}
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
${
    supabase
      ? `    policies:
      - name: owners of the project do everything
        command: all
        to: authenticated
        using: exists (select 1 from projects p where p.id = project_id and p.owner_id = (select auth.uid()))
        with_check: exists (select 1 from projects p where p.id = project_id and p.owner_id = (select auth.uid()))
`
      : ""
  }`;
}
