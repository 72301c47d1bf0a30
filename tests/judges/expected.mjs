// What a database must hold, read from the YAML by simple means that share nothing with the compiler. In: a schema's
// files. Out: plain facts about each object. Knows the shapes that the schemas of this repository use.

import { load } from "js-yaml";
import { read } from "./corpus.mjs";

/** The facts of a schema, by kind. */
export function expected(schema) {
  const document = merged(schema.files.map((file) => load(file.text) ?? {}));
  const builtin = load(read("core/src/resolve/platform/mixins.yaml")).mixins;
  const mixins = { ...builtin, ...document.mixins };
  const types = declaredTypes(document);
  return {
    tables: named(document.tables).map((table) => tableFacts(table, document, mixins, types)),
    enums: named(document.enums).map(({ schema, name, body }) => ({ schema, name, labels: (Array.isArray(body) ? body : body.values).map(label), comment: comment(body) })),
    domains: named(document.domains).map(({ schema, name, body }) => ({
      schema,
      name,
      type: typeSql(body, types),
      notNull: body.nullable === false,
      checks: (body.check === undefined ? 0 : 1) + entries(body.checks).length,
      comment: comment(body),
    })),
    composites: named(document.types).map(({ schema, name, body }) => ({
      schema,
      name,
      fields: Object.entries(body.fields).map(([field, spec]) => ({ name: field, type: typeSql(spec, types) })),
      comment: comment(body),
    })),
    sequences: named(document.sequences).map(({ schema, name }) => ({ schema, name })),
    views: named(document.views).map(({ schema, name, body }) => ({ schema, name, materialized: body.materialized === true, comment: comment(body) })),
    functions: named(document.functions).map(({ schema, name, body }) => {
      const overloads = Array.isArray(body) ? body : [body];
      return { schema, name, overloads: overloads.map((one) => ({ kind: one.kind === "procedure" ? "p" : "f", definer: one.security === "definer", volatility: (one.volatility ?? "volatile")[0], language: one.language ?? "sql" })) };
    }),
    extensions: entries(document.extensions).map((one) => (typeof one === "string" ? one : one.name)),
    publications: Object.entries(document.publications ?? {}).filter(([, body]) => body.owned !== false).map(([name]) => name),
  };
}

/** Files merged by section. */
function merged(documents) {
  const all = {};
  for (const document of documents) {
    for (const [section, body] of Object.entries(document)) {
      if (Array.isArray(body)) all[section] = [...(all[section] ?? []), ...body];
      else all[section] = { ...all[section], ...body };
    }
  }
  return all;
}

/** A section's objects with their qualified names. */
function named(section) {
  return Object.entries(section ?? {}).map(([key, body]) => ({ ...qualified(key, body?.schema), body: body ?? {} }));
}

/** `a.b` is qualified; what has nothing before a dot, or behind it, is a name as a whole. */
function qualified(text, schema = "public") {
  const parts = text.split(".");
  return parts.length === 2 && parts.every((part) => part !== "") ? { schema: parts[0], name: parts[1] } : { schema, name: text };
}

/** What has names: a list, or a map from them. */
const entries = (section) => (Array.isArray(section) ? section : Object.entries(section ?? {}).map(([name, body]) => ({ name, ...body })));
// PostgreSQL keeps no comment without a character.
const comment = (body) => body.comment || undefined;
const label = (value) => String(typeof value === "object" && value ? value.value ?? value.name : value);

function declaredTypes(document) {
  const types = new Map();
  for (const section of [document.tables, document.types, document.enums, document.domains]) {
    for (const { schema, name } of named(section)) {
      types.set(`${schema}.${name}`, sqlName(schema, name));
      if (schema === "public") types.set(name, sqlName(schema, name));
    }
  }
  return types;
}

const sqlName = (schema, name) => `${quoted(schema)}.${quoted(name)}`;
const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

/** The type of a column, domain or field as SQL. */
function typeSql(spec, types) {
  const type = typeof spec === "string" ? spec : spec.type;
  const long = typeof type === "object" ? (type.domain ?? `${type.name}${type.args?.length ? `(${type.args.join(",")})` : ""}`) : type;
  const base = long.replace(/(\s*\[\d*\])+$/, "");
  const rest = long.slice(base.length) + (spec.array === true ? "[]" : "");
  return (types.get(base) ?? base) + rest;
}

/** A table with the parts that its mixins and the top level bring. */
function tableFacts({ schema, name, body }, document, mixins, types) {
  const parts = (body.use ?? []).map((use) => substituted(mixins[use], name));
  const all = (key) => [body, ...parts].flatMap((part) => entries(part[key]));
  const outside = (section, key) =>
    entries(document[section]).filter((one) => {
      const table = one.table === undefined ? undefined : qualified(one.table, one.schema);
      return table?.schema === schema && table.name === name;
    });
  // Not by assignment, which would lose a column called `__proto__`.
  const columns = Object.fromEntries([body, ...parts].flatMap((part) => Object.entries(part.columns ?? {})));
  const specs = Object.entries(columns).map(([column, spec]) => [column, typeof spec === "string" ? { type: spec } : spec]);
  const constraints = all("constraints");
  const policies = [...all("policies"), ...outside("policies")].filter((policy) => policy.enabled !== false);
  const triggers = [...all("triggers"), ...outside("triggers")];
  const keys = new Set([...(body.primary_key ?? []), ...constraints.filter((one) => one.type === "primary_key").flatMap((one) => one.columns)]);
  for (const [column, spec] of specs) if (spec.primary_key === true) keys.add(column);
  const partial = constraints.filter((one) => one.type === "unique" && one.where !== undefined);
  const count = (kind) => constraints.filter((one) => one.type === kind).length;
  const columnsWith = (key) => specs.filter(([, spec]) => spec[key] !== undefined && spec[key] !== false).length;
  return {
    schema,
    name,
    comment: comment(body),
    partitioned: body.partition_by !== undefined,
    unlogged: body.unlogged === true && body.partition_by === undefined,
    rls: body.rls === undefined ? policies.length > 0 : body.rls !== "disabled",
    forced: body.rls === "forced",
    columns: specs.map(([column, spec]) => columnFacts(column, spec, keys, types)),
    constraints: {
      p: keys.size > 0 ? 1 : 0,
      u: columnsWith("unique") + count("unique") - partial.length,
      f: columnsWith("references") + count("foreign_key"),
      c: columnsWith("check") + count("check"),
      x: count("exclude"),
    },
    constraintNames: constraints.filter((one) => one.name !== undefined && !partial.includes(one)).map((one) => one.name),
    indexes: all("indexes").length + partial.length,
    indexNames: [...all("indexes"), ...partial].map((one) => one.name).filter((one) => one !== undefined),
    policies: policies.length,
    policyNames: policies.map((one) => one.name).filter((one) => one !== undefined),
    triggers: triggers.length,
    triggerNames: triggers.map((one) => one.name).filter((one) => one !== undefined),
  };
}

function substituted(part, table) {
  return JSON.parse(JSON.stringify(part).replaceAll("{table}", table));
}

function columnFacts(name, spec, keys, types) {
  const type = typeSql(spec, types);
  const serial = /^(small|big)?serial[248]?$/i.test(type);
  const identity = spec.identity?.kind ?? spec.identity;
  return {
    name,
    type,
    notNull: spec.nullable === false || keys.has(name) || identity !== undefined || serial,
    identity: identity === undefined ? "" : identity === "always" ? "a" : "d",
    generated: spec.generated === undefined ? "" : spec.generated.kind === "virtual" ? "v" : "s",
    default: serial || spec.generated !== undefined || (spec.default !== undefined && spec.default !== null),
    comment: comment(spec),
  };
}
