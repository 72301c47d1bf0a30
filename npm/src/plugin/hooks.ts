// The hooks of Vite, which are those of Rollup and Rolldown and more. In: a project's configuration. Out: a plugin that
// generates before a build, fails it on errors, resolves virtual modules, and keeps Vite's servers up to date. A build
// loads nothing for servers.

import type { Plugin } from "vite" with { "resolution-mode": "import" };
import type { Served } from "./dev-server.js";
import type { PluginOptions } from "./options.js";
import { Session, VIRTUAL_FILE, VIRTUAL_ID } from "./session.js";

/** What a build can be told. */
interface Build {
  addWatchFile(path: string): void;
}

/** The hooks of every such bundler, and those of Vite alone; `load` gives the text of a virtual module's file as the bundler reads it. */
export function hooks(options: PluginOptions | undefined, load: (id: string) => Promise<string>) {
  const open = (root = process.cwd()): Session => new Session(root, options?.config);
  let session = open();
  let isServed = false;
  let servers: Promise<Served> | undefined;
  /** What ends the work for each server, by what its hooks are called with. */
  const ends = new Map<unknown, () => void>();
  const common = {
    name: "schemagen",
    enforce: "pre" as const,
    async buildStart(this: Build) {
      if (isServed) return;
      const problem = await session.generate();
      const { files, folders } = session.inputs();
      for (const path of [...files, ...folders]) this.addWatchFile(path);
      if (problem !== undefined) throw problem;
    },
    // Bundlers that know no filters ask for every module.
    resolveId: { filter: { id: VIRTUAL_ID }, handler: (id: string) => (VIRTUAL_ID.test(id) ? session.resolve(id) : null) },
    load: { filter: { id: VIRTUAL_FILE }, handler: (id: string) => (VIRTUAL_FILE.test(id) ? load(id) : null) },
  };
  const vite: Pick<Plugin, "configResolved" | "configureServer" | "buildEnd"> = {
    configResolved({ root, command }) {
      if (root !== session.cwd) session = open(root);
      isServed = command === "serve";
    },
    async configureServer(server) {
      servers ??= import("./dev-server.js").then(({ Served }) => new Served());
      const served = await servers;
      ends.set(server.environments?.client, () => served.leave(server));
      await served.join(server, session);
    },
    buildEnd() {
      ends.get(this.environment)?.();
    },
  };
  return { common, vite };
}
