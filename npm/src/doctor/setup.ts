// What `doctor` looks at. In: a project's folder. Out: all that its checks read, gathered once. What cannot be had is
// absent, with the reason. Writes nothing.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isVirtual } from "../config.js";
import { findConfig } from "../config-file.js";
import { type Detected, detect } from "../detect/index.js";
import { readTree } from "../detect/tree.js";
import { UserError } from "../errors.js";
import { type Compilation, openProject, type Project } from "../project.js";
import type { SourceFile } from "../types.js";
import { type Plan, type PlannedFile, plan } from "../write.js";

/** All that the checks read. */
export interface Setup {
  /** The folder that names of files are relative to. */
  cwd: string;
  /** The folder of the configuration; where there is none, the one that was asked about. */
  root: string;
  /** The version of Node.js that runs this. */
  node: string;
  /** This package's version, and the Node.js that it needs. */
  own: { version: string; node: string };
  detected: Detected;
  project: Project | undefined;
  sources: SourceFile[] | undefined;
  compilation: Compilation | undefined;
  /** What generating would do. */
  plan: Plan | undefined;
  /** Why the first of these that is absent is so. */
  problem: UserError | undefined;
}

/** Gathers it for the project of `cwd`. */
export async function gather(cwd: string, options: { config?: string | undefined; node?: string }): Promise<Setup> {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const setup: Setup = {
    cwd,
    root: cwd,
    node: options.node ?? process.versions.node,
    own: { version: manifest.version, node: manifest.engines.node },
    detected: detect(readTree(cwd)),
    project: undefined,
    sources: undefined,
    compilation: undefined,
    plan: undefined,
    problem: undefined,
  };
  try {
    if (options.config === undefined && findConfig(cwd) === undefined) {
      throw new UserError("there is no configuration here or in a folder above", { help: "write one with `schemagen init`" });
    }
    setup.project = await openProject({ cwd, config: options.config });
    setup.root = setup.project.root;
    if (setup.root !== cwd) setup.detected = detect(readTree(setup.root));
    setup.sources = (await setup.project.sources()).flatMap(({ files }) => files);
    setup.compilation = await setup.project.compile();
    if (setup.compilation.ok) setup.plan = plan(setup.root, setup.compilation.outputs, { tidy: true });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    setup.problem = error;
  }
  return setup;
}

/** The files that generating would make; none that it would remove, and no virtual modules, which are nobody's to see. */
export function madeFiles({ plan: planned }: Setup): PlannedFile[] {
  return planned?.files.filter(({ change, path }) => change !== "remove" && !isVirtual({ target: "", out: path })) ?? [];
}

/** The version of a package that code in `folder` would import; none if it is not installed. */
export function installedVersion(name: string, folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const manifest = join(at, "node_modules", name, "package.json");
    if (existsSync(manifest)) return (JSON.parse(readFileSync(manifest, "utf8")) as { version?: string }).version;
    if (dirname(at) === at) return undefined;
  }
}

/** The folder of this package. */
export const OWN_FOLDER = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Some of many, for people. */
export function list(names: string[]): string {
  const shown = names.slice(0, 3).map((name) => `\`${name}\``).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
