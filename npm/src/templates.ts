// Targets of the user's own templates: a folder with `target.json` and `*.jinja`. In: the folder that an output names. Out:
// its files, and the request that the compiler takes. Renders nothing: the compiler does, from the texts.

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileError, UserError } from "./errors.js";
import { displayPath } from "./inputs.js";
import type { TargetRequest } from "./types.js";

/** What the folder's templates are for: each with what it is rendered for, and where its files lie. */
const MANIFEST = "target.json";

/** Whether an output names a folder of templates instead of a target. */
export function isTemplates({ target }: TargetRequest): boolean {
  return /^\.{1,2}\//.test(target);
}

/** The folders of templates that outputs name, absolute. */
export function templateFolders(targets: TargetRequest[], root: string): string[] {
  return targets.filter(isTemplates).map(({ target }) => resolve(root, target));
}

/** Whether `path`, absolute, is or may become a file of the folder. */
export function isTemplateFile(path: string, folder: string): boolean {
  return path === join(folder, MANIFEST) || (path.startsWith(join(folder, "/")) && path.endsWith(".jinja"));
}

/** The templates of a folder, absolute, in a stable order; without a folder none. */
export function templatesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return names.filter((name) => name.endsWith(".jinja")).sort().map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** All files that a folder's outputs depend on, absolute. */
export function templateInputs(folder: string): string[] {
  return [join(folder, MANIFEST), ...templatesIn(folder)];
}

/** The request as the compiler takes it: with what the manifest says, and templates as their sources are named. */
export function resolved(request: TargetRequest, root: string, cwd: string): TargetRequest {
  if (!isTemplates(request)) return request;
  const folder = resolve(root, request.target);
  const manifest = readManifest(join(folder, MANIFEST), cwd);
  const files = manifest.map((entry) => ({ ...entry, template: displayPath(join(folder, entry.template), cwd) }));
  return { ...request, target: "template", options: { files } };
}

function readManifest(path: string, cwd: string): { template: string }[] {
  const shown = displayPath(path, cwd);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw fileError(error, "read", shown);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${shown} is no JSON: ${(error as Error).message}`);
  }
  const files = (value as { files?: unknown } | null)?.files;
  const isEntry = (entry: unknown) => ["template", "path"].every((key) => typeof (entry as Record<string, unknown> | null)?.[key] === "string");
  if (!Array.isArray(files) || files.length === 0 || !files.every(isEntry)) {
    throw new UserError(`${shown} does not say what its templates are for`, {
      help: 'say { "files": [{ "template": "table.md.jinja", "each": "table", "path": "{{ table.name }}.md" }] }',
    });
  }
  return files as { template: string }[];
}
