// The benchmark's schema in three languages. In: a number of tables. Out: the same tables as our YAML, as DBML, and as
// JSON Schemas: 13 columns each, one foreign key, two indexes, one enum for every ten tables, six expressions.

const WORDS = ["account", "invoice", "project", "ticket", "message", "session", "product", "payment", "comment", "contract"];

const tableName = (at) => `${WORDS[at % WORDS.length]}_${at}`;
const enumName = (at) => `status_${Math.floor(at / 10)}`;
const LABELS = ["draft", "active", "paused", "closed", "archived"];

/** The schema as YAML. */
export function yaml(count) {
  const enums = range(Math.ceil(count / 10)).map((at) => `  status_${at}:\n    values: [${LABELS.join(", ")}]\n`);
  const tables = range(count).map((at) => {
    const parent = tableName(at === 0 ? 0 : at - 1);
    return `  ${tableName(at)}:
    comment: Everything that is known of one ${WORDS[at % WORDS.length]}.
    rls: enabled
    columns:
      id: { type: uuid, primary_key: true, default: gen_random_uuid() }
      parent_id: { type: uuid, references: { table: ${parent}, column: id, on_delete: cascade } }
      name: { type: varchar(120), nullable: false, check: char_length(name) > 0 }
      slug: { type: text, nullable: false, unique: true, check: "slug ~ '^[a-z0-9-]+$'" }
      email: { type: text, nullable: false, comment: Where to write to }
      status: { type: ${enumName(at)}, nullable: false, default: draft }
      amount: { type: "numeric(10,2)", nullable: false, default: 0, check: amount >= 0 }
      quantity: { type: integer, nullable: false, default: 1, check: quantity between 1 and ${100 + (at % 50)} }
      active: { type: boolean, nullable: false, default: true }
      tags: { type: "text[]", nullable: false, default: "'{}'" }
      settings: { type: jsonb, nullable: false, default: { value: "{}" } }
      created_at: { type: timestamptz, nullable: false, default: now() }
      updated_at: { type: timestamptz, nullable: false, default: now() }
    indexes:
      - { columns: [parent_id] }
      - { columns: [status, created_at], where: active }
`;
  });
  return `enums:\n${enums.join("")}\ntables:\n${tables.join("")}`;
}

/** The schema as DBML. */
export function dbml(count) {
  const enums = range(Math.ceil(count / 10)).map((at) => `Enum status_${at} {\n${LABELS.map((label) => `  ${label}\n`).join("")}}\n`);
  const tables = range(count).map(
    (at) => `Table ${tableName(at)} {
  id uuid [pk, default: \`gen_random_uuid()\`]
  parent_id uuid [ref: > ${tableName(at === 0 ? 0 : at - 1)}.id]
  name varchar(120) [not null]
  slug text [not null, unique]
  email text [not null, note: 'Where to write to']
  status ${enumName(at)} [not null, default: 'draft']
  amount numeric(10,2) [not null, default: 0]
  quantity integer [not null, default: 1]
  active boolean [not null, default: true]
  tags "text[]" [not null, default: '{}']
  settings jsonb [not null, default: '{}']
  created_at timestamptz [not null, default: \`now()\`]
  updated_at timestamptz [not null, default: \`now()\`]
  indexes {
    parent_id
    (status, created_at)
  }
  Note: 'Everything that is known of one ${WORDS[at % WORDS.length]}.'
}
`,
  );
  return enums.join("\n") + tables.join("\n");
}

/** The rows of each table as JSON Schemas. */
export function jsonSchemas(count) {
  const text = { type: "string" };
  return range(count).map((at) => ({
    type: "object",
    properties: {
      id: { type: "string", format: "uuid" },
      parent_id: { anyOf: [{ type: "string", format: "uuid" }, { type: "null" }] },
      name: { type: "string", minLength: 1, maxLength: 120 },
      slug: { type: "string", pattern: "^[a-z0-9-]+$" },
      email: text,
      status: { enum: LABELS },
      amount: { type: "number", minimum: 0 },
      quantity: { type: "integer", minimum: 1, maximum: 100 + (at % 50) },
      active: { type: "boolean" },
      tags: { type: "array", items: text },
      settings: {},
      created_at: { type: "string", format: "date-time" },
      updated_at: { type: "string", format: "date-time" },
    },
    required: ["id", "name", "slug", "email", "status", "amount", "quantity", "active", "tags", "settings", "created_at", "updated_at"],
    additionalProperties: false,
  }));
}

const range = (count) => Array.from({ length: count }, (_, at) => at);
