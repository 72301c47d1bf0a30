// esbuild. In: a build. Out: a project that is generated before it, virtual modules, and the files that a rebuild in watch
// mode depends on.

import type { PluginBuild } from "esbuild";
import { type Session, VIRTUAL_ID } from "./session.js";

/** Adds the hooks to a build. */
export function esbuildHooks(build: PluginBuild, session: Session): void {
  build.onStart(async () => {
    const problem = await session.generate();
    return problem && { errors: [{ text: problem.message }] };
  });
  build.onResolve({ filter: VIRTUAL_ID }, ({ path }) => ({ path: session.resolve(path) }));
  // esbuild watches what the plugins that resolved a module name; every entry depends on the schema.
  build.onResolve({ filter: /./ }, ({ kind }) => {
    if (kind !== "entry-point") return undefined;
    const { files, folders } = session.inputs();
    return { watchFiles: files, watchDirs: folders };
  });
}
