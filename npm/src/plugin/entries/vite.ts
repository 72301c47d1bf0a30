// `schemagen/vite`: the plugin for Vite.

import type { Plugin } from "vite" with { "resolution-mode": "import" };
import { plugin } from "../index.js";
import type { PluginOptions } from "../options.js";

export type { PluginOptions };

/** The plugin for Vite. */
const schemagen: (options?: PluginOptions) => Plugin = plugin.vite;
export default schemagen;
