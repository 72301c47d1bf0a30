// Checks of the project itself: configuration, schema files, outputs and what is known of them. In: a set-up. Out: a
// verdict, or none where the check does not apply.

import { satisfies } from "semver";
import { MANIFEST, readManifest } from "../manifest.js";
import { record } from "../record.js";
import { hash, isOurs } from "../write.js";
import { list, type Setup } from "./setup.js";
import { error, ok, type Verdict, warn } from "./verdict.js";

/** Node.js is one that this package runs on. */
export function nodeVersion({ node, own }: Setup): Verdict {
  return satisfies(node, own.node)
    ? ok(`Node.js ${node}`)
    : error(`Node.js ${node} is not one of ${own.node}`, "install a newer Node.js");
}

/** There is a configuration, and it is valid. */
export function configuration({ project, problem }: Setup): Verdict {
  if (project !== undefined) return ok(`${project.schemas.length} ${project.schemas.length === 1 ? "schema" : "schemas"}`);
  return error(problem?.message ?? "it cannot be read", problem?.help ?? "`schemagen json-schema --config` says what it may hold");
}

/** The files that the configuration names are there. */
export function files({ project, sources, problem }: Setup): Verdict | undefined {
  if (project === undefined) return undefined;
  if (sources === undefined) return error(problem?.message ?? "they cannot be read", problem?.help ?? "correct `files` in the configuration");
  return ok(`${sources.length} ${sources.length === 1 ? "file" : "files"}`);
}

/** The schema has no errors. */
export function schema({ sources, compilation, problem }: Setup): Verdict | undefined {
  if (sources === undefined) return undefined;
  if (compilation === undefined) return error(problem?.message ?? "it cannot be compiled", problem?.help ?? "see `schemagen check`");
  const said = compilation.diagnostics.filter(({ code }) => !OF_OUTPUTS.includes(code));
  const [errors, warnings] = ["error", "warning"].map((level) => said.filter(({ severity }) => severity === level).length);
  if (errors) return error(`errors: ${errors}`, "see them with `schemagen generate`");
  return warnings ? warn(`warnings: ${warnings}`, "see them with `schemagen check`") : ok("no errors, no warnings");
}

/** Nothing is to be written outside of the project, or over a file of the user's. */
export function outputs(setup: Setup): Verdict | undefined {
  const { plan, compilation } = setup;
  const outside = compilation?.diagnostics.find(({ code }) => OF_OUTPUTS.includes(code));
  if (outside !== undefined) return error(outside.message, outside.help ?? "change `out` in the configuration");
  if (plan === undefined) return undefined;
  const [refusal] = plan.refusals;
  if (refusal !== undefined) return error(`\`${refusal.path}\` cannot be written: ${refusal.reason}`, "move the file away, or change `out` in the configuration");
  const count = plan.files.filter(({ change }) => change !== "remove").length;
  return count === 0 ? warn("there are none", "add one to `outputs` in the configuration") : ok(`${count} ${count === 1 ? "file" : "files"}`);
}

/** No generated file was changed since it was written. */
export function outputsByHand(setup: Setup): Verdict | undefined {
  if (setup.plan === undefined) return undefined;
  const edited = editedOutputs(setup);
  return edited.length === 0
    ? ok("none was changed by hand")
    : warn(`${list(edited)} was changed by hand`, "move the change to the schema: `schemagen generate` undoes it");
}

/** The generated files are what the schema says. */
export function outputsFresh(setup: Setup): Verdict | undefined {
  if (setup.plan === undefined) return undefined;
  const edited = editedOutputs(setup);
  const stale = setup.plan.files.filter(({ change, path }) => change !== "unchanged" && !edited.includes(path)).map(({ path }) => path);
  return stale.length === 0 ? ok("all are what the schema says") : warn(`${list(stale)} is not what the schema says`, "run `schemagen generate`");
}

/** What was written is known, so that it can be removed when it is no output any more. */
export function manifest({ detected }: Setup): Verdict | undefined {
  const text = detected.tree.read(MANIFEST);
  if (text === undefined) return undefined;
  return isManifest(text)
    ? ok("can be read")
    : warn(`\`${MANIFEST}\` cannot be read`, "remove it: the next `schemagen generate` writes it anew");
}

/** Codes that concern where files are written, not what the schema says. */
const OF_OUTPUTS = ["path-outside", "path-collision"];

/** The outputs that carry our header and are not as they were written. */
function editedOutputs({ plan, root }: Setup): string[] {
  const written = readManifest(root).files;
  const changed = plan?.files.filter(({ path, before }) => {
    const known = Object.hasOwn(written, path) ? written[path]?.hash : undefined;
    return before !== undefined && isOurs(before) && known !== undefined && known !== hash(before);
  });
  return changed?.map(({ path }) => path) ?? [];
}

function isManifest(text: string): boolean {
  try {
    return record(JSON.parse(text)).files !== undefined;
  } catch {
    return false;
  }
}
