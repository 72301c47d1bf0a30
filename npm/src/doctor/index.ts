// What is wrong with a set-up. In: a project's folder. Out: what each check says. One table; a check is one small
// function. Writes nothing.

import * as project from "./project.js";
import { gather, type Setup } from "./setup.js";
import * as surroundings from "./surroundings.js";
import type { Verdict } from "./verdict.js";

/** What a check says, with its name. */
export interface Finding extends Verdict {
  check: string;
}

/** Every check, in the order in which one would look. None says anything where it does not apply. */
export const CHECKS: Record<string, (setup: Setup) => Verdict | undefined | Promise<Verdict | undefined>> = {
  node: project.nodeVersion,
  schemagen: surroundings.oneVersion,
  configuration: project.configuration,
  files: project.files,
  schema: project.schema,
  outputs: project.outputs,
  "outputs by hand": project.outputsByHand,
  "outputs fresh": project.outputsFresh,
  manifest: project.manifest,
  git: surroundings.gitIgnores,
  zod: surroundings.zodVersion,
  tsconfig: surroundings.tsconfig,
  prettier: surroundings.formatter("prettier", ["--check"], (paths) => `add to .prettierignore: ${paths.join(" ")}`),
  eslint: surroundings.formatter("eslint", ["--no-warn-ignored"], (paths) => `add to the ESLint configuration: { ignores: ${JSON.stringify(paths)} }`),
  biome: surroundings.formatter("biome", ["check", "--no-errors-on-unmatched"], (paths) => `add to files.includes in biome.json: ${paths.map((path) => `"!${path}"`).join(", ")}`),
  editor: surroundings.editor,
  "vite plugin": surroundings.vitePlugin,
  ci: surroundings.ci,
  verify: surroundings.verifyPackages,
};

/** Examines the project of `cwd`. */
export async function examine(cwd: string, options: { config?: string | undefined; node?: string } = {}): Promise<Finding[]> {
  const setup = await gather(cwd, options);
  const findings: Finding[] = [];
  for (const [check, run] of Object.entries(CHECKS)) {
    const verdict = await run(setup);
    if (verdict !== undefined) findings.push({ check, ...verdict });
  }
  return findings;
}
