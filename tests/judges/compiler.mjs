// The compiler under judgement. In: schemas. Out: what the built npm package makes of them. Compiles nothing that has
// errors: a judge that cannot compile its schema fails with the compiler's own words.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./corpus.mjs";

const entry = process.env.SCHEMAGEN_PACKAGE ?? join(root, "npm/dist/esm/index.js");
if (!existsSync(entry)) throw new Error(`there is no ${entry}: run \`make build\` first`);

/** The npm package. */
export const schemagen = await import(pathToFileURL(entry).href);

/** The files that one target writes for a schema. */
export function compile(schema, target, options = {}) {
  const result = schemagen.compile(schema.files, { ...schema.options, targets: [{ target, options }] });
  if (!result.ok) {
    const findings = { files: schema.files, diagnostics: result.diagnostics.filter((one) => one.severity === "error") };
    throw new Error(`${schema.name} does not compile:\n${schemagen.render(findings, "rich")}`);
  }
  return result.files;
}

/** The views of a schema with their columns, as templates of users see them. */
export function viewsOf(schema) {
  const template = { name: "views.jinja", text: "{{ header }}\n{{ schema.views | json }}\n" };
  const files = [{ template: template.name, each: "schema", path: "views.txt" }];
  const [file] = compile({ ...schema, files: [...schema.files, template] }, "template", { files });
  return JSON.parse(file.text.slice(file.text.indexOf("\n")));
}

/** The one file that a target writes for a schema. */
export function compileText(schema, target, options) {
  const [file] = compile(schema, target, options);
  return file.text;
}
