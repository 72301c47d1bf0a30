// What to set up. In: what a project is made of, the targets that the compiler has, and what the user wants. Out: a
// configuration, where its first schema goes, and for each output the reason. A tool whose target does not exist is
// named and not configured. No output lies where a file of the user's lies.

import type { SchemaConfig } from "../config.js";
import type { TargetInfo, TargetRequest } from "../types.js";
import { isOurs } from "../write.js";
import { type Detected, has } from "./index.js";
import { type Layout, LAYOUTS, type LayoutName, type Place, type Planned } from "./layouts.js";
import { numberingOf, type Services, servicesOf } from "./services.js";
import { DIRECT, type Found, type Want } from "./tools.js";

/** What the user wants; all else follows from what was found. */
export interface Wishes {
  layout?: LayoutName | undefined;
  targets?: string[] | undefined;
  supabase?: boolean | undefined;
}

/** An output, and why it is proposed. */
export interface ProposedOutput extends TargetRequest {
  out: string;
  why: string;
}

/** What to set up. */
export interface Proposal {
  layout: LayoutName;
  supabase: boolean;
  config: SchemaConfig;
  /** The services that share the database; none where there is one application. */
  services: Services | undefined;
  /** The first schema's path; none where there are schemas already. */
  schemaFile: string | undefined;
  outputs: ProposedOutput[];
  /** Tools that are there, and the target that each would have. */
  absent: { tool: string; target: string }[];
}

/** Whether the database is on Supabase: what says so wins; else it is not if something speaks to a PostgreSQL itself. */
function isOnSupabase(detected: Detected): boolean {
  const isSaid = detected.supabase !== undefined || has(detected, "supabase-js") || detected.workspaces.some(({ supabase }) => supabase);
  return isSaid || !DIRECT.some((name) => has(detected, name));
}

/** The layout that a project has, or looks like. */
export function likelyLayout(detected: Detected): LayoutName {
  const { parts, found, tree, workspaces } = detected;
  const services = parts.filter(({ folder }) => folder.startsWith("services/"));
  const languages = new Set(parts.filter(({ folder }) => folder !== "").flatMap(({ ecosystems }) => ecosystems));
  if (services.length > 0 || languages.size > 1 || workspaces.length > 1) return "services";
  const orm = found.some(({ name }) => name === "alembic" || name === "sqlalchemy");
  if (orm && tree.files.some((path) => path.startsWith("dsl/"))) return "hybrid";
  if (workspaces.some(({ hybrid, first }) => hybrid || first !== undefined)) return "services";
  return orm && has(detected, "supabase") ? "hybrid" : "plain";
}

/** The targets to generate, of those that the compiler has: SQL, and what the layout and the tools of the project want. */
function likelyTargets({ found }: Detected, known: TargetInfo[], layout: Layout): string[] {
  const wanted = new Set(["sql", ...(layout.targets ?? []), ...found.flatMap(({ wants }) => wants.map(({ target }) => target))]);
  if (found.length === 0) for (const target of layout.first) wanted.add(target);
  return known.map(({ name }) => name).filter((name) => wanted.has(name));
}

/** What to set up in a project. */
export function propose(detected: Detected, known: TargetInfo[], wishes: Wishes): Proposal {
  const name = wishes.layout ?? likelyLayout(detected);
  const layout = LAYOUTS[name];
  const supabase = wishes.supabase ?? isOnSupabase(detected);
  const targets = wishes.targets ?? likelyTargets(detected, known, layout);
  const schema = [layout.schema, "schemagen"].find((folder) => yamlIn(detected, folder).every(({ text }) => isSchema(text))) ?? layout.schema;
  const schemas = yamlIn(detected, schema).map(({ path }) => path);
  const isNumbered = name === "services" || (name === "hybrid" && detected.workspaces.some(({ first }) => first !== undefined));
  const services = isNumbered ? servicesOf(detected) : undefined;
  const planned: Planned = { targets, services, numbering: services && numberingOf(services, schemas), alembic: isAlembics(detected) };
  // The layout's folders tell services apart. Of a single one the code lies where it usually does.
  const isSingle = name === "services" && Object.keys(services ?? {}).length === 1;
  const outputs: ProposedOutput[] = [];
  for (const target of targets) {
    const places = isSingle && target !== "sql" ? LAYOUTS.plain : layout;
    const usual = LAYOUTS.plain.places[target]?.out ?? known.find((info) => info.name === target)?.defaultOut ?? target;
    for (const output of outputsOf(target, detected.found, usual, placeIn(places, target, supabase, detected), planned)) {
      outputs.push({ ...output, out: freePlace(output.out, target, detected, outputs) });
    }
  }
  return {
    layout: name,
    supabase,
    config: {
      files: `${schema}/**/*.yaml`,
      ...(supabase ? detected.supabase : { exposedSchemas: [] }),
      outputs: outputs.map(({ why: _, ...request }) => request),
    },
    services,
    schemaFile: schemas.length > 0 ? undefined : firstFile(schema, services),
    outputs,
    absent: absentTargets(detected.found, known),
  };
}

/** The place that a layout has for a target; none if there are migrations of the user's. */
function placeIn({ places }: Layout, target: string, supabase: boolean, { tree }: Detected): Place | undefined {
  const place = places[target];
  if (place === undefined) return undefined;
  const out = supabase ? place.out : (place.elsewhere ?? place.out);
  const taken = tree.files.some((path) => path.startsWith(`${out}/`) && !isOurs(tree.read(path) ?? ""));
  return taken ? undefined : { ...place, out };
}

/** The outputs of one target: one for SQL and where the layout decides, for all else one in each part that wants it. */
function outputsOf(target: string, found: Found[], usual: string, place: Place | undefined, planned: Planned): ProposedOutput[] {
  const wanting = found.filter(({ wants }) => wants.some((want) => want.target === target));
  const reason = place?.why?.(planned) ?? (place === undefined || place === LAYOUTS.plain.places[target] ? "the usual place" : "the layout's place");
  if (place?.decides) return [output(target, wanting, place.out, reason, place.options?.(planned))];
  const root = place?.out ?? usual;
  const depending = wanting.filter(({ name }) => name === target);
  const folders = [...new Set((depending.length > 0 ? depending : wanting).map(({ folder }) => folder))];
  if (folders.length === 0 || target === "sql") return [output(target, wanting, placeOf(target, wanting) ?? root, reason)];
  return folders.map((folder) => {
    const tools = wanting.filter((tool) => tool.folder === folder);
    return output(target, tools, placeOf(target, tools) ?? (folder === "" ? root : `${folder}/${usual}`), reason);
  });
}

function output(target: string, tools: Found[], out: string, reason: string, options = optionsOf(target, tools)): ProposedOutput {
  const why = tools.length === 0 ? reason : tools.map(({ title }) => title).join(", ");
  return { target, out, ...(Object.keys(options).length > 0 ? { options } : {}), why };
}

function optionsOf(target: string, tools: Found[]): Record<string, unknown> {
  return Object.assign({}, ...wantsOf(target, tools).map((want) => want.options ?? {}).reverse()) as Record<string, unknown>;
}

function placeOf(target: string, tools: Found[]): string | undefined {
  return wantsOf(target, tools).find(({ out }) => out !== undefined)?.out;
}

function wantsOf(target: string, tools: Found[]): Want[] {
  return tools.flatMap(({ wants }) => wants.filter((want) => want.target === target));
}

/** `path`, or with the target's name in it where a file of the user's, or another output, lies there. */
function freePlace(path: string, target: string, { tree }: Detected, outputs: ProposedOutput[]): string {
  const before = tree.read(path);
  const taken = (before !== undefined && !isOurs(before)) || outputs.some(({ out }) => out === path);
  // A module of Python or Rust has no dot in its name.
  const joint = /\.(py|rs)$/.test(path) ? "_" : ".";
  return taken ? path.replace(/(\.\w+)$/, `${joint}${target}$1`) : path;
}

/** Whether Alembic makes the tables of the project: the only ORM of its workspaces does so by Alembic. */
function isAlembics({ workspaces }: Detected): boolean {
  const makers = workspaces.filter(({ orm }) => orm !== undefined);
  return makers.length === 1 && makers.every(({ alembic }) => alembic);
}

/** Where a first schema goes: what no service owns, if there are several, and what the only one owns. */
function firstFile(folder: string, services: Services = {}): string {
  const [first, ...others] = Object.keys(services);
  return first === undefined ? `${folder}/app.yaml` : others.length > 0 ? `${folder}/base.yaml` : `${folder}/${first}/app.yaml`;
}

/** The YAML files in `folder`. */
function yamlIn({ tree }: Detected, folder: string): { path: string; text: string }[] {
  const paths = tree.files.filter((path) => path.startsWith(`${folder}/`) && /\.ya?ml$/.test(path));
  return paths.map((path) => ({ path, text: tree.read(path) ?? "" }));
}

/** Whether a YAML text looks like a schema of ours. */
function isSchema(text: string): boolean {
  return /^(extensions|roles|enums|domains|types|mixins|tables|views|functions|policies):/m.test(text);
}

function absentTargets(found: Found[], known: TargetInfo[]): Proposal["absent"] {
  const pairs = found.flatMap(({ title, wants }) => wants.map(({ target }) => ({ tool: title, target })));
  const absent = pairs.filter(({ target }) => !known.some(({ name }) => name === target));
  return absent.filter(({ target }, index) => absent.findIndex((other) => other.target === target) === index);
}
