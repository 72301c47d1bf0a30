// The services that share a database, each with the range of numbers that its SQL takes. In: what a project is made of.
// Out: services by name, as the target `sql` takes them. The ranges are those that hybrid set-ups of Supabase use: 100 for
// Node.js, 200 for Python, 300 for Rust, 400 for what services share.

import type { Detected } from "./index.js";
import type { KodoWorkspace } from "./kodo.js";
import type { Ecosystem, Part } from "./parts.js";
import { DIRECT } from "./tools.js";

/** The number of the first file of each service. */
export type Services = Record<string, number>;

/** Whose objects need those of several services. */
export const SHARED = "shared";

const USUAL: Services = { node: 100, python: 200, rust: 300 };
const RANGES: Record<Ecosystem, number> = { npm: 100, python: 200, rust: 300 };
const SHARED_RANGE = 400;
const RANGE = 100;
/** The first range that is nobody's. */
const FREE_RANGE = 500;

/** The services of a project; the usual three where it has none yet. */
export function servicesOf({ workspaces, parts, found }: Detected): Services {
  const speaksToDatabase = ({ folder }: Part): boolean => found.some((tool) => tool.folder === folder && DIRECT.includes(tool.name));
  const isService = (part: Part): boolean => part.folder.startsWith("services/") || (part.folder !== "" && speaksToDatabase(part));
  const named = workspaces.length > 0 ? workspaces.map(ofWorkspace) : parts.filter(isService).map(ofPart);
  const services = new Map<string, number>();
  const isFree = (first: number): boolean => ![SHARED_RANGE, ...services.values()].some((taken) => Math.abs(taken - first) < 10);
  for (const { name, first } of named.filter(({ name }) => name !== "" && name !== SHARED)) {
    let free = first;
    while (!isFree(free)) free = Math.max(free + RANGE, FREE_RANGE);
    if (!services.has(name)) services.set(name, free);
  }
  if (services.size === 0) for (const [name, first] of Object.entries(USUAL)) services.set(name, first);
  if (services.size > 1) services.set(SHARED, SHARED_RANGE);
  return Object.fromEntries([...services].sort(([, a], [, b]) => a - b));
}

/** The number of a file as its name has it: `00100`. */
export function fileNumber(first: number): string {
  return String(first).padStart(5, "0");
}

function ofWorkspace({ name, first, language }: KodoWorkspace): { name: string; first: number } {
  return { name: serviceName(name), first: first ?? RANGES[language ?? "npm"] };
}

function ofPart({ folder, ecosystems }: Part): { name: string; first: number } {
  return { name: serviceName(folder), first: RANGES[ecosystems[0] ?? "npm"] };
}

/** What a service is called after its folder, in the names of files: `services/node-service` is `node`. */
function serviceName(folder: string): string {
  const name = folder.split("/").at(-1) ?? "";
  return name.replace(/[-_](service|svc)$/, "").replace(/[^A-Za-z0-9_-]/g, "");
}
