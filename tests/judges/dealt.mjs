// A schema as several services might have declared it. In: a schema. Out: the same objects, dealt out one by one to the
// folders of services and to one that belongs to none, whatever needs what: so that what is needed often comes later.

import { load } from "js-yaml";

/** Who declares the first object, the second, and so on in turn: the last service first. */
const OWNERS = ["shared", "python", "node", "base"];

/** The services, as the target `sql` is told of them. */
export const SERVICES = { node: 100, python: 200, shared: 400 };

/** The schema, dealt out. Rules for validators belong to no service. */
export function dealt(schema) {
  const files = new Map();
  let turn = 0;
  for (const { text } of schema.files) {
    for (const [section, objects] of Object.entries(load(text) ?? {})) {
      const isList = Array.isArray(objects);
      for (const [name, object] of Object.entries(objects ?? {})) {
        const owner = section === "schemas" ? "base" : OWNERS[turn++ % OWNERS.length];
        const path = `schema/${owner}/${section}${isList ? ".list" : ""}.yaml`;
        const entry = isList ? `- ${JSON.stringify(object)}` : `${JSON.stringify(name)}: ${JSON.stringify(object)}`;
        files.set(path, `${files.get(path) ?? `${section}:\n`}  ${entry}\n`);
      }
    }
  }
  return { ...schema, files: [...files].sort().map(([name, text]) => ({ name, text })) };
}
