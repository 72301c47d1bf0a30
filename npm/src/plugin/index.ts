// The bundler plugin, on unplugin. In: a project's configuration. Out: hooks that generate before a build, fail it on
// errors, and resolve virtual modules.

import { createUnplugin, type UnpluginInstance } from "unplugin";
import type { Compiler } from "webpack";
import { serve } from "./dev-server.js";
import { esbuildHooks } from "./esbuild.js";
import type { PluginOptions } from "./options.js";
import { Session, VIRTUAL_FILE, VIRTUAL_ID } from "./session.js";
import { webpackHooks } from "./webpack-like.js";

/** The plugin for every bundler that unplugin knows. */
export const plugin: UnpluginInstance<PluginOptions | undefined, false> = createUnplugin((options, { framework }) => {
  const name = "schemagen";
  const open = (root = process.cwd()): Session => new Session(root, options?.config);
  const load = {
    filter: { id: VIRTUAL_FILE },
    handler: async (id: string) => (await import("./virtual.js")).loadVirtual(id),
  };
  const webpackLike = (compiler: unknown): void => webpackHooks(compiler as Compiler, open((compiler as Compiler).context));
  if (framework === "webpack" || framework === "rspack") return { name, load, webpack: webpackLike, rspack: webpackLike };
  if (framework === "esbuild") {
    return { name, esbuild: { setup: (build) => esbuildHooks(build, open(build.initialOptions.absWorkingDir)) } };
  }

  let session = open();
  let isServed = false;
  /** What ends the work for each server: a framework may start one more, to look around in, with the same plugin. */
  const stops = new Map<unknown, AbortController>();
  return {
    name,
    enforce: "pre",
    async buildStart() {
      if (isServed) return;
      const problem = await session.generate();
      const { files, folders } = session.inputs();
      for (const path of [...files, ...folders]) this.addWatchFile(path);
      if (problem !== undefined) throw problem;
    },
    resolveId: { filter: { id: VIRTUAL_ID }, handler: (id) => session.resolve(id) },
    load,
    vite: {
      configResolved({ root, command }) {
        session = open(root);
        isServed = command === "serve";
      },
      async configureServer(server) {
        const stop = new AbortController();
        stops.set(server.environments?.client, stop);
        await serve(server, session, stop.signal);
      },
      buildEnd() {
        stops.get(this.environment)?.abort();
      },
    },
  };
});
