// The bundler plugin, on unplugin. In: a project's configuration. Out: the plugin for every bundler that unplugin knows.
// Vite, Rollup and Rolldown take `hooks.ts` as it is, so that their builds need not load what unplugin does for others.

import { createUnplugin, type UnpluginInstance } from "unplugin";
import type { Compiler } from "webpack";
import { esbuildHooks } from "./esbuild.js";
import { hooks } from "./hooks.js";
import type { PluginOptions } from "./options.js";
import { Session, VIRTUAL_FILE } from "./session.js";
import { compileVirtual } from "./virtual.js";
import { webpackHooks } from "./webpack-like.js";

/** The plugin for every bundler that unplugin knows. */
export const plugin: UnpluginInstance<PluginOptions | undefined, false> = createUnplugin((options, { framework }) => {
  const name = "schemagen";
  const open = (root = process.cwd()): Session => new Session(root, options?.config);
  if (framework === "webpack" || framework === "rspack") {
    const load = { filter: { id: VIRTUAL_FILE }, handler: compileVirtual };
    const webpackLike = (compiler: unknown): void => webpackHooks(compiler as Compiler, open((compiler as Compiler).context));
    return { name, load, webpack: webpackLike, rspack: webpackLike };
  }
  if (framework === "esbuild") {
    return { name, esbuild: { setup: (build) => esbuildHooks(build, open(build.initialOptions.absWorkingDir)) } };
  }
  const { common, vite } = hooks(options, compileVirtual);
  return { ...common, vite };
});
