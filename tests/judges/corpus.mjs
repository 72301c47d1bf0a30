// The schemas that the judges compile. In: the torture schema beside this file, the repository's examples, seeds and
// cases. Out: named lists of files, as the compiler takes them. Never changes a text.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's top folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/**
 * @typedef {object} Schema
 * @property {string} name What tests call it.
 * @property {{ name: string, text: string }[]} files Its texts.
 * @property {object} options What the compiler is told.
 * @property {string[]} roles Roles that it names but does not create.
 */

/** A text of the repository. */
export function read(path) {
  return readFileSync(join(root, path), "utf8");
}

/** The schema of these files, or of all YAML files of a folder. */
export function schema(name, paths, roles = []) {
  const files = paths.flatMap(yamlFiles).map((path) => ({ name: path, text: read(path) }));
  return { name, files, options: caseOptions(paths[0]), roles };
}

/** All that a target must bear, in one schema: every type, trap names, hostile texts, every kind of object. */
export const torture = () => schema("torture", ["tests/judges/torture"]);

/**
 * Every schema of the repository that is right: the torture schema, the examples, the seeds, and the cases of all targets.
 * `JUDGE_SCHEMAS` names those to run while a target is worked on: a regular expression.
 */
export function schemas() {
  const only = new RegExp(process.env.JUDGE_SCHEMAS ?? "");
  return all().filter((one) => only.test(one.name));
}

function all() {
  return [
    torture(),
    schema("seeds/first", ["tests/cases/seeds/first/schema.yaml"]),
    schema("seeds/second", ["tests/cases/seeds/second/schema.yaml"], ["admin"]),
    ...folders("examples").map((folder) => schema(folder, [folder])),
    ...folders("tests/cases/emit").flatMap(folders).map((folder) => schema(folder.slice("tests/cases/".length), [folder])),
  ];
}

function folders(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => `${folder}/${entry.name}`).sort();
}

/** All schema files of a path, sorted; configurations and what is expected are none. */
function yamlFiles(path) {
  if (path.endsWith(".yaml")) return [path];
  const below = readdirSync(join(root, path), { recursive: true, withFileTypes: true });
  return below
    .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml") && !entry.name.startsWith("schemagen.config"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes("/expected/") && !file.includes("/generated/"))
    .sort();
}

/** What stands in a case's `options.json`, in the words of the JavaScript API. */
function caseOptions(path) {
  const folder = path.endsWith(".yaml") ? dirname(path) : path;
  let given = {};
  try {
    given = JSON.parse(read(join(folder, "options.json")));
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  const options = { targetVersion: given.target_version, exposedSchemas: given.exposed_schemas };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Schemas that are wrong: the cases of diagnostics, and right ones cut short. */
export function brokenSchemas() {
  const cases = readdirSync(join(root, "tests/cases/errors")).filter((file) => file.endsWith(".yaml")).sort();
  const wrong = cases.flatMap((file) =>
    read(`tests/cases/errors/${file}`)
      .split(/^# --- /m)
      .slice(1)
      .map((text) => ({ name: `errors/${file}: ${text.split("\n")[0]}`, files: [{ name: file, text }], options: {}, roles: [] })),
  );
  const cut = schemas().map((one) => ({ ...one, name: `${one.name}, cut`, files: one.files.map(({ name, text }) => ({ name, text: text.slice(0, text.length / 2) })) }));
  return [...wrong, ...cut];
}

/** The schema without the validators that its user wrote. */
export function withoutOverrides(schema) {
  const files = schema.files.map(({ name, text }) => ({ name, text: text.replace(/^schemas:\n(?:[ #].*\n|\n)*/m, "") }));
  return { ...schema, files };
}
