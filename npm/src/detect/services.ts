// The services that share a database, each with the range of numbers that its SQL takes. In: what a project is made of.
// Out: services by name, as the target `sql` takes them. The ranges are those that hybrid set-ups of Supabase use: 100 for
// Node.js, 200 for Python, 300 for Rust, 400 for what services share.

import type { Detected } from "./index.js";
import { FIRST, type KodoWorkspace } from "./kodo.js";
import type { Ecosystem, Part } from "./parts.js";
import { DIRECT } from "./tools.js";

/** The number of the first file of each service. */
export type Services = Record<string, number>;

/** Whose objects need those of several services. */
export const SHARED = "shared";

const RANGES: Record<Ecosystem, number> = { npm: 100, python: 200, rust: 300 };
const USUAL: Named[] = [{ name: "node", usual: 100 }, { name: "python", usual: 200 }, { name: "rust", usual: 300 }];
const SHARED_RANGE = 400;
const RANGE = 100;
/** How many numbers a service has at least. */
const ROOM = 10;
/** The first range that is nobody's. */
const FREE_RANGE = 500;

/** The services of a project; the usual three where it has none yet. A number that the project names goes before a usual one. */
export function servicesOf({ workspaces, parts, found }: Detected): Services {
  const speaksToDatabase = ({ folder }: Part): boolean => found.some((tool) => tool.folder === folder && DIRECT.includes(tool.name));
  const isService = (part: Part): boolean => part.folder.startsWith("services/") || (part.folder !== "" && speaksToDatabase(part));
  const all = workspaces.length > 0 ? workspaces.map(ofWorkspace) : parts.filter(isService).map(ofPart);
  const named = all.filter(({ name }, index) => name !== "" && all.findIndex((other) => other.name === name) === index);
  if (named.length === 0) named.push(...USUAL);
  if (named.length > 1 && !named.some(({ name }) => name === SHARED)) named.push({ name: SHARED, usual: SHARED_RANGE });
  const services = new Map<string, number>();
  const isFree = (first: number): boolean => ![...services.values()].some((taken) => Math.abs(taken - first) < ROOM);
  const asked = named.filter(({ first }) => first !== undefined);
  const shared = named.filter(({ name, first }) => name === SHARED && first === undefined);
  const others = named.filter(({ name, first }) => name !== SHARED && first === undefined);
  for (const { name, first, usual } of [...asked, ...shared, ...others]) {
    let free = first ?? usual;
    while (!isFree(free)) free = free + RANGE > FIRST.most ? FREE_RANGE : Math.max(free + RANGE, FREE_RANGE);
    services.set(name, free);
  }
  return Object.fromEntries([...services].sort(([, a], [, b]) => a - b));
}

/** The options by which the target `sql` numbers its files. */
export type Numbering = { services: Services } | { range: string };

/**
 * How the SQL of `services` is numbered, where `schemas` are the paths of the schemas that are there already. If none of
 * them lies where its service owns it, all belong to the only service, as far as the target knows its range.
 */
export function numberingOf(services: Services, schemas: string[]): Numbering {
  const [[name, first] = ["", 0], ...others] = Object.entries(services);
  const isOwned = schemas.some((path) => path.split("/").some((part) => part.split(".", 1)[0] === name));
  const range = USUAL.find(({ usual }) => usual === first);
  return others.length > 0 || schemas.length === 0 || isOwned || range === undefined ? { services } : { range: range.name };
}

/** The number of a file as its name has it: `00100`. */
export function fileNumber(first: number): string {
  return String(first).padStart(5, "0");
}

/** A service, with the number that the project names for it, and the one that it has else. */
interface Named {
  name: string;
  first?: number | undefined;
  usual: number;
}

function ofWorkspace({ name, first, language }: KodoWorkspace): Named {
  const service = serviceName(name);
  return { name: service, first, usual: service === SHARED ? SHARED_RANGE : RANGES[language ?? "npm"] };
}

function ofPart({ folder, ecosystems }: Part): Named {
  return { name: serviceName(folder), usual: RANGES[ecosystems[0] ?? "npm"] };
}

/** What a service is called after its folder, in the names of files: `services/node-service` is `node`. */
function serviceName(folder: string): string {
  const name = folder.split("/").at(-1) ?? "";
  return name.replace(/[-_](service|svc)$/, "").replace(/[^A-Za-z0-9_-]/g, "");
}
