// `schemagen/esbuild`: the plugin for esbuild.

import type { Plugin } from "esbuild" with { "resolution-mode": "import" };
import { plugin } from "../index.js";
import type { PluginOptions } from "../options.js";

export type { PluginOptions };

/** The plugin for esbuild. */
const schemagen: (options?: PluginOptions) => Plugin = plugin.esbuild;
export default schemagen;
