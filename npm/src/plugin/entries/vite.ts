// `schemagen/vite`: the plugin for Vite.

import type { Plugin } from "vite" with { "resolution-mode": "import" };
import { hooks } from "../hooks.js";
import type { PluginOptions } from "../options.js";
import { readVirtual } from "../virtual.js";

export type { PluginOptions };

/** The plugin for Vite. */
const schemagen: (options?: PluginOptions) => Plugin = (options) => {
  const { common, vite } = hooks(options, readVirtual);
  return { ...common, ...vite };
};
export default schemagen;
