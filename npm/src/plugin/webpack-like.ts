// webpack and Rspack, which share their hooks. In: a compiler. Out: a project that is generated before each compilation;
// errors are the compilation's, so that builds fail by them and development servers show them.

import type { Compiler } from "webpack";
import { type Session, VIRTUAL_ID } from "./session.js";

const NAME = "schemagen";

/** Adds the hooks to a compiler. */
export function webpackHooks(compiler: Compiler, session: Session): void {
  let problem: Error | undefined;
  // Entries are read in parallel to `make`, so it would be too late to generate then.
  compiler.hooks.beforeCompile.tapPromise(NAME, async () => {
    problem = await session.generate();
  });
  compiler.hooks.thisCompilation.tap(NAME, (compilation) => {
    const { files, folders } = session.inputs();
    for (const file of files) compilation.fileDependencies.add(file);
    for (const folder of folders) compilation.contextDependencies.add(folder);
    if (problem !== undefined) compilation.errors.push(problem as (typeof compilation.errors)[number]);
  });
  // webpack takes `virtual:` for the scheme of a URL before any resolver is asked.
  const { NormalModuleReplacementPlugin } = compiler.webpack;
  new NormalModuleReplacementPlugin(VIRTUAL_ID, (resource) => {
    resource.request = session.resolve(resource.request);
  }).apply(compiler);
}
